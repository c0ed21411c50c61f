"""The part of `hrm-edge bench` that measures speed and memory: which models in which runtimes, and how far it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hrm_edge.commands.terminal import export_notice, progress
from hrm_edge.errors import DataError

if TYPE_CHECKING:
    from hrm_edge.bench.latency import Subject, Workload
    from hrm_edge.bench.report import HardwareReport
    from hrm_edge.bench.subjects import SubjectSizes
    from hrm_edge.machine import MachineInfo


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What a run measures."""

    machine: "MachineInfo"
    subjects: "Sequence[Subject]"
    unmeasured: "Sequence[Subject]"
    """What this machine has no device for."""
    answering: "Mapping[Subject, SubjectSizes]"
    """Those that answer the suites → what they are."""


def plan(
    models: list[Path] | None, runtime: str | None, device: str | None, workload: "Workload", *, without_models: bool
) -> Planned:
    """Every model in every runtime, converted where a first use would convert it.

    A model answers the suites in the first runtime that opens it, or in all that --runtime names: two runtimes of the
    same bits give nearly the same answers, and each costs the same time again.

    Raises:
        DataError: models were given to a run without models.
        HrmEdgeError: a runtime is not known or not here, or a model cannot be read or converted.
    """
    from hrm_edge.bench import subjects as bench_subjects
    from hrm_edge.bench.hardware import prepare
    from hrm_edge.machine import describe_machine
    from hrm_edge.models import embedded_model_path

    machine = describe_machine()
    if without_models:
        if models:
            raise DataError(f"--score-only loads no model, and {models[0]} is one: leave one of the two out")
        return Planned(machine=machine, subjects=(), unmeasured=(), answering={})
    names = None if runtime is None else [name.strip() for name in runtime.split(",")]
    subjects, unmeasured = bench_subjects.plan(
        models or [embedded_model_path()],
        machine,
        runtimes=names,
        devices=None if device is None else [device],
    )
    for subject in subjects:
        prepare(subject, workload, on_tensor=export_notice(subject.model))
    first = {subject.model: subject for subject in reversed(subjects)}
    answering = subjects if names else [subject for subject in subjects if first[subject.model] == subject]
    return Planned(
        machine=machine,
        subjects=subjects,
        unmeasured=unmeasured,
        answering={subject: bench_subjects.sizes_of(subject, workload) for subject in answering},
    )


def run_hardware(planned: Planned, workload: "Workload", repeats: int) -> "HardwareReport":
    """Measure them all, each in fresh processes. Errors as measure_hardware."""
    from hrm_edge.bench.hardware import measure_hardware, steps

    with progress("measuring", steps(planned.subjects, repeats)) as on_step:
        return measure_hardware(
            planned.subjects, planned.unmeasured, planned.machine, workload, repeats=repeats, on_step=on_step
        )
