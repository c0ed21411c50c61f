"""What the parts of the Rust renderer share: how a written expression may be used, variables in sight, conversions.

An expression is written once, in the form that costs nothing (`xs[i]`, `&s[a..b]`, `x`), together with what it is:
a value, a place, a reference. Whoever needs something else converts: `owned` clones only what cannot be moved,
`borrowed` puts the `&`, `receiver` the brackets.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum, auto
from typing import Any, NamedTuple

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import INT, Optional, Str, Type
from hrm_edge.train.data.renderers.rust_types import is_copy, rust_name
from hrm_edge.train.data.renderers.usage import Usage, is_count

ATOM, UNARY, CAST, MULTIPLY, ADD, SHIFT, AND, XOR, OR, COMPARE, BOTH, EITHER, RANGE, LOWEST = range(16, 2, -1)
"""How tightly an expression holds together, by its outermost operator."""


class Form(Enum):
    """What a written expression is, for a type T that is not copied."""

    VALUE = auto()
    """A T that may be moved. All expressions of copied types are values."""
    PLACE = auto()
    """A T somewhere: a variable, a field, an item."""
    UNSIZED = auto()
    """Part of a text or list, without its `&`: `s[a..b]`."""
    REFERENCE = auto()
    """A `&T`."""
    SLICE = auto()
    """A `&str` or `&[T]`."""
    EXCLUSIVE = auto()
    """A `&mut T`: a parameter."""


class Written(NamedTuple):
    """Source of an expression."""

    text: str
    level: int
    form: Form = Form.VALUE

    def at(self, level: int) -> str:
        """The text where an operand of this level stands."""
        return self.text if self.level >= level else f"({self.text})"


class Variable(NamedTuple):
    """A name in sight."""

    text: str
    type: Type
    form: Form
    counts: bool = False
    """An int that is a `usize`."""


ExpressionWriter = Callable[["RustWriter", Any], Written]
EXPRESSIONS: dict[type, ExpressionWriter] = {}
"""How each node is written; filled by the modules that import this one."""
BUILTINS: dict[str, ExpressionWriter] = {}
"""How each builtin is written."""


def writes(kind: type) -> Callable[[ExpressionWriter], ExpressionWriter]:
    """Puts a function into EXPRESSIONS."""

    def register(function: ExpressionWriter) -> ExpressionWriter:
        EXPRESSIONS[kind] = function
        return function

    return register


def writes_builtin(*names: str) -> Callable[[ExpressionWriter], ExpressionWriter]:
    """Puts a function into BUILTINS."""

    def register(function: ExpressionWriter) -> ExpressionWriter:
        for name in names:
            BUILTINS[name] = function
        return function

    return register


class Shared:
    """What is gathered over a whole program: uses of the standard library, own helpers, classes to be cloned."""

    def __init__(self, program: ir.Program, methods: frozenset[tuple[str, str]]) -> None:
        self.program = program
        self.functions = {made.name: made for made in program.functions}
        self.classes = {made.name: made for made in program.classes}
        self.mutating_methods = methods
        self.helpers: set[str] = set()
        self.uses: set[str] = set()
        self.names: set[str] = set()
        self.negative_division = program.facts.negative_division


class RustWriter:
    """Writes one function: its lines so far, and the names in sight."""

    def __init__(self, shared: Shared, usage: Usage, last_uses: frozenset[int]) -> None:
        self.shared = shared
        self.usage = usage
        self.last_uses = last_uses
        self.variables: dict[str, Variable] = {}
        self.indexes: set[str] = set()
        self.bytes_of: dict[str, str] = {}
        self.before_dots = names_before_dots(usage, divisions=shared.negative_division)
        self.untyped: set[str] = set()
        self.lines: list[str] = []
        self.depth = 0
        self._taken = set(usage.names)
        self._inline = 0

    # --- lines and names

    def line(self, text: str) -> None:
        """One line at the present depth; text of several lines keeps its own further indentation."""
        step = "    " * self.depth
        self.lines.append(step + text.replace("\n", "\n" + step) if "\n" in text else step + text)

    @contextmanager
    def block(self) -> Iterator[None]:
        """Lines one step deeper, with variables of their own."""
        with self.scope():
            self.depth += 1
            yield
            self.depth -= 1

    @contextmanager
    def scope(self) -> Iterator[None]:
        """Variables of their own."""
        variables, indexes, bytes_of = self.variables, self.indexes, self.bytes_of
        self.variables, self.indexes, self.bytes_of = dict(variables), set(indexes), dict(bytes_of)
        yield
        self.variables, self.indexes, self.bytes_of = variables, indexes, bytes_of

    @contextmanager
    def inline(self) -> Iterator[None]:
        """Where no line can be put before the present statement: closures, conditions of loops, branches."""
        self._inline += 1
        yield
        self._inline -= 1

    def declare(self, name: str, kind: Type, form: Form, *, index: bool = False) -> str:
        """A variable from here on; returns how it is written."""
        text = rust_name(name)
        self.variables[name] = Variable(text, kind, form, index)
        self.bytes_of.pop(name, None)
        self.untyped.discard(name)
        if index:
            self.indexes.add(name)
        else:
            self.indexes.discard(name)
        return text

    def fresh(self, *wished: str) -> str:
        """A name that nothing in the function has."""
        for name in wished:
            if name not in self._taken:
                self._taken.add(name)
                return name
        number = 2
        while f"{wished[0]}_{number}" in self._taken:
            number += 1
        self._taken.add(f"{wished[0]}_{number}")
        return f"{wished[0]}_{number}"

    def prepared(self, lines: list[str], result: str, form: Form = Form.VALUE) -> Written:
        """An expression that needs lines before it: put before the statement where that may be, else in a block."""
        if self._inline:
            inner = "".join(f"    {text}\n".replace("\n", "\n    ").rstrip(" ") for text in [*lines, result])
            return Written(f"{{\n{inner}}}", ATOM, Form.VALUE)
        for text in lines:
            self.line(text)
        return Written(result, ATOM, form)

    # --- expressions

    def write(self, node: Any) -> Written:
        """An expression in its cheapest form; ints are i64."""
        return EXPRESSIONS[type(node)](self, node)

    def owned(self, node: Any, level: int = 0) -> str:
        """A value of one's own."""
        if isinstance(node, ir.Conditional) and not is_copy(node.type):
            return self._owned_conditional(node, level)
        return self.own(self.write(node), node.type).at(level)

    def own(self, written: Written, kind: Type) -> Written:
        """A written expression as a value of one's own."""
        form = written.form
        if form is Form.VALUE or (form is Form.PLACE and is_copy(kind)):
            return written
        if is_copy(kind):
            return Written(f"*{written.at(UNARY)}", UNARY)
        if written.text == '""':
            return Written("String::new()", ATOM)
        base = written.at(ATOM)
        if form in (Form.UNSIZED, Form.SLICE):
            return Written(f"{base}.to_string()" if isinstance(kind, Str) else f"{base}.to_vec()", ATOM)
        return Written(f"{base}.clone()", ATOM)

    def _owned_conditional(self, node: ir.Conditional, level: int) -> str:
        condition = self.condition(node.condition)
        with self.inline():
            then, otherwise = self.owned(node.then), self.owned(node.otherwise)
        text = f"if {condition} {{ {then} }} else {{ {otherwise} }}"
        return text if level <= LOWEST else f"({text})"

    def borrowed(self, node: Any) -> str:
        """What is passed to a parameter that only reads."""
        if is_copy(node.type):
            return self.owned(node)
        return self.borrow(self.write(node))

    def borrow(self, written: Written) -> str:
        """A `&T`, `&str` or `&[T]`."""
        if written.form in (Form.VALUE, Form.PLACE, Form.UNSIZED):
            return f"&{written.at(UNARY)}"
        return written.text

    def text(self, node: Any) -> str:
        """A `&str` exactly."""
        written = self.write(node)
        if written.form is Form.SLICE:
            return written.text
        if written.form is Form.UNSIZED:
            return f"&{written.text}"
        return f"{written.at(ATOM)}.as_str()"

    def key(self, node: Any) -> str:
        """What a map or set is asked with."""
        if is_copy(node.type):
            return f"&{self.owned(node, UNARY)}"
        return self.borrow(self.write(node))

    def receiver(self, node: Any) -> str:
        """What stands before a dot."""
        return self.write(node).at(ATOM)

    def condition(self, node: Any) -> str:
        """A truth value after `if` or `while`."""
        return self.write(node).text

    def conditionally(self, node: Any, level: int) -> str:
        """A copied value where it may not be reached, so that nothing comes before it."""
        with self.inline():
            return self.owned(node, level)

    def owned_for(self, node: Any, kind: Type) -> str:
        """A value where `kind` is wanted: inside `Some` where that is an Optional and the value is not."""
        if isinstance(kind, Optional) and not isinstance(node.type, Optional):
            return f"Some({self.owned(node)})"
        return self.owned(node)

    # --- counts

    def is_count(self, node: Any, *, differences: bool = False) -> bool:
        """Whether an int can be written as a `usize` from lengths and indexes alone."""
        return is_count(node, self.indexes, differences=differences)

    def count(self, node: Any) -> Written:
        """An expression that `is_count` accepts, as a `usize`."""
        match node:
            case ir.Literal(value=value):
                return Written(str(value), ATOM)
            case ir.Name(name=name):
                return Written(self.variables[name].text, ATOM)
            case ir.Binary(operator=operator, left=left, right=right):
                level = ADD if operator in "+-" else MULTIPLY
                sign = "/" if operator == "//" else operator
                return Written(f"{self.count(left).at(level)} {sign} {self.count(right).at(level + 1)}", level)
        written = EXPRESSIONS[type(node)](self, node)
        return Written(written.text.removesuffix(" as i64"), ATOM)

    def index(self, node: Any, level: int = 0) -> str:
        """An int that is not negative, as a `usize`."""
        if self.is_count(node, differences=True):
            return self.count(node).at(level)
        return cast(self.write(node), "usize").at(level)

    def typed(self, node: Any) -> str:
        """A number before a dot, whose type Rust must know by then."""
        written = self.own(self.write(node), node.type)
        if self.is_untyped(node):
            kind = "i64" if node.type == INT else "f64"
            if isinstance(node, ir.Literal):
                return f"({written.text}_{kind})" if written.level < ATOM else f"{written.text}_{kind}"
            return cast(written, kind).at(ATOM)
        return written.at(ATOM)

    def is_untyped(self, node: Any) -> bool:
        """Whether an expression is made of nothing but literals and counters, so that its type comes from where it
        goes."""
        match node:
            case ir.Literal():
                return True
            case ir.Name(name=name):
                return name in self.untyped
            case ir.Binary(left=left, right=right):
                return self.is_untyped(left) and self.is_untyped(right)
            case ir.Unary(operand=operand):
                return self.is_untyped(operand)
            case ir.Conditional(then=then, otherwise=otherwise):
                return self.is_untyped(then) and self.is_untyped(otherwise)
        return False


def cast(written: Written, kind: str) -> Written:
    """`x as T`."""
    return Written(f"{written.at(CAST)} as {kind}", CAST)


_DOTTED = frozenset(("abs", "min", "max", "isqrt", "sqrt", "bit_count", "bit_length", "text_of_int"))


def names_before_dots(usage: Usage, *, divisions: bool) -> frozenset[str]:
    """Variables of which a method is called: Rust must know their type before it sees where they go."""
    found: set[str] = set()
    for node in usage.nodes:
        match node:
            case ir.Builtin(name=name) if name in _DOTTED:
                pass
            case ir.Binary(operator="**"):
                pass
            case ir.Binary(operator="//" | "%") | ir.Augment(operator="//" | "%") if divisions:
                pass
            case _:
                continue
        found.update(part.name for part in every(node) if isinstance(part, ir.Name))
    return frozenset(found)
