from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from index.arrays import Arrays, TokenStates
from index.corpus import read_corpus
from index.domain import CutDocument
from index.encoded_texts import encode
from index.passages import cut
from index.state_files import OnDisk
from index.texts import EncodedText, embedded_prefix, passage_texts, sentence_texts, whole_text
from tests.conftest import ToyEncoder, silent

TEXT = EncodedText("Title\n", "Oil burns. Whales sing.", ((0, 10), (11, 23)))


def encoded(*texts: EncodedText, encoder: ToyEncoder, before: TokenStates | None = None) -> TokenStates:
    return encode(texts, encoder, before=before, progress=silent, what="encoding")[0]


def assert_same(one: TokenStates, other: TokenStates) -> None:
    for name in ("vectors", "states", "rows", "tokens", "firsts"):
        assert_array_equal(getattr(one, name), getattr(other, name), strict=True)
    assert one.keys == other.keys


def test_stretches_keep_the_states_of_their_tokens(toy_encoder: ToyEncoder) -> None:
    """Each stretch has the states of its own tokens, as they are inside the whole text, and the prefix has none."""
    found = encoded(TEXT, encoder=toy_encoder)
    whole = toy_encoder.encode(["Title\nOil burns. Whales sing."])[0]

    assert found.rows.tolist() == [0, 3, 6]
    assert found.tokens.tolist() == whole.tokens[1:].tolist()
    assert np.abs(found.widened(slice(None)) - whole.states[1:]).max() <= found.scales.max() / 2 + 1e-6
    assert_array_equal(found.vectors, whole.vector[None])


def test_stretch_without_tokens_has_a_zero_state(toy_encoder: ToyEncoder) -> None:
    """A sentence that the encoder reads nothing of keeps a row, so that sentences and rows stay in step."""
    found = encoded(EncodedText("", "Oil   burns.", ((0, 3), (4, 5), (6, 12))), encoder=toy_encoder)

    assert found.rows.tolist() == [0, 1, 2, 4]
    assert not found.states[1].any()
    assert found.states[[0, 2, 3]].any(axis=1).all()


def test_texts_keep_their_order(toy_encoder: ToyEncoder) -> None:
    """Whatever order texts are encoded in, rows and keys come in the order they were given."""
    texts = [whole_text(text) for text in ("Oil burns in the lamp.", "Oil.", "Oil burns.")]
    found = encoded(*texts, encoder=toy_encoder)

    assert np.diff(found.rows).tolist() == [6, 2, 3]
    assert found.keys == tuple(f"{text.key(toy_encoder)}:1" for text in texts)
    assert_array_equal(found.vectors[1], toy_encoder.encode(["Oil."])[0].vector)


def test_known_texts_are_not_read_again(toy_encoder: ToyEncoder) -> None:
    """What the generation before holds is taken from there, bit for bit, and nothing is encoded."""
    texts = (whole_text("Whales sing."), TEXT, whole_text("Oil burns."))
    before = encoded(*texts, encoder=toy_encoder)
    toy_encoder.read.clear()
    again = encoded(*texts, encoder=toy_encoder, before=before)

    assert toy_encoder.read == []
    assert_same(again, before)


def test_only_new_texts_are_read(toy_encoder: ToyEncoder) -> None:
    """A text that was edited is encoded, and the arrays are those of a build from nothing."""
    new = whole_text("Whales sleep.")
    before = encoded(TEXT, whole_text("Whales sing."), encoder=toy_encoder)
    fresh = encoded(new, TEXT, encoder=toy_encoder)
    toy_encoder.read.clear()
    after = encoded(new, TEXT, encoder=toy_encoder, before=before)

    assert toy_encoder.read == ["Whales sleep."]
    assert_same(after, fresh)


def test_repeated_text_is_read_once(toy_encoder: ToyEncoder) -> None:
    """A sentence that stands twice is encoded once and has two rows."""
    found, count = encode([whole_text("Oil.")] * 2, toy_encoder, before=None, progress=silent, what="encoding")

    assert toy_encoder.read == ["Oil."]
    assert (count, found.rows.tolist()) == (1, [0, 2, 4])


