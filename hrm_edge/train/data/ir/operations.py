"""Reading calls of Python's own functions and methods: each becomes one operation of builtins.BUILTINS, or a Fold."""

import ast
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.reading import ExpressionReading
from hrm_edge.train.data.ir.types import (
    BOOL,
    CHAR,
    FLOAT,
    INT,
    NOTHING,
    STR,
    List,
    Map,
    Object,
    Queue,
    Set,
    Type,
)

_CHAR_METHODS: dict[str, tuple[str, Type]] = {
    "isdigit": ("is_digit", BOOL),
    "isalpha": ("is_alpha", BOOL),
    "isalnum": ("is_alnum", BOOL),
    "isupper": ("is_upper", BOOL),
    "islower": ("is_lower", BOOL),
    "isspace": ("is_space", BOOL),
    "upper": ("char_upper", CHAR),
    "lower": ("char_lower", CHAR),
}
_TEXT_METHODS: dict[str, tuple[str, Type]] = {
    "upper": ("upper", STR),
    "lower": ("lower", STR),
    "strip": ("strip", STR),
    "replace": ("replace", STR),
    "startswith": ("starts_with", BOOL),
    "endswith": ("ends_with", BOOL),
    "find": ("find", INT),
    "count": ("count_text", INT),
}
_TEXT_ARITY = {"upper": 0, "lower": 0, "strip": 0, "replace": 2, "startswith": 1, "endswith": 1, "find": 1, "count": 1}


def function_call(reader: ExpressionReading, node: ast.Call, name: str, expected: Type | None) -> ir.Expression:
    """A call of one of Python's functions.

    Raises:
        DataError: the subset does not know it, or not with these arguments.
    """
    arguments = node.args
    match name, arguments:
        case "len", [base]:
            return ir.Builtin(INT, "length", (reader.read(base),))
        case (("sum" | "min" | "max" | "any" | "all"), [ast.GeneratorExp() as generator]) if not node.keywords:
            return reader.fold(generator, name, generator.elt)
        case (("min" | "max"), [_, _, *_]) if not node.keywords:
            return _extreme(reader, node, name)
        case (("sum" | "min" | "max"), [base]):
            return _of_list(reader, node, name, base)
        case "abs", [value]:
            inner = reader.read(value)
            return ir.Builtin(inner.type, "abs", (inner,))
        case "ord", [value]:
            return ir.Builtin(INT, "code", (reader.read(value, CHAR),))
        case "chr", [value]:
            return ir.Builtin(CHAR, "char_of", (reader.read(value, INT),))
        case "float", [value]:
            return ir.Builtin(FLOAT, "to_float", (reader.read(value, INT),))
        case "int", [value]:
            inner = reader.read(value)
            names = {FLOAT: "truncate", STR: "parse_int", CHAR: "digit_value"}
            if inner.type == BOOL:
                return ir.Conditional(INT, inner, ir.Literal(INT, 1), ir.Literal(INT, 0))
            if inner.type in names:
                return ir.Builtin(INT, names[inner.type], (inner,))
        case "str", [value]:
            inner = reader.read(value)
            if inner.type in (INT, CHAR):
                return ir.Builtin(STR, "text_of_int" if inner.type == INT else "text_of_char", (inner,))
        case "sorted", [base]:
            return _sorted(reader, node, base)
        case "list", [base]:
            return _list_of(reader, node, base)
        case "set", []:
            if isinstance(expected, Set):
                return ir.Builtin(expected, "empty_set", ())
            reader.scope.refuse(node, "the type of set() is not known: annotate the variable")
        case "set", [base]:
            inner = reader.read(base)
            item = CHAR if inner.type == STR else inner.type.item if isinstance(inner.type, List) else None
            if item is not None:
                return ir.Builtin(Set(item), "set_of", (inner,))
        case "deque", [] if isinstance(expected, Queue):
            return ir.Builtin(expected, "queue_of", (ir.ListDisplay(List(expected.item), ()),))
        case "deque", [base]:
            inner = reader.read(base, List(expected.item) if isinstance(expected, Queue) else None)
            if isinstance(inner.type, List):
                return ir.Builtin(Queue(inner.type.item), "queue_of", (inner,))
    reader.scope.refuse(node, f"`{ast.unparse(node)}` is outside the subset")


def _extreme(reader: ExpressionReading, node: ast.Call, name: str) -> ir.Expression:
    """min and max of several values, as nested pairs."""
    first = reader.read(node.args[0])
    for argument in node.args[1:]:
        second = reader.read(argument, first.type)
        first = ir.Builtin(first.type, name, (first, second))
    return first


