"""One request on its way to an answer: what is drawn for it, run, repaired, and chosen in the end."""

import copy
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from time import perf_counter
from typing import Literal

from hrm_edge.assistant.agreement import Opinion, most_agreed
from hrm_edge.assistant.asked_language import asked_language
from hrm_edge.assistant.drawing import CANDIDATES, Candidate, Drawing, Model, OnStep
from hrm_edge.assistant.example_calls import Example
from hrm_edge.assistant.examples import find_examples
from hrm_edge.assistant.executor import Executor
from hrm_edge.assistant.given_tests import GivenTests
from hrm_edge.assistant.neighbours import COUNT, FOUND, LOOKED_UP, Neighbours, Source, look_up
from hrm_edge.assistant.sureness import sureness
from hrm_edge.assistant.trials import Answered, Trial
from hrm_edge.assistant.verification import Verification, fits, verify, verify_with_tests
from hrm_edge.errors import PromptError
from hrm_edge.languages import LANGUAGES
from hrm_edge.local_index import Entry, LocalIndex
from hrm_edge.prompt import Rendered
from hrm_edge.repair_request import repair_request
from hrm_edge.shell_recipes.matching import Reading, read_request

ROOM_FOR_ANSWER = 128
"""Tokens that neighbours leave in the context."""
LONGEST_FAILURE = 600
"""Characters of an error that a repair is asked with."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How an answer is sought."""

    language: str | None = None
    """None: what the request asks for, or else what the model chooses."""
    candidates: int | None = None
    """To draw, and in each round of repairs; None: CANDIDATES where they can be checked, else one."""
    drawing: Drawing = field(default_factory=Drawing)
    """Of each candidate."""
    repairs: int = 2
    """Rounds of repairs at most."""
    neighbours: int = COUNT
    """Entries of the index that the model is shown."""
    looked_up: int = LOOKED_UP
    """Entries that are run against the examples as they are, before the model is asked, where they fit them at all."""
    budget_s: float | None = None
    """Nothing new is begun after so many seconds; None: no limit."""
    verify: bool = True
    """Whether answers are run."""


@dataclass(frozen=True, kw_only=True)
class Means:
    """What answers are made with."""

    model: Model
    executor: Executor
    index: LocalIndex | None = None
    clock: Callable[[], float] = perf_counter


