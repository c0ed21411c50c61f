"""Simple classes: a log of operations is replayed on an object, and what it answers is given back."""

import bisect
import heapq
import itertools
import random
from collections import Counter, OrderedDict, deque
from fractions import Fraction as ExactFraction

from hrm_edge.train.data.atoms.atom import Claim, atom
from hrm_edge.train.data.atoms.domains import ListOf, Made, OneOf, Text, Whole
from hrm_edge.train.data.atoms.structures import log_of, verb
from hrm_edge.train.data.atoms.subset import char

_SMALL = range(10)
_NAMES = ("ann", "bob", "eve")


class Tally:
    def __init__(self) -> None:
        self.count = 0
        self.highest = 0

    def step(self, amount: int) -> None:
        self.count = max(0, self.count + amount)
        self.highest = max(self.highest, self.count)

    def reset(self) -> None:
        self.count = 0


def _highest_count(operations: list[str]) -> int:
    counts = [0]
    for operation in operations:
        step = {"up": 1, "down": -1, "reset": -counts[-1]}[operation]
        counts.append(max(0, counts[-1] + step))
    return max(counts)


@atom(
    topic="classes",
    says=(
        'the highest count that a counter shows while it goes through {operations}: it starts at 0, "up" adds one, '
        '"down" takes one away unless it shows 0, and "reset" sets it back to 0',
        'the largest number a people counter reaches that begins at 0 and gets the commands {operations}, where "up" '
        'and "down" change it by one, never below 0, and "reset" makes it 0',
    ),
    names=("highest_count", "peak_of_counter", "max_tally"),
    inputs={"operations": log_of(*[lambda _: "up"] * 4, lambda _: "down", lambda _: "reset")},
    reference=_highest_count,
    claims=(Claim("A counter that gets no command stays at 0.", ([],), 0),),
    level=2,
)
def highest_tally(operations: list[str]) -> int:
    tally = Tally()
    for operation in operations:
        if operation == "up":
            tally.step(1)
        elif operation == "down":
            tally.step(-1)
        else:
            tally.reset()
    return tally.highest


class MinimumStack:
    def __init__(self) -> None:
        self.values: list[int] = []
        self.minima: list[int] = []

    def is_empty(self) -> bool:
        return len(self.values) == 0

    def push(self, value: int) -> None:
        self.values.append(value)
        if not self.minima or value < self.minima[-1]:
            self.minima.append(value)
        else:
            self.minima.append(self.minima[-1])

    def drop(self) -> None:
        self.values.pop()
        self.minima.pop()

    def minimum(self) -> int:
        return self.minima[-1]


def _stack_minima(operations: list[str]) -> list[int]:
    stack: list[int] = []
    found = []
    for operation in operations:
        if operation.startswith("push"):
            stack.append(int(operation.split()[1]))
        elif operation == "pop":
            del stack[-1:]
        else:
            found.append(min(stack, default=-1))
    return found


@atom(
    topic="classes",
    says=(
        'the list of the answers that a stack gives, in order, to the "min" lines among {operations}: "push x" puts '
        'the number x on top, "pop" takes the top off (nothing happens if the stack is empty), and "min" asks for the '
        "smallest number in the stack, -1 if it is empty",
        'the list of what every "min" in {operations} reports, the smallest number then on the stack or -1 for an '
        'empty one, when "push x" adds x and "pop" removes the latest number, if there is one',
    ),
    names=("min_stack", "stack_minima", "replay_min_stack"),
    inputs={
        "operations": log_of(
            verb("push", _SMALL), verb("push", _SMALL), lambda _: "pop", lambda _: "min", lambda _: "min", longest=9
        )
    },
    reference=_stack_minima,
    claims=(
        Claim("An empty stack answers -1.", (["min"],), [-1]),
        Claim("After a pop the earlier minimum counts again.", (["push 5", "push 2", "pop", "min"],), [5]),
    ),
    level=3,
)
def answers_of_minimum_stack(operations: list[str]) -> list[int]:
    stack = MinimumStack()
    answers: list[int] = []
    for operation in operations:
        if operation == "min":
            answers.append(-1 if stack.is_empty() else stack.minimum())
        elif operation == "pop":
            if not stack.is_empty():
                stack.drop()
        else:
            stack.push(int(operation.split()[1]))
    return answers


class SavingsAccount:
    def __init__(self, balance: int) -> None:
        self.balance = balance
        self.refused = 0

    def deposit(self, amount: int) -> None:
        self.balance += amount

    def withdraw(self, amount: int) -> None:
        if amount > self.balance:
            self.refused += 1
        else:
            self.balance -= amount


def _account(balance: int, orders: list[str]) -> tuple[int, int]:
    refused = 0
    for order in orders:
        amount = int(order.split()[1]) * (1 if order.startswith("deposit") else -1)
        if balance + amount < 0:
            refused += 1
        else:
            balance += amount
    return balance, refused


