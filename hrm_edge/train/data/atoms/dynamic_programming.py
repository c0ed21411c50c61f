"""Answers put together from the answers of smaller questions of the same kind."""

import itertools
import math
import random
import re
from collections.abc import Iterator
from functools import cache

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import GridOf, ListOf, Made, OneOf, Text, Whole


def _subsets(items: list[int]) -> Iterator[tuple[int, ...]]:
    for size in range(len(items) + 1):
        yield from itertools.combinations(items, size)


def _subsequences(text: str) -> set[str]:
    return {"".join(chosen) for size in range(len(text) + 1) for chosen in itertools.combinations(text, size)}


def _pieces(text: str) -> Iterator[str]:
    return (text[i:j] for i, j in itertools.combinations(range(len(text) + 1), 2))


def stair_ways_with_three(n: int) -> int:
    a, b, c = 1, 0, 0
    for _ in range(n):
        a, b, c = a + b + c, a, b
    return a


@atom(
    topic="dynamic programming",
    says=(
        "the number of ways to climb {n} stairs when each step takes one, two or three of them and the order of the "
        "steps matters",
        "the number of different orders in which ones, twos and threes can be added up to {n}",
    ),
    names=("climb_stairs", "count_climbs", "staircase_ways"),
    inputs={"n": Whole(0, 25)},
    reference=lambda n: sum(
        math.comb(k, twos) * math.comb(k - twos, threes)
        for k in range(n + 1)
        for twos in range(k + 1)
        for threes in range(k - twos + 1)
        if k + twos + 2 * threes == n
    ),
    claims=(
        Claim("Where there is nothing to climb, there is one way: no step.", (0,), 1),
        Claim("Three stairs can be climbed in four ways.", (3,), 4),
    ),
    also=(stair_ways_with_three,),
    level=2,
)
def ways_up_stairs(n: int) -> int:
    ways = [1]
    for i in range(1, n + 1):
        total = ways[i - 1]
        if i >= 2:
            total += ways[i - 2]
        if i >= 3:
            total += ways[i - 3]
        ways.append(total)
    return ways[n]


_COINS = ListOf(Whole(1, 9), 1, 4, distinct=True)


def _fewest_coins(coins: list[int], target: int) -> int:
    sums, count = {0}, 0
    while target not in sums:
        sums = {total + coin for total in sums for coin in coins if total + coin <= target}
        count += 1
        if not sums:
            return -1
    return count


def fewest_coins_from(coins: list[int], target: int, known: dict[int, int]) -> int:
    if target == 0:
        return 0
    if target in known:
        return known[target]
    best = -1
    for coin in coins:
        if coin <= target:
            rest = fewest_coins_from(coins, target - coin, known)
            if rest != -1 and (best == -1 or rest + 1 < best):
                best = rest + 1
    known[target] = best
    return best


def fewest_coins_with_memo(coins: list[int], target: int) -> int:
    known: dict[int, int] = {}
    return fewest_coins_from(coins, target, known)


@atom(
    topic="dynamic programming",
    says=(
        "the smallest number of coins with values in {coins}, any number of each, that make exactly {target}, or -1 "
        "if that is impossible",
        "how many coins are needed at least to pay {target} without change when there are enough coins of each of the "
        "values {coins}; -1 if it cannot be paid",
    ),
    names=("min_coins", "fewest_coins", "coin_change"),
    inputs={"coins": _COINS, "target": Whole(0, 25)},
    reference=_fewest_coins,
    claims=(
        Claim("Nothing is paid with no coins.", ([2], 0), 0),
        Claim("An odd sum cannot be paid with even coins only.", ([2, 4], 7), -1),
        Claim("The largest coin is not always right: 6 is 3 + 3 with coins of 1, 3 and 4.", ([1, 3, 4], 6), 2),
    ),
    also=(fewest_coins_with_memo,),
    level=4,
)
def coins_needed(coins: list[int], target: int) -> int:
    fewest = [0]
    for total in range(1, target + 1):
        best = -1
        for coin in coins:
            if coin <= total and fewest[total - coin] != -1:
                count = fewest[total - coin] + 1
                if best == -1 or count < best:
                    best = count
        fewest.append(best)
    return fewest[target]


def coin_ways_from(coins: list[int], start: int, target: int) -> int:
    if target == 0:
        return 1
    if start == len(coins):
        return 0
    ways = coin_ways_from(coins, start + 1, target)
    if coins[start] <= target:
        ways += coin_ways_from(coins, start, target - coins[start])
    return ways


def coin_ways_by_recursion(coins: list[int], target: int) -> int:
    return coin_ways_from(coins, 0, target)


