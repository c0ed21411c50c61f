"""Debuggers: pdb, gdb, traces, tracebacks, bash -x.

gdb only reads programs here. Starting one needs ptrace, which the sandbox denies.
"""

from hrm_edge.train.data.tools.draw import Draw
from hrm_edge.train.data.tools.scenario import Catalogue, Plan, Step, prints

CATALOGUE = Catalogue("debug")
_scenario = CATALOGUE.scenario


def _loop(values: list[int]) -> str:
    return (
        f"def total(items):\n    result = 0\n    for item in items:\n        result += item * item\n    return "
        f"result\n\n\n"
        f"print(total({values}))\n"
    )


@_scenario("python3")
def pdb_value_at_line(draw: Draw) -> Plan:
    """A variable at a breakpoint that is hit several times."""
    (name,), values = draw.names(1), draw.numbers(3, 2, 20)
    hits = draw.number(2, 3)
    before = sum(value * value for value in values[: hits - 1])
    commands = ["b 4", *["c"] * hits, "p result", "q"]
    options = " ".join(f"-c '{command}'" for command in commands)
    return Plan(
        goals=(
            f"What is the value of result in {name}.py when line 4 is reached for the "
            f"{('second', 'third')[hits - 2]} time? "
            "Use pdb without interaction.",
            f"With pdb commands on the command line: stop {hits} times at line 4 of {name}.py and print result.",
        ),
        files={f"{name}.py": _loop(values)},
        steps=(Step(command=f"python3 -m pdb {options} {name}.py", says=f"\n{before}"),),
        look=f"cat -n {name}.py",
        check=f"python3 -m pdb {options} {name}.py | grep -x '[0-9]*'",
        proof=prints(str(before)),
        context=True,
        predict=True,
        answer=str(before),
    )


@_scenario("python3")
def pdb_post_mortem(draw: Draw) -> Plan:
    """The variables at the point of an exception."""
    (name,), values = draw.names(1), draw.numbers(3, 2, 20)
    at = draw.number(0, 3)
    values.insert(at, 0)
    code = (
        "def shares(items):\n    for index, item in enumerate(items):\n        print(100 // "
        f"item)\n\n\nshares({values})\n"
    )
    return Plan(
        goals=(
            f"{name}.py stops with a ZeroDivisionError. Find the value of index at that point with pdb.",
            f"Use pdb's post-mortem on {name}.py: which index is it at when it divides by zero?",
        ),
        files={f"{name}.py": code},
        steps=(
            Step(command=f"python3 {name}.py", fails=True, says="ZeroDivisionError", needed=False),
            Step(command=f"python3 -m pdb -c c -c 'p index' -c q {name}.py", says="Uncaught exception"),
        ),
        look=f"cat -n {name}.py",
        check=f"python3 -m pdb -c c -c 'p \"index\", index' -c q {name}.py 2>/dev/null | grep -o \"('index', .*)\"",
        proof=prints(f"('index', {at})"),
        answer=str(at),
    )


@_scenario("python3")
def pdb_call_stack(draw: Draw) -> Plan:
    """Who called whom at a breakpoint."""
    (name,), words, number = draw.names(1), draw.words(3), draw.number(2, 50)
    code = (
        f"def {words[0]}(x):\n    return x + 1\n\n\ndef {words[1]}(x):\n    return {words[0]}(x * 2)\n\n\n"
        f"def {words[2]}(x):\n    return {words[0]}(x) * 2\n\n\nprint({words[1]}({number}))\n"
    )
    return Plan(
        goals=(
            f"Which function calls {words[0]} first when {name}.py runs? Stop there with pdb and show the stack.",
            f"Break in {words[0]} of {name}.py with pdb and look at its caller.",
        ),
        files={f"{name}.py": code},
        steps=(Step(command=f"python3 -m pdb -c 'b {words[0]}' -c c -c w -c q {name}.py", says=f"{words[1]}()"),),
        look=f"wc -l {name}.py",
        check=f"python3 -m pdb -c 'b {words[0]}' -c c -c 'p __import__(\"sys\")._getframe(0).f_back and x' -c q "
        f"{name}.py"
        " | tail -n 1",
        proof=prints(str(number * 2)),
        answer=words[1],
    )


