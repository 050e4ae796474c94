"""Order the passages for a question: candidates by vector and by word, then late interaction and the question index."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index.domain import Hit
from index.encoder import Encoding, Floats
from index.late_interaction import Stretches, shares, spelt
from index.neighbours import Neighbours
from index.opened import PASSAGE_VECTORS, OpenedIndex
from index.source_questions import SourceQuestion
from index.stages import stage
from index.vector_search import largest

Way = Literal["bm25", "dense", "fused", "late", "full"]
WAYS: tuple[Way, ...] = ("bm25", "dense", "fused", "late", "full")

CANDIDATES = 30
"""By vector, and as many by word. Where every passage is one, no development question has its first right passage elsewhere."""
MOST_HITS = 40
RRF_K = 60  # Cormack, Clarke and Buettcher 2009
SENTENCE_WEIGHT = 0.3
VOTE_WEIGHT = 0.6
ANNOTATION_PENALTY = 0.15
NOTE_ASKED_FOR = 2.0


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is searched: its words, what the encoder made of them, its neighbours in the question index."""

    text: str
    encoding: Encoding
    neighbours: Neighbours
    source: SourceQuestion


def rank(index: OpenedIndex, question: Question, way: Way = "full") -> list[Hit]:
    """Return the hits, best first, at most MOST_HITS; ties go to the passage that stands first.

    The ways are: `bm25` and `dense` alone; `fused`, reciprocal rank fusion of both and the best sentence's
    vector; `late`, late interaction and the best sentence; `full`, the same and the question index. Where the index
    holds no token states, a sentence's vector stands in for late interaction with it.
    """
    with stage("candidates"):
        candidates, dense, bm25 = _candidates(index, question)
    if not len(candidates):
        return []
    with stage("late_interaction"):
        parts = _parts(index, question, candidates, dense, bm25)
    scores = np.round(_combine(parts, way) + _role_terms(index, question, candidates), 6)
    admitted = question.source.admitted(index)[candidates]
    order = [i for i in np.lexsort((candidates, -scores)) if admitted[i]][:MOST_HITS]
    sentence_scores = _rounded(parts.pop("sentences"))
    firsts = index.first_sentences
    bounds = np.cumsum([0, *(firsts[candidates + 1] - firsts[candidates])]).tolist()
    rounded = {name: _rounded(values) for name, values in parts.items()}
    return [
        Hit(
            passage=int(candidates[i]),
            score=round(float(scores[i]), 6),
            sentences=tuple(sentence_scores[bounds[i] : bounds[i + 1]]),
            parts={name: values[i] for name, values in rounded.items()},
        )
        for i in order
    ]


def _rounded(values: Floats) -> list[float]:
    return list(values.astype(np.float64).round(6).tolist())


def _candidates(index: OpenedIndex, question: Question) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Return the passages to score with their cosine and BM25."""
    bm25 = index.lexical.scores(question.text)
    by_vector, _ = index.vectors.search(PASSAGE_VECTORS, question.encoding.vector, CANDIDATES)
    by_word = largest(bm25, CANDIDATES)
    by_question, carrying = question.neighbours.passages(index), question.source.passages(index)
    found = np.unique(np.concatenate([by_vector, by_word[bm25[by_word] > 0], by_question, carrying])).astype(np.int64)
    dense = np.round(index.arrays.passages.vectors[found] @ question.encoding.vector, 6)
    return found, np.asarray(dense, dtype=np.float32), bm25[found]


def _parts(
    index: OpenedIndex, question: Question, passages: NDArray[np.int64], dense: Floats, bm25: Floats
) -> dict[str, Floats]:
    found = Stretches(index.arrays.passages, index.first_sentences, passages)
    alone = index.arrays.sentences.vectors[found.rows] @ question.encoding.vector
    nearest = np.maximum.reduceat(alone, found.text_starts)
    covered, together = alone, nearest
    if index.arrays.passages.has_states:
        similarities = found.similarities(question.encoding)
        share = shares(index.passage_token_weights, question.encoding.tokens, spelt(question.text, question.encoding))
        covered, together = found.covered(similarities, share), found.covered_by_texts(similarities, share)
    indexed = question.neighbours.sentence_scores(index)[found.rows]
    votes = question.neighbours.votes(index)[found.rows]
    noted = np.isin(found.rows, question.source.sentences(index)) * NOTE_ASKED_FOR
    return {
        "bm25": bm25 / max(float(bm25.max(initial=0.0)), 1e-9),
        "dense": dense,
        "late_interaction": together,
        "sentence": nearest,
        "question_index": np.maximum.reduceat(indexed, found.text_starts),
        "sentences": covered + SENTENCE_WEIGHT * alone + indexed + VOTE_WEIGHT * votes + noted,
    }


def _combine(parts: dict[str, Floats], way: Way) -> Floats:
    if way in ("bm25", "dense"):
        return parts[way]
    if way == "fused":
        return sum((_reciprocal_ranks(parts[name]) for name in ("dense", "bm25", "sentence")), np.zeros(1, np.float32))
    late = parts["late_interaction"] + SENTENCE_WEIGHT * parts["sentence"]
    return late if way == "late" else late + parts["question_index"]


def _reciprocal_ranks(scores: Floats) -> Floats:
    ranks = np.empty(len(scores), dtype=np.float32)
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return np.where(scores > 0, 1 / (RRF_K + ranks), 0).astype(np.float32)


def _role_terms(index: OpenedIndex, question: Question, passages: NDArray[np.int64]) -> Floats:
    """Put the editors' words behind the article's, and a note that is asked for by number before everything.

    A source's passage, which no indexed question leads to, gets what an ordinary neighbour would give it.
    """
    terms = np.zeros(len(passages), dtype=np.float32)
    terms[index.has_role("source")[passages]] += question.neighbours.ordinary
    terms[np.isin(passages, question.source.passages(index))] += NOTE_ASKED_FOR
    if not question.source.asked:
        terms[index.has_role("annotation")[passages]] -= ANNOTATION_PENALTY
    return terms
