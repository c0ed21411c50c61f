"""What an HRM is: its sizes, its presets, the tensors it holds and the memory its KV cache takes.

Two stacks of the same shape, L (fast) and H (slow), reuse their weights over nested cycles. Attention is invoked
`num_layers_per_stack · h_cycles · (l_cycles + 1)` times per token, and every invocation keeps keys and values of
its own: one KV slot each, `slot(h, l, layer) = (h·(l_cycles + 1) + l)·layers + layer`, the H stack at l = l_cycles.

Reference: `transformers` `models/hrm_text/modeling_hrm_text.py` (HrmTextModel.forward), whose `config.json` this
module reads and writes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hrm_edge.errors import ArchitectureError

MODEL_TYPE = "hrm_text"
STACKS = ("L_module", "H_module")
KV_BYTES_PER_VALUE = {"f32": 4.0, "f16": 2.0, "q8_0": 34 / 32}


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """The sizes of one HRM, validated. Biases, other activations and scaled RoPE are refused where a config is read."""

    vocab_size: int
    hidden_size: int
    intermediate_size: int
    num_layers_per_stack: int
    num_attention_heads: int
    head_dim: int
    h_cycles: int
    l_cycles: int
    max_position_embeddings: int = 2048
    rope_theta: float = 10000.0
    rms_norm_eps: float = 1e-6
    embedding_scale: float
    tie_word_embeddings: bool
    prefix_lm: bool = True

    def __post_init__(self) -> None:
        for name in (
            "vocab_size hidden_size intermediate_size num_layers_per_stack num_attention_heads head_dim "
            "h_cycles l_cycles max_position_embeddings"
        ).split():
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise ArchitectureError(f"{name} is {value!r}: it must be a whole number of at least 1")
        if self.head_dim % 2:
            raise ArchitectureError(f"head_dim is {self.head_dim}: rotary embeddings need an even number")

    @property
    def kv_slots(self) -> int:
        """Number of attention invocations per token, each with its own keys and values."""
        return self.num_layers_per_stack * self.h_cycles * (self.l_cycles + 1)

    @property
    def attention_size(self) -> int:
        """Width of the queries, keys, values and gates: heads · head_dim (not always hidden_size)."""
        return self.num_attention_heads * self.head_dim

    def kv_slot(self, h: int, l: int, layer: int) -> int:  # noqa: E741 - the paper's letter
        """Cache slot of `layer` in cycle (h, l); l = l_cycles is the H stack that closes cycle h."""
        return (h * (self.l_cycles + 1) + l) * self.num_layers_per_stack + layer

    def kv_bytes_per_token(self, kv_type: str = "f16") -> int:
        """Bytes of keys and values one token occupies, for KV values of type f32, f16 or q8_0."""
        return int(2 * self.kv_slots * self.attention_size * KV_BYTES_PER_VALUE[kv_type])

    def with_cycles(self, h_cycles: int) -> "Architecture":
        """The same weights run for another number of H cycles: the depth dial."""
        return replace(self, h_cycles=h_cycles)

    def tensor_shapes(self) -> dict[str, tuple[int, ...]]:
        """Name → shape of every tensor the model holds, in the order they are streamed. `lm_head` only if untied."""
        shapes: dict[str, tuple[int, ...]] = {
            "model.embed_tokens.weight": (self.vocab_size, self.hidden_size),
            "model.z_L_init": (self.hidden_size,),
        }
        shapes.update(self._stack_shapes())
        if not self.tie_word_embeddings:
            shapes["lm_head.weight"] = (self.vocab_size, self.hidden_size)
        return shapes

    def _stack_shapes(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        hidden, inner, wide = self.hidden_size, self.attention_size, self.intermediate_size
        for stack in STACKS:
            for layer in range(self.num_layers_per_stack):
                prefix = f"model.{stack}.layers.{layer}"
                for name in ("q_proj", "k_proj", "v_proj", "gate_proj"):
                    yield f"{prefix}.self_attn.{name}.weight", (inner, hidden)
                yield f"{prefix}.self_attn.o_proj.weight", (hidden, inner)
                yield f"{prefix}.mlp.gate_proj.weight", (wide, hidden)
                yield f"{prefix}.mlp.up_proj.weight", (wide, hidden)
                yield f"{prefix}.mlp.down_proj.weight", (hidden, wide)

    def parameter_count(self, *, embeddings: bool = True) -> int:
        """Number of weights; without embeddings, the input embedding and an untied head are left out."""
        total = 0
        for name, shape in self.tensor_shapes().items():
            if not embeddings and name in ("model.embed_tokens.weight", "lm_head.weight"):
                continue
            total += shape[0] * (shape[1] if len(shape) == 2 else 1)
        return total

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> "Architecture":
        """From a Hugging Face `config.json`. What we cannot run exactly is refused, never dropped.

        Raises:
            ArchitectureError: another model type, a bias, an activation, RoPE scaling or an attribute we do not run.
        """
        model_type = config.get("model_type")
        if model_type != MODEL_TYPE:
            raise ArchitectureError(f"model_type is {model_type!r}: hrm-edge runs {MODEL_TYPE!r} models only")
        for name in ("attention_bias", "mlp_bias"):
            if config.get(name):
                raise ArchitectureError(
                    f"{name} is true: GGUF and the ONNX graph hold no biases for hrm_text; retrain without it"
                )
        activation = config.get("hidden_act", "silu")
        if activation != "silu":
            raise ArchitectureError(f"hidden_act is {activation!r}: hrm-edge runs 'silu' only")
        try:
            return cls(**_fields(config))
        except KeyError as error:
            raise ArchitectureError(f"config.json lacks {error.args[0]!r}: an hrm_text config must state it") from None

    def to_config(self) -> dict[str, Any]:
        """The `config.json` that transformers reads back to the same model."""
        return {
            "architectures": ["HrmTextForCausalLM"],
            "model_type": MODEL_TYPE,
            "vocab_size": self.vocab_size,
            "hidden_size": self.hidden_size,
            "intermediate_size": self.intermediate_size,
            "num_hidden_layers": self.kv_slots,
            "num_layers_per_stack": self.num_layers_per_stack,
            "num_attention_heads": self.num_attention_heads,
            "head_dim": self.head_dim,
            "H_cycles": self.h_cycles,
            "L_cycles": self.l_cycles,
            "max_position_embeddings": self.max_position_embeddings,
            "rope_parameters": {"rope_type": "default", "rope_theta": self.rope_theta},
            "rms_norm_eps": self.rms_norm_eps,
            "embedding_scale": self.embedding_scale,
            "initializer_range": self.hidden_size**-0.5,
            "tie_word_embeddings": self.tie_word_embeddings,
            "prefix_lm": self.prefix_lm,
            "hidden_act": "silu",
            "attention_bias": False,
            "mlp_bias": False,
        }


def _fields(config: Mapping[str, Any]) -> dict[str, Any]:
    rope = config.get("rope_parameters") or {}
    if rope.get("rope_type", "default") != "default" or config.get("rope_scaling"):
        raise ArchitectureError(f"rope_type is {rope.get('rope_type')!r}: hrm-edge runs unscaled RoPE ('default') only")
    h_cycles, l_cycles = config.get("H_cycles", 2), config.get("L_cycles", 3)
    layers = config.get("num_layers_per_stack")
    if layers is None:  # a config that was never built by transformers: num_hidden_layers is still the real count
        layers = config["num_hidden_layers"]
    scale = config.get("embedding_scale")
    if scale is None:
        scale = 1.0 / config.get("initializer_range", 0.02)
    return {
        "vocab_size": config["vocab_size"],
        "hidden_size": config["hidden_size"],
        "intermediate_size": config["intermediate_size"],
        "num_layers_per_stack": layers,
        "num_attention_heads": config["num_attention_heads"],
        "head_dim": config.get("head_dim", 128),  # the default of HrmTextConfig, not hidden/heads
        "h_cycles": h_cycles,
        "l_cycles": l_cycles,
        "max_position_embeddings": config.get("max_position_embeddings", 2048),
        "rope_theta": float(rope.get("rope_theta", config.get("rope_theta", 10000.0))),
        "rms_norm_eps": float(config.get("rms_norm_eps", 1e-6)),
        "embedding_scale": float(scale),
        "tie_word_embeddings": bool(config.get("tie_word_embeddings", False)),
        "prefix_lm": bool(config.get("prefix_lm", True)),
    }


def _preset(
    hidden: int, wide: int, heads: int, layers: int, cycles: tuple[int, int], vocab: int, tied: bool
) -> Architecture:
    return Architecture(
        vocab_size=vocab,
        hidden_size=hidden,
        intermediate_size=wide,
        num_layers_per_stack=layers,
        num_attention_heads=heads,
        head_dim=hidden // heads,
        h_cycles=cycles[0],
        l_cycles=cycles[1],
        embedding_scale=hidden**0.5,
        tie_word_embeddings=tied,
    )


PRESETS: dict[str, Architecture] = {
    "nano": _preset(256, 768, 4, 2, (2, 2), 8192, True),
    "27m": _preset(512, 1280, 8, 4, (2, 3), 8192, True),
    "110m": _preset(1024, 2560, 16, 4, (2, 3), 8192, True),
    "350m": _preset(1536, 4096, 12, 6, (2, 3), 16384, True),
    "1b": _preset(1536, 4096, 12, 16, (2, 3), 65536, False),
}
