from functools import cache

import pytest

from index.corpus import read_corpus
from index.domain import Reference
from index.fetching.domain import NotObtained
from index.fetching.extracted import Extracted
from index.fetching.extraction import extracted
from index.fetching.matching import LIKE_TITLE, SAME_TITLE, dates_agree, names_agree, refuse_another, title_likeness
from tests.conftest import ROOT
from tests.fetching.pages import LAMP, came, page, paragraphs, reference, source_of

REFERENCES = read_corpus(ROOT / "corpus").references
TITLE = LAMP.csl["title"]
OTHER_HEADLINE = "Keeper lights great lamp on Corran Rock at last"


@cache
def played() -> dict[int, Extracted]:
    """Return a page or paper in the shape of each cited source."""
    return {r.number: extracted(source_of(r)) for r in REFERENCES}


def is_cited(text: Extracted, cited: Reference) -> bool:
    try:
        refuse_another(text, cited)
    except NotObtained:
        return False
    return True


@pytest.mark.parametrize("cited", REFERENCES, ids=lambda r: str(r.number))
def test_each_source_is_known_among_all(cited: Reference) -> None:
    """Of pages in the shape of all cited sources, a reference takes its own and that of the same story alone."""
    taken = {number for number, text in played().items() if is_cited(text, cited)}

    assert taken == {cited.number} | ({cited.duplicate_of} if cited.duplicate_of else set())


@pytest.mark.parametrize(
    ("title", "author", "date", "taken"),
    [
        pytest.param(TITLE, "", "", True, id="title alone"),
        pytest.param(TITLE.upper().replace("CORRAN", "“CORRAN”"), "", "", True, id="capitals and marks"),
        pytest.param("Keeper lights the great lamp at Corran Rock for first time", "", "", True, id="small words"),
        pytest.param(OTHER_HEADLINE, "Ada Stone", "2012-10-17", True, id="another headline, same author and date"),
        pytest.param(OTHER_HEADLINE, "", "2012-10-16", False, id="another headline, same date"),
        pytest.param(OTHER_HEADLINE, "Ada Stone", "2019-01-01", False, id="another headline, same author"),
        pytest.param("Fog silences the bell on Tarra", "Ada Stone", "2012-10-16", False, id="another story of that day"),
        pytest.param("Lamp", "Ada Stone", "2012-10-16", False, id="one word of it"),
    ],
)
def test_title_author_and_date_decide(title: str, author: str, date: str, taken: bool) -> None:
    """The title alone is enough where it is the same; one that is like it wants the author and the date as well."""
    assert is_cited(extracted(came(page(title, author=author, date=date))), LAMP) is taken


def test_a_title_among_related_stories_does_not_count() -> None:
    """A page that only links to the cited story is not that story."""
    around = f"<aside><ul><li><a href='/lamp'>{TITLE}</a></li></ul></aside>"

    with pytest.raises(NotObtained, match=r"^another page: its title is ‘Fog silences the bell’$"):
        refuse_another(extracted(came(page("Fog silences the bell", around=around))), LAMP)


@pytest.mark.parametrize(
    ("seen", "taken"),
    [("Press Release No. 299", True), ("PR No. 299: minister receives envoy", True), ("Press release No. 298", False)],
)
def test_a_short_title_is_told_by_its_number(seen: str, taken: bool) -> None:
    """A press release is the cited one by its number together with its office or date."""
    release = reference(title="Press release No. 299", author=[{"literal": "Press Information Department"}])

    assert is_cited(extracted(came(page(seen, site="Press Information Department"))), release) is taken
    assert not is_cited(extracted(came(page(seen, site="The Harbour News"))), release)


@pytest.mark.parametrize(
    ("site", "title", "taken"),
    [("Observatory of Trade", "Data", True), ("OT", "Tarra and Corran: trade", True), ("OT", "Corran: trade", False)],
)
def test_a_described_page_is_told_by_its_publisher_or_subject(site: str, title: str, taken: bool) -> None:
    """Where a page has no title to cite, it is known by who publishes it or by all that it is said to be about."""
    data = reference(title="[Tarra / Corran trade profile]", author=[{"literal": "Observatory of Trade"}])

    assert is_cited(extracted(came(page(title, site=site))), data) is taken


def test_thresholds_lie_between_what_they_part() -> None:
    """Spellings of one title lie above the first threshold, headlines of one event between the two, other titles below."""
    spelt = title_likeness(
        "Russia becomes first state to recognise Taliban", "Russia becomes 1st state to recognize the Taliban | BBC"
    )
    event = title_likeness(
        "Russia is the First Country to Recognize Taliban Government",
        "Russia becomes first state to recognize Afghanistan's Taliban government",
    )
    other = title_likeness(
        "Treading Lightly: China's Footprint in a Taliban-led Afghanistan", "BJP-Taliban Ties and Their Implications"
    )

    assert spelt > SAME_TITLE > event > LIKE_TITLE > other


def test_other_numbers_are_another_title() -> None:
    """Part two is not part one, however alike the titles are."""
    assert title_likeness("The building of the tower, part 1", "The building of the tower, part 2") == 0


@pytest.mark.parametrize(
    ("cited", "seen", "agrees"),
    [
        ([2012, 10, 16], "2012-10-17T04:00:00Z", True),
        ([2012, 10, 16], "16 October 2012", True),
        ([2012, 10, 16], "Oct. 16th, 2012", True),
        ([2012, 10, 16], "2012/10/30", False),
        ([2012, 10], "October 2, 2012", True),
        ([2012], "2013-01-01", False),
        ([2012], "2012-99-99", False),
    ],
)
def test_dates_agree_as_exactly_as_they_are_known(cited: list[int], seen: str, agrees: bool) -> None:
    """A day may be three days off, for time zones and print; a month or a year must be the same."""
    assert dates_agree(extracted(came(page("Lamp", date=seen))), reference(issued={"date-parts": [cited]})) is agrees


@pytest.mark.parametrize(("author", "agrees"), [("ADA STÓNE", True), ("Ben Hale", False), ("Adam Stonehouse", False)])
def test_names_agree_as_whole_words(author: str, agrees: bool) -> None:
    """A family name is found whatever its case and accents, and only whole."""
    assert names_agree(extracted(came(page("Lamp", author=author, body=paragraphs()))), LAMP) is agrees
