"""C++'s expressions."""

from collections.abc import Callable
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.builtins import MUTATING
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import CHAR, FLOAT, INT, STR, List, Optional, Set, Tuple
from hrm_edge.train.data.renderers.cpp_types import char_literal, cpp_name, function_name, is_scalar, text_literal
from hrm_edge.train.data.renderers.cpp_writer import (
    ADD,
    AND,
    ATOM,
    BOTH,
    BUILTINS,
    EITHER,
    EQUAL,
    EXPRESSIONS,
    LESS,
    MULTIPLY,
    OR,
    SHIFT,
    TERNARY,
    UNARY,
    XOR,
    CppWriter,
    ExpressionWriter,
    Written,
)
from hrm_edge.train.data.renderers.usage import is_count_compare, is_last, logical_operands

_LEVELS = {
    **{"*": MULTIPLY, "/": MULTIPLY, "//": MULTIPLY, "%": MULTIPLY, "+": ADD, "-": ADD},
    **{"<<": SHIFT, ">>": SHIFT, "&": AND, "^": XOR, "|": OR},
}


def _writes(kind: type) -> Callable[[ExpressionWriter], ExpressionWriter]:
    def register(function: ExpressionWriter) -> ExpressionWriter:
        EXPRESSIONS[kind] = function
        return function

    return register


@_writes(ir.Literal)
def _literal(_: CppWriter, node: ir.Literal) -> Written:
    value = node.value
    if value is None:
        return Written("std::nullopt", ATOM)
    if isinstance(value, bool):
        return Written("true" if value else "false", ATOM)
    if isinstance(value, str):
        return Written(char_literal(value) if node.type == CHAR else text_literal(value), ATOM)
    return Written(repr(value), ATOM if value >= 0 else UNARY)


@_writes(ir.Name)
def _name(w: CppWriter, node: ir.Name) -> Written:
    text = w.variables.get(node.name) or cpp_name(node.name)
    if node.name in w.indexes:
        return w.int_cast(text)
    return Written("(*this)" if text == "self" else text, ATOM)


@_writes(ir.Unary)
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


@_writes(ir.Binary)
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


def operands(
    w: CppWriter, nodes: tuple[Any, ...], write: Callable[[CppWriter, Any], Written] | None = None
) -> list[Written]:
    """Operands from left to right. C++ leaves their order open: what must come before a later one that changes
    something becomes a variable first."""
    write = write or (lambda w, node: w.write(node))
    changing = [index for index, node in enumerate(nodes) if _changes_something(w, node)]
    if not changing or w.is_inline:
        return [write(w, node) for node in nodes]
    done = []
    for index, node in enumerate(nodes):
        if index < changing[-1] and not isinstance(node, ir.Literal):
            name = w.fresh("first", "second", "before")
            w.line(f"{w.type(node.type)} {name} = {w.text(node)};")
            done.append(Written(name, ATOM))
        else:
            done.append(write(w, node))
    return done


def _changes_something(w: CppWriter, node: Any) -> bool:
    if isinstance(node, ir.Name | ir.Literal | ir.Index):
        return False
    for part in every(node):
        match part:
            case ir.Builtin(name=name):
                if name in MUTATING:
                    return True
            case ir.Call(function=name):
                function = w.shared.functions.get(name)
                if function and any(parameter.shared for parameter in function.parameters):
                    return True
            case ir.MethodCall():
                if (str(part.receiver.type), part.method) in w.shared.mutating_methods:
                    return True
    return False


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


def text_parts(node: Any) -> list[Any]:
    """What a joined text is made of, from left to right."""
    if isinstance(node, ir.Binary) and node.type == STR:
        return [*text_parts(node.left), *text_parts(node.right)]
    return [node]


def is_string(node: Any) -> bool:
    """Whether an expression is written as a std::string, not as a literal or a character."""
    match node:
        case ir.Literal() | ir.Builtin(name="text_of_char"):
            return False
        case ir.Conditional(then=then, otherwise=otherwise):
            return is_string(then) or is_string(otherwise)
    return bool(node.type == STR)


def _joined_text(w: CppWriter, node: ir.Binary) -> Written:
    parts = text_parts(node)
    written = operands(w, tuple(parts), piece)
    texts = [one.at(ADD + 1) for one in written]
    if not is_string(parts[0]) and not is_string(parts[1]):
        texts[0] = as_string(w, parts[0])
    return Written(" + ".join(texts), ADD)


def piece(w: CppWriter, node: Any) -> Written:
    """A part that is added to a std::string: a character needs no more."""
    if isinstance(node, ir.Builtin) and node.name == "text_of_char":
        return w.write(node.arguments[0])
    return w.write(node)


def as_string(w: CppWriter, node: Any) -> str:
    """A std::string for sure."""
    if is_string(node):
        return w.text(node)
    if isinstance(node, ir.Builtin) and node.name == "text_of_char":
        return f"std::string(1, {w.text(node.arguments[0])})"
    if node.type == CHAR:
        return f"std::string(1, {w.text(node)})"
    return f"std::string({w.text(node)})"


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


