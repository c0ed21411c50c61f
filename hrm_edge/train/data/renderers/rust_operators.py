"""Rust's operators, and choices between two values."""

import re
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import CHAR, FLOAT, INT, STR, List, Optional, Set
from hrm_edge.train.data.renderers.rust_expressions import byte_of
from hrm_edge.train.data.renderers.rust_folds import items_by_value
from hrm_edge.train.data.renderers.rust_types import (
    char_literal,
    is_copy,
    owned_type,
    text_literal,
)
from hrm_edge.train.data.renderers.rust_writer import (
    ADD,
    AND,
    ATOM,
    BOTH,
    COMPARE,
    EITHER,
    LOWEST,
    MULTIPLY,
    OR,
    SHIFT,
    UNARY,
    XOR,
    Form,
    RustWriter,
    Written,
    cast,
    writes,
)
from hrm_edge.train.data.renderers.usage import is_count_compare, logical_operands

_LEVELS = {
    **{"*": MULTIPLY, "/": MULTIPLY, "//": MULTIPLY, "%": MULTIPLY, "+": ADD, "-": ADD},
    **{"<<": SHIFT, ">>": SHIFT, "&": AND, "^": XOR, "|": OR},
}
_ENDS_IN_TYPE = re.compile(r" as \w+$")


@writes(ir.Unary)
def _unary(w: RustWriter, node: ir.Unary) -> Written:
    if node.operator == "-":
        return Written(f"-{w.owned(node.operand, UNARY)}", UNARY)
    operand = node.operand
    if isinstance(operand, ir.Compare) and operand.operator in ("==", "!="):
        return _compare(w, ir.Compare("!=" if operand.operator == "==" else "==", operand.left, operand.right))
    if isinstance(operand, ir.IsNone):
        return w.write(ir.IsNone(operand.operand, not operand.negated))
    return Written(f"!{w.owned(operand, UNARY)}", UNARY)


@writes(ir.Binary)
def _binary(w: RustWriter, node: ir.Binary) -> Written:
    operator = node.operator
    if node.type == STR:
        return _joined_text(w, node)
    if isinstance(node.type, List):
        return _joined_lists(w, node)
    if isinstance(node.type, Set):
        left, right = w.write(node.left), w.write(node.right)
        level = _LEVELS[operator]
        return Written(f"{w.borrow(left)} {operator} {w.borrow(right)}", level)
    if operator == "/" and node.left.type == INT:
        left, right = cast(w.write(node.left), "f64"), cast(w.write(node.right), "f64")
        return Written(f"{left.text} / {right.at(UNARY) if right.level < MULTIPLY else right.text}", MULTIPLY)
    if operator == "**":
        if node.type == FLOAT:
            return Written(f"{w.typed(node.left)}.powf({w.owned(node.right)})", ATOM)
        return Written(f"{w.typed(node.left)}.pow({power(w, node.right)})", ATOM)
    if operator in ("//", "%") and w.shared.negative_division:
        return floor_division(w, operator, node.left, node.right)
    if w.is_count(node) and sum(not isinstance(part, ir.Literal) for part in every(node)) > 2:
        return cast(w.count(node), "i64")
    level = _LEVELS[operator]
    left_text, right_text = w.owned(node.left, level), w.owned(node.right, level + 1)
    if operator == "<<":
        if isinstance(node.left, ir.Literal) and w.shared.program.facts.wide:
            left_text = f"{left_text}_i64"
        elif _ENDS_IN_TYPE.search(left_text):
            left_text = f"({left_text})"
    return Written(f"{left_text} {'/' if operator == '//' else operator} {right_text}", level)


def power(w: RustWriter, node: Any) -> str:
    """An exponent."""
    return w.write(node).text if isinstance(node, ir.Literal) else cast(w.write(node), "u32").text


def floor_division(w: RustWriter, operator: str, left: Any, right: Any) -> Written:
    """`//` or `%` that rounds toward minus infinity."""
    if isinstance(right, ir.Literal) and isinstance(right.value, int) and right.value > 0:
        method = "div_euclid" if operator == "//" else "rem_euclid"
        return Written(f"{w.typed(left)}.{method}({w.owned(right)})", ATOM)
    helper = "floor_div" if operator == "//" else "floor_mod"
    w.shared.helpers.add(helper)
    return Written(f"{helper}({w.owned(left)}, {w.owned(right)})", ATOM)


def text_parts(node: Any) -> list[Any]:
    """What a joined text is made of, from left to right."""
    if isinstance(node, ir.Binary) and node.type == STR:
        return [*text_parts(node.left), *text_parts(node.right)]
    return [node]


def _joined_text(w: RustWriter, node: ir.Binary) -> Written:
    template, arguments = "", []
    for part in text_parts(node):
        if isinstance(part, ir.Builtin) and part.name in ("text_of_char", "text_of_int"):
            part = part.arguments[0]
        if isinstance(part, ir.Literal) and isinstance(part.value, str):
            template += part.value.replace("{", "{{").replace("}", "}}")
            continue
        counted = part.type == INT and w.is_count(part)
        written = w.count(part) if counted else w.write(part)
        text = w.borrow(written) if written.form is Form.UNSIZED else written.text
        if text.isidentifier():
            template += f"{{{text}}}"
        else:
            template += "{}"
            arguments.append(text)
    return Written(f"format!({', '.join([text_literal(template), *arguments])})", ATOM)


