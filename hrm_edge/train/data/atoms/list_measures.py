"""One value read off a list: sums, extremes, counts of pairs, questions about order."""

# ruff: noqa: SIM110 — loops spelled out are what a person writes in most of the six languages

import functools
import itertools
import math
import operator
import statistics
from collections import Counter

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import ListOf, Made, Quarters, Whole
from hrm_edge.train.data.atoms.telling import any_counts, any_numbers

_NUMBERS = any_numbers(ListOf(Whole(-9, 9), 0, 7))
_SMALL = any_numbers(ListOf(Whole(0, 4), 0, 8))


def total_by_loop(numbers: list[int]) -> int:
    result = 0
    for number in numbers:
        result += number
    return result


@atom(
    topic="lists",
    says=("the sum of {numbers} (0 if there are none)", "what the numbers in {numbers} add up to, 0 for an empty list"),
    names=("total", "sum_of_numbers", "add_up"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: functools.reduce(operator.add, numbers, 0),
    claims=(Claim("The sum of an empty list is 0.", ([],), 0),),
    also=(total_by_loop,),
    level=1,
)
def total(numbers: list[int]) -> int:
    return sum(numbers)


@atom(
    topic="lists",
    says=(
        "the product of {numbers} (1 if there are none)",
        "what the numbers in {numbers} give when they are all multiplied, 1 for an empty list",
    ),
    names=("product", "multiply_all", "product_of_numbers"),
    inputs={"numbers": ListOf(Whole(-5, 9), 0, 7)},
    reference=math.prod,
    claims=(Claim("The product of an empty list is 1.", ([],), 1),),
    level=1,
)
def product(numbers: list[int]) -> int:
    result = 1
    for number in numbers:
        result *= number
    return result


@atom(
    topic="lists",
    says=(
        "the largest distance between two neighbours in {numbers}, 0 if there are fewer than two numbers",
        "the greatest absolute difference of a number of {numbers} from the one before it (0 where there is none)",
    ),
    names=("largest_gap", "max_gap", "biggest_jump"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: max((abs(a - b) for a, b in itertools.pairwise(numbers)), default=0),
    claims=(Claim("A single number has no neighbour, so 0.", ([4],), 0),),
    level=1,
)
def largest_gap(numbers: list[int]) -> int:
    gap = 0
    for i in range(1, len(numbers)):
        gap = max(gap, abs(numbers[i] - numbers[i - 1]))
    return gap


def spread_by_loop(numbers: list[int]) -> int:
    if not numbers:
        return 0
    low = numbers[0]
    high = numbers[0]
    for number in numbers:
        if number < low:
            low = number
        elif number > high:
            high = number
    return high - low


@atom(
    topic="lists",
    says=(
        "the difference between the largest and the smallest number in {numbers}, 0 for an empty list",
        "how far the numbers in {numbers} are spread: the maximum minus the minimum (0 without numbers)",
    ),
    names=("spread", "value_range", "max_minus_min"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: max((abs(a - b) for a in numbers for b in numbers), default=0),
    claims=(Claim("For an empty list it is 0.", ([],), 0),),
    also=(spread_by_loop,),
    level=1,
)
def spread(numbers: list[int]) -> int:
    if not numbers:
        return 0
    return max(numbers) - min(numbers)


@atom(
    topic="lists",
    says=(
        "the largest number in {numbers}, or None if there is none",
        "the maximum of {numbers}, None for an empty list",
    ),
    names=("largest_number", "maximum_or_none", "find_largest"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: max(numbers, default=None),
    claims=(Claim("For an empty list the result is None.", ([],), None),),
    level=1,
)
def largest_number(numbers: list[int]) -> int | None:
    if not numbers:
        return None
    best = numbers[0]
    for number in numbers:
        if number > best:
            best = number
    return best


def second_largest_by_sorting(numbers: list[int]) -> int | None:
    different = sorted(set(numbers))
    if len(different) < 2:
        return None
    return different[len(different) - 2]


@atom(
    topic="lists",
    says=(
        "the second largest of the different values in {numbers}, or None if there are fewer than two different ones",
        "the greatest number in {numbers} that is smaller than their maximum, None where there is no such number",
    ),
    names=("second_largest", "runner_up", "second_highest"),
    inputs={"numbers": _SMALL},
    reference=lambda numbers: max((n for n in numbers if n < max(numbers)), default=None),
    claims=(Claim("Equal numbers count once.", ([5, 5, 3],), 3), Claim("One value alone gives None.", ([2, 2],), None)),
    also=(second_largest_by_sorting,),
    level=2,
)
def second_largest(numbers: list[int]) -> int | None:
    if not numbers:
        return None
    best = max(numbers)
    smaller = [number for number in numbers if number < best]
    if not smaller:
        return None
    return max(smaller)


def majority_by_votes(numbers: list[int]) -> int | None:
    candidate = 0
    votes = 0
    for number in numbers:
        if votes == 0:
            candidate = number
            votes = 1
        elif number == candidate:
            votes += 1
        else:
            votes -= 1
    if 2 * numbers.count(candidate) > len(numbers):
        return candidate
    return None


@atom(
    topic="counting",
    says=(
        "the number that makes up more than half of {numbers}, or None if none does",
        "the value found in {numbers} more often than all other values together, None if there is no such value",
    ),
    names=("majority", "majority_element", "more_than_half"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 2), 0, 7))},
    reference=lambda numbers: next((n for n in set(numbers) if numbers.count(n) * 2 > len(numbers)), None),
    claims=(Claim("Exactly half is not enough.", ([1, 2],), None), Claim("For an empty list it is None.", ([],), None)),
    also=(majority_by_votes,),
    level=3,
)
def majority(numbers: list[int]) -> int | None:
    counts: dict[int, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
        if 2 * counts[number] > len(numbers):
            return number
    return None


@atom(
    topic="lists",
    says=(
        "the alternating sum of {numbers}: the first minus the second plus the third minus the fourth and so on",
        "the sum of the numbers at even positions 0, 2, ... of {numbers} minus the sum of those at odd positions",
    ),
    names=("alternating_sum", "plus_minus_sum"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: sum(numbers[::2]) - sum(numbers[1::2]),
    claims=(Claim("For an empty list it is 0.", ([],), 0),),
    level=1,
)
def alternating_sum(numbers: list[int]) -> int:
    result = 0
    sign = 1
    for number in numbers:
        result += sign * number
        sign = -sign
    return result


@atom(
    topic="lists",
    says=(
        "the length of the longest stretch of {numbers} in which every number is greater than the one before it",
        "how many consecutive numbers of {numbers} at most form a strictly ascending run (0 for an empty list)",
    ),
    names=("longest_ascending_run", "longest_increasing_run", "longest_climb"),
    inputs={"numbers": _SMALL},
    reference=lambda numbers: max(
        (
            j - i
            for i, j in itertools.combinations(range(len(numbers) + 1), 2)
            if numbers[i:j] == sorted(set(numbers[i:j]))
        ),
        default=0,
    ),
    claims=(Claim("Equal neighbours end a run.", ([3, 3],), 1),),
    level=2,
)
def longest_ascending_run(numbers: list[int]) -> int:
    best = 0
    length = 0
    for i in range(len(numbers)):
        if i > 0 and numbers[i] > numbers[i - 1]:
            length += 1
        else:
            length = 1
        best = max(best, length)
    return best


def sort_and_count(numbers: list[int]) -> tuple[list[int], int]:
    if len(numbers) <= 1:
        return numbers, 0
    middle = len(numbers) // 2
    left, inside_left = sort_and_count(numbers[:middle])
    right, inside_right = sort_and_count(numbers[middle:])
    merged: list[int] = []
    count = inside_left + inside_right
    i = 0
    for value in right:
        while i < len(left) and left[i] <= value:
            merged.append(left[i])
            i += 1
        count += len(left) - i
        merged.append(value)
    return merged + left[i:], count


def count_inversions_by_merging(numbers: list[int]) -> int:
    _, count = sort_and_count(numbers)
    return count


@atom(
    topic="sorting",
    says=(
        "the number of pairs of positions in {numbers} whose left number is greater than the right one",
        "how many inversions {numbers} has: pairs in which a larger number stands before a smaller one, neighbours "
        "or not",
    ),
    names=("count_inversions", "inversions", "out_of_order_pairs"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: sum(itertools.starmap(operator.gt, itertools.combinations(numbers, 2))),
    claims=(Claim("An ascending list has none.", ([1, 2, 2],), 0),),
    also=(count_inversions_by_merging,),
    level=3,
)
def count_inversions(numbers: list[int]) -> int:
    count = 0
    for i in range(len(numbers)):
        for j in range(i + 1, len(numbers)):
            if numbers[i] > numbers[j]:
                count += 1
    return count


def most_frequent_by_counts(numbers: list[int]) -> int | None:
    counts: dict[int, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    if not numbers:
        return None
    best = numbers[0]
    for value in sorted(counts):
        if counts[value] > counts[best] or (counts[value] == counts[best] and value < best):
            best = value
    return best


@atom(
    topic="counting",
    says=(
        "the number that occurs most often in {numbers}, the smallest of them on a tie, None for an empty list",
        "the most frequent value of {numbers} (if several are equally frequent, the smallest; None if there is none)",
    ),
    names=("most_frequent", "mode", "commonest_number"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 3), 0, 8))},
    reference=lambda numbers: min(statistics.multimode(numbers), default=None),
    claims=(Claim("On a tie the smallest wins.", ([3, 1, 3, 1],), 1),),
    also=(most_frequent_by_counts,),
    level=2,
)
def most_frequent(numbers: list[int]) -> int | None:
    if not numbers:
        return None
    best = min(numbers)
    for number in sorted(set(numbers)):
        if numbers.count(number) > numbers.count(best):
            best = number
    return best


@atom(
    topic="lists",
    says=(
        "the arithmetic mean of {numbers}, which is not empty, as a float",
        "the sum of the numbers in {numbers}, a non-empty list, divided by how many they are",
    ),
    names=("mean", "average", "arithmetic_mean"),
    inputs={"numbers": any_numbers(ListOf(Whole(-9, 9), 1, 7))},
    needs=lambda numbers: len(numbers) > 0,
    reference=lambda numbers: float(statistics.fmean(numbers)),
    claims=(Claim("The mean of one number is that number.", ([5],), 5.0),),
    level=1,
)
def mean(numbers: list[int]) -> float:
    return sum(numbers) / len(numbers)


@atom(
    topic="sorting",
    says=(
        "the median of {numbers}, which is not empty, as a float: the middle one after sorting, or the mean of the "
        "two in the middle",
        "the middle value of {numbers}, a non-empty list, in order of size, the average of both middle ones for an "
        "even count",
    ),
    names=("median", "middle_value"),
    inputs={"numbers": any_numbers(ListOf(Whole(-9, 9), 1, 7))},
    needs=lambda numbers: len(numbers) > 0,
    reference=lambda numbers: float(statistics.median(numbers)),
    claims=(Claim("Of two numbers it is the mean.", ([1, 2],), 1.5),),
    level=2,
)
def median(numbers: list[int]) -> float:
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    if len(ordered) % 2 == 1:
        return float(ordered[middle])
    return (ordered[middle - 1] + ordered[middle]) / 2


@atom(
    topic="lists",
    says=(
        "the total price: the sum of {prices} times {quantities} place by place, for lists of the same length",
        "what {quantities} pieces of goods cost at the unit prices {prices}, both lists in the same order and of "
        "the same length, all added up",
    ),
    names=("total_price", "order_total", "cost_of_order"),
    inputs={"prices": ListOf(Quarters(0, 20), 0, 3), "quantities": ListOf(Whole(0, 9), 0, 3)},
    needs=lambda prices, quantities: len(prices) == len(quantities),
    reference=lambda prices, quantities: float(sum(map(operator.mul, prices, quantities))),
    claims=(Claim("Nothing costs 0.0.", ([], []), 0.0),),
    level=1,
)
def total_price(prices: list[float], quantities: list[int]) -> float:
    cost = 0.0
    for i in range(len(prices)):
        cost += prices[i] * float(quantities[i])
    return cost


@atom(
    topic="lists",
    says=(
        "the sum of the products of the numbers at equal places of {first} and {second}, lists of the same length",
        "the scalar product of {first} and {second}, two vectors with equally many numbers",
    ),
    names=("dot_product", "scalar_product", "inner_product"),
    inputs={"first": any_numbers(ListOf(Whole(-9, 9), 0, 3)), "second": any_numbers(ListOf(Whole(-9, 9), 0, 3))},
    needs=lambda first, second: len(first) == len(second),
    reference=lambda first, second: sum(map(operator.mul, first, second)),
    claims=(Claim("Empty lists give 0.", ([], []), 0),),
    level=1,
)
def dot_product(first: list[int], second: list[int]) -> int:
    return sum(a * b for a, b in zip(first, second, strict=True))


@atom(
    topic="lists",
    says=(
        "the number of neighbouring pairs in {numbers} of which one is negative and the other positive",
        "how often the sign changes from one number of {numbers} to the next, where a step to or from 0 does not count",
    ),
    names=("count_sign_changes", "sign_changes"),
    inputs={"numbers": any_numbers(ListOf(Whole(-2, 2), 0, 8))},
    reference=lambda numbers: sum(a * b < 0 for a, b in itertools.pairwise(numbers)),
    claims=(Claim("A zero between them makes no change.", ([1, 0, -1],), 0),),
    level=2,
)
def count_sign_changes(numbers: list[int]) -> int:
    changes = 0
    for i in range(1, len(numbers)):
        before = numbers[i - 1]
        after = numbers[i]
        if (before < 0 and after > 0) or (before > 0 and after < 0):
            changes += 1
    return changes


def balance_point_by_slices(numbers: list[int]) -> int | None:
    for i in range(len(numbers)):
        if sum(numbers[:i]) == sum(numbers[i + 1 :]):
            return i
    return None


@atom(
    topic="lists",
    says=(
        "the first position, counted from 0, at which the sum of the numbers before it in {numbers} equals the sum "
        "of those after it, or None",
        "the smallest index i for which the numbers of {numbers} left of i and those right of i have equal sums (0 "
        "where there are none), None if there is no such index",
    ),
    names=("balance_point", "equilibrium_index", "pivot_index"),
    inputs={"numbers": any_numbers(ListOf(Whole(-1, 2), 0, 7))},
    reference=lambda numbers: next(
        (i for i, s in enumerate(itertools.accumulate(numbers)) if 2 * s - numbers[i] == sum(numbers)), None
    ),
    claims=(Claim("A single number balances at 0.", ([5],), 0), Claim("An empty list gives None.", ([],), None)),
    also=(balance_point_by_slices,),
    level=3,
)
def balance_point(numbers: list[int]) -> int | None:
    right = sum(numbers)
    left = 0
    for i, number in enumerate(numbers):
        right -= number
        if left == right:
            return i
        left += number
    return None


def best_window_by_slices(numbers: list[int], size: int) -> int | None:
    if len(numbers) < size:
        return None
    return max(sum(numbers[start : start + size]) for start in range(len(numbers) - size + 1))


@atom(
    topic="lists",
    says=(
        "the largest sum of {size} neighbouring numbers in {numbers}, or None if there are fewer than {size}",
        "the greatest total that a window of exactly {size} consecutive numbers of {numbers} has, None if no such "
        "window fits",
    ),
    names=("best_window", "max_window_sum", "largest_window_total"),
    inputs={"numbers": any_numbers(ListOf(Whole(-9, 9), 0, 8)), "size": Whole(1, 4)},
    needs=lambda _, size: size >= 1,
    reference=lambda numbers, size: max(map(sum, zip(*(numbers[i:] for i in range(size)), strict=False)), default=None),
    claims=(Claim("A list that is too short gives None.", ([1], 2), None),),
    also=(best_window_by_slices,),
    level=2,
)
def best_window(numbers: list[int], size: int) -> int | None:
    if len(numbers) < size:
        return None
    current = sum(numbers[:size])
    best = current
    for i in range(size, len(numbers)):
        current += numbers[i] - numbers[i - size]
        best = max(best, current)
    return best


@atom(
    topic="lists",
    says=(
        "the number of peaks in {numbers}: numbers greater than both neighbours (the first and the last are none)",
        "how many numbers of {numbers}, the two ends left out, are larger than the one before and the one after them",
    ),
    names=("count_peaks", "number_of_peaks", "local_maxima"),
    inputs={"numbers": _SMALL},
    reference=lambda numbers: sum(
        sorted(part)[2] == part[1] and part.count(part[1]) == 1
        for part in zip(numbers, numbers[1:], numbers[2:])  # noqa: B905
    ),
    claims=(Claim("Two numbers have no peak.", ([1, 2],), 0),),
    level=2,
)
def count_peaks(numbers: list[int]) -> int:
    count = 0
    for i in range(1, len(numbers) - 1):
        if numbers[i - 1] < numbers[i] and numbers[i] > numbers[i + 1]:
            count += 1
    return count


@atom(
    topic="lists",
    says=(
        "whether every number in {numbers} is greater than the one before it",
        "whether {numbers} is strictly ascending (true for an empty list and for a single number)",
    ),
    names=("is_strictly_ascending", "is_increasing", "keeps_growing"),
    inputs={"numbers": any_numbers(ListOf(Whole(-3, 9), 0, 4))},
    reference=lambda numbers: numbers == sorted(set(numbers)),
    claims=(Claim("Equal neighbours do not ascend.", ([2, 2],), False),),
    holds=("is strictly ascending", "are strictly ascending"),
    level=1,
)
def is_strictly_ascending(numbers: list[int]) -> bool:
    for i in range(1, len(numbers)):
        if numbers[i] <= numbers[i - 1]:
            return False
    return True


@atom(
    topic="lists",
    says=(
        "whether all numbers in {numbers} are equal (true for an empty list)",
        "whether no two numbers in {numbers} differ",
    ),
    names=("all_equal", "are_all_the_same", "is_constant"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 1), 0, 4))},
    reference=lambda numbers: len(set(numbers)) <= 1,
    claims=(Claim("For an empty list the answer is true.", ([],), True),),
    holds=("consists of equal numbers", "consist of equal numbers"),
    level=1,
)
def all_equal(numbers: list[int]) -> bool:
    return all(number == numbers[0] for number in numbers)


