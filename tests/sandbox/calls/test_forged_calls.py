"""Programs that want to pass without computing: none does, in any language, and afterwards a right one still passes."""

from collections.abc import Callable

import pytest
from call_answers import DOUBLED, RIGHT, SIX

from hrm_edge.problems.problem import Calls
from hrm_edge.sandbox.verdict import Outcome, Verdict

JudgeAnswer = Callable[[Calls, str, str], Verdict]
LINES = r"{\"i\":0,\"v\":[6,2,4]}\n{\"i\":2,\"v\":[-14]}\n"
"""Right values, but of no call in the middle."""
TWICE = r"{\"i\":0,\"v\":[6,2,4]}\n{\"i\":0,\"v\":[6,2,4]}\n"

EXITS_BEFORE = {
    "python": "import os\nos._exit(0)\ndef f(v): pass\n",
    "javascript": "process.exit(0);\nfunction f(v) {}\n",
    "go": 'import "os"\n\nfunc init() { os.Exit(0) }\n\nfunc f(v []int) []int { return v }\n',
    "rust": (
        '#[used]\n#[link_section = ".init_array"]\nstatic LEAVE: extern "C" fn() = leave;\n'
        'extern "C" fn leave() { std::process::exit(0) }\nfn f(v: Vec<i64>) -> Vec<i64> { v }\n'
    ),
    "cpp": "struct Leave { Leave() { _exit(0); } } leave;\nvector<int> f(vector<int> v) { return v; }\n",
    "java": "class Solution { static { System.exit(0); } static int[] f(int[] v) { return v; } }\n",
}
EXITS_IN_THE_CALL = {
    "python": "def f(v):\n    raise SystemExit(0)\n",
    "javascript": "const f = (v) => process.exit(0);\n",
    "go": 'import "os"\n\nfunc f(v []int) []int {\n\tos.Exit(0)\n\treturn v\n}\n',
    "rust": "fn f(v: Vec<i64>) -> Vec<i64> { std::process::exit(0) }\n",
    "cpp": "vector<int> f(vector<int> v) { exit(0); }\n",
    "java": "static int[] f(int[] v) { System.exit(0); return v; }\n",
}
WRITES_RESULTS = {
    "python": 'import os\ndef f(v):\n    os.write(3, b"@")\n    os._exit(0)\n',
    "javascript": 'function f(v) { require("fs").writeSync(3, "@"); process.exit(0); }\n',
    "go": 'import (\n\t"os"\n\t"syscall"\n)\n\nfunc f(v []int) []int {\n\tsyscall.Write(3, []byte("@"))\n\tos.Exit(0)\n\treturn v\n}\n',  # noqa: E501
    "rust": (
        "use std::io::Write;\nuse std::os::fd::FromRawFd;\nfn f(v: Vec<i64>) -> Vec<i64> {\n"
        '    unsafe { std::fs::File::from_raw_fd(3) }.write_all(b"@").unwrap();\n    std::process::exit(0)\n}\n'
    ),
    "cpp": '#include <unistd.h>\nvector<int> f(vector<int> v) { const char *s = "@"; write(3, s, strlen(s)); _exit(0); }\n',  # noqa: E501
    "java": (
        "static int[] f(int[] v) throws Exception {\n    var d = new java.io.FileDescriptor();\n"
        '    var n = java.io.FileDescriptor.class.getDeclaredField("fd");\n    n.setAccessible(true);\n    n.setInt(d, 3);\n'  # noqa: E501
        '    new java.io.FileOutputStream(d).write("@".getBytes());\n    Runtime.getRuntime().halt(0);\n    return v;\n}\n'  # noqa: E501
    ),
}
PRINTS_FOR_EVER = {
    "python": "def f(v):\n    while True: print('x' * 65536)\n",
    "javascript": "function f(v) { for (;;) require('fs').writeSync(1, 'x'.repeat(65536)); }\n",
    "go": 'import (\n\t"fmt"\n\t"strings"\n)\n\nfunc f(v []int) []int {\n\tfor {\n\t\tfmt.Println(strings.Repeat("x", 65536))\n\t}\n}\n',  # noqa: E501
    "rust": 'fn f(v: Vec<i64>) -> Vec<i64> { loop { println!("{}", "x".repeat(65536)); } }\n',
    "cpp": "vector<int> f(vector<int> v) { for (;;) cout << string(65536, 'x'); }\n",
    "java": 'static int[] f(int[] v) { for (;;) System.out.println("x".repeat(65536)); }\n',
}


