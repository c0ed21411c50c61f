"""Python of others is parsed in silence, and by several threads at once."""

import ast
from concurrent.futures import ThreadPoolExecutor

import pytest

from hrm_edge.python_source import NOT_PYTHON, parse, parsed

NESTED = "x = " + "[" * 60 + "1" + "]" * 60 + "\n"


@pytest.mark.filterwarnings("error")
def test_odd_literals_warn_nobody():
    assert ast.unparse(parse('a = 1if b else "\\d"')) == "a = 1 if b else '\\\\d'"


@pytest.mark.parametrize("source", ["def", "a\0b", "(" * 10_000])
def test_what_is_no_python_is_none(source):
    assert parsed(source) is None
    with pytest.raises(NOT_PYTHON):
        parse(source)


def test_threads_that_parse_at_once_all_get_their_module():
    with ThreadPoolExecutor(8) as pool:
        modules = list(pool.map(parse, [NESTED * 200] * 64))
    assert all(len(module.body) == 200 for module in modules)
