"""Grids of numbers: lists of rows of equal length."""

import itertools
import math
import random

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import GridOf, Made, Whole

CELL = Whole(-9, 20)
MATRIX = GridOf(CELL)
SQUARE = GridOf(CELL, rows=(1, 4), square=True)


def _transpose_by_copying(matrix: list[list[int]]) -> list[list[int]]:
    result = [[0] * len(matrix) for _ in range(len(matrix[0]))]
    for i in range(len(matrix)):
        for j in range(len(matrix[0])):
            result[j][i] = matrix[i][j]
    return result


@atom(
    topic="matrices",
    says=(
        "the transpose of {matrix}, whose rows are the columns of the original",
        "the grid that results from exchanging rows and columns of {matrix}",
    ),
    names=("transpose", "transposed", "swap_rows_and_columns"),
    inputs={"matrix": MATRIX},
    reference=lambda matrix: [list(column) for column in zip(*matrix, strict=True)],
    claims=(Claim("One row becomes one column.", ([[1, 2]],), [[1], [2]]),),
    also=(_transpose_by_copying,),
    level=2,
)
def transpose(matrix: list[list[int]]) -> list[list[int]]:
    result: list[list[int]] = []
    for j in range(len(matrix[0])):
        result.append([row[j] for row in matrix])
    return result


def _trace_by_loop(matrix: list[list[int]]) -> int:
    total = 0
    for i, row in enumerate(matrix):
        total += row[i]
    return total


@atom(
    topic="matrices",
    says=(
        "the trace of {matrix}, a square matrix, that is, the sum of its main diagonal",
        "the sum of the entries of {matrix}, a square matrix, from the top left to the bottom right corner",
    ),
    names=("trace", "diagonal_sum", "sum_of_diagonal"),
    inputs={"matrix": SQUARE},
    reference=lambda matrix: sum(row[i] for i, row in enumerate(matrix)),
    claims=(Claim("A single entry is its own trace.", ([[5]],), 5),),
    also=(_trace_by_loop,),
    level=1,
)
def trace(matrix: list[list[int]]) -> int:
    return sum(matrix[i][i] for i in range(len(matrix)))


@atom(
    topic="matrices",
    says=(
        "the list of the entries on the main diagonal of {matrix}, a square matrix, top left first",
        "the main diagonal of {matrix}, a square matrix, as a list, from the top left to the bottom right",
    ),
    names=("diagonal", "main_diagonal", "diagonal_entries"),
    inputs={"matrix": SQUARE},
    reference=lambda matrix: [value for row in matrix for value in row][:: len(matrix) + 1],
    claims=(Claim("A matrix of one entry has that as its diagonal.", ([[5]],), [5]),),
    level=1,
)
def main_diagonal(matrix: list[list[int]]) -> list[int]:
    return [matrix[i][i] for i in range(len(matrix))]


@atom(
    topic="matrices",
    says=(
        "the list of the entries of {matrix}, a square matrix, from its top right to its bottom left corner",
        "the secondary diagonal of {matrix}, a square matrix, as a list, beginning at the top right",
    ),
    names=("secondary_diagonal", "anti_diagonal", "other_diagonal"),
    inputs={"matrix": SQUARE},
    reference=lambda matrix: [row[::-1][i] for i, row in enumerate(matrix)],
    claims=(Claim("In two rows.", ([[1, 2], [3, 4]],), [2, 3]),),
    level=2,
)
def secondary_diagonal(matrix: list[list[int]]) -> list[int]:
    n = len(matrix)
    return [matrix[i][n - 1 - i] for i in range(n)]


@atom(
    topic="matrices",
    says=(
        "the absolute difference between the sums of the two diagonals of {matrix}, a square matrix",
        "how far apart the sums of the main and the secondary diagonal of {matrix}, a square matrix, are",
    ),
    names=("diagonal_difference", "difference_of_diagonals"),
    inputs={"matrix": SQUARE},
    reference=lambda matrix: abs(sum(row[i] - row[-1 - i] for i, row in enumerate(matrix))),
    claims=(Claim("One entry lies on both diagonals.", ([[7]],), 0),),
    level=2,
)
def diagonal_difference(matrix: list[list[int]]) -> int:
    main = 0
    other = 0
    for i in range(len(matrix)):
        main += matrix[i][i]
        other += matrix[i][len(matrix) - 1 - i]
    return abs(main - other)


