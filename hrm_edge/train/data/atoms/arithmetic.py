"""Sums, sequences, and numbers written in other ways."""

import math
from functools import cache

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import Made, OneOf, Whole
from hrm_edge.train.data.atoms.favoured import Favoured

DIGITS = "0123456789ABCDEF"


# --- sequences


def _fibonacci_by_recursion(n: int) -> int:
    if n < 2:
        return n
    return _fibonacci_by_recursion(n - 1) + _fibonacci_by_recursion(n - 2)


def _fibonacci_by_list(n: int) -> int:
    values = [0, 1]
    while len(values) <= n:
        values.append(values[-1] + values[len(values) - 2])
    return values[n]


@atom(
    topic="sequences",
    says=(
        "the Fibonacci number (index 0 has 0, index 1 has 1) with index {n}",
        "the number in place {n} of the sequence 0, 1, 1, 2, 3, 5, ..., counted from 0, where each number is the sum "
        "of the two before it",
    ),
    names=("fibonacci", "fib", "nth_fibonacci"),
    inputs={"n": Whole(0, 15)},
    reference=lambda n: round(((1 + 5**0.5) / 2) ** n / 5**0.5),
    claims=(Claim("Index 0 has 0.", (0,), 0), Claim("Index 10 has 55.", (10,), 55)),
    also=(_fibonacci_by_recursion, _fibonacci_by_list),
    level=3,
)
def fibonacci(n: int) -> int:
    a = 0
    b = 1
    for _ in range(n):
        a, b = b, a + b
    return a


@atom(
    topic="sequences",
    says=(
        "the list of the first {n} Fibonacci numbers, beginning 0, 1",
        "the first {n} terms of the sequence that starts with 0 and 1 and continues with sums of two neighbours",
    ),
    names=("fibonacci_list", "first_fibonacci_numbers", "fibonacci_sequence"),
    inputs={"n": Whole(0, 20)},
    reference=lambda n: [round(((1 + 5**0.5) / 2) ** k / 5**0.5) for k in range(n)],
    claims=(Claim("No terms make an empty list.", (0,), []), Claim("One term is just 0.", (1,), [0])),
    level=2,
)
def fibonacci_list(n: int) -> list[int]:
    terms: list[int] = []
    a = 0
    b = 1
    for _ in range(n):
        terms.append(a)
        a, b = b, a + b
    return terms


@atom(
    topic="sequences",
    says=(
        "the sum of the even Fibonacci numbers that are not greater than {n}",
        "what all even terms up to {n} of the sequence 0, 1, 1, 2, 3, 5, 8, ... add up to",
    ),
    names=("sum_even_fibonacci", "even_fibonacci_sum"),
    inputs={"n": Whole(0, 3000)},
    reference=lambda n: sum(f for f in (0, 2, 8, 34, 144, 610, 2584, 10946) if f <= n),
    claims=(Claim("A limit that is such a number is included.", (8,), 10),),
    level=3,
)
def sum_even_fibonacci(n: int) -> int:
    total = 0
    a = 0
    b = 1
    while a <= n:
        if a % 2 == 0:
            total += a
        a, b = b, a + b
    return total


@atom(
    topic="sequences",
    says=(
        "the number in place {n}, counted from 0, of the sequence 0, 0, 1, 1, 2, 4, 7, ... where each number is the "
        "sum of the three before it",
        "the Tribonacci number (indices 0 and 1 have 0, index 2 has 1) with index {n}",
    ),
    names=("tribonacci", "nth_tribonacci"),
    inputs={"n": Whole(0, 24)},
    reference=lambda n: _tribonacci_terms(n)[n],
    claims=(Claim("Index 2 has 1.", (2,), 1),),
    level=3,
)
def tribonacci(n: int) -> int:
    a = 0
    b = 0
    c = 1
    for _ in range(n):
        a, b, c = b, c, a + b + c
    return a


def _tribonacci_terms(n: int) -> list[int]:
    terms = [0, 0, 1]
    for _ in range(n):
        terms.append(sum(terms[-3:]))
    return terms


def _lucas_from_fibonacci(n: int) -> int:
    if n == 0:
        return 2
    return fibonacci(n - 1) + fibonacci(n + 1)


@atom(
    topic="sequences",
    says=(
        "the Lucas number (2, 1, 3, 4, 7, 11, ..., where index 0 has 2) with index {n}",
        "the number in place {n}, counted from 0, of the sequence that starts with 2 and 1 and goes on with the sum of "
        "the last two",
    ),
    names=("lucas", "lucas_number", "nth_lucas"),
    inputs={"n": Whole(0, 20)},
    reference=lambda n: round(((1 + 5**0.5) / 2) ** n + ((1 - 5**0.5) / 2) ** n),
    claims=(Claim("Index 0 has 2.", (0,), 2), Claim("Index 1 has 1.", (1,), 1)),
    also=(_lucas_from_fibonacci,),
    level=3,
)
def lucas_number(n: int) -> int:
    a = 2
    b = 1
    for _ in range(n):
        a, b = b, a + b
    return a