@atom(
    topic="classes",
    says=(
        "the balance of an account after {orders}, and how many of them were refused: it starts with {balance}, "
        '"deposit x" adds x, and "withdraw x" takes x away but is refused if there is less than x',
        "the pair of final balance and number of refused withdrawals of an account that holds {balance} at first and "
        'carries out {orders} one by one, lines such as "deposit 5" and "withdraw 3", where nothing is withdrawn that '
        "is not there",
    ),
    names=("run_account", "replay_orders", "account_summary"),
    inputs={
        "balance": Whole(0, 20),
        "orders": log_of(verb("deposit", range(1, 20)), verb("withdraw", range(1, 20)), verb("withdraw", range(5, 30))),
    },
    reference=_account,
    claims=(
        Claim("The whole balance may be withdrawn.", (5, ["withdraw 5"]), (0, 0)),
        Claim("A refused withdrawal changes nothing.", (5, ["withdraw 6"]), (5, 1)),
    ),
    level=2,
)
def account_after_orders(balance: int, orders: list[str]) -> tuple[int, int]:
    account = SavingsAccount(balance)
    for order in orders:
        parts = order.split()
        if parts[0] == "deposit":
            account.deposit(int(parts[1]))
        else:
            account.withdraw(int(parts[1]))
    return account.balance, account.refused


class ExactRatio:
    def __init__(self, top: int, bottom: int) -> None:
        self.top = top
        self.bottom = bottom

    def add(self, numerator: int, denominator: int) -> None:
        self.top = self.top * denominator + numerator * self.bottom
        self.bottom *= denominator
        self.reduce()

    def reduce(self) -> None:
        a = self.top
        b = self.bottom
        while b != 0:
            a, b = b, a % b
        self.top //= a
        self.bottom //= a


def _fraction_sum(fractions: list[list[int]]) -> list[int]:
    total = sum((ExactFraction(top, bottom) for top, bottom in fractions), ExactFraction(0))
    return [total.numerator, total.denominator]


def _fractions(rng: random.Random) -> list[list[int]]:
    return [[rng.randint(0, 9), rng.randint(1, 9)] for _ in range(rng.randint(1, 4))]


@atom(
    topic="classes",
    says=(
        "the sum of {fractions}, each [numerator, denominator] with a positive denominator, as such a list in lowest "
        "terms ([0, 1] for a sum of zero)",
        "the list of numerator and denominator, without common factors, of the total of {fractions}, which are given "
        "in the same way with no negative numbers; [0, 1] if the total is 0",
    ),
    names=("add_fractions", "sum_fractions", "fraction_total"),
    inputs={"fractions": Made(_fractions, ([], [[0, 5]]))},
    reference=_fraction_sum,
    claims=(
        Claim("A half and a third make five sixths.", ([[1, 2], [1, 3]],), [5, 6]),
        Claim("The result is reduced: two quarters make a half.", ([[1, 4], [1, 4]],), [1, 2]),
    ),
    level=3,
)
def total_of_fractions(fractions: list[list[int]]) -> list[int]:
    total = ExactRatio(0, 1)
    for fraction in fractions:
        total.add(fraction[0], fraction[1])
    return [total.top, total.bottom]


class LinkedChain:
    def __init__(self) -> None:
        self.values: list[int] = []
        self.following: list[int] = []
        self.head = -1

    def prepend(self, value: int) -> None:
        self.values.append(value)
        self.following.append(self.head)
        self.head = len(self.values) - 1

    def remove(self, value: int) -> None:
        previous = -1
        node = self.head
        while node != -1 and self.values[node] != value:
            previous = node
            node = self.following[node]
        if node == -1:
            return
        if previous == -1:
            self.head = self.following[node]
        else:
            self.following[previous] = self.following[node]

    def turn_round(self) -> None:
        previous = -1
        node = self.head
        while node != -1:
            after = self.following[node]
            self.following[node] = previous
            previous = node
            node = after
        self.head = previous

    def to_list(self) -> list[int]:
        found: list[int] = []
        node = self.head
        while node != -1:
            found.append(self.values[node])
            node = self.following[node]
        return found


def _list_after(operations: list[str]) -> list[int]:
    values: list[int] = []
    for operation in operations:
        word, *rest = operation.split()
        if word == "add":
            values.insert(0, int(rest[0]))
        elif word == "reverse":
            values.reverse()
        elif int(rest[0]) in values:
            values.remove(int(rest[0]))
    return values