class Pursuit:
    """One request on its way to an answer."""

    def __init__(
        self,
        means: Means,
        request: str,
        settings: Settings,
        *,
        examples: Sequence[Example],
        tests: GivenTests | None,
        language: str | None,
        neighbours: Neighbours,
        recipe: Reading | None,
        on_trial: Callable[[Trial], None] | None,
        start: float,
    ) -> None:
        self.means, self.request, self.settings = means, request, settings
        self.examples, self.tests, self.language = examples, tests, language
        self._on_trial = on_trial
        self._start = start
        self._repaired: set[str] = set()
        """Answers, as two trials may have the same."""
        self._known: dict[tuple[str, str | None], Verification] = {}
        self.trials: list[Trial] = []
        self._found, self._recipe = neighbours, recipe
        shown = settings.neighbours if means.model.taught.neighbours else 0
        self.neighbours, self.prompt = self._fitting(replace(neighbours, entries=neighbours.entries[:shown]))

    @classmethod
    def begin(
        cls,
        means: Means,
        request: str,
        settings: Settings,
        *,
        tests: GivenTests | None = None,
        on_trial: Callable[[Trial], None] | None = None,
    ) -> "Pursuit":
        """Read the request: its examples, its language, what the index has for it. Its time runs from here.

        Args:
            tests: a test file that the answer must pass, in place of examples.
            on_trial: told each trial when it is done.

        Raises:
            PromptError: the request does not fit the context.
            CheckpointError: the tokenizer is damaged.
            DataError: the index is damaged.
        """
        start = means.clock()
        examples = () if tests is not None else find_examples(request, language=settings.language)
        language = settings.language or asked_language(request, has_examples=bool(examples))
        if tests is not None:
            language = tests.language
        if language == "bash":
            examples = ()
        return cls(
            means,
            request,
            settings,
            examples=examples,
            tests=tests,
            language=language,
            neighbours=look_up(
                means.index,
                request,
                language,
                count=FOUND if settings.looked_up else settings.neighbours,
                examples=examples,
            ),
            recipe=_recipe(means, request, settings, language) if not examples and tests is None else None,
            on_trial=on_trial,
            start=start,
        )

    def again(self) -> "Pursuit":
        """Another answer to the same request as it was read: with trials of its own, what runs said is shared."""
        other = copy.copy(self)
        other.trials, other._repaired = [], set()
        return other

    @property
    def checkable(self) -> bool:
        """Whether there is anything to check an answer with."""
        return self.settings.verify and bool(self.examples or self.tests is not None)

    @property
    def candidates(self) -> int:
        """How many are worth drawing: where nothing can be checked one, unless somebody asked for several."""
        if self.settings.candidates is not None:
            return self.settings.candidates
        return CANDIDATES if self.checkable else 1

    @property
    def verified(self) -> Trial | None:
        """The trial that passed."""
        return next((trial for trial in self.trials if trial.verification.verified), None)

    def elapsed_s(self) -> float:
        """Since the request came."""
        return self.means.clock() - self._start

    def left_s(self) -> float | None:
        """What is left of the budget; None where there is none."""
        budget_s = self.settings.budget_s
        return None if budget_s is None else max(0.0, budget_s - self.elapsed_s())

    def expired(self) -> bool:
        """Whether the budget is spent."""
        return self.left_s() == 0

    @property
    def looks_up(self) -> bool:
        """Whether the local index may have the answer: a recipe's command, what can be checked, or what the model was
        not taught."""
        return self._recipe is not None or (self.settings.looked_up > 0 and (self.checkable or not self._model_writes))

    def look_up(self) -> bool:
        """Whether an entry of the index does what the examples say: it is then the answer, and its source is named.

        A request that reads as a recipe of shell commands is answered with its command, and no model is asked.
        In a language that the model was not taught the nearest entry is the answer where none passes: it is more use
        than noise. Else what fails is no trial: nobody wrote it for this request.
        """
        if not self.looks_up:
            return False
        if self._recipe is not None:
            return self._give(self._recipe.command, "bash")
        fitting = (entry for entry in self._found.entries if fits(entry.code, entry.language, self.examples))
        tried: list[Entry] = []
        for entry in islice(fitting, self.settings.looked_up):
            if self._passes(entry):
                return self._give(entry.code, entry.language)
            tried.append(entry)
        nearest = tried or self._found.entries
        return not self._model_writes and bool(nearest) and self._give(nearest[0].code, nearest[0].language)

    def _give(self, code: str, language: str) -> bool:
        self._note("index", Candidate.looked_up(code, language))
        return True

    def _passes(self, entry: Entry) -> bool:
        return not self.expired() and bool(self._checked(entry.code, entry.language).verified)

    @property
    def _model_writes(self) -> bool:
        """Whether the model was taught the language that is asked for."""
        languages = self.means.model.taught.languages
        return self.language is None or languages is None or self.language in languages

    def sample(self, on_step: OnStep | None = None) -> None:
        """Draw and try candidates until one passes or all are tried."""
        model, drawing = self.means.model, self.settings.drawing
        self._try(model, self.prompt, drawing, count=self.candidates, parent=None, on_step=on_step)

    def repair_best(self) -> bool:
        """Mend the best failing trial that was not mended before; False where nothing is to be done."""
        planned = self.next_repair()
        if planned is None:
            return False
        trial, prompt = planned
        self._try(self.means.model, prompt, self.settings.drawing, count=self.candidates, parent=trial.number)
        return True

    def next_repair(self) -> tuple[Trial, Rendered] | None:
        """The best failing trial that was not mended before, and the prompt that asks to mend it, for whoever draws;
        None where one passed, the budget is spent, or no request for a repair fits the context."""
        if self.verified is not None or self.expired():
            return None
        failing = [trial for trial in self.trials if trial.verification.failure and trial.verification.code]
        for trial in sorted(failing, key=lambda trial: trial.rank, reverse=True):
            if trial.verification.code in self._repaired:
                continue
            prompt = self._repair_prompt(trial, self.means.model)
            if prompt is not None:
                return trial, prompt
        return None

    def repair(self, trial: Trial, drawing: Drawing, *, count: int, model: Model | None = None) -> None:
        """Draw and try repairs of a trial; nothing where the request for one does not fit the context."""
        model = model or self.means.model
        prompt = self._repair_prompt(trial, model)
        if prompt is not None:
            self._try(model, prompt, drawing, count=count, parent=trial.number)

    def _repair_prompt(self, trial: Trial, model: Model) -> Rendered | None:
        """What a repair is asked with, once for each answer; None where it leaves no room to answer."""
        self._repaired.add(trial.verification.code)
        assert trial.language is not None, "what failed was run in its language"
        failure = trial.verification.failure[:LONGEST_FAILURE]
        prompt = model.prompt(repair_request(self.request, trial.verification.code, trial.language, failure))
        return prompt if len(prompt.ids) < model.runtime.context_length else None

    def draw_one(self, model: Model, drawing: Drawing) -> None:
        """Draw and try with another model: another depth of the same weights."""
        self._try(model, self.prompt, drawing, count=1, parent=None)

    def _try(
        self,
        model: Model,
        prompt: Rendered,
        drawing: Drawing,
        *,
        count: int,
        parent: int | None,
        on_step: OnStep | None = None,
    ) -> None:
        drawn = model.draw(prompt, drawing, count=count, language=self.language, expired=self.expired, on_step=on_step)
        with closing(drawn):
            for candidate in drawn:
                if self.add(candidate, depth=model.runtime.cycles, parent=parent).verification.verified:
                    return

    def add(self, candidate: Candidate, *, depth: int | None = None, parent: int | None = None) -> Trial:
        """Try a candidate, whoever has drawn it from the prompt.

        Args:
            depth: H cycles that it was drawn with; None for the model's own.
            parent: the trial that it is to mend.
        """
        return self._note("sample" if parent is None else "repair", candidate, depth, parent)

    def _note(
        self,
        origin: Literal["index", "sample", "repair"],
        candidate: Candidate,
        depth: int | None = None,
        parent: int | None = None,
    ) -> Trial:
        language = candidate.language or self.language
        trial = Trial(
            number=len(self.trials),
            origin=origin,
            parent=parent,
            depth=self.means.model.runtime.cycles if depth is None else depth,
            candidate=candidate,
            language=language,
            verification=self._checked(candidate.code, language),
            at_s=self.elapsed_s(),
        )
        self.trials.append(trial)
        if self._on_trial is not None:
            self._on_trial(trial)
        return trial

    def _checked(self, code: str, language: str | None) -> Verification:
        """What running the answer says; the same answer is run once."""
        why = self._why_unchecked(language)
        if why:
            return Verification(code=code, total=len(self.examples), unverified=why)
        key = (code, language)
        if key not in self._known:
            assert language is not None, "asked above"
            if self.tests is not None:
                self._known[key] = verify_with_tests(self.means.executor, code, self.tests)
            else:
                self._known[key] = verify(self.means.executor, code, language, self.examples)
        return self._known[key]

    def _why_unchecked(self, language: str | None) -> str:
        if not self.settings.verify:
            return "answers are not run"
        if not self.checkable:
            return "the request has no example"
        if language is None:
            return "the answer names no language"
        if self.expired():
            return f"the budget of {self.settings.budget_s:g} s ended before it was run"
        return ""

    def _fitting(self, neighbours: Neighbours) -> tuple[Neighbours, Rendered]:
        """As many neighbours as leave room for an answer, and the prompt with them."""
        model = self.means.model
        while True:
            prompt = model.prompt(neighbours.prompted(self.request))
            if not neighbours.entries or len(prompt.ids) + ROOM_FOR_ANSWER <= model.runtime.context_length:
                return neighbours, prompt
            neighbours = replace(neighbours, entries=neighbours.entries[:-1])

    def answered(self) -> Answered:
        """The answer as things stand."""
        chosen, verified, reason = self._choice()
        code = chosen.verification.code
        return Answered(
            answer=code,
            language=chosen.language,
            verified=verified,
            reason=reason + (_how_sure(chosen) or self._why_looked_up(chosen)),
            source=self._source(chosen),
            chosen=chosen,
            trials=tuple(self.trials),
            neighbours=len(self.neighbours.entries),
        )

    def _source(self, chosen: Trial) -> Source | None:
        """Whom the answer leans on."""
        if chosen.origin != "index":
            return self.neighbours.leant_on(chosen.verification.code)
        if self._recipe is None:
            return self._found.leant_on(chosen.verification.code)
        return Source(name="recipes", licence="Apache-2.0", request=self._recipe.wording, share=1.0)

    def _why_looked_up(self, chosen: Trial) -> str:
        """Why an entry of the index is the answer that does not do what was asked."""
        if chosen.origin != "index" or chosen.verification.verified or self._recipe is not None:
            return ""
        written = ", ".join(sorted(LANGUAGES[name].title for name in self.means.model.taught.languages or ()))
        return f"; the model writes {written} alone, so this is the nearest entry"

    def _choice(self) -> tuple[Trial, bool | None, str]:
        """(the trial, verified, why)."""
        if not self.trials:
            raise PromptError("no candidate was drawn: ask for at least one")
        if (passed := self.verified) is not None:
            return passed, True, f"{passed.verification.total} of {passed.verification.total} {self._checks}"
        tried = [trial for trial in self.trials if not trial.verification.unverified]
        if tried:
            best = max(tried, key=lambda trial: trial.rank)
            found = best.verification
            return best, False, f"{found.passed} of {found.total} {self._checks}; {found.failure}"
        return self._agreed()

    @property
    def _checks(self) -> str:
        return "examples" if self.tests is None else "tests"

    def _agreed(self) -> tuple[Trial, bool | None, str]:
        """Where nothing could be run against an example."""
        written = [trial for trial in self.trials if trial.verification.code.strip()] or self.trials
        if self.checkable or not self.settings.verify or self.expired():
            best = max(written, key=lambda trial: trial.candidate.mean_log_probability)
            return best, None, best.verification.unverified
        opinions = [
            Opinion(
                code=trial.verification.code,
                language=trial.language or "",
                log_probability=trial.candidate.mean_log_probability,
            )
            for trial in written
        ]
        agreement = most_agreed(self.means.executor, opinions)
        return written[agreement.chosen], None, agreement.reason


def _how_sure(chosen: Trial) -> str:
    """Of a command, which nothing checks."""
    probability = chosen.candidate.probability
    return f"; {sureness(probability)}" if chosen.language == "bash" and probability is not None else ""


def _recipe(means: Means, request: str, settings: Settings, language: str | None) -> Reading | None:
    """The request as a recipe of shell commands, where those are asked for and it knows better than the model."""
    looks_up = means.model.taught.yields_to_recipes and means.index is not None and settings.looked_up > 0
    return read_request(request) if looks_up and language in (None, "bash") else None