@atom(
    topic="sequences",
    says=(
        "the list of {count} whole numbers that starts with {first} and goes up by {step} each time",
        "the first {count} terms of the arithmetic sequence with first term {first} and common difference {step}",
    ),
    names=("arithmetic_sequence", "count_by", "evenly_spaced"),
    inputs={"first": Whole(-20, 20), "step": Whole(1, 9), "count": Whole(0, 8)},
    reference=lambda first, step, count: list(range(first, first + step * count, step)),
    claims=(Claim("A count of 0 gives an empty list.", (3, 2, 0), []),),
    level=1,
)
def arithmetic_sequence(first: int, step: int, count: int) -> list[int]:
    return [first + i * step for i in range(count)]


@atom(
    topic="sequences",
    says=(
        "the list of the first {count} powers of {base}, from exponent 0 up",
        "the list of {count} numbers that starts with 1 and in which each further number is the one before times "
        "{base}",
    ),
    names=("powers", "list_powers", "power_list"),
    inputs={"base": Whole(2, 7), "count": Whole(0, 9)},
    reference=lambda base, count: [base**k for k in range(count)],
    claims=(Claim("The first power is 1.", (5, 1), [1]),),
    level=1,
)
def powers_of(base: int, count: int) -> list[int]:
    powers: list[int] = []
    following = 1
    for _ in range(count):
        powers.append(following)
        following *= base
    return powers


def _first_squares_by_odd_steps(n: int) -> list[int]:
    squares: list[int] = []
    square = 0
    for k in range(n):
        square += 2 * k + 1
        squares.append(square)
    return squares


@atom(
    topic="sequences",
    says=(
        "the list of the squares of all whole numbers from 1 to {n}, in ascending order",
        "the perfect squares 1, 4, 9, ... of the first {n} positive whole numbers",
    ),
    names=("squares", "list_squares", "first_squares"),
    inputs={"n": Whole(0, 12)},
    reference=lambda n: [sum(range(1, 2 * k, 2)) for k in range(1, n + 1)],
    claims=(Claim("For 0 the list is empty.", (0,), []),),
    also=(_first_squares_by_odd_steps,),
    level=1,
)
def first_squares(n: int) -> list[int]:
    return [k * k for k in range(1, n + 1)]


def _countdown_by_loop(n: int) -> list[int]:
    numbers: list[int] = []
    while n >= 0:
        numbers.append(n)
        n -= 1
    return numbers


@atom(
    topic="sequences",
    says=(
        "the list that counts down from {n} to 0, both included",
        "all whole numbers from {n} down to zero in descending order",
    ),
    names=("countdown", "count_down", "descending_to_zero"),
    inputs={"n": Whole(0, 12)},
    reference=lambda n: list(reversed(range(n + 1))),
    claims=(Claim("From 0 there is only the 0.", (0,), [0]),),
    also=(_countdown_by_loop,),
    level=1,
)
def countdown(n: int) -> list[int]:
    return [n - i for i in range(n + 1)]


def _pascal_row_by_sums(n: int) -> list[int]:
    row = [1]
    for _ in range(n):
        following = [1]
        for i in range(1, len(row)):
            following.append(row[i - 1] + row[i])
        following.append(1)
        row = following
    return row


