"""Shards by several processes. Worker w of W makes every W-th shard of a command; nothing is shared between them.

Processes are started anew (`spawn`), which is the same on every system and inherits no half of a thread. Ctrl-C, which
reaches the whole terminal, is blocked in them: the command ends them, and removes what they had begun.
"""

import multiprocessing
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from hrm_edge.errors import DataError, HrmEdgeError
from hrm_edge.train.data.pipeline.manifest import shard_name
from hrm_edge.train.data.pipeline.shard import Job, ShardBuilder
from hrm_edge.train.data.pipeline.stale import remove_stale_parts

REPORT_TOKENS = 50_000
"""A worker says how far it is after as many."""
OnProgress = Callable[[int, int], None]
"""Told of tokens made and of shards finished since it was told before."""


@dataclass(frozen=True)
class _Failure:
    """What ended a worker."""

    error: BaseException
    trace: str


def build_shards(job: Job, shards: Sequence[int], workers: int, on_progress: OnProgress) -> None:
    """Make these shards in this process (`workers` is 1) or in several. Errors as ShardBuilder.build."""
    workers = min(workers, len(shards))
    if workers <= 1:
        _build_all(job, shards, on_progress)
        return
    connections: list[Connection] = []
    processes: list[BaseProcess] = []
    try:
        with _interrupts_wait():
            for worker in range(workers):
                process, connection = _start(job, shards[worker::workers])
                processes.append(process)
                connections.append(connection)
        _listen(connections, on_progress)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()
        for connection in connections:
            connection.close()
        remove_stale_parts(job.out, (shard_name(shard, job.recipe.shards, "") for shard in shards))


def _start(job: Job, shards: Sequence[int]) -> tuple[BaseProcess, Connection]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    part = replace(job, examples={shard: job.examples.get(shard, {}) for shard in shards})
    process = context.Process(target=_work, args=(part, shards, theirs), daemon=True)
    process.start()
    theirs.close()  # so that the worker's end is the only one, and its death is the end of the file
    return process, ours


def _listen(connections: Sequence[Connection], on_progress: OnProgress) -> None:
    waiting = list(connections)
    while waiting:
        for ready in wait(waiting):
            assert isinstance(ready, Connection)
            try:
                said = ready.recv()
            except EOFError:
                raise DataError(
                    "a worker was killed, perhaps for want of memory: use fewer --workers, or more shards in the recipe"
                ) from None
            match said:
                case None:
                    waiting.remove(ready)
                case _Failure():
                    if not isinstance(said.error, HrmEdgeError):
                        said.error.add_note(f"in a worker:\n{said.trace}")
                    raise said.error
                case tokens, shards:
                    on_progress(tokens, shards)


def _work(job: Job, shards: Sequence[int], connection: Connection) -> None:
    """A worker's life. Where the command is gone, sending fails and the worker ends."""
    try:
        _build_all(job, shards, lambda tokens, finished: connection.send((tokens, finished)))
        connection.send(None)
    except BrokenPipeError:
        return
    except Exception as error:  # noqa: BLE001 - it is raised again where the command runs
        connection.send(_Failure(error, traceback.format_exc()))


def _build_all(job: Job, shards: Sequence[int], on_progress: OnProgress) -> None:
    builder = ShardBuilder(job)
    waiting = 0

    def count(tokens: int) -> None:
        nonlocal waiting
        waiting += tokens
        if waiting >= REPORT_TOKENS:
            on_progress(waiting, 0)
            waiting = 0

    for shard in shards:
        builder.build(shard, count)
        on_progress(waiting, 1)
        waiting = 0


@contextmanager
def _interrupts_wait() -> Iterator[None]:
    """Ctrl-C reaches this process at the end of the block, and never the processes that are started within."""
    resource_tracker.ensure_running()  # when it starts it unblocks the signal, so it has to be there before
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
