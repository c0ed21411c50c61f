"""Training examples from the recipes (hrm_edge.shell_recipes): slots with fresh values, requests as people write them.

Values are made of random parts, so that a model must copy them rather than remember them.
"""
# ruff: noqa: SIM905 — a pool of words reads better as a text than as a list with a quote around each.

import random
import re
from collections.abc import Callable, Mapping

from hrm_edge.shell_recipes.recipes import SLOT, Recipe, slots_of, typed_command
from hrm_edge.train.data.shell.slots import SLOTS

NOISE_SHARE = 0.25
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


def fill(recipe: Recipe, rng: random.Random) -> tuple[str, str]:
    """(request, command): one of the asks and the command with fresh values, the request as people write it."""
    values = draw_values(recipe, rng)
    ask = rng.choice(recipe.asks)
    request = SLOT.sub(lambda match: values[match[1] + match[2]][0], ask)
    # A value at the start keeps its letters: capitals in a file or branch name mean something.
    return _noisy(request, rng, may_capitalise=not ask.startswith("{")), command_with(recipe, values)


def command_with(recipe: Recipe, values: Mapping[str, tuple[str, str]]) -> str:
    """The command with the values of `draw_values`."""
    return typed_command(recipe, {slot: typed for slot, (_, typed) in values.items()})


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
