"""What quantization costs, against transformers run for fewer cycles, against verify's logits, and by hand."""

from pathlib import Path

import numpy as np
import pytest
import torch
from random_models import SHAPES, random_ids, save_random_model
from transformers import HrmTextForCausalLM

from hrm_edge.bench.verify import kl_divergence, read_answer
from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.errors import DataError, VerificationError
from hrm_edge.quantize.grid import QuantizedTensor, dequantize
from hrm_edge.quantize.rtn import quantize_checkpoint
from hrm_edge.runtimes.pytorch.runtime import PyTorchRuntime
from hrm_edge.train.calibration.examples import TokenizedExample
from hrm_edge.train.quality.cycle_error import Estimate, measure, state_names

EXAMPLES = [
    TokenizedExample(request=tuple(random_ids(9, seed=1)), answer=tuple(random_ids(5, seed=2))),
    TokenizedExample(request=tuple(random_ids(3, seed=3)), answer=tuple(random_ids(12, seed=4))),
    TokenizedExample(request=tuple(random_ids(20, seed=5)), answer=tuple(random_ids(1, seed=6))),
]


@pytest.fixture(scope="module")
def rounded(random_model, tmp_path_factory) -> dict[int, Path]:
    found = {}
    for bits in (4, 8):
        found[bits] = tmp_path_factory.mktemp("rounded") / f"{bits}bit"
        quantize_checkpoint(open_checkpoint(random_model("plain")), bits, found[bits])
    return found


def transformers_model(source: Path, quantized: Path | None = None) -> HrmTextForCausalLM:
    """The model as transformers loads it, with the weights of `quantized` put in one by one."""
    model = HrmTextForCausalLM.from_pretrained(source, dtype=torch.float32, attn_implementation="eager").eval()
    if quantized is not None:
        weights = dict(open_checkpoint(quantized).tensors())
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                tensor = weights[name]
                parameter.copy_(torch.tensor(dequantize(tensor) if isinstance(tensor, QuantizedTensor) else tensor))
    return model


def final_states(model: HrmTextForCausalLM, example: TokenizedExample, cycles: int) -> np.ndarray:
    """The last hidden states [A, D] after so many H cycles, at the positions that predict the answer."""
    model.config.H_cycles = cycles
    ids = torch.tensor([[*example.request, *example.answer]])
    block = torch.tensor([[1] * len(example.request) + [0] * len(example.answer)])
    with torch.inference_mode():
        hidden = model.model(ids, token_type_ids=block, use_cache=False).last_hidden_state[0]
    return hidden[len(example.request) - 1 : -1].double().numpy()


def test_error_after_each_h_cycle_is_that_of_models_that_stop_there(random_model, rounded):
    _, [error] = measure(random_model("plain"), [rounded[4]], EXAMPLES)
    exact, quantized = transformers_model(random_model("plain")), transformers_model(random_model("plain"), rounded[4])
    for cycles, place in ((1, 2), (2, 5)):
        ratios = []
        for example in EXAMPLES:
            wanted = final_states(exact, example, cycles)
            found = final_states(quantized, example, cycles)
            ratios.append(np.sqrt(((found - wanted) ** 2).sum() / (wanted**2).sum()))
        assert error.state_errors[place].mean == pytest.approx(np.mean(ratios), rel=1e-4)
        spread = np.sqrt(np.sum((ratios - np.mean(ratios)) ** 2) / 2 / 3)
        assert error.state_errors[place].standard_error == pytest.approx(spread, rel=1e-3)


def test_kl_and_agreement_are_those_of_the_logits_that_verify_reads_token_by_token(random_model, rounded):
    _, [error] = measure(random_model("plain"), [rounded[4]], EXAMPLES)
    kl, agreement = [], []
    with PyTorchRuntime(random_model("plain")) as exact, PyTorchRuntime(rounded[4]) as quantized:
        for example in EXAMPLES:
            wanted = read_answer(exact, example.request, example.answer)
            found = read_answer(quantized, example.request, example.answer)
            kl.append(kl_divergence(wanted, found).mean())
            agreement.append((wanted.argmax(-1) == found.argmax(-1)).mean())
    assert error.kl_divergence.mean == pytest.approx(np.mean(kl), rel=1e-3)
    assert error.top1_agreement.mean == pytest.approx(np.mean(agreement))


def test_losses_are_those_of_transformers(random_model, rounded):
    loss, [error] = measure(random_model("plain"), [rounded[4]], EXAMPLES)
    for found, model in (
        (loss, transformers_model(random_model("plain"))),
        (error.loss, transformers_model(random_model("plain"), rounded[4])),
    ):
        expected = []
        for example in EXAMPLES:
            ids = torch.tensor([[*example.request, *example.answer]])
            block = torch.tensor([[1] * len(example.request) + [0] * len(example.answer)])
            labels = torch.where(block == 1, -100, ids)
            with torch.inference_mode():
                expected.append(float(model(ids, token_type_ids=block, labels=labels, use_cache=False).loss))
        assert found.mean == pytest.approx(np.mean(expected), rel=1e-5)


def test_methods_bits_and_shares_of_rtn_are_told(random_model, rounded):
    source = random_model("plain")
    _, [four, eight, same] = measure(source, [rounded[4], rounded[8], source], EXAMPLES)
    assert [(one.method, one.bits) for one in (four, eight, same)] == [("rtn", 4), ("rtn", 8), ("float", 32)]
    assert four.kl_against_rtn == eight.kl_against_rtn == Estimate(mean=1.0, standard_error=0.0)
    assert same.kl_against_rtn is None
    assert (same.kl_divergence.mean, same.top1_agreement.mean) == (0.0, 1.0)
    assert [state.mean for state in same.state_errors] == [0.0] * 6
    assert all(a.mean > 4 * b.mean > 0 for a, b in zip(four.state_errors, eight.state_errors, strict=True))


def test_states_are_named_by_cycle_and_stack(random_model):
    architecture = open_checkpoint(random_model("plain")).architecture
    assert state_names(architecture) == ["1.L1", "1.L2", "1.H", "2.L1", "2.L2", "2.H"]


def test_single_example_has_no_error():
    assert Estimate.of(np.array([0.5])) == Estimate(mean=0.5, standard_error=None)


def test_error_of_a_ratio_is_that_of_the_bootstrap():
    rng = np.random.default_rng(0)
    below = rng.gamma(4, size=200)
    above = 0.3 * below + 0.1 * rng.standard_normal(200)
    draws = rng.integers(0, 200, (4000, 200))
    spread = (above[draws].mean(1) / below[draws].mean(1)).std()
    found = Estimate.of_ratio(above, below)
    assert found.mean == pytest.approx(above.sum() / below.sum())
    assert found.standard_error == pytest.approx(spread, rel=0.1)


def test_another_model_is_refused(random_model, tmp_path):
    other = save_random_model(tmp_path / "other", **SHAPES["three_h_cycles"])
    with pytest.raises(VerificationError, match="they are not the same model"):
        measure(random_model("plain"), [other], EXAMPLES)


def test_nothing_to_compare_on_is_refused(random_model):
    with pytest.raises(DataError, match="there is no example to compare on"):
        measure(random_model("plain"), [], [])