def has_duplicates_by_pairs(numbers: list[int]) -> bool:
    for i in range(len(numbers)):
        for j in range(i):
            if numbers[i] == numbers[j]:
                return True
    return False


@atom(
    topic="lists",
    says=(
        "whether some number occurs more than once in {numbers}",
        "whether {numbers} has two equal numbers at different places",
    ),
    names=("has_duplicates", "contains_duplicate", "has_repeats"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 9), 0, 6))},
    reference=lambda numbers: len(set(numbers)) < len(numbers),
    claims=(Claim("An empty list has none.", ([],), False),),
    holds=("has a repeated number", "have a repeated number"),
    also=(has_duplicates_by_pairs,),
    level=1,
)
def has_duplicates(numbers: list[int]) -> bool:
    seen: set[int] = set()
    for number in numbers:
        if number in seen:
            return True
        seen.add(number)
    return False


@atom(
    topic="lists",
    says=(
        "whether {numbers} reads the same from the front and from the back",
        "whether the first and the last, the second and the last but one number of {numbers}, and so on, are equal",
    ),
    names=("is_mirrored", "is_symmetric_list", "is_palindromic_list"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 1), 0, 6))},
    reference=lambda numbers: numbers == numbers[::-1],
    claims=(Claim("An empty list does.", ([],), True),),
    holds=("reads the same in both directions", "read the same in both directions"),
    level=1,
)
def is_mirrored(numbers: list[int]) -> bool:
    for i in range(len(numbers) // 2):
        if numbers[i] != numbers[len(numbers) - 1 - i]:
            return False
    return True


def smallest_missing_by_sorting(numbers: list[int]) -> int:
    missing = 1
    for number in sorted(numbers):
        if number == missing:
            missing += 1
    return missing


@atom(
    topic="searching",
    says=(
        "the smallest whole number from 1 on that {numbers} does not have",
        "the least positive whole number missing in {numbers}, in whatever order they are",
    ),
    names=("smallest_missing", "first_missing_positive", "lowest_free_number"),
    inputs={"numbers": any_numbers(ListOf(Whole(-1, 5), 0, 7))},
    reference=lambda numbers: min(set(range(1, len(numbers) + 2)) - set(numbers)),
    claims=(Claim("In an empty list 1 is missing.", ([],), 1),),
    also=(smallest_missing_by_sorting,),
    level=2,
)
def smallest_missing(numbers: list[int]) -> int:
    present = set(numbers)
    candidate = 1
    while candidate in present:
        candidate += 1
    return candidate


def missing_in_row_by_search(numbers: list[int]) -> int:
    for candidate in range(len(numbers)):
        if candidate not in numbers:
            return candidate
    return len(numbers)


@atom(
    topic="searching",
    says=(
        "the one whole number missing in {numbers}, which has all the others from 0 to its length exactly once",
        "what {numbers}, a list with no repeats and nothing but whole numbers from 0 to its own length, lacks of "
        "those numbers",
    ),
    names=("missing_in_row", "missing_number", "find_missing"),
    inputs={"numbers": Made(lambda rng: rng.sample(range(n := rng.randint(1, 8)), n - 1), ([], [0], [1]))},
    needs=lambda numbers: len(set(numbers)) == len(numbers) and all(0 <= n <= len(numbers) for n in numbers),
    reference=lambda numbers: next(iter(set(range(len(numbers) + 1)) - set(numbers))),
    claims=(Claim("An empty list lacks 0.", ([],), 0),),
    also=(missing_in_row_by_search,),
    level=2,
)
def missing_in_row(numbers: list[int]) -> int:
    n = len(numbers)
    return n * (n + 1) // 2 - sum(numbers)


def count_pairs_with_sum_by_map(numbers: list[int], target: int) -> int:
    earlier: dict[int, int] = {}
    count = 0
    for number in numbers:
        count += earlier.get(target - number, 0)
        earlier[number] = earlier.get(number, 0) + 1
    return count


@atom(
    topic="counting",
    says=(
        "the number of unordered pairs of different positions in {numbers} whose numbers add up to {target}",
        "how many ways there are to pick two numbers at different places of {numbers}, in either order, with the sum "
        "{target}",
    ),
    names=("count_pairs_with_sum", "pairs_with_sum", "pair_sum_count"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 5), 0, 7)), "target": Whole(2, 7)},
    reference=lambda numbers, target: sum(sum(pair) == target for pair in itertools.combinations(numbers, 2)),
    claims=(Claim("Equal numbers at different places count.", ([2, 2, 2], 4), 3),),
    also=(count_pairs_with_sum_by_map,),
    level=2,
)
def count_pairs_with_sum(numbers: list[int], target: int) -> int:
    count = 0
    for i in range(len(numbers)):
        for j in range(i + 1, len(numbers)):
            if numbers[i] + numbers[j] == target:
                count += 1
    return count


