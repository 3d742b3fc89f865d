"""Draws training scenes once, in shards on disk, and hands them out as tensors.

A shard is three files: `pictures-N.npy` (n, 64, 64, 3) bytes, memory-mapped, `scenes-N.npz`
with what is in them, and `words-N.npy` with a few captions of each, as token ids, so that the
U-Net's training need not write and tokenise. The other stages write captions as they go.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from inference.sketchbook import compositions, drawing
from inference.sketchbook.compositions import Composition, Thing
from inference.sketchbook.vocabulary import (
    COLOURS,
    OBJECTS,
    PLACES,
    RELATIONS,
    SETTINGS,
    SIZES,
    index_of,
)
from inference.sketchbook.vocabulary import DRAWN_STYLES as STYLES

SIDE: Final = 64
KINDS: Final = ("single", "placed", "pair", "count")
_SHARES: Final = (0.35, 0.13, 0.31, 0.21)
NONE: Final = -1
_COLUMNS: Final = 10


def encode(composition: Composition) -> list[int]:
    """[count, relation, style, setting, o1, c1, o2, c2, size, place]; -1 is none."""
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
        NONE if composition.size is None else index_of(SIZES, composition.size),
        NONE if composition.place is None else index_of(PLACES, composition.place),
    ]


def decode(row: NDArray[np.int16]) -> Composition:
    """The inverse of `encode`."""
    count, relation, style, setting, o1, c1, o2, c2, size, place = (int(value) for value in row)
    things = [Thing(object=OBJECTS[o1].id, colour=COLOURS[c1].id)]
    if o2 != NONE:
        things.append(Thing(object=OBJECTS[o2].id, colour=COLOURS[c2].id))
    return Composition(
        things=tuple(things),
        style=STYLES[style].id,
        setting=SETTINGS[setting].id,
        count=count,
        relation=None if relation == NONE else RELATIONS[relation].id,
        size=None if size == NONE else SIZES[size].id,
        place=None if place == NONE else PLACES[place].id,
    )


def draw_many(
    seed: int, num: int, *, held_out: bool = False, style: str | None = None
) -> tuple[NDArray[np.uint8], NDArray[np.int16], NDArray[np.float32]]:
    """Pictures (n, 64, 64, 3), encoded compositions (n, 10), centres (n, 3, 2) with -1 for none.

    Without a `style`, each of those that the model is taught.
    """
    random = Random(seed)
    pictures = np.empty((num, SIDE, SIDE, 3), np.uint8)
    scenes = np.empty((num, _COLUMNS), np.int16)
    centres = np.full((num, 3, 2), -1, np.float32)
    for i in range(num):
        kind = random.choices(KINDS, _SHARES)[0]
        composition = compositions.sample(random, kind, held_out=held_out, style=style)
        scene = drawing.arrange(random, composition)
        pictures[i] = np.asarray(drawing.draw(random, scene, SIDE))
        scenes[i] = encode(scene.composition)
        for j, placement in enumerate(scene.placements):
            centres[i, j] = placement.x, placement.y
    return pictures, scenes, centres


def _write_shard(folder: Path, number: int, size: int, style: str | None) -> None:
    if (folder / f"scenes-{number}.npz").exists():
        return
    pictures, scenes, centres = draw_many(1000 + number, size, style=style)
    np.save(folder / f"pictures-{number}.npy", pictures)
    unfinished = folder / f"unfinished-{number}.npz"  # only what is whole has its own name
    np.savez(unfinished, scenes=scenes, centres=centres)
    unfinished.replace(folder / f"scenes-{number}.npz")


def prepare(
    folder: Path, num_shards: int, size: int, num_processes: int, style: str | None = None
) -> None:
    """Draws the shards that are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    jobs = [(folder, number, size, style) for number in range(num_shards)]
    spread(_write_shard, jobs, num_processes)


def spread(work: Callable[..., object], jobs: list[tuple[Any, ...]], num_processes: int) -> None:
    """Does every job, on as many cores."""
    if num_processes == 1:
        for job in jobs:
            work(*job)
        return
    with multiprocessing.get_context("spawn").Pool(num_processes) as pool:
        pool.starmap(work, jobs, chunksize=1)


def as_pixels(pictures: NDArray[np.uint8]) -> torch.Tensor:
    """Bytes (n, h, w, 3) to a tensor (n, 3, h, w) from -1 to 1."""
    return torch.from_numpy(pictures.astype(np.float32)).permute(0, 3, 1, 2).div_(127.5).sub_(1)


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """All shards of a folder side by side."""

    shards: tuple[NDArray[np.uint8], ...]
    scenes: NDArray[np.int16]
    """(n, 10), see `encode`."""
    centres: NDArray[np.float32]
    """(n, 3, 2), shares of the side."""
    words: NDArray[np.int16] | None
    """(n, captions, 48) token ids, where captions have been written."""
    device: torch.device
    kept: torch.Tensor | None
    """All pictures on the device, where that is not the CPU."""

    @classmethod
    def open(cls, folder: Path, device: str = "cpu") -> Dataset:
        """Maps whatever shards are complete; a GPU gets all pictures at once."""
        scenes, centres, shards, words = [], [], [], []
        for path in sorted(folder.glob("scenes-*.npz")):
            with np.load(path) as arrays:
                scenes.append(arrays["scenes"])
                centres.append(arrays["centres"])
            number = path.stem.removeprefix("scenes-")
            shards.append(np.load(folder / f"pictures-{number}.npy", mmap_mode="r"))
            if (folder / f"words-{number}.npy").exists():
                words.append(np.load(folder / f"words-{number}.npy"))
        if not shards:
            raise FileNotFoundError(f"no scenes in {folder}: draw them first")
        place = torch.device(device)
        return cls(
            shards=tuple(shards),
            scenes=np.concatenate(scenes),
            centres=np.concatenate(centres),
            words=np.concatenate(words) if len(words) == len(shards) else None,
            device=place,
            kept=_moved(shards, place) if place.type != "cpu" else None,
        )

    def __len__(self) -> int:
        return len(self.scenes)

    def pixels(self, rows: NDArray[np.int64]) -> torch.Tensor:
        """The pictures of these rows, (n, 3, 64, 64) from -1 to 1, on the device."""
        if self.kept is not None:
            taken = self.kept[torch.from_numpy(rows).to(self.device)]
            return taken.permute(0, 3, 1, 2).float().div_(127.5).sub_(1)
        size = len(self.shards[0])
        return as_pixels(np.stack([self.shards[row // size][row % size] for row in rows]))

    def ids(self, rows: NDArray[np.int64], lots: np.random.Generator) -> torch.Tensor:
        """One of the captions of each of these rows, (n, 48) token ids, on the device."""
        if self.words is None:
            raise FileNotFoundError("no captions beside the scenes: write them first")
        chosen = self.words[rows, lots.integers(self.words.shape[1], size=len(rows))]
        return torch.from_numpy(chosen.astype(np.int64)).to(self.device)


def _moved(shards: list[NDArray[np.uint8]], device: torch.device) -> torch.Tensor:
    return torch.cat([torch.from_numpy(np.array(shard)).to(device) for shard in shards])
