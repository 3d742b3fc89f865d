"""Several single-threaded processes that train one model in step, over gloo.

Two OpenMP threads on a busy machine spin at barriers; two processes that average their
gradients do not. Everything here also works, and does nothing, in a process on its own.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import torch
import torch.distributed as dist
from torch import nn


def join(rank: int, size: int, port: int) -> None:
    """Meets the other processes on this machine; returns when all are there."""
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    dist.init_process_group("gloo", rank=rank, world_size=size)


def rank() -> int:
    """0 for the writer, and for a process on its own."""
    return dist.get_rank() if dist.is_initialized() else 0


def agree(share: float) -> float:
    """The writer's clock, for everybody."""
    if not dist.is_initialized():
        return share
    value = torch.tensor([share])
    dist.broadcast(value, 0)
    return float(value.item())


def average_gradients(parameters: Sequence[nn.Parameter]) -> None:
    """The mean gradient of all processes, in one message."""
    if not dist.is_initialized():
        return
    used = [p for p in parameters if p.grad is not None]
    flat = torch.cat([p.grad.flatten() for p in used if p.grad is not None])
    dist.all_reduce(flat)
    flat /= dist.get_world_size()
    parts = torch.split(flat, [p.numel() for p in used])
    for parameter, part in zip(used, parts, strict=True):
        parameter.grad = part.view_as(parameter)
