"""Questions about one whole number, most of them one expression: what binds slots and chains."""

import math

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import Whole
from hrm_edge.train.data.atoms.favoured import Favoured

ANY = Favoured(-10_000, 10_000, range(-60, 61))
NATURAL = Favoured(0, 10_000, range(251))
LARGE = Whole(0, 30_000)
DIGIT = Whole(0, 9)


def _is_odd_by_last_digit(n: int) -> bool:
    return str(n)[-1] in "13579"


@atom(
    topic="arithmetic",
    says=(
        "whether {n} is even",
        "whether {n} is an even number",
        "whether dividing {n} by 2 leaves no remainder",
    ),
    names=("is_even", "even", "check_even"),
    inputs={"n": ANY},
    reference=lambda n: not _is_odd_by_last_digit(n),
    claims=(Claim("Zero counts as even.", (0,), True), Claim("Minus three is not even.", (-3,), False)),
    holds=("is even", "are even"),
    level=1,
)
def is_even(n: int) -> bool:
    return n % 2 == 0


@atom(
    topic="arithmetic",
    says=("whether {n} is odd", "whether {n} is an odd number", "whether {n} is not a multiple of 2"),
    names=("is_odd", "odd", "check_odd"),
    inputs={"n": ANY},
    reference=_is_odd_by_last_digit,
    claims=(Claim("Zero is not odd.", (0,), False), Claim("Negative numbers can be odd too.", (-7,), True)),
    holds=("is odd", "are odd"),
    level=1,
)
def is_odd(n: int) -> bool:
    return n % 2 != 0


@atom(
    topic="arithmetic",
    says=("whether {n} is positive", "whether {n} is greater than zero", "whether {n} lies above zero"),
    names=("is_positive", "above_zero"),
    inputs={"n": ANY},
    reference=lambda n: n != 0 and not str(n).startswith("-"),
    claims=(Claim("Zero is not positive.", (0,), False),),
    holds=("is positive", "are positive"),
    level=1,
)
def is_positive(n: int) -> bool:
    return n > 0


@atom(
    topic="arithmetic",
    says=("whether {n} is negative", "whether {n} is less than zero", "whether {n} lies below zero"),
    names=("is_negative", "below_zero"),
    inputs={"n": ANY},
    reference=lambda n: str(n).startswith("-"),
    claims=(Claim("Zero is not negative.", (0,), False),),
    holds=("is negative", "are negative"),
    level=1,
)
def is_negative(n: int) -> bool:
    return n < 0


@atom(
    topic="arithmetic",
    says=(
        "whether {n} is divisible by {k}",
        "whether {n} is a multiple of {k}",
        "whether {k} divides {n} without a remainder",
    ),
    names=("is_divisible", "is_multiple", "divides_evenly"),
    inputs={"n": ANY, "k": Whole(2, 9)},
    reference=lambda n, k: n in range(-10_000 * k, 10_000 * k, k),
    claims=(Claim("Zero is divisible by every such number.", (0, 7), True),),
    holds=("is divisible by {k}", "are divisible by {k}"),
    level=1,
)
def is_divisible_by(n: int, k: int) -> bool:
    return n % k == 0


@atom(
    topic="arithmetic",
    says=("whether {n} is greater than {k}", "whether {n} exceeds {k}", "whether {n} is strictly above {k}"),
    names=("is_greater", "exceeds", "is_above"),
    inputs={"n": ANY, "k": Whole(-15, 15)},
    reference=lambda n, k: n >= k and n != k,
    claims=(Claim("A number does not exceed itself.", (4, 4), False),),
    holds=("is greater than {k}", "are greater than {k}"),
    level=1,
)
def is_greater_than(n: int, k: int) -> bool:
    return n > k


@atom(
    topic="arithmetic",
    says=(
        "whether {n} is at most {k}",
        "whether {n} is less than or equal to {k}",
        "whether {n} does not go over {k}",
    ),
    names=("is_at_most", "within_limit", "stays_within"),
    inputs={"n": ANY, "k": Whole(-15, 15)},
    reference=lambda n, k: max(n, k) == k,
    claims=(Claim("Equal numbers count.", (4, 4), True),),
    holds=("is at most {k}", "are at most {k}"),
    level=1,
)
def is_at_most(n: int, k: int) -> bool:
    return n <= k


def _is_between_by_two_tests(n: int, low: int, high: int) -> bool:
    if n < low:
        return False
    return n <= high