@atom(
    topic="combinatorics",
    says=(
        "the row of Pascal's triangle, as a list, with the number {n}, where row 0 is [1]",
        "the list of the binomial coefficients, over 0, 1, 2, ... up to the number itself, of {n}",
    ),
    names=("pascal_row", "pascal_triangle_row", "binomial_row"),
    inputs={"n": Whole(0, 12)},
    reference=lambda n: [math.comb(n, k) for k in range(n + 1)],
    claims=(Claim("Row 0 is a single 1.", (0,), [1]), Claim("Row 3 is 1, 3, 3, 1.", (3,), [1, 3, 3, 1])),
    also=(_pascal_row_by_sums,),
    level=3,
)
def pascal_row(n: int) -> list[int]:
    row = [1]
    for k in range(n):
        row.append(row[k] * (n - k) // (k + 1))
    return row


@atom(
    topic="sequences",
    says=(
        "the multiples of {k} that are at least 1 and at most {limit}, in ascending order",
        "the list of one times {k}, twice {k}, and so on, as far as these do not go over {limit}",
    ),
    names=("multiples_up_to", "list_multiples", "multiples_of"),
    inputs={"k": Whole(2, 12), "limit": Whole(0, 60)},
    reference=lambda k, limit: [m for m in range(1, limit + 1) if m % k == 0],
    claims=(Claim("A limit that is a multiple is included.", (3, 9), [3, 6, 9]), Claim("It can be empty.", (5, 4), [])),
    level=1,
)
def multiples_up_to(k: int, limit: int) -> list[int]:
    multiples: list[int] = []
    multiple = k
    while multiple <= limit:
        multiples.append(multiple)
        multiple += k
    return multiples


@atom(
    topic="sequences",
    says=(
        "the look-and-say term that follows {term}: each run of equal digits is replaced by its length and the digit",
        "the text that reads {term} aloud, giving for every run of the same digit how many there are and which",
    ),
    names=("look_and_say", "say_digits", "next_look_and_say"),
    inputs={"term": Made(lambda rng: "".join(rng.choices("123", k=rng.randint(1, 7))), ("", "1", "22"))},
    reference=lambda term: _say(term),
    claims=(Claim("The empty text stays empty.", ("",), ""), Claim("21 reads as one 2, one 1.", ("21",), "1211")),
    level=3,
)
def look_and_say(term: str) -> str:
    parts: list[str] = []
    i = 0
    while i < len(term):
        end = i
        while end < len(term) and term[end] == term[i]:
            end += 1
        parts.append(str(end - i) + term[i])
        i = end
    return "".join(parts)


def _say(term: str) -> str:
    if not term:
        return ""
    rest = term.lstrip(term[0])
    return f"{len(term) - len(rest)}{term[0]}{_say(rest)}"


# --- sums and products


def _factorial_by_recursion(n: int) -> int:
    if n <= 1:
        return 1
    return n * _factorial_by_recursion(n - 1)


@atom(
    topic="arithmetic",
    says=(
        "the factorial (1 for 0) of {n}",
        "the product of all whole numbers from 1 to {n}, or 1 if there are none",
    ),
    names=("factorial", "product_up_to"),
    inputs={"n": Whole(0, 12)},
    reference=math.factorial,
    claims=(Claim("The factorial of 0 is 1.", (0,), 1),),
    also=(_factorial_by_recursion,),
    level=2,
)
def factorial(n: int) -> int:
    product = 1
    for factor in range(2, n + 1):
        product *= factor
    return product


def _power_by_squaring(base: int, exponent: int) -> int:
    result = 1
    while exponent > 0:
        if exponent % 2 == 1:
            result *= base
        exponent //= 2
        if exponent > 0:
            base *= base
    return result


@atom(
    topic="arithmetic",
    says=(
        "the power with base {base} and exponent {exponent}",
        "the product of {exponent} factors that are all {base}, which is 1 for no factors",
    ),
    names=("power", "raise_to", "exponentiate"),
    inputs={"base": Whole(-6, 6), "exponent": Whole(0, 9)},
    reference=lambda base, exponent: base**exponent,
    claims=(Claim("The exponent 0 gives 1.", (5, 0), 1), Claim("Even powers are never negative.", (-2, 2), 4)),
    also=(_power_by_squaring,),
    level=2,
)
def power(base: int, exponent: int) -> int:
    result = 1
    for _ in range(exponent):
        result *= base
    return result


def _choose_by_recursion(n: int, k: int) -> int:
    if k == 0:
        return 1
    if n == 0:
        return 0
    return _choose_by_recursion(n - 1, k - 1) + _choose_by_recursion(n - 1, k)


@atom(
    topic="combinatorics",
    says=(
        "the number of ways, order not mattering (0 if there are too few things), to choose {k} things out of {n}",
        "the binomial coefficient, 0 when the lower number is larger than the upper, of {n} over {k}",
    ),
    names=("choose", "binomial", "combinations_count"),
    inputs={"n": Whole(0, 12), "k": Whole(0, 8)},
    reference=math.comb,
    claims=(Claim("There is one way to choose nothing.", (5, 0), 1), Claim("2 things give no 3.", (2, 3), 0)),
    also=(_choose_by_recursion,),
    level=3,
)
def choose(n: int, k: int) -> int:
    result = 1
    for i in range(k):
        result = result * (n - i) // (i + 1)
    return result


def _arrangements_by_recursion(n: int, k: int) -> int:
    if k == 0:
        return 1
    if n == 0:
        return 0
    return n * _arrangements_by_recursion(n - 1, k - 1)


@atom(
    topic="combinatorics",
    says=(
        "the number of ordered selections (0 if there are too few things) of {k} different things out of {n}",
        "how many ways there are to put {k} of {n} different things into a row",
    ),
    names=("count_arrangements", "permutations_count", "ordered_choices"),
    inputs={"n": Whole(0, 9), "k": Whole(0, 6)},
    reference=math.perm,
    claims=(Claim("There is one way to arrange nothing.", (4, 0), 1),),
    also=(_arrangements_by_recursion,),
    level=3,
)
def count_arrangements(n: int, k: int) -> int:
    ways = 1
    for i in range(k):
        ways *= n - i
    return ways


@atom(
    topic="combinatorics",
    says=(
        "the Catalan number (index 0 has 1) with index {n}",
        "how many ways there are to nest pairs of brackets correctly when the number of pairs is {n}",
    ),
    names=("catalan", "catalan_number", "count_bracketings"),
    inputs={"n": Whole(0, 12)},
    reference=lambda n: math.comb(2 * n, n) // (n + 1),
    claims=(Claim("Nothing can be nested in one way.", (0,), 1), Claim("Three pairs give 5.", (3,), 5)),
    level=4,
)
def catalan(n: int) -> int:
    ways = [1]
    for pairs in range(1, n + 1):
        ways.append(sum(ways[inner] * ways[pairs - 1 - inner] for inner in range(pairs)))
    return ways[n]


def _sum_of_squares_by_loop(n: int) -> int:
    total = 0
    for k in range(1, n + 1):
        total += k * k
    return total


@atom(
    topic="arithmetic",
    says=(
        "the sum of the squares of all whole numbers from 1 to {n}",
        "the sum 1 + 4 + 9 + ... that ends with the square of {n}, or 0 if there is nothing to add",
    ),
    names=("sum_of_squares", "square_pyramidal", "add_squares"),
    inputs={"n": Whole(0, 100)},
    reference=lambda n: sum(k**2 for k in range(n + 1)),
    claims=(Claim("For 0 it is 0.", (0,), 0),),
    also=(_sum_of_squares_by_loop,),
    level=2,
)
def sum_of_first_squares(n: int) -> int:
    return n * (n + 1) * (2 * n + 1) // 6


@atom(
    topic="arithmetic",
    says=(
        "the square of the sum of the numbers from 1 to {n} minus the sum of their squares",
        "how much the squared sum of the first {n} positive whole numbers exceeds the sum of their squares",
    ),
    names=("square_difference", "sum_square_difference"),
    inputs={"n": Whole(0, 60)},
    reference=lambda n: sum(range(n + 1)) ** 2 - sum(k**2 for k in range(n + 1)),
    claims=(Claim("For 1 both are equal.", (1,), 0),),
    level=2,
)
def sum_square_difference(n: int) -> int:
    total = n * (n + 1) // 2
    return total * total - sum(k * k for k in range(1, n + 1))


@atom(
    topic="arithmetic",
    says=(
        "the alternating sum 1 - 2 + 3 - 4 ... of all whole numbers from 1 to {n}",
        "the sum of the odd numbers up to {n} minus the sum of the even numbers up to it",
    ),
    names=("alternating_sum", "plus_minus_sum", "zigzag_sum"),
    inputs={"n": Whole(0, 60)},
    reference=lambda n: (n + 1) // 2 if n % 2 else -(n // 2),
    claims=(Claim("For 0 there is nothing to add.", (0,), 0), Claim("For 2 it is 1 - 2.", (2,), -1)),
    level=2,
)
def alternating_sum_up_to(n: int) -> int:
    total = 0
    for k in range(1, n + 1):
        if k % 2 == 1:
            total += k
        else:
            total -= k
    return total


def _sum_of_multiples_by_formula(a: int, b: int, limit: int) -> int:
    most = limit - 1
    both = a * b
    total = most // a * (most // a + 1) // 2 * a
    total += most // b * (most // b + 1) // 2 * b
    return total - most // both * (most // both + 1) // 2 * both


@atom(
    topic="arithmetic",
    says=(
        "the sum of all positive whole numbers below {limit} that are divisible by {a} or by {b}, each counted once",
        "what the positive multiples of {a} and of {b} that are less than {limit} add up to, common ones only once",
    ),
    names=("sum_of_multiples", "add_multiples", "multiples_total"),
    inputs={"a": OneOf((2, 3, 5)), "b": OneOf((7, 11, 13)), "limit": Whole(1, 80)},
    reference=lambda a, b, limit: sum({*range(0, limit, a), *range(0, limit, b)}),
    claims=(Claim("The limit itself does not count.", (3, 7, 9), 16),),
    also=(_sum_of_multiples_by_formula,),
    level=2,
)
def sum_of_multiples(a: int, b: int, limit: int) -> int:
    return sum(k for k in range(1, limit) if k % a == 0 or k % b == 0)


def _sum_between_by_formula(a: int, b: int) -> int:
    return (a + b) * (abs(a - b) + 1) // 2


@atom(
    topic="arithmetic",
    says=(
        "the sum of all whole numbers between {a} and {b}, both included, whichever of them is larger",
        "what the whole numbers from the smaller to the larger of {a} and {b} add up to, ends included",
    ),
    names=("sum_between", "sum_of_range", "range_total"),
    inputs={"a": Whole(-30, 30), "b": Whole(-30, 30)},
    reference=lambda a, b: sum({*range(a, b + 1), *range(b, a + 1)}),
    claims=(Claim("Equal ends give that number.", (4, 4), 4), Claim("The order does not matter.", (5, 3), 12)),
    also=(_sum_between_by_formula,),
    level=2,
)
def sum_between(a: int, b: int) -> int:
    low = min(a, b)
    high = max(a, b)
    total = 0
    for number in range(low, high + 1):
        total += number
    return total


def _consecutive_sums_by_window(n: int) -> int:
    ways = 0
    low = 1
    high = 0
    total = 0
    while low <= n:
        if total < n:
            high += 1
            total += high
        else:
            if total == n:
                ways += 1
            total -= low
            low += 1
    return ways


@atom(
    topic="number theory",
    says=(
        "the number of ways to write {n} as a sum of one or more consecutive positive whole numbers",
        "the number of runs of neighbouring positive whole numbers, a single number being a run, that add up to {n}",
    ),
    names=("count_consecutive_sums", "consecutive_sum_ways", "runs_with_sum"),
    inputs={"n": Whole(1, 90)},
    reference=lambda n: sum(d % 2 for d in range(1, n + 1) if n % d == 0),
    claims=(Claim("9 is 9, 4 + 5 and 2 + 3 + 4.", (9,), 3),),
    also=(_consecutive_sums_by_window,),
    level=3,
)
def count_consecutive_sums(n: int) -> int:
    ways = 0
    for first in range(1, n + 1):
        total = 0
        number = first
        while total < n:
            total += number
            number += 1
        if total == n:
            ways += 1
    return ways


@atom(
    topic="number theory",
    says=(
        "the number of right triangles with whole sides whose perimeter is {p}",
        "how many triples of positive whole numbers a < b < c with a*a + b*b equal to c*c have the sum {p}",
    ),
    names=("count_right_triangles", "pythagorean_count", "right_triangles_with_perimeter"),
    inputs={"p": OneOf((10, 12, 24, 30, 36, 40, 41, 48, 56, 60, 70, 72, 80, 84, 90, 120))},
    reference=lambda p: sum(a * a + b * b == c * c for a in range(1, p) for b in range(a, p - a) for c in [p - a - b]),
    claims=(Claim("3 + 4 + 5 is 12.", (12,), 1), Claim("There is none with perimeter 10.", (10,), 0)),
    level=3,
)
def count_right_triangles(p: int) -> int:
    found = 0
    for a in range(1, p // 3 + 1):
        for b in range(a + 1, (p - a) // 2 + 1):
            c = p - a - b
            if a * a + b * b == c * c:
                found += 1
    return found


def _is_triangle_by_longest_side(a: int, b: int, c: int) -> bool:
    longest = max(a, max(b, c))
    return longest < a + b + c - longest


@atom(
    topic="geometry",
    says=(
        "whether a triangle can have sides of the lengths {a}, {b} and {c}, none of them as long as the other two "
        "together",
        "whether each of the lengths {a}, {b} and {c} is less than the sum of the other two",
    ),
    names=("is_triangle", "can_form_triangle", "valid_triangle"),
    inputs={"a": Whole(1, 12), "b": Whole(1, 12), "c": Whole(1, 12)},
    reference=lambda a, b, c: 2 * max(a, b, c) < sum((a, b, c)),
    claims=(Claim("Three sides on one line are no triangle.", (1, 2, 3), False),),
    also=(_is_triangle_by_longest_side,),
    level=2,
)
def is_triangle(a: int, b: int, c: int) -> bool:
    return a + b > c and b + c > a and a + c > b


def _triangle_kind_of_sorted_sides(a: int, b: int, c: int) -> str:
    sides = sorted([a, b, c])
    if sides[0] + sides[1] <= sides[2]:
        return "none"
    different = len(set(sides))
    if different == 1:
        return "equilateral"
    return "isosceles" if different == 2 else "scalene"


@atom(
    topic="geometry",
    says=(
        '"equilateral", "isosceles" or "scalene" for a triangle with sides {a}, {b} and {c}, or "none" if there is no '
        "such triangle",
        'the kind of the triangle with sides {a}, {b} and {c}: "equilateral" for three equal sides, "isosceles" for '
        'exactly two, "scalene" for none equal, and "none" where two sides together are not longer than the third',
    ),
    names=("triangle_kind", "classify_triangle", "triangle_type"),
    inputs={"a": Whole(1, 5), "b": Whole(1, 5), "c": Whole(1, 5)},
    reference=lambda a, b, c: (
        {1: "equilateral", 2: "isosceles", 3: "scalene"}[len({a, b, c})] if 2 * max(a, b, c) < a + b + c else "none"
    ),
    claims=(Claim("Sides on one line are no triangle.", (1, 2, 3), "none"),),
    also=(_triangle_kind_of_sorted_sides,),
    level=2,
)
def triangle_kind(a: int, b: int, c: int) -> str:
    if a + b <= c or b + c <= a or a + c <= b:
        return "none"
    if a == b and b == c:
        return "equilateral"
    if a != b and b != c and a != c:
        return "scalene"
    return "isosceles"


# --- digits


def _digits_of_text(n: int) -> list[int]:
    return [int(c) for c in str(n)]


@atom(
    topic="digits",
    says=(
        "the list of the decimal digits of {n} from left to right",
        "the digits of {n} in base ten as a list of numbers, the most significant first",
    ),
    names=("digits", "digit_list", "split_digits"),
    inputs={"n": Favoured(0, 99_999, (*range(100), 240, 1007, 40_320, 99_999))},
    reference=lambda n: list(map(int, str(n))),
    claims=(Claim("Zero is the single digit 0.", (0,), [0]),),
    also=(_digits_of_text,),
    level=2,
)
def digits_of(n: int) -> list[int]:
    found = [n % 10]
    n //= 10
    while n > 0:
        found.append(n % 10)
        n //= 10
    return found[::-1]


@atom(
    topic="digits",
    says=(
        "the list of the digits of the number that follows the one whose digits in base ten are listed in {digits}",
        "the list of the decimal digits of the number that is one more than the number with the digits in {digits}",
    ),
    names=("add_one_to_digits", "increment_digits", "next_digits"),
    inputs={"digits": Made(lambda rng: list(map(int, str(rng.choice((rng.randint(1, 9999), 99, 1299))))), ([0], [9]))},
    reference=lambda digits: list(map(int, str(int("".join(map(str, digits))) + 1))),
    claims=(Claim("The list grows when all digits are 9.", ([9, 9],), [1, 0, 0]),),
    level=3,
)
def increment_digits(digits: list[int]) -> list[int]:
    result = list(digits)
    i = len(result) - 1
    while i >= 0 and result[i] == 9:
        result[i] = 0
        i -= 1
    if i < 0:
        return [1] + result  # noqa: RUF005
    result[i] += 1
    return result


@atom(
    topic="digits",
    says=(
        "the largest number that can be made by rearranging the decimal digits of {n}",
        "the decimal digits of {n} sorted from the largest to the smallest, read as a number",
    ),
    names=("largest_rearrangement", "biggest_from_digits", "sort_digits_descending"),
    inputs={"n": Whole(0, 99_999)},
    reference=lambda n: int("".join(str(d) * str(n).count(str(d)) for d in range(9, -1, -1))),
    claims=(Claim("Zeros go to the end.", (1020,), 2100),),
    level=2,
)
def largest_rearrangement(n: int) -> int:
    return int("".join(sorted(str(n)))[::-1])


def _is_armstrong_as_text(n: int) -> bool:
    width = len(str(n))
    total: int = sum(int(c) ** width for c in str(n))
    return total == n


@atom(
    topic="digits",
    says=(
        "whether {n} equals the sum of its decimal digits, each raised to the power of the number of digits",
        "whether {n} is an Armstrong number, equal to the sum of its digits to the power of their count",
    ),
    names=("is_armstrong", "is_narcissistic", "is_armstrong_number"),
    inputs={
        "n": Favoured(
            0, 10_000, (0, 5, 9, 10, 12, 100, 153, 154, 200, 370, 371, 372, 407, 500, 1634, 1635, 8208, 9474, 9475)
        )
    },
    reference=lambda n: n < 10 or n in (153, 370, 371, 407, 1634, 8208, 9474),
    claims=(Claim("Every single digit qualifies.", (7,), True), Claim("153 is 1 + 125 + 27.", (153,), True)),
    holds=("is an Armstrong number", "are Armstrong numbers"),
    also=(_is_armstrong_as_text,),
    level=3,
)
def is_armstrong(n: int) -> bool:
    width = len(str(n))
    total = 0
    rest = n
    while rest > 0:
        total += power(rest % 10, width)
        rest //= 10
    return total == n


def _is_happy_by_known_cycle(n: int) -> bool:
    while n not in (1, 4):
        n = _squared_digits(n)
    return n == 1


def _squared_digits(n: int) -> int:
    return sum(int(c) * int(c) for c in str(n))


@atom(
    topic="digits",
    says=(
        "whether {n} is happy: replacing it by the sum of its squared decimal digits again and again leads to 1",
        "whether summing the squares of the decimal digits, starting with {n} and repeated, ever reaches 1",
    ),
    names=("is_happy", "is_happy_number", "reaches_one"),
    inputs={"n": Favoured(1, 10_000, range(1, 60))},
    reference=_is_happy_by_known_cycle,
    claims=(Claim("1 is happy.", (1,), True), Claim("2 never reaches 1.", (2,), False)),
    holds=("is a happy number", "are happy numbers"),
    level=3,
)
def is_happy(n: int) -> bool:
    seen: set[int] = set()
    while n != 1 and n not in seen:
        seen.add(n)
        total = 0
        while n > 0:
            digit = n % 10
            total += digit * digit
            n //= 10
        n = total
    return n == 1


@atom(
    topic="digits",
    says=(
        "how many times the digits of {n} must be multiplied together until a single digit is left",
        "the multiplicative persistence, how often a number must be replaced by the product of its decimal digits "
        "until it is below 10, of {n}",
    ),
    names=("multiplicative_persistence", "persistence", "steps_to_single_digit"),
    inputs={"n": Favoured(0, 10_000, range(3000))},
    reference=lambda n: _persistence(n),
    claims=(Claim("A single digit needs no step.", (7,), 0), Claim("39 gives 27, 14 and 4.", (39,), 3)),
    level=3,
)
def multiplicative_persistence(n: int) -> int:
    steps = 0
    while n >= 10:
        product = 1
        for c in str(n):
            product *= int(c)
        n = product
        steps += 1
    return steps


def _persistence(n: int) -> int:
    return 0 if n < 10 else 1 + _persistence(math.prod(map(int, str(n))))


@atom(
    topic="digits",
    says=(
        "whether the text of digits {number} passes the Luhn check: from the right, every second digit is doubled, 9 "
        "is taken off results above 9, and the total is divisible by 10",
        "whether {number}, a text of digits, is valid by the Luhn formula, where every second digit from the right "
        "counts double (less 9 if that exceeds 9) and all must sum to a multiple of 10",
    ),
    names=("luhn_valid", "passes_luhn", "check_card_number"),
    inputs={"number": Made(lambda rng: _luhn_text(rng.randint(10, 999_999), rng.random() < 0.5), ("0", "18", "59"))},
    reference=lambda number: (
        (sum(int(c) for c in number[::-2]) + sum(sum(divmod(2 * int(c), 10)) for c in number[-2::-2])) % 10 == 0
    ),
    claims=(Claim("A single 0 passes.", ("0",), True), Claim("59 passes: 9 + 1 is 10.", ("59",), True)),
    level=3,
)
def passes_luhn(number: str) -> bool:
    total = 0
    double = False
    for c in number[::-1]:
        digit = int(c)
        if double:
            digit *= 2
            if digit > 9:
                digit -= 9
        total += digit
        double = not double
    return total % 10 == 0


def _luhn_text(start: int, valid: bool) -> str:
    """The number with one more digit, the check digit if it is to be valid."""
    doubled = str(start)[::-2]
    rest = sum(sum(divmod(2 * int(c), 10)) for c in doubled) + sum(int(c) for c in str(start)[-2::-2])
    return f"{start}{(-rest + (0 if valid else 3)) % 10}"


# --- other ways to write a number


@atom(
    topic="number systems",
    says=(
        "the text of {n} written in base {base}, with the letters A to F as digits above 9",
        "the digits of {n} in the number system with base {base} as a text (A stands for 10, up to F for 15)",
    ),
    names=("to_base", "convert_to_base", "in_base"),
    inputs={"n": Whole(0, 2000), "base": Whole(2, 16)},
    reference=lambda n, base: (
        {2: f"{n:b}", 8: f"{n:o}", 16: f"{n:X}"}[base] if base in (2, 8, 16) else _in_base(n, base)
    ),
    claims=(Claim("Zero is written as 0.", (0, 7), "0"), Claim("255 in base 16 is FF.", (255, 16), "FF")),
    level=3,
)
def to_base(n: int, base: int) -> str:
    if n == 0:
        return "0"
    text = ""
    while n > 0:
        text = "0123456789ABCDEF"[n % base] + text
        n //= base
    return text


def _in_base(n: int, base: int) -> str:
    width = next(k for k in range(1, 20) if base**k > n)
    return "".join(DIGITS[n // base**k % base] for k in reversed(range(width)))


@atom(
    topic="number systems",
    says=(
        "the number that {digits}, a text, stands for in base {base}",
        "the value of {digits}, a text of digits of the number system with base {base}",
    ),
    names=("from_base", "parse_in_base", "value_in_base"),
    inputs={"digits": Made(lambda rng: _in_base(rng.randint(0, 500), 2), ("0", "1")), "base": Whole(2, 9)},
    reference=lambda digits, base: int(digits, base),
    claims=(Claim("101 in base 2 is five.", ("101", 2), 5),),
    level=3,
)
def from_base(digits: str, base: int) -> int:
    value = 0
    for digit in digits:
        value = value * base + int(digit)
    return value


def _to_roman_digit_by_digit(n: int) -> str:
    ones = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"]
    tens = ["", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC"]
    hundreds = ["", "C", "CC", "CCC", "CD", "D", "DC", "DCC", "DCCC", "CM"]
    return "M" * (n // 1000) + hundreds[n // 100 % 10] + tens[n // 10 % 10] + ones[n % 10]


@atom(
    topic="number systems",
    says=(
        "the Roman numeral, in capital letters, for {n}",
        "the text that writes {n} with the Roman digits I, V, X, L, C, D and M, using forms like IV and XC",
    ),
    names=("to_roman", "roman_numeral", "write_roman"),
    inputs={"n": Whole(1, 2500)},
    reference=lambda n: (
        ("", "M", "MM", "MMM")[n // 1000]
        + ("", "C", "CC", "CCC", "CD", "D", "DC", "DCC", "DCCC", "CM")[n // 100 % 10]
        + ("", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC")[n // 10 % 10]
        + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[n % 10]
    ),
    claims=(Claim("4 is IV, not IIII.", (4,), "IV"), Claim("1994 is MCMXCIV.", (1994,), "MCMXCIV")),
    also=(_to_roman_digit_by_digit,),
    level=3,
)
def to_roman(n: int) -> str:
    values = [1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1]
    letters = ["M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"]
    numeral = ""
    for i, value in enumerate(values):
        while n >= value:
            numeral += letters[i]
            n -= value
    return numeral


@cache
def _numerals() -> dict[str, int]:
    return {to_roman(n): n for n in range(1, 2501)}


@atom(
    topic="number systems",
    says=(
        "the number that the Roman numeral {numeral} stands for",
        "the value of {numeral}, a text of Roman digits in which a smaller digit before a larger one is subtracted",
    ),
    names=("from_roman", "roman_to_int", "parse_roman"),
    inputs={"numeral": Made(lambda rng: to_roman(rng.randint(1, 2500)), ("I", "MCMXCIV"))},
    reference=lambda numeral: _numerals()[numeral],
    claims=(Claim("IX is 9.", ("IX",), 9),),
    level=3,
)
def from_roman(numeral: str) -> int:
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
    total = 0
    previous = 0
    for letter in numeral[::-1]:
        value = values[letter]
        if value < previous:
            total -= value
        else:
            total += value
        previous = value
    return total


@atom(
    topic="number systems",
    says=(
        'the text, such as "1st", "2nd", "3rd" or "4th", of {n} directly followed by its English ordinal ending',
        'the short ordinal form of {n} as a text (1 gives "1st", 12 gives "12th", 22 gives "22nd")',
    ),
    names=("ordinal", "to_ordinal", "with_ordinal_ending"),
    inputs={"n": Favoured(0, 10_000, range(130))},
    reference=lambda n: f"{n}" + ("th" if n // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")),
    claims=(Claim("11, 12 and 13 end in th.", (111,), "111th"), Claim("21 ends in st.", (21,), "21st")),
    level=2,
)
def ordinal(n: int) -> str:
    if 11 <= n % 100 <= 13:
        return str(n) + "th"
    if n % 10 == 1:
        return str(n) + "st"
    if n % 10 == 2:
        return str(n) + "nd"
    if n % 10 == 3:
        return str(n) + "rd"
    return str(n) + "th"


@atom(
    topic="number systems",
    says=(
        "the text, with a comma before every group of three digits counted from the right, of {n} in base ten",
        'the decimal text, with commas between thousands as in "1,234,567", of {n}',
    ),
    names=("with_commas", "group_thousands", "format_thousands"),
    inputs={
        "n": Favoured(
            0, 9_999_999, (0, 7, 12, 999, 1000, 1005, 12345, 100_000, 999_999, 1_000_000, 1_234_567, 70_000_008)
        )
    },
    reference=lambda n: f"{n:,}",
    claims=(Claim("Fewer than four digits need no comma.", (999,), "999"),),
    level=3,
)
def with_commas(n: int) -> str:
    digits = str(n)
    text = ""
    for i, digit in enumerate(digits):
        if i > 0 and (len(digits) - i) % 3 == 0:
            text += ","
        text += digit
    return text


@atom(
    topic="number systems",
    says=(
        'the English words for {n}, a number below 100, with a hyphen as in "forty-two"',
        'the name in lowercase English words (0 is "zero", 21 is "twenty-one") of {n}, which is at most 99',
    ),
    names=("number_in_words", "spell_number", "say_number"),
    inputs={"n": Whole(0, 99)},
    reference=lambda n: _names_below_100()[n],
    claims=(Claim("Whole tens have no hyphen.", (40,), "forty"), Claim("Zero has a word too.", (0,), "zero")),
    level=2,
)
def number_in_words(n: int) -> str:
    small = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"]
    small.extend(["twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"])
    tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    if n < 20:
        return small[n]
    word = tens[n // 10 - 2]
    if n % 10 == 0:
        return word
    return word + "-" + small[n % 10]


def _names_below_100() -> list[str]:
    ones = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    stems = ["fif", "six", "seven", "eigh", "nine"]
    teens = ["ten", "eleven", "twelve", *(f"{stem}teen" for stem in ("thir", "four", *stems))]
    tens = [f"{stem}ty" for stem in ("twen", "thir", "for", *stems)]
    return ["zero", *ones, *teens, *(name for ten in tens for name in (ten, *(f"{ten}-{one}" for one in ones)))]


@atom(
    topic="number systems",
    says=(
        "the list of texts for 1 to {n} in which multiples of {a} read as {first}, multiples of {b} as {second}, "
        "multiples of both as the two joined, and all others as the number itself",
        "what a round of counting from 1 to {n} says, as a list of texts: {first} in place of a multiple of {a}, "
        "{second} in place of a multiple of {b}, both words run together in place of a common multiple, else the "
        "number",
    ),
    names=("counting_game", "word_for_multiples", "fizz_round"),
    inputs={
        "n": Whole(0, 16),
        "a": OneOf((2, 3)),
        "b": OneOf((5, 7)),
        "first": OneOf(("fizz", "ping", "tick")),
        "second": OneOf(("buzz", "pong", "tock")),
    },
    reference=lambda n, a, b, first, second: [
        (first * (k % a == 0) + second * (k % b == 0)) or str(k) for k in range(1, n + 1)
    ],
    claims=(Claim("Without numbers the list is empty.", (0, 3, 5, "fizz", "buzz"), []),),
    level=2,
)
def counting_game(n: int, a: int, b: int, first: str, second: str) -> list[str]:
    spoken: list[str] = []
    for k in range(1, n + 1):
        word = ""
        if k % a == 0:
            word += first
        if k % b == 0:
            word += second
        if word == "":
            word = str(k)
        spoken.append(word)
    return spoken


@atom(
    topic="number theory",
    says=(
        "the partial quotients of the continued fraction of {a} / {b}",
        "the list of the quotients in Euclid's algorithm for {a} divided by {b}, until the remainder is 0",
    ),
    names=("continued_fraction", "partial_quotients", "euclid_quotients"),
    inputs={"a": Whole(0, 90), "b": Whole(1, 90)},
    reference=lambda a, b: _quotients(a, b),
    claims=(Claim("A multiple needs one step.", (12, 4), [3]), Claim("3 / 4 starts with 0.", (3, 4), [0, 1, 3])),
    level=3,
)
def continued_fraction(a: int, b: int) -> list[int]:
    quotients: list[int] = []
    while b != 0:
        quotients.append(a // b)
        a, b = b, a % b
    return quotients


def _quotients(a: int, b: int) -> list[int]:
    whole, rest = divmod(a, b)
    return [whole] if rest == 0 else [whole, *_quotients(b, rest)]


@atom(
    topic="number theory",
    says=(
        "the denominators of different unit fractions that add up to {a} / {b}, the largest possible fraction first",
        "the greedy Egyptian fraction of {a} over {b} as the list of its denominators, each as small as what is left "
        "allows",
    ),
    names=("egyptian_fraction", "unit_fractions", "greedy_unit_fractions"),
    inputs={"a": Whole(1, 7), "b": Whole(2, 12)},
    needs=lambda a, b: a < b and (a < 5 or b % a != 1),
    reference=lambda a, b: _egyptian(a, b),
    claims=(Claim("A unit fraction is its own result.", (1, 4), [4]), Claim("3 / 4 is 1/2 + 1/4.", (3, 4), [2, 4])),
    level=4,
)
def egyptian_fraction(a: int, b: int) -> list[int]:
    denominators: list[int] = []
    while a > 0:
        d = (b + a - 1) // a
        denominators.append(d)
        a, b = a * d - b, b * d
    return denominators


def _egyptian(a: int, b: int) -> list[int]:
    if a == 0:
        return []
    d = next(d for d in range(1, 10_000_000) if a * d >= b)
    common = math.gcd(a * d - b, b * d)
    return [d, *_egyptian((a * d - b) // common, b * d // common)]
