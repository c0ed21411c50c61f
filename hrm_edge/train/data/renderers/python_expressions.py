"""Expressions of the intermediate form as Python, with no parentheses but those that precedence asks for."""

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir import types as t
from hrm_edge.train.data.ir.analysis import walk
from hrm_edge.train.data.ir.builtins import MUTATING
from hrm_edge.train.data.renderers.names import clear_of
from hrm_edge.train.data.renderers.python_builtins import CONTAINS, FUNCTIONS, METHODS
from hrm_edge.train.data.renderers.python_values import RESERVED, python_literal

ANY, CONDITIONAL, OR, AND, NOT, COMPARE, BIT_OR, BIT_XOR, BIT_AND, SHIFT, SUM, PRODUCT, SIGN, POWER, ATOM = range(15)
"""How tightly expressions bind; a place that takes every expression is of level ANY."""

_OPERATORS = {
    **{"|": BIT_OR, "^": BIT_XOR, "&": BIT_AND, "<<": SHIFT, ">>": SHIFT},
    **{"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "//": PRODUCT, "%": PRODUCT},
}
_CHAINS = ({"<", "<="}, {">", ">="}, {"=="})
"""Comparisons that may stand in one chain: `0 <= i < n`."""


class PythonExpressions:
    """Writes expressions; `imports` gathers the import lines that they need."""

    def __init__(self) -> None:
        self.imports: set[str] = set()

    def name(self, name: str) -> str:
        """A variable's, function's or field's name."""
        return clear_of(RESERVED, name)

    def text(self, node: ir.Expression, level: int = ANY) -> str:
        """The expression where what binds less than `level` must be in parentheses."""
        text, own = self._write(node)
        return f"({text})" if own < level else text

    def condition(self, node: ir.Expression, level: int = ANY) -> str:
        """The expression where only its truth counts: `xs` for "xs is not empty"."""
        text, own = self._condition(node)
        return f"({text})" if own < level else text

    def bare(self, node: ir.Expression) -> str:
        """The expression where a tuple needs no parentheses."""
        if isinstance(node, ir.TupleDisplay) and len(node.items) > 1:
            return self.commas(node.items)
        return self.text(node)

    def commas(self, nodes: tuple[ir.Expression, ...]) -> str:
        """Expressions with commas between."""
        return ", ".join(self.text(node) for node in nodes)

    def iterable(self, node: ir.Expression, level: int = ANY) -> str:
        """What stands behind `in` of a loop or comprehension."""
        match node:
            case ir.Range(start=start, stop=stop, step=step):
                ends = [stop] if start == ir.Literal(t.INT, 0) and step == 1 else [start, stop]
                return f"range({', '.join([*map(self.text, ends), *([str(step)] if step != 1 else [])])})"
            case ir.Enumerate(base=base):
                return f"enumerate({self.text(base)})"
            case ir.Zip(left=left, right=right):
                return f"zip({self.text(left)}, {self.text(right)})"
            case ir.Items(base=base):
                return f"{self.text(base, ATOM)}.items()"
            case ir.Builtin(name="keys", arguments=(base,)):
                return self.text(base, level)
        return self.text(node, level)

    def pattern(self, pattern: ir.Pattern) -> str:
        """The names that a loop binds."""
        return ", ".join(map(self.name, pattern.names))

    def _condition(self, node: ir.Expression) -> tuple[str, int]:
        match node:
            case ir.Unary(operator="not", operand=ir.Builtin(name="is_empty", arguments=(base,))):
                return self._write(base)
            case ir.Logical():
                return self._logical(node, truth=True)
        return self._write(node)

    def _write(self, node: ir.Expression) -> tuple[str, int]:
        match node:
            case ir.Literal(value=value):
                return python_literal(value), SIGN if isinstance(value, int | float) and value < 0 else ATOM
            case ir.Name(name=name):
                return self.name(name), ATOM
            case ir.Binary():
                return self._binary(node)
            case ir.Builtin():
                return self._builtin(node)
            case ir.Compare(operator=operator, left=left, right=right):
                return f"{self.text(left, BIT_OR)} {operator} {self.text(right, BIT_OR)}", COMPARE
            case ir.Index(base=base, index=key) | ir.Lookup(base=base, key=key):
                return f"{self.text(base, ATOM)}[{self.bare(key)}]", ATOM
            case ir.Call(function=function, arguments=arguments):
                return f"{self.name(function)}({self.commas(arguments)})", ATOM
            case ir.Fold():
                return self._fold(node), ATOM
            case ir.Logical():
                return self._logical(node, truth=False)
            case ir.Unary():
                return self._unary(node)
            case ir.Conditional(condition=condition, then=then, otherwise=otherwise):
                texts = self.text(then, OR), self.condition(condition, OR), self.text(otherwise, CONDITIONAL)
                return "{} if {} else {}".format(*texts), CONDITIONAL
            case ir.Slice():
                return self._slice(node), ATOM
            case ir.Unwrap(operand=operand):
                return self._write(operand)
            case ir.IsNone(operand=operand, negated=negated):
                return f"{self.text(operand, BIT_OR)} is {'not ' if negated else ''}None", COMPARE
            case ir.MethodCall(receiver=receiver, method=method, arguments=arguments):
                return f"{self.text(receiver, ATOM)}.{self.name(method)}({self.commas(arguments)})", ATOM
            case ir.Field(receiver=receiver, field=field):
                return f"{self.text(receiver, ATOM)}.{self.name(field)}", ATOM
            case ir.New(type=t.Object(name), arguments=arguments):
                return f"{self.name(name)}({self.commas(arguments)})", ATOM
            case ir.ListDisplay(items=items):
                return f"[{self.commas(items)}]", ATOM
            case ir.TupleDisplay(items=items):
                return f"({self.commas(items)}{',' if len(items) == 1 else ''})", ATOM
            case ir.MapDisplay(entries=entries):
                return f"{{{', '.join(f'{self.text(k)}: {self.text(v)}' for k, v in entries)}}}", ATOM
            case ir.SortBy():
                return self._sort_by(node), ATOM
            case ir.Range() | ir.Enumerate() | ir.Zip() | ir.Items():
                return self.iterable(node), ATOM

    def _binary(self, node: ir.Binary) -> tuple[str, int]:
        if node.operator == "**":
            power = "**" if _is_short(node.left) and _is_short(node.right) else " ** "
            return f"{self.text(node.left, ATOM)}{power}{self.text(node.right, SIGN)}", POWER
        own = _OPERATORS[node.operator]
        return f"{self.text(node.left, own)} {node.operator} {self.text(node.right, own + 1)}", own

    def _unary(self, node: ir.Unary) -> tuple[str, int]:
        if node.operator == "-":
            return f"-{self.text(node.operand, SIGN)}", SIGN
        match node.operand:
            case ir.Builtin(name="is_empty", arguments=(base,)):  # its truth alone is for conditions
                return f"len({self.text(base)}) > 0", COMPARE
            case ir.Builtin(name=name, arguments=(base, item)) if name in CONTAINS:
                return f"{self.text(item, BIT_OR)} not in {self.text(base, BIT_OR)}", COMPARE
            case ir.Compare() | ir.IsNone():
                return f"not ({self.text(node.operand)})", NOT
        return f"not {self.condition(node.operand, NOT)}", NOT

    def _logical(self, node: ir.Logical, *, truth: bool) -> tuple[str, int]:
        own = AND if node.operator == "and" else OR
        write = self.condition if truth else self.text
        parts: list[str] = []
        last: ir.Expression | None = None
        for operand in node.operands:
            if own == AND and _continues(last, operand):
                assert isinstance(operand, ir.Compare)
                parts[-1] += f" {operand.operator} {self.text(operand.right, BIT_OR)}"
            else:
                parts.append(write(operand, own + 1))
            last = operand
        return f" {node.operator} ".join(parts), own if len(parts) > 1 else COMPARE

    def _fold(self, node: ir.Fold) -> str:
        loops = f"for {self.pattern(node.pattern)} in {self.iterable(node.iterable, OR)}"
        if node.condition is not None:
            loops += f" if {self.condition(node.condition, OR)}"
        match node.kind:
            case "list" | "set" if node.condition is None and _is_identity(node):
                return f"{node.kind}({self.iterable(node.iterable)})"
            case "list":
                return f"[{self.text(node.element)} {loops}]"
            case "set":
                return f"{{{self.text(node.element)} {loops}}}"
            case "map":
                assert node.key is not None
                return f"{{{self.text(node.key)}: {self.text(node.element)} {loops}}}"
            case "count":
                return f"sum(1 {loops})"
        return f"{node.kind}({self.text(node.element)} {loops})"

    def _slice(self, node: ir.Slice) -> str:
        ends = node.start, node.stop
        wide = any(end is not None and not isinstance(end, ir.Name | ir.Literal) for end in ends)
        start, stop = ("" if end is None else self.text(end) for end in ends)
        colon = f"{' ' if wide and start else ''}:{' ' if wide and stop else ''}"
        return f"{self.text(node.base, ATOM)}[{start}{colon}{stop}]"

    def _sort_by(self, node: ir.SortBy) -> str:
        key = f"key=lambda {self.name(node.parameter)}: {self.text(node.key)}"
        return f"sorted({self.iterable(node.base)}, {key}{', reverse=True' if node.descending else ''})"

    def _builtin(self, node: ir.Builtin) -> tuple[str, int]:
        name, arguments = node.name, node.arguments
        if name in METHODS:
            receiver = self.text(arguments[0], ATOM)
            if isinstance(arguments[0], ir.Literal) and isinstance(arguments[0].value, int):
                receiver = f"({receiver})"
            return f"{receiver}.{METHODS[name]}({self.commas(arguments[1:])})", ATOM
        if name in FUNCTIONS:
            function = FUNCTIONS[name]
            if function.startswith("math."):
                self.imports.add("import math")
            return f"{function}({self.commas(arguments)})", ATOM
        if name in CONTAINS:
            return f"{self.text(arguments[1], BIT_OR)} in {self.text(arguments[0], BIT_OR)}", COMPARE
        match name, arguments:
            case (("min" | "max"), _):
                return f"{name}({self.commas(_flat(name, node))})", ATOM
            case "is_empty", (base,):
                return f"not {self.text(base, NOT)}", NOT
            case "last", (base,):
                return f"{self.text(base, ATOM)}[-1]", ATOM
            case "text_of_char", (character,):
                return self._write(character)
            case (("reversed_text" | "reversed"), (base,)):
                return f"{self.text(base, ATOM)}[::-1]", ATOM
            case "sorted_text", (base,):
                return f'"".join(sorted({self.text(base)}))', ATOM
            case "join_chars", (characters,):
                return f'"".join({self.text(characters)})', ATOM
            case "sorted_descending", (base,):
                return f"sorted({self.text(base)}, reverse=True)", ATOM
            case "sorted_items", (base,):
                return f"sorted({self.text(base, ATOM)}.items())", ATOM
            case "repeat", (base, count):
                return f"{self.text(base, PRODUCT)} * {self.text(count, SIGN)}", PRODUCT
            case "filled", (item, count):
                return f"[{self.text(item)}] * {self.text(count, SIGN)}", PRODUCT
            case "queue_of", (items,):
                self.imports.add("from collections import deque")
                empty = isinstance(items, ir.ListDisplay) and not items.items
                return f"deque({'' if empty else self.text(items)})", ATOM
            case "remove_key", (base, key):
                return f"del {self.text(base, ATOM)}[{self.bare(key)}]", ANY
        raise AssertionError(f"Python has no form of the operation {name}")


def _continues(last: ir.Expression | None, operand: ir.Expression) -> bool:
    """Whether a comparison goes on where the last one ended, with an operand that may be read once instead of twice."""
    if not isinstance(last, ir.Compare) or not isinstance(operand, ir.Compare) or last.right != operand.left:
        return False
    plain = not any(
        isinstance(node, ir.Call | ir.MethodCall) or (isinstance(node, ir.Builtin) and node.name in MUTATING)
        for node in walk(last.right)
    )
    return plain and any({last.operator, operand.operator} <= chain for chain in _CHAINS)


def _is_short(node: ir.Expression) -> bool:
    """Whether formatters write a power of it without blanks."""
    return isinstance(node, ir.Name | ir.Field) or (
        isinstance(node, ir.Literal) and isinstance(node.value, int | float)
    )


def _is_identity(node: ir.Fold) -> bool:
    return len(node.pattern.names) == 1 and node.element == ir.Name(node.element.type, node.pattern.names[0])


def _flat(name: str, node: ir.Expression) -> tuple[ir.Expression, ...]:
    """The arguments of a `min` of `min`s as one."""
    if isinstance(node, ir.Builtin) and node.name == name:
        return tuple(part for argument in node.arguments for part in _flat(name, argument))
    return (node,)
