"""Sorting: the known algorithms written out, orders by several keys, ranks, and what it takes to sort."""

# ruff: noqa: SIM110 — loops spelled out are what a person writes in most of the six languages

import bisect
import collections
import heapq
import itertools
import operator

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import WORDS, ListOf, Made, OneOf, Text, Whole
from hrm_edge.train.data.atoms.telling import any_counts, any_numbers, any_words

_NUMBERS = any_numbers(ListOf(Whole(-9, 9), 0, 7))
_WORDS = any_words(ListOf(OneOf((*WORDS[:20], "a", "b", "bb", "aa")), 0, 6))


def _sorted(numbers: list[int]) -> list[int]:
    return sorted(numbers)


def bubble_sort_with_flag(numbers: list[int]) -> list[int]:
    result = list(numbers)
    swapped = True
    while swapped:
        swapped = False
        for i in range(1, len(result)):
            if result[i - 1] > result[i]:
                result[i - 1], result[i] = result[i], result[i - 1]
                swapped = True
    return result


@atom(
    topic="sorting",
    says=(
        "{numbers} in ascending order, by bubble sort: neighbours in the wrong order are exchanged until there are "
        "none",
        "the numbers of {numbers} from small to large, sorted by repeated passes that swap neighbours",
    ),
    names=("bubble_sort", "sort_by_swapping_neighbours"),
    inputs={"numbers": _NUMBERS},
    reference=_sorted,
    claims=(Claim("An empty list stays empty.", ([],), []),),
    also=(bubble_sort_with_flag,),
    level=2,
)
def bubble_sort(numbers: list[int]) -> list[int]:
    result = list(numbers)
    for end in range(len(result) - 1, 0, -1):
        for i in range(end):
            if result[i] > result[i + 1]:
                result[i], result[i + 1] = result[i + 1], result[i]
    return result


def selection_sort_from_the_rest(numbers: list[int]) -> list[int]:
    rest = list(numbers)
    result: list[int] = []
    while len(rest) > 0:
        place = rest.index(min(rest))
        result.append(rest[place])
        rest = rest[:place] + rest[place + 1 :]
    return result


@atom(
    topic="sorting",
    says=(
        "{numbers} in ascending order, by selection sort: again and again the smallest of the rest comes next",
        "the numbers of {numbers} from small to large, sorted by picking the smallest remaining number for each place",
    ),
    names=("selection_sort", "sort_by_selection"),
    inputs={"numbers": _NUMBERS},
    reference=_sorted,
    claims=(Claim("Equal numbers all stay.", ([2, 1, 2],), [1, 2, 2]),),
    also=(selection_sort_from_the_rest,),
    level=2,
)
def selection_sort(numbers: list[int]) -> list[int]:
    result = list(numbers)
    for i in range(len(result)):
        smallest = i
        for j in range(i + 1, len(result)):
            if result[j] < result[smallest]:
                smallest = j
        result[i], result[smallest] = result[smallest], result[i]
    return result


def insertion_sort_into_new_list(numbers: list[int]) -> list[int]:
    result: list[int] = []
    for number in numbers:
        place = 0
        while place < len(result) and result[place] <= number:
            place += 1
        result.insert(place, number)
    return result


@atom(
    topic="sorting",
    says=(
        "{numbers} in ascending order, by insertion sort: each number in turn is put into its place among those before",
        "the numbers of {numbers} from small to large, sorted by inserting one after another into a sorted beginning",
    ),
    names=("insertion_sort", "sort_by_insertion"),
    inputs={"numbers": _NUMBERS},
    reference=_sorted,
    claims=(Claim("A single number is sorted already.", ([4],), [4]),),
    also=(insertion_sort_into_new_list,),
    level=2,
)
def insertion_sort(numbers: list[int]) -> list[int]:
    result = list(numbers)
    for i in range(1, len(result)):
        current = result[i]
        j = i
        while j > 0 and result[j - 1] > current:
            result[j] = result[j - 1]
            j -= 1
        result[j] = current
    return result


def merged(left: list[int], right: list[int]) -> list[int]:
    result: list[int] = []
    i = 0
    j = 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            result.append(left[i])
            i += 1
        else:
            result.append(right[j])
            j += 1
    while i < len(left):
        result.append(left[i])
        i += 1
    while j < len(right):
        result.append(right[j])
        j += 1
    return result


