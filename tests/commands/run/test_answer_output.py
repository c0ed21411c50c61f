"""What a model writes cannot steer the terminal it is shown on."""

from hypothesis import given
from hypothesis import strategies as st

from hrm_edge.commands.run.answer_output import harmless


def test_escape_sequences_are_shown_not_obeyed():
    assert harmless("\x1b]0;title\x07rm\r\u202e") == "\\x1b]0;title\\x07rm\\r\\u202e"


@given(st.text())
def test_what_is_left_prints_and_printable_text_is_unchanged(text):
    shown = harmless(text)
    assert all(character.isprintable() or character in "\n\t" for character in shown)
    if text.isprintable():
        assert shown == text
