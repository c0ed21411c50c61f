"""First in, first out: people in line, rings that are counted round, windows that slide."""

import math
import random
from collections import Counter

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import ListOf, Made, Text, Whole
from hrm_edge.train.data.atoms.subset import char, deque


@atom(
    topic="queues",
    says=(
        "the order, as indices, in which jobs that need {work} units of time each are finished when they take turns "
        "in the order of the list: a turn is at most {quantum} units, and a job that needs more goes to the end of "
        "the line",
        "the indices of the jobs with the lengths {work}, first finished first, under round robin with time slices of "
        "{quantum} that starts with all jobs waiting in the order given",
    ),
    names=("round_robin", "finish_order", "schedule"),
    inputs={"work": ListOf(Whole(1, 9), 0, 6), "quantum": Whole(1, 4)},
    reference=lambda work, quantum: sorted(range(len(work)), key=lambda i: (math.ceil(work[i] / quantum), i)),
    claims=(
        Claim("If every job fits into one slice, they finish in the order given.", ([2, 1, 3], 3), [0, 1, 2]),
        Claim("A long first job is overtaken by a short one.", ([5, 2], 2), [1, 0]),
    ),
    level=3,
)
def round_robin_order(work: list[int], quantum: int) -> list[int]:
    left = list(work)
    waiting: deque[int] = deque(list(range(len(work))))
    finished: list[int] = []
    while waiting:
        job = waiting.popleft()
        left[job] -= min(quantum, left[job])
        if left[job] == 0:
            finished.append(job)
        else:
            waiting.append(job)
    return finished


def _ring_order(n: int, k: int) -> list[int]:
    people = list(range(1, n + 1))
    place = 0
    left = []
    while people:
        place = (place + k - 1) % len(people)
        left.append(people.pop(place))
    return left


def ring_survivor_by_formula(n: int, k: int) -> int:
    place = 0
    for size in range(2, n + 1):
        place = (place + k) % size
    return place + 1


@atom(
    topic="queues",
    says=(
        "the number of the last one left of {n} people in a ring, numbered from 1, when they are counted round from "
        "person 1 and every {k}-th one leaves",
        "the number of the one who remains of {n} people, numbered 1, 2, 3 and so on, when counting goes round, "
        "starts with number 1, and the person at every count of {k} is out",
    ),
    names=("josephus", "last_person", "survivor"),
    inputs={"n": Whole(1, 15), "k": Whole(1, 6)},
    reference=lambda n, k: _ring_order(n, k)[-1],
    claims=(
        Claim("If {k} is 1, the last person remains.", (6, 1), 6),
        Claim("A person alone remains.", (1, 4), 1),
    ),
    also=(ring_survivor_by_formula,),
    level=3,
)
def ring_survivor(n: int, k: int) -> int:
    ring: deque[int] = deque(list(range(1, n + 1)))
    while len(ring) > 1:
        for _ in range(k - 1):
            moved = ring.popleft()
            ring.append(moved)
        ring.popleft()
    return ring.popleft()


def leaving_order_by_index(n: int, k: int) -> list[int]:
    people = [i + 1 for i in range(n)]
    order: list[int] = []
    place = 0
    while people:
        place = (place + k - 1) % len(people)
        order.append(people[place])
        rest = people[:place]
        rest.extend(people[place + 1 :])
        people = rest
    return order


@atom(
    topic="queues",
    says=(
        "the order in which {n} people in a ring, numbered from 1, leave it when they are counted round from person 1 "
        "and every {k}-th one goes",
        "the numbers 1 to {n} in the order in which counting round a circle of them, from 1 on, strikes out every "
        "{k}-th",
    ),
    names=("josephus_order", "leaving_order", "counting_out"),
    inputs={"n": Whole(0, 9), "k": Whole(1, 5)},
    reference=_ring_order,
    claims=(
        Claim("If {k} is 2, the even numbers start.", (4, 2), [2, 4, 3, 1]),
        Claim("Nobody leaves an empty ring.", (0, 3), []),
    ),
    also=(leaving_order_by_index,),
    level=3,
)
def ring_leaving_order(n: int, k: int) -> list[int]:
    ring: deque[int] = deque(list(range(1, n + 1)))
    order: list[int] = []
    while ring:
        for _ in range(k - 1):
            moved = ring.popleft()
            ring.append(moved)
        out = ring.popleft()
        order.append(out)
    return order