@atom(
    topic="matrices",
    says=(
        "the list of the sums of the rows of {matrix}, top row first",
        "the list of what the entries of each row, from top to bottom, add up to in {matrix}",
    ),
    names=("row_sums", "sum_rows", "totals_by_row"),
    inputs={"matrix": MATRIX},
    reference=lambda matrix: [int(math.fsum(row)) for row in matrix],
    claims=(Claim("Two rows have two sums.", ([[1, 2], [3, 4]],), [3, 7]),),
    level=1,
)
def row_sums(matrix: list[list[int]]) -> list[int]:
    return [sum(row) for row in matrix]


def _column_sums_by_rows(matrix: list[list[int]]) -> list[int]:
    sums = [0] * len(matrix[0])
    for row in matrix:
        for j, value in enumerate(row):
            sums[j] += value
    return sums


@atom(
    topic="matrices",
    says=(
        "the list of the sums of the columns of {matrix}, leftmost column first",
        "the list of what the entries of each column, from left to right, add up to in {matrix}",
    ),
    names=("column_sums", "sum_columns", "totals_by_column"),
    inputs={"matrix": MATRIX},
    reference=lambda matrix: [sum(column) for column in zip(*matrix, strict=True)],
    claims=(Claim("Two columns have two sums.", ([[1, 2], [3, 4]],), [4, 6]),),
    also=(_column_sums_by_rows,),
    level=2,
)
def column_sums(matrix: list[list[int]]) -> list[int]:
    return [sum(row[j] for row in matrix) for j in range(len(matrix[0]))]


@atom(
    topic="matrices",
    says=(
        "the list of the largest entries of the rows of {matrix}, top row first",
        "the list of the greatest entries, one for each row from top to bottom, of {matrix}",
    ),
    names=("row_maxima", "largest_in_rows", "max_of_each_row"),
    inputs={"matrix": MATRIX},
    reference=lambda matrix: [sorted(row)[-1] for row in matrix],
    claims=(Claim("A row of one entry has that as its largest.", ([[4], [-1]],), [4, -1]),),
    level=1,
)
def row_maxima(matrix: list[list[int]]) -> list[int]:
    return [max(row) for row in matrix]


@atom(
    topic="matrices",
    says=(
        "the sum of all entries of {matrix}",
        "the total of all numbers in all rows of {matrix}",
    ),
    names=("matrix_sum", "sum_of_entries", "grid_total"),
    inputs={"matrix": MATRIX},
    reference=lambda matrix: sum(itertools.chain.from_iterable(matrix)),
    claims=(Claim("A single entry is the sum.", ([[3]],), 3),),
    level=1,
)
def matrix_sum(matrix: list[list[int]]) -> int:
    total = 0
    for row in matrix:
        total += sum(row)
    return total


def _rotate_by_placing(matrix: list[list[int]]) -> list[list[int]]:
    height = len(matrix)
    result = [[0] * height for _ in range(len(matrix[0]))]
    for i in range(height):
        for j in range(len(matrix[0])):
            result[j][height - 1 - i] = matrix[i][j]
    return result


@atom(
    topic="matrices",
    says=(
        "the result of a clockwise quarter turn of {matrix}",
        "the grid that one gets by turning {matrix} 90 degrees to the right",
    ),
    names=("rotate_clockwise", "rotate_right", "turn_right"),
    inputs={"matrix": MATRIX},
    reference=lambda matrix: [list(row) for row in zip(*matrix[::-1], strict=True)],
    claims=(Claim("The left column becomes the top row, bottom first.", ([[1, 2], [3, 4]],), [[3, 1], [4, 2]]),),
    also=(_rotate_by_placing,),
    level=3,
)
def rotate_clockwise(matrix: list[list[int]]) -> list[list[int]]:
    upside_down = matrix[::-1]
    result: list[list[int]] = []
    for j in range(len(matrix[0])):
        result.append([row[j] for row in upside_down])
    return result


