"""The llama.cpp runtime: the logits of transformers under the trained mask, and clear words for what it refuses."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import psutil
import pytest
import torch
from conversions import exported, quantized
from gguf_files import write_reference_gguf
from numpy.typing import NDArray
from random_models import SHAPES, random_ids, reference_logits, relative_error, save_random_model
from transformers import HrmTextForCausalLM

from hrm_edge.architecture import PRESETS
from hrm_edge.errors import ArchitectureError, CheckpointError, PromptError, RuntimeUnavailableError
from hrm_edge.runtimes.llama import runtime as module
from hrm_edge.runtimes.llama.context import worthwhile_threads
from hrm_edge.runtimes.llama.mask import require_trained_mask
from hrm_edge.runtimes.llama.native import llama_library
from hrm_edge.runtimes.llama.runtime import LlamaCppRuntime
from hrm_edge.runtimes.llama.sequence import ANSWER_ROOM, CAUSAL_PIECE
from hrm_edge.runtimes.pytorch.runtime import PyTorchRuntime

F32_TOLERANCE = 1e-4
KL_TOLERANCE = 0.01
ModelMaker = Callable[[str], Path]


@pytest.fixture(scope="session")
def gguf_model(random_model: ModelMaker, tmp_path_factory: pytest.TempPathFactory) -> ModelMaker:
    """`gguf_model("untied")`: that shape's f32 file, exported once per run."""
    made: dict[str, Path] = {}

    def make(shape: str = "plain") -> Path:
        if shape not in made:
            made[shape] = exported(random_model(shape), tmp_path_factory.mktemp(shape) / "model.gguf", "f32")
        return made[shape]

    return make


def logits_of(
    path: Path, prompt_ids: Sequence[int], answer_ids: Sequence[int] = (), **options: object
) -> NDArray[np.float32]:
    """Logits [1 + answer, V], as reference_logits gives them."""
    with LlamaCppRuntime(path, threads=1, **options) as runtime:
        return np.stack([runtime.prefill(prompt_ids), *(runtime.decode(token_id) for token_id in answer_ids)])


def whole_pass_logits(model_dir: Path, prompt_ids: Sequence[int], answer_ids: Sequence[int]) -> NDArray[np.float32]:
    """The same logits from transformers in one pass without a cache: faster for long answers."""
    model = HrmTextForCausalLM.from_pretrained(model_dir, dtype=torch.float32, attn_implementation="eager").eval()
    block = torch.tensor([[1] * len(prompt_ids) + [0] * len(answer_ids)])
    with torch.inference_mode():
        logits = model(torch.tensor([[*prompt_ids, *answer_ids]]), token_type_ids=block, use_cache=False).logits
    return logits[0, len(prompt_ids) - 1 :].numpy()


def kl_divergence(reference_TV: NDArray[np.float32], logits_TV: NDArray[np.float32]) -> float:
    """Mean over tokens of KL(reference || logits), in nats."""
    log_p, log_q = (
        x - np.log(np.exp(x).sum(-1, keepdims=True)) for x in (np.float64(reference_TV), np.float64(logits_TV))
    )
    return float((np.exp(log_p) * (log_p - log_q)).sum(-1).mean())


def vocabulary(shape: str) -> int:
    return int(SHAPES[shape].get("vocab_size", 320))


def test_float_logits_are_those_of_transformers_through_64_decode_steps(random_model, gguf_model, shape):
    prompt, answer = random_ids(20, vocabulary(shape)), random_ids(64, vocabulary(shape), seed=2)
    reference = reference_logits(random_model(shape), prompt, answer)
    assert relative_error(logits_of(gguf_model(shape), prompt, answer), reference) <= F32_TOLERANCE


@pytest.mark.parametrize("bits", [16, 8], ids="{}bit".format)
def test_narrower_weights_stay_close_to_transformers(random_model, shape, tmp_path, bits):
    source = random_model(shape) if bits == 16 else quantized(random_model(shape), bits, tmp_path / "quantized")
    prompt, answer = random_ids(20, vocabulary(shape)), random_ids(32, vocabulary(shape), seed=2)
    reference = reference_logits(random_model(shape), prompt, answer)
    logits = logits_of(exported(source, tmp_path / "model.gguf", "f16"), prompt, answer)
    assert kl_divergence(reference, logits) <= KL_TOLERANCE


