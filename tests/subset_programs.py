"""Programs in the subset for the tests of the renderers: every operation of the intermediate form, and arguments.

CPython runs the same text, so that what a compiled program returns is compared with something independent.
"""

import math
from collections import deque
from dataclasses import replace
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.interpreter import observe
from hrm_edge.train.data.ir.reader import read_source
from hrm_edge.train.data.renderers.renderer import Case

SOURCE = """
def visit(node: int, graph: dict[int, list[int]], seen: set[int], order: list[int]) -> None:
    seen.add(node)
    order.append(node)
    for other in graph.get(node, []):
        if other not in seen:
            visit(other, graph, seen, order)

class Account:
    def __init__(self, owner: str, limit: int) -> None:
        self.owner = owner
        self.limit = limit
        self.amounts: list[int] = []
        self.by_day: dict[int, int] = {}

    def put(self, day: int, amount: int) -> bool:
        if self.total() + amount > self.limit:
            return False
        self.amounts.append(amount)
        self.by_day[day] = self.by_day.get(day, 0) + amount
        return True

    def total(self) -> int:
        return sum(self.amounts)

    def describe(self) -> str:
        return self.owner + ":" + str(self.total())

def account(amounts: list[int], owner: str) -> str:
    held = Account(owner, 40)
    refused = 0
    for day, amount in enumerate(amounts):
        if not held.put(day % 2, amount):
            refused += 1
    return held.describe() + "/" + str(refused)

def walk_graph(edges: list[list[int]], start: int) -> list[int]:
    graph: dict[int, list[int]] = {}
    for edge in edges:
        if edge[0] not in graph:
            graph[edge[0]] = []
        graph[edge[0]].append(edge[1])
    order: list[int] = []
    seen: set[int] = set()
    visit(start, graph, seen, order)
    return order

def distances(edges: list[list[int]], start: int) -> list[int]:
    size = 10
    far = [-1] * size
    far[start] = 0
    queue: deque[int] = deque([start])
    while queue:
        node = queue.popleft()
        for edge in edges:
            if edge[0] == node and far[edge[1]] < 0:
                far[edge[1]] = far[node] + 1
                queue.append(edge[1])
    return far

def word_report(text: str) -> str:
    counts: dict[str, int] = {}
    for word in text.lower().split():
        counts[word] = counts.get(word, 0) + 1
    parts: list[str] = []
    for word, count in sorted(counts.items()):
        parts.append(word + "=" + str(count))
    return ", ".join(parts)

def char_story(text: str) -> str:
    kept = [c.upper() for c in text if c.isalpha()]
    digits = sum(int(c) for c in text if c.isdigit())
    spaces = sum(1 for c in text if c.isspace())
    marks = "".join(chr((ord(c) - ord("a") + 1) % 26 + ord("a")) for c in text if c.islower())
    joined = "".join(kept)
    if any(c.isupper() for c in text) and not all(c.isalnum() for c in text):
        joined += "!"
    return joined + str(digits) + "_" + str(spaces) + marks

def text_tools(text: str, part: str) -> list[str]:
    out: list[str] = []
    out.append(text.strip())
    out.append(text.replace("a", "xy"))
    out.append(text[::-1])
    out.append("".join(sorted(text)))
    out.append("ab" * 2 + part * 2)
    out.append(str(text.find(part)))
    out.append("yes" if text.startswith(part) or text.endswith(part) else "no")
    out.append(str(text.count("a")))
    out.append(min(text, part))
    if part in text and "z" not in text:
        out.append(text[len(text) // 2:])
    for piece in text.split(","):
        out.append(piece)
    out.extend(["end", part])
    return out

def is_mirror(text: str) -> bool:
    left = 0
    right = len(text) - 1
    while left < right:
        if text[left] != text[right]:
            return False
        left += 1
        right -= 1
    return True

def orders(words: list[str]) -> list[str]:
    first = sorted(words)
    second = sorted(words, key=lambda word: (-len(word), word))
    third = sorted(words, key=lambda word: len(word), reverse=True)
    longest = max(words)
    return first + second + third + [longest, words[-1]]

def list_tools(numbers: list[int], k: int) -> list[int]:
    out = list(numbers)
    out.insert(0, k)
    out.sort()
    out.reverse()
    last = out.pop()
    doubled = [2 * x for x in out if x % 2 == 0]
    total = sum(x * i for i, x in enumerate(numbers))
    distinct = set(numbers)
    distinct.discard(k)
    both = distinct & set([1, 2, 3])
    either = distinct | set([k])
    rest = either - both
    if out:
        out[0], out[len(out) - 1] = out[len(out) - 1], out[0]
    out.extend(numbers[1:])
    out += doubled[:]
    return out + [last, total, numbers.count(k), len(rest), min(numbers), max(numbers)] + sorted(rest) + numbers[::-1]

def leftovers(text: str, numbers: list[int]) -> list[str]:
    letters = list(text)
    kept: list[str] = []
    if "a" in text and text[0] in "abcl":
        kept.append(text.upper())
    for c in letters[::-1]:
        kept.append(c.lower())
    opposite = {n: -n for n in numbers}
    falling = sorted(numbers, reverse=True)
    kept.append(str(int("-12") + falling[0] + sum(opposite.keys()) + max(opposite.values())))
    kept.append(str(opposite.get(falling[0] - 1, falling[0] * 2)))
    return kept

def searching(numbers: list[int], k: int) -> int | None:
    if k in numbers:
        return numbers.index(k)
    if any(x > k for x in numbers):
        return None
    return -1

def unwrapping(x: int | None, y: int | None) -> int:
    if x is None:
        return 0 if y is None else y
    if y is not None and y > x:
        return y - x
    return x

def table(rows: int, columns: int) -> list[list[int]]:
    grid = [[0] * columns for _ in range(rows)]
    for r in range(rows):
        for c in range(columns):
            if r == 0 or c == 0:
                grid[r][c] = 1
            else:
                grid[r][c] = grid[r - 1][c] + grid[r][c - 1]
    turned = [[grid[r][c] for r in range(rows)] for c in range(columns)]
    return turned

def division(a: int, b: int) -> tuple[int, int, int, int]:
    n = a
    n //= 3
    return a // b, a % b, n % 7, abs(a) ** 2

def floats(values: list[float]) -> float:
    best = max(values)
    total = sum(values) / float(len(values))
    return max(best, total) - min(values) + math.sqrt(float(int(abs(best)))) * 0.0

def bits(n: int) -> int:
    mask = 1 << 5
    return (n & 12) + (n | 3) + (n ^ mask) + (n >> 1) + n.bit_count() + n.bit_length() + math.isqrt(n) + 2 ** 3

def fibonacci(n: int) -> list[int]:
    a, b = 0, 1
    found: list[int] = []
    for _ in range(n):
        found.append(a)
        a, b = b, a + b
    return found

def counting_down(numbers: list[int]) -> list[int]:
    out: list[int] = []
    for i in range(len(numbers) - 1, -1, -1):
        out.append(numbers[i])
    for i in range(1, len(numbers)):
        if numbers[i] > numbers[i - 1]:
            out.append(i)
    for i in range(10, 0, -3):
        out.append(i)
    return out

def inverted(words: list[str]) -> dict[str, int]:
    found = {word: len(word) for word in words if word != ""}
    if "a" in found:
        del found["a"]
    best = 0
    for length in found.values():
        best = max(best, length)
    found["best"] = best
    return found

def pairs(first: list[int], second: list[int]) -> int:
    total = 0
    for a, b in zip(first, second):
        if a == b:
            continue
        total += a * b
        if total > 50:
            break
    return total

def rows_of(text: str) -> list[list[str]]:
    rows: list[list[str]] = []
    current: list[str] = []
    for word in text.split():
        current.append(word)
        if len(current) == 2:
            rows.append(current)
            current = []
    if current:
        rows.append(current)
    return rows

def nearest(points: list[list[int]]) -> list[int]:
    best = points[0]
    for point in points:
        size = point[0] * point[0] + point[1] * point[1]
        if size < best[0] * best[0] + best[1] * best[1]:
            best = point
    return list(best)

def cells(size: int) -> int:
    seen: set[tuple[int, int]] = set()
    todo: list[tuple[int, int]] = [(0, 0)]
    while todo:
        r, c = todo.pop()
        if r < 0 or c < 0 or r + c > size or (r, c) in seen:
            continue
        seen.add((r, c))
        for dr, dc in [(0, 1), (1, 0)]:
            todo.append((r + dr, c + dc))
    return len(seen)

def char_positions(text: str) -> list[int]:
    places: dict[str, list[int]] = {}
    for i, c in enumerate(text):
        places[str(c)] = places.get(str(c), []) + [i]
    out: list[int] = []
    for key in sorted(places):
        out.append(places[key][0])
    return out
"""

