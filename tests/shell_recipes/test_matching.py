"""Requests read as recipes: what means the same is found, what says more is left to the model."""

import random
import subprocess

import pytest

from hrm_edge.shell_recipes.matching import LEAST_SCORE, Recipes, read_request
from hrm_edge.shell_recipes.recipes import Recipe, load_recipes
from hrm_edge.train.data.shell.filling import fill

EVERY = 7
"""One recipe in so many is drawn."""


def reading_of(*recipes: tuple[str, str], request: str) -> str | None:
    """The command that the request is read as where these are all recipes there are."""
    reading = Recipes([Recipe(asks=(ask,), command=command) for ask, command in recipes]).read(request)
    return None if reading is None else reading.command


@pytest.mark.parametrize(
    ("request_text", "command"),
    [
        ("rename old.txt to new.txt", "mv old.txt new.txt"),
        ("Please rename the file old.txt to new.txt.", "mv old.txt new.txt"),
        ("how do I find all files larger than 2 GB?", "find . -type f -size +2G"),
        ("list python files modified in the last 7 days", "find . -type f -name '*.py' -mtime -7"),
        ("print the current directory", "pwd"),
        ("list the current directory", "ls"),
        ("create a new git branch called feature-x", "git switch -c feature-x"),
        ("stop container web", "docker stop web"),
        ("replace foo with bar in config.yml", "sed -i 's/foo/bar/g' config.yml"),
        ("commit everything with the message 'fix the bug'", 'git commit -am "fix the bug"'),
    ],
)
def test_everyday_requests_are_read(request_text: str, command: str) -> None:
    reading = read_request(request_text)
    assert reading is not None and reading.command == command and reading.score >= LEAST_SCORE


@pytest.mark.parametrize(
    "request_text",
    [
        "",
        "hello",
        "write a python function that renames a file",
        "find all files larger than 100 MB and delete them",  # says more than the recipe does
        "rename all .jpeg files to lower case",
        "rename old.txt; rm -rf / to new.txt",
        "rename $(reboot) to new.txt",
        "remove -rf",
        "delete every line of notes.txt that mentions a date before 2020",
        "word " * 500,
    ],
)
def test_what_says_more_or_something_else_is_not_read(request_text: str) -> None:
    assert read_request(request_text) is None


def test_drawn_requests_of_recipes_are_read_as_commands_that_their_words_allow() -> None:
    """A request that training draws from a wording is read as that wording's command, or as another's that reads the
    same with the values taken out: two recipes may share their words, as `big` of a file and of a folder do."""
    rng = random.Random(2)
    recipes = load_recipes()[::EVERY]
    asked = Recipes(recipes)
    read = right = 0
    for recipe in recipes:
        request, command = fill(recipe, rng)
        reading = asked.read(request)
        read += reading is not None
        right += reading is not None and reading.command == command
    assert read >= 0.95 * len(recipes)
    assert right >= 0.95 * read


def test_synonyms_and_forms_mean_the_same() -> None:
    recipe = ("delete the folder {dir}", "rm -r {dir}")
    for request in ("remove the directory old", "Removing folder old", "erase the folder 'old'", "delete folder old"):
        assert reading_of(recipe, request=request) == "rm -r old"


def test_a_program_that_the_wording_names_must_be_named() -> None:
    recipe = ("show docker disk usage", "docker system df")
    assert reading_of(recipe, request="show the disk usage of docker") is None  # in another order
    assert reading_of(recipe, request="show disk usage") is None
    assert reading_of(recipe, request="show me docker disk usage") == "docker system df"


def test_all_is_free_only_before_what_the_wording_has_in_the_plural() -> None:
    many, one = ("list {ext} files", "ls *.{ext}"), ("delete the folder {dir}", "rm -r {dir}")
    assert reading_of(many, request="list all .txt files") == "ls *.txt"
    assert reading_of(one, request="delete all folders named test") is None


def test_a_whole_tree_is_free_only_where_the_command_goes_through_one() -> None:
    deep, flat = ("find {ext} files", "find . -name '*.{ext}'"), ("find {ext} files", "ls *.{ext}")
    for request in ("find c files in the current directory tree", "find c files recursively"):
        assert reading_of(deep, request=request) == "find . -name '*.c'"
        assert reading_of(flat, request=request) is None


def test_a_plain_word_is_a_value_only_where_the_words_beside_it_say_so() -> None:
    recipe = ("search {dir} for {ext} files", "find {dir} -name '*.{ext}'")
    assert reading_of(recipe, request="search photos for png files") == "find photos -name '*.png'"
    assert reading_of(recipe, request="search suspicious png files") is None


def test_the_same_slot_twice_takes_one_value() -> None:
    recipe = ("copy {file} and delete {file}", "cp {file} x && rm {file}")
    assert reading_of(recipe, request="copy a.txt and delete a.txt") == "cp a.txt x && rm a.txt"
    assert reading_of(recipe, request="copy a.txt and delete b.txt") is None


def test_every_reading_is_valid_bash() -> None:
    rng = random.Random(5)
    commands = [
        reading.command
        for recipe in load_recipes()[::EVERY]
        if (reading := read_request(fill(recipe, rng)[0])) is not None
    ]
    script = "\n".join(f"f{number}() {{\n{command}\n}}" for number, command in enumerate(commands))
    result = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