def test_key_follows_all_that_the_encoding_depends_on(toy_encoder: ToyEncoder) -> None:
    """Another prefix, text, cut, encoder or other weights make another key."""
    others = [
        replace(TEXT, prefix="Another\n"),
        replace(TEXT, text="Oil burns. Whales sink."),
        replace(TEXT, cuts=((0, 23),)),
        EncodedText("", "Title\nOil burns. Whales sing.", TEXT.cuts),
    ]
    renamed, retrained = ToyEncoder(), ToyEncoder()
    renamed.name, retrained.weights_sha256 = "another", "1" * 64
    keys = [TEXT.key(toy_encoder), *(t.key(toy_encoder) for t in others), TEXT.key(renamed), TEXT.key(retrained)]

    assert len(set(keys)) == 7


def test_vectors_alone_are_kept_where_states_are_not_wanted(toy_encoder: ToyEncoder) -> None:
    """Without states the vectors are the same and are known again."""
    texts = [TEXT, whole_text("Oil.")]
    bare, _ = encode(texts, toy_encoder, before=None, progress=silent, what="encoding", keep_states=False)
    again, count = encode(texts, toy_encoder, before=bare, progress=silent, what="encoding", keep_states=False)

    assert_array_equal(bare.vectors, encoded(*texts, encoder=toy_encoder).vectors)
    assert (bare.states.shape, bare.rows.tolist()) == ((0, 64), [0, 0, 0, 0])
    assert count == 0
    assert_same(again, bare)


def test_arrays_are_opened_as_written(tmp_path: Path, toy_encoder: ToyEncoder) -> None:
    """What was written is opened bit for bit, empty arrays among it, and is what would be kept in memory."""
    for name, texts in {"passages": [TEXT], "sentences": [whole_text("Oil.")], "questions": []}.items():
        encode(texts, toy_encoder, before=None, progress=silent, what="encoding", into=OnDisk(tmp_path / name))
    opened = Arrays.open(tmp_path)

    assert_same(opened.passages, encoded(TEXT, encoder=toy_encoder))
    assert_same(opened.sentences, encoded(whole_text("Oil."), encoder=toy_encoder))
    assert_same(opened.questions, encoded(encoder=toy_encoder))


def test_progress_ends_at_the_total(toy_encoder: ToyEncoder) -> None:
    """Progress is told after each chunk and ends with all that was to be done."""
    told: list[tuple[str, int, int]] = []
    texts = [whole_text(f"Text {n}") for n in range(300)]
    encode(texts, toy_encoder, before=None, progress=lambda *step: told.append(step), what="encoding questions")

    assert {(what, total) for what, _, total in told} == {("encoding questions", 300)}
    assert [done for _, done, _ in told] == [256, 300]


def test_passages_are_embedded_with_title_and_heading(toy_corpus: Path, toy_encoder: ToyEncoder) -> None:
    """A passage is read behind its document's title, and its heading where there are several; a sentence by itself."""
    corpus = read_corpus(toy_corpus)
    article, about = (
        CutDocument(d, tuple(cut(d, count_tokens=toy_encoder.count_tokens, limit=40))) for d in corpus.documents[:2]
    )
    texts, sentences = list(passage_texts(article, toy_encoder)), list(sentence_texts(article))

    assert texts[0].prefix == "The Lighthouse on Corran Rock\nThe building\n"
    assert {text.prefix for text in passage_texts(about, toy_encoder)} == {"About the article\n"}
    assert texts[0].text.startswith("Work on the tower began")
    assert [t.text[a:b] for t in texts for a, b in t.cuts] == [s.text for s in sentences]
    assert {s.prefix for s in sentences} == {""}


@pytest.mark.parametrize(("words", "prefix"), [(30, "word " * 29 + "word\n"), (31, "")])
def test_long_title_is_not_embedded(toy_encoder: ToyEncoder, words: int, prefix: str) -> None:
    """A title that would fill more than half of what the encoder reads leaves the room to the passage."""
    assert embedded_prefix(" ".join(["word"] * words), None, toy_encoder) == prefix
