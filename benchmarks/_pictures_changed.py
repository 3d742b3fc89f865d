"""What happens to pictures on their way through the world, and pictures to try it on.

Changes a person makes who sends a known picture again: other compression, another size, a label,
a cropped edge. Knows no hash.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

Change = Callable[[Image.Image, Random], Image.Image]
Sure = Callable[[Image.Image], Image.Image]  # a change with nothing random in it


def scene(random: Random, side: int = 64) -> Image.Image:
    """A scene as Sketchbook draws them, of two objects, enlarged to ``side`` pixels."""
    from inference.sketchbook.compositions import sample
    from inference.sketchbook.drawing import arrange, draw

    drawn = draw(random, arrange(random, sample(random, "pair")))
    return drawn.resize((side, side), Image.Resampling.LANCZOS)


def texture(random: Random, side: int = 256) -> Image.Image:
    """Coloured noise of every scale, as photographs have it: amplitude falls with frequency."""
    noise = np.random.default_rng(random.getrandbits(32))
    waves = np.hypot(*np.meshgrid(np.fft.fftfreq(side), np.fft.fftfreq(side)))
    waves[0, 0] = 1.0
    fall = waves ** -random.uniform(0.9, 1.3)
    layers = [np.fft.ifft2(np.fft.fft2(noise.standard_normal((side, side))) * fall).real
              for _ in range(3)]  # fmt: skip
    shared = layers[0]
    stacked = np.stack([0.6 * shared + 0.4 * layer for layer in layers], axis=-1)
    low, high = np.percentile(stacked, (1, 99))
    return Image.fromarray((np.clip((stacked - low) / (high - low), 0, 1) * 255).astype(np.uint8))


def jpeg(image: Image.Image) -> Image.Image:
    """Quality 30."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=30)
    return Image.open(out).convert("RGB")


def half(image: Image.Image) -> Image.Image:
    """Half as wide and high."""
    return image.resize((image.width // 2, image.height // 2), Image.Resampling.BICUBIC)


def brighter(image: Image.Image, random: Random) -> Image.Image:
    """A fifth brighter or darker."""
    return ImageEnhance.Brightness(image).enhance(random.choice((0.8, 1.2)))


def mirrored(image: Image.Image) -> Image.Image:
    """Left and right exchanged."""
    return ImageOps.mirror(image)


def turned(image: Image.Image) -> Image.Image:
    """By three degrees, the corners filled with the colour of one."""
    corner = image.getpixel((0, 0))
    return image.rotate(3, Image.Resampling.BICUBIC, fillcolor=corner)


def labelled(image: Image.Image) -> Image.Image:
    """A dark strip with letters over the lowest six per cent."""
    marked = image.copy()
    height = max(2, round(0.06 * image.height))
    pen = ImageDraw.Draw(marked)
    pen.rectangle((0, image.height - height, image.width, image.height), fill=(20, 20, 20))
    for x in range(height, image.width // 2, height):
        pen.rectangle((x, image.height - height // 2, x + height // 3, image.height), fill="white")
    return marked


def strip_below(image: Image.Image) -> Image.Image:
    """A white strip of six per cent added below."""
    height = max(2, round(0.06 * image.height))
    larger = Image.new("RGB", (image.width, image.height + height), "white")
    larger.paste(image)
    return larger


def cropped(image: Image.Image, edges: tuple[float, float, float, float]) -> Image.Image:
    """Without shares of its sides at left, top, right and bottom."""
    left, top, right, bottom = edges
    box = (left * image.width, top * image.height, (1 - right) * image.width,
           (1 - bottom) * image.height)  # fmt: skip
    size = (round(box[2] - box[0]), round(box[3] - box[1]))
    return image.resize(size, Image.Resampling.LANCZOS, box=box)


def all_around(share: float) -> Change:
    """That much off every side."""
    return lambda image, _random: cropped(image, (share, share, share, share))


def one_side(share: float) -> Change:
    """That much off one side."""

    def crop(image: Image.Image, random: Random) -> Image.Image:
        edges = [0.0, 0.0, 0.0, 0.0]
        edges[random.randrange(4)] = share
        return cropped(image, (edges[0], edges[1], edges[2], edges[3]))

    return crop


def anywhere(share: float) -> Change:
    """What is left is smaller by that share, and lies anywhere in the picture."""

    def crop(image: Image.Image, random: Random) -> Image.Image:
        x, y = random.uniform(0, share), random.uniform(0, share)
        return cropped(image, (x, y, share - x, share - y))

    return crop


def always(change: Sure) -> Change:
    """The change, whatever the dice say."""
    return lambda image, _random: change(image)


def all_at_once(image: Image.Image, random: Random) -> Image.Image:
    """Cropped, mirrored, made smaller and compressed."""
    return jpeg(half(mirrored(anywhere(0.05)(image, random))))


CHANGES: Mapping[str, Change] = {
    "jpeg-30": always(jpeg),
    "half-size": always(half),
    "brightness": brighter,
    "mirror": always(mirrored),
    "label": always(labelled),
    "strip-below": always(strip_below),
    "crop-2": anywhere(0.02),
    "crop-5": anywhere(0.05),
    "crop-5-one-side": one_side(0.05),
    "crop-5-every-side": all_around(0.05),
    "crop-5-mirror-half-jpeg": all_at_once,
    "rotate-3": always(turned),
}
