"""GGUF: one file with weights, sizes and tokenizer that llama.cpp opens as it is.

Matrices on the grid keep their bits: their codes and scales are only packed (hrm_edge.quantize.ggml_blocks). One tensor
is in memory at a time, and the checkpoint is read once: which ggml type a tensor has is known only when it is read,
so the table of tensors, whose size does not depend on the types, is written first as a stand-in and once more at the
end.

    header | keys | table of tensors | padding | data of each tensor, padded to 32 bytes

Reference: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md; llama.cpp `src/models/hrm-text.cpp`.
"""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from hrm_edge.architecture import Architecture
from hrm_edge.checkpoint import Checkpoint, Tensor
from hrm_edge.checkpoint.gguf_names import ARCHITECTURE, CHAT_TEMPLATE_KEY, TOKENIZER_KEY, gguf_names
from hrm_edge.errors import ExportError
from hrm_edge.export.gguf_tokenizer import gguf_vocabulary
from hrm_edge.files import whole_file
from hrm_edge.quantize.ggml_blocks import pack_q4_0, pack_q8_0
from hrm_edge.quantize.grid import QuantizedTensor

FloatType = Literal["f32", "f16"]

MOST_KV_SLOTS = 512
"""LLAMA_MAX_LAYERS of llama.cpp, whose layers are our KV slots."""
VECTORS = ("model.z_L_init",)
"""Always float32: llama.cpp adds it to float32 activations."""


def export_gguf(
    checkpoint: Checkpoint,
    out: Path,
    *,
    dtype: FloatType = "f16",
    on_tensor: Callable[[str], None] | None = None,
) -> str | None:
    """Write `checkpoint` to `out`, whole or not at all.

    dtype: of the matrices that are not on the grid. on_tensor hears the name of each tensor before it is written.

    Returns: why llama.cpp's own programs cannot read text with this file, or None where they can. hrm-edge tokenizes
    by itself and runs it either way.

    Raises:
        ExportError: more KV slots than llama.cpp holds, a weight beyond float16, or a file that cannot be written.
        CheckpointError: the checkpoint cannot be read.
    """
    import gguf

    architecture = checkpoint.architecture
    _check_llama_cpp_holds(architecture)
    with whole_file(out) as part, closing(gguf.GGUFWriter(part, ARCHITECTURE)) as writer:
        _add_general_keys(writer, checkpoint.bits, dtype)
        _add_architecture_keys(writer, architecture)
        notice = _add_tokenizer_keys(writer, checkpoint)
        names = gguf_names(architecture)
        for name, shape in architecture.tensor_shapes().items():
            writer.add_tensor_info(names[name], shape, np.dtype(np.float32), 0)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        [file] = writer.fout
        table_start = file.tell()
        writer.write_ti_data_to_file()
        writer.write_padding(file, file.tell())
        for name, tensor in checkpoint.tensors():
            if on_tensor is not None:
                on_tensor(name)
            data, kind = _encode(name, tensor, dtype)
            file.write(data.data)  # and not writer.write_tensor_data: numpy's tofile hides why a disk refuses
            writer.write_padding(file, data.nbytes)
            writer.tensors[0][names[name]] = gguf.gguf_writer.TensorInfo(tensor.shape, kind, data.nbytes)
            del tensor, data  # before the next one is read
        file.seek(table_start)
        writer.state = gguf.gguf_writer.WriterState.KV_DATA
        writer.write_ti_data_to_file()
    return notice


def _check_llama_cpp_holds(architecture: Architecture) -> None:
    if architecture.kv_slots > MOST_KV_SLOTS:
        raise ExportError(
            f"the model has {architecture.kv_slots} KV slots and llama.cpp holds {MOST_KV_SLOTS}: "
            "run it with --runtime onnx or torch, or with fewer cycles"
        )


