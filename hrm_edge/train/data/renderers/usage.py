"""How a function uses its variables: what typed languages need to know before they write the first line.

Found in one walk: which names change, which variables do nothing but count along a list (`usize` in Rust, `size_t` in
C++), which names are taken.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.analysis import root
from hrm_edge.train.data.ir.builtins import MUTATING
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import INT, STR, Bool, Char, Float, Int, List, Str
from hrm_edge.train.data.ir.types import Set as SetType

_COUNTS = frozenset(("length", "index_of", "count_item"))


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What is known of one function or method."""

    nodes: tuple[Any, ...]
    """Every node of the body."""
    changed: frozenset[str]
    """Variables that get a second value, or are changed in place, here or by what is called."""
    reassigned: frozenset[str]
    occurrences: Mapping[str, int]
    """How often each variable is read or written after its declaration."""
    indexes: frozenset[str]
    """Variables of loops and counters that are never negative and mostly used as an index."""
    names: frozenset[str]
    """Every name in the function."""


def usage_of(function: ir.Function, program: ir.Program, mutating_methods: Set[tuple[str, str]]) -> Usage:
    """Facts about a function; `mutating_methods` are (class, method) pairs that change their object."""
    nodes = every(function.body)
    occurrences: Counter[str] = Counter()
    names = {function.name, *(parameter.name for parameter in function.parameters)}
    changed: set[str] = set()
    reassigned: set[str] = set()
    functions = {made.name: made for made in program.functions}
    for node in nodes:
        match node:
            case ir.Name(name=name):
                occurrences[name] += 1
                names.add(name)
            case ir.Let(name=name) | ir.SortBy(parameter=name):
                names.add(name)
            case ir.LetTuple(names=several):
                names.update(several)
            case ir.For(pattern=pattern) | ir.Fold(pattern=pattern):
                names.update(pattern.names)
            case ir.Assign(target=target) | ir.Augment(target=target):
                _note((target,), changed, reassigned)
            case ir.Swap(targets=targets):
                _note(targets, changed, reassigned)
            case ir.Builtin(name=name, arguments=arguments) if name in MUTATING:
                _note_in_place(arguments[0], changed)
            case ir.MethodCall(receiver=receiver, method=method):
                if (str(receiver.type), method) in mutating_methods:
                    _note_in_place(receiver, changed)
            case ir.Call(function=name, arguments=arguments):
                names.add(name)
                if name in functions:
                    for value, parameter in zip(arguments, functions[name].parameters, strict=True):
                        if parameter.shared:
                            _note_in_place(value, changed)
    return Usage(
        nodes=tuple(nodes),
        changed=frozenset(changed | reassigned),
        reassigned=frozenset(reassigned),
        occurrences=occurrences,
        indexes=_indexes(nodes, occurrences, {parameter.name for parameter in function.parameters}),
        names=frozenset(names),
    )


def mutating_methods(program: ir.Program) -> frozenset[tuple[str, str]]:
    """(class, method) of the methods that change their object, themselves or through others."""
    found: frozenset[tuple[str, str]] = frozenset()
    while program.classes:
        now = {
            (made.name, method.name)
            for made in program.classes
            for method in made.methods
            if "self" in usage_of(method, program, found).changed
        }
        if now == found:
            break
        found = frozenset(now)
    return found


def is_count(node: Any, indexes: Set[str], *, differences: bool = False) -> bool:
    """Whether an int expression can be computed without a sign, from lengths, indexes and literals.

    With `differences` the whole is known not to be negative (it is an index), so that it may subtract.
    """
    match node:
        case ir.Literal(value=value):
            return type(value) is int and value >= 0
        case ir.Name(name=name):
            return name in indexes
        case ir.Builtin(name=name):
            return name in _COUNTS
        case ir.Binary(operator="+" | "*" | "//" | "%", left=left, right=right):
            return is_count(left, indexes) and is_count(right, indexes)
        case ir.Binary(operator="-", left=left, right=right) if differences:
            return is_count(left, indexes, differences=True) and is_count(right, indexes)
    return False


def logical_operands(node: Any, operator: str) -> list[Any]:
    """Operands, those of the same operator within taken apart."""
    if isinstance(node, ir.Logical) and node.operator == operator:
        return [part for operand in node.operands for part in logical_operands(operand, operator)]
    return [node]


def is_last(base: Any, index: Any) -> bool:
    """Whether an index is that of the last item of a list."""
    match index:
        case ir.Binary(operator="-", left=ir.Builtin(name="length", arguments=(of,)), right=ir.Literal(value=1)):
            return bool(of == base)
    return False


def is_count_compare(node: ir.Compare, indexes: Set[str]) -> bool:
    """Whether a comparison is one of counts, not all of them literals."""
    left, right = node.left, node.right
    return (
        left.type == INT
        and is_count(left, indexes)
        and is_count(right, indexes)
        and not (isinstance(left, ir.Literal) and isinstance(right, ir.Literal))
    )


def is_count_range(node: ir.Range, indexes: Set[str]) -> bool:
    """Whether all that a range gives can be counted without a sign, and its ends can be written so."""
    if node.step > 0:
        return is_count(node.start, indexes) and is_count(node.stop, indexes, differences=_simple(node.stop))
    if node.step < -1:
        return False
    to_zero = node.stop == ir.Literal(INT, -1)
    return is_count(first_excluded(node.start), indexes) and (to_zero or is_count(node.stop, indexes))


def first_excluded(node: Any) -> Any:
    """What stands before the first number of a range that goes down, `n` for `n - 1`; else the first number itself."""
    match node:
        case ir.Binary(operator="-", left=left, right=ir.Literal(value=1)):
            return left
    return node


