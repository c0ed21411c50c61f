"""The ONNX runtime: the logits of transformers under the trained mask, and clear words for what it refuses."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import psutil
import pytest
from numpy.typing import NDArray
from onnx_files import exported, quantized
from random_models import SHAPES, random_ids, reference_logits, relative_error, save_random_model

from hrm_edge.checkpoint.base import Checkpoint, Tensor
from hrm_edge.checkpoint.open import open_checkpoint
from hrm_edge.errors import ArchitectureError, CheckpointError, PromptError, RuntimeUnavailableError
from hrm_edge.export import onnx_forward, onnx_graph
from hrm_edge.export.onnx_graph import export_onnx
from hrm_edge.quantize.grid import Bits, round_to_grid
from hrm_edge.runtimes.onnx.runtime import OnnxRuntime
from hrm_edge.runtimes.pytorch.runtime import PyTorchRuntime

BITS = pytest.mark.parametrize("bits", [4, 8], ids="{}bit".format)
FLOAT_TOLERANCE = 1e-4
ModelMaker = Callable[[str], Path]


@pytest.fixture(scope="session")
def onnx_model(random_model: ModelMaker, tmp_path_factory: pytest.TempPathFactory) -> ModelMaker:
    """`onnx_model("untied")`: that shape's float graph, exported once per run."""
    made: dict[str, Path] = {}

    def make(shape: str) -> Path:
        if shape not in made:
            made[shape] = exported(random_model(shape), tmp_path_factory.mktemp(shape) / "model.onnx")
        return made[shape]

    return make


def logits_of(path: Path, prompt_ids: Sequence[int], answer_ids: Sequence[int] = ()) -> NDArray[np.float32]:
    """Logits [1 + answer, V], as reference_logits gives them."""
    with OnnxRuntime(path, threads=1) as runtime:
        return np.stack([runtime.prefill(prompt_ids), *(runtime.decode(token_id) for token_id in answer_ids)])


def kl_divergence(reference_TV: NDArray[np.float32], logits_TV: NDArray[np.float32]) -> float:
    """Mean over tokens of KL(reference || logits), in nats."""
    p, q = (np.exp(x - x.max(-1, keepdims=True)) for x in (np.float64(reference_TV), np.float64(logits_TV)))
    p, q = p / p.sum(-1, keepdims=True), q / q.sum(-1, keepdims=True)
    return float((p * np.log(p / q)).sum(-1).mean())


def vocabulary(shape: str) -> int:
    return SHAPES[shape].get("vocab_size", 320)


def test_float_logits_are_those_of_transformers_through_64_decode_steps(
    random_model: ModelMaker, onnx_model: ModelMaker, shape: str
) -> None:
    prompt, answer = random_ids(20, vocabulary(shape)), random_ids(64, vocabulary(shape), seed=2)
    reference = reference_logits(random_model(shape), prompt, answer)
    assert relative_error(logits_of(onnx_model(shape), prompt, answer), reference) <= FLOAT_TOLERANCE


def test_prompt_of_one_token_agrees_with_transformers(random_model: ModelMaker, onnx_model: ModelMaker) -> None:
    reference = reference_logits(random_model("plain"), [7], [8, 9])
    assert relative_error(logits_of(onnx_model("plain"), [7], [8, 9]), reference) <= FLOAT_TOLERANCE


def test_prompt_of_1500_tokens_agrees_with_transformers(tmp_path: Path) -> None:
    source = save_random_model(tmp_path / "model", max_position_embeddings=2048)
    prompt = random_ids(1500)
    reference = reference_logits(source, prompt, [8, 9])
    logits = logits_of(exported(source, tmp_path / "model.onnx"), prompt, [8, 9])
    assert relative_error(logits, reference) <= FLOAT_TOLERANCE


