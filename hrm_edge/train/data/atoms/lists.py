"""Lists made of lists: mapped, cut, merged, moved round."""

import bisect
import heapq
import itertools
import math
import operator

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import GridOf, ListOf, OneOf, Whole
from hrm_edge.train.data.atoms.telling import Telling, any_ascending, any_numbers, any_words

_NUMBERS = any_numbers(ListOf(Whole(-9, 9), 0, 7))
_SMALL = any_numbers(ListOf(Whole(0, 4), 0, 8))
_ASCENDING = any_ascending(ListOf(Whole(0, 9), 0, 6, ascending=True))


def square_numbers_by_loop(numbers: list[int]) -> list[int]:
    result: list[int] = []
    for number in numbers:
        result.append(number * number)
    return result


@atom(
    topic="lists",
    says=("the squares of the numbers in {numbers}, in the same order", "{numbers} with every number squared"),
    names=("square_numbers", "squares_of", "square_all"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: [pow(number, 2) for number in numbers],
    claims=(Claim("Squares are never negative.", ([-3],), [9]),),
    also=(square_numbers_by_loop,),
    level=1,
)
def square_numbers(numbers: list[int]) -> list[int]:
    return [number * number for number in numbers]


@atom(
    topic="lists",
    says=(
        "the differences between neighbours in {numbers}, each number minus the one before it, from left to right",
        "the list of how much each number of {numbers} from the second on exceeds its predecessor (empty for fewer "
        "than two numbers)",
    ),
    names=("differences", "neighbour_differences", "step_sizes"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: [b - a for a, b in itertools.pairwise(numbers)],
    claims=(Claim("A list of one number has no differences.", ([5],), []),),
    level=1,
)
def differences(numbers: list[int]) -> list[int]:
    return [numbers[i] - numbers[i - 1] for i in range(1, len(numbers))]


def running_sums_by_slices(numbers: list[int]) -> list[int]:
    return [sum(numbers[: i + 1]) for i in range(len(numbers))]


@atom(
    topic="lists",
    says=(
        "the running sums of {numbers}: at each place the sum of all numbers up to there, that one included",
        "the list that has at position i the sum of the first i + 1 numbers of {numbers}",
    ),
    names=("running_sums", "prefix_sums", "cumulative_sum"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: list(itertools.accumulate(numbers)),
    claims=(Claim("An empty list has no running sums.", ([],), []),),
    also=(running_sums_by_slices,),
    level=1,
)
def running_sums(numbers: list[int]) -> list[int]:
    sums: list[int] = []
    total = 0
    for number in numbers:
        total += number
        sums.append(total)
    return sums


def rotate_numbers_by_steps(numbers: list[int], k: int) -> list[int]:
    result = list(numbers)
    for _ in range(k):
        if len(result) > 0:
            result.insert(0, result.pop())
    return result


@atom(
    topic="lists",
    says=(
        "{numbers} rotated to the right by {k} places: the last number comes to the front, {k} times",
        "the list in which each number of {numbers} stands {k} places further right, starting over at the left end",
    ),
    names=("rotate_numbers", "rotate_right", "turn_list"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 9), 0, 6)), "k": Whole(0, 9)},
    reference=lambda numbers, k: [numbers[(i - k) % len(numbers)] for i in range(len(numbers))],
    claims=(Claim("An empty list stays empty.", ([], 3), []),),
    also=(rotate_numbers_by_steps,),
    level=2,
)
def rotate_numbers(numbers: list[int], k: int) -> list[int]:
    if not numbers:
        return []
    cut = len(numbers) - k % len(numbers)
    return numbers[cut:] + numbers[:cut]


def remove_duplicates_by_search(numbers: list[int]) -> list[int]:
    kept: list[int] = []
    for number in numbers:
        if number not in kept:
            kept.append(number)
    return kept


@atom(
    topic="lists",
    says=(
        "{numbers} without repeated numbers, each kept where it stands first",
        "the different numbers of {numbers} in the order of their first appearance",
    ),
    names=("remove_duplicates", "unique_in_order", "dedupe"),
    inputs={"numbers": _SMALL},
    reference=lambda numbers: list(dict.fromkeys(numbers)),
    claims=(Claim("The first of several equal numbers stays.", ([2, 1, 2],), [2, 1]),),
    also=(remove_duplicates_by_search,),
    level=2,
)
def remove_duplicates(numbers: list[int]) -> list[int]:
    seen: set[int] = set()
    kept: list[int] = []
    for number in numbers:
        if number not in seen:
            seen.add(number)
            kept.append(number)
    return kept


