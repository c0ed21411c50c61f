"""A served model that reads requests without names answers with them, streamed or not."""

import pytest
from answer_model import AnswerModel
from running_server import MODEL, RunningServer

from hrm_edge.prompt import fenced

pytest.importorskip("openai")
REQUEST = {"role": "user", "content": "with bash: move 'old notes.txt' into attic"}


@pytest.fixture(scope="module")
def server():
    model = AnswerModel({fenced("mv <|name1|> <|name2|>", "bash"): 1.0}, names=True)
    with RunningServer(model.load, index=False) as server:
        yield server.ready()


def test_the_names_are_in_the_answer(server):
    answer = server.client().chat.completions.create(model=MODEL, messages=[REQUEST])
    assert answer.choices[0].message.content == fenced("mv 'old notes.txt' attic", "bash")
    assert server.engine.model.runtime.prompts[-1] == "with bash: move '<|name1|>' into <|name2|>"


def test_a_stream_puts_them_back_as_it_comes(server):
    chunks = list(server.client().chat.completions.create(model=MODEL, messages=[REQUEST], stream=True))
    texts = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(texts) == fenced("mv 'old notes.txt' attic", "bash")
    assert "'old notes.txt'" in texts


def test_several_candidates_have_them_too(server):
    answer = server.client().chat.completions.create(
        model=MODEL, messages=[REQUEST], n=2, temperature=0.5, extra_body={"neighbours": 0}
    )
    assert {choice.message.content for choice in answer.choices} == {fenced("mv 'old notes.txt' attic", "bash")}
