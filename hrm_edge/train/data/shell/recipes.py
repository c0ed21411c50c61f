"""Everyday shell commands as a curriculum of our own: a few ways to ask, one command, and slots with fresh values.

A file under `recipes/` holds blocks separated by a blank line. A block is several requests, one a line, then one line
`$ command`. `{size}` is a slot: each filling draws a new value for it, whose written form may differ between request
("100 MB") and command ("100M"). `{file2}` is a second, different file; `{newfile}` one that need not exist yet. Values
are made of random parts, so that a model must copy them rather than remember them. Braces around anything else than
one lower-case word are plain text: `{}`, `{print $1}` and `{{.Names}}` need no escape.
"""
# ruff: noqa: SIM905 — a pool of words reads better as a text than as a list with a quote around each.

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources

from hrm_edge.errors import DataError
from hrm_edge.train.data.shell.slots import SLOTS

COMMAND_MARK = "$ "
LEAST_ASKS = 4
NOISE_SHARE = 0.25
_SLOT = re.compile(r"\{([a-z]+)(\d*)\}")
_QUESTION = re.compile(r"(how|what|which|who|where|when|is|are|can|does|do|did)\b", re.IGNORECASE)
_VERBS = (
    "add append apply back bring build calculate change check clean clear clone collect combine commit compare "
    "compress compute concatenate continue convert copy count create cut decode decompress delete determine disable "
    "discard display divide download drop duplicate edit enable encode end enter erase exclude execute export extract "
    "fetch filter find fold follow force format generate get give go grep identify insert install join keep kill "
    "launch list load locate look make measure merge mirror monitor move open pack paste pick ping print pull push "
    "put read rebase recursively register remove rename replace reset resolve restart restore reverse revert run save "
    "search send set show shuffle sort split squash stage start stash stop strip substitute switch sync synchronize "
    "tag test turn undo uninstall unpack unstage untar unzip update upgrade upload use view watch wrap write zip"
).split()
_VERB_FIRST = re.compile(rf"({'|'.join(_VERBS)})\b(?! me\b)")


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
    folder = resources.files("hrm_edge.train.data.shell").joinpath("recipes")
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
        for match in _SLOT.finditer(text):
            if match[1] not in SLOTS:
                raise DataError(f"{where}: unknown slot {match[0]} in {text!r}; slots are {', '.join(SLOTS)}")
    wanted = slots_of(recipe.command)
    for ask in recipe.asks:
        differing = sorted(wanted ^ slots_of(ask))
        if differing:
            raise DataError(f"{where}: request {ask!r} and command must hold the same slots; differing: {differing}")
    return recipe


def slots_of(text: str) -> frozenset[str]:
    """The names of the slots in a request or command, numbers included."""
    return frozenset(match[1] + match[2] for match in _SLOT.finditer(text))


def draw_values(recipe: Recipe, rng: random.Random) -> dict[str, tuple[str, str]]:
    """(asked, typed) of every slot of the recipe; no two slots are typed the same."""
    values: dict[str, tuple[str, str]] = {}
    for slot in sorted(slots_of(recipe.command)):
        draw: Callable[[random.Random], tuple[str, str]] = SLOTS[slot.rstrip("0123456789")]
        taken = {typed for _, typed in values.values()}
        value = draw(rng)
        while value[1] in taken:
            value = draw(rng)
        values[slot] = value
    return values


def typed_command(recipe: Recipe, values: dict[str, tuple[str, str]]) -> str:
    """The command with the values of `draw_values`."""
    return _SLOT.sub(lambda match: values[match[1] + match[2]][1], recipe.command)


def fill(recipe: Recipe, rng: random.Random) -> tuple[str, str]:
    """(request, command): one of the asks and the command with fresh values, the request as people write it."""
    values = draw_values(recipe, rng)
    ask = rng.choice(recipe.asks)
    request = _SLOT.sub(lambda match: values[match[1] + match[2]][0], ask)
    # A value at the start keeps its letters: capitals in a file or branch name mean something.
    return _noisy(request, rng, may_capitalise=not ask.startswith("{")), typed_command(recipe, values)


def _noisy(request: str, rng: random.Random, *, may_capitalise: bool) -> str:
    """The request with the small habits of people: courtesy, a capital letter, a full stop or question mark."""
    is_question = _QUESTION.match(request) is not None
    if _VERB_FIRST.match(request) and rng.random() < NOISE_SHARE:
        # Only before a verb: "how do I view a.zip" is English, "how do I total size of src" is not.
        lead = rng.choice(["how do I ", "how to ", "how can i ", "please ", "can you ", "i want to ", "command to "])
        is_question = lead.startswith(("how do", "how can", "can"))
        request = lead + request
    elif rng.random() < NOISE_SHARE / 5:
        request += " please"
    if may_capitalise and rng.random() < NOISE_SHARE:
        request = request[0].upper() + request[1:]
    if rng.random() < NOISE_SHARE:
        request += "?" if is_question else "."
    return request
