"""A corpus goes through a build a document at a time, and never lies in memory whole."""

import gc
import itertools
import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from index.build import build
from index.domain import Document, Passage
from index.generations import current
from index.lexical import words
from index.opened import OpenedIndex
from index.questions import Entry, IndexedQuestion
from index.stored import Stored
from index.streams import Each, JsonLines
from index.texts import EncodedText
from tests.conftest import ToyEncoder

ARTICLES = 20
PARAGRAPHS = 5
ENTRY = '{"question": "Who counts %d?", "kind": "fact", "answers": [{"quote": "Lighthouse %d.%d counts the ships"}]}\n'


@pytest.fixture
def large_corpus(toy_corpus: Path, tmp_path: Path) -> Path:
    """Return a corpus of many articles and some questions about each."""
    folder = shutil.copytree(toy_corpus, tmp_path / "large")
    for article in range(ARTICLES):
        paragraphs = (f"Lighthouse {article}.{n} counts the ships. Then it counts them again." for n in range(PARAGRAPHS))
        text = "\n\n".join(paragraphs)
        (folder / f"d{article:02}.md").write_text(f"---\ntitle: Report {article}\n---\n\n{text}\n", encoding="utf-8")
    entry = {"printed": "A. Reed, Towers.", "csl": {"type": "book", "title": "Towers"}, "annotation": "It counts towers."}
    listing = [entry | {"number": number} for number in range(1, ARTICLES + 1)]
    (folder / "d00.references.json").write_text(json.dumps(listing), encoding="utf-8")
    with (folder / "question_index.jsonl").open("a", encoding="utf-8") as file:
        file.writelines(ENTRY % (n, n % ARTICLES, n % PARAGRAPHS) for n in range(4 * ARTICLES))
    return folder


def alive() -> Counter[type]:
    return Counter(type(thing) for thing in gc.get_objects())


def test_a_build_holds_one_document_at_a_time(
    large_corpus: Path, tmp_path: Path, toy_encoder: ToyEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a build is at, no more than a document with its passages and some questions are there at once."""
    monkeypatch.setattr("index.questions._AT_A_TIME", 10)
    monkeypatch.setattr("index.encoded_texts._WINDOW", 500)
    gc.collect()
    before, most = alive(), Counter[type]()
    looks = itertools.count()

    def look(*step: object) -> None:
        if next(looks) % 5 == 0:
            for kind, count in (alive() - before).items():
                most[kind] = max(most[kind], count)

    count_tokens = ToyEncoder.count_tokens
    monkeypatch.setattr(ToyEncoder, "count_tokens", lambda self, text: (look(), count_tokens(self, text))[1])
    monkeypatch.setattr("index.lexical.words", lambda text: (look(), words(text))[1])
    built = build(large_corpus, tmp_path / "index", toy_encoder, progress=look)

    assert built.passages > ARTICLES * PARAGRAPHS
    assert built.questions > 4 * ARTICLES
    assert 1 <= most[Document] <= 4
    assert most[Passage] <= 60
    assert most[Entry] <= 10
    assert most[EncodedText] <= 60
    assert most[IndexedQuestion] <= 2


def test_questions_are_resolved_alike_however_many_at_a_time(
    large_corpus: Path, tmp_path: Path, toy_encoder: ToyEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of sentences do not depend on how many questions are read together."""
    found = []
    for count in (10_000, 7):
        monkeypatch.setattr("index.questions._AT_A_TIME", count)
        build(large_corpus, tmp_path / str(count), toy_encoder, progress=lambda *step: None)
        found.append(tuple(Stored(current(tmp_path / str(count))).questions))
    index = OpenedIndex.open(tmp_path / "7")
    index.close()
    texts = [index.documents[p.document].text[s.start : s.end] for p in index.passages for s in p.sentences]

    assert found[0] == found[1] == index.questions
    assert [texts[row] for row in found[1][-1].sentences] == [f"Lighthouse {ARTICLES - 1}.{PARAGRAPHS - 1} counts the ships."]


def test_lines_are_read_as_they_were_written(tmp_path: Path) -> None:
    """Values come back in their order, as often as wanted, whatever characters they hold; none is fine."""
    questions = [IndexedQuestion("One\n\u2028two\x85?", "gap", ()), IndexedQuestion("“Drei”?", "fact", (1, 2))]
    lines, none = JsonLines(tmp_path / "some", IndexedQuestion), JsonLines(tmp_path / "none", IndexedQuestion)
    lines.write(iter(questions))
    none.write([])

    assert list(lines) == list(lines) == questions
    assert not list(none)


def test_what_is_made_of_each_is_made_anew() -> None:
    """Each going through makes everything again."""
    numbers = Each([1, 2, 3], lambda n: [n] * n)

    assert list(numbers) == list(numbers) == [1, 2, 2, 3, 3, 3]
