"""Divisors, primes and remainders."""

import math
from functools import cache

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import ListOf, OneOf, Whole
from hrm_edge.train.data.atoms.favoured import Favoured

PRIMES = tuple(n for n in range(2, 10_200) if all(n % d for d in range(2, math.isqrt(n) + 1)))
SMALL = Favoured(1, 2000, range(1, 121))


def _divisors_by_trial(n: int) -> list[int]:
    return [d for d in range(1, n + 1) if n % d == 0]


@cache
def _factors_by_table(n: int) -> list[int]:
    return [p for p in PRIMES if p <= n for k in range(1, 12) if n % p**k == 0]


# --- common divisors and multiples


def _gcd_by_subtraction(a: int, b: int) -> int:
    while a != b:
        if a > b:
            a -= b
        else:
            b -= a
    return a


def _gcd_by_recursion(a: int, b: int) -> int:
    if b == 0:
        return a
    return _gcd_by_recursion(b, a % b)


@atom(
    topic="number theory",
    says=(
        "the greatest common divisor of {a} and {b}",
        "the largest whole number that divides both {a} and {b}",
        "the biggest number by which {a} and {b} can both be divided without a remainder",
    ),
    names=("gcd", "greatest_common_divisor", "highest_common_factor"),
    inputs={"a": Whole(1, 200), "b": Whole(1, 200)},
    reference=math.gcd,
    claims=(
        Claim("If {a} and {b} are equal, that is the number itself.", (7, 7), 7),
        Claim("Numbers without a common factor give 1.", (8, 9), 1),
    ),
    also=(_gcd_by_subtraction, _gcd_by_recursion),
    level=3,
)
def greatest_common_divisor(a: int, b: int) -> int:
    while b != 0:
        a, b = b, a % b
    return a


def _lcm_by_steps(a: int, b: int) -> int:
    multiple = a
    while multiple % b != 0:
        multiple += a
    return multiple


@atom(
    topic="number theory",
    says=(
        "the least common multiple of {a} and {b}",
        "the smallest positive number that both {a} and {b} divide",
    ),
    names=("lcm", "least_common_multiple", "smallest_common_multiple"),
    inputs={"a": Whole(1, 60), "b": Whole(1, 60)},
    reference=math.lcm,
    claims=(Claim("If one number divides the other, the larger one is the result.", (4, 12), 12),),
    also=(_lcm_by_steps,),
    level=3,
)
def least_common_multiple(a: int, b: int) -> int:
    return a // greatest_common_divisor(a, b) * b


@atom(
    topic="number theory",
    says=(
        "whether {a} and {b} have no common divisor above 1",
        "whether {a} and {b} are coprime",
    ),
    names=("are_coprime", "coprime", "share_no_factor"),
    inputs={"a": Whole(1, 60), "b": Whole(1, 60)},
    reference=lambda a, b: not any(a % d == 0 and b % d == 0 for d in range(2, 61)),
    claims=(Claim("1 is coprime to every number.", (1, 9), True),),
    level=3,
)
def are_coprime(a: int, b: int) -> bool:
    return greatest_common_divisor(a, b) == 1


@atom(
    topic="number theory",
    says=(
        "the greatest common divisor of all of {numbers}, or 0 if there are none",
        "the largest whole number that divides every one of {numbers} (0 for an empty list)",
    ),
    names=("gcd_of_list", "common_divisor", "gcd_all"),
    inputs={"numbers": ListOf(Whole(1, 20), 0, 4)},
    reference=lambda numbers: math.gcd(*(2 * n for n in numbers)) // 2,
    claims=(Claim("A single number is its own result.", ([12],), 12), Claim("An empty list gives 0.", ([],), 0)),
    level=3,
)
def gcd_of_list(numbers: list[int]) -> int:
    result = 0
    for number in numbers:
        result = greatest_common_divisor(result, number)
    return result


@atom(
    topic="number theory",
    says=(
        "the least common multiple of all of {numbers}, which is 1 for an empty list",
        "the smallest positive number divisible by every one of {numbers} (1 if there are none)",
    ),
    names=("lcm_of_list", "common_multiple", "lcm_all"),
    inputs={"numbers": ListOf(Whole(1, 15), 0, 5)},
    reference=lambda numbers: math.lcm(*numbers),
    claims=(Claim("An empty list gives 1.", ([],), 1),),
    level=3,
)
def lcm_of_list(numbers: list[int]) -> int:
    result = 1
    for number in numbers:
        result = result // greatest_common_divisor(result, number) * number
    return result


def _reduce_fraction_by_trial(numerator: int, denominator: int) -> tuple[int, int]:
    divisor = 2
    while divisor <= min(numerator, denominator):
        if numerator % divisor == 0 and denominator % divisor == 0:
            numerator //= divisor
            denominator //= divisor
        else:
            divisor += 1
    return (numerator, denominator)


