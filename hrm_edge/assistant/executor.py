"""Runs answers: a sandbox for each language, opened when its first answer is run, and calls that all get their turn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from hrm_edge.assistant.targets import Target
from hrm_edge.errors import DataError, SandboxError
from hrm_edge.files import cache_directory
from hrm_edge.languages import LANGUAGES
from hrm_edge.problems.problem import Answer, Calls, Check, Signature
from hrm_edge.sandbox.build import Builder
from hrm_edge.sandbox.compile_cache import CompileCache
from hrm_edge.sandbox.job import Raw
from hrm_edge.sandbox.judge import Judge
from hrm_edge.sandbox.judges.call_runs import run_calls
from hrm_edge.sandbox.judges.messages import compile_failure, error_line
from hrm_edge.sandbox.judges.python_calls import CallResult
from hrm_edge.sandbox.open import Sandbox, open_sandbox
from hrm_edge.sandbox.toolchains import find_toolchain
from hrm_edge.sandbox.verdict import Verdict

CALL_TIMEOUT_S = 2.0
"""Of each call of an answer: someone is waiting."""
Notice = Callable[[str], None]


class Executor:
    """Runs answers, one after another."""

    def __init__(
        self, *, unsafe: bool = False, notice: Notice | None = None, call_timeout_s: float = CALL_TIMEOUT_S
    ) -> None:
        """
        Args:
            unsafe: without isolation. Never a fallback.
            notice: told in one line before something is made that takes more than a moment.
        """
        self._unsafe, self._notice, self._call_timeout_s = unsafe, notice, call_timeout_s
        self._sandboxes: list[Sandbox] = []
        self._places: dict[str, tuple[Builder, Judge] | SandboxError] = {}

    def judge(self, check: Check, language: str, answer: Answer) -> Verdict:
        """The verdict of the sandbox's own judges.

        Raises:
            SandboxError: no isolation, or not the language's toolchain; the message says how to install it.
        """
        return self._place(language)[1].judge(check, language, answer)

    def call(
        self,
        code: str,
        language: str,
        target: Target,
        calls: Sequence[tuple[Any, ...]],
        signature: Signature | None,
    ) -> list[CallResult]:
        """What each call comes to. One that ends the program does not keep those after it from being made.

        Args:
            signature: for languages with static types.

        Raises:
            SandboxError: as `judge`, or the isolation itself failed twice.
        """
        builder = self._place(language)[0]
        results: list[CallResult] = []
        while len(results) < len(calls):
            try:
                found = _run(builder, code, language, self._check(target, calls[len(results) :], signature))
            except DataError as error:  # an argument that the language has no value for
                found = [CallResult(error=str(error))]
            results += found
            if _hopeless(results):
                results += found[-1:] * (len(calls) - len(results))
        return results

    def _check(self, target: Target, calls: Sequence[tuple[Any, ...]], signature: Signature | None) -> Calls:
        return Calls(
            function=target.name,
            method_of=target.method_of,
            arguments=tuple(calls),
            expected=(None,) * len(calls),  # nobody's but the host's, and compared elsewhere
            signature=signature,
            timeout_s=self._call_timeout_s,
        )

    def _place(self, language: str) -> tuple[Builder, Judge]:
        if language not in self._places:
            try:
                self._places[language] = self._open(language)
            except SandboxError as error:
                self._places[language] = error
        place = self._places[language]
        if isinstance(place, SandboxError):
            raise place
        return place

    def _open(self, language: str) -> tuple[Builder, Judge]:
        toolchain = find_toolchain(language, notice=self._notice)
        if toolchain is None:
            row = LANGUAGES[language]
            raise SandboxError(f"{row.title} is not on this machine: {row.install}")
        sandbox = open_sandbox(toolchains=[toolchain], unsafe=self._unsafe)
        self._sandboxes.append(sandbox)
        cache = CompileCache(cache_directory() / "programs")
        session, toolchains = sandbox.session(), {language: toolchain}
        return Builder(session, toolchains, cache), Judge(session, toolchains, cache)

    def close(self) -> None:
        """End every sandbox. Safe to call twice; what is asked later opens new ones."""
        self._places.clear()
        while self._sandboxes:
            self._sandboxes.pop().close()

    def __enter__(self) -> "Executor":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _run(builder: Builder, code: str, language: str, check: Calls) -> list[CallResult]:
    """What the calls come to up to the first that does not return, in one run of the program; at least one of them."""
    count = len(check.arguments)
    for attempt in (1, 2):
        run = run_calls(builder, check, language, code)
        compiled, ran, results = run.compiled, run.ran, run.results
        broken = next((raw.sandbox_error for raw in (compiled, ran) if raw and raw.sandbox_error), None)
        if broken is None:
            break
        if attempt == 2:
            raise SandboxError(broken)
    if ran is None:
        return [CallResult(error=compile_failure(compiled))] * count
    if len(results) < count and (not results or (results[-1].error is None and not results[-1].timed_out)):
        results.append(_death(ran))
    elif ran.exit_code != 0 and not any(result.error or result.timed_out for result in results):
        results[-1] = _death(ran)
    return results


def _hopeless(results: Sequence[CallResult]) -> bool:
    """Whether what follows is not worth its time: two calls took too long, or the first three ended the program."""
    if sum(result.timed_out for result in results) > 1:
        return True
    return len(results) == 3 and all(isinstance(result, _Death) for result in results)


@dataclass(frozen=True, kw_only=True)
class _Death(CallResult):
    """The call, or what comes before any call, ended the program."""


def _death(ran: Raw) -> CallResult:
    """What a call came to that ended the program."""
    if ran.killed_by in ("wall", "cpu"):
        return CallResult(timed_out=True)
    if ran.killed_by is not None:
        return _Death(error=f"the {ran.killed_by} limit was reached")
    return _Death(error=error_line(ran) or "the program ended before the call returned")