_NUMBERS = [[3, 1, 2], [5], [2, 2, 8, 1], [7, -4, 0, 3, 9, 9]]
_WORDS = [["pear", "fig", "apple"], ["a"], ["kiwi", "plum", "date", "a", ""]]
_TEXTS = ["level", "a", "Ab 1,z a9", "  banana, split  "]
_EDGES = [[[0, 1], [1, 2], [0, 3], [3, 2], [2, 0]], [[4, 5]], []]

ARGUMENTS: dict[str, list[tuple[Any, ...]]] = {
    "account": [([10, 20, 30, 5], "ann"), ([], "bob")],
    "walk_graph": [(edges, 0) for edges in _EDGES],
    "distances": [(edges, 0) for edges in _EDGES],
    "word_report": [(text,) for text in (*_TEXTS, "the cat The dog the", "")],
    "char_story": [(text,) for text in (*_TEXTS, "")],
    "text_tools": [(text, part) for text in _TEXTS for part in ("a", "le")],
    "is_mirror": [(text,) for text in (*_TEXTS, "")],
    "orders": [(words,) for words in _WORDS],
    "list_tools": [(numbers, k) for numbers in _NUMBERS for k in (2, 9)],
    "leftovers": [(text, numbers) for text in ("level", "Ab 1") for numbers in _NUMBERS],
    "searching": [(numbers, k) for numbers in _NUMBERS for k in (2, 9, 100)],
    "unwrapping": [(x, y) for x in (None, 3) for y in (None, 2, 8)],
    "table": [(1, 1), (3, 4), (2, 2)],
    "division": [(a, b) for a in (17, -17, 0) for b in (5, -5, 3)],
    "floats": [([1.5, 2.25, -0.5],), ([4.0],)],
    "bits": [(0,), (1,), (37,), (255,)],
    "fibonacci": [(0,), (10,)],
    "counting_down": [(numbers,) for numbers in (*_NUMBERS, [])],
    "inverted": [(words,) for words in _WORDS],
    "pairs": [([1, 2, 3], [3, 2]), ([9, 9], [8, 9]), ([], [])],
    "rows_of": [("a b c d e",), ("",), ("x y",)],
    "nearest": [([[3, 4], [1, 1], [0, 2]],), ([[5, 5]],)],
    "cells": [(0,), (3,)],
    "char_positions": [("hello",), ("",), ("abcabc",)],
}
"""What each entry function is called with."""


def programs() -> list[tuple[ir.Program, list[Case]]]:
    """Each entry function as a program with its facts, and what CPython returns for its arguments."""
    world: dict[str, Any] = {"math": math, "deque": deque}
    exec(SOURCE, world)
    made = []
    for name, rows in ARGUMENTS.items():
        program = read_source(SOURCE, name)
        program = replace(program, facts=observe(program, rows))
        made.append((program, [Case(row, world[name](*row)) for row in rows]))
    return made
