"""A picture is known again by its hashes after what people do to it, and no other is."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from moderation.pictures.fingerprints import (
    VIEWS,
    crops_from_text,
    crops_to_text,
    distance,
    distances,
    fingerprint,
    from_hex,
    pdq_of,
    sighting,
    to_hex,
)
from moderation.pictures.known import MAX_CROP_DISTANCE, MAX_PDQ_DISTANCE

from .conftest import encoded, textured


def nearest(changed: Image.Image, listed: Image.Image) -> tuple[int, int]:
    """Bits by which PDQ and the crops of a changed picture differ from those of a listed one."""
    made, seen = fingerprint(b"", listed), sighting(b"", changed)
    crops = crops_from_text(made.crops)
    return (
        min(int(distances(from_hex(made.pdq), turn)) for turn in seen.pdq),
        min(int(distances(crops, turn).min()) for turn in seen.crops),
    )


def jpeg(image: Image.Image) -> Image.Image:
    """Quality 30."""
    return Image.open(io.BytesIO(encoded(image, "JPEG", quality=30))).convert("RGB")


def pattern(seed: int, height: int, width: int) -> np.ndarray:  # type: ignore[type-arg]
    """A picture that anyone can make again."""
    y, x = np.mgrid[0:height, 0:width]
    red = (x * 7 + y * 3 + seed * 31) % 256
    green = ((x // 9) * (y // 5) * 11 + seed) % 256
    blue = (x * x + y * y * seed) // 64 % 256
    return np.stack([red, green, blue], axis=-1).astype(np.uint8)


@pytest.mark.parametrize(
    ("of", "digits"),
    [((1, 64, 64), "a6928b6bb5481d68ca97ca94d9cd8b69ae9a554a1695396509c9f6b3c32bb1d2"),
     ((2, 200, 200), "369f6289bd07e15caaf47e07114e6154801da0aabd60795603eeeec893bafed8"),
     ((3, 100, 333), "914aa94604676e865e37c61f1e36e23498bb60978d3ca1ba6fcb6c5cd7c9b260"),
     ((4, 512, 300), "96b64748e77855e4f3dfada04979aea4fa20a7b05968ca486d24da496da4ada4"),
     ((5, 37, 90), "4f6f1194ce613498ca64bb92694b94b59932e6c56b4a93b6c4e57b9bcc23215e")],
)  # fmt: skip
def test_pdq_is_that_of_its_authors(of: tuple[int, int, int], digits: str) -> None:
    """Bit for bit what ThreatExchange's own library (pdqhash 0.2.8) says of these pictures."""
    assert pdq_of(Image.fromarray(pattern(*of))) == digits
    assert to_hex(from_hex(digits)) == digits


def test_distances_are_counted_in_bits() -> None:
    """Of two hashes, 0 to 256."""
    one = pdq_of(textured(1))
    assert distance(one, one) == 0
    assert distance("0" * 64, "f" * 64) == 256
    assert int(distances(from_hex("0" * 63 + "7"), from_hex("0" * 64))) == 3


@pytest.mark.parametrize(
    "change",
    [jpeg, lambda image: image.resize((100, 100)), ImageOps.mirror, ImageOps.flip,
     lambda image: image.rotate(90, expand=True), lambda image: image.point(lambda v: v * 0.8)],
    ids=["jpeg", "smaller", "mirrored", "flipped", "turned", "darker"],
)  # fmt: skip
def test_pdq_knows_a_picture_through_files_sizes_and_mirrors(change) -> None:  # type: ignore[no-untyped-def]
    """Within the distance that PDQ's authors call the same."""
    image = textured(2)
    assert nearest(change(image), image)[0] <= MAX_PDQ_DISTANCE


@pytest.mark.parametrize("edges", [(10, 10, 10, 10), (10, 0, 0, 0), (0, 0, 10, 10), (5, 5, 0, 0)])
def test_crops_know_what_pdq_loses(edges: tuple[int, int, int, int]) -> None:
    """Five per cent off a side or every side: PDQ misses it, one of the views does not."""
    image = textured(3)
    left, top, right, bottom = edges
    cropped = image.crop((left, top, 200 - right, 200 - bottom))
    pdq, crops = nearest(cropped, image)
    assert pdq > MAX_PDQ_DISTANCE
    assert crops <= MAX_CROP_DISTANCE


def test_crops_of_a_mirrored_picture_are_known() -> None:
    """Cropping and mirroring together hide nothing."""
    image = textured(4)
    assert nearest(ImageOps.mirror(image.crop((10, 0, 200, 190))), image)[1] <= MAX_CROP_DISTANCE


def test_strangers_are_far_apart() -> None:
    """Different pictures differ in about half of the bits, however they are turned."""
    pdq, crops = nearest(textured(5), textured(6))
    assert pdq > 2 * MAX_PDQ_DISTANCE
    assert crops > 2 * MAX_CROP_DISTANCE


def test_a_plain_picture_has_only_its_bytes() -> None:
    """What shows too little would be taken for every other plain picture."""
    plain = Image.new("RGB", (64, 64), (10, 200, 10))
    made = fingerprint(b"bytes", plain)
    assert (made.pdq, made.crops) == ("", "")
    assert len(made.sha256) == 64
    seen = sighting(b"bytes", plain)
    assert (len(seen.pdq), len(seen.crops)) == (0, 0)


def test_crops_travel_as_text() -> None:
    """A list holds them in a column; what is no such text is refused."""
    made = fingerprint(b"", textured(7))
    bits = crops_from_text(made.crops)
    assert bits.shape == (len(VIEWS), 4)
    assert crops_to_text(bits) == made.crops
    for bad in ("no text of hashes", "AAAA", "!!"):
        with pytest.raises(ValueError, match=r"."):
            crops_from_text(bad)
