"""The first latents of a run: noise, a reference, a mask, in the order the stock pipelines draw.

One generator a picture, on the CPU: it first encodes the reference, then draws the noise, then
encodes what a mask leaves visible, then serves the sampler.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from inference.engine.families.canvas import Canvas, Kept, sent
from inference.engine.families.codec import to_pixels
from inference.engine.families.family import Family, Reading, Told
from inference.engine.pictures import fit_mask, fit_reference

if TYPE_CHECKING:
    from torch import Tensor

    from inference.engine.samplers import Table
    from inference.engine.stepper import PictureRun


class Sketch:
    """One run about to begin."""

    def __init__(self, family: Family, run: PictureRun, table: Table) -> None:
        self._family = family
        self._table = table
        self._shape = (1, family.codec.channels, run.lane.height, run.lane.width)
        self._generator = torch.Generator("cpu").manual_seed(run.seed)
        size = run.job.width, run.job.height
        self._pixels = torch.zeros(1, 3, size[1], size[0])
        if run.reference is not None:
            self._pixels = to_pixels(fit_reference(run.reference, *size))
        self._has_reference = run.reference is not None
        self._mask: Tensor | None = None  # (1, 1, H, W): 1 where it is painted
        if run.mask is not None:
            self._mask = (to_pixels(fit_mask(run.mask, *size).convert("RGB"))[:, :1] > 0).float()

    @property
    def _reads_mask(self) -> bool:
        """True for a network made for repainting, which is shown mask and picture itself."""
        return self._family.input_channels > self._family.codec.channels

    def canvas(self, reading: Reading) -> Canvas:
        """Everything the run holds on the device."""
        table = self._table
        start = torch.zeros(self._shape, device=self._family.device)
        picture: Tensor | None = None
        if self._has_reference and (table.start_latents or not self._reads_mask):
            picture = self._family.codec.encode(self._pixels, self._generator)
            start = table.start_latents * picture
        noise = sent(torch.randn(self._shape, generator=self._generator), self._family.device)
        latents = start + table.start_noise * noise
        shown = self._shown()
        kept: Kept | None = None
        if picture is not None and self._mask is not None and not self._reads_mask:
            kept = Kept(mask=self._small_mask(), latents=picture, noise=noise)
        return Canvas(
            table=table,
            generator=self._generator,
            latents=latents,
            guess=torch.zeros_like(latents),
            wanted={**reading.wanted, **shown},
            unwanted=None if reading.unwanted is None else {**reading.unwanted, **shown},
            kept=kept,
            notices=reading.notices,
        )

    def _shown(self) -> Told:
        """``shown`` (1, 1 + C, h, w), mask and visible picture, where the network reads them."""
        codec = self._family.codec
        if self._reads_mask:
            hidden = torch.ones_like(self._pixels[:, :1]) if self._mask is None else self._mask
            visible = codec.encode(self._pixels * (hidden < 0.5), self._generator)
            return {"shown": torch.cat([self._small_mask(), visible], dim=1)}
        if self._mask is not None and codec.draws:
            torch.randn(self._shape, generator=self._generator)  # the stock pipeline encodes it too
        return {}

    def _small_mask(self) -> Tensor:
        """(1, 1, h, w) in latents."""
        if self._mask is None:
            mask = torch.ones(1, 1, *self._shape[2:])
        else:
            mask = torch.nn.functional.interpolate(self._mask, size=self._shape[2:])
        return sent(mask, self._family.device)
