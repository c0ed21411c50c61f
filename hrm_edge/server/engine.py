"""One thread owns the model and writes all answers; the rest of the server hands it orders and gets pieces of text.

    engine = Engine(lambda: ServedModel.load(path, RuntimeOptions()), Limits())
    engine.start()
    tickets = engine.submit([order], on_piece)     # from any thread; on_piece is called on the engine's
    engine.cancel(tickets)

Whatever ends the thread, no order is left without a last word: a piece with a finish reason, or an error.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Condition, Thread
from time import perf_counter
from typing import Literal

from hrm_edge.errors import CheckpointError, HrmEdgeError, PromptError
from hrm_edge.runtimes.decoding_loop import DecodingLoop, Event
from hrm_edge.runtimes.generation import Sampling, Step
from hrm_edge.runtimes.parallel import score
from hrm_edge.runtimes.streams import AnswerStream
from hrm_edge.server.metrics import Metrics
from hrm_edge.server.served_model import ServedModel
from hrm_edge.server.settings import Limits

logger = logging.getLogger("hrm_edge.server")

State = Literal["loading", "ready", "failed", "stopped"]
CLOSING_S = 5.0
"""How long `close` waits for the thread: a pass takes milliseconds, loading a model may take minutes."""


class EngineUnavailableError(Exception):
    """No answer can be had now: the model is loading, broken or gone."""


class QueueFullError(Exception):
    """As many answers wait as may."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """One answer to write."""

    prompt_ids: tuple[int, ...]
    sampling: Sampling
    stops: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """Of the rendered request, to be put back into the answer."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """What came of an answer in one step."""

    text: str
    step: Step
    finish_reason: Literal["stop", "length"] | None


OnPiece = Callable[[int, Piece | Exception], None]
"""Called with the index of the order, on the engine's thread; it must return at once and not raise."""


@dataclass
class _Writing:
    index: int
    on_piece: OnPiece
    stream: AnswerStream
    asked: float | None
    """When, by perf_counter; None once its first token is there."""


