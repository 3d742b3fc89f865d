"""Which device a model is to lie on. Knows no model; asks torch inside only."""

from __future__ import annotations


def usable_device(name: str) -> str:
    """``cpu`` or ``cuda`` for ``auto``, ``cpu`` or ``cuda``: ``auto`` is a GPU where there is one."""
    import torch

    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return name
