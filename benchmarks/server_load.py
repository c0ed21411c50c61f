"""Many clients at one server: lost and mixed answers, memory, and how long clients wait.

    python benchmarks/server_load.py --clients 32 --seconds 120
    python benchmarks/server_load.py --clients 8 --seconds 5 --model runs/nano --runtime llama-cpp

Every answer begins with a marker of its request, which goes through the model's batch token by token and must come
back in the response to that request, once and in one piece, before a whole answer. Every tenth client leaves in the
middle of its stream. The server is a process of its own, warmed up before its memory is read; in the end all of its
places must be free again. Prints a table, then one line of JSON; exit code 1 if an answer was lost or mixed.

Memory is read every few seconds while the load goes on. What grows with every request grows in the last third of the
run as in the first; `growth_bytes_per_request` is the difference of the two thirds' medians over the requests between
their middles. What is made once (places that fill for the first time, allocators' arenas) grows in the beginning alone.
"""

import argparse
import asyncio
import json
import platform
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from statistics import median
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil
from openai import APIStatusError, AsyncOpenAI

REQUESTS = (
    "find all files larger than 100 MB",
    "write a function that returns the second largest number in a list",
    "count the words of every text file",
    "reverse a linked list",
)
LEAVES_EVERY = 10
WARM_UP_REQUESTS = 512
"""Until most pieces of the batch that a pass may read, each with buffers of its own, have been read once."""
SAMPLE_EVERY_S = 5.0
MIB = 1 << 20
MARKER = re.compile(r"# request (\d{8})\n")


@dataclass
class Tally:
    """What became of the requests."""

    outcomes: Counter[str] = field(default_factory=Counter)
    """answered, left (by the client), lost, mixed, or the status of an error."""
    seconds: list[float] = field(default_factory=list)
    first_text_seconds: list[float] = field(default_factory=list)
    tokens: int = 0


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The server's memory at one time."""

    at_s: float
    """From the beginning of the load."""
    requests: int
    """That had ended."""
    rss_bytes: int


async def read_memory(process: psutil.Process, tally: Tally, every_s: float, readings: list[Reading]) -> None:
    """Add a reading every so often until it is cancelled."""
    start = time.perf_counter()
    for number in count():
        await asyncio.sleep(max(0.0, start + number * every_s - time.perf_counter()))
        at_s, requests = time.perf_counter() - start, sum(tally.outcomes.values())
        readings.append(Reading(at_s=at_s, requests=requests, rss_bytes=process.memory_info().rss))


def memory_over_time(readings: Sequence[Reading]) -> dict[str, object]:
    """The series, the medians of its first and last third, and what lies between them for each request."""
    third = max(1, len(readings) // 3)
    first, last = readings[:third], readings[-third:]
    grown = median(each.rss_bytes for each in last) - median(each.rss_bytes for each in first)
    requests = median(each.requests for each in last) - median(each.requests for each in first)
    return {
        "rss_series": [[round(each.at_s, 1), each.requests, each.rss_bytes] for each in readings],
        "rss_first_third_bytes": median(each.rss_bytes for each in first),
        "rss_last_third_bytes": median(each.rss_bytes for each in last),
        "growth_bytes_per_request": round(grown / requests, 1) if requests else None,
    }


async def one_request(client: AsyncOpenAI, model: str, number: int, max_tokens: int, tally: Tally) -> None:
    """Ask, and check that what comes back is ours and whole."""
    start, first_text, tokens, reason = time.perf_counter(), None, [], None
    leaves = number % LEAVES_EVERY == LEAVES_EVERY - 1
    try:
        stream = await client.completions.create(
            model=model,
            prompt=f"<|prompt|>{REQUESTS[number % len(REQUESTS)]}<|answer|># request {number:08d}\n",
            echo=True,
            logprobs=0,
            max_tokens=max_tokens,
            temperature=0.8,
            seed=number,
            stream=True,
        )
        async for chunk in stream:
            (choice,) = chunk.choices
            reason = choice.finish_reason or reason
            tokens += choice.logprobs.tokens
            if first_text is None and MARKER.search("".join(tokens)):
                first_text = time.perf_counter() - start
                if leaves:
                    await stream.close()
                    tally.outcomes["left"] += 1
                    return
    except APIStatusError as error:
        tally.outcomes[str(error.status_code)] += 1
        await asyncio.sleep(float(error.response.headers.get("Retry-After", 1)))
        return
    markers = [int(found) for found in MARKER.findall("".join(tokens))]
    outcome = "lost" if reason is None or not markers else "answered" if markers == [number] else "mixed"
    tally.outcomes[outcome] += 1
    tally.tokens += len(tokens)
    tally.seconds.append(time.perf_counter() - start)
    tally.first_text_seconds.append(first_text or 0.0)


async def load(
    url: str,
    model: str,
    *,
    clients: int,
    seconds: float,
    max_tokens: int,
    requests: int | None,
    process: psutil.Process,
    sample_every: float,
) -> tuple[Tally, list[Reading]]:
    """`clients` that ask one after another, for so long or until so many requests."""
    tally, numbers, end = Tally(), count(), time.perf_counter() + seconds
    readings: list[Reading] = []

    async def one_client(client: AsyncOpenAI) -> None:
        for number in numbers:
            if time.perf_counter() > end or (requests is not None and number >= requests):
                return
            await one_request(client, model, number, max_tokens, tally)

    reader = asyncio.create_task(read_memory(process, tally, sample_every, readings))
    async with AsyncOpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0, timeout=600) as client:
        await asyncio.gather(*(one_client(client) for _ in range(clients)))
    reader.cancel()
    with suppress(asyncio.CancelledError):
        await reader
    return tally, readings


