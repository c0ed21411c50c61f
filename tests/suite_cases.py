"""One small suite per harness, written for these tests: `add`, whose second test is skipped the way upstream does it.

Every suite comes with a right answer, one that only the skipped test finds wrong, one that does not compile, one that
never ends, and forgeries: answers that are wrong and try to pass all the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hrm_edge.problems.problem import SuiteTests

CATCH_HEADER = Path("/usr/include/catch2/catch.hpp")
"""Debian's catch2 2.13, as the exercises bring it in their folder test/."""


@dataclass(frozen=True, kw_only=True)
class SuiteCase:
    language: str
    check: SuiteTests
    right: str
    wrong: str
    broken: str
    """Does not compile, or cannot be parsed."""
    endless: str
    tests: int
    wrong_passes: int
    """How many tests the wrong answer passes."""
    forgeries: Mapping[str, str] = field(default_factory=dict)


def _catch_header() -> str:
    return CATCH_HEADER.read_text(encoding="utf-8") if CATCH_HEADER.is_file() else ""


_PYTHON_WRONG = "def add(a, b):\n    return a + b if a < 100 else 0\n"
_STEAL_NONCE_IN_PYTHON = """\
import os, sys
frame = sys._getframe()
while frame and "nonce" not in frame.f_locals:
    frame = frame.f_back
nonce = frame.f_locals["nonce"] if frame else b""
nonce = nonce if isinstance(nonce, bytes) else nonce.encode()
"""

UNITTEST = SuiteCase(
    language="python",
    check=SuiteTests(
        harness="unittest",
        solution_paths=("sums.py",),
        files={
            "sums.py": "def add(a, b):\n    pass\n",
            "sums_test.py": """\
import unittest

from sums import add


class SumsTest(unittest.TestCase):
    def test_large(self):
        self.assertEqual(add(50, 50), 100)

    @unittest.skip("not yet")
    def test_larger(self):
        self.assertEqual(add(500, 500), 1000)

    def test_small_ones(self):
        for number in range(3):
            with self.subTest(number=number):
                self.assertEqual(add(number, 1), number + 1)
""",
        },
    ),
    right="def add(a, b):\n    return a + b\n",
    wrong=_PYTHON_WRONG,
    broken="def add(a, b:\n",
    endless="def add(a, b):\n    while True:\n        pass\n",
    tests=3,
    wrong_passes=2,
    forgeries={
        "exit at import": "raise SystemExit(0)\n",
        "exit at import, past all handlers": "import os\nos._exit(0)\n",
        "exit in the call": "import os\ndef add(a, b):\n    os._exit(0)\n",
        "print what unittest prints": _PYTHON_WRONG
        + "import os, sys\nsys.stderr.write('...\\nRan 3 tests in 0.001s\\n\\nOK\\n')\nsys.stderr.flush()\n"
        + "os._exit(0)\n",
        "report without the nonce": _PYTHON_WRONG
        + "import os\nfor name in ('large', 'larger', 'small_ones'):\n"
        + "    os.write(3, f'{0:032d} ok sums_test.SumsTest.test_{name}\\n'.encode())\nos._exit(0)\n",
        "report with the stolen nonce": _STEAL_NONCE_IN_PYTHON
        + "for name in (b'large', b'larger', b'small_ones'):\n"
        + "    os.write(3, nonce + b' ok sums_test.SumsTest.test_' + name + b'\\n')\nos._exit(0)\n",
        "make the assertion do nothing": "import unittest\nadd = lambda a, b: 0\n"
        "unittest.TestCase.assertEqual = lambda self, *values: None\n",
        "make no assertion raise": "import unittest\nadd = lambda a, b: 0\n"
        "unittest.TestCase.failureException = SystemError\nunittest.TestCase.fail = lambda self, *message: None\n"
        "unittest.TestCase._getAssertEqualityFunc = lambda self, *values: lambda *values, msg: None\n",
        "make every test do nothing": "import unittest\nadd = lambda a, b: 0\n"
        "unittest.TestCase.run = lambda self, result: (result.startTest(self), result.stopTest(self))\n",
        "exit code 0 at the end": _PYTHON_WRONG + "import atexit, os\natexit.register(os._exit, 0)\n",
    },
)

