"""Verify: how far a candidate's answers are from a reference's, token by token, under the trained mask.

The reference answers each prompt greedily (or the prompts file brings the answer). Every model then reads the same
answer, token after token, and its logits at each of these tokens are set beside the reference's:

    mean KL divergence        Σ p_ref · (ln p_ref − ln p_cand), nats, float64, averaged over all answer tokens
    top-1 agreement           share of answer tokens where both hold the same token most probable
    relative logit error      max |Δ logit| / max |ref logit| at one token; the largest of all tokens
    greedy answers identical  every token of the reference's greedy answer is the candidate's first choice too

A candidate is held to the tolerance of its bits; logits that are not finite fail at once.
"""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from hrm_edge.errors import DataError, VerificationError
from hrm_edge.prompt import Rendered, render_answer, render_request, stop_ids
from hrm_edge.prompt_files import Prompt
from hrm_edge.runtimes.base import Runtime
from hrm_edge.runtimes.generation import generate
from hrm_edge.runtimes.load import load_runtime, load_tokenizer, natural_runtime
from hrm_edge.runtimes.options import RuntimeOptions
from hrm_edge.runtimes.sampling import Sampler, log_softmax
from hrm_edge.tokenizer import Tokenizer

ANSWER_TOKENS = 64
"""Longest answer that is compared, per prompt."""

PROMPTS = (
    "find all files larger than 100 MB",
    "list the ten largest files in this directory",
    "count the lines of every python file under src",
    "show the processes that use the most memory",
    "replace foo by bar in all text files",
    "extract backup.tar.gz into /tmp/restore",
    "print the second column of data.csv",
    "show the last 20 commits in one line each",
    "write a python function that returns the sum of a list",
    "write a python function that checks whether a word is a palindrome",
    "show which process listens on port 8080",
    "make script.sh executable",
)
"""Requests of the kind the project's models are trained on; a --prompts file replaces them."""


@dataclass(frozen=True, kw_only=True)
class Tolerance:
    """What a candidate of some bits may differ by; None is not limited."""

    mean_kl_divergence: float | None = None
    relative_logit_error: float | None = None
    top1_agreement: float | None = None


TOLERANCES = {
    32: Tolerance(relative_logit_error=1e-3, top1_agreement=1.0),
    16: Tolerance(mean_kl_divergence=1e-3),
    8: Tolerance(mean_kl_divergence=0.01),
    4: Tolerance(mean_kl_divergence=0.1),
}
"""By bits of the candidate. float32 differs by summation order only (measured 1e-5, two decimal digits spared); 8 bits
measured 0.0002 nats on a small trained model and 4 bits 0.037 by rounding to nearest: the bounds leave room for models
that are harder to round, and a damaged export is far past them."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One candidate against the reference."""

    path: Path
    runtime: str
    bits: int
    prompts: int
    answer_tokens: int
    mean_kl_divergence: float
    kl_standard_error: float
    """Over the means of the prompts, as the tokens of one answer are not independent; 0 for a single prompt."""
    top1_agreement: float
    relative_logit_error: float
    greedy_identical: bool

    def failures(self) -> list[str]:
        """Each number past the tolerance of the candidate's bits, with its bound; empty if it passes."""
        bound = TOLERANCES[self.bits]
        found = []
        if bound.mean_kl_divergence is not None and not self.mean_kl_divergence <= bound.mean_kl_divergence:
            found.append(f"mean KL divergence {self.mean_kl_divergence:.3g} is past {bound.mean_kl_divergence:g}")
        if bound.relative_logit_error is not None and not self.relative_logit_error <= bound.relative_logit_error:
            found.append(f"relative logit error {self.relative_logit_error:.3g} is past {bound.relative_logit_error:g}")
        if bound.top1_agreement is not None and not self.top1_agreement >= bound.top1_agreement:
            found.append(f"top-1 agreement {self.top1_agreement:.4f} is below {bound.top1_agreement:g}")
        return found


@dataclass(frozen=True, kw_only=True)
class _Case:
    """A prompt with the answer every model reads, the reference's own greedy answer, and its logits on disk."""

    prompt_ids: list[int]
    answer_ids: list[int]
    greedy_ids: list[int]
    logits_file: Path


@dataclass(frozen=True, kw_only=True)
class _Distance:
    """Of one prompt: `kl` and `agrees` [T] per answer token, the largest relative error, greedy identity."""

    kl: NDArray[np.float64]
    agrees: NDArray[np.bool_]
    relative_logit_error: float
    greedy_identical: bool


def verify(
    reference: Path,
    candidates: Sequence[Path],
    prompts: Sequence[Prompt],
    *,
    on_prompt: Callable[[str], None] | None = None,
) -> list[Comparison]:
    """Compare each candidate with the reference, in order; `on_prompt` hears of every prompt a model has answered.

    One model is loaded at a time: the reference's logits wait on disk.

    Raises:
        VerificationError: a candidate of another vocabulary.
        DataError: there is no prompt.
        CheckpointError, RuntimeUnavailableError, PromptError: a model cannot be loaded, or a prompt does not fit.
    """
    if not prompts:
        raise DataError("there is no prompt to verify with: give at least one")
    heard = on_prompt or (lambda _: None)
    with TemporaryDirectory(prefix="hrm-edge-verify-") as directory:
        cases = _reference_cases(reference, prompts, Path(directory), heard)
        return [_compare(candidate, cases, reference, heard) for candidate in candidates]


