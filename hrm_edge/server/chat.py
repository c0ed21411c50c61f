"""POST /v1/chat/completions: one request in the model's own template, and its answer, run where it has examples.

`verified` in every choice is what `hrm-edge run --json` calls so: true, false, or null where nothing was checked.
"""

from collections.abc import Sequence

from starlette.responses import Response

from hrm_edge.assistant.drawing import TEMPERATURE, Drawing
from hrm_edge.assistant.neighbours import LOOKED_UP
from hrm_edge.assistant.pursuit import Settings
from hrm_edge.runtimes.generation import Sampling
from hrm_edge.runtimes.sampling import Sampler
from hrm_edge.server.choices import Choices
from hrm_edge.server.contest import Contest
from hrm_edge.server.engine import Order
from hrm_edge.server.envelope import Envelope, check_length, samplers
from hrm_edge.server.looked_up import LookedUp
from hrm_edge.server.responding import Service, respond
from hrm_edge.server.schema import ChatRequest
from hrm_edge.server.served_model import Parts, ServedModel


async def answer_chat(body: ChatRequest, service: Service) -> Response:
    """The response to one request. Raises: as answer_completion."""
    model = service.model(body.model)
    most_tokens = model.context_length if body.most_tokens is None else body.most_tokens
    name = "max_tokens" if body.max_completion_tokens is None else "max_completion_tokens"
    check_length(name, most_tokens, model.context_length)
    settings = Settings(
        language=body.language,
        candidates=None if body.candidates == "auto" else body.candidates,
        neighbours=body.neighbours,
        looked_up=LOOKED_UP if _takes_any_answer(body) else 0,
        budget_s=body.budget,
        verify=service.assistance.verify,
    )
    pursuit, parts = await service.assistance.read(model, body.request, settings)
    kind = "chat.completion.chunk" if body.stream else "chat.completion"
    envelope = Envelope.new("chatcmpl", kind, body.model, with_usage=body.include_usage)
    answers: Choices | Contest | LookedUp
    found = await service.assistance.look_up(pursuit)
    looked_up = None if found is None else LookedUp(found, envelope, prompt_tokens=len(pursuit.prompt.ids))
    if looked_up is not None and model.token_count(looked_up.text) <= most_tokens:
        answers, orders = looked_up, []
    elif (count := pursuit.candidates) > 1:

        def orders_for(parts: Parts) -> list[Order]:
            return _orders(body, model, parts, _candidate_samplers(body, count), most_tokens)

        answers, orders = Contest(pursuit, service, model, envelope, orders_for), orders_for(parts)
    else:
        texts = model.token_texts if body.logprobs else None
        answers = Choices(pursuit, service.assistance, envelope, count=body.n, logprobs=texts)
        orders = _orders(body, model, parts, samplers(body), most_tokens)
    return await respond(
        service, orders, answers.chunks, answers.whole, stream=body.stream, with_usage=body.include_usage
    )


def _takes_any_answer(body: ChatRequest) -> bool:
    """Whether an answer may be one that the model did not write; `neighbours: 0` leaves the index out altogether."""
    return body.neighbours > 0 and body.n == 1 and not body.logprobs and not body.stop


def _orders(
    body: ChatRequest, model: ServedModel, parts: Parts, drawn: Sequence[Sampler], most_tokens: int
) -> list[Order]:
    return [
        Order(
            prompt_ids=parts.prompt_ids,
            sampling=Sampling(
                sampler=sampler,
                stop_ids=model.stop_ids,
                max_tokens=most_tokens,
                forced_ids=parts.begun_ids,
                alternatives=body.top_logprobs or 0,
            ),
            stops=tuple(body.stop),
            names=parts.names,
        )
        for sampler in drawn
    ]


def _candidate_samplers(body: ChatRequest, count: int) -> list[Sampler]:
    """The first is greedy unless a temperature is asked for, as with `hrm-edge run`."""
    drawing = Drawing(
        temperature=TEMPERATURE if body.temperature is None else body.temperature,
        top_p=1.0 if body.top_p is None else body.top_p,
        seed=None if body.seed is None else body.seed % 2**64,
        greedy_first=body.temperature is None,
    )
    return [drawing.sampler(number) for number in range(count)]