def _joined_lists(w: RustWriter, node: ir.Binary) -> Written:
    first, *others = _list_parts(node)
    chain = items_by_value(w, first) + "".join(f".chain({items_by_value(w, part, argument=True)})" for part in others)
    return Written(f"{chain}.collect::<Vec<{owned_type(node.type.item)}>>()", ATOM)  # type: ignore[union-attr]


def _list_parts(node: Any) -> list[Any]:
    if isinstance(node, ir.Binary) and isinstance(node.type, List):
        return [*_list_parts(node.left), *_list_parts(node.right)]
    return [node]


@writes(ir.Compare)
def _compare(w: RustWriter, node: ir.Compare) -> Written:
    left, right, operator = node.left, node.right, node.operator
    kind = left.type
    if (base := _asked_for_emptiness(node)) is not None:
        is_empty = f"{w.receiver(base)}.is_empty()"
        return Written(is_empty, ATOM) if operator == "==" else Written(f"!{is_empty}", UNARY)
    if kind == INT and is_count_compare(node, w.indexes):
        return _compared(w.count(left).at(OR), operator, w.count(right).at(OR))
    if kind == CHAR and (sides := _bytes_of_both(w, left, right)):
        return _compared(sides[0], operator, sides[1])
    if is_copy(kind):
        return _compared(w.owned(left, OR), operator, w.owned(right, OR))
    first, second = w.write(left), w.write(right)
    if operator not in ("==", "!=") and kind == STR:
        if first.form is not second.form and {first.form, second.form} != {Form.PLACE, Form.VALUE}:
            return _compared(w.text(left), operator, w.text(right))
        return _compared(first.at(OR), operator, second.at(OR))
    lent = [written.form in (Form.REFERENCE, Form.SLICE, Form.EXCLUSIVE) for written in (first, second)]
    sized = [written.form in (Form.VALUE, Form.PLACE) for written in (first, second)]
    texts = [first.at(OR), second.at(OR)]
    if lent[0] != lent[1]:
        at = lent.index(True)
        if (first, second)[at].form is not Form.SLICE or not sized[1 - at]:
            texts[at] = f"*{(first, second)[at].at(UNARY)}"
    return _compared(texts[0], operator, texts[1])


def _asked_for_emptiness(node: ir.Compare) -> Any:
    """What is compared with nothing in it."""
    match node:
        case ir.Compare(operator="==" | "!=", left=left, right=ir.Literal(value="")):
            return left
        case ir.Compare(
            operator="==" | "!=" | ">", left=ir.Builtin(name="length", arguments=(base,)), right=ir.Literal(value=0)
        ):
            return base
    return None


def _compared(left: str, operator: str, right: str) -> Written:
    if operator.startswith("<") and _ENDS_IN_TYPE.search(left):
        left = f"({left})"
    return Written(f"{left} {operator} {right}", COMPARE)


def _bytes_of_both(w: RustWriter, left: Any, right: Any) -> tuple[str, str] | None:
    if not isinstance(left, ir.Index | ir.Literal) or not isinstance(right, ir.Index | ir.Literal):
        return None
    sides = []
    for node in (left, right):
        text = f"b{char_literal(str(node.value))}" if isinstance(node, ir.Literal) else byte_of(w, node)
        if text is None:
            return None
        sides.append(text)
    return None if sides[0].startswith("b'") and sides[1].startswith("b'") else (sides[0], sides[1])


@writes(ir.Logical)
def _logical(w: RustWriter, node: ir.Logical) -> Written:
    level, sign = (BOTH, " && ") if node.operator == "and" else (EITHER, " || ")
    first, *others = logical_operands(node, node.operator)
    texts = [w.owned(first, level + 1)]
    texts.extend(w.conditionally(operand, level + 1) for operand in others)
    return Written(sign.join(texts), level)


@writes(ir.Conditional)
def _conditional(w: RustWriter, node: ir.Conditional) -> Written:
    if isinstance(node.condition, ir.IsNone) and isinstance(node.condition.operand, ir.Name):
        return _if_some(w, node, node.condition)
    condition = w.condition(node.condition)
    with w.inline():
        then, otherwise = w.write(node.then), w.write(node.otherwise)
        form = Form.VALUE
        if then.form is otherwise.form is Form.SLICE and not is_copy(node.type):
            form = Form.SLICE
            texts = then.text, otherwise.text
        else:
            texts = w.owned_for(node.then, node.type), w.owned_for(node.otherwise, node.type)
    return Written(f"if {condition} {{ {texts[0]} }} else {{ {texts[1]} }}", LOWEST, form)


def _if_some(w: RustWriter, node: ir.Conditional, test: ir.IsNone) -> Written:
    there, absent = (node.then, node.otherwise) if test.negated else (node.otherwise, node.then)
    with w.inline():
        missing = w.owned_for(absent, node.type)
        with w.scope():
            binding = bind_some(w, test.operand)
            found = w.owned_for(there, node.type)
    return Written(f"if let {binding} {{ {found} }} else {{ {missing} }}", LOWEST)


def bind_some(w: RustWriter, operand: Any) -> str:
    """`Some(x) = x`, after which the name stands for the value; `&x` where the value is not copied."""
    assert isinstance(operand.type, Optional)
    inner = operand.type.item
    text = w.variables[operand.name].text
    source = text if is_copy(inner) or w.variables[operand.name].form is Form.REFERENCE else f"&{text}"
    w.declare(operand.name, inner, Form.PLACE if is_copy(inner) else Form.REFERENCE)
    return f"Some({text}) = {source}"