@atom(
    topic="classes",
    says=(
        'the numbers, from front to back, of a list that starts empty and goes through {operations}: "add x" puts x '
        'at the front, "remove x" takes out the first x from the front (nothing happens if there is none), and '
        '"reverse" turns the list round',
        'the content of a linked list after {operations}, lines that are "add x" (a new first number x), "remove x" '
        '(the x nearest to the front goes, if there is one) or "reverse" (the order is turned round), beginning with '
        "no numbers",
    ),
    names=("replay_list", "linked_list_after", "list_operations"),
    inputs={
        "operations": log_of(
            verb("add", range(5)),
            verb("add", range(5)),
            verb("add", range(5)),
            verb("remove", range(5)),
            lambda _: "reverse",
            longest=9,
        )
    },
    reference=_list_after,
    claims=(
        Claim("The latest number stands in front.", (["add 1", "add 2"],), [2, 1]),
        Claim("To remove what is not there changes nothing.", (["add 1", "remove 3"],), [1]),
    ),
    level=4,
)
def chain_after_operations(operations: list[str]) -> list[int]:
    chain = LinkedChain()
    for operation in operations:
        parts = operation.split()
        if parts[0] == "add":
            chain.prepend(int(parts[1]))
        elif parts[0] == "remove":
            chain.remove(int(parts[1]))
        else:
            chain.turn_round()
    return chain.to_list()


class StockRoom:
    def __init__(self) -> None:
        self.amounts: dict[str, int] = {}

    def add(self, thing: str, amount: int) -> None:
        self.amounts[thing] = self.amounts.get(thing, 0) + amount

    def take(self, thing: str, amount: int) -> int:
        given = min(amount, self.amounts.get(thing, 0))
        if given > 0:
            self.amounts[thing] -= given
            if self.amounts[thing] == 0:
                del self.amounts[thing]
        return given


def _stock(orders: list[str]) -> dict[str, int]:
    left: Counter[str] = Counter()
    for order in orders:
        word, thing, amount = order.split()
        left[thing] = max(0, left[thing] + (int(amount) if word == "add" else -int(amount)))
    return {thing: amount for thing, amount in left.items() if amount > 0}


_THINGS = ("nut", "bolt", "nail")
_ORDERS = log_of(verb("add", _THINGS, range(1, 6)), verb("take", _THINGS, range(1, 6)))


@atom(
    topic="classes",
    says=(
        'the stock left after {orders}, as a map from each thing that is still there to its amount: "add thing n" '
        'puts n pieces into the empty store, "take thing n" takes n out, or all there are if there are fewer',
        "the map of the positive amounts by thing in a store that is empty at first and gets the lines {orders}, "
        'either "add thing n" or "take thing n"; no more is taken than there is, and what has run out is not listed',
    ),
    names=("stock_after", "inventory", "replay_stock"),
    inputs={"orders": _ORDERS},
    reference=_stock,
    claims=(
        Claim("What is taken out completely is not listed.", (["add nut 2", "take nut 2"],), {}),
        Claim("From an empty store nothing is taken.", (["take nut 2", "add nut 3"],), {"nut": 3}),
    ),
    level=3,
)
def stock_after_orders(orders: list[str]) -> dict[str, int]:
    room = StockRoom()
    for order in orders:
        parts = order.split()
        if parts[0] == "add":
            room.add(parts[1], int(parts[2]))
        else:
            room.take(parts[1], int(parts[2]))
    return room.amounts


@atom(
    topic="classes",
    says=(
        'the list of how many pieces each "take" line of {orders} really gets: "add thing n" puts n pieces into a '
        'store that is empty at first, "take thing n" gets n of them or as many as are there',
        'the amounts handed out, in order, for the lines "take thing n" in {orders} by a store that starts empty, '
        'grows by lines "add thing n", and never gives more of a thing than it has',
    ),
    names=("amounts_given", "handed_out", "fulfil_orders"),
    inputs={"orders": _ORDERS},
    reference=lambda orders: [
        min(int(order.split()[2]), _stock(orders[:i]).get(order.split()[1], 0))
        for i, order in enumerate(orders)
        if order.startswith("take")
    ],
    claims=(Claim("An empty store gives nothing.", (["take nail 3"],), [0]),),
    level=3,
)
def amounts_handed_out(orders: list[str]) -> list[int]:
    room = StockRoom()
    given: list[int] = []
    for order in orders:
        parts = order.split()
        if parts[0] == "add":
            room.add(parts[1], int(parts[2]))
        else:
            given.append(room.take(parts[1], int(parts[2])))
    return given


class CarPark:
    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.inside: set[str] = set()

    def enter(self, car: str) -> bool:
        if len(self.inside) == self.capacity or car in self.inside:
            return False
        self.inside.add(car)
        return True

    def leave(self, car: str) -> bool:
        if car not in self.inside:
            return False
        self.inside.discard(car)
        return True


def _gate(capacity: int, events: list[str]) -> list[bool]:
    inside: list[str] = []
    answers = []
    for word, car in map(str.split, events):
        allowed = (car in inside) if word == "leave" else (car not in inside and len(inside) < capacity)
        answers.append(allowed)
        if allowed:
            inside = [other for other in inside if other != car] if word == "leave" else [*inside, car]
    return answers


