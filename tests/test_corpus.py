import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from index.corpus import read_corpus
from index.corpus_files import corpus_digest, corpus_files, read_text
from index.domain import Corpus, Note
from index.errors import CorpusError

ARTICLE = "---\ntitle: A Title\n---\n\nOne sentence.\n"
REFERENCE: dict[str, Any] = {"number": 1, "printed": "A. Reed, Towers.", "csl": {"type": "book"}}
LISTING = json.dumps([REFERENCE])


def write(folder: Path, **files: str | bytes) -> Path:
    """Write files, named with `__` for a slash and `_` for the dot of the ending."""
    for name, content in files.items():
        stem, _, ending = name.replace("__", "/").rpartition("_")
        path = folder / f"{stem}.{ending}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def test_everything_that_can_be_quoted_is_a_document(toy_corpus: Path) -> None:
    """Article, front matter, printed references and the editors' words are documents."""
    corpus = read_corpus(toy_corpus)

    assert [(d.id, d.kind) for d in corpus.documents] == [
        ("article", "article"),
        ("about", "metadata"),
        ("references", "references"),
        ("annotation-1", "annotation"),
    ]
    assert len(corpus.references) == 3
    assert corpus.articles["article"]["license"] == "CC0-1.0"


def test_front_matter_can_be_quoted(toy_corpus: Path) -> None:
    """Where the front matter does not say what was printed, its title, author and keywords are quoted."""
    about = read_corpus(toy_corpus).document("about")

    assert about.text == "The Lighthouse on Corran Rock\n\nAda Stone\n\nKeywords: lighthouses, engineering"


def test_notes_point_to_the_references_they_print(toy_corpus: Path) -> None:
    """A note points to one reference, to several or to none, by the entries that stand in it."""
    notes = read_corpus(toy_corpus).document("article").notes

    assert [(n.number, n.references) for n in notes] == [(1, (1,)), (2, (2, 3)), (3, ())]


def test_article_alone_is_a_corpus(tmp_path: Path) -> None:
    """A Markdown file with nothing but a title and a sentence is enough."""
    corpus = read_corpus(write(tmp_path, article_md=ARTICLE))

    assert [d.id for d in corpus.documents] == ["article", "about"]
    assert corpus.references == ()


def test_several_articles_keep_their_own(tmp_path: Path) -> None:
    """What belongs to one of several articles carries its name, and its references stay apart."""
    marked = ARTICLE.replace("sentence.", "sentence.[^1]") + "\n[^1]: A. Reed, Towers.\n"
    listing = json.dumps([REFERENCE | {"annotation": "Reed says so."}])
    corpus = read_corpus(write(tmp_path, article_md=ARTICLE, d07_md=marked, **{"d07.references_json": listing}))

    assert [d.id for d in corpus.documents] == [
        "article", "about", "d07", "d07-about", "d07-references", "d07-annotation-1",
    ]  # fmt: skip
    assert {d.article for d in corpus.documents if d.id.startswith("d07")} == {"d07"}
    assert corpus.document("d07").notes == (Note(1, 13, "A. Reed, Towers.", (1,)),)
    assert [(r.article, r.number) for r in corpus.references] == [("d07", 1)]


def test_held_source_is_a_document(tmp_path: Path) -> None:
    """A source's file is a document of its reference, whose status becomes `held` and whose reason goes."""
    listing = json.dumps([REFERENCE | {"reason": "Not fetched."}])
    source = "---\ntitle: Towers\n---\n\nTheir words.\n"
    corpus = read_corpus(write(tmp_path, article_md=ARTICLE, references_json=listing, sources__1_md=source))

    assert (corpus.document("source-1").kind, corpus.document("source-1").reference) == ("source", 1)
    assert (corpus.references[0].status, corpus.references[0].reason) == ("held", None)


