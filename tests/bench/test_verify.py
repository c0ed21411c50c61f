import math

import numpy as np
import pytest
import torch
from random_models import random_ids, reference_logits, save_random_model
from safetensors.torch import load_file, save_file

from hrm_edge.bench.verify import (
    ANSWER_TOKENS,
    TOLERANCES,
    Comparison,
    kl_divergence,
    read_answer,
    reference_runtime,
    verify,
)
from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.errors import DataError, VerificationError
from hrm_edge.export.gguf import export_gguf
from hrm_edge.export.onnx_graph import export_onnx
from hrm_edge.prompt import render_answer, render_prompt
from hrm_edge.prompt_files import Prompt
from hrm_edge.quantize.rtn import quantize_checkpoint
from hrm_edge.runtimes.pytorch.runtime import PyTorchRuntime
from hrm_edge.tokenizer import Tokenizer

PROMPTS = [Prompt(prompt="find all files"), Prompt(prompt="list processes")]


def perturbed(model, directory, spread):
    """A copy of `model` with noise of `spread` on every weight of one matrix."""
    save_random_model(directory)
    weights = load_file(model / "model.safetensors")
    name = "model.H_module.layers.1.mlp.down_proj.weight"
    torch.manual_seed(3)
    weights[name] += spread * torch.randn_like(weights[name])
    save_file(weights, directory / "model.safetensors", metadata={"format": "pt"})
    return directory


def test_kl_divergence_is_torchs():
    rng = np.random.default_rng(0)
    expected, given = (rng.normal(0, 3, (5, 40)).astype(np.float32) for _ in range(2))
    p, q = (torch.from_numpy(logits).double().log_softmax(-1) for logits in (expected, given))
    torch_kl = torch.nn.functional.kl_div(q, p, log_target=True, reduction="none").sum(-1).numpy()
    np.testing.assert_allclose(kl_divergence(expected, given), torch_kl, rtol=1e-12)


def test_read_answer_gives_the_logits_each_token_is_chosen_from(random_model):
    prompt, answer = random_ids(7), random_ids(5, seed=3)
    with PyTorchRuntime(random_model("plain")) as runtime:
        logits = read_answer(runtime, prompt, answer)
    np.testing.assert_allclose(logits, reference_logits(random_model("plain"), prompt, answer[:-1]), atol=1e-4)


def test_model_agrees_with_itself_in_every_runtime(random_model, tmp_path):
    model = random_model("plain")
    with open_checkpoint(model) as checkpoint:
        export_gguf(checkpoint, tmp_path / "m.gguf", dtype="f32")
        export_onnx(checkpoint, tmp_path / "m.onnx")
    comparisons = verify(model, [tmp_path / "m.gguf", tmp_path / "m.onnx", model], PROMPTS)
    assert [comparison.runtime for comparison in comparisons] == ["llama-cpp", "onnx", "onnx"]
    for comparison in comparisons:
        assert comparison.failures() == []
        assert comparison.greedy_identical
        assert comparison.top1_agreement == 1.0
        assert comparison.relative_logit_error < 1e-4
        assert (comparison.prompts, comparison.bits) == (2, 32)


def test_numbers_are_those_of_transformers_teacher_forced(random_model, tmp_path):
    """KL, agreement and error worked out from transformers' logits of both models on the given answer."""
    model, other = random_model("plain"), perturbed(random_model("plain"), tmp_path / "other", 0.05)
    prompt = Prompt(prompt="find all files", answer="```bash\nfind .\n```")
    [comparison] = verify(model, [other], [prompt])
    tokenizer = Tokenizer.from_json((model / "tokenizer.json").read_text())
    prompt_ids, answer_ids = render_prompt(tokenizer, prompt.prompt), render_answer(tokenizer, prompt.answer)
    expected, given = (
        torch.from_numpy(reference_logits(path, prompt_ids, answer_ids[:-1])).double() for path in (model, other)
    )
    kl = (expected.softmax(-1) * (expected.log_softmax(-1) - given.log_softmax(-1))).sum(-1)
    assert comparison.answer_tokens == len(answer_ids)
    assert comparison.mean_kl_divergence == pytest.approx(float(kl.mean()), rel=1e-3)
    assert comparison.top1_agreement == pytest.approx(float((expected.argmax(-1) == given.argmax(-1)).double().mean()))
    error = (given - expected).abs().amax(-1) / expected.abs().amax(-1)
    assert comparison.relative_logit_error == pytest.approx(float(error.max()), rel=1e-3)


def test_perturbed_weights_are_past_the_tolerance(random_model, tmp_path):
    other = perturbed(random_model("plain"), tmp_path / "other", 0.05)
    [comparison] = verify(random_model("plain"), [other], PROMPTS)
    assert any("relative logit error" in failure and "past 0.001" in failure for failure in comparison.failures())