@atom(
    topic="classes",
    says=(
        "the list that says for each of {events} whether it is possible in a car park with {capacity} places that is "
        'empty at first and ignores what is impossible: "enter c" needs a free place and that car c is not inside, '
        '"leave c" needs that it is',
        "the list of true and false that the gate of an empty car park for {capacity} cars gives for {events}: a car "
        'may enter if it is outside and the park is not full ("enter c"), and leave if it is inside ("leave c"); what '
        "is refused does not happen",
    ),
    names=("gate_answers", "parking_log", "car_park"),
    inputs={
        "capacity": Whole(0, 3),
        "events": log_of(verb("enter", "abcd"), verb("enter", "abcd"), verb("leave", "abcd")),
    },
    reference=_gate,
    claims=(
        Claim("Without places nobody enters.", (0, ["enter a"]), [False]),
        Claim("A car cannot enter twice.", (2, ["enter a", "enter a"]), [True, False]),
    ),
    level=3,
)
def answers_of_gate(capacity: int, events: list[str]) -> list[bool]:
    park = CarPark(capacity)
    answers: list[bool] = []
    for event in events:
        parts = event.split()
        if parts[0] == "enter":
            answers.append(park.enter(parts[1]))
        else:
            answers.append(park.leave(parts[1]))
    return answers


class RecentCache:
    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.values: dict[str, int] = {}
        self.order: list[str] = []

    def touch(self, key: str) -> None:
        self.order = [other for other in self.order if other != key]
        self.order.append(key)

    def get(self, key: str) -> int:
        if key not in self.values:
            return -1
        self.touch(key)
        return self.values[key]

    def put(self, key: str, value: int) -> None:
        self.values[key] = value
        self.touch(key)
        if len(self.order) > self.capacity:
            oldest = self.order[0]
            self.order = self.order[1:]
            del self.values[oldest]


def _cache_answers(capacity: int, operations: list[str]) -> list[int]:
    cache: OrderedDict[str, int] = OrderedDict()
    answers = []
    for operation in operations:
        word, key, *rest = operation.split()
        if word == "get":
            answers.append(cache.get(key, -1))
            if key in cache:
                cache.move_to_end(key)
            continue
        cache[key] = int(rest[0])
        cache.move_to_end(key)
        while len(cache) > capacity:
            cache.popitem(last=False)
    return answers


@atom(
    topic="classes",
    says=(
        'the list of the answers to the "get" lines of {operations} by a cache for {capacity} keys: "put k v" stores '
        'the number v under k, "get k" answers with what is stored under k, or -1 if there is nothing, and when a put '
        "makes it too full the key that has not been put or got for the longest time is dropped",
        'the list of what each "get k" in {operations} finds (-1 for nothing) in an empty least-recently-used cache '
        'with room for {capacity} keys that is filled by "put k v" lines',
    ),
    names=("lru_cache", "cache_answers", "replay_cache"),
    inputs={
        "capacity": Whole(1, 3),
        "operations": log_of(verb("put", "abcd", _SMALL), verb("get", "abcd"), verb("get", "abcd"), longest=10),
    },
    reference=_cache_answers,
    claims=(
        Claim("A key that was never put gives -1.", (1, ["get a"]), [-1]),
        Claim("To get a key keeps it.", (2, ["put a 1", "put b 2", "get a", "put c 3", "get a", "get b"]), [1, 1, -1]),
    ),
    level=5,
)
def answers_of_cache(capacity: int, operations: list[str]) -> list[int]:
    cache = RecentCache(capacity)
    answers: list[int] = []
    for operation in operations:
        parts = operation.split()
        if parts[0] == "get":
            answers.append(cache.get(parts[1]))
        else:
            cache.put(parts[1], int(parts[2]))
    return answers


class RingBuffer:
    def __init__(self, capacity: int) -> None:
        self.slots = [0] * capacity
        self.start = 0
        self.count = 0

    def write(self, value: int) -> None:
        if self.count == len(self.slots):
            self.slots[self.start] = value
            self.start = (self.start + 1) % len(self.slots)
        else:
            free = (self.start + self.count) % len(self.slots)
            self.slots[free] = value
            self.count += 1

    def read(self) -> int:
        if self.count == 0:
            return -1
        value = self.slots[self.start]
        self.start = (self.start + 1) % len(self.slots)
        self.count -= 1
        return value


def _buffer_answers(capacity: int, operations: list[str]) -> list[int]:
    buffer: deque[int] = deque(maxlen=capacity)
    answers = []
    for operation in operations:
        if operation == "read":
            answers.append(buffer.popleft() if buffer else -1)
        else:
            buffer.append(int(operation.split()[1]))
    return answers


