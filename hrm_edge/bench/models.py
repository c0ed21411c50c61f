"""Any model that can stand in the bench, ready to be asked: ours in every runtime, foreign GGUF files in llama.cpp.

with load_model(Path("qwen2.5-coder-0.5b.gguf"), RuntimeOptions(runtime="llama-cpp")) as model:
    request = model.dialogue.encode_request("find all files")
    answer = complete(model.runtime, request.ids, sampler=Sampler(), stop_ids=model.dialogue.stop_ids, max_tokens=200)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol

from hrm_edge.checkpoint.foreign_gguf import is_foreign_gguf
from hrm_edge.delexicalization.lexicalize import lexicalize
from hrm_edge.errors import ArchitectureError, RuntimeUnavailableError
from hrm_edge.prompt import Rendered, render_request, stop_ids
from hrm_edge.runtimes.base import Cycles, Runtime
from hrm_edge.runtimes.load import OnTensor, load_runtime, load_tokenizer, require_llama_cpp, runtime_file
from hrm_edge.runtimes.options import RuntimeOptions
from hrm_edge.tokenizer import Tokenizer


class Dialogue(Protocol):
    """How a model is spoken to."""

    stop_ids: frozenset[int]
    """Tokens that end an answer."""

    def encode_request(self, request: str) -> Rendered:
        """The whole prompt for one request: markers or chat template, and the request as plain text."""
        ...

    def encode(self, text: str) -> list[int]:
        """Token ids of plain text, for what an answer is made to begin with."""
        ...

    def decode(self, ids: Sequence[int], names: Sequence[str] = ()) -> str:
        """Text of token ids, special tokens left out, the names of the request put back."""
        ...


class TokenizerDialogue:
    """A request as our models are trained to read it, or in the checkpoint's own chat template."""

    def __init__(self, tokenizer: Tokenizer, chat_template: str | None) -> None:
        self._tokenizer = tokenizer
        self._chat_template = chat_template
        self.stop_ids = stop_ids(tokenizer)

    def encode_request(self, request: str) -> Rendered:
        """See Dialogue.encode_request."""
        return render_request(self._tokenizer, request, chat_template=self._chat_template)

    def encode(self, text: str) -> list[int]:
        """See Dialogue.encode."""
        return self._tokenizer.encode(text)

    def decode(self, ids: Sequence[int], names: Sequence[str] = ()) -> str:
        """See Dialogue.decode."""
        return lexicalize(self._tokenizer.decode(ids), names)


@dataclass(frozen=True, kw_only=True)
class BenchModel:
    """A loaded model; a context manager that frees it."""

    runtime: Runtime
    dialogue: Dialogue

    def __enter__(self) -> "BenchModel":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.runtime.close()


def load_model(path: Path, options: RuntimeOptions) -> BenchModel:
    """Load a model with the way it is spoken to.

    Raises:
        RuntimeUnavailableError, CheckpointError, ArchitectureError, ExportError: as load_runtime and load_tokenizer.
    """
    runtime = open_runtime(path, options)
    return BenchModel(runtime=runtime, dialogue=_dialogue(path, runtime))


def open_runtime(path: Path, options: RuntimeOptions) -> Runtime:
    """The model alone, for prompts of token ids. Arguments and errors as load_model."""
    if is_foreign_gguf(path):
        from hrm_edge.runtimes.llama.foreign_gguf import ForeignGgufRuntime

        model_file(path, runtime=options.runtime, cycles=options.cycles)
        return ForeignGgufRuntime(
            path, device=options.device, threads=options.threads, context_length=options.context_length
        )
    return load_runtime(path, options)


def model_file(path: Path, *, runtime: str, cycles: Cycles | None = None, on_tensor: OnTensor | None = None) -> Path:
    """The file that `runtime` opens for the model at `path`, converted if there is none yet. Errors as load_model."""
    if not is_foreign_gguf(path):
        return runtime_file(path, runtime=runtime, cycles=cycles, on_tensor=on_tensor)
    if runtime != "llama-cpp":
        raise RuntimeUnavailableError(
            f"{path} is a model of another architecture and the {runtime} runtime runs hrm_text only: "
            "use --runtime llama-cpp"
        )
    if cycles is not None:
        raise ArchitectureError(f"{path} is a model of another architecture and has no cycles: leave --cycles out")
    require_llama_cpp()
    return path


def opening_runtimes(path: Path, names: Sequence[str]) -> list[str]:
    """Those of `names` that open the model at `path`."""
    if path.suffix == ".onnx":
        return [name for name in names if name == "onnx"]
    if is_foreign_gguf(path):
        return [name for name in names if name == "llama-cpp"]
    return list(names)


def _dialogue(path: Path, runtime: Runtime) -> Dialogue:
    from hrm_edge.runtimes.llama.foreign_gguf import ForeignDialogue, ForeignGgufRuntime

    if isinstance(runtime, ForeignGgufRuntime):
        return ForeignDialogue(runtime)
    return TokenizerDialogue(*load_tokenizer(path))
