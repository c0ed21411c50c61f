"""Answerers against each other on the same problems, as tables of text: the whole suite, then language by language."""

from collections.abc import Iterator

from hrm_edge.bench.pairing import PairedLoss
from hrm_edge.bench.report.accuracy_tables import error_text, percent
from hrm_edge.bench.report.contents import BenchReport
from hrm_edge.bench.report.table import NOTHING, Table

_FIGURES = ("problems", "pass@1", "the other's", "difference", "better / worse", "p", "relative loss")
_NOTE = (
    "pass@1 on the same problems; ± one standard error, of the differences paired by problem. Better and worse count "
    "problems; p is an exact sign test on them (McNemar's, with one answer per problem)."
)


def comparison_tables(report: BenchReport) -> list[Table]:
    """Every comparison over a whole suite; no table where there is none."""
    rows = [
        [loss.suite, loss.candidate, loss.reference, *_figures(loss)] for loss in report.losses if loss.group is None
    ]
    if not rows:
        return []
    header = ("suite", "answerer", "compared with", *_FIGURES)
    return [Table(title="Paired comparisons", header=header, rows=rows, names=3, note=_NOTE)]


def group_comparison_tables(report: BenchReport) -> Iterator[Table]:
    """The same comparisons per language, and per scenario."""
    rows: dict[str, list[list[str]]] = {}
    for loss in report.losses:
        if loss.group is not None and (loss.reference_score or loss.candidate_score):
            kind, name = loss.group
            rows.setdefault(kind, []).append([loss.suite, loss.candidate, loss.reference, name, *_figures(loss)])
    for kind, found in rows.items():
        header = ("suite", "answerer", "compared with", kind, *_FIGURES)
        note = f"Where one of the two solves anything; a {kind} alone has few problems."
        yield Table(title=f"Paired comparisons per {kind}", header=header, rows=found, names=4, note=note)


def _figures(loss: PairedLoss) -> list[str]:
    return [
        str(loss.problems), percent(loss.candidate_score), percent(loss.reference_score),
        f"{_signed(loss.difference * 100)}{error_text(loss.standard_error)} points",
        f"{loss.better} / {loss.worse}", f"{loss.p_value:.2g}",
        NOTHING if loss.relative_loss is None
        else f"{_minus(f'{loss.relative_loss * 100:.1f}')} %{error_text(loss.relative_standard_error)}",
    ]  # fmt: skip


def _signed(number: float) -> str:
    return _minus(f"{number:+.1f}")


def _minus(number: str) -> str:
    return number.replace("-", "−")
