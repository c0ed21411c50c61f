"""Which tensor of the model is which tensor of a GGUF file.

llama.cpp numbers blocks over both stacks: the L stack is `blk.0` … `blk.(layers−1)`, the H stack follows it. (Its
`block_count` is another number: the KV slots, one per attention invocation.)

Reference: llama.cpp `src/models/hrm-text.cpp`.
"""

from hrm_edge.architecture import STACKS, Architecture

ARCHITECTURE = "hrm_text"
TOKENIZER_KEY = "tokenizer.huggingface.json"
CHAT_TEMPLATE_KEY = "tokenizer.chat_template"

_LAYER_PARTS = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.gate_proj": "attn_gate",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def gguf_names(architecture: Architecture) -> dict[str, str]:
    """Name in the model → name in GGUF, of every tensor, in the order of `tensor_shapes`."""
    layers = architecture.num_layers_per_stack
    names = {
        "model.embed_tokens.weight": "token_embd.weight",
        "model.z_L_init": "hrm.z_l_init",
        "lm_head.weight": "output.weight",
    }
    for position, stack in enumerate(STACKS):
        for layer in range(layers):
            for ours, theirs in _LAYER_PARTS.items():
                block = position * layers + layer
                names[f"model.{stack}.layers.{layer}.{ours}.weight"] = f"blk.{block}.{theirs}.weight"
    return {name: names[name] for name in architecture.tensor_shapes()}
