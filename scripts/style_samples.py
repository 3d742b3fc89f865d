"""Makes the sample picture of every style anew, with the model of this program.

Usage: .venv/bin/python scripts/style_samples.py  (writes bot/samples/*.png)
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.parts import make_expander
from bot.settings import read_settings
from bot.styles import offered_here
from inference.engine import load_engine, lora_names
from inference.expansion.brief import Wish
from inference.jobs import Lora, RenderJob

SUBJECT = "a red house"
SEED = 7
FOLDER = Path(__file__).parents[1] / "bot" / "samples"


async def main() -> None:
    """One picture a style, the same subject and seed."""
    settings = read_settings()
    expander = make_expander(settings)
    styles = settings.styles_folder
    engine = load_engine(settings.model, settings.device, loras=styles)
    FOLDER.mkdir(exist_ok=True)
    for style in offered_here({}, styles):
        brief = await expander.expand(Wish(text=SUBJECT, style=style, seed=SEED, may_ask=False))
        worn = tuple(Lora(name=style) for name in lora_names(styles) if name == style)
        job = RenderJob(id=style, prompt=brief.prompt, seed=SEED, steps=16, loras=worn)
        (picture,) = await engine.render(job)
        picture.image.save(FOLDER / f"{style}.png")
        print(style, "←", brief.prompt)
    await engine.close()


if __name__ == "__main__":
    asyncio.run(main())
