"""Attention over a KV cache in float32 or in 8 bits, as nodes of an ONNX graph.

In float32 it is one `GroupQueryAttention`, which rotates, stores the new keys and values and attends. In 8 bits a
prompt takes another way than an answer:

    if is_plain_prompt:
        GroupQueryAttention stores them          told to look at one key, causally: its own attention costs nothing
        MultiHeadAttention                       over the prompt's keys and values in float
    else:
        GroupQueryAttention on the cache         reads each code anew for each query: right for one token

A prompt is plain that has nothing cached before it, no bias and, in a batch, no shorter neighbour: MultiHeadAttention
knows no lengths. Others take the way of answers, which is as right, slower, and rounded as an answer is.

The operators differ in what they hold: with causal = 0, GroupQueryAttention has the scores of all heads in memory,
[N, T, T] (200 MB of float32 for 12 heads and 2,032 tokens), and MultiHeadAttention goes through them in blocks that fit
the processor's cache: 90 MB for that prompt instead of 300, and two thirds of the time. A causal model has no use for
it: with causal = 1, GroupQueryAttention goes in blocks as well (onnxruntime 1.31), and knows lengths.

The outputs of an `If` are those of the branch taken, not copies: keys and values still go in and out in one buffer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import onnx

from hrm_edge.export.onnx_nodes import branch, made

FLOAT, INT8 = onnx.TensorProto.FLOAT, onnx.TensorProto.INT8


@dataclass(frozen=True, kw_only=True)
class Attentions:
    """Makes the attention nodes of one graph, which has these values beside what the methods are given:

    last_position [B], total_length [1], cos, sin; with codes also is_plain_prompt [1], no_position [B] zeros, and for a
    PrefixLM position.zero [1].
    """

    num_heads: int
    prefix_lm: bool
    bias: str
    """Name of [1, 1, T, past + T], added to the scores; empty for none. Smaller where is_plain_prompt."""

    def of_floats(self, outputs: Sequence[str], qkv: str, past: tuple[str, str]) -> onnx.NodeProto:
        """outputs: attended [B, T, N · K] and the present keys and values; past: empty names where there is none."""
        return self._over(outputs, (qkv, "", ""), past, position="last_position", causal=not self.prefix_lm)

    def of_codes(
        self, outputs: tuple[str, str, str], qkv: str, past: tuple[str, str], scales: tuple[str, str]
    ) -> onnx.NodeProto:
        """`of_floats` with a cache in 8 bits; scales: of keys and values."""
        name = outputs[0]
        kinds = (FLOAT, INT8, INT8)
        read = self._branch_outputs(f"{name}/read", kinds)
        on_cache = self._over(
            tuple(read), (qkv, "", ""), past, position="last_position", causal=not self.prefix_lm, scales=scales
        )
        stored = self._branch_outputs(f"{name}/stored", kinds)
        prompt = self._prompt(tuple(stored), qkv, past, scales)
        return made(
            "If",
            ("is_plain_prompt",),
            outputs,
            then_branch=branch(prompt, stored),
            else_branch=branch([on_cache], read),
        )

    def _prompt(
        self, outputs: Sequence[str], qkv: str, past: tuple[str, str], scales: tuple[str, str]
    ) -> list[onnx.NodeProto]:
        attended, *present = outputs
        unused, floats = f"{attended}/unused", f"{attended}/floats"
        if not self.prefix_lm:
            store = self._over(
                (unused, *present), (qkv, "", ""), past, position="no_position", causal=True, scales=scales
            )
            return [store, self.of_floats((attended, f"{floats}/keys", f"{floats}/values"), qkv, ("", ""))]
        query, key, value = (f"{attended}/{part}" for part in ("query", "key", "value"))
        rotated = f"{query}/rotated", f"{key}/rotated"
        return [
            made("Split", (qkv,), (query, key, value), axis=2, num_outputs=3),
            *(
                made("RotaryEmbedding", (part, "position.zero", "cos", "sin"), (to,), num_heads=self.num_heads)
                for part, to in zip((query, key), rotated, strict=True)
            ),
            self._over((unused, *present), (*rotated, value), past, position="no_position", causal=True, scales=scales),
            made("MultiHeadAttention", (*rotated, value), (attended,), num_heads=self.num_heads),
        ]

    def _over(
        self,
        outputs: Sequence[str],
        qkv: tuple[str, str, str],
        past: tuple[str, str],
        *,
        position: str,
        causal: bool,
        scales: tuple[str, str] | None = None,
    ) -> onnx.NodeProto:
        """qkv: all in the first and two empty names, or three, of which two are rotated already.

        Stores all new tokens, and attends up to `position`. A causal one takes no bias.
        """
        rotary = ("", "") if qkv[1] else ("cos", "sin")
        last, quantized = tuple[str, ...](), dict[str, Any]()
        if scales is not None:
            last = ("", *scales)
            quantized = {"kv_cache_bit_width": 8, "k_quant_type": "PER_CHANNEL", "v_quant_type": "PER_CHANNEL"}
        return made(
            "GroupQueryAttention",
            inputs=(*qkv, *past, position, "total_length", *rotary, "", "" if causal else self.bias, *last),
            outputs=outputs,
            num_heads=self.num_heads,
            kv_num_heads=self.num_heads,
            do_rotary=int(not qkv[1]),
            causal=int(causal),
            **quantized,
        )

    @staticmethod
    def _branch_outputs(name: str, kinds: Sequence[int]) -> dict[str, int]:
        return dict(zip((name, f"{name}/keys", f"{name}/values"), kinds, strict=True))
