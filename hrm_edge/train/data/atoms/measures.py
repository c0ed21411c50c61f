"""Fractions of numbers: averages, percentages, prices, distances. Results are the same double in every language,
because sums and products of quarters are exact and one division or square root comes last."""

import math
import statistics
from fractions import Fraction

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import ListOf, OneOf, Quarters, Whole
from hrm_edge.train.data.atoms.favoured import Favoured

PRICE = Quarters(0, 50)
COORDINATE = Whole(-20, 20)


@atom(
    topic="averages",
    says=(
        "the arithmetic mean, or none if there are no numbers, of {numbers}",
        "the average as a decimal number, none for an empty list, of {numbers}",
    ),
    names=("mean_or_none", "safe_average", "average_if_any"),
    inputs={"numbers": ListOf(Whole(-20, 40), 0, 6)},
    reference=lambda numbers: statistics.fmean(numbers) if numbers else None,
    claims=(Claim("An empty list has no mean.", ([],), None), Claim("The mean of 1 and 2 is 1.5.", ([1, 2],), 1.5)),
    level=2,
)
def mean_or_none(numbers: list[int]) -> float | None:
    if not numbers:
        return None
    return sum(numbers) / len(numbers)


@atom(
    topic="averages",
    says=(
        "the mean of {numbers} without one smallest and one largest entry, for at least three numbers",
        "the average of {numbers} (three or more) after one lowest and one highest of them are left out",
    ),
    names=("trimmed_mean", "average_without_extremes", "fair_score"),
    inputs={"numbers": ListOf(Whole(0, 30), 3, 8)},
    reference=lambda numbers: statistics.fmean(sorted(numbers)[1:-1]),
    claims=(Claim("Of equal extremes only one is left out.", ([1, 1, 7, 7],), 4.0),),
    level=2,
)
def trimmed_mean(numbers: list[int]) -> float:
    return (sum(numbers) - min(numbers) - max(numbers)) / (len(numbers) - 2)


@atom(
    topic="averages",
    says=(
        "the average of {values} weighted with {weights}: the sum of value times weight over the sum of the weights",
        "the weighted mean of {values}, where entry i of {weights}, a whole number above 0, is the weight of entry i",
    ),
    names=("weighted_mean", "weighted_average", "grade_average"),
    inputs={"values": ListOf(Quarters(0, 20), 1, 5), "weights": ListOf(Whole(1, 5), 1, 5)},
    needs=lambda values, weights: len(values) == len(weights),
    reference=lambda values, weights: float(
        sum(Fraction(value) * weight for value, weight in zip(values, weights, strict=True)) / sum(weights)
    ),
    claims=(Claim("A single value is its own average.", ([2.5], [3]), 2.5),),
    level=3,
)
def weighted_mean(values: list[float], weights: list[int]) -> float:
    total = 0.0
    for i, value in enumerate(values):
        total += value * float(weights[i])
    return total / float(sum(weights))


@atom(
    topic="averages",
    says=(
        "the population variance, the mean squared distance from their mean, of {numbers}, which is not empty",
        "the average of the squared differences between the entries of {numbers}, a non-empty list, and their mean",
    ),
    names=("variance", "population_variance", "spread"),
    inputs={"numbers": ListOf(Whole(-10, 20), 1, 7)},
    reference=lambda numbers: float(statistics.pvariance(map(Fraction, numbers))),
    claims=(Claim("Equal numbers have variance 0.", ([4, 4],), 0.0),),
    level=3,
)
def variance(numbers: list[int]) -> float:
    count = len(numbers)
    total = sum(numbers)
    squares = sum(number * number for number in numbers)
    return (count * squares - total * total) / (count * count)


@atom(
    topic="averages",
    says=(
        "the list of the means of the first 1, 2, 3, ... entries of {numbers}",
        "the list of the averages of all entries up to and including each place in {numbers}",
    ),
    names=("running_mean", "running_averages", "cumulative_average"),
    inputs={"numbers": ListOf(Whole(-10, 30), 0, 6)},
    reference=lambda numbers: [statistics.fmean(numbers[: i + 1]) for i in range(len(numbers))],
    claims=(
        Claim("The first mean is the first number.", ([4, 6],), [4.0, 5.0]),
        Claim("Nothing gives nothing.", ([],), []),
    ),
    level=2,
)
def running_mean(numbers: list[int]) -> list[float]:
    means: list[float] = []
    total = 0
    for i, number in enumerate(numbers):
        total += number
        means.append(total / (i + 1))
    return means