@atom(
    topic="dynamic programming",
    says=(
        "the number of ways to pay {target} with coins of the different values {coins}, any number of each, where the "
        "order of the coins does not matter",
        "how many different handfuls of coins with values in {coins}, no value twice in that list, are worth {target}",
    ),
    names=("coin_ways", "count_change", "ways_to_pay"),
    inputs={"coins": _COINS, "target": Whole(0, 15)},
    reference=lambda coins, target: sum(
        sum(counts[i] * coin for i, coin in enumerate(coins)) == target
        for counts in itertools.product(*(range(target // coin + 1) for coin in coins))
    ),
    claims=(
        Claim("To pay nothing there is one way.", ([5], 0), 1),
        Claim("With 1 and 2 there are three ways to pay 4.", ([1, 2], 4), 3),
    ),
    also=(coin_ways_by_recursion,),
    level=4,
)
def count_coin_ways(coins: list[int], target: int) -> int:
    ways = [0] * (target + 1)
    ways[0] = 1
    for coin in coins:
        for total in range(coin, target + 1):
            ways[total] += ways[total - coin]
    return ways[target]


def rising_length_by_tails(numbers: list[int]) -> int:
    tails: list[int] = []
    for number in numbers:
        low = 0
        high = len(tails)
        while low < high:
            middle = (low + high) // 2
            if tails[middle] < number:
                low = middle + 1
            else:
                high = middle
        if low == len(tails):
            tails.append(number)
        else:
            tails[low] = number
    return len(tails)


@atom(
    topic="dynamic programming",
    says=(
        "the length of the longest strictly increasing subsequence of {numbers}; its items need not be neighbours",
        "how many numbers can be kept at most when numbers are struck out of {numbers} until every one left is "
        "greater than the one before it",
    ),
    names=("longest_increasing", "lis_length", "longest_rise"),
    inputs={"numbers": ListOf(Whole(0, 9), 0, 9)},
    reference=lambda numbers: max(len(s) for s in _subsets(numbers) if all(a < b for a, b in itertools.pairwise(s))),
    claims=(
        Claim("An empty list gives 0.", ([],), 0),
        Claim("Equal numbers do not increase.", ([3, 3, 3],), 1),
    ),
    also=(rising_length_by_tails,),
    level=4,
)
def longest_increasing_length(numbers: list[int]) -> int:
    lengths: list[int] = []
    best = 0
    for i, number in enumerate(numbers):
        length = 1
        for j in range(i):
            if numbers[j] < number:
                length = max(length, lengths[j] + 1)
        lengths.append(length)
        best = max(best, length)
    return best


def common_length_from(a: str, b: str, i: int, j: int) -> int:
    if i == len(a) or j == len(b):
        return 0
    if a[i] == b[j]:
        return 1 + common_length_from(a, b, i + 1, j + 1)
    return max(common_length_from(a, b, i + 1, j), common_length_from(a, b, i, j + 1))


def common_length_by_recursion(a: str, b: str) -> int:
    return common_length_from(a, b, 0, 0)


@atom(
    topic="dynamic programming",
    says=(
        "the length of the longest text that can be got both from {a} and from {b} by leaving out characters",
        "how many characters the longest common subsequence of {a} and {b} has",
    ),
    names=("common_subsequence", "lcs_length", "longest_common_subsequence"),
    inputs={"a": Text("abcd", 0, 7), "b": Text("abcd", 0, 7)},
    reference=lambda a, b: max(map(len, _subsequences(a) & _subsequences(b))),
    claims=(Claim("With an empty text it is 0.", ("", "abc"), 0), Claim("For abc and cab it is 2.", ("abc", "cab"), 2)),
    also=(common_length_by_recursion,),
    level=4,
)
def common_subsequence_length(a: str, b: str) -> int:
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a)):
        for j in range(len(b)):
            if a[i] == b[j]:
                table[i + 1][j + 1] = table[i][j] + 1
            else:
                table[i + 1][j + 1] = max(table[i][j + 1], table[i + 1][j])
    return table[len(a)][len(b)]


def _edits(a: str, b: str) -> int:
    reached, count = {a}, 0
    letters = set(b)
    while b not in reached:
        removed = {t[:i] + t[i + 1 :] for t in reached for i in range(len(t))}
        changed = {t[:i] + c + t[i + 1 :] for t in reached for i in range(len(t)) for c in letters}
        added = {t[:i] + c + t[i:] for t in reached for i in range(len(t) + 1) for c in letters if len(t) < len(b)}
        reached = removed | changed | added
        count += 1
    return count


def edit_distance_by_rows(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i in range(len(a)):
        following = [i + 1]
        for j in range(len(b)):
            change = row[j] if a[i] == b[j] else row[j] + 1
            following.append(min(change, row[j + 1] + 1, following[j] + 1))
        row = following
    return row[len(b)]


@atom(
    topic="dynamic programming",
    says=(
        "the least number of single characters to insert, delete or replace that turns {a} into {b}",
        "the Levenshtein distance between {a} and {b}: the fewest insertions, deletions and replacements of one "
        "character each that make them equal",
    ),
    names=("edit_distance", "levenshtein", "count_edits"),
    inputs={"a": Text("abc", 0, 4), "b": Text("abc", 0, 4)},
    reference=_edits,
    claims=(
        Claim("Equal texts have the distance 0.", ("ab", "ab"), 0),
        Claim("From the empty text it is the other text's length.", ("", "abc"), 3),
    ),
    also=(edit_distance_by_rows,),
    level=4,
)
def edits_between(a: str, b: str) -> int:
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a) + 1):
        for j in range(len(b) + 1):
            if i == 0 or j == 0:
                table[i][j] = i + j
            elif a[i - 1] == b[j - 1]:
                table[i][j] = table[i - 1][j - 1]
            else:
                table[i][j] = 1 + min(table[i - 1][j - 1], table[i - 1][j], table[i][j - 1])
    return table[len(a)][len(b)]


def _items(rng: random.Random) -> list[list[int]]:
    return [[rng.randint(1, 6), rng.randint(0, 9)] for _ in range(rng.randint(0, 6))]


_ITEMS = Made(_items, ([],))


def best_packing_from(items: list[list[int]], start: int, room: int) -> int:
    if start == len(items):
        return 0
    best = best_packing_from(items, start + 1, room)
    if items[start][0] <= room:
        best = max(best, items[start][1] + best_packing_from(items, start + 1, room - items[start][0]))
    return best


def best_packing_by_recursion(items: list[list[int]], capacity: int) -> int:
    return best_packing_from(items, 0, capacity)


@atom(
    topic="dynamic programming",
    says=(
        "the largest total value of items of {items}, each [weight, value] and taken at most once, whose total weight "
        "is at most {capacity}",
        "the most that a bag which holds a weight of {capacity} can be worth when it is packed with some of {items}, "
        "given as [weight, value]",
    ),
    names=("knapsack", "best_packing", "max_value"),
    inputs={"items": _ITEMS, "capacity": Whole(0, 15)},
    reference=lambda items, capacity: max(
        sum(value for _, value in chosen)
        for size in range(len(items) + 1)
        for chosen in itertools.combinations(items, size)
        if sum(weight for weight, _ in chosen) <= capacity
    ),
    claims=(
        Claim("An empty bag is worth 0.", ([], 10), 0),
        Claim("An item that is too heavy stays out.", ([[5, 9], [2, 1]], 4), 1),
    ),
    also=(best_packing_by_recursion,),
    level=4,
)
def most_valuable_packing(items: list[list[int]], capacity: int) -> int:
    best = [0] * (capacity + 1)
    for item in items:
        for room in range(capacity, item[0] - 1, -1):
            best[room] = max(best[room], best[room - item[0]] + item[1])
    return best[capacity]


