"""Python that somebody else wrote, parsed: what is no Python is None, and its odd literals warn nobody."""

import ast
import warnings


def parsed(source: str) -> ast.Module | None:
    """The module; None where Python cannot read it, or nests it deeper than its own stack."""
    try:
        with warnings.catch_warnings(action="ignore"):  # `1if`, "\\d": they would stand on the user's terminal
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
