"""Runs the real demo in a process of its own, with a painter of flat pictures: no torch.

Everything else is what ``atelier demo`` uses: settings, database, path, filters of words,
expander, terminal. ``SECONDS`` in the environment makes the painter slow enough to be killed.
"""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass, replace

from PIL import Image

from bot.app import Parts, real_parts
from bot.demo import hold
from bot.settings import read_settings
from inference.jobs import Picture, ProgressListener, RenderJob
from tests.bot.path_fakes import QUICK, FakeEngine, FakePictureFilter

SUSPICIOUS, HARMLESS = (0, 0, 255), (10, 200, 10)  # the fake filter doubts blue pictures


@dataclass
class Painter(FakeEngine):
    """Paints skulls blue, unless ``is_blind``; everything else green."""

    is_blind: bool = False

    async def render(
        self,
        job: RenderJob,
        *,
        reference: Image.Image | None = None,
        mask: Image.Image | None = None,
        on_progress: ProgressListener | None = None,
    ) -> list[Picture]:
        pictures = await super().render(
            job, reference=reference, mask=mask, on_progress=on_progress
        )
        color = SUSPICIOUS if "skull" in job.prompt and not self.is_blind else HARMLESS
        flat = Image.new("RGB", (job.width, job.height), color)
        return [Picture(index=one.index, seed=one.seed, image=flat) for one in pictures]


def demo_parts(painter: Painter) -> Parts:
    """The service's own parts, but for what needs torch."""
    return replace(
        real_parts(read_settings()),
        load_engine=lambda: painter,
        load_picture_filter=FakePictureFilter,
        native_size=(64, 64),
    )


if __name__ == "__main__":
    engine = Painter(seconds=float(os.environ.get("SECONDS", "0")))
    sys.exit(asyncio.run(hold(demo_parts(engine), QUICK)))
