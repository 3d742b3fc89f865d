"""What differs between a CPU and a GPU, for stages that run on either."""

from __future__ import annotations

from typing import TypeVar

import torch
from torch import nn

Module = TypeVar("Module", bound=nn.Module)


def autocast(device: torch.device | str) -> torch.autocast:
    """Half the bits where that costs nothing: bfloat16 on either."""
    return torch.autocast(torch.device(device).type, torch.bfloat16)


def device_of(module: nn.Module) -> torch.device:
    """Where a module's parameters are."""
    return next(module.parameters()).device


def put(module: Module, device: str) -> Module:
    """The module, moved there; for those whose own `to` is not typed."""
    nn.Module.to(module, device)
    return module