def split_into_chunks_by_counting(numbers: list[int], size: int) -> list[list[int]]:
    chunks: list[list[int]] = []
    chunk: list[int] = []
    for number in numbers:
        chunk.append(number)
        if len(chunk) == size:
            chunks.append(chunk)
            chunk = []
    if len(chunk) > 0:
        chunks.append(chunk)
    return chunks


@atom(
    topic="lists",
    says=(
        "{numbers} cut from the left into lists of {size} numbers each, the last one shorter if they do not come out "
        "even",
        "the consecutive groups of {size} numbers that {numbers} consists of, with what is left over as a last, "
        "smaller group",
    ),
    names=("split_into_chunks", "chunk", "in_groups_of"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 9), 0, 8)), "size": Whole(1, 4)},
    needs=lambda _, size: size >= 1,
    reference=lambda numbers, size: [
        [number for i, number in enumerate(numbers) if i // size == group]
        for group in range(math.ceil(len(numbers) / size))
    ],
    claims=(Claim("An empty list has no chunks.", ([], 2), []),),
    also=(split_into_chunks_by_counting,),
    level=2,
)
def split_into_chunks(numbers: list[int], size: int) -> list[list[int]]:
    chunks: list[list[int]] = []
    start = 0
    while start < len(numbers):
        chunks.append(numbers[start : min(start + size, len(numbers))])
        start += size
    return chunks


@atom(
    topic="lists",
    says=(
        "all stretches of {size} neighbouring numbers in {numbers}, from left to right, overlaps included",
        "the windows of length {size} over {numbers}, one beginning at every place where {size} numbers are left",
    ),
    names=("windows", "sliding_windows", "all_windows"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 9), 0, 6)), "size": Whole(1, 4)},
    needs=lambda _, size: size >= 1,
    reference=lambda numbers, size: list(map(list, zip(*(numbers[i:] for i in range(size)), strict=False))),
    claims=(Claim("A list shorter than {size} has no window.", ([1], 2), []),),
    level=2,
)
def windows(numbers: list[int], size: int) -> list[list[int]]:
    return [numbers[start : start + size] for start in range(len(numbers) - size + 1)]


@atom(
    topic="lists",
    says=(
        "the sums of every {size} neighbouring numbers in {numbers}, from left to right",
        "the list with the sum of each window of {size} consecutive numbers of {numbers} (empty if there are fewer "
        "than {size})",
    ),
    names=("window_sums", "moving_sums", "sums_of_neighbours"),
    inputs={"numbers": any_numbers(ListOf(Whole(-5, 9), 0, 7)), "size": Whole(1, 4)},
    needs=lambda _, size: size >= 1,
    reference=lambda numbers, size: list(map(sum, zip(*(numbers[i:] for i in range(size)), strict=False))),
    claims=(Claim("A list shorter than {size} has no sums.", ([1], 2), []),),
    level=2,
)
def window_sums(numbers: list[int], size: int) -> list[int]:
    sums: list[int] = []
    total = 0
    for i in range(len(numbers)):
        total += numbers[i]
        if i >= size:
            total -= numbers[i - size]
        if i >= size - 1:
            sums.append(total)
    return sums


@atom(
    topic="lists",
    says=(
        "the numbers of {first} and {second} in turn, beginning with the first list, then what is left over of the "
        "longer one",
        "{first} and {second} woven together number by number, the first list leading, the rest of the longer one "
        "at the end",
    ),
    names=("interleave_lists", "alternate_lists", "weave"),
    inputs={"first": any_numbers(ListOf(Whole(0, 9), 0, 5)), "second": any_numbers(ListOf(Whole(10, 19), 0, 5))},
    reference=lambda first, second: [n for pair in itertools.zip_longest(first, second) for n in pair if n is not None],
    claims=(Claim("If one list is empty, the result is the other.", ([], [1, 2]), [1, 2]),),
    level=2,
)
def interleave_lists(first: list[int], second: list[int]) -> list[int]:
    result: list[int] = []
    for i in range(max(len(first), len(second))):
        if i < len(first):
            result.append(first[i])
        if i < len(second):
            result.append(second[i])
    return result


