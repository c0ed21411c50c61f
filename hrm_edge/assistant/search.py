"""A tree search for an answer that passes: more candidates, repairs of candidates and of repairs, other depths.

The root is the request; below it are answers to it, below an answer are repairs of it. An answer is as good as the
share of the examples that hold. Several depths (H cycles) of the same weights are several models here: each action is
tried with each, the first given first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hrm_edge.assistant.drawing import Model, OnStep
from hrm_edge.assistant.pursuit import Pursuit
from hrm_edge.assistant.tree_search import Limits, Round, TreeSearch
from hrm_edge.assistant.trials import Answered, Trial


@dataclass(frozen=True, kw_only=True)
class SearchSettings:
    """How far a search goes."""

    limits: Limits = field(default_factory=Limits)
    candidates: int = 16
    """Further answers to the request at most, at each depth."""
    repairs: int = 3
    """Of one answer at most, at each depth."""
    generations: int = 4
    """Repairs of repairs at most."""


@dataclass(frozen=True, kw_only=True)
class Searched:
    """The answer, and how it was searched."""

    answered: Answered
    why: str
    """Why the search stopped."""
    rounds: tuple[Round, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The answer's own fields, and the search under `search`."""
        rounds = [
            {"round": each.round, "node": each.node, "parent": each.parent, "value": each.value, "best": each.best}
            for each in self.rounds
        ]
        return {**self.answered.to_json(), "search": {"stopped": self.why, "rounds": rounds}}


def search(
    pursuit: Pursuit,
    searching: SearchSettings | None = None,
    *,
    other_depths: Sequence[Model] = (),
    on_step: OnStep | None = None,
) -> Searched:
    """Search for an answer that passes, from a first batch of candidates on; `on_step`, errors: as assistant.answer."""
    searching = searching or SearchSettings()
    if pursuit.look_up():
        return Searched(answered=pursuit.answered(), why="an entry of the local index passed")
    pursuit.sample(on_step)
    if not pursuit.checkable or all(trial.verification.unverified for trial in pursuit.trials):
        return Searched(answered=pursuit.answered(), why="without examples that can be run nothing guides a search")
    domain = _Answers(pursuit, [pursuit.means.model, *other_depths], searching)
    tree: TreeSearch[Trial | None, _Action] = TreeSearch(domain, None, searching.limits, expired=pursuit.expired)
    tree.plant(tuple(pursuit.trials))
    found = tree.run()
    return Searched(answered=pursuit.answered(), why=found.why, rounds=found.trace)


@dataclass(frozen=True, kw_only=True)
class _Action:
    """Draw one answer to the request, or one repair."""

    model: Model
    number: int
    """Which of that model: each has a seed of its own."""


class _Answers:
    """The domain: a state is a trial, None is the request."""

    def __init__(self, pursuit: Pursuit, models: Sequence[Model], searching: SearchSettings) -> None:
        self._pursuit, self._models, self._searching = pursuit, models, searching

    def actions(self, state: Trial | None) -> Sequence[_Action]:
        """Depths in turn, so that none waits for another's last."""
        if state is None:
            width = self._searching.candidates
        elif (
            state.verification.failure
            and state.verification.code
            and self._generation(state) < self._searching.generations
        ):
            width = self._searching.repairs
        else:
            return ()
        return [_Action(model=model, number=number) for number in range(width) for model in self._models]

    def apply(self, state: Trial | None, action: _Action) -> Trial | None:
        """The new trial; None where its answer is one that was tried before."""
        pursuit = self._pursuit
        before = {trial.verification.code for trial in pursuit.trials}
        count = len(pursuit.trials)
        drawing = replace(pursuit.settings.drawing, after=action.number)
        if state is not None:
            pursuit.repair(state, drawing, count=1, model=action.model)
        else:
            # The first batch had the first model's own.
            drawn = pursuit.candidates if action.model is self._models[0] else 0
            pursuit.draw_one(action.model, replace(drawing, after=action.number + drawn))
        new = pursuit.trials[count:]
        return new[0] if new and new[0].verification.code not in before else None

    def value(self, state: Trial | None) -> float:
        """The share of the examples that hold."""
        return 0.0 if state is None else state.verification.share

    def _generation(self, trial: Trial) -> int:
        return 0 if trial.parent is None else 1 + self._generation(self._pursuit.trials[trial.parent])
