"""What a repository of the Hugging Face Hub offers: the files we take of it, at one commit, with their checksums.

Taken by name and by nothing else: config, tokenizer and templates, and safetensors. Never a pickle, never code; the
names of shards come from the index file, which is read before them. `huggingface_hub` speaks to the hub; nothing of
`transformers` does, and `auto_map` in a config (code the repository would like to have run) is not followed.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from hrm_edge import __version__
from hrm_edge.checkpoint.halting import HALTING_NAME
from hrm_edge.checkpoint.huggingface import INDEX_NAME, PICKLE_SUFFIXES, WEIGHTS_NAME
from hrm_edge.checkpoint.text_files import JSON_LIMIT_BYTES, TOKENIZER_LIMIT_BYTES
from hrm_edge.errors import HubError
from hrm_edge.model_store.names import ModelName

if TYPE_CHECKING:
    from huggingface_hub.hf_api import RepoSibling

CONFIG_NAME = "config.json"
TOKENIZER_NAME = "tokenizer.json"
TEXT_LIMITS = {
    CONFIG_NAME: JSON_LIMIT_BYTES,
    TOKENIZER_NAME: TOKENIZER_LIMIT_BYTES,
    "tokenizer_config.json": JSON_LIMIT_BYTES,
    "special_tokens_map.json": JSON_LIMIT_BYTES,
    "chat_template.jinja": JSON_LIMIT_BYTES,
    "generation_config.json": JSON_LIMIT_BYTES,
    INDEX_NAME: JSON_LIMIT_BYTES,
}
"""Every text that is taken, and the most bytes it may have."""
REQUIRED = (CONFIG_NAME, TOKENIZER_NAME)
ENDPOINT_VARIABLE = "HF_ENDPOINT"
TELEMETRY_VARIABLE = "HF_HUB_DISABLE_TELEMETRY"
PUBLIC_ENDPOINT = "https://huggingface.co"
ANSWER_TIMEOUT_S = 30
_COMMIT = re.compile("[0-9a-f]{40}")


@dataclass(frozen=True, kw_only=True)
class RemoteFile:
    """A file as the hub states it."""

    name: str
    size: int
    checksum: str
    """`sha256:…` for what Git LFS keeps, else `git-blob:…`."""


@dataclass(frozen=True, kw_only=True)
class Repository:
    """A repository at one commit; its files never change any more."""

    name: ModelName
    endpoint: str
    commit: str
    files: Mapping[str, RemoteFile]
    """Everything of it that could be taken, by name: texts and safetensors of its top folder."""

    def texts(self) -> list[RemoteFile]:
        """Config, tokenizer, templates and the index of shards, the config first; an index only where it is used.

        Raises:
            HubError: one that is needed is not there, or is larger than such a file can be.
        """
        names = [name for name in TEXT_LIMITS if name in self.files]
        if WEIGHTS_NAME in self.files and INDEX_NAME in names:
            names.remove(INDEX_NAME)
        for name in REQUIRED:
            if name not in self.files:
                raise HubError(f"{self.name} has no {name} on the hub, and a model needs it: choose another repository")
        for name in names:
            if self.files[name].size > TEXT_LIMITS[name]:
                raise HubError(
                    f"{self.name}: {name} has {self.files[name].size} bytes on the hub and such a file has at most "
                    f"{TEXT_LIMITS[name]}: choose another repository"
                )
        return [self.files[name] for name in names]

    def weights(self, shards: list[str]) -> list[RemoteFile]:
        """The named safetensors files, and the halting head where there is one.

        Raises:
            HubError: a shard that the index names is not there.
        """
        for shard in shards:
            if shard not in self.files:
                raise HubError(f"{self.name}: {INDEX_NAME} names {shard}, which is not on the hub: tell its owner")
        names = [*shards, *([HALTING_NAME] if HALTING_NAME in self.files else [])]
        return [self.files[name] for name in names]

    def url(self, file: RemoteFile) -> str:
        from huggingface_hub import hf_hub_url

        return hf_hub_url(self.name.repository, file.name, revision=self.commit, endpoint=self.endpoint)


def find_repository(name: ModelName) -> Repository:
    """Ask the hub (or HF_ENDPOINT) for the newest commit of `name` and its files. HF_TOKEN is sent where it is set.

    Raises:
        HubError: the hub cannot be reached, has no such model or revision, or the model has no safetensors.
    """
    os.environ.setdefault(TELEMETRY_VARIABLE, "1")  # or it looks for and tells the agent that runs this command
    from huggingface_hub import HfApi

    endpoint = os.environ.get(ENDPOINT_VARIABLE, PUBLIC_ENDPOINT).rstrip("/")
    api = HfApi(endpoint=endpoint, library_name="hrm-edge", library_version=__version__)
    with hub_errors(name, endpoint):
        try:
            info = api.model_info(
                name.repository, revision=name.revision, files_metadata=True, timeout=ANSWER_TIMEOUT_S
            )
        except (AttributeError, KeyError, TypeError, UnicodeError, json.JSONDecodeError) as error:
            raise _no_hub(endpoint) from error
    siblings = info.siblings or []
    if not (isinstance(info.sha, str) and _COMMIT.fullmatch(info.sha)):
        raise _no_hub(endpoint)
    wanted = [sibling for sibling in siblings if _is_wanted(sibling.rfilename)]
    if not any(sibling.rfilename in (WEIGHTS_NAME, INDEX_NAME) for sibling in wanted):
        _refuse_without_safetensors(name, [sibling.rfilename for sibling in siblings])
    files = {sibling.rfilename: _remote_file(name, sibling) for sibling in wanted}
    return Repository(name=name, endpoint=endpoint, commit=info.sha, files=files)


def _no_hub(endpoint: str) -> HubError:
    return HubError(f"{endpoint} does not answer as a Hugging Face Hub does: check {ENDPOINT_VARIABLE}")


def _is_wanted(file: str) -> bool:
    plain = not set(file) & set("/\\:\0") and not file.startswith(".")
    return plain and (file in TEXT_LIMITS or file.endswith(".safetensors"))


def _refuse_without_safetensors(name: ModelName, files: list[str]) -> NoReturn:
    pickles = sorted(file for file in files if file.endswith(PICKLE_SUFFIXES))
    if pickles:
        raise HubError(
            f"{name} has its weights as a pickle ({pickles[0][:80]}) and not as safetensors: a pickle can run any code "
            "when it is opened and is never fetched; ask its owner for safetensors"
        )
    raise HubError(f"{name} has no {WEIGHTS_NAME} on the hub: hrm-edge takes models with safetensors only")


def _remote_file(name: ModelName, sibling: "RepoSibling") -> RemoteFile:
    size, checksum = sibling.size, f"git-blob:{sibling.blob_id}"
    if sibling.lfs is not None:
        size, checksum = sibling.lfs.size, f"sha256:{sibling.lfs.sha256}"
    if type(size) is not int or size < 0 or checksum == "git-blob:None":
        raise HubError(f"{name}: the hub states no size or checksum of {sibling.rfilename}: it cannot be checked")
    return RemoteFile(name=sibling.rfilename, size=size, checksum=checksum)


@contextmanager
def hub_errors(name: ModelName, endpoint: str) -> Iterator[None]:
    """Say in one line what the hub, or the way to it, refused."""
    from httpx2 import HTTPError, InvalidURL
    from huggingface_hub import errors

    try:
        yield
    except errors.GatedRepoError as error:
        raise HubError(
            f"{name} is gated: accept its terms at {endpoint}/{name.repository} and set HF_TOKEN to a token of yours"
        ) from error
    except errors.RepositoryNotFoundError as error:
        raise HubError(
            f"{endpoint} has no model {name.repository}, or it is private: check the name, or set HF_TOKEN"
        ) from error
    except errors.RevisionNotFoundError as error:
        raise HubError(
            f"{name.repository} has no revision {name.revision!r}: give a branch, tag or commit of it"
        ) from error
    except errors.OfflineModeIsEnabled as error:
        raise HubError(f"{name} cannot be pulled while HF_HUB_OFFLINE is set: unset it") from error
    except errors.HfHubHTTPError as error:
        status = error.response.status_code
        raise HubError(f"{endpoint} answers {status} for {name}: try again later, or check HF_TOKEN") from error
    except (HTTPError, InvalidURL) as error:
        raise HubError(
            f"{endpoint} cannot be reached ({_one_line(error)}): check the connection, or {ENDPOINT_VARIABLE}; "
            "the same command goes on where it stopped"
        ) from error


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__