@_scenario("python3")
def traceback_to_line(draw: Draw) -> Plan:
    """A key that is missing, read off a traceback, and mended."""
    (name,), (one, two, three) = draw.names(1), draw.words(3)
    number = draw.number(2, 90)
    code = (
        f"prices = {{'{one}': {number}, '{two}': 5}}\n\n\ndef price(item):\n    return "
        f"prices[item]\n\n\nprint(price('{three}') + 1)\n"
    )
    return Plan(
        goals=(
            f"Run {name}.py. If it fails with a KeyError, make price return 0 for unknown items and run it again.",
            f"Find out why {name}.py fails and let price give 0 for items that prices lacks.",
        ),
        files={f"{name}.py": code},
        steps=(
            Step(command=f"python3 {name}.py", fails=True, says=f"KeyError: '{three}'"),
            Step(command=f"sed -i 's/prices\\[item\\]/prices.get(item, 0)/' {name}.py"),
            Step(command=f"python3 {name}.py", says="1"),
        ),
        look=f"cat -n {name}.py",
        check=f"python3 {name}.py",
        proof=prints("1"),
        context=True,
        predict=True,
    )


@_scenario("python3")
def fault_handler(draw: Draw) -> Plan:
    """The line at which a program dies by a signal."""
    (name,), (word,) = draw.names(1), draw.words(1)
    code = f"import os\n\n\ndef {word}():\n    os.abort()\n\n\n{word}()\n"
    return Plan(
        goals=(
            f"{name}.py is killed by a signal without a traceback. Show in which function it dies.",
            f"Get a Python traceback for the crash of {name}.py.",
        ),
        files={f"{name}.py": code},
        steps=(
            Step(command=f"python3 {name}.py", fails=True, needed=False),
            Step(command=f"python3 -X faulthandler {name}.py", fails=True, says=f"line 5 in {word}"),
        ),
        look="ls",
        check=f"python3 -X faulthandler {name}.py 2>&1 | grep -o 'line 5 in {word}'",
        proof=prints(f"line 5 in {word}"),
        answer=f"In {word}, at line 5.",
    )


@_scenario("python3")
def trace_lines(draw: Draw) -> Plan:
    """Which lines ran how often."""
    (name,), values = draw.names(1), draw.numbers(4, 1, 40)
    limit = sorted(values)[draw.number(1, 3)]
    big = sum(value >= limit for value in values)
    code = f"count = 0\nfor value in {values}:\n    if value >= {limit}:\n        count += 1\nprint(count)\n"
    return Plan(
        goals=(
            f"How often does line 4 of {name}.py run? Count with the trace module, report to counts/.",
            f"Count the executions of each line of {name}.py with python -m trace (directory counts) and show line 4.",
        ),
        files={f"{name}.py": code},
        steps=(
            Step(command=f"python3 -m trace --count -C counts {name}.py", says=str(big)),
            Step(command=f"sed -n 4p counts/{name}.cover", says="count += 1"),
        ),
        look=f"cat -n {name}.py",
        check=f"sed -n 4p counts/{name}.cover | tr -d ' '",
        proof=prints(f"{big}:count+=1"),
        predict=True,
        answer=f"{big} time{'s' * (big > 1)}",
    )


@_scenario("python3")
def profile_calls(draw: Draw) -> Plan:
    """How often a function is called."""
    (name,), (word,), count = draw.names(1), draw.words(1), draw.number(5, 300)
    code = f"def {word}(x):\n    return x * x\n\n\nprint(sum({word}(x) for x in range({count})))\n"
    return Plan(
        goals=(
            f"How many times does {name}.py call {word}? Use the profiler.",
            f"Profile {name}.py and read off the number of calls of {word}.",
        ),
        files={f"{name}.py": code},
        steps=(
            Step(
                command=f"python3 -m cProfile {name}.py | awk '/\\({word}\\)/ {{ print $1, $NF }}'",
                says=f"{count} {name}.py:1({word})",
            ),
        ),
        look=f"wc -l {name}.py",
        check=f"python3 -m cProfile {name}.py | awk '/\\({word}\\)/ {{ print $1 }}'",
        proof=prints(str(count)),
        answer=str(count),
    )