@atom(
    topic="arithmetic",
    says=(
        "whether {n} lies between {low} and {high}, both ends included",
        "whether {n} is at least {low} and at most {high}",
        "whether {n} is in the range from {low} to {high} inclusive",
    ),
    names=("in_range", "is_between", "within_bounds"),
    inputs={"n": Favoured(-10_000, 10_000, range(-40, 41)), "low": Whole(-30, 5), "high": Whole(6, 30)},
    reference=lambda n, low, high: n in range(low, high + 1),
    claims=(Claim("The ends belong to the range.", (3, 3, 9), True),),
    holds=("is between {low} and {high} inclusive", "are between {low} and {high} inclusive"),
    also=(_is_between_by_two_tests,),
    level=1,
)
def is_between(n: int, low: int, high: int) -> bool:
    return low <= n <= high


@atom(
    topic="arithmetic",
    says=(
        "whether {n} leaves the remainder {r} when divided by {k}",
        "whether the remainder of dividing {n} by {k} is {r}",
    ),
    names=("leaves_remainder", "has_remainder", "is_congruent"),
    inputs={"n": NATURAL, "k": Whole(2, 6), "r": Whole(0, 5)},
    needs=lambda _n, k, r: r < k,
    reference=lambda n, k, r: n in range(r, 10_001, k),
    claims=(Claim("A number below {k} is its own remainder.", (3, 7, 3), True),),
    holds=("leaves remainder {r} when divided by {k}", "leave remainder {r} when divided by {k}"),
    level=1,
)
def leaves_remainder(n: int, k: int, r: int) -> bool:
    return n % k == r


@atom(
    topic="arithmetic",
    says=(
        "whether {n} is divisible by at least one of {a} and {b}",
        "whether {n} is a multiple of {a} or of {b} (or of both)",
    ),
    names=("is_multiple_of_either", "divisible_by_any", "hits_either"),
    inputs={"n": ANY, "a": Whole(2, 5), "b": Whole(3, 9)},
    reference=lambda n, a, b: bool({0} & {n % a, n % b}),
    claims=(Claim("A multiple of both counts.", (12, 3, 4), True),),
    holds=("is a multiple of {a} or {b}", "are multiples of {a} or {b}"),
    level=1,
)
def is_multiple_of_either(n: int, a: int, b: int) -> bool:
    return n % a == 0 or n % b == 0


@atom(
    topic="arithmetic",
    says=(
        "whether {n} is divisible by exactly one of {a} and {b}",
        "whether {n} is a multiple of {a} or of {b}, but not of both",
    ),
    names=("divisible_by_one_only", "exactly_one_divides", "is_multiple_of_just_one"),
    inputs={"n": ANY, "a": Whole(2, 4), "b": Whole(3, 9)},
    needs=lambda _n, a, b: a != b,
    reference=lambda n, a, b: [n % a, n % b].count(0) == 1,
    claims=(Claim("A multiple of both does not count.", (12, 3, 4), False),),
    holds=("is divisible by exactly one of {a} and {b}", "are divisible by exactly one of {a} and {b}"),
    level=2,
)
def is_divisible_by_exactly_one(n: int, a: int, b: int) -> bool:
    return (n % a == 0) != (n % b == 0)


@atom(
    topic="arithmetic",
    says=(
        "whether {n} differs from {target} by at most {tolerance}",
        "whether the distance between {n} and {target} is no more than {tolerance}",
    ),
    names=("is_close", "is_near", "within_tolerance"),
    inputs={"n": Favoured(-10_000, 10_000, range(-20, 21)), "target": Whole(-10, 10), "tolerance": Whole(0, 12)},
    reference=lambda n, target, tolerance: n in range(target - tolerance, target + tolerance + 1),
    claims=(Claim("A difference of exactly {tolerance} still counts.", (7, 10, 3), True),),
    holds=("is within {tolerance} of {target}", "are within {tolerance} of {target}"),
    level=1,
)
def is_within_tolerance(n: int, target: int, tolerance: int) -> bool:
    return abs(n - target) <= tolerance


def _is_square_by_odd_numbers(n: int) -> bool:
    if n < 0:
        return False
    odd = 1
    while n > 0:
        n -= odd
        odd += 2
    return n == 0