def _of_list(reader: ExpressionReading, node: ast.Call, name: str, base: ast.expr) -> ir.Expression:
    inner = reader.iterable(base)
    default = {keyword.arg: keyword.value for keyword in node.keywords}
    if default.keys() - {"default"} or (default and not isinstance(inner, ir.Name)):
        reader.scope.refuse(node, f"{name} of a list takes no more than `default`, and that of a variable")
    if isinstance(inner, ir.Range):
        pattern = ir.Pattern(("i",), (INT,))
        return ir.Fold(INT, name, ir.Name(INT, "i"), pattern, inner)  # type: ignore[arg-type]
    if inner.type == STR:
        inner = ir.Builtin(List(CHAR), "chars", (inner,))
    if isinstance(inner.type, Set):
        inner = ir.Builtin(List(inner.type.item), "sorted_set", (inner,))
    if not isinstance(inner.type, List):
        reader.scope.refuse(node, f"{name} of {inner.type}")
    item = inner.type.item
    names = {"sum": "sum", "min": "smallest", "max": "largest"}
    found = ir.Builtin(item, names[name], (inner,))
    if default:
        empty = ir.Builtin(BOOL, "is_empty", (inner,))
        return ir.Conditional(item, empty, reader.read(default["default"], item), found)
    return found


def _sorted(reader: ExpressionReading, node: ast.Call, base: ast.expr) -> ir.Expression:
    words = {keyword.arg: keyword.value for keyword in node.keywords}
    descending = False
    if "reverse" in words:
        flag = words.pop("reverse")
        if not isinstance(flag, ast.Constant) or type(flag.value) is not bool:
            reader.scope.refuse(node, "reverse is True or False")
        descending = flag.value
    inner = _with_order(reader.iterable(base) if not isinstance(base, ast.GeneratorExp) else _generated(reader, base))
    if not isinstance(inner.type, List):
        reader.scope.refuse(node, f"sorted of {inner.type}")
    if words.keys() == {"key"}:
        return _sorted_by(reader, node, inner, inner.type, words["key"], descending)
    if words:
        reader.scope.refuse(node, "sorted takes key and reverse")
    if isinstance(inner, ir.Builtin) and inner.name.startswith("sorted_") and not descending:
        return inner
    return ir.Builtin(inner.type, "sorted_descending" if descending else "sorted", (inner,))


def _generated(reader: ExpressionReading, node: ast.GeneratorExp) -> ir.Expression:
    return reader.fold(node, "list", node.elt)


def _with_order(inner: ir.Expression) -> ir.Expression:
    """A list of what is to be sorted; what has no order of its own comes sorted already."""
    if inner.type == STR:
        return ir.Builtin(List(CHAR), "chars", (inner,))
    if isinstance(inner.type, Set):
        return ir.Builtin(List(inner.type.item), "sorted_set", (inner,))
    if isinstance(inner, ir.Items):
        return ir.Builtin(inner.type, "sorted_items", (inner.base,))
    if isinstance(inner, ir.Builtin) and inner.name == "keys":
        return ir.Builtin(inner.type, "sorted_keys", inner.arguments)
    return inner


def _sorted_by(
    reader: ExpressionReading, node: ast.Call, base: ir.Expression, kind: List, key: ast.expr, descending: bool
) -> ir.Expression:
    if isinstance(key, ast.Name) and key.id == "len":
        item = ir.Name(kind.item, "item")
        return ir.SortBy(kind, base, "item", ir.Builtin(INT, "length", (item,)), descending)
    if isinstance(key, ast.Name) and key.id in reader.scope.functions:
        call = ir.Call(reader.scope.functions[key.id].result, key.id, (ir.Name(kind.item, "item"),))
        return ir.SortBy(kind, base, "item", call, descending)
    if not isinstance(key, ast.Lambda) or len(key.args.args) != 1:
        reader.scope.refuse(node, "the key of sorted is a lambda of one parameter, a function of the module, or len")
    name = key.args.args[0].arg
    with reader.scope.block():
        reader.scope.declare(node, name, kind.item)
        value = reader.read(key.body)
    return ir.SortBy(kind, base, name, value, descending)


def _list_of(reader: ExpressionReading, node: ast.Call, base: ast.expr) -> ir.Expression:
    inner = reader.iterable(base)
    if isinstance(inner, ir.Range):
        return ir.Fold(List(INT), "list", ir.Name(INT, "i"), ir.Pattern(("i",), (INT,)), inner)
    if inner.type == STR:
        return ir.Builtin(List(CHAR), "chars", (inner,))
    if isinstance(inner, ir.Builtin) and inner.name == "reversed":
        return inner
    if isinstance(inner.type, List) and not isinstance(inner, ir.Enumerate | ir.Zip | ir.Items):
        return ir.Builtin(inner.type, "copy", (inner,))
    reader.scope.refuse(node, f"list of {ast.unparse(base)} is outside the subset")


