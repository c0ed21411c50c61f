"""Grids of cells: regions, ways, neighbours, patterns. Rows and columns count from 0."""

import itertools
import random
from collections.abc import Callable, Iterator

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import GridOf, ListOf, Made, OneOf, Text, Whole
from hrm_edge.train.data.atoms.subset import deque

_BINARY = GridOf(Whole(0, 1), (1, 5), (1, 5))
_MAZE = GridOf(OneOf((0, 0, 0, 1)), (1, 4), (1, 4))
_COLOURED = GridOf(Whole(0, 2), (1, 4), (1, 4))

Cell = tuple[int, int]


def _cells(grid: list[list[int]]) -> dict[Cell, int]:
    return {(r, c): cell for r, row in enumerate(grid) for c, cell in enumerate(row)}


def _beside(cell: Cell) -> list[Cell]:
    r, c = cell
    return [(r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)]


def _around(cell: Cell) -> Iterator[Cell]:
    r, c = cell
    return ((r + i, c + j) for i, j in itertools.product((-1, 0, 1), repeat=2) if (i, j) != (0, 0))


def _spread(allowed: set[Cell], start: set[Cell]) -> set[Cell]:
    """Everything in `allowed` that is joined to `start` by sides."""
    found = start & allowed
    while found != (found := found | {other for cell in found for other in _beside(cell)} & allowed):
        pass
    return found


def _regions(grid: list[list[int]], value: int) -> list[set[Cell]]:
    cells = {cell for cell, held in _cells(grid).items() if held == value}
    return [set(region) for region in {frozenset(_spread(cells, {cell})) for cell in cells}]


def sink_land(grid: list[list[int]], r: int, c: int) -> int:
    if r < 0 or r >= len(grid) or c < 0 or c >= len(grid[0]) or grid[r][c] != 1:
        return 0
    grid[r][c] = 0
    size = 1 + sink_land(grid, r + 1, c) + sink_land(grid, r - 1, c)
    return size + sink_land(grid, r, c + 1) + sink_land(grid, r, c - 1)


def islands_by_queue(grid: list[list[int]]) -> int:
    seen = [[False] * len(row) for row in grid]
    count = 0
    for r in range(len(grid)):
        for c in range(len(grid[0])):
            if grid[r][c] != 1 or seen[r][c]:
                continue
            count += 1
            seen[r][c] = True
            queue: deque[tuple[int, int]] = deque([(r, c)])
            while queue:
                y, x = queue.popleft()
                for dy, dx in [(0, 1), (1, 0), (0, -1), (-1, 0)]:
                    i = y + dy
                    j = x + dx
                    if 0 <= i < len(grid) and 0 <= j < len(grid[0]) and grid[i][j] == 1 and not seen[i][j]:
                        seen[i][j] = True
                        queue.append((i, j))
    return count


@atom(
    topic="grids",
    says=(
        "the number of islands in {grid}: groups of cells with 1 that hang together by common sides",
        "how many separate regions the ones in {grid} form, when cells that share a side belong together and cells "
        "that only touch at a corner do not",
    ),
    names=("count_islands", "number_of_islands", "islands"),
    inputs={"grid": _BINARY},
    reference=lambda grid: len(_regions(grid, 1)),
    claims=(
        Claim("Without ones there are no islands.", ([[0]],), 0),
        Claim("Ones that touch at a corner only are two islands.", ([[1, 0], [0, 1]],), 2),
    ),
    also=(islands_by_queue,),
    level=3,
)
def count_islands_of_ones(grid: list[list[int]]) -> int:
    land = [list(row) for row in grid]
    count = 0
    for r in range(len(land)):
        for c in range(len(land[0])):
            if land[r][c] == 1:
                sink_land(land, r, c)
                count += 1
    return count


