"""A text that is scored over HTTP has the scores it has in this process, by our own calls and by lm-eval-harness."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from random_models import reference_logits
from running_server import MODEL, RunningServer, loader

from hrm_edge.prompt import render_prompt
from hrm_edge.runtimes.parallel import score
from hrm_edge.runtimes.sampling import log_softmax

TEXT = "count the lines of every file: wc -l"


def scored(server, prompt, **options):
    body = {"model": MODEL, "prompt": prompt, "echo": True, "logprobs": 1, "max_tokens": 0, **options}
    status, _, answer = server.ask("POST", "/v1/completions", body)
    assert status == 200, answer
    return [choice["logprobs"] for choice in json.loads(answer)["choices"]]


def log_probabilities(model_dir, prompt_ids, answer_ids):
    """By transformers."""
    rows = reference_logits(model_dir, prompt_ids, answer_ids)
    return [log_softmax(row)[token] for row, token in zip(rows, answer_ids, strict=False)]


def test_a_text_without_a_marker_is_scored_after_its_first_token(server, reference, random_model):
    ids = reference.tokenizer.encode(TEXT)
    (lists,) = scored(server, TEXT)
    steps = score(reference.batch, ids[:1], ids[1:], alternatives=1)
    assert lists["token_logprobs"][0] is None
    assert lists["token_logprobs"][1:] == pytest.approx([step.log_probability for step in steps], abs=1e-5)
    by_transformers = log_probabilities(random_model("plain"), ids[:1], ids[1:])
    assert lists["token_logprobs"][1:] == pytest.approx(by_transformers, abs=2e-3)
    assert "".join(lists["tokens"]) == TEXT
    for offset, token in zip(lists["text_offset"], lists["tokens"], strict=True):
        assert TEXT[offset:].startswith(token)
    for step, value, top in zip(steps, lists["token_logprobs"][1:], lists["top_logprobs"][1:], strict=True):
        assert (value == max(top.values())) == (step.token_id == step.alternatives[0][0])


def test_a_text_with_a_marker_is_scored_after_its_prompt_block(server, reference, random_model):
    prompt_ids = render_prompt(reference.tokenizer, "count the lines")
    answer_ids = reference.tokenizer.encode("wc -l *.txt")
    (lists,) = scored(server, "<|prompt|>count the lines<|answer|>wc -l *.txt")
    assert lists["token_logprobs"][: len(prompt_ids)] == [None] * len(prompt_ids)
    by_transformers = log_probabilities(random_model("plain"), prompt_ids, answer_ids)
    assert lists["token_logprobs"][len(prompt_ids) :] == pytest.approx(by_transformers, abs=2e-3)
    assert scored(server, [*prompt_ids, *answer_ids]) == [lists]


def test_a_text_of_one_block_has_nothing_to_score(server):
    (lists,) = scored(server, "<|prompt|>count<|answer|>")
    assert set(lists["token_logprobs"]) == {None}


def test_the_token_that_is_written_after_a_scored_text_is_listed_last(server, reference):
    ids = reference.tokenizer.encode(TEXT)
    (lists,) = scored(server, TEXT, max_tokens=1)
    assert len(lists["tokens"]) == len(ids) + 1
    assert lists["token_logprobs"][:-1] == pytest.approx(scored(server, TEXT)[0]["token_logprobs"], nan_ok=True)


def test_many_texts_are_scored_at_once_as_one_by_one(server):
    texts = [TEXT[:end] for end in range(4, 30)]
    assert [lists["token_logprobs"][1:] for lists in scored(server, texts)] == [
        pytest.approx(scored(server, text)[0]["token_logprobs"][1:], abs=1e-4) for text in texts
    ]


def test_a_causal_model_scores_every_token_but_the_first(random_model):
    path = random_model("causal")
    with RunningServer(loader(path)) as server:
        server.ready()
        prompt = server.engine.model.completion_parts("<|prompt|>count<|answer|>wc", scored=True)
        (lists,) = scored(server, "<|prompt|>count<|answer|>wc")
    expected = log_probabilities(path, prompt.ids[:1], prompt.ids[1:])
    assert lists["token_logprobs"][1:] == pytest.approx(expected, abs=2e-3)


TASK = """
task: tiny_choice
dataset_path: json
dataset_kwargs:
  data_files: {data}
output_type: multiple_choice
test_split: train
doc_to_text: "{{{{question}}}}"
doc_to_choice: "{{{{choices}}}}"
doc_to_target: "{{{{answer}}}}"
metric_list:
  - metric: acc
"""
DOCS = [
    {"question": "list all files:", "choices": ["find . -type f", "print(json)"], "answer": 0},
    {"question": "add two numbers:", "choices": ["ps aux", "return first + second", "wc"], "answer": 1},
    {"question": "count lines:", "choices": ["wc -l", "for line in sys"], "answer": 0},
]


@pytest.mark.slow
def test_lm_evaluation_harness_gets_the_scores_of_this_process(server, reference, random_model, tmp_path):
    pytest.importorskip("lm_eval", reason="pip install 'lm-eval[api]'")
    data, out = tmp_path / "docs.jsonl", tmp_path / "out"
    data.write_text("\n".join(map(json.dumps, DOCS)), encoding="utf-8")
    (tmp_path / "tiny_choice.yaml").write_text(TASK.format(data=data), encoding="utf-8")
    arguments = (
        f"model={MODEL},base_url={server.url}/v1/completions,tokenizer={random_model('plain')},"
        "num_concurrent=2,max_retries=1,max_length=200"
    )
    ran = subprocess.run(
        [
            sys.executable, "-m", "lm_eval", "--model", "local-completions", "--model_args", arguments,
            "--tasks", "tiny_choice", "--include_path", str(tmp_path), "--log_samples", "--output_path", str(out),
        ],
        capture_output=True, text=True, check=False, cwd=tmp_path,
        env=os.environ | {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(tmp_path / "hub")},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-4000:]
    samples = {
        sample["doc_id"]: sample
        for line in next(out.rglob("samples_*.jsonl")).read_text(encoding="utf-8").splitlines()
        for sample in [json.loads(line)]
    }
    assert len(samples) == len(DOCS)
    for number, doc in enumerate(DOCS):
        for choice, told in zip(doc["choices"], samples[number]["filtered_resps"], strict=True):
            context = reference.tokenizer.encode(doc["question"])
            ids = reference.tokenizer.encode(f"{doc['question']} {choice}")
            steps = score(reference.batch, ids[:1], ids[1:], alternatives=1)[len(context) - 1 :]
            assert float(told[0]) == pytest.approx(sum(step.log_probability for step in steps), abs=1e-3)
            greedy = all(step.token_id == step.alternatives[0][0] for step in steps)
            assert str(told[1]) == str(greedy)
    assert np.isfinite(float(samples[0]["acc"]))