def reference_runtime(path: Path) -> str:
    """PyTorch for a directory, where it is installed: the implementation the weights were trained with."""
    from hrm_edge.runtimes.pytorch.runtime import torch_installed

    return "torch" if path.is_dir() and torch_installed() else natural_runtime(path)


def _reference_cases(
    path: Path, prompts: Sequence[Prompt], directory: Path, heard: Callable[[str], None]
) -> list[_Case]:
    tokenizer, chat_template = load_tokenizer(path)
    cases = []
    with load_runtime(path, RuntimeOptions(runtime=reference_runtime(path))) as runtime:
        for index, prompt in enumerate(prompts):
            request = render_request(tokenizer, prompt.prompt, chat_template=chat_template)
            greedy_ids = _greedy_answer(runtime, request.ids, stop_ids(tokenizer))
            answer_ids = greedy_ids if prompt.answer is None else _given_answer(tokenizer, prompt.answer, request)
            logits_file = directory / f"{index}.npy"
            np.save(logits_file, read_answer(runtime, request.ids, answer_ids))
            cases.append(
                _Case(prompt_ids=request.ids, answer_ids=answer_ids, greedy_ids=greedy_ids, logits_file=logits_file)
            )
            heard(prompt.prompt)
    return cases


def _given_answer(tokenizer: Tokenizer, answer: str, request: Rendered) -> list[int]:
    return render_answer(tokenizer, answer, request.names)[:ANSWER_TOKENS]


def _greedy_answer(runtime: Runtime, prompt_ids: Sequence[int], stops: Collection[int]) -> list[int]:
    steps = generate(runtime, prompt_ids, sampler=Sampler(), stop_ids=stops, max_tokens=ANSWER_TOKENS)
    return [step.token_id for step in steps]


def read_answer(runtime: Runtime, prompt_ids: Sequence[int], answer_ids: Sequence[int]) -> NDArray[np.float32]:
    """Logits [T, V] from which each of T answer tokens would be chosen, the ones before it read as given."""
    rows = [runtime.prefill(prompt_ids)]
    rows.extend(runtime.decode(token_id) for token_id in answer_ids[:-1])
    return np.stack(rows)


def _compare(path: Path, cases: Sequence[_Case], reference: Path, heard: Callable[[str], None]) -> Comparison:
    with load_runtime(path, RuntimeOptions(runtime=natural_runtime(path))) as runtime:
        distances = []
        for case in cases:
            distances.append(_distance(runtime, case, path, reference))
            heard(path.name)
        bits, name = runtime.bits, runtime.name
    kl = np.concatenate([distance.kl for distance in distances])
    means = np.array([distance.kl.mean() for distance in distances])
    return Comparison(
        path=path,
        runtime=name,
        bits=bits,
        prompts=len(cases),
        answer_tokens=len(kl),
        mean_kl_divergence=max(0.0, float(kl.mean())),  # rounding alone can pass below 0
        kl_standard_error=float(means.std(ddof=1) / math.sqrt(len(means))) if len(means) > 1 else 0.0,
        top1_agreement=float(np.concatenate([distance.agrees for distance in distances]).mean()),
        relative_logit_error=max(distance.relative_logit_error for distance in distances),
        greedy_identical=all(distance.greedy_identical for distance in distances),
    )


def _distance(runtime: Runtime, case: _Case, path: Path, reference: Path) -> _Distance:
    expected_TV: NDArray[np.float32] = np.load(case.logits_file)
    if runtime.vocab_size != expected_TV.shape[1]:
        raise VerificationError(
            f"{path} has a vocabulary of {runtime.vocab_size} tokens and {reference} one of "
            f"{expected_TV.shape[1]}: they are not the same model"
        )
    logits_TV = read_answer(runtime, case.prompt_ids, case.answer_ids)
    if not np.isfinite(logits_TV).all():
        raise VerificationError(f"{path} gives logits that are not finite: its weights are damaged; export it again")
    greedy_TV = logits_TV if case.answer_ids is case.greedy_ids else None
    if greedy_TV is None:
        greedy_TV = read_answer(runtime, case.prompt_ids, case.greedy_ids)
    return _Distance(
        kl=kl_divergence(expected_TV, logits_TV),
        agrees=expected_TV.argmax(-1) == logits_TV.argmax(-1),
        relative_logit_error=float((np.abs(logits_TV - expected_TV).max(-1) / np.abs(expected_TV).max(-1)).max()),
        greedy_identical=bool((greedy_TV.argmax(-1) == case.greedy_ids).all()),
    )


def kl_divergence(expected_TV: NDArray[np.float32], logits_TV: NDArray[np.float32]) -> NDArray[np.float64]:
    """KL(expected ‖ given) in nats at each of T tokens, of logits [T, V]."""
    return np.array(
        [
            np.sum(np.exp(expected) * (expected - given))
            for expected, given in zip(map(log_softmax, expected_TV), map(log_softmax, logits_TV), strict=True)
        ]
    )
