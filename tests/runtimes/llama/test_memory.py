"""Where llama.cpp's weights lie: mapped, all depths compute on one copy; otherwise each runtime has its own."""

from pathlib import Path

import numpy as np
import psutil
import pytest
from conversions import exported, quantized
from random_models import random_ids, relative_error, save_random_model

from hrm_edge.runtimes.llama.runtime import LlamaCppRuntime

PROMPT, ANSWER = random_ids(16), random_ids(4, seed=2)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Files of one model by the bits of their weights, 30 MB in 16 bits, ten times a context of 256 tokens."""
    directory = tmp_path_factory.mktemp("files")
    source = save_random_model(directory / "model", hidden_size=512, intermediate_size=1536, heads=8, head_dim=64)
    four_bits = quantized(source, 4, directory / "quantized")
    return {
        16: exported(source, directory / "16.gguf", "f16"),
        4: exported(four_bits, directory / "4.gguf", "f16"),
    }


def resident_bytes() -> int:
    """This process's memory, each shared page counted once however often it is mapped."""
    memory = psutil.Process().memory_full_info()
    if not hasattr(memory, "pss"):
        pytest.skip("this system does not tell shared pages apart")
    return int(memory.pss)


def growth_of_second(path: Path, *, mapped: bool | None) -> float:
    """Memory that a runtime of another depth adds to the first one's, as a share of the file."""
    with LlamaCppRuntime(path, threads=1, cycles=2, mapped=mapped) as first:
        first.prefill(PROMPT)
        before = resident_bytes()
        with LlamaCppRuntime(path, threads=1, cycles=1, mapped=mapped) as second:
            second.prefill(PROMPT)
            return (resident_bytes() - before) / path.stat().st_size


def test_weights_in_16_bits_are_mapped_and_two_depths_share_them(files):
    assert growth_of_second(files[16], mapped=None) < 0.5
    assert growth_of_second(files[16], mapped=False) > 0.9


def test_weights_in_4_bits_lie_in_the_same_pages_when_mapped(files):
    path, size = files[4], files[4].stat().st_size
    with (
        LlamaCppRuntime(path, threads=1, cycles=1, mapped=True) as shallow,
        LlamaCppRuntime(path, threads=1, cycles=2, mapped=True) as deep,
    ):
        shallow.prefill(PROMPT)
        deep.prefill(PROMPT)
        resident_bytes()
        [pages] = [pages for pages in psutil.Process().memory_maps() if pages.path == str(path)]
        assert pages.rss > 1.9 * size  # as each of the two sees them
        assert pages.pss < 1.05 * size  # as they are


def test_mapped_weights_in_4_bits_give_the_logits_of_those_laid_out_anew(files):
    logits = []
    for mapped in (True, False):
        with LlamaCppRuntime(files[4], threads=1, mapped=mapped) as runtime:
            logits.append(np.stack([runtime.prefill(PROMPT), *(runtime.decode(token) for token in ANSWER)]))
    assert relative_error(logits[0], logits[1]) < 0.01


def test_runtimes_of_two_depths_side_by_side_compute_what_each_computes_alone(files):
    def alone(cycles: int) -> np.ndarray:
        with LlamaCppRuntime(files[16], threads=1, cycles=cycles) as runtime:
            return np.stack([runtime.prefill(PROMPT), *(runtime.decode(token) for token in ANSWER)])

    wanted = {cycles: alone(cycles) for cycles in (1, 2)}
    with (
        LlamaCppRuntime(files[16], threads=1, cycles=1) as shallow,
        LlamaCppRuntime(files[16], threads=1, cycles=2) as deep,
    ):
        found = {1: [shallow.prefill(PROMPT)], 2: [deep.prefill(PROMPT)]}
        for token in ANSWER:
            found[1].append(shallow.decode(token))
            found[2].append(deep.decode(token))
    for cycles, logits in found.items():
        np.testing.assert_array_equal(np.stack(logits), wanted[cycles])