def test_answer_may_reach_the_end_of_the_context_and_not_pass_it(
    random_model: ModelMaker, onnx_model: ModelMaker
) -> None:
    prompt, answer = random_ids(250), random_ids(6)
    reference = reference_logits(random_model("plain"), prompt, answer)
    with OnnxRuntime(onnx_model("plain"), threads=1) as runtime:
        logits = np.stack([runtime.prefill(prompt), *(runtime.decode(token_id) for token_id in answer)])
        assert runtime.position == runtime.context_length == 256
        with pytest.raises(PromptError, match="the context is full at 256 tokens"):
            runtime.decode(1)
    assert relative_error(logits, reference) <= FLOAT_TOLERANCE


def test_prompt_may_fill_the_context(random_model: ModelMaker, onnx_model: ModelMaker) -> None:
    prompt = random_ids(256)
    reference = reference_logits(random_model("plain"), prompt)
    assert relative_error(logits_of(onnx_model("plain"), prompt), reference) <= FLOAT_TOLERANCE


def test_second_prefill_forgets_the_first(onnx_model: ModelMaker) -> None:
    prompt, answer = random_ids(12, seed=3), random_ids(5, seed=4)
    fresh = logits_of(onnx_model("plain"), prompt, answer)
    with OnnxRuntime(onnx_model("plain"), threads=1) as runtime:
        runtime.prefill(random_ids(40))
        runtime.decode(3)
        again = np.stack([runtime.prefill(prompt), *(runtime.decode(token_id) for token_id in answer)])
    np.testing.assert_array_equal(again, fresh)


def test_logits_stay_when_the_next_token_is_decoded(onnx_model: ModelMaker) -> None:
    with OnnxRuntime(onnx_model("plain"), threads=1) as runtime:
        first = runtime.prefill([1, 2, 3])
        kept = first.copy()
        runtime.decode(4)
        np.testing.assert_array_equal(first, kept)


@BITS
def test_quantized_graph_computes_what_transformers_does_with_the_same_weights(
    random_model: ModelMaker, shape: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bits: Bits
) -> None:
    """With float32 activations the product of codes and scales is exact: weights, zero points and nodes are right."""
    monkeypatch.setattr(onnx_forward, "ACCURACY_LEVEL", 0)
    source = quantized(random_model(shape), tmp_path / "quantized", bits)
    prompt, answer = random_ids(12, vocabulary(shape)), random_ids(8, vocabulary(shape), seed=2)
    logits = logits_of(exported(source, tmp_path / "model.onnx"), prompt, answer)
    assert relative_error(logits, dequantized_logits(source, prompt, answer)) <= FLOAT_TOLERANCE


@BITS
def test_int8_activations_cost_little_beside_the_rounding_of_the_weights(
    random_model: ModelMaker, shape: str, tmp_path: Path, bits: Bits
) -> None:
    source = quantized(random_model(shape), tmp_path / "quantized", bits)
    prompt, answer = random_ids(20, vocabulary(shape)), random_ids(64, vocabulary(shape), seed=2)
    logits = logits_of(exported(source, tmp_path / "model.onnx"), prompt, answer)
    assert kl_divergence(dequantized_logits(source, prompt, answer), logits) <= 1e-3
    if bits == 8:
        assert kl_divergence(reference_logits(random_model(shape), prompt, answer), logits) <= 0.01


def dequantized_logits(source: Path, prompt_ids: Sequence[int], answer_ids: Sequence[int]) -> NDArray[np.float32]:
    """transformers with the float32 values of the quantized weights: what is left is the runtime's own error."""
    with PyTorchRuntime(source) as runtime:
        return np.stack([runtime.prefill(prompt_ids), *(runtime.decode(token_id) for token_id in answer_ids)])


class RoundedCheckpoint(Checkpoint):
    """A float checkpoint with embedding and stacks each at bits of its own, 32 for float."""

    def __init__(self, source: Checkpoint, embedding_bits: int, stack_bits: int) -> None:
        self.path, self.architecture, self.bits = source.path, source.architecture, stack_bits
        self.tokenizer_json = self.chat_template = None
        self._source, self._embedding_bits = source, embedding_bits

    def tensors(self) -> Iterator[tuple[str, Tensor]]:
        for name, tensor in self._source.tensors():
            bits = self._embedding_bits if name in ("model.embed_tokens.weight", "lm_head.weight") else self.bits
            if len(tensor.shape) == 1 or bits == 32:
                yield name, tensor
            else:
                yield name, round_to_grid(np.asarray(tensor), 4 if bits == 4 else 8)