@atom(
    topic="grids",
    says=(
        "the number of cells of the largest island in {grid}, an island being a group of cells with 1 joined by "
        "common sides; 0 if there is none",
        "the size of the biggest region of ones in {grid}, where ones belong together if they share a side (0 without "
        "ones)",
    ),
    names=("largest_island", "biggest_region", "max_area"),
    inputs={"grid": _BINARY},
    reference=lambda grid: max(map(len, _regions(grid, 1)), default=0),
    claims=(Claim("Without ones it is 0.", ([[0, 0]],), 0), Claim("Corners do not join.", ([[1, 0], [0, 1]],), 1)),
    level=3,
)
def largest_island_size(grid: list[list[int]]) -> int:
    land = [list(row) for row in grid]
    largest = 0
    for r in range(len(land)):
        for c in range(len(land[0])):
            largest = max(largest, sink_land(land, r, c))
    return largest


def _maze_steps(grid: list[list[int]]) -> int:
    free = {cell for cell, held in _cells(grid).items() if held == 0}
    goal = (len(grid) - 1, len(grid[0]) - 1)
    reached, steps = {(0, 0)} & free, 0
    while goal not in reached:
        larger = reached | {other for cell in reached for other in _beside(cell)} & free
        if larger == reached:
            return -1
        reached, steps = larger, steps + 1
    return steps


@atom(
    topic="grids",
    says=(
        "the least number of steps up, down, left or right from the top left to the bottom right cell of {grid} over "
        "cells with 0 only, or -1 if there is no such way",
        "the length, in steps to a cell with a common side, of the shortest way through {grid} from its first to its "
        "last cell when only cells with 0 may be used, first and last included; -1 if one cannot get there",
    ),
    names=("shortest_way", "maze_steps", "steps_to_exit"),
    inputs={"grid": _MAZE},
    reference=_maze_steps,
    claims=(
        Claim("A blocked first cell makes it -1.", ([[1, 0]],), -1),
        Claim("In a single free cell no step is needed.", ([[0]],), 0),
    ),
    level=4,
)
def steps_through_maze(grid: list[list[int]]) -> int:
    rows = len(grid)
    columns = len(grid[0])
    if grid[0][0] != 0:
        return -1
    steps = [[-1] * columns for _ in range(rows)]
    steps[0][0] = 0
    queue: deque[tuple[int, int]] = deque([(0, 0)])
    while queue:
        r, c = queue.popleft()
        for dr, dc in [(0, 1), (1, 0), (0, -1), (-1, 0)]:
            i = r + dr
            j = c + dc
            if 0 <= i < rows and 0 <= j < columns and grid[i][j] == 0 and steps[i][j] == -1:
                steps[i][j] = steps[r][c] + 1
                queue.append((i, j))
    return steps[rows - 1][columns - 1]


def _minutes(grid: list[list[int]]) -> int:
    healthy = {cell for cell, held in _cells(grid).items() if held == 1}
    sick = {cell for cell, held in _cells(grid).items() if held == 2}
    minutes = 0
    while healthy:
        caught = {other for cell in sick for other in _beside(cell)} & healthy
        if not caught:
            return -1
        healthy, sick, minutes = healthy - caught, sick | caught, minutes + 1
    return minutes


def minutes_by_sweeps(grid: list[list[int]]) -> int:
    now = [list(row) for row in grid]
    minutes = 0
    while True:
        left = 0
        caught: list[tuple[int, int]] = []
        for r in range(len(now)):
            for c in range(len(now[0])):
                if now[r][c] != 1:
                    continue
                left += 1
                near = r > 0 and now[r - 1][c] == 2
                near = near or (r + 1 < len(now) and now[r + 1][c] == 2)
                near = near or (c > 0 and now[r][c - 1] == 2)
                near = near or (c + 1 < len(now[0]) and now[r][c + 1] == 2)
                if near:
                    caught.append((r, c))
        if left == 0:
            return minutes
        if not caught:
            return -1
        for r, c in caught:
            now[r][c] = 2
        minutes += 1


