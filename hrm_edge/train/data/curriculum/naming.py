"""What a problem's function and parameters are called."""

import random

from hrm_edge.train.data.curriculum.parts import Part
from hrm_edge.train.data.ir.types import INT, STR, List, Type

_PLAIN_NAMES = ("solve", "compute", "answer", "calculate", "f", "solution_for", "process", "evaluate")
_LONGEST_NAME = 34
_PARAMETER_NAMES: dict[Type, tuple[str, ...]] = {
    List(INT): ("numbers", "values", "nums", "items", "xs", "data", "sequence", "arr"),
    List(STR): ("words", "names", "items", "texts", "strings"),
    STR: ("text", "s", "word", "line", "phrase"),
    INT: ("n", "number", "value", "x"),
}
_GENERIC = frozenset(name for names in _PARAMETER_NAMES.values() for name in names)


def entry_name(part: Part, rng: random.Random) -> str:
    """A name that a person would give the function."""
    own = [*part.atom.names, part.atom.name]
    if part.source is None and not part.slots:
        return rng.choice(own)
    inner = [other.atom for other in part.parts if other is not part]
    joined = f"{rng.choice(own)}_of_{rng.choice([*inner[-1].names, inner[-1].name])}"
    return joined if len(joined) <= _LONGEST_NAME and rng.random() < 0.6 else rng.choice(_PLAIN_NAMES)


def parameter_names(part: Part, rng: random.Random) -> dict[str, str]:
    """New names for parameters whose own name says no more than their type."""
    made: dict[str, str] = {}
    own = set(part.given)
    for name, owner in part.given.items():
        choices = _PARAMETER_NAMES.get(owner.parameters[name], ())
        free = [other for other in choices if other not in made.values() and other not in own - {name}]
        made[name] = rng.choice(free) if name in _GENERIC and free and rng.random() < 0.6 else name
    return made