@pytest.mark.parametrize(("embedding_bits", "stack_bits"), [(4, 4), (4, 8), (32, 8), (8, 32)])
@pytest.mark.parametrize("shape", ["plain", "untied"])
def test_embedding_and_stacks_may_differ_in_bits(
    random_model: ModelMaker, tmp_path: Path, shape: str, embedding_bits: int, stack_bits: int
) -> None:
    prompt, answer = random_ids(10), random_ids(5)
    with open_checkpoint(random_model(shape)) as checkpoint:
        export_onnx(RoundedCheckpoint(checkpoint, embedding_bits, stack_bits), tmp_path / "model.onnx")
    divergence = kl_divergence(
        reference_logits(random_model(shape), prompt, answer), logits_of(tmp_path / "model.onnx", prompt, answer)
    )
    assert divergence <= (0.1 if 4 in (embedding_bits, stack_bits) else 0.01)


def test_empty_prompt_is_refused(onnx_model: ModelMaker) -> None:
    with OnnxRuntime(onnx_model("plain")) as runtime, pytest.raises(PromptError, match="the prompt is empty"):
        runtime.prefill([])


def test_prompt_longer_than_the_context_is_refused_with_both_lengths(onnx_model: ModelMaker) -> None:
    with (
        OnnxRuntime(onnx_model("plain"), context_length=16) as runtime,
        pytest.raises(PromptError, match="the prompt has 17 tokens and the context holds 16"),
    ):
        runtime.prefill(random_ids(17))


def test_context_is_never_longer_than_the_model_was_made_for(onnx_model: ModelMaker) -> None:
    with OnnxRuntime(onnx_model("plain"), context_length=100_000) as runtime:
        assert runtime.context_length == 256


@pytest.mark.parametrize("token_id", [-1, 320])
def test_token_outside_the_vocabulary_is_refused(onnx_model: ModelMaker, token_id: int) -> None:
    message = rf"token {token_id} is outside the vocabulary of 320"
    with OnnxRuntime(onnx_model("plain"), threads=1) as runtime:
        with pytest.raises(PromptError, match=message):
            runtime.prefill([1, token_id, 2])
        runtime.prefill([1, 2])
        with pytest.raises(PromptError, match=message):
            runtime.decode(token_id)


def test_runtime_says_what_it_runs(onnx_model: ModelMaker, random_model: ModelMaker) -> None:
    with OnnxRuntime(onnx_model("three_h_cycles"), cycles=3) as runtime:
        assert (runtime.name, runtime.device, runtime.bits, runtime.position) == ("onnx", "cpu", 32, 0)
        assert runtime.architecture == open_checkpoint(random_model("three_h_cycles")).architecture
    runtime.close()


def test_other_cycles_than_the_unrolled_are_refused(onnx_model: ModelMaker) -> None:
    with pytest.raises(CheckpointError, match=r"has 2 H cycles unrolled and 1 were asked for: run the checkpoint"):
        OnnxRuntime(onnx_model("plain"), cycles=1)


def test_cuda_without_a_gpu_build_names_the_package(onnx_model: ModelMaker) -> None:
    if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        pytest.skip("this onnxruntime has CUDA")
    with pytest.raises(RuntimeUnavailableError, match="pip install onnxruntime-gpu"):
        OnnxRuntime(onnx_model("plain"), device="cuda")


@pytest.mark.parametrize("device", ["mps", "tpu"])
def test_device_without_kernels_is_refused(onnx_model: ModelMaker, device: str) -> None:
    with pytest.raises(RuntimeUnavailableError, match=rf"device .?{device}"):
        OnnxRuntime(onnx_model("plain"), device=device)


