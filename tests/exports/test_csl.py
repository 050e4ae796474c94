"""What a CSL-JSON record says is read the same for every form, however it is written."""

import json
from datetime import date
from typing import Any

import pytest

from index.exports.csl import Name, dates, keywords, names, pages, plain, to_csl_json, year


@pytest.mark.parametrize(
    ("value", "parts", "in_year"),
    [
        ({"date-parts": [[2001, 2, 3]]}, ((2001, 2, 3),), "2001"),
        ({"date-parts": [["2001", "02"]]}, ((2001, 2),), "2001"),
        ({"date-parts": [[2001], [2002]]}, ((2001,), (2002,)), "2001"),
        ({"date-parts": [["soon"]], "literal": "in 1838"}, (), "1838"),
        ({"raw": "2001-02-03"}, ((2001, 2, 3),), "2001"),
        ({"literal": "Spring 1999"}, (), "1999"),
        ("2001-02", ((2001, 2),), "2001"),
        (2001, ((2001,),), "2001"),
        (date(2001, 2, 3), ((2001, 2, 3),), "2001"),
        ("undated", (), ""),
        (None, (), ""),
    ],
)
def test_dates_are_read(value: Any, parts: tuple[tuple[int, ...], ...], in_year: str) -> None:
    """A date is read in numbers where it is written in numbers, and its year wherever there is one."""
    assert (dates(value), year(value)) == (parts, in_year)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([{"family": "Berg", "given": "A.", "non-dropping-particle": "van der"}], (Name("Berg", "A.", "van der"),)),
        ([{"literal": "U.S. Department of State"}], (Name("U.S. Department of State", literal=True),)),
        (["Ada Stone", {"given": "Plato"}], (Name("Ada Stone", literal=True), Name("Plato", literal=True))),
        ("Ada Stone", (Name("Ada Stone", literal=True),)),
        ([{}], ()),
        (None, ()),
    ],
)
def test_names_are_read(value: Any, expected: tuple[Name, ...]) -> None:
    """A name is read in its parts, or whole where it has none; one that says nothing is no name."""
    assert names({"author": value}) == expected


def test_text_is_plain() -> None:
    """Markup, control characters and breaks are left out, accents composed, and what only looks like markup kept."""
    assert plain('<i>Cafe\u0301</i>\n  <span class="nocase">of</span>\x00 a < b > c') == "Café of a < b > c"


@pytest.mark.parametrize(
    ("csl", "expected"),
    [
        ({"page": "83–101"}, ("83", "101")),
        ({"page": "83--101"}, ("83", "101")),
        ({"page-first": 195}, ("195", "")),
        ({}, ("", "")),
    ],
)
def test_pages_are_read(csl: dict[str, Any], expected: tuple[str, str]) -> None:
    """A page range is read whatever its dash, and a single page as the first."""
    assert pages(csl) == expected


def test_keywords_are_read_one_by_one() -> None:
    """Keywords are divided at commas; empty ones are none."""
    assert keywords({"keyword": "peace, war,, R&D "}) == ("peace", "war", "R&D")


def test_csl_json_is_as_its_schema_has_it() -> None:
    """Names become objects and dates parts or literals; all else stays as it was."""
    record = {"id": "a", "title": "Ä", "author": "Ada Stone", "issued": "2001-02", "accessed": "lately", "volume": 3}

    assert json.loads(to_csl_json([record])) == [
        record
        | {"author": [{"literal": "Ada Stone"}], "issued": {"date-parts": [[2001, 2]]}, "accessed": {"literal": "lately"}}
    ]
