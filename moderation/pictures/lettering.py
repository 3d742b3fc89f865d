"""Letters in a picture, English and Chinese, read by RapidOCR (Apache-2.0; the extra ``ocr``).

Its models come with the package and nothing is fetched. Importing this loads neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from threading import Lock
from typing import Any

import numpy as np
from PIL.Image import Image

LEAST_SURE = 0.5  # below, a line is a pattern that looks like letters
MIN_SIDE = 256  # pixels: smaller pictures are enlarged for it


def is_installed() -> bool:
    """True where the extra is there."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


class Lettering:
    """Reads what is written. The models are loaded when the first picture comes."""

    def __init__(self) -> None:
        self._engine: Any = None
        self._lock = Lock()

    def read(self, image: Image) -> Sequence[str]:
        """Lines from top to bottom; raises ``ImportError`` where the extra is missing."""
        with self._lock:  # the engine holds what it is doing in itself
            if self._engine is None:
                self._engine = _engine()
            said = self._engine(_enlarged(image))
        lines = zip(said.txts or (), said.scores or (), strict=True)
        return [text for text, score in lines if score >= LEAST_SURE]


def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "critical"})


def _enlarged(image: Image) -> Any:
    """(height, width, 3) in blue, green, red, as the engine wants it."""
    least = min(image.size)
    if least < MIN_SIDE:
        factor = MIN_SIDE / least
        image = image.resize((round(image.width * factor), round(image.height * factor)))
    return np.asarray(image)[..., ::-1].copy()
