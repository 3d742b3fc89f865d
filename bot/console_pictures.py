"""Keeps the pictures of cards as files and shows them where the terminal can."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

from .chat import File, Image, LoadBlob
from .terminal_pictures import Ability, draw

_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


class PictureShelf:
    """A folder of pictures as they were shown, and the terminal's ability to show them."""

    def __init__(
        self,
        folder: Path,
        load_blob: LoadBlob,
        *,
        how: Ability = Ability.NONE,
        write: Callable[[str], object] = lambda _: None,
        columns: int = 80,
    ) -> None:
        self.folder, self.how = folder, how
        self._load, self._write, self._columns = load_blob, write, columns

    async def keep(self, images: Sequence[Image]) -> list[Path]:
        """Write each picture to the folder under a name of its bytes; returns the files."""
        self.folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for image in images:
            ending = _ENDINGS.get(image.media_type, "png")
            path = self.folder / f"{image.sha256[:12]}.{ending}"
            path.write_bytes(await self._load(image.sha256))
            paths.append(path)
        return paths

    async def keep_files(self, files: Sequence[File]) -> list[Path]:
        """Write each file to the folder under its own name, after a piece of its hash."""
        if files:
            self.folder.mkdir(parents=True, exist_ok=True)
        paths = [self.folder / f"{one.sha256[:6]}-{one.name}" for one in files]
        for one, path in zip(files, paths, strict=True):
            path.write_bytes(await self._load(one.sha256))
        return paths

    async def show(self, images: Sequence[Image]) -> list[Path]:
        """Keep the pictures and draw them where the terminal can."""
        paths = await self.keep(images)
        if self.how is not Ability.NONE:
            from PIL import Image as Pictures

            opened = [Pictures.open(io.BytesIO(path.read_bytes())) for path in paths]
            self._write(draw(opened, self.how, self._columns))
        return paths