PYTHON_ASSERTS = SuiteCase(
    language="python",
    check=SuiteTests(
        harness="asserts",
        solution_paths=("main.py",),
        after="\n\ndef check(add):\n    assert add(50, 50) == 100\n    assert add(500, 500) == 1000\n\n\ncheck(add)\n",
    ),
    right=UNITTEST.right,
    wrong=UNITTEST.wrong,
    broken=UNITTEST.broken,
    endless=UNITTEST.endless,
    tests=1,
    wrong_passes=0,
    forgeries={
        "exit at import": "raise SystemExit(0)\n",
        "exit in the call": "import os\ndef add(a, b):\n    os._exit(0)\n",
        "report with the stolen nonce": _STEAL_NONCE_IN_PYTHON + "os.write(3, nonce + b' ok main\\n')\nos._exit(0)\n",
        "exit code 0 at the end": _PYTHON_WRONG + "import atexit, os\natexit.register(os._exit, 0)\n",
        "exit code 0 from the hook for exceptions": _PYTHON_WRONG
        + "import os, sys\nsys.excepthook = lambda *error: os._exit(0)\n",
    },
)

_JS_WRONG = "export const add = (a, b) => (a < 100 ? a + b : 0);\n"

JEST = SuiteCase(
    language="javascript",
    check=SuiteTests(
        harness="jest",
        solution_paths=("sums.js",),
        files={
            "package.json": '{"name": "sums"}',
            "sums.js": "export const add = () => { throw new Error('Remove this statement'); };\n",
            "sums.spec.js": """\
import { describe, expect, test, xtest } from '@jest/globals';
import { add } from './sums';

describe('sums', () => {
  test('adds', () => {
    expect(add(50, 50)).toBe(100);
  });

  // test('never', () => {});
  xtest('adds a lot, and doesn\\'t stop', async () => {
    await expect(Promise.resolve({ sum: add(500, 500) })).resolves.toEqual({ sum: 1000, none: undefined });
  });

  test.skip('optional', () => {
    expect(add(1, 1)).toBe(3);
  });
});
""",
        },
    ),
    right="export const add = (a, b) => a + b;\n",
    wrong=_JS_WRONG,
    broken="export const add = (a, b => a + b;\n",
    endless="export const add = () => { for (;;); };\n",
    tests=2,
    wrong_passes=1,
    forgeries={
        "exit at import": _JS_WRONG + "process.exit(0);\n",
        "exit in the call": "export const add = () => process.reallyExit(0);\n",
        "report without the nonce": _JS_WRONG + "import { writeSync } from 'node:fs';\n"
        "writeSync(3, `${'0'.repeat(32)} ok adds\\n${'0'.repeat(32)} ok adds a lot, and doesn't stop\\n`);\n"
        "process.exit(0);\n",
        "a promise instead of an answer": "export const add = () => new Promise(() => {});\n",
        "make all values equal": "export const add = () => 0;\nObject.is = () => true;\n",
        "no test is run": "export const add = () => 0;\nglobalThis.test = globalThis.xtest = () => {};\n"
        "Array.prototype[Symbol.iterator] = function* () {};\n",
        "exit code 0 at the end": _JS_WRONG + "process.on('exit', () => { process.exitCode = 0; });\n",
    },
)

_JS_FUNCTION_WRONG = "const add = (a, b) => (a < 100 ? a + b : 0);\n"