def test_cache_takes_memory_only_where_tokens_are(tmp_path: Path) -> None:
    """12 slots of 4 heads of 16 values, key and value, over 65,536 tokens: 400 MB of addresses for 20 tokens."""
    source = save_random_model(tmp_path / "model", max_position_embeddings=65536)
    path = exported(source, tmp_path / "model.onnx")
    before = psutil.Process().memory_info().rss
    with OnnxRuntime(path, threads=1) as runtime:
        runtime.prefill(random_ids(20))
        runtime.decode(1)
        assert psutil.Process().memory_info().rss - before < 100e6


OVERCOMMIT = Path("/proc/sys/vm/overcommit_memory")


@pytest.mark.skipif(
    not OVERCOMMIT.exists() or OVERCOMMIT.read_text().strip() == "1",
    reason="this system maps any amount of memory until it is used",
)
def test_context_beyond_the_memory_of_the_machine_is_refused(random_model: ModelMaker, tmp_path: Path) -> None:
    model = onnx.load(exported(random_model("plain"), tmp_path / "model.onnx"))
    for entry in model.metadata_props:
        entry.value = entry.value.replace('"max_position_embeddings": 256', '"max_position_embeddings": 2147483647')
    onnx.save(model, tmp_path / "endless.onnx")
    with pytest.raises(PromptError, match=r"KV cache of 2147483647 tokens does not fit this machine"):
        OnnxRuntime(tmp_path / "endless.onnx")


def test_running_imports_neither_onnx_nor_a_training_library(onnx_model: ModelMaker) -> None:
    script = (
        "import sys; from pathlib import Path; from hrm_edge.runtimes.onnx.runtime import OnnxRuntime\n"
        f"runtime = OnnxRuntime(Path({str(onnx_model('plain'))!r})); runtime.prefill([1, 2]); runtime.decode(3)\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & "
        "{'onnx', 'torch', 'transformers', 'datasets', 'gguf', 'optimum', 'safetensors', 'llama_cpp'}))"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (answer.stdout.strip(), answer.stderr) == ("[]", "")


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"gone\.onnx does not exist"):
        OnnxRuntime(tmp_path / "gone.onnx")


def test_foreign_onnx_file_is_refused_with_the_command_that_makes_one(tmp_path: Path) -> None:
    node = onnx.helper.make_node("Identity", ["x"], ["y"])
    x, y = (onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1]) for name in "xy")
    onnx.save(onnx.helper.make_model(onnx.helper.make_graph([node], "foreign", [x], [y])), tmp_path / "foreign.onnx")
    with pytest.raises(CheckpointError, match=r"without hrm-edge's metadata.* hrm-edge export CHECKPOINT --to onnx"):
        OnnxRuntime(tmp_path / "foreign.onnx")


@pytest.mark.parametrize("kept", [0, 1, 100, 0.5, 0.999], ids="{}".format)
def test_truncated_file_is_refused(onnx_model: ModelMaker, tmp_path: Path, kept: float) -> None:
    data = onnx_model("plain").read_bytes()
    (tmp_path / "cut.onnx").write_bytes(data[: int(kept if kept >= 1 else kept * len(data))])
    with pytest.raises(CheckpointError, match=r"cut\.onnx is no ONNX file or is damaged"):
        OnnxRuntime(tmp_path / "cut.onnx")


def test_graph_that_is_not_the_metadatas_model_is_refused(onnx_model: ModelMaker, tmp_path: Path) -> None:
    model = onnx.load(onnx_model("plain"))
    other = onnx.load(onnx_model("head_dim_wider_than_hidden"))
    del model.metadata_props[:]
    model.metadata_props.extend(other.metadata_props)
    onnx.save(model, tmp_path / "mixed.onnx")
    with pytest.raises(CheckpointError, match=r"past_key_values\.0\.key has shape .*16.* asks for \[4, 32\]"):
        OnnxRuntime(tmp_path / "mixed.onnx")


