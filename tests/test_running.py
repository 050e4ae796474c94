"""Serving begins only where there is something to serve and a place to do it, and says where."""

import logging
import socket
from contextlib import ExitStack
from pathlib import Path

import pytest
import uvicorn

from index.errors import CorpusError, FootnoteError
from index.generations import building
from index.searcher import Searcher
from server.running import open_searcher, run
from server.settings import Settings
from tests.conftest import ARTICLE, ToyEncoder

ADDRESS = "http://127.0.0.1:8000/"


@pytest.fixture
def settings(toy_corpus: Path, built: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return settings for the toy corpus and its index on any free port."""
    for module in ("index.encoder", "server.running"):
        monkeypatch.setattr(f"{module}.open_encoder", lambda name: ToyEncoder())
    return Settings(corpus=toy_corpus, index=built, encoder="toy", port=0)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Let nothing be served, and return the list of the addresses where it would have been."""
    addresses: list[tuple[str, int]] = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda self, sockets: addresses.append(sockets[0].getsockname()[:2]))
    return addresses


def test_missing_corpus_is_not_served(settings: Settings, served: list[tuple[str, int]], tmp_path: Path) -> None:
    """Without a corpus folder nothing is served, even where the index of another one is at hand."""
    with pytest.raises(CorpusError, match="there is no such folder"):
        run(settings.model_copy(update={"corpus": tmp_path / "nowhere"}))

    assert not served


def test_malformed_corpus_needs_an_older_index(settings: Settings, served: list[tuple[str, int]], tmp_path: Path) -> None:
    """A malformed corpus is served only where an index was made before."""
    (settings.corpus / "article.md").write_text("no front matter", encoding="utf-8")
    with pytest.raises(CorpusError):
        run(settings.model_copy(update={"index": tmp_path / "none"}))
    before = len(served)
    run(settings)

    assert (before, len(served)) == (0, 1)


def test_busy_port_is_said(settings: Settings) -> None:
    """Where something else listens already, the sentence names the port."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(FootnoteError, match=rf"cannot listen on 127\.0\.0\.1, port {port}: [^(]+; choose another --host"):
            run(settings.model_copy(update={"port": port}))


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")])
def test_address_is_the_real_one(
    settings: Settings, served: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch, host: str, shown: str
) -> None:
    """Where port 0 takes a free port, the address that is told holds the port taken, as a browser wants it written."""
    told: list[str] = []
    monkeypatch.setattr("server.running.open_searcher", lambda settings, address: told.append(address))
    monkeypatch.setattr("server.running.create_app", lambda settings, open_searcher: open_searcher())
    run(settings.model_copy(update={"host": host}))

    assert served[0][0] == host
    assert served[0][1] > 0
    assert told == [f"http://{shown}:{served[0][1]}/"]


def test_first_question_finds_all_warm(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The address is told only after a whole question was answered, so that no reader waits for what loads on use."""
    asked: list[str] = []
    ask = Searcher.ask
    monkeypatch.setattr(Searcher, "ask", lambda self, question: (asked.append(question), ask(self, question))[1])
    with caplog.at_level(logging.INFO, "footnote"):
        open_searcher(settings, ADDRESS).close()

    assert len(asked) == 1
    assert caplog.messages[-1] == f"Footnote answers at {ADDRESS}"


def test_stale_index_is_built_again(settings: Settings) -> None:
    """A corpus that has changed is served as it is now."""
    (settings.corpus / "article.md").write_text(ARTICLE.replace("1 February 1844", "2 February 1844"), encoding="utf-8")
    searcher = open_searcher(settings, ADDRESS)
    searcher.close()

    assert "2 February 1844" in searcher.corpus.document("article").text


def test_build_of_another_is_waited_for(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another build holds the index folder, serving begins when it has ended."""
    waited: list[float] = []
    (settings.corpus / "article.md").write_text(ARTICLE.replace("granite", "basalt"), encoding="utf-8")
    with ExitStack() as other:
        other.enter_context(building(settings.index))

        def end_the_other(seconds: float) -> None:
            waited.append(seconds)
            other.close()

        monkeypatch.setattr("server.running.time.sleep", end_the_other)
        searcher = open_searcher(settings, ADDRESS)

    assert len(waited) == 1
    assert "basalt" in searcher.corpus.document("article").text
    searcher.close()


def test_older_index_answers_for_a_malformed_corpus(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    """Where the corpus has become malformed the sound older index is served, and the log says so and why."""
    (settings.corpus / "article.md").write_text("no front matter", encoding="utf-8")
    with caplog.at_level(logging.WARNING, "footnote"):
        searcher = open_searcher(settings, ADDRESS)
    searcher.close()

    assert "1838" in searcher.corpus.document("article").text
    assert "The corpus cannot be read: article.md:" in caplog.text
    assert "the older index" in caplog.text


def test_older_index_of_another_encoder_does_not_answer(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older index that was made with another encoder cannot be asked, and is not."""
    (settings.corpus / "article.md").write_text("no front matter", encoding="utf-8")
    monkeypatch.setattr(ToyEncoder, "name", "other")

    with pytest.raises(CorpusError):
        open_searcher(settings, ADDRESS)
