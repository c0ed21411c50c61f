"""Batches of Go, Rust, C++ and Java: a package, module or namespace for each program, and one that runs their tests."""

import re
from collections.abc import Sequence
from pathlib import Path

from hrm_edge.sandbox.toolchain import Toolchain
from hrm_edge.train.data.verification.batch import Batch, Item, passed_line

_GO_PACKAGE = re.compile(r"^package main$", re.MULTILINE)
_GO_TEST = re.compile(r"^func (Test\w+)\(", re.MULTILINE)
_GO_IMPORTS = re.compile(r"^import (?:\([^)]*\)|\"[^\"]*\")$", re.MULTILINE)
_GO_QUOTED_PATH = re.compile(r'"([^"]+)"')
_GO_DECLARED = re.compile(r"^(?:func|type) (\w+)", re.MULTILINE)
_GO_MAIN = """\
package main

import (
	"fmt"
	"testing"
)

func main() {{
	every := func(pattern, name string) (bool, error) {{ return true, nil }}
	testing.Main(every, []testing.InternalTest{{
{runs}
	}}, nil, nil)
}}
"""
_GO_RUN = """\
		{{Name: "{number}", F: func(t *testing.T) {{
{tests}
			if !t.Failed() {{
				fmt.Println("{passed}")
			}}
		}}}},"""


class GoBatcher:
    """One package: a package for each program would cost a tenth of a second each. Every name that a program declares
    gets the program's number, wherever it is called; string literals are left alone."""

    language = "go"

    def batch(self, items: Sequence[Item], toolchain: Toolchain) -> Batch:
        """A file for each program, and a main that gives their tests to the testing package, which exits with 1 when
        one fails; a program that ends the process exits with another number."""
        files, runs = {}, []
        for number, item in enumerate(items):
            text = f"{item.solution}\n{item.tests}\n"
            used = set(_GO_QUOTED_PATH.findall("".join(_GO_IMPORTS.findall(text))))
            body = _numbered(_GO_IMPORTS.sub("", _GO_PACKAGE.sub("", text)), number)
            lines = "".join(f'import "{path}"\n' for path in sorted(used))
            files[f"p{number}.go"] = f"package main\n{lines}{body}"
            if names := _GO_TEST.findall(body):
                tests = "\n".join(f'\t\t\tt.Run("{name}", {name})' for name in names)
                runs.append(_GO_RUN.format(number=number, tests=tests, passed=passed_line(number)))
        files["main.go"] = _GO_MAIN.format(runs="\n".join(runs))
        compiler, linker, config = toolchain.programs["compile"], toolchain.programs["link"], toolchain.support
        script = (
            f"'{compiler}' -p main -complete -importcfg '{config}/importcfg' -pack -o main.a *.go && "
            f"'{linker}' -s -w -importcfg '{config}/importcfg' -buildmode=exe -o main main.a && "
            "{ ./main || [ $? = 1 ]; }"
        )
        return Batch(files=files, script=script)


def _numbered(text: str, number: int) -> str:
    """A program whose functions, types and tests have names of their own."""
    names = "|".join(sorted(set(_GO_DECLARED.findall(text)), key=len, reverse=True))
    mentioned = re.compile(rf'("(?:[^"\\\n]|\\.)*"|`[^`]*`)|(?<![.\w])({names})\b')
    return mentioned.sub(lambda found: found[1] or f"{found[2]}P{number}", text)


class RustBatcher:
    """A module for each program; rustc's own test harness runs them."""

    language = "rust"

    def batch(self, items: Sequence[Item], toolchain: Toolchain) -> Batch:
        """One crate; awk turns the harness's lines into ours."""
        modules = (f"mod p{number} {{\n{item.solution}\n\n{item.tests}\n}}\n" for number, item in enumerate(items))
        script = (
            f"'{toolchain.programs['rustc']}' --edition=2021 --test -A warnings -C debuginfo=0 -C prefer-dynamic "
            "-C codegen-units=1 -o main main.rs && ./main --test-threads=1 > tests.txt; status=$?; "
            "[ -f tests.txt ] || exit $status; "
            "sed -n 's/^test p\\([0-9]*\\)::.* \\.\\.\\. \\(.*\\)$/\\1 \\2/p' tests.txt | "
            'awk \'$2 == "ok" { good[$1] = 1 } $2 != "ok" { bad[$1] = 1 } '
            'END { for (n in good) if (!(n in bad)) print "pass " n }\'; '
            "grep -A 4 panicked tests.txt >&2; exit 0"
        )
        return Batch(files={"main.rs": "".join(modules)}, script=script)


