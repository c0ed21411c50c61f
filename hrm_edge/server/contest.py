"""Several candidates for one answer: they are drawn in the engine's batch, each is run as it ends, and the first that
passes is given; the others are left. Where none does, the best is given, as hrm_edge.assistant.pursuit chooses it.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from functools import partial
from typing import Any

from hrm_edge.assistant.drawing import Candidate
from hrm_edge.assistant.pursuit import Pursuit
from hrm_edge.assistant.trials import Trial
from hrm_edge.prompt import fenced
from hrm_edge.server.answers import AnswerFeed
from hrm_edge.server.assistance import Assistance, UncheckedError, cancel
from hrm_edge.server.choices import Written, delta, message, verdict
from hrm_edge.server.engine import Piece
from hrm_edge.server.envelope import Envelope, usage


class Contest:
    """The one choice of a response."""

    def __init__(self, pursuit: Pursuit, assistance: Assistance, envelope: Envelope, *, count: int) -> None:
        self._pursuit, self._assistance, self._envelope = pursuit, assistance, envelope
        self._written = [Written() for _ in range(count)]
        self._drawn: list[tuple[Candidate, Written]] = []
        """Those that have ended."""
        self._checks: list[asyncio.Future[Trial | None]] = []
        """Of each of those, in the same order, which is also the order of their runs."""
        self._text = ""
        self._end: dict[str, Any] = {}

    async def chunks(self, feed: AnswerFeed) -> AsyncGenerator[dict[str, Any], None]:
        """A chunk for each candidate that was tried, then the answer in one piece, and what running it said."""
        yield self._envelope.chunk(delta(0, {"role": "assistant", "content": ""}))
        try:
            async for tried in self._tried(feed):
                progress = {"progress": f"tried {tried} of {len(self._written)}"}
                yield self._envelope.chunk({**delta(0, {}), **progress})
        finally:
            feed.cancel()
            cancel(self._checks)
        await self._choose()
        yield self._envelope.chunk(delta(0, {"content": self._text}))
        yield self._envelope.chunk({**delta(0, {}), **self._end})

    def whole(self) -> dict[str, Any]:
        """The response; its usage counts the tokens of all candidates."""
        choice = {"index": 0, "message": message(self._text), "logprobs": None, **self._end}
        tokens = sum(len(written.steps) for written in self._written)
        return self._envelope.around([choice], usage(len(self._pursuit.prompt_ids), tokens))

    async def _tried(self, feed: AnswerFeed) -> AsyncGenerator[int, None]:
        """How many have been tried, each time it is one more, until one passes."""
        looked_at = tried = 0
        async for index, piece in feed:
            self._add(index, piece)
            # As long as others are written there is a next piece to look at this again.
            while looked_at < len(self._checks) and (check := self._checks[looked_at]).done():
                looked_at += 1
                if check.exception() is None and (trial := check.result()) is not None:
                    tried += 1
                    yield tried
                    if trial.verification.verified:
                        return
        until = self._assistance.deadline()
        for check in self._checks[looked_at:]:
            with suppress(UncheckedError):
                trial = await self._assistance.result_of(check, until=until)
                if trial is None:
                    return
                tried += 1
                yield tried

    def _add(self, index: int, piece: Piece) -> None:
        written = self._written[index]
        written.add(piece)
        if piece.finish_reason is not None:
            candidate = written.candidate(len(self._pursuit.prompt_ids))
            self._drawn.append((candidate, written))
            self._checks.append(self._assistance.check(partial(self._try, candidate)))

    def _try(self, candidate: Candidate) -> Trial | None:
        """On the thread that runs answers; None where it is not worth it any more."""
        return None if self._pursuit.verified is not None else self._pursuit.add(candidate)

    async def _choose(self) -> None:
        try:
            choosing = self._assistance.check(self._pursuit.answered)
            answered = await self._assistance.result_of(choosing, until=self._assistance.deadline())
        except UncheckedError as why:
            candidate, written = max(self._drawn, key=lambda pair: pair[0].log_probability)
            told = verdict(None, str(why), self._pursuit.neighbours.leant_on(candidate.code))
            self._text = written.text
        else:
            chosen = answered.chosen.candidate
            written = next(written for candidate, written in self._drawn if candidate is chosen)
            told = verdict(answered.verified, answered.reason, answered.source)
            # What is called verified is what was run, which may have its function named as the examples call it.
            same = answered.answer == chosen.code
            self._text = written.text if same else fenced(answered.answer, answered.language or "")
        trials = [trial.to_json() for trial in tuple(self._pursuit.trials)]
        self._end = {"finish_reason": written.finish_reason, **told, "trials": trials}
