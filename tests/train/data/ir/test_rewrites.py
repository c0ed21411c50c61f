"""Rewritten programs give what they gave: each pass on a hand-written pair, then passes and variants on many programs.

What a program gives is asked of CPython, which runs the rendered text before and after.
"""

import copy
import random
from collections.abc import Callable
from typing import Any

import pytest
from rendered_programs import EXAMPLES, Example

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir import rewrites
from hrm_edge.train.data.ir.reader import read_source
from hrm_edge.train.data.renderers.python import PythonRenderer

PYTHON = PythonRenderer()
BY_NAME = {rewrite.__name__: rewrite for rewrite in rewrites.REWRITES}


def program(source: str) -> ir.Program:
    """A program whose entry is `f`."""
    return read_source(source, "f")


def function_of(made: ir.Program) -> Callable[..., Any]:
    """The entry as CPython has it."""
    names: dict[str, Any] = {}
    exec(PYTHON.solution(made), names)
    found: Callable[..., Any] = names["f"]
    return found


def body(lines: str, head: str = "xs: list[int], n: int") -> str:
    """A function of some lines."""
    indented = "\n".join(f"    {line}" for line in lines.strip().splitlines())
    truth = any(f"return {start}" in lines for start in ("True", "any", "n < ", "len(xs) > "))
    return f"def f({head}) -> {'bool' if truth else 'int'}:\n{indented}"


PAIRS = {
    "ranges_as_whiles, whiles_as_ranges": (
        "total = 0\nfor i in range(2, n):\n    total += i\nreturn total",
        "total = 0\ni = 2\nwhile i < n:\n    total += i\n    i += 1\nreturn total",
    ),
    "enumerates_as_indexes, indexes_as_items": (
        "total = n\nfor i, x in enumerate(xs):\n    total += i * x\nreturn total",
        "total = n\nfor i in range(len(xs)):\n    x = xs[i]\n    total += i * x\nreturn total",
    ),
    "items_as_indexes": (
        "total = n\nfor x in xs:\n    total += x\nreturn total",
        "total = n\nfor i in range(len(xs)):\n    x = xs[i]\n    total += x\nreturn total",
    ),
    "indexes_as_items": (
        "total = n\nfor i in range(len(xs)):\n    if xs[i] > 0:\n        total += xs[i]\nreturn total",
        "total = n\nfor x in xs:\n    if x > 0:\n        total += x\nreturn total",
    ),
    "loops_as_comprehensions": (
        "kept: list[int] = []\nfor x in xs:\n    if x > n:\n        kept.append(x)\nreturn len(kept)",
        "kept = [x for x in xs if x > n]\nreturn len(kept)",
    ),
    "comprehensions_as_loops, loops_as_comprehensions": (
        "return any(x > n for x in xs)",
        "for x in xs:\n    if x > n:\n        return True\nreturn False",
    ),
    "conditionals_as_ifs, ifs_as_conditionals": (
        "return n if n > 0 else -n",
        "if n > 0:\n    return n\nreturn -n",
    ),
    "truths_as_branches, branches_as_truths": (
        "return n < len(xs)",
        "if n < len(xs):\n    return True\nreturn False",
    ),
    "early_returns_as_else, else_as_early_returns": (
        "if n > 0:\n    return n\nm = n * n\nreturn m",
        "if n > 0:\n    return n\nelse:\n    m = n * n\n    return m",
    ),
    "guards_as_continues, continues_as_guards": (
        "total = 0\nfor x in xs:\n    if x > n:\n        total += x\n        total *= 2\nreturn total",
        "total = 0\nfor x in xs:\n    if x <= n:\n        continue\n    total += x\n    total *= 2\nreturn total",
    ),
    "branches_swapped": (
        "if n == 0:\n    n += 1\nelse:\n    n += 2\nreturn n",
        "if n != 0:\n    n += 2\nelse:\n    n += 1\nreturn n",
    ),
    "extremes_as_ifs, ifs_as_extremes": (
        "best = 0\nfor x in xs:\n    best = max(best, x)\nreturn best",
        "best = 0\nfor x in xs:\n    if x > best:\n        best = x\nreturn best",
    ),
    "augmented_as_plain, plain_as_augmented": (
        "n *= 2 + n\nn -= n - 1\nreturn n",
        "n = n * (2 + n)\nn = n - (n - 1)\nreturn n",
    ),
    "comparisons_mirrored": ("return n < len(xs)", "return len(xs) > n"),
    "operands_commuted": ("return n * len(xs) + xs[0] * n * 2", "return len(xs) * n + n * xs[0] * 2"),
    "values_reordered": (
        "low = 0\nhigh = len(xs)\nwide = high\nreturn low + wide + n",
        "high = len(xs)\nlow = 0\nwide = high\nreturn low + wide + n",
    ),
    "negations_inward": (
        "if not (n > 1 and xs[0] == n):\n    return 1\nreturn 0",
        "if n <= 1 or xs[0] != n:\n    return 1\nreturn 0",
    ),
    "negations_outward": (
        "if n != 1 or n not in xs:\n    return 1\nreturn 0",
        "if not (n == 1 and n in xs):\n    return 1\nreturn 0",
    ),
    "emptiness_as_length, length_as_emptiness": (
        "if not xs or n < 0:\n    return 0\nwhile xs and n > 0:\n    n -= 1\nreturn n",
        "if len(xs) == 0 or n < 0:\n    return 0\nwhile len(xs) > 0 and n > 0:\n    n -= 1\nreturn n",
    ),
    "results_named, values_inlined": ("return n * 2 + len(xs)", "result = n * 2 + len(xs)\nreturn result"),
}