@atom(
    topic="number theory",
    says=(
        "the numerator and denominator of {numerator} / {denominator} in lowest terms",
        "the fraction of {numerator} over {denominator}, reduced as far as possible, as a pair (top, bottom)",
    ),
    names=("reduce_fraction", "lowest_terms", "simplify_fraction"),
    inputs={"numerator": Whole(1, 90), "denominator": Whole(1, 90)},
    reference=lambda numerator, denominator: (
        math.lcm(numerator, denominator) // denominator,
        math.lcm(numerator, denominator) // numerator,
    ),
    claims=(Claim("Equal numbers reduce to 1 over 1.", (6, 6), (1, 1)),),
    also=(_reduce_fraction_by_trial,),
    level=3,
)
def reduce_fraction(numerator: int, denominator: int) -> tuple[int, int]:
    divisor = greatest_common_divisor(numerator, denominator)
    return (numerator // divisor, denominator // divisor)


@atom(
    topic="number theory",
    says=(
        "the sum of the fractions {a} / {b} and {c} / {d} in lowest terms, as numerator and denominator",
        "the reduced fraction, a pair of numerator and denominator, that {a} over {b} plus {c} over {d} makes",
    ),
    names=("add_fractions", "fraction_sum", "sum_of_fractions"),
    inputs={"a": Whole(1, 15), "b": Whole(1, 15), "c": Whole(1, 15), "d": Whole(1, 15)},
    reference=lambda a, b, c, d: (
        (a * d + c * b) // math.gcd(a * d + c * b, b * d),
        math.lcm(a * d + c * b, b * d) // (a * d + c * b),
    ),
    claims=(Claim("A half and a half make 1 over 1.", (1, 2, 1, 2), (1, 1)),),
    level=3,
)
def add_fractions(a: int, b: int, c: int, d: int) -> tuple[int, int]:
    top = a * d + c * b
    bottom = b * d
    divisor = greatest_common_divisor(top, bottom)
    return (top // divisor, bottom // divisor)


# --- divisors


def _divisors_in_pairs(n: int) -> list[int]:
    low: list[int] = []
    high: list[int] = []
    d = 1
    while d * d <= n:
        if n % d == 0:
            low.append(d)
            if d * d != n:
                high.append(n // d)
        d += 1
    return low + high[::-1]


@atom(
    topic="number theory",
    says=(
        "the list of all positive divisors of {n} in ascending order, 1 and the number itself included",
        "all whole numbers from 1 up that divide {n} without a remainder, smallest first",
    ),
    names=("divisors", "all_divisors", "list_divisors"),
    inputs={"n": SMALL},
    reference=lambda n: sorted({math.gcd(n, k) for k in range(1, n + 1)}),
    claims=(Claim("1 has only itself.", (1,), [1]),),
    also=(_divisors_in_pairs,),
    level=2,
)
def divisors(n: int) -> list[int]:
    return [d for d in range(1, n + 1) if n % d == 0]


def _count_divisors_by_exponents(n: int) -> int:
    count = 1
    p = 2
    while n > 1:
        exponent = 0
        while n % p == 0:
            n //= p
            exponent += 1
        count *= exponent + 1
        p += 1
    return count


@atom(
    topic="number theory",
    says=(
        "the number of positive divisors, 1 and the number itself included, of {n}",
        "how many whole numbers from 1 to {n} divide it without a remainder",
    ),
    names=("count_divisors", "number_of_divisors", "divisor_count"),
    inputs={"n": SMALL},
    reference=lambda n: len({math.gcd(n, k) for k in range(1, n + 1)}),
    claims=(Claim("1 has one divisor.", (1,), 1),),
    also=(_count_divisors_by_exponents,),
    level=2,
)
def count_divisors(n: int) -> int:
    return sum(1 for d in range(1, n + 1) if n % d == 0)


def _aliquot_sum_in_pairs(n: int) -> int:
    if n == 1:
        return 0
    total = 1
    d = 2
    while d * d <= n:
        if n % d == 0:
            total += d
            if d * d != n:
                total += n // d
        d += 1
    return total


@atom(
    topic="number theory",
    says=(
        "the sum of the proper divisors, all positive ones except the number itself, of {n}",
        "the total, 0 if there are none, of those positive divisors that are smaller than the number itself, of {n}",
    ),
    names=("sum_of_proper_divisors", "aliquot_sum", "proper_divisor_sum"),
    inputs={"n": SMALL},
    reference=lambda n: sum({math.gcd(n, k) for k in range(1, n + 1)}) - n,
    claims=(Claim("1 has no proper divisor.", (1,), 0), Claim("A prime gives 1.", (7,), 1)),
    also=(_aliquot_sum_in_pairs,),
    level=2,
)
def aliquot_sum(n: int) -> int:
    return sum(d for d in range(1, n // 2 + 1) if n % d == 0)


@atom(
    topic="number theory",
    says=(
        "the largest divisor, other than the number itself, of {n}",
        "the greatest of those divisors that are smaller than the number itself, of {n}",
    ),
    names=("largest_proper_divisor", "biggest_proper_divisor"),
    inputs={"n": Favoured(2, 2000, range(2, 200))},
    reference=lambda n: n // next(p for p in PRIMES if n % p == 0),
    claims=(Claim("For a prime that is 1.", (13,), 1),),
    level=2,
)
def largest_proper_divisor(n: int) -> int:
    d = n // 2
    while n % d != 0:
        d -= 1
    return d


@atom(
    topic="number theory",
    says=(
        "whether {n} is a perfect number, equal to the sum of its divisors other than itself",
        "whether the positive divisors of {n} below the number itself add up to exactly that number",
    ),
    names=("is_perfect_number", "is_perfect", "equals_its_divisor_sum"),
    inputs={"n": Favoured(1, 2000, (1, 2, 4, 6, 12, 20, 24, 28, 30, 496))},
    reference=lambda n: n in (6, 28, 496, 8128),
    claims=(Claim("6 is 1 + 2 + 3.", (6,), True), Claim("1 is not perfect.", (1,), False)),
    holds=("is a perfect number", "are perfect numbers"),
    level=3,
)
def is_perfect_number(n: int) -> bool:
    return sum(d for d in range(1, n) if n % d == 0) == n


@atom(
    topic="number theory",
    says=(
        "whether {n} is abundant, its divisors other than itself adding up to more than the number",
        "whether the sum of the proper divisors of {n} is greater than the number itself",
    ),
    names=("is_abundant", "is_abundant_number"),
    inputs={"n": Favoured(1, 2000, range(1, 60))},
    reference=lambda n: sum(_divisors_by_trial(n)) > 2 * n,
    claims=(Claim("A perfect number is not abundant.", (6,), False), Claim("12 is the smallest one.", (12,), True)),
    holds=("is abundant", "are abundant"),
    level=3,
)
def is_abundant(n: int) -> bool:
    return aliquot_sum(n) > n


@atom(
    topic="number theory",
    says=(
        'the word "perfect" if the proper divisors of {n} add up to exactly that number, "abundant" if to more, '
        '"deficient" if to less',
        'the class of {n} by its proper divisor sum: "deficient" if smaller than the number, "abundant" if larger, '
        '"perfect" if equal',
    ),
    names=("classify_number", "divisor_class", "number_class"),
    inputs={"n": Favoured(1, 2000, (*range(1, 40), 6, 28, 496))},
    reference=lambda n: ("deficient", "perfect", "abundant")[
        (sum(_divisors_by_trial(n)) >= 2 * n) + (sum(_divisors_by_trial(n)) > 2 * n)
    ],
    claims=(Claim("1 has no proper divisors, so it is deficient.", (1,), "deficient"),),
    level=3,
)
def classify_by_divisors(n: int) -> str:
    total = aliquot_sum(n)
    if total == n:
        return "perfect"
    if total > n:
        return "abundant"
    return "deficient"


@atom(
    topic="number theory",
    says=(
        "whether {a} and {b} differ and each is the sum of the proper divisors of the other",
        "whether {a} and {b} form an amicable pair of two different numbers",
    ),
    names=("are_amicable", "is_amicable_pair", "amicable"),
    inputs={"a": OneOf((220, 284, 6, 1184, 1210)), "b": OneOf((284, 220, 6, 1210, 1184, 100))},
    reference=lambda a, b: {a, b} in ({220, 284}, {1184, 1210}),
    claims=(Claim("220 and 284 are amicable.", (220, 284), True), Claim("A number is no pair.", (220, 220), False)),
    level=3,
)
def are_amicable(a: int, b: int) -> bool:
    return a != b and aliquot_sum(a) == b and aliquot_sum(b) == a


@atom(
    topic="number theory",
    says=(
        "the list of the common divisors of {a} and {b} in ascending order",
        "all whole numbers from 1 up that divide both {a} and {b}, smallest first",
    ),
    names=("common_divisors", "shared_divisors"),
    inputs={"a": Whole(1, 72), "b": Whole(1, 72)},
    reference=lambda a, b: _divisors_by_trial(math.gcd(a, b)),
    claims=(Claim("There is always the 1.", (8, 9), [1]),),
    level=2,
)
def common_divisors(a: int, b: int) -> list[int]:
    return [d for d in range(1, min(a, b) + 1) if a % d == 0 and b % d == 0]


# --- primes


def _is_prime_by_all_divisors(n: int) -> bool:
    if n < 2:
        return False
    return all(n % d != 0 for d in range(2, n))


@atom(
    topic="number theory",
    says=(
        "whether {n} is a prime number",
        "whether {n} is prime, that is, greater than 1 and divisible only by 1 and itself",
    ),
    names=("is_prime", "is_prime_number", "prime"),
    inputs={"n": Favoured(-10_000, 10_000, range(-3, 121))},
    reference=lambda n: n in PRIMES,
    claims=(Claim("1 is not prime.", (1,), False), Claim("2 is prime.", (2,), True)),
    holds=("is prime", "are prime"),
    also=(_is_prime_by_all_divisors,),
    level=2,
)
def is_prime(n: int) -> bool:
    if n < 2:
        return False
    d = 2
    while d * d <= n:
        if n % d == 0:
            return False
        d += 1
    return True


def _primes_by_sieve(n: int) -> list[int]:
    composite = [False] * (n + 1)
    found: list[int] = []
    for number in range(2, n + 1):
        if not composite[number]:
            found.append(number)
            multiple = number * number
            while multiple <= n:
                composite[multiple] = True
                multiple += number
    return found


@atom(
    topic="number theory",
    says=(
        "the list of all prime numbers up to and including {n}, in ascending order",
        "all primes that are not greater than {n}, smallest first",
    ),
    names=("primes_up_to", "sieve", "list_primes"),
    inputs={"n": Whole(0, 120)},
    reference=lambda n: [p for p in PRIMES if p <= n],
    claims=(Claim("There is no prime up to 1.", (1,), []), Claim("A prime limit is included.", (5,), [2, 3, 5])),
    also=(_primes_by_sieve,),
    level=3,
)
def primes_up_to(n: int) -> list[int]:
    primes: list[int] = []
    for number in range(2, n + 1):
        if all(number % p != 0 for p in primes):
            primes.append(number)
    return primes


def _count_primes_by_test(n: int) -> int:
    return sum(1 for k in range(n) if is_prime(k))


@atom(
    topic="number theory",
    says=(
        "the number of primes that are strictly less than {n}",
        "how many prime numbers there are below {n}",
    ),
    names=("count_primes", "primes_below", "number_of_primes"),
    inputs={"n": Whole(0, 150)},
    reference=lambda n: len([p for p in PRIMES if p < n]),
    claims=(Claim("A prime {n} itself is not counted.", (2,), 0),),
    also=(_count_primes_by_test,),
    level=3,
)
def count_primes_below(n: int) -> int:
    composite = [False] * n
    count = 0
    for number in range(2, n):
        if not composite[number]:
            count += 1
            multiple = number * number
            while multiple < n:
                composite[multiple] = True
                multiple += number
    return count


def _kth_prime_by_list(k: int) -> int:
    primes: list[int] = []
    number = 2
    while len(primes) < k:
        if all(number % p != 0 for p in primes):
            primes.append(number)
        number += 1
    return primes[-1]


@atom(
    topic="number theory",
    says=(
        "the prime number that has, with 2 as number 1, in ascending order the number {k}",
        "the prime number up to which, itself included, the count of primes is {k}",
    ),
    names=("nth_prime", "kth_prime", "prime_at"),
    inputs={"k": Whole(1, 40)},
    reference=lambda k: PRIMES[k - 1],
    claims=(Claim("The first prime is 2.", (1,), 2),),
    also=(_kth_prime_by_list,),
    level=3,
)
def kth_prime(k: int) -> int:
    number = 1
    while k > 0:
        number += 1
        if is_prime(number):
            k -= 1
    return number


@atom(
    topic="number theory",
    says=(
        "the smallest prime number that is greater than {n}",
        "the first prime after {n}",
    ),
    names=("next_prime", "prime_after", "following_prime"),
    inputs={"n": Favoured(0, 10_000, range(201))},
    reference=lambda n: min(p for p in PRIMES if p > n),
    claims=(Claim("A prime is not its own successor.", (7,), 11),),
    level=3,
)
def next_prime(n: int) -> int:
    candidate = n + 1
    while not is_prime(candidate):
        candidate += 1
    return candidate


@atom(
    topic="number theory",
    says=(
        "the smallest prime that is greater than {n} and less than {m}, or none if there is no such prime",
        "the first prime strictly between {n} and {m}, or nothing where no prime lies there",
    ),
    names=("first_prime_between", "prime_in_gap", "find_prime_between"),
    inputs={"n": Whole(1, 120), "m": Whole(2, 126)},
    needs=lambda n, m: n < m < n + 8,
    reference=lambda n, m: next((p for p in PRIMES if n < p < m), None),
    claims=(Claim("The ends themselves do not count.", (3, 5), None),),
    level=3,
)
def first_prime_between(n: int, m: int) -> int | None:
    for candidate in range(n + 1, m):
        if is_prime(candidate):
            return candidate
    return None


@atom(
    topic="number theory",
    says=(
        "the largest prime number below {n}, or none if there is no prime below it",
        "the last prime before {n}, or nothing where no prime comes before",
    ),
    names=("previous_prime", "prime_before", "largest_prime_below"),
    inputs={"n": Favoured(0, 10_000, range(60))},
    reference=lambda n: max((p for p in PRIMES if p < n), default=None),
    claims=(Claim("There is no prime below 2.", (2,), None), Claim("Below 3 there is 2.", (3,), 2)),
    level=3,
)
def previous_prime(n: int) -> int | None:
    candidate = n - 1
    while candidate >= 2:
        if is_prime(candidate):
            return candidate
        candidate -= 1
    return None


def _smallest_prime_factor_up_to_root(n: int) -> int:
    for d in range(2, math.isqrt(n) + 1):
        if n % d == 0:
            return d
    return n


@atom(
    topic="number theory",
    says=(
        "the smallest prime factor of {n}",
        "the smallest number above 1 that divides {n}",
    ),
    names=("smallest_prime_factor", "least_factor", "lowest_prime_divisor"),
    inputs={"n": Favoured(2, 10_000, range(2, 400))},
    reference=lambda n: next(p for p in PRIMES if n % p == 0),
    claims=(Claim("A prime is its own smallest factor.", (13,), 13),),
    also=(_smallest_prime_factor_up_to_root,),
    level=2,
)
def smallest_prime_factor(n: int) -> int:
    d = 2
    while n % d != 0:
        d += 1
    return d


@atom(
    topic="number theory",
    says=(
        "the largest prime factor of {n}",
        "the greatest prime number that divides {n}",
    ),
    names=("largest_prime_factor", "greatest_prime_divisor", "biggest_prime_factor"),
    inputs={"n": Favoured(2, 10_000, range(2, 400))},
    reference=lambda n: max(p for p in PRIMES if n % p == 0),
    claims=(Claim("A prime is its own largest factor.", (13,), 13),),
    level=3,
)
def largest_prime_factor(n: int) -> int:
    d = 2
    while n > d:
        if n % d == 0:
            n //= d
        else:
            d += 1
    return n


def _prime_factors_up_to_root(n: int) -> list[int]:
    factors: list[int] = []
    d = 2
    while d * d <= n:
        while n % d == 0:
            factors.append(d)
            n //= d
        d += 1
    if n > 1:
        factors.append(n)
    return factors


@atom(
    topic="number theory",
    says=(
        "the ascending list of the prime factors, each as often as it divides the number, of {n}",
        "the primes whose product is {n}, smallest first and repeated where needed",
    ),
    names=("prime_factors", "factorize", "prime_factorization"),
    inputs={"n": Favoured(1, 2000, range(1, 300))},
    reference=_factors_by_table,
    claims=(Claim("1 has no prime factors.", (1,), []), Claim("A repeated factor is listed again.", (12,), [2, 2, 3])),
    also=(_prime_factors_up_to_root,),
    level=3,
)
def prime_factors(n: int) -> list[int]:
    factors: list[int] = []
    d = 2
    while n > 1:
        if n % d == 0:
            factors.append(d)
            n //= d
        else:
            d += 1
    return factors


def _prime_exponents_from_factors(n: int) -> dict[int, int]:
    exponents: dict[int, int] = {}
    for factor in prime_factors(n):
        exponents[factor] = exponents.get(factor, 0) + 1
    return exponents


@atom(
    topic="number theory",
    says=(
        "the map from prime factors to how many times they divide the number, for {n}",
        "the prime factorisation, as a map from primes to exponents that is empty for 1, of {n}",
    ),
    names=("prime_exponents", "factor_counts", "factorization_map"),
    inputs={"n": Favoured(1, 2000, range(1, 300))},
    reference=lambda n: {p: _factors_by_table(n).count(p) for p in _factors_by_table(n)},
    claims=(Claim("1 has no prime factors.", (1,), {}),),
    also=(_prime_exponents_from_factors,),
    level=3,
)
def prime_exponents(n: int) -> dict[int, int]:
    exponents: dict[int, int] = {}
    p = 2
    while n > 1:
        count = 0
        while n % p == 0:
            n //= p
            count += 1
        if count > 0:
            exponents[p] = count
        p += 1
    return exponents


@atom(
    topic="number theory",
    says=(
        "the number of different prime factors of {n}",
        "how many distinct primes divide {n}",
    ),
    names=("count_distinct_primes", "distinct_prime_factors", "omega"),
    inputs={"n": Favoured(1, 2000, range(1, 300))},
    reference=lambda n: len([p for p in PRIMES if n % p == 0]),
    claims=(Claim("A prime counts once however often it divides.", (8,), 1), Claim("1 has none.", (1,), 0)),
    level=3,
)
def count_distinct_primes(n: int) -> int:
    return len(set(prime_factors(n)))


@atom(
    topic="number theory",
    says=(
        "the sum, each added as often as it divides the number, of the prime factors of {n}",
        "the total, repeated ones included and 0 for 1, of the prime factors of {n}",
    ),
    names=("sum_of_prime_factors", "prime_factor_sum", "add_prime_factors"),
    inputs={"n": Favoured(1, 2000, range(1, 300))},
    reference=lambda n: sum(_factors_by_table(n)),
    claims=(Claim("For 12 it is 2 + 2 + 3.", (12,), 7), Claim("For 1 it is 0.", (1,), 0)),
    level=3,
)
def sum_of_prime_factors(n: int) -> int:
    total = 0
    d = 2
    while n > 1:
        while n % d == 0:
            total += d
            n //= d
        d += 1
    return total


@atom(
    topic="number theory",
    says=(
        "whether {n} is a product of exactly two primes, which may be equal",
        "whether {n} is semiprime: two prime factors in all, counted with repetition",
    ),
    names=("is_semiprime", "has_two_prime_factors"),
    inputs={"n": Favoured(1, 2000, range(1, 100))},
    reference=lambda n: any(n % p == 0 and n // p in PRIMES for p in PRIMES[:20]),
    claims=(Claim("The square of a prime qualifies.", (9,), True), Claim("A prime does not.", (7,), False)),
    holds=("is semiprime", "are semiprime"),
    level=3,
)
def is_semiprime(n: int) -> bool:
    return len(prime_factors(n)) == 2


@atom(
    topic="number theory",
    says=(
        "the pairs [p, p + 2] of two primes with p + 2 at most {n}, in ascending order",
        "all twin primes up to {n}, each as a list of two primes that differ by 2, smallest pair first",
    ),
    names=("twin_primes", "twin_prime_pairs", "list_twin_primes"),
    inputs={"n": Whole(3, 80)},
    reference=lambda n: [[p, p + 2] for p in PRIMES[:30] if p + 2 in PRIMES[:30] and p + 2 <= n],
    claims=(Claim("The first pair is 3 and 5.", (5,), [[3, 5]]), Claim("Up to 4 there is no pair.", (4,), [])),
    level=3,
)
def twin_primes(n: int) -> list[list[int]]:
    pairs: list[list[int]] = []
    for p in range(3, n - 1):
        if is_prime(p) and is_prime(p + 2):
            pairs.append([p, p + 2])
    return pairs


@atom(
    topic="number theory",
    says=(
        "the pair of primes with the sum {n} whose first prime is as small as possible, or none if there is no pair",
        "two primes, the smaller first, that add up to {n}, with the first as small as possible (none if impossible)",
    ),
    names=("goldbach_pair", "split_into_primes", "prime_pair_with_sum"),
    inputs={"n": Whole(2, 60)},
    reference=lambda n: next(((p, n - p) for p in PRIMES if 2 * p <= n and n - p in PRIMES), None),
    claims=(Claim("The two primes may be equal.", (4,), (2, 2)), Claim("11 is no sum of two primes.", (11,), None)),
    level=3,
)
def goldbach_pair(n: int) -> tuple[int, int] | None:
    for p in range(2, n // 2 + 1):
        if is_prime(p) and is_prime(n - p):
            return (p, n - p)
    return None


@atom(
    topic="number theory",
    says=(
        "the product of the different prime factors (1 if there are none) of {n}",
        "the radical, every prime factor once and all multiplied together (1 if there are none), of {n}",
    ),
    names=("radical", "product_of_distinct_primes"),
    inputs={"n": Favoured(1, 2000, range(1, 300))},
    reference=lambda n: math.prod(p for p in PRIMES if n % p == 0),
    claims=(Claim("Repeated factors count once.", (12,), 6),),
    level=3,
)
def radical(n: int) -> int:
    product = 1
    d = 2
    while n > 1:
        if n % d == 0:
            product *= d
            while n % d == 0:
                n //= d
        d += 1
    return product


# --- remainders


def _phi_by_primes(n: int) -> int:
    result = n
    rest = n
    p = 2
    while p * p <= rest:
        if rest % p == 0:
            while rest % p == 0:
                rest //= p
            result -= result // p
        p += 1
    if rest > 1:
        result -= result // rest
    return result


@atom(
    topic="number theory",
    says=(
        "how many of the whole numbers from 1 to {n} have no divisor above 1 in common with it",
        "Euler's totient, the count of numbers from 1 up to a number that are coprime to it, of {n}",
    ),
    names=("totient", "euler_phi", "count_coprime"),
    inputs={"n": SMALL},
    reference=lambda n: sum(math.gcd(k, n) == 1 for k in range(1, n + 1)),
    claims=(Claim("1 is coprime to itself.", (1,), 1), Claim("A prime p gives p - 1.", (13,), 12)),
    also=(_phi_by_primes,),
    level=4,
)
def totient(n: int) -> int:
    return sum(1 for k in range(1, n + 1) if greatest_common_divisor(k, n) == 1)


def _modular_power_by_loop(base: int, exponent: int, modulus: int) -> int:
    result = 1 % modulus
    for _ in range(exponent):
        result = result * base % modulus
    return result


@atom(
    topic="number theory",
    says=(
        "the remainder of {base} to the power of {exponent} when divided by {modulus}",
        "the power with base {base} and exponent {exponent}, taken modulo {modulus}",
    ),
    names=("modular_power", "power_mod", "mod_exp"),
    inputs={"base": Whole(0, 50), "exponent": Whole(0, 60), "modulus": Whole(1, 100)},
    reference=lambda base, exponent, modulus: pow(base, exponent, modulus),
    claims=(
        Claim("The exponent 0 gives 1, for a modulus above 1.", (5, 0, 7), 1),
        Claim("Modulo 1 everything is 0.", (3, 2, 1), 0),
    ),
    also=(_modular_power_by_loop,),
    level=4,
)
def modular_power(base: int, exponent: int, modulus: int) -> int:
    result = 1 % modulus
    base %= modulus
    while exponent > 0:
        if exponent % 2 == 1:
            result = result * base % modulus
        base = base * base % modulus
        exponent //= 2
    return result


def _modular_inverse_by_euclid(a: int, m: int) -> int | None:
    old_rest = a
    rest = m
    old_factor = 1
    factor = 0
    while rest != 0:
        times = old_rest // rest
        old_rest, rest = rest, old_rest - times * rest
        old_factor, factor = factor, old_factor - times * factor
    if old_rest != 1:
        return None
    return old_factor % m


@atom(
    topic="number theory",
    says=(
        "the number x from 1 to {m} - 1 for which {a} times x leaves remainder 1 modulo {m}, or none if there is none",
        "the multiplicative inverse of {a} modulo {m}, between 1 and {m} - 1, or nothing where it does not exist",
    ),
    names=("modular_inverse", "inverse_mod", "mod_inverse"),
    inputs={"a": Whole(1, 60), "m": Whole(2, 40)},
    reference=lambda a, m: pow(a, -1, m) if math.gcd(a, m) == 1 else None,
    claims=(Claim("2 has no inverse modulo 4.", (2, 4), None), Claim("3 times 2 is 1 modulo 5.", (3, 5), 2)),
    also=(_modular_inverse_by_euclid,),
    level=3,
)
def modular_inverse(a: int, m: int) -> int | None:
    for x in range(1, m):
        if a * x % m == 1:
            return x
    return None


@atom(
    topic="number theory",
    says=(
        "the greatest common divisor g of {a} and {b} together with whole numbers x and y such that "
        "x times the first plus y times the second is g, as Euclid's extended algorithm finds them",
        "the triple (g, x, y) that the extended Euclidean algorithm gives for {a} and {b}, with g their greatest "
        "common divisor and x, y the factors of the first and the second that make g",
    ),
    names=("extended_gcd", "bezout", "extended_euclid"),
    inputs={"a": Whole(1, 100), "b": Whole(1, 100)},
    reference=lambda a, b: _bezout_by_recursion(a, b),
    claims=(Claim("If the second number is a multiple of the first, x is 1 and y is 0.", (4, 12), (4, 1, 0)),),
    level=4,
)
def extended_gcd(a: int, b: int) -> tuple[int, int, int]:
    x = 1
    y = 0
    next_x = 0
    next_y = 1
    while b != 0:
        times = a // b
        a, b = b, a % b
        x, next_x = next_x, x - times * next_x
        y, next_y = next_y, y - times * next_y
    return (a, x, y)


def _bezout_by_recursion(a: int, b: int) -> tuple[int, int, int]:
    if b == 0:
        return a, 1, 0
    g, x, y = _bezout_by_recursion(b, a % b)
    return g, y, x - a // b * y


@atom(
    topic="number theory",
    says=(
        "the smallest number from 0 up that leaves remainder {r} modulo {a} and remainder {s} modulo {b}, "
        "or none if no number does",
        "the least whole number x of at least 0 with x mod {a} equal to {r} and x mod {b} equal to {s} (none if "
        "there is none)",
    ),
    names=("match_remainders", "chinese_remainder", "solve_remainders"),
    inputs={"a": Whole(2, 12), "r": Whole(0, 11), "b": Whole(2, 12), "s": Whole(0, 11)},
    needs=lambda a, r, b, s: r < a and s < b,
    reference=lambda a, r, b, s: next((x for x in range(a * b) if (x % a, x % b) == (r, s)), None),
    claims=(Claim("An even number cannot leave 1 modulo 4.", (2, 0, 4, 1), None),),
    level=4,
)
def match_remainders(a: int, r: int, b: int, s: int) -> int | None:
    x = r
    for _ in range(b):
        if x % b == s:
            return x
        x += a
    return None


@atom(
    topic="number theory",
    says=(
        "how many times {p}, a prime, divides the product of all whole numbers from 1 to {n}",
        "the exponent of {p}, a prime number, in the factorial of {n}",
    ),
    names=("prime_power_in_factorial", "legendre", "factorial_exponent"),
    inputs={"n": Favoured(0, 600, range(200)), "p": OneOf((2, 3, 5, 7))},
    reference=lambda n, p: sum(_factors_by_table(k).count(p) for k in range(1, n + 1)),
    claims=(Claim("Below {p} it is 0.", (4, 5), 0),),
    level=4,
)
def prime_power_in_factorial(n: int, p: int) -> int:
    exponent = 0
    while n > 0:
        n //= p
        exponent += n
    return exponent


def _ugly_by_factors(n: int) -> bool:
    for p in [2, 3, 5]:
        while n % p == 0:
            n //= p
    return n == 1


@atom(
    topic="number theory",
    says=(
        "whether {n} has no prime factors other than 2, 3 and 5",
        "whether dividing {n} by 2, 3 and 5 as often as possible leaves 1",
    ),
    names=("is_regular_number", "only_small_factors", "is_five_smooth"),
    inputs={"n": Favoured(1, 2000, range(1, 90))},
    reference=lambda n: n in {2**i * 3**j * 5**k for i in range(11) for j in range(7) for k in range(5)},
    claims=(Claim("1 has no prime factors at all, so it qualifies.", (1,), True), Claim("14 does not.", (14,), False)),
    holds=("has no prime factors other than 2, 3 and 5", "have no prime factors other than 2, 3 and 5"),
    also=(_ugly_by_factors,),
    level=3,
)
def is_five_smooth(n: int) -> bool:
    return all(factor <= 5 for factor in prime_factors(n))


@atom(
    topic="number theory",
    says=(
        "the Moebius value (0 if a square above 1 divides the number, otherwise 1 or -1 as it has an even or odd "
        "number of prime factors) of {n}",
        "the value of the Moebius function, which is 0 for a number with a repeated prime factor, otherwise 1 or "
        "-1 for an even or odd count of prime factors, at {n}",
    ),
    names=("mobius", "moebius", "mobius_function"),
    inputs={"n": SMALL},
    reference=lambda n: (
        0 if len(set(_factors_by_table(n))) < len(_factors_by_table(n)) else (-1) ** len(_factors_by_table(n))
    ),
    claims=(Claim("1 has no prime factors, and 0 is even.", (1,), 1), Claim("4 divides 12.", (12,), 0)),
    level=4,
)
def mobius(n: int) -> int:
    sign = 1
    p = 2
    while n > 1:
        if n % p == 0:
            n //= p
            sign = -sign
            if n % p == 0:
                return 0
        p += 1
    return sign


def _collatz_steps_by_recursion(n: int) -> int:
    if n == 1:
        return 0
    if n % 2 == 0:
        return 1 + _collatz_steps_by_recursion(n // 2)
    return 1 + _collatz_steps_by_recursion(3 * n + 1)


@atom(
    topic="number theory",
    says=(
        "the number of steps from {n} to 1 in the Collatz process: halve an even number, triple an odd one and add 1",
        "how many Collatz steps (half if even, three times plus one if odd) it takes to get from {n} down to 1",
    ),
    names=("collatz_steps", "collatz_length", "steps_to_one"),
    inputs={"n": Favoured(1, 2000, range(1, 60))},
    reference=lambda n: len(_collatz(n)) - 1,
    claims=(Claim("1 needs no step.", (1,), 0),),
    also=(_collatz_steps_by_recursion,),
    level=2,
)
def collatz_steps(n: int) -> int:
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def _collatz(n: int) -> list[int]:
    return [n] if n == 1 else [n, *_collatz(3 * n + 1 if n & 1 else n >> 1)]


@atom(
    topic="number theory",
    says=(
        "the Collatz sequence from {n} to 1, both included, with half after an even number and 3 times plus 1 after "
        "an odd one",
        "the list that ends at the first 1, continues an even number with its half and an odd one with three times "
        "it plus 1, and starts with {n}",
    ),
    names=("collatz_sequence", "collatz_path", "hailstone"),
    inputs={"n": Whole(1, 26)},
    reference=_collatz,
    claims=(Claim("From 1 there is nothing to do.", (1,), [1]),),
    level=2,
)
def collatz_sequence(n: int) -> list[int]:
    sequence = [n]
    while n != 1:
        n = collatz_next(n)
        sequence.append(n)
    return sequence


def collatz_next(n: int) -> int:
    if n % 2 == 0:
        return n // 2
    return 3 * n + 1


@atom(
    topic="number theory",
    says=(
        "the largest number on the Collatz path from {n} to 1, where even numbers are halved and odd ones tripled "
        "plus 1",
        "the highest value reached, the start included, when {n} is halved if even and tripled plus one if odd until "
        "it is 1",
    ),
    names=("collatz_peak", "highest_collatz", "hailstone_peak"),
    inputs={"n": Favoured(1, 2000, range(1, 60))},
    reference=lambda n: max(_collatz(n)),
    claims=(Claim("A power of two is its own peak.", (16,), 16),),
    level=2,
)
def collatz_peak(n: int) -> int:
    peak = n
    while n != 1:
        n = collatz_next(n)
        peak = max(peak, n)
    return peak
