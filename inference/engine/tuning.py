"""What an operator may switch about how a device computes; no torch, no model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Tuning:
    """Each switch changes speed and rounding, never what is painted."""

    precision: Literal["auto", "float32", "bfloat16"] = "auto"  # auto: bfloat16 on a GPU
    has_channels_last: bool = True  # convolutions read pixels, not planes; GPU only
    has_fused_attention: bool = True  # SDPA's fused kernels; False: plain matrix products
    has_packed_decoder: bool = True  # weights laid out as oneDNN's kernels want them; CPU only
    remembers_words: bool = True  # projects them once, not in every step; CPU only
    is_compiled: bool = False  # torch.compile of the repeated blocks, in the background
    has_graphs: bool = False  # CUDA graphs: each call's kernels are started at once; GPU only
