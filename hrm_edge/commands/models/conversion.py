"""The steps of `hrm-edge convert`, each done once: what is whole in the working directory is not made again.

    <working>/hrm-edge.json    what is made of what; another source, bits or method begins anew
              quantized/       1  the checkpoint on the grid
              model.gguf       2  the same codes and scales
              model.onnx       3  (and model.onnx.data beside a large one)
              reference.onnx      the source, where this machine has no other runtime for it; not kept
              verify.json      4  both files against the source, on answer tokens

Then one rename puts everything in its place. A verification past its tolerance is a result too: it is kept and told.
"""

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from hrm_edge.bench.verify import PROMPTS, Comparison, reference_runtime, verify
from hrm_edge.checkpoint import Checkpoint, open_checkpoint
from hrm_edge.checkpoint.text_files import read_json_object
from hrm_edge.commands.comparison_output import comparisons_json
from hrm_edge.commands.models.stages import Stages
from hrm_edge.commands.options import BitsName
from hrm_edge.commands.quantize.command import TARGETS
from hrm_edge.commands.quantize.methods import quantizer_of
from hrm_edge.errors import CheckpointError, ExportError
from hrm_edge.export.gguf import export_gguf
from hrm_edge.export.onnx_graph import export_onnx
from hrm_edge.files import whole_directory, whole_file
from hrm_edge.model_store.manifest import MANIFEST_NAME, Converted, read_manifest, write_manifest
from hrm_edge.model_store.store import locked_directory
from hrm_edge.prompt_files import Prompt
from hrm_edge.runtimes.load import llama_cpp_installed

QUANTIZED = "quantized"
REFERENCE = "reference.onnx"
REPORT = "verify.json"
FINGERPRINTED_SUFFIXES = (".json", ".safetensors", ".jinja")


@dataclass(frozen=True, kw_only=True)
class Conversion:
    """What is to be made, and where."""

    source: Path
    settings: Converted
    out: Path
    working: Path

    @property
    def bits_name(self) -> BitsName:
        return "4" if self.settings.bits == 4 else "8"

    @property
    def method(self) -> Literal["rtn", "gptq"]:
        return "gptq" if self.settings.method == "gptq" else "rtn"


@dataclass(frozen=True, kw_only=True)
class ConversionResult:
    """What lies in the output directory now."""

    comparisons: list[Comparison]
    """Paths are names in that directory."""
    made: bool
    """False where the same conversion lay there already."""
    notices: list[str]


def convert_model(conversion: Conversion, display: Stages) -> ConversionResult:
    """Take the steps that are not done yet.

    Raises:
        GridError, CheckpointError, ArchitectureError: the source cannot be quantized or read.
        RuntimeUnavailableError: the method needs a library that is not installed.
        VerificationError: the files give no finite logits.
        ExportError: the output is something else, or cannot be written.
        ModelStoreError: another process makes the same.
    """
    with locked_directory(conversion.working, str(conversion.out)):
        if conversion.out.is_dir() and read_manifest(conversion.out) == conversion.settings:
            return ConversionResult(comparisons=read_report(conversion.out), made=False, notices=[])
        with whole_directory(conversion.out) as part:
            _begin(conversion)
            notices = _quantize_and_export(conversion, display)
            comparisons = _verify(conversion, display)
            for path in _results(conversion.working):
                path.rename(part / path.name)
        shutil.rmtree(conversion.working)
    return ConversionResult(comparisons=comparisons, made=True, notices=notices)


def fingerprint(source: Path) -> str:
    """Changes when a file of the model is replaced: names, sizes and modification times."""
    files = [source]
    if source.is_dir():
        files = sorted(path for path in source.iterdir() if path.suffix in FINGERPRINTED_SUFFIXES)
    digest = hashlib.sha256()
    for path in files:
        status = path.stat()
        digest.update(f"{path.name}\0{status.st_size}\0{status.st_mtime_ns}\0".encode(errors="surrogateescape"))
    return digest.hexdigest()[:16]


def read_report(directory: Path) -> list[Comparison]:
    """The comparisons of a finished conversion.

    Raises:
        CheckpointError: verify.json is missing or not as it was written.
    """
    path = directory / REPORT
    try:
        return [_comparison(candidate) for candidate in read_json_object(path)["candidates"]]
    except (AttributeError, KeyError, TypeError) as error:
        raise CheckpointError(f"{path} is not as hrm-edge wrote it: delete {directory} and convert again") from error