def take_every_by_remainder(numbers: list[int], k: int) -> list[int]:
    return [number for i, number in enumerate(numbers) if i % k == 0]


@atom(
    topic="lists",
    says=(
        "the first number of {numbers}, the one {k} places after it, the one {k} places after that, and so on",
        "the numbers at the positions 0, {k}, 2 * {k}, 3 * {k} and so on of {numbers}",
    ),
    names=("take_every", "every_kth", "pick_with_step"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 9), 0, 8)), "k": Whole(1, 4)},
    needs=lambda _, k: k >= 1,
    reference=lambda numbers, k: numbers[::k],
    claims=(Claim("With {k} equal to 1 all numbers are taken.", ([4, 5], 1), [4, 5]),),
    also=(take_every_by_remainder,),
    level=2,
)
def take_every(numbers: list[int], k: int) -> list[int]:
    result: list[int] = []
    i = 0
    while i < len(numbers):
        result.append(numbers[i])
        i += k
    return result


def evens_before_odds_by_lists(numbers: list[int]) -> list[int]:
    evens: list[int] = []
    odds: list[int] = []
    for number in numbers:
        if number % 2 == 0:
            evens.append(number)
        else:
            odds.append(number)
    return evens + odds


@atom(
    topic="lists",
    says=(
        "{numbers} with all even numbers before all odd ones, the order within both kept",
        "first the even, then the odd numbers of {numbers}, each kind in its original order",
    ),
    names=("evens_before_odds", "even_first", "split_by_parity"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: sorted(numbers, key=lambda number: number & 1),
    claims=(Claim("Zero is even.", ([1, 0],), [0, 1]),),
    also=(evens_before_odds_by_lists,),
    level=1,
)
def evens_before_odds(numbers: list[int]) -> list[int]:
    return [n for n in numbers if n % 2 == 0] + [n for n in numbers if n % 2 != 0]


def merge_ascending_by_insertion(first: list[int], second: list[int]) -> list[int]:
    result = list(first)
    for number in second:
        place = 0
        while place < len(result) and result[place] <= number:
            place += 1
        result.insert(place, number)
    return result


@atom(
    topic="sorting",
    says=(
        "the numbers of {first} and {second}, both ascending, together in one ascending list",
        "{first} and {second}, both in ascending order, merged into one list in ascending order with all repeats",
    ),
    names=("merge_ascending", "merge_sorted_lists", "merge"),
    inputs={"first": _ASCENDING, "second": _ASCENDING},
    needs=lambda first, second: first == sorted(first) and second == sorted(second),
    reference=lambda first, second: list(heapq.merge(first, second)),
    claims=(Claim("If one list is empty, the result is the other.", ([], [1, 2]), [1, 2]),),
    also=(merge_ascending_by_insertion,),
    level=2,
)
def merge_ascending(first: list[int], second: list[int]) -> list[int]:
    merged: list[int] = []
    i = 0
    j = 0
    while i < len(first) and j < len(second):
        if first[i] <= second[j]:
            merged.append(first[i])
            i += 1
        else:
            merged.append(second[j])
            j += 1
    return merged + first[i:] + second[j:]


@atom(
    topic="lists",
    says=(
        "the sums of the numbers at equal positions in {first} and {second}, as many as the shorter list has",
        "{first} and {second} added place by place, what the longer list has beyond the shorter left out",
    ),
    names=("add_lists", "pairwise_sums", "sum_by_position"),
    inputs={"first": _NUMBERS, "second": _NUMBERS},
    reference=lambda first, second: list(map(operator.add, first, second)),
    claims=(Claim("If one list is empty, so is the result.", ([], [1]), []),),
    level=1,
)
def add_lists(first: list[int], second: list[int]) -> list[int]:
    return [a + b for a, b in zip(first, second, strict=False)]


@atom(
    topic="lists",
    says=(
        "the list of the larger of the two numbers at each position of {first} and {second}, lists of the same length",
        "{first} and {second}, two lists of equal length, made into one by taking the greater number at every place",
    ),
    names=("larger_at_each_place", "pairwise_maximum", "elementwise_max"),
    inputs={"first": any_numbers(ListOf(Whole(-9, 9), 0, 3)), "second": any_numbers(ListOf(Whole(-9, 9), 0, 3))},
    needs=lambda first, second: len(first) == len(second),
    reference=lambda first, second: list(map(max, first, second)),
    claims=(Claim("Two empty lists give an empty list.", ([], []), []),),
    level=1,
)
def larger_at_each_place(first: list[int], second: list[int]) -> list[int]:
    result: list[int] = []
    for i in range(len(first)):
        if first[i] >= second[i]:
            result.append(first[i])
        else:
            result.append(second[i])
    return result


@atom(
    topic="lists",
    says=(
        "the numbers of all rows of {rows} one after another in a single list",
        "{rows}, a list of lists, flattened into one list that keeps the order",
    ),
    names=("flatten", "join_rows", "concatenate_lists"),
    inputs={"rows": Telling(ListOf(ListOf(Whole(0, 9), 0, 4), 0, 4), ListOf(ListOf(Whole(-20, 30), 0, 6), 0, 6))},
    reference=lambda rows: list(itertools.chain.from_iterable(rows)),
    claims=(Claim("Empty rows leave no trace.", ([[1], [], [2]],), [1, 2]),),
    level=1,
)
def flatten(rows: list[list[int]]) -> list[int]:
    flat: list[int] = []
    for row in rows:
        flat.extend(row)
    return flat


@atom(
    topic="lists",
    says=(
        "the runs of equal neighbours in {numbers} as a list of pairs [number, length of the run], from left to right",
        "{numbers} compressed: a list [value, count] for every stretch of the same number in a row, in order",
    ),
    names=("compress_runs", "runs_with_lengths", "encode_number_runs"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 2), 0, 8))},
    reference=lambda numbers: [[value, len(list(run))] for value, run in itertools.groupby(numbers)],
    claims=(Claim("An empty list has no runs.", ([],), []),),
    level=2,
)
def compress_runs(numbers: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for number in numbers:
        if len(runs) > 0 and runs[len(runs) - 1][0] == number:
            runs[len(runs) - 1][1] += 1
        else:
            runs.append([number, 1])
    return runs


@atom(
    topic="lists",
    says=(
        "the numbers that {runs} writes as pairs [number, count], each repeated as often as its count says, in order",
        "the list of numbers for which {runs} is the run-length form: [value, count] pairs, written out in full",
    ),
    names=("expand_runs", "decode_number_runs", "repeat_by_counts"),
    inputs={"runs": GridOf(Whole(0, 4), rows=(1, 4), columns=(2, 2))},
    needs=lambda runs: all(len(run) == 2 and 0 <= run[1] <= 20 for run in runs),
    reference=lambda runs: list(itertools.chain.from_iterable(itertools.repeat(*run) for run in runs)),
    claims=(Claim("A count of 0 leaves the number out.", ([[7, 0], [5, 2]],), [5, 5]),),
    level=2,
)
def expand_runs(runs: list[list[int]]) -> list[int]:
    numbers: list[int] = []
    for run in runs:
        for _ in range(run[1]):
            numbers.append(run[0])
    return numbers


def running_maximum_by_slices(numbers: list[int]) -> list[int]:
    return [max(numbers[: i + 1]) for i in range(len(numbers))]


@atom(
    topic="lists",
    says=(
        "the list that has at each place the largest number of {numbers} up to there, that one included",
        "the running maximum of {numbers}: each number replaced by the greatest one not after it",
    ),
    names=("running_maximum", "cumulative_maximum", "highest_so_far"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: list(itertools.accumulate(numbers, max)),
    claims=(Claim("An empty list stays empty.", ([],), []),),
    also=(running_maximum_by_slices,),
    level=2,
)
def running_maximum(numbers: list[int]) -> list[int]:
    result: list[int] = []
    for number in numbers:
        if len(result) > 0 and result[-1] > number:
            result.append(result[-1])
        else:
            result.append(number)
    return result


@atom(
    topic="lists",
    says=(
        "{numbers} with 0 in the place of every negative number",
        "the numbers of {numbers} in their order, those below 0 raised to 0",
    ),
    names=("raise_to_zero", "floor_at_zero", "replace_negatives"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: [sorted((0, number))[1] for number in numbers],
    claims=(Claim("The length stays the same.", ([-1, -2],), [0, 0]),),
    level=1,
)
def raise_to_zero(numbers: list[int]) -> list[int]:
    return [max(0, number) for number in numbers]


@atom(
    topic="lists",
    says=(
        "the numbers of {numbers} that are greater than 0, in order",
        "{numbers} without its zeros and negative numbers",
    ),
    names=("only_positive", "keep_positive", "positive_numbers"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: list(filter((0).__lt__, numbers)),
    claims=(Claim("Zero is not positive.", ([0, 1],), [1]),),
    level=1,
)
def only_positive(numbers: list[int]) -> list[int]:
    result: list[int] = []
    for number in numbers:
        if number > 0:
            result.append(number)
    return result


@atom(
    topic="lists",
    says=(
        "{numbers} with numbers below {low} replaced by {low} and numbers above {high} replaced by {high}",
        "the numbers of {numbers}, each moved to the nearest end of the range {low} to {high} if it lies outside",
    ),
    names=("limit_numbers", "clamp_all", "keep_in_range"),
    inputs={"numbers": _NUMBERS, "low": Whole(-5, 0), "high": Whole(1, 5)},
    needs=lambda _, low, high: low <= high,
    reference=lambda numbers, low, high: [sorted((low, number, high))[1] for number in numbers],
    claims=(Claim("Numbers within the range stay.", ([1, 9], 0, 5), [1, 5]),),
    level=1,
)
def limit_numbers(numbers: list[int], low: int, high: int) -> list[int]:
    return [max(low, min(high, number)) for number in numbers]


def reverse_numbers_by_swapping(numbers: list[int]) -> list[int]:
    result = list(numbers)
    for i in range(len(result) // 2):
        j = len(result) - 1 - i
        result[i], result[j] = result[j], result[i]
    return result


@atom(
    topic="lists",
    says=("{numbers} in reverse order", "the numbers of {numbers} from last to first"),
    names=("reverse_numbers", "reverse_list", "backwards_list"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: list(reversed(numbers)),
    claims=(Claim("An empty list stays empty.", ([],), []),),
    also=(reverse_numbers_by_swapping,),
    level=1,
)
def reverse_numbers(numbers: list[int]) -> list[int]:
    return numbers[::-1]


@atom(
    topic="lists",
    says=(
        "the parts of {numbers} between its occurrences of {separator}, as a list of lists, empty parts included",
        "{numbers} split at every number equal to {separator}, which itself is left out; neighbouring separators and "
        "separators at the ends make empty lists",
    ),
    names=("split_at_number", "split_by_separator", "cut_at_value"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 3), 0, 7)), "separator": Whole(0, 1)},
    reference=lambda numbers, separator: [
        numbers[a + 1 : b]
        for a, b in itertools.pairwise([-1, *(i for i, n in enumerate(numbers) if n == separator), len(numbers)])
    ],
    claims=(Claim("An empty list has one empty part.", ([], 0), [[]]),),
    level=2,
)
def split_at_number(numbers: list[int], separator: int) -> list[list[int]]:
    parts: list[list[int]] = []
    part: list[int] = []
    for number in numbers:
        if number == separator:
            parts.append(part)
            part = []
        else:
            part.append(number)
    parts.append(part)
    return parts


@atom(
    topic="lists",
    says=(
        "{numbers} with the first and second, third and fourth, and so on exchanged; a last one without a partner "
        "stays",
        "the list in which the two numbers of each pair of places 0 and 1, 2 and 3, ... of {numbers} are swapped, "
        "an odd last one left alone",
    ),
    names=("swap_neighbours", "swap_pairs", "exchange_pairs"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 9), 0, 7))},
    reference=lambda numbers: [n for i in range(0, len(numbers), 2) for n in reversed(numbers[i : i + 2])],
    claims=(Claim("A single number stays.", ([1],), [1]),),
    level=2,
)
def swap_neighbours(numbers: list[int]) -> list[int]:
    result = list(numbers)
    for i in range(0, len(numbers) - 1, 2):
        result[i] = numbers[i + 1]
        result[i + 1] = numbers[i]
    return result