@atom(
    topic="matrices",
    says=(
        "the result of a counterclockwise quarter turn of {matrix}",
        "the grid that one gets by turning {matrix} 90 degrees to the left",
    ),
    names=("rotate_counterclockwise", "rotate_left_turn", "turn_left"),
    inputs={"matrix": MATRIX},
    reference=lambda matrix: [list(row) for row in zip(*matrix, strict=True)][::-1],
    claims=(Claim("The right column becomes the top row.", ([[1, 2], [3, 4]],), [[2, 4], [1, 3]]),),
    level=3,
)
def rotate_counterclockwise(matrix: list[list[int]]) -> list[list[int]]:
    width = len(matrix[0])
    return [[row[width - 1 - j] for row in matrix] for j in range(width)]


@atom(
    topic="matrices",
    says=(
        "the result of mirroring from left to right, which reverses every row, of {matrix}",
        "the grid with each row of {matrix} in reverse order",
    ),
    names=("mirror", "flip_horizontally", "reverse_rows"),
    inputs={"matrix": MATRIX},
    reference=lambda matrix: [list(reversed(row)) for row in matrix],
    claims=(Claim("The order of the rows stays.", ([[1, 2], [3, 4]],), [[2, 1], [4, 3]]),),
    level=1,
)
def mirror(matrix: list[list[int]]) -> list[list[int]]:
    return [row[::-1] for row in matrix]


def _identity_by_comparing(n: int) -> list[list[int]]:
    return [[1 if i == j else 0 for j in range(n)] for i in range(n)]


@atom(
    topic="matrices",
    says=(
        "the {n} by {n} identity matrix",
        "the square grid with {n} rows that has ones on the main diagonal and zeros elsewhere",
    ),
    names=("identity_matrix", "identity", "unit_matrix"),
    inputs={"n": Whole(1, 5)},
    reference=lambda n: [[0] * i + [1] + [0] * (n - 1 - i) for i in range(n)],
    claims=(Claim("With one row it is a single 1.", (1,), [[1]]),),
    also=(_identity_by_comparing,),
    level=2,
)
def identity_matrix(n: int) -> list[list[int]]:
    matrix: list[list[int]] = []
    for i in range(n):
        row = [0] * n
        row[i] = 1
        matrix.append(row)
    return matrix


@atom(
    topic="matrices",
    says=(
        "the multiplication table with {rows} rows and {columns} columns, whose entries are row number times column "
        "number, both counted from 1",
        "the grid of {rows} rows and {columns} columns that has i times j in row i and column j, counting from 1",
    ),
    names=("multiplication_table", "times_table", "product_table"),
    inputs={"rows": Whole(1, 5), "columns": Whole(1, 5)},
    reference=lambda rows, columns: [list(range(i, i * columns + 1, i)) for i in range(1, rows + 1)],
    claims=(Claim("The top left entry is 1.", (1, 1), [[1]]),),
    level=2,
)
def multiplication_table(rows: int, columns: int) -> list[list[int]]:
    return [[i * j for j in range(1, columns + 1)] for i in range(1, rows + 1)]


@atom(
    topic="matrices",
    says=(
        "the grid with {rows} rows and {columns} columns of alternating 0 and 1 like a chessboard, 0 at the top left",
        "a chessboard pattern of zeros and ones with {rows} rows of {columns} entries, starting with 0 at the top left",
    ),
    names=("chessboard", "checkerboard", "alternating_grid"),
    inputs={"rows": Whole(1, 5), "columns": Whole(1, 5)},
    reference=lambda rows, columns: [([0, 1] * columns)[i % 2 :][:columns] for i in range(rows)],
    claims=(Claim("Neighbours always differ.", (2, 2), [[0, 1], [1, 0]]),),
    level=2,
)
def chessboard(rows: int, columns: int) -> list[list[int]]:
    return [[(i + j) % 2 for j in range(columns)] for i in range(rows)]


