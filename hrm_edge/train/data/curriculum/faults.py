"""Bugs with names, put into a program that is right: what people get wrong, one at a time.

A bug changes one place of one function. It counts only if the program still runs on every test, in the same bounds as
the right one, and gives another result in at least one: what it then returns is known from the interpreter, in all
six languages alike.
"""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.execution import Fault
from hrm_edge.train.data.ir.interpreter import Interpreter, Run, united
from hrm_edge.train.data.ir.traversal import every, rebuilt
from hrm_edge.train.data.ir.types import BOOL, INT
from hrm_edge.train.data.renderers.renderer import Case

_STEPS = 20_000
_NEGATIVE_ZERO = re.compile(r"-0\.0(?!\d)")
Change = Callable[[Any], Any]


@dataclass(frozen=True)
class Bug:
    """A wrong program beside its right one."""

    kind: str
    """A name of KINDS."""
    program: ir.Program
    returned: tuple[Any, ...]
    """What it gives for each of the problem's tests."""


def bugs(program: ir.Program, cases: tuple[Case, ...], rng: random.Random, count: int) -> list[Bug]:
    """Up to `count` bugs of different kinds."""
    kinds = list(KINDS)
    rng.shuffle(kinds)
    found: list[Bug] = []
    for kind in kinds:
        if len(found) == count:
            break
        places = _places(program, KINDS[kind])
        rng.shuffle(places)
        for number, node in places[:3]:
            bug = _observed(kind, _changed(program, number, node, KINDS[kind]), program.facts, cases)
            if bug is not None:
                found.append(bug)
                break
    return found


def _places(program: ir.Program, change: Change) -> list[tuple[int, Any]]:
    """(number of the function, node) wherever the bug can be."""
    return [
        (number, node)
        for number, function in enumerate(program.functions)
        for node in every(function.body)
        if change(node) is not None
    ]


def _changed(program: ir.Program, number: int, place: Any, change: Change) -> ir.Program:
    """The program with the change at one node, found by identity: equal nodes elsewhere stay."""
    done = False

    def visit(node: Any) -> Any:
        nonlocal done
        if node is place and not done:
            done = True
            return change(node)
        return rebuilt(node, visit)

    function = program.functions[number]
    body = tuple(visit(statement) for statement in function.body)
    functions = list(program.functions)
    functions[number] = replace(function, body=body)
    return replace(program, functions=tuple(functions))


def _observed(kind: str, program: ir.Program, facts: ir.Facts, cases: tuple[Case, ...]) -> Bug | None:
    returned = []
    interpreter = Interpreter(program)
    for case in cases:
        straight, turned = Run(_STEPS), Run(_STEPS, turned=True)
        try:
            result = interpreter.run(case.arguments, straight)
            if interpreter.run(case.arguments, turned) != result:
                return None
        except (Fault, RecursionError):
            return None
        if united(facts, straight.facts) != facts or has_negative_zero(result):
            return None
        returned.append(result)
    differs = any(value != case.result for value, case in zip(returned, cases, strict=True))
    return Bug(kind, program, tuple(returned)) if differs else None


def has_negative_zero(value: Any) -> bool:
    """Whether a value is or holds -0.0, which equals 0.0 for some languages' tests and not for others'."""
    return _NEGATIVE_ZERO.search(repr(value)) is not None


# --- kinds: each gives the changed node, or None where it does not apply


def _strictness(node: Any) -> Any:
    swap = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
    if isinstance(node, ir.Compare) and node.operator in swap:
        return replace(node, operator=cast(Any, swap[node.operator]))
    return None


def _direction(node: Any) -> Any:
    swap = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
    if isinstance(node, ir.Compare) and node.operator in swap:
        return replace(node, operator=cast(Any, swap[node.operator]))
    return None


def _equality(node: Any) -> Any:
    swap = {"==": "!=", "!=": "=="}
    if isinstance(node, ir.Compare) and node.operator in swap:
        return replace(node, operator=cast(Any, swap[node.operator]))
    return None


def _connective(node: Any) -> Any:
    if isinstance(node, ir.Logical):
        return replace(node, operator="or" if node.operator == "and" else "and")
    return None


def _arithmetic(node: Any) -> Any:
    swap = {"+": "-", "-": "+", "*": "+"}
    if isinstance(node, ir.Binary) and node.type == INT and node.operator in swap:
        return replace(node, operator=cast(Any, swap[node.operator]))
    return None


