"""A language model over given answers, each with its probability: what it writes is known, and yet drawn.

    model = AnswerModel({fenced(WRONG, "python"): 0.6, fenced(RIGHT, "python"): 0.4})
    with RunningServer(model.load, index=False) as server: ...

The distribution of a token is that of the answers that go on from what is written so far. In all else it is
running_server.GatedModel, batch and gate included.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache

import numpy as np
from running_server import GatedModel
from scripted_runtime import tiny_tokenizer

from hrm_edge.assistant.drawing import Model
from hrm_edge.server.served_model import ServedModel
from hrm_edge.tokenizer import ANSWER_TOKEN, END_TOKEN, Tokenizer

REPAIR = "Fix this Python code."
"""How a request for a repair begins: hrm_edge.repair_request."""


@cache
def _tokenizer_json() -> str:
    return tiny_tokenizer().to_json()


class AnswerModel(GatedModel):
    """The answers depend only on whether the request is one for a repair; `prompts` has what was asked."""

    def __init__(
        self,
        answers: Mapping[str, float],
        *,
        repairs: Mapping[str, float] | None = None,
        names: bool = False,
        context_length: int = 2048,
    ) -> None:
        """
        Args:
            repairs: the answers to requests for a repair; None: the same as to any other.
            names: whether the tokenizer has tokens for names.
        """
        tokenizer = Tokenizer.from_json(_tokenizer_json())
        self.tokenizer = tokenizer.with_names() if names else tokenizer
        super().__init__(open_gate=True, vocab_size=self.tokenizer.vocab_size, context_length=context_length)
        end, self._marker = self.tokenizer.token_id(END_TOKEN), self.tokenizer.token_id(ANSWER_TOKEN)
        self._answers, self._repairs = (
            [([*self._ids(text), end], probability) for text, probability in given.items()]
            for given in (answers, answers if repairs is None else repairs)
        )
        self.prompts: list[str] = []
        self.on_prompt: Callable[[str], None] = lambda _: None
        """Told each prompt on the engine's thread, before anything is written for it."""

    def _ids(self, text: str) -> list[int]:
        """As a forced fence cuts it."""
        head, newline, rest = text.partition("\n")
        return [*self.tokenizer.encode(head + newline), *self.tokenizer.encode_template(rest)]

    def logits(self, context: Sequence[int]):
        place = len(context) if self._marker not in context else context.index(self._marker) + 1
        written = list(context[place:])
        if not written:
            self.prompts.append(self.tokenizer.decode(context))
            self.on_prompt(self.prompts[-1])
        weights = np.zeros(self.vocab_size, np.float32)
        asks_for_a_repair = self.tokenizer.decode(context[:place]).startswith(REPAIR)
        answers = self._repairs if asks_for_a_repair else self._answers
        for ids, probability in answers:
            if ids[: len(written)] == written and len(ids) > len(written):
                weights[ids[len(written)]] += probability
        if not weights.any():
            weights[answers[0][0][-1]] = 1
        with np.errstate(divide="ignore"):
            return np.maximum(np.log(weights), -60).astype(np.float32)

    def load(self) -> ServedModel:
        return ServedModel(Model(self, self.tokenizer))
