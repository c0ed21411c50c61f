"""What the readers of Python's own functions and methods may ask of the reader of expressions.

ExpressionReader imports them, so they know it only by this protocol.
"""

import ast
from typing import Any, Protocol

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.scope import Scope
from hrm_edge.train.data.ir.types import Type


class ExpressionReading(Protocol):
    """The reader of one body's expressions."""

    scope: Scope

    def read(self, node: ast.expr, expected: Type | None = None) -> ir.Expression:
        """The expression, fitted to what the place expects.

        Raises:
            DataError: it is outside the subset, or its type does not fit; the methods below likewise.
        """
        ...

    def fit(self, node: ast.AST, found: ir.Expression, expected: Type | None) -> ir.Expression:
        """The expression where a type is expected."""
        ...

    def iterable(self, node: ast.expr) -> ir.Expression:
        """What a `for` goes through."""
        ...

    def fold(self, node: Any, kind: Any, element: ast.expr, wanted: Type | None = None) -> ir.Expression:
        """A comprehension or generator as a Fold of one kind."""
        ...

    def arguments(self, node: ast.Call, parameters: tuple[tuple[str, Type], ...]) -> tuple[ir.Expression, ...]:
        """Positional arguments of the module's own functions and classes."""
        ...