@atom(
    topic="classes",
    says=(
        'the list of the answers to the "read" lines of {operations} by a ring buffer with {capacity} slots: "write '
        'x" stores the number x and overwrites the oldest one if all slots are full, "read" takes out the oldest '
        "number, or answers -1 if there is none",
        'the list of numbers that the lines "read" in {operations} give, oldest stored number first and -1 if nothing '
        'is stored, when "write x" adds x to a buffer that keeps only the latest {capacity} unread numbers',
    ),
    names=("ring_buffer", "buffer_answers", "replay_buffer"),
    inputs={
        "capacity": Whole(1, 3),
        "operations": log_of(
            verb("write", _SMALL), verb("write", _SMALL), lambda _: "read", lambda _: "read", longest=10
        ),
    },
    reference=_buffer_answers,
    claims=(
        Claim("An empty buffer answers -1.", (2, ["read"]), [-1]),
        Claim("The oldest number is overwritten.", (1, ["write 4", "write 5", "read"]), [5]),
    ),
    level=4,
)
def answers_of_ring_buffer(capacity: int, operations: list[str]) -> list[int]:
    buffer = RingBuffer(capacity)
    answers: list[int] = []
    for operation in operations:
        if operation == "read":
            answers.append(buffer.read())
        else:
            buffer.write(int(operation.split()[1]))
    return answers


class TwoStackQueue:
    def __init__(self) -> None:
        self.entering: list[int] = []
        self.leaving: list[int] = []

    def line_up(self, value: int) -> None:
        self.entering.append(value)

    def serve(self) -> int:
        if not self.leaving:
            while self.entering:
                moved = self.entering.pop()
                self.leaving.append(moved)
        if not self.leaving:
            return -1
        return self.leaving.pop()


@atom(
    topic="classes",
    says=(
        'the numbers served, in order, by the "serve" lines of {operations}: "join x" puts x at the end of a line '
        'that is empty at first, "serve" takes the first number of the line, or gives -1 if nobody is there',
        'the list of what each "serve" in {operations} returns when numbers join a queue by "join x" and are served '
        "first come, first served, with -1 for an empty queue",
    ),
    names=("serve_queue", "served", "replay_queue"),
    inputs={
        "operations": log_of(
            verb("join", _SMALL), verb("join", _SMALL), lambda _: "serve", lambda _: "serve", longest=9
        )
    },
    reference=lambda operations: _buffer_answers(
        99, [operation.replace("join", "write").replace("serve", "read") for operation in operations]
    ),
    claims=(Claim("Who comes first is served first.", (["join 3", "join 8", "serve"],), [3]),),
    level=3,
)
def numbers_served(operations: list[str]) -> list[int]:
    line = TwoStackQueue()
    served: list[int] = []
    for operation in operations:
        if operation == "serve":
            served.append(line.serve())
        else:
            line.line_up(int(operation.split()[1]))
    return served


class PrefixTree:
    def __init__(self) -> None:
        self.children: list[dict[char, int]] = [{}]
        self.passed: list[int] = [0]

    def insert(self, word: str) -> None:
        node = 0
        self.passed[0] += 1
        for letter in word:
            if letter not in self.children[node]:
                self.children[node][letter] = len(self.children)
                self.children.append({})
                self.passed.append(0)
            node = self.children[node][letter]
            self.passed[node] += 1

    def count(self, prefix: str) -> int:
        node = 0
        for letter in prefix:
            if letter not in self.children[node]:
                return 0
            node = self.children[node][letter]
        return self.passed[node]


@atom(
    topic="classes",
    says=(
        "the list of the numbers of items of {words} that begin with each of {prefixes}; every word begins with the "
        "empty text, and words listed twice count twice",
        "the list that says for every text in {prefixes}, in order, how many of {words} start with it, repeats counted",
    ),
    names=("count_prefixes", "words_with_prefix", "prefix_counts"),
    inputs={"words": ListOf(Text("ab", 0, 4), 0, 6), "prefixes": ListOf(Text("ab", 0, 3), 1, 4)},
    reference=lambda words, prefixes: [sum(word.startswith(prefix) for word in words) for prefix in prefixes],
    claims=(Claim("A whole word is a prefix of itself.", (["ab"], ["ab", "b"]), [1, 0]),),
    level=4,
)
def counts_by_prefix(words: list[str], prefixes: list[str]) -> list[int]:
    tree = PrefixTree()
    for word in words:
        tree.insert(word)
    return [tree.count(prefix) for prefix in prefixes]


class SearchTree:
    def __init__(self) -> None:
        self.keys: list[int] = []
        self.lefts: list[int] = []
        self.rights: list[int] = []

    def insert(self, key: int) -> int:
        depth = 0
        node = 0
        if not self.keys:
            self.add_node(key)
            return 0
        while key != self.keys[node]:
            depth += 1
            below = self.lefts[node] if key < self.keys[node] else self.rights[node]
            if below == -1:
                if key < self.keys[node]:
                    self.lefts[node] = len(self.keys)
                else:
                    self.rights[node] = len(self.keys)
                self.add_node(key)
                return depth
            node = below
        return depth

    def add_node(self, key: int) -> None:
        self.keys.append(key)
        self.lefts.append(-1)
        self.rights.append(-1)