@atom(
    topic="grids",
    says=(
        "the number of minutes until no 1 is left in {grid}, when every minute all ones that share a side with a 2 "
        "become 2 and zeros stop the spread; -1 if some 1 is never reached, 0 if there is none",
        "how many rounds it takes until the twos in {grid} have turned all ones into twos, if in a round each 1 "
        "beside a 2 (above, below, left or right) turns; -1 if that never happens and 0 without ones",
    ),
    names=("minutes_to_spread", "spread_time", "infection_time"),
    inputs={"grid": GridOf(OneOf((0, 1, 1, 1, 2)), (1, 4), (1, 4))},
    reference=_minutes,
    claims=(
        Claim("Without ones no minute passes.", ([[2, 0]],), 0),
        Claim("Ones without any 2 are never reached.", ([[1]],), -1),
    ),
    also=(minutes_by_sweeps,),
    level=4,
)
def minutes_until_spread(grid: list[list[int]]) -> int:
    cells = [list(row) for row in grid]
    queue: deque[tuple[int, int, int]] = deque()
    left = 0
    for r in range(len(cells)):
        for c in range(len(cells[0])):
            if cells[r][c] == 2:
                queue.append((r, c, 0))
            elif cells[r][c] == 1:
                left += 1
    last = 0
    while queue:
        y, x, minute = queue.popleft()
        last = minute
        for dy, dx in [(0, 1), (1, 0), (0, -1), (-1, 0)]:
            i = y + dy
            j = x + dx
            if 0 <= i < len(cells) and 0 <= j < len(cells[0]) and cells[i][j] == 1:
                cells[i][j] = 2
                left -= 1
                queue.append((i, j, minute + 1))
    return last if left == 0 else -1


def _ponds(rng: random.Random) -> list[list[int]]:
    """Zeros and ones, few ones on the border."""
    rows, columns = rng.randint(3, 5), rng.randint(3, 5)
    border = {(r, c) for r in range(rows) for c in range(columns) if r in (0, rows - 1) or c in (0, columns - 1)}
    return [[int(rng.random() < (0.15 if (r, c) in border else 0.5)) for c in range(columns)] for r in range(rows)]


@atom(
    topic="grids",
    says=(
        "the number of cells with 1 in {grid} from which the border cannot be reached by steps up, down, left or "
        "right over cells with 1 (a cell in the first or last row or column is on the border)",
        "how many ones of {grid} belong to regions of ones, joined by common sides, that have no cell in an outermost "
        "row or column",
    ),
    names=("enclosed_cells", "count_enclosed", "landlocked_cells"),
    inputs={"grid": Made(_ponds, ([[0, 0, 0], [0, 1, 0], [0, 0, 0]],))},
    reference=lambda grid: sum(
        len(region)
        for region in _regions(grid, 1)
        if all(0 < r < len(grid) - 1 and 0 < c < len(grid[0]) - 1 for r, c in region)
    ),
    claims=(
        Claim("A single 1 in the middle is enclosed.", ([[0, 0, 0], [0, 1, 0], [0, 0, 0]],), 1),
        Claim("A 1 on the border is not.", ([[1, 0, 0], [0, 0, 0], [0, 0, 0]],), 0),
    ),
    level=4,
)
def count_enclosed_ones(grid: list[list[int]]) -> int:
    land = [list(row) for row in grid]
    for r in range(len(land)):
        sink_land(land, r, 0)
        sink_land(land, r, len(land[0]) - 1)
    for c in range(len(land[0])):
        sink_land(land, 0, c)
        sink_land(land, len(land) - 1, c)
    return sum(sum(row) for row in land)


def _painted(grid: list[list[int]], row: int, column: int, colour: int) -> list[list[int]]:
    same = {cell for cell, held in _cells(grid).items() if held == grid[row][column]}
    region = _spread(same, {(row, column)})
    return [[colour if (r, c) in region else cell for c, cell in enumerate(line)] for r, line in enumerate(grid)]


def paint_from(grid: list[list[int]], r: int, c: int, old: int, colour: int) -> None:
    if r < 0 or r >= len(grid) or c < 0 or c >= len(grid[0]) or grid[r][c] != old:
        return
    grid[r][c] = colour
    paint_from(grid, r + 1, c, old, colour)
    paint_from(grid, r - 1, c, old, colour)
    paint_from(grid, r, c + 1, old, colour)
    paint_from(grid, r, c - 1, old, colour)


