"""`hrm-edge convert`: from a name on the hub, or a checkpoint, to verified 4-bit files in one go."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from hrm_edge.commands.models.stages import Stages, stages
from hrm_edge.commands.options import BitsName, Json
from hrm_edge.commands.terminal import print_file, print_json, print_status
from hrm_edge.errors import ExportError, ModelStoreError, VerificationError

if TYPE_CHECKING:
    from hrm_edge.commands.models.conversion import Conversion, ConversionResult
    from hrm_edge.model_store import Entry, ModelName, ModelStore

WORKING_SUFFIX = ".converting"
"""Of the directory beside --out in which an interrupted conversion waits."""


def convert(
    model: Annotated[
        str, typer.Argument(metavar="NAME|PATH", help="A model of the hub (pulled if it is not here), or a checkpoint.")
    ],
    bits: Annotated[BitsName, typer.Option("--bits", help="Width of the weights.")] = "4",
    method: Annotated[
        Literal["rtn", "gptq"],
        typer.Option("--method", help="As in `hrm-edge quantize`: gptq loses less, takes longer and needs torch."),
    ] = "rtn",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Default: the name with -4bit or -8bit, in the models of `hrm-edge list` or "
            "beside PATH."
        ),
    ] = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Fetch, quantize, export and verify a model: all that lies between a name and a small file that works.

    DIR then holds the quantized checkpoint, model.gguf and model.onnx (the same weights in three forms) and
    verify.json: how far their answers are from the original's. Numbers past the tolerance of the bits end with exit
    code 1; the files are kept. After Ctrl-C the same command goes on with the step it was at.

    Examples:

      hrm-edge convert sapientinc/HRM-Text-1B

      hrm-edge run --model sapientinc/HRM-Text-1B-4bit "list the ten largest files"

      hrm-edge convert runs/nano --bits 8 --out nano-8bit
    """
    from hrm_edge.commands.models.conversion import convert_model

    with stages() as display:
        conversion = _plan(model, bits, method, out, display)
        result = convert_model(conversion, display)
    for notice in result.notices:
        print_status(notice)
    if not result.made:
        print_status(f"{conversion.out} is this conversion already: nothing was done again")
    _print(conversion, result, as_json)
    _hold_to_tolerance(conversion, result)


def _plan(text: str, bits: BitsName, method: str, out: Path | None, display: Stages) -> "Conversion":
    """Where the source is, which is pulled if it must be, and where the result goes."""
    from hrm_edge import __version__
    from hrm_edge.commands.models.conversion import Conversion, fingerprint
    from hrm_edge.model_store import ModelStore
    from hrm_edge.model_store.manifest import Converted

    store = ModelStore()
    origin, source, pulled_name = _source(text, store, display)
    name = None if out is not None or pulled_name is None else pulled_name.with_suffix(f"-{bits}bit")
    target = out or (_beside(source, bits) if name is None else store.path_of(name))
    if name is not None:
        _refuse_to_replace_pulled(store.find(name))
    if source.resolve().is_relative_to(target.resolve()):
        raise ExportError(f"--out {target} holds the model {text} and would replace it: choose another --out")
    return Conversion(
        source=source,
        out=target,
        working=target.with_name(target.name + WORKING_SUFFIX) if name is None else store.working_directory(name),
        settings=Converted(
            name=None if name is None else str(name),
            source=origin,
            fingerprint=fingerprint(source),
            bits=int(bits),
            method=method,
            made_by=__version__,
        ),
    )


def _source(text: str, store: "ModelStore", display: Stages) -> "tuple[str, Path, ModelName | None]":
    """What verify.json calls the source, its path, and its name if it is a model of the store."""
    from hrm_edge.model_store import ModelName
    from hrm_edge.model_store.manifest import Pulled
    from hrm_edge.model_store.pull import pull

    path = Path(text)
    if path.exists():
        return str(path.resolve()), path, None
    name = ModelName.parse(text)
    entry = store.find(name)
    if entry is None:
        result = pull(name, store, display.in_bytes)
        if result.notice is not None:
            print_status(f"{name}: {result.notice}")
        entry = result.entry
    commit = f", commit {entry.manifest.commit}" if isinstance(entry.manifest, Pulled) else ""
    return f"{name}{commit}", entry.path, name


def _beside(source: Path, bits: BitsName) -> Path:
    source = source.resolve()
    return source.parent / f"{source.name if source.is_dir() else source.stem}-{bits}bit"


def _refuse_to_replace_pulled(entry: "Entry | None") -> None:
    from hrm_edge.model_store.manifest import Converted

    if entry is not None and not isinstance(entry.manifest, Converted):
        raise ModelStoreError(f"{entry.name} is a pulled model and would be replaced: give the result another --out")


def _print(conversion: "Conversion", result: "ConversionResult", as_json: bool) -> None:
    from hrm_edge.commands.comparison_output import comparisons_json, print_comparisons

    files = sorted(conversion.out.iterdir())
    if as_json:
        settings = conversion.settings
        report: dict[str, Any] = {
            "path": str(conversion.out),
            "name": settings.name,
            "bits": settings.bits,
            "method": settings.method,
            "files": {path.name: path.stat().st_size for path in files},
            **comparisons_json(settings.source, result.comparisons),
        }
        print_json(report)
        return
    print_comparisons(result.comparisons)
    for path in files:
        print_file(path)


def _hold_to_tolerance(conversion: "Conversion", result: "ConversionResult") -> None:
    from hrm_edge.commands.comparison_output import failures

    found = failures(result.comparisons)
    if found:
        mend = "--bits 8" if conversion.method == "gptq" else "--method gptq or --bits 8"
        raise VerificationError(f"{conversion.out}: {'; '.join(found)}: try {mend}")
