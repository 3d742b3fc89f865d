"""Says what is in a picture with a captioner from a folder; knows no chat and no database.

Any image-to-text model that transformers keeps in one folder with its processor (BLIP, GIT, …).
Such models speak the language they were taught, which is English nearly always. Loads torch
inside its functions only.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_TOKENS = 60
MAX_CHARACTERS = 400
FAILURES = (RuntimeError, OSError, ValueError, KeyError)


class CaptioningFailed(Exception):
    """The model could not be loaded, or said nothing of this picture."""


def is_captioner(folder: Path) -> bool:
    """True where a model and a processor lie in the folder."""
    try:
        known = json.loads((folder / "config.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    is_told = isinstance(known, dict) and "model_type" in known
    return is_told and any(
        (folder / name).is_file() for name in ("preprocessor_config.json", "processor_config.json")
    )


class Captioner:
    """A model in memory. Made and used in a thread: both block."""

    def __init__(self, folder: Path, device: str) -> None:
        """Raises ``CaptioningFailed``. ``device``: ``auto``, ``cpu`` or ``cuda``."""
        from transformers import AutoModelForImageTextToText, AutoProcessor

        from inference.devices import usable_device
        from inference.engine.loading import make_ready

        make_ready()
        self._device = usable_device(device)
        processors: Any = AutoProcessor
        models: Any = AutoModelForImageTextToText
        try:
            processor = processors.from_pretrained(folder, local_files_only=True)
            loaded = models.from_pretrained(folder, local_files_only=True)
        except FAILURES as error:
            raise CaptioningFailed(type(error).__name__) from error
        self._processor, self._model = processor, loaded.eval().to(self._device)

    def caption(self, image: Image) -> str:
        """What is in an RGB picture, on one line; raises ``CaptioningFailed``."""
        import torch

        try:
            seen = self._processor(images=image, return_tensors="pt").to(self._device)
            with torch.inference_mode():
                tokens = self._model.generate(**seen, max_new_tokens=MAX_TOKENS)
            said = self._processor.batch_decode(tokens, skip_special_tokens=True)[0]
        except FAILURES as error:
            raise CaptioningFailed(type(error).__name__) from error
        words = " ".join(str(said).split())[:MAX_CHARACTERS]
        if not words:
            raise CaptioningFailed("nothing was said")
        return words
