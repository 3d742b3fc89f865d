"""A read-out of a CLIP's patches: which of some labelled things each patch shows.

Where a CLIP was taught to name what stands at each patch, this finds small things and things
among others that one vector for the whole picture hides. It fits one CLIP only, which a
fingerprint of that CLIP's weights makes sure of. Importing this loads torch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import torch
import torch.nn.functional as F
from safetensors import safe_open
from torch import Tensor

NAME = "patch_labels.safetensors"


@dataclass(frozen=True, kw_only=True)
class Readout:
    """A few convolutions over the patches of all layers; the first label is nothing at all."""

    labels: tuple[str, ...]
    weights: Mapping[str, Tensor]

    @classmethod
    def read(cls, path: Path, fingerprint: str) -> Self | None:
        """The read-out in ``path``, or None where it was made for another CLIP."""
        with safe_open(path, framework="pt") as stored:
            told = stored.metadata() or {}
            if told.get("fingerprint") != fingerprint:
                return None
            weights = {name: stored.get_tensor(name).float() for name in stored.keys()}  # noqa: SIM118
            return cls(labels=tuple(told["labels"].split(",")), weights=weights)

    @torch.inference_mode()
    def scores(self, patches: Tensor) -> Tensor:
        """(pictures, layers · width, rows, columns) → (pictures, labels, rows, columns)."""
        weights = self.weights
        hidden = F.gelu(F.conv2d(patches, weights["first.weight"], weights["first.bias"]))
        around = F.conv2d(hidden, weights["second.weight"], weights["second.bias"], padding=1)
        hidden = hidden + F.gelu(around)
        return F.conv2d(hidden, weights["third.weight"], weights["third.bias"], padding=1)

    def log_odds(self, scores: Tensor, label: str) -> float:
        """What ``scores`` gave → how sure the surest patch is of ``label``, as log odds."""
        wanted = self.labels.index(label)
        others = torch.cat([scores[:, :wanted], scores[:, wanted + 1 :]], dim=1)
        return float((scores[:, wanted] - others.logsumexp(dim=1)).max())


def find_readout(clip_folder: Path, fingerprint: str) -> Readout | None:
    """The read-out that comes with the CLIP; None where there is none that fits it."""
    path = clip_folder / NAME
    return Readout.read(path, fingerprint) if path.is_file() else None


def fingerprint_of(weights: Tensor) -> str:
    """Names a CLIP by some of its weights, whatever precision they are kept in."""
    return hashlib.sha256(weights.detach().cpu().half().numpy().tobytes()).hexdigest()[:16]
