"""The catalogue: concepts written in the subset of Python that the intermediate form reads."""