@atom(
    topic="number theory",
    says=(
        "whether {n} is a perfect square",
        "whether {n} is the square of a whole number",
        "whether {n} equals some whole number multiplied by itself",
    ),
    names=("is_perfect_square", "is_square", "is_square_number"),
    inputs={"n": Favoured(-10_000, 10_000, (*range(-5, 40), *(k * k for k in range(7, 30))))},
    reference=lambda n: any(k * k == n for k in range(101)),
    claims=(Claim("Zero is a perfect square.", (0,), True), Claim("No negative number is one.", (-4,), False)),
    holds=("is a perfect square", "are perfect squares"),
    also=(_is_square_by_odd_numbers,),
    level=2,
)
def is_perfect_square(n: int) -> bool:
    return n >= 0 and math.isqrt(n) * math.isqrt(n) == n


def _is_cube_by_set(n: int) -> bool:
    cubes = {k * k * k for k in range(math.isqrt(n) + 1)}
    return n in cubes


@atom(
    topic="number theory",
    says=(
        "whether {n} is a perfect cube",
        "whether {n} is the third power of a whole number",
    ),
    names=("is_perfect_cube", "is_cube", "is_cube_number"),
    inputs={"n": Favoured(0, 10_000, (*range(30), 64, 125, 216, 343, 1000))},
    reference=lambda n: round(n ** (1 / 3)) ** 3 == n,
    claims=(Claim("Zero and one are cubes.", (1,), True), Claim("A square need not be a cube.", (9,), False)),
    holds=("is a perfect cube", "are perfect cubes"),
    also=(_is_cube_by_set,),
    level=2,
)
def is_perfect_cube(n: int) -> bool:
    root = 0
    while root * root * root < n:
        root += 1
    return root * root * root == n


@atom(
    topic="number theory",
    says=(
        "whether {n} is a triangular number (0, 1, 3, 6, 10, ...)",
        "whether {n} is the sum 1 + 2 + ... + k of the first k whole numbers for some k, 0 included",
    ),
    names=("is_triangular", "is_triangle_number"),
    inputs={"n": Favoured(0, 10_000, range(41))},
    reference=lambda n: 2 * n in [k * (k + 1) for k in range(150)],
    claims=(Claim("Zero counts as triangular.", (0,), True),),
    holds=("is triangular", "are triangular"),
    level=3,
)
def is_triangular(n: int) -> bool:
    root = math.isqrt(8 * n + 1)
    return root * root == 8 * n + 1


@atom(
    topic="number theory",
    says=(
        "whether {n} is the product of two consecutive whole numbers, 0 included",
        "whether some whole number k of at least 0, multiplied by its successor k + 1, gives {n}",
    ),
    names=("is_pronic", "is_product_of_neighbours", "is_oblong"),
    inputs={"n": Favoured(0, 10_000, (*range(45), 56, 72, 90, 110, 132, 156))},
    reference=lambda n: any(k * (k + 1) == n for k in range(101)),
    claims=(Claim("Zero is 0 times 1.", (0,), True), Claim("Twelve is 3 times 4.", (12,), True)),
    holds=("is a product of two consecutive whole numbers", "are products of two consecutive whole numbers"),
    level=2,
)
def is_pronic(n: int) -> bool:
    return math.isqrt(n) * (math.isqrt(n) + 1) == n


def _is_fibonacci_by_squares(n: int) -> bool:
    below = 5 * n * n - 4
    above = 5 * n * n + 4
    if math.isqrt(above) * math.isqrt(above) == above:
        return True
    return below > 0 and math.isqrt(below) * math.isqrt(below) == below


@atom(
    topic="number theory",
    says=(
        "whether {n} is a Fibonacci number (0, 1, 1, 2, 3, 5, ...)",
        "whether {n} appears in the Fibonacci sequence, which starts with 0 and 1",
    ),
    names=("is_fibonacci", "is_fibonacci_number", "in_fibonacci_sequence"),
    inputs={"n": Favoured(0, 10_000, (*range(30), 34, 55, 56, 89, 144, 233, 377))},
    reference=lambda n: n in {0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987, 1597, 2584, 4181, 6765},
    claims=(Claim("Zero belongs to the sequence.", (0,), True),),
    holds=("is a Fibonacci number", "are Fibonacci numbers"),
    also=(_is_fibonacci_by_squares,),
    level=2,
)
def is_fibonacci_number(n: int) -> bool:
    a = 0
    b = 1
    while a < n:
        a, b = b, a + b
    return a == n


