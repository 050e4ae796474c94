"""Ask an index: the way of a question from its words to an answer."""

import re
import unicodedata
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from index.answers import compose, quotations
from index.chroma_server import ChromaAddress
from index.citations import Citations
from index.confidence import asks_one_thing, asks_something, features, judged_by, kind_of, probability, status
from index.domain import Answer, Corpus, Hit, IndexIdentity
from index.encoder import Encoder
from index.errors import BadQuestion
from index.followups import Searched, complete, content_words
from index.languages import unread_reason
from index.levels import Level, level_of
from index.limits import LONGEST_QUESTION, MOST_PASSAGES
from index.neighbours import NONE, Neighbours
from index.opened import OpenedIndex
from index.query_encoder import StoredEncoder
from index.questions import starter_questions
from index.ranking import Question, Way, rank
from index.source_questions import SourceQuestion
from index.sources import Ledger
from index.spelling import Speller
from index.stages import stage

_PLAIN = {"abstract", "introduction", "conclusion", "references", "notes"}
WITHOUT_SERVER = "The vector server does not answer; the vectors that the index folder holds were searched instead."
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2069\ufeff]")


class Searcher:
    """An opened index with the encoder that asks it."""

    def __init__(self, index: OpenedIndex, encoder: Encoder) -> None:
        self.index = index
        self._encoder = encoder
        self._one_at_a_time: AbstractContextManager[Any] = nullcontext() if isinstance(encoder, StoredEncoder) else Lock()

    @classmethod
    def open(cls, folder: Path, encoder: Encoder, server: ChromaAddress | None = None) -> "Searcher":
        """Open the current generation; raise MissingIndex, StaleIndex or VectorServerError where there is no sound one."""
        return cls(OpenedIndex.open(folder, server), encoder)

    @property
    def corpus(self) -> Corpus:
        """Return everything that can be quoted."""
        return self.index.corpus

    @property
    def citations(self) -> Citations:
        """Return the formatted citations."""
        return self.index.citations

    @cached_property
    def ledger(self) -> Ledger:
        """Return what is known of the cited sources."""
        return Ledger.of(self.index)

    @property
    def identity(self) -> IndexIdentity:
        """Return which index this is."""
        return IndexIdentity(self.index.fingerprint, self.index.encoder)

    @property
    def indexed_questions(self) -> int:
        """Return how many questions are indexed, answered ones and gaps; 0 without a question index."""
        return len(self.index.questions)

    @cached_property
    def starters(self) -> tuple[str, ...]:
        """Return questions to begin with; for a corpus without a question index, its headings."""
        headings = (d.text[h.start : h.end] for d in self.corpus.documents for h in d.headings if d.kind == "article")
        return starter_questions(self.index.questions) or tuple(h for h in headings if h.lower() not in _PLAIN)[:6]

    def ask(
        self, question: str, *, k: int = 5, previous: tuple[str, ...] = (), as_typed: bool = False,
        style: str = "chicago", way: Way = "full",
    ) -> Answer:  # fmt: skip
        """Return the answer with at most `k` passages.

        Raises BadQuestion where there is nothing to search, UnknownStyle, and BrokenPromise where the index
        would have to serve words that do not stand in the document.
        """
        with stage("read"):
            asking = Searched(clean(question)) if as_typed else self.complete(question, previous)
            searched = asking.text
        asked, hits = self.find(asking, way=way)
        with stage("confidence"):
            judging = judged_by(self.index, hits, asked.neighbours)
            fitted = self.index.calibration.of(kind_of(judging))
            unread = unread_reason(clean(question), encoder=self.index.encoder)
            one_thing = asks_one_thing(searched, asked.neighbours)
            stray = not one_thing and self._is_stray(searched)
            silent = not hits or unread or stray or not asks_something(searched, asked.neighbours)
            confidence = 0.0 if silent else probability(features(hits, judging), fitted)
            may_claim = not silent and self._may_claim(hits[0]) and one_thing
            state = status(confidence, fitted, may_claim=may_claim)
        with stage("compose"):
            return compose(
                self.index, question=question, searched=searched, status=state, confidence=confidence,
                found=quotations(self.index, hits, min(k, MOST_PASSAGES), style), style=style,
                related_questions=() if state == "answered" else asked.neighbours.related_questions(self.index, searched),
                degraded=tuple(reason for reason in (unread, *self._without) if reason),
            )  # fmt: skip

    def _is_stray(self, searched: str) -> bool:
        """Tell whether neither the corpus nor its questions have any word of this: «hello», «asdf»."""
        return not any(self._speller.has_met(w) or self.index.lexical.scores(w).any() for w in content_words(searched))

    def _may_claim(self, hit: Hit) -> bool:
        """Tell whether a claim may rest on this passage: the editors' words never make more than *related*."""
        return self.index.passages[hit.passage].role != "annotation"

    @property
    def _without(self) -> tuple[str | None, ...]:
        return self._without_question_index, self._without_token_states, self.without_server

    @property
    def _without_question_index(self) -> str | None:
        return None if self.index.questions else "This article has no index of questions, so answers are less sure."

    @property
    def _without_token_states(self) -> str | None:
        kept = self.index.arrays.passages.has_states
        return None if kept else "This index holds no token states, so passages are ranked by their sentences' vectors alone."

    @property
    def without_server(self) -> str | None:
        """Return what is said while the vector server is away; None otherwise, and where there is none to be had."""
        return WITHOUT_SERVER if self.index.vectors.server_is_away else None

    def complete(self, question: str, previous: tuple[str, ...] = ()) -> Searched:
        """Return the question as it is searched: completed from the questions before it, misspelt words mended.

        Raises BadQuestion where there is nothing to search.
        """
        typed = clean(question)
        completed = complete(typed, [clean(p) for p in previous])
        before = self._speller.mend(completed.removesuffix(typed))
        return Searched(before + self._speller.mend(typed), len(before))

    @cached_property
    def _speller(self) -> Speller:
        texts = (d.text for d in self.index.corpus.documents)
        return Speller(texts, (q.question for q in self.index.questions))

    def nearest_indexed(self, searched: str) -> float | None:
        """Return the cosine of the nearest indexed question, answered or gap; None without a question index."""
        if not self.index.questions:
            return None
        vector = self._encoder.encode_question(searched).vector
        return float((self.index.arrays.questions.vectors @ vector).max())

    def find(self, searched: Searched, *, way: Way = "full") -> tuple[Question, list[Hit]]:
        """Return the question with what it was searched by, and every candidate ranked."""
        with stage("encode"), self._one_at_a_time:
            encoding = self._encoder.encode_question(searched.text)
        with stage("question_index"):
            neighbours = Neighbours.find(self.index, searched, encoding) if way == "full" else NONE
        question = Question(searched.text, encoding, neighbours, SourceQuestion.read(searched.text))
        return question, rank(self.index, question, way)

    def level(self, answer: Answer) -> Level | None:
        """Return what the confidence of an answer means, or None where that was not measured."""
        return level_of(self.index, answer)

    def close(self) -> None:
        """Let go of the index."""
        self.index.close()


def clean(question: str) -> str:
    """Return the question in NFC, control characters out and white space joined; raise BadQuestion where no word is left."""
    if len(question) > LONGEST_QUESTION:
        raise BadQuestion(f"The question is longer than {LONGEST_QUESTION:,} characters; ask a shorter one.")
    try:
        question.encode()
    except UnicodeEncodeError:
        raise BadQuestion("The question holds characters that are no text; type it again.") from None
    words = " ".join(_CONTROL.sub(" ", unicodedata.normalize("NFC", question)).split())
    if not words:
        raise BadQuestion("The question is empty; type a question.")
    if not any(c.isalnum() for c in words):
        raise BadQuestion("The question has no word in it; type a question.")
    return words
