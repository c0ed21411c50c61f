"""The suffix automaton against a search of the whole text."""

import sys

from hypothesis import given
from hypothesis import strategies as st

from hrm_edge.runtimes.suffix_index import SuffixIndex

TEXTS = st.lists(st.integers(0, 2), max_size=60) | st.lists(st.integers(0, 300), max_size=60)


def searched(text: list[int]) -> tuple[int, int]:
    """The longest suffix that also ends before the end, and where it does first."""
    for length in range(len(text) - 1, 0, -1):
        for end in range(length, len(text)):
            if text[end - length : end] == text[-length:]:
                return length, end
    return 0, 0


@given(TEXTS)
def test_suffix_index_finds_the_longest_repeated_suffix_after_every_token(text):
    index = SuffixIndex()
    for length, token in enumerate(text, start=1):
        index.append(token)
        assert index.repeated_suffix == searched(text[:length])
    assert index.tokens == text


@given(TEXTS)
def test_suffix_index_of_a_text_is_the_one_that_grew(text):
    grown = SuffixIndex(text[: len(text) // 2])
    for token in text[len(text) // 2 :]:
        grown.append(token)
    assert SuffixIndex(text).repeated_suffix == grown.repeated_suffix


def test_suffix_index_reads_each_token_in_constant_time():
    """Operations are counted, not timed: lines run in the module for a text ten times as long."""

    def lines(length: int) -> int:
        ran = 0

        def trace(frame, event, _):
            nonlocal ran
            ran += event == "line"
            return trace if frame.f_code.co_filename.endswith("suffix_index.py") else None

        text = [place * place % 7 for place in range(length)]  # periodic: what a search would be slowest on
        sys.settrace(trace)
        try:
            SuffixIndex(text)
        finally:
            sys.settrace(None)
        return ran

    assert lines(3000) < 11 * lines(300)
