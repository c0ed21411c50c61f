"""From one whole number to another, most of them one expression: what binds slots and chains."""

import math

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import Whole
from hrm_edge.train.data.atoms.favoured import Favoured

ANY = Favoured(-10_000, 10_000, range(-60, 61))
NATURAL = Favoured(0, 10_000, range(1000))
LARGE = Whole(0, 30_000)
SIGNED_LARGE = Whole(-30_000, 30_000)
DIGIT = Whole(0, 9)


@atom(
    topic="arithmetic",
    says=("the square of {n}", "the result of multiplying {n} by itself", "the second power of {n}"),
    names=("square", "squared", "second_power"),
    inputs={"n": ANY},
    reference=lambda n: sum(2 * k + 1 for k in range(abs(n))),
    claims=(Claim("The square of a negative number is positive.", (-3,), 9),),
    level=1,
)
def square(n: int) -> int:
    return n * n


@atom(
    topic="arithmetic",
    says=("the cube of {n}", "the third power of {n}"),
    names=("cube", "cubed", "third_power"),
    inputs={"n": Favoured(-1000, 1000, range(-20, 21))},
    reference=lambda n: n**3,
    claims=(Claim("The cube of a negative number is negative.", (-2,), -8),),
    level=1,
)
def cube(n: int) -> int:
    return n * n * n


@atom(
    topic="arithmetic",
    says=("twice {n}", "the double of {n}", "the result of adding {n} to itself"),
    names=("double", "twice", "doubled"),
    inputs={"n": ANY},
    reference=lambda n: sum([n, n]),
    claims=(Claim("Zero stays zero.", (0,), 0),),
    level=1,
)
def double(n: int) -> int:
    return 2 * n


@atom(
    topic="arithmetic",
    says=("half, rounded down, of {n}", "the largest whole number that is at most half of {n}"),
    names=("half", "halve", "halved"),
    inputs={"n": ANY},
    reference=lambda n: math.floor(n / 2),
    claims=(
        Claim("Half of 7 is rounded down to 3.", (7,), 3),
        Claim("Negative numbers are rounded down too, away from zero.", (-3,), -2),
    ),
    level=1,
)
def half(n: int) -> int:
    return n // 2


@atom(
    topic="arithmetic",
    says=("the sum of {n} and {k}", "the result of adding {k} to {n}", "the number that is {k} more than {n}"),
    names=("add", "plus", "increase"),
    inputs={"n": ANY, "k": Whole(1, 30)},
    reference=lambda n, k: n - -k,
    level=1,
)
def add(n: int, k: int) -> int:
    return n + k


@atom(
    topic="arithmetic",
    says=("the result of subtracting {k} from {n}", "the number that is {k} less than {n}"),
    names=("subtract", "minus", "decrease"),
    inputs={"n": ANY, "k": Whole(1, 30)},
    reference=lambda n, k: sum((n, -k)),
    claims=(Claim("The result can be negative.", (2, 5), -3),),
    level=1,
)
def subtract(n: int, k: int) -> int:
    return n - k


def _multiply_by_adding(n: int, k: int) -> int:
    total = 0
    for _ in range(k):
        total += n
    return total


def _multiply_by_doubling(n: int, k: int) -> int:
    product = 0
    while k > 0:
        if k % 2 == 1:
            product += n
        n += n
        k //= 2
    return product


@atom(
    topic="arithmetic",
    says=("the product of {n} and {k}", "the result of multiplying {n} by {k}"),
    names=("multiply", "times", "product"),
    inputs={"n": ANY, "k": Whole(0, 12)},
    reference=lambda n, k: math.prod((k, n)),
    claims=(Claim("Multiplying by 0 gives 0.", (5, 0), 0),),
    also=(
        _multiply_by_doubling,
        _multiply_by_adding,
    ),
    level=1,
)
def multiply(n: int, k: int) -> int:
    return n * k


@atom(
    topic="arithmetic",
    says=("the number with the opposite sign of {n}", "the result of subtracting {n} from zero"),
    names=("negate", "opposite", "flip_sign"),
    inputs={"n": ANY},
    reference=lambda n: n * -1,
    claims=(Claim("Zero is its own opposite.", (0,), 0),),
    level=1,
)
def negate(n: int) -> int:
    return -n


def _absolute_value_by_sign(n: int) -> int:
    if n < 0:
        return -n
    return n


