"""How a request and its answer look to the model.

    <|prompt|> request <|answer|> response <|end|>

A model whose tokenizer has tokens for names reads and writes those in place of names (hrm_edge.delexicalization).
The request part, both markers included, is one bidirectional block (PrefixLM). A response is one fenced code block,
```bash or ```python, unless the task says otherwise: the fence names the language, so that a caller can force it by
starting the answer for the model. A checkpoint that brings a chat template of its own (HRM-Text-1B, Mimir 1B) is
prompted with that instead.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hrm_edge.delexicalization.delexicalize import Delexicalized, delexicalize, delexicalize_answer
from hrm_edge.errors import CheckpointError
from hrm_edge.tokenizer import ANSWER_TOKEN, END_TOKEN, PROMPT_TOKEN, Tokenizer

_FENCED = re.compile(r"```([^\n`]*)\n(.*?)(?:\n```|\Z)", re.DOTALL)
_END_TOKENS = (END_TOKEN, "<|endoftext|>", "<|im_end|>", "<|eot_id|>", "</s>")
_REQUEST_PLACE = "\ue000request\ue000"  # private use: no template contains it


@dataclass(frozen=True)
class Answer:
    """A response taken apart: the code (or the whole text where there is no fence) and the language its fence names."""

    text: str
    language: str | None


@dataclass(frozen=True)
class Rendered:
    """A request as a model reads it."""

    ids: list[int]
    """Of the bidirectional block."""
    names: tuple[str, ...] = ()
    """Names of the request that the block has tokens for: lexicalize puts them back into the answer."""


def render_request(tokenizer: Tokenizer, request: str, *, chat_template: str | None = None) -> Rendered:
    """One request as a model reads it.

    Raises:
        CheckpointError: the tokenizer lacks our markers and the checkpoint brings no chat template, or a broken one.
    """
    if chat_template is not None:
        before, after = chat_frame(chat_template)
        return Rendered(
            [*tokenizer.encode_template(before), *tokenizer.encode(request), *tokenizer.encode_template(after)]
        )
    read = _without_names(tokenizer, request)
    return Rendered(
        [tokenizer.token_id(PROMPT_TOKEN), *read.encode(tokenizer), tokenizer.token_id(ANSWER_TOKEN)], read.names
    )


def render_prompt(tokenizer: Tokenizer, request: str, *, chat_template: str | None = None) -> list[int]:
    """The token ids of render_request, for whoever reads no answer. Errors as there."""
    return render_request(tokenizer, request, chat_template=chat_template).ids


def render_answer(tokenizer: Tokenizer, response: str, names: Sequence[str] = ()) -> list[int]:
    """Token ids of the causal part, `<|end|>` included: what the loss is computed on.

    Args:
        names: of the rendered request.
    """
    return [*delexicalize_answer(response, names).encode(tokenizer), tokenizer.token_id(END_TOKEN)]


def _without_names(tokenizer: Tokenizer, request: str) -> Delexicalized:
    return delexicalize(request) if tokenizer.has_names else Delexicalized((request,), ())


def fenced(code: str, language: str) -> str:
    """One fenced code block: the form of a response."""
    return f"```{language}\n{code}\n```"


def answer_start(tokenizer: Tokenizer, language: str) -> list[int]:
    """Token ids of the opening fence line: decoding that starts with them answers in that language."""
    return tokenizer.encode(f"```{language}\n")


def stop_ids(tokenizer: Tokenizer) -> frozenset[int]:
    """Ids of the tokens that end an answer: `<|end|>`, and the end markers of checkpoints with a template of their own.

    Raises:
        CheckpointError: the tokenizer has none, so that no answer would ever end.
    """
    found = frozenset(token_id for token in _END_TOKENS if (token_id := tokenizer.find(token)) is not None)
    if not found:
        raise CheckpointError(f"the tokenizer has none of the tokens that end an answer: {', '.join(_END_TOKENS)}")
    return found


def with_neighbours(request: str, neighbours: Sequence[tuple[str, str]]) -> str:
    """A request with (request, answer) pairs that were looked up before it; without any, the request as it is.

    Possibly related:

    <request of the first>
    <answer of the first>

    Task:
    <the request>
    """
    if not neighbours:
        return request
    shown = [f"{asked}\n{answered}" for asked, answered in neighbours]
    return "\n\n".join(["Possibly related:", *shown, f"Task:\n{request}"])


def parse_answer(response: str) -> Answer:
    """The first fenced block of a response; a fence that was never closed (the answer was cut) ends with the text."""
    found = _FENCED.search(response)
    if found is None:
        return Answer(response.strip(), None)
    return Answer(found[2], found[1].strip() or None)


def chat_frame(template: str, *, bos_token: str = "", eos_token: str = "") -> tuple[str, str]:
    """What a chat template puts before and after one request of the user.

    It is rendered in Jinja's sandbox, since the file is hostile; `bos_token` and `eos_token` are the names that
    templates call the first and the last token by.

    Raises:
        CheckpointError: the template is broken or leaves the request out.
    """
    from jinja2 import TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    messages = [{"role": "user", "content": _REQUEST_PLACE}]
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    environment.globals["raise_exception"] = _refuse
    try:
        text = environment.from_string(template).render(
            messages=messages, add_generation_prompt=True, bos_token=bos_token, eos_token=eos_token
        )
    except TemplateError as error:
        raise CheckpointError(f"the checkpoint's chat template cannot be rendered ({error}): repair it") from error
    before, place, after = text.partition(_REQUEST_PLACE)
    if not place:
        raise CheckpointError("the checkpoint's chat template leaves the request out: it must print message.content")
    return before, after


def _refuse(message: str) -> None:
    """What templates call to refuse messages, as transformers lets them."""
    from jinja2 import TemplateError

    raise TemplateError(message)