@atom(
    topic="number theory",
    says=(
        "whether no square of a whole number above 1 is a divisor of {n}",
        "whether no square greater than 1 divides {n}",
    ),
    names=("is_square_free", "has_no_square_factor"),
    inputs={"n": Favoured(1, 10_000, range(1, 200))},
    reference=lambda n: not {square for square in (k * k for k in range(2, 101)) if n % square == 0},
    claims=(Claim("1 is square-free.", (1,), True), Claim("4 divides 12.", (12,), False)),
    holds=("is square-free", "are square-free"),
    level=3,
)
def is_square_free(n: int) -> bool:
    return all(n % (d * d) != 0 for d in range(2, math.isqrt(n) + 1))


def _is_two_squares_by_pointers(n: int) -> bool:
    low = 0
    high = math.isqrt(n)
    while low <= high:
        total = low * low + high * high
        if total == n:
            return True
        if total < n:
            low += 1
        else:
            high -= 1
    return False


@atom(
    topic="number theory",
    says=(
        "whether {n} is the sum of two squares of whole numbers, where either may be 0",
        "whether {n} can be written as a * a + b * b with whole numbers a and b, zero allowed",
    ),
    names=("is_sum_of_two_squares", "splits_into_squares"),
    inputs={"n": Favoured(0, 10_000, range(120))},
    reference=lambda n: any(math.sqrt(n - a * a).is_integer() for a in range(math.isqrt(n) + 1)),
    claims=(
        Claim("A square itself counts, since 0 may be added.", (9,), True),
        Claim("3 is no such sum.", (3,), False),
    ),
    holds=("is a sum of two squares", "are sums of two squares"),
    also=(_is_two_squares_by_pointers,),
    level=3,
)
def is_sum_of_two_squares(n: int) -> bool:
    for a in range(math.isqrt(n) + 1):
        rest = n - a * a
        if math.isqrt(rest) * math.isqrt(rest) == rest:
            return True
    return False


# --- questions about the decimal digits


@atom(
    topic="digits",
    says=(
        "whether {n} has just one digit, whatever its sign",
        "whether {n} lies between -9 and 9 inclusive",
    ),
    names=("is_single_digit", "has_one_digit", "is_one_digit"),
    inputs={"n": Favoured(-10_000, 10_000, range(-25, 26))},
    reference=lambda n: len(str(n).lstrip("-")) == 1,
    claims=(Claim("Zero has one digit.", (0,), True), Claim("The sign is no digit.", (-9,), True)),
    holds=("is a single digit", "are single digits"),
    level=1,
)
def is_single_digit(n: int) -> bool:
    return -10 < n < 10


def _ends_with_digit_as_text(n: int, d: int) -> bool:
    return str(n).endswith(str(d))


@atom(
    topic="digits",
    says=(
        "whether the last decimal digit of {n} is {d}",
        "whether {n} ends in the digit {d}",
        "whether {d} is the ones digit of {n}",
    ),
    names=("ends_with_digit", "has_last_digit", "ends_in"),
    inputs={"n": LARGE, "d": DIGIT},
    needs=lambda n, d: n % 10 == d or n % 3 == 0,
    reference=lambda n, d: int(f"{n:d}"[-1:]) == d,
    claims=(Claim("A number of one digit ends in itself.", (7, 7), True),),
    holds=("ends in {d}", "end in {d}"),
    also=(_ends_with_digit_as_text,),
    level=1,
)
def ends_with_digit(n: int, d: int) -> bool:
    return n % 10 == d


def _contains_digit_as_text(n: int, d: int) -> bool:
    return str(d) in str(n)


@atom(
    topic="digits",
    says=(
        "whether in decimal writing the digit {d} occurs in {n}",
        "whether the digit {d} occurs anywhere in {n} written in base ten",
    ),
    names=("contains_digit", "has_digit", "uses_digit"),
    inputs={"n": LARGE, "d": DIGIT},
    reference=lambda n, d: d in [int(c) for c in f"{n}"],
    claims=(Claim("Zero consists of the digit 0.", (0, 0), True), Claim("There are no leading zeros.", (7, 0), False)),
    holds=("contains the digit {d}", "contain the digit {d}"),
    also=(_contains_digit_as_text,),
    level=2,
)
def contains_digit(n: int, d: int) -> bool:
    if n == 0:
        return d == 0
    while n > 0:
        if n % 10 == d:
            return True
        n //= 10
    return False


def _has_even_digit_sum_by_odd_digits(n: int) -> bool:
    odd_digits = 0
    while n > 0:
        if n % 2 == 1:
            odd_digits += 1
        n //= 10
    return odd_digits % 2 == 0


