"""Expressions of the intermediate form as JavaScript.

Parentheses are those of precedence, and those that formatters add where operators are mixed. A zero never becomes -0
where Facts say that it could.
"""

from collections.abc import Callable, Sequence

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir import types as t
from hrm_edge.train.data.renderers import javascript_folds as folds
from hrm_edge.train.data.renderers import javascript_order as order
from hrm_edge.train.data.renderers import javascript_sorting as sorting
from hrm_edge.train.data.renderers.javascript_builtins import write_builtin
from hrm_edge.train.data.renderers.javascript_levels import (
    AND,
    ANY,
    ATOM,
    COMPARISONS,
    CONDITIONAL,
    EQUALITY,
    NULLISH,
    OPERATORS,
    OR,
    ORDER,
    POWER,
    PRODUCT,
    SHIFT,
    SUM,
    UNARY,
    Written,
    in_parentheses,
)
from hrm_edge.train.data.renderers.javascript_values import RESERVED, is_coded, is_scalar, property_name, scalar
from hrm_edge.train.data.renderers.names import camel, clear_of

Node = ir.Expression


class JavascriptExpressions:
    """Writes expressions. `objects`: maps from texts are plain objects; `helper` names a function of HELPERS."""

    def __init__(self, facts: ir.Facts, *, objects: bool, helper: Callable[[str], str]) -> None:
        self.facts = facts
        self.objects = objects
        self.helper = helper

    def name(self, name: str) -> str:
        """A variable's, function's or field's name."""
        if name.startswith("_"):
            return f"_{camel(name[1:])}"
        return clear_of(RESERVED, camel(name))

    def text(self, node: Node, level: int = ANY) -> str:
        """The expression where what binds less than `level` must be in parentheses."""
        return in_parentheses(self.write(node), level)

    def receiver(self, node: Node) -> str:
        """The expression before a dot."""
        text = self.text(node, ATOM)
        return f"({text})" if isinstance(node, ir.Literal) and isinstance(node.value, int | float) else text

    def commas(self, nodes: Sequence[Node]) -> str:
        """Expressions with commas between."""
        return ", ".join(self.text(node) for node in nodes)

    def tolerant(self, node: Node, level: int) -> str:
        """A number where -0 does as well as 0: what is added, compared or used as an index."""
        match node:
            case ir.Unary(operator="-") | ir.Binary(operator="*" | "//" | "%") | ir.Builtin(name="truncate"):
                return in_parentheses(self._signed(node), level)
        return self.text(node, level)

    def key(self, kind: t.Type, node: Node) -> str:
        """A key of a map, or a member of a set."""
        if not is_coded(kind):
            return self.text(node)
        assert isinstance(kind, t.Tuple)
        if any(isinstance(item, t.Str | t.Char | t.Tuple) for item in kind.items):
            return f"JSON.stringify({self.text(node)})"
        if isinstance(node, ir.TupleDisplay):
            return _template([self._in_template(item) for item in node.items])
        return f'{self.receiver(node)}.join(",")'

    def decoder(self, kind: t.Type) -> str:
        """The function that makes a tuple of its key again."""
        assert isinstance(kind, t.Tuple)
        if any(isinstance(item, t.Str | t.Char | t.Tuple) for item in kind.items):
            return "(key) => JSON.parse(key)"
        return '(key) => key.split(",").map(Number)'

    def is_object(self, kind: t.Type) -> bool:
        """Whether a map is a plain object here."""
        return self.objects and isinstance(kind, t.Map) and isinstance(kind.key, t.Str | t.Char)

    def entry(self, base: Node, key: Node) -> str:
        """The value of a map's key."""
        assert isinstance(base.type, t.Map)
        if self.is_object(base.type):
            return self.member(base, key)
        return f"{self.receiver(base)}.get({self.key(base.type.key, key)})"

    def member(self, base: Node, key: Node) -> str:
        """`base.word` or `base[key]`."""
        if isinstance(key, ir.Literal) and property_name(str(key.value)) == key.value:
            return f"{self.receiver(base)}.{key.value}"
        return f"{self.receiver(base)}[{self.text(key)}]"

    def equal(self, left: Node, right: Node, *, negated: bool = False) -> Written:
        """Whether two values of one type are the same."""
        sign = "!==" if negated else "==="
        kind = left.type
        for one, other in ((left, right), (right, left)):
            if isinstance(other, ir.ListDisplay) and not other.items:
                return f"{self.receiver(one)}.length {sign} 0", EQUALITY
        if is_scalar(kind) or is_scalar(right.type):
            return f"{self.tolerant(left, ORDER)} {sign} {self.tolerant(right, ORDER)}", EQUALITY
        if isinstance(left, ir.TupleDisplay) and isinstance(right, ir.TupleDisplay):
            pairs = zip(left.items, right.items, strict=True)
            compared = tuple(ir.Compare("!=" if negated else "==", one, other) for one, other in pairs)
            return self.write(ir.Logical("or" if negated else "and", compared))
        if isinstance(kind, t.Set | t.Map):
            name = "same_set" if isinstance(kind, t.Set) else "same_object" if self.is_object(kind) else "same_map"
            call = f"{self.helper(name)}({self.text(left)}, {self.text(right)})"
            return (f"!{call}", UNARY) if negated else (call, ATOM)
        return f"JSON.stringify({self.text(left)}) {sign} JSON.stringify({self.text(right)})", EQUALITY

    def write(self, node: Node) -> Written:
        """The expression and how tightly it binds."""
        match node:
            case ir.Literal(value=value):
                return scalar(value), UNARY if isinstance(value, int | float) and value < 0 else ATOM
            case ir.Name(name=name):
                return ("this" if name == "self" else self.name(name)), ATOM
            case ir.Binary():
                return self._binary(node)
            case ir.Builtin():
                return write_builtin(self, node)
            case ir.Compare():
                return self._compare(node)
            case ir.Index(base=base, index=index):
                return f"{self.receiver(base)}[{self.tolerant(index, ANY)}]", ATOM
            case ir.Lookup(base=base, key=key):
                return self.entry(base, key), ATOM
            case ir.Call(function=function, arguments=arguments):
                return f"{self.name(function)}({self.commas(arguments)})", ATOM
            case ir.Fold():
                return folds.write_fold(self, node)
            case ir.Logical():
                return self._logical(node)
            case ir.Unary(operator="not"):
                return self._not(node.operand)
            case ir.Unary():
                return self._whole(node, f"0 - {self.text(node.operand, PRODUCT)}", SUM)
            case ir.Conditional(condition=condition, then=then, otherwise=otherwise):
                texts = self.text(condition, NULLISH), self.text(then, NULLISH), self.text(otherwise, CONDITIONAL)
                return "{} ? {} : {}".format(*texts), CONDITIONAL
        return self._write_rare(node)

    def _write_rare(self, node: Node) -> Written:
        match node:
            case ir.Slice(base=base, start=start, stop=stop):
                ends = [self.text(start) if start is not None else "0"] if start is not None or stop is not None else []
                ends += [self.text(stop)] if stop is not None else []
                return f"{self.receiver(base)}.slice({', '.join(ends)})", ATOM
            case ir.Unwrap(operand=operand):
                return self.write(operand)
            case ir.IsNone(operand=operand, negated=negated):
                return f"{self.text(operand, ORDER)} {'!==' if negated else '==='} null", EQUALITY
            case ir.MethodCall(receiver=receiver, method=method, arguments=arguments):
                return f"{self.receiver(receiver)}.{self.name(method)}({self.commas(arguments)})", ATOM
            case ir.Field(receiver=receiver, field=field):
                return f"{self.receiver(receiver)}.{self.name(field)}", ATOM
            case ir.New(type=t.Object(name), arguments=arguments):
                return f"new {self.name(name)}({self.commas(arguments)})", ATOM
            case ir.ListDisplay(items=items) | ir.TupleDisplay(items=items):
                return f"[{self.commas(items)}]", ATOM
            case ir.MapDisplay():
                return self._map_display(node), ATOM
            case ir.SortBy():
                return sorting.write_sort_by(self, node), ATOM
        return folds.sequence(self, node), ATOM

    def _binary(self, node: ir.Binary) -> Written:
        left, right = node.left, node.right
        if isinstance(node.type, t.List):
            return f"[{', '.join(map(self.spread, (left, right)))}]", ATOM
        if isinstance(node.type, t.Set):
            return self._of_sets(node), ATOM
        if node.operator in ("*", "//", "%"):
            return self._whole(node, f"{in_parentheses(self._signed(node), AND)} || 0", OR)
        return self._signed(node)

    def _whole(self, node: Node, careful: str, level: int) -> Written:
        """The careful form for ints of which some are a negative zero in JavaScript."""
        if self.facts.negative_zero and isinstance(node.type, t.Int):
            return careful, level
        return self._signed(node)

    def _signed(self, node: Node) -> Written:
        """Arithmetic with JavaScript's own zeros."""
        match node:
            case ir.Unary(operand=operand):
                return f"-{self.tolerant(operand, UNARY)}", UNARY
            case ir.Builtin(arguments=(operand,)):
                return f"Math.trunc({self.text(operand)})", ATOM
            case ir.Binary(operator="//", left=left, right=right):
                quotient = f"{self._operand(node, left, PRODUCT)} / {self._operand(node, right, POWER)}"
                return f"Math.floor({quotient})", ATOM
            case ir.Binary(operator="%", left=left, right=right):
                if self.facts.negative_division and not (is_natural(left) and is_natural(right)):
                    return self._floored_remainder(left, right)
                return f"{self._operand(node, left, PRODUCT)} % {self._operand(node, right, POWER)}", PRODUCT
            case ir.Binary(operator="**", left=left, right=right):
                return f"{self.text(left, ATOM)} ** {self.text(right, POWER)}", POWER
            case ir.Binary(operator=operator, left=left, right=right):
                own = OPERATORS[operator]
                return f"{self._operand(node, left, own)} {operator} {self._operand(node, right, own + 1)}", own
        raise AssertionError(f"{type(node).__name__} is no arithmetic")

    def _floored_remainder(self, left: Node, right: Node) -> Written:
        if isinstance(right, ir.Literal | ir.Name):
            divisor = self.text(right, ATOM)
            return f"(({self.tolerant(left, UNARY)} % {divisor}) + {divisor}) % {divisor}", PRODUCT
        return f"{self.helper('mod')}({self.text(left)}, {self.text(right)})", ATOM

    def _operand(self, parent: ir.Binary, node: Node, level: int) -> str:
        """A part of an operation, in parentheses where formatters add them to mixed operators."""
        if isinstance(node, ir.Binary) and _is_mixed(parent.operator, node.operator):
            level = ATOM
        return self.tolerant(node, level) if isinstance(node.type, t.Int) else self.text(node, level)

    def _of_sets(self, node: ir.Binary) -> str:
        if node.operator == "|":
            return f"new Set([...{self.text(node.left)}, ...{self.text(node.right)}])"
        name = {"&": "intersection", "-": "difference", "^": "symmetric_difference"}[node.operator]
        return f"{self.helper(name)}({self.text(node.left)}, {self.text(node.right)})"

    def spread(self, node: Node) -> str:
        """A list as items of another."""
        match node:
            case ir.ListDisplay(items=items):
                return self.commas(items)
            case ir.Binary(left=left, right=right):
                return f"{self.spread(left)}, {self.spread(right)}"
        return f"...{self.text(node)}"

    def _compare(self, node: ir.Compare) -> Written:
        left, right = node.left, node.right
        if node.operator in ("==", "!="):
            return self.equal(left, right, negated=node.operator == "!=")
        if isinstance(left.type, t.Tuple):
            return f"{in_parentheses(order.comparison(self, left, right), SHIFT)} {node.operator} 0", ORDER
        return f"{self.tolerant(left, SHIFT)} {COMPARISONS[node.operator]} {self.tolerant(right, SHIFT)}", ORDER

    def _not(self, operand: Node) -> Written:
        if isinstance(operand, ir.Builtin) and operand.name == "is_empty":
            return f"{self.size(operand.arguments[0])} > 0", ORDER
        return f"!{self.text(operand, UNARY)}", UNARY

    def size(self, node: Node) -> str:
        """How many items there are."""
        match node.type:
            case t.Map() as kind if self.is_object(kind):
                return f"Object.keys({self.text(node)}).length"
            case t.Map() | t.Set():
                return f"{self.receiver(node)}.size"
        return f"{self.receiver(node)}.length"

    def _logical(self, node: ir.Logical) -> Written:
        own, sign = (AND, "&&") if node.operator == "and" else (OR, "||")
        texts = (self.text(part, ORDER if isinstance(part, ir.Logical) else own + 1) for part in node.operands)
        return f" {sign} ".join(texts), own

    def _map_display(self, node: ir.MapDisplay) -> str:
        if self.is_object(node.type):
            entries = (f"{self._property(key)}: {self.text(value)}" for key, value in node.entries)
            return f"{{ {', '.join(entries)} }}" if node.entries else "{}"
        pairs = (f"[{self.key(node.type.key, key)}, {self.text(value)}]" for key, value in node.entries)
        return f"new Map([{', '.join(pairs)}])" if node.entries else "new Map()"

    def _property(self, key: Node) -> str:
        return property_name(str(key.value)) if isinstance(key, ir.Literal) else f"[{self.text(key)}]"

    def _in_template(self, node: Node) -> str:
        return str(node.value) if isinstance(node, ir.Literal) else f"${{{self.tolerant(node, ANY)}}}"


def is_natural(node: Node) -> bool:
    """Whether an expression is never negative, as far as its form tells."""
    match node:
        case ir.Literal(value=int() | float() as value):
            return value >= 0
        case ir.Builtin(name="length" | "abs" | "code" | "digit_value" | "bit_count" | "bit_length" | "count_item"):
            return True
        case ir.Binary(operator="+" | "*" | "//" | "**", left=left, right=right):
            return is_natural(left) and is_natural(right)
        case ir.Binary(operator="%", right=right):
            return is_natural(right)
    return False


def _is_mixed(outer: str, inner: str) -> bool:
    """Whether formatters put the inner operation in parentheses whatever binds more."""
    if inner in ("//", "**"):
        return False
    if outer in ("+", "-"):
        return inner == "%"
    if outer in ("*", "/", "//", "%"):
        return inner == "%" or (inner in ("*", "/") and inner != outer)
    return inner != outer or outer in ("<<", ">>")


def _template(parts: Sequence[str]) -> str:
    text = ",".join(parts)
    return f"`{text}`" if "${" in text else f'"{text}"'
