"""The bodies of requests, checked: types are not bent, unknown parameters are refused, and so is every parameter that
would change the answer and that this model does not have, unless it has the value that changes nothing.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from hrm_edge.assistant.neighbours import COUNT
from hrm_edge.languages import LANGUAGES
from hrm_edge.server.settings import LONGEST_STOP, MOST_ALTERNATIVES, MOST_ANSWERS, MOST_CHOICES, MOST_STOPS

LARGEST_SEED = 2**63
Neutral = Annotated[float, Field(ge=0, le=0)]
"""A penalty that is none."""


class StreamOptions(BaseModel):
    """`stream_options`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    include_usage: bool = False
    include_obfuscation: bool = False


class _Common(BaseModel):
    """What both kinds of completions have."""

    model_config = ConfigDict(extra="forbid", strict=True)

    model: str
    n: Annotated[int, Field(ge=1, le=MOST_CHOICES)] = 1
    stop: list[str] = []
    stream: bool = False
    stream_options: StreamOptions | None = None
    seed: Annotated[int, Field(ge=-LARGEST_SEED, lt=LARGEST_SEED)] | None = None
    temperature: Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)] | None = None
    top_p: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] | None = None
    user: str | None = None
    frequency_penalty: Neutral | None = None
    presence_penalty: Neutral | None = None
    logit_bias: dict[str, float] | None = Field(default=None, max_length=0)

    @model_validator(mode="before")
    @classmethod
    def _null_is_the_default(cls, body: Any) -> Any:
        return {name: value for name, value in body.items() if value is not None} if isinstance(body, dict) else body

    @field_validator("stop", mode="before")
    @classmethod
    def _stops_are_a_list(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    @field_validator("stop")
    @classmethod
    def _stops_are_few_and_short(cls, stops: list[str]) -> list[str]:
        if len(stops) > MOST_STOPS:
            raise ValueError(f"{len(stops)} stop strings: at most {MOST_STOPS}")
        for stop in stops:
            if not 1 <= len(stop) <= LONGEST_STOP:
                raise ValueError(f"a stop string has {len(stop)} characters: 1 to {LONGEST_STOP}")
        return stops

    @model_validator(mode="after")
    def _stream_options_need_a_stream(self) -> "_Common":
        if self.stream_options is not None and not self.stream:
            raise ValueError("stream_options are for stream: true")
        return self

    @property
    def include_usage(self) -> bool:
        """Whether a stream ends with the count of its tokens."""
        return self.stream_options is not None and self.stream_options.include_usage


class CompletionRequest(_Common):
    """POST /v1/completions."""

    prompt: list[str | list[int]]
    max_tokens: Annotated[int, Field(ge=0)] = 16
    echo: bool = False
    logprobs: Annotated[int, Field(ge=0, le=MOST_ALTERNATIVES)] | None = None
    best_of: int | None = None
    suffix: Literal[""] | None = None

    @field_validator("prompt", mode="before")
    @classmethod
    def _prompts_are_a_list(cls, value: object) -> object:
        """One text, one list of token ids, or a list of either."""
        one = isinstance(value, str) or (isinstance(value, list) and bool(value) and isinstance(value[0], int))
        prompts = [value] if one else value
        if not isinstance(prompts, list) or not all(_is_prompt(prompt) for prompt in prompts):
            raise ValueError("a string, a list of token ids, or a list of either")
        return prompts

    @model_validator(mode="after")
    def _all_is_asked_for_within_bounds(self) -> "CompletionRequest":
        if not self.prompt:
            raise ValueError("prompt is empty: give at least one")
        if len(self.prompt) * self.n > MOST_ANSWERS:
            raise ValueError(f"{len(self.prompt)} prompts with n = {self.n}: at most {MOST_ANSWERS} answers")
        if self.best_of is not None and self.best_of != self.n:
            raise ValueError(f"best_of is {self.best_of}: only n is drawn, and all of it returned")
        if self.max_tokens == 0 and not self.echo:
            raise ValueError("max_tokens is 0 without echo: nothing would come back")
        return self


class TextPart(BaseModel):
    """A part of a message's content."""

    model_config = ConfigDict(extra="forbid", strict=True)

    type: Literal["text"]
    text: str


class Message(BaseModel):
    """A message of a chat."""

    model_config = ConfigDict(extra="forbid", strict=True)

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[TextPart]
    name: str | None = None

    @property
    def text(self) -> str:
        """The whole text."""
        return self.content if isinstance(self.content, str) else "".join(part.text for part in self.content)


class ChatRequest(_Common):
    """POST /v1/chat/completions."""

    messages: list[Message]
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    max_completion_tokens: Annotated[int, Field(ge=1)] | None = None
    logprobs: bool = False
    top_logprobs: Annotated[int, Field(ge=0, le=MOST_ALTERNATIVES)] | None = None
    language: str | None = None
    """Not OpenAI's: the answer begins with a fence of this language."""
    candidates: int | Literal["auto"] = 1
    """Not OpenAI's: so many answers are drawn and run for the one that is given; "auto" is several where the request
    has examples."""
    budget: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    """Not OpenAI's: nothing new is begun after so many seconds, as `hrm-edge run --budget` has it."""
    neighbours: Annotated[int, Field(ge=0, le=COUNT)] = COUNT
    """Not OpenAI's: entries of the local index that are put before the request. 0 leaves the index out altogether: no
    entry is run against its examples either."""
    response_format: dict[Literal["type"], Literal["text"]] | None = None
    tools: list[Any] | None = Field(default=None, max_length=0)
    metadata: dict[str, str] | None = None
    store: Literal[False] | None = None

    @field_validator("language")
    @classmethod
    def _language_is_known(cls, language: str | None) -> str | None:
        if language is not None and language not in LANGUAGES:
            raise ValueError(f"choose one of {', '.join(LANGUAGES)}")
        return language

    @field_validator("candidates", mode="plain")
    @classmethod
    def _candidates_are_few(cls, value: object) -> object:
        if value != "auto" and not (type(value) is int and 1 <= value <= MOST_CHOICES):
            raise ValueError(f'a number from 1 to {MOST_CHOICES}, or "auto"')
        return value

    @model_validator(mode="after")
    def _all_fits_together(self) -> "ChatRequest":
        if self.candidates != 1 and self.n > 1:
            raise ValueError("n is above 1: of several candidates one is given")
        if self.candidates != 1 and self.logprobs:
            raise ValueError("logprobs are of a single answer: leave candidates out")
        if self.candidates != 1 and self.temperature == 0:
            raise ValueError("candidates at temperature 0 are all the same: leave temperature out")
        if self.top_logprobs is not None and not self.logprobs:
            raise ValueError("top_logprobs are for logprobs: true")
        _check_turns([message.role for message in self.messages])
        return self

    @property
    def request(self) -> str:
        """What the model is asked: the user's message, what the system says before it."""
        return "\n\n".join(message.text for message in self.messages)

    @property
    def most_tokens(self) -> int | None:
        """Under its new name or its old one."""
        return self.max_tokens if self.max_completion_tokens is None else self.max_completion_tokens


def _is_prompt(value: object) -> bool:
    if isinstance(value, list):
        return all(type(token_id) is int for token_id in value)
    return isinstance(value, str)


def _check_turns(roles: Sequence[str]) -> None:
    """The model was trained on single requests: earlier turns would be dropped in silence or read as one text."""
    if not roles or roles[-1] != "user":
        raise ValueError("messages must end with one of the user")
    if not {"system", "developer"}.issuperset(roles[:-1]):
        raise ValueError(
            "messages have more than one turn, and this model answers single requests: "
            "send system messages and one of the user"
        )
