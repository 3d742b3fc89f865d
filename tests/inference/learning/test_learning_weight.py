"""Logging a vote must not load what paints."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_votes_need_no_torch(checkout: Path) -> None:
    """The whole of logging and exporting imports neither torch nor a model library."""
    code = (
        "import sys, inference.learning.log, inference.learning.export;"
        "print([name for name in ('torch', 'diffusers', 'transformers') if name in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    command = [sys.executable, "-c", code]
    found = subprocess.check_output(command, env=environment, text=True, timeout=60)
    assert found.strip() == "[]"
