"""Writes captions ahead of the U-Net's training, as token ids beside the scenes."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
from transformers import CLIPTokenizer

from inference.sketchbook.captions import describe
from inference.sketchbook.training.dataset import decode, spread
from inference.sketchbook.training.words import ids_of, muddle


def prepare(folder: Path, tokenizer: Path, num_captions: int, num_processes: int) -> None:
    """Captions for every shard of `folder` that has none yet."""
    jobs = [
        (path, tokenizer, num_captions)
        for path in sorted(folder.glob("scenes-*.npz"))
        if not _words_of(path).exists()
    ]
    spread(_write, jobs, num_processes)


def _words_of(scenes: Path) -> Path:
    return scenes.with_name(scenes.name.replace("scenes", "words").replace("npz", "npy"))


def _write(path: Path, tokenizer_folder: Path, num_captions: int) -> None:
    """(n, captions, 48) token ids for one shard."""
    tokenizer, random = CLIPTokenizer.from_pretrained(tokenizer_folder), Random(path.name)
    with np.load(path) as arrays:
        scenes = [decode(row) for row in arrays["scenes"]]
    columns = [
        ids_of(tokenizer, [muddle(random, describe(random, scene).text) for scene in scenes])
        for _ in range(num_captions)
    ]
    unfinished = path.with_name(f"unfinished-{path.stem}.npy")
    np.save(unfinished, np.stack([column.numpy() for column in columns], 1).astype(np.int16))
    unfinished.replace(_words_of(path))