@atom(
    topic="grids",
    says=(
        "{grid} after {colour} has been filled in at row {row} and column {column}: that cell and all cells joined to "
        "it by common sides over cells of its old value get the new value",
        "the picture {grid} after a click with the paint bucket of colour {colour} on the pixel in row {row}, column "
        "{column}, which recolours the connected area (by sides) of the pixel's old colour; rows and columns count "
        "from 0",
    ),
    names=("flood_fill", "paint_bucket", "fill_area"),
    inputs={"grid": _COLOURED, "row": Whole(0, 3), "column": Whole(0, 3), "colour": Whole(0, 3)},
    needs=lambda grid, row, column, *_: row < len(grid) and column < len(grid[0]),
    reference=_painted,
    claims=(Claim("If the cell has the value already, nothing changes.", ([[1, 2]], 0, 0, 1), [[1, 2]]),),
    level=3,
)
def filled_area(grid: list[list[int]], row: int, column: int, colour: int) -> list[list[int]]:
    picture = [list(line) for line in grid]
    old = picture[row][column]
    if old != colour:
        paint_from(picture, row, column, old, colour)
    return picture


@atom(
    topic="grids",
    says=(
        "the number of cells of the region in {grid} that the cell in row {row} and column {column} belongs to, where "
        "cells with the same value hang together by common sides",
        "how many cells of {grid}, the first included, can be visited from row {row}, column {column}, both counted "
        "from 0, by steps up, down, left and right that never change the value of the cell",
    ),
    names=("region_size", "area_of", "connected_area"),
    inputs={"grid": _COLOURED, "row": Whole(0, 3), "column": Whole(0, 3)},
    needs=lambda grid, row, column: row < len(grid) and column < len(grid[0]),
    reference=lambda grid, row, column: next(
        len(region) for region in _regions(grid, grid[row][column]) if (row, column) in region
    ),
    claims=(Claim("A cell among cells of other values is a region of one.", ([[1, 2]], 0, 0), 1),),
    level=3,
)
def size_of_region(grid: list[list[int]], row: int, column: int) -> int:
    value = grid[row][column]
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[int, int]] = [(row, column)]
    while waiting:
        r, c = waiting.pop()
        if r < 0 or r >= len(grid) or c < 0 or c >= len(grid[0]):
            continue
        if grid[r][c] != value or (r, c) in seen:
            continue
        seen.add((r, c))
        waiting.append((r + 1, c))
        waiting.append((r - 1, c))
        waiting.append((r, c + 1))
        waiting.append((r, c - 1))
    return len(seen)


def _knight_moves(size: int, row: int, column: int) -> int:
    reached, moves = {(0, 0)}, 0
    jumps = [(a * x, b * y) for x, y in ((1, 2), (2, 1)) for a in (1, -1) for b in (1, -1)]
    while (row, column) not in reached:
        larger = reached | {
            (r + y, c + x) for r, c in reached for y, x in jumps if 0 <= r + y < size and 0 <= c + x < size
        }
        if larger == reached:
            return -1
        reached, moves = larger, moves + 1
    return moves


@atom(
    topic="grids",
    says=(
        "the least number of moves that a chess knight in the top left corner of a board of {size} by {size} cells "
        "needs to reach row {row} and column {column}, both counted from 0, or -1 if it cannot",
        "the least number of knight's moves by which one gets from row 0, column 0 to row {row}, column {column} of a "
        "square board with {size} rows; -1 if never",
    ),
    names=("knight_moves", "knight_distance", "min_knight_moves"),
    inputs={"size": Whole(1, 6), "row": Whole(0, 5), "column": Whole(0, 5)},
    needs=lambda size, row, column: max(row, column) < size,
    reference=_knight_moves,
    claims=(
        Claim("The knight is in its corner without a move.", (3, 0, 0), 0),
        Claim("The middle of a board of 3 by 3 cannot be reached.", (3, 1, 1), -1),
    ),
    level=4,
)
def moves_of_knight(size: int, row: int, column: int) -> int:
    moves = [[-1] * size for _ in range(size)]
    moves[0][0] = 0
    queue: deque[tuple[int, int]] = deque([(0, 0)])
    while queue:
        r, c = queue.popleft()
        for dr, dc in [(1, 2), (2, 1), (-1, 2), (-2, 1), (1, -2), (2, -1), (-1, -2), (-2, -1)]:
            i = r + dr
            j = c + dc
            if 0 <= i < size and 0 <= j < size and moves[i][j] == -1:
                moves[i][j] = moves[r][c] + 1
                queue.append((i, j))
    return moves[row][column]