def move_zeros_to_end_by_swapping(numbers: list[int]) -> list[int]:
    result = list(numbers)
    place = 0
    for i in range(len(result)):
        if result[i] != 0:
            result[place], result[i] = result[i], result[place]
            place += 1
    return result


@atom(
    topic="lists",
    says=(
        "{numbers} with all zeros moved to the end and the other numbers in their order",
        "the numbers of {numbers} that are not 0, in order, with all of its zeros after them",
    ),
    names=("move_zeros_to_end", "zeros_last", "push_zeros_back"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 3), 0, 8))},
    reference=lambda numbers: sorted(numbers, key=lambda number: number == 0),
    claims=(Claim("A list of zeros stays as it is.", ([0, 0],), [0, 0]),),
    also=(move_zeros_to_end_by_swapping,),
    level=2,
)
def move_zeros_to_end(numbers: list[int]) -> list[int]:
    others = [number for number in numbers if number != 0]
    return others + [0] * (len(numbers) - len(others))


def products_of_others_by_loops(numbers: list[int]) -> list[int]:
    result: list[int] = []
    for i in range(len(numbers)):
        product = 1
        for j in range(len(numbers)):
            if j != i:
                product *= numbers[j]
        result.append(product)
    return result


@atom(
    topic="lists",
    says=(
        "the list that has at each place the product of all numbers at the other places of {numbers}",
        "{numbers} with each number replaced by the product of the rest (1 where there is no other number)",
    ),
    names=("products_of_others", "product_except_self"),
    inputs={"numbers": ListOf(Whole(-4, 6), 0, 6)},
    reference=lambda numbers: [math.prod(numbers[:i] + numbers[i + 1 :]) for i in range(len(numbers))],
    claims=(Claim("A single number is replaced by 1.", ([5],), [1]),),
    also=(products_of_others_by_loops,),
    level=3,
)
def products_of_others(numbers: list[int]) -> list[int]:
    result = [1] * len(numbers)
    before = 1
    for i in range(len(numbers)):
        result[i] = before
        before *= numbers[i]
    after = 1
    for i in range(len(numbers) - 1, -1, -1):
        result[i] *= after
        after *= numbers[i]
    return result