def test_config_of_a_model_we_do_not_run_is_refused(onnx_model: ModelMaker, tmp_path: Path) -> None:
    model = onnx.load(onnx_model("plain"))
    for entry in model.metadata_props:
        entry.value = entry.value.replace('"model_type": "hrm_text"', '"model_type": "llama"')
    onnx.save(model, tmp_path / "llama.onnx")
    with pytest.raises(ArchitectureError, match=r"llama\.onnx: model_type is 'llama'"):
        OnnxRuntime(tmp_path / "llama.onnx")


def test_unknown_operator_is_refused_as_the_files_fault(onnx_model: ModelMaker, tmp_path: Path) -> None:
    model = onnx.load(onnx_model("plain"))
    model.graph.node[-1].op_type = "NoSuchOperator"
    onnx.save(model, tmp_path / "odd.onnx")
    with pytest.raises(CheckpointError, match=r"odd\.onnx: ONNX Runtime refuses it \(.*NoSuchOperator.*export"):
        OnnxRuntime(tmp_path / "odd.onnx")


@pytest.fixture
def model_with_external_weights(random_model: ModelMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(onnx_graph, "LARGEST_ONE_FILE_MODEL", 0)
    return exported(random_model("plain"), tmp_path / "inner" / "model.onnx")


@pytest.mark.parametrize("kept", [0, 10, 0.5, 0.999], ids="{}".format)
def test_weights_file_that_is_cut_is_refused(model_with_external_weights: Path, kept: float) -> None:
    data = model_with_external_weights.with_name("model.onnx.data")
    content = data.read_bytes()
    data.write_bytes(content[: int(kept if kept >= 1 else kept * len(content))])
    with pytest.raises(CheckpointError, match=r"model\.onnx\.data"):
        OnnxRuntime(model_with_external_weights)


def test_weights_file_that_is_missing_is_named(model_with_external_weights: Path) -> None:
    model_with_external_weights.with_name("model.onnx.data").unlink()
    message = r"keeps its weights in model\.onnx\.data, which cannot be read \(No such file"
    with pytest.raises(CheckpointError, match=message):
        OnnxRuntime(model_with_external_weights)


def test_weights_of_another_export_are_refused(random_model: ModelMaker, model_with_external_weights: Path) -> None:
    """Same shapes, other values: without the digest the answers would be garbage, and no error."""
    other = exported(random_model("rope_theta_500000"), model_with_external_weights.parent / "other" / "model.onnx")
    weights = other.with_name("model.onnx.data").read_bytes()
    data = model_with_external_weights.with_name("model.onnx.data")
    assert len(weights) == data.stat().st_size
    data.write_bytes(weights)
    with pytest.raises(CheckpointError, match=r"model\.onnx\.data is cut short or belongs to another export"):
        OnnxRuntime(model_with_external_weights)


def test_graph_may_be_renamed_beside_its_weights(model_with_external_weights: Path) -> None:
    renamed = model_with_external_weights.rename(model_with_external_weights.with_name("renamed.onnx"))
    assert np.isfinite(logits_of(renamed, [1, 2, 3])).all()


@pytest.mark.parametrize("kind", ["absolute", "parent", "symlink"])
def test_weights_outside_the_models_directory_are_never_read(model_with_external_weights: Path, kind: str) -> None:
    data = model_with_external_weights.with_name("model.onnx.data")
    outside = data.parent.parent / "outside.data"
    outside.write_bytes(data.read_bytes())
    if kind == "symlink":
        data.unlink()
        data.symlink_to(outside)
    model = onnx.load(model_with_external_weights, load_external_data=False)
    location = {"absolute": str(outside), "parent": "../outside.data", "symlink": data.name}[kind]
    for tensor in model.graph.initializer:
        for entry in tensor.external_data:
            if entry.key == "location":
                entry.value = location
    model_with_external_weights.write_bytes(model.SerializeToString())
    with pytest.raises(CheckpointError, match=r"ONNX Runtime refuses it .*(escapes model directory|Absolute path)"):
        OnnxRuntime(model_with_external_weights)
