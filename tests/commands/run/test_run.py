import json
import subprocess
import sys

import numpy as np
import pytest
from random_models import reference_logits, save_random_model

from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.prompt import parse_answer, render_prompt, stop_ids
from hrm_edge.runtimes.generation import complete
from hrm_edge.runtimes.pytorch.runtime import PyTorchRuntime
from hrm_edge.runtimes.sampling import Sampler
from hrm_edge.tokenizer import Tokenizer

KEYS = [
    "answer", "language", "verified", "model", "runtime", "device", "bits", "cycles", "prompt_tokens",
    "completion_tokens", "load_s", "ttft_s", "total_s", "decode_tokens_per_s", "peak_rss_bytes",
    "reason", "probability", "source", "trials",
]  # fmt: skip
"""Of the contract, then what is known of the answer."""

REQUEST = "find all files larger than 100 MB"
SHORT = ("--max-tokens", "24", "--threads", "1", "--no-index")
"""What the reference decodes too: a request as it stands."""


@pytest.fixture(scope="module")
def model(random_model):
    return random_model("plain")


@pytest.fixture(scope="module")
def tokenizer(model):
    with open_checkpoint(model) as checkpoint:
        return Tokenizer.from_json(checkpoint.tokenizer_json)


@pytest.fixture(scope="module")
def greedy_answer(model, tokenizer):
    """The answer by the reference runtime, decoded whole."""

    def answer(request, forced=(), max_tokens=24, cycles=None):
        with PyTorchRuntime(model, cycles=cycles) as runtime:
            completion = complete(
                runtime, render_prompt(tokenizer, request), sampler=Sampler(), stop_ids=stop_ids(tokenizer),
                max_tokens=max_tokens, forced_ids=forced,
            )  # fmt: skip
        return parse_answer(tokenizer.decode(completion.token_ids))

    return answer


@pytest.mark.parametrize("runtime", ["onnx", "llama-cpp", "torch"])
def test_run_prints_the_answer_on_stdout_and_the_status_on_stderr(cli, model, greedy_answer, runtime):
    result = cli("run", "--model", model, "--runtime", runtime, *SHORT, REQUEST)
    assert result.code == 0
    assert result.out == greedy_answer(REQUEST).text + "\n"
    *_, status = result.err.splitlines()
    assert status.startswith("not verified: the request has no example · ")
    assert "tokens/s" in status


def test_run_says_once_that_a_model_is_converted(cli, tmp_path):
    model = save_random_model(tmp_path / "model")
    first, second = (cli("run", "--model", model, *SHORT, REQUEST) for _ in range(2))
    assert first.err.count("converting") == 1
    assert "converting" not in second.err
    assert first.out == second.out


def test_run_json_has_every_key_of_the_contract_and_no_other(cli, model, greedy_answer):
    result = cli("run", "--model", model, *SHORT, "--json", REQUEST)
    report = json.loads(result.out)
    assert result.code == 0
    assert list(report) == KEYS
    assert report["answer"] == greedy_answer(REQUEST).text
    assert (report["model"], report["runtime"], report["device"]) == (str(model), "onnx", "cpu")
    assert (report["bits"], report["cycles"], report["verified"]) == (32, 2, None)
    assert 1 <= report["completion_tokens"] <= 24
    assert 0 < report["load_s"] < report["total_s"]
    assert 0 < report["ttft_s"] < report["total_s"]
    assert 10e6 < report["peak_rss_bytes"] < 100e9


def test_run_json_counts_the_prompt_with_its_markers(cli, model, tokenizer):
    report = json.loads(cli("run", "--model", model, *SHORT, "--json", "list files").out)
    assert report["prompt_tokens"] == len(tokenizer.encode("list files")) + 2


def test_run_without_a_model_takes_the_embedded_one(cli, model, monkeypatch):
    monkeypatch.setattr("hrm_edge.models.embedded_model_path", lambda: model)
    assert json.loads(cli("run", *SHORT, "--json", REQUEST).out)["model"] == str(model)