@atom(
    topic="dynamic programming",
    says=(
        "the largest total value that packs a bag which holds a weight of {capacity} when each kind in {items}, given "
        "as [weight, value], may be taken any number of times",
        "the most that things of a total weight of at most {capacity} can be worth if there are unlimited copies of "
        "each of {items}, a list of [weight, value]",
    ),
    names=("unbounded_knapsack", "best_refill", "max_value_repeated"),
    inputs={"items": _ITEMS, "capacity": Whole(0, 10)},
    reference=lambda items, capacity: max(
        sum(count * value for count, (_, value) in zip(counts, items, strict=True))
        for counts in itertools.product(*(range(capacity // weight + 1) for weight, _ in items))
        if sum(count * weight for count, (weight, _) in zip(counts, items, strict=True)) <= capacity
    ),
    claims=(Claim("A single kind is taken as often as it fits.", ([[3, 5]], 10), 15),),
    level=4,
)
def best_repeated_packing(items: list[list[int]], capacity: int) -> int:
    best = [0] * (capacity + 1)
    for room in range(1, capacity + 1):
        for item in items:
            if item[0] <= room:
                best[room] = max(best[room], best[room - item[0]] + item[1])
    return best[capacity]


def best_apart_by_list(values: list[int]) -> int:
    best = [0, 0]
    for value in values:
        count = len(best)
        best.append(max(best[count - 1], best[count - 2] + value))
    return best[-1]


@atom(
    topic="dynamic programming",
    says=(
        "the largest sum of items of {values} of which no two are neighbours in the list, where choosing none gives 0",
        "the most one can collect from {values} if whoever takes an item may not take the ones right beside it; "
        "taking nothing is allowed",
    ),
    names=("best_sum_apart", "max_non_adjacent", "collect_apart"),
    inputs={"values": ListOf(Whole(-2, 9), 0, 8)},
    reference=lambda values: max(
        sum(values[i] for i in chosen)
        for chosen in _subsets(list(range(len(values))))
        if all(j - i > 1 for i, j in itertools.pairwise(chosen))
    ),
    claims=(
        Claim("An empty list gives 0.", ([],), 0),
        Claim("Of two neighbours only the larger counts.", ([4, 7],), 7),
    ),
    also=(best_apart_by_list,),
    level=3,
)
def best_sum_of_apart(values: list[int]) -> int:
    with_last = 0
    without_last = 0
    for value in values:
        with_last, without_last = without_last + value, max(with_last, without_last)
    return max(with_last, without_last)


def largest_ring_sum_by_search(numbers: list[int]) -> int:
    n = len(numbers)
    best = numbers[0]
    for start in range(n):
        total = 0
        for length in range(n):
            total += numbers[(start + length) % n]
            best = max(best, total)
    return best


@atom(
    topic="dynamic programming",
    says=(
        "the largest sum of a run of one or more neighbouring items of {numbers}, where the list is a ring, so that "
        "the first item follows the last, and no item counts twice",
        "the greatest total of consecutive numbers on the circle on which {numbers} stand in this order; at least one "
        "number and each at most once",
    ),
    names=("largest_ring_sum", "max_circular_sum", "best_run_on_ring"),
    inputs={"numbers": ListOf(Whole(-6, 6), 1, 7)},
    reference=lambda numbers: max(
        sum((numbers + numbers)[i : i + size]) for i in range(len(numbers)) for size in range(1, len(numbers) + 1)
    ),
    claims=(
        Claim("If all numbers are negative, it is the largest of them.", ([-3, -1, -2],), -1),
        Claim("The run may go over the end of the list.", ([4, -9, 5],), 9),
    ),
    also=(largest_ring_sum_by_search,),
    level=5,
)
def largest_sum_on_ring(numbers: list[int]) -> int:
    best = numbers[0]
    worst = numbers[0]
    high = 0
    low = 0
    for number in numbers:
        high = max(high + number, number)
        low = min(low + number, number)
        best = max(best, high)
        worst = min(worst, low)
    total = sum(numbers)
    if worst == total:
        return best
    return max(best, total - worst)


_WALLS = GridOf(OneOf((0, 0, 0, 1)), (1, 4), (1, 4))


def _monotone_paths(grid: list[list[int]]) -> Iterator[list[int]]:
    """The cells' numbers on every way from the top left to the bottom right by steps right and down."""
    down, right = len(grid) - 1, len(grid[0]) - 1
    for rows in itertools.combinations(range(down + right), down):
        r, c, cells = 0, 0, [grid[0][0]]
        for step in range(down + right):
            r, c = (r + 1, c) if step in rows else (r, c + 1)
            cells.append(grid[r][c])
        yield cells


def grid_ways_from(grid: list[list[int]], r: int, c: int) -> int:
    if r == len(grid) or c == len(grid[0]) or grid[r][c] != 0:
        return 0
    if r == len(grid) - 1 and c == len(grid[0]) - 1:
        return 1
    return grid_ways_from(grid, r + 1, c) + grid_ways_from(grid, r, c + 1)


def grid_ways_by_recursion(grid: list[list[int]]) -> int:
    return grid_ways_from(grid, 0, 0)


@atom(
    topic="dynamic programming",
    says=(
        "the number of ways from the top left to the bottom right cell of {grid} that go one cell right or down at a "
        "time and over cells with 0 only",
        "how many paths of steps to the right and downward lead from the first to the last cell of {grid} without "
        "entering, starting or ending on a cell that is not 0",
    ),
    names=("count_grid_paths", "grid_paths", "paths_around_walls"),
    inputs={"grid": _WALLS},
    reference=lambda grid: sum(not any(cells) for cells in _monotone_paths(grid)),
    claims=(
        Claim("If the first cell is not 0, there is no way.", ([[1, 0]],), 0),
        Claim("A square of two by two free cells has two ways.", ([[0, 0], [0, 0]],), 2),
    ),
    also=(grid_ways_by_recursion,),
    level=3,
)
def ways_through_grid(grid: list[list[int]]) -> int:
    columns = len(grid[0])
    ways = [0] * columns
    ways[0] = 1
    for row in grid:
        for c in range(columns):
            if row[c] != 0:
                ways[c] = 0
            elif c > 0:
                ways[c] += ways[c - 1]
    return ways[columns - 1]


@atom(
    topic="dynamic programming",
    says=(
        "the smallest sum of the numbers on a way from the top left to the bottom right cell of {grid} that goes "
        "right or down at every step, both ends included",
        "the lowest total of the cells that a path touches which starts in the first cell of {grid}, ends in the last "
        "one, and only ever moves one to the right or one down",
    ),
    names=("min_path_sum", "cheapest_path", "lowest_path_cost"),
    inputs={"grid": GridOf(Whole(0, 9), (1, 4), (1, 4))},
    reference=lambda grid: min(map(sum, _monotone_paths(grid))),
    claims=(Claim("A single cell is the whole path.", ([[7]],), 7),),
    level=3,
)
def cheapest_way_down(grid: list[list[int]]) -> int:
    cost = [list(row) for row in grid]
    for r in range(len(grid)):
        for c in range(len(grid[0])):
            if r > 0 and c > 0:
                cost[r][c] += min(cost[r - 1][c], cost[r][c - 1])
            elif r > 0:
                cost[r][c] += cost[r - 1][c]
            elif c > 0:
                cost[r][c] += cost[r][c - 1]
    return cost[len(grid) - 1][len(grid[0]) - 1]


def split_by_reachable_sums(numbers: list[int]) -> bool:
    sums: set[int] = set()
    sums.add(0)
    for number in numbers:
        larger = [total + number for total in sorted(sums)]
        for total in larger:
            sums.add(total)
    whole = sum(numbers)
    return whole % 2 == 0 and whole // 2 in sums


@atom(
    topic="dynamic programming",
    says=(
        "whether the numbers of {numbers} can be dealt into two groups with equal sums, where every number goes into "
        "one of them and a group may be empty",
        "whether some of the items of {numbers} (perhaps none) add up to exactly half of the total of all",
    ),
    names=("can_split_equally", "has_equal_split", "can_partition"),
    inputs={"numbers": ListOf(Whole(1, 8), 0, 6)},
    reference=lambda numbers: any(2 * sum(chosen) == sum(numbers) for chosen in _subsets(numbers)),
    claims=(
        Claim("An empty list can be split.", ([],), True),
        Claim("An odd total cannot be halved.", ([1, 2],), False),
    ),
    holds=("can be split into two groups with equal sums", "can be split into two groups with equal sums"),
    also=(split_by_reachable_sums,),
    level=4,
)
def splits_into_equal_sums(numbers: list[int]) -> bool:
    total = sum(numbers)
    if total % 2 == 1:
        return False
    half = total // 2
    reachable = [False] * (half + 1)
    reachable[0] = True
    for number in numbers:
        for amount in range(half, number - 1, -1):
            if reachable[amount - number]:
                reachable[amount] = True
    return reachable[half]


def _words(rng: random.Random) -> list[str]:
    return ["".join(rng.choices("ab", k=rng.randint(1, 3))) for _ in range(rng.randint(1, 3))]


@atom(
    topic="dynamic programming",
    says=(
        "whether {text} can be cut into pieces that all stand in {words}, where a word may be used more than once and "
        "the empty text needs no pieces",
        "whether {text} can be written by putting words of {words} one after another, each as often as wished (none "
        "at all gives the empty text)",
    ),
    names=("can_segment", "word_break", "can_be_cut"),
    inputs={"text": Text("ab", 0, 7), "words": Made(_words, (["a"],))},
    reference=lambda text, words: re.fullmatch("|".join(["", *words]).join(("(?:", ")*")), text) is not None,
    claims=(
        Claim("The empty text can always be cut.", ("", ["a"]), True),
        Claim("A word may be used twice.", ("abab", ["ab"]), True),
    ),
    level=4,
)
def can_cut_into_words(text: str, words: list[str]) -> bool:
    reachable = [False] * (len(text) + 1)
    reachable[0] = True
    for end in range(1, len(text) + 1):
        for word in words:
            start = end - len(word)
            if start >= 0 and reachable[start] and text[start:end] == word:
                reachable[end] = True
    return reachable[len(text)]


def _readings(digits: str) -> int:
    letters = {str(number) for number in range(1, 27)}
    return sum(
        all(digits[i:j] in letters for i, j in itertools.pairwise((0, *cuts, len(digits))))
        for cuts in _subsets(list(range(1, len(digits))))
    )


@atom(
    topic="dynamic programming",
    says=(
        "the number of ways to read {digits} as letters when 1 stands for the first letter of the alphabet, 2 for the "
        "second and so on up to 26, and a number is never written with a zero in front",
        "the number of ways to cut the text {digits} into numbers from 1 to 26 without leading zeros",
    ),
    names=("count_decodings", "decode_ways", "letter_readings"),
    inputs={"digits": Text("0112236", 1, 8)},
    reference=_readings,
    claims=(
        Claim("A text that begins with 0 cannot be read.", ("01",), 0),
        Claim("12 can be read as AB or as L.", ("12",), 2),
    ),
    level=4,
)
def count_letter_readings(digits: str) -> int:
    ways = [1]
    for end in range(1, len(digits) + 1):
        total = 0
        if digits[end - 1] != "0":
            total += ways[end - 1]
        if end >= 2 and digits[end - 2] != "0" and int(digits[end - 2 : end]) <= 26:
            total += ways[end - 2]
        ways.append(total)
    return ways[len(digits)]


@atom(
    topic="dynamic programming",
    says=(
        "the length of the longest text that reads the same in both directions and can be got from {text} by leaving "
        "out characters",
        "how many characters can be kept at most when characters are struck out of {text} until it is a palindrome",
    ),
    names=("longest_palindromic_subsequence", "kept_for_palindrome", "palindrome_length"),
    inputs={"text": Text("abcd", 0, 8)},
    reference=lambda text: max(len(s) for s in _subsequences(text) if s == s[::-1]),
    claims=(Claim("The empty text gives 0.", ("",), 0), Claim("A text without repeats gives 1.", ("abc",), 1)),
    level=4,
)
def palindrome_subsequence_length(text: str) -> int:
    n = len(text)
    if n == 0:
        return 0
    table = [[0] * n for _ in range(n)]
    for start in range(n - 1, -1, -1):
        table[start][start] = 1
        for end in range(start + 1, n):
            if text[start] == text[end]:
                table[start][end] = table[start + 1][end - 1] + 2
            else:
                table[start][end] = max(table[start + 1][end], table[start][end - 1])
    return table[0][n - 1]


def _chain_cost(sizes: list[int]) -> int:
    """Every order in which the inner sizes can be multiplied away."""

    def cost(order: tuple[int, ...]) -> int:
        left, total = list(range(len(sizes))), 0
        for middle in order:
            place = left.index(middle)
            total += sizes[left[place - 1]] * sizes[middle] * sizes[left[place + 1]]
            left.remove(middle)
        return total

    return min(cost(order) for order in itertools.permutations(range(1, len(sizes) - 1)))


@atom(
    topic="dynamic programming",
    says=(
        "the least number of single multiplications that it takes to multiply a chain of matrices, where matrix i has "
        "as many rows as item i of {sizes} says and as many columns as item i + 1, and a product of p by q and q by r "
        "costs p * q * r",
        "the lowest cost of multiplying matrices in the given order with the best bracketing, when consecutive items "
        "of {sizes} are the rows and columns of the matrices and multiplying p x q by q x r costs p * q * r",
    ),
    names=("matrix_chain", "chain_cost", "multiplication_cost"),
    inputs={"sizes": ListOf(Whole(1, 6), 2, 6)},
    reference=_chain_cost,
    claims=(
        Claim("A single matrix costs nothing.", ([3, 4],), 0),
        Claim("Two matrices leave no choice.", ([2, 3, 4],), 24),
    ),
    level=5,
)
def cheapest_chain(sizes: list[int]) -> int:
    count = len(sizes) - 1
    cost = [[0] * count for _ in range(count)]
    for length in range(2, count + 1):
        for first in range(count - length + 1):
            last = first + length - 1
            best = -1
            for cut in range(first, last):
                joining = sizes[first] * sizes[cut + 1] * sizes[last + 1]
                total = cost[first][cut] + cost[cut + 1][last] + joining
                if best == -1 or total < best:
                    best = total
            cost[first][last] = best
    return cost[0][count - 1]


def _best_cuts(prices: list[int]) -> int:
    n = len(prices)
    return max(
        sum(prices[j - i - 1] for i, j in itertools.pairwise((0, *cuts, n))) if n else 0
        for cuts in _subsets(list(range(1, n)))
    )


def rod_income_of(prices: list[int], length: int) -> int:
    if length == 0:
        return 0
    return max(prices[first - 1] + rod_income_of(prices, length - first) for first in range(1, length + 1))


def rod_income_by_recursion(prices: list[int]) -> int:
    return rod_income_of(prices, len(prices))


@atom(
    topic="dynamic programming",
    says=(
        "the most one can earn by cutting a rod into pieces of whole length, where a piece of length 1 sells for the "
        "first price in {prices}, one of length 2 for the second and so on, and the rod is as long as there are prices",
        "the largest sum of prices for pieces that add up to the length of {prices}, whose item i is the price of a "
        "piece of length i + 1",
    ),
    names=("rod_cutting", "best_income", "cut_rod"),
    inputs={"prices": ListOf(Whole(1, 12), 0, 6)},
    reference=_best_cuts,
    claims=(
        Claim("A rod of length 0 earns nothing.", ([],), 0),
        Claim("Selling in one piece is allowed.", ([1, 5],), 5),
    ),
    also=(rod_income_by_recursion,),
    level=4,
)
def best_rod_income(prices: list[int]) -> int:
    best = [0]
    for length in range(1, len(prices) + 1):
        income = 0
        for first in range(1, length + 1):
            income = max(income, prices[first - 1] + best[length - first])
        best.append(income)
    return best[-1]


def drops_by_counting(eggs: int, floors: int) -> int:
    covered = [0] * (eggs + 1)
    drops = 0
    while covered[eggs] < floors:
        drops += 1
        for egg in range(eggs, 0, -1):
            covered[egg] += covered[egg - 1] + 1
    return drops


@atom(
    topic="dynamic programming",
    says=(
        "the least number of drops that is enough, in the worst case, to find the highest of {floors} floors from "
        "which an egg does not break (perhaps none), with {eggs} eggs, each usable until it breaks",
        "how many test drops a best plan with {eggs} equal eggs needs at most to learn from which of {floors} floors "
        "on they break, if a broken egg is lost and a whole one can be dropped again",
    ),
    names=("egg_drop", "min_drops", "drops_needed"),
    inputs={"eggs": Whole(1, 4), "floors": Whole(0, 15)},
    reference=lambda eggs, floors: next(
        drops for drops in itertools.count() if sum(math.comb(drops, k) for k in range(1, eggs + 1)) >= floors
    ),
    claims=(
        Claim("With one egg every floor must be tried.", (1, 9), 9),
        Claim("Without floors nothing is dropped.", (2, 0), 0),
    ),
    also=(drops_by_counting,),
    level=5,
)
def drops_for_floors(eggs: int, floors: int) -> int:
    table = [[0] * (floors + 1) for _ in range(eggs + 1)]
    for floor in range(1, floors + 1):
        table[1][floor] = floor
    for egg in range(2, eggs + 1):
        for count in range(1, floors + 1):
            best = count
            for first in range(1, count + 1):
                worst = max(table[egg - 1][first - 1], table[egg][count - first])
                best = min(best, worst + 1)
            table[egg][count] = best
    return table[eggs][floors]


@atom(
    topic="dynamic programming",
    says=(
        "the number of different shapes of binary trees with {n} nodes, where left and right are told apart",
        "how many ways there are to arrange {n} nodes as a binary tree, when only the arrangement counts and every "
        "node may have a left and a right child",
    ),
    names=("tree_shapes", "count_binary_trees", "catalan"),
    inputs={"n": Whole(0, 14)},
    reference=lambda n: math.comb(2 * n, n) // (n + 1),
    claims=(Claim("The empty tree is one shape.", (0,), 1), Claim("Three nodes have five shapes.", (3,), 5)),
    level=3,
)
def count_tree_shapes(n: int) -> int:
    shapes = [1]
    for size in range(1, n + 1):
        total = 0
        for left in range(size):
            total += shapes[left] * shapes[size - 1 - left]
        shapes.append(total)
    return shapes[n]


def _tilings(rows: int, columns: int) -> int:
    @cache
    def fill(free: frozenset[tuple[int, int]]) -> int:
        if not free:
            return 1
        r, c = min(free)
        return sum(fill(free - {(r, c), other}) for other in ((r, c + 1), (r + 1, c)) if other in free)

    return fill(frozenset(itertools.product(range(columns), range(rows))))


@atom(
    topic="dynamic programming",
    says=(
        "the number of ways to cover a board of 3 rows and {n} columns completely with dominoes of two cells",
        "how many tilings by 2 x 1 bricks, upright or flat, a rectangle of 3 by {n} has",
    ),
    names=("domino_tilings", "count_tilings", "tile_board"),
    inputs={"n": Whole(0, 10)},
    reference=lambda n: _tilings(3, n),
    claims=(
        Claim("An odd number of columns cannot be covered.", (5,), 0),
        Claim("Two columns are covered in three ways.", (2,), 3),
        Claim("The empty board is covered in one way.", (0,), 1),
    ),
    level=4,
)
def three_row_tilings(n: int) -> int:
    if n % 2 == 1:
        return 0
    whole = 1
    with_corner = 0
    for _ in range(n // 2):
        with_corner += whole
        whole += 2 * with_corner
    return whole


@atom(
    topic="dynamic programming",
    says=(
        "the length of the longest run of characters that occurs both in {a} and in {b} without gaps",
        "how long the longest common contiguous part of {a} and {b} is",
    ),
    names=("longest_common_part", "common_substring", "shared_run"),
    inputs={"a": Text("abc", 0, 8), "b": Text("abc", 0, 8)},
    reference=lambda a, b: max((len(piece) for piece in _pieces(a) if piece in b), default=0),
    claims=(Claim("If nothing is shared, it is 0.", ("aa", "b"), 0),),
    level=3,
)
def common_part_length(a: str, b: str) -> int:
    best = 0
    before = [0] * (len(b) + 1)
    for c in a:
        row = [0] * (len(b) + 1)
        for j in range(len(b)):
            if b[j] == c:
                row[j + 1] = before[j] + 1
                best = max(best, row[j + 1])
        before = row
    return best


@atom(
    topic="dynamic programming",
    says=(
        "the number of ways to choose items of {numbers}, each place at most once, that add up to {target}; choosing "
        "none gives 0",
        "how many sets of positions in {numbers} hold numbers with the sum {target}, the empty set included",
    ),
    names=("count_subset_sums", "subset_sum_ways", "ways_to_sum_up"),
    inputs={"numbers": ListOf(Whole(0, 6), 0, 7), "target": Whole(0, 12)},
    reference=lambda numbers, target: sum(sum(chosen) == target for chosen in _subsets(numbers)),
    claims=(
        Claim("The sum 0 of no numbers is one way.", ([], 0), 1),
        Claim("Equal numbers at different places are different choices.", ([3, 3], 3), 2),
    ),
    level=4,
)
def count_sums_to(numbers: list[int], target: int) -> int:
    ways = [0] * (target + 1)
    ways[0] = 1
    for number in numbers:
        for total in range(target, number - 1, -1):
            ways[total] += ways[total - number]
    return ways[target]


def _trades_with_rest(prices: list[int]) -> int:
    def best(day: int) -> int:
        if day >= len(prices):
            return 0
        sells = (prices[j] - prices[day] + best(j + 2) for j in range(day + 1, len(prices)))
        return max(best(day + 1), *sells, 0)

    return best(0)


@atom(
    topic="dynamic programming",
    says=(
        "the largest profit from buying and selling one share over the days of {prices}, at most one held at a time, "
        "when nothing may be bought on the day right after a sale",
        "the most that trading can earn with {prices} by day if one share at most is held, trades may be repeated, "
        "and after each sale one day passes before the next purchase",
    ),
    names=("profit_with_rest", "trade_with_pause", "best_trades"),
    inputs={"prices": ListOf(Whole(1, 9), 0, 7)},
    reference=_trades_with_rest,
    claims=(
        Claim("If prices only fall, nothing is bought.", ([5, 3, 1],), 0),
        Claim("A rise in one go is sold at its end.", ([1, 2, 3],), 2),
    ),
    level=5,
)
def best_profit_with_rest(prices: list[int]) -> int:
    if not prices:
        return 0
    holding = -prices[0]
    resting = 0
    free = 0
    for price in prices[1:]:
        sold = holding + price
        holding = max(holding, free - price)
        free = max(free, resting)
        resting = sold
    return max(free, resting)


@atom(
    topic="dynamic programming",
    says=(
        "the largest profit from at most two purchases of one share, each sold on a later day before or on the day of "
        "the next purchase, at the daily prices {prices}",
        "the most that can be earned with {prices} by buying and selling at most twice, one share at a time and every "
        "sale after its purchase",
    ),
    names=("two_trades", "profit_of_two", "best_two_trades"),
    inputs={"prices": ListOf(Whole(1, 9), 0, 7)},
    reference=lambda prices: max(
        sum(prices[days[i + 1]] - prices[days[i]] for i in range(0, size, 2))
        for size in (0, 2, 4)
        for days in itertools.combinations_with_replacement(range(len(prices)), size)
    ),
    claims=(Claim("Without a rising price nothing is earned.", ([4, 4, 2],), 0),),
    level=5,
)
def best_profit_of_two(prices: list[int]) -> int:
    if not prices:
        return 0
    first_buy = -prices[0]
    first_sale = 0
    second_buy = -prices[0]
    second_sale = 0
    for price in prices:
        first_buy = max(first_buy, -price)
        first_sale = max(first_sale, first_buy + price)
        second_buy = max(second_buy, first_sale - price)
        second_sale = max(second_sale, second_buy + price)
    return second_sale


def _falls(grid: list[list[int]]) -> Iterator[list[int]]:
    for columns in itertools.product(range(len(grid[0])), repeat=len(grid)):
        if all(abs(a - b) <= 1 for a, b in itertools.pairwise(columns)):
            yield [row[c] for row, c in zip(grid, columns, strict=True)]


@atom(
    topic="dynamic programming",
    says=(
        "the smallest sum of one number from each row of {grid}, taken from top to bottom so that the column changes "
        "by at most one from row to row",
        "the lowest total on a way from any cell of the first row of {grid} to any of the last, going straight down "
        "or diagonally down at each step",
    ),
    names=("falling_path", "min_falling_sum", "cheapest_descent"),
    inputs={"grid": GridOf(Whole(-4, 9), (1, 4), (1, 4))},
    reference=lambda grid: min(map(sum, _falls(grid))),
    claims=(Claim("In a single row it is the smallest number.", ([[3, 1, 2]],), 1),),
    level=3,
)
def cheapest_fall(grid: list[list[int]]) -> int:
    columns = len(grid[0])
    best = list(grid[0])
    for r in range(1, len(grid)):
        following: list[int] = []
        for c in range(columns):
            least = best[c]
            if c > 0:
                least = min(least, best[c - 1])
            if c + 1 < columns:
                least = min(least, best[c + 1])
            following.append(grid[r][c] + least)
        best = following
    return min(best)


def _triangle(rng: random.Random) -> list[list[int]]:
    return [[rng.randint(-3, 9) for _ in range(row + 1)] for row in range(rng.randint(1, 5))]


def triangle_sum_from(triangle: list[list[int]], row: int, place: int) -> int:
    value = triangle[row][place]
    if row == len(triangle) - 1:
        return value
    left = triangle_sum_from(triangle, row + 1, place)
    right = triangle_sum_from(triangle, row + 1, place + 1)
    return value + max(left, right)


def triangle_sum_by_recursion(triangle: list[list[int]]) -> int:
    return triangle_sum_from(triangle, 0, 0)


@atom(
    topic="dynamic programming",
    says=(
        "the largest sum on a way from the top of the number triangle {triangle}, whose rows have 1, 2, 3 and so on "
        "numbers, to its last row, when each step goes to the same place or the next place of the row below",
        "the greatest total of one number per row of {triangle}, rows growing by one number each, where from place i "
        "one goes on with place i or i + 1 of the next row",
    ),
    names=("triangle_path", "max_triangle_sum", "best_descent"),
    inputs={"triangle": Made(_triangle, ([[4]],))},
    reference=lambda triangle: max(
        sum(row[sum(steps[:r])] for r, row in enumerate(triangle))
        for steps in itertools.product((0, 1), repeat=len(triangle) - 1)
    ),
    claims=(Claim("A triangle of one row has only its top.", ([[6]],), 6),),
    also=(triangle_sum_by_recursion,),
    level=3,
)
def best_triangle_sum(triangle: list[list[int]]) -> int:
    best = list(triangle[-1])
    for r in range(len(triangle) - 2, -1, -1):
        best = [triangle[r][i] + max(best[i], best[i + 1]) for i in range(r + 1)]
    return best[0]


@atom(
    topic="dynamic programming",
    says=(
        "the side of the largest square of cells in {grid} that all hold 1, 0 if no cell does",
        "how many rows the biggest square block of ones in {grid} has (0 without ones)",
    ),
    names=("largest_square", "square_of_ones", "biggest_block"),
    inputs={"grid": GridOf(OneOf((0, 1, 1, 1)), (1, 4), (1, 5))},
    reference=lambda grid: max(
        (
            size
            for r in range(len(grid))
            for c in range(len(grid[0]))
            for size in range(1, min(len(grid) - r, len(grid[0]) - c) + 1)
            if all(cell == 1 for row in grid[r : r + size] for cell in row[c : c + size])
        ),
        default=0,
    ),
    claims=(Claim("Without ones it is 0.", ([[0, 0]],), 0), Claim("A single one is a square.", ([[0, 1]],), 1)),
    level=4,
)
def side_of_largest_square(grid: list[list[int]]) -> int:
    sides = [[0] * len(row) for row in grid]
    best = 0
    for r in range(len(grid)):
        for c in range(len(grid[0])):
            if grid[r][c] != 1:
                continue
            sides[r][c] = 1
            if r > 0 and c > 0:
                sides[r][c] += min(sides[r - 1][c], sides[r][c - 1], sides[r - 1][c - 1])
            best = max(best, sides[r][c])
    return best


@atom(
    topic="dynamic programming",
    says=(
        "the number of ways in which {dice} dice with the faces 1 to {faces} can show a total of {total}, the dice "
        "told apart",
        "how many of the rolls of {dice} different dice, each with sides numbered from 1 to {faces}, add up to {total}",
    ),
    names=("dice_ways", "count_rolls", "dice_sums"),
    inputs={"dice": Whole(1, 4), "faces": Whole(1, 6), "total": Whole(1, 16)},
    reference=lambda dice, faces, total: sum(
        sum(roll) == total for roll in itertools.product(range(1, faces + 1), repeat=dice)
    ),
    claims=(
        Claim("Two ordinary dice show 7 in six ways.", (2, 6, 7), 6),
        Claim("A total below the number of dice is impossible.", (3, 6, 2), 0),
    ),
    level=3,
)
def ways_to_roll(dice: int, faces: int, total: int) -> int:
    ways = [0] * (total + 1)
    ways[0] = 1
    for _ in range(dice):
        following = [0] * (total + 1)
        for reached in range(total + 1):
            for face in range(1, min(faces, total - reached) + 1):
                following[reached + face] += ways[reached]
        ways = following
    return ways[total]


@atom(
    topic="dynamic programming",
    says=(
        "the number of ways to strike characters out of {text} so that {pattern} is left, different places counting "
        "as different ways",
        "how many sets of positions of {text}, read from left to right, spell {pattern}",
    ),
    names=("count_subsequences", "ways_to_spell", "distinct_subsequences"),
    inputs={"text": Text("abb", 0, 8), "pattern": Text("ab", 0, 3)},
    reference=lambda text, pattern: sum(
        "".join(chosen) == pattern for chosen in itertools.combinations(text, len(pattern))
    ),
    claims=(
        Claim("The empty pattern is left in one way.", ("abc", ""), 1),
        Claim("A pattern longer than the text cannot be left.", ("a", "aa"), 0),
    ),
    level=4,
)
def count_spellings(text: str, pattern: str) -> int:
    ways = [0] * (len(pattern) + 1)
    ways[0] = 1
    for c in text:
        for j in range(len(pattern) - 1, -1, -1):
            if pattern[j] == c:
                ways[j + 1] += ways[j]
    return ways[len(pattern)]


def _squares_by_theorem(n: int) -> int:
    """Lagrange's four squares and Legendre's three."""
    if n == 0:
        return 0
    if math.isqrt(n) ** 2 == n:
        return 1
    if any(math.isqrt(n - a * a) ** 2 == n - a * a for a in range(1, math.isqrt(n) + 1)):
        return 2
    while n % 4 == 0:
        n //= 4
    return 4 if n % 8 == 7 else 3


@atom(
    topic="dynamic programming",
    says=(
        "the smallest number of positive square numbers that add up to {n}",
        "how many squares of positive whole numbers, repeats allowed, are needed at least to make the sum {n}",
    ),
    names=("fewest_squares", "perfect_squares", "sum_of_squares_count"),
    inputs={"n": Whole(0, 120)},
    reference=_squares_by_theorem,
    claims=(Claim("Zero needs none.", (0,), 0), Claim("Seven needs four: 4 + 1 + 1 + 1.", (7,), 4)),
    level=4,
)
def squares_needed(n: int) -> int:
    fewest = [0]
    for total in range(1, n + 1):
        best = total
        root = 1
        while root * root <= total:
            best = min(best, fewest[total - root * root] + 1)
            root += 1
        fewest.append(best)
    return fewest[n]


def matches_from(text: str, pattern: str, i: int, j: int) -> bool:
    if j == len(pattern):
        return i == len(text)
    if pattern[j] == "*":
        return matches_from(text, pattern, i, j + 1) or (i < len(text) and matches_from(text, pattern, i + 1, j))
    if i == len(text):
        return False
    return (pattern[j] == "?" or pattern[j] == text[i]) and matches_from(text, pattern, i + 1, j + 1)


def wildcard_by_recursion(text: str, pattern: str) -> bool:
    return matches_from(text, pattern, 0, 0)


@atom(
    topic="dynamic programming",
    says=(
        'whether the whole of {text} fits the pattern {pattern}, in which "?" stands for any one character, "*" for '
        "any number of characters, also none, and every other character for itself",
        'whether {pattern} matches {text} from its first to its last character, where "*" may be replaced by any '
        'text, even the empty one, and "?" by exactly one character',
    ),
    names=("wildcard_match", "fits_pattern", "glob_match"),
    inputs={"text": Text("ab", 0, 5), "pattern": Text("ab?**", 0, 5)},
    reference=lambda text, pattern: re.fullmatch(pattern.replace("?", ".").replace("*", ".*"), text) is not None,
    claims=(
        Claim("A star alone fits the empty text.", ("", "*"), True),
        Claim("A question mark needs a character.", ("", "?"), False),
    ),
    also=(wildcard_by_recursion,),
    level=5,
)
def fits_wildcards(text: str, pattern: str) -> bool:
    fits = [False] * (len(text) + 1)
    fits[0] = True
    for c in pattern:
        if c == "*":
            for i in range(len(text)):
                if fits[i]:
                    fits[i + 1] = True
            continue
        for i in range(len(text), 0, -1):
            fits[i] = fits[i - 1] and (c == "?" or c == text[i - 1])
        fits[0] = False
    return fits[len(text)]


@atom(
    topic="dynamic programming",
    says=(
        "the smallest number of cuts that divide {text} into parts which all read the same in both directions (0 for "
        "an empty text)",
        "one less than the fewest palindromes that written one after another give {text}, or 0 if it is empty",
    ),
    names=("palindrome_cuts", "min_cuts", "fewest_cuts"),
    inputs={"text": Text("aab", 0, 8)},
    reference=lambda text: min(
        len(cuts)
        for cuts in _subsets(list(range(1, len(text))))
        if all(text[i:j] == text[i:j][::-1] for i, j in itertools.pairwise((0, *cuts, len(text))))
    ),
    claims=(Claim("A palindrome needs no cut.", ("aba",), 0), Claim("ab needs one cut.", ("ab",), 1)),
    level=5,
)
def cuts_into_palindromes(text: str) -> int:
    if len(text) == 0:
        return 0
    parts = [0]
    for end in range(1, len(text) + 1):
        best = end
        for start in range(end):
            piece = text[start:end]
            if piece == piece[::-1]:
                best = min(best, parts[start] + 1)
        parts.append(best)
    return parts[-1] - 1


@atom(
    topic="dynamic programming",
    says=(
        "the number of ways to paint {n} fence posts in a row with {colours} colours so that no three posts in a row "
        "have the same colour",
        "how many lists of {n} numbers from 1 to {colours} have no run of three equal neighbours",
    ),
    names=("paint_fence", "fence_colourings", "count_paintings"),
    inputs={"n": Whole(0, 7), "colours": Whole(1, 4)},
    reference=lambda n, colours: sum(
        all(not a == b == c for a, b, c in zip(row, row[1:], row[2:], strict=False))
        for row in itertools.product(range(colours), repeat=n)
    ),
    claims=(
        Claim("Without posts there is one way.", (0, 3), 1),
        Claim("Three posts cannot be painted with one colour.", (3, 1), 0),
    ),
    level=4,
)
def count_fence_paintings(n: int, colours: int) -> int:
    if n == 0:
        return 1
    same = 0
    different = colours
    for _ in range(n - 1):
        same, different = different, (same + different) * (colours - 1)
    return same + different


@atom(
    topic="dynamic programming",
    says=(
        "the largest number of different values of {numbers}, all positive, of which any two are such that one "
        "divides the other",
        "how many numbers the longest chain has that starts with a value of {numbers}, a list of positive numbers, "
        "and goes on with larger values from it, each a multiple of the one before",
    ),
    names=("divisor_chain", "longest_divisor_chain", "chain_of_multiples"),
    inputs={"numbers": ListOf(Whole(1, 24), 0, 8)},
    reference=lambda numbers: max(
        len(s) for s in _subsets(sorted(set(numbers))) if all(b % a == 0 for a, b in itertools.combinations(s, 2))
    ),
    claims=(Claim("Equal values count once.", ([4, 4],), 1), Claim("An empty list gives 0.", ([],), 0)),
    level=4,
)
def longest_multiple_chain(numbers: list[int]) -> int:
    ordered = sorted(set(numbers))
    lengths: list[int] = []
    for i, number in enumerate(ordered):
        length = 1
        for j in range(i):
            if number % ordered[j] == 0:
                length = max(length, lengths[j] + 1)
        lengths.append(length)
    return max(lengths, default=0)


@atom(
    topic="dynamic programming",
    says=(
        "the largest product of one or more neighbouring numbers of {numbers}",
        "the greatest value that multiplying a non-empty run of consecutive items of {numbers} can give",
    ),
    names=("max_product_run", "largest_product", "best_product"),
    inputs={"numbers": ListOf(Whole(-4, 4), 1, 7)},
    reference=lambda numbers: max(
        math.prod(numbers[i:j]) for i, j in itertools.combinations(range(len(numbers) + 1), 2)
    ),
    claims=(
        Claim("Two negative numbers give a positive product.", ([-2, -3],), 6),
        Claim("A single negative number is its own product.", ([-4],), -4),
    ),
    level=4,
)
def largest_run_product(numbers: list[int]) -> int:
    best = numbers[0]
    high = numbers[0]
    low = numbers[0]
    for number in numbers[1:]:
        first = high * number
        second = low * number
        high = max(number, first, second)
        low = min(number, first, second)
        best = max(best, high)
    return best


@atom(
    topic="dynamic programming",
    says=(
        "the length of the shortest text that contains both {a} and {b} as subsequences, that is, with characters "
        "left out",
        "how many characters a text needs at least so that {a} as well as {b} can be got from it by striking "
        "characters out",
    ),
    names=("shortest_supersequence", "supersequence_length", "merged_length"),
    inputs={"a": Text("ab", 0, 4), "b": Text("ab", 0, 4)},
    reference=lambda a, b: next(
        size
        for size in itertools.count()
        if any({a, b} <= _subsequences("".join(made)) for made in itertools.product("ab", repeat=size))
    ),
    claims=(Claim("If one text is empty, it is the length of the other.", ("", "ab"), 2),),
    level=4,
)
def supersequence_size(a: str, b: str) -> int:
    return len(a) + len(b) - common_subsequence_length(a, b)


@atom(
    topic="dynamic programming",
    says=(
        "the largest sum of days' points when on each day of {points}, a list of rows of three numbers, one of the "
        "three activities is done and none two days in a row",
        "the most points one can get by choosing one of the three numbers in each row of {points} so that rows next "
        "to each other never use the same column",
    ),
    names=("best_holiday", "max_points", "activities"),
    inputs={"points": GridOf(Whole(0, 9), (1, 4), (3, 3))},
    reference=lambda points: max(
        sum(row[c] for row, c in zip(points, columns, strict=True))
        for columns in itertools.product(range(3), repeat=len(points))
        if all(a != b for a, b in itertools.pairwise(columns))
    ),
    claims=(Claim("On a single day the best activity counts.", ([[3, 8, 5]],), 8),),
    level=3,
)
def most_activity_points(points: list[list[int]]) -> int:
    a, b, c = 0, 0, 0
    for row in points:
        a, b, c = row[0] + max(b, c), row[1] + max(a, c), row[2] + max(a, b)
    return max(a, b, c)