@atom(
    topic="matrices",
    says=(
        "the matrix of the sums of the entries of {a} and {b} at the same places, both having the same shape",
        "the entrywise sum of {a} and {b}, two grids of the same shape",
    ),
    names=("add_matrices", "matrix_addition", "entrywise_sum"),
    inputs={"a": MATRIX, "b": MATRIX},
    needs=lambda a, b: len(a) == len(b) and len(a[0]) == len(b[0]),
    reference=lambda a, b: [list(map(sum, zip(*rows, strict=True))) for rows in zip(a, b, strict=True)],
    claims=(Claim("Single entries are added.", ([[1]], [[2]]), [[3]]),),
    level=2,
)
def add_matrices(a: list[list[int]], b: list[list[int]]) -> list[list[int]]:
    result: list[list[int]] = []
    for i in range(len(a)):
        row: list[int] = []
        for j in range(len(a[0])):
            row.append(a[i][j] + b[i][j])
        result.append(row)
    return result


@atom(
    topic="matrices",
    says=(
        "the result of multiplying by {factor} every entry of {matrix}",
        "the grid of {factor} times each entry of {matrix}",
    ),
    names=("scale_matrix", "multiply_entries", "scaled"),
    inputs={"matrix": MATRIX, "factor": Whole(-3, 5)},
    reference=lambda matrix, factor: [list(map(factor.__mul__, row)) for row in matrix],
    claims=(Claim("The factor 0 leaves only zeros.", ([[5, 6]], 0), [[0, 0]]),),
    level=1,
)
def scale_matrix(matrix: list[list[int]], factor: int) -> list[list[int]]:
    return [[factor * value for value in row] for row in matrix]


def _multiply_by_columns(a: list[list[int]], b: list[list[int]]) -> list[list[int]]:
    columns = transpose(b)
    result: list[list[int]] = []
    for row in a:
        products: list[int] = []
        for column in columns:
            products.append(sum(x * y for x, y in zip(row, column)))  # noqa: B905 - as the subset writes it
        result.append(products)
    return result


@atom(
    topic="matrices",
    says=(
        "the matrix product of {a} and {b}, the first having as many columns as the second has rows",
        "the matrix whose entry in row i and column j is the sum of the products of row i of {a} with column j of {b}",
    ),
    names=("multiply_matrices", "matrix_product", "matmul"),
    inputs={"a": GridOf(CELL, rows=(1, 3), columns=(1, 3)), "b": GridOf(CELL, rows=(1, 3), columns=(1, 3))},
    needs=lambda a, b: len(a[0]) == len(b),
    reference=lambda a, b: [[sum(map(int.__mul__, row, column)) for column in zip(*b, strict=True)] for row in a],
    claims=(Claim("The identity changes nothing.", ([[1, 0], [0, 1]], [[5, 6], [7, 8]]), [[5, 6], [7, 8]]),),
    also=(_multiply_by_columns,),
    level=3,
)
def multiply_matrices(a: list[list[int]], b: list[list[int]]) -> list[list[int]]:
    result = [[0] * len(b[0]) for _ in range(len(a))]
    for i in range(len(a)):
        for j in range(len(b[0])):
            for k in range(len(b)):
                result[i][j] += a[i][k] * b[k][j]
    return result


@atom(
    topic="matrices",
    says=(
        "the list in spiral order, clockwise from the top left corner toward the middle, of the entries of {matrix}",
        "the list of the numbers met on the way inward through {matrix} that begins along the top row and always turns "
        "right",
    ),
    names=("spiral_order", "spiral", "read_spiral"),
    inputs={"matrix": MATRIX},
    reference=lambda matrix: _spiral(matrix),
    claims=(Claim("Of two rows the lower one is read backwards.", ([[1, 2], [3, 4]],), [1, 2, 4, 3]),),
    level=4,
)
def spiral_order(matrix: list[list[int]]) -> list[int]:
    order: list[int] = []
    top = 0
    bottom = len(matrix) - 1
    left = 0
    right = len(matrix[0]) - 1
    while top <= bottom and left <= right:
        for j in range(left, right + 1):
            order.append(matrix[top][j])
        for i in range(top + 1, bottom + 1):
            order.append(matrix[i][right])
        if top < bottom and left < right:
            for j in range(right - 1, left - 1, -1):
                order.append(matrix[bottom][j])
            for i in range(bottom - 1, top, -1):
                order.append(matrix[i][left])
        top += 1
        bottom -= 1
        left += 1
        right -= 1
    return order


