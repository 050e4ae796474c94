import json
import shutil
from pathlib import Path

import pytest

from index.corpus import read_corpus
from index.errors import FootnoteError
from index.fetching.gathering import fetch, take_copies
from index.fetching.limits import Limits
from tests.conftest import ROOT
from tests.fetching.pages import LAMP, LAMP_PAGE, Web, came, page, paragraphs, source_of
from tests.fetching.pdfs import pdf


def no_progress(what: str, done: int, total: int) -> None: ...


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return our corpus without any source."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name in ("article.md", "references.json"):
        shutil.copyfile(ROOT / "corpus" / name, folder / name)
    return folder


@pytest.fixture
def lamp(tmp_path: Path) -> Path:
    """Return a corpus of two articles that cite the lamp, the first with a second reference."""
    folder = tmp_path / "lamp"
    folder.mkdir()
    entry = {"number": 1, "printed": LAMP.printed, "csl": LAMP.csl}
    other = {"number": 2, "printed": "Anon., Ibid.", "csl": {"type": "book", "title": "A book of that name and no other"}}
    for name, entries in (("article", [entry, other]), ("second", [entry])):
        (folder / f"{name}.md").write_text(f"---\ntitle: {name}\n---\n\nA sentence.\n")
        listing = "references.json" if name == "article" else f"{name}.references.json"
        (folder / listing).write_text(json.dumps(entries))
    return folder


def played(corpus: Path) -> Web:
    """Return a web on which every source of the corpus that has an address stands in its shape."""
    references = [r for r in read_corpus(corpus).references if r.url]
    return Web({str(r.url): source_of(r) for r in references})


def test_the_sources_are_brought_and_read_back(corpus: Path) -> None:
    """Every source that stands at its address is held afterwards, word for word as it was extracted."""
    found = fetch(corpus, played(corpus), progress=no_progress)
    held = {s.number for s in found.sources if s.result == "held"}
    documents = {d.reference: d for d in read_corpus(corpus).documents if d.kind == "source"}

    assert (found.obtained, found.total, found.changed) == (26, 29, True)
    assert {s.number: s.reason for s in found.sources if s.result != "held"} == {
        5: "HTTP 404",
        13: "no address",
        17: "no address",
    }
    assert documents.keys() == held
    assert all("the two delegations spoke for hours about the harbour" in d.text for d in documents.values())


def test_offline_every_source_says_so_and_nothing_else_changes(corpus: Path) -> None:
    """Without network each source with an address reads `no network`, and only the ledger is written."""
    before = {p: p.read_bytes() for p in corpus.rglob("*") if p.is_file()}
    found = fetch(corpus, Web(otherwise="no network"), progress=no_progress)
    after = {p: p.read_bytes() for p in corpus.rglob("*") if p.is_file()}

    assert {s.number for s in found.sources if s.reason == "no network"} == {
        r.number for r in read_corpus(corpus).references
    } - {13, 17}
    assert not found.changed
    assert after.keys() - before.keys() == {corpus / "sources" / "ledger.json"}
    assert {p: after[p] for p in before} == before


def test_what_is_held_is_not_asked_for_again(lamp: Path) -> None:
    """A held source is asked for again only when it is to be refreshed."""
    web = Web({str(LAMP.url): came(LAMP_PAGE)})
    fetch(lamp, web, progress=no_progress)
    asked = len(web.asked)
    again = fetch(lamp, web, progress=no_progress)
    refreshed = fetch(lamp, web, refresh=True, progress=no_progress)

    assert (asked, len(web.asked)) == (2, 4)
    assert (again.changed, again.obtained) == (False, 2)
    assert (refreshed.changed, refreshed.obtained) == (True, 2)


def test_a_refresh_in_vain_loses_nothing(lamp: Path) -> None:
    """What is held stays held, with its ledger, where asking again gives nothing or another page."""
    fetch(lamp, Web({str(LAMP.url): came(LAMP_PAGE)}), progress=no_progress)
    before = {p: p.read_bytes() for p in lamp.rglob("*") if p.is_file()}
    found = fetch(lamp, Web(otherwise="no network"), refresh=True, progress=no_progress)

    assert (found.sources[0].result, found.sources[0].reason, found.sources[0].host) == ("held", "no network", "news.example")
    assert not found.changed
    assert before == {p: p.read_bytes() for p in lamp.rglob("*") if p.is_file()}


def test_only_the_named_are_asked_for(lamp: Path) -> None:
    """A number means every article that has it, and a name before it that article alone."""
    assert [(s.article, s.number) for s in fetch(lamp, Web(), only=[(None, 1)], progress=no_progress).sources] == [
        ("article", 1), ("second", 1),
    ]  # fmt: skip
    assert [(s.article, s.number) for s in fetch(lamp, Web(), only=[("second", 1)], progress=no_progress).sources] == [
        ("second", 1)
    ]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ((None, 77), "there is no reference 77; they are 1 to 1."),
        (("nobody", 1), "there is no reference nobody:1; they are 1 to 1."),
    ],
)
def test_an_unknown_number_is_a_mistake(lamp: Path, wanted: tuple[str | None, int], said: str) -> None:
    """A reference that is not there is named."""
    with pytest.raises(FootnoteError) as error:
        fetch(lamp, Web(), only=[wanted], progress=no_progress)

    assert str(error.value) == said


def test_what_came_before_a_break_is_kept(corpus: Path) -> None:
    """Broken off in the middle, the sources that have come and the ledger of what was asked are there."""
    seen: list[int] = []

    def interrupt(what: str, done: int, total: int) -> None:
        seen.append(done)
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(corpus, played(corpus), progress=interrupt)
    ledger = json.loads((corpus / "sources" / "ledger.json").read_text())

    assert len(ledger) == 3
    assert len(list((corpus / "sources").glob("*.md"))) == sum(e["result"] == "obtained" for e in ledger)
    assert fetch(corpus, played(corpus), progress=no_progress).obtained == 26


