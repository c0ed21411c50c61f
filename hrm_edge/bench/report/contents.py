"""Everything a run of the bench found, on what, and with which command: the source of every form of the report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hrm_edge.bench.bandwidth import Bandwidth
from hrm_edge.bench.latency import Latency, Spread, Subject, Workload
from hrm_edge.bench.neighbours import Lookup
from hrm_edge.bench.pairing import PairedLoss
from hrm_edge.bench.roofline import Roofline
from hrm_edge.bench.scores import SuiteScores
from hrm_edge.bench.subjects import SubjectSizes
from hrm_edge.machine import MachineInfo


@dataclass(frozen=True, kw_only=True)
class SubjectReport:
    """One model in one runtime on one device."""

    subject: Subject
    sizes: SubjectSizes
    latency: Latency
    roofline: Roofline | None
    """None on a GPU, whose memory the host's bandwidth says nothing about."""

    def to_json(self) -> dict[str, Any]:
        latency = self.latency
        return {
            "model": str(self.subject.model),
            "runtime": self.subject.runtime,
            "device": self.subject.device,
            "measured": True,
            **self.sizes.to_json(),
            "kv_bytes_per_token": latency.kv_bytes_per_token,
            "cold_start_s": None if latency.cold_start_s is None else latency.cold_start_s.to_json(),
            "load_s": latency.load_s.to_json(),
            "ttft_s": latency.ttft_s.to_json(),
            "prefill_tokens_per_s": latency.prefill_tokens_per_s.to_json(),
            "decode_tokens_per_s": latency.decode_tokens_per_s.to_json(),
            "problem_s": latency.problem_s.to_json(),
            "peak_rss_bytes": latency.peak_rss_bytes.to_json(),
            "roofline": None if self.roofline is None else self.roofline.to_json(),
        }


@dataclass(frozen=True, kw_only=True)
class HardwareReport:
    """Speed and memory of every subject on this machine."""

    workload: Workload
    repeats: int
    """Fresh processes per subject."""
    memory_bandwidth: Bandwidth
    subjects: Sequence[SubjectReport]
    unmeasured: Sequence[Subject]
    """What this machine has no device for."""
    help_s: Spread
    seconds: float
    """That measuring took."""

    def to_json(self) -> dict[str, Any]:
        return {
            "workload": {
                "prompt_tokens": self.workload.prompt_tokens,
                "answer_tokens": self.workload.answer_tokens,
                "threads": self.workload.threads,
                "cycles": self.workload.cycles,
                "repeats": self.repeats,
            },
            "memory_bandwidth": self.memory_bandwidth.to_json(),
            "help_s": self.help_s.to_json(),
            "seconds": self.seconds,
            "subjects": [
                *(subject.to_json() for subject in self.subjects),
                *(
                    {"model": str(s.model), "runtime": s.runtime, "device": s.device, "measured": False}
                    for s in self.unmeasured
                ),
            ],
        }


@dataclass(frozen=True, kw_only=True)
class BenchReport:
    """One run of the bench. What was not run is None or empty, and has no part in any form of the report."""

    date: str
    """In UTC, to the minute."""
    command: str
    """As typed: what makes the run again."""
    machine: MachineInfo
    engines: Mapping[str, str] = field(default_factory=dict)
    """What an engine says of its own build, beside the versions in `machine`."""
    settings: Mapping[str, str | int | float | None] = field(default_factory=dict)
    """How answers were drawn: seed, samples, temperature, …, under the names of the command's options."""
    hardware: HardwareReport | None = None
    suites: Sequence[SuiteScores] = ()
    losses: Sequence[PairedLoss] = ()
    """One answerer against another: models against the first one, neighbours against none, both against retrieval."""
    lookups: Sequence[Lookup] = ()
    """What the local index had for each suite."""

    def to_json(self) -> dict[str, Any]:
        """All that was found; every number is finite."""
        return {
            "date": self.date,
            "command": self.command,
            "settings": dict(self.settings),
            "machine": self.machine.to_json(),
            "engines": dict(self.engines),
            "hardware": None if self.hardware is None else self.hardware.to_json(),
            "suites": [suite.to_json() for suite in self.suites],
            "lookups": [lookup.to_json() for lookup in self.lookups],
            "losses": [loss.to_json() for loss in self.losses],
        }
