"""A base model of another family that has learned to write one short program, with a tokenizer of its own."""

from pathlib import Path

import torch
from random_models import write_tiny_tokenizer
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

STEPS = 60


def save_tiny_llama(directory: Path) -> Path:
    """Train it for a second or two on `print the number N` in Python, and write it as transformers does."""
    directory.mkdir(parents=True, exist_ok=True)
    path = write_tiny_tokenizer(directory, 320)
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(path), eos_token="<|end|>")
    tokenizer.save_pretrained(directory)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=320,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        eos_token_id=tokenizer.eos_token_id,
    )
    model = LlamaForCausalLM(config)
    texts = [f"print the number {n}\n\n```python\nprint({n})\n```\n" for n in range(4)]
    batch = tokenizer(texts, return_tensors="pt").input_ids
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(STEPS):
        optimizer.zero_grad()
        model(batch, labels=batch).loss.backward()
        optimizer.step()
    model.save_pretrained(directory)
    return directory
