"""Everyday shell commands: a few ways to ask, one command, and slots for the values of a request.

A file under `recipes/` holds blocks separated by a blank line. A block is several requests, one a line, then one line
`$ command`. `{size}` is a slot, of a kind that hrm_edge.shell_recipes.values has, whose written form may differ between
request ("100 MB") and command ("100M"). `{file2}` is a second, different file; `{newfile}` one that need not exist yet.
Braces around anything else than one lower-case word are plain text: `{}`, `{print $1}` and `{{.Names}}` need no escape.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from hrm_edge.errors import DataError
from hrm_edge.shell_recipes.values import KINDS

COMMAND_MARK = "$ "
LEAST_ASKS = 4
SLOT = re.compile(r"\{([a-z]+)(\d*)\}")
"""The kind of a slot, and a number that tells it from another of its kind."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One command and the ways to ask for it."""

    asks: tuple[str, ...]
    """Requests that all mean the command, slots included."""
    command: str
    """The answer; its slots are those of every ask."""


def load_recipes() -> list[Recipe]:
    """All recipes of the package, file by file in the order of their names.

    Raises:
        DataError: a block breaks a rule of the format.
    """
    folder = resources.files("hrm_edge.shell_recipes").joinpath("recipes")
    files = [file for file in folder.iterdir() if file.name.endswith(".txt")]
    return [
        recipe
        for file in sorted(files, key=lambda file: file.name)
        for recipe in parse_recipes(file.read_text(encoding="utf-8"), file.name)
    ]


def parse_recipes(text: str, file_name: str) -> list[Recipe]:
    """The recipes of one file.

    Raises:
        DataError: a block without its command or with too few asks, an unknown slot, or a slot that the command and
            an ask do not share; the message names file and line.
    """
    recipes: list[Recipe] = []
    asks: list[str] = []
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        where = f"{file_name}:{number}"
        if line.startswith(COMMAND_MARK):
            recipes.append(_checked(Recipe(asks=tuple(asks), command=line.removeprefix(COMMAND_MARK)), where))
            asks = []
        elif line.strip():
            asks.append(line.strip())
        elif asks:
            raise DataError(f"{where}: the block ends without a command; add a line that starts with '{COMMAND_MARK}'")
    return recipes


def _checked(recipe: Recipe, where: str) -> Recipe:
    """The recipe, if it keeps the rules of the format."""
    if len(recipe.asks) < LEAST_ASKS:
        raise DataError(f"{where}: {len(recipe.asks)} requests above the command; write at least {LEAST_ASKS}")
    for text in (*recipe.asks, recipe.command):
        for match in SLOT.finditer(text):
            if match[1] not in KINDS:
                raise DataError(f"{where}: unknown slot {match[0]} in {text!r}; slots are {', '.join(KINDS)}")
    wanted = slots_of(recipe.command)
    for ask in recipe.asks:
        differing = sorted(wanted ^ slots_of(ask))
        if differing:
            raise DataError(f"{where}: request {ask!r} and command must hold the same slots; differing: {differing}")
    return recipe


def slots_of(text: str) -> frozenset[str]:
    """The names of the slots in a request or command, numbers included."""
    return frozenset(match[1] + match[2] for match in SLOT.finditer(text))


def typed_command(recipe: Recipe, typed: Mapping[str, str]) -> str:
    """The command with what is typed for each of its slots."""
    return SLOT.sub(lambda match: typed[match[1] + match[2]], recipe.command)
