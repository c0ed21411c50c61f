"""One pass of `HrmTextForCausalLM` over a static cache: which tokens, where they are written, what each of them sees.

Every runtime and batch of a loaded model comes through here, one thread at a time: a pass sets the depth on the model,
and the halting head listens to it.

Reference: transformers `models/hrm_text/modeling_hrm_text.py` (HrmTextModel.forward): a mask of four dimensions is
taken as it is, and keys and values go through `Cache.update`.
"""

from contextlib import nullcontext
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from hrm_edge.architecture import Architecture
from hrm_edge.checkpoint.halting import HaltingHead
from hrm_edge.runtimes.one_thread import OneThread
from hrm_edge.runtimes.pytorch.cache import StaticKeysAndValues
from hrm_edge.runtimes.pytorch.compiled import eagerly


@dataclass(frozen=True, kw_only=True)
class Window:
    """What one pass reads, for the places `first` to `first + B` of the cache. All [B, T]."""

    ids: NDArray[np.int64]
    positions: NDArray[np.int64]
    """For the rotary embedding."""
    columns: NDArray[np.int64]
    """Where keys and values are written."""
    last_seen: NDArray[np.int64]
    """The last column that each token attends to."""
    first: int = 0

    @property
    def horizon(self) -> int:
        """Columns that any token attends to."""
        return int(self.last_seen.max()) + 1

    def stacked(self) -> NDArray[np.int64]:
        """[4, B, T]: ids, positions, columns and last_seen, to go to the device in one piece."""
        return np.stack((self.ids, self.positions, self.columns, self.last_seen))

    @classmethod
    def of_prompt(cls, prompt_ids: list[int], *, place: int, block: bool) -> "Window":
        """A whole prompt, as one bidirectional block or causal."""
        positions_BT = np.arange(len(prompt_ids))[None]
        return cls(
            ids=np.array([prompt_ids]),
            positions=positions_BT,
            columns=positions_BT,
            last_seen=np.full_like(positions_BT, len(prompt_ids) - 1) if block else positions_BT,
            first=place,
        )

    @classmethod
    def of_answers(cls, tokens: dict[int, list[int]], lengths: dict[int, int], *, waste: int) -> "Window":
        """Causal `tokens` after the `lengths` of some places; padding and places between them go to column `waste`.

        A token of padding sees the first column, so that its softmax has something to divide by.
        """
        first, last = min(tokens), max(tokens)
        shape = (last - first + 1, max(map(len, tokens.values())))
        ids_BT, positions_BT, columns_BT = (np.zeros(shape, np.int64) for _ in range(3))
        columns_BT[:] = waste
        for place, place_ids in tokens.items():
            row, here = place - first, slice(0, len(place_ids))
            ids_BT[row, here] = place_ids
            positions_BT[row, here] = columns_BT[row, here] = lengths[place] + np.arange(len(place_ids))
        return cls(ids=ids_BT, positions=positions_BT, columns=columns_BT, last_seen=positions_BT, first=first)


