"""A process that only talks: what it loads, and how long it takes to be ready."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HEAVY = {"torch", "diffusers", "transformers", "accelerate", "scipy"}
PROGRAM = """
import json, sys, time
from pathlib import Path
from bot.app import build
from bot.platforms import make_chats
from bot.settings import Settings

settings = Settings(
    data_dir=Path(sys.argv[1]), discord_token="d" * 30, telegram_token="1234567:" + "t" * 35
)
app = build(settings, ("chat",))
chats = make_chats(settings, app.studio, app.load_blob)
seconds = time.process_time()
print(json.dumps({"seconds": seconds, "modules": sorted(sys.modules), "chats": len(chats)}))
"""
GOAL_SECONDS, TOLERANCE = 2.0, 5.0  # a busy machine takes several times as long


def test_a_chat_process_is_light_and_quick(tmp_path: Path, checkout: Path) -> None:
    """With both platforms on: no torch, no diffusers, and ready in CPU time near the goal."""
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM, str(tmp_path)]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["chats"] == 2
    assert HEAVY & set(found["modules"]) == set()
    assert {"discord", "telegram"} <= set(found["modules"])
    assert found["seconds"] < GOAL_SECONDS * TOLERANCE
    print(f"ready after {found['seconds']:.2f} s of CPU time")
