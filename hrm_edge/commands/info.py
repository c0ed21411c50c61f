"""`hrm-edge info`: what a model file is and what it costs, or what this machine offers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hrm_edge.commands.options import Json
from hrm_edge.commands.terminal import print_json, print_table

if TYPE_CHECKING:
    from hrm_edge.info import MachineInfo, ModelInfo


def info(
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="PATH|NAME",
            help="A checkpoint directory, .gguf or .onnx, or a name of `hrm-edge list`; left out: this machine.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Say what a model is: architecture, bits, parameters, KV cache per token, the longest context in 2 GB.

    Only headers are read, so any size takes a moment.

    Examples:

      hrm-edge info runs/nano-4bit/model.gguf

      hrm-edge info
    """
    from hrm_edge.info import describe, describe_machine

    if path is None:
        machine = describe_machine()
        if as_json:
            print_json(machine.to_json())
        else:
            print_table(_machine_rows(machine))
        return
    from hrm_edge.model_store.store import resolve_model

    model = describe(resolve_model(str(path)))
    if as_json:
        print_json(model.to_json())
    else:
        print_table(_model_rows(model))


def _model_rows(model: "ModelInfo") -> list[list[str]]:
    sizes = model.architecture
    tokenizer = "none" if model.tokenizer_vocab_size is None else f"{model.tokenizer_vocab_size} tokens"
    return [
        ["path", str(model.path)],
        ["format", f"{model.format}, {model.bits} bits, {model.file_bytes / 1e6:.1f} MB"],
        ["parameters", f"{model.parameters:,} ({model.parameters_without_embeddings:,} without embeddings)"],
        ["hidden, feed-forward", f"{sizes.hidden_size}, {sizes.intermediate_size}"],
        ["heads", f"{sizes.num_attention_heads} of {sizes.head_dim}"],
        ["layers per stack", str(sizes.num_layers_per_stack)],
        ["cycles", f"{sizes.h_cycles} H × {sizes.l_cycles} L, {sizes.kv_slots} KV slots"],
        ["vocabulary", f"{sizes.vocab_size}, {'tied' if sizes.tie_word_embeddings else 'untied'} embeddings"],
        ["prompt mask", "bidirectional (PrefixLM)" if sizes.prefix_lm else "causal"],
        ["context", f"{sizes.max_position_embeddings} tokens"],
        ["KV cache per token", _per_kv_type(model.kv_bytes_per_token, "{:,} bytes")],
        ["context in 2 GB", _per_kv_type(model.context_in_2_gb, "{:,} tokens")],
        ["tokenizer", f"{tokenizer}{', with a chat template' if model.has_chat_template else ''}"],
    ]


def _per_kv_type(values: dict[str, int], form: str) -> str:
    return ", ".join(f"{form.format(value)} in {kv_type}" for kv_type, value in values.items())


def _machine_rows(machine: "MachineInfo") -> list[list[str]]:
    cores = "" if machine.physical_cores is None else f", {machine.physical_cores} physical"
    extensions = machine.vector_extensions
    memory = f"{machine.memory_bytes / 1e9:.1f} GB, {machine.available_memory_bytes / 1e9:.1f} GB available"
    return [
        ["system", machine.system],
        ["processor", machine.cpu],
        ["cores", f"{machine.usable_cores} usable{cores}"],
        ["vector extensions", "unknown" if extensions is None else ", ".join(extensions) or "none found"],
        ["memory", memory],
        ["GPU", "; ".join(machine.gpus) or "none found"],
        ["hrm-edge", machine.hrm_edge],
        ["python", machine.python],
        *([name, version or "not installed"] for name, version in machine.libraries.items()),
        *([f"runtime {name}", ", ".join(devices) or "not installed"] for name, devices in machine.runtimes.items()),
    ]