@atom(
    topic="lists",
    says=(
        "the number that {digits}, each from 0 to 9, write one after another in decimal",
        "the whole number whose decimal digits from left to right are {digits} (0 for an empty list)",
    ),
    names=("number_of_digit_list", "digits_to_number", "join_digits"),
    inputs={"digits": ListOf(Whole(0, 9), 0, 7)},
    needs=lambda digits: len(digits) <= 12 and all(0 <= digit <= 9 for digit in digits),
    reference=lambda digits: int("0" + "".join(map(str, digits))),
    claims=(Claim("Leading zeros do not matter.", ([0, 4, 2],), 42),),
    level=1,
)
def number_of_digit_list(digits: list[int]) -> int:
    value = 0
    for digit in digits:
        value = value * 10 + digit
    return value


@atom(
    topic="lists",
    says=(
        "the number of records in {numbers}: numbers greater than all before them (the first one is a record)",
        "how many numbers of {numbers} are larger than every number to their left, the first included",
    ),
    names=("count_records", "new_highs", "record_count"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: len(set(itertools.accumulate(numbers, max))),
    claims=(Claim("Equalling a record is none.", ([3, 3],), 1),),
    level=2,
)
def count_records(numbers: list[int]) -> int:
    count = 0
    highest = 0
    for i, number in enumerate(numbers):
        if i == 0 or number > highest:
            count += 1
            highest = number
    return count


def lone_number_by_sorting(numbers: list[int]) -> int:
    ordered = sorted(numbers)
    for i in range(0, len(ordered) - 1, 2):
        if ordered[i] != ordered[i + 1]:
            return ordered[i]
    return ordered[-1]


@atom(
    topic="counting",
    says=(
        "the one number that occurs exactly once in {numbers}, where every other number occurs exactly twice",
        "the number of {numbers} without a twin: all the rest of them come in pairs of equal numbers",
    ),
    names=("lone_number", "single_number", "without_twin"),
    inputs={
        "numbers": Made(
            lambda rng: rng.sample(
                2 * (drawn := rng.sample(range(10), rng.randint(1, 4)))[1:] + drawn[:1], 2 * len(drawn) - 1
            ),
            ([7],),
        )
    },
    needs=lambda numbers: sorted(Counter(numbers).values()) == [1] + [2] * (len(numbers) // 2),
    reference=lambda numbers: 2 * sum(set(numbers)) - sum(numbers),
    claims=(Claim("A list of one number has that one.", ([7],), 7),),
    also=(lone_number_by_sorting,),
    level=3,
)
def lone_number(numbers: list[int]) -> int:
    counts: dict[int, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    for number in numbers:
        if counts[number] == 1:
            return number
    return 0


@atom(
    topic="lists",
    says=(
        "the smallest number of numbers from the beginning of {numbers} whose sum is at least {target}, None if "
        "even all of them are less",
        "how many numbers, at least, must be taken from the front of {numbers}, none of them negative, to reach "
        "{target} (None if it is never reached)",
    ),
    names=("how_many_to_reach", "count_until_sum", "numbers_needed"),
    inputs={"numbers": any_counts(ListOf(Whole(0, 9), 0, 7)), "target": Whole(0, 25)},
    needs=lambda numbers, _: all(number >= 0 for number in numbers),
    reference=lambda numbers, target: next((n for n in range(len(numbers) + 1) if sum(numbers[:n]) >= target), None),
    claims=(Claim("For a target of 0 none is needed.", ([5], 0), 0),),
    level=2,
)
def how_many_to_reach(numbers: list[int], target: int) -> int | None:
    reached = 0
    if reached >= target:
        return 0
    for i, number in enumerate(numbers):
        reached += number
        if reached >= target:
            return i + 1
    return None


@atom(
    topic="lists",
    says=(
        "the largest amount by which a number in {numbers} exceeds one that stands before it, 0 if none does",
        "the best profit from buying at one of the prices {numbers} and selling at a later one, 0 if no sale gains",
    ),
    names=("best_rise", "max_profit", "largest_later_gain"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 20), 0, 7))},
    reference=lambda numbers: max((b - a for a, b in itertools.combinations(numbers, 2) if b > a), default=0),
    claims=(Claim("Falling prices give 0.", ([3, 2, 1],), 0),),
    level=3,
)
def best_rise(numbers: list[int]) -> int:
    best = 0
    lowest = 0
    for i, number in enumerate(numbers):
        if i == 0 or number < lowest:
            lowest = number
        best = max(best, number - lowest)
    return best


@atom(
    topic="lists",
    says=(
        "the number of steps of one that it takes to make all of {numbers} equal to the smallest of them",
        "the sum of how much each number in {numbers} exceeds their minimum (0 for an empty list)",
    ),
    names=("steps_to_level", "excess_over_minimum", "cost_to_level"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: sum(numbers) - len(numbers) * min(numbers, default=0),
    claims=(Claim("Equal numbers need no step.", ([4, 4],), 0),),
    level=1,
)
def steps_to_level(numbers: list[int]) -> int:
    if not numbers:
        return 0
    least = min(numbers)
    return sum(number - least for number in numbers)
