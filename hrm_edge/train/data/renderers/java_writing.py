"""What the parts of the Java renderer may ask: of the writer of expressions, and of the body of a function.

JavaExpressions and JavaBody import the parts, so the parts know them only by these protocols.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.fresh_names import FreshNames
from hrm_edge.train.data.renderers.java_containers import NONE, Containers
from hrm_edge.train.data.renderers.java_syntax import Java
from hrm_edge.train.data.renderers.java_unit import JavaUnit
from hrm_edge.train.data.renderers.writer import Writer


@dataclass(frozen=True)
class JavaScope:
    """What is known about the function that is being written."""

    names: FreshNames
    builders: frozenset[str] = frozenset()
    """Texts that are StringBuilder."""
    narrow: frozenset[str] = frozenset()
    """Numbers that are int where others are long."""
    lists: Containers = NONE
    """Lists that are arrays or stacks."""
    locals: frozenset[str] = frozenset()
    """Names that a field of the class may not go by alone."""
    renamed: dict[str, Java] = field(default_factory=dict)
    """Variables that stand for something else where the key of a sort is written."""


class JavaWriting(Protocol):
    """The writer of one function's expressions."""

    unit: JavaUnit
    scope: JavaScope
    emit: Callable[[str], None]
    """Puts a line before the statement that is being written."""

    def expression(self, node: Any) -> Java:
        """An expression."""
        ...

    def view(self, node: Any) -> Java:
        """An expression that is only looked at."""
        ...

    def boxed(self, node: Any) -> Java:
        """An expression where an object is due."""
        ...

    def index(self, node: Any) -> Java:
        """A number where Java wants an int."""
        ...

    def fitted(self, node: Any, type_: Any) -> Java:
        """An expression where a type is expected."""
        ...

    def kind(self, type_: Any) -> str:
        """The static kind of a variable of a type."""
        ...

    def box(self, type_: Any) -> str:
        """The static kind of what a collection gives."""
        ...

    def copied(self, items: Java) -> Java:
        """A new list of the items of a collection."""
        ...

    def is_array(self, node: Any) -> bool:
        """Whether a list is written as an array."""
        ...

    def is_stack(self, node: Any) -> bool:
        """Whether a list is written as a Deque."""
        ...


class JavaBodyWriting(JavaWriting, Protocol):
    """The writer of one function's statements."""

    writer: Writer
    function: ir.Function
    read: frozenset[str]
    """Variables whose value is asked for."""

    def lines(self, *lines: str) -> None:
        """Lines at the present depth."""
        ...

    def block(self, statements: tuple[ir.Statement, ...]) -> None:
        """Statements one step deeper."""
        ...

    def statement(self, statement: ir.Statement) -> None:
        """One statement."""
        ...

    def unpack(self, names: Any, types: Any, values: list[Java]) -> None:
        """Variables for the parts of a tuple that are read."""
        ...
