"""Which of several answers to trust where the request has no example: the one whose behaviour most of them share.

Every candidate runs on the same generated inputs; candidates that return the same everywhere are one group. Programs
that were drawn apart and behave alike are right more often than others (Li et al. 2022, AlphaCode, section 4.5;
https://arxiv.org/abs/2203.07814). Nothing is verified by that.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hrm_edge.assistant.executor import Executor
from hrm_edge.assistant.inputs import generated_inputs
from hrm_edge.assistant.targets import Target, targets_of
from hrm_edge.assistant.verification import CALLED_LANGUAGES, signature_for
from hrm_edge.errors import SandboxError
from hrm_edge.sandbox.judges.python_calls import CallResult
from hrm_edge.sandbox.values import ValueRefusedError, encode
from hrm_edge.shell_match import words


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """One candidate, as agreement sees it."""

    code: str
    language: str
    log_probability: float
    """The model's own, mean per token: breaks ties."""


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """The most agreed candidate."""

    chosen: int
    """Its place among the candidates."""
    group: tuple[int, ...]
    """Places of all that behave like it."""
    candidates: int
    inputs: int
    """On how many inputs they were run; 0 where nothing was."""
    why_not_run: str = ""

    @property
    def reason(self) -> str:
        """What is known of the answer, in words."""
        alike, of = len(self.group), self.candidates
        if self.inputs:
            return f"{alike} of {of} candidates behave alike on {self.inputs} inputs; the request has no example"
        why = f" ({self.why_not_run})" if self.why_not_run else ""
        if of == 1:
            return f"the request has no example{why}"
        return f"{alike} of {of} candidates are the same text{why}; the request has no example"


def most_agreed(executor: Executor, opinions: Sequence[Opinion], *, seed: int = 0) -> Agreement:
    """The candidate of the largest group; of equal groups the one with the most probable candidate.

    Candidates that fail on every input are a group only where all do. Never raises for want of a sandbox or a
    toolchain: then candidates with the same text are alike.
    """
    languages = {opinion.language for opinion in opinions}
    why_not_run = ""
    if len(languages) == 1 and (language := languages.pop()) in CALLED_LANGUAGES and len(opinions) > 1:
        try:
            behaviours, inputs = _behaviours(executor, [opinion.code for opinion in opinions], language, seed)
            if inputs:
                return _largest(opinions, behaviours, inputs)
        except SandboxError as error:
            why_not_run = str(error)
    texts = [_text(opinion) for opinion in opinions]
    return _largest(opinions, texts, 0, why_not_run)


def _text(opinion: Opinion) -> str:
    """What makes two texts the same: the words of a command, the lines of a program."""
    if opinion.language == "bash":
        return repr(words(opinion.code))
    return "\n".join(line.rstrip() for line in opinion.code.splitlines() if line.strip())


def _largest(
    opinions: Sequence[Opinion], behaviours: Sequence[str | None], inputs: int, why_not_run: str = ""
) -> Agreement:
    """None is the behaviour of what fails everywhere."""
    groups: dict[str, list[int]] = {}
    for place, behaviour in enumerate(behaviours):
        if behaviour is not None:
            groups.setdefault(behaviour, []).append(place)
    members = list(groups.values()) or [list(range(len(opinions)))]

    def probability(place: int) -> float:
        return opinions[place].log_probability

    best = max(members, key=lambda group: (len(group), max(map(probability, group))))
    return Agreement(
        chosen=max(best, key=probability),
        group=tuple(best),
        candidates=len(opinions),
        inputs=inputs,
        why_not_run=why_not_run,
    )


def _behaviours(executor: Executor, codes: Sequence[str], language: str, seed: int) -> tuple[list[str | None], int]:
    """What each candidate does on the inputs, and on how many; none where no candidate has a function.

    The inputs are those of the first candidate with the most common number of parameters; who takes another number of
    arguments fails on all of them.
    """
    targets = [found[-1] if (found := targets_of(code, language)) else None for code in codes]
    counts = [len(target.parameters) for target in targets if target is not None]
    if not counts:
        return [], 0
    usual = max(counts, key=counts.count)
    asked = [target for target in targets if target is not None and len(target.parameters) == usual]
    inputs = generated_inputs(max(asked, key=_told).parameters, seed=seed)
    known: dict[str, str | None] = {}
    for code, target in zip(codes, targets, strict=True):
        if code not in known:
            known[code] = None
            if target is not None and target.takes(usual):
                known[code] = _behaviour(executor, code, language, target, inputs)
    return [known[code] for code in codes], len(inputs)


def _told(target: Target) -> int:
    """How many types it declares."""
    return sum(parameter.type is not None for parameter in target.parameters)


def _behaviour(
    executor: Executor, code: str, language: str, target: Target, inputs: list[tuple[object, ...]]
) -> str | None:
    signature = signature_for(target, inputs, [], language)
    if signature is None and language not in ("python", "javascript"):
        return None
    results = executor.call(code, language, target, inputs, signature)
    if all(result.error is not None or result.timed_out for result in results):
        return None
    return repr([_result(result) for result in results])


def _result(result: CallResult) -> str:
    """One result, equal for equal behaviour: of an error only its type counts."""
    if result.timed_out:
        return "timeout"
    if result.error is not None:
        return f"error {result.error.partition(':')[0]}"
    try:
        return encode(result.value)
    except ValueRefusedError:
        return "no value"
