"""Lists gone through with a question or a function that another atom gives: what makes many problems of few words."""

# ruff: noqa: SIM110 — loops spelled out are what a person writes in most of the six languages

import itertools
from collections import Counter
from collections.abc import Callable

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import ListOf, Whole
from hrm_edge.train.data.atoms.telling import any_numbers

_NUMBERS = any_numbers(ListOf(Whole(0, 20), 0, 8))


def keep_those_by_loop(numbers: list[int], keep: Callable[[int], bool]) -> list[int]:
    result: list[int] = []
    for number in numbers:
        if keep(number):
            result.append(number)
    return result


@atom(
    topic="lists",
    says=(
        "the numbers in {numbers} that {keep:are}, in order",
        "those of {numbers} that {keep:are}, as a list in the same order",
    ),
    names=("keep_those", "select_numbers", "filter_numbers"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, keep: list(filter(keep, numbers)),
    claims=(Claim("For an empty list the result is empty.", ([],), []),),
    also=(keep_those_by_loop,),
    level=1,
)
def keep_those(numbers: list[int], keep: Callable[[int], bool]) -> list[int]:
    return [number for number in numbers if keep(number)]


@atom(
    topic="lists",
    says=(
        "{numbers} without the numbers that {keep:are}, the others in order",
        "what is left of {numbers}, in order, when all numbers that {keep:are} are taken out",
    ),
    names=("drop_those", "remove_numbers", "reject_numbers"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, keep: list(itertools.filterfalse(keep, numbers)),
    claims=(Claim("For an empty list the result is empty.", ([],), []),),
    level=1,
)
def drop_those(numbers: list[int], keep: Callable[[int], bool]) -> list[int]:
    result: list[int] = []
    for number in numbers:
        if not keep(number):
            result.append(number)
    return result


def count_those_by_length(numbers: list[int], keep: Callable[[int], bool]) -> int:
    chosen = [number for number in numbers if keep(number)]
    return len(chosen)


def count_those_by_fold(numbers: list[int], keep: Callable[[int], bool]) -> int:
    return sum(1 for number in numbers if keep(number))


@atom(
    topic="lists",
    says=("how many numbers in {numbers} {keep:are}", "the number of numbers in {numbers} that {keep:are}"),
    names=("count_those", "count_matching", "how_many"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, keep: sum(map(keep, numbers)),
    claims=(Claim("For an empty list it is 0.", ([],), 0),),
    also=(count_those_by_length, count_those_by_fold),
    level=1,
)
def count_those(numbers: list[int], keep: Callable[[int], bool]) -> int:
    count = 0
    for number in numbers:
        if keep(number):
            count += 1
    return count


def sum_those_by_list(numbers: list[int], keep: Callable[[int], bool]) -> int:
    return sum([number for number in numbers if keep(number)])


@atom(
    topic="lists",
    says=(
        "the sum of the numbers in {numbers} that {keep:are}",
        "what those of {numbers} that {keep:are} add up to, 0 if there are none",
    ),
    names=("sum_those", "sum_matching", "total_of_those"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, keep: sum(filter(keep, numbers)),
    claims=(Claim("If there are none, the sum is 0.", ([],), 0),),
    also=(sum_those_by_list,),
    level=1,
)
def sum_those(numbers: list[int], keep: Callable[[int], bool]) -> int:
    result = 0
    for number in numbers:
        if keep(number):
            result += number
    return result


@atom(
    topic="searching",
    says=(
        "the first number in {numbers} that {keep:is}, or None if there is none",
        "the number nearest to the beginning of {numbers} that {keep:is} (None if no number is)",
    ),
    names=("first_such", "find_first", "first_matching"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, keep: next(filter(keep, numbers), None),
    claims=(Claim("For an empty list the result is None.", ([],), None),),
    level=1,
)
def first_such(numbers: list[int], keep: Callable[[int], bool]) -> int | None:
    for number in numbers:
        if keep(number):
            return number
    return None


@atom(
    topic="searching",
    says=(
        "the last number in {numbers} that {keep:is}, or None if there is none",
        "the number nearest to the end of {numbers} that {keep:is}, None where no number is like that",
    ),
    names=("last_such", "find_last", "last_matching"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, keep: next(filter(keep, reversed(numbers)), None),
    claims=(Claim("For an empty list the result is None.", ([],), None),),
    level=1,
)
def last_such(numbers: list[int], keep: Callable[[int], bool]) -> int | None:
    for i in range(len(numbers) - 1, -1, -1):
        if keep(numbers[i]):
            return numbers[i]
    return None


@atom(
    topic="searching",
    says=(
        "the position, counted from 0, of the first number in {numbers} that {keep:is}, or None if there is none",
        "the smallest index in {numbers} with a number that {keep:is}, None if there is no such index",
    ),
    names=("position_of_first_such", "find_index", "first_index_where"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, keep: min(itertools.compress(range(len(numbers)), map(keep, numbers)), default=None),
    claims=(Claim("For an empty list the result is None.", ([],), None),),
    level=1,
)
def position_of_first_such(numbers: list[int], keep: Callable[[int], bool]) -> int | None:
    for i, number in enumerate(numbers):
        if keep(number):
            return i
    return None


@atom(
    topic="searching",
    says=(
        "the positions, counted from 0, of all numbers in {numbers} that {keep:are}, in ascending order",
        "the indices at which {numbers} has numbers that {keep:are}, from left to right",
    ),
    names=("positions_of_those", "indices_where", "where_they_are"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, keep: list(itertools.compress(range(len(numbers)), map(keep, numbers))),
    claims=(Claim("For an empty list the result is empty.", ([],), []),),
    level=1,
)
def positions_of_those(numbers: list[int], keep: Callable[[int], bool]) -> list[int]:
    return [i for i, number in enumerate(numbers) if keep(number)]


def any_such_by_fold(numbers: list[int], keep: Callable[[int], bool]) -> bool:
    return any(keep(number) for number in numbers)


@atom(
    topic="lists",
    says=(
        "whether at least one number in {numbers} {keep:is}",
        "whether {numbers} has a number that {keep:is}",
    ),
    names=("any_such", "has_such", "exists_such"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 20), 0, 3))},
    reference=lambda numbers, keep: any(map(keep, numbers)),
    claims=(Claim("For an empty list the answer is false.", ([],), False),),
    also=(any_such_by_fold,),
    level=1,
)
def any_such(numbers: list[int], keep: Callable[[int], bool]) -> bool:
    for number in numbers:
        if keep(number):
            return True
    return False


def all_such_by_fold(numbers: list[int], keep: Callable[[int], bool]) -> bool:
    return all(keep(number) for number in numbers)


@atom(
    topic="lists",
    says=(
        "whether every number in {numbers} {keep:is} (true for an empty list)",
        "whether {numbers} has only numbers that {keep:are}, which is so if it has none at all",
    ),
    names=("all_such", "every_such", "are_all_such"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 20), 0, 3))},
    reference=lambda numbers, keep: all(map(keep, numbers)),
    claims=(Claim("For an empty list the answer is true.", ([],), True),),
    also=(all_such_by_fold,),
    level=1,
)
def all_such(numbers: list[int], keep: Callable[[int], bool]) -> bool:
    for number in numbers:
        if not keep(number):
            return False
    return True


@atom(
    topic="lists",
    says=(
        "whether more than half of the numbers in {numbers} {keep:are}",
        "whether the numbers in {numbers} that {keep:are} outnumber the others",
    ),
    names=("most_are_such", "majority_is_such", "more_than_half_are"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 9), 0, 5))},
    reference=lambda numbers, keep: sum(1 if keep(number) else -1 for number in numbers) > 0,
    claims=(Claim("For an empty list the answer is false.", ([],), False),),
    level=2,
)
def most_are_such(numbers: list[int], keep: Callable[[int], bool]) -> bool:
    count = sum(1 for number in numbers if keep(number))
    return 2 * count > len(numbers)