JAVASCRIPT_ASSERTS = SuiteCase(
    language="javascript",
    check=SuiteTests(
        harness="asserts",
        solution_paths=("main.js",),
        after="\nconst testAdd = () => {\n  console.assert(add(50, 50) === 100)\n"
        "  console.assert(add(500, 500) === 1000)\n}\n\ntestAdd()\n",
    ),
    right="const add = (a, b) => a + b;\n",
    wrong=_JS_FUNCTION_WRONG,
    broken="const add = (a, b => a + b;\n",
    endless="const add = () => { for (;;); };\n",
    tests=1,
    wrong_passes=0,
    forgeries={
        "exit at import": "process.exit(0);\n",
        "exit in the call": "const add = () => process.exit(0);\n",
        "make the assertion do nothing": "const add = () => 0;\nconsole.assert = () => {};\n",
        "swallow every exception": _JS_FUNCTION_WRONG + "process.on('uncaughtException', () => process.exit(0));\n",
        "report without the nonce": "require('fs').writeSync(3, `${'0'.repeat(32)} ok main\\n`);\nprocess.exit(0);\n",
    },
)

_GO_WRONG = "package sums\n\nfunc Add(a, b int) int {\n\tif a < 100 {\n\t\treturn a + b\n\t}\n\treturn 0\n}\n"
_GO_BASE = 'package sums\n\nimport (\n\t"fmt"\n\t"os"\n)\n\nvar _ = fmt.Sprint\n\n'

GO = SuiteCase(
    language="go",
    check=SuiteTests(
        harness="go-test",
        solution_paths=("sums.go",),
        files={
            "go.mod": "module sums\n\ngo 1.18\n",
            "sums.go": 'package sums\n\nfunc Add(a, b int) int {\n\tpanic("Please implement the Add function")\n}\n',
            "cases_test.go": "package sums\n\nvar cases = []struct{ a, b, sum int }{{50, 50, 100}, {500, 500, 1000}}\n",
            "sums_test.go": """\
package sums

import "testing"

func TestAdd(t *testing.T) {
	for _, c := range cases {
		t.Run("case", func(t *testing.T) {
			t.Parallel()
			if sum := Add(c.a, c.b); sum != c.sum {
				t.Fatalf("Add(%d, %d) = %d, want %d", c.a, c.b, sum, c.sum)
			}
		})
	}
}

func TestZero(t *testing.T) {
	if Add(0, 0) != 0 {
		t.Error("not zero")
	}
}

func BenchmarkAdd(b *testing.B) {
	for i := 0; i < b.N; i++ {
		Add(i, i)
	}
}
""",
        },
    ),
    right="package sums\n\nfunc Add(a, b int) int { return a + b }\n",
    wrong=_GO_WRONG,
    broken="package sums\n\nfunc Add(a, b int) string { return a + b }\n",
    endless="package sums\n\nfunc Add(a, b int) int {\n\tfor {\n\t}\n}\n",
    tests=2,
    wrong_passes=1,
    forgeries={
        "exit in init": _GO_BASE + "func init() { os.Exit(0) }\nfunc Add(a, b int) int { return 0 }\n",
        "exit in the call": _GO_BASE + "func Add(a, b int) int { os.Exit(0); return 0 }\n",
        "print what go test prints": _GO_BASE
        + 'func init() { fmt.Print("--- PASS: TestAdd (0.00s)\\nPASS\\nok\\n") }\n'
        "func Add(a, b int) int { os.Exit(0); return 0 }\n",
        "report with the stolen nonce": _GO_BASE + "func init() {\n\tbuffer := make([]byte, 64)\n"
        '\tcount, _ := os.NewFile(4, "").Read(buffer)\n'
        '\tfmt.Fprintf(os.NewFile(3, ""), "%[1]s ok TestAdd\\n%[1]s ok TestZero\\n", buffer[:count])\n'
        "\tos.Exit(0)\n}\nfunc Add(a, b int) int { return 0 }\n",
        "a test of its own": _GO_WRONG + "\nfunc TestAdd2() {}\nfunc main() {}\n",
    },
)

