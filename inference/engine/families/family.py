"""What the rows stepper needs of a family of models: read words, predict, code pictures.

A family knows its network and its encoders. It knows no samplers, no turns and no other rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from torch import Tensor

    from inference.engine.families.codec import LatentCodec
    from inference.engine.lora_slots import LoraSlots
    from inference.engine.samplers import Course
    from inference.jobs import RenderJob

Told = Mapping[str, "Tensor"]  # (1, …) each: what the network is told beside latents and time


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A job's words as the network takes them."""

    wanted: Told
    unwanted: Told | None = None  # None: no guidance, one row; else the same keys and shapes
    notices: tuple[Mapping[str, Any], ...] = ()  # {"key", "args"}: what was left out


class Family(Protocol):
    """One model on one device; only the device thread calls it, ``course`` aside."""

    name: str  # as the operator named it
    device: str
    scheduler: Any  # the stock one, for probing only
    codec: LatentCodec
    slots: LoraSlots | None  # None: wears no styles
    network: Any
    spare: Any | None  # the same weights, to be compiled; styles never reach it

    @property
    def multiple(self) -> int:
        """Pixels; both sides are multiples of it."""

    @property
    def input_channels(self) -> int:
        """Of the network; more than the codec's where it reads a mask."""

    def num_rows(self, job: RenderJob) -> int:
        """2 where every step needs the unwanted words too, else 1."""

    def guidance(self, job: RenderJob) -> float:
        """The guidance that has an effect on this model; 1.0 where none has."""

    def course(self, job: RenderJob) -> Course:
        """The steps the stock pipeline would take for ``job``; no device work."""

    def read(self, job: RenderJob) -> Reading:
        """Encode the job's words."""

    def predict(self, x: Tensor, times: Tensor, told: Told) -> Tensor:
        """The network's output (N, C, h, w) for scaled latents x (N, C, h, w), times (N,).

        Every tensor of ``told`` has N rows. One call of the network, whoever the rows belong to.
        """
