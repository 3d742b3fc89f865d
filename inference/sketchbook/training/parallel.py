"""Several single-threaded processes that train one model in step, over gloo.

Two OpenMP threads on a busy machine spin at barriers; two processes that average their
gradients do not. Everything here also works, and does nothing, in a process on its own.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Sequence
from typing import Any

import torch
import torch.distributed as dist
from torch import nn
from torch.multiprocessing.spawn import spawn


def run(num_processes: int, work: Callable[..., object], *arguments: Any) -> None:
    """Calls ``work(*arguments)`` in this process, or in that many that train in step."""
    torch.set_num_threads(1)
    if num_processes == 1:
        work(*arguments)
        return
    port = random.randint(20_000, 50_000)
    spawn(_joined, nprocs=num_processes, args=(num_processes, port, work, arguments))


def _joined(
    rank: int, size: int, port: int, work: Callable[..., object], arguments: tuple[Any, ...]
) -> None:
    torch.set_num_threads(1)
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    dist.init_process_group("gloo", rank=rank, world_size=size)
    work(*arguments)
    dist.destroy_process_group()


def rank() -> int:
    """0 for the writer, and for a process on its own."""
    return dist.get_rank() if dist.is_initialized() else 0


def size() -> int:
    """How many processes train together."""
    return dist.get_world_size() if dist.is_initialized() else 1


def agree(share: float) -> float:
    """The writer's clock, for everybody."""
    if not dist.is_initialized():
        return share
    value = torch.tensor([share])
    dist.broadcast(value, 0)
    return float(value.item())


def wait() -> None:
    """Returns when every process is here."""
    if dist.is_initialized():
        dist.barrier()


def differentiate(
    loss: torch.Tensor, parameters: Sequence[nn.Parameter], *, max_norm: float = 1.0
) -> None:
    """Fresh gradients of a loss: the mean of all processes, clipped to a norm."""
    for parameter in parameters:
        parameter.grad = None
    torch.autograd.backward(loss)
    _average_gradients(parameters)
    nn.utils.clip_grad_norm_(parameters, max_norm)


def _average_gradients(parameters: Sequence[nn.Parameter]) -> None:
    """In one message."""
    if not dist.is_initialized():
        return
    used = [p for p in parameters if p.grad is not None]
    flat = torch.cat([p.grad.flatten() for p in used if p.grad is not None])
    add_up(flat)
    flat /= size()
    parts = torch.split(flat, [p.numel() for p in used])
    for parameter, part in zip(used, parts, strict=True):
        parameter.grad = part.view_as(parameter)


def add_up(flat: torch.Tensor) -> None:
    """The sum over all processes, in place."""
    if dist.is_initialized():
        dist.all_reduce(flat)