def partition_those_by_lists(numbers: list[int], keep: Callable[[int], bool]) -> tuple[list[int], list[int]]:
    return [number for number in numbers if keep(number)], [number for number in numbers if not keep(number)]


@atom(
    topic="lists",
    says=(
        "a pair of lists: the numbers in {numbers} that {keep:are}, and all the others, both in order",
        "{numbers} parted in two lists, first those that {keep:are}, then those left over, each in the original order",
    ),
    names=("partition_those", "split_in_two", "separate"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, keep: (list(filter(keep, numbers)), list(itertools.filterfalse(keep, numbers))),
    claims=(Claim("For an empty list both are empty.", ([],), ([], [])),),
    also=(partition_those_by_lists,),
    level=2,
)
def partition_those(numbers: list[int], keep: Callable[[int], bool]) -> tuple[list[int], list[int]]:
    chosen: list[int] = []
    others: list[int] = []
    for number in numbers:
        if keep(number):
            chosen.append(number)
        else:
            others.append(number)
    return chosen, others


@atom(
    topic="lists",
    says=(
        "{numbers} with the numbers that {keep:are} moved to the front, the order within them and within the rest kept",
        "first the numbers in {numbers} that {keep:are}, then the others, both in their original order, in one list",
    ),
    names=("bring_to_front", "move_to_front", "those_first"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, keep: sorted(numbers, key=lambda number: not keep(number)),
    claims=(Claim("For an empty list the result is empty.", ([],), []),),
    level=2,
)
def bring_to_front(numbers: list[int], keep: Callable[[int], bool]) -> list[int]:
    result: list[int] = []
    others: list[int] = []
    for number in numbers:
        if keep(number):
            result.append(number)
        else:
            others.append(number)
    result.extend(others)
    return result


def take_while_by_index(numbers: list[int], keep: Callable[[int], bool]) -> list[int]:
    end = 0
    while end < len(numbers) and keep(numbers[end]):
        end += 1
    return numbers[:end]


@atom(
    topic="lists",
    says=(
        "the longest beginning of {numbers} in which all numbers {keep:are}",
        "as many numbers from the front of {numbers} as {keep:are} without a break (none if the first one breaks it)",
    ),
    names=("take_while", "leading_numbers", "longest_beginning"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, keep: list(itertools.takewhile(keep, numbers)),
    claims=(Claim("For an empty list the result is empty.", ([],), []),),
    also=(take_while_by_index,),
    level=1,
)
def take_while(numbers: list[int], keep: Callable[[int], bool]) -> list[int]:
    taken: list[int] = []
    for number in numbers:
        if not keep(number):
            break
        taken.append(number)
    return taken


def drop_while_by_flag(numbers: list[int], keep: Callable[[int], bool]) -> list[int]:
    result: list[int] = []
    dropping = True
    for number in numbers:
        if dropping and not keep(number):
            dropping = False
        if not dropping:
            result.append(number)
    return result


@atom(
    topic="lists",
    says=(
        "{numbers} without its longest beginning in which all numbers {keep:are}",
        "what remains of {numbers} after numbers that {keep:are} have been taken from its front until another one "
        "comes",
    ),
    names=("drop_while", "skip_leading", "without_beginning"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, keep: list(itertools.dropwhile(keep, numbers)),
    claims=(Claim("For an empty list the result is empty.", ([],), []),),
    also=(drop_while_by_flag,),
    level=2,
)
def drop_while(numbers: list[int], keep: Callable[[int], bool]) -> list[int]:
    start = 0
    while start < len(numbers) and keep(numbers[start]):
        start += 1
    return numbers[start:]


@atom(
    topic="lists",
    says=(
        "the length of the longest stretch of neighbouring numbers in {numbers} that all {keep:are}",
        "how many numbers in a row in {numbers} {keep:are} at most",
    ),
    names=("longest_stretch", "longest_run_of_such", "best_streak"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, keep: max(
        (len(list(run)) for good, run in itertools.groupby(numbers, key=keep) if good), default=0
    ),
    claims=(Claim("For an empty list it is 0.", ([],), 0),),
    level=2,
)
def longest_stretch(numbers: list[int], keep: Callable[[int], bool]) -> int:
    best = 0
    current = 0
    for number in numbers:
        if keep(number):
            current += 1
            best = max(best, current)
        else:
            current = 0
    return best


@atom(
    topic="lists",
    says=(
        "the lists of numbers between the numbers in {numbers} that {keep:are}, which are left out; empty lists "
        "included",
        "{numbers} split at every number that {keep:is}: the parts before, between and behind them, also the empty "
        "ones",
    ),
    names=("split_at_those", "split_where", "parts_between"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, keep: [
        numbers[a + 1 : b]
        for a, b in itertools.pairwise([-1, *(i for i, n in enumerate(numbers) if keep(n)), len(numbers)])
    ],
    claims=(Claim("An empty list has one empty part.", ([],), [[]]),),
    level=3,
)
def split_at_those(numbers: list[int], keep: Callable[[int], bool]) -> list[list[int]]:
    parts: list[list[int]] = []
    start = 0
    for i, number in enumerate(numbers):
        if keep(number):
            parts.append(numbers[start:i])
            start = i + 1
    parts.append(numbers[start:])
    return parts


@atom(
    topic="lists",
    says=(
        "the first {k} numbers in {numbers} that {keep:are}, or all of them if there are fewer",
        "up to {k} numbers that {keep:are}, those that come earliest in {numbers}, in order",
    ),
    names=("first_few_such", "take_first_matching", "at_most_k_such"),
    inputs={"numbers": _NUMBERS, "k": Whole(0, 4)},
    reference=lambda numbers, k, keep: list(itertools.islice(filter(keep, numbers), k)),
    claims=(Claim("With {k} equal to 0 the result is empty.", ([4, 5], 0), []),),
    level=2,
)
def first_few_such(numbers: list[int], k: int, keep: Callable[[int], bool]) -> list[int]:
    result: list[int] = []
    for number in numbers:
        if len(result) == k:
            break
        if keep(number):
            result.append(number)
    return result


@atom(
    topic="lists",
    says=(
        "the sum of the numbers in {numbers} that {keep:are} minus the sum of the others",
        "the total of {numbers} where numbers that {keep:are} are added and all others subtracted",
    ),
    names=("sum_for_and_against", "difference_of_sums", "signed_total"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, keep: 2 * sum(filter(keep, numbers)) - sum(numbers),
    claims=(Claim("For an empty list it is 0.", ([],), 0),),
    level=2,
)
def sum_for_and_against(numbers: list[int], keep: Callable[[int], bool]) -> int:
    result = 0
    for number in numbers:
        if keep(number):
            result += number
        else:
            result -= number
    return result


def count_up_to_by_list(n: int, keep: Callable[[int], bool]) -> int:
    return len([i for i in range(1, n + 1) if keep(i)])


@atom(
    topic="counting",
    says=(
        "how many of the whole numbers from 1 to {n} {keep:are}",
        "the count of whole numbers that {keep:are} among 1, 2, ..., {n}",
    ),
    names=("count_up_to", "how_many_up_to", "count_below_limit"),
    inputs={"n": Whole(0, 40)},
    needs=lambda n: 0 <= n <= 1000,
    reference=lambda n, keep: len(list(filter(keep, range(1, n + 1)))),
    claims=(Claim("For 0 it is 0.", (0,), 0),),
    also=(count_up_to_by_list,),
    level=1,
)
def count_up_to(n: int, keep: Callable[[int], bool]) -> int:
    count = 0
    for i in range(1, n + 1):
        if keep(i):
            count += 1
    return count


@atom(
    topic="lists",
    says=(
        "the whole numbers from {low} to {high}, ends included, that {keep:are}, in ascending order",
        "the ascending list of all whole numbers that {keep:are} and lie between {low} and {high} or on one of them",
    ),
    names=("those_between", "numbers_in_range_that", "list_between"),
    inputs={"low": Whole(0, 12), "high": Whole(8, 30)},
    needs=lambda low, high: high - low <= 1000,
    reference=lambda low, high, keep: list(filter(keep, range(low, high + 1))),
    claims=(Claim("If {low} is above {high}, the list is empty.", (9, 8), []),),
    level=1,
)
def those_between(low: int, high: int, keep: Callable[[int], bool]) -> list[int]:
    return [number for number in range(low, high + 1) if keep(number)]


def change_each_by_loop(numbers: list[int], f: Callable[[int], int]) -> list[int]:
    result: list[int] = []
    for number in numbers:
        result.append(f(number))
    return result


@atom(
    topic="lists",
    says=(
        "the list of {f:each number} in {numbers}, in order",
        "{numbers} with every number replaced by {f:that number}",
    ),
    names=("change_each", "map_numbers", "transform_each"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, f: list(map(f, numbers)),
    claims=(Claim("For an empty list the result is empty.", ([],), []),),
    also=(change_each_by_loop,),
    level=1,
)
def change_each(numbers: list[int], f: Callable[[int], int]) -> list[int]:
    return [f(number) for number in numbers]


def sum_of_each_by_fold(numbers: list[int], f: Callable[[int], int]) -> int:
    return sum(f(number) for number in numbers)


@atom(
    topic="lists",
    says=(
        "the sum, over all numbers in {numbers}, of {f:the number}",
        "the total when {f:each number} in {numbers} is added up, 0 for an empty list",
    ),
    names=("sum_of_each", "sum_after", "total_of_each"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, f: sum(map(f, numbers)),
    claims=(Claim("For an empty list it is 0.", ([],), 0),),
    also=(sum_of_each_by_fold,),
    level=1,
)
def sum_of_each(numbers: list[int], f: Callable[[int], int]) -> int:
    result = 0
    for number in numbers:
        result += f(number)
    return result


@atom(
    topic="lists",
    says=(
        "the largest value that {f:a number} takes among the numbers in {numbers}, or None if there are no numbers",
        "the maximum, over all numbers in {numbers}, of {f:the number} (None for an empty list)",
    ),
    names=("largest_of_each", "max_after", "highest_value"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, f: max(map(f, numbers), default=None),
    claims=(Claim("For an empty list the result is None.", ([],), None),),
    level=1,
)
def largest_of_each(numbers: list[int], f: Callable[[int], int]) -> int | None:
    if not numbers:
        return None
    best = f(numbers[0])
    for number in numbers:
        best = max(best, f(number))
    return best


def change_those_by_loop(numbers: list[int], keep: Callable[[int], bool], f: Callable[[int], int]) -> list[int]:
    result: list[int] = []
    for number in numbers:
        if keep(number):
            result.append(f(number))
    return result


@atom(
    topic="lists",
    says=(
        "the list of {f:each number} in {numbers} that {keep:is}, in order",
        "the list that has, for all the numbers in {numbers} that {keep:are}, in order, {f:the number}",
    ),
    names=("change_those", "map_matching", "filter_then_map"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, keep, f: list(map(f, filter(keep, numbers))),
    claims=(Claim("For an empty list the result is empty.", ([],), []),),
    also=(change_those_by_loop,),
    level=2,
)
def change_those(numbers: list[int], keep: Callable[[int], bool], f: Callable[[int], int]) -> list[int]:
    return [f(number) for number in numbers if keep(number)]


@atom(
    topic="lists",
    says=(
        "the sum, over the numbers in {numbers} that {keep:are}, of {f:the number}",
        "the total of {f:each number} in {numbers} that {keep:is}, 0 if there is none",
    ),
    names=("sum_of_those_after", "sum_mapped_matching", "total_of_changed"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, keep, f: sum(map(f, filter(keep, numbers))),
    claims=(Claim("If there is none, the sum is 0.", ([],), 0),),
    level=2,
)
def sum_of_those_after(numbers: list[int], keep: Callable[[int], bool], f: Callable[[int], int]) -> int:
    result = 0
    for number in numbers:
        if keep(number):
            result += f(number)
    return result


@atom(
    topic="lists",
    says=(
        "{numbers} in which each number that {keep:is} is replaced by {f:that number} and all others stay",
        "the numbers in {numbers}, in order, with {f:the number} in the place of every number that {keep:is}, the "
        "rest unchanged",
    ),
    names=("replace_those", "change_where", "update_matching"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, keep, f: [(int, f)[keep(number)](number) for number in numbers],
    claims=(Claim("For an empty list the result is empty.", ([],), []),),
    level=2,
)
def replace_those(numbers: list[int], keep: Callable[[int], bool], f: Callable[[int], int]) -> list[int]:
    result: list[int] = []
    for number in numbers:
        if keep(number):
            result.append(f(number))
        else:
            result.append(number)
    return result


@atom(
    topic="maps",
    says=(
        "the map from each value that {f:a number} takes among {numbers} to the list of the numbers with that "
        "value, in order",
        "the numbers in {numbers} grouped by {f:the number}: a map whose keys are those values and whose values are "
        "lists in the original order",
    ),
    names=("group_by_value", "group_numbers", "bucket_by"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, f: {value: [n for n in numbers if f(n) == value] for value in set(map(f, numbers))},
    claims=(Claim("For an empty list the map is empty.", ([],), {}),),
    level=2,
)
def group_by_value(numbers: list[int], f: Callable[[int], int]) -> dict[int, list[int]]:
    groups: dict[int, list[int]] = {}
    for number in numbers:
        value = f(number)
        if value not in groups:
            groups[value] = []
        groups[value].append(number)
    return groups


@atom(
    topic="maps",
    says=(
        "the map from each value that {f:a number} takes among {numbers} to how many of them give that value",
        "the map that tells how often each value of {f:a number} comes up for the numbers in {numbers}",
    ),
    names=("count_by_value", "tally_by", "histogram_of_values"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, f: dict(Counter(map(f, numbers))),
    claims=(Claim("For an empty list the map is empty.", ([],), {}),),
    level=2,
)
def count_by_value(numbers: list[int], f: Callable[[int], int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for number in numbers:
        value = f(number)
        counts[value] = counts.get(value, 0) + 1
    return counts


def sort_by_value_by_insertion(numbers: list[int], f: Callable[[int], int]) -> list[int]:
    result: list[int] = []
    for number in numbers:
        place = len(result)
        while place > 0 and f(result[place - 1]) > f(number):
            place -= 1
        result.insert(place, number)
    return result


@atom(
    topic="sorting",
    says=(
        "the numbers in {numbers} sorted in ascending order of {f:the number}, those with equal values in their "
        "original order",
        "{numbers} ordered from small to large by {f:the number}, a stable sort",
    ),
    names=("sort_by_value", "order_by", "sort_numbers_by"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, f: [numbers[i] for _, i in sorted((f(number), i) for i, number in enumerate(numbers))],
    claims=(Claim("For an empty list the result is empty.", ([],), []),),
    also=(sort_by_value_by_insertion,),
    level=2,
)
def sort_by_value(numbers: list[int], f: Callable[[int], int]) -> list[int]:
    return sorted(numbers, key=lambda number: f(number))


@atom(
    topic="searching",
    says=(
        "the number in {numbers} for which {f:the number} is largest, the first one on a tie, None for an empty list",
        "the first of those numbers in {numbers} that no other number beats in {f:the number}, or None if there are "
        "none",
    ),
    names=("best_by_value", "argmax_number", "number_with_largest"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, f: max(numbers, key=f, default=None),
    claims=(Claim("For an empty list the result is None.", ([],), None),),
    level=2,
)
def best_by_value(numbers: list[int], f: Callable[[int], int]) -> int | None:
    if not numbers:
        return None
    best = numbers[0]
    for number in numbers:
        if f(number) > f(best):
            best = number
    return best


@atom(
    topic="lists",
    says=(
        "{numbers} without those numbers for which {f:the number} is the same as for an earlier one",
        "only the first number with each value that {f:a number} takes in {numbers}, in the original order",
    ),
    names=("first_of_each_value", "unique_by", "dedupe_by"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, f: [n for i, n in enumerate(numbers) if f(n) not in list(map(f, numbers[:i]))],
    claims=(Claim("For an empty list the result is empty.", ([],), []),),
    level=2,
)
def first_of_each_value(numbers: list[int], f: Callable[[int], int]) -> list[int]:
    seen: set[int] = set()
    kept: list[int] = []
    for number in numbers:
        value = f(number)
        if value not in seen:
            seen.add(value)
            kept.append(number)
    return kept


@atom(
    topic="maps",
    says=(
        "the map from each different number in {numbers} to {f:that number}",
        "a table, as a map, that has {f:the number} under every number in {numbers}",
    ),
    names=("table_of_values", "map_to_values", "lookup_table"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, f: dict(zip(numbers, map(f, numbers), strict=True)),
    claims=(Claim("For an empty list the map is empty.", ([],), {}),),
    level=1,
)
def table_of_values(numbers: list[int], f: Callable[[int], int]) -> dict[int, int]:
    return {number: f(number) for number in numbers}


@atom(
    topic="counting",
    says=(
        "the number of different values that {f:a number} takes among the numbers in {numbers}",
        "how many distinct results {f:the number} has when the number runs through {numbers}",
    ),
    names=("count_different_values", "distinct_after", "number_of_values"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers, f: len({f(number) for number in numbers}),
    claims=(Claim("For an empty list it is 0.", ([],), 0),),
    level=2,
)
def count_different_values(numbers: list[int], f: Callable[[int], int]) -> int:
    values: list[int] = []
    for number in numbers:
        value = f(number)
        if value not in values:
            values.append(value)
    return len(values)


@atom(
    topic="lists",
    says=(
        "the sum, over the whole numbers from 1 to {n}, of {f:the number}",
        "the total of {f:each whole number} from 1 up to {n}, which is itself included",
    ),
    names=("sum_over_range", "series_sum", "sum_up_to"),
    inputs={"n": Whole(0, 25)},
    needs=lambda n: 0 <= n <= 1000,
    reference=lambda n, f: sum(map(f, range(1, n + 1))),
    claims=(Claim("For 0 it is 0.", (0,), 0),),
    level=1,
)
def sum_over_range(n: int, f: Callable[[int], int]) -> int:
    result = 0
    for i in range(1, n + 1):
        result += f(i)
    return result