@atom(
    topic="digits",
    says=(
        "whether the decimal digits of {n} add up to an even number",
        "whether the digit sum of {n} is even",
    ),
    names=("has_even_digit_sum", "digits_sum_to_even"),
    inputs={"n": LARGE},
    reference=lambda n: sum(c in "13579" for c in str(n)) % 2 == 0,
    claims=(Claim("Zero has the digit sum 0, which is even.", (0,), True),),
    holds=("has an even digit sum", "have an even digit sum"),
    also=(_has_even_digit_sum_by_odd_digits,),
    level=2,
)
def has_even_digit_sum(n: int) -> bool:
    return sum(int(c) for c in str(n)) % 2 == 0


@atom(
    topic="digits",
    says=(
        "whether {n} is written with the same digit throughout",
        "whether all decimal digits of {n} are equal",
    ),
    names=("is_repdigit", "all_digits_same", "has_uniform_digits"),
    inputs={"n": Favoured(0, 10_000, (*range(30), *range(33, 130, 11), 222, 333, 445, 666, 1000, 4444, 6676))},
    reference=lambda n: str(n) == str(n)[0] * len(str(n)),
    claims=(Claim("A number of one digit qualifies.", (5,), True),),
    holds=("is made of one repeated digit", "are made of one repeated digit"),
    level=2,
)
def is_repdigit(n: int) -> bool:
    return len(set(str(n))) == 1


@atom(
    topic="digits",
    says=(
        "whether the decimal digits of {n} strictly increase from left to right",
        "whether every digit of {n} but the first is larger than the digit before it",
    ),
    names=("has_increasing_digits", "digits_increase", "digits_go_up"),
    inputs={"n": Favoured(0, 10_000, range(400))},
    reference=lambda n: sorted(set(str(n))) == list(str(n)),
    claims=(Claim("A single digit qualifies.", (8,), True), Claim("Equal neighbours do not.", (144,), False)),
    holds=("has strictly increasing digits", "have strictly increasing digits"),
    level=3,
)
def has_increasing_digits(n: int) -> bool:
    following = 10
    while n > 0:
        if n % 10 >= following:
            return False
        following = n % 10
        n //= 10
    return True


def _is_palindromic_by_reversal(n: int) -> bool:
    rest = n
    mirrored = 0
    while rest > 0:
        mirrored = mirrored * 10 + rest % 10
        rest //= 10
    return mirrored == n


@atom(
    topic="digits",
    says=(
        "whether {n} is a palindromic number, its decimal digits the same read backwards",
        "whether the decimal digits of {n} read the same from left to right and from right to left",
    ),
    names=("is_palindromic_number", "is_palindrome_number", "is_number_palindrome"),
    inputs={"n": Favoured(0, 10_000, (*range(30), *range(101, 140, 5), 88, 404, 505, 868, 1221, 1231, 5775))},
    reference=lambda n: list(str(n)) == list(reversed(str(n))),
    claims=(Claim("A single digit is palindromic.", (6,), True), Claim("10 reads 01 backwards.", (10,), False)),
    holds=("is palindromic", "are palindromic"),
    also=(_is_palindromic_by_reversal,),
    level=2,
)
def is_palindromic_number(n: int) -> bool:
    return str(n) == str(n)[::-1]


@atom(
    topic="digits",
    says=(
        "whether {n} has an even number of decimal digits",
        "whether the count of decimal digits of {n} is even",
    ),
    names=("has_even_digit_count", "has_even_length", "even_number_of_digits"),
    inputs={"n": Favoured(0, 10_000, (*range(110), *range(980, 1100)))},
    reference=lambda n: 10 <= n < 100 or 1000 <= n < 10_000,
    claims=(Claim("Zero has one digit.", (0,), False),),
    holds=("has an even number of digits", "have an even number of digits"),
    level=1,
)
def has_even_digit_count(n: int) -> bool:
    return len(str(n)) % 2 == 0


def _is_harshad_as_text(n: int) -> bool:
    return n % sum(int(c) for c in str(n)) == 0


