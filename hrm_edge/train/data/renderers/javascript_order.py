"""Order in JavaScript: which of two values is before the other."""

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir import types as t
from hrm_edge.train.data.renderers.javascript_levels import AND, CONDITIONAL, OR, SHIFT, Written, in_parentheses
from hrm_edge.train.data.renderers.javascript_writing import JavascriptWriting

BY_DEFAULT = t.Str | t.Char | t.Bool
"""What sort() without a comparator puts in order; numbers it would take for texts."""


def comparison(write: JavascriptWriting, left: ir.Expression, right: ir.Expression) -> Written:
    """A number below, at or above zero, as the left value is before, with or behind the right one."""
    match left, right:
        case ir.TupleDisplay(), ir.TupleDisplay():
            pairs = list(zip(left.items, right.items, strict=True))
        case ir.Unary(operator="-"), ir.Unary(operator="-"):
            return comparison(write, right.operand, left.operand)
        case _ if isinstance(left.type, t.Tuple):
            pairs = [(part_of(left, i), part_of(right, i)) for i in range(len(left.type.items))]
        case _ if isinstance(left.type, t.Str | t.Char):
            first, second = write.text(left, SHIFT), write.text(right, SHIFT)
            return f"{first} < {second} ? -1 : {first} > {second} ? 1 : 0", CONDITIONAL
        case _:
            return write.write(ir.Binary(t.FLOAT, "-", left, right))
    parts = [comparison(write, one, other) for one, other in pairs]
    if len(parts) == 1:
        return parts[0]
    return " || ".join(in_parentheses(part, AND) for part in parts), OR


def comparator(write: JavascriptWriting, kind: t.Type) -> str:
    """What sort() takes to put items of a type in order; nothing where it needs nothing."""
    if isinstance(kind, BY_DEFAULT):
        return ""
    return f"(a, b) => {comparison(write, ir.Name(kind, 'a'), ir.Name(kind, 'b'))[0]}"


def least(write: JavascriptWriting, array: str, kind: t.Type, *, most: bool) -> str:
    """The least or greatest item of an array of what Math.min does not take."""
    left, right = ir.Name(kind, "a"), ir.Name(kind, "b")
    better = ir.Compare(">" if most else "<", right, left)
    return f"{array}.reduce((a, b) => ({write.text(better)} ? b : a))"


def part_of(node: ir.Expression, number: int) -> ir.Expression:
    """A part of a tuple."""
    assert isinstance(node.type, t.Tuple)
    return ir.Index(node.type.items[number], node, ir.Literal(t.INT, number))