TESTIFY = SuiteCase(
    language="go",
    check=SuiteTests(
        harness="go-test",
        solution_paths=("solution.go",),
        before="package main\n\n",
        files={
            "solution_test.go": """\
package main

import (
    "testing"
    "github.com/stretchr/testify/assert"
)

func TestDouble(t *testing.T) {
    assert := assert.New(t)
    assert.Equal([]int{2, 4}, Double([]int{1, 2}))
    assert.Equal([]int{1000}, Double([]int{500}))
}
""",
        },
    ),
    right="func Double(xs []int) []int {\n\tout := []int{}\n\tfor _, x := range xs {\n\t\tout = append(out, 2*x)\n\t}\n"
    "\treturn out\n}\n\nfunc main() {}\n",
    wrong="func Double(xs []int) []int { return []int{2, 4} }\n",
    broken="func Double(xs []int) []int { return 4 }\n",
    endless="func Double(xs []int) []int {\n\tfor {\n\t}\n}\n",
    tests=1,
    wrong_passes=0,
    forgeries={
        "take the assertions' place": "type none struct{}\n\nfunc (none) New(any) none { return none{} }\n"
        "func (none) Equal(a, b any) bool { return true }\n\nvar assert none\n"
        "func Double(xs []int) []int { return nil }\n",
    },
)

_RUST_WRONG = "pub fn add(a: i64, b: i64) -> i64 {\n    if a < 100 { a + b } else { 0 }\n}\n"

CRATE = SuiteCase(
    language="rust",
    check=SuiteTests(
        harness="rust-test",
        solution_paths=("src/lib.rs",),
        files={
            "Cargo.toml": '[package]\nname = "sums-of-two"\nedition = "2021"\n\n[features]\nbig = []\n',
            "src/lib.rs": "pub fn add(a: i64, b: i64) -> i64 {\n    todo!()\n}\n",
            "tests/sums-of-two.rs": """\
use sums_of_two::*;

#[test]
fn adds() {
    assert_eq!(add(50, 50), 100);
}

#[test]
#[ignore]
/// Skipped by those who have just begun.
fn adds_a_lot() {
    assert_eq!(add(500, 500), 1000);
}

mod overflow {
    #[test]
    #[ignore]
    #[should_panic]
    fn adds() {
        super::add(i64::MAX, 1);
    }
}

#[cfg(feature = "big")]
mod big {
    #[test]
    fn adds() {
        assert_eq!(sums_of_two::add_big("1", "1"), "2");
    }
}
""",
        },
    ),
    right="pub fn add(a: i64, b: i64) -> i64 {\n    a.checked_add(b).unwrap()\n}\n",
    wrong=_RUST_WRONG,
    broken='pub fn add(a: i64, b: i64) -> i64 {\n    "sum"\n}\n',
    endless="pub fn add(_: i64, _: i64) -> i64 {\n    loop {}\n}\n",
    tests=3,
    wrong_passes=1,
    forgeries={
        "exit in the call": "pub fn add(_: i64, _: i64) -> i64 {\n    std::process::exit(0)\n}\n",
        "exit before main": _RUST_WRONG + 'extern "C" fn leave() { std::process::exit(0) }\n'
        '#[used]\n#[link_section = ".init_array"]\npub static LEAVE: extern "C" fn() = leave;\n',
        "report with the stolen nonce": "pub fn add(_: i64, _: i64) -> i64 {\n"
        "    use std::{fs::File, io::{Read, Write}, os::fd::FromRawFd};\n    let mut nonce = String::new();\n"
        "    unsafe { File::from_raw_fd(4) }.read_to_string(&mut nonce).ok();\n"
        "    let mut report = unsafe { File::from_raw_fd(3) };\n"
        '    for test in ["adds", "adds_a_lot", "adds (2)"] { writeln!(report, "{nonce} ok {test}").ok(); }\n'
        "    std::process::exit(0)\n}\n",
        "print what libtest prints": "pub fn add(_: i64, _: i64) -> i64 {\n"
        '    println!("test adds ... ok\\ntest result: ok. 3 passed; 0 failed");\n    std::process::exit(0)\n}\n',
    },
)

RUST_FILE = SuiteCase(
    language="rust",
    check=SuiteTests(
        harness="rust-test",
        solution_paths=("main.rs",),
        before="use rand::Rng;\nuse regex::Regex;\nuse md5;\n",
        after="\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n  #[test]\n    fn test_add() {\n"
        "        assert!(add(50, 50) == 100);\n        assert!(add(500, 500) == 1000);\n    }\n}\n",
    ),
    right=CRATE.right,
    wrong=_RUST_WRONG,
    broken=CRATE.broken,
    endless=CRATE.endless,
    tests=1,
    wrong_passes=0,
    forgeries={
        "make the assertion do nothing": "pub fn add(_: i64, _: i64) -> i64 { 0 }\n"
        "macro_rules! assert { ($($tokens:tt)*) => {}; }\n",
    },
)

