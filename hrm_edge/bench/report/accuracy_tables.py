"""What was solved, as tables of text: every answerer of a suite, models first and baselines after them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hrm_edge.bench.report.contents import BenchReport
from hrm_edge.bench.report.table import NOTHING, Table
from hrm_edge.bench.scores import Score, SuiteScores
from hrm_edge.sandbox.verdict import Outcome


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One answerer in the ranking of a suite."""

    scores: SuiteScores
    is_baseline: bool

    @property
    def name(self) -> str:
        return self.scores.answerer


def suite_tables(report: BenchReport) -> list[Table]:
    """One table of pass@k per suite, baselines under the models."""
    return [_pass_at_k(suite, standings) for suite, standings in by_suite(report.suites).items()]


def breakdown_tables(report: BenchReport) -> Iterator[Table]:
    """pass@1 per language, difficulty, scenario, platform, month and judging mode, for the suites that tell."""
    for suite, standings in by_suite(report.suites).items():
        for kind in dict.fromkeys(kind for standing in standings for kind in _groups(standing.scores)):
            yield _breakdown(f"{suite}: pass@1 per {kind}", kind, standings)


def outcome_tables(report: BenchReport) -> list[Table]:
    """What became of the answers: one row per answerer and suite, one column per outcome."""
    everyone = [standing.scores for rows in by_suite(report.suites).values() for standing in rows]
    if not everyone:
        return []
    outcomes = [outcome for outcome in Outcome if any(outcome in scores.outcomes for scores in everyone)]
    rows = [
        [
            scores.suite,
            scores.answerer,
            str(scores.samples),
            *(str(scores.outcomes.get(outcome, 0)) for outcome in outcomes),
            percent(scores.syntax_valid.value),
            NOTHING if scores.edits is None else percent(scores.edits.well_formed.value),
        ]
        for scores in everyone
    ]
    header = ["suite", "answerer", "answers", *(outcome.value.replace("_", " ") for outcome in outcomes)]
    return [
        Table(
            title="What became of the answers",
            header=[*header, "valid syntax", "well-formed edits"],
            rows=rows,
            names=2,
            note="Unscored answers and sandbox errors count in no score.",
        )
    ]


def neighbour_tables(report: BenchReport) -> list[Table]:
    """How many answers that were looked up stood before the requests; no table where none were to."""
    asked = [scores for scores in report.suites if scores.neighbours]
    if not asked:
        return []
    counts = range(max(count for scores in asked for count in scores.neighbours) + 1)
    rows = [
        [scores.suite, scores.answerer, *(str(scores.neighbours.get(count, 0)) for count in counts)] for scores in asked
    ]
    note = "Answers that were asked for with so many neighbours before the request: as many as were found and fitted."
    header = ("suite", "answerer", *(f"with {count}" for count in counts))
    return [Table(title="Neighbours", header=header, rows=rows, names=2, note=note)]


def notice_lines(report: BenchReport) -> list[str]:
    """What a reader of the scores should know: what could not be judged here and why, and the runs' own notices."""
    lines = [f"{lookup.suite}: {lookup.notice}" for lookup in report.lookups]
    for scores in report.suites:
        lines += [
            f"{scores.suite}: {missing.samples} answers in {missing.language} unscored: {missing.reason}"
            for missing in scores.unscored
        ]
        lines += [f"{scores.suite}: {notice}" for notice in scores.notices]
        if scores.tampered:
            lines.append(f"{scores.suite}: {scores.tampered} programs of {scores.answerer} tampered with their tests")
    return list(dict.fromkeys(lines))


def by_suite(suites: Sequence[SuiteScores]) -> dict[str, list[Standing]]:
    """Suite → every answerer once, models first and baselines after them."""
    found: dict[str, dict[str, Standing]] = {}
    for scores in suites:
        found.setdefault(scores.suite, {})[scores.answerer] = Standing(scores=scores, is_baseline=False)
    for scores in (baseline for model in suites for baseline in model.baselines):
        found.setdefault(scores.suite, {}).setdefault(scores.answerer, Standing(scores=scores, is_baseline=True))
    return {suite: list(rows.values()) for suite, rows in found.items()}


def score_text(score: Score | None) -> str:
    """12.3 % ± 2.6; the error is one standard error, left out where there is none."""
    return NOTHING if score is None else f"{score.value * 100:.1f} %{error_text(score.standard_error)}"


def _pass_at_k(suite: str, standings: Sequence[Standing]) -> Table:
    everyone = [standing.scores for standing in standings]
    ks = sorted({k for scores in everyone for k in scores.overall})
    tries = max(len(scores.total.after_try) for scores in everyone)
    header = ["answerer", "problems", "answers", *(f"pass@{k}" for k in ks)]
    header += [f"after try {index + 1}" for index in range(tries)]
    matched = any(scores.template_match is not None for scores in everyone)
    knowing = any(scores.discrimination is not None for scores in everyone)
    timed = any(scores.generation is not None for scores in everyone)
    header += [*(["template match"] if matched else []), *(["AUROC of its probability"] if knowing else [])]
    header += ["time per problem p50", "p95"] if timed else []
    rows = [
        [
            f"{standing.name} (baseline)" if standing.is_baseline else standing.name,
            str(scores.problems), str(scores.samples), *(score_text(scores.overall.get(k)) for k in ks),
            *(score_text(_at(scores.total.after_try, index)) for index in range(tries)),
            *([score_text(scores.template_match)] if matched else []),
            *([_discrimination(scores)] if knowing else []),
            *(_generation(scores) if timed else []),
        ]
        for standing, scores in zip(standings, everyone, strict=True)
    ]  # fmt: skip
    note = "± one standard error, clustered by problem."
    if knowing:
        note += " AUROC: of a right and a wrong answer, how often the right one is the more probable to the model."
    if any(mode.mode == "suite" for scores in everyone for mode in scores.modes):
        note += " Some tests share the program's process, so that a hostile program could forge their verdict."
    return Table(title=f"{suite}: pass@k", header=header, rows=rows, note=note)


def _discrimination(scores: SuiteScores) -> str:
    found = scores.discrimination
    return NOTHING if found is None else f"{found.area:.2f} ± {found.standard_error:.2f}"


def _generation(scores: SuiteScores) -> list[str]:
    times = scores.generation
    return [NOTHING, NOTHING] if times is None else [f"{times.p50:.2f} s", f"{times.p95:.2f} s"]


def _groups(scores: SuiteScores) -> dict[str, dict[str, Score | None]]:
    """Kind of group → group → pass@1."""
    groups = {
        kind: {name: found.get(1) for name, found in named.items()} for kind, named in scores.total.breakdowns().items()
    }
    if len(scores.modes) > 1:
        groups["judging mode"] = {mode.mode: mode.overall.get(1) for mode in scores.modes}
    return groups


def _breakdown(title: str, kind: str, standings: Sequence[Standing]) -> Table:
    columns = [_groups(standing.scores).get(kind, {}) for standing in standings]
    names = dict.fromkeys(name for column in columns for name in column)
    rows = [[name, *(score_text(column.get(name)) for column in columns)] for name in names]
    return Table(title=title, header=[kind, *(standing.name for standing in standings)], rows=rows)


def _at(scores: Sequence[Score], index: int) -> Score | None:
    return scores[index] if index < len(scores) else None


def percent(share: float | None) -> str:
    return NOTHING if share is None else f"{share * 100:.1f} %"


def error_text(standard_error: float | None) -> str:
    return "" if standard_error is None else f" ± {standard_error * 100:.1f}"
