"""The mistakes that docs/operating.md lists for a platform, as a reader finds them there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.doctor import Health

MARKS = {"`doctor`: ✗": Health.BAD, "`doctor`: !": Health.DOUBTFUL}


def listed_mistakes(checkout: Path, platform: str) -> Mapping[str, Health]:
    """Each mistake of the platform's table and how the page says the doctor marks it."""
    page = (checkout / "docs" / "operating.md").read_text("utf-8")
    section = page.split(f"\n## A bot on {platform}\n")[1].split("\n## ")[0]
    rows = [line.split(" | ") for line in section.splitlines() if line.startswith("| ")]
    found = {}
    for mistake, seen, _ in rows[1:]:  # after the table's head
        (health,) = [health for mark, health in MARKS.items() if mark in seen]
        found[mistake.removeprefix("| ")] = health
    return found
