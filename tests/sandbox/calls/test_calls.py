"""Functions of six languages, called in the sandbox and compared outside of it, with the real toolchains."""

from collections.abc import Callable

import pytest
from call_answers import DOUBLED, RIGHT, SIX

from hrm_edge.languages import LANGUAGES
from hrm_edge.problems.problem import Calls
from hrm_edge.sandbox.judge import Judge
from hrm_edge.sandbox.session import Session
from hrm_edge.sandbox.verdict import Outcome, Verdict

JudgeAnswer = Callable[[Calls, str, str], Verdict]


def changed(language: str, old: str, new: str) -> str:
    assert old in RIGHT[language]
    return RIGHT[language].replace(old, new)


DOUBLES = {"go": "2*x", "cpp": "x *= 2"}
WRONG = {
    language: changed(language, DOUBLES.get(language, "2 * x"), DOUBLES.get(language, "2 * x").replace("2", "3"))
    for language in SIX
}
BROKEN = {
    "python": ("def f(v):\n    return [2 *\n", "SyntaxError"),
    "javascript": ("const f = (v) => v.map(;\n", "SyntaxError"),
    "go": ("func f(v []int) []int {\n\treturn w\n}\n", "answer.go:2:9: undefined: w"),
    "rust": ("fn f(v: &[i32]) -> Vec<i32> {\n    w\n}\n", "cannot find value `w`"),
    "cpp": ("vector<int> f(vector<int> v) {\n    return w;\n}\n", "answer.inc:2:12: error: 'w' was not declared"),
    "java": (
        "static List<Integer> f(List<Integer> v) {\n    return w;\n}\n",
        "Answer.java:2: error: cannot find symbol",
    ),
}
CRASHES_SECOND = {  # right for the first call, and for the second an error of the language
    "python": (changed("python", "    return", "    v[0]\n    return"), "IndexError"),
    "javascript": (changed("javascript", "v.map", "v[0].toFixed() && v.map"), "TypeError"),
    "go": (changed("go", "\tw :=", "\t_ = v[0]\n\tw :="), "index out of range"),
    "rust": (changed("rust", "    v.iter", "    let _ = v[0];\n    v.iter"), "panicked"),
    "cpp": (changed("cpp", "    for", "    v.at(0);\n    for"), "out_of_range"),
    "java": (changed("java", "    return", "    v.get(0);\n    return"), "IndexOutOfBounds"),
}
ENDLESS_SECOND = {
    "python": changed("python", "    return", "    while not v: pass\n    return"),
    "javascript": "const f = (v) => { while (!v.length); return v.map((x) => 2 * x); };\n",
    "go": changed("go", "\tw :=", "\tfor len(v) == 0 {\n\t}\n\tw :="),
    "rust": changed("rust", "    v.iter", "    while v.is_empty() {}\n    v.iter"),
    "cpp": changed("cpp", "    for", "    for (volatile int i = 0; v.empty(); i++) {}\n    for"),
    "java": changed("java", "    return", "    while (v.isEmpty()) {}\n    return"),
}


@pytest.mark.parametrize("language", SIX)
def test_right_answer_passes_and_a_wrong_one_fails_at_its_first_call(judge: JudgeAnswer, language: str) -> None:
    right = judge(DOUBLED, language, RIGHT[language])
    assert (right.outcome, right.passed, right.failure, right.mode) == (Outcome.PASSED, 3, None, "call"), right.message
    wrong = judge(DOUBLED, language, WRONG[language])
    assert (wrong.outcome, wrong.passed) == (Outcome.FAILED, 0)
    assert wrong.failure is not None
    assert (wrong.failure.input, wrong.failure.output, wrong.failure.expected) == (
        "[3, 1, 2]",
        "[9, 3, 6]",
        "[6, 2, 4]",
    )


@pytest.mark.parametrize("language", SIX)
def test_error_of_the_compiler_names_the_answers_own_line(judge: JudgeAnswer, language: str) -> None:
    answer, message = BROKEN[language]
    verdict = judge(DOUBLED, language, answer)
    compiled = bool(LANGUAGES[language].compile)
    assert verdict.outcome is (Outcome.COMPILE_ERROR if compiled else Outcome.RUNTIME_ERROR)
    assert message in verdict.message.replace("‘", "'").replace("’", "'")


@pytest.mark.parametrize("language", SIX)
def test_runtime_error_keeps_the_calls_before_it(judge: JudgeAnswer, language: str) -> None:
    answer, message = CRASHES_SECOND[language]
    verdict = judge(DOUBLED, language, answer)
    assert (verdict.outcome, verdict.passed) == (Outcome.RUNTIME_ERROR, 1), verdict.message
    assert verdict.failure is not None
    assert verdict.failure.test == 1
    assert message in verdict.failure.error + verdict.message


