"""Values read from requests: what training draws is read back, and nothing that means something to a shell is."""

import random
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrm_edge.shell_recipes.values import KINDS
from hrm_edge.shell_recipes.wording import unquoted, words_of
from hrm_edge.train.data.shell.slots import SLOTS

DRAWS = 200


def test_every_slot_that_training_draws_can_be_read() -> None:
    assert set(KINDS) == set(SLOTS)


@pytest.mark.parametrize("kind", sorted(SLOTS))
def test_what_training_draws_is_read_back_as_it_is_typed(kind: str) -> None:
    rng = random.Random(kind)
    for _ in range(DRAWS):
        asked, typed = SLOTS[kind](rng)
        assert len(words_of(f"show {asked}")) <= 1 + KINDS[kind].longest
        assert KINDS[kind].read(unquoted(asked)) == typed, asked


@given(st.sampled_from(sorted(KINDS)), st.text(max_size=30))
def test_what_is_read_is_one_word_to_the_shell_and_no_option(kind: str, text: str) -> None:
    """In double quotes too, where a command has them: nothing is expanded there that was not asked for."""
    value = KINDS[kind].read(text)
    if value is None:
        return
    assert not value.startswith("-")
    assert not set(value) & set("`$\\\"'!*?[]{}<>|&\n")
    if kind != "message":  # which stands in quotes in every recipe
        assert shlex.split(value, comments=True) == [value]
        assert not set(value) & set(";()# ")


@pytest.mark.parametrize(
    ("kind", "text", "typed"),
    [
        ("size", "2 gigabytes", "2G"),
        ("size", "1GiB", "1G"),
        ("size", "10", None),
        ("ext", "Python", "py"),
        ("ext", "*.tar.gz", "tar.gz"),
        ("ext", "big", None),
        ("days", "a week", "7"),
        ("days", "three days", "3"),
        ("days", "no days", None),
        ("minutes", "half an hour", "30"),
        ("column", "the third column", "3"),
        ("column", "the last column", None),
        ("dir", "notes.txt", None),
        ("dir", "conf.d/", "conf.d"),
        ("file", "-rf", None),
        ("file", "a;rm", None),
        ("message", 'say "no"', None),
        ("container", "/etc/passwd", None),
    ],
)
def test_reading_by_hand(kind: str, text: str, typed: str | None) -> None:
    assert KINDS[kind].read(text) == typed


def test_every_message_of_a_recipe_stands_in_quotes() -> None:
    from hrm_edge.shell_recipes.recipes import load_recipes

    commands = [recipe.command for recipe in load_recipes() if "{message}" in recipe.command]
    assert commands and all('"{message}"' in command for command in commands)
