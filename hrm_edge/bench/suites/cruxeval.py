"""CRUXEval: what a short Python function returns, and for which input it returns a value (Gu et al. 2024, 2401.03065).

Requests have the official parts, examples included, without a chain of thought
(github.com/facebookresearch/cruxeval/blob/190faf1/prompts.py, MIT).
"""

from collections.abc import Iterable, Iterator

from hrm_edge.bench.suites.rows import Row
from hrm_edge.problems.problem import Prediction, Problem, Scenario

FUNCTION = "f"
_OUTPUT = """\
You are given a Python function and an assertion containing an input to the function. Complete the assertion with a \
literal (no unsimplified expressions, no function calls) containing the output when executing the provided code on the \
given input, even if the function is incorrect or incomplete. Do NOT output any extra information. Provide the full \
assertion with the correct output in [ANSWER] and [/ANSWER] tags, following the examples.

[PYTHON]
def f(n):
    return n
assert f(17) == ??
[/PYTHON]
[ANSWER]
assert f(17) == 17
[/ANSWER]

[PYTHON]
def f(s):
    return s + "a"
assert f("x9j") == ??
[/PYTHON]
[ANSWER]
assert f("x9j") == "x9ja"
[/ANSWER]
"""
_INPUT = """\
You will be given a function f and an output in the form f(??) == output. Find any input such that executing f on the \
input leads to the given output. There may be multiple answers, but you should only output one. In [ANSWER] and \
[/ANSWER] tags, complete the assertion with one such input that will produce the output when executing the function.

[PYTHON]
def f(my_list):
    count = 0
    for i in my_list:
        if len(i) % 2 == 0:
            count += 1
    return count
assert f(??) == 3
[/PYTHON]
[ANSWER]
assert f(["mq", "px", "zy"]) == 3
[/ANSWER]

[PYTHON]
def f(s1, s2):
    return s1 + s2
assert f(??) == "banana"
[/PYTHON]
[ANSWER]
assert f("ba", "nana") == "banana"
[/ANSWER]
"""


def load_output(rows: Iterable[Row]) -> Iterator[Problem]:
    """CRUXEval-O: the value is asked for.

    Raises:
        DataError: a row lacks a field.
    """
    for row in rows:
        call, output = f"{FUNCTION}({row.text('input')})", row.text("output")
        check = Prediction(code=row.text("code"), call=call, expected=output)
        yield _problem(row, "cruxeval-o", _OUTPUT + _question(row, f"{call} == ??"), check, reference=output)


def load_input(rows: Iterable[Row]) -> Iterator[Problem]:
    """CRUXEval-I: an input is asked for; any that returns the value is right.

    Raises:
        DataError: a row lacks a field.
    """
    for row in rows:
        call, output = f"{FUNCTION}({row.text('input')})", row.text("output")
        check = Prediction(code=row.text("code"), call=FUNCTION, expected=output, asks="input")
        yield _problem(row, "cruxeval-i", _INPUT + _question(row, f"{FUNCTION}(??) == {output}"), check, reference=call)


def _question(row: Row, assertion: str) -> str:
    return f"\n[PYTHON]\n{row.text('code')}\nassert {assertion}\n[/PYTHON]\n[ANSWER]\n"


def _problem(row: Row, suite: str, request: str, check: Prediction, *, reference: str) -> Problem:
    return Problem(
        suite=suite,
        id=row.text("id"),
        scenario=Scenario.EXECUTION,
        language="python",
        request=request,
        check=check,
        reference=reference,
        source=row.fields,
    )
