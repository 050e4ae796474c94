import errno
import json
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from index.corpus import read_corpus
from server.cli import main
from tests.conftest import ROOT
from tests.fetching.pages import Web, page, source_of

Run = Callable[..., tuple[int, str, str]]
NO_ADDRESS = {13, 17}


class PlayedFetcher(Web):
    """Stands in for what goes to the network."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a copy of our corpus without any source."""
    folder = tmp_path / "corpus"
    shutil.copytree(ROOT / "corpus", folder, ignore=shutil.ignore_patterns("sources"))
    return folder


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], corpus: Path) -> Run:
    """Return a function that runs `footnote fetch` on the corpus and returns exit code, output and errors."""

    def run_command(*arguments: str, web: PlayedFetcher | None = None) -> tuple[int, str, str]:
        if web is not None:
            monkeypatch.setattr("index.fetching.client.Fetcher", lambda: web)
        monkeypatch.setattr(sys, "argv", ["footnote", "fetch", "--corpus", str(corpus), *arguments])
        with pytest.raises(SystemExit) as exit:
            main()
        return exit.value.code or 0, *capsys.readouterr()

    return run_command


def offline_lines(corpus: Path) -> list[str]:
    """Return what is printed where there is no network."""
    numbers = [r.number for r in read_corpus(corpus).references]
    lines = [f"{n:>2}  not obtained: {'no address' if n in NO_ADDRESS else 'no network'}" for n in numbers]
    return [*lines, "0 of 29 obtained."]


def test_offline_each_source_has_its_line(run: Run, corpus: Path) -> None:
    """Without network the ledger is printed, a line for each reference, and the exit code is 0."""
    code, out, _ = run(web=PlayedFetcher(otherwise="no network"))

    assert (code, out.splitlines()) == (0, offline_lines(corpus))


def test_offline_the_real_fetcher_says_the_same(run: Run, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no name can be looked up, the fetcher that goes to the network finds that there is none."""

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    def unreachable(*_: object) -> None:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.setattr(socket.socket, "connect", unreachable)
    code, out, _ = run()

    assert (code, out.splitlines()) == (0, offline_lines(corpus))


def test_what_came_is_counted_and_to_be_built(run: Run, corpus: Path) -> None:
    """A held source is printed with its words and its host, and the way to take it up is named."""
    cited = next(r for r in read_corpus(corpus).references if r.number == 12)
    code, out, _ = run("--only", "3, 12", web=PlayedFetcher({str(cited.url): source_of(cited)}))
    words = len(read_corpus(corpus).document("source-12").text.split())

    assert code == 0
    assert out.splitlines() == [
        " 3  not obtained: HTTP 404",
        f"12  held {words:>10,} words  www.rferl.org",
        "1 of 2 obtained.",
        "Run 'footnote build' to take them up.",
    ]


def test_nothing_new_is_nothing_to_build(run: Run, corpus: Path) -> None:
    """Where all that was wanted is held, nothing is asked and nothing is to be done."""
    cited = next(r for r in read_corpus(corpus).references if r.number == 12)
    run("--only", "12", web=PlayedFetcher({str(cited.url): source_of(cited)}))
    web = PlayedFetcher(otherwise="no network")
    code, out, _ = run("--only", "12", web=web)
    _, refreshed, _ = run("--only", "12", "--refresh", web=web)

    assert (code, len(web.asked)) == (0, 1)
    assert out.splitlines()[-1] == "1 of 1 obtained."
    assert refreshed.splitlines()[0].endswith("words  www.rferl.org (kept: no network)")


def test_json_says_the_same(run: Run) -> None:
    """The JSON holds a result, a reason and every try for each reference."""
    code, out, _ = run("--only", "12,13", "--json", web=PlayedFetcher())
    found = json.loads(out)

    assert (code, found["obtained"], found["total"], found["changed"]) == (0, 0, 2, False)
    assert [(s["number"], s["result"], s["reason"]) for s in found["sources"]] == [
        (12, "not_obtained", "HTTP 404"), (13, "not_obtained", "no address"),
    ]  # fmt: skip
    assert [t["repair"] for t in found["sources"][0]["tries"]] == [None, "the web archive's copy"]


def test_a_copy_by_hand_needs_no_network(run: Run, corpus: Path, tmp_path: Path) -> None:
    """`--from` takes a file for the reference that is named and asks nobody."""
    cited = next(r for r in read_corpus(corpus).references if r.number == 9)
    (tmp_path / "saved.html").write_bytes(source_of(cited).content)
    code, out, _ = run("--from", str(tmp_path / "saved.html"), "--only", "9")

    assert code == 0
    assert out.splitlines()[0].endswith("words  by hand")
    assert read_corpus(corpus).references[8].status == "held"


def test_a_copy_of_another_page_says_how_to_take_it(run: Run, tmp_path: Path) -> None:
    """A copy that is not the cited source is refused with what was seen and how to insist; `--trust` insists."""
    (tmp_path / "9.html").write_bytes(page("Fog silences the bell"))
    _, refused, _ = run("--from", str(tmp_path / "9.html"))
    code, trusted, _ = run("--from", str(tmp_path / "9.html"), "--trust")

    assert refused.splitlines() == [
        " 9  not obtained: the copy given: another page: its title is ‘Fog silences the bell’",
        "0 of 1 obtained.",
        "If a copy is the source all the same, give it again with --trust.",
    ]
    assert (code, trusted.splitlines()[-1]) == (0, "Run 'footnote build' to take them up.")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--only 77", "footnote: there is no reference 77; they are 1 to 29."),
        ("--only x", "footnote: --only is 'x': expected numbers of references, like 3,12."),
        ("--only 3,,4", "footnote: --only is '3,,4': expected numbers of references, like 3,12."),
        ("--only 3-5", "footnote: --only is '3-5': expected numbers of references, like 3,12."),
        (f"--only {'9' * 5000}", f"footnote: --only is '{'9' * 5000}': expected numbers of references, like 3,12."),
        ("--from nowhere.pdf", "footnote: nowhere.pdf: there is no such file or folder."),
        ("--trust", "footnote: --trust is for copies given with --from."),
        ("--refresh --from x", "footnote: --refresh asks the network, --from takes a copy: give one of them."),
        ("--corpus nowhere", "footnote: nowhere: there is no such folder; name a corpus folder with --corpus."),
    ],
)
def test_a_mistake_is_one_sentence(run: Run, arguments: str, said: str) -> None:
    """What cannot be done is told in one sentence with exit code 2, and nobody is asked."""
    web = PlayedFetcher()
    code, out, err = run(*arguments.split(), web=web)

    assert (code, out, err.strip().splitlines()[-1], web.asked) == (2, "", said, [])


def test_broken_off_exits_as_interrupted(run: Run) -> None:
    """Ctrl-C ends the command without a traceback."""

    class Interrupted(PlayedFetcher):
        def __enter__(self) -> Self:
            raise KeyboardInterrupt

    assert run(web=Interrupted())[0] == 130
