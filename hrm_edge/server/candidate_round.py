"""Candidates for one prompt: they are drawn in the engine's batch, each is run as it ends, until one passes.

round_ = CandidateRound(pursuit, assistance, count=8, prompt_tokens=len(parts.prompt_ids))
async for tried in round_.tried(feed, until=…): ...
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from functools import partial

from hrm_edge.assistant.drawing import Candidate
from hrm_edge.assistant.pursuit import Pursuit
from hrm_edge.assistant.trials import Trial
from hrm_edge.server.answers import AnswerFeed
from hrm_edge.server.assistance import Assistance, UncheckedError, cancel
from hrm_edge.server.choices import Written
from hrm_edge.server.engine import Piece


class CandidateRound:
    """One batch of answers to a request, or of repairs of one of them."""

    def __init__(
        self, pursuit: Pursuit, assistance: Assistance, *, count: int, prompt_tokens: int, parent: int | None = None
    ) -> None:
        """`parent`: the trial that all are to mend."""
        self._pursuit, self._assistance, self._parent = pursuit, assistance, parent
        self._written = [Written() for _ in range(count)]
        self.count, self.prompt_tokens = count, prompt_tokens
        self.drawn: list[tuple[Candidate, Written]] = []
        """Those that have ended."""
        self._checks: list[asyncio.Future[Trial | None]] = []
        """Of each of those, in the same order, which is also the order of their runs."""

    @property
    def tokens(self) -> int:
        """That the model wrote, those of unfinished candidates included."""
        return sum(len(written.steps) for written in self._written)

    async def tried(self, feed: AnswerFeed, *, until: float) -> AsyncGenerator[int, None]:
        """How many have been tried, each time it is one more, until one passes. What is unfinished then is left.

        Args:
            until: by the event loop's clock; candidates that have not ended then are left. One answer to the request
                is always written.

        Raises:
            ApiError: a candidate ended by an error.
        """
        try:
            async with aclosing(self._run(feed, until)) as tried:
                async for number in tried:
                    yield number
        finally:
            feed.cancel()
            cancel(self._checks)

    async def _run(self, feed: AnswerFeed, until: float) -> AsyncGenerator[int, None]:
        looked_at = tried = 0
        async with aclosing(self._pieces(feed, until)) as pieces:
            async for index, piece in pieces:
                self._add(index, piece)
                # As long as others are written there is a next piece to look at this again.
                while looked_at < len(self._checks) and (check := self._checks[looked_at]).done():
                    looked_at += 1
                    if _is_told(check) and (trial := check.result()) is not None:
                        tried += 1
                        yield tried
                        if trial.verification.verified:
                            return
        feed.cancel()
        deadline = self._assistance.deadline()
        for check in self._checks[looked_at:]:
            with suppress(UncheckedError):
                trial = await self._assistance.result_of(check, until=deadline)
                if trial is None:
                    return
                tried += 1
                yield tried

    async def _pieces(self, feed: AnswerFeed, until: float) -> AsyncGenerator[tuple[int, Piece], None]:
        async with aclosing(feed.pieces(until=until)) as pieces:
            async for each in pieces:
                yield each
        if self._parent is None and not self.drawn:
            feed.cancel(all_but=0)  # the first came as far as any
            async for each in feed:
                yield each

    def _add(self, index: int, piece: Piece) -> None:
        written = self._written[index]
        written.add(piece)
        if piece.finish_reason is not None:
            candidate = written.candidate(self.prompt_tokens)
            self.drawn.append((candidate, written))
            self._checks.append(self._assistance.check(partial(self._try, candidate)))

    def _try(self, candidate: Candidate) -> Trial | None:
        """On the thread that runs answers; None where it is not worth it any more."""
        return None if self._pursuit.verified is not None else self._pursuit.add(candidate, parent=self._parent)


def _is_told(check: "asyncio.Future[Trial | None]") -> bool:
    """Whether a check that has ended found something: it may have failed, and the end of the server takes it back."""
    return not check.cancelled() and check.exception() is None