@atom(
    topic="percentages",
    says=(
        "how many percent {part} is of {whole}, as a decimal number",
        "the share of {part} in {whole}, in percent",
    ),
    names=("percentage", "share_in_percent", "as_percent"),
    inputs={"part": Whole(0, 200), "whole": Whole(1, 200)},
    reference=lambda part, whole: float(Fraction(100 * part, whole)),
    claims=(Claim("The whole is 100 percent of itself.", (8, 8), 100.0),),
    level=1,
)
def percentage(part: int, whole: int) -> float:
    return part * 100 / whole


@atom(
    topic="percentages",
    says=(
        "the change from {old} to {new} in percent of the first, negative for a decrease",
        "by how many percent {new} is larger than {old} (below zero if it is smaller)",
    ),
    names=("percent_change", "relative_change", "growth_in_percent"),
    inputs={"old": Whole(1, 100), "new": Whole(0, 200)},
    reference=lambda old, new: float(Fraction(100 * new, old) - 100),
    claims=(Claim("Doubling is a change of 100 percent.", (5, 10), 100.0), Claim("No change is 0.", (7, 7), 0.0)),
    level=2,
)
def percent_change(old: int, new: int) -> float:
    return (new - old) * 100 / old


@atom(
    topic="money",
    says=(
        "the price that a reduction by {percent} percent makes of {price}",
        "what is left to pay of {price} after a discount of {percent} percent",
    ),
    names=("discounted_price", "apply_discount", "reduced_price"),
    inputs={"price": PRICE, "percent": OneOf((0, 5, 10, 20, 25, 30, 50, 75, 100))},
    reference=lambda price, percent: float(Fraction(price) * (100 - percent) / 100),
    claims=(Claim("With 100 percent off it costs nothing.", (9.5, 100), 0.0),),
    level=1,
)
def discounted_price(price: float, percent: int) -> float:
    return price * float(100 - percent) / 100.0


def _growth_by_power(balance: float, years: int) -> float:
    numerator = 1
    denominator = 1
    for _ in range(years):
        numerator *= 5
        denominator *= 4
    return balance * float(numerator) / float(denominator)


@atom(
    topic="money",
    says=(
        "what {balance} becomes after {years} years in each of which it grows by a quarter of itself",
        "the result after {years} years of compound growth of 25 percent a year, starting with {balance}",
    ),
    names=("compound_growth", "grown_balance", "balance_after_years"),
    inputs={"balance": Quarters(0, 100), "years": Whole(0, 8)},
    reference=lambda balance, years: float(Fraction(balance) * Fraction(5, 4) ** years),
    claims=(Claim("After no years nothing has changed.", (8.5, 0), 8.5),),
    also=(_growth_by_power,),
    level=2,
)
def compound_growth(balance: float, years: int) -> float:
    for _ in range(years):
        balance = balance * 1.25
    return balance


@atom(
    topic="money",
    says=(
        "the number of whole years until {start} grows to at least {goal} if it increases by half of itself every year",
        "how many yearly rises of 50 percent {start} needs until it is not less than {goal}, 0 if it is large enough",
    ),
    names=("years_to_reach", "years_until_goal", "rises_needed"),
    inputs={"start": Quarters(1, 20), "goal": Quarters(1, 200)},
    reference=lambda start, goal: next(n for n in range(50) if Fraction(start) * Fraction(3, 2) ** n >= goal),
    claims=(Claim("Nothing is needed where the goal is reached.", (5.0, 5.0), 0),),
    level=2,
)
def years_to_reach(start: float, goal: float) -> int:
    years = 0
    while start < goal:
        start = start * 1.5
        years += 1
    return years


@atom(
    topic="money",
    says=(
        "the total cost of buying {counts} of things that cost {prices}, entry by entry",
        "the sum of price times amount over {prices} and {counts}, two lists of the same length (0 if they are empty)",
    ),
    names=("total_cost", "bill_total", "order_total"),
    inputs={"prices": ListOf(PRICE, 0, 4), "counts": ListOf(Whole(0, 5), 0, 4)},
    needs=lambda prices, counts: len(prices) == len(counts),
    reference=lambda prices, counts: float(sum(Fraction(p) * n for p, n in zip(prices, counts, strict=True))),
    claims=(Claim("Nothing costs nothing.", ([], []), 0.0),),
    level=2,
)
def total_cost(prices: list[float], counts: list[int]) -> float:
    total = 0.0
    for i, price in enumerate(prices):
        total += price * float(counts[i])
    return total


