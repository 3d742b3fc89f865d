"""One tiny training run, shared by the tests that look at what it leaves behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference.sketchbook.training import everything
from inference.sketchbook.training.presets import PRESETS


@pytest.fixture(scope="session")
def smoke_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The work folder of a complete training with a few steps per stage."""
    work = tmp_path_factory.mktemp("sketchbook")
    everything.run(work, PRESETS["smoke"])
    return work
