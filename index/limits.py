"""How much may be asked at once; the command line, the pages and the JSON all keep to it."""

LONGEST_QUESTION = 1000
"""Characters of a question."""

MOST_PASSAGES = 20
"""Passages of an answer."""

LONGEST_DRAFT = 50_000
"""Characters of a draft whose quotations are checked: a chapter."""
