"""llama.cpp through its C interface: the library, its log and devices, and the weights of a file.

The high-level `Llama` class of llama-cpp-python knows nothing of the PrefixLM mask, frees its objects in a destructor
that fails at interpreter exit and prints llama.cpp's log; the C functions underneath do what is asked. Every handle is
freed once, by `close` or when the process ends, contexts (hrm_edge.runtimes.llama.context) before their model.

Reference: llama.cpp `include/llama.h`.
"""

import ctypes
import os
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from hrm_edge.errors import RuntimeUnavailableError

GPU_BACKENDS = {"cuda": b"CUDA", "mps": b"MTL"}
SPINS = "3000"
"""Longer than a barrier takes when every thread has a core (some microseconds), far shorter than a time slice."""
_LEVEL_ERROR = 4
_OVERRIDE_INTEGER = 0
_READ, _MAPPED = 0, 1
_EVERY_LAYER = 999

_errors: list[str] = []


@cache
def llama_library() -> ModuleType:
    """llama_cpp's C functions, initialized once, with the log silenced and its errors kept.

    Raises:
        RuntimeUnavailableError: llama-cpp-python is not installed or cannot be loaded.
    """
    try:
        with _short_spins():
            import llama_cpp.llama_cpp as library
    except ImportError:
        raise RuntimeUnavailableError(
            'the llama-cpp runtime needs llama-cpp-python, which is not installed: pip install "hrm-edge[llama]"'
        ) from None
    except (OSError, RuntimeError) as error:
        raise RuntimeUnavailableError(
            f"llama-cpp-python is installed and its library cannot be loaded ({error}): "
            'pip install --force-reinstall --no-cache-dir "hrm-edge[llama]"'
        ) from error
    library.llama_log_set(_keep_errors(library), ctypes.c_void_p(0))
    library.llama_backend_init()
    return library  # type: ignore[no-any-return]


@contextmanager
def _short_spins() -> Iterator[None]:
    """While OpenMP is being loaded, tell it to put waiting threads to sleep sooner; the user's own setting stands.

    libgomp's threads spin for 10 ms or more at every barrier, of which a token has hundreds: with one of two cores
    busy otherwise, the 27m shape decodes 4 to 25 tokens/s so, and 60 to 80 with short spins.
    """
    ours = {"GOMP_SPINCOUNT", "OMP_WAIT_POLICY"}.isdisjoint(os.environ)
    if ours:
        os.environ["GOMP_SPINCOUNT"] = SPINS
    try:
        yield
    finally:
        if ours:
            del os.environ["GOMP_SPINCOUNT"]


@cache
def _keep_errors(library: ModuleType) -> Any:
    """The log callback; the cache keeps it alive as long as llama.cpp may call it."""

    def log(level: int, text: bytes, _user_data: int) -> None:
        if level == _LEVEL_ERROR:
            _errors.append(text.decode("utf-8", "replace").strip())

    return library.llama_log_callback(log)


def forget_errors() -> None:
    """Clear what `reason` would give: the next call is a new one."""
    _errors.clear()


def reason() -> str:
    """llama.cpp's first error line since `forget_errors`, in parentheses: it names the cause of those after it."""
    return f" ({_errors[0]})" if _errors else ""


def require_device(device: str) -> None:
    """Raise RuntimeUnavailableError unless llama.cpp was built for `device`."""
    if device == "cpu":
        return
    if device not in GPU_BACKENDS:
        raise RuntimeUnavailableError(f"device {device!r}: choose one of cpu, {', '.join(GPU_BACKENDS)}")
    library = llama_library()
    if not library.llama_supports_gpu_offload() or GPU_BACKENDS[device] not in library.llama_print_system_info():
        raise RuntimeUnavailableError(
            f"this llama-cpp-python was built without {device}: install a build with it, "
            "https://github.com/abetlen/llama-cpp-python#supported-backends, or choose --device cpu"
        )


def system_info() -> str:
    """What llama.cpp was built for and which instructions it uses here, in its own words.

    Raises:
        RuntimeUnavailableError: as llama_library.
    """
    return bytes(llama_library().llama_print_system_info()).decode("utf-8", "replace").strip()


class NativeModel:
    """The weights of one GGUF file."""

    def __init__(self, path: Path, *, on_gpu: bool, mapped: bool, overrides: Mapping[str, int]) -> None:
        """Load `path`; `overrides` replace integer keys of the file.

        mapped: leave the weights in the file's pages, which all that map them share, as they are. Otherwise they are
        read and, on a processor, quantized ones laid out anew for its vector instructions (from mapped pages that
        would be in memory twice meanwhile).

        Raises:
            RuntimeUnavailableError: llama.cpp cannot load the file.
        """
        library = llama_library()
        parameters = library.llama_model_default_params()
        parameters.n_gpu_layers = _EVERY_LAYER if on_gpu else 0
        parameters.load_mode = _MAPPED if mapped else _READ
        parameters.use_extra_bufts = not mapped
        entries = _override_array(library, overrides)
        parameters.kv_overrides = entries
        forget_errors()
        handle = library.llama_model_load_from_file(os.fsencode(path), parameters)
        if not handle:
            raise RuntimeUnavailableError(
                f"{path}: llama.cpp cannot load it{reason()}; update llama-cpp-python or choose another --runtime"
            )
        self.handle: Any = handle
        self.on_gpu = on_gpu
        vocabulary = library.llama_model_get_vocab(handle)
        self.vocab_size = int(library.llama_vocab_n_tokens(vocabulary))
        self._free = weakref.finalize(self, library.llama_model_free, handle)

    def close(self) -> None:
        """Free the weights; twice is fine."""
        self._free()
        self.handle = None


def _override_array(library: ModuleType, overrides: Mapping[str, int]) -> Any:
    """`overrides` as llama.cpp takes them: an array that ends with an empty key."""
    entries = (library.llama_model_kv_override * (len(overrides) + 1))()
    for entry, (key, value) in zip(entries, overrides.items(), strict=False):
        entry.tag, entry.key, entry.value.val_i64 = _OVERRIDE_INTEGER, key.encode(), value
    return entries
