"""A loaded model as `run` and its interactive prompt have it."""

from hrm_edge.commands.run.answering import Answerer
from hrm_edge.runtimes.options import RuntimeOptions


def test_the_depths_of_a_search_compute_with_as_many_threads_as_were_asked_for(random_model):
    """As ONNX Runtime itself says; None would be one thread for so small a model."""
    with Answerer.load(random_model("plain"), RuntimeOptions(runtime="onnx", threads=2)) as answerer:
        runtimes = [answerer.runtime, *(model.runtime for model in answerer._other_depths())]
        threads = [runtime._session.get_session_options().intra_op_num_threads for runtime in runtimes]
        assert [runtime.cycles for runtime in runtimes] == [2, 1]
    assert threads == [2, 2]