@pytest.mark.parametrize("names", PAIRS)
def test_pass_turns_one_form_into_the_other(names: str) -> None:
    """The first pass named leads from the first form to the second, the second pass back."""
    first, second = (PYTHON.solution(program(body(lines))) for lines in PAIRS[names])
    there, *back = (BY_NAME[name] for name in names.split(", "))
    assert first == body(PAIRS[names][0]) and second == body(PAIRS[names][1]), "the pair is written as it is rendered"
    made = rewrites.apply(there, program(first))
    assert made is not None and PYTHON.solution(made) == second
    if back and names != "enumerates_as_indexes, indexes_as_items":
        made = rewrites.apply(back[0], program(second))
        assert made is not None and PYTHON.solution(made) == first


def test_every_pass_has_its_pair() -> None:
    """No pass is without a hand-written example."""
    assert {name for names in PAIRS for name in names.split(", ")} == set(BY_NAME)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("ranges_as_whiles", "for i in range(n):\n    if i == 1:\n        continue\n    xs.append(i)\nreturn 0"),
        ("ranges_as_whiles", "for i in range(n):\n    n -= 1\nreturn n"),
        ("whiles_as_ranges", "i = 0\nwhile i < n:\n    i += 1\nreturn i"),
        ("whiles_as_ranges", "i = 0\nwhile i < n:\n    n -= 1\n    i += 1\nreturn n"),
        ("whiles_as_ranges", "i = 0\nwhile i < n:\n    if n == 5:\n        i = 3\n    i += 1\nreturn n"),
        ("indexes_as_items", "for i in range(len(xs)):\n    xs[i] = xs[i] + 1\nreturn n"),
        ("loops_as_comprehensions", "ys = [1]\nfor x in xs:\n    ys.append(x)\nreturn len(ys)"),
        ("loops_as_comprehensions", "ys: list[int] = []\nfor x in xs:\n    ys.append(len(ys))\nreturn len(ys)"),
        ("values_inlined", "m = n + 1\nwhile n < m:\n    n += 2\nreturn n"),
        ("values_inlined", "m = xs.pop()\nreturn len(xs) + m"),
        ("values_inlined", "m = n // 2\nreturn 0 if n < 1 else m"),
        ("plain_as_augmented", "n = 2 - n\nreturn n"),
        ("ifs_as_extremes", "if xs[0] > n:\n    n = xs[1]\nreturn n"),
        ("early_returns_as_else", "if n > 1:\n    n += 1\nreturn n"),
    ],
)
def test_pass_leaves_alone_what_it_would_change(name: str, lines: str) -> None:
    """Where the meaning would be another, or the form is not exactly the pattern, nothing is done."""
    helper = body(lines).replace("def f(", "def g(")
    made = program(f"{helper}\n\n\ndef f(n: int) -> int:\n    return g([1, 2, 3], n)")
    assert rewrites.apply(BY_NAME[name], made) is None


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_results_are_kept(example: Example) -> None:
    """Each pass and four variants of every example give what was worked out, and are programs of the subset."""
    original = program(example.source)
    made = [new for rewrite in rewrites.REWRITES if (new := rewrites.apply(rewrite, original)) is not None]
    several = rewrites.variants(original, random.Random(example.name), 3)
    for new in [*made, *several]:
        function = function_of(new)
        for arguments, result in example.calls:
            assert function(*copy.deepcopy(arguments)) == result, PYTHON.solution(new)
    for new in several:
        source = PYTHON.solution(new)
        assert PYTHON.solution(program(source)) == source


