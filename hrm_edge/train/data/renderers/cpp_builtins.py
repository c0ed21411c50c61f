"""C++'s words for the builtin operations."""

from collections.abc import Callable
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.types import CHAR, FLOAT, INT, STR, List, Queue
from hrm_edge.train.data.renderers.cpp_expressions import append_lines, as_string, is_string, piece, span, variable
from hrm_edge.train.data.renderers.cpp_writer import (
    ADD,
    ATOM,
    BUILTINS,
    EQUAL,
    LESS,
    TERNARY,
    UNARY,
    CppWriter,
    ExpressionWriter,
    Written,
)
from hrm_edge.train.data.renderers.usage import is_last


def _writes(*names: str) -> Callable[[ExpressionWriter], ExpressionWriter]:
    def register(function: ExpressionWriter) -> ExpressionWriter:
        for name in names:
            BUILTINS[name] = function
        return function

    return register


def receiver(w: CppWriter, node: Any) -> str:
    """What stands before a dot: of a text, a std::string."""
    if node.type == STR and not is_string(node):
        return as_string(w, node)
    return w.text(node, ATOM)


def _whole(w: CppWriter, node: Any) -> tuple[str, str]:
    """`begin` and `end` of a list or text, or of a part of one."""
    if isinstance(node, ir.Slice) and isinstance(node.type, List):
        return span(w, node)
    base = variable(w, node)
    return f"{base}.begin()", f"{base}.end()"


def _over(template: str, level: int = ATOM) -> ExpressionWriter:
    """An algorithm over the first argument."""

    def write(w: CppWriter, node: ir.Builtin) -> Written:
        first, last = _whole(w, node.arguments[0])
        rest = [w.text(each) for each in node.arguments[1:]]
        return Written(template.format(first, last, *rest), level)

    return write


# --- numbers


@_writes("abs")
def _abs(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"std::abs({w.text(node.arguments[0])})", ATOM)


@_writes("min", "max")
def _extreme_of_two(w: CppWriter, node: ir.Builtin) -> Written:
    first, second = node.arguments
    if node.type == STR:
        return Written(f"std::{node.name}({as_string(w, first)}, {as_string(w, second)})", ATOM)
    exact = node.type != INT or not w.shared.wide or (_is_exact(first) and _is_exact(second))
    kind = "" if exact else f"<{w.type(INT)}>"
    return Written(f"std::{node.name}{kind}({w.text(first)}, {w.text(second)})", ATOM)


def _is_exact(node: Any) -> bool:
    """Whether an int's type in C++ is that of variables, for sure."""
    match node:
        case ir.Name() | ir.Index() | ir.Lookup() | ir.Call() | ir.Field() | ir.MethodCall():
            return True
        case ir.Builtin(name=name):
            return name in ("length", "min", "max", "count_item", "index_of")
        case ir.Binary(operator="+" | "-" | "*" | "//" | "%", left=left, right=right):
            return _is_exact(left) or _is_exact(right)
    return False


@_writes("isqrt")
def _isqrt(w: CppWriter, node: ir.Builtin) -> Written:
    return w.int_cast(f"std::sqrt({w.text(node.arguments[0])})")


@_writes("sqrt")
def _sqrt(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"std::sqrt({w.text(node.arguments[0])})", ATOM)


@_writes("to_float")
def _to_float(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"static_cast<double>({w.text(node.arguments[0])})", ATOM)


@_writes("truncate")
def _truncate(w: CppWriter, node: ir.Builtin) -> Written:
    return w.int_cast(w.text(node.arguments[0]))


@_writes("bit_count")
def _bit_count(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"__builtin_popcount{'ll' if w.shared.wide else ''}({w.text(node.arguments[0])})", ATOM)


@_writes("bit_length")
def _bit_length(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"{w.shared.helper('bit_length')}({w.text(node.arguments[0])})", ATOM)


@_writes("text_of_int")
def _text_of_int(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"std::to_string({w.whole(node.arguments[0])})", ATOM)


@_writes("parse_int")
def _parse_int(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"std::{'stoll' if w.shared.wide else 'stoi'}({w.text(node.arguments[0])})", ATOM)


# --- characters

_CHARACTERS = {"digit": "isdigit", "alpha": "isalpha", "alnum": "isalnum", "upper": "isupper", "lower": "islower"}


