"""Calls of an answer's function, all in one run of the program: what each of them comes to, for whoever compares."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hrm_edge.errors import DataError
from hrm_edge.languages import LANGUAGES
from hrm_edge.problems.problem import Calls, Signature
from hrm_edge.sandbox.build import Builder
from hrm_edge.sandbox.drivers.call_programs import call_program, javascript_calls
from hrm_edge.sandbox.job import Limits, Raw
from hrm_edge.sandbox.judges.call_verdicts import WIRE_REFUSED
from hrm_edge.sandbox.judges.python_calls import CallResult, python_calls_job, read_python_results
from hrm_edge.sandbox.typed_values import Type, WireError, conform, parse_type, unwire, words
from hrm_edge.sandbox.values import ValueRefusedError, parse_json

_SIGALRM = 14


@dataclass(frozen=True, kw_only=True)
class CallRun:
    """One run of a program that calls a function."""

    compiled: Raw | None
    """Of languages that are compiled."""
    ran: Raw | None
    """None where it did not compile."""
    results: list[CallResult]
    """Of the calls in order, up to the first that did not return."""


def run_calls(builder: Builder, check: Calls, language: str, answer: str) -> CallRun:
    """Call the answer's function with all arguments of the check; nothing is compared.

    Raises:
        DataError: static types without a signature, or an argument that is not of its type.
    """
    if language == "python":
        limits = Limits(memory_bytes=LANGUAGES["python"].memory_bytes)
        ran = builder.session.run(python_calls_job(check, answer, limits))
        return CallRun(compiled=None, ran=ran, results=read_python_results(ran, check))
    kind = result_type(check, language)
    if language == "javascript":
        build = builder.build("javascript", javascript_calls(check, answer))
        assert build.program is not None, "JavaScript is not compiled"
        ran = builder.session.run(build.program.job(wall_s=_whole_run_s(check)))
    else:
        assert check.signature is not None, "result_type asks for it"
        arguments = _typed_arguments(check.signature, check.arguments)
        program = call_program(language, check, answer)
        files = {name: text.encode("utf-8", "replace") for name, text in program.files.items()}
        build = builder.build(language, files, run=program.run)
        if build.program is None:
            return CallRun(compiled=build.compiled, ran=None, results=[])
        job = build.program.job(
            wall_s=_whole_run_s(check), arguments=program.arguments, files={"arguments": arguments.encode()}
        )
        ran = builder.session.run(job)
    return CallRun(compiled=build.compiled, ran=ran, results=_read_results(ran, len(check.arguments), kind))


def result_type(check: Calls, language: str) -> Type | None:
    """The declared type of what the function returns; None in Python, and where JavaScript has no signature.

    Raises:
        DataError: a language with static types, and no signature.
    """
    if language == "python":
        return None
    if check.signature is None:
        if language == "javascript":
            return None
        raise DataError(f"{check.function}: calls in {LANGUAGES[language].title} need a signature in their check")
    return parse_type(check.signature.result)


def _whole_run_s(check: Calls) -> float:
    """LiveCodeBench's limit for all tests together."""
    return (check.timeout_s + 1) * len(check.arguments) + 5


def _typed_arguments(signature: Signature, calls: Sequence[Sequence[Any]]) -> str:
    """The file of words that drivers read.

    Raises:
        DataError: an argument is not of its type.
    """
    kinds = [parse_type(kind) for _, kind in signature.parameters]
    lines = [str(len(calls))]
    for arguments in calls:
        if len(arguments) != len(kinds):
            raise DataError(f"a call has {len(arguments)} arguments, its signature {len(kinds)} parameters")
        pairs = zip(kinds, arguments, strict=True)
        lines.append(" ".join(word for kind, value in pairs for word in words(kind, conform(kind, value))))
    return "\n".join(lines)


def _read_results(raw: Raw, calls: int, kind: Type | None) -> list[CallResult]:
    """What each call came to, in order, up to the first that did not return; nothing where lines are not in order."""
    results: list[CallResult] = []
    for index, line in enumerate(raw.result.splitlines()):
        try:
            fields = parse_json(line)
        except ValueRefusedError:
            return []
        if type(fields) is not dict or type(fields.get("i")) is not int or fields["i"] != index or index >= calls:
            return []
        if fields.get("timeout") is True:
            return [*results, CallResult(timed_out=True)]
        if "v" not in fields:
            return []
        results.append(_result(fields["v"], kind))
    if len(results) < calls and raw.signal == _SIGALRM:
        results.append(CallResult(timed_out=True))
    return results


def _result(tree: Any, kind: Type | None) -> CallResult:
    try:
        return CallResult(value=unwire(tree, kind))
    except (WireError, RecursionError) as error:
        return CallResult(error=f"{WIRE_REFUSED}: {error}")
