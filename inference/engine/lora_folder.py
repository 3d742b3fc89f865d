"""Where style LoRAs lie and what they are called; knows no torch and opens no weights."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from inference.jobs import RenderFailed

_IN_FOLDER = ("pytorch_lora_weights.safetensors", "adapter_model.safetensors")  # diffusers', peft's


def lora_names(folder: Path | None) -> tuple[str, ...]:
    """The styles in ``folder``, sorted: every safetensors file, every folder that holds one."""
    if folder is None or not folder.is_dir():
        return ()
    found = {_name(path) for path in folder.iterdir() if _weights(path) is not None}
    return tuple(sorted(found))


def find_lora(folder: Path, name: str) -> Path:
    """The weights of the style ``name``; raises ``RenderFailed`` (``render-lora-missing``)."""
    with suppress(OSError):  # the folder itself may be gone
        for path in sorted(folder.iterdir()):
            weights = _weights(path)
            if weights is not None and _name(path) == name:
                return weights
    raise RenderFailed("render-lora-missing", lora=name)


def _name(path: Path) -> str:
    return path.name if path.is_dir() else path.stem


def _weights(path: Path) -> Path | None:
    """The one file with the weights; None where ``path`` is no LoRA."""
    if path.is_file():
        return path if path.suffix == ".safetensors" else None
    return next((path / name for name in _IN_FOLDER if (path / name).is_file()), None)
