"""Beside the engine, two threads for what a request needs besides the model.

One reads requests: it owns the local index and makes prompts. The other runs answers, those of the index and those of
the model: it alone uses the sandbox, so that a slow program holds up neither the event loop nor who writes. An answer
that is not run in time is given all the same, and says so.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from hrm_edge.assistant.executor import Executor
from hrm_edge.assistant.pursuit import Pursuit, Settings
from hrm_edge.assistant.trials import Answered
from hrm_edge.errors import DataError, HrmEdgeError
from hrm_edge.local_index import LocalIndex
from hrm_edge.server.answers import api_error
from hrm_edge.server.metrics import Metrics
from hrm_edge.server.served_model import Parts, ServedModel
from hrm_edge.server.settings import Limits

logger = logging.getLogger("hrm_edge.server")

ENDED = "the server is shutting down"
T = TypeVar("T")


class UncheckedError(Exception):
    """Nothing is known of an answer; the message says why."""


class Assistance:
    """The two threads."""

    def __init__(
        self,
        limits: Limits,
        metrics: Metrics,
        *,
        verify: bool = True,
        index: bool = True,
    ) -> None:
        """
        Args:
            verify: whether answers are run.
            index: whether entries of the local index are run against a request's examples before the model is asked,
                and shown to it.
        """
        self.verify = verify
        self._limits = limits
        self._looks_up = index
        self._executor = Executor(notice=logger.info, call_timeout_s=limits.call_s)
        self._index: LocalIndex | None = None
        self._readers = ThreadPoolExecutor(1, thread_name_prefix="hrm-edge reader")
        self._checkers = ThreadPoolExecutor(1, thread_name_prefix="hrm-edge checker")
        self._unfinished = 0
        self._ended = False
        metrics.watch("checks_unfinished", "Answers that are run or wait for it.", lambda: self._unfinished)

    async def read(self, model: ServedModel, request: str, settings: Settings) -> tuple[Pursuit, Parts]:
        """The request with what the index has for it, and its tokens.

        Raises:
            ApiError: 400, it is none for this model.
        """
        try:
            event_loop = asyncio.get_running_loop()
            return await event_loop.run_in_executor(self._readers, self._read, model, request, settings)
        except HrmEdgeError as error:
            raise api_error(error) from error

    async def look_up(self, pursuit: Pursuit) -> Answered | None:
        """The answer of the local index; None where it has none that passes, or not in time."""
        if not pursuit.looks_up:
            return None
        # One of its own: what comes too late must not stand among the trials of the model's answers.
        looking = pursuit.again()
        check = self.check(lambda: looking.answered() if looking.look_up() else None)
        try:
            return await self.result_of(check, until=self.deadline())
        except UncheckedError:
            return None

    def check(self, work: Callable[[], T]) -> "asyncio.Future[T]":
        """`work()` on the thread that runs answers; ask for the result with `result_of`. Called on the event loop."""
        why_not = ENDED if self._ended else ""
        if self._unfinished >= self._limits.checks:
            why_not = f"{self._unfinished} answers wait to be run already"
        if why_not:
            refused = asyncio.get_running_loop().create_future()
            refused.set_exception(UncheckedError(why_not))
            refused.exception()  # or asyncio complains where nobody asks for the result
            return refused
        self._unfinished += 1
        future = asyncio.wrap_future(self._checkers.submit(_logged, work))
        future.add_done_callback(self._count_down)
        return future

    async def result_of(self, check: "asyncio.Future[T]", *, until: float) -> T:
        """What a check found. `until`: by the event loop's clock.

        Raises:
            UncheckedError: it was not done in time, could not be queued, or failed.
        """
        await asyncio.wait({check}, timeout=max(0.0, until - asyncio.get_running_loop().time()))
        if check.cancelled():
            raise UncheckedError(ENDED)
        if not check.done():
            check.cancel()
            raise UncheckedError(f"it was not run within {self._limits.longest_check_s:g} s")
        return check.result()

    def deadline(self) -> float:
        """For a check that is waited for from now on."""
        return asyncio.get_running_loop().time() + self._limits.longest_check_s

    def end(self) -> None:
        """Begin to run no more answers: those that wait for it are given without. Called on the event loop."""
        self._ended = True
        self._checkers.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """End both threads; waits for the program that runs now."""
        self._readers.submit(self._close_index)
        self._readers.shutdown()
        self._checkers.shutdown(cancel_futures=True)
        self._executor.close()

    def _count_down(self, check: "asyncio.Future[T]") -> None:
        self._unfinished -= 1
        if not check.cancelled():
            check.exception()

    def _read(self, model: ServedModel, request: str, settings: Settings) -> tuple[Pursuit, Parts]:
        if self._looks_up and self._index is None:
            self._open_index()
        if not self._looks_up:
            settings = replace(settings, neighbours=0, looked_up=0)
        return model.begin(request, settings, self._executor, self._index)

    def _open_index(self) -> None:
        """A server without an index is better than none."""
        try:
            self._index = LocalIndex()
        except DataError as error:
            logger.error("requests are answered without the local index: %s", error)
            self._looks_up = False

    def _close_index(self) -> None:
        if self._index is not None:
            self._index.close()


def cancel(checks: Sequence["asyncio.Future[T]"]) -> None:
    """Take back checks that are not begun."""
    for check in checks:
        check.cancel()


def _logged(work: Callable[[], T]) -> T:
    try:
        return work()
    except Exception as error:
        logger.exception("an answer could not be checked")
        raise UncheckedError("the check failed: the server's log has the details") from error