def append_lines(w: CppWriter, target: str, more: Any) -> list[str]:
    """Statements that put a list's items at the end of another."""
    if isinstance(more, ir.ListDisplay):
        return [f"{target}.push_back({w.whole(item)});" for item in more.items]
    if isinstance(more, ir.Slice):
        first, last = span(w, more)
        return [f"{target}.insert({target}.end(), {first}, {last});"]
    if isinstance(more, ir.Builtin) and more.name == "reversed" and isinstance(more.arguments[0], ir.Name):
        other = w.text(more.arguments[0])
        return [f"{target}.insert({target}.end(), {other}.rbegin(), {other}.rend());"]
    other, lines = named(w, more)
    return [*lines, f"{target}.insert({target}.end(), {other}.begin(), {other}.end());"]


def named(w: CppWriter, node: Any) -> tuple[str, list[str]]:
    """Something with a `begin` and an `end`: a variable's name, and the line that makes it where it is none."""
    if isinstance(node, ir.Name | ir.Field | ir.Index | ir.Lookup):
        return w.text(node), []
    name = w.fresh("values", "items", "others")
    return name, [w.definition(node.type, name, node)]


def variable(w: CppWriter, node: Any) -> str:
    """The same, with the line put before the statement; only where that may be."""
    name, lines = named(w, node)
    for line in lines:
        w.line(line)
    return name


def span(w: CppWriter, node: ir.Slice) -> tuple[str, str]:
    """The iterators of a part of a list."""
    base = variable(w, node.base)
    first = f"{base}.begin()" if node.start is None else f"{base}.begin() + {w.text(node.start, ADD + 1)}"
    last = f"{base}.end()" if node.stop is None else f"{base}.begin() + {w.text(node.stop, ADD + 1)}"
    return first, last


@_writes(ir.Compare)
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
        sides = [_typed(w, left), _typed(w, right)]
        return Written(f"{sides[0]} {operator} {sides[1]}", level)
    first, second = operands(w, (left, right), _number)
    return Written(f"{first.at(SHIFT)} {operator} {second.at(SHIFT)}", level)


def _emptiness(w: CppWriter, base: Any, operator: str) -> Written:
    text = f"{w.text(base, ATOM)}.empty()"
    return Written(text, ATOM) if operator == "==" else Written(f"!{text}", UNARY)


def _typed(w: CppWriter, node: Any) -> str:
    return w.text(node, ATOM)


@_writes(ir.Logical)
def _logical(w: CppWriter, node: ir.Logical) -> Written:
    level, sign = (BOTH, " && ") if node.operator == "and" else (EITHER, " || ")
    first, *others = logical_operands(node, node.operator)
    texts = [w.text(first, BOTH + 1)]
    with w.inline():
        texts.extend(w.text(operand, BOTH + 1) for operand in others)
    return Written(sign.join(texts), level)


@_writes(ir.Conditional)
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


@_writes(ir.Index)
def _index(w: CppWriter, node: ir.Index) -> Written:
    base = w.text(node.base, ATOM)
    if isinstance(node.base.type, Tuple):
        assert isinstance(node.index, ir.Literal)
        if len(node.base.type.items) == 2:
            return Written(f"{base}.{'second' if node.index.value else 'first'}", ATOM)
        return Written(f"std::get<{node.index.value}>({w.text(node.base)})", ATOM)
    if is_last(node.base, node.index):
        return Written(f"{base}.back()", ATOM)
    return Written(f"{base}[{w.index(node.index)}]", ATOM)


@_writes(ir.Lookup)
def _lookup(w: CppWriter, node: ir.Lookup) -> Written:
    return Written(f"{w.text(node.base, ATOM)}.at({w.whole(node.key)})", ATOM)


@_writes(ir.Slice)
def _slice(w: CppWriter, node: ir.Slice) -> Written:
    if node.type == STR:
        base = as_string(w, node.base) if not is_string(node.base) else w.text(node.base, ATOM)
        return Written(f"{base}.substr({_extent(w, node)})", ATOM)
    first, last = span(w, node)
    return Written(f"{w.type(node.type)}({first}, {last})", ATOM)


def _extent(w: CppWriter, node: ir.Slice) -> str:
    """`start, length` of a part of a text."""
    start, stop = node.start, node.stop
    if stop is None:
        return w.index(start) if start is not None else "0"
    if start is None or start == ir.Literal(INT, 0):
        return f"0, {w.index(stop)}"
    match stop:
        case ir.Binary(operator="+", left=left, right=right) if left == start:
            return f"{w.index(start)}, {w.index(right)}"
        case ir.Literal(value=int(end)) if isinstance(start, ir.Literal):
            return f"{start.value}, {end - int(start.value or 0)}"
    length = ir.Binary(INT, "-", stop, start)
    return f"{w.index(start)}, {w.index(length)}"


