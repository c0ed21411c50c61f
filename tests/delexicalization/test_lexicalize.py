"""Names in their places in a command: what they are to bash, and how they come in pieces."""

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrm_edge.delexicalization.lexicalize import NameStream, lexicalize

NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\n\r$~*?[]{}!", exclude_categories=["Cs", "Cc"]), min_size=1
)
"""Without what a user means for the shell to expand."""


def arguments(code):
    """What bash makes of `printf` and its arguments."""
    ran = subprocess.run(["bash", "-c", code], capture_output=True, check=True)
    return ran.stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize(
    ("place", "around"),
    [
        ("<|name1|>", "{}"),
        ("'<|name1|>'", "{}"),
        ('"<|name1|>"', "{}"),
        ("'a b'<|name1|>", "a b{}"),
        ("x\\<|name1|>", "x{}"),
        ("'it'\\''s <|name1|>'", "it's {}"),
        ('"say \\"<|name1|>\\""', 'say "{}"'),
        ('"\\\\<|name1|>"', "\\{}"),
    ],
)
@settings(max_examples=25)
@given(name=NAMES)
def test_a_name_is_one_word_to_bash_wherever_it_stands(place, around, name):
    answer = lexicalize(f"```bash\nprintf '%s\\0' {place} end\n```", [name])
    code = answer.removeprefix("```bash\n").removesuffix("\n```")
    assert arguments(code) == [around.format(name), "end"]


@pytest.mark.parametrize(
    "name", ["; touch oops", "$(touch oops)", "`touch oops`", "a' ; touch oops '", 'a" ; touch oops "']
)
@pytest.mark.parametrize("place", ["<|name1|>", "'<|name1|>'", '"<|name1|>"'])
def test_a_name_runs_nothing(tmp_path, place, name):
    answer = lexicalize(f"```bash\nprintf '%s\\0' {place}\n```", [name])
    subprocess.run(["bash", "-c", answer[8:-4]], cwd=tmp_path, check=True, capture_output=True)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "written"), [("~/a b", "'~/a b'"), ("~/a", "~/a"), ("*.t?t", "*.t?t"), ("$HOME/x y", '"$HOME/x y"')]
)
def test_what_is_meant_for_the_shell_stays_so_where_it_can(name, written):
    assert lexicalize("```bash\nls <|name1|>\n```", [name]) == f"```bash\nls {written}\n```"


def test_outside_the_shell_names_stand_as_they_are():
    assert lexicalize("<|name1|>: <|name2|>", ["a b", "it's"]) == "a b: it's"
    assert lexicalize("```python\nopen('<|name1|>')\n```", ["a b"]) == "```python\nopen('a b')\n```"
    assert lexicalize("```bash\nls\n```\n<|name1|>", ["a b"]) == "```bash\nls\n```\na b"


def test_a_token_without_a_name_stays():
    assert lexicalize("a <|name2|>", ["x"]) == "a <|name2|>"
    assert lexicalize("a <|name1|>", []) == "a <|name1|>"


@given(st.lists(st.sampled_from(["```bash\n", "'", '"', "\\", "a ", "<|name1|>", "<|name2|>", "\n```", "$x"])))
def test_pieces_give_what_the_whole_gives(pieces):
    names = ["a b", "it's"]
    stream = NameStream(names)
    assert "".join(map(stream.add, pieces)) == lexicalize("".join(pieces), names)
