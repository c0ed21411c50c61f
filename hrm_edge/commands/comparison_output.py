"""How comparisons of candidates with a reference are shown and written, for `verify` and `convert` alike."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from hrm_edge.commands.terminal import print_table

if TYPE_CHECKING:
    from hrm_edge.bench.verify import Comparison

_HEADER = ["candidate", "runtime", "bits", "tokens", "mean KL", "top-1", "logit error", "greedy answers", ""]


def print_comparisons(comparisons: Sequence["Comparison"]) -> None:
    """A line per candidate on stdout."""
    print_table([_HEADER, *(_row(comparison) for comparison in comparisons)])


def comparisons_json(reference: str, comparisons: Sequence["Comparison"]) -> dict[str, Any]:
    """The report of `verify --json` and of verify.json."""
    return {"reference": reference, "candidates": [_to_json(comparison) for comparison in comparisons]}


def failures(comparisons: Sequence["Comparison"]) -> list[str]:
    """Every number past its tolerance, with the candidate it is of."""
    return [f"{comparison.path}: {failure}" for comparison in comparisons for failure in comparison.failures()]


def _row(comparison: "Comparison") -> list[str]:
    return [
        str(comparison.path),
        comparison.runtime,
        str(comparison.bits),
        str(comparison.answer_tokens),
        f"{comparison.mean_kl_divergence:.2e} ± {comparison.kl_standard_error:.0e}",
        f"{comparison.top1_agreement:.2%}",
        f"{comparison.relative_logit_error:.2e}",
        "identical" if comparison.greedy_identical else "differ",
        "past tolerance" if comparison.failures() else "within tolerance",
    ]


def _to_json(comparison: "Comparison") -> dict[str, Any]:
    found = comparison.failures()
    return {**asdict(comparison), "path": str(comparison.path), "passed": not found, "failures": found}