def _spiral(matrix: list[list[int]]) -> list[int]:
    """The top row, then the rest turned to the left."""
    if not matrix:
        return []
    rest = [list(row) for row in zip(*matrix[1:], strict=True)][::-1]
    return [*matrix[0], *_spiral(rest)]


def _is_symmetric_by_transposing(matrix: list[list[int]]) -> bool:
    return transpose(matrix) == matrix


@atom(
    topic="matrices",
    says=(
        "whether {matrix}, a square matrix, is symmetric, equal to its transpose",
        "whether exchanging rows and columns leaves {matrix}, a square matrix, as it is",
    ),
    names=("is_symmetric", "equals_its_transpose", "symmetric"),
    inputs={"matrix": Made(lambda rng: _maybe_symmetric(rng), ([[1]], [[1, 2], [2, 1]]))},
    reference=lambda matrix: [list(column) for column in zip(*matrix, strict=True)] == matrix,
    claims=(Claim("A single entry is symmetric.", ([[3]],), True),),
    also=(_is_symmetric_by_transposing,),
    level=2,
)
def is_symmetric(matrix: list[list[int]]) -> bool:
    for i in range(len(matrix)):
        for j in range(i):
            if matrix[i][j] != matrix[j][i]:
                return False
    return True


def _maybe_symmetric(rng: random.Random) -> list[list[int]]:
    n = rng.randint(2, 4)
    matrix = [[rng.randint(0, 9) for _ in range(n)] for _ in range(n)]
    for i in range(n):
        for j in range(i):
            matrix[i][j] = matrix[j][i]
    if rng.random() < 0.5:
        matrix[rng.randrange(n)][rng.randrange(n)] += 1
    return matrix


@atom(
    topic="matrices",
    says=(
        "whether {matrix} is a magic square: all its rows, columns and both diagonals have the same sum",
        "whether every row, every column and both diagonals of {matrix}, a square matrix, add up to the same number",
    ),
    names=("is_magic_square", "is_magic", "check_magic_square"),
    inputs={"matrix": Made(lambda rng: _maybe_magic(rng), ([[7]], [[1, 1], [1, 1]]))},
    reference=lambda matrix: (
        len(
            {
                *map(sum, matrix),
                *map(sum, zip(*matrix, strict=True)),
                sum(row[i] for i, row in enumerate(matrix)),
                sum(row[-1 - i] for i, row in enumerate(matrix)),
            }
        )
        == 1
    ),
    claims=(
        Claim("A single entry is magic.", ([[7]],), True),
        Claim("The diagonals count.", ([[1, 2], [2, 1]],), False),
    ),
    level=3,
)
def is_magic_square(matrix: list[list[int]]) -> bool:
    n = len(matrix)
    wanted = sum(matrix[0])
    main = 0
    other = 0
    for i in range(n):
        if sum(matrix[i]) != wanted:
            return False
        if sum(row[i] for row in matrix) != wanted:
            return False
        main += matrix[i][i]
        other += matrix[i][n - 1 - i]
    return main == wanted and other == wanted


def _maybe_magic(rng: random.Random) -> list[list[int]]:
    shift, factor = rng.randint(0, 5), rng.randint(1, 3)
    matrix = [[shift + factor * value for value in row] for row in ((2, 7, 6), (9, 5, 1), (4, 3, 8))]
    if rng.random() < 0.5:
        matrix = [list(row) for row in zip(*matrix, strict=True)]
    if rng.random() < 0.3:
        matrix = matrix[1:] + matrix[:1]
    if rng.random() < 0.2:
        matrix[rng.randrange(3)][rng.randrange(3)] += 1
    return matrix


@atom(
    topic="matrices",
    says=(
        "whether all entries of {matrix}, a square matrix, below its main diagonal are zero",
        "whether {matrix}, a square matrix, is upper triangular",
    ),
    names=("is_upper_triangular", "upper_triangular", "zero_below_diagonal"),
    inputs={"matrix": Made(lambda rng: _maybe_triangular(rng), ([[1]], [[1, 2], [3, 4]]))},
    reference=lambda matrix: not any(any(row[:i]) for i, row in enumerate(matrix)),
    claims=(Claim("A single entry has nothing below it.", ([[3]],), True),),
    level=2,
)
def is_upper_triangular(matrix: list[list[int]]) -> bool:
    for i in range(len(matrix)):
        for j in range(i):
            if matrix[i][j] != 0:
                return False
    return True


