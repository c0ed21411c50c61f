"""HumanEvalPack's answers in the forms that models write whole files in."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from suite_rows import PACK, write_rows

from hrm_edge.bench.suites import load_suite
from hrm_edge.problems.problem import Problem
from hrm_edge.sandbox.judge import Judge
from hrm_edge.sandbox.verdict import Outcome, Verdict

pytestmark = pytest.mark.slow
JudgeAnswer = Callable[[str, str], Verdict]


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JudgeAnswer]:
    """`judge(language, answer)`: the verdict on an answer to that language's hand-written row."""
    if shutil.which("bwrap") is None:
        pytest.skip("needs bubblewrap: apt install bubblewrap")
    from hrm_edge.sandbox.open import open_sandbox
    from hrm_edge.sandbox.toolchains import find_toolchains

    path = write_rows(tmp_path_factory.mktemp("pack") / "rows.jsonl", *PACK)
    problems: dict[str, Problem] = {problem.language: problem for problem in load_suite("humanevalpack", path)}
    toolchains = find_toolchains()
    with open_sandbox(toolchains=toolchains.values()) as sandbox, sandbox.session() as session:
        judge = Judge(session, toolchains)
        yield lambda language, answer: judge.judge(problems[language].check, language, answer)


ANSWERS = {
    "go with its package": (
        "go",
        'package main\n\nimport "strings"\n\nfunc Repeated(n float64) string { return strings.Repeat("a", int(n)) }\n',
    ),
    "go without": ("go", 'func Repeated(n float64) string { return "" }\n'),
    "java with a public class": ("java", "public class Solution {\n    public int twice(int x) { return 2 * x; }\n}\n"),
    "java with a main of its own": (
        "java",
        "class Solution {\n    int twice(int x) { return 2 * x; }\n}\n\npublic class Main {\n"
        "    public static void main(String[] a) { System.out.println(new Solution().twice(2)); }\n}\n",
    ),
    "cpp with a main of its own": (
        "cpp",
        "#include <iostream>\nint twice(int x) { return 2 * x; }\n\nint main() {\n    std::cout << twice(3);\n}\n",
    ),
    "rust with a main of its own": ("rust", "fn twice(x: i32) -> i32 { 2 * x }\n\nfn main() {\n    twice(2);\n}\n"),
    "javascript with exports": ("javascript", "function twice(x) { return 2 * x }\nmodule.exports = { twice };\n"),
}


@pytest.mark.parametrize("form", ANSWERS)
def test_right_answer_passes(judge: JudgeAnswer, form: str) -> None:
    verdict = judge(*ANSWERS[form])
    if verdict.outcome is Outcome.UNSCORED:
        pytest.skip(verdict.message)
    assert verdict.outcome is Outcome.PASSED, verdict.message
