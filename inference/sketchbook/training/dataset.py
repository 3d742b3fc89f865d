"""Draws training scenes once, in shards on disk, and hands them out as tensors.

A shard is two files: `pictures-N.npy` (n, 64, 64, 3) bytes, memory-mapped, and
`scenes-N.npz` with what is in them. Captions are not stored: the grammar writes new ones
every time a scene is seen.
"""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from inference.sketchbook import compositions, drawing
from inference.sketchbook.compositions import Composition, Thing
from inference.sketchbook.vocabulary import COLOURS, OBJECTS, RELATIONS, SETTINGS, STYLES, index_of

SIDE: Final = 64
KINDS: Final = ("single", "pair", "count")
_SHARES: Final = (0.46, 0.32, 0.22)
NONE: Final = -1


def encode(composition: Composition) -> list[int]:
    """A composition as numbers: [count, relation, style, setting, o1, c1, o2, c2]; -1 is none."""
    things = [
        (index_of(OBJECTS, t.object), index_of(COLOURS, t.colour)) for t in composition.things
    ]
    first, second = things[0], things[1] if len(things) == 2 else (NONE, NONE)
    relation = composition.relation
    return [
        composition.count,
        NONE if relation is None else index_of(RELATIONS, relation),
        index_of(STYLES, composition.style),
        index_of(SETTINGS, composition.setting),
        *first,
        *second,
    ]


def decode(row: NDArray[np.int16]) -> Composition:
    """The inverse of `encode`."""
    count, relation, style, setting, o1, c1, o2, c2 = (int(value) for value in row)
    things = [Thing(object=OBJECTS[o1].id, colour=COLOURS[c1].id)]
    if o2 != NONE:
        things.append(Thing(object=OBJECTS[o2].id, colour=COLOURS[c2].id))
    return Composition(
        things=tuple(things),
        style=STYLES[style].id,
        setting=SETTINGS[setting].id,
        count=count,
        relation=None if relation == NONE else RELATIONS[relation].id,
    )


def draw_many(
    seed: int, num: int, *, held_out: bool = False
) -> tuple[NDArray[np.uint8], NDArray[np.int16], NDArray[np.float32]]:
    """Pictures (n, 64, 64, 3), encoded compositions (n, 8), centres (n, 3, 2) with -1 for none."""
    random = Random(seed)
    pictures = np.empty((num, SIDE, SIDE, 3), np.uint8)
    scenes = np.empty((num, 8), np.int16)
    centres = np.full((num, 3, 2), -1, np.float32)
    for i in range(num):
        kind = random.choices(KINDS, _SHARES)[0]
        scene = drawing.arrange(random, compositions.sample(random, kind, held_out=held_out))
        pictures[i] = np.asarray(drawing.draw(random, scene, SIDE))
        scenes[i] = encode(scene.composition)
        for j, placement in enumerate(scene.placements):
            centres[i, j] = placement.x, placement.y
    return pictures, scenes, centres


def _write_shard(folder: Path, number: int, size: int) -> None:
    if (folder / f"scenes-{number}.npz").exists():
        return
    pictures, scenes, centres = draw_many(1000 + number, size)
    np.save(folder / f"pictures-{number}.npy", pictures)
    np.savez(folder / f"scenes-{number}.npz", scenes=scenes, centres=centres)


def prepare(folder: Path, num_shards: int, size: int, num_processes: int) -> None:
    """Draws the shards that are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    jobs = [(folder, number, size) for number in range(num_shards)]
    if num_processes == 1:
        for job in jobs:
            _write_shard(*job)
        return
    with multiprocessing.get_context("spawn").Pool(num_processes) as pool:
        pool.starmap(_write_shard, jobs, chunksize=1)


def as_pixels(pictures: NDArray[np.uint8]) -> torch.Tensor:
    """Bytes (n, h, w, 3) to a tensor (n, 3, h, w) from -1 to 1."""
    return torch.from_numpy(pictures.astype(np.float32)).permute(0, 3, 1, 2).div_(127.5).sub_(1)


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """All shards of a folder side by side."""

    shards: tuple[NDArray[np.uint8], ...]
    scenes: NDArray[np.int16]
    """(n, 8), see `encode`."""
    centres: NDArray[np.float32]
    """(n, 3, 2), shares of the side."""

    @classmethod
    def open(cls, folder: Path) -> Dataset:
        """Maps whatever shards are complete."""
        scenes, centres, shards = [], [], []
        for path in sorted(folder.glob("scenes-*.npz")):
            with np.load(path) as arrays:
                scenes.append(arrays["scenes"])
                centres.append(arrays["centres"])
            name = path.name.replace("scenes", "pictures").replace("npz", "npy")
            shards.append(np.load(path.with_name(name), mmap_mode="r"))
        if not shards:
            raise FileNotFoundError(f"no scenes in {folder}: draw them first")
        return cls(
            shards=tuple(shards), scenes=np.concatenate(scenes), centres=np.concatenate(centres)
        )

    def __len__(self) -> int:
        return len(self.scenes)

    def pictures(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The pictures of these rows, (n, 64, 64, 3)."""
        size = len(self.shards[0])
        return np.stack([self.shards[row // size][row % size] for row in rows])

    def pixels(self, rows: NDArray[np.int64]) -> torch.Tensor:
        """The same, (n, 3, 64, 64) from -1 to 1."""
        return as_pixels(self.pictures(rows))
