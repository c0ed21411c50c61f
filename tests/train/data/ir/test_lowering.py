"""Comprehensions as loops: they give what CPython gives for the comprehension, in the form a person writes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from rendered_programs import EXAMPLES

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.flattening import flatten
from hrm_edge.train.data.ir.interpreter import Interpreter
from hrm_edge.train.data.ir.lowering import lower_folds
from hrm_edge.train.data.ir.program_passes import map_functions
from hrm_edge.train.data.ir.reader import read_source
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.renderers.python import PythonRenderer


def lowered(source: str, **options: Any) -> ir.Program:
    """A function `f` with loops for its comprehensions."""
    return map_functions(read_source(source, "f"), lambda function: lower_folds(function, **options))


def written(source: str, **options: Any) -> str:
    """The loops as Python, without the head."""
    lines = PythonRenderer().solution(lowered(source, **options)).splitlines()
    return "\n".join(line[4:] for line in lines[1:])


def called(source: str, arguments: Sequence[Any]) -> Any:
    """What CPython gives."""
    names: dict[str, Any] = {}
    exec(f"from collections import deque\n{source}", names)
    return names["f"](*arguments)


PROGRAMS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "nested lists": (
        "def f(n: int) -> list[list[int]]:\n    return [[i * j for j in range(i)] for i in range(n)]\n",
        (4,),
    ),
    "any of all": (
        "def f(rows: list[list[int]]) -> bool:\n    return any(all(x > 0 for x in row) for row in rows)\n",
        ([[1, -1], [2]],),
    ),
    "not any": ("def f(xs: list[int]) -> bool:\n    return not any(x < 0 for x in xs)\n", ([1, -2],)),
    "least of some": ("def f(xs: list[int]) -> int:\n    return min(x for x in xs if x % 2 == 0)\n", ([3, 8, 5, 6],)),
    "greatest text": (
        "def f(words: list[str]) -> str:\n    return max(w.lower() for w in words)\n",
        (["b", "Z", "c"],),
    ),
    "several in one": (
        "def f(xs: list[int]) -> list[int]:\n"
        "    return [sum(x for x in xs), sum(1 for x in xs if x > 1), min(x for x in xs)]\n",
        ([4, 1, 3],),
    ),
    "own variable": (
        "def f(xs: list[int]) -> list[int]:\n    xs = [x + xs[0] for x in xs]\n    return xs\n",
        ([1, 2, 3],),
    ),
    "condition of elif": (
        "def f(xs: list[int]) -> int:\n    if not xs:\n        return 0\n    elif any(x > 5 for x in xs):\n"
        "        return 1\n    else:\n        return 2\n",
        ([1, 9],),
    ),
    "first of and": (
        "def f(xs: list[int]) -> bool:\n    return all(x > 0 for x in xs) and len(xs) > 1\n",
        ([1, 9],),
    ),
    "condition of a conditional": (
        "def f(xs: list[int]) -> str:\n    return 'yes' if any(x > 5 for x in xs) else 'no'\n",
        ([1, 9],),
    ),
    "map and set": (
        "def f(ws: list[str]) -> dict[int, int]:\n    return {len(w): len({c for c in w}) for w in ws}\n",
        (["aab", "b"],),
    ),
    "taken before": (
        "def f(xs: list[int]) -> int:\n    ys = xs[:]\n    return ys.pop() * 100 + sum(y for y in ys)\n",
        ([1, 2, 3],),
    ),
    "sum in a while": (
        "def f(xs: list[int]) -> int:\n    ys = xs[:]\n    while ys and sum(ys) > 3:\n"
        "        ys.pop()\n    return len(ys)\n",
        ([1, 2, 3],),
    ),
    "names taken": (
        "def f(result: list[int]) -> list[int]:\n"
        "    items = [r for r in result]\n    return sorted([r - 1 for r in items])\n",
        ([3, 1],),
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_loops_give_what_cpython_gives_for_the_comprehension(name: str) -> None:
    """No comprehension is left, nor a sum of a list."""
    source, arguments = PROGRAMS[name]
    program = lowered(source, sums=True, texts=True)
    assert not [node for node in every(program.functions) if isinstance(node, ir.Fold)]
    assert not [node for node in every(program.functions) if isinstance(node, ir.Builtin) and node.name == "sum"]
    assert Interpreter(program)(*arguments) == called(source, arguments)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_examples_give_what_was_worked_out_lowered_and_flattened(example: Any) -> None:
    """Everything that is no name or literal in a variable of its own: the order of evaluation stays."""

    def apart(node: Any, place: str) -> tuple[str, ...]:
        inside = place in ("inside", "return", "condition", "iterable")
        return ("part",) if inside and isinstance(node, ir.Builtin) and node.name in ("pop", "pop_first", "get") else ()

    def change(function: ir.Function) -> ir.Function:
        function = lower_folds(function, sums=True, texts=True)
        return flatten(function, apart, conditionals=False, pairs=False)

    program = map_functions(read_source(example.source, "f"), change)
    run = Interpreter(program)
    for arguments, result in example.calls:
        assert run(*arguments) == result


def test_kinds_that_are_not_asked_for_stay() -> None:
    """Unless they have one inside that is lowered."""
    source = (
        "def f(rows: list[list[int]]) -> list[bool]:\n"
        "    lengths = [len(row) for row in rows]\n"
        "    return [any(x > 0 for x in row) for row in rows if lengths]\n"
    )
    program = lowered(source, kinds=frozenset(("any",)))
    assert [node.kind for node in every(program.functions) if isinstance(node, ir.Fold)] == ["list"]
    assert Interpreter(program)([[1], [-1]]) == [True, False]


def test_any_returns_from_inside_its_loop() -> None:
    assert written("def f(xs: list[int]) -> bool:\n    return any(x > 3 for x in xs)\n") == (
        "for x in xs:\n    if x > 3:\n        return True\nreturn False"
    )


def test_all_turns_its_test_round() -> None:
    assert written("def f(xs: list[int]) -> bool:\n    return all(0 < x and x < 9 for x in xs)\n") == (
        "for x in xs:\n    if 0 >= x or x >= 9:\n        return False\nreturn True"
    )


def test_an_if_that_only_returns_needs_no_flag() -> None:
    source = "def f(xs: list[int]) -> int:\n    if any(x > 3 for x in xs):\n        return 1\n    return 0\n"
    assert written(source) == "for x in xs:\n    if x > 3:\n        return 1\nreturn 0"


def test_a_list_is_built_in_its_variable() -> None:
    source = "def f(xs: list[int]) -> int:\n    big = [x for x in xs if x > 3]\n    return len(big)\n"
    assert written(source) == (
        "big: list[int] = []\nfor x in xs:\n    if x > 3:\n        big.append(x)\nreturn len(big)"
    )


def test_a_sum_is_added_where_it_goes() -> None:
    source = "def f(xs: list[int]) -> int:\n    total = 1\n    total += sum(x * x for x in xs)\n    return total\n"
    assert written(source) == "total = 1\nfor x in xs:\n    total += x * x\nreturn total"


def test_a_pattern_that_is_a_variable_of_the_function_is_called_otherwise() -> None:
    source = "def f(xs: list[int]) -> list[int]:\n    x = [x + 1 for x in xs]\n    return x\n"
    with_other = lowered(source)
    [loop] = [node for node in every(with_other.functions) if isinstance(node, ir.For)]
    assert "x" not in loop.pattern.names
    assert Interpreter(with_other)([1, 2]) == [2, 3]


def test_a_function_without_comprehensions_stays_the_same_object() -> None:
    program = read_source("def f(n: int) -> int:\n    return n\n", "f")
    assert lower_folds(program.entry) is program.entry
    assert replace(program) == program
