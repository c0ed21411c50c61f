"""What benchmarks/decoding.py has models write: repairs, which copy their prompt, and functions asked for in words.

Each is a request and a right answer, so that decoding can be timed on the text that a good model writes as well as on
what the model at hand writes.
"""

_LONGEST_RUN = '''def longest_run(values):
    """Length and value of the longest run of equal neighbours."""
    if not values:
        return 0, None
    best_length, best_value = 1, values[0]
    length = 1
    for previous, current in zip(values, values[1:]):
        if previous == current:
            length += 1
        else:
            length = 1
        if length > best_length:
            best_length, best_value = length, current
    return best_length, best_value'''

_BINARY_SEARCH = """def binary_search(items, wanted):
    low, high = 0, len(items) - 1
    while low <= high:
        middle = (low + high) // 2
        if items[middle] == wanted:
            return middle
        if items[middle] < wanted:
            low = middle + 1
        else:
            high = middle - 1
    return -1"""

_PARSE_SIZES = '''def parse_sizes(lines):
    """Bytes by file name from lines like `12K notes.txt`."""
    units = {"K": 1024, "M": 1024 ** 2, "G": 1024 ** 3}
    sizes = {}
    for line in lines:
        size, name = line.strip().split(maxsplit=1)
        if size[-1] in units:
            sizes[name] = int(float(size[:-1]) * units[size[-1]])
        else:
            sizes[name] = int(size)
    return sizes'''

_SHORTEST_PATH = """def shortest_path(graph, start, goal):
    distances = {start: 0}
    queue = [(0, start)]
    while queue:
        distance, node = heapq.heappop(queue)
        if node == goal:
            return distance
        if distance > distances[node]:
            continue
        for neighbour, weight in graph[node]:
            candidate = distance + weight
            if candidate < distances.get(neighbour, math.inf):
                distances[neighbour] = candidate
                heapq.heappush(queue, (candidate, neighbour))
    return None"""


def _repair(right: str, line: str, mistake: str) -> tuple[str, str]:
    assert right.count(line) == 1, "the mistake has one place"
    return f"Repair this function:\n\n{right.replace(line, mistake)}", _answered(right)


def _answered(code: str) -> str:
    return f"```python\n{code}\n```"


REPAIRS = (
    _repair(_LONGEST_RUN, "length > best_length", "length >= best_length"),
    _repair(_BINARY_SEARCH, "low = middle + 1", "low = middle"),
    _repair(_PARSE_SIZES, "split(maxsplit=1)", "split()"),
    _repair(_SHORTEST_PATH, "distance > distances[node]", "distance >= distances[node]"),
)
"""(request, response)."""

FUNCTIONS = (
    ("write a function that says how long the longest run of equal neighbours is", _answered(_LONGEST_RUN)),
    ("write a function that finds a number in a sorted list", _answered(_BINARY_SEARCH)),
    ("read lines of sizes with units and file names into a dictionary", _answered(_PARSE_SIZES)),
    ("find the least total weight from one node of a graph to another", _answered(_SHORTEST_PATH)),
)
"""(request, response): the same answers, which share next to nothing with these requests."""