_CPP_WRONG = "int add(int a, int b) {\n    return a < 100 ? a + b : 0;\n}\n"
_CPP_FORGE = (
    "#include <cstdio>\n#include <cstdlib>\n#include <unistd.h>\nint add(int, int) { return 0; }\n"
    "struct Forge { Forge() { char nonce[64]; long n = read(4, nonce, 64);\n"
)

CPP_ASSERTS = SuiteCase(
    language="cpp",
    check=SuiteTests(
        harness="asserts",
        solution_paths=("main.cpp",),
        before="#include<vector>\nusing namespace std;\n",
        after="\n#undef NDEBUG\n#include<assert.h>\nint main(){\n    assert (add(50, 50) == 100);\n"
        "    assert (add(500, 500) == 1000);\n}\n",
    ),
    right="int add(int a, int b) {\n    return a + b;\n}\n",
    wrong=_CPP_WRONG,
    broken='int add(int a, int b) {\n    return "sum";\n}\n',
    endless="#include <unistd.h>\nint add(int, int) {\n    for (;;) pause();\n}\n",
    tests=1,
    wrong_passes=0,
    forgeries={
        "exit in a static constructor": _CPP_FORGE + "    exit(0); } } forge;\n",
        "exit in the call": "#include <unistd.h>\nint add(int, int) { _exit(0); }\n",
        "report with the stolen nonce": _CPP_FORGE
        + '    dprintf(3, "%.*s ok main\\n", (int)n, nonce); _exit(0); } } f;\n',
        "no assertions": "#define NDEBUG\n#include <assert.h>\n" + _CPP_WRONG,
        "exit when an assertion fails": "#include <stdlib.h>\n#include <signal.h>\n#include <unistd.h>\n"
        "struct Forge { Forge() { signal(SIGABRT, [](int) { _exit(0); }); } } forge;\n" + _CPP_WRONG,
        "nothing to assert": "#include <assert.h>\n#undef assert\n#define assert(x) ((void)0)\n#define ASSERT_H\n"
        "#define __assert_fail(...) ((void)0)\n" + _CPP_WRONG,
    },
)

CATCH2 = SuiteCase(
    language="cpp",
    check=SuiteTests(
        harness="catch2",
        solution_paths=("sums.cpp", "sums.h"),
        files={
            "test/catch.hpp": _catch_header(),
            "test/tests-main.cpp": '#define CATCH_CONFIG_MAIN\n#include "catch.hpp"\n',
            "sums.cpp": "",
            "sums.h": "#pragma once\nint add(int a, int b);\n",
            "sums_test.cpp": """\
#include "sums.h"
#ifdef EXERCISM_TEST_SUITE
#include <catch2/catch.hpp>
#else
#include "test/catch.hpp"
#endif

TEST_CASE("adds", "[sums]") {
    REQUIRE(100 == add(50, 50));
}

#if defined(EXERCISM_RUN_ALL_TESTS)

TEST_CASE("adds  \\"a lot\\"") {
    SECTION("of it") { REQUIRE(1000 == add(500, 500)); }
}
#endif
""",
        },
    ),
    right='#include "sums.h"\n' + CPP_ASSERTS.right,
    wrong='#include "sums.h"\n' + _CPP_WRONG,
    broken=CPP_ASSERTS.broken,
    endless=CPP_ASSERTS.endless,
    tests=2,
    wrong_passes=1,
    forgeries={
        "exit in a static constructor": _CPP_FORGE + "    exit(0); } } forge;\n",
        "report with the stolen nonce": _CPP_FORGE
        + '    dprintf(3, "%1$.*2$s ok adds\\n%1$.*2$s ok adds \\"a lot\\"\\n", nonce, (int)n); _exit(0); } } forge;\n',
    },
)