@atom(
    topic="arithmetic",
    says=("the absolute value of {n}", "the distance of {n} from zero", "the size of {n} without its sign"),
    names=("absolute_value", "magnitude", "distance_from_zero"),
    inputs={"n": ANY},
    reference=lambda n: max(n, -n),
    claims=(Claim("It is never negative.", (-8,), 8),),
    also=(_absolute_value_by_sign,),
    level=1,
)
def absolute_value(n: int) -> int:
    return abs(n)


def _difference_by_order(n: int, k: int) -> int:
    return n - k if n > k else k - n


@atom(
    topic="arithmetic",
    says=(
        "the absolute difference between {n} and {k}",
        "the distance between {n} and {k} on the number line",
        "the larger of {n} and {k} minus the smaller",
    ),
    names=("absolute_difference", "distance", "gap"),
    inputs={"n": ANY, "k": Whole(-20, 40)},
    reference=lambda n, k: max(n, k) - min(n, k),
    claims=(Claim("Equal numbers have difference 0.", (6, 6), 0),),
    also=(_difference_by_order,),
    level=1,
)
def absolute_difference(n: int, k: int) -> int:
    return abs(n - k)


def _clamp_by_tests(n: int, low: int, high: int) -> int:
    if n < low:
        return low
    if n > high:
        return high
    return n


@atom(
    topic="arithmetic",
    says=(
        "the number nearest to {n} in the range from {low} to {high} inclusive",
        "the value of {n} limited to the range from {low} to {high}",
        "what {n} becomes when anything below {low} is raised to it and anything above {high} is lowered to that",
    ),
    names=("clamp", "limit", "restrict_to_range"),
    inputs={"n": Favoured(-10_000, 10_000, range(-40, 41)), "low": Whole(-20, 3), "high": Whole(4, 20)},
    reference=lambda n, low, high: sorted((low, n, high))[1],
    claims=(Claim("A number inside the range is left as it is.", (3, 1, 5), 3),),
    also=(_clamp_by_tests,),
    level=2,
)
def clamp(n: int, low: int, high: int) -> int:
    return max(low, min(n, high))


@atom(
    topic="arithmetic",
    says=("the larger of {n} and {k}", "whichever is greater of {n} and {k}"),
    names=("larger", "at_least", "max_of_two"),
    inputs={"n": ANY, "k": Whole(-20, 20)},
    reference=lambda n, k: sorted((n, k))[1],
    claims=(Claim("Of two equal numbers the result is that number.", (4, 4), 4),),
    level=1,
)
def larger_of(n: int, k: int) -> int:
    return max(n, k)


@atom(
    topic="arithmetic",
    says=("the smaller of {n} and {k}", "whichever is less of {n} and {k}"),
    names=("smaller", "at_most", "min_of_two"),
    inputs={"n": ANY, "k": Whole(-20, 20)},
    reference=lambda n, k: sorted((n, k))[0],
    claims=(Claim("Of two equal numbers the result is that number.", (4, 4), 4),),
    level=1,
)
def smaller_of(n: int, k: int) -> int:
    return n if n < k else k


@atom(
    topic="arithmetic",
    says=("what one gets from {n} when a negative number is replaced by 0", "the larger one of zero and {n}"),
    names=("positive_part", "zero_if_negative", "ignore_negative"),
    inputs={"n": ANY},
    reference=lambda n: (n + abs(n)) // 2,
    claims=(Claim("A negative number gives 0.", (-5,), 0),),
    level=1,
)
def positive_part(n: int) -> int:
    return max(n, 0)


def _sign_by_conditional(n: int) -> int:
    return 0 if n == 0 else n // abs(n)


@atom(
    topic="arithmetic",
    says=(
        "the sign as a number (1 if positive, -1 if negative, 0 if zero) of {n}",
        "the number that is -1 for a negative, 0 for a zero and 1 for a positive value of {n}",
    ),
    names=("sign", "signum", "sign_of"),
    inputs={"n": Favoured(-10_000, 10_000, range(-9, 10))},
    reference=lambda n: (n > 0) - (n < 0),
    claims=(Claim("Zero has the sign 0.", (0,), 0),),
    also=(_sign_by_conditional,),
    level=1,
)
def sign(n: int) -> int:
    if n > 0:
        return 1
    if n < 0:
        return -1
    return 0


@atom(
    topic="arithmetic",
    says=("the remainder of dividing {n} by {k}", "what is left over when {n} is divided by {k}"),
    names=("remainder", "modulo", "left_over"),
    inputs={"n": NATURAL, "k": Whole(2, 12)},
    reference=lambda n, k: n - n // k * k,
    claims=(Claim("A number below {k} is its own remainder.", (3, 8), 3),),
    level=1,
)
def remainder(n: int, k: int) -> int:
    return n % k