@atom(
    topic="lists",
    says=(
        "{numbers} with {value} put between every two neighbours",
        "the numbers of {numbers} separated by {value}, which stands neither before the first nor after the last",
    ),
    names=("put_between", "intersperse", "insert_between"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 9), 0, 6)), "value": Whole(-1, 1)},
    reference=lambda numbers, value: [n for pair in zip([value] * len(numbers), numbers, strict=True) for n in pair][
        1:
    ],
    claims=(Claim("A single number has nothing put beside it.", ([4], 0), [4]),),
    level=1,
)
def put_between(numbers: list[int], value: int) -> list[int]:
    result: list[int] = []
    for i in range(len(numbers)):
        if i > 0:
            result.append(value)
        result.append(numbers[i])
    return result


@atom(
    topic="lists",
    says=(
        "{numbers} with its first {k} numbers in reverse order and the rest as it was (all reversed if there are "
        "fewer)",
        "what {numbers} becomes when its beginning of {k} numbers, or the whole of it where it is shorter, is "
        "turned round",
    ),
    names=("reverse_beginning", "flip_first", "reverse_prefix"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 9), 0, 7)), "k": Whole(0, 8)},
    reference=lambda numbers, k: list(reversed(numbers[:k])) + numbers[k:],
    claims=(Claim("With {k} equal to 0 nothing changes.", ([1, 2], 0), [1, 2]),),
    level=1,
)
def reverse_beginning(numbers: list[int], k: int) -> list[int]:
    count = min(k, len(numbers))
    beginning = numbers[:count]
    beginning.reverse()
    return beginning + numbers[count:]


