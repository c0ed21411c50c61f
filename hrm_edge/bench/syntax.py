"""Whether an answer is a program at all, whatever it does.

Python is parsed here, which runs nothing; as a continuation of the prompt too, where the problem takes one. For the
other languages the sandbox says: an answer that is empty or that a compiler refused is not valid, all others are. So
JavaScript, which has no compiler, counts as valid unless the judge found a syntax error, and types count as syntax
where they are compiled. Values and commands are no programs and not counted.
"""

from collections.abc import Mapping

from hrm_edge.problems.problem import Answer, Calls, Problem, PythonTests, StdinTests, SuiteTests
from hrm_edge.python_source import parsed
from hrm_edge.sandbox.verdict import Outcome

LONGEST_SOURCE = 1_000_000
"""Characters that are parsed; more is no answer."""


def is_syntax_valid(problem: Problem, answer: Answer, outcome: Outcome) -> bool | None:
    """Whether the answer is a program of the problem's language; None where no program is asked for."""
    if not isinstance(problem.check, Calls | StdinTests | PythonTests | SuiteTests):
        return None
    if problem.language != "python":
        written = answer.values() if isinstance(answer, Mapping) else (answer,)
        return any(map(str.strip, written)) and outcome is not Outcome.COMPILE_ERROR
    if isinstance(answer, Mapping):
        return all(is_python(text) for path, text in answer.items() if path.endswith(".py"))
    prefix = problem.check.prefix if isinstance(problem.check, PythonTests) else ""
    return bool(answer.strip()) and (is_python(answer) or (bool(prefix) and is_python(prefix + answer)))


def is_python(source: str) -> bool:
    """Whether Python parses the text. An empty text is none: nothing was written."""
    if not source.strip() or len(source) > LONGEST_SOURCE:
        return False
    return parsed(source) is not None