def test_run_reads_the_request_from_standard_input(cli, model, greedy_answer):
    result = cli("run", "--model", model, *SHORT, stdin=REQUEST.encode() + b"\n")
    assert result.out == greedy_answer(REQUEST).text + "\n"


def test_run_forces_the_language_that_is_asked_for(cli, model, tokenizer, greedy_answer):
    report = json.loads(cli("run", "--model", model, *SHORT, "--language", "rust", "--json", REQUEST).out)
    expected = greedy_answer(REQUEST, forced=tokenizer.encode("```rust\n"))
    assert (report["answer"], report["language"]) == (expected.text if expected.text.strip() else "", "rust")


@pytest.mark.parametrize("runtime", ["onnx", "llama-cpp", "torch"])
def test_run_turns_the_depth_dial(cli, model, greedy_answer, runtime):
    arguments = ("run", "--model", model, "--runtime", runtime, *SHORT, "--cycles", "1", "--json", REQUEST)
    report = json.loads(cli(*arguments).out)
    assert (report["cycles"], report["answer"]) == (1, greedy_answer(REQUEST, cycles=1).text)


def test_run_adds_files_as_fenced_blocks_under_their_names(cli, model, tmp_path, tokenizer):
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "b.md").write_text("```\ncode\n```")
    arguments = ("run", "--model", model, *SHORT, "--json", "--file", tmp_path / "a.py", "--file", tmp_path / "b.md")
    request = "explain\n\na.py:\n```\nx = 1\n```\n\nb.md:\n````\n```\ncode\n```\n````"
    assert json.loads(cli(*arguments, "explain").out)["prompt_tokens"] == len(tokenizer.encode(request)) + 2


def test_run_says_how_probable_a_command_is_to_the_model(cli, model, tokenizer):
    """By transformers' logits: the product over the tokens that it chose, those of the fence aside."""
    arguments = ("run", "--model", model, *SHORT, "--language", "bash")
    report = json.loads(cli(*arguments, "--json", REQUEST).out)
    fence, prompt = tokenizer.encode("```bash\n"), render_prompt(tokenizer, REQUEST)
    with PyTorchRuntime(model) as runtime:
        answer = complete(
            runtime, prompt, sampler=Sampler(), stop_ids=stop_ids(tokenizer), max_tokens=24, forced_ids=fence
        )
    ids = list(answer.token_ids)
    logits_TV = reference_logits(model, prompt, ids[:-1])
    exponents_TV = np.exp(logits_TV - logits_TV.max(-1, keepdims=True))
    probabilities_TV = exponents_TV / exponents_TV.sum(-1, keepdims=True)
    chosen = probabilities_TV[range(len(fence), len(ids)), ids[len(fence) :]]
    assert report["probability"] == pytest.approx(np.prod(chosen, dtype=float), rel=0.01)
    assert report["reason"] == "the request has no example; the model is guessing (under 1 %)"
    assert report["reason"] in cli(*arguments, REQUEST).err


def test_run_with_a_seed_repeats_itself_and_another_seed_differs(cli, model):
    def sampled(seed):
        return cli("run", "--model", model, *SHORT, "--temperature", "1", "--seed", seed, REQUEST).out

    assert sampled(1) == sampled(1) != sampled(2)


def test_run_gives_the_most_probable_of_several_candidates_that_agree_in_nothing(cli, model, tokenizer):
    """The first is greedy; the others are drawn at 0.8, each by the seed after the one before."""
    arguments = ("run", "--model", model, *SHORT, "--samples", "3", "--seed", "5", "--json", REQUEST)
    report = json.loads(cli(*arguments).out)
    with PyTorchRuntime(model) as runtime:
        candidates = [
            complete(
                runtime, render_prompt(tokenizer, REQUEST), sampler=sampler, stop_ids=stop_ids(tokenizer), max_tokens=24
            )
            for sampler in (Sampler(), Sampler(temperature=0.8, seed=6), Sampler(temperature=0.8, seed=7))
        ]
    written = [
        candidate for candidate in candidates if parse_answer(tokenizer.decode(candidate.token_ids)).text.strip()
    ]
    best = max(written, key=lambda candidate: candidate.mean_log_probability)
    assert report["answer"] == parse_answer(tokenizer.decode(best.token_ids)).text
    assert report["completion_tokens"] == len(best.token_ids)
    assert len(report["trials"]) == 3