def merge_sort_from_below(numbers: list[int]) -> list[int]:
    runs = [[number] for number in numbers]
    while len(runs) > 1:
        next_runs: list[list[int]] = []
        for i in range(0, len(runs) - 1, 2):
            next_runs.append(merged(runs[i], runs[i + 1]))
        if len(runs) % 2 == 1:
            next_runs.append(runs[-1])
        runs = next_runs
    if not runs:
        return []
    return runs[0]


@atom(
    topic="sorting",
    says=(
        "{numbers} in ascending order, by merge sort: both halves are sorted and then merged",
        "the numbers of {numbers} from small to large, sorted by merging ever longer sorted parts",
    ),
    names=("merge_sort", "sort_by_merging"),
    inputs={"numbers": _NUMBERS},
    reference=_sorted,
    claims=(Claim("An empty list gives an empty list.", ([],), []),),
    also=(merge_sort_from_below,),
    level=3,
)
def merge_sort(numbers: list[int]) -> list[int]:
    if len(numbers) <= 1:
        return numbers
    middle = len(numbers) // 2
    return merged(merge_sort(numbers[:middle]), merge_sort(numbers[middle:]))


def sort_part_in_place(numbers: list[int], low: int, high: int) -> None:
    if low >= high:
        return
    pivot = numbers[high]
    place = low
    for i in range(low, high):
        if numbers[i] < pivot:
            numbers[i], numbers[place] = numbers[place], numbers[i]
            place += 1
    numbers[place], numbers[high] = numbers[high], numbers[place]
    sort_part_in_place(numbers, low, place - 1)
    sort_part_in_place(numbers, place + 1, high)


def quick_sort_in_place(numbers: list[int]) -> list[int]:
    result = list(numbers)
    sort_part_in_place(result, 0, len(result) - 1)
    return result


