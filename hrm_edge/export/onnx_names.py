"""The names an exported ONNX file speaks: Optimum's inputs and outputs, and our keys in its metadata.

    input_ids [B, T], attention_mask [B, past + T]        what a decoder of Optimum is given
    past_key_values.{slot}.key|value [B, N, past, K]      one pair per KV slot, keys already rotated
    logits [B, T, V], present.{slot}.key|value            what it answers

Of `attention_mask` the length and the sum of each row are read: what the pass holds at most, and what each sequence
holds; past and present may be one buffer longer than that. Two more inputs have defaults, so that who does not know
them need not feed them:

    logits_to_keep [1]                   0, all rows; transformers' argument: a prompt then costs one row of logits
    attention_bias [1, 1, T, past + T]   0, broadcast; added to the scores: -inf above the diagonal makes answer tokens
                                         that are fed together causal. Only where a prompt is bidirectional.

This module imports nothing heavy: the exporter, the runtime and `hrm-edge info` all read it.
"""

from typing import Literal, get_args

INPUT_IDS = "input_ids"
ATTENTION_MASK = "attention_mask"
LOGITS_TO_KEEP = "logits_to_keep"
ATTENTION_BIAS = "attention_bias"
LOGITS = "logits"

BATCH_AXIS = "batch_size"
TOKEN_AXIS = "sequence_length"
PAST_AXIS = "past_sequence_length"
TOTAL_AXIS = "past_sequence_length + sequence_length"

CONFIG_KEY = "hrm_edge.config"
"""JSON: the `config.json` of the model (Architecture.to_config) and `bits`."""
VERSION_KEY = "hrm_edge.version"
WEIGHTS_FILE_KEY = "hrm_edge.weights.file"
"""Name of the file beside the graph that holds the weights; absent where they lie in the graph."""
WEIGHTS_DIGEST_KEY = "hrm_edge.weights.sha256"
"""Of the initializers in that file, whose last 32 bytes repeat it: a graph never runs with another export's weights."""
EMBEDDING_ROWS_KEY = "hrm_edge.weights.embedding"
"""Where that file has the embedding: the byte its rows start at and the bytes of a row, both decimal."""
KV_TYPE_KEY = "hrm_edge.kv_type"
"""The type of the keys and values that go in and out, one of KV_TYPES; absent for f32."""
CHAT_TEMPLATE_KEY = "hrm_edge.chat_template"
TOKENIZER_KEY = "tokenizer.huggingface.json"

KvType = Literal["f32", "int8"]
KV_TYPES: tuple[KvType, ...] = get_args(KvType)


def past_name(slot: int, part: str) -> str:
    """Input that holds the keys or values of a slot; `part` is "key" or "value"."""
    return f"past_key_values.{slot}.{part}"


def present_name(slot: int, part: str) -> str:
    """Output that holds `past_name(slot, part)` and the new tokens."""
    return f"present.{slot}.{part}"
