"""How files meet runtimes.

    file                      onnx              llama-cpp         torch
    model.onnx                opened as it is   refused           refused
    model.gguf                exported, cached  opened as it is   read tensor by tensor
    checkpoint directory      exported, cached  exported, cached  read tensor by tensor

Exports are kept in the cache (hrm_edge.runtimes.cache) and so is the tokenizer of every model, so that a warm start
imports the chosen runtime and neither `onnx` nor `gguf`. An export that the runtime refuses, left by an older version
or damaged, is made again. The torch runtime exports nothing: it dequantizes while loading on a CPU, and keeps quantized
weights as they are on a GPU.
"""

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path

from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.errors import CheckpointError, ExportError, RuntimeUnavailableError
from hrm_edge.files import whole_file
from hrm_edge.runtimes.base import RUNTIME_NAMES, Cycles, HrmRuntime
from hrm_edge.runtimes.cache import cached
from hrm_edge.runtimes.options import RuntimeOptions
from hrm_edge.tokenizer import Tokenizer

OnTensor = Callable[[str], None]


def load_runtime(path: Path, options: RuntimeOptions, *, on_tensor: OnTensor | None = None) -> HrmRuntime:
    """Load the model at `path`; `on_tensor` hears of each tensor if it has to be exported first.

    Raises:
        RuntimeUnavailableError: no such runtime, its library is not installed, or the device is not there.
        CheckpointError, ArchitectureError: the model cannot be read, or this runtime does not open such a file.
        ExportError: the cache cannot be written.
    """
    file = runtime_file(path, runtime=options.runtime, cycles=options.cycles, on_tensor=on_tensor)
    try:
        return _open(file, options)
    except CheckpointError:
        if file == path or not _removed(file):
            raise
    file = runtime_file(path, runtime=options.runtime, cycles=options.cycles, on_tensor=on_tensor)
    return _open(file, options)


def _open(file: Path, options: RuntimeOptions) -> HrmRuntime:
    """Each runtime takes plain values, and is imported only where it is asked for."""
    device, threads, context_length = options.device, options.threads, options.context_length
    if options.runtime == "torch":
        from hrm_edge.runtimes.pytorch.runtime import PyTorchRuntime

        return PyTorchRuntime(
            file, device=device, cycles=options.cycles, threads=threads, context_length=context_length
        )
    fixed = _fixed(options.cycles, options.runtime)
    if options.runtime == "llama-cpp":
        from hrm_edge.runtimes.llama.runtime import LlamaCppRuntime

        return LlamaCppRuntime(file, device=device, cycles=fixed, threads=threads, context_length=context_length)
    from hrm_edge.runtimes.onnx.runtime import OnnxRuntime

    return OnnxRuntime(file, device=device, cycles=fixed, threads=threads, context_length=context_length)


def _removed(entry: Path) -> bool:
    """Whether a refused export is gone from the cache; what cannot be removed cannot be made again."""
    try:
        entry.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def runtime_file(path: Path, *, runtime: str, cycles: Cycles | None = None, on_tensor: OnTensor | None = None) -> Path:
    """The file that `runtime` opens for the model at `path`, exported to the cache where there is none yet.

    Raises: as load_runtime.
    """
    if runtime not in RUNTIME_NAMES:
        raise RuntimeUnavailableError(f"runtime {runtime!r}: choose one of {', '.join(RUNTIME_NAMES)}")
    if path.suffix == ".onnx" and runtime != "onnx":
        raise CheckpointError(
            f"{path}: the {runtime} runtime opens no ONNX file; give the checkpoint it was exported from"
        )
    if runtime == "llama-cpp":
        require_llama_cpp()
    fixed = None if runtime == "torch" else _fixed(cycles, runtime)
    if runtime == "torch" or path.suffix == {"onnx": ".onnx", "llama-cpp": ".gguf"}[runtime]:
        return path
    if runtime == "llama-cpp":
        return cached(path, ".gguf", lambda out: _export_gguf(path, out, on_tensor))
    # The cycles are unrolled in an ONNX graph: each depth is an entry of its own.
    depth = "" if fixed is None else f"-{fixed}-cycles"
    return cached(path, f"{depth}.onnx", lambda out: _export_onnx(path, out, fixed, on_tensor))


def _fixed(cycles: Cycles | None, runtime: str) -> int | None:
    if cycles == "auto":
        raise RuntimeUnavailableError(
            f"--cycles auto runs in the torch runtime alone, and this is {runtime}: use --runtime torch, "
            "or give a number"
        )
    return cycles


def natural_runtime(path: Path) -> str:
    """The runtime that opens `path` as it is: llama-cpp for .gguf, onnx for everything else."""
    return "llama-cpp" if path.suffix == ".gguf" else "onnx"


def llama_cpp_installed() -> bool:
    """Whether llama-cpp-python can be imported, without importing it."""
    return importlib.util.find_spec("llama_cpp") is not None


def require_llama_cpp() -> None:
    """Raise RuntimeUnavailableError with the pip command unless llama-cpp-python is installed."""
    if not llama_cpp_installed():
        raise RuntimeUnavailableError(
            'the llama-cpp runtime needs llama-cpp-python, which is not installed: pip install "hrm-edge[llama]"'
        )


def load_tokenizer(path: Path) -> tuple[Tokenizer, str | None]:
    """The tokenizer of the model at `path` and its own chat template, if it has one.

    Raises:
        CheckpointError: the model cannot be read or brings no tokenizer.
    """
    read: list[tuple[str | None, str | None]] = []

    def keep(out: Path) -> None:
        read.append(_read_tokenizer(path))
        with whole_file(out) as part:
            part.write_text(json.dumps(read[0]), encoding="utf-8")

    try:
        tokenizer_json, chat_template = json.loads(cached(path, ".tokenizer.json", keep).read_text(encoding="utf-8"))
    except ExportError:  # a cache that cannot be written costs the next start a moment, not this one its answer
        tokenizer_json, chat_template = read[0]
    if tokenizer_json is None:
        raise CheckpointError(
            f"{path} brings no tokenizer: put its tokenizer.json beside config.json and convert it again"
        )
    return Tokenizer.from_json(tokenizer_json), chat_template


def _read_tokenizer(path: Path) -> tuple[str | None, str | None]:
    if path.suffix == ".onnx":
        from hrm_edge.runtimes.onnx.runtime import read_onnx_metadata

        metadata = read_onnx_metadata(path)
        return metadata.tokenizer_json, metadata.chat_template
    with open_checkpoint(path) as checkpoint:
        return checkpoint.tokenizer_json, checkpoint.chat_template


def _export_gguf(path: Path, out: Path, on_tensor: OnTensor | None) -> None:
    from hrm_edge.export.gguf import export_gguf

    with open_checkpoint(path) as checkpoint:
        export_gguf(checkpoint, out, dtype="f32" if checkpoint.bits == 32 else "f16", on_tensor=on_tensor)


def _export_onnx(path: Path, out: Path, cycles: int | None, on_tensor: OnTensor | None) -> None:
    from hrm_edge.export.onnx_graph import export_onnx

    with open_checkpoint(path) as checkpoint:
        export_onnx(checkpoint, out, cycles=cycles, on_tensor=on_tensor)
