"""How much memory a device has left for pictures on their way; torch only for a GPU."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from inference.engine.scheduler import Room

_MEMORY = Path("/proc/meminfo")
_SHARE = 0.25  # of what is free once the weights are in: the rest is for the calls themselves


def room_on(device: str, room: Room) -> Room:
    """``room`` as it is where it limits bytes, else with a share of what is free on the device."""
    if room.held_bytes is not None:
        return room
    free = free_bytes(device)
    return room if free is None else replace(room, held_bytes=int(_SHARE * free))


def free_bytes(device: str) -> int | None:
    """Bytes that could be taken now; None where the system does not say."""
    if device != "cpu":
        import torch

        return int(torch.cuda.mem_get_info()[0])
    try:
        lines = _MEMORY.read_text().splitlines()
        kib = next(line.split()[1] for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        return None
    return int(kib) * 1024
