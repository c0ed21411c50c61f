"""Values that the conditions of a file search ask for, as asked and as typed, beside those of the recipes' slots."""

import random
from collections.abc import Callable

from hrm_edge.train.data.shell.slots import SLOTS, Value

Draw = Callable[[random.Random], tuple[Value, ...]]
"""Draws the values of one condition."""


def values(*slots: str) -> Draw:
    """A function that draws a value of each slot, no two typed the same."""

    def draw(rng: random.Random) -> tuple[Value, ...]:
        while True:
            drawn = tuple(_DRAWN[slot](rng) for slot in slots)
            if len({typed for _, typed in drawn}) == len(drawn):
                return drawn

    return draw


def _bare_extension(rng: random.Random) -> Value:
    typed = SLOTS["ext"](rng)[1]
    return rng.choice([f".{typed}", f".{typed}", typed]), typed


def quoted(rng: random.Random, typed: str) -> Value:
    """The name as it stands, or now and then in quotes."""
    return rng.choice([typed, typed, f"'{typed}'", f'"{typed}"']), typed


def _suffix(rng: random.Random) -> Value:
    end = rng.choice(["", "", f".{SLOTS['ext'](rng)[1]}"])
    return quoted(rng, f"{rng.choice('_-')}{SLOTS['key'](rng)[1]}{end}")


def _file_name(rng: random.Random) -> Value:
    return quoted(rng, SLOTS["file"](rng)[1].rpartition("/")[2])


def _big_enough(rng: random.Random) -> Value:
    """A size of two units or more: find rounds sizes up, so that below one unit nothing but empty files is left."""
    while int((size := SLOTS["size"](rng))[1][:-1]) < 2:
        pass
    return size


def size_range(rng: random.Random) -> tuple[Value, ...]:
    """Two sizes of one unit, the smaller first."""
    unit = rng.choice(["k", "M", "M", "G"])
    low, high = sorted(rng.sample(range(1, 20) if unit == "G" else range(1, 1000), 2))
    shown = rng.choice([unit.upper(), f"{unit.upper()}B", f" {unit.upper()}B"])
    return (f"{low}{shown}", f"{low}{unit}"), (f"{high}{shown}", f"{high}{unit}")


def _bytes(rng: random.Random) -> Value:
    typed = rng.choice(["512", "1024", "4096", str(rng.randint(2, 99_999))])
    return typed, typed


def _last(slot: str) -> Callable[[random.Random], Value]:
    """Draws what follows "in the last": a week ago is in the last week."""

    def draw(rng: random.Random) -> Value:
        if slot == "days" and rng.random() < 0.1:
            return rng.choice(["24 hours", "day"]), "1"
        asked, typed = SLOTS[slot](rng)
        first, _, rest = asked.partition(" ")
        return (rest if first in {"a", "an", "one"} else asked), typed

    return draw


def _folder(rng: random.Random) -> Value:
    name = rng.choice(["node_modules", ".git", "vendor", "build", "dist", ".venv", SLOTS["name"](rng)[1]])
    return name, name


_DRAWN: dict[str, Callable[[random.Random], Value]] = {
    **SLOTS,
    "bare": _bare_extension,
    "suffix": _suffix,
    "filename": _file_name,
    "stem": lambda rng: quoted(rng, SLOTS["name"](rng)[1]),
    "part": lambda rng: quoted(rng, SLOTS["key"](rng)[1]),
    "atleast": _big_enough,
    "bytes": _bytes,
    "lastdays": _last("days"),
    "lastminutes": _last("minutes"),
    "folder": _folder,
}
