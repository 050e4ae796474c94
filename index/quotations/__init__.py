"""Check what others quote against everything that is known."""
