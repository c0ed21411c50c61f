"""What batches of the ONNX runtime promise beyond tests/runtimes/test_batch.py: memory, threads, and closing."""

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from onnx_files import exported, quantized
from random_models import random_ids, reference_logits, relative_error, save_random_model

from hrm_edge.errors import PromptError, RuntimeUnavailableError
from hrm_edge.runtimes.load import load_runtime
from hrm_edge.runtimes.onnx.runtime import OnnxRuntime
from hrm_edge.runtimes.options import RuntimeOptions

ModelMaker = Callable[[str], Path]
TOLERANCE = 1e-4


@pytest.fixture
def runtime(random_model: ModelMaker, tmp_path: Path) -> OnnxRuntime:
    return OnnxRuntime(exported(random_model("plain"), tmp_path / "model.onnx"), threads=1)


def test_sequences_that_wait_between_others_are_as_they_were(random_model: ModelMaker, runtime: OnnxRuntime) -> None:
    """Rows 0, 2 and 3 read a token, rows 1 and 4 wait: two passes, and the rows between them are untouched."""
    prompt, answer = random_ids(8, seed=1), random_ids(6, seed=2)
    wanted = reference_logits(random_model("plain"), prompt, answer)
    with runtime.batch(capacity=5, context_length=32) as batch:
        first, _ = batch.prefill(prompt)
        names = [first, *batch.fork(first, 4)]
        for index, token in enumerate(answer[:3], start=1):
            for logits_TV in batch.decode({names[row]: [token] for row in (3, 0, 2)}).values():
                assert relative_error(logits_TV, wanted[index : index + 1]) < TOLERANCE
        for index, token in enumerate(answer, start=1):
            for logits_TV in batch.decode({names[row]: [token] for row in (4, 1)}).values():
                assert relative_error(logits_TV, wanted[index : index + 1]) < TOLERANCE


def test_drafts_and_single_tokens_of_different_rows_go_together(random_model: ModelMaker, runtime: OnnxRuntime) -> None:
    prompt, answer = random_ids(8, seed=1), random_ids(6, seed=2)
    wanted = reference_logits(random_model("plain"), prompt, answer)
    with runtime.batch(capacity=4, context_length=32) as batch:
        first, _ = batch.prefill(prompt)
        names = [first, *batch.fork(first, 3)]
        fed = dict(zip(names, [answer[:1], answer[:4], answer[:1], answer], strict=True))
        for name, logits_TV in batch.decode(fed).items():
            assert relative_error(logits_TV, wanted[1 : 1 + len(fed[name])]) < TOLERANCE
        assert relative_error(batch.decode({names[1]: answer[4:]})[names[1]], wanted[5:]) < TOLERANCE


def test_batch_goes_on_when_its_runtime_is_closed(random_model: ModelMaker, runtime: OnnxRuntime) -> None:
    batch = runtime.batch(capacity=2, context_length=32)
    runtime.close()
    name, _ = batch.prefill([1, 2, 3])
    logits_TV = batch.decode({name: [4]})[name]
    assert relative_error(logits_TV, reference_logits(random_model("plain"), [1, 2, 3], [4])[1:]) < TOLERANCE


def test_batch_beyond_the_memory_of_the_machine_is_refused(runtime: OnnxRuntime) -> None:
    with pytest.raises(PromptError, match=r"KV cache of \d+ tokens does not fit this machine"):
        runtime.batch(capacity=2**40)


@pytest.mark.parametrize("what", ["runtime", "batch"])
def test_second_thread_is_refused_while_the_first_is_inside(runtime: OnnxRuntime, what: str) -> None:
    """The first thread is held inside by the check of its ids, which waits for the second to be answered."""
    inside, answered = threading.Event(), threading.Event()

    class HoldingIds(list[int]):
        def __bool__(self) -> bool:
            inside.set()
            return answered.wait(30)

    with runtime.batch(capacity=2, context_length=32) as batch:
        read = runtime.prefill if what == "runtime" else batch.prefill
        first = threading.Thread(target=read, args=(HoldingIds([1, 2, 3]),))
        first.start()
        assert inside.wait(30)
        with pytest.raises(RuntimeUnavailableError, match="in use by another thread"):
            read([1, 2, 3])
        answered.set()
        first.join()
        read([4, 5])


PEAK_OF = """
import sys
from pathlib import Path
import psutil
from hrm_edge.runtimes.onnx.runtime import OnnxRuntime
runtime = OnnxRuntime(Path(sys.argv[1]), threads=1)
runtime.prefill([1, 2, 3]); runtime.decode(4)
alone = psutil.Process().memory_info().rss
batches = [runtime.batch(capacity=2, context_length=64) for _ in range(2)]
for batch in batches:
    first, _ = batch.prefill([1, 2, 3])
    batch.decode(dict.fromkeys([first, *batch.fork(first, 1)], [4]))
    batch.decode({first: [5, 6, 7]})
print(psutil.Process().memory_info().rss - alone)
"""


def test_batches_share_one_copy_of_the_weights(tmp_path: Path) -> None:
    """Two batches add the first page of each head's keys and values, 6 MB, and not the 16 MB of weights once more."""
    source = save_random_model(
        tmp_path / "model", vocab_size=8192, hidden_size=512, intermediate_size=1280, heads=8, head_dim=64, layers=4
    )
    model = exported(quantized(source, tmp_path / "4bit", 4), tmp_path / "model.onnx")
    assert model.stat().st_size > 16e6
    answer = subprocess.run([sys.executable, "-c", PEAK_OF, str(model)], capture_output=True, text=True, check=True)
    assert int(answer.stdout) < 12e6


def test_pieces_of_many_shapes_do_not_pile_up(random_model, monkeypatch):
    """What is read stays right when a binding was dropped and made again."""
    monkeypatch.setattr("hrm_edge.runtimes.onnx.batch.MOST_BINDINGS", 2)
    model, prompt = random_model("plain"), random_ids(5, seed=1)
    answer = random_ids(6, seed=2)
    with (
        load_runtime(model, RuntimeOptions(runtime="onnx", threads=1)) as runtime,
        runtime.batch(capacity=4, context_length=32) as batch,
    ):
        names = [batch.prefill(prompt)[0] for _ in range(4)]
        found = []
        for token_id, others in zip(answer, ([1], [2], [1, 2], [3], [1, 2, 3], []), strict=True):
            fed = {names[0]: [token_id]} | {names[other]: [7] for other in others}
            found.append(batch.decode(fed)[names[0]][0])
            assert len(batch._bindings) <= 2
        wanted = reference_logits(model, prompt_ids=prompt, answer_ids=answer)
        assert relative_error(np.stack(found), wanted[1:]) < 1e-4