@_scenario()
def bash_trace(draw: Draw) -> Plan:
    """A variable name with a typing error, seen with -x and -u."""
    (name,), (word,) = draw.names(1), draw.words(1)
    wrong = word[:-1]
    return Plan(
        goals=(
            f"{name}.sh prints an empty greeting. Find the variable that is not set, mend it ({word} is meant), "
            f"run it.",
            f"Debug {name}.sh: some variable is misspelt, it should be {word}. Fix it and run the script.",
        ),
        files={f"{name}.sh": f'{word}=moon\necho "hello ${{{wrong}}}"\n'},
        steps=(
            Step(command=f"bash -x {name}.sh", says="+ echo 'hello '", needed=False),
            Step(command=f"bash -u {name}.sh", fails=True, says="unbound variable"),
            Step(command=f"sed -i 's/${{{wrong}}}/${{{word}}}/' {name}.sh"),
            Step(command=f"bash -u {name}.sh", says="hello moon"),
        ),
        look=f"cat {name}.sh",
        check=f"bash {name}.sh",
        proof=prints("hello moon"),
        context=True,
        predict=True,
    )


@_scenario()
def bash_syntax(draw: Draw) -> Plan:
    """A script without its `fi`."""
    (name,), (word,), number = draw.names(1), draw.words(1), draw.number(2, 9)
    return Plan(
        goals=(
            f"Check {name}.sh for syntax errors without running it, add the fi that is missing at the end, run it.",
            f"{name}.sh lacks a closing fi in its last line. Verify that, mend it and run the script with bash.",
        ),
        files={f"{name}.sh": f"count={number}\nif [ $count -gt 1 ]; then\n  echo {word} $count\n"},
        steps=(
            Step(command=f"bash -n {name}.sh", fails=True, says="unexpected end of file"),
            Step(command=f"echo fi >> {name}.sh"),
            Step(command=f"bash -n {name}.sh"),
            Step(command=f"bash {name}.sh", says=word),
        ),
        look=f"cat {name}.sh",
        check=f"bash {name}.sh",
        proof=prints(f"{word} {number}"),
        predict=True,
    )


@_scenario()
def pipe_failure(draw: Draw) -> Plan:
    """A failure inside a pipe goes unnoticed."""
    (name,), (word,) = draw.names(1), draw.words(1)
    return Plan(
        goals=(
            f"{name}.sh ends with 0 although a command in its pipe fails. Make the script fail then (add one "
            f"line on top).",
            f"Let {name}.sh report errors inside pipes: put the right set line at its start.",
        ),
        files={f"{name}.sh": f"cat {word}.txt | sort\necho done\n"},
        steps=(
            Step(command=f"bash {name}.sh", says="done", needed=False),
            Step(command=f"sed -i '1i set -eo pipefail' {name}.sh"),
            Step(command=f"bash {name}.sh", fails=True, says="No such file"),
        ),
        look=f"cat {name}.sh",
        check=f"bash {name}.sh 2>/dev/null; echo $?",
        proof=prints("1"),
        context=True,
        predict=True,
    )


@_scenario("node")
def node_stack(draw: Draw) -> Plan:
    """The line of an exception in a stack trace."""
    (name,), (one, two) = draw.names(1), draw.words(2)
    code = (
        f"function {one}(user) {{\n  return user.name.length;\n}}\n\nfunction {two}() {{\n  return {one}({{}});\n}}\n\n"
        f"console.log({two}());\n"
    )
    return Plan(
        goals=(
            f"{name}.js throws a TypeError. In which function and line? Show the first frame of the stack.",
            f"Find the function and line where {name}.js fails.",
        ),
        files={f"{name}.js": code},
        steps=(
            Step(
                command=f"node {name}.js 2>&1 | grep -m 2 -E 'TypeError|    at '",
                says=f"at {one} (/home/dev/{name}.js:2:",
            ),
        ),
        look=f"wc -l {name}.js",
        check=f"node {name}.js 2>&1 | grep -m 1 -oE 'at {one}.*:[0-9]+:' | grep -oE ':[0-9]+:'",
        proof=prints(":2:"),
        answer=f"In {one}, line 2.",
    )


