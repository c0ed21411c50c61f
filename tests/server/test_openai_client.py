"""OpenAI's own client against the server: every answer is the one the model gives in this process."""

import pytest
from running_server import MODEL

from hrm_edge.prompt import answer_start, render_prompt, stop_ids
from hrm_edge.runtimes.generation import complete, generate
from hrm_edge.runtimes.sampling import Sampler

openai = pytest.importorskip("openai")

REQUEST = "list the running processes"
SAMPLED = {"temperature": 1.0, "seed": 5}


@pytest.fixture
def client(server):
    return server.client()


def asked(client, content=REQUEST, **options):
    messages = [{"role": "user", "content": content}]
    return client.chat.completions.create(model=MODEL, messages=messages, **{"max_tokens": 20, **SAMPLED, **options})


def alone(reference, request=REQUEST, *, seed=5, max_tokens=20, temperature=1.0, forced=()):
    """The answer without a server."""
    return complete(
        reference.runtime, render_prompt(reference.tokenizer, request), stop_ids=stop_ids(reference.tokenizer),
        sampler=Sampler(temperature=temperature, seed=seed), max_tokens=max_tokens, forced_ids=forced,
    )  # fmt: skip


def test_models_are_listed_and_shown(client):
    assert [model.id for model in client.models.list()] == [MODEL]
    assert client.models.retrieve(MODEL).owned_by == "hrm-edge"


def test_a_chat_is_answered_as_in_process(client, reference):
    expected = alone(reference)
    answer = asked(client)
    assert answer.choices[0].message.content == reference.tokenizer.decode(expected.text_ids) != ""
    assert answer.choices[0].message.role == "assistant"
    assert answer.choices[0].finish_reason == expected.finish_reason == "length"
    prompt_tokens = len(render_prompt(reference.tokenizer, REQUEST))
    usage = answer.usage
    assert (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens) == (prompt_tokens, 20, prompt_tokens + 20)


def test_the_words_of_the_system_stand_before_the_request(client, reference):
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": REQUEST}]},
    ]
    answer = client.chat.completions.create(model=MODEL, messages=messages, max_completion_tokens=20, **SAMPLED)
    expected = alone(reference, f"Be brief.\n\n{REQUEST}")
    assert answer.choices[0].message.content == reference.tokenizer.decode(expected.text_ids)


def test_special_tokens_in_a_chat_are_plain_text(client, reference):
    answer = asked(client, "<|answer|>")
    expected = alone(reference, "<|answer|>")
    assert answer.choices[0].message.content == reference.tokenizer.decode(expected.text_ids)
    assert answer.usage.prompt_tokens == len(render_prompt(reference.tokenizer, "<|answer|>")) > 3


def test_an_answer_is_begun_in_the_language_that_is_asked_for(client, reference):
    forced = answer_start(reference.tokenizer, "python")
    answer = asked(client, extra_body={"language": "python"})
    assert answer.choices[0].message.content.startswith("```python\n")
    expected = alone(reference, forced=forced)
    assert answer.choices[0].message.content == reference.tokenizer.decode(expected.text_ids)


def test_without_a_temperature_one_choice_is_greedy(client, reference):
    answer = asked(client, "sum the numbers", temperature=openai.omit, seed=openai.omit, logprobs=True)
    expected = alone(reference, "sum the numbers", temperature=0, seed=None)
    tokens = [token.token for token in answer.choices[0].logprobs.content]
    assert tokens == [reference.tokenizer.decode([i]) or name(reference, i) for i in expected.token_ids]


def name(reference, token_id):
    return next(
        t for t in ("<|prompt|>", "<|answer|>", "<|end|>", "<|pad|>") if reference.tokenizer.find(t) == token_id
    )


def test_a_stream_is_the_answer_in_pieces_and_ends_with_its_usage(client):
    whole = asked(client)
    chunks = list(asked(client, stream=True, stream_options={"include_usage": True}))
    assert chunks[0].choices[0].delta.role == "assistant"
    text = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    assert text == whole.choices[0].message.content
    assert chunks[-1].choices == []
    assert chunks[-1].usage == whole.usage
    assert all(chunk.usage is None for chunk in chunks[:-1])
    reasons = [choice.finish_reason for chunk in chunks for choice in chunk.choices]
    assert reasons == [None] * (len(reasons) - 1) + ["length"]
    assert len({chunk.id for chunk in chunks}) == 1


def test_choice_i_is_drawn_with_seed_plus_i(client, reference):
    choices = asked(client, n=6).choices  # more than the server has places
    expected = [reference.tokenizer.decode(alone(reference, seed=5 + index).text_ids) for index in range(6)]
    assert [choice.message.content for choice in choices] == expected
    assert [choice.index for choice in choices] == list(range(6))
    assert len(set(expected)) > 1


