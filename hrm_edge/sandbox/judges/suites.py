"""Suite mode: the tests share the program's process, so what they say can be forged, and is believed only so far.

A program passes when it ended with exit code 0, reported exactly the expected tests as passed, with the nonce of this
run, and then failed once more beside a canary: the same suite with one test that must fail. What passes the canary too
is `failed`, with the note `tampered`. A program written to defeat all of this can: scores of this mode are kept apart.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hrm_edge.problems.problem import Answer, SuiteTests
from hrm_edge.problems.problem import Harness as HarnessName
from hrm_edge.sandbox.build import COMPILE_LIMITS, Builder
from hrm_edge.sandbox.harness.asserts import asserts_programs
from hrm_edge.sandbox.harness.catch2 import catch2_programs
from hrm_edge.sandbox.harness.go_test import go_programs
from hrm_edge.sandbox.harness.jest import jest_programs
from hrm_edge.sandbox.harness.junit import junit_programs
from hrm_edge.sandbox.harness.program import (
    AnsweredSuite,
    MakePrograms,
    MissingLibrariesError,
    SuiteProgram,
    UnreadableSuiteError,
)
from hrm_edge.sandbox.harness.python_unittest import unittest_programs
from hrm_edge.sandbox.harness.report import Report, read_report
from hrm_edge.sandbox.harness.rust_test import rust_programs
from hrm_edge.sandbox.harness.transcript import shortened, transcript
from hrm_edge.sandbox.job import Job, Raw
from hrm_edge.sandbox.toolchain import Toolchain
from hrm_edge.sandbox.verdict import Failure, Outcome, Verdict, decide, limit_outcome

HARNESSES: Mapping[HarnessName, MakePrograms] = {
    "asserts": asserts_programs,
    "go-test": go_programs,
    "rust-test": rust_programs,
    "catch2": catch2_programs,
    "junit": junit_programs,
    "jest": jest_programs,
    "unittest": unittest_programs,
}
_ASSERTION = re.compile(rb"AssertionError|Assertion failed|: Assertion `")
_NONCE_BYTES = 16
_PLACE = re.compile(r"\{([\w+]+)\}")


def judge_suite(builder: Builder, check: SuiteTests, language: str, answer: Answer) -> Verdict:
    """Build the suite around the answer, run it, and if it passes run it once more with a canary."""
    suite = AnsweredSuite(check=check, language=language, solution=solution_files(check, answer))
    make = HARNESSES[check.harness]
    try:
        verdict = _verdict([_attempt(builder, suite, each) for each in make(suite, with_canary=False)])
        if verdict.outcome is not Outcome.PASSED:
            return verdict
        canaries = [_attempt(builder, suite, each) for each in make(suite, with_canary=True)]
    except (UnreadableSuiteError, MissingLibrariesError) as error:
        return Verdict(outcome=Outcome.UNSCORED, mode="suite", message=str(error))
    return _confirmed(verdict, canaries)


def solution_files(check: SuiteTests, answer: Answer) -> Mapping[str, str]:
    """Text of every solution file: the answer's, else the stub's. Other files of an answer are left out."""
    given = {check.solution_paths[0]: answer} if isinstance(answer, str) else answer
    return {path: given.get(path, check.files.get(path, "")) for path in check.solution_paths}


@dataclass(frozen=True, kw_only=True)
class _Attempt:
    """One program of a suite, built and run."""

    program: SuiteProgram
    compiled: Raw | None
    ran: Raw | None
    report: Report

    @property
    def outcome(self) -> Outcome:
        """What the framework says. A program that ended with an error because a test failed has failed."""
        agreed = self.report.agrees_with(self.program.tests)
        outcome = decide(compiled=self.compiled, ran=self.ran, agreed=agreed)
        if outcome is Outcome.RUNTIME_ERROR and self.ran is not None:
            failed = not all(self.report.statuses.values()) or _ASSERTION.search(self.ran.stderr)
            return Outcome.FAILED if failed else outcome
        return outcome

    @property
    def runs(self) -> list[Raw]:
        return [raw for raw in (self.compiled, self.ran) if raw is not None]

    @property
    def missing(self) -> list[str]:
        """Tests that were not reported as passed."""
        return [test for test in self.program.tests if not self.report.statuses.get(test, False)]


def _attempt(builder: Builder, suite: AnsweredSuite, program: SuiteProgram) -> _Attempt:
    files = {path: text.encode("utf-8", "backslashreplace") for path, text in program.files.items()}
    compiled, job = _built(builder, suite.language, program, files)
    if job is None:
        return _Attempt(program=program, compiled=compiled, ran=None, report=read_report(b"", ""))
    nonce = secrets.token_hex(_NONCE_BYTES)
    timeout_s = suite.check.timeout_s
    limits = replace(program.limits, wall_s=timeout_s, cpu_s=int(timeout_s) + 1)
    ran = builder.session.run(replace(job, secret=nonce.encode(), limits=limits))
    return _Attempt(program=program, compiled=compiled, ran=ran, report=read_report(ran.result, nonce))


def _built(
    builder: Builder, language: str, program: SuiteProgram, files: Mapping[str, bytes]
) -> tuple[Raw | None, Job | None]:
    """The compiler's last run, and the job that runs the program where all steps succeeded."""
    if program.python:
        return None, Job(python=program.python, files=files)
    if not program.steps:
        build = builder.build(language, files, run=program.argv)
        return build.compiled, None if build.program is None else build.program.job(wall_s=0.0)
    toolchain = builder.toolchain(language)
    assert toolchain is not None, "the judge has asked before"
    files = dict(files)
    for step in program.steps:
        inputs = {path: files[path] for path in step.inputs}
        argv = _with_paths(step.argv, toolchain)
        compiled = builder.compile(toolchain, Job(argv=argv, files=inputs, keep=step.outputs, limits=COMPILE_LIMITS))
        if compiled.exit_code != 0 or limit_outcome(compiled) is not None:
            return compiled, None
        files |= compiled.kept
    needed = {path: files[path] for path in program.runs_with}
    argv = _with_paths(program.argv, toolchain)
    return compiled, Job(argv=argv, files=needed, environment=toolchain.environment)