def _simple(node: Any) -> bool:
    """A difference of two counts, which can be held at zero."""
    return isinstance(node, ir.Binary) and node.operator == "-"


_STEADY = frozenset(("strip", "length", "last", "smallest", "largest", "min", "max"))


def refers_to_unchanged(value: Any, changed: Set[str]) -> bool:
    """Whether what an expression refers to outlives its statement unchanged."""
    for node in every(value):
        match node:
            case ir.Name(name=name):
                if name in changed and not _is_number_like(node.type):
                    return False
            case ir.Builtin(name=name):
                if name not in _STEADY:
                    return False
            case ir.Binary(type=kind):
                if kind == STR or isinstance(kind, List | SetType):
                    return False
            case ir.Literal() | ir.Index() | ir.Lookup() | ir.Slice() | ir.Field() | ir.Conditional() | ir.Compare():
                pass
            case ir.Logical() | ir.Unary() | ir.Unwrap():
                pass
            case _:
                return False
    return True


def _is_number_like(kind: Any) -> bool:
    return isinstance(kind, Int | Float | Bool | Char)


def _note(targets: Iterable[Any], changed: set[str], reassigned: set[str]) -> None:
    for target in targets:
        if isinstance(target, ir.Name):
            reassigned.add(target.name)
        else:
            _note_in_place(target, changed)


def _note_in_place(target: Any, changed: set[str]) -> None:
    if name := root(target):
        changed.add(name)


def _indexes(nodes: list[Any], occurrences: Mapping[str, int], parameters: Set[str]) -> frozenset[str]:
    """The names that are worth counting without a sign: one by one the others are dropped."""
    given = _definitions(nodes)
    candidates = {name for name in given if name not in parameters}
    while candidates:
        kept = {name for name in candidates if all(_allows(value, candidates) for value in given[name])}
        if kept == candidates:
            uses, real = _index_uses(nodes, candidates)
            kept = {name for name in candidates if real[name] and 2 * uses[name] >= occurrences.get(name, 0)}
            if kept == candidates:
                break
        candidates = kept
    return frozenset(candidates)


def _definitions(nodes: list[Any]) -> dict[str, list[Any]]:
    """What each int variable is given: values, ranges, or None for what cannot be followed."""
    given: dict[str, list[Any]] = {}
    for node in nodes:
        match node:
            case ir.Let(name=name, value=value) if node.type == INT:
                given.setdefault(name, []).append(value)
            case ir.Let(name=name):
                given.setdefault(name, []).append(None)
            case ir.Assign(target=ir.Name(name=name), value=value):
                given.setdefault(name, []).append(value)
            case ir.Augment(target=ir.Name(name=name), operator=operator, value=value):
                given.setdefault(name, []).append(value if operator in ("+", "*", "//") else None)
            case ir.Swap(targets=targets):
                for target in targets:
                    if isinstance(target, ir.Name):
                        given.setdefault(target.name, []).append(None)
            case ir.LetTuple(names=names):
                for name in names:
                    given.setdefault(name, []).append(None)
            case ir.For(pattern=pattern, iterable=iterable) | ir.Fold(pattern=pattern, iterable=iterable):
                _define_pattern(pattern, iterable, given)
            case ir.SortBy(parameter=name):
                given.setdefault(name, []).append(None)
    return given


def _define_pattern(pattern: ir.Pattern, iterable: Any, given: dict[str, list[Any]]) -> None:
    if isinstance(iterable, ir.Range):
        given.setdefault(pattern.names[0], []).append(iterable)
        return
    for at, name in enumerate(pattern.names):
        counted = at == 0 and isinstance(iterable, ir.Enumerate)
        given.setdefault(name, []).append(ir.Literal(INT, 0) if counted else None)


def _allows(value: Any, candidates: Set[str]) -> bool:
    if isinstance(value, ir.Range):
        return is_count_range(value, candidates)
    return value is not None and is_count(value, candidates)


def _index_uses(nodes: list[Any], candidates: Set[str]) -> tuple[Counter[str], Counter[str]]:
    """(uses where no sign is wanted, among them uses as an index), per name."""
    uses: Counter[str] = Counter()
    real: Counter[str] = Counter()

    def note(value: Any, *, index: bool) -> None:
        if value is not None and is_count(value, candidates, differences=True):
            for part in every(value):
                if isinstance(part, ir.Name) and part.name in candidates:
                    uses[part.name] += 1
                    real[part.name] += index

    for node in nodes:
        match node:
            case ir.Index(base=base, index=index) if isinstance(base.type, List | Str):
                note(index, index=True)
            case ir.Slice(start=start, stop=stop):
                note(start, index=True)
                note(stop, index=True)
            case ir.Builtin(name="filled" | "repeat" | "insert", arguments=arguments):
                note(arguments[1], index=True)
            case ir.Compare() if is_count_compare(node, candidates):
                note(node.left, index=False)
                note(node.right, index=False)
            case ir.Range(start=start, stop=stop) if is_count_range(node, candidates):
                note(first_excluded(start) if node.step < 0 else start, index=False)
                note(stop, index=False)
            case ir.Let(name=name, value=value) if name in candidates:
                note(value, index=False)
            case ir.Assign(target=ir.Name(name=name), value=value) if name in candidates:
                uses[name] += 1
                note(value, index=False)
            case ir.Augment(target=ir.Name(name=name), value=value) if name in candidates:
                uses[name] += 1
                note(value, index=False)
    return uses, real
