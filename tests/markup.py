"""Read a page's markup as far as the tests need it: its tags with their attributes and text."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta", "link", "input", "br", "img"}


@dataclass
class Tag:
    """An element: its name, attributes, and all text inside it."""

    name: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Markup(HTMLParser):
    """A parsed page."""

    source: str
    tags: list[Tag] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[Tag] = []
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = Tag(tag, {name: value or "" for name, value in attrs})
        self.tags.append(found)
        if tag not in _VOID:
            self._open.append(found)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().name != tag:
            pass

    def handle_data(self, data: str) -> None:
        for tag in self._open:
            tag.text += data

    def named(self, name: str, **attributes: str) -> list[Tag]:
        """Return the elements of this name with these attributes; `class_` looks for one class among several."""
        return [t for t in self.tags if t.name == name and all(_has(t, key, value) for key, value in attributes.items())]

    def ids(self) -> list[str]:
        """Return every id of the page."""
        return [t.attributes["id"] for t in self.tags if "id" in t.attributes]

    def links(self) -> list[str]:
        """Return where every link of the page leads."""
        return [t.attributes["href"] for t in self.named("a")]


def _has(tag: Tag, key: str, value: str) -> bool:
    if key == "class_":
        return value in tag.attributes.get("class", "").split()
    return tag.attributes.get(key) == value
