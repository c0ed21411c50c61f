"""Answers of a teacher become lines the trainer reads; an interrupted run ends as an uninterrupted one would have."""

import json
import shutil

import pytest
import torch
from random_models import save_random_model
from tiny_llama import save_tiny_llama

from hrm_edge.errors import CheckpointError, DataError
from hrm_edge.prompt import render_prompt, stop_ids
from hrm_edge.runtimes.pytorch.runtime import PyTorchRuntime
from hrm_edge.tokenizer import Tokenizer
from hrm_edge.train.data.data_sets import read_examples
from hrm_edge.train.data.pipeline.shards import open_shards
from hrm_edge.train.distillation import sequences
from hrm_edge.train.distillation.causal_answerer import AnswerSettings, CausalAnswerer
from hrm_edge.train.distillation.sequences import (
    BATCH,
    Generated,
    Outcome,
    Request,
    distil_answers,
    read_requests,
)

REQUESTS = [Request(text=f"print the number {number}", language="python") for number in range(3 * BATCH - 2)]


class Echo:
    """A teacher whose answer is a function of request and seed, and that gives up after some batches."""

    def __init__(self, batches: int = 99, name: str = "echo") -> None:
        self.identity = {"teacher": name}
        self.left = batches

    def answer(self, requests, *, seed):
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1
        return [Generated(text=f"Sure:\n```py\nprint({r.text[17:]}, {seed})\n```", finished=True) for r in requests]


class Fixed:
    """A teacher with one answer for everything."""

    def __init__(self, text: str, *, finished: bool = True) -> None:
        self.identity = {"teacher": "fixed"}
        self.generated = Generated(text=text, finished=finished)

    def answer(self, requests, *, seed):  # noqa: ARG002
        return [self.generated] * len(requests)


def test_answers_are_lines_that_the_trainer_reads(tmp_path):
    outcomes = distil_answers(Echo(), REQUESTS[:2], tmp_path / "a.jsonl", seed=7)
    assert outcomes == {Outcome.KEPT: 2}
    found = [(e.request, e.code, e.language, e.source) for e in read_examples(tmp_path / "a.jsonl")]
    assert found == [(f"print the number {n}", f"print({n}, 7)", "python", "echo") for n in range(2)]


@pytest.mark.parametrize("torn", [b"", b'{"request": "to', b'{"request": "x", "code": "y", "language": "python"}\n'])
def test_interrupted_run_ends_with_the_same_bytes(torn, tmp_path):
    straight, resumed = tmp_path / "straight.jsonl", tmp_path / "resumed.jsonl"
    expected = distil_answers(Echo(), REQUESTS, straight, seed=7)
    with pytest.raises(KeyboardInterrupt):
        distil_answers(Echo(batches=2), REQUESTS, resumed, seed=7)
    with resumed.open("ab") as file:
        file.write(torn)  # of a batch that was not finished
    with (tmp_path / "resumed.jsonl.journal").open("ab") as file:
        file.write(b'{"bytes": 1')
    told = []
    assert distil_answers(Echo(), REQUESTS, resumed, seed=7, on_batch=told.append) == expected
    assert resumed.read_bytes() == straight.read_bytes()
    assert told == [{Outcome.KEPT: BATCH - 2}]
    assert distil_answers(Echo(batches=0), REQUESTS, resumed, seed=7) == expected, "a finished run asks nothing"


@pytest.mark.parametrize(
    ("teacher", "outcome"),
    [
        (Fixed("  \n"), Outcome.EMPTY),
        (Fixed("```python\n\n```"), Outcome.EMPTY),
        (Fixed("I cannot do that."), Outcome.NO_CODE),
        (Fixed("```python\nprint(", finished=False), Outcome.CUT_OFF),
        (Fixed("```rust\nfn main() {}\n```"), Outcome.OTHER_LANGUAGE),
        (Fixed("```python\nprint(\n```"), Outcome.FILTERED),
    ],
)
def test_answer_that_teaches_nothing_is_left_out_and_counted(teacher, outcome, tmp_path):
    out = tmp_path / "a.jsonl"
    found = distil_answers(teacher, REQUESTS[:3], out, seed=0, keep=lambda answer: answer.code.endswith(")"))
    assert found == {outcome: 3}
    assert out.read_bytes() == b""


@pytest.mark.parametrize(
    ("teacher", "requests", "seed", "message"),
    [
        (Echo(name="other"), REQUESTS, 7, "a run with teacher 'echo', not 'other'"),
        (Echo(), REQUESTS[:-1], 7, "a run with requests"),
        (Echo(), REQUESTS, 8, "a run with seed '7', not '8'"),
    ],
)
def test_other_run_does_not_continue_this_one(teacher, requests, seed, message, tmp_path):
    out = tmp_path / "a.jsonl"
    distil_answers(Echo(), REQUESTS, out, seed=7)
    before = out.read_bytes()
    with pytest.raises(DataError, match=message):
        distil_answers(teacher, requests, out, seed=seed)
    assert out.read_bytes() == before


def test_file_that_is_no_run_is_not_overwritten(tmp_path):
    (tmp_path / "a.jsonl").write_text("mine\n")
    with pytest.raises(DataError, match="is there and no run of this kind"):
        distil_answers(Echo(), REQUESTS, tmp_path / "a.jsonl", seed=7)
    assert (tmp_path / "a.jsonl").read_text() == "mine\n"


def test_shortened_output_is_refused(tmp_path):
    out = tmp_path / "a.jsonl"
    distil_answers(Echo(), REQUESTS, out, seed=7)
    out.write_text("")
    with pytest.raises(DataError, match="is shorter than"):
        distil_answers(Echo(), REQUESTS, out, seed=7)


