"""A Hugging Face model that writes answers: greedy, or sampled from a seed.

A model with a chat template is asked as its template says. An hrm_text model without one is asked as hrm-edge asks, the
request bidirectional. Any other (a base model) gets the request and the opening fence of the answer, and is stopped
where the fence closes.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerFast

from hrm_edge.architecture import MODEL_TYPE
from hrm_edge.delexicalization.lexicalize import lexicalize
from hrm_edge.errors import CheckpointError, DataError
from hrm_edge.prompt import render_request, stop_ids
from hrm_edge.tokenizer import Tokenizer
from hrm_edge.train.distillation.sequences import Generated, Request
from hrm_edge.train.distillation.teachers import tokenizer_json, unloadable

_CLOSED_BLOCK = re.compile(r"```[^\n`]*\n.*?\n```", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class AnswerSettings:
    """How a teacher writes."""

    max_tokens: int = 512
    """An answer that is longer and whose code block is still open is left out."""
    temperature: float = 0.0
    """0 is greedy."""

    def __post_init__(self) -> None:
        if self.max_tokens < 1:
            raise DataError(f"the limit of an answer is {self.max_tokens} tokens: it must be 1 or more")
        if not self.temperature >= 0:
            raise DataError(f"the temperature is {self.temperature}: it must be 0 (greedy) or more")


class CausalAnswerer:
    """A directory or a name on the hub. Safetensors only; code from a checkpoint is never run.

    Raises:
        CheckpointError: nothing there, or a model that transformers itself does not know.
    """

    def __init__(
        self, name: str, settings: AnswerSettings, *, device: str = "cpu", dtype: torch.dtype = torch.float32
    ) -> None:
        self._name = name
        self._settings = settings
        self._device = device
        try:
            model = AutoModelForCausalLM.from_pretrained(
                name, trust_remote_code=False, use_safetensors=True, dtype=dtype
            )
            self._tokenizer = _tokenizer(name)
        except (OSError, ValueError) as error:
            raise CheckpointError(unloadable(name, error)) from error
        self._model = model.to(device).eval()
        self._own = Tokenizer.from_json(tokenizer_json(name)) if model.config.model_type == MODEL_TYPE else None
        self._opens_fence = self._tokenizer.chat_template is None and self._own is None
        self._ends = self._end_ids()

    @property
    def identity(self) -> Mapping[str, Any]:
        """See Answerer."""
        return {"teacher": self._name, **asdict(self._settings)}

    @torch.inference_mode()
    def answer(self, requests: Sequence[Request], *, seed: int) -> list[Generated]:
        """See Answerer."""
        prompts = [self._prompt(request) for request in requests]
        width = max(map(len, prompts))
        pad = min(self._ends, default=0)
        ids = torch.tensor([[pad] * (width - len(prompt)) + prompt for prompt in prompts], device=self._device)
        mask = torch.tensor(
            [[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in prompts], device=self._device
        )
        block = {"token_type_ids": mask} if self._own is not None and self._model.config.prefix_lm else {}
        with torch.random.fork_rng(devices=[self._device] if self._device.startswith("cuda") else []):
            torch.manual_seed(seed)
            written = self._model.generate(
                input_ids=ids, attention_mask=mask, pad_token_id=pad, eos_token_id=self._ends or None,
                **block, **self._sampling(), **self._stopping(),
            )[:, width:]  # fmt: skip
        return [self._generated(*pair) for pair in zip(requests, written.tolist(), strict=True)]

    def _sampling(self) -> dict[str, Any]:
        """Generation settings; those of the checkpoint that would change a greedy or plain sample are put out."""
        plain = {"max_new_tokens": self._settings.max_tokens, "num_beams": 1, "repetition_penalty": 1.0}
        if self._settings.temperature == 0:
            return {**plain, "do_sample": False, "temperature": None, "top_p": None, "top_k": None}
        return {**plain, "do_sample": True, "temperature": self._settings.temperature, "top_p": 1.0, "top_k": 0}

    def _stopping(self) -> dict[str, Any]:
        return {"stop_strings": ["\n```"], "tokenizer": self._tokenizer} if self._opens_fence else {}

    def _prompt(self, request: Request) -> list[int]:
        if self._tokenizer.chat_template is not None:
            messages = [{"role": "user", "content": request.text}]
            text = self._tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
            return list(self._tokenizer(text, add_special_tokens=False).input_ids)
        if self._own is not None:
            return render_request(self._own, request.text).ids
        return list(self._tokenizer(f"{request.text}\n\n```{request.language}\n").input_ids)

    def _generated(self, request: Request, ids: list[int]) -> Generated:
        end = next((place for place, token in enumerate(ids) if token in self._ends), None)
        text = self._text(request, ids[:end])
        if self._opens_fence:
            text = f"```{request.language}\n{text}" if text.strip() else ""
        return Generated(text=text, finished=end is not None or _CLOSED_BLOCK.search(text) is not None)

    def _text(self, request: Request, ids: list[int]) -> str:
        if self._own is None or self._tokenizer.chat_template is not None:
            return str(self._tokenizer.decode(ids, skip_special_tokens=True))
        return lexicalize(self._own.decode(ids), render_request(self._own, request.text).names)

    def _end_ids(self) -> list[int]:
        if self._own is not None:
            return sorted(stop_ids(self._own))
        found = self._model.generation_config.eos_token_id
        if found is None:
            found = self._tokenizer.eos_token_id
        return sorted(found) if isinstance(found, list) else [] if found is None else [found]


def _tokenizer(name: str) -> Any:
    """transformers' tokenizer; a directory may hold a tokenizer.json and nothing that says what kind it is."""
    try:
        return AutoTokenizer.from_pretrained(name, trust_remote_code=False)
    except (OSError, ValueError):
        return PreTrainedTokenizerFast.from_pretrained(name)
