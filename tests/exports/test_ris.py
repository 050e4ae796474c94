"""RIS is read back by rispy as what CSL-JSON says."""

from typing import Any

import pytest
import rispy
from hypothesis import example, given
from hypothesis import strategies as st

from index.corpus import read_corpus
from index.exports.csl import plain, year
from index.exports.ris import to_ris
from index.exports.works import Work, works
from tests.conftest import ROOT
from tests.exports.hard import hard_works

EVERY = [*works(read_corpus(ROOT / "corpus")).values(), *hard_works()]


def parsed(ris: str) -> list[dict[str, Any]]:
    """Read RIS; addresses whole, as rispy would divide them at a semicolon."""
    found: list[dict[str, Any]] = rispy.loads(ris, delimiter_tags_mapping={})
    return found


def wanted(name: dict[str, Any]) -> str:
    if "literal" in name:
        return str(name["literal"])
    particles = (name.get("dropping-particle"), name.get("non-dropping-particle"), name["family"])
    return ", ".join(filter(None, (" ".join(filter(None, particles)), name.get("given"), name.get("suffix"))))


@pytest.mark.parametrize("work", EVERY, ids=lambda work: work.key)
def test_work_is_read_back_whole(work: Work) -> None:
    """Key, title, authors, year, DOI and address come back as CSL-JSON has them."""
    (record,) = parsed(to_ris([work]))
    csl = work.csl

    assert (record["id"], record["title"]) == (work.key, plain(csl["title"]))
    assert record.get("authors", []) == [wanted(name) for name in csl.get("author", [])]
    assert record.get("year", "") == year(csl.get("issued"))
    assert (record.get("doi"), record.get("urls", [None])) == (csl.get("DOI"), [csl.get("URL")])


def test_list_is_read_back_in_order() -> None:
    """All works in one file keep their order, and no running numbers stand between them."""
    ris = to_ris(EVERY)

    assert [record["id"] for record in parsed(ris)] == [work.key for work in EVERY]
    assert {line[2:6] for line in ris.splitlines() if line} == {"  - "}


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40).filter(plain))
@example("a\nER  - \nTY  - JOUR")
@example("a\u2028TY  - JOUR")
def test_any_title_is_read_back(title: str) -> None:
    """Whatever a title is, it comes back on one line, and the record after it too."""
    csl = {"type": "book", "title": title}
    records = parsed(to_ris([Work("a", csl), Work("b", csl)]))

    assert [record["title"] for record in records] == [plain(title)] * 2


@pytest.mark.parametrize(
    ("type", "tag"),
    [
        ("article-newspaper", "NEWS"),
        ("article-journal", "JOUR"),
        ("webpage", "ELEC"),
        ("report", "RPRT"),
        ("unheard-of", "GEN"),
    ],
)
def test_type_is_named(type: str, tag: str) -> None:
    """Each CSL type has its RIS type, and what has none is generic."""
    (record,) = parsed(to_ris([Work("a", {"type": type, "title": "A"})]))

    assert record["type_of_reference"] == tag


def test_place_and_date_are_written_as_ris_has_them() -> None:
    """Day, pages, keywords and the place of the quotation stand in their tags."""
    csl = {
        "type": "article-journal", "title": "A", "issued": {"date-parts": [[2001, 2]]}, "page": "83–101",
        "keyword": "peace, war", "container-title": "Peace & War",
    }  # fmt: skip
    (record,) = parsed(to_ris([Work("a", csl, "paragraph 14")]))

    assert {name: record[name] for name in ("date", "start_page", "end_page", "keywords", "notes", "secondary_title")} == {
        "date": "2001/02//", "start_page": "83", "end_page": "101", "keywords": ["peace", "war"],
        "notes": ["paragraph 14"], "secondary_title": "Peace & War",
    }  # fmt: skip


def test_nothing_is_an_empty_file() -> None:
    """Where there is no work there is no record."""
    assert to_ris([]) == ""
