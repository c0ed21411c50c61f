"""A model as an answerer: the same problem, sample and try always draw the same answer.

with load_model(path, RuntimeOptions()) as model:
    answerer = ModelAnswerer(model, name="nano-4bit.gguf onnx", max_tokens=512, temperature=0.8)
    answerer.answer(problem, problem.request, seed=sample_seed(0, problem.id, 3, 1)).text
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from hrm_edge.bench.answerer import Response
from hrm_edge.bench.models import BenchModel
from hrm_edge.errors import CheckpointError
from hrm_edge.problems.problem import Problem, Scenario
from hrm_edge.prompt import Rendered, with_neighbours
from hrm_edge.runtimes.generation import complete
from hrm_edge.runtimes.sampling import Sampler

_FENCED_SCENARIOS = frozenset({Scenario.GENERATION, Scenario.REPAIR, Scenario.TEST_OUTPUT, Scenario.SHELL})
"""Answers that are one block of code; the others have a form of their own, which their request asks for."""
_SEED_BYTES = 6  # 48 bits: exact in every reader of JSON


@dataclass(frozen=True, kw_only=True)
class ModelAnswerer:
    """Answers with a loaded model."""

    model: BenchModel
    name: str
    max_tokens: int
    temperature: float = 0.0
    """0 is greedy: the seed then changes nothing."""
    top_p: float = 1.0
    starts_fence: bool = True
    """Begin answers in code with the fence of the problem's language, as `hrm-edge run --language` does."""
    neighbours: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    """Problem → (request, response) of what was looked up for it; problems that are not here are asked as they are."""

    def answer(self, problem: Problem, request: str, *, seed: int) -> Response:
        """The model's response. One that does not fit the context is empty, with the finish reason `context`.

        Raises:
            CheckpointError: the model's logits are not numbers, or its tokenizer lacks the markers.
        """
        start = perf_counter()
        dialogue, runtime = self.model.dialogue, self.model.runtime
        prompt, neighbours = self._prompt(problem, request)
        if len(prompt.ids) > runtime.context_length:
            return Response(
                text="",
                prompt_tokens=len(prompt.ids),
                finish_reason="context",
                seconds=perf_counter() - start,
                neighbours=neighbours,
            )
        completion = complete(
            runtime,
            prompt.ids,
            sampler=Sampler(temperature=self.temperature, top_p=self.top_p, seed=seed),
            stop_ids=dialogue.stop_ids,
            max_tokens=self.max_tokens,
            forced_ids=dialogue.encode(f"```{problem.language}\n") if self._starts_fence(problem) else (),
        )
        return Response(
            text=dialogue.decode(completion.text_ids, prompt.names),
            prompt_tokens=len(prompt.ids),
            completion_tokens=len(completion.token_ids),
            finish_reason=completion.finish_reason,
            seconds=perf_counter() - start,
            log_probability=completion.log_probability,
            neighbours=neighbours,
        )

    def _prompt(self, problem: Problem, request: str) -> tuple[Rendered, int | None]:
        """The prompt with as many neighbours as leave room for the answer, never more than half the context."""
        encode, runtime = self.model.dialogue.encode_request, self.model.runtime
        if problem.id not in self.neighbours:
            return encode(request), None
        room = runtime.context_length - min(self.max_tokens, runtime.context_length // 2)
        found = list(self.neighbours[problem.id])
        while True:
            prompt = encode(with_neighbours(request, found))
            if not found or len(prompt.ids) <= room:
                return prompt, len(found)
            found.pop()

    def _starts_fence(self, problem: Problem) -> bool:
        return self.starts_fence and problem.scenario in _FENCED_SCENARIOS


def sample_seed(seed: int, problem_id: str, sample: int, attempt: int) -> int:
    """The seed of one answer, from what it is and nothing else: not the order, the workers or a resumed run."""
    identity = json.dumps([seed, problem_id, sample, attempt]).encode("ascii")
    return int.from_bytes(hashlib.sha256(identity).digest()[:_SEED_BYTES], "big")


def model_sha256(path: Path) -> str:
    """SHA-256 of a model: of its file, or of the names and contents of all files in its directory.

    Raises:
        CheckpointError: it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        for file in _files(path):
            if path.is_dir():
                digest.update(f"{file.name}\0{file.stat().st_size}\0".encode("utf-8", "surrogateescape"))
            with file.open("rb") as opened:
                while block := opened.read(2**20):
                    digest.update(block)
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read ({error.strerror}): check the path") from error
    return digest.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(file for file in path.iterdir() if file.is_file())
    else:
        yield path