def method_call(reader: ExpressionReading, node: ast.Call, base: ast.expr, name: str) -> ir.Expression:
    """A call of a method of one of Python's types or of the module's classes.

    Raises:
        DataError: the subset does not know it, or not with these arguments.
    """
    receiver = reader.read(base)
    kind = receiver.type
    if kind == STR and name == "join":
        return _join(reader, node, receiver)
    arguments = node.args
    if isinstance(kind, Object):
        methods = reader.scope.classes[kind.name].methods
        if name not in methods:
            reader.scope.refuse(node, f"{kind.name} has no method {name!r}")
        head = methods[name]
        return ir.MethodCall(head.result, receiver, name, reader.arguments(node, head.parameters))
    if kind == CHAR and name in _CHAR_METHODS and not arguments:
        operation, result = _CHAR_METHODS[name]
        return ir.Builtin(result, operation, (receiver,))
    if kind == INT and name in ("bit_count", "bit_length") and not arguments:
        return ir.Builtin(INT, name, (receiver,))
    if kind == STR and name == "split" and len(arguments) <= 1:
        separator = [reader.read(argument, STR) for argument in arguments]
        return ir.Builtin(List(STR), "split" if separator else "words", (receiver, *separator))
    if kind == STR and _TEXT_ARITY.get(name) == len(arguments):
        operation, result = _TEXT_METHODS[name]
        return ir.Builtin(result, operation, (receiver, *(reader.read(argument, STR) for argument in arguments)))
    found = _container_method(reader, node, receiver, name)
    if found is None:
        reader.scope.refuse(node, f"`{ast.unparse(node)}` ({kind}.{name}) is outside the subset")
    return found


def _join(reader: ExpressionReading, node: ast.Call, separator: ir.Expression) -> ir.Expression:
    [written] = node.args
    bare = separator == ir.Literal(STR, "")
    match written:
        case ast.Call(func=ast.Name(id="sorted"), args=[text]) if bare and not written.keywords:
            inner = reader.read(text)
            if inner.type == STR:
                return ir.Builtin(STR, "sorted_text", (inner,))
        case ast.Call(func=ast.Name(id="reversed"), args=[text]) if bare:
            inner = reader.read(text)
            if inner.type == STR:
                return ir.Builtin(STR, "reversed_text", (inner,))
            if inner.type == List(CHAR):
                return ir.Builtin(STR, "join_chars", (ir.Builtin(inner.type, "reversed", (inner,)),))
    wanted = None if bare else STR
    if isinstance(written, ast.GeneratorExp):
        inner = reader.fold(written, "list", written.elt, wanted)
    else:
        inner = reader.read(written, List(wanted) if wanted and not isinstance(written, ast.Name) else None)
    if bare and inner.type == List(CHAR):
        return ir.Builtin(STR, "join_chars", (inner,))
    return ir.Builtin(STR, "join", (separator, reader.fit(node, inner, List(STR))))


def _container_method(
    reader: ExpressionReading, node: ast.Call, receiver: ir.Expression, name: str
) -> ir.Expression | None:
    def build(result: Type, operation: str, *types: Type) -> ir.Expression:
        if len(types) != len(node.args):
            reader.scope.refuse(node, f"{name} takes {len(types)} arguments here")
        values = tuple(reader.read(value, kind) for value, kind in zip(node.args, types, strict=True))
        return ir.Builtin(result, operation, (receiver, *values))

    kind: Any = receiver.type
    match kind, name:
        case List(item=item), ("append" | "insert" | "extend" | "sort" | "reverse"):
            types: tuple[Type, ...] = {
                "append": (item,),
                "insert": (INT, item),
                "extend": (kind,),
                "sort": (),
                "reverse": (),
            }[name]
            return build(NOTHING, name, *types)
        case List(item=item), "pop":
            return build(item, "pop")
        case List(item=item), "copy":
            return build(kind, "copy")
        case List(item=item), ("index" | "count"):
            return build(INT, "index_of" if name == "index" else "count_item", item)
        case Queue(item=item), "append":
            return build(NOTHING, "append", item)
        case Queue(item=item), "popleft":
            return build(item, "pop_first")
        case Set(item=item), ("add" | "discard"):
            return build(NOTHING, name, item)
        case Map(key=key, value=value), "get":
            return build(value, "get", key, value)
        case Map(key=key, value=value), ("items" | "keys" | "values"):
            return reader.iterable(node)
    return None