def given(tmp_path: Path, name: str, content: bytes = LAMP_PAGE) -> Path:
    folder = tmp_path / "given"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    return folder / name


TEXT = "\n\n".join([LAMP.csl["title"], "By Ada Stone", *paragraphs()])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("lamp.html", LAMP_PAGE),
        ("lamp.HTM", LAMP_PAGE),
        ("lamp.txt", TEXT.encode()),
        ("lamp.md", f"---\ntitle: x\n---\n\n# {TEXT}[^1]\n\n[^1]: A note.\n".encode()),
        (
            "lamp.pdf",
            pdf([[LAMP.csl["title"], "Ada Stone", *(line for p in TEXT.split("\n\n")[2:] for line in (p[:90], p[90:]))]]),
        ),
    ],
)
def test_a_copy_by_hand_is_taken(lamp: Path, tmp_path: Path, name: str, content: bytes) -> None:
    """A page, a paper, a text and Markdown are taken for the one reference that is named."""
    found = take_copies(lamp, given(tmp_path, name, content), only=[("second", 1)], progress=no_progress)
    text = (lamp / "second.sources" / "1.md").read_text()

    assert (found.obtained, found.total, found.changed, found.sources[0].host) == (1, 1, True, "by hand")
    assert "by: hand" in text
    assert "the two delegations spoke for hours about the harbour" in text
    assert not (lamp / "sources").exists()


def test_a_folder_of_copies_is_taken_by_number(corpus: Path, tmp_path: Path) -> None:
    """Files called by numbers go to their references, and other files are left alone."""
    references = {r.number: r for r in read_corpus(corpus).references}
    given(tmp_path, "12.html", source_of(references[12]).content)
    given(tmp_path, "021.pdf", source_of(references[21]).content)
    folder = given(tmp_path, "readme.txt", b"mine").parent
    found = take_copies(corpus, folder, progress=no_progress)

    assert [(s.number, s.result) for s in found.sources] == [(12, "held"), (21, "held")]


def test_a_copy_of_something_else_is_refused_unless_trusted(lamp: Path, tmp_path: Path) -> None:
    """A copy is checked like a page from the network; `trust` takes it all the same and says so in the file."""
    file = given(tmp_path, "other.html", page("Fog silences the bell"))
    refused = take_copies(lamp, file, only=[("article", 1)], progress=no_progress)
    trusted = take_copies(lamp, file, only=[("article", 1)], trust=True, progress=no_progress)

    assert refused.sources[0].reason == "the copy given: another page: its title is ‘Fog silences the bell’"
    assert not refused.changed
    assert trusted.changed
    assert "trusted: true" in (lamp / "sources" / "1.md").read_text()


def test_a_refused_copy_does_not_replace_what_is_held(lamp: Path, tmp_path: Path) -> None:
    """What is held stays where the copy given is another text."""
    fetch(lamp, Web({str(LAMP.url): came(LAMP_PAGE)}), progress=no_progress)
    before = (lamp / "sources" / "1.md").read_bytes()
    take_copies(lamp, given(tmp_path, "1.html", page("Fog")), only=[("article", 1)], progress=no_progress)

    assert (lamp / "sources" / "1.md").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "only", "said"),
    [
        ("lamp.html", [], "lamp.html: say of which reference this is a copy, with --only and one number."),
        ("1.html", [], "1.html: more than one article has a reference 1; say --only article:1 or second:1."),
        ("77.html", [], "77.html: there is no reference 77 to take it for."),
        ("lamp.docx", [("article", 1)], "lamp.docx: a copy is read from .html, .htm, .xhtml, .pdf, .txt, .md."),
    ],
)
def test_a_copy_that_belongs_nowhere_is_a_mistake(
    lamp: Path, tmp_path: Path, name: str, only: list[tuple[str | None, int]], said: str
) -> None:
    """A file that cannot be brought to one reference is named with what to do."""
    with pytest.raises(FootnoteError) as error:
        take_copies(lamp, given(tmp_path, name), only=only, progress=no_progress)

    assert str(error.value).endswith(said)
    assert not (lamp / "sources").exists()


def test_a_folder_without_copies_or_with_two_of_one_is_a_mistake(lamp: Path, tmp_path: Path) -> None:
    """A folder says what is missing in it or what is in it twice."""
    folder = given(tmp_path, "lamp.html").parent
    with pytest.raises(FootnoteError, match=r"no file in it is called by a reference's number"):
        take_copies(lamp, folder, progress=no_progress)
    given(tmp_path, "2.html")
    given(tmp_path, "2.txt")
    with pytest.raises(FootnoteError, match=r"there are two copies of reference 2; keep one"):
        take_copies(lamp, folder, progress=no_progress)
    with pytest.raises(FootnoteError, match=r"there is no such file or folder"):
        take_copies(lamp, tmp_path / "nowhere", progress=no_progress)


def test_a_copy_of_more_than_may_be_read_is_refused(lamp: Path, tmp_path: Path) -> None:
    """A copy by hand has the limit of a page from the network, trusted or not."""
    file = given(tmp_path, "long.txt", b"word " * (Limits().body_bytes // 5 + 1))
    for trust in (False, True):
        gathered = take_copies(lamp, file, only=[("article", 1)], trust=trust, progress=no_progress)

        assert gathered.sources[0].reason == "the copy given: more than 20 MB"
