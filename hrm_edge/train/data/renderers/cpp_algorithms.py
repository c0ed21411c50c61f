"""Calls of C++'s algorithms over a whole list or text, or over a part of one."""

from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.types import STR, List
from hrm_edge.train.data.renderers.cpp_pieces import as_string, is_string, span, variable
from hrm_edge.train.data.renderers.cpp_writer import (
    ATOM,
    CppWriter,
    ExpressionWriter,
    Written,
)


def receiver(w: CppWriter, node: Any) -> str:
    """What stands before a dot: of a text, a std::string."""
    if node.type == STR and not is_string(node):
        return as_string(w, node)
    return w.text(node, ATOM)


def ends(w: CppWriter, node: Any) -> tuple[str, str]:
    """`begin` and `end` of a list or text, or of a part of one."""
    if isinstance(node, ir.Slice) and isinstance(node.type, List):
        return span(w, node)
    base = variable(w, node)
    return f"{base}.begin()", f"{base}.end()"


def over(template: str, level: int = ATOM) -> ExpressionWriter:
    """An algorithm over the first argument."""

    def write(w: CppWriter, node: ir.Builtin) -> Written:
        first, last = ends(w, node.arguments[0])
        rest = [w.text(each) for each in node.arguments[1:]]
        return Written(template.format(first, last, *rest), level)

    return write
