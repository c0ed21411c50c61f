"""Inputs that no plain domain describes: graphs, trees, brackets, intervals, logs of operations.

Vertices are numbered from 0. Every function takes the generator and gives a small value; all are meant for `Made`.
"""

import random
from collections.abc import Callable, Sequence

from hrm_edge.train.data.atoms.domains import Made

Numbers = list[list[int]]


def _directed_graph(rng: random.Random) -> Numbers:
    """Adjacency lists of 1 to 6 vertices, ascending, without arrows from a vertex to itself."""
    size, density = rng.randint(1, 6), rng.choice((0.15, 0.3, 0.5))
    return [[v for v in range(size) if v != u and rng.random() < density] for u in range(size)]


def _acyclic_graph(rng: random.Random) -> Numbers:
    """Adjacency lists in which a hidden order of the vertices agrees with every arrow."""
    size, density = rng.randint(1, 6), rng.choice((0.3, 0.5, 0.7))
    place = rng.sample(range(size), size)
    return [[v for v in range(size) if place[u] < place[v] and rng.random() < density] for u in range(size)]


def _perhaps_acyclic_graph(rng: random.Random) -> Numbers:
    return _acyclic_graph(rng) if rng.random() < 0.6 else _directed_graph(rng)


def _undirected_graph(rng: random.Random) -> Numbers:
    """Adjacency lists that name every edge from both ends, ascending."""
    size, density = rng.randint(1, 6), rng.choice((0.2, 0.35, 0.6))
    edges = {(u, v) for u in range(size) for v in range(u + 1, size) if rng.random() < density}
    return [[v for v in range(size) if (min(u, v), max(u, v)) in edges] for u in range(size)]


def _edges(rng: random.Random) -> Numbers:
    """Different undirected edges among at most 6 vertices, in any order and either way round."""
    size = rng.randint(2, 6)
    pairs = [[u, v] for u in range(size) for v in range(u + 1, size)]
    chosen = rng.sample(pairs, rng.randint(0, min(7, len(pairs))))
    return [edge if rng.random() < 0.7 else edge[::-1] for edge in chosen]


def _weighted_edges(rng: random.Random) -> Numbers:
    """[vertex, vertex, weight] of different undirected edges."""
    return [[*edge, rng.randint(1, 9)] for edge in _edges(rng)]


def _tree_edges(rng: random.Random) -> Numbers:
    """Edges of a tree of 1 to 8 vertices."""
    size = rng.randint(1, 8)
    label = rng.sample(range(size), size)
    edges = [[label[rng.randint(0, vertex - 1)], label[vertex]] for vertex in range(1, size)]
    rng.shuffle(edges)
    return edges


def _parents(rng: random.Random) -> list[int]:
    """The parent of every vertex of a tree; the root, anywhere, has -1."""
    size = rng.randint(1, 8)
    label = rng.sample(range(size), size)
    parents = [-1] * size
    for vertex in range(1, size):
        parents[label[vertex]] = label[rng.randint(max(0, vertex - 3), vertex - 1)]
    return parents


def _weights(rng: random.Random) -> Numbers:
    """A square matrix of the weights of arrows; 0 is no arrow."""
    size, density = rng.randint(1, 5), rng.choice((0.3, 0.5, 0.8))
    return [[rng.randint(1, 9) if u != v and rng.random() < density else 0 for v in range(size)] for u in range(size)]


def _intervals(rng: random.Random) -> Numbers:
    """[start, end] with start < end, in no order."""
    starts = [rng.randint(0, 14) for _ in range(rng.randint(0, 6))]
    return [[start, start + rng.randint(1, 6)] for start in starts]


def _apart_intervals(rng: random.Random) -> Numbers:
    """Ascending [start, end] that do not touch one another."""
    found: Numbers = []
    start = rng.randint(0, 3)
    for _ in range(rng.randint(0, 5)):
        found.append([start, start + rng.randint(1, 4)])
        start = found[-1][1] + rng.randint(1, 4)
    return found


def _balanced(rng: random.Random, pairs: int, kinds: tuple[str, ...]) -> str:
    if pairs == 0:
        return ""
    inside = rng.randint(0, pairs - 1)
    kind = rng.choice(kinds)
    return kind[0] + _balanced(rng, inside, kinds) + kind[1] + _balanced(rng, pairs - 1 - inside, kinds)


def _round_brackets(rng: random.Random) -> str:
    return _balanced(rng, rng.randint(1, 5), ("()",))


def _any_brackets(rng: random.Random) -> str:
    """Brackets of three kinds among letters: half of the texts balanced, the others with one character changed."""
    text = list(_balanced(rng, rng.randint(0, 4), ("()", "[]", "{}")))
    for _ in range(rng.randint(0, 2)):
        text.insert(rng.randint(0, len(text)), rng.choice("abc"))
    if text and rng.random() < 0.5:
        place = rng.randrange(len(text))
        text[place : place + 1] = rng.choice(("", "(", ")", "[", "]", "}", "x"))
    return "".join(text)


def _permutation(rng: random.Random) -> list[int]:
    """The numbers 1 to n in any order."""
    size = rng.randint(0, 6)
    return rng.sample(range(1, size + 1), size)


def log_of(*lines: Callable[[random.Random], str], longest: int = 8) -> Made:
    """Lists of lines, each drawn by one of the functions; the empty list is the border."""

    def make(rng: random.Random) -> list[str]:
        return [rng.choice(lines)(rng) for _ in range(rng.randint(1, longest))]

    return Made(make, ([],))


def verb(word: str, *values: Sequence[str] | range) -> Callable[[random.Random], str]:
    """Lines of a word and one value of each of the sets given: `verb("push", range(10))` gives "push 7"."""
    return lambda rng: " ".join([word, *(str(rng.choice(choices)) for choices in values)])


DIRECTED = Made(_directed_graph, ([[]],))
ACYCLIC = Made(_acyclic_graph, ([[]],))
PERHAPS_ACYCLIC = Made(_perhaps_acyclic_graph, ([[]],))
UNDIRECTED = Made(_undirected_graph, ([[]],))
EDGES = Made(_edges, ([],))
WEIGHTED_EDGES = Made(_weighted_edges, ([],))
TREE_EDGES = Made(_tree_edges, ([],))
PARENTS = Made(_parents, ([-1],))
WEIGHTS = Made(_weights, ([[0]],))
INTERVALS = Made(_intervals, ([],))
APART_INTERVALS = Made(_apart_intervals, ([],))
ROUND_BRACKETS = Made(_round_brackets, ("()",))
ANY_BRACKETS = Made(_any_brackets, ("",))
PERMUTATION = Made(_permutation, ([],))
