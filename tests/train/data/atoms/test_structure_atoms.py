"""Structured inputs are what their atoms say they are: graphs, trees, brackets and intervals, checked by hand."""

import ast
import random
from typing import Any

import pytest

from hrm_edge.train.data.atoms import structures
from hrm_edge.train.data.atoms.domains import Made

DRAWS = 200


def draws(domain: Made) -> list[Any]:
    """Border values and many drawn ones."""
    rng = random.Random(5)
    return [*domain.edges(), *(domain.draw(rng) for _ in range(DRAWS))]


def reachable(pairs: list[tuple[int, int]], start: int) -> set[int]:
    """Everything that arrows lead to, by adding targets until nothing is new."""
    found = {start}
    while found != (found := found | {v for u, v in pairs if u in found}):
        pass
    return found


@pytest.mark.parametrize(
    "domain", [structures.DIRECTED, structures.ACYCLIC, structures.PERHAPS_ACYCLIC, structures.UNDIRECTED]
)
def test_adjacency_lists_are_ascending_and_name_other_vertices(domain: Made) -> None:
    """No vertex is its own neighbour, none is named twice, none is out of range."""
    for graph in draws(domain):
        for vertex, neighbours in enumerate(graph):
            assert neighbours == sorted(set(neighbours) - {vertex})
            assert set(neighbours) <= set(range(len(graph)))


def test_acyclic_graphs_have_no_way_back() -> None:
    """No arrow's target leads to its origin."""
    for graph in draws(structures.ACYCLIC):
        arrows = [(u, v) for u, row in enumerate(graph) for v in row]
        assert not any(u in reachable(arrows, v) for u, v in arrows)


def test_undirected_graphs_are_symmetric() -> None:
    """Each edge is named from both ends."""
    for graph in draws(structures.UNDIRECTED):
        assert all(u in graph[v] for u, row in enumerate(graph) for v in row)


@pytest.mark.parametrize("domain", [structures.EDGES, structures.WEIGHTED_EDGES])
def test_edges_are_different(domain: Made) -> None:
    """No edge is listed twice, either way round, and none joins a vertex to itself."""
    for edges in draws(domain):
        ends = [frozenset(edge[:2]) for edge in edges]
        assert len(set(ends)) == len(ends)
        assert all(len(pair) == 2 for pair in ends)


def test_tree_edges_connect_vertices_without_gaps() -> None:
    """n - 1 edges reach all of 0 to n - 1."""
    for edges in draws(structures.TREE_EDGES):
        both = [(a, b) for u, v in edges for a, b in ((u, v), (v, u))]
        assert reachable(both, 0) == set(range(len(edges) + 1))


def test_parents_lead_to_the_only_root() -> None:
    """One vertex has no parent; going up from any other ends there."""
    for parents in draws(structures.PARENTS):
        assert parents.count(-1) == 1
        for vertex in range(len(parents)):
            assert parents.index(-1) in reachable(list(enumerate(parents)), vertex)


def test_weights_are_square_with_nothing_on_the_diagonal() -> None:
    """As many columns as rows, weights not negative, none from a vertex to itself."""
    for weights in draws(structures.WEIGHTS):
        assert all(len(row) == len(weights) and min(row) >= 0 for row in weights)
        assert all(weights[v][v] == 0 for v in range(len(weights)))


def test_apart_intervals_ascend_and_do_not_touch() -> None:
    """Every start lies after the end before it."""
    for intervals in draws(structures.APART_INTERVALS):
        points = [point for interval in intervals for point in interval]
        assert points == sorted(set(points))


def test_round_brackets_are_balanced() -> None:
    """Python reads them once commas stand between neighbours: brackets that match are nested tuples."""
    for text in draws(structures.ROUND_BRACKETS):
        ast.parse(f"({text.replace(')(', '),(')},)", mode="eval")


def test_logs_hold_lines_of_their_verbs() -> None:
    """A line is a word and one value of every set."""
    log = structures.log_of(structures.verb("put", "ab", range(3)), structures.verb("stop"))
    lines = {line for drawn in draws(log) for line in drawn}
    assert lines == {f"put {key} {value}" for key in "ab" for value in range(3)} | {"stop"}