RANDOM = (
    body("low = 0\nhigh = len(xs)\nys = sorted(xs)\nwhile low < high:\n    middle = (low + high) // 2\n"
         "    if ys[middle] < n:\n        low = middle + 1\n    else:\n        high = middle\nreturn low"),
    body("best = 0\nrun = 0\nfor i in range(len(xs)):\n    run = run + xs[i] if run > 0 else xs[i]\n"
         "    best = max(best, run)\nif best > n:\n    return best\nreturn n"),
    body("seen: set[int] = set()\nfor x in xs:\n    if n - x in seen:\n        return True\n    seen.add(x)\n"
         "return False"),
    body("counts: dict[int, int] = {}\nfor x in xs:\n    counts[x] = counts.get(x, 0) + 1\ntotal = 0\n"
         "for k in sorted(counts):\n    if counts[k] > 1 and k != n:\n        total += k * counts[k]\nreturn total"),
    body("total = 0\nfor i, x in enumerate(xs):\n    for j in range(i + 1, len(xs)):\n"
         "        if not (x == xs[j] or x + xs[j] > n):\n            total += 1\nreturn total"),
)  # fmt: skip


@pytest.mark.parametrize("source", RANDOM, ids=["search", "runs", "pairs", "counts", "nested"])
def test_variants_agree_on_random_inputs(source: str) -> None:
    """Ten variants of known algorithms, all different, against the original on random lists."""
    original, rng = program(source), random.Random(7)
    made = rewrites.variants(original, rng, 10)
    texts = {PYTHON.solution(new) for new in made} | {PYTHON.solution(original)}
    assert len(made) >= 3 and len(texts) == len(made) + 1
    expected = function_of(original)
    inputs = [([rng.randint(-9, 9) for _ in range(rng.randint(0, 8))], rng.randint(-9, 9)) for _ in range(25)]
    for new in made:
        function = function_of(new)
        for xs, n in inputs:
            assert function(list(xs), n) == expected(list(xs), n), (PYTHON.solution(new), xs, n)


def test_variants_are_the_same_for_a_seed() -> None:
    """Nothing but the generator given decides."""
    original = program(RANDOM[1])
    first, second = (rewrites.variants(original, random.Random(3), 12) for _ in range(2))
    assert first == second
    assert rewrites.variants(original, random.Random(4), 12) != first


def test_variants_are_fewer_where_there_is_little_to_do() -> None:
    """A program without other forms has none, and that ends."""
    assert rewrites.variants(program("def f(n: int) -> int:\n    return n"), random.Random(1), 5) == []