def test_requests_of_lines_are_read_once_each(tmp_path):
    path = tmp_path / "r.jsonl"
    rows = [{"request": "a", "language": "python"}, {"request": "b", "language": "rust", "code": "x"}]
    path.write_text("".join(json.dumps(row) + "\n" for row in [*rows, rows[0]]))
    assert read_requests(path) == [Request(text="a", language="python"), Request(text="b", language="rust")]


@pytest.mark.parametrize(
    ("text", "message"),
    [('{"request": "a"}\n', "r.jsonl:1: 'language' is None"), ("", "holds no requests")],
)
def test_requests_that_are_none_are_refused(text, message, tmp_path):
    (tmp_path / "r.jsonl").write_text(text)
    with pytest.raises(DataError, match=message):
        read_requests(tmp_path / "r.jsonl")


def test_requests_of_shards_are_their_own_without_held_out_groups(shards_directory, monkeypatch):
    monkeypatch.setattr(sequences, "is_held_out", lambda group: group.endswith("7"))
    shards = open_shards(shards_directory)
    tokenizer = shards.tokenizer()
    examples = [e for place in shards.training_order(0) for e in shards.examples(*place)]
    taken = {tokenizer.decode(e.request.tolist()) for e in examples if not e.group.endswith("7")}
    assert 0 < len(taken) < len({tokenizer.decode(e.request.tolist()) for e in examples})
    requests = read_requests(shards_directory)
    assert {request.text for request in requests} == taken
    assert {request.language for request in requests} == {"bash"}
    assert len(requests) == len(taken)


@pytest.fixture(scope="module")
def llama(tmp_path_factory):
    return save_tiny_llama(tmp_path_factory.mktemp("llama"))


def test_base_model_answers_inside_a_fence_that_is_opened_for_it(llama):
    answerer = CausalAnswerer(str(llama), AnswerSettings(max_tokens=30))
    asked = [Request(text="print the number 3", language="python"), Request(text="number 1", language="python")]
    together, alone = answerer.answer(asked, seed=0), answerer.answer(asked[:1], seed=5)
    assert together[0].text.startswith("```python\nprint(")
    assert together[0].finished
    assert together[0] == alone[0], "greedy answers depend neither on the seed nor on padding"


def test_sampled_answers_depend_on_the_seed_alone(llama):
    answerer = CausalAnswerer(str(llama), AnswerSettings(max_tokens=12, temperature=2.0))
    asked = REQUESTS[:4]
    state = torch.get_rng_state()
    first, again, other = (answerer.answer(asked, seed=seed) for seed in (3, 3, 4))
    assert first == again != other
    assert torch.equal(torch.get_rng_state(), state)


def test_chat_model_is_asked_as_its_template_says(llama, tmp_path):
    shutil.copytree(llama, tmp_path / "chat")
    (tmp_path / "chat" / "chat_template.jinja").write_text("{{ messages[0].content }}\n\n```python\n")
    answerer = CausalAnswerer(str(tmp_path / "chat"), AnswerSettings(max_tokens=30))
    [answer] = answerer.answer([Request(text="print the number 2", language="python")], seed=0)
    assert answer.text.lstrip().startswith("print(")


def test_hrm_answers_as_its_runtime_does(tmp_path):
    """The request bidirectional, and padded beside a longer one."""
    directory = save_random_model(tmp_path)
    asked = [Request(text="count lines", language="bash"), Request(text="find all large files", language="bash")]
    found = CausalAnswerer(str(directory), AnswerSettings(max_tokens=10)).answer(asked, seed=0)
    tokenizer = Tokenizer.from_json((directory / "tokenizer.json").read_text(encoding="utf-8"))
    for request, answer in zip(asked, found, strict=True):
        with PyTorchRuntime(directory) as runtime:
            logits = runtime.prefill(render_prompt(tokenizer, request.text))
            written = []
            while len(written) < 10 and int(logits.argmax()) not in stop_ids(tokenizer):
                written.append(int(logits.argmax()))
                logits = runtime.decode(written[-1])
        assert answer.text == tokenizer.decode(written)


def test_hrm_that_reads_no_names_is_asked_without_them_and_answers_with_them(tmp_path):
    directory = save_random_model(tmp_path, vocab_size=352)
    path = directory / "tokenizer.json"
    tokenizer = Tokenizer.from_json(path.read_text(encoding="utf-8")).with_names()
    path.write_text(tokenizer.to_json(), encoding="utf-8")
    answerer = CausalAnswerer(str(directory), AnswerSettings(max_tokens=4))
    request = Request(text="move 'old notes.txt' to attic", language="bash")
    assert answerer._prompt(request) == render_prompt(tokenizer, request.text)
    written = tokenizer.encode_template("```bash\nmv <|name1|> <|name2|>\n```")
    assert answerer._generated(request, written).text == "```bash\nmv 'old notes.txt' attic\n```"


def test_shards_without_names_are_no_requests_for_a_teacher(shards_directory, monkeypatch):
    monkeypatch.setattr(Tokenizer, "has_names", True)
    with pytest.raises(DataError, match="holds requests without their names: build it without delexicalize"):
        read_requests(shards_directory)


def test_directory_without_a_model_is_refused(tmp_path):
    with pytest.raises(CheckpointError, match="cannot be a teacher"):
        CausalAnswerer(str(tmp_path), AnswerSettings())


@pytest.mark.parametrize("settings", [{"max_tokens": 0}, {"temperature": -1.0}])
def test_setting_out_of_range_is_refused(settings):
    with pytest.raises(DataError):
        AnswerSettings(**settings)