def test_4_bit_file_computes_what_its_dequantized_weights_compute(random_model, tmp_path):
    source = quantized(random_model("plain"), 4, tmp_path / "quantized")
    prompt, answer = random_ids(20), random_ids(16, seed=2)
    with PyTorchRuntime(source) as runtime:
        reference = np.stack([runtime.prefill(prompt), *(runtime.decode(token) for token in answer)])
    assert (
        kl_divergence(reference, logits_of(exported(source, tmp_path / "model.gguf", "f32"), prompt, answer))
        <= KL_TOLERANCE
    )


@pytest.mark.parametrize("kv_type", ["f16", "q8_0", "q4_0"])
def test_narrower_kv_stays_close_to_transformers(random_model, gguf_model, kv_type):
    shape = "head_dim_wider_than_hidden"
    prompt, answer = random_ids(20), random_ids(16, seed=2)
    reference = reference_logits(random_model(shape), prompt, answer)
    assert kl_divergence(reference, logits_of(gguf_model(shape), prompt, answer, kv_type=kv_type)) <= KL_TOLERANCE


def test_prompt_of_one_token_agrees_with_transformers(random_model, gguf_model):
    reference = reference_logits(random_model("plain"), [7], [8, 9])
    assert relative_error(logits_of(gguf_model("plain"), [7], [8, 9]), reference) <= F32_TOLERANCE


def test_causal_prompt_that_is_read_in_pieces_agrees_with_transformers(tmp_path):
    """One of a bidirectional block is never cut: test_llama_cpp_prompts.py."""
    length = CAUSAL_PIECE + 100
    source = save_random_model(tmp_path / "model", max_position_embeddings=1024, prefix_lm=False)
    prompt = random_ids(length)
    reference = reference_logits(source, prompt, [8, 9])
    logits = logits_of(exported(source, tmp_path / "model.gguf", "f32"), prompt, [8, 9])
    assert relative_error(logits, reference) <= F32_TOLERANCE


def test_answer_that_outgrows_the_first_cache_agrees_with_transformers(tmp_path):
    source = save_random_model(tmp_path / "model", max_position_embeddings=2048, layers=1)
    prompt, answer = random_ids(9), random_ids(ANSWER_ROOM + 300, seed=2)
    logits = logits_of(exported(source, tmp_path / "model.gguf", "f32"), prompt, answer)
    assert relative_error(logits, whole_pass_logits(source, prompt, answer)) <= F32_TOLERANCE


def test_answer_reaches_the_very_end_of_the_context_and_no_further(random_model, gguf_model):
    prompt, answer = random_ids(250), random_ids(6, seed=2)
    with LlamaCppRuntime(gguf_model("plain"), threads=1) as runtime:
        logits = [runtime.prefill(prompt), *(runtime.decode(token) for token in answer)]
        assert runtime.position == runtime.context_length == 256
        with pytest.raises(PromptError, match="the context is full at 256 tokens"):
            runtime.decode(1)
    reference = reference_logits(random_model("plain"), prompt, answer)
    assert relative_error(np.stack(logits), reference) <= F32_TOLERANCE


@pytest.mark.parametrize("cycles", [1, 2, 3])
def test_cycles_run_the_same_weights_at_another_depth(random_model, gguf_model, tmp_path, cycles):
    source = random_model("plain")
    config = json.loads((source / "config.json").read_text())
    slots = config["num_layers_per_stack"] * cycles * (config["L_cycles"] + 1)
    other = tmp_path / "other"
    other.mkdir()
    (other / "config.json").write_text(json.dumps(config | {"H_cycles": cycles, "num_hidden_layers": slots}))
    (other / "model.safetensors").write_bytes((source / "model.safetensors").read_bytes())
    prompt, answer = random_ids(12), random_ids(5, seed=2)
    logits = logits_of(gguf_model("plain"), prompt, answer, cycles=cycles)
    assert relative_error(logits, reference_logits(other, prompt, answer)) <= F32_TOLERANCE


