"""Small programs of the subset with what they return, worked out by hand: together they have every node and operation.

Each begins with a line `# name`; its last lines say what calls of `f` give.
"""

import ast
from typing import Any, NamedTuple


class Example(NamedTuple):
    """A program and what it gives."""

    name: str
    source: str
    calls: tuple[tuple[tuple[Any, ...], Any], ...]
    """Arguments and result of each call of `f`."""


def examples(text: str) -> tuple[Example, ...]:
    """The programs of a text."""
    return tuple(map(_example, text.strip().removeprefix("# ").split("\n# ")))


def _example(block: str) -> Example:
    name, _, text = block.partition("\n")
    calls, lines = [], text.splitlines()
    while lines and (lines[-1].startswith("f(") or not lines[-1]):
        line = lines.pop()
        if line:
            compared = ast.parse(line, mode="eval").body
            assert isinstance(compared, ast.Compare) and isinstance(compared.left, ast.Call)
            arguments = tuple(map(ast.literal_eval, compared.left.args))
            calls.append((arguments, ast.literal_eval(compared.comparators[0])))
    assert calls, f"{name} has no calls"
    return Example(name, "\n".join(lines) + "\n", tuple(reversed(calls)))


OPERATIONS = examples(r"""
# abs
def f(n: int) -> int:
    return abs(n)

f(-5) == 5
f(0) == 0

# min_of_numbers
def f(a: int, b: int, c: int) -> int:
    return min(a, b, c)

f(3, 1, 2) == 1

# max_of_texts
def f(a: str, b: str) -> str:
    return max(a, b)

f("ab", "b") == "b"
f("ba", "b") == "ba"

# min_of_parts
def f(a: str, b: str) -> str:
    return min(a + b, b + a)

f("b", "a") == "ab"

# isqrt
def f(n: int) -> int:
    return math.isqrt(n)

f(24) == 4
f(25) == 5

# sqrt
def f(x: float) -> float:
    return math.sqrt(x)

f(2.25) == 1.5

# to_float
def f(n: int) -> float:
    return float(n) / 2.0

f(3) == 1.5

# truncate
def f(x: float) -> int:
    return int(x)

f(-2.75) == -2
f(2.75) == 2
f(-0.5) == 0

# bit_count
def f(n: int) -> int:
    return n.bit_count()

f(0) == 0
f(11) == 3

# bit_length
def f(n: int) -> int:
    return n.bit_length()

f(0) == 0
f(1) == 1
f(8) == 4

# kinds_of_characters
def f(s: str) -> list[int]:
    digits = sum(1 for c in s if c.isdigit())
    letters = sum(1 for c in s if c.isalpha())
    both = sum(1 for c in s if c.isalnum())
    large = sum(1 for c in s if c.isupper())
    return [digits, letters, both, large, sum(1 for c in s if c.islower()), sum(1 for c in s if c.isspace())]

f("aB3 _x\t") == [1, 3, 4, 1, 2, 2]

# case_of_characters
def f(s: str) -> str:
    return "".join(c.upper() for c in s) + s[0].lower()

f("Ab1") == "AB1a"

# codes
def f(s: str) -> str:
    return "".join(chr(ord(c) + 1) for c in s)

f("HAL") == "IBM"

# digit_value
def f(s: str) -> int:
    return sum(int(c) for c in s)

f("907") == 16

# text_of_char
def f(s: str) -> list[str]:
    return [str(c) + '!' for c in s]

f("ab") == ["a!", "b!"]

# case_of_texts
def f(s: str) -> str:
    return s.upper() + "/" + s.lower()

f("aB1") == "AB1/ab1"

# strip
def f(s: str) -> str:
    return s.strip()

f(" \t a b\n") == "a b"
f("  ") == ""

# split
def f(s: str) -> list[str]:
    return s.split(",")

f("a,,b") == ["a", "", "b"]
f("") == [""]

# words
def f(s: str) -> list[str]:
    return s.split()

f("  a \t bc ") == ["a", "bc"]
f("") == []
f(" ") == []

# join
def f(xs: list[str]) -> str:
    return ", ".join(xs)

f(["a", "b"]) == "a, b"
f([]) == ""

# join_chars
def f(s: str) -> str:
    return "".join(c for c in s if c != "a")

f("banana") == "bnn"

# replace
def f(s: str) -> str:
    return s.replace("a", "$&")

f("banana") == "b$&n$&n$&"

# replace_with
def f(s: str, t: str) -> str:
    return s.replace("a.", t)

f("a.ab", "$&") == "$&ab"

# starts_with
def f(s: str, t: str) -> bool:
    return s.startswith(t)

f("abc", "ab") == True
f("abc", "b") == False

# ends_with
def f(s: str, t: str) -> bool:
    return s.endswith(t)

f("abc", "bc") == True
f("abc", "") == True

# find
def f(s: str, t: str) -> int:
    return s.find(t)

f("banana", "an") == 1
f("banana", "x") == -1

# count_text
def f(s: str, t: str) -> int:
    return s.count(t)

f("aaaa", "aa") == 2
f("", "a") == 0

# contains_text
def f(s: str, t: str) -> bool:
    return t in s

f("abc", "bc") == True
f("abc", "ac") == False

# contains_no_char
def f(s: str) -> int:
    return sum(1 for c in s if c not in "aeiou")

f("banana") == 3

# repeat
def f(s: str, n: int) -> str:
    return s * n

f("ab", 3) == "ababab"
f("ab", 0) == ""

# reversed_text
def f(s: str) -> str:
    return s[::-1]

f("abc") == "cba"

# sorted_text
def f(s: str) -> str:
    return "".join(sorted(s))

f("banana") == "aaabnn"

# chars
def f(s: str) -> int:
    cs = list(s)
    cs.append('x')
    return len(cs)

f("ab") == 3

# numbers_as_texts
def f(n: int) -> int:
    return int("-" + str(n)) - 1

f(12) == -13

# length
def f(xs: list[int], s: str) -> int:
    return len(xs) * 10 + len(s)

f([1, 2], "abc") == 23

# is_empty
def f(xs: list[int]) -> bool:
    return not xs

f([]) == True
f([0]) == False

# is_not_empty
def f(xs: list[int]) -> bool:
    return len(xs) > 0

f([]) == False
f([0]) == True

# last
def f(xs: list[int], s: str) -> str:
    return str(xs[-1]) + s[-1]

f([1, 2], "abc") == "2c"

# sum
def f(xs: list[int]) -> int:
    return sum(xs)

f([]) == 0
f([3, -4]) == -1

# sum_of_floats
def f(xs: list[float]) -> float:
    return sum(xs)

f([0.25, 1.5]) == 1.75

# smallest
def f(xs: list[int]) -> int:
    return min(xs) * 100 + max(xs)

f([3, 10, 9]) == 310

# smallest_text
def f(xs: list[str]) -> str:
    return min(xs) + max(xs)

f(["b", "B", "a"]) == "Bb"

# sorted
def f(xs: list[int]) -> list[int]:
    return sorted(xs)

f([10, 9, -1, 10]) == [-1, 9, 10, 10]

# sorted_texts
def f(xs: list[str]) -> list[str]:
    return sorted(xs)

f(["b", "a", "B", "ab"]) == ["B", "a", "ab", "b"]

# sorted_descending
def f(xs: list[int]) -> list[int]:
    return sorted(xs, reverse=True)

f([9, 10, 1]) == [10, 9, 1]

# reversed
def f(xs: list[int]) -> list[int]:
    return xs[::-1]

f([1, 2, 3]) == [3, 2, 1]
f([]) == []

# contains
def f(xs: list[int], n: int) -> bool:
    return n in xs

f([1, 2], 2) == True
f([1, 2], 3) == False

# contains_row
def f(xs: list[list[int]], n: int) -> bool:
    return [n, n] in xs

f([[1, 1]], 1) == True
f([[1, 2]], 1) == False

# index_of
def f(xs: list[int], n: int) -> int:
    return xs.index(n)

f([5, 7, 7], 7) == 1

# count_item
def f(xs: list[int], n: int) -> int:
    return xs.count(n)

f([5, 7, 7], 7) == 2
f([], 7) == 0

# filled
def f(n: int) -> list[int]:
    out = [7] * n
    out[0] = 1
    return out

f(3) == [1, 7, 7]

# get
def f(m: dict[str, int], k: str) -> int:
    return m.get(k, 0) + 1

f({"a": 4}, "a") == 5
f({"a": 4}, "b") == 1

# has_key
def f(m: dict[int, int], k: int) -> bool:
    return k in m

f({1: 0}, 1) == True
f({1: 0}, 0) == False

# keys
def f(m: dict[str, int]) -> int:
    total = 0
    for k in m:
        total += len(k)
    return total

f({"a": 1, "bcd": 2}) == 4

# values
def f(m: dict[str, int]) -> int:
    return sum(m.values()) + max(m.values())

f({"a": 1, "b": 5}) == 11

# values_by_number
def f(m: dict[int, int]) -> int:
    return sum(m.values()) - min(m.values())

f({1: 1, 2: 5}) == 5

# sorted_keys
def f(m: dict[int, str]) -> list[int]:
    return sorted(m)

f({10: "a", 9: "b"}) == [9, 10]

# sorted_words
def f(m: dict[str, int]) -> list[str]:
    return sorted(m.keys())

f({"b": 1, "a": 2}) == ["a", "b"]

# sorted_items
def f(m: dict[str, int]) -> list[str]:
    return [k + str(v) for k, v in sorted(m.items())]

f({"b": 1, "a": 2}) == ["a2", "b1"]

# sorted_items_by_number
def f(m: dict[int, int]) -> list[int]:
    return [k * v for k, v in sorted(m.items())]

f({10: 1, 9: 2}) == [18, 10]

# sets
def f(xs: list[int]) -> list[int]:
    return sorted(set(xs))

f([10, 9, 10]) == [9, 10]

# set_of_text
def f(s: str) -> int:
    return len(set(s))

f("banana") == 3

# pop
def f(xs: list[int]) -> list[int]:
    ys = list(xs)
    last = ys.pop()
    ys.append(last * 2)
    return ys

f([1, 2]) == [1, 4]

# insert
def f(xs: list[int]) -> list[int]:
    ys = xs[:]
    ys.insert(1, 9)
    ys.insert(0, 8)
    return ys

f([1, 2]) == [8, 1, 9, 2]

# extend
def f(xs: list[int]) -> list[int]:
    ys = list(xs)
    ys.extend(xs)
    ys += [0, 5]
    return ys

f([1]) == [1, 1, 0, 5]

# sort
def f(xs: list[int]) -> list[int]:
    ys = list(xs)
    ys.sort()
    ys.reverse()
    return ys

f([9, 10, 1]) == [10, 9, 1]

# queue
def f(n: int) -> list[int]:
    queue: deque[int] = deque([n])
    seen: list[int] = []
    while queue:
        k = queue.popleft()
        seen.append(k)
        if k > 1:
            queue.append(k // 2)
    return seen

f(9) == [9, 4, 2, 1]

# empty_queue
def f(xs: list[int]) -> int:
    queue: deque[int] = deque()
    for x in xs:
        queue.append(x)
        if len(queue) > 2:
            queue.popleft()
    total = 0
    for x in queue:
        total = total * 10 + x
    return total

f([1, 2, 3]) == 23

# changes_of_sets
def f(xs: list[int]) -> list[int]:
    seen: set[int] = set()
    for x in xs:
        if x in seen:
            seen.discard(x)
        else:
            seen.add(x)
    return sorted(seen)

f([3, 10, 3, 2]) == [2, 10]

# remove_key
def f(m: dict[str, int]) -> int:
    counts: dict[str, int] = {}
    for k, v in m.items():
        counts[k] = v
    del counts['a']
    return len(counts)

f({"a": 1, "b": 2}) == 1

""")