def _tree_depths(numbers: list[int]) -> list[int]:
    """A new key lies one below the deeper of its neighbours in key order; nothing is ever moved."""
    keys: list[int] = []
    depths: dict[int, int] = {}
    for number in numbers:
        if number not in depths:
            place = bisect.bisect(keys, number)
            depths[number] = 1 + max((depths[key] for key in keys[max(0, place - 1) : place + 1]), default=-1)
            keys.insert(place, number)
    return [depths[number] for number in numbers]


@atom(
    topic="classes",
    says=(
        "the list of the depths, the root's being 0, at which {numbers} end up when they are put one after another "
        "into an empty binary search tree without balancing, smaller numbers to the left; a number that is there "
        "already gives the depth where it is",
        "the list that gives for every number of {numbers} the number of nodes above it in the plain binary search "
        "tree that grows from them in this order, where a repeated number is not inserted again but looked up",
    ),
    names=("tree_depths", "insertion_depths", "bst_depths"),
    inputs={"numbers": ListOf(Whole(0, 15), 0, 8)},
    reference=_tree_depths,
    claims=(
        Claim("The first number is the root.", ([7],), [0]),
        Claim("Ascending numbers make a chain.", ([1, 2, 3],), [0, 1, 2]),
    ),
    level=4,
)
def depths_in_search_tree(numbers: list[int]) -> list[int]:
    tree = SearchTree()
    depths: list[int] = []
    for number in numbers:
        depths.append(tree.insert(number))
    return depths


class ScoreBoard:
    def __init__(self) -> None:
        self.points: dict[str, int] = {}

    def score(self, player: str, amount: int) -> None:
        self.points[player] = self.points.get(player, 0) + amount

    def leader(self) -> str:
        best = ""
        for player in sorted(self.points):
            if best == "" or self.points[player] > self.points[best]:
                best = player
        return best


def _leaders(scores: list[str]) -> list[str]:
    found = []
    for i in range(len(scores)):
        totals: Counter[str] = Counter()
        for line in scores[: i + 1]:
            totals[line.split()[0]] += int(line.split()[1])
        found.append(min(totals, key=lambda player: (-totals[player], player)))
    return found


@atom(
    topic="classes",
    says=(
        'the names of the leader after each line of {scores}, lines such as "ann 5" that give a player points: the '
        "one with the most points so far among those named so far, of equals the alphabetically first",
        "the list that says for every prefix of {scores} with at least one line who is ahead, where a line is a name, "
        "a blank and the points scored, points of one name add up, and a tie goes to the name that comes first in the "
        "alphabet",
    ),
    names=("leaders", "who_leads", "leader_after_each"),
    inputs={"scores": log_of(*(verb(name, range(1, 8)) for name in _NAMES))},
    reference=_leaders,
    claims=(
        Claim("A tie goes to the first in the alphabet.", (["bob 4", "ann 4"],), ["bob", "ann"]),
        Claim("Without lines there is no leader to list.", ([],), []),
    ),
    level=3,
)
def leaders_over_time(scores: list[str]) -> list[str]:
    board = ScoreBoard()
    leaders_so_far: list[str] = []
    for line in scores:
        parts = line.split()
        board.score(parts[0], int(parts[1]))
        leaders_so_far.append(board.leader())
    return leaders_so_far


