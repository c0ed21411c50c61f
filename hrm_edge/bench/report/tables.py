"""The report as tables of text, worded once for every form of it. What was solved stands in accuracy_tables."""

from collections.abc import Mapping
from dataclasses import replace

from hrm_edge.bench.latency import Spread
from hrm_edge.bench.report.accuracy_tables import suite_tables
from hrm_edge.bench.report.comparison_tables import comparison_tables
from hrm_edge.bench.report.contents import BenchReport, HardwareReport, SubjectReport
from hrm_edge.bench.report.table import NOTHING, Table
from hrm_edge.bench.report.targets import GB, MB, verdicts
from hrm_edge.bench.report.text import printable
from hrm_edge.machine import MachineInfo

NOT_MEASURED = "not measured on this machine"


def terminal_tables(report: BenchReport) -> list[Table]:
    """What a person at the terminal wants to see, in order; the files hold more. No text in them steers a terminal."""
    tables = [
        *hardware_tables(report.hardware),
        *suite_tables(report),
        *comparison_tables(report),
        *target_tables(report),
    ]
    return [
        replace(
            table,
            header=[printable(cell) for cell in table.header],
            rows=[[printable(cell) for cell in row] for row in table.rows],
        )
        for table in tables
    ]


def hardware_tables(hardware: HardwareReport | None) -> list[Table]:
    """Speed, memory and roofline of every subject; none where nothing was measured."""
    if hardware is None:
        return []
    return [_speed(hardware), _memory(hardware), *_roofline(hardware)]


def target_tables(report: BenchReport) -> list[Table]:
    """Every target this run can judge."""
    rows = [[verdict.word, verdict.what, verdict.figure, verdict.target] for verdict in verdicts(report)]
    return [Table(title="Targets", header=("", "what", "measured", "target"), rows=rows, names=2)] if rows else []


def machine_table(machine: MachineInfo, hardware: HardwareReport | None, engines: Mapping[str, str]) -> Table:
    """The machine and the versions of everything that ran."""
    cores = f"{machine.physical_cores or 'unknown'} physical, {machine.logical_cores or 'unknown'} logical"
    extensions = machine.vector_extensions
    cache = machine.last_level_cache_bytes
    rows = [
        ["processor", machine.cpu],
        ["cores", f"{cores}, {machine.usable_cores} usable"],
        ["vector extensions", "unknown" if extensions is None else ", ".join(extensions) or "none found"],
        ["last-level cache", "unknown" if cache is None else f"{cache / 2**20:g} MiB"],
        ["memory", f"{machine.memory_bytes / GB:.1f} GB, {machine.available_memory_bytes / GB:.1f} GB available"],
        *([] if hardware is None else [["memory bandwidth", _bandwidth(hardware)]]),
        ["GPU", "; ".join(machine.gpus) or "none found"],
        ["system", machine.system],
        ["Python", machine.python],
        ["hrm-edge", machine.hrm_edge],
        *([name, version or "not installed"] for name, version in machine.libraries.items()),
        *([f"runtime {name}", ", ".join(devices) or "not installed"] for name, devices in machine.runtimes.items()),
        *([name, told] for name, told in engines.items()),
    ]
    return Table(title="Machine", header=("what", "found"), rows=rows, names=2)


def run_table(report: BenchReport) -> Table:
    """When and how: what makes the run again."""
    rows = [["date", report.date], ["command", report.command]]
    rows += [[name, NOTHING if value is None else str(value)] for name, value in report.settings.items()]
    if report.hardware is not None:
        rows += [["speed measured with", conditions(report.hardware)]]
        rows += [["measuring speed took", f"{report.hardware.seconds:.0f} s"]]
    return Table(title="Run", header=("what", "value"), rows=rows, names=2)


def conditions(hardware: HardwareReport) -> str:
    """With what speed and memory were measured, in one line."""
    workload = hardware.workload
    threads = "default" if workload.threads is None else str(workload.threads)
    cycles = "" if workload.cycles is None else f", {workload.cycles} H cycles"
    return (
        f"{workload.prompt_tokens}-token prompt, {workload.answer_tokens}-token answer, batch 1, "
        f"threads {threads}{cycles}; median of {hardware.repeats} fresh processes per model and runtime, alternating"
    )