class ModelPasses:
    """A loaded model, and the passes that its runtime and its batches ask for."""

    def __init__(
        self,
        model: Any,
        architecture: Architecture,
        head: HaltingHead | None = None,
        *,
        device: str,
        dtype: torch.dtype,
        rounded_kv: bool = False,
        compiled: bool = False,
    ) -> None:
        """`model` is HrmTextForCausalLM on `device`, whose layers have been `compiled` or not; `head` chooses the depth
        of each prompt, None runs every cycle. `rounded_kv` keeps keys and values in 8 bits."""
        self.architecture = architecture
        self.device = device
        self.dtype = dtype
        self.one_thread = OneThread("this model in torch")
        self._model = model
        self._head = head
        self._rounded_kv = rounded_kv
        self._compiled = compiled

    def new_cache(self, *, places: int, columns: int) -> StaticKeysAndValues:
        """Raises PromptError where the device has no memory for it."""
        return StaticKeysAndValues(
            self.architecture,
            places=places,
            columns=columns,
            dtype=self.dtype,
            device=self.device,
            rounded=self._rounded_kv,
        )

    def close(self) -> None:
        """Free the model."""
        self._model = None

    def prefill(self, cache: StaticKeysAndValues, prompt_ids: list[int], place: int) -> tuple[NDArray[np.float32], int]:
        """The last logits [V] of a prompt read into `place`, and the cycles it was read with, as its answer must be."""
        window = Window.of_prompt(prompt_ids, place=place, block=self.architecture.prefix_lm)
        most = self.architecture.h_cycles
        with eagerly() if self._compiled else nullcontext():
            if self._head is None:
                return self.logits(cache, window, cycles=most, keep=1)[0, -1], most
            return self._prefill_until_halted(cache, window, self._head)

    def logits(self, cache: StaticKeysAndValues, window: Window, *, cycles: int, keep: int = 0) -> NDArray[np.float32]:
        """Logits [B, T, V] of what the window reads, or of its last `keep` tokens."""
        inputs_4BT = torch.from_numpy(window.stacked()).to(self.device)
        return to_numpy(
            self.forward(cache, inputs_4BT, first=window.first, horizon=window.horizon, cycles=cycles, keep=keep)
        )

    @torch.inference_mode()
    def forward(
        self,
        cache: StaticKeysAndValues,
        inputs_4BT: torch.Tensor,
        *,
        first: int,
        horizon: int,
        cycles: int,
        keep: int = 0,
    ) -> torch.Tensor:
        """As `logits`, on the device: `inputs_4BT` as Window.stacked; attention spans `horizon` columns, of which the
        mask hides what a token does not see."""
        ids_BT, positions_BT, columns_BT, last_seen_BT = inputs_4BT.unbind()
        self._model.config.H_cycles = cycles
        cache.aim(columns_BT, first=first, horizon=horizon)
        output = self._model(
            ids_BT,
            attention_mask=additive_mask(last_seen_BT, horizon, self.dtype),
            position_ids=positions_BT,
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=keep,
        )
        logits_BTV: torch.Tensor = output.logits
        return logits_BTV

    def _prefill_until_halted(
        self, cache: StaticKeysAndValues, window: Window, head: HaltingHead
    ) -> tuple[NDArray[np.float32], int]:
        """As `prefill`, as deep as `head` goes: keys and values belong to a cycle, so the answer goes no deeper."""
        most = self.architecture.h_cycles
        cycles = count(1)

        def stop_where_head_halts(_module: Any, _inputs: Any, z_high_BTD: torch.Tensor) -> None:
            cycle = next(cycles)
            if cycle < most and head.halts(to_numpy(z_high_BTD[0, -1])):
                raise _Halted(cycle, z_high_BTD)

        hook = self._model.model.H_module.register_forward_hook(stop_where_head_halts)
        try:
            return self.logits(cache, window, cycles=most, keep=1)[0, -1], most
        except _Halted as halted:
            with torch.inference_mode():
                return to_numpy(self._model.lm_head(halted.z_high_BTD[0, -1])), halted.cycle
        finally:
            hook.remove()


class _Halted(Exception):  # noqa: N818 - no error: it leaves transformers' loop over the cycles
    """The head halts after `cycle`, which left `z_high_BTD`."""

    def __init__(self, cycle: int, z_high_BTD: torch.Tensor) -> None:
        super().__init__(cycle)
        self.cycle = cycle
        self.z_high_BTD = z_high_BTD


def additive_mask(last_seen_BT: torch.Tensor, horizon: int, dtype: torch.dtype) -> torch.Tensor:
    """0 where a token attends and −inf elsewhere, [B, 1, T, horizon]: made once a pass, where a mask of booleans would
    be turned into this one by every attention invocation."""
    hidden_B1TC = torch.arange(horizon, device=last_seen_BT.device) > last_seen_BT[:, None, :, None]
    return torch.zeros(hidden_B1TC.shape, dtype=dtype, device=last_seen_BT.device).masked_fill_(hidden_B1TC, -torch.inf)


def to_numpy(values: torch.Tensor) -> NDArray[np.float32]:
    """In float32, on the host."""
    found: NDArray[np.float32] = values.float().cpu().numpy()
    return found
