"""Searching: in sorted lists by halving, in any list by going through it, pairs and peaks."""

import bisect
import itertools

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import ListOf, Made, OneOf, Whole
from hrm_edge.train.data.atoms.telling import any_ascending, any_numbers, any_words

_ASCENDING = any_ascending(ListOf(Whole(0, 9), 0, 8, ascending=True))
_DISTINCT_ASCENDING = Made(lambda rng: sorted(rng.sample(range(16), rng.randint(0, 8))), ([], [3], [0, 15]))


def _ascends(numbers: list[int], *_: int) -> bool:
    return numbers == sorted(numbers)


def _ascends_strictly(numbers: list[int], *_: int) -> bool:
    return numbers == sorted(set(numbers))


def search_between(numbers: list[int], target: int, low: int, high: int) -> int | None:
    if low > high:
        return None
    middle = (low + high) // 2
    if numbers[middle] == target:
        return middle
    if numbers[middle] < target:
        return search_between(numbers, target, middle + 1, high)
    return search_between(numbers, target, low, middle - 1)


def binary_search_by_recursion(numbers: list[int], target: int) -> int | None:
    return search_between(numbers, target, 0, len(numbers) - 1)


@atom(
    topic="searching",
    says=(
        "the position, counted from 0, of {target} in {numbers}, which are ascending and all different, or None, "
        "found by binary search",
        "the index at which {numbers}, strictly ascending, has {target}, None if it does not have it; each look "
        "halves what is left to search",
    ),
    names=("binary_search", "find_in_sorted", "search_by_halving"),
    inputs={"numbers": _DISTINCT_ASCENDING, "target": Whole(0, 15)},
    needs=_ascends_strictly,
    reference=lambda numbers, target: next((i for i, number in enumerate(numbers) if number == target), None),
    claims=(Claim("In an empty list nothing is found.", ([], 3), None),),
    also=(binary_search_by_recursion,),
    level=3,
)
def binary_search(numbers: list[int], target: int) -> int | None:
    low = 0
    high = len(numbers) - 1
    while low <= high:
        middle = (low + high) // 2
        if numbers[middle] == target:
            return middle
        if numbers[middle] < target:
            low = middle + 1
        else:
            high = middle - 1
    return None


@atom(
    topic="searching",
    says=(
        "the position, counted from 0, of the first {value} in {numbers}, or -1 if it does not occur",
        "the smallest index at which {numbers} has {value}, -1 where it is missing",
    ),
    names=("linear_search", "find_position", "first_occurrence"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 5), 0, 8)), "value": Whole(0, 5)},
    reference=lambda numbers, value: numbers.index(value) if value in numbers else -1,
    claims=(Claim("If it does not occur, the result is -1.", ([1], 2), -1),),
    level=1,
)
def linear_search(numbers: list[int], value: int) -> int:
    for i in range(len(numbers)):
        if numbers[i] == value:
            return i
    return -1


def last_position_by_overwriting(numbers: list[int], value: int) -> int:
    found = -1
    for i, number in enumerate(numbers):
        if number == value:
            found = i
    return found


@atom(
    topic="searching",
    says=(
        "the position, counted from 0, of the last {value} in {numbers}, or -1 if it does not occur",
        "the largest index at which {numbers} has {value}, -1 where it has none",
    ),
    names=("last_position", "last_occurrence", "find_last_position"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 3), 0, 8)), "value": Whole(0, 3)},
    reference=lambda numbers, value: max((i for i, n in enumerate(numbers) if n == value), default=-1),
    claims=(Claim("Of several the last one counts.", ([2, 2], 2), 1),),
    also=(last_position_by_overwriting,),
    level=1,
)
def last_position(numbers: list[int], value: int) -> int:
    for i in range(len(numbers) - 1, -1, -1):
        if numbers[i] == value:
            return i
    return -1


def insertion_point_by_counting(numbers: list[int], value: int) -> int:
    return sum(1 for number in numbers if number < value)


