"""`StdinTests`: feed standard input, compare standard output on the host, line by line as LiveCodeBench does it.

https://github.com/LiveCodeBench/LiveCodeBench/blob/28fef95/lcb_runner/evaluation/testing_util.py#L305

Unlike there, each test has a process of its own in which the program is `__main__`, so that nothing is left over from
the test before, and a program that reads its input in an unusual way is not failed for it.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from hrm_edge.errors import DataError
from hrm_edge.languages import LANGUAGES
from hrm_edge.problems.problem import Answer, StdinTests
from hrm_edge.sandbox.build import Builder
from hrm_edge.sandbox.drivers.call_programs import java_program
from hrm_edge.sandbox.job import Job, Limits, Raw
from hrm_edge.sandbox.judges.messages import compile_failure, error_line, run_message, single_text
from hrm_edge.sandbox.judges.python_calls import LIVECODEBENCH_PRELUDE
from hrm_edge.sandbox.verdict import Failure, Outcome, Verdict, decide

_PYTHON = """
import builtins
import sys
builtins.exit = builtins.quit = sys.exit
sys.argv = ["answer.py"]
with open("answer.py", encoding="utf-8") as file:
    source = file.read()
{prelude}
try:
    exec(compile(source, "answer.py", "exec", dont_inherit=True), globals())
except SystemExit:
    pass
"""
"""LiveCodeBench swallows SystemExit: an exit code fails no test."""


def judge_stdin_tests(builder: Builder, check: StdinTests, language: str, answer: Answer) -> Verdict:
    """Run the program on one test after another, up to the first that is not passed or the end of all time."""
    compiled, job_for = _program(builder, language, single_text(answer))
    runs = [] if compiled is None else [compiled]
    if job_for is None:
        error = compile_failure(compiled)
        outcome = decide(compiled=compiled, ran=None, agreed=False)
        return _verdict(check, runs, outcome, 0, "", error, run_message(compiled, None, error))
    left_s = (check.timeout_s + 1) * len(check.tests) + 5
    for index, (stdin, expected) in enumerate(check.tests):
        ran = builder.session.run(_limited(job_for(stdin), min(check.timeout_s, left_s), expected))
        runs.append(ran)
        left_s = max(0.1, left_s - ran.wall_s)
        output = ran.stdout.decode("utf-8", "backslashreplace")
        mismatch = difference(output, expected)
        outcome = decide(compiled=None, ran=ran, agreed=mismatch is None)
        if outcome is not Outcome.PASSED:
            error = _error(ran, outcome, mismatch)
            return _verdict(check, runs, outcome, index, output, error, run_message(None, ran, error))
    if not check.tests:
        return _verdict(check, runs, Outcome.FAILED, 0, "", "", "there are no tests")
    return _verdict(check, runs, Outcome.PASSED, len(check.tests), "", "", "")


def difference(output: str, expected: str) -> str | None:
    """How an output is not the expected one, in LiveCodeBench's words; None where it is.

    Lines are compared without the white space around them, as texts or as lists of decimal numbers.
    """
    lines, wanted = _stripped_lines(output), _stripped_lines(expected)
    if len(lines) != len(wanted):
        return "Wrong answer: mismatched output length"
    for output_line_idx, (line, right) in enumerate(zip(lines, wanted, strict=True)):
        if line != right and not _same_numbers(line, right):
            return f"Wrong answer at {output_line_idx=}: {_truncated(line)} != {_truncated(right)}"
    return None


def _stripped_lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().split("\n")]


def _same_numbers(line: str, right: str) -> bool:
    try:
        return [Decimal(word) for word in line.split()] == [Decimal(word) for word in right.split()]
    except (InvalidOperation, ValueError):  # no numbers, or a signalling nan
        return False


def _truncated(text: str, length: int = 300) -> str:
    return text if len(text) <= length else f"{text[: length // 2]}...(truncated) ...{text[-length // 2 :]}"


JobFor = Callable[[str], Job]
"""The run of a program on a standard input."""


def _program(builder: Builder, language: str, answer: str) -> tuple[Raw | None, JobFor | None]:
    """(the compiler's run, what runs the program; None where compilation failed)."""
    row = LANGUAGES[language]
    if language == "python":
        files = {"answer.py": answer.encode("utf-8", "replace")}
        limits = Limits(memory_bytes=row.memory_bytes)
        source = _PYTHON.format(prelude=LIVECODEBENCH_PRELUDE)
        return None, lambda stdin: Job(python=source, files=files, stdin=_bytes(stdin), limits=limits)
    name, main = java_program(answer) if language == "java" else (row.source, "")
    run = (*row.run[:-1], main) if main else row.run
    build = builder.build(language, {name: answer.encode("utf-8", "replace")}, run=run)
    program = build.program
    if program is None:
        return build.compiled, None
    return build.compiled, lambda stdin: program.job(wall_s=1, stdin=_bytes(stdin))


def _bytes(stdin: str) -> bytes:
    try:
        return stdin.encode()
    except UnicodeEncodeError:
        raise DataError("a test's input has half of a surrogate pair: give it as Unicode text") from None


def _limited(job: Job, wall_s: float, expected: str) -> Job:
    """The job with its time, and room for the output that is right."""
    output_bytes = max(job.limits.output_bytes, 2 * len(expected))
    return replace(job, limits=replace(job.limits, wall_s=wall_s, cpu_s=int(wall_s) + 1, output_bytes=output_bytes))


def _error(ran: Raw, outcome: Outcome, mismatch: str | None) -> str:
    if outcome is Outcome.FAILED:
        return mismatch or ""
    return "Time Limit Exceeded" if outcome is Outcome.TIMEOUT else error_line(ran)


def _verdict(
    check: StdinTests, runs: list[Raw], outcome: Outcome, passed: int, output: str, error: str, message: str
) -> Verdict:
    failure = None
    if outcome is not Outcome.PASSED and passed < len(check.tests):
        stdin, expected = check.tests[passed]
        failure = Failure(
            test=passed,
            input=_truncated(stdin),
            output=_truncated(output),
            expected=_truncated(expected),
            error=error,
        )
    return Verdict(
        outcome=outcome,
        mode="call",
        tests=len(check.tests),
        passed=passed,
        failure=failure,
        message=message,
        cpu_s=sum(raw.cpu_s for raw in runs),
        wall_s=sum(raw.wall_s for raw in runs),
        peak_bytes=max((raw.peak_bytes for raw in runs), default=0),
    )