def window_largest_by_slices(numbers: list[int], width: int) -> list[int]:
    return [max(numbers[i : i + width]) for i in range(len(numbers) - width + 1)]


@atom(
    topic="queues",
    says=(
        "the largest number in every window of {width} neighbouring numbers of {numbers}, from left to right; nothing "
        "if there are fewer numbers",
        "the list of maxima of all runs of {width} consecutive items of {numbers}, in order (empty if the list is "
        "shorter than that)",
    ),
    names=("sliding_maximum", "window_maxima", "max_in_windows"),
    inputs={"numbers": ListOf(Whole(-5, 9), 0, 9), "width": Whole(1, 4)},
    reference=lambda numbers, width: [sorted(numbers[i : i + width])[-1] for i in range(len(numbers) - width + 1)],
    claims=(
        Claim("If {width} is 1, it is the list itself.", ([3, 1], 1), [3, 1]),
        Claim("If {width} is larger than the list is long, it is empty.", ([3, 1], 3), []),
    ),
    also=(window_largest_by_slices,),
    level=4,
)
def window_largest(numbers: list[int], width: int) -> list[int]:
    found: list[int] = []
    candidates: list[int] = []
    first = 0
    for i, number in enumerate(numbers):
        while len(candidates) > first and numbers[candidates[-1]] <= number:
            candidates.pop()
        candidates.append(i)
        if candidates[first] <= i - width:
            first += 1
        if i >= width - 1:
            found.append(numbers[candidates[first]])
    return found


@atom(
    topic="queues",
    says=(
        "the list of the sums of each number of {numbers} and the {width} numbers before it, or as many as there are",
        "the running sums of {numbers} in which every item is added to up to {width} items right before it",
    ),
    names=("recent_sums", "moving_sums", "running_window_sums"),
    inputs={"numbers": ListOf(Whole(-5, 9), 0, 8), "width": Whole(0, 4)},
    reference=lambda numbers, width: [sum(numbers[max(0, i - width) : i + 1]) for i in range(len(numbers))],
    claims=(Claim("If {width} is 0, the list stays as it is.", ([4, 2], 0), [4, 2]),),
    level=2,
)
def sums_with_previous(numbers: list[int], width: int) -> list[int]:
    sums: list[int] = []
    recent: deque[int] = deque()
    total = 0
    for number in numbers:
        recent.append(number)
        total += number
        if len(recent) > width + 1:
            oldest = recent.popleft()
            total -= oldest
        sums.append(total)
    return sums


def _time_line(tasks: str, gap: int) -> int:
    line: list[str] = []
    for task in tasks:
        while task in line[max(0, len(line) - gap) :]:
            line.append("-")
        line.append(task)
    return len(line)


@atom(
    topic="queues",
    says=(
        "the number of time units in which the tasks {tasks}, one letter each, are done in this order, when each "
        "takes one unit and at least {gap} units must lie between two tasks with the same letter",
        "how long a machine is busy or waiting with the letters of {tasks}, which it does one after another, one unit "
        "each, if equal letters need a pause of {gap} units between them",
    ),
    names=("cooldown_time", "time_with_pauses", "task_time"),
    inputs={"tasks": Text("abc", 0, 8), "gap": Whole(0, 3)},
    reference=_time_line,
    claims=(
        Claim("Without a pause it is the number of tasks.", ("aab", 0), 3),
        Claim("Two equal tasks with a gap of 2 take 4 units.", ("aa", 2), 4),
    ),
    level=3,
)
def time_with_cooldown(tasks: str, gap: int) -> int:
    last: dict[char, int] = {}
    time = 0
    for task in tasks:
        time += 1
        if task in last:
            time = max(time, last[task] + gap + 1)
        last[task] = time
    return time