def test_run_prints_the_chosen_candidate_once(cli, model):
    arguments = ("run", "--model", model, *SHORT, "--samples", "3", "--seed", "5")
    assert cli(*arguments, REQUEST).out == json.loads(cli(*arguments, "--json", REQUEST).out)["answer"] + "\n"


@pytest.mark.parametrize(("limit", "said"), [(8, "cut at --max-tokens 8"), (5000, "cut where the context ends")])
def test_run_says_why_an_answer_is_cut(cli, model, limit, said):
    """The random model never stops of itself, which the reference confirms by reaching the limit."""
    assert said in cli("run", "--model", model, "--threads", "1", "--no-index", "--max-tokens", limit, REQUEST).err


BAD_REQUESTS = [
    ([""], b"", "the request is empty"),
    ([], b"  \n", "the request is empty"),
    ([], b"\xff\xfe", "standard input is not UTF-8 at byte 0"),
    ([], b"x" * (2**20 + 1), "standard input has more than 1048576 bytes"),
    (["word " * 400], b"", "the context holds 256: shorten the prompt"),
    (["x", "--file", "{dir}/missing"], b"", "missing cannot be read (No such file or directory)"),
    (["x", "--file", "{dir}"], b"", "cannot be read (Is a directory)"),
    (["x", "--file", "{dir}/binary"], b"", "binary is not text (a zero byte at 3)"),
    (["x", "--file", "{dir}/latin"], b"", "latin is not UTF-8 at byte 3"),
    (["x", "--file", "{dir}/large"], b"", "large has more than 1048576 bytes"),
    (["x", "--device", "cuda"], b"", "cuda"),
    (["x", "--device", "cuda", "--runtime", "torch"], b"", "--device cpu"),
]


@pytest.mark.parametrize(("arguments", "stdin", "said"), BAD_REQUESTS, ids=[case[2] for case in BAD_REQUESTS])
def test_run_refuses_a_bad_request_in_one_line(cli, model, tmp_path, arguments, stdin, said):
    (tmp_path / "binary").write_bytes(b"abc\0")
    (tmp_path / "latin").write_bytes(b"caf\xe9")
    (tmp_path / "large").write_bytes(b"x" * (2**20 + 1))
    arguments = [argument.replace("{dir}", str(tmp_path)) for argument in arguments]
    result = cli("run", "--model", model, *SHORT, *arguments, stdin=stdin)
    assert (result.code, result.out) == (1, "")
    *_, line = result.err.splitlines()
    assert line.startswith("hrm-edge: ")
    assert said in line


def test_run_names_the_pip_command_where_llama_cpp_is_not_installed(cli, model, monkeypatch):
    monkeypatch.setattr("hrm_edge.runtimes.load.llama_cpp_installed", lambda: False)
    result = cli("run", "--model", model, "--runtime", "llama-cpp", REQUEST)
    assert (result.code, result.out) == (1, "")
    assert 'pip install "hrm-edge[llama]"' in result.err


def test_run_imports_no_training_library_and_a_warm_run_no_converter(model):
    script = f"""
import sys
from hrm_edge.cli import main
try:
    main(["run", "--model", {str(model)!r}, "--max-tokens", "4", "--json", "list files"])
except SystemExit:
    print(sorted(set(sys.modules) & {{"torch", "transformers", "datasets", "onnx", "gguf", "llama_cpp", "rich"}}))
"""
    for allowed in ({"[]", "['onnx']"}, {"[]"}):
        result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert result.stdout.splitlines()[-1] in allowed
