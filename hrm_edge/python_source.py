"""Python that somebody else wrote, parsed in silence and by one thread at a time.

Some versions of CPython, 3.11.7 among them, count the depth of what `ast.parse` builds for the whole process: threads
that parse at once can end in "SystemError: AST constructor recursion depth mismatch"
(https://github.com/python/cpython/issues/106905).
"""

import ast
import warnings
from threading import Lock

NOT_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What parsing raises: null bytes, nesting deeper than the parser's own stack."""
_PARSING = Lock()


def parse(source: str) -> ast.Module:
    """The module. Odd literals (`1if`, a backslash before d) warn nobody: they are not ours.

    Raises:
        NOT_PYTHON: one of them.
    """
    with _PARSING, warnings.catch_warnings(action="ignore"):
        return ast.parse(source)


def parsed(source: str) -> ast.Module | None:
    """The module; None where the text is no Python."""
    try:
        return parse(source)
    except NOT_PYTHON:
        return None
