"""A checkpoint's own chat template gives the token ids that transformers gives."""

import json
from pathlib import Path

import pytest
from random_models import save_random_model
from transformers import PreTrainedTokenizerFast

from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.prompt import render_prompt
from hrm_edge.tokenizer import Tokenizer
from hrm_edge.train.tokenizer_training import train_tokenizer

TEMPLATE = """{{ bos_token }}{% for message in messages %}
{%- if message.role == 'user' %}
<|prompt|>{{ message.content }}
{%- else %}{% continue %}{% endif %}
{%- endfor %}
{% if add_generation_prompt %}<|answer|>{% endif %}"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    directory = save_random_model(tmp_path / "model", vocab_size=320)
    text = train_tokenizer(["find all files in here", "<tag>"] * 3, 320).to_json()
    (directory / "tokenizer.json").write_text(text, encoding="utf-8")
    return directory


@pytest.mark.parametrize("bos", ["<|end|>", {"content": "<|end|>", "special": True}], ids=["text", "object"])
@pytest.mark.parametrize("place", ["tokenizer_config.json", "chat_template.jinja"])
def test_prompt_equals_transformers_wherever_the_template_stands(model: Path, place: str, bos: object) -> None:
    settings: dict[str, object] = {"bos_token": bos}
    if place == "chat_template.jinja":
        (model / place).write_text(TEMPLATE, encoding="utf-8")
    else:
        settings["chat_template"] = TEMPLATE
    (model / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")

    reference = PreTrainedTokenizerFast(tokenizer_file=str(model / "tokenizer.json"), bos_token="<|end|>")
    request = "find all files"
    expected = reference.apply_chat_template(
        [{"role": "user", "content": request}], chat_template=TEMPLATE, add_generation_prompt=True, tokenize=True
    )["input_ids"]

    with open_checkpoint(model) as checkpoint:
        assert checkpoint.tokenizer_json is not None
        tokenizer = Tokenizer.from_json(checkpoint.tokenizer_json)
        assert render_prompt(tokenizer, request, chat_template=checkpoint.chat_template) == expected