FORMS = examples(r"""
# precedence
def f(a: int, b: int, c: int) -> int:
    return (a - (b - c)) * -a ** 2 + (a + b) % c

f(2, 3, 4) == -11

# left_to_right
def f(a: int, b: int, c: int) -> int:
    return a - b - c + a * (b * c) // 2

f(9, 3, 2) == 31

# floor
def f(a: int, b: int) -> list[int]:
    return [a // b, a % b]

f(-7, 3) == [-3, 2]
f(7, -3) == [-3, -2]
f(7, 3) == [2, 1]

# floor_of_sums
def f(a: int, b: int) -> int:
    return (a - b) % (b + 1)

f(-7, 3) == 2
f(7, 3) == 0

# zeros
def f(a: int, b: int) -> list[int]:
    n = a
    n *= b
    return [a * b, -a, n, a // b]

f(0, -3) == [0, 0, 0, 0]
f(2, -3) == [-6, -2, -6, -1]

# bits
def f(a: int, b: int) -> list[int]:
    return [a & b, a | b, a ^ b, a << 2, b >> 1, a & (a - 1)]

f(12, 10) == [8, 14, 6, 48, 5, 8]

# parity
def f(n: int) -> bool:
    return n & 1 == 0

f(4) == True
f(5) == False

# power
def f(a: int, b: int) -> int:
    return a ** b

f(3, 5) == 243
f(-2, 3) == -8

# real_division
def f(a: int, b: int) -> float:
    return a / b

f(7, 4) == 1.75

# chain
def f(r: int, n: int) -> bool:
    return 0 <= r < n

f(0, 1) == True
f(1, 1) == False
f(-1, 1) == False

# logic
def f(a: bool, b: bool, c: bool) -> bool:
    return not (a and b) or c

f(True, True, False) == False
f(True, False, False) == True

# nested_logic
def f(a: bool, b: bool, c: bool) -> bool:
    return a and (b or not c)

f(True, False, True) == False
f(True, False, False) == True

# different
def f(s: str) -> bool:
    return not s == "a"

f("a") == False
f("b") == True

# conditional
def f(n: int) -> str:
    return "few" if n < 3 else "many" if n > 9 else "some"

f(1) == "few"
f(5) == "some"
f(10) == "many"

# conditional_operand
def f(n: int) -> int:
    return (1 if n > 0 else 2) * 10

f(1) == 10
f(0) == 20

# slices
def f(xs: list[int], i: int) -> list[int]:
    return xs[i:] + xs[:i] + xs[1:2] + [i]

f([1, 2, 3], 1) == [2, 3, 1, 2, 1]

# slice_of_text
def f(s: str, i: int) -> str:
    return s[i + 1:] + s[:i]

f("abcde", 1) == "cdea"

# same_lists
def f(xs: list[int], ys: list[int]) -> bool:
    return xs == ys

f([1, 2], [1, 2]) == True
f([1, 2], [12]) == False

# other_lists
def f(xs: list[int]) -> bool:
    return xs != sorted(xs)

f([1, 2]) == False
f([2, 1]) == True

# same_sets
def f(s: str, t: str) -> bool:
    return set(s) == set(t)

f("ab", "bba") == True
f("ab", "b") == False
f("b", "ab") == False

# same_maps
def counts(s: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for c in s:
        found[c] = found.get(c, 0) + 1
    return found

def f(s: str, t: str) -> bool:
    return counts(s) == counts(t)

f("listen", "silent") == True
f("aab", "abb") == False
f("ab", "a") == False

# operations_of_sets
def f(s: str, t: str) -> list[int]:
    a = set(s)
    b = set(t)
    return [len(a & b), len(a | b), len(a - b)]

f("abc", "bd") == [1, 4, 2]

# tuple_result
def f(n: int) -> tuple[int, str]:
    return n, str(n)

f(4) == (4, "4")

# tuples_with_texts
def f(xs: list[str]) -> list[int]:
    seen: dict[tuple[str, int], int] = {}
    for x in xs:
        key = (x, len(x))
        seen[key] = seen.get(key, 0) + 1
    return [seen[("a,b", 3)], len(seen)]

f(["a,b", "c", "a,b"]) == [2, 2]

# texts_in_order
def f(xs: list[str]) -> list[str]:
    pairs = [(len(x), x) for x in xs]
    pairs.sort()
    return [x for _, x in sorted(pairs, reverse=True)] + [pairs[0][1]]

f(["b", "aa", "a"]) == ["aa", "b", "a", "a"]

# same_tuples
def f(a: int, b: int) -> bool:
    p = (a, b)
    return p == (b, a) and (a, b) <= (b, a)

f(1, 1) == True
f(1, 2) == False

# order_of_tuples
def f(a: int, b: int) -> bool:
    return (a, b) < (b, a)

f(1, 2) == True
f(2, 1) == False
f(1, 1) == False

# optional_result
def f(n: int) -> int | None:
    if n < 0:
        return None
    return n

f(1) == 1
f(-1) == None

# optional_parameter
def f(n: int | None) -> int:
    if n is None:
        return -1
    return n + 1

f(None) == -1
f(4) == 5

# known_optional
def f(n: int | None) -> bool:
    return n is not None

f(None) == False
f(0) == True

# new_map
def f(n: int) -> dict[int, str]:
    return {n: "a", n + 1: "b"}

f(4) == {4: "a", 5: "b"}

# new_words
def f(s: str) -> dict[str, int]:
    return {s: 1, "two": 2, "2 words": 3}

f("a") == {"a": 1, "two": 2, "2 words": 3}

# empty_map
def f(n: int) -> dict[int, int]:
    m: dict[int, int] = {}
    if n > 0:
        m[n] = n
        m[n] += 1
    return m

f(0) == {}
f(3) == {3: 4}

# lists_in_maps
def f(xs: list[str]) -> dict[str, list[str]]:
    m: dict[str, list[str]] = {}
    for x in xs:
        if x[0] not in m:
            m[x[0]] = []
        m[x[0]].append(x)
    return m

f(["ab", "b", "ac"]) == {"a": ["ab", "ac"], "b": ["b"]}

# lists_by_length
def f(xs: list[str]) -> dict[int, list[str]]:
    m: dict[int, list[str]] = {}
    for x in xs:
        m[len(x)] = m.get(len(x), []) + [x]
    return m

f(["ab", "b", "ac"]) == {2: ["ab", "ac"], 1: ["b"]}

# tuples_as_keys
def f(n: int) -> list[int]:
    m: dict[tuple[int, int], int] = {}
    for r in range(n):
        for c in range(n):
            m[(r, c)] = r * 10 + c
    m[(0, 1)] += 5
    p = (1, 1)
    return [m[p], m.get((9, 9), -1), len(m), 1 if (1, 0) in m else 0, sum(m.values())]

f(2) == [11, -1, 4, 1, 27]

# tuples_in_order
def f(n: int) -> list[int]:
    m: dict[tuple[int, int], int] = {}
    for r in range(n):
        m[(r, 10 - r)] = r
    out: list[int] = []
    for p in sorted(m):
        out.append(p[1])
    return out

f(3) == [10, 9, 8]

# sets_of_tuples
def f(xs: list[int]) -> int:
    seen: set[tuple[int, int]] = set([(0, 0)])
    x = 0
    for step in xs:
        x += step
        seen.add((x, -x))
    here = (x, -x)
    last = 1 if here in seen and (7, 7) not in seen else 0
    return len(seen) * 10 + last

f([1, -1, 2]) == 31

# members_of_sets_of_tuples
def f(n: int) -> int:
    seen = {(i, i * i) for i in range(n)}
    return sum(b - a for a, b in sorted(seen)) + len(set([(1, 2), (1, 2)]))

f(4) == 9

""")

