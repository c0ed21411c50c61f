"""What the parts of the Go renderer may ask: of the writer of expressions, and of the body of a function.

GoExpressions and GoBody import the parts, so the parts know them only by these protocols.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.fresh_names import FreshNames
from hrm_edge.train.data.renderers.go_syntax import Source
from hrm_edge.train.data.renderers.go_unit import GoUnit
from hrm_edge.train.data.renderers.writer import Writer


@dataclass(frozen=True)
class GoScope:
    """What is known about the function that is being written."""

    names: FreshNames
    mutated: frozenset[str]
    """Variables whose value is changed in place: memory of theirs is not shared."""
    pointers: frozenset[str] = frozenset()
    """Parameters that are addresses of slices."""
    builders: frozenset[str] = frozenset()
    """Texts that are strings.Builder."""
    receiver: str = "self"
    renamed: dict[str, Source] = field(default_factory=dict)
    """Variables that stand for something else where the key of a sort is written."""


class GoWriting(Protocol):
    """The writer of one function's expressions."""

    unit: GoUnit
    scope: GoScope
    emit: Callable[[str], None]
    """Puts a line before the statement that is being written."""

    def expression(self, node: Any) -> Source:
        """An expression that gives a value of its own."""
        ...

    def view(self, node: Any) -> Source:
        """An expression that is only looked at."""
        ...

    def kept(self, node: Any, name: str | None) -> Source:
        """An expression whose value a variable (its name) or a list (None) keeps."""
        ...

    def term(self, node: Any, other: Any) -> Source:
        """An operand, as it stands beside the other one."""
        ...

    def items(self, node: Any) -> list[Source]:
        """The parts of a tuple."""
        ...

    def cloned(self, source: Source) -> Source:
        """A copy of a slice."""
        ...

    def bare(self, name: str) -> Source:
        """A variable's name."""
        ...


class GoBodyWriting(GoWriting, Protocol):
    """The writer of one function's statements."""

    writer: Writer
    read: frozenset[str]
    """Variables whose value is asked for."""

    @property
    def known(self) -> str:
        """The variable that says whether a map has a key."""
        ...

    def lines(self, *lines: str) -> None:
        """Lines at the present depth."""
        ...

    def block(self, statements: tuple[ir.Statement, ...]) -> None:
        """Statements one step deeper."""
        ...

    def statement(self, statement: ir.Statement) -> None:
        """One statement."""
        ...

    def target(self, target: Any) -> Source:
        """What is set."""
        ...
