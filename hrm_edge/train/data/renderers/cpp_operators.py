"""C++'s operators, and choices between two values."""

from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import FLOAT, INT, STR, List, Optional, Set, Tuple
from hrm_edge.train.data.renderers.cpp_pieces import (
    append_lines,
    as_string,
    is_string,
    operands,
    piece,
    text_parts,
    variable,
)
from hrm_edge.train.data.renderers.cpp_types import is_scalar
from hrm_edge.train.data.renderers.cpp_writer import (
    ADD,
    AND,
    ATOM,
    BOTH,
    EITHER,
    EQUAL,
    LESS,
    MULTIPLY,
    OR,
    SHIFT,
    TERNARY,
    UNARY,
    XOR,
    CppWriter,
    Written,
    writes,
)
from hrm_edge.train.data.renderers.usage import is_count_compare, logical_operands

_LEVELS = {
    **{"*": MULTIPLY, "/": MULTIPLY, "//": MULTIPLY, "%": MULTIPLY, "+": ADD, "-": ADD},
    **{"<<": SHIFT, ">>": SHIFT, "&": AND, "^": XOR, "|": OR},
}


@writes(ir.Unary)
def _unary(w: CppWriter, node: ir.Unary) -> Written:
    operand = node.operand
    if node.operator == "-":
        inner = _number(w, operand).at(UNARY)
        return Written(f"-({inner})" if inner.startswith("-") else f"-{inner}", UNARY)
    match operand:
        case ir.Compare(operator="==" | "!=" as operator):
            return w.write(ir.Compare("!=" if operator == "==" else "==", operand.left, operand.right))
        case ir.IsNone():
            return w.write(ir.IsNone(operand.operand, not operand.negated))
    written = w.write(operand)
    for positive, negative in ((" > 0", " == 0"), (" != ", " == ")):
        if isinstance(operand, ir.Builtin) and written.level in (LESS, EQUAL) and positive in written.text:
            before, _, after = written.text.rpartition(positive)
            return Written(f"{before}{negative}{after}", EQUAL)
    if isinstance(operand, ir.Builtin) and written.level == EQUAL and written.text.endswith(" == 0"):
        return Written(f"{written.text.removesuffix(' == 0')} != 0", EQUAL)
    return Written(f"!{written.at(UNARY)}", UNARY)


def _number(w: CppWriter, node: Any) -> Written:
    """An operand of arithmetic, where a character is a number by itself."""
    if isinstance(node, ir.Builtin) and node.name == "code":
        return w.write(node.arguments[0])
    return w.write(node)


@writes(ir.Binary)
def _binary(w: CppWriter, node: ir.Binary) -> Written:
    operator = node.operator
    if node.type == STR:
        return _joined_text(w, node)
    if isinstance(node.type, List | Set):
        return _joined_containers(w, node)
    if operator == "/" and node.left.type == INT:
        left, right = w.text(node.left), w.text(node.right, MULTIPLY + 1)
        return Written(f"static_cast<double>({left}) / {right}", MULTIPLY)
    if operator == "**":
        return _power(w, node)
    if operator in ("//", "%") and w.shared.negative_division:
        return floor_division(w, operator, node.left, node.right)
    if w.is_count(node) and sum(not isinstance(part, ir.Literal) for part in every(node)) > 2:
        return w.int_cast(w.count(node).text)
    level = _LEVELS[operator]
    first, second = operands(w, (node.left, node.right), _number)
    lowest = level if operator not in ("&", "|", "^") else UNARY
    left = first.at(level if isinstance(node.left, ir.Binary) and node.left.operator == operator else lowest)
    right = second.at(max(lowest, level + 1))
    if operator in ("<<", ">>"):
        left, right = first.at(UNARY), second.at(UNARY)
        if isinstance(node.left, ir.Literal) and w.shared.wide:
            left += "LL"
    if right.startswith("-"):
        right = f"({right})"
    return Written(f"{left} {'/' if operator == '//' else operator} {right}", level)


def _power(w: CppWriter, node: ir.Binary) -> Written:
    base, exponent = node.left, node.right
    if node.type == FLOAT:
        return Written(f"std::pow({w.text(base)}, {w.text(exponent)})", ATOM)
    if base == ir.Literal(INT, 2):
        return Written(f"{'1LL' if w.shared.wide else '1'} << {w.text(exponent, UNARY)}", SHIFT)
    if isinstance(exponent, ir.Literal) and exponent.value in (2, 3) and isinstance(base, ir.Name | ir.Index):
        text = w.text(base, MULTIPLY)
        return Written(" * ".join([text] * int(exponent.value or 0)), MULTIPLY)
    return Written(f"{w.shared.helper('power')}({w.text(base)}, {w.text(exponent)})", ATOM)