def test_second_prefill_forgets_the_first(gguf_model):
    prompt, answer = random_ids(12), random_ids(3, seed=2)
    expected = logits_of(gguf_model("plain"), prompt, answer)
    with LlamaCppRuntime(gguf_model("plain"), threads=1) as runtime:
        for other in (random_ids(40, seed=3), random_ids(3, seed=4)):  # a longer one and a shorter one
            runtime.prefill(other)
            runtime.decode(5)
            again = np.stack([runtime.prefill(prompt), *(runtime.decode(token) for token in answer)])
            np.testing.assert_array_equal(again, expected)
            assert runtime.position == 15


def test_longer_prompt_makes_a_longer_batch(random_model, gguf_model):
    short, long = random_ids(5), random_ids(200, seed=3)
    with LlamaCppRuntime(gguf_model("plain"), threads=1) as runtime:
        runtime.prefill(short)
        assert relative_error(runtime.prefill(long), reference_logits(random_model("plain"), long)[0]) <= F32_TOLERANCE


def test_prompt_longer_than_the_context_is_refused(gguf_model):
    with LlamaCppRuntime(gguf_model("plain"), threads=1, context_length=16) as runtime:
        assert runtime.context_length == 16
        with pytest.raises(PromptError, match="the prompt has 17 tokens and the context holds 16"):
            runtime.prefill(random_ids(17))
        runtime.prefill(random_ids(16))
        with pytest.raises(PromptError, match="the context is full at 16 tokens"):
            runtime.decode(1)


def test_context_is_never_more_than_the_model_was_made_for(gguf_model):
    with LlamaCppRuntime(gguf_model("plain"), threads=1, context_length=100_000) as runtime:
        assert runtime.context_length == 256


@pytest.mark.parametrize("prompt", [[], [320], [-1]], ids=str)
def test_prompt_that_is_empty_or_outside_the_vocabulary_is_refused(gguf_model, prompt):
    with LlamaCppRuntime(gguf_model("plain"), threads=1) as runtime, pytest.raises(PromptError):
        runtime.prefill(prompt)


def test_decode_without_a_prompt_is_refused(gguf_model):
    with (
        LlamaCppRuntime(gguf_model("plain"), threads=1) as runtime,
        pytest.raises(PromptError, match="there is no prompt to continue"),
    ):
        runtime.decode(1)


def test_context_of_one_token_holds_one_token(random_model, gguf_model):
    with LlamaCppRuntime(gguf_model("plain"), threads=1, context_length=1) as runtime:
        logits_V = runtime.prefill([7])
        assert relative_error(logits_V, reference_logits(random_model("plain"), [7])[0]) <= F32_TOLERANCE
        with pytest.raises(PromptError, match="the context is full at 1 tokens"):
            runtime.decode(1)


def test_closing_twice_is_fine(gguf_model):
    runtime = LlamaCppRuntime(gguf_model("plain"), threads=1)
    runtime.prefill([1, 2])
    runtime.close()
    runtime.close()


def test_file_without_tokenizer_runs_on_token_ids(tmp_path):
    source = save_random_model(tmp_path / "model", tokenizer=False)
    logits = logits_of(exported(source, tmp_path / "model.gguf", "f32"), [5, 6], [7])
    assert relative_error(logits, reference_logits(source, [5, 6], [7])) <= F32_TOLERANCE


@pytest.mark.parametrize(
    ("preset", "bits", "kv_type"),
    [("nano", 4, "f16"), ("27m", 4, "f16"), ("110m", 4, "q8_0"), ("1b", 16, "q8_0"), ("1b", 32, "f32")],
)
def test_kv_type_follows_the_size_of_the_cache(preset, bits, kv_type):
    assert module._kv_type(PRESETS[preset], bits, None) == kv_type


@pytest.mark.parametrize(
    ("preset", "tokens", "threads"),
    [("nano", 1, 1), ("nano", 4, 1), ("nano", 8, 3), ("nano", 128, 6), ("27m", 1, 4), ("27m", 128, 6), ("1b", 128, 6)],
)
def test_little_work_is_done_on_fewer_threads(preset, tokens, threads):
    per_thread = module._tokens_per_thread(PRESETS[preset])
    assert worthwhile_threads(tokens, most=6, tokens_per_thread=per_thread) == threads


