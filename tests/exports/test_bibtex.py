"""BibTeX is read back by bibtexparser, LaTeX decoded, as what CSL-JSON says."""

import json
import re
from typing import Any

import bibtexparser
import pytest
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors, SplitNameParts
from bibtexparser.middlewares.names import NameParts
from bibtexparser.model import Entry
from hypothesis import example, given
from hypothesis import strategies as st

from index.corpus import read_corpus
from index.exports.bibtex import to_bibtex
from index.exports.csl import names, plain, year
from index.exports.works import Work, works
from tests.conftest import ROOT
from tests.exports.hard import TITLES, hard_works

EVERY = [*works(read_corpus(ROOT / "corpus")).values(), *hard_works()]
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="ˆ"), min_size=1, max_size=40).filter(plain)


def parsed(bibtex: str) -> list[Entry]:
    library = bibtexparser.parse_string(bibtex)
    assert library.failed_blocks == []
    return library.entries


def decoded(text: str) -> str:
    """Read TeX as a user would; pylatexenc takes the caret for the accent that looks like it."""
    library = bibtexparser.parse_string(f"@misc{{a, title = {{{text}}}}}", append_middleware=[LatexDecodingMiddleware()])
    assert library.failed_blocks == []
    return library.entries[0]["title"].replace("ˆ", "^")


def people(entry: Entry) -> list[NameParts]:
    if "author" not in entry.fields_dict:
        return []
    text = f"@misc{{a, author = {{{entry['author']}}}}}"
    found: list[NameParts] = bibtexparser.parse_string(text, append_middleware=[SeparateCoAuthors(), SplitNameParts()]).entries[
        0
    ]["author"]
    return found


def parts(name: NameParts) -> tuple[str, str, str]:
    return tuple(decoded(" ".join(part)) for part in ([*name.von, *name.last], name.first, name.jr))  # type: ignore[return-value]


def wanted(name: dict[str, Any]) -> tuple[str, str, str]:
    if "literal" in name:
        return name["literal"], "", ""
    particles = (name.get("dropping-particle"), name.get("non-dropping-particle"), name["family"])
    return " ".join(filter(None, particles)), name.get("given", ""), name.get("suffix", "")


@pytest.mark.parametrize("work", EVERY, ids=lambda work: work.key)
def test_work_is_read_back_whole(work: Work) -> None:
    """Key, title, authors, year, day, DOI and address come back as CSL-JSON has them."""
    (entry,) = parsed(to_bibtex([work]))
    csl = work.csl

    assert entry.key == work.key
    assert decoded(entry["title"]) == plain(csl["title"])
    assert [parts(name) for name in people(entry)] == [wanted(name) for name in csl.get("author", [])]
    said = {name: field.value for name, field in entry.fields_dict.items()}
    assert said.get("year", "") == year(csl.get("issued"))
    assert (said.get("doi"), said.get("url")) == (csl.get("DOI"), csl.get("URL"))


def test_list_is_read_back_in_order() -> None:
    """All works in one file keep their order, and none swallows another."""
    entries = parsed(to_bibtex(EVERY))

    assert [entry.key for entry in entries] == [work.key for work in EVERY]


@given(TEXT)
@example("{")
@example("}{")
@example("a@ {B}")
@example("\\")
@example("%{")
def test_any_title_is_read_back(title: str) -> None:
    """Whatever a title is, it comes back on one line, and the entry after it too."""
    csl = {"type": "book", "title": title}
    first, second = parsed(to_bibtex([Work("a", csl), Work("b", csl)]))

    assert decoded(first["title"]) == decoded(second["title"]) == plain(title)


@pytest.mark.parametrize("title", TITLES)
def test_braces_are_even_as_bibtex_counts(title: str) -> None:
    """BibTeX counts braces that TeX escapes too; in every value they are even and never close more than was opened."""
    depth = 0
    for brace in re.findall("[{}]", to_bibtex([Work("a", {"type": "book", "title": title})])):
        depth += 1 if brace == "{" else -1
        assert depth >= 0

    assert depth == 0


def test_pandoc_reads_the_same() -> None:
    """Pandoc, which reads LaTeX whole, finds titles, names, dates, addresses and DOIs as they were, but for TeX's quotes."""
    import pypandoc

    printed = pypandoc.convert_text(to_bibtex(EVERY), "csljson", format="biblatex", extra_args=["--quiet"])
    read = {record["id"]: record for record in json.loads(printed)}

    for work in EVERY:
        found = read[work.key]
        assert without_quotes(found["title"]) == without_quotes(plain(work.csl["title"]))
        assert without_quotes(str(names(found))) == without_quotes(str(names(work.csl)))
        assert [found.get(f) for f in ("issued", "URL", "DOI")] == [work.csl.get(f) for f in ("issued", "URL", "DOI")]


def without_quotes(text: str) -> str:
    return re.sub("[’‘“”'\"`]", "", text)


def test_words_are_kept_from_styles() -> None:
    """A word with a capital stands in braces, so that no style writes it small, and one that opens, in none capital."""
    (entry,) = parsed(to_bibtex([Work("a", {"type": "book", "title": "the end of the USSR: for iOS users"})]))

    assert entry["title"] == "{the} end of the {USSR:} {for} {iOS} users"


@pytest.mark.parametrize(
    ("type", "entry_type", "container"),
    [
        ("article-journal", "article", "journal"),
        ("article-newspaper", "article", "journal"),
        ("chapter", "incollection", "booktitle"),
        ("paper-conference", "inproceedings", "booktitle"),
        ("webpage", "online", "organization"),
        ("unheard-of", "misc", "howpublished"),
    ],
)
def test_type_decides_what_the_work_stands_in(type: str, entry_type: str, container: str) -> None:
    """Each CSL type has its BibTeX type, and that the field for what the work stands in."""
    (entry,) = parsed(to_bibtex([Work("a", {"type": type, "title": "A", "container-title": "Peace & War"})]))

    assert entry.entry_type == entry_type
    assert entry[container] == r"Peace \& War"


def test_place_and_date_are_written_as_biblatex_reads_them() -> None:
    """Day, page range, issue, keywords, the record's own note and the place of the quotation stand in their fields."""
    csl = {
        "type": "article-journal", "title": "A", "issued": {"date-parts": [[2001, 2, 3], [2001, 2, 4]]}, "issue": "2/3",
        "page": "83–101", "keyword": "peace, R&D", "note": "Associated Press",
    }  # fmt: skip
    (entry,) = parsed(to_bibtex([Work("a", csl, "paragraphs 14, 17")]))

    assert {name: entry[name] for name in ("date", "year", "number", "pages", "keywords", "note")} == {
        "date": "2001-02-03/2001-02-04", "year": "2001", "number": "2/3", "pages": "83--101",
        "keywords": r"peace, R\&D", "note": "Associated Press; paragraphs 14, 17",
    }  # fmt: skip


def test_nothing_is_a_comment() -> None:
    """Where there is no work the file says why, in a comment that is no entry."""
    nothing = to_bibtex([])

    assert nothing.startswith("% ")
    assert parsed(nothing) == []