def _next_life(grid: list[list[int]]) -> list[list[int]]:
    live = {cell for cell, held in _cells(grid).items() if held == 1}
    counts = {cell: len(live & set(_around(cell))) for cell in _cells(grid)}
    return [
        [int(counts[r, c] == 3 or (counts[r, c] == 2 and cell == 1)) for c, cell in enumerate(row)]
        for r, row in enumerate(grid)
    ]


def count_live_around(grid: list[list[int]], r: int, c: int) -> int:
    count = 0
    for i in range(max(0, r - 1), min(len(grid), r + 2)):
        for j in range(max(0, c - 1), min(len(grid[0]), c + 2)):
            if (i != r or j != c) and grid[i][j] == 1:
                count += 1
    return count


@atom(
    topic="grids",
    says=(
        "the grid that {grid} becomes after one step of Conway's Game of Life: a cell is 1 afterwards if exactly "
        "three of its up to eight neighbours are 1, or if it is 1 and exactly two are; otherwise it is 0; nothing "
        "lives outside the grid",
        "the next generation of {grid}, where 1 is alive and 0 dead, cells touch at sides and corners, a live cell "
        "stays alive with two or three live neighbours, a dead one comes to life with three, and beyond the edge all "
        "is dead",
    ),
    names=("game_of_life", "life_step", "next_generation"),
    inputs={"grid": _BINARY},
    reference=_next_life,
    claims=(
        Claim("A lonely cell dies.", ([[1]],), [[0]]),
        Claim("A block of four lives on.", ([[1, 1], [1, 1]],), [[1, 1], [1, 1]]),
    ),
    level=3,
)
def life_after_step(grid: list[list[int]]) -> list[list[int]]:
    following = [[0] * len(row) for row in grid]
    for r in range(len(grid)):
        for c in range(len(grid[0])):
            count = count_live_around(grid, r, c)
            if count == 3 or (count == 2 and grid[r][c] == 1):
                following[r][c] = 1
    return following


@atom(
    topic="grids",
    says=(
        "the grid that holds for every cell of {grid} how many of its up to eight neighbours, by side or corner, are 1",
        "a table of the size of {grid} with the number of ones around each cell, diagonals included and the cell "
        "itself left out",
    ),
    names=("neighbour_counts", "count_neighbours", "mines_around"),
    inputs={"grid": _BINARY},
    reference=lambda grid: [
        [sum(_cells(grid).get(cell, 0) for cell in _around((r, c))) for c in range(len(grid[0]))]
        for r in range(len(grid))
    ],
    claims=(Claim("A cell does not count itself.", ([[1]],), [[0]]),),
    level=2,
)
def ones_around_cells(grid: list[list[int]]) -> list[list[int]]:
    counts = [[0] * len(row) for row in grid]
    for r in range(len(grid)):
        for c in range(len(grid[0])):
            counts[r][c] = count_live_around(grid, r, c)
    return counts


def _rows_of(symbols: str, longest: int = 4) -> Callable[[random.Random], list[str]]:
    def make(rng: random.Random) -> list[str]:
        width = rng.randint(1, longest)
        return ["".join(rng.choices(symbols, k=width)) for _ in range(rng.randint(1, longest))]

    return make


@atom(
    topic="grids",
    says=(
        'the picture {rows}, a list of equally long texts of "#" and ".", after every "#" has fallen as far down as '
        "it goes: in each column all of them end up at the bottom",
        'the rows of {rows}, equally long and made of "#" (stone) and "." (air), when the stones have dropped '
        "straight down onto the floor or onto one another",
    ),
    names=("drop_stones", "settle", "apply_gravity"),
    inputs={"rows": Made(_rows_of("#.."), ([".", "."], ["#"]))},
    reference=lambda rows: [
        "".join(row) for row in zip(*(sorted(c, reverse=True) for c in zip(*rows, strict=True)), strict=True)
    ],
    claims=(Claim("A stone falls to the floor.", (["#", "."],), [".", "#"]),),
    level=3,
)
def settled_stones(rows: list[str]) -> list[str]:
    height = len(rows)
    counts = [0] * len(rows[0])
    for row in rows:
        for c, symbol in enumerate(row):
            if symbol == "#":
                counts[c] += 1
    settled: list[str] = []
    for r in range(height):
        line = ""
        for count in counts:
            line += "#" if r >= height - count else "."
        settled.append(line)
    return settled


