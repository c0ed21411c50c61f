"""Several candidates for one answer: each is run as it ends, and the first that passes is given. Where none does, the
best is repaired with its error, as `hrm-edge run` does it, and at last the best of all is given.

Repairs wait in the engine's queue like any other answers. Where there is no room for them, or the engine ends, or half
of the request's time is over, the best answer so far is given and the request is none the worse for them.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress
from functools import partial
from math import inf
from typing import Any

from hrm_edge.assistant.drawing import Candidate
from hrm_edge.assistant.pursuit import Pursuit
from hrm_edge.prompt import fenced
from hrm_edge.server.answers import AnswerFeed
from hrm_edge.server.api_errors import ApiError
from hrm_edge.server.assistance import UncheckedError
from hrm_edge.server.candidate_round import CandidateRound
from hrm_edge.server.choices import Written, delta, message, verdict
from hrm_edge.server.engine import Order
from hrm_edge.server.envelope import Envelope, usage
from hrm_edge.server.responding import Service
from hrm_edge.server.served_model import Parts, ServedModel

OrdersFor = Callable[[Parts], Sequence[Order]]
"""A round of candidates for a prompt."""


class Contest:
    """The one choice of a response."""

    def __init__(
        self, pursuit: Pursuit, service: Service, model: ServedModel, envelope: Envelope, orders_for: OrdersFor
    ) -> None:
        """`orders_for`: what the feed was made with, and what rounds of repairs are ordered with."""
        self._pursuit, self._service, self._model = pursuit, service, model
        self._envelope, self._orders_for = envelope, orders_for
        self._rounds = [self._round(len(pursuit.prompt.ids), parent=None)]
        self._text = ""
        self._end: dict[str, Any] = {}

    async def chunks(self, feed: AnswerFeed) -> AsyncGenerator[dict[str, Any], None]:
        """A chunk for each candidate that was tried, then the answer in one piece, and what running it said."""
        now, left_s, limits = asyncio.get_running_loop().time(), self._pursuit.left_s(), self._service.limits
        until, repairs_until = (
            now + min(seconds, inf if left_s is None else left_s) for seconds in (limits.drawing_s, limits.repair_s)
        )
        yield self._envelope.chunk(delta(0, {"role": "assistant", "content": ""}))
        async with aclosing(self._progress(self._rounds[0], feed, until, "")) as chunks:
            async for chunk in chunks:
                yield chunk
        async with aclosing(self._repair(repairs_until)) as chunks:
            async for chunk in chunks:
                yield chunk
        await self._choose()
        yield self._envelope.chunk(delta(0, {"content": self._text}))
        yield self._envelope.chunk({**delta(0, {}), **self._end})

    def whole(self) -> dict[str, Any]:
        """The response; its usage counts the prompts and the tokens of all rounds."""
        choice = {"index": 0, "message": message(self._text), "logprobs": None, **self._end}
        prompts = sum(round_.prompt_tokens for round_ in self._rounds)
        return self._envelope.around([choice], usage(prompts, sum(round_.tokens for round_ in self._rounds)))

    def _round(self, prompt_tokens: int, *, parent: int | None) -> CandidateRound:
        return CandidateRound(
            self._pursuit,
            self._service.assistance,
            count=self._pursuit.candidates,
            prompt_tokens=prompt_tokens,
            parent=parent,
        )

    async def _progress(
        self, round_: CandidateRound, feed: AnswerFeed, until: float, name: str
    ) -> AsyncGenerator[dict[str, Any], None]:
        async with aclosing(round_.tried(feed, until=until)) as tried:
            async for number in tried:
                yield self._said(f"{name}tried {number} of {round_.count}")

    def _said(self, progress: str) -> dict[str, Any]:
        return self._envelope.chunk({**delta(0, {}), "progress": progress})

    async def _repair(self, until: float) -> AsyncGenerator[dict[str, Any], None]:
        """Rounds of repairs until one passes or nothing is to be done."""
        rounds = self._pursuit.settings.repairs
        for number in range(1, rounds + 1):
            planned = await self._next_repair(until)
            if planned is None:
                return
            parent, parts = planned
            # Without its repairs, what is there already is an answer.
            with suppress(ApiError), AnswerFeed(self._service.engine, self._orders_for(parts)) as feed:
                self._rounds.append(self._round(len(parts.prompt_ids), parent=parent))
                name = f"repair {number} of {rounds}: "
                async with aclosing(self._progress(self._rounds[-1], feed, until, name)) as chunks:
                    async for chunk in chunks:
                        yield chunk

    async def _next_repair(self, until: float) -> tuple[int, Parts] | None:
        """Which trial is to be mended, and with what; None where nothing is to be done, or not in time."""
        if asyncio.get_running_loop().time() >= until:
            return None
        assistance = self._service.assistance
        # On the thread that runs answers, which alone changes the trials.
        planning = assistance.check(partial(self._model.next_repair, self._pursuit))
        try:
            return await assistance.result_of(planning, until=min(until, assistance.deadline()))
        except UncheckedError:
            return None

    async def _choose(self) -> None:
        drawn = [pair for round_ in self._rounds for pair in round_.drawn]
        assistance = self._service.assistance
        try:
            choosing = assistance.check(self._pursuit.answered)
            answered = await assistance.result_of(choosing, until=assistance.deadline())
        except UncheckedError as why:
            candidate, written = max(drawn, key=lambda pair: pair[0].mean_log_probability)
            told = verdict(None, str(why), self._pursuit.neighbours.leant_on(candidate.code))
            self._text = written.text
        else:
            chosen = answered.chosen.candidate
            written = _of(chosen, drawn)
            told = verdict(answered.verified, answered.reason, answered.source)
            # What is called verified is what was run, which may have its function named as the examples call it.
            same = answered.answer == chosen.code
            self._text = written.text if same else fenced(answered.answer, answered.language or "")
        trials = [trial.to_json() for trial in tuple(self._pursuit.trials)]
        self._end = {"finish_reason": written.finish_reason, **told, "trials": trials}


def _of(chosen: Candidate, drawn: Sequence[tuple[Candidate, Written]]) -> Written:
    return next(written for candidate, written in drawn if candidate is chosen)