def leaders_by_comparison(numbers: list[int]) -> list[int]:
    result: list[int] = []
    for i in range(len(numbers)):
        if all(numbers[j] < numbers[i] for j in range(i + 1, len(numbers))):
            result.append(numbers[i])
    return result


@atom(
    topic="lists",
    says=(
        "the numbers of {numbers} that are greater than every number to their right, in order (the last one is among "
        "them)",
        "those numbers of {numbers} after which no equal or greater one follows, from left to right",
    ),
    names=("leaders", "greater_than_all_later", "right_side_leaders"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: [n for i, n in enumerate(numbers) if n > max(numbers[i + 1 :], default=n - 1)],
    claims=(Claim("Of equal numbers only the last can be one.", ([3, 3],), [3]),),
    also=(leaders_by_comparison,),
    level=2,
)
def leaders(numbers: list[int]) -> list[int]:
    result: list[int] = []
    for i in range(len(numbers) - 1, -1, -1):
        if not result or numbers[i] > result[-1]:
            result.append(numbers[i])
    return result[::-1]


@atom(
    topic="searching",
    says=(
        "all positions, counted from 0, at which {numbers} has {value}, in ascending order",
        "the indices of {value} in {numbers} from left to right, an empty list if it does not occur",
    ),
    names=("positions_of", "find_all", "all_indices"),
    inputs={"numbers": _SMALL, "value": Whole(0, 4)},
    reference=lambda numbers, value: list(itertools.compress(itertools.count(), map(value.__eq__, numbers))),
    claims=(Claim("If it does not occur, the list is empty.", ([1, 2], 3), []),),
    level=1,
)
def positions_of(numbers: list[int], value: int) -> list[int]:
    return [i for i, number in enumerate(numbers) if number == value]


@atom(
    topic="lists",
    says=(
        "each number of {numbers} multiplied by its position, which is counted from 1",
        "{numbers} with the first number taken once, the second twice, the third three times and so on",
    ),
    names=("weigh_by_position", "multiply_by_position", "scale_by_place"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: list(map(operator.mul, numbers, itertools.count(1))),
    claims=(Claim("The first number stays as it is.", ([7],), [7]),),
    level=1,
)
def weigh_by_position(numbers: list[int]) -> list[int]:
    return [number * (i + 1) for i, number in enumerate(numbers)]


@atom(
    topic="lists",
    says=(
        "{numbers} dealt out in turn to {hands} lists, like cards: the first number to the first list, the second to "
        "the second and so on, over and over",
        "{hands} lists, of which list i, counted from 0, has every number of {numbers} whose position leaves "
        "remainder i when divided by {hands}",
    ),
    names=("deal", "deal_round_robin", "distribute"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 9), 0, 8)), "hands": Whole(1, 4)},
    needs=lambda _, hands: 1 <= hands <= 20,
    reference=lambda numbers, hands: [numbers[hand::hands] for hand in range(hands)],
    claims=(Claim("Lists that get nothing are empty.", ([5], 2), [[5], []]),),
    level=2,
)
def deal(numbers: list[int], hands: int) -> list[list[int]]:
    dealt: list[list[int]] = [[] for _ in range(hands)]
    for i, number in enumerate(numbers):
        dealt[i % hands].append(number)
    return dealt