@atom(
    topic="grids",
    says=(
        "the total length of the border of all cells with 1 in {grid}: sides between a 1 and a cell with another "
        "value or the outside, each of length 1",
        "how many unit sides separate the ones of {grid} from other cells or from what lies beyond its edge",
    ),
    names=("perimeter", "border_length", "coast_length"),
    inputs={"grid": _BINARY},
    reference=lambda grid: sum(
        _cells(grid).get(other) != 1 for cell, held in _cells(grid).items() if held == 1 for other in _beside(cell)
    ),
    claims=(
        Claim("A single cell has a border of 4.", ([[1]],), 4),
        Claim("Two cells side by side have a border of 6.", ([[1, 1]],), 6),
    ),
    level=2,
)
def border_of_ones(grid: list[list[int]]) -> int:
    border = 0
    for r in range(len(grid)):
        for c in range(len(grid[0])):
            if grid[r][c] != 1:
                continue
            border += 4
            if r > 0 and grid[r - 1][c] == 1:
                border -= 2
            if c > 0 and grid[r][c - 1] == 1:
                border -= 2
    return border


def _seen_trees(grid: list[list[int]]) -> int:
    count = 0
    for (r, c), height in _cells(grid).items():
        column = [row[c] for row in grid]
        lines = (grid[r][:c], grid[r][c + 1 :], column[:r], column[r + 1 :])
        count += any(max(line, default=-1) < height for line in lines)
    return count


@atom(
    topic="grids",
    says=(
        "the number of trees that can be seen from outside {grid}, whose cells are their heights: a tree is seen if "
        "all trees between it and the edge are shorter in at least one of the four directions along its row and column",
        "how many cells of {grid} are greater than every cell to their left, or every cell to their right, or every "
        "cell above, or every cell below (cells at the edge always count)",
    ),
    names=("visible_trees", "count_visible", "seen_from_outside"),
    inputs={"grid": GridOf(Whole(0, 5), (1, 5), (1, 5))},
    reference=_seen_trees,
    claims=(Claim("In a grid of one row every tree is seen.", ([[3, 3, 3]],), 3),),
    level=3,
)
def count_visible_trees(grid: list[list[int]]) -> int:
    rows = len(grid)
    columns = len(grid[0])
    count = 0
    for r in range(rows):
        for c in range(columns):
            visible = False
            for dr, dc in [(0, 1), (1, 0), (0, -1), (-1, 0)]:
                i = r + dr
                j = c + dc
                while 0 <= i < rows and 0 <= j < columns and grid[i][j] < grid[r][c]:
                    i += dr
                    j += dc
                if i < 0 or i >= rows or j < 0 or j >= columns:
                    visible = True
            if visible:
                count += 1
    return count


def _spelled(rows: list[str], word: str) -> bool:
    letters = {(r, c): letter for r, row in enumerate(rows) for c, letter in enumerate(row)}
    return any(
        all(letters[cell] == letter for cell, letter in zip(path, word, strict=True))
        and all(b in _beside(a) for a, b in itertools.pairwise(path))
        for path in itertools.permutations(letters, len(word))
    )


def spells_from(rows: list[str], word: str, place: int, r: int, c: int, used: list[list[bool]]) -> bool:
    if r < 0 or r >= len(rows) or c < 0 or c >= len(rows[0]):
        return False
    if used[r][c] or rows[r][c] != word[place]:
        return False
    if place == len(word) - 1:
        return True
    used[r][c] = True
    found = spells_from(rows, word, place + 1, r + 1, c, used)
    found = found or spells_from(rows, word, place + 1, r - 1, c, used)
    found = found or spells_from(rows, word, place + 1, r, c + 1, used)
    found = found or spells_from(rows, word, place + 1, r, c - 1, used)
    used[r][c] = False
    return found


