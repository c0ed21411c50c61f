"""One way of running a model, in a process of its own, that answers when it is asked to.

    with SideProcess(Side(name="ours", engine="llama-cpp", model=Path("model.gguf"))) as side:
        ttft_s, decode_s = side.answer(prompt_ids, 200)

A process for each side, because engines share what must not be shared in a comparison: llama.cpp's threads wait as
long as the environment said when libgomp was loaded, and our runtime says something else than `Llama` comes with.
"""

import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from hrm_edge.bench.memory import peak_rss_bytes
from hrm_edge.errors import HrmEdgeError

Engine = Literal["onnx", "llama-cpp", "torch", "Llama", "transformers"]


@dataclass(frozen=True, kw_only=True)
class Side:
    """What is measured under one name."""

    name: str
    engine: Engine
    """A runtime of ours, llama-cpp-python's class, or transformers' generate."""
    model: Path
    """A file that the engine opens as it is."""
    threads: int | None = None
    """None: what the engine chooses."""
    kv_type: str | None = None
    cycles: int | None = None
    spin_us: int | None = None
    """Of ONNX Runtime's idle threads; None: ours."""
    context_length: int = 2048
    dtype: str = "float32"
    """Of transformers' weights."""


class SideProcess:
    """The process; each method is a question and waits for its answer."""

    def __init__(self, side: Side) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(side, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self.loaded: dict[str, Any] = self._received()
        """Bits, kv_type and threads, as the engine has them, None where it does not say; and load_s, the seconds that
        importing its library and opening the model took."""

    def answer(self, prompt_ids: Sequence[int], count: int) -> tuple[float, float]:
        """Seconds to the first of `count` greedy tokens, and from there to the last."""
        ttft_s, decode_s = self._ask("answer", list(prompt_ids), count)
        return ttft_s, decode_s

    def tokens(self, prompt_ids: Sequence[int], count: int) -> list[int]:
        """The greedy tokens themselves; of our runtimes only."""
        return list(self._ask("tokens", list(prompt_ids), count))

    def logits(self, prompt_ids: Sequence[int], answer_ids: Sequence[int]) -> NDArray[np.float32]:
        """[T, V], behind the prompt and each token of a given answer but the last; not of `Llama`."""
        found: NDArray[np.float32] = self._ask("logits", list(prompt_ids), list(answer_ids))
        return found

    def peak_rss_bytes(self) -> int:
        """Of the process, from its start."""
        return int(self._ask("peak_rss_bytes"))

    def close(self) -> None:
        """End the process. Safe to call twice."""
        if self._process.is_alive():
            self._connection.send(None)
        self._process.join()

    def __enter__(self) -> "SideProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, *question: Any) -> Any:
        self._connection.send(question)
        return self._received()

    def _received(self) -> Any:
        found = self._connection.recv()
        if isinstance(found, Exception):
            raise found
        return found


def _serve(side: Side, connection: Connection) -> None:
    try:
        start = perf_counter()
        opened = {"Llama": _Llama, "transformers": _Transformers}.get(side.engine, _Ours)(side)
        connection.send(opened.loaded | {"load_s": perf_counter() - start})
        while (question := connection.recv()) is not None:
            name, *arguments = question
            method: Callable[..., Any] = peak_rss_bytes if name == "peak_rss_bytes" else getattr(opened, name)
            connection.send(method(*arguments))
    except (HrmEdgeError, ValueError, RuntimeError) as error:
        connection.send(error)


class _Ours:
    def __init__(self, side: Side) -> None:
        self._runtime = _open(side)
        runtime = self._runtime
        self.loaded = {
            "bits": runtime.bits, "kv_type": runtime.kv_type, "threads": getattr(runtime, "threads", side.threads)
        }  # fmt: skip

    def answer(self, prompt_ids: list[int], count: int) -> tuple[float, float]:
        start = perf_counter()
        token_id = int(self._runtime.prefill(prompt_ids).argmax())
        first = perf_counter()
        for _ in range(count - 1):
            token_id = int(self._runtime.decode(token_id).argmax())
        return first - start, perf_counter() - first

    def tokens(self, prompt_ids: list[int], count: int) -> list[int]:
        found = [int(self._runtime.prefill(prompt_ids).argmax())]
        while len(found) < count:
            found.append(int(self._runtime.decode(found[-1]).argmax()))
        return found

    def logits(self, prompt_ids: list[int], answer_ids: list[int]) -> NDArray[np.float32]:
        rows = [np.array(self._runtime.prefill(prompt_ids))]
        rows += [np.array(self._runtime.decode(token_id)) for token_id in answer_ids[:-1]]
        return np.stack(rows)


def _open(side: Side) -> Any:
    size = {"threads": side.threads, "context_length": side.context_length}
    if side.engine == "torch":
        from hrm_edge.runtimes.pytorch.runtime import PyTorchRuntime

        return PyTorchRuntime(side.model, cycles=side.cycles, **size)
    if side.engine == "llama-cpp":
        from hrm_edge.runtimes.llama.runtime import LlamaCppRuntime

        return LlamaCppRuntime(side.model, cycles=side.cycles, kv_type=side.kv_type, **size)  # type: ignore[arg-type]
    from hrm_edge.runtimes.onnx import session
    from hrm_edge.runtimes.onnx.runtime import OnnxRuntime

    if side.spin_us is not None:
        session.SPIN_MICROSECONDS = side.spin_us
    return OnnxRuntime(side.model, **size)


class _Llama:
    """As its documentation calls it; nothing of an earlier prompt is kept, so that each one is read."""

    def __init__(self, side: Side) -> None:
        from llama_cpp import Llama

        threads = {} if side.threads is None else {"n_threads": side.threads, "n_threads_batch": side.threads}
        self._llama = Llama(str(side.model), n_ctx=side.context_length, verbose=False, **threads)
        self.loaded = {"bits": None, "kv_type": "f16", "threads": self._llama.n_threads}

    def answer(self, prompt_ids: list[int], count: int) -> tuple[float, float]:
        self._llama.reset()
        start = perf_counter()
        tokens = self._llama.generate(prompt_ids, temp=0.0)
        next(tokens)
        first = perf_counter()
        for _ in range(count - 1):
            next(tokens)
        return first - start, perf_counter() - first


class _Transformers:
    """`generate` on the weights that the file dequantizes to; one call for the first token, one for all."""

    def __init__(self, side: Side) -> None:
        import torch
        from pytorch_decode import theirs

        from hrm_edge.checkpoint import open_checkpoint
        from hrm_edge.runtimes.pytorch.runtime import load_model

        if side.threads is not None:
            torch.set_num_threads(side.threads)
        with open_checkpoint(side.model) as checkpoint:
            self._model = load_model(checkpoint, checkpoint.architecture, "cpu", dtype=side.dtype)
        self._answer = theirs(self._model, "cpu")
        self.loaded = {"bits": None, "kv_type": side.dtype, "threads": torch.get_num_threads()}

    def answer(self, prompt_ids: list[int], count: int) -> tuple[float, float]:
        start = perf_counter()
        self._answer(prompt_ids, 1)
        first = perf_counter()
        self._answer(prompt_ids, count)
        return first - start, perf_counter() - first - (first - start)

    def logits(self, prompt_ids: list[int], answer_ids: list[int]) -> NDArray[np.float32]:
        import torch
        from transformers import DynamicCache

        cache, prompt = DynamicCache(config=self._model.config), torch.tensor([prompt_ids])
        block = torch.ones_like(prompt) if self._model.config.prefix_lm else None
        with torch.inference_mode():
            rows = [self._model(prompt, token_type_ids=block, past_key_values=cache, use_cache=True).logits[0, -1]]
            for token_id in answer_ids[:-1]:
                rows.append(
                    self._model(torch.tensor([[token_id]]), past_key_values=cache, use_cache=True).logits[0, -1]
                )
        found: NDArray[np.float32] = torch.stack(rows).float().numpy()
        return found
