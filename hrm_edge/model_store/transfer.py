"""One file over HTTP: what is already there is not fetched again, and nothing that fails its checksum is kept.

The bytes go to `NAME.part`. A connection that breaks is taken up at the next byte, now or by the next command; once
the file has its stated size its checksum is computed from the disk, and only then it gets its name.
"""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from hrm_edge.errors import HubError
from hrm_edge.model_store.hub import RemoteFile, Repository, hub_errors

if TYPE_CHECKING:
    import httpx2

OnBytes = Callable[[int], None]
ATTEMPTS_WITHOUT_PROGRESS = 5
RETRY_WAIT_S = 1.0
READ_BYTES = 2**20


def fetch(repository: Repository, file: RemoteFile, directory: Path, on_bytes: OnBytes) -> Path:
    """Bring `file` into `directory`, from where an earlier call stopped; return its path.

    on_bytes: hears of bytes as they arrive, those of earlier calls included; less than 0 where some must be fetched
        once more.

    Raises:
        HubError: the connection broke again and again, or the file is not what the hub states.
        OSError: the disk is full or cannot be written.
    """
    path = directory / file.name
    if path.exists():  # it was checked before it got this name
        on_bytes(file.size)
        return path
    part = directory / f"{file.name}.part"
    _fetch_rest(repository, file, part, on_bytes)
    found = checksum(part, file.checksum.partition(":")[0])
    if found != file.checksum:
        part.unlink()
        raise HubError(
            f"{repository.name}: {file.name} arrived with {found} and the hub states {file.checksum}: "
            "it was damaged on its way and is not kept; run the command again"
        )
    part.replace(path)
    return path


def checksum(path: Path, kind: str) -> str:
    """`sha256:…`, or `git-blob:…`: SHA-1 of git's header `blob <size>\\0` and the content."""
    digest = hashlib.sha256() if kind == "sha256" else hashlib.sha1(b"blob %d\0" % path.stat().st_size)
    with path.open("rb") as content:
        while piece := content.read(READ_BYTES):
            digest.update(piece)
    return f"{kind}:{digest.hexdigest()}"


def _fetch_rest(repository: Repository, file: RemoteFile, part: Path, on_bytes: OnBytes) -> None:
    """Append to `part` until it has the stated size; some attempts in a row may bring nothing."""
    from httpx2 import TransportError

    part.touch()
    if part.stat().st_size > file.size:
        part.unlink()
        part.touch()
    on_bytes(part.stat().st_size)
    failures = 0
    while (before := part.stat().st_size) < file.size:
        try:
            with hub_errors(repository.name, repository.endpoint):
                _append(repository, file, part, on_bytes)
        except HubError as error:
            failures = failures + 1 if part.stat().st_size <= before else 0
            if not isinstance(error.__cause__, TransportError) or failures >= ATTEMPTS_WITHOUT_PROGRESS:
                raise
            time.sleep(RETRY_WAIT_S)


def _append(repository: Repository, file: RemoteFile, part: Path, on_bytes: OnBytes) -> None:
    from huggingface_hub import constants
    from huggingface_hub.utils import (  # type: ignore[attr-defined]  # its public place, without an __all__
        build_hf_headers,
        hf_raise_for_status,
        http_stream_backoff,
    )

    start = part.stat().st_size
    headers = build_hf_headers(library_name="hrm-edge") | {"Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    with http_stream_backoff(
        "GET",
        repository.url(file),
        headers=headers,
        timeout=constants.HF_HUB_DOWNLOAD_TIMEOUT,
        retry_on_exceptions=(),  # ours, which count what has arrived
    ) as response:
        hf_raise_for_status(response)
        if start and not _goes_on_at(response, start):
            on_bytes(-start)
            start = 0
        with part.open("ab") as out:
            out.truncate(start)
            _write(response, out.write, file.size - start, on_bytes, f"{repository.name}: {file.name}")


def _goes_on_at(response: "httpx2.Response", start: int) -> bool:
    """Whether the server heeded the range; one that does not sends the whole file with status 200."""
    return response.status_code == 206 and response.headers.get("Content-Range", "").startswith(f"bytes {start}-")


def _write(
    response: "httpx2.Response", write: Callable[[bytes], object], left: int, on_bytes: OnBytes, what: str
) -> None:
    for piece in response.iter_bytes():
        left -= len(piece)
        if left < 0:
            raise HubError(f"{what} is longer than the hub states: it is not what was asked for; run the command again")
        write(piece)
        on_bytes(len(piece))
    if left:
        raise HubError(f"{what} ends {left} bytes before its stated size: it is not what was asked for")