def _comparison(stated: dict[str, Any]) -> Comparison:
    fields = {name: value for name, value in stated.items() if name not in ("passed", "failures")}
    return Comparison(**{**fields, "path": Path(fields["path"])})


def _begin(conversion: Conversion) -> None:
    """Go on with a working directory of the same settings, or begin with an empty one."""
    working = conversion.working
    if working.is_dir() and read_manifest(working) != conversion.settings:
        if any(working.iterdir()) and not (working / MANIFEST_NAME).exists():
            raise ExportError(
                f"{working} is needed for files in between and holds others: move it or choose another --out"
            )
        shutil.rmtree(working)
    if not working.is_dir():
        with whole_directory(working) as part:
            write_manifest(part, conversion.settings)


def _quantize_and_export(conversion: Conversion, display: Stages) -> list[str]:
    """Steps 1 to 3; return what is to be said about the files."""
    working, notices = conversion.working, []
    if not (working / QUANTIZED).is_dir():
        _quantize(conversion, display)
    with open_checkpoint(working / QUANTIZED) as quantized:
        tensors = len(quantized.architecture.tensor_shapes())
        if not (working / TARGETS["gguf"]).exists():
            with display.in_steps(f"writing {TARGETS['gguf']}", tensors) as on_tensor:
                notice = export_gguf(quantized, working / TARGETS["gguf"], on_tensor=on_tensor)
            notices += [f"{TARGETS['gguf']}: {notice}"] if notice else []
        if not (working / TARGETS["onnx"]).exists():
            _export_onnx(quantized, working / TARGETS["onnx"], display)
    return notices


def _quantize(conversion: Conversion, display: Stages) -> None:
    with open_checkpoint(conversion.source) as checkpoint:
        quantizer = quantizer_of(conversion.method, checkpoint, conversion.bits_name, None, conversion.working)
        label = f"quantizing to {conversion.settings.bits} bits ({conversion.method})"
        with (
            display.in_steps(label, quantizer.steps) as on_step,
            quantizer.write(conversion.working / QUANTIZED, on_step),
        ):
            pass


def _export_onnx(checkpoint: Checkpoint, out: Path, display: Stages) -> None:
    with display.in_steps(f"writing {out.name}", len(checkpoint.architecture.tensor_shapes())) as on_tensor:
        export_onnx(checkpoint, out, on_tensor=on_tensor)


def _verify(conversion: Conversion, display: Stages) -> list[Comparison]:
    """Step 4. A GGUF is left out where no llama.cpp can run it: it holds the codes and scales of the ONNX file."""
    working = conversion.working
    if (working / REPORT).exists():
        return read_report(working)
    reference = _reference(conversion, display)
    names = [TARGETS["onnx"], *([TARGETS["gguf"]] if llama_cpp_installed() else [])]
    with display.in_steps("verifying", len(PROMPTS) * (1 + len(names))) as on_prompt:
        found = verify(
            reference,
            [working / name for name in names],
            [Prompt(prompt=text) for text in PROMPTS],
            on_prompt=on_prompt,
        )
    comparisons = [replace(comparison, path=Path(comparison.path.name)) for comparison in found]
    report = comparisons_json(conversion.settings.source, comparisons)
    with whole_file(working / REPORT) as part:
        part.write_text(json.dumps(report, indent=2, allow_nan=False, ensure_ascii=False) + "\n", encoding="utf-8")
    return comparisons


def _reference(conversion: Conversion, display: Stages) -> Path:
    """The source where PyTorch or llama.cpp runs it as it is; else an ONNX file of it that goes with the steps."""
    runtime = reference_runtime(conversion.source)
    if runtime == "torch" or (runtime == "llama-cpp" and llama_cpp_installed()):
        return conversion.source
    reference = conversion.working / REFERENCE
    if not reference.exists():
        with open_checkpoint(conversion.source) as checkpoint:
            _export_onnx(checkpoint, reference, display)
    return reference


def _results(working: Path) -> Sequence[Path]:
    """What is kept of the working directory."""
    own = [path for path in working.iterdir() if path.is_file() and not path.name.startswith((REFERENCE, "."))]
    return [*own, *(working / QUANTIZED).iterdir()]
