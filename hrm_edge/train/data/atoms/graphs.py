"""Graphs and trees: adjacency lists, lists of edges, lists of parents, matrices of weights. Vertices count from 0."""

import itertools
from collections.abc import Iterable, Sequence

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import Whole
from hrm_edge.train.data.atoms.structures import (
    ACYCLIC,
    DIRECTED,
    EDGES,
    PARENTS,
    PERHAPS_ACYCLIC,
    TREE_EDGES,
    UNDIRECTED,
    WEIGHTED_EDGES,
    WEIGHTS,
)
from hrm_edge.train.data.atoms.subset import deque

_VERTEX = Whole(0, 5)
_SIZE = Whole(1, 6)
_FAR = 10**9


def _within(n: int, edges: list[list[int]]) -> bool:
    return all(max(edge[0], edge[1]) < n for edge in edges)


def _relaxed(size: int, arrows: Iterable[tuple[int, int, int]], start: int) -> list[int]:
    """Distances by relaxing every arrow as often as there are vertices; -1 where none."""
    arrows = list(arrows)
    found = [0 if v == start else _FAR for v in range(size)]
    for _ in range(size):
        for u, v, weight in arrows:
            found[v] = min(found[v], found[u] + weight)
    return [d if d < _FAR // 2 else -1 for d in found]


def _hops(graph: list[list[int]], start: int) -> list[int]:
    return _relaxed(len(graph), [(u, v, 1) for u, row in enumerate(graph) for v in row], start)


def _edge_hops(n: int, edges: Sequence[Sequence[int]], start: int) -> list[int]:
    return _relaxed(n, [pair for e in edges for pair in ((e[0], e[1], 1), (e[1], e[0], 1))], start)


def _component_count(n: int, edges: Sequence[Sequence[int]]) -> int:
    return len({tuple(d >= 0 for d in _edge_hops(n, edges, v)) for v in range(n)})


def distances_by_layers(graph: list[list[int]], start: int) -> list[int]:
    distances = [-1] * len(graph)
    distances[start] = 0
    layer = [start]
    steps = 0
    while layer:
        steps += 1
        following: list[int] = []
        for u in layer:
            for v in graph[u]:
                if distances[v] == -1:
                    distances[v] = steps
                    following.append(v)
        layer = following
    return distances


@atom(
    topic="graphs",
    says=(
        "the list of the fewest arrows it takes to get from vertex {start} to each vertex of the directed graph given "
        "by {graph}, whose item v lists the vertices that v points to; -1 for a vertex that cannot be reached",
        "the distances, in steps, from {start} to all vertices in vertex order, where item v of {graph} lists where "
        "one step from v can lead and -1 stands for unreachable",
    ),
    names=("bfs_distances", "distances", "steps_from"),
    inputs={"graph": DIRECTED, "start": _VERTEX},
    needs=lambda graph, start: start < len(graph),
    reference=_hops,
    claims=(
        Claim("The distance from {start} to itself is 0.", ([[]], 0), [0]),
        Claim("Arrows are followed one way only.", ([[1], []], 1), [-1, 0]),
    ),
    also=(distances_by_layers,),
    level=3,
)
def distances_from(graph: list[list[int]], start: int) -> list[int]:
    distances = [-1] * len(graph)
    distances[start] = 0
    queue: deque[int] = deque([start])
    while queue:
        u = queue.popleft()
        for v in graph[u]:
            if distances[v] == -1:
                distances[v] = distances[u] + 1
                queue.append(v)
    return distances


def component_root(parent: list[int], vertex: int) -> int:
    while parent[vertex] != vertex:
        parent[vertex] = parent[parent[vertex]]
        vertex = parent[vertex]
    return vertex


def mark_connected(neighbours: list[list[int]], vertex: int, seen: list[bool]) -> None:
    seen[vertex] = True
    for other in neighbours[vertex]:
        if not seen[other]:
            mark_connected(neighbours, other, seen)


def components_by_search(n: int, edges: list[list[int]]) -> int:
    neighbours: list[list[int]] = [[] for _ in range(n)]
    for edge in edges:
        neighbours[edge[0]].append(edge[1])
        neighbours[edge[1]].append(edge[0])
    seen = [False] * n
    count = 0
    for vertex in range(n):
        if not seen[vertex]:
            count += 1
            mark_connected(neighbours, vertex, seen)
    return count


@atom(
    topic="graphs",
    says=(
        "the number of connected components of the undirected graph with vertices 0 to {n} - 1 and the edges {edges}, "
        "each a list of two vertices",
        "the number of separate parts into which {n} points, numbered from 0, fall when each pair in {edges} is tied "
        "together",
    ),
    names=("count_components", "connected_components", "number_of_groups"),
    inputs={"n": _SIZE, "edges": EDGES},
    needs=_within,
    reference=_component_count,
    claims=(Claim("Without edges every vertex is a component.", (4, []), 4),),
    also=(components_by_search,),
    level=3,
)
def count_connected_parts(n: int, edges: list[list[int]]) -> int:
    parent = list(range(n))
    count = n
    for edge in edges:
        a = component_root(parent, edge[0])
        b = component_root(parent, edge[1])
        if a != b:
            parent[a] = b
            count -= 1
    return count


def _reaches_itself(graph: list[list[int]]) -> bool:
    return any(_hops(graph, v)[u] >= 0 for u, row in enumerate(graph) for v in row)


def meets_open_vertex(graph: list[list[int]], vertex: int, state: list[int]) -> bool:
    state[vertex] = 1
    for other in graph[vertex]:
        if state[other] == 1:
            return True
        if state[other] == 0 and meets_open_vertex(graph, other, state):
            return True
    state[vertex] = 2
    return False


def cycle_by_removing(graph: list[list[int]]) -> bool:
    incoming = [0] * len(graph)
    for row in graph:
        for v in row:
            incoming[v] += 1
    free = [v for v in range(len(graph)) if incoming[v] == 0]
    removed = 0
    while free:
        u = free.pop()
        removed += 1
        for v in graph[u]:
            incoming[v] -= 1
            if incoming[v] == 0:
                free.append(v)
    return removed < len(graph)


@atom(
    topic="graphs",
    says=(
        "whether the directed graph given by {graph}, whose item v lists the vertices that v points to, has a cycle",
        "whether one can leave some vertex and come back to it along the arrows of {graph}, where item v holds the "
        "targets of the arrows from v",
    ),
    names=("has_cycle", "is_cyclic", "contains_cycle"),
    inputs={"graph": PERHAPS_ACYCLIC},
    reference=_reaches_itself,
    claims=(
        Claim("A graph without arrows has no cycle.", ([[], []],), False),
        Claim("Two arrows to and fro are a cycle.", ([[1], [0]],), True),
    ),
    also=(cycle_by_removing,),
    level=4,
)
def has_directed_cycle(graph: list[list[int]]) -> bool:
    state = [0] * len(graph)
    cyclic = False
    for vertex in range(len(graph)):
        if not cyclic and state[vertex] == 0:
            cyclic = meets_open_vertex(graph, vertex, state)
    return cyclic


@atom(
    topic="graphs",
    says=(
        "whether the undirected graph with the vertices 0 to {n} - 1 and the different edges {edges} contains a cycle",
        "whether some of the links {edges} between the points 0 to {n} - 1, no two of which are the same, form a "
        "closed loop",
    ),
    names=("has_loop", "contains_loop", "is_not_a_forest"),
    inputs={"n": _SIZE, "edges": EDGES},
    needs=_within,
    reference=lambda n, edges: len(edges) > n - _component_count(n, edges),
    claims=(
        Claim("A single edge makes no cycle.", (2, [[0, 1]]), False),
        Claim("A triangle is a cycle.", (3, [[0, 1], [1, 2], [0, 2]]), True),
    ),
    level=3,
)
def has_undirected_cycle(n: int, edges: list[list[int]]) -> bool:
    parent = list(range(n))
    for edge in edges:
        a = component_root(parent, edge[0])
        b = component_root(parent, edge[1])
        if a == b:
            return True
        parent[a] = b
    return False


def _first_order(graph: list[list[int]]) -> list[int]:
    for order in itertools.permutations(range(len(graph))):
        place = {v: i for i, v in enumerate(order)}
        if all(place[u] < place[v] for u, row in enumerate(graph) for v in row):
            return list(order)
    return []


@atom(
    topic="graphs",
    says=(
        "the vertices of the directed graph given by {graph}, whose item v lists the vertices that v points to, in "
        "the order that always takes the smallest vertex with no arrow from a vertex not yet taken; the empty list if "
        "there is a cycle",
        "the lexicographically smallest order of all tasks in which every task comes before those listed for it, "
        "where item t of {graph} lists the tasks that must wait for task t; an empty list if no order exists",
    ),
    names=("topological_order", "topological_sort", "order_tasks"),
    inputs={"graph": PERHAPS_ACYCLIC},
    reference=_first_order,
    claims=(
        Claim("Without arrows the order is ascending.", ([[], [], []],), [0, 1, 2]),
        Claim("A cycle gives the empty list.", ([[1], [0]],), []),
    ),
    level=4,
)
def smallest_topological_order(graph: list[list[int]]) -> list[int]:
    waiting_for = [0] * len(graph)
    for row in graph:
        for v in row:
            waiting_for[v] += 1
    order: list[int] = []
    taken = [False] * len(graph)
    for _ in range(len(graph)):
        chosen = -1
        for v in range(len(graph)):
            if not taken[v] and waiting_for[v] == 0:
                chosen = v
                break
        if chosen == -1:
            return []
        taken[chosen] = True
        order.append(chosen)
        for v in graph[chosen]:
            waiting_for[v] -= 1
    return order


def _two_colours(graph: list[list[int]]) -> bool:
    colourings = itertools.product((0, 1), repeat=len(graph))
    return any(all(c[u] != c[v] for u, row in enumerate(graph) for v in row) for c in colourings)


def paint_differently(graph: list[list[int]], vertex: int, colour: int, colours: list[int]) -> bool:
    if colours[vertex] != -1:
        return colours[vertex] == colour
    colours[vertex] = colour
    fits = True
    for other in graph[vertex]:
        if not paint_differently(graph, other, 1 - colour, colours):
            fits = False
    return fits


def bipartite_by_painting(graph: list[list[int]]) -> bool:
    colours = [-1] * len(graph)
    for vertex in range(len(graph)):
        if colours[vertex] == -1 and not paint_differently(graph, vertex, 0, colours):
            return False
    return True


@atom(
    topic="graphs",
    says=(
        "whether the undirected graph given by {graph}, whose item v lists the neighbours of vertex v, is bipartite",
        "whether the vertices can be painted in two colours so that no two neighbours share one, where item v of "
        "{graph} lists the neighbours of v",
    ),
    names=("is_bipartite", "two_colourable", "can_be_split"),
    inputs={"graph": UNDIRECTED},
    reference=_two_colours,
    claims=(
        Claim("A single vertex is bipartite.", ([[]],), True),
        Claim("A triangle is not.", ([[1, 2], [0, 2], [0, 1]],), False),
    ),
    also=(bipartite_by_painting,),
    level=4,
)
def is_two_colourable(graph: list[list[int]]) -> bool:
    colours = [-1] * len(graph)
    for start in range(len(graph)):
        if colours[start] != -1:
            continue
        colours[start] = 0
        queue: deque[int] = deque([start])
        while queue:
            u = queue.popleft()
            for v in graph[u]:
                if colours[v] == -1:
                    colours[v] = 1 - colours[u]
                    queue.append(v)
                elif colours[v] == colours[u]:
                    return False
    return True


@atom(
    topic="graphs",
    says=(
        "the list of the degrees of the vertices 0 to {n} - 1 of the undirected graph with the edges {edges}",
        "the list that says for each of the points 0 to {n} - 1, in order, to how many pairs of {edges} it belongs",
    ),
    names=("degrees", "vertex_degrees", "count_neighbours"),
    inputs={"n": _SIZE, "edges": EDGES},
    needs=_within,
    reference=lambda n, edges: [sum(edge.count(v) for edge in edges) for v in range(n)],
    claims=(Claim("A vertex without edges has degree 0.", (1, []), [0]),),
    level=2,
)
def degrees_of_vertices(n: int, edges: list[list[int]]) -> list[int]:
    degrees = [0] * n
    for edge in edges:
        degrees[edge[0]] += 1
        degrees[edge[1]] += 1
    return degrees


def reachable_by_recursion(graph: list[list[int]], start: int) -> list[int]:
    seen = [False] * len(graph)
    mark_connected(graph, start, seen)
    return [v for v in range(len(graph)) if seen[v]]


@atom(
    topic="graphs",
    says=(
        "the ascending list of all vertices that can be reached from {start}, itself included, in the directed graph "
        "given by {graph}, whose item v lists the vertices that v points to",
        "all places, from small to large, where one can be after any number of steps (none at all counts too) from "
        "{start}, when item v of {graph} lists the places one step from v",
    ),
    names=("reachable", "reachable_vertices", "can_reach"),
    inputs={"graph": DIRECTED, "start": _VERTEX},
    needs=lambda graph, start: start < len(graph),
    reference=lambda graph, start: [v for v, d in enumerate(_hops(graph, start)) if d >= 0],
    claims=(Claim("Without arrows only {start} itself is reached.", ([[], []], 1), [1]),),
    also=(reachable_by_recursion,),
    level=3,
)
def reachable_from(graph: list[list[int]], start: int) -> list[int]:
    seen: set[int] = set()
    seen.add(start)
    waiting = [start]
    while waiting:
        u = waiting.pop()
        for v in graph[u]:
            if v not in seen:
                seen.add(v)
                waiting.append(v)
    return sorted(seen)


@atom(
    topic="graphs",
    says=(
        "the number of levels of the tree given by {parents}, whose item v is the parent of vertex v, or -1 for the "
        "root (the root alone is one level)",
        "how many vertices the longest way from the root down to a leaf has in the tree in which item v of {parents} "
        "is the parent of v and the root has -1",
    ),
    names=("tree_height", "tree_depth", "count_levels"),
    inputs={"parents": PARENTS},
    reference=lambda parents: (
        1 + max(_hops([[c for c, p in enumerate(parents) if p == v] for v in range(len(parents))], parents.index(-1)))
    ),
    claims=(Claim("A single vertex is a tree of one level.", ([-1],), 1),),
    level=2,
)
def levels_of_tree(parents: list[int]) -> int:
    deepest = 0
    for vertex in range(len(parents)):
        depth = 1
        current = vertex
        while parents[current] != -1:
            current = parents[current]
            depth += 1
        deepest = max(deepest, depth)
    return deepest


@atom(
    topic="graphs",
    says=(
        "the ascending list of the leaves, the vertices without children, of the tree given by {parents}, whose item "
        "v is the parent of vertex v, or -1 for the root",
        "all vertices, from small to large, that are nobody's parent, where item v of {parents} is the parent of v "
        "(-1 if it has none)",
    ),
    names=("leaves", "find_leaves", "childless"),
    inputs={"parents": PARENTS},
    reference=lambda parents: sorted(set(range(len(parents))) - set(parents)),
    claims=(Claim("The only vertex of a tree is a leaf.", ([-1],), [0]),),
    level=2,
)
def leaves_of_tree(parents: list[int]) -> list[int]:
    has_child = [False] * len(parents)
    for parent in parents:
        if parent != -1:
            has_child[parent] = True
    return [vertex for vertex in range(len(parents)) if not has_child[vertex]]


def _ancestors(parents: list[int], vertex: int) -> list[int]:
    line = [vertex]
    while parents[line[-1]] != -1:
        line.append(parents[line[-1]])
    return line


def add_subtree(children: list[list[int]], vertex: int, sizes: list[int]) -> int:
    size = 1
    for child in children[vertex]:
        size += add_subtree(children, child, sizes)
    sizes[vertex] = size
    return size


def subtree_sizes_by_recursion(parents: list[int]) -> list[int]:
    children: list[list[int]] = [[] for _ in parents]
    root = 0
    for vertex, parent in enumerate(parents):
        if parent == -1:
            root = vertex
        else:
            children[parent].append(vertex)
    sizes = [0] * len(parents)
    add_subtree(children, root, sizes)
    return sizes


@atom(
    topic="graphs",
    says=(
        "the list that gives for every vertex of the tree described by {parents} the number of vertices in its "
        "subtree, itself included, where item v is the parent of vertex v, or -1 for the root",
        "the list that says for each person how many people they and all who are below them are, when item v of "
        "{parents} is the one directly above v and the topmost has -1",
    ),
    names=("subtree_sizes", "team_sizes", "count_descendants"),
    inputs={"parents": PARENTS},
    reference=lambda parents: [
        sum(v in _ancestors(parents, u) for u in range(len(parents))) for v in range(len(parents))
    ],
    claims=(Claim("A leaf counts 1.", ([-1, 0],), [2, 1]),),
    also=(subtree_sizes_by_recursion,),
    level=3,
)
def sizes_of_subtrees(parents: list[int]) -> list[int]:
    sizes = [0] * len(parents)
    for vertex in range(len(parents)):
        current = vertex
        while current != -1:
            sizes[current] += 1
            current = parents[current]
    return sizes


@atom(
    topic="graphs",
    says=(
        "the lowest common ancestor of the vertices {a} and {b} in the tree given by {parents}, whose item v is the "
        "parent of vertex v, or -1 for the root; a vertex counts as its own ancestor",
        "the first vertex that the ways up from {a} and from {b} to the root have in common, both ends included, "
        "where item v of {parents} is the parent of v and the root has -1",
    ),
    names=("lowest_common_ancestor", "common_ancestor", "lca"),
    inputs={"parents": PARENTS, "a": _VERTEX, "b": _VERTEX},
    needs=lambda parents, a, b: max(a, b) < len(parents),
    reference=lambda parents, a, b: max(
        set(_ancestors(parents, a)) & set(_ancestors(parents, b)), key=lambda v: len(_ancestors(parents, v))
    ),
    claims=(
        Claim("If {a} and {b} are the same vertex, it is that vertex.", ([-1, 0], 1, 1), 1),
        Claim("If one lies above the other, it is the upper one.", ([-1, 0, 1], 2, 0), 0),
    ),
    level=3,
)
def meeting_ancestor(parents: list[int], a: int, b: int) -> int:
    above: set[int] = set()
    current = a
    while current != -1:
        above.add(current)
        current = parents[current]
    current = b
    while current not in above:
        current = parents[current]
    return current


def _weighted_arrows(weights: list[list[int]]) -> list[tuple[int, int, int]]:
    return [(u, v, weight) for u, row in enumerate(weights) for v, weight in enumerate(row) if weight > 0]


def distances_by_rounds(weights: list[list[int]], start: int) -> list[int]:
    distances = [-1] * len(weights)
    distances[start] = 0
    changed = True
    while changed:
        changed = False
        for u in range(len(weights)):
            if distances[u] == -1:
                continue
            for v in range(len(weights)):
                length = distances[u] + weights[u][v]
                if weights[u][v] > 0 and (distances[v] == -1 or length < distances[v]):
                    distances[v] = length
                    changed = True
    return distances


@atom(
    topic="graphs",
    says=(
        "the lengths of the shortest ways from {start} to every vertex, in vertex order, when column v of row u of "
        "{weights} is the length of the arrow from u to v and 0 means that there is none; -1 for a vertex that cannot "
        "be reached",
        "the list of the smallest sums of weights along a path from vertex {start} to each vertex of the directed "
        "graph with the weight matrix {weights}, where 0 stands for no arrow; unreachable vertices get -1",
    ),
    names=("dijkstra", "shortest_distances", "cheapest_ways"),
    inputs={"weights": WEIGHTS, "start": Whole(0, 4)},
    needs=lambda weights, start: start < len(weights),
    reference=lambda weights, start: _relaxed(len(weights), _weighted_arrows(weights), start),
    claims=(
        Claim("A detour may be shorter than the direct arrow.", ([[0, 9, 2], [0, 0, 0], [0, 3, 0]], 0), [0, 5, 2]),
        Claim("The way from {start} to itself has length 0.", ([[0]], 0), [0]),
    ),
    also=(distances_by_rounds,),
    level=4,
)
def weighted_distances(weights: list[list[int]], start: int) -> list[int]:
    distances = [-1] * len(weights)
    done = [False] * len(weights)
    distances[start] = 0
    for _ in range(len(weights)):
        nearest = -1
        for v in range(len(weights)):
            if not done[v] and distances[v] != -1 and (nearest == -1 or distances[v] < distances[nearest]):
                nearest = v
        if nearest == -1:
            break
        done[nearest] = True
        for v in range(len(weights)):
            length = distances[nearest] + weights[nearest][v]
            if weights[nearest][v] > 0 and (distances[v] == -1 or length < distances[v]):
                distances[v] = length
    return distances


@atom(
    topic="graphs",
    says=(
        "the matrix of the shortest distances between all pairs of vertices of the directed graph with the weight "
        "matrix {weights}, where 0 stands for no arrow; 0 from a vertex to itself and -1 where there is no way",
        "the table whose entry in row u and column v is the smallest length of a way from u to v (0 if they are the "
        "same, -1 if there is none), when column v of row u of {weights} is the length of the arrow from u to v, or 0 "
        "for none",
    ),
    names=("floyd_warshall", "distance_matrix", "all_pairs_distances"),
    inputs={"weights": WEIGHTS},
    reference=lambda weights: [
        _relaxed(len(weights), _weighted_arrows(weights), start) for start in range(len(weights))
    ],
    claims=(Claim("Without a way back the entry is -1.", ([[0, 4], [0, 0]],), [[0, 4], [-1, 0]]),),
    level=4,
)
def all_distances(weights: list[list[int]]) -> list[list[int]]:
    n = len(weights)
    far = 1000000
    table = [[weight if weight > 0 else far for weight in row] for row in weights]
    for v in range(n):
        table[v][v] = 0
    for k in range(n):
        for i in range(n):
            for j in range(n):
                table[i][j] = min(table[i][j], table[i][k] + table[k][j])
    return [[length if length < far else -1 for length in row] for row in table]


@atom(
    topic="graphs",
    says=(
        "the smallest vertex from which all vertices of the directed graph given by {graph}, whose item v lists the "
        "vertices that v points to, can be reached, or None if there is none",
        "the smallest number of a place from where one can get to every place, when item v of {graph} lists the "
        "places that one step from v leads to; None if no place will do",
    ),
    names=("mother_vertex", "find_source", "universal_start"),
    inputs={"graph": DIRECTED},
    reference=lambda graph: next((v for v in range(len(graph)) if min(_hops(graph, v)) == 0), None),
    claims=(
        Claim("A single vertex reaches everything.", ([[]],), 0),
        Claim("If two vertices cannot be reached from anywhere, there is none.", ([[], []],), None),
    ),
    level=3,
)
def find_mother_vertex(graph: list[list[int]]) -> int | None:
    for vertex in range(len(graph)):
        seen = [False] * len(graph)
        mark_connected(graph, vertex, seen)
        if all(seen[other] for other in range(len(graph))):
            return vertex
    return None


def _walk_over(edges: list[list[int]], at: int) -> bool:
    return not edges or any(
        _walk_over(edges[:i] + edges[i + 1 :], edge[1 - edge.index(at)]) for i, edge in enumerate(edges) if at in edge
    )


@atom(
    topic="graphs",
    says=(
        "whether all the edges {edges} of an undirected graph with vertices 0 to {n} - 1 can be walked in one go, "
        "each exactly once (true if there are none)",
        "whether the drawing with the points 0 to {n} - 1 and the lines {edges} can be drawn without lifting the pen "
        "and without drawing a line twice; a drawing without lines can",
    ),
    names=("has_euler_path", "can_draw", "one_stroke"),
    inputs={"n": Whole(4, 6), "edges": EDGES},
    needs=_within,
    reference=lambda n, edges: any(_walk_over(edges, v) for v in range(n)),
    claims=(
        Claim("Two lines that do not touch cannot be drawn in one go.", (4, [[0, 1], [2, 3]]), False),
        Claim("Points without lines do not matter.", (3, [[0, 1]]), True),
    ),
    level=4,
)
def has_euler_walk(n: int, edges: list[list[int]]) -> bool:
    parent = list(range(n))
    degrees = [0] * n
    for edge in edges:
        degrees[edge[0]] += 1
        degrees[edge[1]] += 1
        a = component_root(parent, edge[0])
        b = component_root(parent, edge[1])
        parent[a] = b
    roots: set[int] = set()
    odd = 0
    for vertex in range(n):
        if degrees[vertex] > 0:
            roots.add(component_root(parent, vertex))
        odd += degrees[vertex] % 2
    return len(roots) <= 1 and odd <= 2


def _cheapest_tree(n: int, edges: list[list[int]]) -> int | None:
    trees = (chosen for chosen in itertools.combinations(edges, n - 1) if _component_count(n, chosen) == 1)
    return min((sum(edge[2] for edge in tree) for tree in trees), default=None)


def tree_weight_by_growing(n: int, edges: list[list[int]]) -> int | None:
    inside = [False] * n
    inside[0] = True
    total = 0
    for _ in range(n - 1):
        best = -1
        entered = -1
        for edge in edges:
            crosses = inside[edge[0]] != inside[edge[1]]
            if crosses and (best == -1 or edge[2] < best):
                best = edge[2]
                entered = edge[1] if inside[edge[0]] else edge[0]
        if best == -1:
            return None
        inside[entered] = True
        total += best
    return total


@atom(
    topic="graphs",
    says=(
        "the weight of a minimum spanning tree of the undirected graph with vertices 0 to {n} - 1 and the edges "
        "{edges}, each [vertex, vertex, weight], or None if the graph is not connected",
        "the lowest total cost of roads that connect all {n} towns, numbered from 0, where {edges} lists the possible "
        "roads as [town, town, cost]; None if they cannot all be connected",
    ),
    names=("minimum_spanning_tree", "cheapest_network", "spanning_tree_weight"),
    inputs={"n": Whole(1, 5), "edges": WEIGHTED_EDGES},
    needs=_within,
    reference=_cheapest_tree,
    claims=(
        Claim("A single vertex needs no edges.", (1, []), 0),
        Claim("Two vertices without an edge cannot be connected.", (2, []), None),
    ),
    also=(tree_weight_by_growing,),
    level=5,
)
def minimum_tree_weight(n: int, edges: list[list[int]]) -> int | None:
    parent = list(range(n))
    total = 0
    used = 0
    for edge in sorted(edges, key=lambda candidate: candidate[2]):
        a = component_root(parent, edge[0])
        b = component_root(parent, edge[1])
        if a != b:
            parent[a] = b
            total += edge[2]
            used += 1
    if used < n - 1:
        return None
    return total


def _paths(graph: list[list[int]], start: int, goal: int) -> int:
    ends = [start]
    count = 0
    while ends:
        count += ends.count(goal)
        ends = [v for u in ends for v in graph[u]]
    return count


def count_ways_to(graph: list[list[int]], vertex: int, goal: int, known: dict[int, int]) -> int:
    if vertex == goal:
        return 1
    if vertex not in known:
        ways = 0
        for following in graph[vertex]:
            ways += count_ways_to(graph, following, goal, known)
        known[vertex] = ways
    return known[vertex]


@atom(
    topic="graphs",
    says=(
        "the number of different ways along the arrows from vertex {start} to vertex {goal} of the directed graph "
        "without cycles given by {graph}, whose item v lists the vertices that v points to; the way of no steps counts",
        "how many paths lead from {start} to {goal} when item v of {graph} lists the vertices one step after v and "
        "nothing leads back to where it came from (1 if both are the same vertex)",
    ),
    names=("count_paths", "number_of_ways", "paths_between"),
    inputs={"graph": ACYCLIC, "start": Whole(0, 3), "goal": Whole(0, 5)},
    needs=lambda graph, start, goal: max(start, goal) < len(graph),
    reference=_paths,
    claims=(Claim("From a vertex to itself there is one way.", ([[]], 0, 0), 1),),
    level=4,
)
def count_ways_between(graph: list[list[int]], start: int, goal: int) -> int:
    known: dict[int, int] = {}
    return count_ways_to(graph, start, goal, known)


@atom(
    topic="graphs",
    says=(
        "the adjacency lists, each ascending, of the directed graph given by {graph}, whose item v lists the vertices "
        "that v points to, with every arrow turned round",
        "the list whose item v holds, from small to large, all u that have v in item u of {graph}, an adjacency list",
    ),
    names=("reverse_graph", "turn_arrows", "incoming_lists"),
    inputs={"graph": DIRECTED},
    reference=lambda graph: [[u for u in range(len(graph)) if v in graph[u]] for v in range(len(graph))],
    claims=(Claim("A single arrow changes its direction.", ([[1], []],), [[], [0]]),),
    level=2,
)
def reversed_arrows(graph: list[list[int]]) -> list[list[int]]:
    turned: list[list[int]] = [[] for _ in graph]
    for u, row in enumerate(graph):
        for v in row:
            turned[v].append(u)
    return turned


def leave_in_order(graph: list[list[int]], vertex: int, seen: list[bool], order: list[int]) -> None:
    seen[vertex] = True
    for other in graph[vertex]:
        if not seen[other]:
            leave_in_order(graph, other, seen, order)
    order.append(vertex)


def strong_parts_by_reach(graph: list[list[int]]) -> int:
    n = len(graph)
    reach = [[u == v for v in range(n)] for u in range(n)]
    for u, row in enumerate(graph):
        for v in row:
            reach[u][v] = True
    for k in range(n):
        for i in range(n):
            for j in range(n):
                if reach[i][k] and reach[k][j]:
                    reach[i][j] = True
    count = 0
    for v in range(n):
        is_first = True
        for u in range(v):
            if reach[u][v] and reach[v][u]:
                is_first = False
        if is_first:
            count += 1
    return count


@atom(
    topic="graphs",
    says=(
        "the number of strongly connected components of the directed graph given by {graph}, whose item v lists the "
        "vertices that v points to",
        "the number of groups into which the vertices fall when two belong together if each can be reached from the "
        "other along the arrows, where item v of {graph} lists the vertices that v points to",
    ),
    names=("count_strong_components", "strongly_connected", "strong_groups"),
    inputs={"graph": DIRECTED},
    reference=lambda graph: len(
        {
            tuple(_hops(graph, u)[v] >= 0 and _hops(graph, v)[u] >= 0 for v in range(len(graph)))
            for u in range(len(graph))
        }
    ),
    claims=(
        Claim("Without cycles every vertex is a group of its own.", ([[1], [2], []],), 3),
        Claim("Vertices on one cycle are one group.", ([[1], [2], [0]],), 1),
    ),
    also=(strong_parts_by_reach,),
    level=5,
)
def count_strong_parts(graph: list[list[int]]) -> int:
    n = len(graph)
    order: list[int] = []
    seen = [False] * n
    for vertex in range(n):
        if not seen[vertex]:
            leave_in_order(graph, vertex, seen, order)
    turned: list[list[int]] = [[] for _ in range(n)]
    for u in range(n):
        for v in graph[u]:
            turned[v].append(u)
    marked = [False] * n
    count = 0
    for vertex in order[::-1]:
        if not marked[vertex]:
            count += 1
            mark_connected(turned, vertex, marked)
    return count


def _first_shortest(graph: list[list[int]], start: int, goal: int) -> list[int]:
    paths = [[start]]
    for _ in graph:
        for path in sorted(paths):
            if path[-1] == goal:
                return path
        paths = [[*path, v] for path in paths for v in graph[path[-1]] if v not in path]
    return []


@atom(
    topic="graphs",
    says=(
        "the shortest path from {start} to {goal} as a list of vertices, both ends included, in the undirected graph "
        "given by {graph}, whose item v lists the neighbours of v; of several the lexicographically smallest, and the "
        "empty list if there is none",
        "the vertices on the way with the fewest edges from {start} to {goal}, first and last included, where item v "
        "of {graph} lists the neighbours of v and the way with the smaller vertices first wins a tie; an empty list "
        "without a way",
    ),
    names=("shortest_path", "find_path", "shortest_route"),
    inputs={"graph": UNDIRECTED, "start": _VERTEX, "goal": _VERTEX},
    needs=lambda graph, start, goal: max(start, goal) < len(graph),
    reference=_first_shortest,
    claims=(Claim("From a vertex to itself the path is that vertex.", ([[]], 0, 0), [0]),),
    level=4,
)
def smallest_shortest_path(graph: list[list[int]], start: int, goal: int) -> list[int]:
    distances = distances_from(graph, goal)
    if distances[start] == -1:
        return []
    path = [start]
    current = start
    while current != goal:
        following = len(graph)
        for v in graph[current]:
            if distances[v] == distances[current] - 1:
                following = min(following, v)
        current = following
        path.append(current)
    return path


def farthest_vertex(neighbours: list[list[int]], start: int) -> list[int]:
    distances = distances_from(neighbours, start)
    best = start
    for v in range(len(neighbours)):
        if distances[v] > distances[best]:
            best = v
    return [best, distances[best]]


@atom(
    topic="graphs",
    says=(
        "the diameter, in edges, of the tree with the edges {edges}, whose vertices are numbered from 0 without gaps "
        "(a tree without edges is one vertex)",
        "the number of edges on the longest path in the tree that {edges} describes as pairs of vertices, numbered "
        "from 0 without gaps; 0 without edges",
    ),
    names=("tree_diameter", "longest_path_in_tree", "diameter"),
    inputs={"edges": TREE_EDGES},
    reference=lambda edges: max(max(_edge_hops(len(edges) + 1, edges, v)) for v in range(len(edges) + 1)),
    claims=(Claim("A single edge has diameter 1.", ([[1, 0]],), 1),),
    level=4,
)
def diameter_of_tree(edges: list[list[int]]) -> int:
    neighbours: list[list[int]] = [[] for _ in range(len(edges) + 1)]
    for edge in edges:
        neighbours[edge[0]].append(edge[1])
        neighbours[edge[1]].append(edge[0])
    end = farthest_vertex(neighbours, 0)
    other = farthest_vertex(neighbours, end[0])
    return other[1]


@atom(
    topic="graphs",
    says=(
        "the adjacency matrix of the undirected graph with vertices 0 to {n} - 1 and the edges {edges}: 1 in row u "
        "and column v if they are joined by an edge, otherwise 0",
        "the square table of zeros and ones with {n} rows that has a 1 exactly in the places [u][v] and [v][u] of "
        "every pair u, v in {edges}",
    ),
    names=("adjacency_matrix", "to_matrix", "edges_to_matrix"),
    inputs={"n": _SIZE, "edges": EDGES},
    needs=_within,
    reference=lambda n, edges: [[int([u, v] in edges or [v, u] in edges) for v in range(n)] for u in range(n)],
    claims=(Claim("Without edges all entries are 0.", (2, []), [[0, 0], [0, 0]]),),
    level=2,
)
def matrix_of_edges(n: int, edges: list[list[int]]) -> list[list[int]]:
    matrix = [[0] * n for _ in range(n)]
    for edge in edges:
        matrix[edge[0]][edge[1]] = 1
        matrix[edge[1]][edge[0]] = 1
    return matrix


@atom(
    topic="graphs",
    says=(
        "the adjacency lists, each ascending, of the undirected graph with vertices 0 to {n} - 1 and the edges {edges}",
        "the list that has for every point from 0 to {n} - 1 the sorted list of the points that it is paired with in "
        "{edges}",
    ),
    names=("adjacency_lists", "neighbour_lists", "to_lists"),
    inputs={"n": _SIZE, "edges": EDGES},
    needs=_within,
    reference=lambda n, edges: [sorted(sum(edge) - v for edge in edges if v in edge) for v in range(n)],
    claims=(Claim("A vertex without edges has an empty list.", (1, []), [[]]),),
    level=2,
)
def lists_of_neighbours(n: int, edges: list[list[int]]) -> list[list[int]]:
    neighbours: list[list[int]] = [[] for _ in range(n)]
    for edge in edges:
        neighbours[edge[0]].append(edge[1])
        neighbours[edge[1]].append(edge[0])
    return [sorted(row) for row in neighbours]


def find_bridges_below(
    neighbours: list[list[int]],
    vertex: int,
    parent: int,
    entered: list[int],
    lowest: list[int],
    bridges: list[list[int]],
) -> None:
    entered[vertex] = max(entered) + 1
    lowest[vertex] = entered[vertex]
    for other in neighbours[vertex]:
        if other == parent:
            continue
        if entered[other] == 0:
            find_bridges_below(neighbours, other, vertex, entered, lowest, bridges)
            lowest[vertex] = min(lowest[vertex], lowest[other])
            if lowest[other] > entered[vertex]:
                bridges.append([vertex, other])
        else:
            lowest[vertex] = min(lowest[vertex], entered[other])


def bridges_by_removal(n: int, edges: list[list[int]]) -> int:
    whole = components_by_search(n, edges)
    count = 0
    for i in range(len(edges)):
        others = edges[:i]
        others.extend(edges[i + 1 :])
        if components_by_search(n, others) > whole:
            count += 1
    return count


@atom(
    topic="graphs",
    says=(
        "the number of bridges of the undirected graph with vertices 0 to {n} - 1 and the different edges {edges}: "
        "edges whose removal leaves more connected components than before",
        "how many of the roads {edges} between the towns 0 to {n} - 1, no two the same, are the only connection of "
        "their two ends, even by detours",
    ),
    names=("count_bridges", "critical_roads", "bridges"),
    inputs={"n": _SIZE, "edges": EDGES},
    needs=_within,
    reference=lambda n, edges: sum(
        _edge_hops(n, [other for other in edges if other is not edge], edge[0])[edge[1]] < 0 for edge in edges
    ),
    claims=(
        Claim("In a tree every edge is a bridge.", (3, [[0, 1], [1, 2]]), 2),
        Claim("A triangle has none.", (3, [[0, 1], [1, 2], [2, 0]]), 0),
    ),
    also=(bridges_by_removal,),
    level=5,
)
def count_bridge_edges(n: int, edges: list[list[int]]) -> int:
    neighbours = lists_of_neighbours(n, edges)
    entered = [0] * n
    lowest = [0] * n
    bridges: list[list[int]] = []
    for vertex in range(n):
        if entered[vertex] == 0:
            find_bridges_below(neighbours, vertex, -1, entered, lowest, bridges)
    return len(bridges)


@atom(
    topic="graphs",
    says=(
        "the ascending list of the vertices at distance exactly 2 from {person} in the undirected graph given by "
        "{graph}, whose item v lists the neighbours of v",
        "all people, from small to large, who are friends of a friend of {person} but neither a friend nor that "
        "person, where item v of {graph} lists the friends of v and friendship is mutual",
    ),
    names=("friends_of_friends", "second_neighbours", "suggest_friends"),
    inputs={"graph": UNDIRECTED, "person": _VERTEX},
    needs=lambda graph, person: person < len(graph),
    reference=lambda graph, person: [v for v, d in enumerate(_hops(graph, person)) if d == 2],
    claims=(Claim("Without friends there are none.", ([[]], 0), []),),
    level=2,
)
def vertices_at_distance_two(graph: list[list[int]], person: int) -> list[int]:
    found: set[int] = set()
    for friend in graph[person]:
        for other in graph[friend]:
            if other != person and other not in graph[person]:
                found.add(other)
    return sorted(found)


@atom(
    topic="graphs",
    says=(
        "whether the undirected graph with vertices 0 to {n} - 1 and the different edges {edges} is a tree: connected "
        "and without cycles",
        "whether between any two of the points 0 to {n} - 1 there is exactly one way along the lines {edges} that "
        "uses no line twice, where no two lines are the same",
    ),
    names=("is_tree", "check_tree", "forms_tree"),
    inputs={"n": Whole(1, 4), "edges": EDGES},
    needs=_within,
    reference=lambda n, edges: len(edges) == n - 1 and _component_count(n, edges) == 1,
    claims=(
        Claim("A single vertex is a tree.", (1, []), True),
        Claim("Two vertices without an edge are not.", (2, []), False),
    ),
    level=3,
)
def edges_form_tree(n: int, edges: list[list[int]]) -> bool:
    parent = list(range(n))
    for edge in edges:
        a = component_root(parent, edge[0])
        b = component_root(parent, edge[1])
        if a == b:
            return False
        parent[a] = b
    return len(edges) == n - 1


@atom(
    topic="graphs",
    says=(
        "the ascending list of the vertices without arrows to them in the directed graph given by {graph}, whose item "
        "v lists the vertices that v points to",
        "all tasks, from small to large, that no task must come before, where item t of {graph} lists the tasks that "
        "come after t",
    ),
    names=("sources", "find_sources", "starting_tasks"),
    inputs={"graph": DIRECTED},
    reference=lambda graph: [v for v in range(len(graph)) if not any(v in row for row in graph)],
    claims=(Claim("Without arrows every vertex counts.", ([[], []],), [0, 1]),),
    level=2,
)
def vertices_without_incoming(graph: list[list[int]]) -> list[int]:
    pointed_at: set[int] = set()
    for row in graph:
        for v in row:
            pointed_at.add(v)
    return [v for v in range(len(graph)) if v not in pointed_at]


@atom(
    topic="graphs",
    says=(
        "the number of vertices on the longest path along the arrows of the directed graph without cycles given by "
        "{graph}, whose item v lists the vertices that v points to",
        "the least number of rounds in which all tasks are done when any number may be done in a round but those in "
        "item t of {graph} only in a later round than t, and no tasks wait for each other in a circle",
    ),
    names=("longest_path", "critical_path", "rounds_needed"),
    inputs={"graph": ACYCLIC},
    reference=lambda graph: max(
        len(path)
        for size in range(1, len(graph) + 1)
        for path in itertools.permutations(range(len(graph)), size)
        if size == 1 or all(v in graph[u] for u, v in itertools.pairwise(path))
    ),
    claims=(Claim("Without arrows it is 1.", ([[], []],), 1),),
    level=4,
)
def longest_chain(graph: list[list[int]]) -> int:
    lengths = [1] * len(graph)
    for _ in range(len(graph)):
        for u, row in enumerate(graph):
            for v in row:
                lengths[v] = max(lengths[v], lengths[u] + 1)
    return max(lengths)