@atom(
    topic="grids",
    says=(
        "whether {word} can be read in {rows}, a list of equally long rows of letters, by going from letter to letter "
        "up, down, left or right without using a cell twice",
        "whether a path of cells with common sides, each used at most once, spells {word} in the letter grid with the "
        "rows {rows}",
    ),
    names=("word_in_grid", "can_spell", "find_word"),
    inputs={"rows": Made(_rows_of("aabc", 3), (["a"],)), "word": Text("aabc", 1, 4)},
    reference=_spelled,
    claims=(
        Claim("A cell cannot be used twice.", (["ab"], "aba"), False),
        Claim("The way may turn.", (["ab", "xc"], "abc"), True),
    ),
    level=5,
)
def grid_spells_word(rows: list[str], word: str) -> bool:
    used = [[False] * len(row) for row in rows]
    for r in range(len(rows)):
        for c in range(len(rows[0])):
            found = spells_from(rows, word, 0, r, c, used)
            if found:
                return True
    return False


@atom(
    topic="grids",
    says=(
        "the list of [row, column] of the peaks of {grid}, by row and then column: cells greater than all their "
        "neighbours above, below, left and right",
        "the places [row, column], counted from 0 and in reading order, of all cells of {grid} that are greater than "
        "each cell they share a side with",
    ),
    names=("find_peaks", "peaks", "hilltops"),
    inputs={"grid": GridOf(Whole(0, 9), (1, 4), (1, 4))},
    reference=lambda grid: [
        [r, c]
        for (r, c), height in _cells(grid).items()
        if all(_cells(grid).get(o, -1) < height for o in _beside((r, c)))
    ],
    claims=(
        Claim("A single cell is a peak.", ([[0]],), [[0, 0]]),
        Claim("Equal neighbours are no peaks.", ([[2, 2]],), []),
    ),
    level=3,
)
def peaks_of_grid(grid: list[list[int]]) -> list[list[int]]:
    peaks: list[list[int]] = []
    for r in range(len(grid)):
        for c in range(len(grid[0])):
            height = grid[r][c]
            higher_than_column = (r == 0 or grid[r - 1][c] < height) and (r + 1 == len(grid) or grid[r + 1][c] < height)
            higher_than_row = (c == 0 or grid[r][c - 1] < height) and (c + 1 == len(grid[0]) or grid[r][c + 1] < height)
            if higher_than_column and higher_than_row:
                peaks.append([r, c])
    return peaks


def _presses(rng: random.Random) -> list[list[int]]:
    return [[rng.randint(0, 2), rng.randint(0, 2)] for _ in range(rng.randint(1, 5))]


@atom(
    topic="grids",
    says=(
        "the lights of {grid}, 1 for on and 0 for off, after the switches {presses}, each [row, column], have been "
        "pressed: a press turns that light and those right above, below, left and right of it on if they are off and "
        "off if they are on",
        "{grid} of zeros and ones after each of {presses}, given as [row, column] counted from 0, has swapped 0 and 1 "
        "in its own cell and in the cells that share a side with it",
    ),
    names=("press_lights", "lights_out", "toggle_lights"),
    inputs={"grid": GridOf(Whole(0, 1), (3, 4), (3, 4)), "presses": Made(_presses, ([],))},
    reference=lambda grid, presses: [
        [(cell + sum((r, c) in [tuple(p), *_beside((p[0], p[1]))] for p in presses)) % 2 for c, cell in enumerate(row)]
        for r, row in enumerate(grid)
    ],
    claims=(
        Claim(
            "Two presses of one switch change nothing.",
            ([[0, 1, 0], [0, 0, 0], [1, 0, 0]], [[1, 1], [1, 1]]),
            [[0, 1, 0], [0, 0, 0], [1, 0, 0]],
        ),
    ),
    level=3,
)
def lights_after_presses(grid: list[list[int]], presses: list[list[int]]) -> list[list[int]]:
    lights = [list(row) for row in grid]
    for press in presses:
        for dr, dc in [(0, 0), (0, 1), (1, 0), (0, -1), (-1, 0)]:
            r = press[0] + dr
            c = press[1] + dc
            if 0 <= r < len(lights) and 0 <= c < len(lights[0]):
                lights[r][c] = 1 - lights[r][c]
    return lights