def _quotient_by_subtracting(n: int, k: int) -> int:
    times = 0
    while n >= k:
        n -= k
        times += 1
    return times


@atom(
    topic="arithmetic",
    says=(
        "how many times {k} fits completely into {n}",
        "the quotient of {n} divided by {k}, without the remainder",
    ),
    names=("quotient", "whole_division", "times_contained"),
    inputs={"n": Favoured(0, 10_000, range(400)), "k": Whole(2, 12)},
    reference=lambda n, k: len(range(k, n + 1, k)),
    claims=(Claim("A number below {k} gives 0.", (3, 8), 0),),
    also=(_quotient_by_subtracting,),
    level=1,
)
def quotient(n: int, k: int) -> int:
    return n // k


@atom(
    topic="arithmetic",
    says=(
        "the multiple of {k} that results from rounding down {n}",
        "the largest multiple of {k} that is not greater than {n}",
    ),
    names=("round_down_to_multiple", "floor_to_multiple", "previous_multiple"),
    inputs={"n": Favoured(0, 10_000, range(300)), "k": Whole(2, 12)},
    reference=lambda n, k: max(m for m in range(0, n + 1, k)),
    claims=(Claim("A multiple of {k} stays as it is.", (12, 4), 12),),
    level=1,
)
def round_down_to_multiple(n: int, k: int) -> int:
    return n - n % k


def _round_up_by_steps(n: int, k: int) -> int:
    while n % k != 0:
        n += 1
    return n


@atom(
    topic="arithmetic",
    says=(
        "the multiple of {k} that results from rounding up {n}",
        "the smallest multiple of {k} that is not less than {n}",
    ),
    names=("round_up_to_multiple", "ceil_to_multiple", "next_multiple"),
    inputs={"n": Favoured(0, 10_000, range(300)), "k": Whole(2, 12)},
    reference=lambda n, k: min(m for m in range(0, n + k, k) if m >= n),
    claims=(Claim("A multiple of {k} stays as it is.", (12, 4), 12),),
    also=(_round_up_by_steps,),
    level=2,
)
def round_up_to_multiple(n: int, k: int) -> int:
    return (n + k - 1) // k * k


def _nearest_ten_by_last_digit(n: int) -> int:
    last = n % 10
    if last < 5:
        return n - last
    return n + 10 - last


@atom(
    topic="arithmetic",
    says=(
        "the result of rounding to the nearest multiple of ten, where a last digit of 5 rounds up, of {n}",
        "the multiple of 10 closest to {n}, the larger one if two are equally close",
    ),
    names=("round_to_ten", "nearest_ten", "round_to_tens"),
    inputs={"n": NATURAL},
    reference=lambda n: min(range(0, n + 20, 10), key=lambda m: (abs(m - n), -m)),
    claims=(Claim("A number halfway between two tens is rounded up.", (25,), 30),),
    also=(_nearest_ten_by_last_digit,),
    level=2,
)
def round_to_ten(n: int) -> int:
    return (n + 5) // 10 * 10


def _integer_square_root_by_bisection(n: int) -> int:
    low = 0
    high = n
    while low < high:
        middle = (low + high + 1) // 2
        if middle * middle <= n:
            low = middle
        else:
            high = middle - 1
    return low


@atom(
    topic="arithmetic",
    says=(
        "the largest whole number whose square is at most {n}",
        "the square root of {n} rounded down to a whole number",
    ),
    names=("integer_square_root", "floor_sqrt", "root_rounded_down"),
    inputs={"n": NATURAL},
    reference=lambda n: max(k for k in range(101) if k * k <= n),
    claims=(Claim("The root of 15 is rounded down to 3.", (15,), 3),),
    also=(_integer_square_root_by_bisection,),
    level=2,
)
def integer_square_root(n: int) -> int:
    return math.isqrt(n)


def _triangular_by_loop(n: int) -> int:
    total = 0
    for k in range(1, n + 1):
        total += k
    return total


@atom(
    topic="arithmetic",
    says=(
        "the sum, 0 when there is nothing to add, of all whole numbers from 1 to {n}",
        "the triangular number 1 + 2 + ... + k for k equal to {n}",
    ),
    names=("triangular_number", "sum_up_to", "sum_of_first"),
    inputs={"n": Favoured(0, 10_000, range(300))},
    reference=lambda n: sum(range(n + 1)),
    claims=(Claim("For 0 the sum is 0.", (0,), 0),),
    also=(_triangular_by_loop,),
    level=1,
)
def triangular_number(n: int) -> int:
    return n * (n + 1) // 2


