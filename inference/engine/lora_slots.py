"""Style LoRAs worn without touching the model's weights: fixed slots beside its layers.

Each layer that some style changes has room for a few styles, filled by copying and never
allocated again; a call computes with those it is told to wear. It knows layers by name and no
family. Only the device thread calls it, ``check`` aside.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch.nn.functional import conv2d, linear

from inference.engine.lora_files import Change, LoraUnfit, read_lora
from inference.engine.lora_folder import find_lora, lora_names
from inference.jobs import MAX_LORAS, Lora, RenderFailed

if TYPE_CHECKING:
    from torch import Tensor

_log = logging.getLogger(__name__)
NUM_SLOTS = 4
Key = tuple[str, str]  # part of the model, flattened path of the layer


class LoraSlots:
    """The styles of one folder on one model."""

    def __init__(
        self, parts: Mapping[str, torch.nn.Module], folder: Path, num_slots: int = NUM_SLOTS
    ) -> None:
        """``parts``: ``network`` and the text encoders. Files that do not fit are told and left out."""
        if num_slots < MAX_LORAS:
            raise ValueError(f"a job may wear {MAX_LORAS} styles at once, not {num_slots}")
        self._folder = folder
        self._layers = dict(_layers(parts))
        self._ranks: dict[Key, int] = {}
        self._names = frozenset(name for name in lora_names(folder) if self._admits(name))
        self._num_slots = min(num_slots, len(self._names))
        self._worn: list[tuple[int, float]] = []  # slot and strength; every layer looks here
        self._rooms = {
            key: _Room(self._layers[key], rank, self._num_slots, self._worn)
            for key, rank in self._ranks.items()
        }
        self._slots: OrderedDict[str, int] = OrderedDict()  # what is in them, oldest use first

    @property
    def names(self) -> frozenset[str]:
        """The styles this model can wear."""
        return self._names

    def check(self, name: str) -> None:
        """Raise ``RenderFailed`` (``render-lora-missing``) unless the style is here and fits."""
        if name not in self._names:
            raise RenderFailed("render-lora-missing", lora=name)

    @contextmanager
    def wearing(self, loras: Sequence[Lora]) -> Iterator[None]:
        """Inside, every call of the model has these styles added at their strengths."""
        for lora in loras:
            self._bring_in(lora.name, {other.name for other in loras})
        self._worn[:] = [(self._slots[lora.name], lora.strength) for lora in loras]
        try:
            yield
        finally:
            self._worn.clear()

    def _admits(self, name: str) -> bool:
        """True where the model has every layer the file changes; notes the room they need."""
        try:
            changes = self._read(name)
        except LoraUnfit:
            _log.warning("the style %s does not fit this model and is left out", name)
            return False
        for key, change in changes.items():
            self._ranks[key] = max(self._ranks.get(key, 0), change.down.shape[0])
        return True

    def _read(self, name: str) -> dict[Key, Change]:
        changes = {(one.part, one.layer): one for one in read_lora(find_lora(self._folder, name))}
        for key, change in changes.items():
            if key not in self._layers or not _is_made_for(self._layers[key], change):
                raise LoraUnfit(key[1])
        return changes

    def _bring_in(self, name: str, needed: set[str]) -> None:
        """Copy the style into a slot unless it is in one; the longest unused makes room."""
        if name not in self._slots:
            changes = self._read_again(name)
            slot = len(self._slots)
            if slot == self._num_slots:
                slot = self._slots.pop(next(old for old in self._slots if old not in needed))
            for key, room in self._rooms.items():
                room.fill(slot, changes.get(key))
            self._slots[name] = slot
        self._slots.move_to_end(name)

    def _read_again(self, name: str) -> dict[Key, Change]:
        """The file as it is now; one that was changed beyond its room is as good as gone."""
        try:
            changes = self._read(name)
        except LoraUnfit:
            raise RenderFailed("render-lora-missing", lora=name) from None
        if any(one.down.shape[0] > self._ranks.get(key, 0) for key, one in changes.items()):
            raise RenderFailed("render-lora-missing", lora=name)
        return changes


class _Room:
    """Room for the styles of one layer, and the hook that adds those that are worn."""

    def __init__(
        self, layer: Any, rank: int, num_slots: int, worn: list[tuple[int, float]]
    ) -> None:
        weight = layer.weight
        kernel = weight.shape[2:]  # () or (k, k)
        self._down = weight.new_zeros(num_slots, rank, *weight.shape[1:])
        self._up = weight.new_zeros(num_slots, weight.shape[0], rank, *[1 for _ in kernel])
        self._worn = worn
        layer.register_forward_hook(self._add)

    def fill(self, slot: int, change: Change | None) -> None:
        """Overwrite a slot in place; a style of lower rank leaves zeros."""
        self._down[slot].zero_()
        self._up[slot].zero_()
        if change is not None:
            rank = change.down.shape[0]
            down, up = self._down[slot, :rank], self._up[slot, :, :rank]
            down.copy_(change.down.reshape(down.shape))
            up.copy_(change.up.reshape(up.shape).float() * change.scale)

    def _add(self, layer: Any, inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
        for slot, strength in self._worn:
            down, up = self._down[slot], self._up[slot]
            if down.dim() == 2:
                change = linear(linear(inputs[0], down), up)
            else:
                narrow = conv2d(inputs[0], down, None, layer.stride, layer.padding, layer.dilation)
                change = conv2d(narrow, up)
            output = output + strength * change
        return output


def _layers(parts: Mapping[str, torch.nn.Module]) -> Iterable[tuple[Key, Any]]:
    """Every layer that a LoRA may change."""
    for part, model in parts.items():
        for path, module in model.named_modules():
            is_plain = isinstance(module, torch.nn.Linear)
            if is_plain or (isinstance(module, torch.nn.Conv2d) and module.groups == 1):
                name = path.replace(".", "_").removeprefix("text_model_")
                yield (part, name), module


def _is_made_for(layer: Any, change: Change) -> bool:
    """True where both matrices have the layer's sizes; a 1x1 kernel may be written as none."""
    weight = layer.weight
    inputs = weight[0].numel()
    rank = change.down.shape[0]
    return change.down.numel() == rank * inputs and change.up.numel() == rank * weight.shape[0]
