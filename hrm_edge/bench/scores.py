"""What a suite's verdicts come to: figures with their n and error, ready for the report and for JSON.

A suite whose tests share the program's process can be forged (hrm_edge.problems), so that beside the total, which is
what the suite's authors publish, the figures of every judging mode stand apart. Answers that could not be judged count
in no score and are listed instead: unscored is never 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hrm_edge.bench.discrimination import Discrimination
from hrm_edge.sandbox.verdict import Mode, Outcome


@dataclass(frozen=True, kw_only=True)
class Score:
    """A mean over problems."""

    value: float
    """From 0 to 1."""
    standard_error: float | None
    """Of the mean, clustered by problem; None with a single problem, which tells nothing about the spread."""
    problems: int
    samples: int

    def to_json(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "standard_error": self.standard_error,
            "n_problems": self.problems,
            "n_samples": self.samples,
        }


PassAtK = Mapping[int, Score]
"""k → unbiased pass@k, only for k that every problem has samples for. Empty where no sample was scored."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """A count of samples out of those it could be said of."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        """From 0 to 1; None of none."""
        return self.count / self.of if self.of else None

    def to_json(self) -> dict[str, Any]:
        return {"count": self.count, "of": self.of, "value": self.value}


@dataclass(frozen=True, kw_only=True)
class Breakdown:
    """pass@k of a set of samples, whole and by group. A breakdown is empty where the suite knows no such field."""

    overall: PassAtK
    by_language: Mapping[str, PassAtK] = field(default_factory=dict)
    by_difficulty: Mapping[str, PassAtK] = field(default_factory=dict)
    by_scenario: Mapping[str, PassAtK] = field(default_factory=dict)
    by_platform: Mapping[str, PassAtK] = field(default_factory=dict)
    by_month: Mapping[str, PassAtK] = field(default_factory=dict)
    """Contest month as `2024-03`, in order."""
    after_try: tuple[Score, ...] = ()
    """pass@1 after the first try, after the second, …: Aider's pass_rate_1 and pass_rate_2. Empty with one try."""

    def breakdowns(self) -> dict[str, Mapping[str, PassAtK]]:
        """Title → group → scores, for those that say something."""
        named = {
            "language": self.by_language,
            "difficulty": self.by_difficulty,
            "scenario": self.by_scenario,
            "platform": self.by_platform,
            "month": self.by_month,
        }
        return {title: groups for title, groups in named.items() if groups}

    def to_json(self) -> dict[str, Any]:
        return {
            "pass_at_k": _pass_at_k_json(self.overall),
            "after_try": [score.to_json() for score in self.after_try],
            **{
                f"by_{title}": {name: _pass_at_k_json(scores) for name, scores in groups.items()}
                for title, groups in self.breakdowns().items()
            },
        }


@dataclass(frozen=True, kw_only=True)
class ModeScores(Breakdown):
    """All that one judging mode judged in a suite."""

    mode: Mode

    def to_json(self) -> dict[str, Any]:
        return {"mode": self.mode, **super().to_json()}


@dataclass(frozen=True, kw_only=True)
class EditScores:
    """How answers in an edit format were written, whatever the tests said."""

    well_formed: Share
    """Samples of which every try was well formed, as Aider counts its cases."""
    distance_median: float | None
    """Lines added, removed or changed between the files given and the last try's, of well-formed answers."""

    def to_json(self) -> dict[str, Any]:
        return {"well_formed": self.well_formed.to_json(), "distance_median": self.distance_median}


@dataclass(frozen=True, kw_only=True)
class Seconds:
    """Time a problem took to answer: all tries of one sample together, judging apart."""

    p50: float
    p95: float

    def to_json(self) -> dict[str, Any]:
        return {"p50_s": self.p50, "p95_s": self.p95}


@dataclass(frozen=True, kw_only=True)
class Unscored:
    """Answers in a language that this machine cannot judge."""

    language: str
    samples: int
    reason: str
    """As the judge put it: what is missing and how it is installed."""
    install: str
    """The command that installs the toolchain."""

    def to_json(self) -> dict[str, Any]:
        return {"language": self.language, "samples": self.samples, "reason": self.reason, "install": self.install}