LOOPS = examples(r"""
# while
def f(n: int) -> int:
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps

f(6) == 8

# ranges
def f(n: int) -> list[int]:
    out: list[int] = []
    for i in range(n):
        out.append(i)
    for i in range(1, n + 1):
        out.append(i)
    for i in range(n, 0, -1):
        out.append(i)
    for i in range(n - 1, -1, -1):
        out.append(i)
    for i in range(0, n, 2):
        out.append(i)
    return out

f(3) == [0, 1, 2, 1, 2, 3, 3, 2, 1, 2, 1, 0, 0, 2]

# unused
def f(n: int, m: int) -> int:
    total = 0
    for _ in range(n):
        for _ in range(m):
            total += 1
    return total

f(3, 2) == 6

# moving_end
def f(xs: list[int]) -> list[int]:
    out = list(xs)
    for i in range(len(out)):
        out.append(out[i])
    return out

f([1, 2]) == [1, 2, 1, 2]

# moving_number
def f(n: int) -> int:
    total = 0
    for i in range(n):
        n -= 1
        total += i + n
    return total

f(3) == 6

# enumerate
def f(xs: list[str]) -> str:
    out = ""
    for i, x in enumerate(xs):
        out += str(i) + x
    return out

f(["a", "b"]) == "0a1b"

# enumerate_text
def f(s: str) -> int:
    total = 0
    for i, c in enumerate(s):
        if c == 'a':
            total += i
    return total

f("banana") == 9

# zip
def f(xs: list[int], ys: list[int]) -> int:
    total = 0
    for x, y in zip(xs, ys):
        total += x * y
    return total

f([1, 2, 3], [4, 5]) == 14
f([1], [4, 5]) == 4

# zip_parts
def f(xs: list[int]) -> int:
    total = 0
    for x, y in zip(xs, xs[1:]):
        total += y - x
    return total

f([1, 4, 3]) == 2
f([5]) == 0

# items
def f(m: dict[str, int]) -> int:
    total = 0
    for k, v in m.items():
        total += len(k) * v
    return total

f({"ab": 3, "c": 4}) == 10

# items_by_number
def f(m: dict[int, int]) -> int:
    total = 0
    for k, v in m.items():
        total += k * v
    return total

f({2: 3, 4: 5}) == 26

# sets_in_loops
def f(xs: list[int]) -> int:
    total = 0
    for x in set(xs):
        total += x
    return total

f([2, 3, 2]) == 5

# break_and_continue
def f(xs: list[int]) -> int:
    total = 0
    for x in xs:
        if x < 0:
            break
        if x % 2 == 1:
            continue
        total += x
    return total

f([2, 3, 4, -1, 8]) == 6

# elif
def f(n: int) -> str:
    word = ""
    if n < 0:
        return "negative"
    elif n == 0:
        return "zero"
    elif n < 10:
        word = "small"
    else:
        word = "large"
    return word

f(-1) == "negative"
f(0) == "zero"
f(5) == "small"
f(50) == "large"

# swaps
def f(xs: list[int]) -> list[int]:
    ys = list(xs)
    ys[0], ys[1] = ys[1], ys[0]
    a, b = 1, 2
    a, b = b, a + b
    ys.append(a * 10 + b)
    return ys

f([7, 8]) == [8, 7, 23]

# swaps_in_maps
def f(n: int) -> list[int]:
    m = {1: n, 2: n + 1}
    m[1], m[2] = m[2], m[1]
    return [m[1], m[2]]

f(5) == [6, 5]

# tuple_parts
def both(a: int, b: int) -> tuple[int, int]:
    return a // b, a % b

def f(a: int, b: int) -> int:
    quotient, rest = both(a, b)
    _, again = both(b, a)
    return quotient * 100 + rest * 10 + again

f(17, 5) == 325

# augmented
def f(xs: list[int]) -> list[int]:
    ys = list(xs)
    ys[0] += 1
    ys[0] -= 3
    ys[0] *= 5 + 1
    ys[0] //= 2
    ys[0] %= 100
    ys[0] |= 1
    ys[0] ^= 2
    ys[0] <<= 2
    ys[0] >>= 1
    ys[0] &= 30
    return ys

f([9]) == [14]

# recursion
def f(n: int) -> int:
    return 1 if n < 2 else n * f(n - 1)

f(5) == 120

# shared
def mark(seen: set[int], out: list[int], n: int) -> None:
    if n in seen or n < 0:
        return
    seen.add(n)
    out.append(n)
    mark(seen, out, n - 2)
    mark(seen, out, n - 1)

def f(n: int) -> list[int]:
    seen: set[int] = set()
    out: list[int] = []
    mark(seen, out, n)
    return out

f(3) == [3, 1, 0, 2]

# objects
class Counter:
    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.items: list[int] = []
        self.total = 0

    def push(self, n: int) -> bool:
        if len(self.items) >= self.limit:
            return False
        self.items.append(n)
        self.total += n
        return True

    def mean(self) -> int:
        return self.total // len(self.items)

def f(xs: list[int]) -> list[int]:
    counter = Counter(2)
    kept = 0
    for x in xs:
        if counter.push(x):
            kept += 1
    return [kept, counter.mean(), counter.total, counter.items[0]]

f([3, 5, 100]) == [2, 4, 8, 3]

""")

