"""Run programs of one language against their tests, in the sandbox, as few compilations as it takes.

A batch that does not compile, or ends early, is cut in half until the program that is to blame stands alone, so one
bad program costs a few compilations and hides nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hrm_edge.errors import SandboxError
from hrm_edge.sandbox.job import Job, Limits, Raw
from hrm_edge.sandbox.session import Session
from hrm_edge.sandbox.toolchain import Toolchain
from hrm_edge.train.data.verification.batch import Batcher, Item, read_passed
from hrm_edge.train.data.verification.compiled import CppBatcher, GoBatcher, JavaBatcher, RustBatcher
from hrm_edge.train.data.verification.scripts import JavascriptBatcher, PythonBatcher

BATCHERS: Mapping[str, Batcher] = {
    batcher.language: batcher
    for batcher in (PythonBatcher(), JavascriptBatcher(), GoBatcher(), RustBatcher(), CppBatcher(), JavaBatcher())
}
"""Language → how its batches are made."""
LARGEST_BATCH = {"python": 400, "javascript": 400, "go": 100, "rust": 100, "cpp": 120, "java": 100}
_LIMITS = Limits(
    wall_s=240.0,
    cpu_s=200,
    memory_bytes=4 * 2**30,
    processes=256,
    file_bytes=256 * 2**20,
    tmp_bytes=1024 * 2**20,
    inodes=16_384,
    stack_bytes=64 * 2**20,
)


@dataclass(frozen=True)
class Outcome:
    """Whether a program passed all its tests, and what was said if it did not."""

    passed: bool
    message: str = ""


class BatchRunner:
    """Runs programs in one session of the sandbox."""

    def __init__(self, session: Session, toolchains: Mapping[str, Toolchain]) -> None:
        self._session = session
        self._toolchains = toolchains

    def run(self, language: str, items: Sequence[Item]) -> list[Outcome]:
        """What became of each program, in order.

        Raises:
            SandboxError: the language's toolchain is not on this machine, or the isolation failed.
        """
        if language not in self._toolchains:
            raise SandboxError(f"{language} is not on this machine: install its toolchain to run what is taught in it")
        outcomes: list[Outcome] = []
        size = LARGEST_BATCH[language]
        for first in range(0, len(items), size):
            outcomes.extend(self._run(language, items[first : first + size]))
        return outcomes

    def _run(self, language: str, items: Sequence[Item]) -> list[Outcome]:
        raw = self._job(language, items)
        passed = read_passed(raw.stdout.decode("utf-8", "replace"))
        if len(passed) == len(items):
            return [Outcome(True)] * len(items)
        if len(items) == 1:
            return [Outcome(False, _said(raw))]
        ran_through = raw.exit_code == 0 and len(passed) > 0
        if ran_through:
            failed = [number for number in range(len(items)) if number not in passed]
            again = {number: self._run(language, [items[number]])[0] for number in failed}
            return [again.get(number, Outcome(True)) for number in range(len(items))]
        middle = len(items) // 2
        return [*self._run(language, items[:middle]), *self._run(language, items[middle:])]

    def _job(self, language: str, items: Sequence[Item]) -> Raw:
        toolchain = self._toolchains[language]
        batch = BATCHERS[language].batch(items, toolchain)
        files = {path: text.encode() for path, text in batch.files.items()}
        job = Job(
            argv=("/bin/sh", "-c", batch.script),
            files=files,
            environment=toolchain.environment,
            limits=_LIMITS,
        )
        raw = self._session.run(job)
        if raw.sandbox_error:
            raise SandboxError(f"the sandbox failed: {raw.sandbox_error}")
        return raw


def _said(raw: Raw) -> str:
    text = raw.stderr.decode("utf-8", "replace").strip() or raw.stdout.decode("utf-8", "replace").strip()
    return (f"{raw.killed_by} limit: " if raw.killed_by else "") + text[-2000:]
