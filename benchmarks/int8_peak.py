"""The int8 operations per second that this machine reaches in practice: one large MatMulInteger of ONNX Runtime.

A square product of 2,048 reads each value some thousand times from cache, so that arithmetic is what bounds it. Its
kernels are those (MLAS) that quantized decoding uses too; another library's may reach more.
"""

from time import perf_counter

import numpy as np

SIZE, ROUNDS = 2048, 8


def int8_operations_per_s(threads: int) -> float:
    """Multiplications and additions per second, the best of ROUNDS after one that warms up."""
    import onnxruntime
    from onnx import TensorProto, helper

    weights = np.random.default_rng(0).integers(-127, 128, (SIZE, SIZE), np.int8)
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["activations", "weights"], ["product"])],
        "peak",
        [helper.make_tensor_value_info("activations", TensorProto.UINT8, [SIZE, SIZE])],
        [helper.make_tensor_value_info("product", TensorProto.INT32, [SIZE, SIZE])],
        [helper.make_tensor("weights", TensorProto.INT8, [SIZE, SIZE], weights.tobytes(), raw=True)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    activations = np.full((SIZE, SIZE), 3, np.uint8)
    seconds = []
    for _ in range(ROUNDS + 1):
        start = perf_counter()
        session.run(None, {"activations": activations})
        seconds.append(perf_counter() - start)
    return 2 * SIZE**3 / min(seconds[1:])
