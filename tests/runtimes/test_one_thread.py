"""One use at a time: a second thread is refused with one clear line and disturbs nothing."""

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import numpy as np
import pytest
from conversions import exported
from foreign_files import random_llama, write_foreign_gguf
from random_models import random_ids, save_random_model

from hrm_edge.errors import RuntimeUnavailableError
from hrm_edge.runtimes.llama.foreign_gguf import ForeignGgufRuntime
from hrm_edge.runtimes.llama.runtime import LlamaCppRuntime
from hrm_edge.runtimes.one_thread import OneThread


def test_second_use_is_refused_until_the_first_is_over():
    thing = OneThread("the piano")
    with thing, pytest.raises(RuntimeUnavailableError, match="the piano is in use by another thread: let the threads"):
        thing.__enter__()
    with thing:
        pass


def test_use_that_fails_is_over():
    thing = OneThread("the piano")
    with pytest.raises(ValueError, match="wrong note"), thing:
        raise ValueError("wrong note")
    with thing:
        pass


@pytest.fixture(scope="module")
def gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("source")
    return exported(save_random_model(directory / "model"), directory / "model.gguf", "f32")


def refusal_of_a_second_thread(use: Callable[[], object]) -> str:
    """What one of two threads is told that use the same thing all the while, until one of them is refused."""
    refusals: list[str] = []
    over = Event()
    deadline = monotonic() + 20  # where nobody is refused the test fails, and ends

    def use_until_refused() -> None:
        while not over.is_set() and monotonic() < deadline:
            try:
                use()
            except RuntimeUnavailableError as error:
                refusals.append(str(error))
                over.set()

    threads = [Thread(target=use_until_refused) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refusals[0]


def test_second_thread_in_a_llama_cpp_runtime_is_refused(gguf):
    prompt = random_ids(200)
    with LlamaCppRuntime(gguf, threads=1) as runtime:
        alone_V = runtime.prefill(prompt)
        refusal = refusal_of_a_second_thread(lambda: runtime.prefill(prompt))
        assert "this llama-cpp runtime is in use by another thread" in refusal
        np.testing.assert_array_equal(runtime.prefill(prompt), alone_V)


def test_second_thread_in_a_llama_cpp_batch_is_refused(gguf):
    with LlamaCppRuntime(gguf, threads=1) as runtime, runtime.batch(capacity=1, context_length=256) as batch:
        name, _ = batch.prefill(random_ids(4))

        def decode_and_take_back() -> None:
            batch.decode({name: [1]})
            batch.rewind(name, 4)

        refusal = refusal_of_a_second_thread(decode_and_take_back)
        assert "this batch of llama.cpp is in use by another thread" in refusal


def test_second_thread_in_a_model_of_another_architecture_is_refused(tmp_path):
    foreign = write_foreign_gguf(random_llama(), tmp_path / "llama.gguf", "llama")
    with ForeignGgufRuntime(foreign, threads=1, context_length=256) as runtime:
        prompt = [token_id % runtime.vocab_size for token_id in random_ids(200)]
        alone_V = runtime.prefill(prompt)
        refusal = refusal_of_a_second_thread(lambda: runtime.prefill(prompt))
        assert "this llama-cpp runtime is in use by another thread" in refusal
        np.testing.assert_array_equal(runtime.prefill(prompt), alone_V)
