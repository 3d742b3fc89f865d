"""Pictures as files: written whole or not at all, with a sheet of all of them, shown in a terminal
that can. Knows no studio."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.asks import Ask, Result


def keep(
    folder: Path, results: Sequence[Result], blobs: Sequence[bytes], ask: Ask, font: Path | None
) -> list[Path]:
    """One PNG per picture, as it was made, and ``sheet.png``; returns the files, the sheet last."""
    from PIL import Image

    from bot.contact_sheet import Section, compose

    files = [folder / f"picture-{number}.png" for number in range(1, len(results) + 1)]
    for path, blob in zip(files, blobs, strict=True):
        _write(path, blob)
    prompt = results[0].prompt
    section = Section(
        title=ask.text or prompt,
        latin=prompt,
        note=prompt if prompt != ask.text else "",
        pictures=[Image.open(io.BytesIO(blob)) for blob in blobs],
        captions=[f"{number}   seed {one.seed}" for number, one in enumerate(results, start=1)],
    )
    sheet = io.BytesIO()
    compose([section], font=font).save(sheet, format="PNG")
    _write(folder / "sheet.png", sheet.getvalue())
    return [*files, folder / "sheet.png"]


def _write(path: Path, data: bytes) -> None:
    """The whole file or none of it; raises ``StoreError``."""
    from store.errors import named_os_errors

    part = path.with_name(f".{path.name}.part")
    try:
        with named_os_errors(str(path)):
            part.write_bytes(data)
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def show_pictures(files: Sequence[Path]) -> None:
    """Draw them where the terminal can."""
    import shutil

    from bot.terminal_pictures import Ability, ability, draw

    how = ability(os.environ, sys.stdout.isatty())
    if how is Ability.NONE:
        return
    from PIL import Image

    pictures = [Image.open(io.BytesIO(path.read_bytes())) for path in files]
    sys.stdout.write(draw(pictures, how, shutil.get_terminal_size().columns))
