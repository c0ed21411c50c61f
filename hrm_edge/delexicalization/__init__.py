"""Names taken out of a request before a model reads it, and put back into what it answers (delexicalization)."""
