"""The conversation that docs/conversations/telegram.md records can be held again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import Parts
from moderation.policy import ALLOWED, Verdict
from tests.bot.path_fakes import FakeEngine, FakePictureFilter
from tests.bot.telegram_chat.telegram_recorded import TITLE, converse, stage
from tests.emulators.telegram.transcript import Transcript


class Content(FakePictureFilter):
    """Finds nothing wrong with red."""

    def check(self, picture: bytes) -> Verdict:
        return ALLOWED


@pytest.mark.slow
async def test_the_recorded_conversation_can_be_held_again(
    specs_dir: Path, tmp_path: Path, checkout: Path
) -> None:
    """With a stub that paints; the page that results has the headings of the one in docs."""

    def stubs(parts: Parts) -> Parts:
        engine = FakeEngine(seconds=1.5)
        return replace(parts, load_engine=lambda: engine, load_picture_filter=Content)

    async with stage(tmp_path / "data", specs_dir, stubs) as scene:
        world = scene.mei.telegram.world
        written = Transcript(world=world, folder=tmp_path / "telegram", name="Atelier")
        await converse(scene, written)
    page = written.page(TITLE, "")
    kept = (checkout / "docs" / "conversations" / "telegram.md").read_text("utf-8")
    assert [line for line in page.split("\n") if line.startswith("#")] == [
        line for line in kept.split("\n") if line.startswith("#")
    ]
    assert len(list((tmp_path / "telegram").iterdir())) >= 3