def test_unknown_document_is_a_key_error(toy_corpus: Path) -> None:
    """Asking for a document that is not there is a mistake of the caller."""
    corpus = read_corpus(toy_corpus)

    with pytest.raises(KeyError, match="nowhere"):
        corpus.document("nowhere")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, r"there is no article in it; put one there as a Markdown file with a 'title:'\.$"),
        ({"article_md": b""}, r"^article\.md:1: there is no front matter"),
        ({"article_md": b"\x89PNG\r\n\x1a\n\x00\x00"}, r"^article\.md:1: the file is not UTF-8 text\.$"),
        ({"article_md": ARTICLE.encode() + b"caf\xe9\n"}, r"^article\.md:6: the file is not UTF-8 text\.$"),
        ({"article_md": ARTICLE + "a \0 b\n"}, r"^article\.md:6: the file is not text: it holds a NUL byte\.$"),
        ({"article_md": "---\nauthor: Reed\n---\nOne.\n"}, r"^article\.md:2: the front matter has no 'title'\.$"),
        ({"article_md": "---\ntitle: A\n---\n\n## Only a heading\n"}, r"^article\.md:4: there is no text below"),
        ({"article_md": ARTICLE + "\nTwo.[^2]\n"}, r"^article\.md:7: the note \[\^2\] is marked but not written\.$"),
        ({"article_md": ARTICLE, "references_json": "["}, r"^references\.json:1: not JSON: "),
        ({"article_md": ARTICLE, "references_json": "[" * 100_000}, r"^references\.json: the file is nested too deeply or "),
        ({"article_md": ARTICLE, "references_json": f"[{'9' * 5000}]"}, r"^references\.json: .* or holds too long a number\.$"),
        ({"article_md": ARTICLE, "sources__one_md": ARTICLE}, r"^sources/one\.md: a source's file is called by its "),
        ({"article_md": ARTICLE, "sources__1_md": ARTICLE}, r"^sources/1\.md: there is no reference 1 in references\.json\.$"),
        (
            {"article_md": ARTICLE, "references_json": LISTING, "sources__1_md": "Words."},
            r"^sources/1\.md:1: there is no front",
        ),
        (
            {"article_md": ARTICLE, "references_json": LISTING, "sources__1_md": ARTICLE, "sources__01_md": ARTICLE},
            r"^two documents of the corpus would be called 'source-1'; rename one of their files\.$",
        ),
        ({"article_md": ARTICLE, "about_md": ARTICLE}, r"^two documents of the corpus would be called 'about'; rename"),
    ],
)
def test_malformed_corpus_is_named(tmp_path: Path, files: dict[str, str | bytes], message: str) -> None:
    """What is wrong with a corpus is said in one sentence, with the file and where it can be the line."""
    write(tmp_path, **files)

    with pytest.raises(CorpusError, match=message):
        read_corpus(tmp_path)


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        ("printed: As it stands", ["As it stands"]),
        ("printed: [One, 2]", ["One", "2"]),
        ("printed: ['', null, ' ']", ["A"]),
        ("author: 1901", ["A", "1901"]),
        ("author: [Ada, {given: null, family: Stone}, null]", ["A", "Ada, Stone"]),
        ("keywords: 7", ["A", "Keywords: 7"]),
    ],
)
def test_front_matter_is_a_document_however_it_is_put(tmp_path: Path, fields: str, lines: list[str]) -> None:
    """A field that is one value stands for a list of it, and a number for its digits."""
    write(tmp_path, article_md=f"---\ntitle: A\n{fields}\n---\nOne.\n")

    assert read_corpus(tmp_path).document("about").text.split("\n\n") == lines


def test_missing_folder_is_named(tmp_path: Path) -> None:
    """A corpus folder that is not there is named, with the option that names another."""
    with pytest.raises(CorpusError, match=r"nowhere: there is no such folder; name a corpus folder with --corpus\.$"):
        read_corpus(tmp_path / "nowhere")


def test_folder_called_like_an_article_is_passed_over(tmp_path: Path) -> None:
    """Only files are articles."""
    write(tmp_path, article_md=ARTICLE)
    (tmp_path / "drafts.md").mkdir()

    assert list(read_corpus(tmp_path).articles) == ["article"]


def test_list_of_references_survives_other_editors(tmp_path: Path) -> None:
    """A byte order mark and Windows line ends change nothing."""
    write(tmp_path, article_md=ARTICLE, references_json="\ufeff" + LISTING.replace('", "', '",\r\n"'))

    assert len(read_corpus(tmp_path).references) == len(json.loads(LISTING))


