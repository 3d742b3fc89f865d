"""How many threads a CPU engine may use; knows the operating system and no torch.

Two spinning threads on a busy box are many times slower than one: a step waits for the slowest
thread, and that one waits for a core.
"""

from __future__ import annotations

import os
from pathlib import Path

_QUOTA = Path("/sys/fs/cgroup/cpu.max")  # "max 100000" or "200000 100000"
_BUSY = 0.5  # share of the cores that others already keep running


def num_threads() -> int:
    """Threads for one device thread: the free cores of this process, 1 where it is busy.

    ``OMP_NUM_THREADS``, where the operator has set it, is obeyed.
    """
    asked = os.environ.get("OMP_NUM_THREADS", "")
    if asked.isdigit() and int(asked) > 0:
        return int(asked)
    cores = _num_cores()
    is_busy = os.getloadavg()[0] > _BUSY * cores
    return 1 if is_busy else cores


def _num_cores() -> int:
    """Cores this process may use: its affinity, cut by the container's quota."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        quota, period = _QUOTA.read_text().split()
        limit = int(quota) / int(period) if quota != "max" else float("inf")
    except (OSError, ValueError):
        limit = float("inf")
    return max(1, int(min(cores or 1, limit)))
