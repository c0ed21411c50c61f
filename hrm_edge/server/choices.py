"""The answers of a chat as they come, each of them given, and run where the request has examples."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

from hrm_edge.assistant.drawing import Candidate
from hrm_edge.assistant.neighbours import Source
from hrm_edge.assistant.pursuit import Pursuit
from hrm_edge.assistant.trials import Answered
from hrm_edge.runtimes.generation import Recorder, Step
from hrm_edge.server.answers import AnswerFeed
from hrm_edge.server.assistance import Assistance, UncheckedError, cancel
from hrm_edge.server.engine import Piece
from hrm_edge.server.envelope import Envelope, usage
from hrm_edge.server.logprobs import chat_logprobs
from hrm_edge.server.token_texts import TokenTexts


class Written:
    """One answer as it comes."""

    def __init__(self) -> None:
        self.text = ""
        self.steps: list[Step] = []
        self.finish_reason: str | None = None
        self._recorder = Recorder()

    def add(self, piece: Piece) -> None:
        """What a step brings."""
        self.text += piece.text
        self.steps.append(piece.step)
        self.finish_reason = piece.finish_reason
        # What ends an answer may be a stop string, which the step knows nothing of.
        self._recorder.add(replace(piece.step, finish_reason=piece.finish_reason))

    def candidate(self, prompt_tokens: int) -> Candidate:
        """All of it, once it has ended."""
        return Candidate.of(self.text, self._recorder.completion(), prompt_tokens=prompt_tokens)


class Choices:
    """The n choices of a response."""

    def __init__(
        self, pursuit: Pursuit, assistance: Assistance, envelope: Envelope, *, count: int, logprobs: TokenTexts | None
    ) -> None:
        """`logprobs`: the texts of tokens where their probabilities are asked for."""
        self._assistance, self._envelope = assistance, envelope
        self._prompt_tokens = len(pursuit.prompt.ids)
        self._choices = [_Choice(index, pursuit.again(), logprobs) for index in range(count)]

    async def chunks(self, feed: AnswerFeed) -> AsyncGenerator[dict[str, Any], None]:
        """The text of all side by side, then how each ended and what running it said."""
        try:
            for choice in self._choices:
                yield self._envelope.chunk(choice.begin())
            async for index, piece in feed:
                part = self._choices[index].add(piece, self._assistance)
                if part is not None:
                    yield self._envelope.chunk(part)
            until = self._assistance.deadline()
            for choice in self._choices:
                yield self._envelope.chunk(await choice.end(self._assistance, until))
        finally:
            cancel([choice.check for choice in self._choices if choice.check is not None])

    def whole(self) -> dict[str, Any]:
        """All choices at once."""
        tokens = sum(len(choice.written.steps) for choice in self._choices)
        return self._envelope.around([choice.whole() for choice in self._choices], usage(self._prompt_tokens, tokens))


class _Choice:
    def __init__(self, index: int, pursuit: Pursuit, logprobs: TokenTexts | None) -> None:
        self.written = Written()
        self.check: asyncio.Future[Answered] | None = None
        self._index, self._pursuit, self._logprobs = index, pursuit, logprobs
        self._verdict: dict[str, Any] = {}

    def begin(self) -> dict[str, Any]:
        """The delta that says who speaks."""
        return delta(self._index, {"role": "assistant", "content": ""})

    def add(self, piece: Piece, assistance: Assistance) -> dict[str, Any] | None:
        """What a step brings, if anything."""
        self.written.add(piece)
        if piece.finish_reason is not None and self._pursuit.checkable:
            self.check = assistance.check(self._tried)
        if not (piece.text or self._logprobs):
            return None
        return delta(self._index, {"content": piece.text} if piece.text else {}, self._shown([piece.step]))

    async def end(self, assistance: Assistance, until: float) -> dict[str, Any]:
        """The last delta, once the answer was run."""
        candidate = self.written.candidate(len(self._pursuit.prompt.ids))
        try:
            answered = self._tried() if self.check is None else await assistance.result_of(self.check, until=until)
        except UncheckedError as why:
            self._verdict = verdict(None, str(why), self._pursuit.neighbours.leant_on(candidate.code))
        else:
            renamed = "" if answered.answer == candidate.code else ", once its function was named as they call it"
            self._verdict = verdict(answered.verified, answered.reason + renamed, answered.source)
        return {**delta(self._index, {}), "finish_reason": self.written.finish_reason, **self._verdict}

    def whole(self) -> dict[str, Any]:
        """All of it."""
        return {
            "index": self._index,
            "message": message(self.written.text),
            "logprobs": self._shown(self.written.steps),
            "finish_reason": self.written.finish_reason,
            **self._verdict,
        }

    def _tried(self) -> Answered:
        self._pursuit.add(self.written.candidate(len(self._pursuit.prompt.ids)))
        return self._pursuit.answered()

    def _shown(self, steps: list[Step]) -> dict[str, Any] | None:
        return None if self._logprobs is None else chat_logprobs(self._logprobs, steps)


def delta(index: int, content: dict[str, str], logprobs: dict[str, Any] | None = None) -> dict[str, Any]:
    """A choice of a chunk that is not its last."""
    return {"index": index, "delta": content, "logprobs": logprobs, "finish_reason": None}


def message(text: str) -> dict[str, Any]:
    """The message of a choice."""
    return {"role": "assistant", "content": text, "refusal": None}


def verdict(verified: bool | None, reason: str, source: Source | None) -> dict[str, Any]:
    """What we add to OpenAI's choices: whether the answer was run and does what the request says, and whose it is."""
    named = None if source is None else {"name": source.name, "licence": source.licence, "request": source.request}
    return {"verified": verified, "reason": reason, "source": named}