def _add_general_keys(writer: Any, bits: int, dtype: FloatType) -> None:
    from gguf import GGML_QUANT_VERSION, GGUFType, LlamaFileType

    float_type = LlamaFileType.ALL_F32 if dtype == "f32" else LlamaFileType.MOSTLY_F16
    file_types = {4: LlamaFileType.MOSTLY_Q4_0, 8: LlamaFileType.MOSTLY_Q8_0}
    writer.add_type(GGUFType.MODEL)
    writer.add_file_type(file_types.get(bits, float_type))
    writer.add_quantization_version(GGML_QUANT_VERSION)


def _add_architecture_keys(writer: Any, architecture: Architecture) -> None:
    integers = {
        "vocab_size": architecture.vocab_size,
        "context_length": architecture.max_position_embeddings,
        "embedding_length": architecture.hidden_size,
        "feed_forward_length": architecture.intermediate_size,
        "block_count": architecture.kv_slots,
        "attention.head_count": architecture.num_attention_heads,
        "attention.head_count_kv": architecture.num_attention_heads,
        "attention.key_length": architecture.head_dim,
        "attention.value_length": architecture.head_dim,
        "rope.dimension_count": architecture.head_dim,
        "hrm.layers_per_stack": architecture.num_layers_per_stack,
        "hrm.h_cycles": architecture.h_cycles,
        "hrm.l_cycles": architecture.l_cycles,
    }
    floats = {
        "attention.layer_norm_rms_epsilon": architecture.rms_norm_eps,
        "rope.freq_base": architecture.rope_theta,
        "embedding_scale": architecture.embedding_scale,
    }
    for key, number in integers.items():
        writer.add_uint32(f"{ARCHITECTURE}.{key}", number)
    for key, real in floats.items():
        writer.add_float32(f"{ARCHITECTURE}.{key}", real)
    writer.add_bool(f"{ARCHITECTURE}.hrm.prefix_lm", architecture.prefix_lm)


def _add_tokenizer_keys(writer: Any, checkpoint: Checkpoint) -> str | None:
    """The whole tokenizer.json for hrm-edge, and llama.cpp's own keys where it splits text as that tokenizer does.

    Elsewhere the file says `no_vocab`: llama.cpp then takes token ids only, which is better than text read wrongly.
    Returns the reason in that case.
    """
    if checkpoint.chat_template is not None:
        writer.add_string(CHAT_TEMPLATE_KEY, checkpoint.chat_template)
    if checkpoint.tokenizer_json is None:
        writer.add_tokenizer_model("no_vocab")
        return "the checkpoint brings no tokenizer.json"
    writer.add_string(TOKENIZER_KEY, checkpoint.tokenizer_json)
    try:
        vocabulary = gguf_vocabulary(checkpoint.tokenizer_json, checkpoint.architecture.vocab_size)
    except ExportError as error:
        writer.add_tokenizer_model("no_vocab")
        return str(error)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(vocabulary.pre)
    writer.add_token_list(vocabulary.tokens)
    writer.add_token_types(vocabulary.types)
    writer.add_token_merges(vocabulary.merges)
    writer.add_bos_token_id(vocabulary.bos_id)
    writer.add_eos_token_id(vocabulary.eos_id)
    writer.add_pad_token_id(vocabulary.padding_id)
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)
    return None


def _encode(name: str, tensor: Tensor, dtype: FloatType) -> tuple[NDArray[Any], Any]:
    """The bytes of one tensor and their ggml type."""
    from gguf import GGMLQuantizationType as GgmlType

    if isinstance(tensor, QuantizedTensor):
        return (pack_q4_0(tensor), GgmlType.Q4_0) if tensor.bits == 4 else (pack_q8_0(tensor), GgmlType.Q8_0)
    if dtype == "f32" or name in VECTORS:
        return np.ascontiguousarray(tensor, "<f4"), GgmlType.F32
    with np.errstate(over="ignore"):
        halves = np.ascontiguousarray(tensor, "<f2")
    if tensor.dtype != np.float16 and np.isinf(halves).any() and not np.isinf(tensor).any():
        raise ExportError(
            f"{name} reaches {np.abs(tensor).max():g} and float16 ends at {np.finfo(np.float16).max}: "
            "export it with --dtype f32"
        )
    return halves, GgmlType.F16
