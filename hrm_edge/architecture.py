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
LARGEST_SIZE = 2**31 - 1
LARGEST_NUMBER = 1e30
MOST_KV_SLOTS = 4096
KV_BYTES_PER_VALUE = {"f32": 4.0, "f16": 2.0, "q8_0": 34 / 32, "q4_0": 18 / 32, "int8": 1.0}
_SIZES = (
    "vocab_size",
    "hidden_size",
    "intermediate_size",
    "num_layers_per_stack",
    "num_attention_heads",
    "head_dim",
    "h_cycles",
    "l_cycles",
    "max_position_embeddings",
)


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
        for name in _SIZES:
            value = getattr(self, name)
            if type(value) is not int or not 1 <= value <= LARGEST_SIZE:
                shown = str(value)[:40]
                raise ArchitectureError(f"{name} is {shown}: it must be a whole number from 1 to {LARGEST_SIZE}")
        for name in ("rope_theta", "rms_norm_eps", "embedding_scale"):
            value = getattr(self, name)
            if type(value) not in (int, float) or not 0 < value < LARGEST_NUMBER:
                raise ArchitectureError(f"{name} is {str(value)[:40]}: it must be a number above 0")
        for name in ("tie_word_embeddings", "prefix_lm"):
            value = getattr(self, name)
            if type(value) is not bool:
                raise ArchitectureError(f"{name} is {str(value)[:40]}: it must be true or false")
        if self.head_dim % 2:
            raise ArchitectureError(f"head_dim is {self.head_dim}: rotary embeddings need an even number")
        if self.kv_slots > MOST_KV_SLOTS:
            raise ArchitectureError(
                f"layers x H_cycles x (L_cycles + 1) is {self.kv_slots}: hrm-edge runs at most {MOST_KV_SLOTS} KV slots"
            )

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
        """Bytes of keys and values one token occupies, for KV values of one of the types in KV_BYTES_PER_VALUE."""
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
    layers = config.get("num_layers_per_stack")
    if layers is None:  # a config that was never built by transformers: num_hidden_layers is still the real count
        layers = config["num_hidden_layers"]
    heads, kv_heads = config["num_attention_heads"], config.get("num_key_value_heads")
    if kv_heads not in (None, heads):
        raise ArchitectureError(
            f"num_key_value_heads is {str(kv_heads)[:40]} and num_attention_heads is {str(heads)[:40]}: "
            "hrm_text gives every head its own keys and values"
        )
    return {
        "vocab_size": config["vocab_size"],
        "hidden_size": config["hidden_size"],
        "intermediate_size": config["intermediate_size"],
        "num_layers_per_stack": layers,
        "num_attention_heads": heads,
        "head_dim": config.get("head_dim", 128),  # the default of HrmTextConfig, not hidden/heads
        "h_cycles": config.get("H_cycles", 2),
        "l_cycles": config.get("L_cycles", 3),
        "max_position_embeddings": config.get("max_position_embeddings", 2048),
        "rope_theta": _float(_rope_theta(config)),
        "rms_norm_eps": _float(config.get("rms_norm_eps", 1e-6)),
        "embedding_scale": _float(_embedding_scale(config)),
        "tie_word_embeddings": config.get("tie_word_embeddings", False),
        "prefix_lm": config.get("prefix_lm", True),
    }


def _float(value: Any) -> Any:
    """JSON may write 10000.0 as 10000; anything that is no number is left for the check of the fields."""
    return float(value) if type(value) is int and value < LARGEST_NUMBER else value


def _rope_theta(config: Mapping[str, Any]) -> Any:
    """The base of unscaled RoPE: in rope_parameters (transformers ≥ 5) or at the top (Sapient's configs)."""
    rope = config.get("rope_parameters") or config.get("rope_scaling") or {}
    if not isinstance(rope, Mapping):
        raise ArchitectureError(f"rope_parameters is {str(rope)[:40]}: it must be an object with rope_theta")
    rope_type = rope.get("rope_type", rope.get("type", "default"))
    if rope_type != "default":
        raise ArchitectureError(f"rope_type is {str(rope_type)[:40]!r}: hrm-edge runs unscaled RoPE ('default') only")
    return rope.get("rope_theta", config.get("rope_theta", 10000.0))


def _embedding_scale(config: Mapping[str, Any]) -> Any:
    scale, spread = config.get("embedding_scale"), config.get("initializer_range", 0.02)
    if scale is not None:
        return scale
    if type(spread) not in (int, float) or not spread > 0:
        raise ArchitectureError(f"initializer_range is {str(spread)[:40]}: it must be a number above 0")
    return 1.0 / spread


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


def preset(name: str) -> Architecture:
    """A preset by name. Raises ArchitectureError where none has it."""
    if name not in PRESETS:
        raise ArchitectureError(f"preset {name!r} is unknown: choose one of {', '.join(PRESETS)}")
    return PRESETS[name]