@atom(
    topic="sorting",
    says=(
        "{numbers} in ascending order, by quicksort: a pivot splits the list, and the parts are sorted in the same way",
        "the numbers of {numbers} from small to large, sorted by parting them around a pivot again and again",
    ),
    names=("quick_sort", "quicksort", "sort_by_pivot"),
    inputs={"numbers": _NUMBERS},
    reference=_sorted,
    claims=(Claim("Equal numbers are all kept.", ([1, 1],), [1, 1]),),
    also=(quick_sort_in_place,),
    level=3,
)
def quick_sort(numbers: list[int]) -> list[int]:
    if len(numbers) <= 1:
        return numbers
    pivot = numbers[len(numbers) // 2]
    smaller = [number for number in numbers if number < pivot]
    equal = [number for number in numbers if number == pivot]
    larger = [number for number in numbers if number > pivot]
    return quick_sort(smaller) + equal + quick_sort(larger)


def counting_sort_by_map(numbers: list[int]) -> list[int]:
    counts: dict[int, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    result: list[int] = []
    for number in sorted(counts):
        for _ in range(counts[number]):
            result.append(number)
    return result


@atom(
    topic="sorting",
    says=(
        "{numbers}, none of them negative, in ascending order, by counting sort: how often each value occurs says "
        "it all",
        "the numbers of {numbers}, all 0 or more, from small to large, sorted by counting each value instead of "
        "comparing",
    ),
    names=("counting_sort", "sort_by_counting"),
    inputs={"numbers": any_counts(ListOf(Whole(0, 6), 0, 9))},
    needs=lambda numbers: all(0 <= number <= 1000 for number in numbers),
    reference=_sorted,
    claims=(Claim("Zeros come first.", ([1, 0],), [0, 1]),),
    also=(counting_sort_by_map,),
    level=2,
)
def counting_sort(numbers: list[int]) -> list[int]:
    if not numbers:
        return []
    counts = [0] * (max(numbers) + 1)
    for number in numbers:
        counts[number] += 1
    result: list[int] = []
    for value, count in enumerate(counts):
        for _ in range(count):
            result.append(value)
    return result


def sift_down(heap: list[int], start: int, size: int) -> None:
    root = start
    while 2 * root + 1 < size:
        child = 2 * root + 1
        if child + 1 < size and heap[child + 1] > heap[child]:
            child += 1
        if heap[root] >= heap[child]:
            return
        heap[root], heap[child] = heap[child], heap[root]
        root = child


@atom(
    topic="sorting",
    says=(
        "{numbers} in ascending order, by heapsort: a heap gives its largest number, over and over, from the back",
        "the numbers of {numbers} from small to large, sorted with a binary heap inside a list",
    ),
    names=("heap_sort", "heapsort", "sort_with_heap"),
    inputs={"numbers": _NUMBERS},
    reference=_sorted,
    claims=(Claim("Two numbers are put in order.", ([2, 1],), [1, 2]),),
    level=4,
)
def heap_sort(numbers: list[int]) -> list[int]:
    heap = list(numbers)
    for start in range(len(heap) // 2 - 1, -1, -1):
        sift_down(heap, start, len(heap))
    for end in range(len(heap) - 1, 0, -1):
        heap[0], heap[end] = heap[end], heap[0]
        sift_down(heap, 0, end)
    return heap


def sort_ascending_by_copy(numbers: list[int]) -> list[int]:
    result = list(numbers)
    result.sort()
    return result


@atom(
    topic="sorting",
    says=("{numbers} sorted in ascending order", "the numbers of {numbers} from the smallest to the largest"),
    names=("sort_ascending", "sort_numbers", "in_order"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: heapq.nsmallest(len(numbers), numbers),
    claims=(Claim("Repeated numbers stay repeated.", ([2, 1, 2],), [1, 2, 2]),),
    also=(sort_ascending_by_copy,),
    level=1,
)
def sort_ascending(numbers: list[int]) -> list[int]:
    return sorted(numbers)


@atom(
    topic="sorting",
    says=("{numbers} sorted in descending order", "the numbers of {numbers} from the largest to the smallest"),
    names=("sort_descending", "largest_first", "reverse_sorted"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: heapq.nlargest(len(numbers), numbers),
    claims=(Claim("Repeated numbers stay repeated.", ([1, 2, 1],), [2, 1, 1]),),
    level=1,
)
def sort_descending(numbers: list[int]) -> list[int]:
    return sorted(numbers, reverse=True)


def sort_by_length_by_buckets(words: list[str]) -> list[str]:
    result: list[str] = []
    length = 0
    while len(result) < len(words):
        bucket = [word for word in words if len(word) == length]
        bucket.sort()
        result.extend(bucket)
        length += 1
    return result


@atom(
    topic="sorting",
    says=(
        "{words} sorted by length, words of the same length alphabetically",
        "{words} with shorter words before longer ones and equally long ones in alphabetical order",
    ),
    names=("sort_by_length", "order_by_length", "shortest_first"),
    inputs={"words": any_words(ListOf(OneOf((*WORDS[:24], "a", "bb")), 0, 6))},
    reference=lambda words: sorted(sorted(words), key=len),
    claims=(Claim("An empty list stays empty.", ([],), []),),
    also=(sort_by_length_by_buckets,),
    level=2,
)
def sort_by_length(words: list[str]) -> list[str]:
    return sorted(words, key=lambda word: (len(word), word))


@atom(
    topic="sorting",
    says=(
        "{words} in descending order of length, equally long ones in the order in which they came",
        "the words of {words} from the longest to the shortest word, where words of one length keep their order",
    ),
    names=("longest_first", "sort_by_length_descending"),
    inputs={"words": _WORDS},
    reference=lambda words: [words[i] for _, i in sorted((-len(word), i) for i, word in enumerate(words))],
    claims=(Claim("Words of one length keep their order.", (["b", "a"],), ["b", "a"]),),
    level=2,
)
def longest_first(words: list[str]) -> list[str]:
    return sorted(words, key=lambda word: -len(word))


@atom(
    topic="sorting",
    says=(
        "{words} in alphabetical order of their last letters, words with the same last letter in alphabetical order",
        "the non-empty words in {words} sorted first by their last character, then, where that is equal, as texts",
    ),
    names=("sort_by_last_letter", "order_by_ending"),
    inputs={"words": _WORDS},
    needs=lambda words: all(words),
    reference=lambda words: sorted(sorted(words), key=operator.itemgetter(-1)),
    claims=(Claim("An empty list stays empty.", ([],), []),),
    level=2,
)
def sort_by_last_letter(words: list[str]) -> list[str]:
    return sorted(words, key=lambda word: (word[len(word) - 1 :], word))


@atom(
    topic="sorting",
    says=(
        "{pairs}, lists of two numbers, sorted by the second number from large to small, equal ones by the first "
        "from small to large",
        "the two-number lists in {pairs} in descending order of their second number and, where it is equal, in "
        "ascending order of the first",
    ),
    names=("sort_pairs", "order_by_score", "rank_pairs"),
    inputs={"pairs": ListOf(ListOf(Whole(0, 3), 2, 2), 0, 6)},
    needs=lambda pairs: all(len(pair) == 2 for pair in pairs),
    reference=lambda pairs: sorted(sorted(pairs), key=operator.itemgetter(1), reverse=True),
    claims=(Claim("The first number decides between equal second ones.", ([[2, 1], [1, 1]],), [[1, 1], [2, 1]]),),
    level=2,
)
def sort_pairs(pairs: list[list[int]]) -> list[list[int]]:
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


@atom(
    topic="sorting",
    says=(
        "{numbers} sorted by their distance from {target}, nearest first, the smaller of two equally near ones first",
        "the numbers of {numbers} in ascending order of how far they are from {target}, and by size where that is "
        "equal",
    ),
    names=("sort_by_distance", "nearest_first", "order_by_closeness"),
    inputs={"numbers": _NUMBERS, "target": Whole(-3, 3)},
    reference=lambda numbers, target: [n for _, n in sorted((abs(n - target), n) for n in numbers)],
    claims=(Claim("Of two equally near ones the smaller comes first.", ([3, 1], 2), [1, 3]),),
    level=2,
)
def sort_by_distance(numbers: list[int], target: int) -> list[int]:
    return sorted(numbers, key=lambda number: (abs(number - target), number))


def top_numbers_by_removal(numbers: list[int], k: int) -> list[int]:
    rest = list(numbers)
    result: list[int] = []
    while len(result) < k and len(rest) > 0:
        place = rest.index(max(rest))
        result.append(rest[place])
        rest = rest[:place] + rest[place + 1 :]
    return result


@atom(
    topic="sorting",
    says=(
        "the {k} largest of {numbers}, largest first, or all of them if there are fewer",
        "the first {k} of {numbers} in descending order, repeats counted (all where there are not so many)",
    ),
    names=("top_numbers", "k_largest", "highest_few"),
    inputs={"numbers": _NUMBERS, "k": Whole(0, 5)},
    reference=lambda numbers, k: heapq.nlargest(k, numbers),
    claims=(Claim("With {k} equal to 0 the result is empty.", ([1, 2], 0), []),),
    also=(top_numbers_by_removal,),
    level=2,
)
def top_numbers(numbers: list[int], k: int) -> list[int]:
    ordered = sorted(numbers, reverse=True)
    return ordered[: min(k, len(ordered))]


@atom(
    topic="sorting",
    says=(
        "the number at place {k}, counted from 1, when {numbers} are in ascending order, None if there are fewer "
        "than {k}",
        "the largest of the {k} smallest numbers in {numbers}, repeats counted, or None where it has fewer than {k}",
    ),
    names=("kth_smallest", "order_statistic"),
    inputs={"numbers": _NUMBERS, "k": Whole(1, 6)},
    needs=lambda _, k: k >= 1,
    reference=lambda numbers, k: next(iter(heapq.nsmallest(k, numbers)[k - 1 :]), None),
    claims=(Claim("Repeats are counted.", ([1, 1, 2], 2), 1),),
    level=2,
)
def kth_smallest(numbers: list[int], k: int) -> int | None:
    if k > len(numbers):
        return None
    ordered = sorted(numbers)
    return ordered[k - 1]


def ranks_by_sorting(numbers: list[int]) -> list[int]:
    ordered = sorted(numbers, reverse=True)
    return [ordered.index(number) + 1 for number in numbers]


@atom(
    topic="sorting",
    says=(
        "the list of the ranks of {numbers}, 1 for the largest; equal numbers share the better rank, and as many "
        "ranks are then skipped as numbers share it besides the first",
        "the list that has, at each place, one more than the count of those of {numbers} that are greater than the "
        "number there",
    ),
    names=("ranks", "rank_positions", "competition_ranks"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: [1 + len(numbers) - bisect.bisect_right(sorted(numbers), number) for number in numbers],
    claims=(Claim("Equal numbers share a rank.", ([5, 7, 5],), [2, 1, 2]),),
    also=(ranks_by_sorting,),
    level=2,
)
def ranks(numbers: list[int]) -> list[int]:
    result: list[int] = []
    for number in numbers:
        result.append(1 + sum(1 for other in numbers if other > number))
    return result


@atom(
    topic="sorting",
    says=(
        "the positions of {numbers}, counted from 0, in ascending order of the numbers there, equal numbers from "
        "left to right",
        "the list of indices that puts {numbers} in ascending order when read one after another (the lower index "
        "first for equal numbers)",
    ),
    names=("sorting_order", "argsort", "indices_in_order"),
    inputs={"numbers": _NUMBERS},
    reference=lambda numbers: [i for _, i in sorted((number, i) for i, number in enumerate(numbers))],
    claims=(Claim("For equal numbers the left one comes first.", ([3, 3],), [0, 1]),),
    level=2,
)
def sorting_order(numbers: list[int]) -> list[int]:
    positions = list(range(len(numbers)))
    return sorted(positions, key=lambda i: numbers[i])


@atom(
    topic="sorting",
    says=(
        "whether {numbers} is in ascending order, equal neighbours allowed",
        "whether no number of {numbers} is smaller than the one before it (true for fewer than two numbers)",
    ),
    names=("is_sorted", "is_ascending", "is_in_order"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 9), 0, 4))},
    reference=lambda numbers: numbers == sorted(numbers),
    claims=(Claim("Equal neighbours are in order.", ([2, 2],), True),),
    holds=("is in ascending order", "are in ascending order"),
    level=1,
)
def is_sorted(numbers: list[int]) -> bool:
    for i in range(1, len(numbers)):
        if numbers[i - 1] > numbers[i]:
            return False
    return True


def minimum_swaps_by_cycles(numbers: list[int]) -> int:
    seen = [False] * len(numbers)
    ordered = sorted(numbers)
    swaps = 0
    for start in range(len(numbers)):
        place = start
        length = 0
        while not seen[place]:
            seen[place] = True
            place = ordered.index(numbers[place])
            length += 1
        if length > 1:
            swaps += length - 1
    return swaps


def _fewest_swaps(numbers: list[int]) -> int:
    """Breadth first over all orders that swaps reach."""
    distances = {tuple(numbers): 0}
    queue = collections.deque(distances)
    while True:
        order = queue.popleft()
        if list(order) == sorted(order):
            return distances[order]
        for i, j in itertools.combinations(range(len(order)), 2):
            changed = list(order)
            changed[i], changed[j] = changed[j], changed[i]
            if tuple(changed) not in distances:
                distances[tuple(changed)] = distances[order] + 1
                queue.append(tuple(changed))


@atom(
    topic="sorting",
    says=(
        "the least number of swaps of two numbers, neighbours or not, that sort {numbers}, all different, in "
        "ascending order",
        "how many exchanges of two places it takes at least to bring the different numbers {numbers} into ascending "
        "order",
    ),
    names=("minimum_swaps", "fewest_exchanges", "swaps_to_sort"),
    inputs={"numbers": ListOf(Whole(0, 9), 0, 5, distinct=True)},
    needs=lambda numbers: len(set(numbers)) == len(numbers) <= 5,
    reference=_fewest_swaps,
    claims=(Claim("A sorted list needs none.", ([1, 2, 3],), 0),),
    also=(minimum_swaps_by_cycles,),
    level=4,
)
def minimum_swaps(numbers: list[int]) -> int:
    current = list(numbers)
    ordered = sorted(numbers)
    swaps = 0
    for i in range(len(current)):
        if current[i] != ordered[i]:
            place = current.index(ordered[i])
            current[i], current[place] = current[place], current[i]
            swaps += 1
    return swaps


@atom(
    topic="sorting",
    says=(
        "{numbers} rearranged so that the smallest comes first, the largest second, then the second smallest, the "
        "second largest and so on",
        "the numbers of {numbers} taken in turn from the small and the large end of their ascending order, a small "
        "one first",
    ),
    names=("zigzag_order", "small_large_order", "alternate_small_large"),
    inputs={"numbers": any_numbers(ListOf(Whole(0, 9), 0, 7))},
    reference=lambda numbers: [
        n for pair in itertools.zip_longest(sorted(numbers), sorted(numbers)[::-1]) for n in pair
    ][: len(numbers)],
    claims=(Claim("An odd one in the middle comes last.", ([1, 2, 3],), [1, 3, 2]),),
    level=2,
)
def zigzag_order(numbers: list[int]) -> list[int]:
    ordered = sorted(numbers)
    result: list[int] = []
    low = 0
    high = len(ordered) - 1
    while low <= high:
        result.append(ordered[low])
        if low < high:
            result.append(ordered[high])
        low += 1
        high -= 1
    return result


@atom(
    topic="sorting",
    says=(
        "the largest number that the digits 0 to 9 in {digits}, each used once, can write, as a text (empty for none)",
        "the digits of {digits} put in the order that makes the greatest number",
    ),
    names=("largest_number_of_digits", "greatest_arrangement", "digits_descending"),
    inputs={"digits": Text("0123456789", 0, 6)},
    reference=lambda digits: "".join(str(digit) * digits.count(str(digit)) for digit in range(9, -1, -1)),
    claims=(Claim("Zeros come last.", ("0102",), "2100"),),
    level=2,
)
def largest_number_of_digits(digits: str) -> str:
    ordered = "".join(sorted(digits))
    return ordered[::-1]


@atom(
    topic="sorting",
    says=(
        "the largest number of the times in {spans}, pairs [start, end] with the end left out, that overlap at one "
        "moment",
        "how many of the half-open intervals {spans}, each [start, end] with start below end, are open at once at most",
    ),
    names=("most_at_once", "max_overlap", "busiest_moment"),
    inputs={
        "spans": Made(
            lambda rng: [[start := rng.randint(0, 8), start + rng.randint(1, 4)] for _ in range(rng.randint(0, 5))],
            ([], [[0, 1], [1, 2]]),
        )
    },
    needs=lambda spans: all(len(span) == 2 and span[0] < span[1] for span in spans),
    reference=lambda spans: max((sum(a <= s < b for a, b in spans) for s, _ in spans), default=0),
    claims=(Claim("One that ends when another starts does not overlap it.", ([[0, 1], [1, 2]],), 1),),
    level=3,
)
def most_at_once(spans: list[list[int]]) -> int:
    starts = sorted([span[0] for span in spans])
    ends = sorted([span[1] for span in spans])
    best = 0
    ended = 0
    for i in range(len(starts)):
        while ends[ended] <= starts[i]:
            ended += 1
        best = max(best, i + 1 - ended)
    return best


@atom(
    topic="sorting",
    says=(
        "{spans}, pairs [start, end], with those that touch or overlap united, in ascending order of their starts",
        "the fewest intervals [start, end], ascending, that cover the same numbers as the closed intervals {spans}",
    ),
    names=("merge_spans", "merge_intervals", "unite_intervals"),
    inputs={
        "spans": Made(
            lambda rng: [[start := rng.randint(0, 12), start + rng.randint(0, 4)] for _ in range(rng.randint(0, 5))],
            ([], [[0, 1], [1, 2]]),
        )
    },
    needs=lambda spans: all(len(span) == 2 and 0 <= span[0] <= span[1] <= 200 for span in spans),
    reference=lambda spans: [
        [points[0] // 2, points[-1] // 2]
        for points in [
            [x for _, x in group]
            for _, group in itertools.groupby(
                enumerate(sorted({x for a, b in spans for x in range(2 * a, 2 * b + 1)})),
                lambda pair: pair[1] - pair[0],
            )
        ]
    ],
    claims=(Claim("Intervals that touch become one.", ([[1, 2], [0, 1]],), [[0, 2]]),),
    level=3,
)
def merge_spans(spans: list[list[int]]) -> list[list[int]]:
    result: list[list[int]] = []
    for span in sorted(spans, key=lambda pair: (pair[0], pair[1])):
        if len(result) > 0 and result[len(result) - 1][1] >= span[0]:
            result[len(result) - 1][1] = max(result[len(result) - 1][1], span[1])
        else:
            result.append([span[0], span[1]])
    return result
