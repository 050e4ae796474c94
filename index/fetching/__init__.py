"""Bring the texts of the cited sources: the only part of Footnote that goes to the network."""