def refused(judge: JudgeAnswer, language: str, answer: str) -> Verdict:
    """The verdict on a forgery, after which a right answer still passes."""
    verdict = judge(DOUBLED, language, answer)
    assert verdict.outcome is not Outcome.COMPILE_ERROR, verdict.message
    assert verdict.scored
    assert verdict.outcome is not Outcome.PASSED
    assert judge(DOUBLED, language, RIGHT[language]).outcome is Outcome.PASSED
    return verdict


@pytest.mark.parametrize("language", SIX)
@pytest.mark.parametrize("answers", [EXITS_BEFORE, EXITS_IN_THE_CALL], ids=["before", "call"])
def test_exit_with_code_0_is_no_result(judge: JudgeAnswer, answers: dict[str, str], language: str) -> None:
    assert refused(judge, language, answers[language]).passed == 0


@pytest.mark.parametrize("language", SIX)
@pytest.mark.parametrize("lines", [LINES, TWICE], ids=["missing", "twice"])
def test_result_lines_of_the_answers_own_must_be_every_index_once(
    judge: JudgeAnswer, lines: str, language: str
) -> None:
    verdict = refused(judge, language, WRITES_RESULTS[language].replace("@", lines))
    assert (verdict.outcome, verdict.passed) == (Outcome.FAILED, 0)


@pytest.mark.slow
@pytest.mark.parametrize("language", SIX)
def test_output_without_end_is_cut_off(judge: JudgeAnswer, language: str) -> None:
    assert refused(judge, language, PRINTS_FOR_EVER[language]).outcome is Outcome.OUTPUT_LIMIT


LIES = {  # what a value says of itself counts for nothing
    "python": "class L(list):\n    def __eq__(self, other): return True\ndef f(v): return L()\n",
    "javascript": "function f(v) { return { length: 3, toString: () => '[6,2,4]', toJSON: () => [6, 2, 4] }; }\n",
    "cpp": "struct A { bool operator==(const vector<int>&) const { return true; } };\nvector<int> f(vector<int>) { return {}; }\n",  # noqa: E501
    "java": (
        "static List<Integer> f(List<Integer> v) {\n    return new ArrayList<>() {\n"
        "        public boolean equals(Object other) { return true; }\n    };\n}\n"
    ),
}


@pytest.mark.parametrize("language", LIES)
def test_value_that_is_equal_to_everything_is_wrong(judge: JudgeAnswer, language: str) -> None:
    assert refused(judge, language, LIES[language]).passed == 0


SEARCHES = """
import glob
import os

def f(v):
    found = [str(os.environ).encode()]
    for path in glob.glob("/proc/self/fd/*") + glob.glob("/tmp/*"):
        try:
            if "pipe:" in os.path.realpath(path):
                continue  # the way out: who reads there steals from the host what was written before
            found.append(os.read(os.open(path, os.O_RDONLY | os.O_NONBLOCK), 10**6))
        except OSError:
            pass
    assert b"[-7]" in b"".join(found)  # the arguments are there
    assert str(-7 * 2).encode() not in b"".join(found)
    return [2 * x for x in v]
"""


def test_expected_values_are_nowhere_in_the_sandbox(judge: JudgeAnswer) -> None:
    verdict = judge(DOUBLED, "python", SEARCHES)
    assert verdict.outcome is Outcome.PASSED, verdict.message