FOLDS = examples(r"""
# list_fold
def f(xs: list[int]) -> list[int]:
    return [x * x for x in xs if x > 0]

f([3, -1, 2]) == [9, 4]

# kept_items
def f(xs: list[int]) -> list[int]:
    ys = [x for x in xs if x > 0]
    ys.sort()
    return ys

f([3, -1, 2]) == [2, 3]

# list_of_range
def f(n: int) -> list[int]:
    return [i * i for i in range(1, n + 1)] + list(range(n)) + [2 * i for i in range(n) if i != 1]

f(3) == [1, 4, 9, 0, 1, 2, 0, 4]

# list_of_steps
def f(n: int) -> list[int]:
    return [i for i in range(10, n, -3)] + [i + n for i in range(n, n + 2)]

f(1) == [10, 7, 4, 2, 3]

# grid
def f(r: int, c: int) -> list[list[int]]:
    g = [[0] * c for _ in range(r)]
    g[0][1] = 5
    return g

f(2, 2) == [[0, 5], [0, 0]]

# grid_of_folds
def f(g: list[list[int]]) -> list[list[int]]:
    return [[row[c] for row in g] for c in range(len(g[0]))]

f([[1, 2], [3, 4]]) == [[1, 3], [2, 4]]

# set_fold
def f(xs: list[int]) -> list[int]:
    return sorted({x % 10 for x in xs})

f([11, 1, 30]) == [0, 1]

# map_fold
def f(xs: list[str]) -> dict[str, int]:
    return {x: len(x) for x in xs}

f(["a", "bc"]) == {"a": 1, "bc": 2}
f([]) == {}

# map_fold_by_number
def f(xs: list[int]) -> dict[int, int]:
    return {x: i for i, x in enumerate(xs) if x > 0}

f([5, -1, 7]) == {5: 0, 7: 2}

# map_of_items
def f(m: dict[str, int]) -> dict[str, int]:
    return {k: v * 2 for k, v in m.items() if v > 1}

f({"a": 1, "b": 2}) == {"b": 4}

# sum_fold
def f(xs: list[int]) -> int:
    return sum(x * x - 1 for x in xs if x != 2)

f([1, 2, 3]) == 8
f([]) == 0

# count_fold
def f(s: str) -> int:
    return sum(1 for c in s if c == 'a')

f("banana") == 3

# any_fold
def f(xs: list[int], n: int) -> bool:
    return any(x > n for x in xs)

f([1, 5], 4) == True
f([], 4) == False

# all_fold
def f(n: int) -> bool:
    return all(n % d != 0 for d in range(2, n))

f(7) == True
f(9) == False

# min_fold
def f(xs: list[str]) -> int:
    return min(len(x) for x in xs) * 10 + max(len(x) for x in xs if x != 'abcd')

f(["ab", "c", "abcd"]) == 12

# min_of_texts
def f(xs: list[str]) -> str:
    return min(x.lower() for x in xs)

f(["b", "A"]) == "a"

# fold_of_zip
def f(xs: list[int], ys: list[int]) -> list[int]:
    return [x * y for x, y in zip(xs, ys)]

f([1, 2, 3], [4, 5]) == [4, 10]

# fold_of_neighbours
def f(xs: list[int]) -> bool:
    return all(a <= b for a, b in zip(xs, xs[1:]))

f([1, 2, 2]) == True
f([2, 1]) == False

# fold_of_enumerate
def f(xs: list[int]) -> int:
    return sum(i * x for i, x in enumerate(xs))

f([5, 6, 7]) == 20

# kept_indexes
def f(xs: list[int]) -> list[int]:
    return [i for i, x in enumerate(xs) if x > 0]

f([5, -6, 7]) == [0, 2]

# kept_by_index
def f(xs: list[int]) -> list[int]:
    return [x for i, x in enumerate(xs) if i % 2 == 0]

f([5, -6, 7]) == [5, 7]

# names_inside
def f(xs: list[int], a: int, sum_: int) -> int:
    return sum(x * a for x in sorted(xs)) + sum_

f([1, 2], 3, 4) == 13

# sorted_by
def f(xs: list[str]) -> list[str]:
    return sorted(xs, key=lambda x: (len(x), x))

f(["bb", "a", "aa"]) == ["a", "aa", "bb"]

# sorted_by_parts
def f(xs: list[list[int]]) -> list[list[int]]:
    return sorted(xs, key=lambda x: (-x[1], x[0]))

f([[1, 2], [3, 4], [0, 2]]) == [[3, 4], [0, 2], [1, 2]]

# stable
def f(xs: list[str]) -> list[str]:
    return sorted(xs, key=len, reverse=True)

f(["a", "bb", "c", "dd"]) == ["bb", "dd", "a", "c"]

# sorted_by_value
def f(m: dict[str, int]) -> list[str]:
    return [k for k, v in sorted(m.items(), key=lambda pair: (-pair[1], pair[0]))]

f({"a": 1, "b": 2, "c": 2}) == ["b", "c", "a"]

# sorted_by_captured
def f(xs: list[int], a: int) -> list[int]:
    return sorted(xs, key=lambda x: abs(x - a))

f([1, 9, 4], 5) == [4, 1, 9]

""")

EXAMPLES = (*OPERATIONS, *FORMS, *LOOPS, *FOLDS)