def test_greedy_answers_differ_where_a_first_choice_does(random_model, tmp_path):
    other = perturbed(random_model("plain"), tmp_path / "other", 1.0)
    [comparison] = verify(random_model("plain"), [other], PROMPTS)
    assert not comparison.greedy_identical
    assert comparison.top1_agreement < 1


def test_greedy_answers_are_compared_apart_from_a_given_answer(random_model, tmp_path):
    """On a given answer the tokens measured are the file's; whether greedy answers agree is still asked."""
    prompts = [Prompt(prompt="find all files", answer="x")]
    [same] = verify(random_model("plain"), [random_model("plain")], prompts)
    [other] = verify(random_model("plain"), [perturbed(random_model("plain"), tmp_path / "other", 1.0)], prompts)
    assert (same.greedy_identical, other.greedy_identical) == (True, False)
    assert same.answer_tokens == other.answer_tokens == 2  # x and the end


def test_long_given_answers_are_cut(random_model):
    prompts = [Prompt(prompt="find", answer="word " * 200)]
    [comparison] = verify(random_model("plain"), [random_model("plain")], prompts)
    assert comparison.answer_tokens == ANSWER_TOKENS


@pytest.mark.parametrize("bits", [4, 8])
def test_quantized_model_is_held_to_the_tolerance_of_its_bits(random_model, tmp_path, bits):
    with open_checkpoint(random_model("plain")) as checkpoint:
        quantize_checkpoint(checkpoint, bits, tmp_path / "small").close()
    [comparison] = verify(random_model("plain"), [tmp_path / "small"], PROMPTS)
    assert comparison.bits == bits
    assert 1e-9 < comparison.mean_kl_divergence < TOLERANCES[bits].mean_kl_divergence
    assert comparison.failures() == []


def test_every_prompt_of_every_model_is_heard_of(random_model):
    heard = []
    verify(random_model("plain"), [random_model("plain")], PROMPTS, on_prompt=heard.append)
    assert len(heard) == 4


def test_models_of_different_vocabularies_are_refused(random_model):
    other = random_model("vocabulary_no_multiple_of_32")
    with pytest.raises(VerificationError, match=r"a vocabulary of 333 tokens and .* one of 320"):
        verify(random_model("plain"), [other], PROMPTS)


def test_logits_that_are_not_finite_are_refused_under_the_candidates_name(random_model, tmp_path):
    other = perturbed(random_model("plain"), tmp_path / "broken", float("nan"))
    with pytest.raises(VerificationError, match="broken gives logits that are not finite"):
        verify(random_model("plain"), [other], PROMPTS)


def comparison_of(bits, **numbers):
    fine = {
        "mean_kl_divergence": 0.0, "kl_standard_error": 0.0, "top1_agreement": 1.0, "relative_logit_error": 0.0,
        "greedy_identical": True,
    }  # fmt: skip
    return Comparison(path="m", runtime="onnx", bits=bits, prompts=1, answer_tokens=1, **(fine | numbers))


@pytest.mark.parametrize(
    ("bits", "numbers", "failures"),
    [
        (32, {"relative_logit_error": 1e-3}, []),
        (32, {"relative_logit_error": 1.1e-3}, ["relative logit error 0.0011 is past 0.001"]),
        (32, {"top1_agreement": 0.99}, ["top-1 agreement 0.9900 is below 1"]),
        (16, {"mean_kl_divergence": 1e-3}, []),
        (16, {"mean_kl_divergence": 2e-3}, ["mean KL divergence 0.002 is past 0.001"]),
        (8, {"mean_kl_divergence": 0.01, "top1_agreement": 0.5}, []),
        (8, {"mean_kl_divergence": 0.011}, ["mean KL divergence 0.011 is past 0.01"]),
        (4, {"mean_kl_divergence": 0.1}, []),
        (4, {"mean_kl_divergence": 0.2}, ["mean KL divergence 0.2 is past 0.1"]),
        (4, {"mean_kl_divergence": math.nan}, ["mean KL divergence nan is past 0.1"]),
    ],
    ids=str,
)
def test_failures_name_the_number_and_its_bound(bits, numbers, failures):
    assert comparison_of(bits, **numbers).failures() == failures


def test_reference_is_torch_for_a_directory_only(random_model, tmp_path):
    assert reference_runtime(random_model("plain")) == "torch"
    assert reference_runtime(tmp_path / "m.gguf") == "llama-cpp"
    assert reference_runtime(tmp_path / "m.onnx") == "onnx"


def test_verify_without_prompts_is_refused(random_model):
    with pytest.raises(DataError, match="no prompt to verify with"):
        verify(random_model("plain"), [random_model("plain")], [])