@atom(
    topic="arithmetic",
    says=(
        'the result of the rule "half of an even number, three times an odd one plus one" for {n}',
        "the number that follows {n} in a Collatz sequence (half of an even number, 3 times an odd one plus 1)",
    ),
    names=("collatz_step", "next_collatz", "next_in_collatz"),
    inputs={"n": Favoured(1, 10_000, range(1, 500))},
    reference=lambda n: (3 * n + 1, n // 2)[n % 2 == 0],
    claims=(Claim("After 1 comes 4.", (1,), 4),),
    level=1,
)
def collatz_step(n: int) -> int:
    return n // 2 if n % 2 == 0 else 3 * n + 1


@atom(
    topic="arithmetic",
    says=(
        "the result of doubling an odd number, and leaving an even one as it is, for {n}",
        "the value of {n} after doubling it in case it is odd",
    ),
    names=("double_if_odd", "make_even", "double_odd"),
    inputs={"n": ANY},
    reference=lambda n: n * (1 + n % 2),
    claims=(Claim("An even number stays as it is.", (4,), 4),),
    level=1,
)
def double_if_odd(n: int) -> int:
    return n if n % 2 == 0 else 2 * n


@atom(
    topic="arithmetic",
    says=(
        "the position reached from {n} by going {steps} places forward on a ring of {size} places numbered from 0",
        "the remainder of dividing the sum of {n} and {steps} by {size}",
    ),
    names=("wrap_around", "advance_on_ring", "shift_position"),
    inputs={"n": Whole(0, 30), "steps": Whole(0, 40), "size": Whole(2, 12)},
    needs=lambda n, _steps, size: n < size,
    reference=lambda n, steps, size: (list(range(size)) * 30)[n + steps],
    claims=(Claim("A whole turn leads back to the start.", (2, 5, 5), 2),),
    level=2,
)
def advance_on_ring(n: int, steps: int, size: int) -> int:
    return (n + steps) % size


@atom(
    topic="arithmetic",
    says=("the whole number, rounded down, that is {p} percent of {n}", "the whole part of {p} hundredths of {n}"),
    names=("percent_of", "take_percent", "percentage"),
    inputs={"n": NATURAL, "p": Whole(1, 100)},
    reference=lambda n, p: len(range(100, n * p + 1, 100)),
    claims=(Claim("Half of 7 is rounded down to 3.", (7, 50), 3),),
    level=1,
)
def percent_of(n: int, p: int) -> int:
    return n * p // 100


# --- decimal digits


@atom(
    topic="digits",
    says=(
        "the last decimal digit, whatever the sign, of {n}",
        "the ones digit of the absolute value of {n}",
    ),
    names=("last_digit", "ones_digit", "final_digit"),
    inputs={"n": SIGNED_LARGE},
    reference=lambda n: int(str(n)[-1]),
    claims=(Claim("The sign is ignored.", (-27,), 7),),
    level=1,
)
def last_digit(n: int) -> int:
    return abs(n) % 10


def _first_digit_as_text(n: int) -> int:
    text = str(n)
    return int(text[0])


@atom(
    topic="digits",
    says=("the first decimal digit of {n}", "the leftmost digit of {n} in base ten"),
    names=("first_digit", "leading_digit", "leftmost_digit"),
    inputs={"n": LARGE},
    reference=lambda n: int(f"{n}"[:1]),
    claims=(Claim("A single digit is its own first digit.", (6,), 6),),
    also=(_first_digit_as_text,),
    level=2,
)
def first_digit(n: int) -> int:
    while n >= 10:
        n //= 10
    return n


def _number_of_digits_by_division(n: int) -> int:
    digits = 1
    while n >= 10:
        n //= 10
        digits += 1
    return digits


@atom(
    topic="digits",
    says=("the number of decimal digits of {n}", "how many digits it takes to write {n} in base ten"),
    names=("number_of_digits", "count_digits", "digit_count"),
    inputs={"n": Whole(0, 120_000)},
    reference=lambda n: next(k for k in range(1, 12) if n < 10**k),
    claims=(Claim("Zero is written with one digit.", (0,), 1),),
    also=(_number_of_digits_by_division,),
    level=1,
)
def number_of_digits(n: int) -> int:
    return len(str(n))


def _digit_sum_by_division(n: int) -> int:
    n = abs(n)
    total = 0
    while n > 0:
        total += n % 10
        n //= 10
    return total


@atom(
    topic="digits",
    says=(
        "the sum, ignoring the sign, of the decimal digits of {n}",
        "the digit sum in base ten, whatever the sign, of {n}",
        "the total of all decimal digits of the absolute value of {n}",
    ),
    names=("digit_sum", "sum_of_digits", "add_digits"),
    inputs={"n": SIGNED_LARGE},
    reference=lambda n: sum(d * str(n).count(str(d)) for d in range(10)),
    claims=(Claim("The sign does not matter.", (-12,), 3), Claim("Zero has the digit sum 0.", (0,), 0)),
    also=(_digit_sum_by_division,),
    level=1,
)
def digit_sum(n: int) -> int:
    return sum(int(c) for c in str(abs(n)))


def _digit_product_by_division(n: int) -> int:
    product = n % 10
    n //= 10
    while n > 0:
        product *= n % 10
        n //= 10
    return product


@atom(
    topic="digits",
    says=("the product of the decimal digits of {n}", "the result of multiplying together all decimal digits of {n}"),
    names=("digit_product", "product_of_digits", "multiply_digits"),
    inputs={"n": LARGE},
    reference=lambda n: math.prod(map(int, str(n))),
    claims=(Claim("A zero among the digits makes it 0.", (105,), 0), Claim("A single digit is itself.", (0,), 0)),
    also=(_digit_product_by_division,),
    level=2,
)
def digit_product(n: int) -> int:
    product = 1
    for digit in str(n):
        product *= int(digit)
    return product


def _sum_of_squared_digits_as_text(n: int) -> int:
    return sum(int(c) * int(c) for c in str(n))


@atom(
    topic="digits",
    says=(
        "the sum of the squares of the decimal digits of {n}",
        "the result of squaring every decimal digit of {n} and adding up the squares",
    ),
    names=("sum_of_squared_digits", "digit_square_sum"),
    inputs={"n": LARGE},
    reference=lambda n: sum(d**2 for d in map(int, str(n))),
    claims=(Claim("For 34 it is 9 + 16.", (34,), 25),),
    also=(_sum_of_squared_digits_as_text,),
    level=2,
)
def sum_of_squared_digits(n: int) -> int:
    total = 0
    while n > 0:
        digit = n % 10
        total += digit * digit
        n //= 10
    return total


def _reverse_digits_by_division(n: int) -> int:
    mirrored = 0
    while n > 0:
        mirrored = mirrored * 10 + n % 10
        n //= 10
    return mirrored


@atom(
    topic="digits",
    says=(
        "the number whose decimal digits are those of {n} in reverse order, without leading zeros",
        "the result of reversing the decimal digits, zeros that come to the front being dropped, of {n}",
    ),
    names=("reverse_digits", "reversed_number", "mirror_number"),
    inputs={"n": LARGE},
    reference=lambda n: sum(int(c) * 10**i for i, c in enumerate(str(n))),
    claims=(Claim("Zeros at the end vanish.", (120,), 21), Claim("0 stays 0.", (0,), 0)),
    also=(_reverse_digits_by_division,),
    level=2,
)
def reverse_digits(n: int) -> int:
    return int(str(n)[::-1])


def _largest_digit_by_division(n: int) -> int:
    largest = 0
    while n > 0:
        largest = max(largest, n % 10)
        n //= 10
    return largest


@atom(
    topic="digits",
    says=("the largest decimal digit of {n}", "the greatest among the digits of {n} in base ten"),
    names=("largest_digit", "max_digit", "biggest_digit"),
    inputs={"n": LARGE},
    reference=lambda n: int(sorted(str(n))[-1]),
    claims=(Claim("Zero has only the digit 0.", (0,), 0),),
    also=(_largest_digit_by_division,),
    level=1,
)
def largest_digit(n: int) -> int:
    return max(int(c) for c in str(n))


def _smallest_digit_by_division(n: int) -> int:
    smallest = n % 10
    while n > 0:
        smallest = min(smallest, n % 10)
        n //= 10
    return smallest


@atom(
    topic="digits",
    says=("the smallest decimal digit of {n}", "the least among the digits of {n} in base ten"),
    names=("smallest_digit", "min_digit", "least_digit"),
    inputs={"n": Favoured(0, 30_000, range(9000))},
    reference=lambda n: next(d for d in range(10) if str(d) in str(n)),
    claims=(Claim("A zero inside counts.", (507,), 0),),
    also=(_smallest_digit_by_division,),
    level=1,
)
def smallest_digit(n: int) -> int:
    return min(int(c) for c in str(n))


def _digital_root_by_formula(n: int) -> int:
    return 0 if n == 0 else 1 + (n - 1) % 9


@atom(
    topic="digits",
    says=(
        "the digital root, the single digit left after adding up the decimal digits again and again, of {n}",
        "the one-digit number that replacing a number by its digit sum again and again makes of {n}",
    ),
    names=("digital_root", "repeated_digit_sum", "reduce_to_digit"),
    inputs={"n": LARGE},
    reference=lambda n: n % 9 or min(n, 9),
    claims=(Claim("A single digit is its own root.", (9,), 9), Claim("Zero gives 0.", (0,), 0)),
    also=(_digital_root_by_formula,),
    level=2,
)
def digital_root(n: int) -> int:
    while n > 9:
        total = 0
        while n > 0:
            total += n % 10
            n //= 10
        n = total
    return n


@atom(
    topic="digits",
    says=("how many decimal digits of {n} are even", "the number of even digits in {n} written in base ten"),
    names=("count_even_digits", "even_digits", "number_of_even_digits"),
    inputs={"n": LARGE},
    reference=lambda n: len([c for c in str(n) if c in "02468"]),
    claims=(Claim("0 is an even digit.", (0,), 1),),
    level=1,
)
def count_even_digits(n: int) -> int:
    return sum(1 for c in str(n) if int(c) % 2 == 0)


def _count_digit_as_text(n: int, d: int) -> int:
    return str(n).count(str(d))


@atom(
    topic="digits",
    says=(
        "how often the digit {d} occurs in {n} written in base ten",
        "the number of decimal digits of {n} that are equal to {d}",
    ),
    names=("count_digit", "digit_frequency", "occurrences_of_digit"),
    inputs={"n": LARGE, "d": Whole(0, 4)},
    needs=lambda n, d: n % 100 // 10 == d or n % 4 == 0,
    reference=lambda n, d: [int(c) for c in str(n)].count(d),
    claims=(Claim("Zero consists of one digit 0.", (0, 0), 1),),
    also=(_count_digit_as_text,),
    level=2,
)
def count_digit(n: int, d: int) -> int:
    if n == 0:
        return 1 if d == 0 else 0
    found = 0
    while n > 0:
        if n % 10 == d:
            found += 1
        n //= 10
    return found


@atom(
    topic="digits",
    says=(
        "the result, 0 for a single digit, of dropping the last decimal digit of {n}",
        "the number formed by all decimal digits of {n} but the last (0 if there is only one)",
    ),
    names=("drop_last_digit", "without_last_digit", "remove_last_digit"),
    inputs={"n": LARGE},
    reference=lambda n: int("0" + str(n)[:-1]),
    claims=(Claim("A single digit leaves 0.", (7,), 0),),
    level=1,
)
def drop_last_digit(n: int) -> int:
    return n // 10


@atom(
    topic="digits",
    says=(
        "the decimal digit of {n} at position {i}, counted from 0 at the right, or 0 beyond its first digit",
        "the digit of {n} in base ten that belongs to the power of ten with exponent {i} (0 if the number is shorter)",
    ),
    names=("digit_at", "nth_digit", "digit_at_position"),
    inputs={"n": LARGE, "i": Whole(0, 4)},
    reference=lambda n, i: int(str(n).zfill(10)[9 - i]),
    claims=(Claim("Position 0 is the ones digit.", (538, 0), 8), Claim("Beyond the number there is 0.", (5, 2), 0)),
    level=2,
)
def digit_at(n: int, i: int) -> int:
    for _ in range(i):
        n //= 10
    return n % 10


@atom(
    topic="digits",
    says=(
        "the number of zeros at the end of {n} written in base ten",
        "how many times {n} can be divided by 10 without a remainder",
    ),
    names=("trailing_zeros", "count_trailing_zeros", "zeros_at_end"),
    inputs={"n": Favoured(1, 30_000, (*range(1, 500, 7), *range(10, 500, 10), 1000, 5000))},
    reference=lambda n: len(str(n)) - len(str(n).rstrip("0")),
    claims=(Claim("Zeros inside do not count.", (1050,), 1),),
    level=2,
)
def trailing_zeros(n: int) -> int:
    zeros = 0
    while n % 10 == 0:
        n //= 10
        zeros += 1
    return zeros
