"""This machine, as far as it matters to a model: processor, memory, library versions, runtimes and their devices.

Nothing heavy is imported: versions come from package metadata, and what torch and llama.cpp were built for shows in
the shared libraries they install. So a listed GPU is one that should work; the runtime that opens it decides.
"""

import importlib.util
import os
import platform
import subprocess
import sys
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from hrm_edge import __version__
from hrm_edge.processor import last_level_cache_bytes, processor_name, vector_extensions

LIBRARIES = ("numpy", "onnx", "onnxruntime", "gguf", "tokenizers", "llama-cpp-python", "torch", "transformers")
NVIDIA_SMI_S = 10
ONNX_DEVICES = {"CPUExecutionProvider": "cpu", "CUDAExecutionProvider": "cuda"}


@dataclass(frozen=True, kw_only=True)
class MachineInfo:
    """The machine this process runs on."""

    system: str
    cpu: str
    physical_cores: int | None
    logical_cores: int | None
    usable_cores: int
    """Logical cores this process may run on: a container or a mask may allow fewer than there are."""
    vector_extensions: tuple[str, ...] | None
    """Of processor.VECTOR_EXTENSIONS; None where the system does not tell."""
    last_level_cache_bytes: int | None
    memory_bytes: int
    available_memory_bytes: int
    gpus: tuple[str, ...]
    """As their drivers name them; empty where none is found."""
    hrm_edge: str
    python: str
    libraries: dict[str, str | None]
    """Package → version, None where it is not installed."""
    runtimes: dict[str, list[str]]
    """Runtime → the devices it offers here; empty where it is not installed."""

    def to_json(self) -> dict[str, Any]:
        """All fields, ready for JSON."""
        return asdict(self)


def describe_machine() -> MachineInfo:
    """Look at this machine; takes milliseconds, onnxruntime's own import and an NVIDIA driver's answer aside."""
    import psutil

    memory = psutil.virtual_memory()
    return MachineInfo(
        system=platform.platform(terse=True),
        cpu=processor_name(),
        physical_cores=psutil.cpu_count(logical=False),
        logical_cores=psutil.cpu_count(logical=True),
        usable_cores=usable_cores(),
        vector_extensions=vector_extensions(),
        last_level_cache_bytes=last_level_cache_bytes(),
        memory_bytes=memory.total,
        available_memory_bytes=memory.available,
        gpus=(*_nvidia_gpus(), *_apple_gpus()),
        hrm_edge=__version__,
        python=platform.python_version(),
        libraries={name: _version(name) for name in LIBRARIES},
        runtimes={"onnx": _onnx_devices(), "llama-cpp": _llama_devices(), "torch": _torch_devices()},
    )


def usable_cores() -> int:
    """Logical cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _nvidia_gpus() -> list[str]:
    """Name, memory and driver of each, from nvidia-smi; from torch where only that finds them and is loaded."""
    if not _has_nvidia_driver():
        return []
    command = ["nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=NVIDIA_SMI_S)
    except (OSError, subprocess.SubprocessError):  # not installed, or a driver that does not answer
        torch = sys.modules.get("torch")
        return [] if torch is None else [torch.cuda.get_device_name(n) for n in range(torch.cuda.device_count())]
    return [line.strip() for line in answer.stdout.splitlines() if line.strip()]


def _apple_gpus() -> list[str]:
    on_apple = sys.platform == "darwin" and platform.machine() == "arm64"
    return [f"GPU of the {processor_name()}"] if on_apple else []


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _onnx_devices() -> list[str]:
    if importlib.util.find_spec("onnxruntime") is None:
        return []
    import onnxruntime

    return [ONNX_DEVICES[name] for name in reversed(onnxruntime.get_available_providers()) if name in ONNX_DEVICES]


def _llama_devices() -> list[str]:
    return _devices_of("llama_cpp", cuda="*ggml-cuda*", metal="*ggml-metal*")


def _torch_devices() -> list[str]:
    if importlib.util.find_spec("transformers") is None:
        return []
    return _devices_of("torch", cuda="*torch_cuda*", metal="libtorch_cpu.dylib")


def _devices_of(package: str, *, cuda: str, metal: str) -> list[str]:
    """cpu, and the GPUs for which the package has a library in its `lib` folder and this machine a driver."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return []
    library = Path(spec.submodule_search_locations[0]) / "lib"
    devices = ["cpu"]
    if _has_nvidia_driver() and any(library.glob(cuda)):
        devices.append("cuda")
    if sys.platform == "darwin" and platform.machine() == "arm64" and any(library.glob(metal)):
        devices.append("mps")
    return devices


def _has_nvidia_driver() -> bool:
    return Path("/dev/nvidiactl").exists() or Path(r"C:\Windows\System32\nvcuda.dll").exists()
