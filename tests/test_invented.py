"""The invented corpus: what it holds, and that late interaction finds more in it than fusion does."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.build import build
from index.corpus import read_corpus
from index.domain import Corpus, Document
from index.encoder import SentenceTransformersEncoder
from index.evaluation.domain import Question
from index.evaluation.figures import Evaluation
from index.evaluation.question_set import check_quotes, of_split, read_question_set
from index.ranking import Way
from index.searcher import Searcher
from server.commands.evaluation_runs import run_one, run_ways
from tests.conftest import ROOT, ToyEncoder, silent

INVENTED = ROOT / "tests" / "data" / "invented"
THREE = ("almeric-line-4", "brasca-wreck", "port-velmora")
TWENTY = 20
SAMPLE = 120
AS_GOOD = 0.02
WORDS, CHARACTERS = 61_038, 348_856


def document_of(question: Question) -> str:
    return question.id.rsplit("-", 2)[0]


def about(questions: tuple[Question, ...], documents: tuple[str, ...]) -> tuple[Question, ...]:
    return tuple(q for q in questions if document_of(q) in documents)


def only(documents: tuple[str, ...], folder: Path) -> Path:
    folder.mkdir()
    for name in documents:
        shutil.copyfile(INVENTED / f"{name}.md", folder / f"{name}.md")
    return folder


def success_at_1(evaluation: Evaluation) -> float:
    return evaluation.groups["overall"][0].measures["Success@1"].value


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(INVENTED)


@pytest.fixture(scope="module")
def articles(corpus: Corpus) -> dict[str, Document]:
    return {d.id: d for d in corpus.documents if d.kind == "article"}


@pytest.fixture(scope="module")
def questions() -> tuple[Question, ...]:
    return read_question_set(INVENTED / "questions.jsonl")


@pytest.fixture(scope="module")
def twenty(questions: tuple[Question, ...]) -> tuple[str, ...]:
    return tuple(sorted({document_of(q) for q in of_split(questions, "dev")})[:TWENTY])


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """Beside other work, several threads wait for each other longer than one takes."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def real_searcher(
    twenty: tuple[str, ...],
    tmp_path_factory: pytest.TempPathFactory,
    real_encoder: SentenceTransformersEncoder,
    one_thread: None,
) -> Iterator[Searcher]:
    folder = tmp_path_factory.mktemp("invented")
    build(only(twenty, folder / "corpus"), folder / "index", real_encoder, progress=silent)
    searcher = Searcher.open(folder / "index", real_encoder)
    yield searcher
    searcher.close()


def test_corpus_is_88_documents_of_five_passages(corpus: Corpus, articles: dict[str, Document]) -> None:
    """A document has five passages, a title and nothing else; where there are sections, each passage has its own."""
    sections = [tuple(p.section for p in d.paragraphs) for d in articles.values()]

    assert len(articles) == 88
    assert not corpus.references
    assert all(meta.keys() == {"title"} for meta in corpus.articles.values())
    assert all(len(d.paragraphs) == 5 and not d.notes for d in articles.values())
    assert Counter(len(set(s)) for s in sections) == {1: 44, 5: 44}


def test_texts_are_those_that_were_written(articles: dict[str, Document]) -> None:
    """The passages hold as many words and characters as their sentences did, and no Markdown took one away."""
    passages = [d.text[p.start : p.end] for d in articles.values() for p in d.paragraphs]

    assert sum(len(text.split()) for text in passages) == WORDS
    assert sum(map(len, passages)) == CHARACTERS
    assert "a venous ulcer of at least 3 cm² that had not closed" in articles["lantern-trial"].text
    assert 'Nature may move water," its foreign minister, Lenka Ostrau,' in articles["ossel-boundary"].text


def test_each_quote_stands_once(
    corpus: Corpus, articles: dict[str, Document], questions: tuple[Question, ...]
) -> None:  # fmt: skip
    """Gold is whole sentences of the passage that the question was asked of, word for word, and stands nowhere else."""
    check_quotes(questions, corpus.documents)
    everything = "\n\n".join(d.text for d in articles.values())
    asked_of = [(articles[document_of(q)], int(q.id.rsplit("-", 2)[1]), gold.quote) for q in questions for gold in q.answers]
    passages = [(d.text[d.paragraphs[n - 1].start : d.paragraphs[n - 1].end], quote) for d, n, quote in asked_of]

    assert all(quote in passage for passage, quote in passages)
    assert all(everything.count(quote) == 1 for _, quote in passages)


def test_splits_share_no_document(articles: dict[str, Document], questions: tuple[Question, ...]) -> None:
    """Half of the documents are dev and half are test, so nothing that is fitted on one has seen the other's."""
    dev, test = ({document_of(q) for q in of_split(questions, split)} for split in ("dev", "test"))

    assert len(dev) == len(test) == 44
    assert dev | test == articles.keys()


def test_questions_are_of_five_kinds(questions: tuple[Question, ...]) -> None:
    """The page about the data counts the questions right, and those without an answer are the near misses."""
    page = (ROOT / "tests" / "data" / "README.md").read_text(encoding="utf-8")
    kinds = Counter(q.kind for q in questions)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("| ")][1:]

    assert {kind: int(kept) for kind, _, kept in rows} == kinds
    assert {q.origin for q in questions} == {"invented"}
    assert all((q.kind == "near_miss") == (q.answerable == "no") for q in questions)


def test_three_documents_are_a_corpus(tmp_path: Path, questions: tuple[Question, ...]) -> None:
    """Several articles are indexed side by side, and a question finds its document among them."""
    built = build(only(THREE, tmp_path / "corpus"), tmp_path / "index", ToyEncoder(), progress=silent)
    searcher = Searcher.open(tmp_path / "index", ToyEncoder())
    answer = searcher.ask("Which octopus fisherman told nobody but his parish priest?")
    evaluation = run_one(searcher, about(questions, THREE)[::5], progress=silent)
    searcher.close()
    found = (answer.passages or answer.nearest)[0]

    assert (built.questions, built.changed) == (0, True)
    assert built.passages >= 3 * (5 + 1)
    assert found.document.id == "brasca-wreck"
    assert success_at_1(evaluation) > 0.5


@pytest.mark.real
def test_late_interaction_finds_no_less_than_fusion(
    real_searcher: Searcher, twenty: tuple[str, ...], questions: tuple[Question, ...]
) -> None:  # fmt: skip
    """On texts without a question index, late interaction puts the right passage first at least as often as fusion."""
    answerable = [q for q in about(questions, twenty) if q.answerable == "yes"]
    asked = tuple(answerable[at * len(answerable) // SAMPLE] for at in range(SAMPLE))
    ways: tuple[Way, ...] = ("fused", "late")
    fused, late = run_ways(real_searcher, asked, ways, progress=silent).evaluations

    assert len({q.id for q in asked}) == SAMPLE
    assert success_at_1(late) >= success_at_1(fused) - AS_GOOD