def _update(node: Any) -> Any:
    swap = {"+": "-", "-": "+", "*": "+"}
    if isinstance(node, ir.Augment) and node.target.type == INT and node.operator in swap:
        return replace(node, operator=cast(Any, swap[node.operator]))
    return None


def _start(node: Any) -> Any:
    if isinstance(node, ir.Let) and isinstance(node.value, ir.Literal) and node.type == INT:
        value = node.value.value
        assert isinstance(value, int)
        return replace(node, value=replace(node.value, value=1 if value == 0 else value - 1))
    return None


def _flag(node: Any) -> Any:
    if isinstance(node, ir.Let | ir.Return) and isinstance(node.value, ir.Literal) and node.value.type == BOOL:
        return replace(node, value=replace(node.value, value=not node.value.value))
    return None


def _first_of_range(node: Any) -> Any:
    if isinstance(node, ir.Range) and isinstance(node.start, ir.Literal) and node.step == 1:
        value = node.start.value
        assert isinstance(value, int)
        return replace(node, start=ir.Literal(INT, value + 1))
    return None


def _end_of_range(node: Any) -> Any:
    if not isinstance(node, ir.Range) or node.step != 1:
        return None
    match node.stop:
        case ir.Binary(operator="+", left=left, right=ir.Literal(value=1)):
            return replace(node, stop=left)
    return replace(node, stop=ir.Binary(INT, "-", node.stop, ir.Literal(INT, 1)))


def _extreme(node: Any) -> Any:
    swap = {"min": "max", "max": "min", "smallest": "largest", "largest": "smallest"}
    if isinstance(node, ir.Builtin) and node.name in swap:
        return replace(node, name=swap[node.name])
    if isinstance(node, ir.Fold) and node.kind in ("min", "max"):
        return replace(node, kind="max" if node.kind == "min" else "min")
    return None


def _quantifier(node: Any) -> Any:
    if isinstance(node, ir.Fold) and node.kind in ("any", "all"):
        return replace(node, kind="all" if node.kind == "any" else "any")
    return None


def _order(node: Any) -> Any:
    swap = {"sorted": "sorted_descending", "sorted_descending": "sorted"}
    if isinstance(node, ir.Builtin) and node.name in swap:
        return replace(node, name=swap[node.name])
    if isinstance(node, ir.SortBy):
        return replace(node, descending=not node.descending)
    return None


def _filter(node: Any) -> Any:
    if isinstance(node, ir.Fold) and node.condition is not None and node.kind != "count":
        return replace(node, condition=None)
    return None


def _constant(node: Any) -> Any:
    inside = ("%", "*", "//")
    if isinstance(node, ir.Binary) and node.operator in inside and isinstance(node.right, ir.Literal):
        value = node.right.value
        if type(value) is int and value > 1:
            return replace(node, right=replace(node.right, value=value + 1))
    return None


def _branches(node: Any) -> Any:
    if isinstance(node, ir.Conditional):
        return replace(node, then=node.otherwise, otherwise=node.then)
    if isinstance(node, ir.If) and node.otherwise and not isinstance(node.otherwise[0], ir.If):
        return replace(node, then=node.otherwise, otherwise=node.then)
    return None


def _operands(node: Any) -> Any:
    if isinstance(node, ir.Binary) and node.operator in ("-", "//", "%") and node.left != node.right:
        return replace(node, left=node.right, right=node.left)
    if isinstance(node, ir.Binary) and node.operator == "+" and node.type not in (INT,) and node.left != node.right:
        return replace(node, left=node.right, right=node.left) if node.left.type == node.right.type else None
    return None


def _forgotten(node: Any) -> Any:
    if isinstance(node, ir.If) and not node.otherwise and len(node.then) > 1:
        return replace(node, then=node.then[1:])
    return None


KINDS: Mapping[str, Change] = {
    "strict comparison": _strictness,
    "comparison the wrong way round": _direction,
    "negated equality": _equality,
    "and for or": _connective,
    "wrong operator": _arithmetic,
    "wrong update": _update,
    "wrong start value": _start,
    "wrong truth value": _flag,
    "range starts late": _first_of_range,
    "range ends early": _end_of_range,
    "min for max": _extreme,
    "any for all": _quantifier,
    "wrong order": _order,
    "missing filter": _filter,
    "wrong constant": _constant,
    "swapped branches": _branches,
    "swapped operands": _operands,
    "forgotten statement": _forgotten,
}
"""Name of a kind → what it makes of a node."""
