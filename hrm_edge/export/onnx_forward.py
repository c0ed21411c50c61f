"""The forward pass of an HRM as ONNX nodes, its cycles unrolled over one set of weights.

    x = embedding(input_ids) · embedding_scale;  z_high = x;  z_low = z_L_init
    for each H cycle:
        for each L cycle:  z_low = L_module(z_low + z_high)
        z_high = H_module(z_high + z_low)
    logits = head(z_high)

A stack is pre-norm layers of gated attention and SwiGLU, closed by a norm; norms have no weight. Every sum of the
residual stream is followed by a norm, so both are one `SkipSimplifiedLayerNormalization`.

PrefixLM: `GroupQueryAttention` with causal = 0 lets every token of a run see the whole run and all that was cached
before. A prompt run at once is one bidirectional block, and an answer token run alone sees what lies before it, exactly
as transformers does under `token_type_ids`. Answer tokens run together must not see each other's future: an
`attention_bias` of -inf above the diagonal hides it. One graph serves all three, because a bias costs nothing that can
be measured, for one token or for a prompt; the alternatives (an `If` over two attentions, a second graph with
causal = 1) cost decode speed, or a second copy of the prepacked weights. A model with prefix_lm false gets causal = 1
and no bias. The attribute needs onnxruntime ≥ 1.30 (older versions refuse the file).

With a KV cache in 8 bits a prompt takes another way than an answer: hrm_edge.export.onnx_attention.

Reference: `transformers` `models/hrm_text/modeling_hrm_text.py`; the operators in
https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from hrm_edge.architecture import Architecture
from hrm_edge.export.onnx_attention import Attentions
from hrm_edge.export.onnx_names import (
    ATTENTION_BIAS,
    ATTENTION_MASK,
    INPUT_IDS,
    LOGITS,
    LOGITS_TO_KEEP,
    past_name,
    present_name,
)
from hrm_edge.export.onnx_nodes import made
from hrm_edge.export.onnx_weights import Matrix
from hrm_edge.quantize.grid import BLOCK_SIZE

ACCURACY_LEVEL = 4
"""MatMulNBits multiplies in int8: activations are rounded to 8 bits in blocks of 32, as llama.cpp does. Level 0 would
leave them in float32 and decode at a quarter of the speed; KL to the float32 product is below 2e-4, a hundredth of
what the weights' own 4 bits cost."""


