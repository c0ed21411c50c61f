"""An answer of the local index that does what the request's examples say: the model has no part in it."""

from collections.abc import AsyncGenerator
from typing import Any

from hrm_edge.assistant.trials import Answered
from hrm_edge.prompt import fenced
from hrm_edge.server.answers import AnswerFeed
from hrm_edge.server.choices import delta, message, verdict
from hrm_edge.server.envelope import Envelope, usage


class LookedUp:
    """The one choice of a response. Its usage counts no token of the answer, as the model wrote none."""

    def __init__(self, answered: Answered, envelope: Envelope, *, prompt_tokens: int) -> None:
        self._envelope, self._prompt_tokens = envelope, prompt_tokens
        self.text = fenced(answered.answer, answered.language or "")
        told = verdict(answered.verified, answered.reason, answered.source)
        self._end = {"finish_reason": "stop", **told, "trials": [trial.to_json() for trial in answered.trials]}

    async def chunks(self, _: AnswerFeed) -> AsyncGenerator[dict[str, Any], None]:
        """The answer in one piece, and what running it said."""
        yield self._envelope.chunk(delta(0, {"role": "assistant", "content": ""}))
        yield self._envelope.chunk(delta(0, {"content": self.text}))
        yield self._envelope.chunk({**delta(0, {}), **self._end})

    def whole(self) -> dict[str, Any]:
        """The response."""
        choice = {"index": 0, "message": message(self.text), "logprobs": None, **self._end}
        return self._envelope.around([choice], usage(self._prompt_tokens, 0))
