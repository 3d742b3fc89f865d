"""A read-out of a CLIP's patches: which of some labelled things each patch shows.

Where a CLIP was taught to name what stands at each patch, this finds small things and things
among others that one vector for the whole picture hides. It fits one CLIP only, which a
fingerprint of that CLIP's weights makes sure of. Importing this loads torch.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import torch
from safetensors import safe_open
from torch import Tensor

NAME = "patch_labels.safetensors"
SHIPPED = Path(__file__).with_name("readouts")


@dataclass(frozen=True, kw_only=True)
class Readout:
    """One linear layer over patches; the first label is nothing at all."""

    labels: tuple[str, ...]
    weight: Tensor  # (labels, width)
    bias: Tensor  # (labels,)

    @classmethod
    def read(cls, path: Path, fingerprint: str) -> Self | None:
        """The read-out in ``path``, or None where it was made for another CLIP."""
        with safe_open(path, framework="pt") as stored:
            told = stored.metadata() or {}
            if told.get("fingerprint") != fingerprint:
                return None
            return cls(
                labels=tuple(told["labels"].split(",")),
                weight=stored.get_tensor("weight").float(),
                bias=stored.get_tensor("bias").float(),
            )

    def log_odds(self, patches: Tensor, label: str) -> float:
        """(pictures, patches, width) → how sure the surest patch is of ``label``, as log odds."""
        scores = patches @ self.weight.T + self.bias
        wanted = self.labels.index(label)
        others = torch.cat([scores[..., :wanted], scores[..., wanted + 1 :]], dim=-1)
        return float((scores[..., wanted] - others.logsumexp(dim=-1)).max())


def find_readout(clip_folder: Path, fingerprint: str) -> Readout | None:
    """The read-out that comes with the CLIP, else a shipped one that fits it, else None."""
    for path in (clip_folder / NAME, *sorted(SHIPPED.glob("*.safetensors"))):
        readout = Readout.read(path, fingerprint) if path.is_file() else None
        if readout is not None:
            return readout
    return None


def fingerprint_of(weights: Tensor) -> str:
    """Names a CLIP by some of its weights, whatever precision they are kept in."""
    return hashlib.sha256(weights.detach().cpu().half().numpy().tobytes()).hexdigest()[:16]