@atom(
    topic="lists",
    says=(
        "{numbers} cut into its ascending runs: a new list begins wherever a number is smaller than the one before it",
        "the list of the longest stretches of {numbers}, from left to right, within which no number is followed by a "
        "smaller one",
    ),
    names=("ascending_runs", "split_into_runs", "rising_parts"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 6), 0, 8))},
    reference=lambda numbers: [
        numbers[a:b]
        for a, b in itertools.pairwise(
            [
                *([0] if numbers else []),
                *(i for i in range(1, len(numbers)) if numbers[i] < numbers[i - 1]),
                len(numbers),
            ]
        )
    ],
    claims=(
        Claim("An empty list has no runs.", ([],), []),
        Claim("Equal neighbours stay together.", ([2, 2],), [[2, 2]]),
    ),
    level=2,
)
def ascending_runs(numbers: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for i in range(len(numbers)):
        if i == 0 or numbers[i] < numbers[i - 1]:
            runs.append([numbers[i]])
        else:
            runs[len(runs) - 1].append(numbers[i])
    return runs


@atom(
    topic="lists",
    says=(
        "{numbers} without the numbers at its two ends that equal {value}: cut from the left and from the right "
        "until another number stands there",
        "{numbers} trimmed of {value} at the beginning and at the end, occurrences inside kept",
    ),
    names=("trim_ends", "strip_value", "trim_value"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 2), 0, 7)), "value": Whole(0, 1)},
    reference=lambda numbers, value: list(
        itertools.dropwhile(value.__eq__, list(itertools.dropwhile(value.__eq__, numbers[::-1]))[::-1])
    ),
    claims=(Claim("If all numbers are equal to {value}, nothing is left.", ([0, 0], 0), []),),
    level=2,
)
def trim_ends(numbers: list[int], value: int) -> list[int]:
    start = 0
    end = len(numbers)
    while start < end and numbers[start] == value:
        start += 1
    while start < end and numbers[end - 1] == value:
        end -= 1
    return numbers[start:end]