def floor_division(w: CppWriter, operator: str, left: Any, right: Any) -> Written:
    """`//` or `%` that rounds toward minus infinity."""
    if operator == "%" and isinstance(right, ir.Literal) and isinstance(right.value, int) and right.value > 0:
        number = right.value
        return Written(f"({_number(w, left).at(MULTIPLY)} % {number} + {number}) % {number}", MULTIPLY)
    helper = w.shared.helper("floor_div" if operator == "//" else "floor_mod")
    return Written(f"{helper}({w.text(left)}, {w.text(right)})", ATOM)


def _joined_text(w: CppWriter, node: ir.Binary) -> Written:
    parts = text_parts(node)
    written = operands(w, tuple(parts), piece)
    texts = [one.at(ADD + 1) for one in written]
    if not is_string(parts[0]) and not is_string(parts[1]):
        texts[0] = as_string(w, parts[0])
    return Written(" + ".join(texts), ADD)


def _joined_containers(w: CppWriter, node: ir.Binary) -> Written:
    if isinstance(node.type, Set) and node.operator != "|":
        return _picked_items(w, node, node.type)
    name = w.fresh("combined", "joined", "both")
    w.line(w.definition(node.type, name, node.left))
    if isinstance(node.type, Set):
        other = variable(w, node.right)
        return w.prepared([f"{name}.insert({other}.begin(), {other}.end());"], name)
    return w.prepared(append_lines(w, name, node.right), name)


def _picked_items(w: CppWriter, node: ir.Binary, kind: Set) -> Written:
    """`&` or `-` of sets."""
    left, right = variable(w, node.left), variable(w, node.right)
    name = w.fresh("common", "both") if node.operator == "&" else w.fresh("rest", "others")
    item = w.fresh("item", "member", "element")
    type_ = w.type(kind.item) if is_scalar(kind.item) else "const auto&"
    w.line(f"{w.type(kind)} {name};")
    w.line(f"for ({type_} {item} : {left}) {{")
    w.line(f"    if ({right}.count({item}) {'> 0' if node.operator == '&' else '== 0'}) {{")
    w.line(f"        {name}.insert({item});\n    }}\n}}")
    return Written(name, ATOM)


@writes(ir.Compare)
def _compare(w: CppWriter, node: ir.Compare) -> Written:
    left, right, operator = node.left, node.right, node.operator
    level = EQUAL if operator in ("==", "!=") else LESS
    match node:
        case ir.Compare(operator="==" | "!=" | ">", left=ir.Builtin(name="length", arguments=(base,))) if (
            right == ir.Literal(INT, 0)
        ):
            return _emptiness(w, base, operator)
        case ir.Compare(operator="==" | "!=", right=ir.Literal(value="")) if left.type == STR:
            return _emptiness(w, left, operator)
    if is_count_compare(node, w.indexes) and w.is_count(left) and w.is_count(right):
        return Written(f"{w.count(left).text} {operator} {w.count(right).text}", level)
    if left.type == STR and not is_string(left) and not is_string(right):
        return Written(f"{as_string(w, left)} {operator} {w.text(right, level + 1)}", level)
    if isinstance(left.type, List | Tuple):
        return Written(f"{w.text(left, ATOM)} {operator} {w.text(right, ATOM)}", level)
    first, second = operands(w, (left, right), _number)
    return Written(f"{first.at(SHIFT)} {operator} {second.at(SHIFT)}", level)


def _emptiness(w: CppWriter, base: Any, operator: str) -> Written:
    text = f"{w.text(base, ATOM)}.empty()"
    return Written(text, ATOM) if operator == "==" else Written(f"!{text}", UNARY)


@writes(ir.Logical)
def _logical(w: CppWriter, node: ir.Logical) -> Written:
    level, sign = (BOTH, " && ") if node.operator == "and" else (EITHER, " || ")
    first, *others = logical_operands(node, node.operator)
    texts = [w.text(first, BOTH + 1)]
    with w.inline():
        texts.extend(w.text(operand, BOTH + 1) for operand in others)
    return Written(sign.join(texts), level)


@writes(ir.Conditional)
def _conditional(w: CppWriter, node: ir.Conditional) -> Written:
    condition = w.text(node.condition, TERNARY + 1)
    with w.inline():
        then, otherwise = w.write(node.then), w.write(node.otherwise)
    texts = [then.at(TERNARY + 1), otherwise.at(TERNARY)]
    if isinstance(node.type, Optional):
        kind = w.type(node.type)
        parts = zip((node.then, node.otherwise), texts, strict=True)
        texts = [text if isinstance(part.type, Optional) else f"{kind}({text})" for part, text in parts]
        if node.then == ir.Literal(node.type, None) and isinstance(node.otherwise.type, Optional):
            texts[0] = f"{kind}()"
    return Written(f"{condition} ? {texts[0]} : {texts[1]}", TERNARY)