def _print_order(priorities: list[int]) -> list[int]:
    line = list(enumerate(priorities))
    order = []
    while line:
        top = max(priority for _, priority in line)
        place = next(i for i, (_, priority) in enumerate(line) if priority == top)
        order.append(line[place][0])
        line = line[place + 1 :] + line[:place]
    return order


@atom(
    topic="queues",
    says=(
        "the indices of the print jobs whose priorities are {priorities}, in the order in which they are printed: the "
        "first job in line goes to its end if any job in line has a higher number, otherwise it is printed",
        "the order, as indices, in which a printer serves jobs whose priorities are {priorities} and which stand in "
        "line as listed; a job at the front that is topped by another one in line moves to the back instead of being "
        "printed",
    ),
    names=("print_order", "printing_order", "printer_queue"),
    inputs={"priorities": ListOf(Whole(1, 5), 0, 6)},
    reference=_print_order,
    claims=(
        Claim("Equal jobs are printed as they stand.", ([2, 2],), [0, 1]),
        Claim(
            "The jobs that went back keep their turn: 2, 1, 3 are printed last, first, second.", ([2, 1, 3],), [2, 0, 1]
        ),
    ),
    level=3,
)
def order_of_printing(priorities: list[int]) -> list[int]:
    line: deque[int] = deque(list(range(len(priorities))))
    rest = sorted(priorities)
    order: list[int] = []
    while line:
        job = line.popleft()
        if priorities[job] == rest[-1]:
            order.append(job)
            rest.pop()
        else:
            line.append(job)
    return order


def _first_single(text: str) -> str:
    counts = Counter(text)
    return next((c for c in text if counts[c] == 1), "#")


@atom(
    topic="queues",
    says=(
        "the text that holds, for each prefix of {text} from the shortest non-empty one on, the first character that "
        'occurs just once in that prefix, or "#" if there is none',
        "the characters that one gets when {text} is read character by character and after each the earliest "
        'character seen exactly once so far is written down, or "#" where every one has come again',
    ),
    names=("first_unique_stream", "first_single_letters", "unique_so_far"),
    inputs={"text": Text("abcd", 0, 9)},
    reference=lambda text: "".join(_first_single(text[: i + 1]) for i in range(len(text))),
    claims=(Claim("After aa there is none: aab gives a#b.", ("aab",), "a#b"),),
    level=3,
)
def first_unique_letters(text: str) -> str:
    counts: dict[char, int] = {}
    seen: list[char] = []
    first = 0
    found: list[char] = []
    for c in text:
        if c not in counts:
            seen.append(c)
        counts[c] = counts.get(c, 0) + 1
        while first < len(seen) and counts[seen[first]] > 1:
            first += 1
        found.append(seen[first] if first < len(seen) else "#")
    return "".join(found)


@atom(
    topic="queues",
    says=(
        "the list that gives for each of the ascending times {times} the number of times up to and including it, in "
        "list order, that lie at most {span} before it",
        "how many calls are counted at each of {times}, which ascend, when a call counts as long as it is no more "
        "than {span} units old, the new one included and calls later in the list left out",
    ),
    names=("recent_calls", "calls_in_window", "count_recent"),
    inputs={"times": ListOf(Whole(0, 20), 0, 8, ascending=True), "span": Whole(0, 6)},
    reference=lambda times, span: [sum(t >= now - span for t in times[: i + 1]) for i, now in enumerate(times)],
    claims=(Claim("The first time always counts 1.", ([9], 0), [1]),),
    level=2,
)
def recent_call_counts(times: list[int], span: int) -> list[int]:
    counts: list[int] = []
    start = 0
    for i, time in enumerate(times):
        while times[start] < time - span:
            start += 1
        counts.append(i - start + 1)
    return counts


def _customers(rng: random.Random) -> list[list[int]]:
    times = sorted(rng.randint(0, 15) for _ in range(rng.randint(1, 6)))
    return [[time, rng.randint(1, 6)] for time in times]