_CPP_INCLUDE = re.compile(r"^#include .*$\n?", re.MULTILINE)
_CPP_MAIN = re.compile(r"^int main\(\)", re.MULTILINE)
_CPP_RETURN = re.compile(r"^( *)return 0;$", re.MULTILINE)
_CPP_START = """\
#include <bits/stdc++.h>
#undef assert
#define assert(condition) \\
    do { if (!(condition)) throw std::runtime_error(#condition); } while (0)
"""


class CppBatcher:
    """A namespace for each program; an assertion that fails ends its program's tests, not the batch."""

    language = "cpp"

    def batch(self, items: Sequence[Item], toolchain: Toolchain) -> Batch:
        """One source file. Not optimised: that would double the time, and out-of-range access is caught this way."""
        parts, runs = [_CPP_START], []
        for number, item in enumerate(items):
            tests = _CPP_RETURN.sub(r"\1return;", _CPP_MAIN.sub("void run_tests()", _CPP_INCLUDE.sub("", item.tests)))
            parts.append(f"namespace p{number} {{\n{_CPP_INCLUDE.sub('', item.solution)}\n{tests}\n}}\n")
            runs.append(
                f'    try {{ p{number}::run_tests(); std::puts("{passed_line(number)}"); }} '
                f'catch (const std::exception &e) {{ std::fprintf(stderr, "item {number}: %s\\n", e.what()); }}\n'
                "    std::fflush(stdout);\n"
            )
        parts.append(f"int main() {{\n{''.join(runs)}}}\n")
        script = (
            f"'{toolchain.programs['g++']}' -std=c++17 -O0 -D_GLIBCXX_ASSERTIONS -pipe -pthread -w -fuse-ld=gold "
            "-o main main.cpp && ./main"
        )
        return Batch(files={"main.cpp": "\n".join(parts)}, script=script)


_JARS = Path("/usr/share/java")
_JAVA_JARS = ("junit-jupiter-api", "opentest4j", "junit-platform-commons", "apiguardian-api")
_JAVA_RUNNER = """\
import java.lang.reflect.Method;

public class Runner {{
    public static void main(String[] arguments) throws Exception {{
        for (int number = 0; number < {count}; number++) {{
            try {{
                Class<?> tests = Class.forName("p" + number + ".SolutionTest");
                var constructor = tests.getDeclaredConstructor();
                constructor.setAccessible(true);
                Object instance = constructor.newInstance();
                int count = 0;
                for (Method method : tests.getDeclaredMethods()) {{
                    if (!method.isAnnotationPresent(org.junit.jupiter.api.Test.class)) continue;
                    method.setAccessible(true);
                    method.invoke(instance);
                    count++;
                }}
                if (count > 0) System.out.println("pass " + number);
            }} catch (Throwable error) {{
                System.err.println("item " + number + ": " + error.getCause());
            }}
        }}
    }}
}}
"""


class JavaBatcher:
    """A package for each program; JUnit's assertions, without its engine, which takes a second to start."""

    language = "java"

    def batch(self, items: Sequence[Item], toolchain: Toolchain) -> Batch:
        """One run of javac and one of java."""
        files = {"Runner.java": _JAVA_RUNNER.format(count=len(items))}
        for number, item in enumerate(items):
            files[f"p{number}/Solution.java"] = f"package p{number};\n{item.solution}\n"
            files[f"p{number}/SolutionTest.java"] = f"package p{number};\n{item.tests}\n"
        path = ":".join(str(_JARS / f"{name}.jar") for name in _JAVA_JARS)
        script = (
            f"'{toolchain.programs['javac']}' -nowarn -J-XX:+UseSerialGC -J-XX:TieredStopAtLevel=1 -proc:none "
            f"-cp {path} -d out Runner.java p*/*.java && "
            f"'{toolchain.programs['java']}' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xss64m -cp out:{path} Runner"
        )
        return Batch(files=files, script=script)