class SmallestFirst:
    def __init__(self) -> None:
        self.heap: list[int] = []

    def push(self, value: int) -> None:
        self.heap.append(value)
        place = len(self.heap) - 1
        while place > 0 and self.heap[(place - 1) // 2] > self.heap[place]:
            above = (place - 1) // 2
            self.heap[place], self.heap[above] = self.heap[above], self.heap[place]
            place = above

    def pop_smallest(self) -> int:
        if not self.heap:
            return -1
        smallest = self.heap[0]
        last = self.heap.pop()
        if self.heap:
            self.heap[0] = last
            self.sink(0)
        return smallest

    def sink(self, place: int) -> None:
        while 2 * place + 1 < len(self.heap):
            child = 2 * place + 1
            if child + 1 < len(self.heap) and self.heap[child + 1] < self.heap[child]:
                child += 1
            if self.heap[place] <= self.heap[child]:
                return
            self.heap[place], self.heap[child] = self.heap[child], self.heap[place]
            place = child


def _heap_answers(operations: list[str]) -> list[int]:
    heap: list[int] = []
    answers = []
    for operation in operations:
        if operation == "next":
            answers.append(heapq.heappop(heap) if heap else -1)
        else:
            heapq.heappush(heap, int(operation.split()[1]))
    return answers


@atom(
    topic="classes",
    says=(
        'the list of the answers to the "next" lines of {operations} by a waiting room: "add x" lets the number x in, '
        '"next" calls out and removes the smallest number inside, or -1 if the room is empty',
        'the list of what each "next" of {operations} gives, the smallest of the numbers put in by "add x" and not '
        "yet given, or -1 if there is none",
    ),
    names=("priority_queue", "smallest_first", "replay_heap"),
    inputs={
        "operations": log_of(
            verb("add", range(20)), verb("add", range(20)), lambda _: "next", lambda _: "next", longest=10
        )
    },
    reference=_heap_answers,
    claims=(
        Claim("The smallest comes first, not the oldest.", (["add 5", "add 2", "next"],), [2]),
        Claim("An empty room gives -1.", (["next"],), [-1]),
    ),
    level=5,
)
def numbers_called(operations: list[str]) -> list[int]:
    room = SmallestFirst()
    called: list[int] = []
    for operation in operations:
        if operation == "next":
            called.append(room.pop_smallest())
        else:
            room.push(int(operation.split()[1]))
    return called


class Friendships:
    def __init__(self, count: int) -> None:
        self.parents = list(range(count))

    def root(self, person: int) -> int:
        while self.parents[person] != person:
            self.parents[person] = self.parents[self.parents[person]]
            person = self.parents[person]
        return person

    def unite(self, a: int, b: int) -> None:
        first = self.root(a)
        second = self.root(b)
        self.parents[first] = second


def _circles(count: int, events: list[str]) -> list[bool]:
    circles = [{person} for person in range(count)]
    answers = []
    for event in events:
        word, a, b = event.split()
        one = next(circle for circle in circles if int(a) in circle)
        if word == "ask":
            answers.append(int(b) in one)
        elif int(b) not in one:
            other = next(circle for circle in circles if int(b) in circle)
            circles = [circle for circle in circles if circle not in (one, other)] + [one | other]
    return answers


@atom(
    topic="classes",
    says=(
        'the list of the answers, true or false, to the "ask a b" lines of {events} about people 0 to {count} - 1, '
        'who do not know one another at first: "meet a b" makes a and b friends, and the question is whether a and b '
        "are the same person, friends, or connected by a chain of friends at that time",
        'the list that says for every "ask a b" in {events}, in order, whether a and b of the {count} points, '
        'numbered from 0, belong to one group, when each point starts as its own group and "meet a b" unites the '
        "groups of a and b",
    ),
    names=("same_circle", "connected_answers", "replay_friends"),
    inputs={"count": Whole(4, 5), "events": log_of(verb("meet", range(4), range(4)), verb("ask", range(4), range(4)))},
    reference=_circles,
    claims=(
        Claim("Everyone is in a group with themselves.", (1, ["ask 0 0"]), [True]),
        Claim("Friends of friends belong together.", (3, ["meet 0 1", "meet 1 2", "ask 0 2"]), [True]),
    ),
    level=4,
)
def answers_about_friends(count: int, events: list[str]) -> list[bool]:
    people = Friendships(count)
    answers: list[bool] = []
    for event in events:
        parts = event.split()
        a = int(parts[1])
        b = int(parts[2])
        if parts[0] == "meet":
            people.unite(a, b)
        else:
            first = people.root(a)
            second = people.root(b)
            answers.append(first == second)
    return answers


class CursorText:
    def __init__(self) -> None:
        self.before: list[char] = []
        self.after: list[char] = []

    def write(self, word: str) -> None:
        for letter in word:
            self.before.append(letter)

    def left(self) -> None:
        if self.before:
            letter = self.before.pop()
            self.after.append(letter)

    def right(self) -> None:
        if self.after:
            letter = self.after.pop()
            self.before.append(letter)

    def erase(self) -> None:
        if self.before:
            self.before.pop()

    def content(self) -> str:
        return "".join(self.before) + "".join(self.after[::-1])


def _typed(keys: list[str]) -> str:
    text, cursor = "", 0
    for key in keys:
        if key == "left":
            cursor = max(0, cursor - 1)
        elif key == "right":
            cursor = min(len(text), cursor + 1)
        elif key == "erase":
            text = text[: max(0, cursor - 1)] + text[cursor:]
            cursor = max(0, cursor - 1)
        else:
            word = key.split()[1]
            text = text[:cursor] + word + text[cursor:]
            cursor += len(word)
    return text


@atom(
    topic="classes",
    says=(
        'the text in an editor that is empty at first after {keys}: "type w" writes the word w at the cursor, which '
        'then stands after it, "left" and "right" move the cursor by one character if they can, and "erase" removes '
        "the character before the cursor, if any",
        'the text that an empty line holds after the keystrokes {keys}, where "type w" inserts w where the cursor is '
        'and moves it behind w, "left" and "right" move it one character within the text, and "erase" deletes the '
        "character to its left, if there is one",
    ),
    names=("editor_text", "replay_keys", "type_keys"),
    inputs={
        "keys": log_of(
            verb("type", ("ab", "c", "dog")),
            verb("type", ("x", "yz")),
            lambda _: "left",
            lambda _: "left",
            lambda _: "right",
            lambda _: "erase",
            longest=9,
        )
    },
    reference=_typed,
    claims=(
        Claim("A word is written where the cursor stands.", (["type ac", "left", "type b"],), "abc"),
        Claim("At the beginning there is nothing to erase.", (["erase", "type x"],), "x"),
    ),
    level=4,
)
def text_after_keys(keys: list[str]) -> str:
    text = CursorText()
    for key in keys:
        if key == "left":
            text.left()
        elif key == "right":
            text.right()
        elif key == "erase":
            text.erase()
        else:
            text.write(key.split()[1])
    return text.content()


class Turnstile:
    def __init__(self) -> None:
        self.open = False
        self.passed = 0
        self.wasted = 0

    def coin(self) -> None:
        if self.open:
            self.wasted += 1
        self.open = True

    def push(self) -> None:
        if self.open:
            self.passed += 1
        self.open = False


def _turnstile(events: list[str]) -> tuple[int, int]:
    pairs = list(itertools.pairwise(["push", *events]))
    return pairs.count(("coin", "push")), pairs.count(("coin", "coin"))


@atom(
    topic="classes",
    says=(
        "how many people got through a turnstile and how many coins were wasted during {events}: it is locked at "
        'first, "coin" unlocks it (a coin for an unlocked one is wasted), and "push" lets one person through if it is '
        "unlocked and locks it",
        'the pair of the number of "push" events of {events} that met an open gate and the number of "coin" events '
        "that did, when a coin opens the gate, a push closes it, and it is closed at first",
    ),
    names=("turnstile", "run_turnstile", "gate_counts"),
    inputs={"events": Made(lambda rng: rng.choices(("coin", "push"), k=rng.randint(1, 8)), ([],))},
    reference=_turnstile,
    claims=(Claim("Nobody gets through without a coin.", (["push", "push"],), (0, 0)),),
    level=2,
)
def turnstile_counts(events: list[str]) -> tuple[int, int]:
    gate = Turnstile()
    for event in events:
        if event == "coin":
            gate.coin()
        else:
            gate.push()
    return gate.passed, gate.wasted


class RunningMedian:
    def __init__(self) -> None:
        self.ordered: list[int] = []

    def add(self, value: int) -> None:
        low = 0
        high = len(self.ordered)
        while low < high:
            middle = (low + high) // 2
            if self.ordered[middle] < value:
                low = middle + 1
            else:
                high = middle
        self.ordered.insert(low, value)

    def lower_median(self) -> int:
        return self.ordered[(len(self.ordered) - 1) // 2]


@atom(
    topic="classes",
    says=(
        "the list that gives for each number of {numbers} the median of the numbers up to and including it, the lower "
        "of the two middle ones if their count is even",
        "the list of the lower medians of all non-empty prefixes of {numbers}, shortest prefix first",
    ),
    names=("running_medians", "median_so_far", "prefix_medians"),
    inputs={"numbers": ListOf(Whole(-5, 15), 0, 8)},
    reference=lambda numbers: [sorted(numbers[: i + 1])[i // 2] for i in range(len(numbers))],
    claims=(Claim("Of two numbers the smaller is taken.", ([4, 2],), [4, 2]),),
    level=3,
)
def medians_so_far(numbers: list[int]) -> list[int]:
    seen = RunningMedian()
    medians: list[int] = []
    for number in numbers:
        seen.add(number)
        medians.append(seen.lower_median())
    return medians


class Battery:
    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.charge = capacity

    def use(self, amount: int) -> bool:
        if amount > self.charge:
            return False
        self.charge -= amount
        return True

    def load(self, amount: int) -> None:
        self.charge = min(self.capacity, self.charge + amount)


def _battery(capacity: int, events: list[int]) -> int:
    charge = capacity
    for event in events:
        if charge + event >= 0:
            charge = sorted((0, charge + event, capacity))[1]
    return charge


@atom(
    topic="classes",
    says=(
        "the charge left in a battery that holds at most {capacity} and is full at first after {events}: a positive "
        "number loads so much, as far as it fits, a negative one uses so much, but not at all if there is too little",
        "the level of a tank with room for {capacity}, full at the start, after the changes {events} one by one, "
        "where it never rises above its room and a change that would make it negative is skipped",
    ),
    names=("battery_level", "charge_left", "tank_level"),
    inputs={"capacity": Whole(1, 12), "events": ListOf(OneOf((-9, -5, -4, -3, -2, -1, 1, 2, 3, 6)), 0, 8)},
    reference=_battery,
    claims=(
        Claim("A full battery takes no more.", (5, [3]), 5),
        Claim("What cannot be used is not used in part.", (5, [-6]), 5),
    ),
    level=2,
)
def battery_after_events(capacity: int, events: list[int]) -> int:
    battery = Battery(capacity)
    for event in events:
        if event > 0:
            battery.load(event)
        else:
            battery.use(-event)
    return battery.charge
