"""What the parts of the C++ renderer share: written expressions, variables in sight, lines."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import INT, Object, Optional, Type
from hrm_edge.train.data.renderers.cpp_types import cpp_name, cpp_type
from hrm_edge.train.data.renderers.usage import Usage, is_count

ATOM, UNARY, MULTIPLY, ADD, SHIFT, LESS, EQUAL, AND, XOR, OR, BOTH, EITHER, TERNARY = range(16, 3, -1)
"""How tightly an expression holds together, by its outermost operator."""


class Written(NamedTuple):
    """Source of an expression."""

    text: str
    level: int

    def at(self, level: int) -> str:
        """The text where an operand of this level stands."""
        return self.text if self.level >= level else f"({self.text})"


ExpressionWriter = Callable[["CppWriter", Any], Written]
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


_NEEDING_LINES = frozenset(
    (ir.Builtin, ir.Binary, ir.Compare, ir.Slice, ir.SortBy, ir.Call, ir.MethodCall, ir.New, ir.Index)
)


class Shared:
    """What is gathered over a whole program."""

    def __init__(self, program: ir.Program, methods: frozenset[tuple[str, str]], open_classes: frozenset[str]) -> None:
        self.program = program
        self.functions = {made.name: made for made in program.functions}
        self.classes = {made.name: made for made in program.classes}
        self.mutating_methods = methods
        self.open_classes = open_classes
        self.helpers: dict[str, str] = {}
        self.taken: set[str] = set()
        self.wide = program.facts.wide
        self.negative_division = program.facts.negative_division

    def helper(self, name: str) -> str:
        """A function of cpp_helpers that will stand before the solution, and how it is called."""
        if name not in self.helpers:
            used = name
            while used in self.taken:
                used += "_"
            self.helpers[name] = used
        return self.helpers[name]


class CppWriter:
    """Writes one function: its lines so far, and the variables in sight."""

    def __init__(self, shared: Shared, usage: Usage) -> None:
        self.shared = shared
        self.usage = usage
        self.variables: dict[str, str] = {}
        self.indexes: set[str] = set()
        self.lines: list[str] = []
        self.depth = 0
        self.taken = set(usage.names)
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
        variables, indexes = self.variables, self.indexes
        self.variables, self.indexes = dict(variables), set(indexes)
        yield
        self.variables, self.indexes = variables, indexes

    @contextmanager
    def inline(self) -> Iterator[None]:
        """Where no line can be put before the present statement: conditions of loops, branches, lambdas."""
        self._inline += 1
        yield
        self._inline -= 1

    @property
    def is_inline(self) -> bool:
        """Whether no line can be put before what is being written."""
        return self._inline > 0

    def declare(self, name: str, *, index: bool = False) -> str:
        """A variable from here on; returns how it is written."""
        text = self.variables[name] = cpp_name(name)
        if index:
            self.indexes.add(name)
        else:
            self.indexes.discard(name)
        return text

    def fresh(self, *wished: str) -> str:
        """A name that nothing in the function has."""
        for name in wished:
            if name not in self.taken:
                self.taken.add(name)
                return name
        number = 2
        while f"{wished[0]}{number}" in self.taken:
            number += 1
        self.taken.add(f"{wished[0]}{number}")
        return f"{wished[0]}{number}"

    def prepared(self, lines: list[str], result: str, level: int = ATOM) -> Written:
        """An expression that needs lines before it."""
        for text in lines:
            self.line(text)
        return Written(result, level)

    # --- expressions

    def write(self, node: Any) -> Written:
        """An expression; counts are ints. Where it needs lines before it and there is no place for them, it is a lambda
        that is called at once."""
        kind = type(node)
        if not self._inline or kind not in _NEEDING_LINES:
            return EXPRESSIONS[kind](self, node)
        lines, depth, inline = self.lines, self.depth, self._inline
        self.lines, self.depth, self._inline = [], 1, 0
        written = EXPRESSIONS[kind](self, node)
        before, self.lines, self.depth, self._inline = self.lines, lines, depth, inline
        if not before:
            return written
        inner = "\n".join([*before, f"    return {written.text};"])
        return Written(f"[&] {{\n{inner}\n}}()", ATOM)

    def lambda_of(self, write: Callable[[], None]) -> Written:
        """A lambda that is called at once, with the lines that `write` writes."""
        lines, depth, inline = self.lines, self.depth, self._inline
        self.lines, self.depth, self._inline = ["[&] {"], 0, 0
        write()
        text = "\n".join([*self.lines, "}()"])
        self.lines, self.depth, self._inline = lines, depth, inline
        return Written(text, ATOM)

    def text(self, node: Any, level: int = 0) -> str:
        """The text where an operand of this level stands."""
        return self.write(node).at(level)

    def type(self, kind: Type) -> str:
        """A type's name."""
        return cpp_type(kind, wide=self.shared.wide)

    def whole(self, node: Any) -> str:
        """Where the type is known: containers as braces, a count without its cast."""
        if isinstance(node, ir.ListDisplay | ir.TupleDisplay):
            return f"{{{', '.join(self.element(item) for item in node.items)}}}"
        if isinstance(node, ir.MapDisplay):
            return f"{{{', '.join(f'{{{self.element(k)}, {self.element(v)}}}' for k, v in node.entries)}}}"
        text = self.text(node)
        cast = f"static_cast<{self.type(INT)}>("
        counts = isinstance(node, ir.Builtin) and node.name in ("length", "index_of", "count_item")
        if (counts or (isinstance(node, ir.Fold) and node.kind == "count")) and text.startswith(cast):
            return text.removeprefix(cast)[:-1]
        return text

    def element(self, node: Any) -> str:
        """Inside braces, where nothing may be narrowed."""
        displays = ir.ListDisplay | ir.TupleDisplay | ir.MapDisplay
        return self.whole(node) if isinstance(node, displays) else self.text(node)

    def value_for(self, node: Any, kind: Type) -> str:
        """Where `kind` is wanted and known."""
        if isinstance(kind, Optional) and not isinstance(node.type, Optional):
            return self.text(node)
        return self.whole(node)

    def definition(self, kind: Type, name: str, value: Any) -> str:
        """`T name = value;`, or with the constructor's arguments behind the name."""
        made, text = self.type(kind), self.value_for(value, kind)
        if isinstance(kind, Object) and text == f"{made}()":
            return f"{made} {name};"
        alone = not isinstance(value, ir.Binary) and not isinstance(kind, Optional)
        if alone and text.startswith(f"{made}(") and text.endswith(")"):
            return f"{made} {name}{text.removeprefix(made)};"
        return f"{made} {name} = {text};"

    def int_cast(self, text: str) -> Written:
        """`static_cast<int>(text)`."""
        return Written(f"static_cast<{self.type(INT)}>({text})", ATOM)

    # --- counts

    def is_count(self, node: Any, *, differences: bool = False) -> bool:
        """Whether an int can be written without a sign from sizes and indexes alone."""
        return is_count(node, self.indexes, differences=differences) and not any(
            isinstance(part, ir.Builtin) and part.name in ("index_of", "count_item") for part in every(node)
        )

    def count(self, node: Any) -> Written:
        """An expression that `is_count` accepts, without a sign."""
        match node:
            case ir.Literal(value=value):
                return Written(str(value), ATOM)
            case ir.Name(name=name):
                return Written(self.variables[name], ATOM)
            case ir.Binary(operator=operator, left=left, right=right):
                level = ADD if operator in "+-" else MULTIPLY
                sign = "/" if operator == "//" else operator
                return Written(f"{self.count(left).at(level)} {sign} {self.count(right).at(level + 1)}", level)
        written = EXPRESSIONS[type(node)](self, node)
        cast = f"static_cast<{self.type(INT)}>("
        return Written(written.text.removeprefix(cast)[:-1], ATOM)

    def index(self, node: Any) -> str:
        """Between the brackets of an index."""
        if self.is_count(node, differences=True):
            return self.count(node).text
        return self.text(node)