def _with_paths(argv: tuple[str, ...], toolchain: Toolchain) -> tuple[str, ...]:
    """The command with this machine's paths in it."""
    places = {"support": toolchain.support, **toolchain.programs}
    return tuple(_PLACE.sub(lambda place: places.get(place[1], place[0]), word) for word in argv)


def _verdict(attempts: Sequence[_Attempt]) -> Verdict:
    """Of all programs of a suite together: the worst outcome, and its first test that did not pass."""
    outcomes = [attempt.outcome for attempt in attempts]
    outcome = min(outcomes, key=_PRECEDENCE.index)
    worst = attempts[outcomes.index(outcome)]
    tests = sum(len(attempt.program.tests) for attempt in attempts)
    missing = sum(len(attempt.missing) for attempt in attempts)
    runs = [raw for attempt in attempts for raw in attempt.runs]
    message = "" if outcome is Outcome.PASSED else _message(worst)
    return Verdict(
        outcome=outcome,
        mode="suite",
        tests=tests,
        passed=tests - missing,
        failure=Failure(test=worst.missing[0], error=message) if worst.missing else None,
        message=message,
        cpu_s=sum(raw.cpu_s for raw in runs),
        wall_s=sum(raw.wall_s for raw in runs),
        peak_bytes=max((raw.peak_bytes for raw in runs), default=0),
    )


_PRECEDENCE = (
    Outcome.SANDBOX_ERROR,
    Outcome.OUTPUT_LIMIT,
    Outcome.MEMORY_LIMIT,
    Outcome.TIMEOUT,
    Outcome.COMPILE_ERROR,
    Outcome.RUNTIME_ERROR,
    Outcome.FAILED,
    Outcome.PASSED,
)


def _message(attempt: _Attempt) -> str:
    """The names of the tests that failed, and what was printed."""
    last = attempt.runs[-1]
    if last.sandbox_error is not None:
        return last.sandbox_error
    printed = transcript(last)
    if attempt.ran is None:
        return printed
    unreported = [test for test in attempt.missing if test not in attempt.report.statuses]
    failed = [test for test in attempt.missing if test in attempt.report.statuses]
    lines = [f"failed: {', '.join(failed)}"] * bool(failed) + [f"did not end: {', '.join(unreported)}"] * bool(
        unreported
    )
    if not attempt.report.intact:
        lines.append("wrote to the descriptor of the test results")
    return shortened("\n".join([*lines, printed]).strip())


def _confirmed(verdict: Verdict, canaries: Sequence[_Attempt]) -> Verdict:
    """What passed, passed unless the canary did too."""
    for attempt in canaries:
        if attempt.outcome is Outcome.SANDBOX_ERROR:
            return _verdict([attempt])
        assert attempt.program.canary is not None
        said_ok = attempt.report.statuses.get(attempt.program.canary, False)
        if said_ok or attempt.ran is None or attempt.ran.exit_code == 0:
            return replace(
                verdict,
                outcome=Outcome.FAILED,
                failure=Failure(test=attempt.program.canary, error="passed although it had been made to fail"),
                message="the program passed a test that must fail",
                notes=("tampered",),
            )
    return verdict
