"""Between numbers and pictures: fitting a reference, checking a result. Torch only in hints."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch import Tensor

_BLACK = 1  # 0…255; the stock pipelines paint numbers that are none as black


def to_picture(pixels: Tensor) -> Image | None:
    """(3, H, W) in 0…1 to a picture; None where it is black all over or no numbers at all."""
    from PIL import Image as Pillow

    if not bool(pixels.isfinite().all()):
        return None
    array = (pixels.clamp(0, 1) * 255).round().byte().permute(1, 2, 0).cpu().numpy()
    return None if array.max() <= _BLACK else Pillow.fromarray(array)


def fit_reference(image: Image, width: int, height: int) -> Image:
    """Upright, RGB, filled to ``width`` x ``height`` pixels and cut in the middle."""
    from PIL import Image as Pillow
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(image).convert("RGB")
    return ImageOps.fit(upright, (width, height), Pillow.Resampling.LANCZOS)


def fit_mask(mask: Image, width: int, height: int) -> Image:
    """A mask fitted as its reference is: one channel, 255 where it is painted anew."""
    return fit_reference(mask, width, height).convert("L")


def paste_kept(painted: Image | None, reference: Image | None, mask: Image | None) -> Image | None:
    """What was painted inside the mask; outside it the reference's own pixels, untouched.

    Without a mask, or where nothing usable was painted, ``painted`` as it is.
    """
    from PIL import Image as Pillow

    if painted is None or reference is None or mask is None:
        return painted
    width, height = painted.size
    kept = fit_reference(reference, width, height)
    return Pillow.composite(painted, kept, fit_mask(mask, width, height))


def steps_to_ask(steps: int, strength: float) -> int:
    """The step count to ask a sampler for so that ``strength`` leaves at least one step."""
    return max(steps, math.ceil(1 / strength))