@pytest.mark.parametrize(
    ("cores", "tokens", "threads"),
    [(1, 1, 1), (1, 128, 1), (2, 1, 1), (2, 127, 1), (2, 128, 2), (8, 1, 7), (8, 127, 7), (8, 2048, 8)],
)
def test_short_pass_leaves_one_core_to_the_rest_of_the_machine(cores, tokens, threads):
    """However much work it is: a token of the 1b shape has more than a hundred times PRODUCTS_PER_THREAD."""
    per_thread = module._tokens_per_thread(PRESETS["1b"])
    assert worthwhile_threads(tokens, most=cores, tokens_per_thread=per_thread) == threads


def test_threads_that_the_user_chose_are_those_of_every_pass(gguf_model, monkeypatch):
    monkeypatch.setattr(module, "physical_cores", lambda: 1)
    library = llama_library()
    with LlamaCppRuntime(gguf_model("plain"), threads=2) as runtime:
        runtime.prefill(random_ids(200))
        handle = runtime._sequence._context._handle
        assert library.llama_n_threads_batch(handle) == 2
        runtime.decode(1)
        assert library.llama_n_threads(handle) == runtime.threads == 2


def test_llama_cpp_gets_the_threads_that_a_pass_is_worth(gguf_model, monkeypatch):
    """The model is small: a prompt of 200 tokens is worth two threads, a token one."""
    monkeypatch.setattr(module, "physical_cores", lambda: 2)
    library = llama_library()
    with LlamaCppRuntime(gguf_model("plain")) as runtime:
        runtime.prefill(random_ids(200))
        handle = runtime._sequence._context._handle
        assert library.llama_n_threads_batch(handle) == 2
        runtime.decode(1)
        assert library.llama_n_threads(handle) == runtime.threads == 1


def test_number_of_threads_changes_no_logit(gguf_model):
    prompt, answer = random_ids(12), random_ids(3, seed=2)
    with LlamaCppRuntime(gguf_model("plain"), threads=2) as runtime:
        assert runtime.threads == 2
        logits = np.stack([runtime.prefill(prompt), *(runtime.decode(token) for token in answer)])
    np.testing.assert_array_equal(logits, logits_of(gguf_model("plain"), prompt, answer))


@pytest.mark.parametrize("kv_type", ["q8_0", "q4_0"])
def test_kv_type_that_does_not_divide_the_head_is_refused(gguf_model, kv_type):
    with pytest.raises(ArchitectureError, match=f"head_dim is 16 and {kv_type} KV needs a multiple of 32"):
        LlamaCppRuntime(gguf_model("plain"), kv_type=kv_type)


def test_unknown_kv_type_is_refused(gguf_model):
    with pytest.raises(RuntimeUnavailableError, match="KV type 'q5_1': choose one of f32, f16, q8_0, q4_0"):
        LlamaCppRuntime(gguf_model("plain"), kv_type="q5_1")


@pytest.mark.parametrize("kv_type", ["f32", "f16", "q8_0", "q4_0"])
def test_kv_bytes_are_those_that_llama_cpp_stores(gguf_model, kv_type):
    """Its own account of the saved sequence: keys and values, and a little per slot and token about where they are."""
    with LlamaCppRuntime(gguf_model("head_dim_wider_than_hidden"), threads=1, kv_type=kv_type) as runtime:
        runtime.prefill(random_ids(200))
        stored = runtime._sequence._context.sequence_state().size
        assert stored == pytest.approx(200 * runtime.kv_bytes_per_token, rel=0.05)


@pytest.mark.parametrize("threads", [0, 513])
def test_number_of_threads_that_llama_cpp_does_not_take_is_refused(gguf_model, threads):
    with pytest.raises(RuntimeUnavailableError, match=rf"{threads} threads: llama\.cpp computes with 1 to 512"):
        LlamaCppRuntime(gguf_model("plain"), threads=threads)


def test_more_cycles_than_llama_cpp_has_slots_for_are_refused(gguf_model):
    with pytest.raises(ArchitectureError, match=r"86 cycles need 516 KV slots and llama\.cpp holds 512"):
        LlamaCppRuntime(gguf_model("plain"), cycles=86)