_JAVA_WRONG = "class Solution {\n    int add(int a, int b) {\n        return a < 100 ? a + b : 0;\n    }\n}\n"

JAVA_ASSERTS = SuiteCase(
    language="java",
    check=SuiteTests(
        harness="asserts",
        solution_paths=("Main.java",),
        before="import java.util.*;\n",
        after="\npublic class Main {\n    public static void main(String[] args) {\n"
        "        Solution s = new Solution();\n"
        "        List<Boolean> correct = Arrays.asList(s.add(50, 50) == 100, s.add(500, 500) == 1000);\n"
        "        if (correct.contains(false)) {\n            throw new AssertionError();\n        }\n    }\n}\n",
    ),
    right="class Solution {\n    int add(int a, int b) {\n        return a + b;\n    }\n}\n",
    wrong=_JAVA_WRONG,
    broken='class Solution {\n    int add(int a, int b) {\n        return "sum";\n    }\n}\n',
    endless="class Solution {\n    int add(int a, int b) {\n        for (;;);\n    }\n}\n",
    tests=1,
    wrong_passes=0,
    forgeries={
        "exit in a static initialiser": "class Solution {\n    static { System.exit(0); }\n"
        "    int add(int a, int b) { return 0; }\n}\n",
        "exit in the call": "class Solution {\n    int add(int a, int b) { System.exit(0); return 0; }\n}\n",
        "take the list's place": _JAVA_WRONG + "class Arrays {\n"
        "    static List<Boolean> asList(Boolean... ignored) { return List.of(true); }\n}\n",
        "halt when it ends": "class Solution {\n    int add(int a, int b) {\n"
        "        Runtime.getRuntime().addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0)));\n"
        "        return 0;\n    }\n}\n",
    },
)

JUNIT = SuiteCase(
    language="java",
    check=SuiteTests(
        harness="junit",
        solution_paths=("src/main/java/Sums.java",),
        files={
            "build.gradle": "plugins { id 'java' }\n",
            "src/main/java/Sums.java": "class Sums {\n}\n",
            "src/test/java/SumsTest.java": """\
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

public class SumsTest {
    @Test
    public void adds() {
        assertThat(Sums.add(50, 50)).isEqualTo(100);
    }

    @Disabled("Remove to run test")
    @Test
    @DisplayName("adds a lot")
    void addsALot() {
        assertThat(Sums.add(500, 500)).isEqualTo(1000);
    }
}
""",
        },
    ),
    right="class Sums {\n    static int add(int a, int b) {\n        return a + b;\n    }\n}\n",
    wrong="class Sums {\n    static int add(int a, int b) {\n        return a < 100 ? a + b : 0;\n    }\n}\n",
    broken='class Sums {\n    static int add(int a, int b) {\n        return "sum";\n    }\n}\n',
    endless="class Sums {\n    static int add(int a, int b) {\n        for (;;);\n    }\n}\n",
    tests=2,
    wrong_passes=1,
    forgeries={
        "exit in the call": "class Sums {\n    static int add(int a, int b) { System.exit(0); return 0; }\n}\n",
        "report without the nonce": "class Sums {\n    static int add(int a, int b) {\n"
        '        try (var out = new java.io.FileOutputStream("/proc/self/fd/3")) {\n'
        '            out.write("0 ok SumsTest.adds\\n0 ok SumsTest.addsALot\\n".getBytes());\n'
        "        } catch (Exception error) {\n        }\n        System.exit(0);\n        return 0;\n    }\n}\n",
    },
)

CASES = {
    "unittest": UNITTEST,
    "python-asserts": PYTHON_ASSERTS,
    "jest": JEST,
    "javascript-asserts": JAVASCRIPT_ASSERTS,
    "go-test": GO,
    "go-testify": TESTIFY,
    "rust-crate": CRATE,
    "rust-file": RUST_FILE,
    "cpp-asserts": CPP_ASSERTS,
    "catch2": CATCH2,
    "java-asserts": JAVA_ASSERTS,
    "junit": JUNIT,
}
