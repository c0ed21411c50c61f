"""Reading expressions: Python's syntax tree, with types, as nodes of the intermediate form.

Types flow both ways: `expected` is what the place wants, which decides what `[]`, `"a"` and None are, and where a
character becomes a text. Everything that is not listed is refused with its place.
"""

import ast
from collections.abc import Callable, Mapping
from typing import Any, cast

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.operations import function_call, method_call
from hrm_edge.train.data.ir.scope import Scope
from hrm_edge.train.data.ir.types import (
    BOOL,
    CHAR,
    FLOAT,
    INT,
    STR,
    List,
    Map,
    Object,
    Optional,
    Queue,
    Set,
    Slot,
    Tuple,
    Type,
)

_BINARY: Mapping[type, str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
}
_COMPARE: Mapping[type, str] = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


def operator_text(operator: ast.operator) -> Any:
    """`+` for ast.Add."""
    return _BINARY[type(operator)]


class ExpressionReader:
    """Reads the expressions of one body."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def read(self, node: ast.expr, expected: Type | None = None) -> ir.Expression:
        """The expression, fitted to what the place expects; an Optional is unwrapped where a value is wanted."""
        found = self.raw(node, expected)
        if isinstance(found.type, Optional) and not isinstance(expected, Optional):
            found = ir.Unwrap(found.type.item, found)
        return self.fit(node, found, expected)

    def fit(self, node: ast.AST, found: ir.Expression, expected: Type | None) -> ir.Expression:
        """The expression where a type is expected: a character becomes a text, a value an Optional's."""
        if expected is None or found.type == expected:
            return found
        if expected == STR and found.type == CHAR:
            return ir.Builtin(STR, "text_of_char", (found,))
        if isinstance(expected, Optional) and found.type == expected.item:
            return found
        self.scope.refuse(node, f"{found.type} where {expected} is needed")

    def condition(self, node: ast.expr) -> ir.Expression:
        """A truth value; a container alone asks whether it has anything."""
        found = self.read(node)
        if isinstance(found.type, List | Map | Set | Queue) or found.type == STR:
            return ir.Unary(BOOL, "not", ir.Builtin(BOOL, "is_empty", (found,)))
        return self.fit(node, found, BOOL)

    def raw(self, node: ast.expr, expected: Type | None) -> ir.Expression:
        """The expression with its own type."""
        reader = _READERS.get(type(node))
        if reader is None:
            self.scope.refuse(node, f"`{ast.unparse(node)}` is outside the subset")
        return reader(self, node, expected)

    # --- leaves

    def _constant(self, node: ast.Constant, expected: Type | None) -> ir.Expression:
        value = node.value
        if value is None:
            if not isinstance(expected, Optional):
                self.scope.refuse(node, "None where no Optional is expected")
            return ir.Literal(expected, None)
        if isinstance(value, str):
            wanted = expected.item if isinstance(expected, Optional) else expected
            return ir.Literal(CHAR if wanted == CHAR and len(value) == 1 else STR, value)
        kinds: dict[type, Type] = {bool: BOOL, int: INT, float: FLOAT}
        if type(value) not in kinds:
            self.scope.refuse(node, f"{value!r} is no literal of the subset")
        return ir.Literal(kinds[type(value)], cast(int, value))

    def _name(self, node: ast.Name, _: Type | None) -> ir.Expression:
        kind = self.scope.find(node.id)
        if kind is None:
            hint = ": assign it before the block" if node.id in self.scope.ended else ""
            self.scope.refuse(node, f"{node.id!r} is not known here{hint}")
        return ir.Name(kind, node.id)

    def _attribute(self, node: ast.Attribute, _: Type | None) -> ir.Expression:
        receiver = self.read(node.value)
        if not isinstance(receiver.type, Object):
            self.scope.refuse(node, f"{ast.unparse(node)}: only objects of the module's classes have fields")
        fields = self.scope.classes[receiver.type.name].fields
        if node.attr not in fields:
            self.scope.refuse(node, f"{receiver.type.name} has no field {node.attr!r}")
        return ir.Field(fields[node.attr], receiver, node.attr)

    # --- operators

    def _unary(self, node: ast.UnaryOp, _: Type | None) -> ir.Expression:
        if isinstance(node.op, ast.Not):
            inner = self.read(node.operand)
            if isinstance(inner.type, List | Map | Set | Queue) or inner.type == STR:
                return ir.Builtin(BOOL, "is_empty", (inner,))
            return ir.Unary(BOOL, "not", self.fit(node, inner, BOOL))
        if not isinstance(node.op, ast.USub):
            self.scope.refuse(node, "only - and not stand before a value")
        inner = self.read(node.operand)
        if isinstance(inner, ir.Literal) and isinstance(inner.value, int | float):
            return ir.Literal(inner.type, -inner.value)
        if inner.type not in (INT, FLOAT):
            self.scope.refuse(node, f"- of {inner.type}")
        return ir.Unary(inner.type, "-", inner)

    def _binary(self, node: ast.BinOp, expected: Type | None) -> ir.Expression:
        operator = operator_text(node.op)
        if operator == "*" and isinstance(node.left, ast.List):
            return self._filled(node, node.left, expected)
        wanted = expected if isinstance(expected, List | Set) and operator in "+&|-" else None
        left, right = self.read(node.left, wanted), self.read(node.right, wanted)
        return self.binary(node, operator, left, right)

    def binary(self, node: ast.AST, operator: Any, left: ir.Expression, right: ir.Expression) -> ir.Expression:
        """The operation on two values, refused where their types do not go together."""
        if operator == "+" and {left.type, right.type} <= {STR, CHAR}:
            if left.type == right.type == CHAR:
                left = self.fit(node, left, STR)
            return ir.Binary(STR, "+", left, right)
        if operator == "*" and left.type in (STR, CHAR) and right.type == INT:
            return ir.Builtin(STR, "repeat", (self.fit(node, left, STR), right))
        same = left.type == right.type
        if same and isinstance(left.type, List) and operator == "+":
            return ir.Binary(left.type, "+", left, right)
        if same and isinstance(left.type, Set) and operator in "&|-":
            return ir.Binary(left.type, operator, left, right)
        if same and left.type == INT:
            return ir.Binary(FLOAT if operator == "/" else INT, operator, left, right)
        if same and left.type == FLOAT and operator in ("+", "-", "*", "/"):
            return ir.Binary(FLOAT, operator, left, right)
        self.scope.refuse(node, f"{left.type} {operator} {right.type}")

    def _filled(self, node: ast.BinOp, display: ast.List, expected: Type | None) -> ir.Expression:
        if len(display.elts) != 1:
            self.scope.refuse(node, "only a list of one item is multiplied")
        item = self.read(display.elts[0], expected.item if isinstance(expected, List) else None)
        if item.type not in (INT, FLOAT, BOOL, STR, CHAR):
            self.scope.refuse(node, f"[{item.type}] * n would share one item: use a comprehension")
        return ir.Builtin(List(item.type), "filled", (item, self.read(node.right, INT)))

    def _logical(self, node: ast.BoolOp, _: Type | None) -> ir.Expression:
        operands = tuple(self.condition(value) for value in node.values)
        return ir.Logical("and" if isinstance(node.op, ast.And) else "or", operands)

    def _conditional(self, node: ast.IfExp, expected: Type | None) -> ir.Expression:
        condition = self.condition(node.test)
        then, otherwise = self.raw(node.body, expected), self.raw(node.orelse, expected)
        kind = expected or (STR if STR in (then.type, otherwise.type) else then.type)
        if not isinstance(kind, Optional):
            then, otherwise = self.read(node.body, kind), self.read(node.orelse, kind)
        return ir.Conditional(kind, condition, self.fit(node, then, kind), self.fit(node, otherwise, kind))

    def _compare(self, node: ast.Compare, _: Type | None) -> ir.Expression:
        sides = [node.left, *node.comparators]
        pairs = [
            self._comparison(node, left, operator, right)
            for left, operator, right in zip(sides, node.ops, sides[1:], strict=False)
        ]
        return pairs[0] if len(pairs) == 1 else ir.Logical("and", tuple(pairs))

    def _comparison(self, node: ast.Compare, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ir.Expression:
        if isinstance(operator, ast.Is | ast.IsNot):
            return ir.IsNone(self.raw(left, None), negated=isinstance(operator, ast.IsNot))
        if isinstance(operator, ast.In | ast.NotIn):
            found = self._membership(node, left, right)
            return found if isinstance(operator, ast.In) else ir.Unary(BOOL, "not", found)
        first, second = self._both(left, right)
        if first.type != second.type:
            self.scope.refuse(node, f"{first.type} compared with {second.type}")
        return ir.Compare(cast(Any, _COMPARE[type(operator)]), first, second)

    def _both(self, left: ast.expr, right: ast.expr) -> tuple[ir.Expression, ir.Expression]:
        """Two values that are compared: the one whose type stands without help decides what the other is."""
        if _needs_help(left) and not _needs_help(right):
            second = self.read(right)
            return self.read(left, second.type), second
        first = self.read(left)
        second = self.read(right, first.type if _needs_help(right) else None)
        if {first.type, second.type} == {STR, CHAR}:
            return self.fit(left, first, STR), self.fit(right, second, STR)
        return first, second

    def _membership(self, node: ast.AST, item: ast.expr, container: ast.expr) -> ir.Expression:
        if isinstance(container, ast.Tuple | ast.Set):
            container = ast.copy_location(ast.List(elts=container.elts, ctx=ast.Load()), container)
        if isinstance(container, ast.List):
            found = self.read(item)
            return ir.Builtin(BOOL, "contains", (self.read(container, List(found.type)), found))
        inside = self.read(container)
        match inside.type:
            case List(item=kind):
                return ir.Builtin(BOOL, "contains", (inside, self.read(item, kind)))
            case Set(item=kind):
                return ir.Builtin(BOOL, "has", (inside, self.read(item, kind)))
            case Map(key=kind):
                return ir.Builtin(BOOL, "has_key", (inside, self.read(item, kind)))
        if inside.type != STR:
            self.scope.refuse(node, f"`in` of {inside.type}")
        found = self.read(item)
        name = "contains_char" if found.type == CHAR else "contains_text"
        return ir.Builtin(BOOL, name, (inside, found))

    # --- parts and displays

    def _subscript(self, node: ast.Subscript, _: Type | None) -> ir.Expression:
        base = self.read(node.value)
        kind = base.type.item if isinstance(base.type, List) else CHAR
        if isinstance(base.type, Map):
            return ir.Lookup(base.type.value, base, self.read(node.slice, base.type.key))
        if isinstance(base.type, Tuple):
            if not isinstance(node.slice, ast.Constant) or type(node.slice.value) is not int:
                self.scope.refuse(node, "a tuple's part is named by a literal")
            return ir.Index(base.type.items[node.slice.value], base, ir.Literal(INT, node.slice.value))
        if not isinstance(base.type, List) and base.type != STR:
            self.scope.refuse(node, f"{base.type} has no items")
        if isinstance(node.slice, ast.Slice):
            return self._slice(node.slice, base)
        index = self.read(node.slice, INT)
        if index == ir.Literal(INT, -1):
            return ir.Builtin(kind, "last", (base,))
        if isinstance(index, ir.Literal) and cast(int, index.value) < 0:
            self.scope.refuse(node, "of the negative indexes only -1 is known")
        return ir.Index(kind, base, index)

    def _slice(self, node: ast.Slice, base: ir.Expression) -> ir.Expression:
        if node.step is not None:
            if node.lower is None and node.upper is None and ast.unparse(node.step) == "-1":
                return ir.Builtin(base.type, "reversed_text" if base.type == STR else "reversed", (base,))
            self.scope.refuse(node, "of the steps of a slice only [::-1] is known")
        if node.lower is None and node.upper is None:
            return ir.Builtin(base.type, "copy", (base,)) if base.type != STR else base
        start = self.read(node.lower, INT) if node.lower else None
        stop = self.read(node.upper, INT) if node.upper else None
        return ir.Slice(base.type, base, start, stop)

    def _list(self, node: ast.List, expected: Type | None) -> ir.Expression:
        wanted = expected.item if isinstance(expected, List) else None
        if not node.elts:
            if wanted is None:
                self.scope.refuse(node, "the type of [] is not known: annotate the variable")
            return ir.ListDisplay(List(wanted), ())
        items = [self.read(node.elts[0], wanted)]
        items.extend(self.read(item, items[0].type) for item in node.elts[1:])
        return ir.ListDisplay(List(items[0].type), tuple(items))

    def _tuple(self, node: ast.Tuple, expected: Type | None) -> ir.Expression:
        wanted: tuple[Type | None, ...] = (None,) * len(node.elts)
        if isinstance(expected, Tuple) and len(expected.items) == len(node.elts):
            wanted = expected.items
        items = tuple(self.read(item, kind) for item, kind in zip(node.elts, wanted, strict=True))
        return ir.TupleDisplay(Tuple(tuple(item.type for item in items)), items)

    def _dict(self, node: ast.Dict, expected: Type | None) -> ir.Expression:
        if not node.keys:
            if not isinstance(expected, Map):
                self.scope.refuse(node, "the type of {} is not known: annotate the variable")
            return ir.MapDisplay(expected, ())
        entries: list[tuple[ir.Expression, ir.Expression]] = []
        key, value = (expected.key, expected.value) if isinstance(expected, Map) else (None, None)
        for written, content in zip(node.keys, node.values, strict=True):
            if written is None:
                self.scope.refuse(node, "** in a dict is outside the subset")
            entries.append((self.read(written, key), self.read(content, value)))
            key, value = entries[0][0].type, entries[0][1].type
        return ir.MapDisplay(Map(entries[0][0].type, entries[0][1].type), tuple(entries))

    # --- comprehensions

    def _comprehension(self, node: ast.ListComp | ast.SetComp, expected: Type | None) -> ir.Expression:
        kind = "list" if isinstance(node, ast.ListComp) else "set"
        wanted = expected.item if isinstance(expected, List | Set) else None
        return self.fold(node, kind, node.elt, wanted)

    def _dict_comprehension(self, node: ast.DictComp, expected: Type | None) -> ir.Expression:
        wanted = (expected.key, expected.value) if isinstance(expected, Map) else (None, None)
        with self.scope.block():
            pattern, iterable, condition = self._generator(node, node.generators)
            key, value = self.read(node.key, wanted[0]), self.read(node.value, wanted[1])
        return ir.Fold(Map(key.type, value.type), "map", value, pattern, iterable, condition, key)

    def fold(self, node: Any, kind: Any, element: ast.expr, wanted: Type | None = None) -> ir.Expression:
        """A comprehension or generator as a Fold of one kind."""
        with self.scope.block():
            pattern, iterable, condition = self._generator(node, node.generators)
            if kind == "sum" and isinstance(element, ast.Constant) and element.value == 1:
                kind = "count"
            value = self.condition(element) if kind in ("any", "all") else self.read(element, wanted)
        if kind in ("any", "all") and condition is not None:
            kept = condition if kind == "any" else ir.Unary(BOOL, "not", condition)
            value, condition = ir.Logical("and" if kind == "any" else "or", (kept, value)), None
        results: dict[str, Type] = {"list": List(value.type), "set": Set(value.type), "count": INT}
        return ir.Fold(results.get(kind, value.type), kind, value, pattern, iterable, condition)

    def _generator(
        self, node: ast.AST, generators: list[ast.comprehension]
    ) -> tuple[ir.Pattern, ir.Expression, ir.Expression | None]:
        if len(generators) != 1 or len(generators[0].ifs) > 1:
            self.scope.refuse(node, "a comprehension has one `for` and at most one `if`")
        pattern, iterable = self.iteration(generators[0].target, generators[0].iter)
        return pattern, iterable, self.condition(generators[0].ifs[0]) if generators[0].ifs else None

    def iteration(self, target: ast.expr, source: ast.expr) -> tuple[ir.Pattern, ir.Expression]:
        """The pattern of a `for` and what it iterates over; the pattern's names are declared."""
        iterable = self.iterable(source)
        item = _item_type(iterable.type)
        if item is None:
            self.scope.refuse(source, f"{iterable.type} is not iterated over")
        parts = target.elts if isinstance(target, ast.Tuple) else [target]
        types = (item,)
        if isinstance(target, ast.Tuple):
            if not isinstance(item, Tuple) or len(item.items) != len(parts):
                self.scope.refuse(target, f"{ast.unparse(target)} does not take {item} apart")
            types = item.items  # type: ignore[assignment]
        if not isinstance(target, ast.Tuple) and isinstance(iterable, ir.Enumerate | ir.Zip | ir.Items):
            self.scope.refuse(target, "pairs are taken apart where they are iterated over")
        names = tuple(part.id if isinstance(part, ast.Name) else "?" for part in parts)
        if "?" in names:
            self.scope.refuse(target, f"{ast.unparse(target)} is no pattern of names")
        for name, kind in zip(names, types, strict=True):
            self.scope.declare(target, name, kind)
        return ir.Pattern(names, types), iterable

    def iterable(self, node: ast.expr) -> ir.Expression:
        """What a `for` goes through: a value, or range, enumerate, zip, items, values, keys, reversed."""
        match node:
            case ast.Call(func=ast.Name(id="range"), args=arguments):
                return self._range(node, arguments)
            case ast.Call(func=ast.Name(id="enumerate"), args=[base]):
                inner = self.read(base)
                return ir.Enumerate(List(Tuple((INT, self._item(base, inner)))), inner)
            case ast.Call(func=ast.Name(id="zip"), args=[left, right]):
                first, second = self.read(left), self.read(right)
                pair = Tuple((self._item(left, first), self._item(right, second)))
                return ir.Zip(List(pair), first, second)
            case ast.Call(func=ast.Name(id="reversed"), args=[ast.Call(func=ast.Name(id="range"), args=[count])]):
                last = self.binary(node, "-", self.read(count, INT), ir.Literal(INT, 1))
                return ir.Range(List(INT), last, ir.Literal(INT, -1), -1)
            case ast.Call(func=ast.Name(id="reversed"), args=[base]):
                inner = self.read(base)
                return ir.Builtin(inner.type, "reversed_text" if inner.type == STR else "reversed", (inner,))
            case ast.Call(func=ast.Attribute(value=base, attr=("items" | "keys" | "values") as name), args=[]):
                return self._map_view(node, self.read(base), name)
        found = self.read(node)
        if isinstance(found.type, Map):
            return ir.Builtin(List(found.type.key), "keys", (found,))
        return found

    def _item(self, node: ast.AST, base: ir.Expression) -> Type:
        item = _item_type(base.type)
        if item is None or isinstance(base.type, Set):
            self.scope.refuse(node, f"{base.type} has no order")
        return item

    def _map_view(self, node: ast.AST, base: ir.Expression, name: str) -> ir.Expression:
        if not isinstance(base.type, Map):
            self.scope.refuse(node, f"{base.type} has no {name}")
        key, value = base.type.key, base.type.value
        if name == "items":
            return ir.Items(List(Tuple((key, value))), base)
        return ir.Builtin(List(key if name == "keys" else value), name, (base,))

    def _range(self, node: ast.AST, arguments: list[ast.expr]) -> ir.Expression:
        values = [self.read(argument, INT) for argument in arguments]
        step = 1
        if len(values) == 3:
            last = values.pop()
            if not isinstance(last, ir.Literal) or not last.value:
                self.scope.refuse(node, "a range's step is a literal that is not 0")
            step = int(last.value)
        if len(values) == 1:
            values.insert(0, ir.Literal(INT, 0))
        return ir.Range(List(INT), values[0], values[1], step)

    # --- calls

    def _call(self, node: ast.Call, expected: Type | None) -> ir.Expression:
        match node.func:
            case ast.Name(id=name):
                slot = self.scope.find(name)
                if isinstance(slot, Slot):
                    head = tuple(("", kind) for kind in slot.parameters)
                    return ir.Call(slot.result, name, self.arguments(node, head))
                if name in self.scope.functions:
                    function = self.scope.functions[name]
                    return ir.Call(function.result, name, self.arguments(node, function.parameters))
                if name in self.scope.classes:
                    constructor = self.scope.classes[name].constructor
                    return ir.New(Object(name), self.arguments(node, constructor.parameters))
                return function_call(self, node, name, expected)
            case ast.Attribute(value=ast.Name(id="math"), attr=("sqrt" | "isqrt") as name):
                kind = FLOAT if name == "sqrt" else INT
                return ir.Builtin(kind, name, (self.read(node.args[0], kind),))
            case ast.Attribute(value=base, attr=name):
                return method_call(self, node, base, name)
        self.scope.refuse(node, f"`{ast.unparse(node)}` is outside the subset")

    def arguments(self, node: ast.Call, parameters: tuple[tuple[str, Type], ...]) -> tuple[ir.Expression, ...]:
        """Positional arguments of the module's own functions and classes."""
        if node.keywords or len(node.args) != len(parameters):
            self.scope.refuse(node, f"{ast.unparse(node.func)} takes {len(parameters)} positional arguments")
        return tuple(self.read(value, kind) for value, (_, kind) in zip(node.args, parameters, strict=True))


def _needs_help(node: ast.expr) -> bool:
    """Whether the type of an expression depends on its place: a text literal, a display."""
    return isinstance(node, ast.Constant | ast.List | ast.Dict | ast.Tuple)


def _item_type(kind: Type) -> Type | None:
    match kind:
        case List(item=item) | Set(item=item) | Queue(item=item):
            return item
    return CHAR if kind == STR else None


_READERS: Mapping[type, Callable[[ExpressionReader, Any, Type | None], ir.Expression]] = {
    ast.Constant: ExpressionReader._constant,
    ast.Name: ExpressionReader._name,
    ast.Attribute: ExpressionReader._attribute,
    ast.UnaryOp: ExpressionReader._unary,
    ast.BinOp: ExpressionReader._binary,
    ast.BoolOp: ExpressionReader._logical,
    ast.IfExp: ExpressionReader._conditional,
    ast.Compare: ExpressionReader._compare,
    ast.Subscript: ExpressionReader._subscript,
    ast.List: ExpressionReader._list,
    ast.Tuple: ExpressionReader._tuple,
    ast.Dict: ExpressionReader._dict,
    ast.ListComp: ExpressionReader._comprehension,
    ast.SetComp: ExpressionReader._comprehension,
    ast.DictComp: ExpressionReader._dict_comprehension,
    ast.Call: ExpressionReader._call,
}
