"""What quantization does to an HRM, and how it grows from cycle to cycle.

Both models read the same requests and answers under the mask of training. At the positions that answer tokens are
predicted from, and after every run of a stack (L … L H, once per H cycle), the relative error of the hidden state is

    ‖z_quantized − z_float‖ / ‖z_float‖        (L2, over all positions and dimensions of one example)

and at the end KL(float ‖ quantized), top-1 agreement and loss of the answer tokens. An example counts as one: figures
are means over examples of the means within them, with the standard error over examples.

    float_model, errors = measure(Path("runs/nano"), [Path("runs/nano-4bit")], examples)
    errors[0].state_errors[-1].mean
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import HrmTextForCausalLM

from hrm_edge.architecture import Architecture
from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.checkpoint.quantized import QuantizedCheckpoint
from hrm_edge.errors import DataError, VerificationError
from hrm_edge.train.calibration.examples import TokenizedExample
from hrm_edge.train.calibration.hessians import read_example
from hrm_edge.train.quality.finished_model import load_finished_model
from hrm_edge.train.stack_states import recording_stacks


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A mean over examples."""

    mean: float
    standard_error: float | None
    """None with a single example, which tells nothing about the spread."""

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> "Estimate":
        """Of one value per example."""
        error = float(values.std(ddof=1)) / sqrt(len(values)) if len(values) > 1 else None
        return cls(mean=float(values.mean()), standard_error=error)

    @classmethod
    def of_ratio(cls, above: NDArray[np.float64], below: NDArray[np.float64]) -> "Estimate":
        """mean(above) / mean(below) of values paired by example; its error by the delta method."""
        ratio = float(above.mean() / below.mean())
        spread = cls.of(above - ratio * below).standard_error
        return cls(mean=ratio, standard_error=None if spread is None else spread / abs(float(below.mean())))


@dataclass(frozen=True, kw_only=True)
class QuantizationError:
    """One quantized checkpoint beside the float one."""

    path: Path
    method: str
    """rtn, gptq or qat as its config says; `float` for weights that are not quantized."""
    bits: int
    loss: Estimate
    """Nats per answer token."""
    kl_divergence: Estimate
    top1_agreement: Estimate
    state_errors: tuple[Estimate, ...]
    """Relative error after each run of a stack; `state_names` names them."""
    kl_against_rtn: Estimate | None
    """Its KL as a share of that of the first RTN checkpoint of the same bits; None where there is none."""


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """What one model makes of one example: states [S, A, D] and log-probabilities [A, V] that predict A tokens."""

    states: torch.Tensor
    log_probabilities: torch.Tensor


@dataclass(frozen=True, kw_only=True)
class _Distances:
    """Per example [E]; `states` is [E, S]."""

    loss: NDArray[np.float64]
    kl: NDArray[np.float64]
    agreement: NDArray[np.float64]
    states: NDArray[np.float64]


def state_names(architecture: Architecture) -> list[str]:
    """`1.L1`, `1.L2`, `1.H`, `2.L1`, …: H cycle, then the stack and its run in that cycle."""
    runs = [*(f"L{run}" for run in range(1, architecture.l_cycles + 1)), "H"]
    return [f"{cycle}.{run}" for cycle in range(1, architecture.h_cycles + 1) for run in runs]


def measure(
    reference: Path,
    candidates: Sequence[Path],
    examples: Sequence[TokenizedExample],
    *,
    on_example: Callable[[str], None] | None = None,
) -> tuple[Estimate, list[QuantizationError]]:
    """The loss of `reference`, and the error of each candidate, in order. All models are in memory, in float32.

    Raises:
        DataError: there is no example.
        VerificationError: a candidate of other sizes than the reference.
        CheckpointError, ArchitectureError: a model cannot be loaded.
    """
    if not examples:
        raise DataError("there is no example to compare on: give at least one request with its answer")
    described = [_describe(path, reference) for path in candidates]
    model, others = load_finished_model(reference), [load_finished_model(path) for path in candidates]
    own_losses, rows = [], [[] for _ in others]  # type: ignore[var-annotated]
    for example in examples:
        wanted = _read(model, example)
        own_losses.append(_loss(wanted, example))
        for other, found in zip(others, rows, strict=True):
            found.append(_distances(wanted, _read(other, example), example))
        if on_example is not None:
            on_example("comparing")
    distances = [_stack(found) for found in rows]
    errors = []
    for path, (method, bits), of_candidate in zip(candidates, described, distances, strict=True):
        rtn = next((d for d, what in zip(distances, described, strict=True) if what == ("rtn", bits)), None)
        errors.append(_summary(path, method, bits, of_candidate, rtn))
    return Estimate.of(np.array(own_losses)), errors


def _describe(path: Path, reference: Path) -> tuple[str, int]:
    """Method and bits of a candidate whose sizes are those of the reference."""
    with open_checkpoint(path) as found, open_checkpoint(reference) as wanted:
        if found.architecture != wanted.architecture:
            raise VerificationError(f"{path} has other sizes than {reference}: they are not the same model")
        if isinstance(found, QuantizedCheckpoint):
            return found.quantization.method, found.bits
        return "float", found.bits


def _read(model: HrmTextForCausalLM, example: TokenizedExample) -> _Reading:
    predicting = slice(len(example.request) - 1, len(example) - 1)
    with torch.inference_mode(), recording_stacks(model) as states:
        final_TD = read_example(model, example)
        logits_AV = model.lm_head(final_TD[predicting])
    return _Reading(
        states=torch.stack([state[0, predicting] for state in states]),
        log_probabilities=logits_AV.double().log_softmax(-1),
    )


def _loss(reading: _Reading, example: TokenizedExample) -> float:
    answer_A = torch.tensor(example.answer)
    return float(-reading.log_probabilities.gather(1, answer_A[:, None]).mean())


def _distances(wanted: _Reading, found: _Reading, example: TokenizedExample) -> _Distances:
    expected_AV, given_AV = wanted.log_probabilities, found.log_probabilities
    off_S = (found.states - wanted.states).flatten(1).double().norm(dim=1)
    return _Distances(
        loss=np.array(_loss(found, example)),
        kl=(expected_AV.exp() * (expected_AV - given_AV)).sum(-1).mean().numpy(),
        agreement=(expected_AV.argmax(-1) == given_AV.argmax(-1)).double().mean().numpy(),
        states=(off_S / wanted.states.flatten(1).double().norm(dim=1)).numpy(),
    )


def _stack(found: Sequence[_Distances]) -> _Distances:
    return _Distances(
        loss=np.stack([one.loss for one in found]),
        kl=np.stack([one.kl for one in found]),
        agreement=np.stack([one.agreement for one in found]),
        states=np.stack([one.states for one in found]),
    )


def _summary(path: Path, method: str, bits: int, found: _Distances, rtn: _Distances | None) -> QuantizationError:
    return QuantizationError(
        path=path,
        method=method,
        bits=bits,
        loss=Estimate.of(found.loss),
        kl_divergence=Estimate.of(found.kl),
        top1_agreement=Estimate.of(found.agreement),
        state_errors=tuple(Estimate.of(of_step) for of_step in found.states.T),
        kl_against_rtn=None if rtn is None else Estimate.of_ratio(found.kl, rtn.kl),
    )
