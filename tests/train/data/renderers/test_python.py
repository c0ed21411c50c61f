"""Programs as Python, run by CPython: they give what was worked out by hand, and read like what a person writes."""

import subprocess
import sys
from typing import Any

import pytest
from rendered_programs import EXAMPLES, Example

from hrm_edge.errors import DataError
from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir import types as t
from hrm_edge.train.data.ir.builtins import BUILTINS
from hrm_edge.train.data.ir.reader import read_source
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.renderers.python import PythonRenderer
from hrm_edge.train.data.renderers.renderer import Case, Renderer

PYTHON = PythonRenderer()
every_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)


def rendered(source: str) -> str:
    """A function `f` of the subset as the renderer writes it."""
    return PYTHON.solution(read_source(source, "f"))


def typed(value: Any) -> Any:
    """A value with its types: True is not 1."""
    if isinstance(value, dict):
        return [(typed(key), typed(item)) for key, item in sorted(value.items())]
    return (type(value), [typed(item) for item in value] if isinstance(value, list | tuple) else value)


def test_examples_have_every_node_and_operation() -> None:
    """The examples leave nothing of the intermediate form out."""
    programs = [read_source(example.source, "f") for example in EXAMPLES]
    nodes = [node for program in programs for node in every((program.functions, program.classes))]
    expressions, statements = ir.Expression.__args__, ir.Statement.__args__
    assert {*expressions, *statements} <= {type(node) for node in nodes}
    assert set(BUILTINS) <= {node.name for node in nodes if isinstance(node, ir.Builtin)}
    kinds = {node.kind for node in nodes if isinstance(node, ir.Fold)}
    assert kinds == {"list", "set", "map", "sum", "count", "any", "all", "min", "max"}


@every_example
def test_cpython_gives_what_was_worked_out(example: Example) -> None:
    """The rendered source, executed, gives every result, of the same types."""
    names: dict[str, Any] = {}
    exec(rendered(example.source), names)
    for arguments, result in example.calls:
        assert typed(names["f"](*arguments)) == typed(result)


@every_example
def test_source_is_read_again_as_the_same_program(example: Example) -> None:
    """What is written is Python of the subset and renders to itself."""
    source = rendered(example.source)
    assert rendered(source) == source


@pytest.mark.parametrize(
    "line",
    [
        "return a - (b - c)",
        "return (a + b) * c",
        "return -(a + b)",
        "return (-a) ** (b + 1)",
        "return -(a - b) ** 2",
        "return a // (b * c) % 2",
        "return (a | b) & c",
        "return a << b + 1",
        "return a**2 + 2**b",
        "return max(a, b, c)",
        "return (a if b > c else b) + 1",
        "return a if b > c else b if c > a else 0",
        "return int(str(a)[1:] + str(b)[a + 1 :])",
    ],
)
def test_parentheses_stand_only_where_precedence_asks(line: str) -> None:
    """These lines have no parentheses too many and come back unchanged."""
    source = f"def f(a: int, b: int, c: int) -> int:\n    {line}"
    assert rendered(source) == source


@pytest.mark.parametrize(
    ("written", "idiom"),
    [
        ("if len(xs) > 0 and 0 <= n and n < 9:", "if len(xs) > 0 and 0 <= n < 9:"),
        ("if not not xs:", "if xs:"),
        ("if not n in xs:", "if n not in xs:"),
        ("while xs and n > 1:", "while xs and n > 1:"),
    ],
)
def test_conditions_are_idiomatic(written: str, idiom: str) -> None:
    """Chains of comparisons, truth of containers, `not in`."""
    source = "def f(xs: list[int], n: int) -> int:\n    {}\n        return 1\n    return 0"
    assert rendered(source.format(written)) == source.format(idiom)


def test_branches_in_a_row_are_elif() -> None:
    """An else with a single if in it is no deeper block."""
    source = (
        "def f(n: int) -> int:\n    if n < 0:\n        return 0\n    elif n < 5:\n        return 1\n"
        "    else:\n        return 2"
    )
    assert rendered(source) == source


def test_imports_are_those_used() -> None:
    """math and deque are imported where they are used, two lines before the code; else nothing is."""
    source = "def f(n: int) -> int:\n    queue = deque([n])\n    return math.isqrt(queue.popleft())"
    assert rendered(source) == f"import math\nfrom collections import deque\n\n\n{source}"
    assert "import" not in rendered("def f(n: int) -> int:\n    return n")


@pytest.mark.parametrize("value", ["[]", "[[]]", "[[] for _ in range(3)]"])
def test_empty_lists_show_their_type(value: str) -> None:
    """A variable whose value does not tell its type has it written down, and no other has."""
    line = f"    xs: list[list[int]] = {value}"
    assert line in rendered(f"def f(n: int) -> int:\n{line}\n    return len(xs)")
    assert "    xs = [[n]]" in rendered("def f(n: int) -> int:\n    xs: list[list[int]] = [[n]]\n    return len(xs)")


