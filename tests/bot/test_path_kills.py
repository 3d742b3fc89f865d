"""``kill -9`` at the boundaries of steps, on both databases."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.kills import A_FEW, BOUNDARIES, kill_at


def check(database_url: str, folder: Path, boundaries: tuple[str, ...]) -> None:
    """Nothing is lost, nothing is told twice outside the gap, one step is repeated at most."""
    url = "" if database_url.startswith("sqlite") else database_url
    rows = kill_at(boundaries, url, folder / "kills")
    assert [row.boundary for row in rows if row.is_lost] == []
    assert [row.boundary for row in rows if row.is_told_twice] == []
    assert [row.boundary for row in rows if row.num_too_many] == []
    assert len(rows) == len(boundaries)


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(300)
def test_a_killed_process_loses_nothing(database_url: str, tmp_path: Path) -> None:
    """At a few boundaries: the door, a brief, a render, a hand-over, a delivery."""
    check(database_url, tmp_path, A_FEW)


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(900)
@pytest.mark.skipif(os.environ.get("KILLS") != "all", reason="takes minutes: KILLS=all")
def test_a_process_killed_at_every_boundary_loses_nothing(
    database_url: str, tmp_path: Path
) -> None:
    """Before and after every step, between its effect and its row, in and around hand-overs."""
    check(database_url, tmp_path, BOUNDARIES)