@_scenario("gdb", "gcc")
def gdb_read_value(draw: Draw) -> Plan:
    """The initial value of a global in a program that is not started."""
    (name,), (word,), numbers = draw.names(1), draw.words(1), draw.numbers(4, 1, 99)
    values = ", ".join(map(str, numbers))
    at = draw.number(0, 3)
    return Plan(
        goals=(
            f"What does {word}[{at}] hold in the program {name} before it starts? Use gdb in batch mode.",
            f"Print {word}[{at}] of the binary {name} with gdb, without running it.",
        ),
        files={f"{name}.c": f"int {word}[] = {{{values}}};\nint main(void) {{ return {word}[0]; }}\n"},
        setup=f"gcc -g {name}.c -o {name}",
        steps=(Step(command=f"gdb -q -batch -ex 'print {word}[{at}]' {name}", says=f"$1 = {numbers[at]}"),),
        look="ls",
        check=f"gdb -q -batch -ex 'print {word}' {name}",
        proof=prints(f"$1 = {{{values}}}"),
        predict=True,
        answer=str(numbers[at]),
    )


@_scenario("gdb", "gcc")
def gdb_type(draw: Draw) -> Plan:
    """A structure needs -g to be seen."""
    (name,), (one, two, three) = draw.names(1), draw.words(3)
    code = (
        f"struct {one} {{\n  int {two};\n  char {three}[{draw.number(2, 40)}];\n}};\nstruct {one} x;\nint "
        f"main(void) {{ return x.{two}; }}\n"
    )
    return Plan(
        goals=(
            f"Show the definition of struct {one} from the program {name} with gdb; compile it with debug "
            f"information first.",
            f"Let gdb print what struct {one} in {name} consists of. Build {name} from {name}.c so that it can.",
        ),
        files={f"{name}.c": code},
        setup=f"gcc {name}.c -o {name}",
        steps=(
            Step(
                command=f"gdb -q -batch -ex 'ptype struct {one}' {name}",
                fails=True,
                says="No struct type named",
                needed=False,
            ),
            Step(command=f"gcc -g {name}.c -o {name}"),
            Step(command=f"gdb -q -batch -ex 'ptype struct {one}' {name}", says=f"int {two};"),
        ),
        look="ls",
        check=f"gdb -q -batch -ex 'ptype struct {one}' {name} | grep -c ';'",
        proof=prints("2"),
        predict=True,
    )


@_scenario("gcc")
def undefined_behaviour(draw: Draw) -> Plan:
    """An undefined shift is found by the sanitizer for undefined behaviour."""
    (name,), value = draw.names(1), draw.number(33, 60)
    code = (
        "#include <stdio.h>\n#include <stdlib.h>\nint main(int count, char **words) {\n  (void)count;\n"
        '  int by = atoi(words[1]);\n  printf("%d\\n", 1 << by);\n  return 0;\n}\n'
    )
    return Plan(
        goals=(
            f"Find undefined behaviour in {name}.c when it runs with the argument {value}.",
            f"Build {name}.c with the undefined-behaviour sanitizer and run it with {value}.",
        ),
        files={f"{name}.c": code},
        steps=(
            Step(command=f"gcc -g -fsanitize=undefined {name}.c -o {name}"),
            Step(command=f"./{name} {value} > /dev/null", says=f"shift exponent {value} is too large"),
        ),
        look=f"cat {name}.c",
        check=f"./{name} {value} 2>&1 | grep -o 'c:6:[0-9]*: runtime error: shift exponent {value}' | cut -d : -f 2",
        proof=prints("6"),
        answer=f"Line 6 shifts by {value}, which is too much for an int.",
    )