class ForwardPass:
    """Nodes and small constants of one graph."""

    def __init__(
        self, architecture: Architecture, matrices: Mapping[str, Matrix], kv_scales: Mapping[str, str] | None = None
    ) -> None:
        """`matrices` holds every weight under its initializer's name.

        kv_scales: past input → the initializer of its scales, for a KV cache in 8 bits; None for float32.
        """
        self.architecture = architecture
        self._kv_scales = kv_scales
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, NDArray[Any]] = {}
        self._matrices = matrices

    def build(self) -> None:
        """Append the nodes from `input_ids` to `logits`."""
        self._add_shared_constants()
        self._sequence_lengths()
        if self._kv_scales is not None:
            self._prompt_conditions()
        bias = self._full_bias() if self.architecture.prefix_lm else ""
        self._attentions = Attentions(
            num_heads=self.architecture.num_attention_heads, prefix_lm=self.architecture.prefix_lm, bias=bias
        )
        z_high, z_low = self._embedding(), "model.z_L_init"
        for h in range(self.architecture.h_cycles):
            for l in range(self.architecture.l_cycles):  # noqa: E741 - the paper's letter
                z_low = self._stack("L_module", z_low, z_high, h, l)
            z_high = self._stack("H_module", z_high, z_low, h, self.architecture.l_cycles)
        self._head(z_high)

    def _add_shared_constants(self) -> None:
        architecture = self.architecture
        self.constants["norm.ones"] = np.ones(architecture.hidden_size, np.float32)
        self.constants["embedding_scale"] = np.array(architecture.embedding_scale, np.float32)
        self.constants["cos"], self.constants["sin"] = rotary_tables(architecture)
        self.constants["int32.one"] = np.ones(1, np.int32)
        self.constants["axis.tokens"] = np.ones(1, np.int64)
        self.constants["end"] = np.array([np.iinfo(np.int64).max])

    def _sequence_lengths(self) -> None:
        """`total_length` [1] and `last_position` [B], both int32, from the attention mask [B, past + T]."""
        length = self._node("Shape", "mask/length", ATTENTION_MASK, start=1, end=2)
        self._node("Cast", "total_length", length, to=onnx.TensorProto.INT32)
        seen = self._node("ReduceSum", "mask/sum", ATTENTION_MASK, "axis.tokens", keepdims=0)
        seen = self._node("Cast", "mask/seen", seen, to=onnx.TensorProto.INT32)
        self._node("Sub", "last_position", seen, "int32.one")

    def _prompt_conditions(self) -> None:
        """`is_plain_prompt` [1] and `no_position` [B]: see hrm_edge.export.onnx_attention."""
        tokens = self._node("Shape", "prompt/tokens", INPUT_IDS, start=1, end=2)
        self.constants["int32.zero"] = np.zeros(1, np.int32)
        self._node("Mul", "no_position", "last_position", "int32.zero")
        if self.architecture.prefix_lm:
            self.constants["position.zero"] = np.zeros(1, np.int64)
            shortest = self._node("ReduceMin", "prompt/shortest", "mask/seen", keepdims=1)
            whole = self._node("Equal", "prompt/is_whole", shortest, "total_length")
            size = self._node("Size", "prompt/bias_size", ATTENTION_BIAS)
            unbiased = self._node("Equal", "prompt/is_unbiased", size, "axis.tokens")
            plain = self._node("And", "prompt/is_plain", whole, unbiased)
            first = self._node("Equal", "prompt/is_first", tokens, "mask/length")
            self._node("And", "is_plain_prompt", first, plain)
        else:
            self._node("Equal", "is_plain_prompt", tokens, "mask/length")

    def _full_bias(self) -> str:
        """`attention_bias` in the size that GroupQueryAttention insists on, [1, 1, T, past + T], where it is read."""
        tokens = self._node("Shape", "bias/tokens", INPUT_IDS, start=1, end=2)
        ones = self._constant("bias/ones", [1, 1])
        shape = self._node("Concat", "bias/shape", ones, tokens, "mask/length", axis=0)
        if self._kv_scales is not None:
            shape = self._node("Where", "bias/read_shape", "is_plain_prompt", "axis.tokens", shape)
        return self._node("Expand", "bias", ATTENTION_BIAS, shape)

    def _embedding(self) -> str:
        matrix = self._matrices["model.embed_tokens.weight"]
        if matrix.bits == 32:
            rows = self._node("Gather", "embedding/rows", matrix.name, INPUT_IDS)
        else:
            # Three axes, so that the operator reads the very initializer that the tied head multiplies with.
            scales = self._node("Unsqueeze", "embedding/scales", matrix.scales, self._constant("axis.last", [-1]))
            rows = self._node(
                "GatherBlockQuantized",
                "embedding/blocks",
                matrix.codes,
                INPUT_IDS,
                scales,
                bits=matrix.bits,
                block_size=BLOCK_SIZE,
                gather_axis=0,
                quantize_axis=2,
            )
            shape = self._constant("embedding/shape", [0, 0, matrix.columns])
            rows = self._node("Reshape", "embedding/rows", rows, shape)
        return self._node("Mul", "embedding", rows, "embedding_scale")

    def _stack(self, stack: str, state: str, injected: str, h: int, l: int) -> str:  # noqa: E741 - the paper's letter
        """One invocation of a stack on `state` + `injected`: its normed output [B, T, D]."""
        scope = f"h{h}.l{l}/{stack}"
        normed, residual = self._add_and_norm(f"{scope}/input", state, injected)
        for layer in range(self.architecture.num_layers_per_stack):
            name, weights = f"{scope}/{layer}", f"model.{stack}.layers.{layer}"
            attended = self._attention(f"{name}/self_attn", f"{weights}.self_attn", normed, (h, l, layer))
            normed, residual = self._add_and_norm(f"{name}/self_attn", residual, attended)
            changed = self._mlp(f"{name}/mlp", f"{weights}.mlp", normed)
            goes_on = layer + 1 < self.architecture.num_layers_per_stack
            normed, residual = self._add_and_norm(f"{name}/mlp", residual, changed, sum_is_read=goes_on)
        return normed

    def _attention(self, name: str, weights: str, normed: str, cycle: tuple[int, int, int]) -> str:
        qkv = self._linear(f"{name}/qkv", f"{weights}.qkv_proj.weight", normed)
        gate = self._linear(f"{name}/gate", f"{weights}.gate_proj.weight", normed)
        attended = self._attended(f"{name}/attended", qkv, self.architecture.kv_slot(*cycle))
        open_gate = self._node("Sigmoid", f"{name}/open_gate", gate)
        gated = self._node("Mul", f"{name}/gated", open_gate, attended)
        return self._linear(f"{name}/o", f"{weights}.o_proj.weight", gated)

    def _attended(self, name: str, qkv: str, slot: int) -> str:
        """What the new tokens see in the cache of `slot` and in each other, [B, T, N · K]; the cache takes them in."""
        past = past_name(slot, "key"), past_name(slot, "value")
        present = present_name(slot, "key"), present_name(slot, "value")
        if self._kv_scales is None:
            self.nodes.append(self._attentions.of_floats((name, *present), qkv, past))
        else:
            scales = self._kv_scales[past[0]], self._kv_scales[past[1]]
            self.nodes.append(self._attentions.of_codes((name, *present), qkv, past, scales))
        return name

    def _mlp(self, name: str, weights: str, normed: str) -> str:
        gate = self._linear(f"{name}/gate", f"{weights}.gate_proj.weight", normed)
        up = self._linear(f"{name}/up", f"{weights}.up_proj.weight", normed)
        silu = self._node("QuickGelu", f"{name}/silu", gate, alpha=1.0)  # x · sigmoid(1 · x)
        product = self._node("Mul", f"{name}/product", silu, up)
        return self._linear(f"{name}/down", f"{weights}.down_proj.weight", product)

    def _head(self, z_high: str) -> None:
        """Logits [B, kept, V]: of the last `logits_to_keep` tokens, or of all where that is 0."""
        start = self._node("Neg", "kept/start", LOGITS_TO_KEEP)
        kept = self._node("Slice", "kept", z_high, start, "end", "axis.tokens")
        tied = self.architecture.tie_word_embeddings
        self._linear(LOGITS, "model.embed_tokens.weight" if tied else "lm_head.weight", kept)

    def _add_and_norm(self, name: str, first: str, second: str, *, sum_is_read: bool = True) -> tuple[str, str]:
        """RMS norm of the sum, and the sum, [B, T, D]; of a sum that is not read the name alone.

        ONNX Runtime frees a value with its last reader, and one without readers at the end of the run.
        """
        normed, total = f"{name}/normed", f"{name}/sum"
        epsilon = self.architecture.rms_norm_eps
        if "model.z_L_init" in (first, second):  # [D] against [B, T, D]: the fused operator does not broadcast
            self._node("Add", total, first, second)
            self._node("RMSNormalization", normed, total, "norm.ones", axis=-1, epsilon=epsilon)
        else:
            self._append(
                "SkipSimplifiedLayerNormalization",
                inputs=(first, second, "norm.ones"),
                outputs=(normed, "", "", total) if sum_is_read else (normed,),
                epsilon=epsilon,
            )
        return normed, total

    def _linear(self, name: str, weight: str, activations: str) -> str:
        """activations [B, T, columns] · weightᵀ → [B, T, rows]."""
        matrix = self._matrices[weight]
        if matrix.bits == 32:
            return self._node("FusedMatMul", name, activations, matrix.name, transB=1)
        return self._node(
            "MatMulNBits",
            name,
            activations,
            matrix.codes,
            matrix.scales,
            bits=matrix.bits,
            block_size=BLOCK_SIZE,
            accuracy_level=ACCURACY_LEVEL,
            K=matrix.columns,
            N=matrix.rows,
        )

    def _constant(self, name: str, values: Sequence[int]) -> str:
        self.constants[name] = np.array(values, np.int64)
        return name

    def _node(self, operator: str, output: str, *inputs: str, **attributes: Any) -> str:
        """Append a node of one output; returns the output's name."""
        self._append(operator, inputs, (output,), **attributes)
        return output

    def _append(self, operator: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: Any) -> None:
        self.nodes.append(made(operator, inputs, outputs, **attributes))


def rotary_tables(architecture: Architecture) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """cos and sin [max_position_embeddings, K / 2] of every position's angles, in float32 as in transformers."""
    exponents = np.arange(0, architecture.head_dim, 2, dtype=np.float32) / np.float32(architecture.head_dim)
    frequencies = np.float32(1) / np.power(np.float32(architecture.rope_theta), exponents)
    positions = np.arange(architecture.max_position_embeddings, dtype=np.float32)
    angles = positions[:, None] * frequencies[None, :]
    return np.cos(angles), np.sin(angles)
