"""Every atom by itself: for each the first problem that is it and nothing else, which is how people ask for it.

Of the problems in a row about half put several atoms together, and an atom that needs another (a condition to filter
by, a measure to sort by) is never alone.
"""

from hrm_edge.train.data.atoms.catalogue import load_catalogue
from hrm_edge.train.data.curriculum.drawing import base_of, draw

_TURNS = 16
"""45 % of an atom's problems are it alone: after so many turns one in fifteen thousand would be missed."""


def lone_problems(*names: str) -> list[int]:
    """Numbers of the first lone problem of these atoms, or of all, ascending.

    All take a minute: several problems are drawn for each atom.
    """
    waiting, found = set(names or load_catalogue()), []
    for index in range(_TURNS * len(load_catalogue())):
        base = base_of(index).name
        if base in waiting and draw(index).part.is_alone:
            waiting.discard(base)
            found.append(index)
    return found