def test_folder_called_like_a_source_is_passed_over(tmp_path: Path) -> None:
    """Only files are texts of sources."""
    write(tmp_path, article_md=ARTICLE, references_json=LISTING)
    (tmp_path / "sources" / "1.md").mkdir(parents=True)

    assert not read_corpus(tmp_path).provenance


def test_files_of_a_corpus_are_those_that_build_reads(toy_corpus: Path) -> None:
    """A question set or any other file in the folder is no part of the index."""
    write(toy_corpus, questions_jsonl="{}", notes_txt="Words.", sources__1_md=ARTICLE)

    assert [path.name for path in corpus_files(toy_corpus)] == [
        "article.md", "question_index.jsonl", "references.json", "1.md",
    ]  # fmt: skip


def test_digest_follows_bytes_and_names(tmp_path: Path) -> None:
    """The digest of a corpus changes with a file's bytes or name, and with nothing else."""
    one, same, edited, renamed = (tmp_path / name for name in ("one", "same", "edited", "renamed"))
    for folder, name, content in (
        (one, "article_md", ARTICLE),
        (same, "article_md", ARTICLE),
        (edited, "article_md", ARTICLE + " "),
        (renamed, "tower_md", ARTICLE),
    ):
        folder.mkdir()
        write(folder, **{name: content})

    assert corpus_digest(one) == corpus_digest(same)
    assert len({corpus_digest(folder) for folder in (one, edited, renamed)}) == 3


def test_text_file_is_read_as_it_is(tmp_path: Path) -> None:
    """A UTF-8 file is returned with its line ends and its byte order mark."""
    write(tmp_path, a_md="\ufeffOne\r\nTwo €\n")

    assert read_text(tmp_path / "a.md") == "\ufeffOne\r\nTwo €\n"


def test_source_without_its_reference_is_refused(tmp_path: Path) -> None:
    """The text of a source that the list of references does not have is named, not served."""
    (tmp_path / "article.md").write_text("---\ntitle: Fog\n---\n\nThe horn was silent.\n", encoding="utf-8")
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "5.md").write_text("---\ntitle: Horn\n---\n\nA horn.\n", encoding="utf-8")

    with pytest.raises(CorpusError, match=r"sources/5\.md: there is no reference 5"):
        read_corpus(tmp_path)


DEEP = 100_000
NINE = [f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in pairwise("abcdefgh")]
ALIASES = "\n".join(["a: &a [x, x, x, x, x, x, x, x, x]", *NINE])


@pytest.mark.parametrize(
    ("front_matter", "message"),
    [
        ('"\\uD800": x', r"the front matter's '\\ud800' cannot be stored: "),
        ('keywords: ["a \\uDC00 b"]', r"the front matter's 'keywords' cannot be stored: "),
        (f"keywords: {'[' * DEEP}", r"the front matter is nested too deeply\.$"),
        (ALIASES, r"the front matter holds more than 100,000 values\.$"),
    ],
)
def test_front_matter_that_cannot_be_used_is_named(tmp_path: Path, front_matter: str, message: str) -> None:
    """Whatever YAML can say besides a work's description is refused in one sentence."""
    write(tmp_path, article_md=f"---\ntitle: A\n{front_matter}\n---\nOne.\n")

    with pytest.raises(CorpusError, match=rf"^article\.md:2: {message}"):
        read_corpus(tmp_path)


def test_reference_that_is_read_can_be_stored(tmp_path: Path) -> None:
    """A reference is refused where it is nested deeper than an index could be read again, and read where it is not."""
    works, refused = TypeAdapter(Corpus), []
    write(tmp_path, article_md=ARTICLE)
    for depth in (100, *range(190, 204)):
        csl = {"type": "book", "deep": json.loads("[" * depth + "]" * depth)}
        write(tmp_path, references_json=json.dumps([REFERENCE | {"csl": csl}]))
        try:
            corpus = read_corpus(tmp_path)
        except CorpusError:
            refused.append(depth)
            continue
        assert works.validate_json(works.dump_json(corpus)).references[0].csl == csl

    assert refused == list(range(refused[0], 204))
