"""The few things that can go wrong, each a sentence a person can act on."""


class FootnoteError(Exception):
    """Base of all errors that are shown to people as one sentence."""


class CorpusError(FootnoteError):
    """A corpus file is malformed; the message names file, line and what is wrong."""


class MissingIndex(FootnoteError):
    """There is no index yet; the message names the command that makes it."""


class StaleIndex(FootnoteError):
    """The index was made from another corpus, by other settings, or is damaged."""


class VectorServerError(FootnoteError):
    """The Chroma server that holds the vectors cannot be reached, is none, or does not hold those of this index."""


class BuildBusy(FootnoteError):
    """Another build holds the index folder."""


class BadQuestion(FootnoteError):
    """The question cannot be searched: empty, too long, or without a word in it."""


class BrokenPromise(FootnoteError):
    """An answer's words do not stand in the document where it says; it must not be served."""


class UnknownStyle(FootnoteError):
    """There is no citation style of this name; the message names those there are."""


class BadDraft(FootnoteError):
    """The draft cannot be checked: it has no word, is too long, or is claimed from a document that there is not."""
