"""Programs that read standard input, in six languages; the comparison against LiveCodeBench's own rules."""

from collections.abc import Callable

import pytest
from call_answers import SIX

from hrm_edge.problems.problem import StdinTests
from hrm_edge.sandbox.judges.stdin_tests import difference
from hrm_edge.sandbox.verdict import Outcome, Verdict

JudgeAnswer = Callable[[StdinTests, str, str], Verdict]
SUM = StdinTests(tests=(("1 2\n", "3\n"), ("20 -5\n", "15"), ("0 0\n", "0\n")), timeout_s=3.0)
PROGRAMS = {
    "python": "def main():\n    print(sum(map(int, input().split())))\n\nif __name__ == '__main__':\n    main()\n    sys.exit(3)\n",  # noqa: E501
    "javascript": (
        "const words = require('fs').readFileSync(0, 'utf8').split(' ');\nconsole.log(Number(words[0]) + Number(words[1]));\n"  # noqa: E501
    ),
    "go": 'package main\n\nimport "fmt"\n\nfunc main() {\n\tvar a, b int\n\tfmt.Scan(&a, &b)\n\tfmt.Println(a + b)\n}\n',  # noqa: E501
    "rust": (
        "fn main() {\n    let mut line = String::new();\n    std::io::stdin().read_line(&mut line).unwrap();\n"
        '    let sum: i64 = line.split_whitespace().map(|w| w.parse::<i64>().unwrap()).sum();\n    println!("{}", sum);\n}\n'  # noqa: E501
    ),
    "cpp": "#include <iostream>\nint main() {\n    int a, b;\n    std::cin >> a >> b;\n    std::cout << a + b << std::endl;\n}\n",  # noqa: E501
    "java": (
        "import java.util.Scanner;\n\nclass Helper { static int sum(int a, int b) { return a + b; } }\n\n"
        "public class Solution {\n    public static void main(String[] arguments) {\n"
        "        Scanner in = new Scanner(System.in);\n        System.out.println(Helper.sum(in.nextInt(), in.nextInt()));\n    }\n}\n"  # noqa: E501
    ),
}


@pytest.mark.parametrize("language", SIX)
def test_program_that_computes_passes_and_one_that_prints_a_constant_fails(judge: JudgeAnswer, language: str) -> None:
    verdict = judge(SUM, language, PROGRAMS[language])
    assert (verdict.outcome, verdict.passed) == (Outcome.PASSED, 3), verdict.message
    changed = StdinTests(tests=(SUM.tests[0], ("20 -5\n", "16\n")), timeout_s=3.0)
    wrong = judge(changed, language, PROGRAMS[language])
    assert (wrong.outcome, wrong.passed) == (Outcome.FAILED, 1)
    assert wrong.failure is not None
    assert (wrong.failure.test, wrong.failure.output, wrong.failure.expected) == (1, "15\n", "16\n")
    assert wrong.failure.error == "Wrong answer at output_line_idx=0: 15 != 16"


def test_prelude_of_livecodebench_is_there(judge: JudgeAnswer) -> None:
    program = "a, b = map(int, stdin.readline().split())\nprint(reduce(add, Counter({1: a, 2: b}).values()))\nquit()\nprint(9)\n"  # noqa: E501
    assert judge(SUM, "python", program).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("program", "outcome"),
    [
        ("raise ValueError('no')", Outcome.RUNTIME_ERROR),
        ("print(", Outcome.RUNTIME_ERROR),
        ("while True: pass", Outcome.TIMEOUT),
        ("while True: print('x' * 10**6)", Outcome.OUTPUT_LIMIT),
        ("import os; os._exit(0)", Outcome.FAILED),
        ("", Outcome.FAILED),
    ],
)
def test_program_that_does_not_answer_is_told_why(judge: JudgeAnswer, program: str, outcome: Outcome) -> None:
    check = StdinTests(tests=(("1 2\n", "3\n"),), timeout_s=1.0)
    assert judge(check, "python", program).outcome is outcome


def test_no_tests_is_no_pass(judge: JudgeAnswer) -> None:
    assert judge(StdinTests(tests=()), "python", "print(1)").outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("output", "expected", "same"),
    [
        ("1 2\n", "1 2", True),
        ("\n\n1 2  \n", "1 2\n", True),
        ("1  2", "1 2", True),  # equal decimals
        ("1.0 2", "1 2.00", True),
        ("1e2", "100", True),
        ("50000000000000000", "50000000000000001", False),  # exact, unlike floats
        ("0.30000000000000004", "0.3", False),
        ("a  b", "a b", False),  # texts keep their inner white space
        ("a", "A", False),
        ("1\n2", "1 2", False),
        ("1\n\n2", "1\n2", False),
        ("", "", True),
        ("nan", "nan", True),  # equal texts
        ("NaN", "nan", False),  # but no equal numbers
        ("sNaN", "1", False),
    ],
)
def test_lines_are_compared_as_livecodebench_does_it(output: str, expected: str, same: bool) -> None:
    assert (difference(output, expected) is None) is same