def call_arguments(w: CppWriter, parameters: tuple[ir.Parameter, ...], arguments: tuple[Any, ...]) -> str:
    """What stands between the brackets of a call."""
    shared = [parameter.shared for parameter in parameters]

    def write(w: CppWriter, node: Any) -> Written:
        return Written(w.whole(node), 0) if isinstance(node, ir.ListDisplay | ir.MapDisplay) else w.write(node)

    if any(shared):
        lent = []
        for parameter, node in zip(parameters, arguments, strict=True):
            if parameter.shared and not isinstance(node, ir.Name | ir.Index | ir.Field | ir.Lookup):
                lent.append(variable(w, node))
            else:
                lent.append(write(w, node).text)
        return ", ".join(lent)
    return ", ".join(written.text for written in operands(w, arguments, write))


@_writes(ir.Call)
def _call(w: CppWriter, node: ir.Call) -> Written:
    function = w.shared.functions.get(node.function)
    parameters = function.parameters if function else tuple(ir.Parameter("_", each.type) for each in node.arguments)
    return Written(f"{function_name(node.function)}({call_arguments(w, parameters, node.arguments)})", ATOM)


@_writes(ir.MethodCall)
def _method_call(w: CppWriter, node: ir.MethodCall) -> Written:
    made = w.shared.classes[str(node.receiver.type)]
    method = next(each for each in made.methods if each.name == node.method)
    arguments = call_arguments(w, method.parameters, node.arguments)
    name = cpp_name(node.method)
    if isinstance(node.receiver, ir.Name) and node.receiver.name == "self":
        return Written(f"{_own(w, name)}({arguments})", ATOM)
    return Written(f"{w.text(node.receiver, ATOM)}.{name}({arguments})", ATOM)


@_writes(ir.New)
def _new(w: CppWriter, node: ir.New) -> Written:
    made = w.shared.classes[node.type.name]
    return Written(f"{node.type.name}({call_arguments(w, made.parameters, node.arguments)})", ATOM)


def field_name(w: CppWriter, owner: str, field: str) -> str:
    """A field: with `_` behind it in a class that keeps its fields to itself."""
    return cpp_name(field) if owner in w.shared.open_classes else f"{field}_"


def _own(w: CppWriter, name: str) -> str:
    """A member inside its class: with `this->` where a variable has its name."""
    return f"this->{name}" if name in w.variables.values() else name


@_writes(ir.Field)
def _field(w: CppWriter, node: ir.Field) -> Written:
    name = field_name(w, str(node.receiver.type), node.field)
    if isinstance(node.receiver, ir.Name) and node.receiver.name == "self":
        return Written(_own(w, name), ATOM)
    return Written(f"{w.text(node.receiver, ATOM)}.{name}", ATOM)


@_writes(ir.Builtin)
def _builtin(w: CppWriter, node: ir.Builtin) -> Written:
    return BUILTINS[node.name](w, node)


@_writes(ir.ListDisplay)
@_writes(ir.TupleDisplay)
@_writes(ir.MapDisplay)
def _display(w: CppWriter, node: Any) -> Written:
    return Written(f"{w.type(node.type)}{w.whole(node)}", ATOM)


@_writes(ir.Unwrap)
def _unwrap(w: CppWriter, node: ir.Unwrap) -> Written:
    return Written(f"*{w.text(node.operand, UNARY)}", UNARY)


@_writes(ir.IsNone)
def _is_none(w: CppWriter, node: ir.IsNone) -> Written:
    text = f"{w.text(node.operand, ATOM)}.has_value()"
    return Written(text, ATOM) if node.negated else Written(f"!{text}", UNARY)


def sort_by_lines(w: CppWriter, name: str, node: ir.SortBy) -> list[str]:
    """The statement that sorts a list by a key."""
    assert isinstance(node.type, List)
    kind = w.type(node.type.item)
    kind = kind if is_scalar(node.type.item) else f"const {kind}&"
    keys = []
    with w.inline():
        names = ("a", "b") if not {"a", "b"} & _names(node.key) else (w.fresh("left"), w.fresh("right"))
        for each in names:
            with w.scope():
                w.variables[node.parameter] = each
                keys.append(_key(w, node.key))
    sign = ">" if node.descending else "<"
    outer = _names(node.key) - {node.parameter}
    capture = "&" if outer & w.variables.keys() else ""
    head = f"[{capture}]({kind} {names[0]}, {kind} {names[1]})"
    return [f"std::stable_sort({name}.begin(), {name}.end(), {head} {{\n    return {keys[0]} {sign} {keys[1]};\n}});"]


def _key(w: CppWriter, node: Any) -> str:
    if isinstance(node, ir.TupleDisplay):
        maker = "make_pair" if len(node.items) == 2 else "make_tuple"
        return f"std::{maker}({', '.join(map(w.text, node.items))})"
    return w.text(node, LESS + 1)


def _names(tree: Any) -> set[str]:
    return {node.name for node in every(tree) if isinstance(node, ir.Name)}


@_writes(ir.SortBy)
def _sort_by(w: CppWriter, node: ir.SortBy) -> Written:
    name = w.fresh("sorted", "ordered")
    return w.prepared([w.definition(node.type, name, node.base), *sort_by_lines(w, name, node)], name)