def _waits(customers: list[list[int]]) -> list[int]:
    return [
        max(customers[j][0] + sum(length for _, length in customers[j:i]) for j in range(i + 1)) - arrival
        for i, (arrival, _) in enumerate(customers)
    ]


@atom(
    topic="queues",
    says=(
        "how long each customer of {customers} waits at the only counter until being served: item i is [arrival time, "
        "service time], the arrivals ascend, and customers are served in that order",
        "the waiting times before service at a single desk for {customers}, a list of [arrival, duration] by "
        "ascending arrival, where the desk serves one after another without a break as long as someone is there",
    ),
    names=("waiting_times", "waits", "counter_waits"),
    inputs={"customers": Made(_customers, ([], [[0, 3], [0, 2]]))},
    reference=_waits,
    claims=(Claim("The first customer does not wait.", ([[4, 9]],), [0]),),
    level=3,
)
def waits_at_counter(customers: list[list[int]]) -> list[int]:
    waits: list[int] = []
    free_at = 0
    for customer in customers:
        start = max(free_at, customer[0])
        waits.append(start - customer[0])
        free_at = start + customer[1]
    return waits


def binary_numerals_by_division(n: int) -> list[str]:
    numerals: list[str] = []
    for i in range(1, n + 1):
        rest = i
        digits = ""
        while rest > 0:
            digits = str(rest % 2) + digits
            rest //= 2
        numerals.append(digits)
    return numerals


@atom(
    topic="queues",
    says=(
        "the binary numerals of 1 to {n} as texts, in that order",
        "the first {n} positive whole numbers, ascending, each written in base 2",
    ),
    names=("binary_numbers", "generate_binary", "first_binary_numerals"),
    inputs={"n": Whole(0, 20)},
    reference=lambda n: [f"{i:b}" for i in range(1, n + 1)],
    claims=(Claim("For 3 these are 1, 10 and 11.", (3,), ["1", "10", "11"]),),
    also=(binary_numerals_by_division,),
    level=2,
)
def binary_numerals(n: int) -> list[str]:
    numerals: list[str] = []
    waiting: deque[str] = deque(["1"])
    for _ in range(n):
        numeral = waiting.popleft()
        numerals.append(numeral)
        waiting.append(numeral + "0")
        waiting.append(numeral + "1")
    return numerals


def ticket_time_by_sum(tickets: list[int], position: int) -> int:
    total = 0
    for i, wanted in enumerate(tickets):
        limit = tickets[position] if i <= position else tickets[position] - 1
        total += min(wanted, limit)
    return total


def _sell(tickets: list[int], position: int) -> int:
    line = [person for turn in range(max(tickets)) for person, wanted in enumerate(tickets) if wanted > turn]
    return max(i for i, person in enumerate(line) if person == position) + 1


@atom(
    topic="queues",
    says=(
        "the number of tickets that have been sold when the person at index {position} has all tickets, if people in "
        "line want {tickets} tickets each, the first in line buys one at a time and goes to the end unless that was "
        "the last one wanted",
        "the number of sales until the person who starts at index {position} is done, where the people in line want "
        "{tickets} tickets, and each buys a single one per turn and lines up again while more are wanted",
    ),
    names=("ticket_time", "sales_until_done", "time_in_line"),
    inputs={"tickets": ListOf(Whole(1, 5), 1, 6), "position": Whole(0, 4)},
    needs=lambda tickets, position: position < len(tickets),
    reference=_sell,
    claims=(Claim("Alone in line it takes as many sales as tickets wanted.", ([4], 0), 4),),
    also=(ticket_time_by_sum,),
    level=3,
)
def sales_until_served(tickets: list[int], position: int) -> int:
    wanted = list(tickets)
    line: deque[int] = deque(list(range(len(tickets))))
    sold = 0
    while wanted[position] > 0:
        person = line.popleft()
        wanted[person] -= 1
        sold += 1
        if wanted[person] > 0:
            line.append(person)
    return sold