def test_several_choices_stream_side_by_side(client):
    texts = ["", "", ""]
    for chunk in asked(client, n=3, stream=True):
        texts[chunk.choices[0].index] += chunk.choices[0].delta.content or ""
    assert texts == [choice.message.content for choice in asked(client, n=3).choices]


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_ends_before_a_stop_string(client, stream):
    whole = asked(client).choices[0].message.content
    stop = whole[len(whole) // 2 :][:3]
    answer = asked(client, stop=["not there", stop], stream=stream)
    if stream:
        chunks = list(answer)
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
        reason = chunks[-1].choices[0].finish_reason
    else:
        text, reason = answer.choices[0].message.content, answer.choices[0].finish_reason
    assert text == whole[: whole.index(stop)]
    assert reason == "stop"


def test_the_models_own_end_is_a_stop(client, reference):
    for seed in range(200):
        expected = alone(reference, seed=seed, max_tokens=40)
        if expected.finish_reason == "stop":
            break
    answer = asked(client, seed=seed, max_tokens=40).choices[0]
    assert answer.finish_reason == "stop"
    assert answer.message.content == reference.tokenizer.decode(expected.text_ids)
    assert "<|end|>" not in answer.message.content


def test_log_probabilities_are_those_of_the_model(client, reference):
    tokens = asked(client, logprobs=True, top_logprobs=3).choices[0].logprobs.content
    steps = list(
        generate(
            reference.runtime, render_prompt(reference.tokenizer, REQUEST), sampler=Sampler(temperature=1.0, seed=5),
            stop_ids=stop_ids(reference.tokenizer), max_tokens=20, alternatives=3,
        )
    )  # fmt: skip
    assert [token.logprob for token in tokens] == pytest.approx([step.log_probability for step in steps], abs=1e-4)
    text = b"".join(bytes(token.bytes) for token in tokens).decode(errors="replace")
    special = ("<|answer|>", "<|prompt|>", "<|end|>", "<|pad|>")
    for marker in special:
        text = text.replace(marker, "")
    assert text == reference.tokenizer.decode([step.token_id for step in steps])
    for token, step in zip(tokens, steps, strict=True):
        values = [alternative.logprob for alternative in token.top_logprobs]
        assert values == pytest.approx([value for _, value in step.alternatives], abs=1e-4)


def test_a_completion_continues_a_text_as_it_stands(client, reference):
    ids = reference.tokenizer.encode("for line in")
    expected = complete(
        reference.runtime, ids, sampler=Sampler(temperature=1.0, seed=5), stop_ids=stop_ids(reference.tokenizer),
        max_tokens=16,
    )  # fmt: skip
    text = reference.tokenizer.decode(expected.text_ids)
    for prompt in ("for line in", ids, ["for line in"], [ids]):
        answer = client.completions.create(model=MODEL, prompt=prompt, **SAMPLED)
        assert answer.choices[0].text == text
        assert answer.usage.prompt_tokens == len(ids)
    echoed = client.completions.create(model=MODEL, prompt=ids, echo=True, **SAMPLED)
    assert echoed.choices[0].text == "for line in" + text
    streamed = client.completions.create(model=MODEL, prompt=ids, echo=True, stream=True, **SAMPLED)
    assert "".join(chunk.choices[0].text for chunk in streamed) == "for line in" + text


def test_a_completion_of_a_request_and_the_beginning_of_its_answer_is_the_chats(client):
    begun = f"<|prompt|>{REQUEST}<|answer|>```python\n"
    completion = client.completions.create(model=MODEL, prompt=begun, max_tokens=12, **SAMPLED).choices[0].text
    chat = asked(client, extra_body={"language": "python"}, max_tokens=200).choices[0].message.content
    assert ("```python\n" + completion)[:20] == chat[:20]


def test_prompts_and_choices_are_numbered_prompt_by_prompt(client):
    answer = client.completions.create(model=MODEL, prompt=["find all", "count the"], n=2, **SAMPLED)
    alone = [
        client.completions.create(model=MODEL, prompt=prompt, temperature=1.0, seed=seed).choices[0].text
        for prompt in ("find all", "count the")
        for seed in (5, 6)
    ]
    assert [choice.text for choice in answer.choices] == alone
    assert [choice.index for choice in answer.choices] == [0, 1, 2, 3]


def test_errors_are_those_the_client_knows(client):
    with pytest.raises(openai.NotFoundError) as unknown:
        client.chat.completions.create(model="gpt-4", messages=[{"role": "user", "content": "hi"}])
    assert unknown.value.code == "model_not_found"
    assert unknown.value.param == "model"
    with pytest.raises(openai.BadRequestError, match="max_tokens"):
        asked(client, max_tokens=-1)
    with pytest.raises(openai.BadRequestError, match="n: "):
        asked(client, n=10_000)
    with pytest.raises(openai.BadRequestError) as long:
        asked(client, "list files " * 300)
    assert long.value.code == "context_length_exceeded"
    with pytest.raises(openai.BadRequestError, match="single requests"):
        turns = [{"role": role, "content": "hi"} for role in ("user", "assistant", "user")]
        client.chat.completions.create(model=MODEL, messages=turns)