@atom(
    topic="searching",
    says=(
        "the position, counted from 0, at which {value} has to be put into the ascending {numbers} to stand before "
        "all equal ones and keep the order",
        "how many numbers of {numbers}, in ascending order, lie below {value}, found by halving",
    ),
    names=("insertion_point", "lower_bound", "place_to_insert"),
    inputs={"numbers": _ASCENDING, "value": Whole(-1, 10)},
    needs=_ascends,
    reference=bisect.bisect_left,
    claims=(Claim("In an empty list it is 0.", ([], 3), 0),),
    also=(insertion_point_by_counting,),
    level=3,
)
def insertion_point(numbers: list[int], value: int) -> int:
    low = 0
    high = len(numbers)
    while low < high:
        middle = (low + high) // 2
        if numbers[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


def insert_in_order_by_search(numbers: list[int], value: int) -> list[int]:
    place = 0
    while place < len(numbers) and numbers[place] <= value:
        place += 1
    result = list(numbers)
    result.insert(place, value)
    return result


@atom(
    topic="searching",
    says=(
        "{numbers}, ascending, with {value} put where the order stays ascending",
        "the ascending list of all of {numbers}, which are in ascending order already, and {value} besides",
    ),
    names=("insert_in_order", "sorted_insert", "put_in_place"),
    inputs={"numbers": _ASCENDING, "value": Whole(-1, 10)},
    needs=_ascends,
    reference=lambda numbers, value: sorted([*numbers, value]),
    claims=(Claim("An empty list becomes a list of one.", ([], 3), [3]),),
    also=(insert_in_order_by_search,),
    level=2,
)
def insert_in_order(numbers: list[int], value: int) -> list[int]:
    result: list[int] = []
    placed = False
    for number in numbers:
        if not placed and value <= number:
            result.append(value)
            placed = True
        result.append(number)
    if not placed:
        result.append(value)
    return result


def first_position_from(numbers: list[int], value: int) -> int:
    low = 0
    high = len(numbers)
    while low < high:
        middle = (low + high) // 2
        if numbers[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


def count_in_ascending_by_halving(numbers: list[int], value: int) -> int:
    return first_position_from(numbers, value + 1) - first_position_from(numbers, value)


@atom(
    topic="searching",
    says=(
        "how often {value} occurs in {numbers}, which are in ascending order",
        "the number of times that the ascending {numbers} have {value}",
    ),
    names=("count_in_ascending", "count_in_sorted", "occurrences_in_sorted"),
    inputs={"numbers": any_ascending(ListOf(Whole(0, 4), 0, 8, ascending=True)), "value": Whole(0, 4)},
    needs=_ascends,
    reference=lambda numbers, value: bisect.bisect_right(numbers, value) - bisect.bisect_left(numbers, value),
    claims=(Claim("If it does not occur, it is 0.", ([1, 3], 2), 0),),
    also=(count_in_ascending_by_halving,),
    level=2,
)
def count_in_ascending(numbers: list[int], value: int) -> int:
    count = 0
    for number in numbers:
        if number > value:
            break
        if number == value:
            count += 1
    return count


def peak_position_by_maximum(numbers: list[int]) -> int:
    return numbers.index(max(numbers))


@atom(
    topic="searching",
    says=(
        "the position, counted from 0, of the largest of {numbers}, which first rise strictly to it and then fall "
        "strictly (either part may be missing)",
        "the index of the top of {numbers}, a non-empty list that goes up without equal neighbours, then down "
        "likewise, or only up, or only down",
    ),
    names=("peak_position", "mountain_top", "find_peak"),
    inputs={
        "numbers": Made(
            lambda rng: (
                (drawn := sorted(rng.sample(range(20), rng.randint(1, 8))))[: (cut := rng.randint(0, len(drawn)))]
                + drawn[cut:][::-1]
            ),
            ([5], [1, 2], [2, 1]),
        )
    },
    needs=lambda numbers: (
        numbers != []
        and numbers[: (top := numbers.index(max(numbers)))] == sorted(set(numbers[:top]))
        and numbers[top:][::-1] == sorted(set(numbers[top:]))
    ),
    reference=lambda numbers: max(range(len(numbers)), key=numbers.__getitem__),
    claims=(Claim("A single number is the top.", ([5],), 0),),
    also=(peak_position_by_maximum,),
    level=3,
)
def peak_position(numbers: list[int]) -> int:
    low = 0
    high = len(numbers) - 1
    while low < high:
        middle = (low + high) // 2
        if numbers[middle] < numbers[middle + 1]:
            low = middle + 1
        else:
            high = middle
    return low


def positions_of_sum_by_pairs(numbers: list[int], target: int) -> list[int]:
    for j in range(len(numbers)):
        for i in range(j):
            if numbers[i] + numbers[j] == target:
                return [i, j]
    return []


@atom(
    topic="searching",
    says=(
        "the positions [i, j], counted from 0 with i < j, of two numbers of {numbers} that add up to {target}: of "
        "all such pairs the one with the smallest j, and with it the smallest i; an empty list if there is none",
        "two indices of {numbers} whose numbers have the sum {target}, the smaller first, chosen with the second as "
        "small as possible and then the first; empty where no two fit",
    ),
    names=("positions_of_sum", "two_sum", "find_pair_with_sum"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 9), 0, 7)), "target": Whole(4, 14)},
    reference=lambda numbers, target: next(
        (
            [i, j]
            for i, j in sorted(itertools.combinations(range(len(numbers)), 2), key=lambda pair: pair[::-1])
            if numbers[i] + numbers[j] == target
        ),
        [],
    ),
    claims=(Claim("A number is not added to itself.", ([3], 6), []),),
    also=(positions_of_sum_by_pairs,),
    level=3,
)
def positions_of_sum(numbers: list[int], target: int) -> list[int]:
    places: dict[int, int] = {}
    for j, number in enumerate(numbers):
        if target - number in places:
            return [places[target - number], j]
        if number not in places:
            places[number] = j
    return []


def smallest_of_rotated_by_halving(numbers: list[int]) -> int:
    low = 0
    high = len(numbers) - 1
    while low < high:
        middle = (low + high) // 2
        if numbers[middle] > numbers[high]:
            low = middle + 1
        else:
            high = middle
    return numbers[low]