@atom(
    topic="measurement",
    says=(
        "the temperature in degrees Fahrenheit that equals, in degrees Celsius, {celsius}",
        "what a Fahrenheit thermometer shows (32 plus 9 fifths of the degrees Celsius) when the degrees Celsius "
        "are {celsius}",
    ),
    names=("to_fahrenheit", "celsius_to_fahrenheit", "fahrenheit"),
    inputs={"celsius": Quarters(-40, 100)},
    reference=lambda celsius: float(Fraction(celsius) * 9 / 5 + 32),
    claims=(Claim("Water freezes at 32 degrees Fahrenheit.", (0.0,), 32.0),),
    level=1,
)
def to_fahrenheit(celsius: float) -> float:
    return (celsius * 9.0 + 160.0) / 5.0


@atom(
    topic="measurement",
    says=(
        "the temperature in degrees Celsius that equals, in degrees Fahrenheit, {fahrenheit}",
        "what a Celsius thermometer shows (5 ninths of what is left of the degrees Fahrenheit after taking away "
        "32) when the degrees Fahrenheit are {fahrenheit}",
    ),
    names=("to_celsius", "fahrenheit_to_celsius", "celsius"),
    inputs={"fahrenheit": Quarters(-40, 212)},
    reference=lambda fahrenheit: float((Fraction(fahrenheit) - 32) * 5 / 9),
    claims=(Claim("212 degrees Fahrenheit is where water boils.", (212.0,), 100.0),),
    level=1,
)
def to_celsius(fahrenheit: float) -> float:
    return (fahrenheit - 32.0) * 5.0 / 9.0


@atom(
    topic="geometry",
    says=(
        "the straight-line distance between the points ({x1}, {y1}) and ({x2}, {y2})",
        "the Euclidean distance from the point with coordinates {x1}, {y1} to the point with coordinates {x2}, {y2}",
    ),
    names=("distance_between_points", "euclidean_distance", "point_distance"),
    inputs={"x1": COORDINATE, "y1": COORDINATE, "x2": COORDINATE, "y2": COORDINATE},
    reference=lambda x1, y1, x2, y2: abs(float((x1 - x2) ** 2 + (y1 - y2) ** 2)) ** 0.5,
    claims=(Claim("A step of 3 and one of 4 make 5.", (0, 0, 3, 4), 5.0), Claim("A point itself.", (2, 2, 2, 2), 0.0)),
    level=2,
)
def distance_between_points(x1: int, y1: int, x2: int, y2: int) -> float:
    dx = x2 - x1
    dy = y2 - y1
    return math.sqrt(float(dx * dx + dy * dy))


@atom(
    topic="geometry",
    says=(
        "the number of steps along the grid, right, left, up or down, from ({x1}, {y1}) to ({x2}, {y2})",
        "the Manhattan distance between the points with coordinates {x1}, {y1} and {x2}, {y2}",
    ),
    names=("manhattan_distance", "grid_distance", "taxicab_distance"),
    inputs={"x1": COORDINATE, "y1": COORDINATE, "x2": COORDINATE, "y2": COORDINATE},
    reference=lambda x1, y1, x2, y2: max(x1, x2) - min(x1, x2) + max(y1, y2) - min(y1, y2),
    claims=(Claim("A point is 0 steps from itself.", (2, 3, 2, 3), 0),),
    level=1,
)
def manhattan_distance(x1: int, y1: int, x2: int, y2: int) -> int:
    return abs(x1 - x2) + abs(y1 - y2)


@atom(
    topic="geometry",
    says=(
        "the area of the triangle with the corners ({x1}, {y1}), ({x2}, {y2}) and ({x3}, {y3})",
        "the area between three points, the first at {x1}, {y1}, the second at {x2}, {y2}, the third at {x3}, {y3} "
        "(0 if they lie on one line)",
    ),
    names=("triangle_area", "area_of_triangle", "area_from_corners"),
    inputs=dict.fromkeys(("x1", "y1", "x2", "y2", "x3", "y3"), COORDINATE),
    reference=lambda x1, y1, x2, y2, x3, y3: float(
        Fraction(abs(x1 * y2 + x2 * y3 + x3 * y1 - y1 * x2 - y2 * x3 - y3 * x1), 2)
    ),
    claims=(Claim("Points on one line enclose nothing.", (0, 0, 1, 1, 2, 2), 0.0),),
    level=3,
)
def triangle_area(x1: int, y1: int, x2: int, y2: int, x3: int, y3: int) -> float:
    return abs((x2 - x1) * (y3 - y1) - (x3 - x1) * (y2 - y1)) / 2