def _speed(hardware: HardwareReport) -> Table:
    header = "model|runtime|device|bits|cold start|load|TTFT|prefill tokens/s|decode tokens/s|problem p50|problem p95"
    rows = []
    for row in hardware.subjects:
        latency = row.latency
        rows.append(
            [
                *_identity(row), _seconds(latency.cold_start_s), _seconds(latency.load_s), _seconds(latency.ttft_s),
                f"{latency.prefill_tokens_per_s.median:,.0f}", f"{latency.decode_tokens_per_s.median:,.4g}",
                _seconds(latency.problem_s), f"{latency.problem_s.p95:.3f} s",
            ]
        )  # fmt: skip
    note = f"{_sentence(conditions(hardware))} A problem is one whole answer."
    absent = dict.fromkeys(f"{subject.runtime} on {subject.device}" for subject in hardware.unmeasured)
    if absent:
        note += f" {_sentence(NOT_MEASURED)[:-1]}: {', '.join(absent)}."
    return Table(title="Speed", header=header.split("|"), rows=rows, names=3, note=note)


def _memory(hardware: HardwareReport) -> Table:
    header = "model|runtime|device|bits|parameters|file|weights in memory|KV per token|KV of one problem|peak RSS"
    workload = hardware.workload
    rows = [
        [
            *_identity(row), f"{row.sizes.parameters / 1e6:,.1f} M", _megabytes(row.sizes.file_bytes),
            _megabytes(row.sizes.weights.held), f"{row.latency.kv_bytes_per_token / 1024:g} KiB",
            _megabytes(row.latency.kv_bytes_per_token * (workload.prompt_tokens + workload.answer_tokens)),
            _megabytes(row.latency.peak_rss_bytes.median),
        ]
        for row in hardware.subjects
    ]  # fmt: skip
    note = "Peak resident memory of a fresh process, Python and the runtime included."
    return Table(title="Memory", header=header.split("|"), rows=rows, names=3, note=note)


def _roofline(hardware: HardwareReport) -> list[Table]:
    header = "model|runtime|device|bits|weights read per token|KV read|bandwidth at that size|ceiling|measured|share"
    rows = [
        [
            *_identity(row), _megabytes(roof.weight_bytes_per_token), _megabytes(roof.kv_bytes_read_per_token),
            f"{roof.bandwidth.bytes_per_s / GB:.1f} GB/s over {_megabytes(roof.bandwidth.working_set_bytes)}",
            f"{roof.ceiling_tokens_per_s:,.4g} tokens/s", f"{roof.decode_tokens_per_s:,.4g} tokens/s",
            f"{roof.share * 100:.0f} %",
        ]
        for row in hardware.subjects
        if (roof := row.roofline) is not None
    ]  # fmt: skip
    if not rows:
        return []
    note = (
        "Tokens per second if reading weights and keys and values were all that decoding takes, at the bandwidth "
        "measured over as many bytes as the weights hold (Williams et al. 2009); a looped model reads its weights "
        f"again in every cycle. Memory itself: {_bandwidth(hardware)}."
    )
    return [Table(title="Roofline of decoding", header=header.split("|"), rows=rows, names=3, note=note)]


def _identity(row: SubjectReport) -> list[str]:
    return [row.subject.name, row.subject.runtime, row.subject.device, str(row.sizes.bits)]


def _bandwidth(hardware: HardwareReport) -> str:
    found = hardware.memory_bandwidth
    return (
        f"{found.bytes_per_s / GB:.1f} GB/s read by {found.threads} thread{'s' if found.threads > 1 else ''} "
        f"over {_megabytes(found.working_set_bytes)}"
    )


def _seconds(spread: Spread | None) -> str:
    return NOTHING if spread is None else f"{spread.median:.3f} s"


def _megabytes(size: float) -> str:
    return f"{size / MB:,.1f} MB"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