@atom(
    topic="digits",
    says=(
        "whether {n} is divisible by the sum of its decimal digits",
        "whether the sum of the decimal digits of {n} divides the number itself",
    ),
    names=("is_harshad", "is_niven_number", "divisible_by_digit_sum"),
    inputs={"n": Favoured(1, 10_000, range(1, 400))},
    reference=lambda n: n / sum(map(int, str(n))) == n // sum(map(int, str(n))),
    claims=(Claim("A single digit is its own digit sum.", (7,), True), Claim("1 + 8 divides 18.", (18,), True)),
    holds=("is divisible by its digit sum", "are divisible by their digit sum"),
    also=(_is_harshad_as_text,),
    level=2,
)
def is_harshad(n: int) -> bool:
    rest = n
    total = 0
    while rest > 0:
        total += rest % 10
        rest //= 10
    return n % total == 0


@atom(
    topic="digits",
    says=(
        "whether {n} is divisible by each of its decimal digits, which is false if one of them is 0",
        "whether no decimal digit of {n} is zero and every one of them divides the number",
    ),
    names=("is_self_dividing", "divisible_by_all_digits", "every_digit_divides"),
    inputs={"n": Favoured(1, 10_000, (*range(1, 50), 112, 115, 124, 128, 132, 135, 140))},
    reference=lambda n: all(d != "0" and n % int(d) == 0 for d in str(n)),
    claims=(Claim("A zero among the digits rules a number out.", (10,), False), Claim("128 qualifies.", (128,), True)),
    holds=("is divisible by each of its digits", "are divisible by each of their digits"),
    level=3,
)
def is_self_dividing(n: int) -> bool:
    rest = n
    while rest > 0:
        digit = rest % 10
        if digit == 0 or n % digit != 0:
            return False
        rest //= 10
    return True


def _is_automorphic_by_power(n: int) -> bool:
    power = 10
    while power <= n:
        power *= 10
    return n * n % power == n


@atom(
    topic="digits",
    says=(
        "whether the decimal writing of the square of {n} ends with the digits of the number itself",
        "whether {n} is automorphic, that is, whether its square ends in its own digits",
    ),
    names=("is_automorphic", "square_ends_with_itself"),
    inputs={"n": Favoured(0, 10_000, (*range(30), 76, 77, 376, 625, 626))},
    reference=lambda n: (n * n - n) % 10 ** len(str(n)) == 0,
    claims=(Claim("25 squared is 625.", (25,), True), Claim("4 squared is 16.", (4,), False)),
    holds=("is automorphic", "are automorphic"),
    also=(_is_automorphic_by_power,),
    level=3,
)
def is_automorphic(n: int) -> bool:
    return str(n * n).endswith(str(n))


@atom(
    topic="digits",
    says=(
        "whether {n} consists of even decimal digits only",
        "whether every decimal digit of {n} is even",
    ),
    names=("all_digits_even", "has_only_even_digits"),
    inputs={"n": Favoured(0, 10_000, (*range(0, 90, 2), 13, 204, 246, 248, 250, 462, 2468))},
    reference=lambda n: set(str(n)) <= set("02468"),
    claims=(Claim("Zero is an even digit.", (20,), True),),
    holds=("has only even digits", "have only even digits"),
    level=2,
)
def has_only_even_digits(n: int) -> bool:
    return all(int(c) % 2 == 0 for c in str(n))


@atom(
    topic="digits",
    says=(
        "whether all decimal digits of {n} are different",
        "whether no decimal digit occurs twice in {n}",
    ),
    names=("has_distinct_digits", "no_repeated_digit", "digits_are_unique"),
    inputs={"n": Whole(0, 10_000)},
    reference=lambda n: all(str(n).count(c) == 1 for c in str(n)),
    claims=(Claim("A single digit cannot repeat.", (0,), True),),
    holds=("has no repeated digit", "have no repeated digit"),
    level=2,
)
def has_distinct_digits(n: int) -> bool:
    digits = str(n)
    return len(set(digits)) == len(digits)


@atom(
    topic="digits",
    says=(
        "whether {n} has more even than odd decimal digits",
        "whether the even decimal digits of {n} outnumber the odd ones",
    ),
    names=("more_even_digits", "even_digits_win"),
    inputs={"n": LARGE},
    reference=lambda n: sum(1 if c in "02468" else -1 for c in str(n)) > 0,
    claims=(Claim("A tie does not count.", (12,), False), Claim("0 is an even digit.", (0,), True)),
    holds=("has more even than odd digits", "have more even than odd digits"),
    level=2,
)
def has_more_even_digits(n: int) -> bool:
    even = sum(1 for c in str(n) if int(c) % 2 == 0)
    return even > len(str(n)) - even
