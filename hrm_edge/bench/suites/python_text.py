"""Python text of a data set, parsed in silence: it is not ours to warn about."""

import ast

from hrm_edge.errors import DataError
from hrm_edge.python_source import NOT_PYTHON, parse


def parse_python(text: str, place: str) -> list[ast.stmt]:
    """The statements of a text.

    Raises:
        DataError: it is no Python, or nested deeper than Python reads; with `place`.
    """
    try:
        return parse(text).body
    except NOT_PYTHON as error:
        raise DataError(f"{place} is no Python ({error}): repair it or take the row out") from error
