"""Extend the ledger: run more problems, on all cores, block by block, so that nothing is lost when it is stopped."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing import get_context

from hrm_edge.errors import SandboxError
from hrm_edge.sandbox.judge import Judge
from hrm_edge.sandbox.open import open_sandbox
from hrm_edge.sandbox.toolchains import find_toolchains
from hrm_edge.train.data.curriculum.emission import emit
from hrm_edge.train.data.renderers.registry import RENDERERS
from hrm_edge.train.data.verification.ledger import Ledger
from hrm_edge.train.data.verification.problems import Verification, verify
from hrm_edge.train.data.verification.running import BatchRunner

BLOCK = 25
"""Problems of one batch: some hundred programs."""


@dataclass(frozen=True)
class Block:
    """Some problems in one language."""

    language: str
    indices: tuple[int, ...]


def blocks(indices: Sequence[int], languages: Sequence[str]) -> list[Block]:
    """All the work, the languages of a block one after another."""
    parts = [tuple(indices[first : first + BLOCK]) for first in range(0, len(indices), BLOCK)]
    return [Block(language, part) for part in parts for language in languages]


def extend(
    ledger: Ledger,
    indices: Sequence[int],
    languages: Sequence[str],
    *,
    workers: int,
    done: Callable[[Block, Verification], None],
) -> None:
    """Run problems that the ledger does not have, and record them; the ledger is saved after every block.

    Args:
        ledger: is extended and saved.
        indices, languages: what to run.
        workers: processes, each with a session of the sandbox.
        done: told of each block, as it is finished.

    Raises:
        SandboxError: no isolation on this machine, or a language's toolchain is missing.
    """
    toolchains = find_toolchains()
    missing = [language for language in languages if language not in toolchains]
    if missing:
        raise SandboxError(f"{', '.join(missing)} not on this machine: install the toolchains, or name other languages")
    about = {language: toolchains[language].version for language in languages}
    for block, result in _results(ledger, blocks(indices, languages), workers):
        ledger.record(block.language, result.digests)
        ledger.save(about)
        done(block, result)


def _results(ledger: Ledger, work: Sequence[Block], workers: int) -> Iterator[tuple[Block, Verification]]:
    context = get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start) as pool:
        waiting = {pool.submit(_run, ledger, block): block for block in work}
        try:
            while waiting:
                finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield waiting.pop(future), future.result()
        finally:
            for future in waiting:
                future.cancel()


_TOOLS: "tuple[BatchRunner, Judge] | None" = None


def _start() -> None:
    """One session for the life of a worker."""
    global _TOOLS
    toolchains = find_toolchains()
    session = open_sandbox(toolchains=toolchains.values()).session()
    _TOOLS = BatchRunner(session, toolchains), Judge(session, toolchains)


def _run(ledger: Ledger, block: Block) -> Verification:
    assert _TOOLS is not None
    renderer = RENDERERS[block.language]
    emissions = (emit(index, renderer) for index in block.indices)
    new = [made for made in emissions if not ledger.verified(block.language, made.problem.index, made.digest)]
    if not new:
        return Verification({}, 0, ())
    return verify(new, *_TOOLS)
