"""Measuring the hardware report: bandwidth first, while the machine is quiet, then every subject in fresh processes.

subjects, unmeasured = plan([embedded_model_path()], machine)
for subject in subjects:
    prepare(subject, Workload())
hardware = measure_hardware(subjects, unmeasured, machine, Workload())
"""

from collections.abc import Callable, Sequence
from time import perf_counter

from hrm_edge.bench.bandwidth import Bandwidth, bandwidth_at, memory_bandwidth
from hrm_edge.bench.latency import Latency, Subject, Workload, help_s, measure
from hrm_edge.bench.models import model_file
from hrm_edge.bench.report.contents import HardwareReport, SubjectReport
from hrm_edge.bench.roofline import Roofline, kv_bytes_read
from hrm_edge.bench.subjects import SubjectSizes, sizes_of
from hrm_edge.checkpoint.foreign_gguf import is_foreign_gguf
from hrm_edge.machine import MachineInfo
from hrm_edge.runtimes.load import OnTensor, load_tokenizer

DEFAULT_REPEATS = 3


def prepare(subject: Subject, workload: Workload, *, on_tensor: OnTensor | None = None) -> None:
    """Whatever a first use converts is made now, so that no measured start does it.

    Raises:
        HrmEdgeError: the model cannot be read or converted.
    """
    model_file(subject.model, runtime=subject.runtime, cycles=workload.cycles, on_tensor=on_tensor)
    if not is_foreign_gguf(subject.model):
        load_tokenizer(subject.model)


def steps(subjects: Sequence[Subject], repeats: int) -> int:
    """How often `on_step` of measure_hardware is called."""
    return 1 + len(subjects) * repeats


def measure_hardware(
    subjects: Sequence[Subject],
    unmeasured: Sequence[Subject],
    machine: MachineInfo,
    workload: Workload,
    *,
    repeats: int = DEFAULT_REPEATS,
    on_step: Callable[[str], None] | None = None,
) -> HardwareReport:
    """Measure all subjects, which `prepare` has seen before.

    Raises:
        HrmEdgeError: a subject cannot be loaded or run.
    """
    start = perf_counter()
    memory = memory_bandwidth(machine)
    if on_step is not None:
        on_step("memory bandwidth")
    sizes = {subject: sizes_of(subject, workload) for subject in subjects}
    bandwidths = {size.weights.held: bandwidth_at(size.weights.held, machine, memory) for size in sizes.values()}
    latencies = measure(subjects, workload, repeats, on_step=on_step)
    rows = [
        SubjectReport(
            subject=subject,
            sizes=sizes[subject],
            latency=latency,
            roofline=_roofline(sizes[subject], latency, workload, bandwidths) if subject.device == "cpu" else None,
        )
        for subject, latency in latencies.items()
    ]
    return HardwareReport(
        workload=workload,
        repeats=repeats,
        memory_bandwidth=memory,
        subjects=rows,
        unmeasured=unmeasured,
        help_s=help_s(repeats),
        seconds=perf_counter() - start,
    )


def _roofline(sizes: SubjectSizes, latency: Latency, workload: Workload, bandwidths: dict[int, Bandwidth]) -> Roofline:
    return Roofline(
        weight_bytes_per_token=sizes.weights.per_token,
        kv_bytes_read_per_token=kv_bytes_read(
            latency.kv_bytes_per_token, prompt_tokens=workload.prompt_tokens, answer_tokens=workload.answer_tokens
        ),
        bandwidth=bandwidths[sizes.weights.held],
        decode_tokens_per_s=latency.decode_tokens_per_s.median,
    )


def engine_notes(machine: MachineInfo) -> dict[str, str]:
    """What engines say of their own build and of the instructions they use here."""
    if not machine.runtimes["llama-cpp"]:
        return {}
    from hrm_edge.runtimes.llama.native import system_info

    return {"llama.cpp": system_info()}
