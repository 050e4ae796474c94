from index.fetching.layout import blocks_of_pages
from tests.fetching.pages import TOPICS

FULL = "the delegations met once more in the hall by the harbour and spoke of"


def texts(*pages: str) -> list[str]:
    return [block.text for block in blocks_of_pages(pages)]


def test_lines_become_paragraphs() -> None:
    """Lines are joined, and a paragraph ends where a sentence ends on a short line."""
    page = f"When it was summer {FULL}\nthe bridge.\nIn the autumn of that year {FULL}\nthe railway."

    assert texts(page) == [f"When it was summer {FULL} the bridge.", f"In the autumn of that year {FULL} the railway."]


def test_words_divided_at_a_line_are_made_whole() -> None:
    """A hyphen at a line's end goes, unless the word is written with it elsewhere or a name follows."""
    page = (
        f"They spoke of gas pipe-\nlines and of well-\nknown facts for days, as {FULL}\n"
        f"a well-known treaty between the Pakistan-\nRussia commission and others, and {FULL} it."
    )

    assert "gas pipelines and of well-known facts" in texts(page)[0]
    assert "the Pakistan-Russia commission" in texts(page)[0]


def test_ligatures_are_letters() -> None:
    """A ligature becomes its letters; no other character changes."""
    assert texts("The ﬁrst oﬃce ﬂag ½ ² ™.") == ["The first office flag ½ ² ™."]


def test_running_heads_and_page_numbers_go() -> None:
    """Lines that stand at the edge of most pages and page numbers are not text, also where heads differ left and right."""
    heads = ("Strategic Studies", "Concept of Power") * 4
    numbered = list(enumerate(zip(heads, TOPICS, strict=False), start=1))
    pages = [f"{head}\n{83 + n}\nOf {topic} {FULL}\n{topic} there was no end.\n- {n} -" for n, (head, topic) in numbered]

    assert texts(*pages) == [f"Of {topic} {FULL} {topic} there was no end." for _, (_, topic) in numbered]


def test_a_sentence_goes_on_over_the_page() -> None:
    """A paragraph that a page divides is one, and stands on the page where it begins."""
    pages = [f"On the first day {FULL}\na lamp that nobody had", f"lit before. Then {FULL}\nanother."]
    found = blocks_of_pages(pages)

    assert [(b.page, b.text) for b in found] == [
        (1, f"On the first day {FULL} a lamp that nobody had lit before. Then {FULL} another.")
    ]


def test_a_short_line_alone_is_a_heading() -> None:
    """A short line without an end, with a whole sentence below, is a heading."""
    found = blocks_of_pages([f"The Gale of November\n\nOn that day {FULL}\nthe weather and of what it did."])

    assert (found[0].level, found[0].text) == (2, "The Gale of November")


def test_pages_without_text_have_no_blocks() -> None:
    """Pictures alone give nothing."""
    assert texts("", "  \n ") == []
