"""A weights file of its own: what of it is in memory, seen from the kernel's side."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx_files import exported, quantized
from random_models import random_ids, reference_logits, relative_error, save_random_model

from hrm_edge.export import onnx_graph
from hrm_edge.runtimes.onnx.metadata import EmbeddingRows, read_onnx_metadata
from hrm_edge.runtimes.onnx.runtime import OnnxRuntime

ModelMaker = Callable[[str], Path]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's view of a process is Linux's")
VOCAB_SIZE = 4096


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights go to an external file, whatever the size of the model."""
    monkeypatch.setattr(onnx_graph, "LARGEST_ONE_FILE_MODEL", 0)


def resident_bytes(path: Path) -> int:
    """Bytes of the file's mappings that are in this process's memory."""
    total, counts = 0, False
    for line in Path("/proc/self/smaps").read_text(encoding="utf-8").splitlines():
        if re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
            counts = line.endswith(str(path))
        elif counts and line.startswith("Rss:"):
            total += int(line.split()[1]) * 1024
    return total


@LINUX
@pytest.mark.usefixtures("beside")
def test_pages_are_let_go_after_loading_and_rows_come_one_by_one(tmp_path: Path) -> None:
    """Of an embedding of 2 MB, a prompt of 8 tokens brings in 8 rows: two pages each at most."""
    source = save_random_model(
        tmp_path / "model", vocab_size=VOCAB_SIZE, hidden_size=512, tie_word_embeddings=False, tokenizer=False
    )
    path = exported(quantized(source, tmp_path / "4bit", 4), tmp_path / "out" / "model.onnx")
    data = path.with_name("model.onnx.data")
    data.read_bytes()  # in the page cache, in pieces as large as it likes
    with OnnxRuntime(path, threads=1, kv_type="f32") as runtime:
        loaded = resident_bytes(data)
        for seed in range(3):
            runtime.prefill(random_ids(8, VOCAB_SIZE, seed))
            assert resident_bytes(data) - loaded <= 8 * 2 * 4096
    assert data.stat().st_size > 2_000_000
    assert loaded < 100_000


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize("model", ["plain", "untied"])
def test_logits_are_those_of_transformers_prompt_after_prompt(
    random_model: ModelMaker, tmp_path: Path, model: str
) -> None:
    """A session that frees at once and rows that were let go and read again: the numbers are the same."""
    source = random_model(model)
    with OnnxRuntime(exported(source, tmp_path / "out" / "model.onnx"), threads=1) as runtime:
        for seed in range(3):
            prompt, answer = random_ids(20, seed=seed), random_ids(5, seed=seed + 9)
            logits = np.stack([runtime.prefill(prompt), *(runtime.decode(token_id) for token_id in answer)])
            assert relative_error(logits, reference_logits(source, prompt, answer)) < 1e-4


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize("said", ["", "0", "-4 16", "0 0", "4096 64", "0 999999999", "999999999999 64"])
def test_wrong_place_of_the_embedding_is_without_effect(random_model: ModelMaker, tmp_path: Path, said: str) -> None:
    path = exported(random_model("untied"), tmp_path / "out" / "model.onnx")
    model = onnx.load(path, load_external_data=False)
    right = next(entry for entry in model.metadata_props if entry.key == "hrm_edge.weights.embedding")
    right.value = said
    lying = path.with_name("lying.onnx")
    lying.write_bytes(model.SerializeToString())
    with OnnxRuntime(path, threads=1) as first, OnnxRuntime(lying, threads=1) as second:
        np.testing.assert_array_equal(first.prefill([1, 2, 3]), second.prefill([1, 2, 3]))


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize(("bits", "row_bytes"), [(4, 64), (32, 64 * 4)])
def test_graph_tells_where_the_embedding_lies(
    random_model: ModelMaker, tmp_path: Path, bits: int, row_bytes: int
) -> None:
    """A model of hidden size 64; an embedding is quantized to 8 bits."""
    source = random_model("untied")
    source = source if bits == 32 else quantized(source, tmp_path / "4bit", 4)
    rows = read_onnx_metadata(exported(source, tmp_path / "out" / "model.onnx")).embedding_rows
    assert rows == EmbeddingRows(offset=0, row_bytes=row_bytes, count=320)


@LINUX
def test_large_blocks_go_back_to_the_system_when_they_are_freed() -> None:
    """In a process of its own: what was freed of 30 blocks of 8 MB, every other one still in use, is not kept."""
    program = """
import ctypes
from pathlib import Path
from hrm_edge.runtimes.onnx.mapped_weights import give_large_blocks_back
give_large_blocks_back()
library = ctypes.CDLL(None)
library.malloc.restype = ctypes.c_void_p
for _ in range(2):
    blocks = [library.malloc(ctypes.c_size_t(8_000_000)) for _ in range(30)]
    for block in blocks:
        ctypes.memset(block, 1, 8_000_000)
    for block in blocks[::2]:
        library.free(ctypes.c_void_p(block))
    blocks = blocks[1::2]
print(int(Path("/proc/self/statm").read_text().split()[1]) * 4096)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(run.stdout) < 2 * 15 * 8_000_000 + 50_000_000