def test_reserved_names_get_an_underscore() -> None:
    """A parameter called like a built-in function leaves the function usable."""
    program = ir.Program(
        (
            ir.Function(
                "lambda",
                (ir.Parameter("len", t.STR),),
                t.INT,
                (ir.Return(ir.Builtin(t.INT, "length", (ir.Name(t.STR, "len"),))),),
            ),
        )
    )
    assert PYTHON.solution(program) == "def lambda_(len_: str) -> int:\n    return len(len_)"
    assert PYTHON.name(program) == "lambda_"


SIGNATURES = read_source(
    "def f(xs: list[int], m: dict[str, float], k: int | None) -> tuple[bool, str]:\n    return True, 'a'", "f"
)


def test_head_and_stub() -> None:
    """The head has all types; the stub has the words as its docstring, answers None, and compiles."""
    head = "def f(xs: list[int], m: dict[str, float], k: int | None) -> tuple[bool, str]:"
    assert PYTHON.head(SIGNATURES) == head
    assert PYTHON.stub(SIGNATURES, "One line.") == f'{head}\n    """One line."""\n    pass'
    words = 'Say "a".\n\nA back\\slash, three """ and "an end"'
    names: dict[str, Any] = {}
    exec(PYTHON.stub(SIGNATURES, words), names)
    assert names["f"]([], {}, None) is None
    assert [line.strip() for line in names["f"].__doc__.splitlines()] == [*words.splitlines(), ""]


def test_literals_and_calls() -> None:
    """Values are written as formatters write them."""
    arguments = ([1, -2], {"it's": 0.5}, None)
    assert PYTHON.call(SIGNATURES, arguments) == """f([1, -2], {"it's": 0.5}, None)"""
    assert PYTHON.literal('say "a"', t.STR) == "'say \"a\"'"
    assert PYTHON.literal((True, "a\n"), t.Tuple((t.BOOL, t.STR))) == '(True, "a\\n")'
    with pytest.raises(DataError, match="is a set"):
        PYTHON.literal({1}, t.Set(t.INT))


def test_tests_pass_on_the_solution_and_fail_on_another() -> None:
    """Each kind of case is a function; together they tell the solution from a wrong one."""
    example = next(example for example in EXAMPLES if example.name == "list_fold")
    program = read_source(example.source, "f")
    cases = [Case(([],), []), Case(([3, -1, 2],), [9, 4]), Case(([5],), [25])]
    tests = PYTHON.tests(program, cases)
    assert tests.count("assert ") == 3
    names: dict[str, Any] = {}
    exec(PYTHON.solution(program) + "\n\n\n" + tests, names)
    functions = [function for name, function in names.items() if name.startswith("test_")]
    assert [function.__name__ for function in functions] == [
        "test_f_empty_list",
        "test_f_examples",
        "test_f_single_item",
    ]
    for function in functions:
        function()
    names["f"] = lambda xs: list(xs)
    with pytest.raises(AssertionError):
        functions[1]()


def test_truth_values_are_compared_by_identity() -> None:
    """A test of a truth value does not take 1 for True."""
    program = read_source("def f(n: int) -> bool:\n    return n > 0", "f")
    assert "assert f(1) is True" in PYTHON.tests(program, [Case((1,), True)])


@pytest.mark.parametrize(
    ("source", "given", "printed"),
    [
        ("def f(xs: list[int], n: int) -> list[int]:\n    return [x * n for x in xs]", "3 -1\n2\n", "6 -2\n"),
        ("def f(xs: list[int], n: int) -> list[int]:\n    return [x * n for x in xs]", "\n2\n", "\n"),
        ("def f(s: str) -> bool:\n    return s == ' a '", " a \n", "true\n"),
        ("def f(f_: int) -> int:\n    return f_ + 1", "4\n", "5\n"),
    ],
)
def test_program_of_lines(source: str, given: str, printed: str) -> None:
    """The whole program reads a line per parameter and prints one."""
    program = PYTHON.stdin_program(read_source(source, "f"))
    ran = subprocess.run([sys.executable, "-I", "-S", "-c", program], input=given, capture_output=True, text=True)
    assert (ran.stdout, ran.stderr) == (printed, "")


def test_program_of_lines_refuses_other_values() -> None:
    """Maps do not fit a line."""
    with pytest.raises(DataError, match="lines of input"):
        PYTHON.stdin_program(SIGNATURES)


def test_renderer_is_one() -> None:
    """It keeps the protocol."""
    renderer: Renderer = PYTHON
    assert renderer.language == "python"