@dataclass(frozen=True, kw_only=True)
class SuiteScores:
    """One answerer on one suite."""

    suite: str
    answerer: str
    """The model's file and runtime, or the baseline's name."""
    problems: int
    samples: int
    total: Breakdown
    """Of all that was scored, in whatever mode."""
    modes: tuple[ModeScores, ...]
    """One per judging mode that scored anything, each over its own problems: call first, then text, then suite."""
    outcomes: Mapping[Outcome, int]
    """Every outcome that occurred and how often; together all samples."""
    tampered: int = 0
    """Samples whose program passed a test that must fail."""
    finish_reasons: Mapping[str, int] = field(default_factory=dict)
    """Of the last try of each sample; `context` are requests or answers that did not fit the model's context."""
    neighbours: Mapping[int, int] = field(default_factory=dict)
    """Answers that were looked up and stood before the first request → samples; empty where none were to."""
    syntax_valid: Share = field(default_factory=lambda: Share(count=0, of=0))
    edits: EditScores | None = None
    """None for suites that ask for no edits."""
    template_match: Score | None = None
    """Commands with the reference's programs, options and operators; None for suites without commands."""
    discrimination: Discrimination | None = None
    """How well the model's own probability of its last try tells right from wrong; None where it is not known."""
    generation: Seconds | None = None
    """None where times are not known: samples made elsewhere."""
    unscored: tuple[Unscored, ...] = ()
    sandbox_errors: int = 0
    """Samples that the isolation failed on twice: a fault of this machine, not of the answers."""
    notices: tuple[str, ...] = ()
    """What a reader should know, a sentence each: ignored samples, a torn line that was judged again."""
    baselines: tuple["SuiteScores", ...] = ()
    """The same problems answered by what anyone can do without a model."""

    @property
    def scored(self) -> int:
        """Samples that count."""
        return self.samples - self.outcomes.get(Outcome.UNSCORED, 0) - self.outcomes.get(Outcome.SANDBOX_ERROR, 0)

    @property
    def overall(self) -> PassAtK:
        """The suite's own figure: pass@k of all that was scored."""
        return self.total.overall

    def outcome_shares(self) -> dict[Outcome, Share]:
        """Of the scored samples, most frequent first."""
        counted = {
            outcome: count
            for outcome, count in self.outcomes.items()
            if outcome not in (Outcome.UNSCORED, Outcome.SANDBOX_ERROR)
        }
        ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
        return {outcome: Share(count=count, of=self.scored) for outcome, count in ordered}

    def to_json(self) -> dict[str, Any]:
        """Everything, for `--json FILE`."""
        return {
            "suite": self.suite,
            "answerer": self.answerer,
            "n_problems": self.problems,
            "n_samples": self.samples,
            "n_scored": self.scored,
            **self.total.to_json(),
            "modes": [mode.to_json() for mode in self.modes],
            "outcomes": {outcome.value: count for outcome, count in self.outcomes.items()},
            "tampered": self.tampered,
            "finish_reasons": dict(self.finish_reasons),
            "neighbours": {str(count): samples for count, samples in self.neighbours.items()},
            "syntax_valid": self.syntax_valid.to_json(),
            "edits": None if self.edits is None else self.edits.to_json(),
            "template_match": None if self.template_match is None else self.template_match.to_json(),
            "discrimination": None if self.discrimination is None else self.discrimination.to_json(),
            "generation": None if self.generation is None else self.generation.to_json(),
            "unscored": [unscored.to_json() for unscored in self.unscored],
            "sandbox_errors": self.sandbox_errors,
            "notices": list(self.notices),
            "baselines": [baseline.to_json() for baseline in self.baselines],
        }


def _pass_at_k_json(scores: PassAtK) -> dict[str, Any]:
    return {f"pass@{k}": score.to_json() for k, score in scores.items()}