@atom(
    topic="geometry",
    says=(
        "the length of the diagonal of a rectangle with the sides {width} and {height}",
        "the square root of the sum of the squares of {width} and {height}",
    ),
    names=("diagonal_length", "hypotenuse", "rectangle_diagonal"),
    inputs={"width": Whole(1, 40), "height": Whole(1, 40)},
    reference=lambda width, height: (width**2 + height**2) ** 0.5,
    claims=(Claim("Sides of 3 and 4 give 5.", (3, 4), 5.0),),
    level=1,
)
def diagonal_length(width: int, height: int) -> float:
    return math.sqrt(float(width * width + height * height))


def _overlap_by_conditional(a: int, b: int, c: int, d: int) -> int:
    start = a if a > c else c
    end = b if b < d else d
    return end - start if end > start else 0


@atom(
    topic="geometry",
    says=(
        "the length of what the intervals from {a} to {b} and from {c} to {d} have in common, 0 if they do not meet",
        "by how much the stretch from {a} to {b} overlaps the stretch from {c} to {d} (0 if not at all)",
    ),
    names=("overlap", "overlap_length", "interval_overlap"),
    inputs={"a": Whole(-10, 20), "b": Whole(-10, 30), "c": Whole(-10, 20), "d": Whole(-10, 30)},
    needs=lambda a, b, c, d: a <= b and c <= d,
    reference=lambda a, b, c, d: len(set(range(a, b)) & set(range(c, d))),
    claims=(Claim("Touching ends do not overlap.", (1, 3, 3, 5), 0),),
    also=(_overlap_by_conditional,),
    level=2,
)
def overlap_length(a: int, b: int, c: int, d: int) -> int:
    return max(0, min(b, d) - max(a, c))


@atom(
    topic="arithmetic",
    says=(
        "the whole number x with {a} * x + {b} = 0, or none if no whole number solves it (the first is not 0)",
        "the integer solution x of {a} times x plus {b} equals zero, none if it is not whole; the factor is not 0",
    ),
    names=("solve_linear", "linear_solution", "whole_root"),
    inputs={"a": Favoured(-9, 9, (-4, -3, -2, -1, 1, 2, 3, 4)), "b": Whole(-30, 30)},
    needs=lambda a, _b: a != 0,
    reference=lambda a, b: next((x for x in range(-30, 31) if a * x + b == 0), None),
    claims=(Claim("2 * x + 3 = 0 has no whole solution.", (2, 3), None), Claim("x - 4 = 0.", (1, -4), 4)),
    level=2,
)
def solve_linear(a: int, b: int) -> int | None:
    if abs(b) % abs(a) != 0:
        return None
    x = abs(b) // abs(a)
    return x if (a < 0) != (b < 0) else -x


@atom(
    topic="arithmetic",
    says=(
        "the whole numbers x with x * x + {b} * x + {c} = 0 in ascending order, each once",
        "the list of the different integer solutions of the equation x squared plus {b} times x plus {c} equals zero, "
        "smaller first",
    ),
    names=("integer_roots", "quadratic_roots", "solve_quadratic"),
    inputs={"b": Whole(-10, 10), "c": Favoured(-30, 30, (-12, -8, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 8, 9, 12))},
    reference=lambda b, c: [x for x in range(-60, 61) if x * x + b * x + c == 0],
    claims=(Claim("A double solution is listed once.", (-2, 1), [1]), Claim("x * x + 1 is never 0.", (0, 1), [])),
    level=4,
)
def integer_roots(b: int, c: int) -> list[int]:
    square = b * b - 4 * c
    roots: list[int] = []
    if square < 0:
        return roots
    root = math.isqrt(square)
    if root * root != square:
        return roots
    roots.append((-b - root) // 2)
    if root > 0:
        roots.append((-b + root) // 2)
    return roots


@atom(
    topic="arithmetic",
    says=(
        "the value at {x} of the polynomial whose coefficients are {coefficients}, the constant term first (0 if none)",
        "the sum of {coefficients} times rising powers of {x}, the entry at index i with the power i; 0 for no entries",
    ),
    names=("evaluate_polynomial", "polynomial_value", "horner"),
    inputs={"coefficients": ListOf(Whole(-9, 9), 0, 5), "x": Whole(-5, 5)},
    reference=lambda coefficients, x: sum(c * x**i for i, c in enumerate(coefficients)),
    claims=(Claim("At 0 the value is the constant term.", ([7, 2], 0), 7), Claim("No entries give 0.", ([], 3), 0)),
    level=3,
)
def evaluate_polynomial(coefficients: list[int], x: int) -> int:
    value = 0
    for coefficient in coefficients[::-1]:
        value = value * x + coefficient
    return value
