"""A round of candidates by itself: with a real assistance, and pieces that the test hands over."""

import asyncio
import threading
from contextlib import asynccontextmanager
from math import inf

from answer_model import AnswerModel

from hrm_edge.assistant.executor import Executor
from hrm_edge.assistant.pursuit import Settings
from hrm_edge.prompt import fenced
from hrm_edge.runtimes.generation import Step
from hrm_edge.server.assistance import Assistance
from hrm_edge.server.candidate_round import CandidateRound
from hrm_edge.server.engine import Piece
from hrm_edge.server.metrics import Metrics
from hrm_edge.server.settings import Limits

ANSWER = fenced("def f(a):\n    return a", "python")


class Pieces:
    """A feed of answers that end with their first piece, between which something happens."""

    def __init__(self, *events):
        self._events, self.cancelled = events, False

    async def pieces(self, *, until=None):  # noqa: ARG002
        for index, event in enumerate(self._events):
            event()
            for _ in range(3):  # what it does to futures is told by the event loop
                await asyncio.sleep(0)
            step = Step(token_id=1, log_probability=-1.0, forced=False, finish_reason="stop")
            yield index, Piece(text=ANSWER, step=step, finish_reason="stop")

    def cancel(self, **_):
        self.cancelled = True


@asynccontextmanager
async def busy_assistance():
    """Whose thread runs something else, so that no answer is run."""
    assistance, released = Assistance(Limits(), Metrics(), index=False), threading.Event()
    assistance.check(released.wait)
    try:
        yield assistance
    finally:
        released.set()
        await asyncio.to_thread(assistance.close)


async def tried_until_the_end():
    with Executor() as executor:
        pursuit, parts = AnswerModel({ANSWER: 1.0}).load().begin("it, f(1) == 1", Settings(), executor, None)
        async with busy_assistance() as assistance:
            round_ = CandidateRound(pursuit, assistance, count=2, prompt_tokens=len(parts.prompt_ids))
            feed = Pieces(lambda: None, assistance.end)
            tried = [number async for number in round_.tried(feed, until=inf)]
            return tried, [candidate.code for candidate, _ in round_.drawn], feed.cancelled


def test_runs_that_the_end_of_the_server_takes_back_end_no_answer():
    """The first waits for its run when the server begins to end; the second comes after that."""
    assert asyncio.run(tried_until_the_end()) == ([], ["def f(a):\n    return a"] * 2, True)
