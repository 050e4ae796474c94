import hashlib
from dataclasses import replace
from pathlib import Path

from index.canonical import canonical
from index.fetching.extracted import Block, Extracted
from index.fetching.extraction import extracted
from index.fetching.obtaining import Obtained
from index.fetching.writing import source_file, write_source
from index.front_matter import split_front_matter
from tests.fetching.pages import LAMP, LAMP_PAGE, came, reference, source_of

TEXT = extracted(came(LAMP_PAGE))


def test_a_source_says_where_it_comes_from(tmp_path: Path) -> None:
    """The front matter holds all that is known of how the text came, and nothing that is not."""
    path = write_source(tmp_path, LAMP, Obtained(came(LAMP_PAGE, final="https://news.example/b"), TEXT, "as printed"))
    meta, _, _ = split_front_matter(path.read_text(encoding="utf-8"), file=path.name)

    assert path == tmp_path / "1.md"
    assert meta == {
        "title": LAMP.csl["title"],
        "reference": 1,
        "asked": "https://news.example/story/12345/lamp",
        "final": "https://news.example/b",
        "repair": "as printed",
        "obtained": "2026-11-25T12:00:00+00:00",
        "status": 200,
        "media_type": "text/html",
        "bytes": len(LAMP_PAGE),
        "sha256": hashlib.sha256(LAMP_PAGE).hexdigest(),
        "extractor": TEXT.extractor,
        "license": "belongs to its publisher",
    }


def test_a_copy_by_hand_says_so(tmp_path: Path) -> None:
    """A copy given by hand names its file, and no address and no status."""
    path = write_source(tmp_path, LAMP, Obtained(came(LAMP_PAGE), TEXT, file="1.html", trusted=True))
    meta, _, _ = split_front_matter(path.read_text(encoding="utf-8"), file=path.name)

    assert (meta["by"], meta["file"], meta["trusted"]) == ("hand", "1.html", True)
    assert not {"asked", "final", "status", "repair"} & meta.keys()


def test_a_paper_s_paragraphs_have_pages(tmp_path: Path) -> None:
    """The front matter tells for each page the first paragraph that begins on it."""
    blocks = (Block("Title", 2, 1), Block("One.", 0, 1), Block("Two.", 0, 1), Block("Three.", 0, 3))
    path = write_source(tmp_path, LAMP, Obtained(came(b"%PDF-"), Extracted(blocks, "pypdf 7", "pdf")))
    meta, _, _ = split_front_matter(path.read_text(encoding="utf-8"), file=path.name)

    assert meta["pages"] == {1: 1, 3: 3}


def test_a_title_is_written_whatever_it_holds(tmp_path: Path) -> None:
    """Colons, quotes, line breaks and dashes in a title do not break the front matter."""
    title = "---\n'Tarra': \"the\" #1 – a\u2028lamp\u0085 é: {x} [y]"
    cited = replace(reference(title=title), number=3)
    path = write_source(tmp_path, cited, Obtained(came(LAMP_PAGE), TEXT))
    meta, body, _ = split_front_matter(path.read_text(encoding="utf-8"), file=path.name)

    assert meta["title"] == canonical(title)
    assert TEXT.blocks[1].text[:20] in body


def test_the_file_that_is_held_is_the_one_renewed(tmp_path: Path) -> None:
    """A text held as 03.md is not held a second time as 3.md."""
    (tmp_path / "03.md").write_text("---\ntitle: old\n---\n\nOld.\n")
    (tmp_path / "notes.md").write_text("mine")

    assert source_file(tmp_path, 3) == tmp_path / "03.md"
    assert source_file(tmp_path, 4) == tmp_path / "4.md"


def test_a_source_in_the_shape_of_ours_is_written(tmp_path: Path) -> None:
    """Nothing is left beside the file."""
    received = source_of(LAMP)
    write_source(tmp_path, LAMP, Obtained(received, extracted(received)))

    assert [p.name for p in tmp_path.iterdir()] == ["1.md"]
