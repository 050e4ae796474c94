from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.corpus import read_corpus
from index.fetching.domain import NotObtained
from index.fetching.repairs import addresses, archive_date, check_address, slug_variants, without_leftovers
from tests.conftest import ROOT
from tests.fetching.pages import LAMP, reference

REFERENCES = {r.number: r for r in read_corpus(ROOT / "corpus").references}
ARCHIVED = "https://web.archive.org/web/"
STORY = "https://tribune.com.pk/story/"
SLUG = "tashkent-declaration-would-not-have-been-possible-without"


def test_repairs_come_in_their_order() -> None:
    """First as cited, then as printed, then other forms of each, and the web archive's copies last."""
    found = addresses(REFERENCES[15])

    assert [(a.repair, a.url) for a in found] == [
        (None, f"{STORY}506378/{SLUG}-russian-help/"),
        ("as printed", f"{STORY}{SLUG}-russia"),
        ("another form of its last part", f"{STORY}506378/{SLUG}-russian-help"),
        ("another form of its last part", f"{STORY}506378"),
        ("another form of its last part", f"{STORY}{SLUG}-russia/"),
        ("the web archive's copy", f"{ARCHIVED}20130213id_/{STORY}506378/{SLUG}-russian-help/"),
        ("the web archive's copy", f"{ARCHIVED}20130213id_/{STORY}{SLUG}-russia"),
    ]


def test_a_template_s_leftovers_are_cut_off() -> None:
    """The address as printed with `/%7B%7B` is mended, and the archive is asked for the mended one."""
    found = [a.url for a in addresses(replace(REFERENCES[19], csl={**REFERENCES[19].csl, "URL": None}))]

    assert found[:2] == ["https://www.arabnews.com/node/1353036/%7B%7B", "https://www.arabnews.com/node/1353036"]
    assert found[-1] == f"{ARCHIVED}20180808id_/https://www.arabnews.com/node/1353036"


@pytest.mark.parametrize("number", [13, 17])
def test_a_reference_without_an_address_has_none(number: int) -> None:
    """Where neither the editors nor print give an address, there is nothing to ask."""
    assert addresses(REFERENCES[number]) == ()


def test_an_address_in_print_alone_is_asked() -> None:
    """An address that stands only in the printed entry is the one cited."""
    first = addresses(REFERENCES[5])[0]

    assert (first.url.startswith("https://suny-new.primo.exlibrisgroup.com/discovery/fulldisplay?docid="), first.repair) == (
        True,
        None,
    )


@pytest.mark.parametrize(
    ("url", "variants"),
    [
        ("https://www.dawn.com/news/757010/russia-assures",
         ("https://www.dawn.com/news/757010/russia-assures/", "https://www.dawn.com/news/757010")),
        ("https://x.example/story/a-slug/", ("https://x.example/story/a-slug",)),
        ("https://x.example/a.pdf", ()),
        ("https://x.example/a?id=3", ()),
        ("https://x.example/", ()),
    ],
)  # fmt: skip
def test_variants_of_the_last_part(url: str, variants: tuple[str, ...]) -> None:
    """A slash is added or taken away and a story's number stands alone; files and queries stay as they are."""
    assert slug_variants(url) == variants


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://x.example/node/1/%7B%7Burl%7D%7D", "https://x.example/node/1"),
        ("https://x.example/node/1/{{", "https://x.example/node/1"),
        ("https://x.example/node/1?u=%7B%7Bid", "https://x.example/node/1"),
        ("https://x.example/node/1?u=2", "https://x.example/node/1?u=2"),
    ],
)
def test_leftovers(url: str, clean: str) -> None:
    """What a template left goes, and nothing else."""
    assert without_leftovers(url) == clean


@pytest.mark.parametrize(
    ("parts", "stamp"),
    [([2018, 2, 28], "20180228"), ([2023, 7], "20230715"), ([1966], "19660701"), ([], "99991231"), (["2012", "x"], "99991231")],
)
def test_the_archive_is_asked_for_the_copy_nearest_the_date(parts: list[object], stamp: str) -> None:
    """The stamp is the citation's date, the middle of a month or year, or the newest where there is none."""
    assert archive_date({"issued": {"date-parts": [parts]}}) == stamp


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://x.example/a", "not a web address: ftp"),
        ("javascript:alert(1)", "not a web address: javascript"),
        ("www.dawn.com/news/1", "not a web address: www.dawn.com/news/1"),
        ("https://", "the address is malformed"),
        ("https://[::1/a", "the address is malformed"),
        ("https://x.example:port/", "the address is malformed"),
        ("https://x.example/a b", "the address is malformed"),
        ("https://x.example/" + "a" * 3000, "the address is malformed"),
    ],
)
def test_what_is_no_address_says_so(url: str, reason: str) -> None:
    """An address that cannot be asked has a reason, and neither it nor an archived copy of it is tried to be mended."""
    with pytest.raises(NotObtained) as said:
        check_address(url)

    assert str(said.value) == reason
    assert [a.url for a in addresses(reference(URL=url))] == [url]


@given(st.text(max_size=60) | st.from_regex(r"https?://[a-z\[\]:@%{}0-9/.?#]{0,30}", fullmatch=True))
def test_any_address_is_listed_without_a_traceback(url: str) -> None:
    """Whatever stands where an address should, it is listed at most once."""
    found = [a.url for a in addresses(replace(LAMP, csl={**LAMP.csl, "URL": url}))]

    assert len(found) == len(set(found))
