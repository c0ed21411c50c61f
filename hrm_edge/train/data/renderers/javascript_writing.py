"""What the parts of the JavaScript renderer may ask of the writer of expressions.

JavascriptExpressions imports the parts, so the parts know it only by this protocol.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir import types as t
from hrm_edge.train.data.renderers.javascript_levels import ANY, Written


class JavascriptWriting(Protocol):
    """The writer of a program's expressions."""

    facts: ir.Facts
    helper: Callable[[str], str]
    """Names a function of HELPERS, which the program then brings along."""

    def name(self, name: str) -> str:
        """A variable's, function's or field's name."""
        ...

    def write(self, node: ir.Expression) -> Written:
        """The expression and how tightly it binds."""
        ...

    def text(self, node: ir.Expression, level: int = ANY) -> str:
        """The expression where what binds less than `level` must be in parentheses."""
        ...

    def receiver(self, node: ir.Expression) -> str:
        """The expression before a dot."""
        ...

    def commas(self, nodes: Sequence[ir.Expression]) -> str:
        """Expressions with commas between."""
        ...

    def tolerant(self, node: ir.Expression, level: int) -> str:
        """A number where -0 does as well as 0."""
        ...

    def spread(self, node: ir.Expression) -> str:
        """A list as items of another."""
        ...

    def size(self, node: ir.Expression) -> str:
        """How many items there are."""
        ...

    def equal(self, left: ir.Expression, right: ir.Expression) -> Written:
        """Whether two values of one type are the same."""
        ...

    def key(self, kind: t.Type, node: ir.Expression) -> str:
        """A key of a map, or a member of a set."""
        ...

    def decoder(self, kind: t.Type) -> str:
        """The function that makes a tuple of its key again."""
        ...

    def is_object(self, kind: t.Type) -> bool:
        """Whether a map is a plain object here."""
        ...

    def entry(self, base: ir.Expression, key: ir.Expression) -> str:
        """The value of a map's key."""
        ...

    def member(self, base: ir.Expression, key: ir.Expression) -> str:
        """`base.word` or `base[key]`."""
        ...