@contextmanager
def server(arguments: Sequence[str]) -> Iterator[tuple[str, psutil.Process]]:
    """A server process that has its model: its address and itself."""
    command = [sys.executable, "-m", "hrm_edge", "serve", "--port", "0", *arguments]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        url = process.stderr.readline().split(" at ")[1].split("/ ")[0]
        while not is_up(url):
            time.sleep(0.1)
        yield url, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.communicate()


def is_up(url: str) -> bool:
    """Whether the model is loaded; raises where it never will be."""
    try:
        get(f"{url}/health")
    except HTTPError as error:
        if json.load(error)["status"] != "loading":
            raise
        return False
    return True


def get(url: str) -> str:
    """The text at an address."""
    with urlopen(url) as response:
        return response.read().decode()


def gauges(url: str) -> dict[str, float]:
    """The figures of /metrics that have no labels."""
    lines = get(f"{url}/metrics").splitlines()
    pairs = [line.split(" ") for line in lines if line.startswith("hrm_edge_") and "{" not in line]
    return {name: float(value) for name, value in pairs}


def wait_until_idle(url: str) -> bool:
    """Whether all places are free once those who left are noticed."""
    for _ in range(100):
        now = gauges(url)
        if now["hrm_edge_answers_running"] == now["hrm_edge_answers_waiting"] == 0:
            return True
        time.sleep(0.1)
    return False


def quantile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that `share` of all do not exceed."""
    return sorted(values)[min(int(share * len(values)), len(values) - 1)] if values else None


def measure(options: argparse.Namespace) -> dict[str, object]:
    """The whole run as JSON."""
    arguments = ["--runtime", options.runtime, "--places", str(options.places)]
    arguments += ["--model", options.model] if options.model else []
    with server(arguments) as (url, process):
        model = json.loads(get(f"{url}/v1/models"))["data"][0]["id"]
        shape = {"clients": options.clients, "max_tokens": options.max_tokens}
        watched = {"process": process, "sample_every": options.sample_every}
        asyncio.run(load(url, model, seconds=options.seconds, requests=options.warm_up, **shape, **watched))
        wait_until_idle(url)
        before, files_before, start = process.memory_info().rss, process.num_fds(), time.perf_counter()
        tally, readings = asyncio.run(load(url, model, seconds=options.seconds, requests=None, **shape, **watched))
        elapsed = time.perf_counter() - start
        idle = wait_until_idle(url)
        return {
            "machine": platform.processor() or platform.machine(),
            "model": model,
            "runtime": options.runtime,
            "places": options.places,
            **shape,
            "seconds": round(elapsed, 1),
            "outcomes": dict(tally.outcomes),
            "answer_s": {"p50": quantile(tally.seconds, 0.5), "p95": quantile(tally.seconds, 0.95)},
            "first_text_s": {
                "p50": quantile(tally.first_text_seconds, 0.5),
                "p95": quantile(tally.first_text_seconds, 0.95),
            },
            "tokens_per_s": round(tally.tokens / elapsed, 1),
            "rss_before_bytes": before,
            "rss_after_bytes": process.memory_info().rss,
            **memory_over_time(readings),
            "files_before": files_before,
            "files_after": process.num_fds(),
            "all_places_free": idle,
        }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--places", type=int, default=16)
    parser.add_argument("--max-tokens", type=int, default=64)
    parser.add_argument("--model", help="default: the embedded one")
    parser.add_argument("--runtime", default="onnx")
    parser.add_argument("--warm-up", type=int, default=WARM_UP_REQUESTS, help="requests before memory is read")
    parser.add_argument("--sample-every", type=float, default=SAMPLE_EVERY_S, help="seconds between readings")
    result = measure(parser.parse_args())
    for name, value in result.items():
        if name != "rss_series":
            print(f"{name:>24}  {value}", file=sys.stderr)
    for at_s, requests, rss_bytes in result["rss_series"]:
        print(f"{at_s:>10.1f} s  {requests:>7} requests  {rss_bytes / MIB:>8.1f} MiB", file=sys.stderr)
    print(json.dumps(result))
    outcomes = result["outcomes"]
    wrong = outcomes.get("lost", 0) + outcomes.get("mixed", 0)
    return 1 if wrong or not result["all_places_free"] else 0


if __name__ == "__main__":
    sys.exit(main())