@_writes("is_digit", "is_alpha", "is_alnum", "is_upper", "is_lower", "is_space")
def _is(w: CppWriter, node: ir.Builtin) -> Written:
    name = _CHARACTERS.get(node.name.removeprefix("is_"), "isspace")
    return Written(f"std::{name}({w.text(node.arguments[0])})", ATOM)


@_writes("char_upper", "char_lower")
def _case(w: CppWriter, node: ir.Builtin) -> Written:
    name = "toupper" if node.name == "char_upper" else "tolower"
    return Written(f"static_cast<char>(std::{name}({w.text(node.arguments[0])}))", ATOM)


@_writes("code")
def _code(w: CppWriter, node: ir.Builtin) -> Written:
    return w.int_cast(w.text(node.arguments[0]))


@_writes("char_of")
def _char_of(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"static_cast<char>({w.text(node.arguments[0])})", ATOM)


@_writes("digit_value")
def _digit_value(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"{w.text(node.arguments[0], ADD)} - '0'", ADD)


# --- texts


@_writes("text_of_char")
def _text_of_char(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(as_string(w, node), ATOM)


_HELPED = {
    "upper": "to_upper",
    "lower": "to_lower",
    "strip": "trim",
    "words": "split_words",
    "replace": "replace_all",
    "ends_with": "ends_with",
    "count_text": "count_occurrences",
    "join": "join",
}


@_writes(*_HELPED)
def _helped(w: CppWriter, node: ir.Builtin) -> Written:
    arguments = node.arguments[::-1] if node.name == "join" else node.arguments
    texts = ", ".join(w.whole(each) for each in arguments)
    return Written(f"{w.shared.helper(_HELPED[node.name])}({texts})", ATOM)


@_writes("split")
def _split(w: CppWriter, node: ir.Builtin) -> Written:
    text, separator = node.arguments
    assert isinstance(separator, ir.Literal)
    character = w.text(ir.Literal(CHAR, separator.value))
    return Written(f"{w.shared.helper('split')}({w.text(text)}, {character})", ATOM)


BUILTINS["join_chars"] = _over("std::string({0}, {1})")
BUILTINS["chars"] = _over("std::vector<char>({0}, {1})")


@_writes("starts_with")
def _starts_with(w: CppWriter, node: ir.Builtin) -> Written:
    text, start = node.arguments
    return Written(f"{receiver(w, text)}.rfind({w.text(start)}, 0) == 0", EQUAL)


@_writes("find")
def _find(w: CppWriter, node: ir.Builtin) -> Written:
    text, part = node.arguments
    return w.int_cast(f"{receiver(w, text)}.find({piece(w, part).text})")


@_writes("contains_text", "contains_char")
def _contains_text(w: CppWriter, node: ir.Builtin) -> Written:
    text, part = node.arguments
    return Written(f"{receiver(w, text)}.find({piece(w, part).text}) != std::string::npos", EQUAL)


@_writes("repeat")
def _repeat(w: CppWriter, node: ir.Builtin) -> Written:
    text, times = node.arguments
    match text:
        case ir.Literal(value=str(value)) if len(value) == 1:
            return Written(f"std::string({w.index(times)}, {w.text(ir.Literal(CHAR, value))})", ATOM)
        case ir.Builtin(name="text_of_char", arguments=(char,)):
            return Written(f"std::string({w.index(times)}, {w.text(char)})", ATOM)
    return Written(f"{w.shared.helper('repeat')}({w.text(text)}, {w.whole(times)})", ATOM)


@_writes("reversed_text", "reversed")
def _reversed(w: CppWriter, node: ir.Builtin) -> Written:
    base = node.arguments[0]
    kind = w.type(node.type)
    if isinstance(base, ir.Name | ir.Field | ir.Index | ir.Lookup):
        text = w.text(base)
        return Written(f"{kind}({text}.rbegin(), {text}.rend())", ATOM)
    name = w.fresh("turned", "reversed")
    lines = [w.definition(node.type, name, base), f"std::reverse({name}.begin(), {name}.end());"]
    return w.prepared(lines, name)


@_writes("sorted_text")
def _sorted_text(w: CppWriter, node: ir.Builtin) -> Written:
    name = w.fresh("sorted", "letters")
    return w.prepared(sorted_lines(w, name, node), name)


# --- lists


@_writes("length")
def _length(w: CppWriter, node: ir.Builtin) -> Written:
    return w.int_cast(f"{receiver(w, node.arguments[0])}.size()")


@_writes("is_empty")
def _is_empty(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"{receiver(w, node.arguments[0])}.empty()", ATOM)


@_writes("last")
def _last(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"{receiver(w, node.arguments[0])}.back()", ATOM)


@_writes("sum")
def _sum(w: CppWriter, node: ir.Builtin) -> Written:
    zero = "0.0" if node.type == FLOAT else "0LL" if w.shared.wide else "0"
    return _over(f"std::accumulate({{0}}, {{1}}, {zero})")(w, node)


BUILTINS["smallest"] = _over("*std::min_element({0}, {1})", UNARY)
BUILTINS["largest"] = _over("*std::max_element({0}, {1})", UNARY)
BUILTINS["set_of"] = lambda w, node: _over(w.type(node.type) + "({0}, {1})")(w, node)


@_writes("contains")
def _contains(w: CppWriter, node: ir.Builtin) -> Written:
    base, item = node.arguments
    if isinstance(base, ir.ListDisplay) and isinstance(item, ir.Name) and 0 < len(base.items) <= 6:
        tests = tuple(ir.Compare("==", item, each) for each in base.items)
        return w.write(tests[0] if len(tests) == 1 else ir.Logical("or", tests))
    return _over("std::find({0}, {1}, {2}) != {1}", EQUAL)(w, node)


@_writes("copy")
def _copy(w: CppWriter, node: ir.Builtin) -> Written:
    return w.write(node.arguments[0])


def sorted_lines(w: CppWriter, name: str, node: ir.Builtin) -> list[str]:
    """Statements that leave something sorted in a new variable."""
    base, kind = node.arguments[0], w.type(node.type)
    whole = f"{name}.begin(), {name}.end()"
    match node.name:
        case "sorted_keys":
            table = variable(w, base)
            loop = f"for (const auto& entry : {table}) {{\n    {name}.push_back(entry.first);\n}}"
            return [f"{kind} {name};", loop, f"std::sort({whole});"]
        case "sorted_items" | "sorted_set":
            table = variable(w, base)
            return [f"{kind} {name}({table}.begin(), {table}.end());", f"std::sort({whole});"]
    descending = ""
    if node.name == "sorted_descending":
        assert isinstance(node.type, List)
        descending = f", std::greater<{w.type(node.type.item)}>()"
    return [w.definition(node.type, name, base), f"std::sort({whole}{descending});"]


SORTED = frozenset(("sorted", "sorted_descending", "sorted_keys", "sorted_items", "sorted_set", "sorted_text"))


@_writes("sorted", "sorted_descending", "sorted_keys", "sorted_items", "sorted_set")
def _sorted(w: CppWriter, node: ir.Builtin) -> Written:
    name = w.fresh({"sorted_keys": "keys", "sorted_items": "items"}.get(node.name, "sorted"), "ordered")
    return w.prepared(sorted_lines(w, name, node), name)


@_writes("index_of")
def _index_of(w: CppWriter, node: ir.Builtin) -> Written:
    written = _over("std::find({0}, {1}, {2}) - {0}", ADD)(w, node)
    return w.int_cast(written.text)


@_writes("count_item")
def _count_item(w: CppWriter, node: ir.Builtin) -> Written:
    return w.int_cast(_over("std::count({0}, {1}, {2})")(w, node).text)


@_writes("filled")
def _filled(w: CppWriter, node: ir.Builtin) -> Written:
    item, count = node.arguments
    return Written(f"{w.type(node.type)}({filling(w, item, count)})", ATOM)


def filling(w: CppWriter, item: Any, count: Any) -> str:
    """What a vector of equal items is made with."""
    zero = (isinstance(item, ir.Literal) and not item.value) or item == ir.ListDisplay(item.type, ())
    return w.index(count) if zero else f"{w.index(count)}, {w.text(item)}"


# --- maps, sets, queues


@_writes("get")
def _get(w: CppWriter, node: ir.Builtin) -> Written:
    base, key, default = node.arguments
    table = w.text(base, ATOM)
    with w.inline():
        otherwise = w.text(default, TERNARY)
    if w.is_inline or isinstance(key, ir.Name | ir.Literal):
        text = w.whole(key)
        return Written(f"{table}.count({text}) > 0 ? {table}.at({text}) : {otherwise}", TERNARY)
    name = w.fresh("found", "entry", "it")
    w.line(f"auto {name} = {table}.find({w.whole(key)});")
    return Written(f"{name} != {table}.end() ? {name}->second : {otherwise}", TERNARY)


@_writes("has_key", "has")
def _has(w: CppWriter, node: ir.Builtin) -> Written:
    base, key = node.arguments
    return Written(f"{w.text(base, ATOM)}.count({w.whole(key)}) > 0", LESS)


@_writes("keys", "values")
def _parts(w: CppWriter, node: ir.Builtin) -> Written:
    name = w.fresh(node.name, "parts")
    table = variable(w, node.arguments[0])
    part = "first" if node.name == "keys" else "second"
    loop = f"for (const auto& entry : {table}) {{\n    {name}.push_back(entry.{part});\n}}"
    return w.prepared([f"{w.type(node.type)} {name};", loop], name)


@_writes("empty_set")
def _empty_set(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"{w.type(node.type)}()", ATOM)


@_writes("queue_of")
def _queue_of(w: CppWriter, node: ir.Builtin) -> Written:
    assert isinstance(node.type, Queue)
    first = node.arguments[0]
    kind = w.type(node.type)
    if isinstance(first, ir.ListDisplay):
        inner = f"{{{', '.join(map(w.element, first.items))}}}"
        return Written(f"{kind}({inner})" if first.items else f"{kind}()", ATOM)
    base = variable(w, first)
    return Written(f"{kind}(std::deque<{w.type(node.type.item)}>({base}.begin(), {base}.end()))", ATOM)


# --- operations that change their first argument


def place(w: CppWriter, node: Any) -> str:
    """What is changed: a map's entry by its brackets."""
    match node:
        case ir.Lookup(base=base, key=key):
            return f"{place(w, base)}[{w.whole(key)}]"
        case ir.Index(base=base, index=index) if is_last(base, index):
            return f"{place(w, base)}.back()"
        case ir.Index(base=base, index=index):
            return f"{place(w, base)}[{w.index(index)}]"
        case ir.Name(name=name) if name in w.indexes:
            return w.variables[name]
    return w.text(node, ATOM)


@_writes("append")
def _append(w: CppWriter, node: ir.Builtin) -> Written:
    base, item = node.arguments
    method = "push" if isinstance(base.type, Queue) else "push_back"
    return Written(f"{place(w, base)}.{method}({_item(w, item)})", ATOM)


def _item(w: CppWriter, item: Any) -> str:
    return w.whole(item)


@_writes("pop", "pop_first")
def _pop(w: CppWriter, node: ir.Builtin) -> Written:
    base = place(w, node.arguments[0])
    name = w.fresh("top" if node.name == "pop" else "front", "removed", "taken")
    return w.prepared([f"{w.type(node.type)} {name} = {base}.{taking(node)};", f"{base}.{dropping(node)};"], name)


def taking(node: ir.Builtin) -> str:
    """How the item that goes is read."""
    return "back()" if node.name == "pop" else "front()"


def dropping(node: ir.Builtin) -> str:
    """How it goes."""
    return "pop_back()" if node.name == "pop" else "pop()"


@_writes("insert")
def _insert(w: CppWriter, node: ir.Builtin) -> Written:
    base, index, item = node.arguments
    target = place(w, base)
    at = f"{target}.begin()"
    if index != ir.Literal(INT, 0):
        at += f" + {w.text(index, ADD + 1)}"
    return Written(f"{target}.insert({at}, {w.whole(item)})", ATOM)


@_writes("extend")
def _extend(w: CppWriter, node: ir.Builtin) -> Written:
    base, more = node.arguments
    *before, last = append_lines(w, place(w, base), more)
    for line in before:
        w.line(line)
    return Written(last.removesuffix(";"), ATOM)


@_writes("sort", "reverse")
def _in_place(w: CppWriter, node: ir.Builtin) -> Written:
    base = place(w, node.arguments[0])
    return Written(f"std::{node.name}({base}.begin(), {base}.end())", ATOM)


@_writes("add")
def _add(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"{place(w, node.arguments[0])}.insert({w.whole(node.arguments[1])})", ATOM)


@_writes("discard", "remove_key")
def _erase(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"{place(w, node.arguments[0])}.erase({w.whole(node.arguments[1])})", ATOM)
