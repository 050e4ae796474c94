"""Measure how well questions are answered, and how sure the figures are."""
