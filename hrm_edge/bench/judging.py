"""Threads that judge answers, each with an isolation and a judge of its own, while the caller goes on generating.

How many: `default_workers`. A judged program is a process and takes a core while it runs; the model's own threads are
never changed for the workers' sake, as another number of threads may round differently and so sample differently.
"""

import queue
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Generic, Protocol, TypeVar

from hrm_edge.problems.problem import Answer, Problem
from hrm_edge.sandbox.compile_cache import CompileCache
from hrm_edge.sandbox.judge import Judge
from hrm_edge.sandbox.session import Session
from hrm_edge.sandbox.toolchain import Toolchain
from hrm_edge.sandbox.verdict import Verdict

Ticket = TypeVar("Ticket")
LONGEST_TEXT = 4000
"""Characters of a failure's values and of a message that are kept: contest inputs have megabytes."""
_WAITING_PER_WORKER = 4
_PATIENCE_S = 2.0


class Sessions(Protocol):
    """What hands out isolations: hrm_edge.sandbox.open.Sandbox."""

    @property
    def backend(self) -> str:
        """Of all its sessions."""
        ...

    def session(self) -> Session:
        """A new one, for the thread that asks."""
        ...


def default_workers(cores: int, *, model_threads: int | None, generates: bool) -> int:
    """How many answers to judge at once on a machine of so many physical cores.

    Without a model to run: one per core. Beside one: the cores its threads leave, and where it takes all of them (its
    own default) half of the cores, as programs are short and the model mostly waits for memory; never less than one.
    """
    if not generates:
        return max(1, cores)
    return max(1, cores - model_threads if model_threads is not None and model_threads < cores else cores // 2)


@dataclass(frozen=True, kw_only=True)
class _Task(Generic[Ticket]):
    ticket: Ticket
    problem: Problem
    answer: Answer


class JudgingPool(Generic[Ticket]):
    """Answers in, verdicts out, in whatever order they are ready."""

    def __init__(
        self,
        sandbox: Sessions,
        toolchains: Mapping[str, Toolchain],
        *,
        workers: int,
        compile_cache: CompileCache | None = None,
    ) -> None:
        if workers < 1:
            raise ValueError(f"{workers} workers: at least 1 must judge")
        self._sandbox, self._toolchains, self._compile_cache = sandbox, toolchains, compile_cache
        self._tasks: queue.SimpleQueue[_Task[Ticket] | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[tuple[Ticket, Verdict] | BaseException] = queue.SimpleQueue()
        self._most = workers * _WAITING_PER_WORKER
        self.pending = 0
        """Answers that were submitted and whose verdict was not taken yet."""
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(workers)]
        for thread in self._threads:
            thread.start()

    @property
    def full(self) -> bool:
        """Whether enough answers wait, so that a caller should take verdicts before it submits more."""
        return self.pending >= self._most

    def submit(self, ticket: Ticket, problem: Problem, answer: Answer) -> None:
        """Have an answer judged; its verdict comes back with the ticket."""
        self.pending += 1
        self._tasks.put(_Task(ticket=ticket, problem=problem, answer=answer))

    def ready(self) -> Iterator[tuple[Ticket, Verdict]]:
        """The verdicts that are there already."""
        with suppress(queue.Empty):
            while True:
                yield self._taken(self._results.get_nowait())

    def wait(self) -> tuple[Ticket, Verdict]:
        """The next verdict; at least one must be pending.

        Raises:
            SandboxError: a worker has no isolation.
        """
        assert self.pending > 0, "nothing is being judged"
        return self._taken(self._results.get())

    def _taken(self, result: tuple[Ticket, Verdict] | BaseException) -> tuple[Ticket, Verdict]:
        if isinstance(result, BaseException):
            raise result
        self.pending -= 1
        return result

    def _work(self) -> None:
        try:
            with self._sandbox.session() as session:
                judge = Judge(session, self._toolchains, self._compile_cache)
                while (task := self._tasks.get()) is not None:
                    verdict = judge.judge(task.problem.check, task.problem.language, task.answer)
                    self._results.put((task.ticket, _shortened(verdict)))
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that takes the verdicts
            self._results.put(error)

    def close(self) -> None:
        """End the workers. Answers that still wait are not judged, and nobody waits long for the one in a sandbox."""
        with suppress(queue.Empty):
            while True:
                self._tasks.get_nowait()
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join(_PATIENCE_S)

    def __enter__(self) -> "JudgingPool[Ticket]":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def cut_middle(text: str, length: int) -> str:
    """At most `length` characters of a text, half from its start and half from its end, and a mark in between.

    The mark is LiveCodeBench's (testing_util.py, truncatefn), whose results files hold such texts.
    """
    return text if len(text) <= length else f"{text[: length // 2]}...(truncated) ...{text[-(length // 2) :]}"


def _shortened(verdict: Verdict) -> Verdict:
    failure = verdict.failure
    if failure is not None:
        failure = replace(
            failure,
            test=cut_middle(failure.test, LONGEST_TEXT) if isinstance(failure.test, str) else failure.test,
            input=cut_middle(failure.input, LONGEST_TEXT),
            output=cut_middle(failure.output, LONGEST_TEXT),
            expected=cut_middle(failure.expected, LONGEST_TEXT),
            error=cut_middle(failure.error, LONGEST_TEXT),
        )
    return replace(verdict, failure=failure, message=cut_middle(verdict.message, LONGEST_TEXT))
