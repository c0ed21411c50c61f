"""Comparisons in Java: `==` of numbers and characters that are no objects, methods of everything else."""

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.types import Bool, Char, Float, Int, Tuple
from hrm_edge.train.data.renderers.java_syntax import UNBOXED, Java, invoke, negation, operation
from hrm_edge.train.data.renderers.java_tuples import tuple_items
from hrm_edge.train.data.renderers.java_writing import JavaWriting


def write_comparison(body: JavaWriting, node: ir.Compare) -> Java:
    kind, operator = node.left.type, node.operator
    if isinstance(kind, Tuple) and operator not in ("==", "!="):
        return _tuple_order(body, node)
    for side, other in ((node.left, node.right), (node.right, node.left)):
        if isinstance(side, ir.ListDisplay) and not side.items:
            empty = invoke(body.view(other), "isEmpty", kind="boolean")
            return empty if operator == "==" else negation(empty)
    left, right = body.view(node.left), body.view(node.right)
    if not isinstance(kind, Int | Float | Bool | Char) or (operator in ("==", "!=") and _both_boxed(left, right)):
        return _compare_objects(operator, left, right)
    match node.left, node.right:
        case ir.Builtin(name="code", arguments=(one,)), ir.Builtin(name="code", arguments=(other,)):
            left, right = body.expression(one), body.expression(other)
    return operation(operator, left, right, "boolean")


def _compare_objects(operator: str, left: Java, right: Java) -> Java:
    if operator in ("==", "!="):
        equal = invoke(left, "equals", right, kind="boolean")
        return equal if operator == "==" else negation(equal)
    return operation(operator, invoke(left, "compareTo", right, kind="int"), Java("0", "int"), "boolean")


def _tuple_order(body: JavaWriting, node: ir.Compare) -> Java:
    types = node.left.type.items  # type: ignore[union-attr]
    names = [f"order_{at}" for at in range(2 * len(types))]
    lefts, rights = tuple_items(body, node.left), tuple_items(body, node.right)
    for name, value in zip(names, (*lefts, *rights), strict=True):
        body.scope.renamed[name] = value
    sides = [(ir.Name(type_, names[at]), ir.Name(type_, names[at + len(types)])) for at, type_ in enumerate(types)]
    result: ir.Expression = ir.Compare(node.operator, *sides[-1])
    for left, right in reversed(sides[:-1]):
        later = ir.Logical("and", (ir.Compare("==", left, right), result))
        result = ir.Logical("or", (ir.Compare(node.operator[0], left, right), later))  # type: ignore[arg-type]
    return body.expression(result)


def _both_boxed(left: Java, right: Java) -> bool:
    return left.kind in UNBOXED and right.kind in UNBOXED
