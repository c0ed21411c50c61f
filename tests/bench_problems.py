"""Small real problems and an answerer whose answers a script decides: what is judged is judged for real."""

from collections.abc import Callable, Mapping

from hrm_edge.bench.answerer import Response
from hrm_edge.problems.problem import Problem, PythonTests, Scenario, SuiteTests
from hrm_edge.sandbox.toolchain import Toolchain
from hrm_edge.sandbox.toolchains import find_toolchain

_FOUND = find_toolchain("python")
assert _FOUND is not None, "these tests run in a Python"
PYTHON: Mapping[str, Toolchain] = {"python": _FOUND}


def power_problem(power: int) -> Problem:
    """`HumanEval`-like: x ** power; difficulty by whether the power is even."""
    prompt = f'def f{power}(x):\n    """x to the power of {power}"""\n'
    return Problem(
        suite="powers",
        id=f"powers/{power}",
        scenario=Scenario.GENERATION,
        language="python",
        request=prompt,
        check=PythonTests(entry_point=f"f{power}", tests=(f"assert f{power}(3) == {3**power}",), prefix=prompt),
        difficulty="odd" if power % 2 else "even",
    )


def right(problem: Problem) -> str:
    """A right answer to a `power_problem`."""
    power = problem.id.partition("/")[2]
    return f"```python\ndef f{power}(x):\n    return x ** {power}\n```"


WRONG = "```python\nprint('no such function')\n```"


class ScriptedAnswerer:
    """Answers what `script(problem, request, seed)` says, and remembers the requests."""

    def __init__(self, script: Callable[[Problem, str, int], str], name: str = "script") -> None:
        self.name = name
        self.requests: list[tuple[str, str, int]] = []
        self._script = script

    def answer(self, problem: Problem, request: str, *, seed: int) -> Response:
        self.requests.append((problem.id, request, seed))
        return Response(text=self._script(problem, request, seed), prompt_tokens=3, completion_tokens=5, seconds=0.25)


def by_seed(problem: Problem, request: str, seed: int) -> str:  # noqa: ARG001 - what ScriptedAnswerer calls
    """Right, wrong or no Python at all, as the seed has it: a model at a temperature."""
    return [right(problem), WRONG, "```python\ndef f(:\n```", f"{WRONG}\n{seed}"][seed % 4]


LEAP_TEST = """\
import unittest
from leap import leap


class LeapTest(unittest.TestCase):
    def test_a_fourth_year_is_a_leap_year(self):
        self.assertIs(leap(1996), True)

    def test_century_is_no_leap_year(self):
        self.assertIs(leap(1900), False)
"""
EDITED = Problem(
    suite="edits",
    id="python/leap",
    scenario=Scenario.EDIT,
    language="python",
    request="Write leap.py",
    check=SuiteTests(harness="unittest", solution_paths=("leap.py",), files={"leap_test.py": LEAP_TEST}),
    stub={"leap.py": "def leap(year):\n    pass\n"},
    tries=2,
    source={"instructions": "Say whether a year is a leap year.", "edit_format": "whole", "shown": ("leap.py",)},
)
