"""Intervals, and choices that never need to be taken back."""

import heapq
import itertools
import random
from collections.abc import Iterator

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import ListOf, Made, Text, Whole
from hrm_edge.train.data.atoms.structures import APART_INTERVALS, INTERVALS
from hrm_edge.train.data.atoms.subset import char

Intervals = list[list[int]]


def _joined(intervals: Intervals) -> Intervals:
    """Half-points make intervals that touch grow together."""
    covered = sorted({p for start, end in intervals for p in range(2 * start, 2 * end + 1)})
    found: Intervals = []
    for _, run in itertools.groupby(enumerate(covered), key=lambda pair: pair[1] - pair[0]):
        points = [point for _, point in run]
        found.append([points[0] // 2, points[-1] // 2])
    return found


@atom(
    topic="intervals",
    says=(
        "the ascending list of [start, end] that is left when all intervals in {intervals}, given in the same form, "
        "that overlap or touch have been merged",
        "the fewest intervals [start, end], sorted, that cover the same points as {intervals}, ends included",
    ),
    names=("merge_intervals", "merge", "join_ranges"),
    inputs={"intervals": INTERVALS},
    reference=_joined,
    claims=(
        Claim("Intervals that touch are merged.", ([[3, 5], [1, 3]],), [[1, 5]]),
        Claim("An interval inside another one disappears.", ([[1, 9], [2, 3]],), [[1, 9]]),
    ),
    level=3,
)
def merged_intervals(intervals: list[list[int]]) -> list[list[int]]:
    merged: list[list[int]] = []
    for interval in sorted(intervals, key=lambda candidate: candidate[0]):
        last = len(merged) - 1
        if last >= 0 and interval[0] <= merged[last][1]:
            merged[last][1] = max(merged[last][1], interval[1])
        else:
            merged.append(list(interval))
    return merged


def _most_apart(intervals: Intervals) -> int:
    return max(
        size
        for size in range(len(intervals) + 1)
        for chosen in itertools.combinations(sorted(intervals), size)
        if all(a[1] <= b[0] for a, b in itertools.pairwise(chosen))
    )


def most_apart_by_table(intervals: list[list[int]]) -> int:
    ordered = sorted(intervals, key=lambda candidate: candidate[0])
    best = 0
    counts: list[int] = []
    for i, interval in enumerate(ordered):
        count = 1
        for j in range(i):
            if ordered[j][1] <= interval[0]:
                count = max(count, counts[j] + 1)
        counts.append(count)
        best = max(best, count)
    return best


@atom(
    topic="intervals",
    says=(
        "the largest number of intervals of {intervals}, each [start, end], that do not overlap; one may start where "
        "another ends",
        "how many of the talks {intervals}, given as [start, end], one person can hear from beginning to end, going "
        "from one to the next without delay",
    ),
    names=("max_non_overlapping", "most_talks", "schedule_most"),
    inputs={"intervals": INTERVALS},
    reference=_most_apart,
    claims=(
        Claim("Intervals that only touch do not overlap.", ([[1, 2], [2, 3]],), 2),
        Claim("A long one is left out for two short ones.", ([[0, 9], [1, 2], [3, 4]],), 2),
    ),
    also=(most_apart_by_table,),
    level=3,
)
def most_intervals_apart(intervals: list[list[int]]) -> int:
    count = 0
    free_from = -1000000
    for interval in sorted(intervals, key=lambda candidate: candidate[1]):
        if interval[0] >= free_from:
            count += 1
            free_from = interval[1]
    return count


def rooms_by_counting(intervals: list[list[int]]) -> int:
    most = 0
    for interval in intervals:
        running = 0
        for other in intervals:
            if other[0] <= interval[0] and interval[0] < other[1]:
                running += 1
        most = max(most, running)
    return most


@atom(
    topic="intervals",
    says=(
        "the least number of rooms in which all meetings {intervals}, each [start, end], can take place, when a room "
        "is free again at the end of its meeting",
        "how many of {intervals}, given as [start, end], go on at the same time at most, where one that ends at the "
        "moment in which another starts does not count with it",
    ),
    names=("rooms_needed", "min_rooms", "platforms_needed"),
    inputs={"intervals": INTERVALS},
    reference=lambda intervals: max((sum(s <= t < e for s, e in intervals) for t in range(25)), default=0),
    claims=(
        Claim("Without meetings no room is needed.", ([],), 0),
        Claim("Meetings one after the other share a room.", ([[1, 2], [2, 3]],), 1),
    ),
    also=(rooms_by_counting,),
    level=4,
)
def meeting_rooms_needed(intervals: list[list[int]]) -> int:
    starts = sorted(interval[0] for interval in intervals)
    ends = sorted(interval[1] for interval in intervals)
    rooms = 0
    ended = 0
    for start in starts:
        if ends[ended] <= start:
            ended += 1
        else:
            rooms += 1
    return rooms


@atom(
    topic="intervals",
    says=(
        "the total length of the number line that {intervals}, each [start, end], cover, where parts covered more "
        "than once count once",
        "how many units of time lie in at least one of {intervals}, a list of [start, end]",
    ),
    names=("covered_length", "total_coverage", "time_covered"),
    inputs={"intervals": INTERVALS},
    reference=lambda intervals: len({unit for start, end in intervals for unit in range(start, end)}),
    claims=(Claim("An overlap counts once.", ([[0, 4], [2, 6]],), 6),),
    level=3,
)
def length_covered(intervals: list[list[int]]) -> int:
    total = 0
    reached = -1000000
    for interval in sorted(intervals, key=lambda candidate: candidate[0]):
        start = max(interval[0], reached)
        if interval[1] > start:
            total += interval[1] - start
            reached = interval[1]
    return total


def _fewest_points(intervals: Intervals) -> int:
    return next(
        size
        for size in itertools.count()
        for points in itertools.combinations(range(22), size)
        if all(any(s <= p <= e for p in points) for s, e in intervals)
    )


@atom(
    topic="intervals",
    says=(
        "the smallest number of points on the number line such that each of {intervals}, given as [start, end], "
        "contains at least one of them, ends included",
        "how many visits are enough to meet every guest when {intervals} lists when each is there, as [first day, "
        "last day]",
    ),
    names=("fewest_points", "stab_intervals", "visits_needed"),
    inputs={"intervals": INTERVALS},
    reference=_fewest_points,
    claims=(
        Claim("Intervals that touch share a point.", ([[1, 2], [2, 3]],), 1),
        Claim("Without intervals no point is needed.", ([],), 0),
    ),
    level=4,
)
def points_to_hit_all(intervals: list[list[int]]) -> int:
    count = 0
    point = -1000000
    for interval in sorted(intervals, key=lambda candidate: candidate[1]):
        if interval[0] > point:
            count += 1
            point = interval[1]
    return count


@atom(
    topic="intervals",
    says=(
        "the parts that {first} and {second} have in common, as an ascending list of [start, end] with start before "
        "end; both are ascending lists of such intervals that do not touch one another",
        "all stretches of time, in order and as [start, end] of positive length, in which an interval of {first} and "
        "one of {second} go on together, when each list is sorted and its intervals keep apart",
    ),
    names=("intersect_intervals", "common_times", "overlaps"),
    inputs={"first": APART_INTERVALS, "second": APART_INTERVALS},
    reference=lambda first, second: sorted(
        [max(a, c), min(b, d)] for a, b in first for c, d in second if max(a, c) < min(b, d)
    ),
    claims=(
        Claim("Intervals that only touch have nothing in common.", ([[0, 2]], [[2, 3]]), []),
        Claim("The common part runs from the later start to the earlier end.", ([[0, 5]], [[3, 9]]), [[3, 5]]),
    ),
    level=3,
)
def common_intervals(first: list[list[int]], second: list[list[int]]) -> list[list[int]]:
    found: list[list[int]] = []
    i = 0
    j = 0
    while i < len(first) and j < len(second):
        start = max(first[i][0], second[j][0])
        end = min(first[i][1], second[j][1])
        if start < end:
            found.append([start, end])
        if first[i][1] < second[j][1]:
            i += 1
        else:
            j += 1
    return found


@atom(
    topic="intervals",
    says=(
        "the gaps between {intervals}, an ascending list of [start, end] that do not touch one another, within the "
        "time from 0 to {closing}, as an ascending list of [start, end] with start before end",
        "all free stretches, in order and as [start, end] of positive length, of the time from 0 to {closing} when "
        "{intervals} lists the busy ones in order, none of them touching another",
    ),
    names=("free_times", "find_gaps", "gaps_between"),
    inputs={"intervals": APART_INTERVALS, "closing": Whole(0, 25)},
    reference=lambda intervals, end: _joined_units(
        set(range(end)) - {unit for start, stop in intervals for unit in range(start, stop)}
    ),
    claims=(Claim("Without busy times everything is free.", ([], 5), [[0, 5]]),),
    level=3,
)
def gaps_in_schedule(intervals: list[list[int]], closing: int) -> list[list[int]]:
    gaps: list[list[int]] = []
    free_from = 0
    for interval in intervals:
        stop = min(interval[0], closing)
        if free_from < stop:
            gaps.append([free_from, stop])
        free_from = interval[1]
    if free_from < closing:
        gaps.append([free_from, closing])
    return gaps


def _joined_units(units: set[int]) -> Intervals:
    return [
        [unit, next(stop for stop in itertools.count(unit) if stop not in units)]
        for unit in sorted(units)
        if unit - 1 not in units
    ]


def _stations(rng: random.Random) -> Intervals:
    return [[rng.randint(0, 6), rng.randint(0, 6)] for _ in range(rng.randint(1, 6))]


def _round_trip(stations: Intervals) -> int:
    ring = stations + stations
    for start in range(len(stations)):
        leg = ring[start : start + len(stations)]
        if min(itertools.accumulate(fuel - use for fuel, use in leg)) >= 0:
            return start
    return -1


def round_trip_by_driving(stations: list[list[int]]) -> int:
    for start in range(len(stations)):
        tank = 0
        stops = 0
        while stops < len(stations) and tank >= 0:
            station = stations[(start + stops) % len(stations)]
            tank += station[0] - station[1]
            stops += 1
        if tank >= 0:
            return start
    return -1


@atom(
    topic="greedy",
    says=(
        "the smallest index of a station in {stations} from which a car with an empty tank can drive once round the "
        "whole ring, or -1 if there is none; station i is [fuel to be had there, fuel needed to the next one], the "
        "last is followed by the first",
        "the first place in the ring {stations}, given as [gain, cost], where one can start with 0 and go round so "
        "that adding each gain and then subtracting each cost never makes the stock negative; -1 if no place will do",
    ),
    names=("start_station", "round_trip_start", "gas_station"),
    inputs={"stations": Made(_stations, ([[0, 0]], [[0, 1]]))},
    reference=_round_trip,
    claims=(
        Claim("If more fuel is needed than there is, it is -1.", ([[1, 2]],), -1),
        Claim("The start need not be the first station.", ([[0, 1], [2, 1]],), 1),
    ),
    also=(round_trip_by_driving,),
    level=4,
)
def first_station_for_round(stations: list[list[int]]) -> int:
    start = 0
    tank = 0
    total = 0
    for i, station in enumerate(stations):
        gain = station[0] - station[1]
        tank += gain
        total += gain
        if tank < 0:
            start = i + 1
            tank = 0
    return start if total >= 0 else -1


def _reached(jumps: list[int]) -> list[set[int]]:
    layers = [{0}]
    while len(layers) <= len(jumps):
        layers.append({i + step for i in layers[-1] if i < len(jumps) for step in range(jumps[i] + 1)})
    return layers


@atom(
    topic="greedy",
    says=(
        "whether one can get from the first to the last position of {jumps} when item i is the farthest that one may "
        "jump ahead from position i",
        "whether the end of {jumps} can be reached from its beginning by going forward, from each place at most as "
        "many places as the number there says",
    ),
    names=("can_reach_end", "can_jump", "reaches_last"),
    inputs={"jumps": ListOf(Whole(0, 3), 1, 7)},
    reference=lambda jumps: len(jumps) - 1 in set().union(*_reached(jumps)),
    claims=(
        Claim("A single position is its own end.", ([0],), True),
        Claim("A zero that cannot be jumped over stops the way.", ([1, 0, 2],), False),
    ),
    level=3,
)
def end_is_reachable(jumps: list[int]) -> bool:
    farthest = 0
    for i, jump in enumerate(jumps):
        if i > farthest:
            return False
        farthest = max(farthest, i + jump)
    return True


@atom(
    topic="greedy",
    says=(
        "the least number of jumps from the first to the last position of {jumps}, where item i is the farthest that "
        "one may jump ahead from position i, or -1 if the end cannot be reached",
        "how many forward moves it takes at least to go through {jumps} from beginning to end if each move from a "
        "place may be as long as the number there; -1 if that is impossible",
    ),
    names=("fewest_jumps", "min_jumps", "jumps_to_end"),
    inputs={"jumps": ListOf(Whole(0, 4), 1, 8)},
    reference=lambda jumps: next((n for n, layer in enumerate(_reached(jumps)) if len(jumps) - 1 in layer), -1),
    claims=(
        Claim("At the end already no jump is needed.", ([5],), 0),
        Claim("From 0 there is no way on.", ([0, 1],), -1),
    ),
    level=4,
)
def jumps_needed(jumps: list[int]) -> int:
    count = 0
    limit = 0
    farthest = 0
    for i in range(len(jumps) - 1):
        farthest = max(farthest, i + jumps[i])
        if i == limit:
            if farthest == i:
                return -1
            count += 1
            limit = farthest
    return count


def _most_content(appetites: list[int], portions: list[int]) -> int:
    return max(
        sum(a <= p for a, p in zip(appetites, order, strict=False))
        for order in itertools.permutations(portions + [0] * len(appetites), len(appetites))
    )


@atom(
    topic="greedy",
    says=(
        "the largest number of guests that can be made content when each of {appetites} is what a guest needs at "
        "least, each of {portions} is given to one guest at most, and no guest gets two",
        "how many items of {appetites} can be matched at most with different items of {portions} that are at least as "
        "large",
    ),
    names=("content_guests", "feed_guests", "assign_portions"),
    inputs={"appetites": ListOf(Whole(1, 6), 0, 3), "portions": ListOf(Whole(1, 6), 0, 4)},
    reference=_most_content,
    claims=(
        Claim("A portion that is just large enough will do.", ([3], [3]), 1),
        Claim("Two small portions do not make a large one.", ([4], [2, 2]), 0),
    ),
    level=2,
)
def guests_made_content(appetites: list[int], portions: list[int]) -> int:
    hungry = sorted(appetites)
    served = 0
    for portion in sorted(portions):
        if served < len(hungry) and hungry[served] <= portion:
            served += 1
    return served


def _boat_splits(people: list[int]) -> Iterator[list[list[int]]]:
    if not people:
        yield []
        return
    first, rest = people[0], people[1:]
    for split in _boat_splits(rest):
        yield [[first], *split]
    for i, partner in enumerate(rest):
        for split in _boat_splits(rest[:i] + rest[i + 1 :]):
            yield [[first, partner], *split]


@atom(
    topic="greedy",
    says=(
        "the least number of boats for people of the weights {weights} when a boat holds one or two people and "
        "together at most {limit}, which nobody exceeds alone",
        "how many groups of at most two items with a sum of at most {limit} the items of {weights}, none of them "
        "larger than that, can be put into at least",
    ),
    names=("boats_needed", "min_boats", "pair_up"),
    inputs={"weights": ListOf(Whole(1, 8), 0, 6), "limit": Whole(6, 12)},
    needs=lambda weights, limit: max(weights, default=0) <= limit,
    reference=lambda weights, limit: min(
        len(split) for split in _boat_splits(weights) if all(sum(boat) <= limit for boat in split)
    ),
    claims=(Claim("Two who are too heavy together need two boats.", ([5, 4], 8), 2),),
    level=3,
)
def boats_for_people(weights: list[int], limit: int) -> int:
    ordered = sorted(weights)
    boats = 0
    light = 0
    heavy = len(ordered) - 1
    while light <= heavy:
        if ordered[light] + ordered[heavy] <= limit:
            light += 1
        heavy -= 1
        boats += 1
    return boats


def _jobs(rng: random.Random) -> Intervals:
    return [[rng.randint(1, 4), rng.randint(1, 9)] for _ in range(rng.randint(1, 5))]


@atom(
    topic="greedy",
    says=(
        "the largest total profit from doing some of {jobs}, each [deadline, profit], one job a day from day 1 on, "
        "each done on its deadline's day or earlier",
        "the most that can be earned with {jobs}, given as [last possible day, reward], when one of them is done per "
        "day and the days are numbered from 1",
    ),
    names=("best_job_profit", "schedule_jobs", "max_profit_jobs"),
    inputs={"jobs": Made(_jobs, ([],))},
    reference=lambda jobs: max(
        sum(profit for day, (deadline, profit) in enumerate(order, 1) if day <= deadline)
        for order in itertools.permutations(jobs)
    ),
    claims=(Claim("Of two jobs for day 1 only the better is done.", ([[1, 3], [1, 8]],), 8),),
    level=4,
)
def profit_before_deadlines(jobs: list[list[int]]) -> int:
    latest = 0
    for job in jobs:
        latest = max(latest, job[0])
    taken = [False] * (latest + 1)
    total = 0
    for job in sorted(jobs, key=lambda candidate: -candidate[1]):
        day = job[0]
        while day > 0 and taken[day]:
            day -= 1
        if day > 0:
            taken[day] = True
            total += job[1]
    return total


def _fair_shares(ratings: list[int]) -> list[int]:
    """The smallest shares that meet all rules, raised one by one where a rule is broken."""
    shares = [1] * len(ratings)
    pairs = [(i, j) for i in range(len(ratings)) for j in (i - 1, i + 1) if 0 <= j < len(ratings)]
    while broken := [i for i, j in pairs if ratings[i] > ratings[j] and shares[i] <= shares[j]]:
        shares[broken[0]] += 1
    return shares


@atom(
    topic="greedy",
    says=(
        "the least number of sweets for children in a row with {ratings} so that each gets at least one and more than "
        "every neighbour with a lower rating",
        "the smallest possible sum of positive whole numbers, one for each item of {ratings}, in which an item that "
        "is larger than the one beside it gets the larger number",
    ),
    names=("sweets_needed", "fair_sweets", "min_sweets"),
    inputs={"ratings": ListOf(Whole(1, 5), 0, 7)},
    reference=lambda ratings: sum(_fair_shares(ratings)),
    claims=(
        Claim("Equal neighbours need not get the same: 2, 2 takes two sweets.", ([2, 2],), 2),
        Claim("Falling ratings need 3, 2 and 1.", ([9, 5, 1],), 6),
    ),
    level=4,
)
def sweets_for_ratings(ratings: list[int]) -> int:
    shares = [1] * len(ratings)
    for i in range(1, len(ratings)):
        if ratings[i] > ratings[i - 1]:
            shares[i] = shares[i - 1] + 1
    for i in range(len(ratings) - 2, -1, -1):
        if ratings[i] > ratings[i + 1]:
            shares[i] = max(shares[i], shares[i + 1] + 1)
    return sum(shares)


def _merge_cost(weights: list[int]) -> int:
    heap = list(weights)
    heapq.heapify(heap)
    cost = 0
    while len(heap) > 1:
        joined = heapq.heappop(heap) + heapq.heappop(heap)
        cost += joined
        heapq.heappush(heap, joined)
    return cost


@atom(
    topic="greedy",
    says=(
        "the lowest total cost of joining ropes of the lengths {lengths} into one, when tying two ropes together "
        "costs the sum of their lengths (0 for fewer than two ropes)",
        "the smallest sum of all intermediate results when {lengths} are added up two numbers at a time, each pair "
        "replaced by its sum, until one number is left; 0 if there are fewer than two",
    ),
    names=("join_ropes", "merge_cost", "cheapest_joining"),
    inputs={"lengths": ListOf(Whole(1, 9), 0, 6)},
    reference=_merge_cost,
    claims=(Claim("Two ropes cost their sum.", ([2, 5],), 7), Claim("A single rope costs nothing.", ([4],), 0)),
    level=3,
)
def cost_of_joining(lengths: list[int]) -> int:
    ropes = sorted(lengths)
    cost = 0
    while len(ropes) > 1:
        joined = ropes[0] + ropes[1]
        cost += joined
        rest = ropes[2:]
        rest.append(joined)
        ropes = sorted(rest)
    return cost


def _part_lengths(text: str) -> list[int]:
    cuts = [i for i in range(1, len(text) + 1) if not set(text[:i]) & set(text[i:])]
    return [b - a for a, b in itertools.pairwise([0, *cuts])]


@atom(
    topic="greedy",
    says=(
        "the lengths, in order, of the parts when {text} is cut into as many parts as possible so that no character "
        "occurs in two of them",
        "the list of the sizes of the shortest consecutive pieces of {text} such that every character has all its "
        "occurrences in one piece",
    ),
    names=("partition_lengths", "split_by_letters", "part_sizes"),
    inputs={"text": Text("abcdef", 0, 9)},
    reference=_part_lengths,
    claims=(
        Claim("If all characters differ, every part has length 1.", ("abc",), [1, 1, 1]),
        Claim("The empty text has no parts.", ("",), []),
    ),
    level=3,
)
def lengths_of_closed_parts(text: str) -> list[int]:
    last: dict[char, int] = {}
    for i, c in enumerate(text):
        last[c] = i
    lengths: list[int] = []
    start = 0
    end = 0
    for i, c in enumerate(text):
        end = max(end, last[c])
        if i == end:
            lengths.append(i - start + 1)
            start = i + 1
    return lengths


@atom(
    topic="greedy",
    says=(
        "the largest profit from buying and selling one share at the daily prices {prices} as often as wished, at "
        "most one share held at a time",
        "the most that can be earned if one may own one share or none and buys and sells at {prices}, day by day, "
        "without limit on the number of trades",
    ),
    names=("trading_profit", "max_profit", "sum_of_rises"),
    inputs={"prices": ListOf(Whole(1, 9), 0, 8)},
    reference=lambda prices: (
        max(
            sum(prices[b] - prices[a] for a, b in zip(days[::2], days[1::2], strict=True))
            for size in range(0, len(prices) + 1, 2)
            for days in itertools.combinations(range(len(prices)), size)
        )
        if prices
        else 0
    ),
    claims=(Claim("Falling prices earn nothing.", ([3, 2],), 0), Claim("Every rise is earned.", ([1, 3, 2, 4],), 4)),
    level=3,
)
def profit_of_all_rises(prices: list[int]) -> int:
    profit = 0
    for i in range(1, len(prices)):
        if prices[i] > prices[i - 1]:
            profit += prices[i] - prices[i - 1]
    return profit


@atom(
    topic="greedy",
    says=(
        "the least number of groups into which the heights {heights} can be put so that within a group no two differ "
        "by more than {spread}",
        "how many boxes are needed at least for {heights} if the largest and the smallest number in a box may differ "
        "by at most {spread}",
    ),
    names=("fewest_groups", "group_by_spread", "min_groups"),
    inputs={"heights": ListOf(Whole(0, 15), 0, 7), "spread": Whole(0, 5)},
    reference=lambda heights, spread: next(
        size
        for size in range(len(heights) + 1)
        for starts in itertools.combinations(sorted(set(heights)), min(size, len(set(heights))))
        if all(any(start <= h <= start + spread for start in starts) for h in heights)
    ),
    claims=(
        Claim("Without heights there is no group.", ([], 3), 0),
        Claim("If {spread} is 0, each value is a group.", ([4, 4, 6], 0), 2),
    ),
    level=2,
)
def groups_within_spread(heights: list[int], spread: int) -> int:
    count = 0
    limit = -1
    for height in sorted(heights):
        if count == 0 or height > limit:
            count += 1
            limit = height + spread
    return count
