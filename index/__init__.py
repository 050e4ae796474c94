"""Turn a corpus of footnoted articles into something that can be asked."""
