"""POST /v1/chat/completions: one request in the model's own template, and its answer, run where it has examples.

`verified` in every choice is what `hrm-edge run --json` calls so: true, false, or null where nothing was checked.
"""

from starlette.responses import Response

from hrm_edge.assistant.drawing import TEMPERATURE, Drawing
from hrm_edge.assistant.pursuit import Settings
from hrm_edge.runtimes.generation import Sampling
from hrm_edge.runtimes.sampling import Sampler
from hrm_edge.server.choices import Choices
from hrm_edge.server.contest import Contest
from hrm_edge.server.engine import Order
from hrm_edge.server.envelope import Envelope, check_length, samplers
from hrm_edge.server.responding import Service, respond
from hrm_edge.server.schema import ChatRequest


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
        looked_up=0,
        verify=service.assistance.verify,
    )
    pursuit, parts = await service.assistance.read(model, body.request, settings)
    count = pursuit.candidates
    orders = [
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
        )
        for sampler in (samplers(body) if count == 1 else _candidate_samplers(body, count))
    ]
    kind = "chat.completion.chunk" if body.stream else "chat.completion"
    envelope = Envelope.new("chatcmpl", kind, body.model, with_usage=body.include_usage)
    answers: Choices | Contest
    if count > 1:
        answers = Contest(pursuit, service.assistance, envelope, count=count)
    else:
        texts = model.token_texts if body.logprobs else None
        answers = Choices(pursuit, service.assistance, envelope, count=body.n, logprobs=texts)
    return await respond(
        service, orders, answers.chunks, answers.whole, stream=body.stream, with_usage=body.include_usage
    )


def _candidate_samplers(body: ChatRequest, count: int) -> list[Sampler]:
    """The first is greedy unless a temperature is asked for, as with `hrm-edge run`."""
    drawing = Drawing(
        temperature=TEMPERATURE if body.temperature is None else body.temperature,
        top_p=1.0 if body.top_p is None else body.top_p,
        seed=None if body.seed is None else body.seed % 2**64,
        greedy_first=body.temperature is None,
    )
    return [drawing.sampler(number) for number in range(count)]