def _maybe_triangular(rng: random.Random) -> list[list[int]]:
    n = rng.randint(2, 4)
    matrix = [[rng.randint(1, 9) if j >= i else 0 for j in range(n)] for i in range(n)]
    if rng.random() < 0.5:
        matrix[rng.randrange(n)][rng.randrange(n)] = rng.randint(1, 9)
    return matrix


@atom(
    topic="matrices",
    says=(
        "the pairs [row, column], counted from 0 and in reading order, of the entries of {matrix} that are largest in "
        "their row and smallest in their column, ties allowed",
        "the list of positions [i, j] in {matrix}, row by row, where no entry of the same row is greater and no entry "
        "of the same column is less",
    ),
    names=("saddle_points", "find_saddle_points", "row_max_column_min"),
    inputs={"matrix": GridOf(Whole(0, 5), rows=(1, 3), columns=(1, 3))},
    reference=lambda matrix: [
        [i, j]
        for i, row in enumerate(matrix)
        for j, value in enumerate(row)
        if all(value >= other for other in row) and all(value <= line[j] for line in matrix)
    ],
    claims=(Claim("A single entry is a saddle point.", ([[3]],), [[0, 0]]),),
    level=3,
)
def saddle_points(matrix: list[list[int]]) -> list[list[int]]:
    largest = [max(row) for row in matrix]
    smallest = [min(row[j] for row in matrix) for j in range(len(matrix[0]))]
    points: list[list[int]] = []
    for i, row in enumerate(matrix):
        for j, value in enumerate(row):
            if value == largest[i] and value == smallest[j]:
                points.append([i, j])
    return points


@atom(
    topic="matrices",
    says=(
        "the pair of row and column, counted from 0, of the first entry of {matrix} in reading order that is equal to "
        "{target}, or none if there is none",
        "the place (row, column) where {target} first occurs in {matrix}, searched row by row from the left, counting "
        "from 0; none if it is absent",
    ),
    names=("find_in_matrix", "locate", "position_in_grid"),
    inputs={"matrix": GridOf(Whole(0, 6), rows=(1, 3), columns=(1, 3)), "target": Whole(0, 6)},
    reference=lambda matrix, target: next(
        ((i, j) for i, row in enumerate(matrix) for j, value in enumerate(row) if value == target), None
    ),
    claims=(Claim("An absent number has no place.", ([[1, 2]], 5), None),),
    level=2,
)
def find_in_matrix(matrix: list[list[int]], target: int) -> tuple[int, int] | None:
    for i, row in enumerate(matrix):
        for j, value in enumerate(row):
            if value == target:
                return (i, j)
    return None


def _staircase_search(matrix: list[list[int]], target: int) -> bool:
    i = 0
    j = len(matrix[0]) - 1
    while i < len(matrix) and j >= 0:
        if matrix[i][j] == target:
            return True
        if matrix[i][j] > target:
            j -= 1
        else:
            i += 1
    return False


@atom(
    topic="matrices",
    says=(
        "whether {target} occurs in {matrix}, whose rows and columns are sorted in ascending order",
        "whether {matrix}, a grid that ascends along every row and every column, contains {target}",
    ),
    names=("search_sorted_matrix", "sorted_matrix_contains", "matrix_has"),
    inputs={"matrix": Made(lambda rng: _ascending_grid(rng), ([[1]], [[1, 2], [3, 4]])), "target": Whole(0, 15)},
    reference=lambda matrix, target: target in set(itertools.chain.from_iterable(matrix)),
    claims=(Claim("What is smaller than the first entry is absent.", ([[5, 6]], 4), False),),
    also=(_staircase_search,),
    level=3,
)
def sorted_matrix_contains(matrix: list[list[int]], target: int) -> bool:
    return any(target in row for row in matrix)


def _ascending_grid(rng: random.Random) -> list[list[int]]:
    rows, columns = rng.randint(1, 4), rng.randint(1, 4)
    grid = [sorted(rng.choices(range(12), k=columns)) for _ in range(rows)]
    return [list(row) for row in zip(*(sorted(column) for column in zip(*grid, strict=True)), strict=True)]


