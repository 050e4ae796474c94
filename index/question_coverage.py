"""Tell which sentences of the article no question of the question index reaches.

Sentences are whole here, also where an encoder would read them in pieces, so that no encoder is needed.
"""

from dataclasses import dataclass
from pathlib import Path

from index.domain import Corpus, Role
from index.errors import CorpusError
from index.passages import cut_all_whole
from index.questions import read_question_index

_OF_THE_ARTICLE = ("body", "abstract", "metadata")


@dataclass(frozen=True, slots=True)
class UnreachedSentence:
    """A sentence that no answered question leads to, with its place."""

    document: str
    paragraph: int
    role: Role
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many sentences of the article there are, how many are reached, and those that are not."""

    sentences: int
    reached: int
    share: float
    unreached: tuple[UnreachedSentence, ...]


def cover(path: Path, corpus: Corpus) -> Coverage:
    """Return the coverage of body, abstract and front matter by answered questions; a gap reaches nothing.

    Raises CorpusError where there is no question index or it is malformed.
    """
    if not path.is_file():
        raise CorpusError(f"{path}: there is no such file; a question index is one JSON object a line.")
    texts = cut_all_whole(corpus.documents)
    questions = read_question_index(path, texts)
    reached = {row for question in questions if not question.is_gap for row in question.sentences}
    rows = enumerate((cut.document, p, s) for cut in texts for p in cut.passages for s in p.sentences)
    article = [(row, document, p, s) for row, (document, p, s) in rows if p.role in _OF_THE_ARTICLE]
    unreached = tuple(
        UnreachedSentence(document.id, p.paragraph, p.role, s.start, s.end, document.text[s.start : s.end])
        for row, document, p, s in article
        if row not in reached
    )
    count = len(article) - len(unreached)
    return Coverage(len(article), count, round(count / len(article), 4), unreached)
