from hypothesis import example, given
from hypothesis import strategies as st

from index.documents import from_markdown
from index.domain import Document
from index.fetching.extracted import Block, one_line
from index.fetching.markdown import to_markdown

EATEN = st.text(alphabet="[]^*_<>#-+=.):(\\`~|!&;1290 \t\n\u00a0\u0338\u0301aé“\u200b\0", max_size=30)
BLOCKS = st.lists(st.tuples(st.integers(0, 6).map(lambda n: n if n > 1 else 0), EATEN | st.text(max_size=40)), max_size=6)


def read_back(blocks: list[Block]) -> Document:
    return from_markdown(to_markdown(blocks), id="s", kind="source", title="S", file="s.md", article="article")


@given(BLOCKS)
@example([(0, "[^1]: note"), (0, "1986. A year"), (0, "- not a list"), (2, "C #"), (0, "a\\")])
@example([(0, "&lt;b&gt; <b>"), (0, "***"), (0, "==="), (0, "> said"), (0, "<\u0338"), (0, "    code"), (0, "| a |")])
@example([(0, "[a]: http://x.example"), (0, "[^1] and [b](c)"), (0, "![x](y)"), (0, "~~~"), (0, "`x`"), (0, "1) one")])
def test_what_is_written_is_read_back(written: list[tuple[int, str]]) -> None:
    """Whatever a text holds, reading the Markdown gives the same paragraphs and headings, on one line each and in NFC."""
    blocks = [Block(text, level) for level, text in written]

    document = read_back(blocks)
    stretches = [(p.start, p.end, 0) for p in document.paragraphs] + [(h.start, h.end, h.level) for h in document.headings]
    found = [(level, document.text[start:end]) for start, end, level in sorted(stretches)]

    assert found == [(block.level, one_line(block.text)) for block in blocks if one_line(block.text)]
    assert document.notes == ()


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    """A text made one line has no line break, no double or outer space and nothing to take away a second time."""
    line = one_line(text)

    assert one_line(line) == line == " ".join(line.split())
    assert len(line.splitlines()) <= 1