def _border_sum_by_inner_part(matrix: list[list[int]]) -> int:
    total = 0
    for row in matrix:
        total += sum(row)
    for i in range(1, len(matrix) - 1):
        for j in range(1, len(matrix[0]) - 1):
            total -= matrix[i][j]
    return total


@atom(
    topic="matrices",
    says=(
        "the sum of the entries in the first and last row and the first and last column of {matrix}, each entry once",
        "the total of the entries on the border of {matrix}, corners counted once",
    ),
    names=("border_sum", "sum_of_border", "edge_total"),
    inputs={"matrix": MATRIX},
    reference=lambda matrix: sum(map(sum, matrix)) - sum(sum(row[1:-1]) for row in matrix[1:-1]),
    claims=(Claim("In a single row everything is border.", ([[1, 2, 3]],), 6),),
    also=(_border_sum_by_inner_part,),
    level=2,
)
def border_sum(matrix: list[list[int]]) -> int:
    total = 0
    for i, row in enumerate(matrix):
        for j, value in enumerate(row):
            if i == 0 or j == 0 or i == len(matrix) - 1 or j == len(row) - 1:
                total += value
    return total


def _determinant_by_elimination(matrix: list[list[int]]) -> int:
    rows = [row[:] for row in matrix]
    sign = 1
    previous = 1
    for k in range(len(rows) - 1):
        pivot = k
        while pivot < len(rows) and rows[pivot][k] == 0:
            pivot += 1
        if pivot == len(rows):
            return 0
        if pivot != k:
            held = rows[k][:]
            rows[k] = rows[pivot][:]
            rows[pivot] = held
            sign = -sign
        for i in range(k + 1, len(rows)):
            for j in range(k + 1, len(rows)):
                rows[i][j] = (rows[i][j] * rows[k][k] - rows[i][k] * rows[k][j]) // previous
        previous = rows[k][k]
    return sign * rows[len(rows) - 1][len(rows) - 1]


@atom(
    topic="matrices",
    says=(
        "the determinant of {matrix}, a matrix with as many rows as columns",
        "the determinant of {matrix}, a square matrix, by expansion along its first row",
    ),
    names=("determinant", "det", "matrix_determinant"),
    inputs={"matrix": SQUARE},
    reference=lambda matrix: sum(
        (-1) ** sum(order[i] > order[j] for i, j in itertools.combinations(range(len(order)), 2))
        * math.prod(row[column] for row, column in zip(matrix, order, strict=True))
        for order in itertools.permutations(range(len(matrix)))
    ),
    claims=(
        Claim("A single entry is its own determinant.", ([[5]],), 5),
        Claim("Equal rows give 0.", ([[1, 2], [1, 2]],), 0),
    ),
    also=(_determinant_by_elimination,),
    level=4,
)
def determinant(matrix: list[list[int]]) -> int:
    if len(matrix) == 1:
        return matrix[0][0]
    total = 0
    sign = 1
    for j in range(len(matrix)):
        smaller = [row[:j] + row[j + 1 :] for row in matrix[1:]]
        total += sign * matrix[0][j] * determinant(smaller)
        sign = -sign
    return total


@atom(
    topic="matrices",
    says=(
        "the result of filling with zeros every row and every column that holds a zero of {matrix}",
        "the grid that has 0 wherever row or column of the place contain a 0 in {matrix}, and the same entry elsewhere",
    ),
    names=("spread_zeros", "zero_rows_and_columns", "set_zeroes"),
    inputs={"matrix": GridOf(Whole(0, 6), rows=(1, 4), columns=(1, 4))},
    reference=lambda matrix: [
        [value * all(row) * all(line[j] for line in matrix) for j, value in enumerate(row)] for row in matrix
    ],
    claims=(Claim("Zeros that were put in do not spread.", ([[0, 1], [1, 1]],), [[0, 0], [0, 1]]),),
    level=3,
)
def spread_zeros(matrix: list[list[int]]) -> list[list[int]]:
    rows: set[int] = set()
    columns: set[int] = set()
    for i, row in enumerate(matrix):
        for j, value in enumerate(row):
            if value == 0:
                rows.add(i)
                columns.add(j)
    result = [row[:] for row in matrix]
    for i in range(len(matrix)):
        for j in range(len(matrix[0])):
            if i in rows or j in columns:
                result[i][j] = 0
    return result