@atom(
    topic="lists",
    says=(
        "the whole numbers from {start} to {end}, both included, upwards or downwards as needed",
        "the list that counts from {start} to {end} in steps of one, down if {end} is the smaller, ends included",
    ),
    names=("count_from_to", "inclusive_range", "numbers_between"),
    inputs={"start": Whole(-5, 10), "end": Whole(-5, 10)},
    needs=lambda start, end: abs(start - end) <= 1000,
    reference=lambda start, end: list(range(start, end + 1)) or list(range(end, start + 1))[::-1],
    claims=(Claim("If both are equal, the list has one number.", (3, 3), [3]),),
    level=1,
)
def count_from_to(start: int, end: int) -> list[int]:
    numbers = [start]
    while numbers[-1] < end:
        numbers.append(numbers[-1] + 1)
    while numbers[-1] > end:
        numbers.append(numbers[-1] - 1)
    return numbers


@atom(
    topic="lists",
    says=(
        "the list that tells for each number of {numbers} how many numbers before it are smaller than it",
        "the list with, at each place, the count of earlier numbers of {numbers} that lie below the number there",
    ),
    names=("count_smaller_before", "smaller_before", "rank_so_far"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: [bisect.bisect_left(sorted(numbers[:i]), n) for i, n in enumerate(numbers)],
    claims=(Claim("The first number has none before it.", ([7],), [0]),),
    level=2,
)
def count_smaller_before(numbers: list[int]) -> list[int]:
    counts: list[int] = []
    for i in range(len(numbers)):
        count = 0
        for j in range(i):
            if numbers[j] < numbers[i]:
                count += 1
        counts.append(count)
    return counts


@atom(
    topic="lists",
    says=(
        "the first rows, {count} at most, of the pyramid whose lowest row is {numbers} and whose every other row "
        "has the sums of all neighbours in the row below it; it ends with a row of one number and has no row for an "
        "empty list",
        "up to {count} rows, the first {numbers} and each further one the sums of all neighbouring pairs of the row "
        "before it, without empty rows",
    ),
    names=("sum_pyramid", "neighbour_sum_rows", "addition_pyramid"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 6), 0, 5)), "count": Whole(1, 6)},
    needs=lambda numbers, count: len(numbers) <= 12 and 0 <= count <= 12,
    reference=lambda numbers, count: [
        [sum(math.comb(depth, j) * numbers[i + j] for j in range(depth + 1)) for i in range(len(numbers) - depth)]
        for depth in range(min(count, len(numbers)))
    ],
    claims=(Claim("An empty list has no rows.", ([], 3), []),),
    level=3,
)
def sum_pyramid(numbers: list[int], count: int) -> list[list[int]]:
    rows: list[list[int]] = []
    row = list(numbers)
    while len(row) > 0 and len(rows) < count:
        rows.append(row)
        row = [row[i] + row[i + 1] for i in range(len(row) - 1)]
    return rows


@atom(
    topic="lists",
    says=(
        "the words of {words} joined by ', ', but by ' and ' before the last one ('a', 'a and b', 'a, b and c'), "
        "empty for no words",
        "{words} as a person lists them: commas between all but the last two, ' and ' between those, an empty text "
        "for an empty list",
    ),
    names=("list_in_words", "join_with_and", "enumerate_words"),
    inputs={"words": any_words(ListOf(OneOf(("red", "fig", "cat", "sun", "tea")), 0, 5))},
    reference=lambda words: " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words),
    claims=(Claim("Two words have no comma.", (["tea", "sun"],), "tea and sun"),),
    level=2,
)
def list_in_words(words: list[str]) -> str:
    result = ""
    for i, word in enumerate(words):
        if i > 0 and i == len(words) - 1:
            result += " and "
        elif i > 0:
            result += ", "
        result += word
    return result
