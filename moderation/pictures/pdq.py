"""PDQ: 256 bits of a picture's low frequencies, as Facebook specified them in 2019.

After "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm"
(github.com/facebook/ThreatExchange, ``hashing/hashing.pdf``): brightness, two passes of a box
filter along each axis, 64 x 64 samples, the first sixteen waves along each axis after the constant
one, and a bit for each that is stronger than the median. NumPy alone; knows no list.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint64]  # (…, 4): 256 bits, the highest first
Plane = NDArray[np.float64]

SIDE, NUM_WAVES = 64, 16
NUM_TURNS = 8
_LUMA = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601
_NUM_PASSES = 2


def samples(pixels: NDArray[np.uint8]) -> Plane:
    """(height, width, 3) → (64, 64): brightness without what is too fine to count."""
    plane = pixels @ _LUMA
    for _ in range(_NUM_PASSES):
        plane = _box(_box(plane, axis=1), axis=0)
    rows, columns = (
        ((np.arange(SIDE) + 0.5) * length / SIDE).astype(int) for length in plane.shape
    )
    return plane[np.ix_(rows, columns)]


def quality(plane: Plane) -> int:
    """(64, 64) → 0…100: how much there is to tell a picture by; PDQ wants 50."""
    steps = [np.trunc(np.diff(plane, axis=axis) * 100 / 255) for axis in (0, 1)]
    return min(100, int(sum(np.abs(step).sum() for step in steps)) // 90)


def waves(plane: Plane) -> Plane:
    """(64, 64) → (16, 16): how much of each wave is in it."""
    return _cosines() @ plane @ _cosines().T


def bits(strengths: Plane) -> Bits:
    """(N, 16, 16) → (N, 4): which waves are stronger than the median one."""
    flat = strengths.reshape(len(strengths), -1)
    is_strong = flat > np.median(flat, axis=1, keepdims=True)
    packed = np.packbits(is_strong[:, ::-1], axis=1)  # the last wave is the highest bit
    return from_bytes(packed.tobytes()).reshape(-1, 4)


def turned(strengths: Plane) -> Bits:
    """(16, 16) → (8, 4): the bits of every quarter turn and mirroring; the picture itself first.

    Turning a picture only changes waves' signs and exchanges the axes.
    """
    signs = np.where(np.arange(1, NUM_WAVES + 1) % 2, -1.0, 1.0)
    across, along = signs, signs[:, None]
    mirrored = [strengths, strengths * across, strengths * along, strengths * across * along]
    return bits(np.stack([turn for each in mirrored for turn in (each, each.T)]))


def distances(many: Bits, one: Bits) -> NDArray[np.int64]:
    """(…, 4) and (4,) → (…): in how many bits each differs."""
    return np.bitwise_count(many ^ one).sum(axis=-1, dtype=np.int64)


def to_hex(one: Bits) -> str:
    """(4,) → 64 hexadecimal digits."""
    return one.astype(">u8").tobytes().hex()


def from_hex(digits: str) -> Bits:
    """64 hexadecimal digits → (4,); raises ``ValueError``."""
    return from_bytes(bytes.fromhex(digits)).reshape(4)


def from_bytes(data: bytes) -> Bits:
    """Eight bytes for every number, the highest first."""
    return np.frombuffer(data, dtype=">u8").astype(np.uint64)


def _box(plane: Plane, axis: int) -> Plane:
    """The mean of a window around each place, cut off at the ends."""
    length = plane.shape[axis]
    window = (length + 2 * SIDE - 1) // (2 * SIDE)
    ahead = (window + 2) // 2
    place = np.arange(length)
    first, last = np.maximum(place + ahead - window, 0), np.minimum(place + ahead, length)
    nothing = np.zeros_like(plane.take([0], axis))
    sums = np.concatenate([nothing, plane.cumsum(axis)], axis)
    shape = (-1, 1) if axis == 0 else (1, -1)
    means: Plane = (sums.take(last, axis) - sums.take(first, axis)) / (last - first).reshape(shape)
    return means


@cache
def _cosines() -> Plane:
    """(16, 64): the first sixteen rows of a discrete cosine transform after the constant one."""
    wave = np.arange(1, NUM_WAVES + 1)[:, None]
    place = np.arange(SIDE)[None, :]
    cosines: Plane = np.sqrt(2 / SIDE) * np.cos(np.pi / (2 * SIDE) * wave * (2 * place + 1))
    return cosines
