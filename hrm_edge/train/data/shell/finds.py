"""Requests for file searches and their find commands, composed: a place, a type, up to three conditions, an action.

Recipes (hrm_edge.shell_recipes) teach single commands; here every combination is drawn, so that what a model learns of
one condition it can use beside any other. Values are fresh in every draw.
"""

import random
from dataclasses import dataclass
from functools import cache

from hrm_edge.train.data.shell.find_actions import ACTIONS, Action
from hrm_edge.train.data.shell.find_conditions import CONDITIONS, WEIGHTS, Condition
from hrm_edge.train.data.shell.find_wordings import NOUNS, Wish, word_request
from hrm_edge.train.data.shell.slots import SLOTS, Value

_CONDITION_COUNTS = (6, 36, 40, 18)
"""How often a search has none, one, two and three conditions."""
_TYPES = {"f": 76, "d": 13, "l": 3, "a": 8}
_DEPTH_SHARE = 0.1
_HERE_SHARE = 0.45
_ABSOLUTE = [
    "/var/log",
    "/etc",
    "/tmp",
    "/home",
    "/usr/share",
    "/usr/local",
    "/opt",
    "/srv",
    "/var/www",
    "/var/lib",
    "/usr/bin",
    "/usr/lib",
    "/",
    "~",
    "~/Documents",
    "~/Downloads",
    "~/projects",
    "~/Pictures",
    "/root",
    "/var",
    "/usr",
    "/media",
    "/mnt/data",
    "..",
]


@dataclass(frozen=True, kw_only=True)
class Found:
    """A condition or an action's values in one search: what was drawn for it."""

    condition: Condition
    values: tuple[Value, ...]

    @property
    def tests(self) -> str:
        """The tests as find reads them."""
        return self.condition.tests.format(*(typed for _, typed in self.values))


@dataclass(frozen=True, kw_only=True)
class Find:
    """One search: what is asked in words, its command, and the parts both were made of."""

    request: str
    command: str
    places: tuple[str, ...]
    type: str
    """As find's -type calls it; `a` for files and folders alike."""
    depth: int | None
    conditions: tuple[Found, ...]
    """In the order of the command."""
    action: Action
    action_values: tuple[Value, ...]

    @property
    def shape(self) -> str:
        """What is asked without the values: the same for searches that differ in values and words alone."""
        names = (found.condition.name for found in self.conditions)
        return " ".join([self.type, "depth" if self.depth else "deep", *names, self.action.name])

    @property
    def search(self) -> str:
        """The command without its action: it only lists."""
        return _search(self.places, self.type, self.depth, self.conditions)


def draw_find(rng: random.Random) -> Find:
    """A search of random parts."""
    while True:
        kind = rng.choices(list(_TYPES), list(_TYPES.values()))[0]
        actions, weights = _actions(kind)
        action = rng.choices(actions, weights)[0]
        places = _draw_places(rng)
        conditions = _draw_conditions(kind, rng)
        depth = rng.choice([1, 1, 1, 2, 2, 3, 4, 5]) if kind != "d" and rng.random() < _DEPTH_SHARE else None
        values = _draw_action_values(action, rng)
        if _makes_sense(kind, action, places, conditions) and _are_different(places, conditions, values):
            break
    wish = Wish(
        noun=rng.choice(NOUNS[kind]),
        places=places,
        depth=depth,
        conditions=tuple((found.condition, tuple(asked for asked, _ in found.values)) for found in conditions),
        action=action,
        action_values=tuple(asked for asked, _ in values),
    )
    return Find(
        request=word_request(wish, rng),
        command=_search(places, kind, depth, conditions) + _end(action, values),
        places=places,
        type=kind,
        depth=depth,
        conditions=conditions,
        action=action,
        action_values=values,
    )


def _search(places: tuple[str, ...], kind: str, depth: int | None, conditions: tuple[Found, ...]) -> str:
    limit = f" -maxdepth {depth}" if depth else ""
    of_type = "" if kind == "a" else f" -type {kind}"
    return f"find {' '.join(places)}{limit}{of_type}" + "".join(f" {found.tests}" for found in conditions)


def _end(action: Action, values: tuple[Value, ...]) -> str:
    """The action's part of the command. find's own {} are not values, so that format() will not do."""
    end = action.end
    for number, (_, typed) in enumerate(values):
        end = end.replace(f"{{{number}}}", typed)
    return end


@cache
def _actions(kind: str) -> tuple[tuple[Action, ...], tuple[int, ...]]:
    """The actions that make sense for a type, and how often."""
    actions = tuple(action for action in ACTIONS if kind in action.of)
    return actions, tuple(action.weight for action in actions)


def _draw_action_values(action: Action, rng: random.Random) -> tuple[Value, ...]:
    return tuple(SLOTS[slot](rng) for slot in action.slots)


def _draw_places(rng: random.Random) -> tuple[str, ...]:
    if rng.random() < _HERE_SHARE:
        return (".",)
    if rng.random() < 0.3:
        return (rng.choice([rng.choice(_ABSOLUTE), f"/home/{SLOTS['user'](rng)[1]}", f"/{SLOTS['dir'](rng)[1]}"]),)
    count = 2 if rng.random() < 0.06 else 1
    return tuple(SLOTS["dir"](rng)[1] for _ in range(count))


def _draw_conditions(kind: str, rng: random.Random) -> tuple[Found, ...]:
    """Conditions about different things, in the order in which commands test them."""
    open_to = {about: weight for about, weight in WEIGHTS.items() if _about(about, kind)}
    chosen: list[Condition] = []
    for _ in range(rng.choices(range(4), _CONDITION_COUNTS)[0]):
        about = rng.choices(list(open_to), list(open_to.values()))[0]
        del open_to[about]
        chosen.append(rng.choice(_about(about, kind)))
        if about in {"empty", "size"}:
            open_to.pop("empty", None)
            open_to.pop("size", None)
    order = list(WEIGHTS)
    chosen.sort(key=lambda condition: order.index(condition.about))
    return tuple(Found(condition=condition, values=condition.draw(rng)) for condition in chosen)


@cache
def _about(about: str, kind: str) -> tuple[Condition, ...]:
    return tuple(condition for condition in CONDITIONS if condition.about == about and kind in condition.of)


def _makes_sense(kind: str, action: Action, places: tuple[str, ...], conditions: tuple[Found, ...]) -> bool:
    """Whether somebody would ask for it, and recipes have no other command for the same words."""
    names = [found.condition.name for found in conditions]
    abouts = {found.condition.about for found in conditions}
    if (len(abouts) < action.least and places == (".",)) or (action.least and not abouts):
        return False
    if "empty" in abouts and action.reads:
        return False
    if action.name == "remove":
        # A folder chosen by age alone would take everything below it along.
        return "name" in abouts and not names[0].startswith("name-not") and "empty" not in abouts
    is_bare_list = action.name == "list" and len(names) == 1 and kind == "f"
    return not (is_bare_list and names[0] in {"user", "group"})


def _are_different(places: tuple[str, ...], conditions: tuple[Found, ...], values: tuple[Value, ...]) -> bool:
    """Whether no value is typed twice: which of the two the request means would be unclear."""
    typed = [*places, *(typed for found in conditions for _, typed in found.values), *(typed for _, typed in values)]
    return len(set(typed)) == len(typed)
