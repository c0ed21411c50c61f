"""`export_onnx`: any checkpoint → an ONNX file that is enough by itself.

Float checkpoints give a float32 graph, checkpoints on the grid one of 4- or 8-bit weights (hrm_edge.export.onnx_weights
draws the layout). Names and axes are Optimum's (hrm_edge.export.onnx_names), the nodes are told in
hrm_edge.export.onnx_forward, and the file's metadata holds the config, the tokenizer and the chat template.

Up to LARGEST_ONE_FILE_MODEL parameters everything lies in the one file. Beyond it, the weights lie beside it in
`<name>.onnx.data`: a protobuf message ends at 2 GB, and a separate file is mapped into memory instead of read.

    with open_checkpoint(Path("runs/nano-4bit")) as checkpoint:
        export_onnx(checkpoint, Path("model.onnx"))
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from io import BytesIO
from itertools import islice
from pathlib import Path

import numpy as np
import onnx

from hrm_edge import __version__
from hrm_edge.architecture import Architecture
from hrm_edge.checkpoint.base import Checkpoint, Tensor
from hrm_edge.errors import ExportError
from hrm_edge.export.onnx_calibration import kv_scales
from hrm_edge.export.onnx_forward import ForwardPass
from hrm_edge.export.onnx_names import (
    ATTENTION_BIAS,
    ATTENTION_MASK,
    BATCH_AXIS,
    CHAT_TEMPLATE_KEY,
    CONFIG_KEY,
    EMBEDDING_ROWS_KEY,
    INPUT_IDS,
    KV_TYPE_KEY,
    LOGITS,
    LOGITS_TO_KEEP,
    PAST_AXIS,
    TOKEN_AXIS,
    TOKENIZER_KEY,
    TOTAL_AXIS,
    VERSION_KEY,
    WEIGHTS_DIGEST_KEY,
    WEIGHTS_FILE_KEY,
    KvType,
    past_name,
    present_name,
)
from hrm_edge.export.onnx_nodes import CONTRIB
from hrm_edge.export.onnx_weights import Matrix, WeightStore
from hrm_edge.files import whole_file

LARGEST_ONE_FILE_MODEL = 64_000_000
"""Parameters. The largest one-file output is then 256 MB (float32); the presets nano and 27m are one file."""

OPSET, CONTRIB_OPSET, IR_VERSION = 23, 1, 11

FLOAT, INT8, INT64 = onnx.TensorProto.FLOAT, onnx.TensorProto.INT8, onnx.TensorProto.INT64


def export_onnx(
    checkpoint: Checkpoint,
    out: Path,
    *,
    cycles: int | None = None,
    kv_type: KvType | None = None,
    on_tensor: Callable[[str], None] | None = None,
) -> None:
    """Write `checkpoint` as an ONNX graph to `out`; `cycles` replaces the H cycles the model was trained with.

    kv_type: of the KV cache. int8 is a quarter of f32's memory and answers faster, the longer the context the more; its
    scales are calibrated here, which runs the float graph once. If None, f32 for a checkpoint in f32 (who keeps one
    wants its exactness), else int8.
    `on_tensor` hears the name of each tensor as it is taken. Tensors are streamed; whatever stops the export
    leaves nothing half-written.

    Raises:
        ExportError: an architecture the graph cannot hold, or an output that cannot be written.
        CheckpointError: the checkpoint cannot be read.
    """
    architecture = checkpoint.architecture
    if cycles is not None:
        architecture = architecture.with_cycles(cycles)
    _check_expressible(architecture)
    kv_type = kv_type or ("f32" if checkpoint.bits == 32 else "int8")
    one_file = architecture.parameter_count() <= LARGEST_ONE_FILE_MODEL
    data = out.with_name(f"{out.name}.data")
    with ExitStack() as stack:
        graph_part = stack.enter_context(whole_file(out))
        data_part = graph_part if one_file else stack.enter_context(whole_file(data))
        file = BytesIO() if one_file else stack.enter_context(data_part.open("w+b"))
        store = WeightStore(file)
        matrices = _store_weights(store, checkpoint, on_tensor)
        forward = ForwardPass(architecture, matrices)
        forward.build()
        for name, array in forward.constants.items():
            store.add(name, array)
        if kv_type == "int8":
            floats = _model(
                architecture, "f32", forward.nodes, store.initializers(None if one_file else data_part.name)
            )
            scales = kv_scales(floats.SerializeToString(), data_part.parent, architecture)
            names = {past: store.add(f"{past}.scales", array) for past, array in scales.items()}
            shared = forward.constants
            forward = ForwardPass(architecture, matrices, names)
            forward.build()
            for name, array in forward.constants.items():
                if name not in shared:
                    store.add(name, array)
        metadata = _metadata(checkpoint, architecture, kv_type)
        if not one_file:
            embedding = matrices["model.embed_tokens.weight"]
            start = store.offset(embedding.name if embedding.bits == 32 else embedding.codes)
            metadata |= {
                WEIGHTS_FILE_KEY: data.name,
                WEIGHTS_DIGEST_KEY: store.seal(),
                EMBEDDING_ROWS_KEY: f"{start} {embedding.row_bytes}",
            }
        model = _model(architecture, kv_type, forward.nodes, store.initializers(None if one_file else data.name))
        onnx.helper.set_model_props(model, metadata)
        graph_part.write_bytes(model.SerializeToString())
        if not one_file:
            out.unlink(missing_ok=True)  # an earlier graph must not meet the new weights


def _check_expressible(architecture: Architecture) -> None:
    if architecture.head_dim % 16:
        raise ExportError(
            f"head_dim is {architecture.head_dim}: ONNX Runtime's GroupQueryAttention rotates heads whose size is a "
            "multiple of 16; export this model to GGUF"
        )


def _store_weights(
    store: WeightStore, checkpoint: Checkpoint, on_tensor: Callable[[str], None] | None
) -> dict[str, Matrix]:
    """Stream all tensors into the store; the matrices by the names of their initializers."""
    matrices = {}
    tensors = checkpoint.tensors()

    def take(count: int) -> Iterator[Tensor]:
        for name, tensor in islice(tensors, count):
            if on_tensor is not None:
                on_tensor(name)
            yield tensor

    shapes = checkpoint.architecture.tensor_shapes()
    for name, stacked in _initializers(shapes):
        if len(shapes[stacked[0]]) == 1:
            (vector,) = take(1)
            store.add(name, np.asarray(vector, np.float32))
        else:
            matrices[name] = store.add_matrix(name, take(len(stacked)))
    return matrices


def _initializers(shapes: Mapping[str, tuple[int, ...]]) -> Iterator[tuple[str, list[str]]]:
    """Initializer name → the tensors whose rows it stacks, in the order the checkpoint streams them."""
    for name in shapes:
        if name.endswith(".q_proj.weight"):
            prefix = name.removesuffix("q_proj.weight")
            yield f"{prefix}qkv_proj.weight", [f"{prefix}{part}_proj.weight" for part in "qkv"]
        elif not name.endswith((".k_proj.weight", ".v_proj.weight")):
            yield name, [name]


def _model(
    architecture: Architecture,
    kv_type: KvType,
    nodes: Sequence[onnx.NodeProto],
    initializers: Sequence[onnx.TensorProto],
) -> onnx.ModelProto:
    inputs, outputs = _signature(architecture, kv_type)
    optional, defaults = _optional_inputs(architecture)
    graph = onnx.helper.make_graph(nodes, "hrm_text", [*inputs, *optional], outputs, [*initializers, *defaults])
    return onnx.helper.make_model(
        graph,
        ir_version=IR_VERSION,
        producer_name="hrm-edge",
        producer_version=__version__,
        opset_imports=[onnx.helper.make_opsetid("", OPSET), onnx.helper.make_opsetid(CONTRIB, CONTRIB_OPSET)],
    )


def _signature(
    architecture: Architecture, kv_type: KvType
) -> tuple[list[onnx.ValueInfoProto], list[onnx.ValueInfoProto]]:
    """Inputs and outputs with the axes of hrm_edge.export.onnx_names."""
    value = onnx.helper.make_tensor_value_info
    heads, head_dim = architecture.num_attention_heads, architecture.head_dim
    kv = INT8 if kv_type == "int8" else FLOAT
    inputs = [
        value(INPUT_IDS, INT64, [BATCH_AXIS, TOKEN_AXIS]),
        value(ATTENTION_MASK, INT64, [BATCH_AXIS, TOTAL_AXIS]),
    ]
    outputs = [value(LOGITS, FLOAT, [BATCH_AXIS, TOKEN_AXIS, architecture.vocab_size])]
    for slot in range(architecture.kv_slots):
        for part in ("key", "value"):
            inputs.append(value(past_name(slot, part), kv, [BATCH_AXIS, heads, PAST_AXIS, head_dim]))
            outputs.append(value(present_name(slot, part), kv, [BATCH_AXIS, heads, TOTAL_AXIS, head_dim]))
    return inputs, outputs


def _optional_inputs(architecture: Architecture) -> tuple[list[onnx.ValueInfoProto], list[onnx.TensorProto]]:
    """Inputs that need not be fed, and the initializers of the same names that are their defaults."""
    value, array = onnx.helper.make_tensor_value_info, onnx.numpy_helper.from_array
    inputs, defaults = [value(LOGITS_TO_KEEP, INT64, [1])], [array(np.zeros(1, np.int64), LOGITS_TO_KEEP)]
    if architecture.prefix_lm:
        inputs.append(value(ATTENTION_BIAS, FLOAT, [1, 1, None, None]))
        defaults.append(array(np.zeros((1, 1, 1, 1), np.float32), ATTENTION_BIAS))
    return inputs, defaults


def _metadata(checkpoint: Checkpoint, architecture: Architecture, kv_type: KvType) -> dict[str, str]:
    metadata = {
        CONFIG_KEY: json.dumps(architecture.to_config() | {"bits": checkpoint.bits}),
        VERSION_KEY: __version__,
    }
    if kv_type != "f32":
        metadata[KV_TYPE_KEY] = kv_type
    if checkpoint.tokenizer_json is not None:
        metadata[TOKENIZER_KEY] = checkpoint.tokenizer_json
    if checkpoint.chat_template is not None:
        metadata[CHAT_TEMPLATE_KEY] = checkpoint.chat_template
    return metadata
