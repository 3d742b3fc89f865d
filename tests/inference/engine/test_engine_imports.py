"""What a CPU engine leaves out while it loads, and gives back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import gc, sys
from inference.engine import load_engine
assert "torch" not in sys.modules
engine = load_engine(sys.argv[1], "cpu")
assert "torch._dynamo" not in sys.modules
assert "sympy" not in sys.modules and "torch.distributed.tensor" not in sys.modules
assert gc.isenabled()
import torch
double = torch.compile(lambda x: 2 * x, backend="eager")
assert double(torch.ones(1)).item() == 2
assert sys.modules["torch._dynamo"].__file__
"""


@pytest.mark.slow
def test_a_cpu_engine_loads_without_what_it_never_uses(tiny_sd: Path) -> None:
    """Loading costs no torch on import and no compiler at all; compiling later is the real thing."""
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM, str(tiny_sd)]
    root = Path(__file__).parents[3]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