def _lines(rows: list[str]) -> Iterator[str]:
    height, width = len(rows), len(rows[0])
    for r, c, (dr, dc) in itertools.product(range(height), range(width), ((0, 1), (1, 0), (1, 1), (1, -1))):
        cells = [(r + k * dr, c + k * dc) for k in range(3)]
        if all(0 <= i < height and 0 <= j < width for i, j in cells):
            yield "".join(rows[i][j] for i, j in cells)


@atom(
    topic="grids",
    says=(
        'the number of lines of three equal letters "X" in the board {rows}, a list of equally long texts: three '
        "cells in a row, a column or a diagonal right next to one another, lines that overlap counted separately",
        'how often three "X" stand side by side in one direction (across, down or diagonally) in {rows}, the equally '
        "long rows of a board",
    ),
    names=("count_lines", "three_in_a_row", "lines_of_x"),
    inputs={"rows": Made(_rows_of("XXXO."), (["X"],))},
    reference=lambda rows: sum(line == "XXX" for line in _lines(rows)),
    claims=(Claim("Four in a row hold two lines.", (["XXXX"],), 2),),
    level=3,
)
def count_lines_of_three(rows: list[str]) -> int:
    count = 0
    for r in range(len(rows)):
        for c in range(len(rows[0])):
            for dr, dc in [(0, 1), (1, 0), (1, 1), (1, -1)]:
                length = 0
                i = r
                j = c
                while length < 3 and i < len(rows) and 0 <= j < len(rows[0]) and rows[i][j] == "X":
                    length += 1
                    i += dr
                    j += dc
                if length == 3:
                    count += 1
    return count


@atom(
    topic="grids",
    says=(
        "the number of empty cells of a chessboard of {size} by {size} cells that are attacked by at least one of the "
        "rooks on the cells {rooks}, each [row, column]; rooks do not block one another",
        "how many cells without a rook lie in a row or a column of one of {rooks}, given as [row, column] counted "
        "from 0, on a square board with {size} rows",
    ),
    names=("attacked_cells", "rook_attacks", "cells_under_attack"),
    inputs={"size": Whole(3, 6), "rooks": ListOf(ListOf(Whole(0, 2), 2, 2), 0, 4)},
    reference=lambda size, rooks: sum(
        [r, c] not in rooks and any(r == y or c == x for y, x in rooks)
        for r, c in itertools.product(range(size), repeat=2)
    ),
    claims=(
        Claim("Without rooks nothing is attacked.", (4, []), 0),
        Claim("One rook on 3 by 3 attacks 4 cells.", (3, [[0, 0]]), 4),
    ),
    level=3,
)
def count_attacked_cells(size: int, rooks: list[list[int]]) -> int:
    rows: set[int] = set()
    columns: set[int] = set()
    taken: set[tuple[int, int]] = set()
    for rook in rooks:
        rows.add(rook[0])
        columns.add(rook[1])
        taken.add((rook[0], rook[1]))
    free = (size - len(rows)) * (size - len(columns))
    return size * size - free - len(taken)


@atom(
    topic="grids",
    says=(
        "the largest number of gems that can be collected in {grid}, whose cells are numbers of gems, on a way from "
        "any cell of the bottom row to the top row that goes straight up or diagonally up at each step",
        "the greatest sum of one cell per row of {grid}, where the column changes by at most one between neighbouring "
        "rows",
    ),
    names=("collect_gems", "best_climb", "max_gems"),
    inputs={"grid": GridOf(Whole(0, 9), (1, 4), (1, 4))},
    reference=lambda grid: max(
        sum(row[c] for row, c in zip(grid, columns, strict=True))
        for columns in itertools.product(range(len(grid[0])), repeat=len(grid))
        if all(abs(a - b) <= 1 for a, b in itertools.pairwise(columns))
    ),
    claims=(Claim("In a single row it is the largest number.", ([[3, 8, 2]],), 8),),
    level=4,
)
def most_gems(grid: list[list[int]]) -> int:
    best = list(grid[-1])
    for r in range(len(grid) - 2, -1, -1):
        higher: list[int] = []
        for c in range(len(best)):
            left = max(0, c - 1)
            right = min(len(best) - 1, c + 1)
            higher.append(grid[r][c] + max(best[left], best[c], best[right]))
        best = higher
    return max(best)