@atom(
    topic="searching",
    says=(
        "the smallest of {numbers}, different numbers in ascending order of which some first ones were moved to the "
        "end",
        "the minimum of {numbers}, a non-empty list without repeats that is ascending but for a rotation",
    ),
    names=("smallest_of_rotated", "rotated_minimum", "find_rotation_start"),
    inputs={
        "numbers": Made(
            lambda rng: (
                (drawn := sorted(rng.sample(range(-9, 20), rng.randint(1, 8))))[(cut := rng.randint(0, 7)) :]
                + drawn[:cut]
            ),
            ([5], [2, 1]),
        )
    },
    needs=lambda numbers: any(numbers[i:] + numbers[:i] == sorted(set(numbers)) for i in range(len(numbers))),
    reference=min,
    claims=(Claim("A single number is the smallest.", ([5],), 5),),
    also=(smallest_of_rotated_by_halving,),
    level=3,
)
def smallest_of_rotated(numbers: list[int]) -> int:
    for i in range(1, len(numbers)):
        if numbers[i] < numbers[i - 1]:
            return numbers[i]
    return numbers[0]


def closest_number_by_sorting(numbers: list[int], target: int) -> int | None:
    if not numbers:
        return None
    ordered = sorted(numbers, key=lambda number: (abs(number - target), number))
    return ordered[0]


@atom(
    topic="searching",
    says=(
        "the number in {numbers} closest to {target}, the smaller one on a tie, None for an empty list",
        "that one of {numbers} which is least far from {target} (of two equally near the smaller, None if there is "
        "none)",
    ),
    names=("closest_number", "nearest_number", "closest_to"),
    inputs={"numbers": any_numbers(ListOf(Whole(-9, 9), 0, 6)), "target": Whole(-5, 5)},
    reference=lambda numbers, target: min(sorted(numbers), key=lambda number: abs(number - target), default=None),
    claims=(Claim("On a tie the smaller one wins.", ([3, 1], 2), 1),),
    also=(closest_number_by_sorting,),
    level=2,
)
def closest_number(numbers: list[int], target: int) -> int | None:
    if not numbers:
        return None
    best = numbers[0]
    for number in numbers:
        distance = abs(number - target)
        if distance < abs(best - target) or (distance == abs(best - target) and number < best):
            best = number
    return best


@atom(
    topic="searching",
    says=(
        "the position, counted from 0, of the first longest word in {words}, or -1 if there are no words",
        "the smallest index in {words} at which a word stands that no other is longer than, -1 for an empty list",
    ),
    names=("position_of_longest", "longest_word_position", "index_of_longest"),
    inputs={"words": any_words(ListOf(OneOf(("a", "fig", "pear", "plum", "tea", "lemon", "mango")), 0, 6))},
    reference=lambda words: list(map(len, words)).index(max(map(len, words))) if words else -1,
    claims=(Claim("On a tie the first one counts.", (["ab", "cd"],), 0),),
    level=1,
)
def position_of_longest(words: list[str]) -> int:
    best = -1
    for i, word in enumerate(words):
        if best < 0 or len(word) > len(words[best]):
            best = i
    return best


def smallest_capacity_by_steps(weights: list[int], days: int) -> int:
    capacity = max(weights)
    while days_needed(weights, capacity) > days:
        capacity += 1
    return capacity


def days_needed(weights: list[int], capacity: int) -> int:
    days = 1
    load = 0
    for weight in weights:
        if load + weight > capacity:
            days += 1
            load = 0
        load += weight
    return days


def _heaviest_day(weights: list[int], days: int) -> int:
    """All ways to cut the row into at most so many parts."""
    cuts = itertools.combinations_with_replacement(range(len(weights) + 1), days - 1)
    return min(max(sum(weights[a:b]) for a, b in itertools.pairwise([0, *cut, len(weights)])) for cut in cuts)


@atom(
    topic="searching",
    says=(
        "the smallest load limit with which {weights}, positive and taken in their order, can be carried in {days} "
        "days, each day the next few as long as their sum stays within the limit",
        "the least number L such that {weights}, one or more positive numbers, can be cut into at most {days} "
        "consecutive groups none of which sums to more than L",
    ),
    names=("smallest_capacity", "least_load_limit", "ship_within_days"),
    inputs={"weights": ListOf(Whole(1, 12), 1, 6), "days": Whole(1, 4)},
    needs=lambda weights, days: 1 <= len(weights) <= 12 and all(weight > 0 for weight in weights) and 1 <= days <= 5,
    reference=_heaviest_day,
    claims=(Claim("In one day everything is carried together.", ([2, 3], 1), 5),),
    also=(smallest_capacity_by_steps,),
    level=4,
)
def smallest_capacity(weights: list[int], days: int) -> int:
    low = max(weights)
    high = sum(weights)
    while low < high:
        middle = (low + high) // 2
        if days_needed(weights, middle) <= days:
            high = middle
        else:
            low = middle + 1
    return low