class Engine:
    """The thread, its queue and its state."""

    def __init__(self, load: Callable[[], ServedModel], limits: Limits, metrics: Metrics) -> None:
        """`load` runs on the engine's thread, which alone touches the runtime that it gives."""
        self._load = load
        self._limits = limits
        self._metrics = metrics
        metrics.watch("engine_ready", "1 while answers can be had.", lambda: self._state == "ready")
        metrics.watch("answers_running", "Answers that are being written.", lambda: self.running)
        metrics.watch("answers_waiting", "Answers that wait for a place.", lambda: self.waiting)
        # Guards all below. The thread waits on it while there is nothing to do.
        self._changed = Condition()
        self._state: State = "loading"
        self._reason = "the model is being loaded: ask again in a moment"
        self._model: ServedModel | None = None
        self._loop: DecodingLoop | None = None
        self._writing: dict[int, _Writing] = {}
        self._thread = Thread(target=self._run, name="hrm-edge engine", daemon=True)

    def start(self) -> None:
        """Load the model and begin to answer."""
        self._thread.start()

    @property
    def state(self) -> State:
        """What the thread is doing."""
        return self._state

    @property
    def running(self) -> int:
        """Answers that have a place."""
        loop = self._loop
        return 0 if loop is None else loop.running

    @property
    def waiting(self) -> int:
        """Answers without one."""
        loop = self._loop
        return 0 if loop is None else loop.waiting

    @property
    def model(self) -> ServedModel:
        """The loaded model.

        Raises:
            EngineUnavailableError: there is none.
        """
        with self._changed:
            if self._model is None or self._state != "ready":
                raise EngineUnavailableError(self._reason)
            return self._model

    def submit(self, orders: Sequence[Order], on_piece: OnPiece) -> list[int]:
        """Queue orders, all or none; their tickets.

        Raises:
            EngineUnavailableError: nobody would answer.
            QueueFullError: not all of them have room in the queue.
            PromptError: a prompt is empty or longer than the context.
        """
        with self._changed:
            if self._loop is None or self._model is None or self._state != "ready":
                raise EngineUnavailableError(self._reason)
            if self._loop.waiting + len(orders) > self._limits.queue:
                raise QueueFullError(f"{self._loop.waiting} answers wait already: ask again in a moment")
            tickets: list[int] = []
            try:
                for index, order in enumerate(orders):
                    tickets.append(self._loop.add(order.prompt_ids, order.sampling))
                    stream = AnswerStream(self._model.tokenizer.decode, order.stops, order.names)
                    self._writing[tickets[-1]] = _Writing(index, on_piece, stream, perf_counter())
                    self._metrics.count_prompt(len(order.prompt_ids))
            except PromptError:
                self.cancel(tickets)
                raise
            self._changed.notify_all()
            return tickets

    def cancel(self, tickets: Sequence[int]) -> None:
        """Take back orders: no piece of them comes after this call, and their places are free at the next step."""
        with self._changed:
            for ticket in tickets:
                if self._writing.pop(ticket, None) is not None and self._loop is not None:
                    self._loop.cancel(ticket)
            self._changed.notify_all()

    def end(self) -> None:
        """End what is being written with an error, and take no more. The thread ends after its step."""
        self._end("stopped", "the server is shutting down")

    def close(self) -> None:
        """`end`, and wait for the thread, which frees the model. Safe to call twice."""
        self.end()
        if self._thread.is_alive():
            self._thread.join(CLOSING_S)

    def _run(self) -> None:
        try:
            self._serve()
        except HrmEdgeError as error:
            logger.error("the model cannot be used: %s", error)
            self._end("failed", f"the model cannot be used: {error}")
        except Exception:
            logger.exception("the engine ended by an error that nobody expected")
            self._end("failed", "the engine has ended by an unexpected error: see the server's log")

    def _serve(self) -> None:
        model = self._load()
        with model.runtime, model.runtime.batch(capacity=self._limits.places) as batch:
            # Damaged weights and missing memory show here, not in the first client's answer.
            score(batch, [0], [0])
            with DecodingLoop(batch, lookup=True) as loop:
                if self._publish(model, loop):
                    while self._await_work(loop):
                        self._deliver(loop.step())

    def _publish(self, model: ServedModel, loop: DecodingLoop) -> bool:
        """Open for orders, unless the server has ended meanwhile."""
        with self._changed:
            if self._state != "loading":
                return False
            self._model, self._loop, self._state = model, loop, "ready"
            logger.info("the model is loaded: %s answers at a time", self._limits.places)
            return True

    def _await_work(self, loop: DecodingLoop) -> bool:
        """Whether there is something to do; False when the engine is to end."""
        with self._changed:
            self._changed.wait_for(lambda: self._state != "ready" or not loop.done)
            return self._state == "ready"

    def _deliver(self, events: Sequence[Event]) -> None:
        self._metrics.count_tokens(sum(event.step is not None for event in events))
        with self._changed:
            for event in events:
                writing = self._writing.get(event.ticket)
                if writing is None:
                    continue
                news = _error_of(event) if event.step is None else _piece(writing.stream, event.step)
                if writing.asked is not None and event.step is not None:
                    self._metrics.count_first_token(perf_counter() - writing.asked)
                    writing.asked = None
                if isinstance(news, Exception) or news.finish_reason is not None:
                    del self._writing[event.ticket]
                    if self._loop is not None:
                        self._loop.cancel(event.ticket)  # one that a stop string ended would go on
                _tell(writing, news)

    def _end(self, state: State, reason: str) -> None:
        with self._changed:
            if self._state in ("stopped", "failed"):
                return
            self._state, self._reason, self._loop = state, reason, None
            for writing in self._writing.values():
                _tell(writing, EngineUnavailableError(reason))
            self._writing.clear()
            self._changed.notify_all()


def _piece(stream: AnswerStream, step: Step) -> Piece:
    text = stream.add(step)
    reason = stream.finish_reason
    return Piece(text=text, step=step, finish_reason="length" if reason == "context" else reason)


def _error_of(event: Event) -> Exception:
    error = event.error
    assert error is not None, "an event has a step or an error"
    if isinstance(error, CheckpointError):
        logger.error("an answer could not be written: %s", error)
    return error


def _tell(writing: _Writing, news: Piece | Exception) -> None:
    with suppress(RuntimeError):  # the event loop of who asked is closed: nobody listens
        writing.on_piece(writing.index, news)
