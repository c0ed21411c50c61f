"""A model as an answerer, with random weights: its answer depends on the request and the seed, and on nothing else."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bench_problems import EDITED, power_problem

from hrm_edge.bench.completions import ModelAnswerer, model_sha256
from hrm_edge.bench.models import BenchModel, load_model
from hrm_edge.errors import CheckpointError
from hrm_edge.runtimes.options import RuntimeOptions

POWER = power_problem(2)


@pytest.fixture(scope="module")
def model(random_model: Callable[[str], Path]) -> Iterator[BenchModel]:
    with load_model(random_model("plain"), RuntimeOptions(runtime="onnx", threads=1)) as loaded:
        yield loaded


def answerer(model: BenchModel, temperature: float = 1.0) -> ModelAnswerer:
    return ModelAnswerer(model=model, name="random", max_tokens=24, temperature=temperature)


def test_the_same_seed_gives_the_same_response_whatever_was_asked_before(model: BenchModel) -> None:
    asked = answerer(model)
    first = asked.answer(POWER, POWER.request, seed=1)
    asked.answer(power_problem(3), "something else", seed=5)
    assert asked.answer(POWER, POWER.request, seed=1).text == first.text
    assert asked.answer(POWER, POWER.request, seed=2).text != first.text


def test_at_temperature_0_the_seed_changes_nothing(model: BenchModel) -> None:
    texts = {answerer(model, 0).answer(POWER, POWER.request, seed=seed).text for seed in range(3)}
    assert len(texts) == 1


def test_code_starts_with_the_fence_of_its_language_and_edits_do_not(model: BenchModel) -> None:
    asked = answerer(model)
    assert asked.answer(POWER, POWER.request, seed=0).text.startswith("```python\n")
    assert asked.answer(replace(POWER, language="rust"), POWER.request, seed=0).text.startswith("```rust\n")
    assert not asked.answer(EDITED, EDITED.request, seed=0).text.startswith("```")
    assert not replace(asked, starts_fence=False).answer(POWER, POWER.request, seed=0).text.startswith("```python\n")


def test_tokens_and_the_reason_of_the_end_are_counted(model: BenchModel) -> None:
    response = answerer(model).answer(POWER, POWER.request, seed=0)
    assert response.prompt_tokens == len(model.dialogue.encode_request(POWER.request).ids)
    assert response.finish_reason in ("stop", "length")
    assert 1 <= response.completion_tokens <= 24
    assert response.seconds > 0


def test_a_request_that_does_not_fit_is_an_empty_response_and_no_crash(model: BenchModel) -> None:
    response = answerer(model).answer(POWER, "word " * 500, seed=0)
    assert (response.text, response.finish_reason, response.completion_tokens) == ("", "context", 0)
    assert response.prompt_tokens > model.runtime.context_length


def test_an_answer_that_fills_the_context_ends_there(model: BenchModel) -> None:
    room = model.runtime.context_length - len(model.dialogue.encode_request("").ids)
    words = next(n for n in range(room, 0, -1) if len(model.dialogue.encode("x" * n)) <= room - 8)
    response = answerer(model).answer(POWER, "x" * words, seed=0)
    assert response.finish_reason in ("context", "stop")
    assert response.completion_tokens < 24


class TestModelHash:
    """What a resumed run compares."""

    def test_a_file_is_hashed_by_its_content_and_not_its_name(self, tmp_path: Path) -> None:
        (tmp_path / "a.gguf").write_bytes(b"weights")
        (tmp_path / "b.gguf").write_bytes(b"weights")
        assert model_sha256(tmp_path / "a.gguf") == model_sha256(tmp_path / "b.gguf")
        (tmp_path / "b.gguf").write_bytes(b"weighty")
        assert model_sha256(tmp_path / "a.gguf") != model_sha256(tmp_path / "b.gguf")

    def test_a_directory_is_hashed_with_its_names_and_borders(self, tmp_path: Path) -> None:
        for name, files in {"one": ("ab", "c"), "two": ("a", "bc"), "three": ("ab", "c")}.items():
            (tmp_path / name).mkdir()
            for file, content in zip(("config.json", "model.safetensors"), files, strict=True):
                (tmp_path / name / file).write_text(content)
        hashes = [model_sha256(tmp_path / name) for name in ("one", "two", "three")]
        assert hashes[0] == hashes[2] != hashes[1]

    def test_a_missing_model_is_an_error_of_one_line(self, tmp_path: Path) -> None:
        with pytest.raises(CheckpointError, match="cannot be read"):
            model_sha256(tmp_path / "none.gguf")
