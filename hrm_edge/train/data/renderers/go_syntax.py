"""Go expressions as a small tree, written with the blanks that gofmt sets.

gofmt leaves out the blanks around an operator by its precedence and by how deep the expression is in others
(`a*b + c`, `f(a+b, c)`, `xs[i+1]`), so that the text of a part depends on the whole. The rules are those of binaryExpr
in go/printer: https://github.com/golang/go/blob/go1.21.0/src/go/printer/nodes.go#L612-L760.
"""

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

_PRECEDENCE = {
    "||": 1,
    "&&": 2,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">="), 3),
    **dict.fromkeys(("+", "-", "|", "^"), 4),
    **dict.fromkeys(("*", "/", "%", "<<", ">>", "&"), 5),
}
_OPPOSITES = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


class Operation(NamedTuple):
    """`left operator right`; operands of lower precedence are Parentheses."""

    operator: str
    left: "Source"
    right: "Source"


class Prefix(NamedTuple):
    """`-x`, `!x`, `*x`, `&x`."""

    operator: str
    operand: "Source"


class Parentheses(NamedTuple):
    """`(x)`."""

    inside: "Source"


class Application(NamedTuple):
    """`f(a, b)`; with `spread`, `f(a, b...)`."""

    function: "Source"
    arguments: "tuple[Source, ...]"
    spread: bool = False


class Element(NamedTuple):
    """`base[index]`."""

    base: "Source"
    at: "Source"


class Part(NamedTuple):
    """`base[start:stop]`; an end that is None is left out."""

    base: "Source"
    start: "Source | None"
    stop: "Source | None"


class Member(NamedTuple):
    """`base.name`."""

    base: "Source"
    name: str


class Composite(NamedTuple):
    """`type{a, b}`, or `type{k: v}` where keys are given; an empty type is elided."""

    type: str
    values: "tuple[Source, ...]"
    keys: "tuple[Source, ...] | None" = None


Source: TypeAlias = str | Operation | Prefix | Parentheses | Application | Element | Part | Member | Composite


def operation(operator: str, left: Source, right: Source) -> Source:
    """A binary operation, with the parentheses it needs."""
    level = _PRECEDENCE[operator]
    if isinstance(left, Operation) and _PRECEDENCE[left.operator] < level:
        left = Parentheses(left)
    if isinstance(right, Operation) and _PRECEDENCE[right.operator] <= level:
        right = Parentheses(right)
    return Operation(operator, left, right)


def prefix(operator: str, operand: Source) -> Source:
    """A unary operation, with the parentheses it needs."""
    if operator == "!":
        if isinstance(operand, Prefix) and operand.operator == "!":
            return operand.operand
        if isinstance(operand, Operation) and operand.operator == "==" and _is_length(operand.left):
            return operand._replace(operator=">" if operand.right == "0" else "!=")
        if isinstance(operand, Operation) and operand.operator in _OPPOSITES:
            return operand._replace(operator=_OPPOSITES[operand.operator])
    if isinstance(operand, Prefix) and {operator, operand.operator} == {"*", "&"}:
        return operand.operand
    twice = isinstance(operand, Prefix) and operator == operand.operator
    return Prefix(operator, Parentheses(operand) if isinstance(operand, Operation) or twice else operand)


def _is_length(source: Source) -> bool:
    return isinstance(source, Application) and source.function == "len"


def call(function: Source, *arguments: Source, spread: bool = False) -> Application:
    """`function(arguments)`."""
    return Application(function, arguments, spread)


def element(base: Source, index: Source) -> Element:
    """`base[index]`."""
    return Element(_primary(base), index)


def part(base: Source, start: Source | None, stop: Source | None) -> Part:
    """`base[start:stop]`."""
    return Part(_primary(base), start, stop)


def member(base: Source, name: str) -> Member:
    """`base.name`; a pointer needs no star."""
    if isinstance(base, Prefix) and base.operator == "*":
        base = base.operand
    return Member(_primary(base), name)


def _primary(base: Source) -> Source:
    return Parentheses(base) if isinstance(base, Operation | Prefix) else base


def show(source: Source, depth: int = 1) -> str:
    """The text of an expression that is `depth` deep in others, 1 for one that stands alone."""
    match source:
        case str():
            return source
        case Operation():
            return _operation(source, depth)
        case Prefix(operator, operand):
            return operator + show(operand, depth)
        case Parentheses(inside):
            return f"({show(inside, max(depth - 1, 1))})"
        case Application(function, arguments, spread):
            deeper = depth + 1 if len(arguments) > 1 else depth
            return f"{show(function, depth)}({_list(arguments, deeper)}{'...' if spread else ''})"
        case Element(base, index):
            return f"{show(base, 1)}[{show(index, depth + 1)}]"
        case Part():
            return _part(source, depth)
        case Member(base, name):
            return f"{show(base, depth)}.{name}"
        case Composite(kind, values, keys):
            if keys is None:
                return f"{kind}{{{_list(values, 1)}}}"
            pairs = zip(keys, values, strict=True)
            return f"{kind}{{{', '.join(f'{show(key)}: {show(value)}' for key, value in pairs)}}}"


def _list(sources: Iterable[Source], depth: int) -> str:
    return ", ".join([show(source, depth) for source in sources])


def _operation(source: Operation, depth: int) -> str:
    level = _PRECEDENCE[source.operator]
    same = isinstance(source.left, Operation) and _PRECEDENCE[source.left.operator] == level
    left = show(source.left, depth if same else depth + 1)
    right = show(source.right, depth + 1)
    blank = " " if level < _cutoff(source, depth) else ""
    return f"{left}{blank}{source.operator}{blank}{right}"


def _cutoff(source: Operation, depth: int) -> int:
    """Operators of this precedence and above are written without blanks."""
    has_sum, has_product, problem = _walk(source)
    if problem > 0:
        return problem + 1
    if has_sum and has_product:
        return 5 if depth == 1 else 4
    return 6 if depth == 1 else 4


def _walk(source: Operation) -> tuple[bool, bool, int]:
    level = _PRECEDENCE[source.operator]
    has_sum, has_product, problem = level == 4, level == 5, 0
    for operand in (source.left, source.right):
        if isinstance(operand, Operation):
            inner = _walk(operand)
            has_sum, has_product, problem = has_sum or inner[0], has_product or inner[1], max(problem, inner[2])
    if isinstance(source.right, Prefix):
        touching = source.operator + source.right.operator
        if touching in ("/*", "&&", "&^"):
            problem = 5
        elif touching in ("++", "--"):
            problem = max(problem, 4)
    return has_sum, has_product, problem


def _part(source: Part, depth: int) -> str:
    ends = [end for end in (source.start, source.stop) if end is not None]
    blanks = depth <= 1 and len(ends) > 1 and any(isinstance(end, Operation) for end in ends)
    start = "" if source.start is None else show(source.start, depth + 1) + (" " if blanks else "")
    stop = "" if source.stop is None else (" " if blanks else "") + show(source.stop, depth + 1)
    return f"{show(source.base, 1)}[{start}:{stop}]"