@atom(
    topic="matrices",
    says=(
        "the list of the sums over the anti-diagonals, where entry k adds all places with row plus column, counted "
        "from 0, equal to k, of {matrix}",
        "the list that has at index k the sum of those entries whose row number and column number, counted from 0, "
        "add up to k in {matrix}",
    ),
    names=("anti_diagonal_sums", "diagonal_sums", "sums_by_diagonal"),
    inputs={"matrix": MATRIX},
    reference=lambda matrix: [
        sum(row[k - i] for i, row in enumerate(matrix) if 0 <= k - i < len(row))
        for k in range(len(matrix) + len(matrix[0]) - 1)
    ],
    claims=(Claim("Two rows of two have three.", ([[1, 2], [3, 4]],), [1, 5, 4]),),
    level=3,
)
def anti_diagonal_sums(matrix: list[list[int]]) -> list[int]:
    sums = [0] * (len(matrix) + len(matrix[0]) - 1)
    for i, row in enumerate(matrix):
        for j, value in enumerate(row):
            sums[i + j] += value
    return sums


@atom(
    topic="matrices",
    says=(
        "whether every entry of {matrix} equals its neighbour one row down and one column to the right, where there is "
        "one",
        "whether {matrix} is constant along each diagonal that runs from the top left to the bottom right",
    ),
    names=("is_toeplitz", "has_constant_diagonals", "same_along_diagonals"),
    inputs={"matrix": Made(lambda rng: _maybe_toeplitz(rng), ([[1]], [[1, 2, 3]]))},
    reference=lambda matrix: all(upper[:-1] == lower[1:] for upper, lower in itertools.pairwise(matrix)),
    claims=(Claim("A single row qualifies.", ([[1, 2, 3]],), True),),
    level=3,
)
def is_toeplitz(matrix: list[list[int]]) -> bool:
    for i in range(1, len(matrix)):
        for j in range(1, len(matrix[0])):
            if matrix[i][j] != matrix[i - 1][j - 1]:
                return False
    return True


def _maybe_toeplitz(rng: random.Random) -> list[list[int]]:
    rows, columns = rng.randint(2, 4), rng.randint(2, 4)
    values = [rng.randint(0, 9) for _ in range(rows + columns)]
    matrix = [[values[rows + j - i] for j in range(columns)] for i in range(rows)]
    if rng.random() < 0.5:
        matrix[rng.randrange(rows)][rng.randrange(columns)] += 1
    return matrix


@atom(
    topic="matrices",
    says=(
        "the number of rows of {matrix} in which some number occurs more than once",
        "how many rows of {matrix} have a repeated entry",
    ),
    names=("rows_with_repeats", "count_rows_with_duplicates", "repeating_rows"),
    inputs={"matrix": GridOf(Whole(0, 5), rows=(1, 4), columns=(1, 4))},
    reference=lambda matrix: sum(any(row.count(value) > 1 for value in row) for row in matrix),
    claims=(Claim("Rows of one entry repeat nothing.", ([[1], [1]],), 0),),
    level=2,
)
def rows_with_repeats(matrix: list[list[int]]) -> int:
    return sum(1 for row in matrix if len(set(row)) < len(row))


@atom(
    topic="matrices",
    says=(
        "the index of the row of {matrix} with the largest sum, the first such row in case of a tie",
        "the number of the first row of {matrix}, counted from 0, whose entries add up to the most",
    ),
    names=("richest_row", "row_with_largest_sum", "best_row"),
    inputs={"matrix": GridOf(Whole(0, 6), rows=(1, 5), columns=(1, 3))},
    reference=lambda matrix: max(range(len(matrix)), key=lambda i: sum(matrix[i])),
    claims=(Claim("Of equal rows the first is taken.", ([[1, 2], [2, 1]],), 0),),
    level=2,
)
def richest_row(matrix: list[list[int]]) -> int:
    best = 0
    for i in range(1, len(matrix)):
        if sum(matrix[i]) > sum(matrix[best]):
            best = i
    return best
