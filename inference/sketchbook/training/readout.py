"""Trains the read-out of a CLIP's patches: which object each of them shows.

    python -m inference.sketchbook.training.readout --scenes WORK/scenes --clip FOLDER

The CLIP stays as it is. One linear layer over its last patches misses most small things, because
the last layer has forgotten where they are; the layers before it have not. So every layer is read,
by three convolutions over the 8x8 patches, taught as the judge is (``detector.py``) on scenes of
which half show a stand-in. Leaves ``patch_labels.safetensors`` in the CLIP's folder.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import Final

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import nn
from transformers import CLIPModel

from inference.sketchbook.judge import CELLS
from inference.sketchbook.training.clip import READOUT, fingerprint_of
from inference.sketchbook.training.dataset import Dataset
from inference.sketchbook.training.detector import cell_labels
from inference.sketchbook.vocabulary import OBJECTS

WIDTH: Final = 96
BATCH: Final = 64
RATE: Final = 2e-3
NUM_SCENES: Final = 30_000
NUM_ROUNDS: Final = 3
_PRESENCE_WEIGHT: Final = 12.0
_AT_ONCE: Final = 250
_SEED: Final = 29

log = logging.getLogger(__name__)


class Readout(nn.Module):
    """(B, layers · width, 8, 8) → (B, 1 + objects, 8, 8): scores, the first of nothing."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, WIDTH, 1)
        self.second = nn.Conv2d(WIDTH, WIDTH, 3, padding=1)
        self.third = nn.Conv2d(WIDTH, 1 + len(OBJECTS), 3, padding=1)

    def forward(self, patches: torch.Tensor) -> torch.Tensor:
        hidden = F.gelu(self.first(patches))
        hidden = hidden + F.gelu(self.second(hidden))
        scores: torch.Tensor = self.third(hidden)
        return scores


@torch.inference_mode()
def patches_of(model: CLIPModel, pixels: torch.Tensor) -> torch.Tensor:
    """(B, 3, 64, 64) from -1 to 1 → (B, layers · width, 8, 8), every layer on top of the other."""
    seen = model.vision_model(pixel_values=pixels, output_hidden_states=True)
    layers = torch.cat([layer[:, 1:] for layer in seen.hidden_states], dim=-1)
    return layers.transpose(1, 2).unflatten(2, (CELLS, CELLS))


def roughened(pixels: torch.Tensor) -> torch.Tensor:
    """Lightly tinted and noisy, as what a model paints is."""
    tinted = pixels + 0.05 * torch.randn(len(pixels), 3, 1, 1)
    return tinted + 0.04 * torch.rand(len(pixels), 1, 1, 1) * torch.randn_like(pixels)


def chosen(scenes: NDArray[np.int16], num: int) -> NDArray[np.int64]:
    """Rows of scenes, half of them with a stand-in, mixed."""
    kinds = [number for number, term in enumerate(OBJECTS) if term.is_stand_in]
    has_one = np.isin(scenes[:, 4], kinds) | np.isin(scenes[:, 6], kinds)
    lots = np.random.default_rng(_SEED)
    halves = [
        lots.permutation(np.flatnonzero(has_one == want))[: num // 2] for want in (True, False)
    ]
    return lots.permutation(np.concatenate(halves))


def train(scenes: Path, clip: Path, *, num_scenes: int = NUM_SCENES) -> None:
    """Read every scene once, then learn in a few rounds."""
    torch.manual_seed(_SEED)
    model = CLIPModel.from_pretrained(clip, local_files_only=True).eval()
    data = Dataset.open(scenes)
    rows = chosen(data.scenes, num_scenes)
    labels = cell_labels(data.scenes[rows], data.centres[rows])[0]
    read = torch.cat([
        patches_of(model, roughened(data.pixels(rows[at : at + _AT_ONCE]))).half()
        for at in range(0, len(rows), _AT_ONCE)
    ])  # fmt: skip
    log.info("%d scenes read, %d numbers a patch", len(read), read.shape[1])
    readout = Readout(read.shape[1])
    _learn(readout, read, labels)
    save(readout, model, clip)


def _learn(readout: Readout, read: torch.Tensor, labels: torch.Tensor) -> None:
    num_steps = max(30, NUM_ROUNDS * (len(read) // BATCH))
    optimiser = torch.optim.AdamW(readout.parameters(), RATE, weight_decay=0.01)
    pace = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, num_steps, pct_start=0.1)
    for step in range(num_steps):
        some = torch.randint(len(read), (BATCH,))
        loss = F.cross_entropy(readout(read[some].float()), labels[some], reduction="none")
        weighted = (loss * (1 + _PRESENCE_WEIGHT * (labels[some] > 0))).mean()
        optimiser.zero_grad()
        weighted.backward()
        optimiser.step()
        pace.step()
        if step % 100 == 0:
            log.info("step %d of %d: %.4f", step, num_steps, weighted.item())


def save(readout: Readout, model: CLIPModel, folder: Path) -> None:
    """In half precision, tied to this very CLIP."""
    told = {
        "labels": ",".join(("nothing", *(term.id for term in OBJECTS))),
        "fingerprint": fingerprint_of(model.visual_projection.weight),
    }
    weights = {name: value.detach().half() for name, value in readout.state_dict().items()}
    save_file(weights, folder / READOUT, metadata=told)


def main() -> None:
    """Train, as the options say."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--scenes", type=Path, required=True, help="shards of drawn scenes")
    parser.add_argument("--clip", type=Path, required=True, help="its folder, which gets the file")
    parser.add_argument("--num", type=int, default=NUM_SCENES, help="how many scenes")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    train(options.scenes, options.clip, num_scenes=options.num)


if __name__ == "__main__":
    main()