@pytest.mark.parametrize("language", SIX)
def test_call_without_end_is_a_timeout_of_that_call(judge: JudgeAnswer, language: str) -> None:
    verdict = judge(DOUBLED, language, ENDLESS_SECOND[language])
    assert (verdict.outcome, verdict.passed) == (Outcome.TIMEOUT, 1), verdict.message


def test_missing_toolchain_is_unscored_with_the_line_that_installs_it(session: Session) -> None:
    verdict = Judge(session, {}).judge(DOUBLED, "rust", RIGHT["rust"])
    assert verdict.outcome is Outcome.UNSCORED
    assert not verdict.scored
    assert "apt install rustc" in verdict.message


SHAPES = {  # the same function as people write it
    "go": (
        'package main\n\nimport "fmt"\n\nfunc f(v []int64) []int64 {\n\tfor i := range v {\n\t\tv[i] *= 2\n\t}\n\t'
        "return v\n}\n\nfunc main() {\n\tfmt.Println(f(nil))\n}\n",
        "package doubled\n\nfunc f(v []int) (w []int) {\n\tfor _, x := range v {\n\t\tw = append(w, x*2)\n\t}\n"
        "\treturn\n}\n",
    ),
    "rust": (
        "fn f(mut v: Vec<i64>) -> Vec<i64> {\n    for x in v.iter_mut() { *x *= 2 }\n    v\n}\nfn main() {}\n",
        "pub fn f<'a>(v: &'a mut Vec<i64>) -> &'a [i64] {\n    for x in v.iter_mut() { *x *= 2 }\n    v\n}\n",
    ),
    "cpp": (
        "#include <bits/stdc++.h>\nusing namespace std;\n#define int long long\nvector<int> f(const vector<int> &v) {\n"
        "    vector<int> w;\n    for (int x : v) w.push_back(2 * x);\n    return w;\n}\nsigned main() { return 1; }\n",
        "#include <vector>\nstd::vector<long> f(std::vector<long> v) { for (auto &x : v) x += x; return v; }\n",
        "#include <future>\nstd::vector<int> f(std::vector<int> v) {\n"
        "    return std::async([&] { for (int &x : v) x *= 2; return v; }).get();\n}\n",
    ),
    "java": (
        "import java.util.*;\n\npublic class Solution {\n    public int[] f(int[] v) {\n"
        "        return Arrays.stream(v).map(x -> 2 * x).toArray();\n    }\n}\n",
        "package x;\npublic class Main {\n    static long[] f(long[] v) {\n"
        "        for (int i = 0; i < v.length; i++) v[i] *= 2;\n        return v;\n    }\n"
        "    public static void main(String[] a) { System.exit(0); }\n}\n",
    ),
    "javascript": (
        "module.exports.f = function (v) { return v.map((x) => 2 * x); };\n",
        "export function f(v) { return v.map((x) => 2 * x); }\n",
    ),
}


@pytest.mark.parametrize(
    ("language", "answer"),
    [(language, answer) for language, answers in SHAPES.items() for answer in answers],
    ids=[f"{language}-{number}" for language, answers in SHAPES.items() for number in range(len(answers))],
)
def test_answer_may_bring_its_own_package_imports_types_and_main(
    judge: JudgeAnswer, language: str, answer: str
) -> None:
    verdict = judge(DOUBLED, language, answer)
    assert verdict.outcome is Outcome.PASSED, verdict.message


METHODS = {
    "python": "class Solution:\n    def f(self, v):\n        return [2 * x for x in v]\n",
    "javascript": "class Solution { f(v) { return v.map((x) => 2 * x); } }\n",
    "go": (
        "type Solution struct{}\n\nfunc (s *Solution) f(v []int) []int {\n\tfor i := range v {\n\t\tv[i] *= 2\n\t}\n"
        "\treturn v\n}\n"
    ),
    "rust": "impl Solution {\n    pub fn f(v: Vec<i32>) -> Vec<i32> { v.iter().map(|x| 2 * x).collect() }\n}\n",
    "cpp": "class Solution {\npublic:\n    vector<int> f(vector<int> &v) { for (int &x : v) x *= 2; return v; }\n};\n",
    "java": "class Solution { List<Integer> f(List<Integer> v) { return v.stream().map(x -> 2 * x).toList(); } }\n",
}


@pytest.mark.parametrize("language", SIX)
def test_function_may_be_a_method_of_a_class(judge: JudgeAnswer, language: str) -> None:
    check = Calls(**{**vars(DOUBLED), "method_of": "Solution"})
    verdict = judge(check, language, METHODS[language])
    assert verdict.outcome is Outcome.PASSED, verdict.message