class Stubborn:
    """A llama.cpp that takes no orders: every prompt is read under the same mask, whatever it is told."""

    def __init__(self, runtime: LlamaCppRuntime, *, causal: bool) -> None:
        self._context = runtime._sequence.new_context(64, 64)
        self._causal = causal

    def clear(self) -> None:
        self._context.clear()

    def read(self, ids: Sequence[int], position: int, *, causal: bool) -> NDArray[np.float32]:  # noqa: ARG002
        return self._context.read(ids, position, causal=self._causal)


def test_llama_cpp_that_reads_every_prompt_causally_is_refused(gguf_model):
    with (
        LlamaCppRuntime(gguf_model("plain"), threads=1) as runtime,
        pytest.raises(RuntimeUnavailableError, match="reads every prompt causally"),
    ):
        require_trained_mask(Stubborn(runtime, causal=True), 320)


def test_llama_cpp_that_forces_the_trained_mask_is_welcome(gguf_model):
    with LlamaCppRuntime(gguf_model("plain"), threads=1) as runtime:
        require_trained_mask(Stubborn(runtime, causal=False), 320)


def test_file_of_another_architecture_is_refused_by_its_name(random_model, tmp_path):
    path = write_reference_gguf(random_model("plain"), tmp_path / "model.gguf", architecture="llama")
    with pytest.raises(CheckpointError, match="holds the architecture 'llama'"):
        LlamaCppRuntime(path)


def test_truncated_file_is_refused(gguf_model, tmp_path):
    path = tmp_path / "model.gguf"
    path.write_bytes(gguf_model("plain").read_bytes()[:-1000])
    with pytest.raises(CheckpointError, match="damaged or cut short"):
        LlamaCppRuntime(path)


def test_directory_is_refused_with_the_conversion(random_model):
    with pytest.raises(CheckpointError, match=r"is no \.gguf file: convert it first with hrm-edge export"):
        LlamaCppRuntime(random_model("plain"))


def test_file_that_llama_cpp_cannot_load_is_refused_with_its_reason(random_model, tmp_path):
    """The reference file is sound but for its tokenizer, of which it names no model."""
    path = write_reference_gguf(random_model("plain"), tmp_path / "model.gguf")
    with pytest.raises(RuntimeUnavailableError, match=r"llama\.cpp cannot load it \(.*tokenizer\.ggml\.model"):
        LlamaCppRuntime(path)


def test_absent_gpu_is_refused(gguf_model):
    with pytest.raises(RuntimeUnavailableError, match="was built without cuda"):
        LlamaCppRuntime(gguf_model("plain"), device="cuda")


def test_unknown_device_is_refused(gguf_model):
    with pytest.raises(RuntimeUnavailableError, match="device 'npu': choose one of cpu, cuda, mps"):
        LlamaCppRuntime(gguf_model("plain"), device="npu")


def run_python(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, timeout=120
    )


def test_absent_library_is_refused_with_the_pip_command(gguf_model):
    code = """
import sys
sys.modules["llama_cpp"] = None
from pathlib import Path
from hrm_edge.errors import RuntimeUnavailableError
from hrm_edge.runtimes.llama.runtime import LlamaCppRuntime
try:
    LlamaCppRuntime(Path(sys.argv[1]))
except RuntimeUnavailableError as error:
    print(error)
"""
    assert 'pip install "hrm-edge[llama]"' in run_python(code, gguf_model("plain")).stdout


def test_run_prints_nothing_imports_no_trainer_and_ends_cleanly_when_never_closed(gguf_model):
    code = """
import sys
from pathlib import Path
from hrm_edge.runtimes.llama.runtime import LlamaCppRuntime
runtime = LlamaCppRuntime(Path(sys.argv[1]), threads=1)
runtime.prefill([1, 2, 3])
runtime.decode(4)
assert "GOMP_SPINCOUNT" not in __import__("os").environ
assert not {"torch", "transformers", "datasets", "onnx", "gguf"} & sys.modules.keys()
"""
    finished = run_python(code, gguf_model("plain"))
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")


def test_closing_gives_the_memory_back(gguf_model):
    process = psutil.Process()

    def use() -> int:
        with LlamaCppRuntime(gguf_model("plain"), threads=1) as runtime:
            runtime.prefill(random_ids(100))
        return int(process.memory_info().rss)

    for _ in range(5):
        use()
    before = use()
    for _ in range(20):
        after = use()
    assert after - before < 4 * 2**20
