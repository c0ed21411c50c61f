"""From chains of tries to verdicts: generate, extract, submit, settle; one state, touched by one thread.

A chain is one sample of one problem. What is on the disk already is taken from there, so that the first run and a
resumed one are the same loop.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hrm_edge.bench.extraction import Extracted, extract, judged_text
from hrm_edge.bench.judging import JudgingPool
from hrm_edge.bench.run_directory import RunDirectory
from hrm_edge.bench.samples import Key, Sample
from hrm_edge.bench.second_try import next_request
from hrm_edge.problems.problem import Answer, Problem
from hrm_edge.sandbox.verdict import Outcome, Verdict


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One sample with what was extracted from it and the verdict."""

    sample: Sample
    extracted: Extracted
    verdict: Verdict

    @property
    def judged_text(self) -> str:
        """What was judged, as samples.jsonl has it."""
        return judged_text(self.extracted.answer, self.sample.text)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a run is; samples count once, whatever their tries."""

    done: int
    total: int
    passed: int


OnProgress = Callable[[Progress], None]
Generate = Callable[[Problem, str, int, int], Sample]
"""(problem, request, sample index, try) → a new sample."""


@dataclass(eq=False)
class Chain:
    """One sample of a problem from its first try to its last."""

    problem: Problem
    index: int
    request: str = field(init=False)
    judged: list[Judged] = field(default_factory=list)
    waiting: tuple[Sample, Extracted] | None = None
    """The try whose verdict is awaited."""

    def __post_init__(self) -> None:
        self.request = self.problem.request

    @property
    def key(self) -> Key:
        """Of the next try."""
        return self.problem.id, self.index, len(self.judged) + 1

    @property
    def files(self) -> Mapping[str, str] | None:
        """The files as the last try left them; None before it."""
        answer = self.judged[-1].extracted.answer if self.judged else None
        return answer if isinstance(answer, Mapping) else None

    @property
    def over(self) -> bool:
        """Whether no further try is due."""
        last = self.judged[-1].verdict if self.judged else None
        return last is not None and (
            len(self.judged) >= self.problem.tries or last.outcome is Outcome.PASSED or not last.scored
        )


class RunLoop:
    """The state of a run; only the calling thread touches it."""

    def __init__(
        self,
        chains: Sequence[Chain],
        pool: JudgingPool[Chain],
        samples: Mapping[Key, Sample],
        generate: Generate | None,
        on_progress: OnProgress | None,
    ) -> None:
        self._chains = chains
        self._pool = pool
        self._samples = samples
        self._verdicts: Mapping[Key, Verdict] = {}
        self._generate = generate
        self._on_progress = on_progress
        self._directory: RunDirectory | None = None
        self._known: dict[tuple[str, object], Verdict | list[Chain]] = {}
        """(problem, answer) → its verdict, or the chains that wait for it beside the one that was submitted."""
        self._done = self._passed = 0

    def to_end(self, directory: RunDirectory | None) -> tuple[Judged, ...]:
        """Run every chain to its end, and put the directory's files in order."""
        if directory is not None:
            self._directory = directory
            self._samples = {**directory.samples, **self._samples}
            self._verdicts = dict(directory.verdicts)
        for chain in self._chains:
            for waited, verdict in self._pool.ready():
                self._receive(waited, verdict)
            while self._pool.full:
                self._receive(*self._pool.wait())
            self._advance(chain)
        while self._pool.pending:
            self._receive(*self._pool.wait())
        judged = tuple(judged for chain in self._chains for judged in chain.judged)
        if directory is not None:
            directory.complete((found.sample, found.judged_text, found.verdict) for found in judged)
        return judged

    def _advance(self, chain: Chain) -> None:
        """Take a chain as far as it goes without a verdict that is not there."""
        while not chain.over:
            sample = self._sample(chain)
            if sample is None:
                break
            extracted = extract(chain.problem, sample.text, sample.form, chain.files)
            if self._directory is not None:
                self._directory.add_sample(sample, judged_text(extracted.answer, sample.text))
            chain.waiting = sample, extracted
            verdict = self._verdict(chain, extracted.answer)
            if verdict is None:
                return
            self._settle(chain, verdict)
        self._finish(chain)

    def _sample(self, chain: Chain) -> Sample | None:
        """The chain's next try: the one that is there, or a new one; None where none is to be made."""
        found = self._samples.get(chain.key)
        if found is None and self._generate is not None:
            found = self._generate(chain.problem, chain.request, chain.index, len(chain.judged) + 1)
        return found

    def _verdict(self, chain: Chain, answer: Answer) -> Verdict | None:
        """The verdict on the disk, or on an equal answer; None where the chain now waits for one."""
        identity = _identity(chain, answer)
        recorded = self._verdicts.get(chain.key)
        if recorded is not None:
            self._known.setdefault(identity, recorded)
            return recorded
        known = self._known.get(identity)
        if isinstance(known, Verdict):
            return known
        if known is None:
            self._known[identity] = []
            self._pool.submit(chain, chain.problem, answer)
        else:
            known.append(chain)
        return None

    def _receive(self, chain: Chain, verdict: Verdict) -> None:
        """A verdict has come: for the chain that asked, and for all that wait for the same."""
        assert chain.waiting is not None, "only a chain that waits has a verdict coming"
        identity = _identity(chain, chain.waiting[1].answer)
        others = self._known[identity]
        assert isinstance(others, list), "a verdict comes once"
        self._known[identity] = verdict
        for waiting in (chain, *others):
            self._settle(waiting, verdict)
            self._advance(waiting)

    def _settle(self, chain: Chain, verdict: Verdict) -> None:
        assert chain.waiting is not None, "only a chain that waits is settled"
        sample, extracted = chain.waiting
        chain.waiting = None
        chain.judged.append(Judged(sample=sample, extracted=extracted, verdict=verdict))
        if self._directory is not None and sample.key not in self._verdicts:
            self._directory.add_verdict(sample.key, verdict)
        if not chain.over:
            chain.request = next_request(chain.problem, extracted, verdict)

    def _finish(self, chain: Chain) -> None:
        self._done += 1
        self._passed += bool(chain.judged) and chain.judged[-1].verdict.outcome is Outcome.PASSED
        if self._on_progress is not None:
            self._on_progress(Progress(done=self._done, total=len(self._chains), passed=self._passed))


def _identity(chain: Chain, answer: Answer) -> tuple[str, object]:
    return chain.problem.id, answer if isinstance(answer, str) else tuple(sorted(answer.items()))
