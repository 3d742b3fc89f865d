"""The judge: reads objects, colours, places, style and setting out of a picture.

It is trained on real scenes only, with its own seed and trunk, and no part of it is a
training signal of the model that it judges. Tests and benchmarks use it; serving never does.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn

from inference.sketchbook.compositions import Composition, Thing
from inference.sketchbook.vocabulary import COLOURS, DRAWN_STYLES, OBJECTS, SETTINGS, STYLES

CELLS: Final = 8
_WIDTHS: Final = (32, 72, 144)
_DEPTH: Final = 2
_FILE: Final = "judge.safetensors"


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """One object that the judge saw; x and y are shares of the side."""

    thing: Thing
    x: float
    y: float


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """All that the judge says of one picture."""

    sightings: tuple[Sighting, ...]
    style: str
    setting: str


@dataclass(frozen=True, kw_only=True)
class Logits:
    """Scores per cell (B, classes, 8, 8) and per picture (B, classes); object class 0 is none."""

    objects: torch.Tensor
    colours: torch.Tensor
    styles: torch.Tensor
    settings: torch.Tensor


class Residual(nn.Module):
    """Two normalised convolutions around a shortcut (He et al., 2016)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(x + self.body(x))


def _down(before: int, after: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, 3, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(),
    )


class CellDetector(nn.Module):
    """Names what is centred in each of 8x8 cells; style and setting from the mean of all cells.

    Its trunk decides what it sees: pictures or latents (B, …) → features (B, width, 8, 8).
    """

    def __init__(self, trunk: nn.Module, width: int, num_styles: int = len(STYLES)) -> None:
        super().__init__()
        self.trunk = trunk
        self.objects = nn.Conv2d(width, 1 + len(OBJECTS), 1)
        self.colours = nn.Conv2d(width, len(COLOURS), 1)
        self.styles = nn.Linear(width, num_styles)
        self.settings = nn.Linear(width, len(SETTINGS))

    def features(self, x: torch.Tensor) -> torch.Tensor:
        """What the heads read, (B, width, 8, 8)."""
        cells: torch.Tensor = self.trunk(x)
        return cells

    def forward(self, x: torch.Tensor) -> Logits:
        cells = self.features(x)
        whole = cells.mean((2, 3))
        return Logits(
            objects=self.objects(cells).float(),
            colours=self.colours(cells).float(),
            styles=self.styles(whole).float(),
            settings=self.settings(whole).float(),
        )


class Detector(CellDetector):
    """The judge's network, on pictures (B, 3, 64, 64) from -1 to 1.

    The detector of latents that guides the U-Net (`training/teacher.py`) shares no weights,
    no trunk and no seed with it.
    """

    def __init__(self, num_styles: int = len(STYLES)) -> None:
        first, second, third = _WIDTHS
        trunk = nn.Sequential(
            nn.Conv2d(3, first, 5, stride=2, padding=2, bias=False),
            nn.BatchNorm2d(first),
            nn.ReLU(),
            Residual(first),
            _down(first, second),
            *(Residual(second) for _ in range(_DEPTH)),
            _down(second, third),
            *(Residual(third) for _ in range(_DEPTH)),
        )
        super().__init__(trunk, third, num_styles)

    def save(self, folder: Path) -> None:
        """Half-precision weights in one small file."""
        folder.mkdir(parents=True, exist_ok=True)
        state = {
            name: value.half().contiguous() if value.is_floating_point() else value
            for name, value in self.state_dict().items()
        }
        save_file(state, folder / _FILE)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The judge as saved, ready to judge."""
        state = load_file(folder / _FILE)
        judge = cls(num_styles=len(state["styles.bias"]))
        judge.load_state_dict({name: value.float() for name, value in state.items()})
        return judge.eval()


def _sightings(
    presence: torch.Tensor, objects: torch.Tensor, colours: torch.Tensor
) -> list[Sighting]:
    """Cells that are surer than all their neighbours, and surer than not; all (8, 8)."""
    around = F.max_pool2d(presence[None, None], 3, stride=1, padding=1)[0, 0]
    peaks = ((presence == around) & (presence > 0.5)).nonzero().tolist()
    return [
        Sighting(
            thing=Thing(
                object=OBJECTS[int(objects[row, column])].id,
                colour=COLOURS[int(colours[row, column])].id,
            ),
            x=(column + 0.5) / CELLS,
            y=(row + 0.5) / CELLS,
        )
        for row, column in peaks
    ]


@torch.no_grad()
def judge(detector: Detector, pixels: torch.Tensor) -> list[Judgement]:
    """What is in these pictures, (B, 3, 64, 64) from -1 to 1."""
    logits = detector(pixels)
    presence = 1 - logits.objects.softmax(1)[:, 0]
    objects, colours = logits.objects[:, 1:].argmax(1), logits.colours.argmax(1)
    styles, settings = logits.styles.argmax(1).tolist(), logits.settings.argmax(1).tolist()
    return [
        Judgement(
            sightings=tuple(_sightings(presence[i], objects[i], colours[i])),
            style=DRAWN_STYLES[styles[i]].id,
            setting=SETTINGS[settings[i]].id,
        )
        for i in range(len(pixels))
    ]


@dataclass(frozen=True, kw_only=True)
class Marks:
    """What a picture got right of its composition."""

    objects: bool
    """Every object there, none besides."""
    things: bool
    """The same with the colours."""
    count: bool
    relation: bool
    """Who stands where, or where the one object stands; true where nothing was asked,
    provided the objects are right."""
    style: bool
    setting: bool

    @property
    def is_exact(self) -> bool:
        return self.things and self.relation and self.style and self.setting


_MIDDLE: Final = 0.1  # an object at a side is further than this from the middle


def _is_placed(composition: Composition, sightings: tuple[Sighting, ...]) -> bool:
    if composition.place is not None:
        return len(sightings) == 1 and _is_at(composition.place, sightings[0])
    if not composition.is_pair:
        return True
    seen = {sighting.thing.object: sighting for sighting in sightings}
    first, second = (seen.get(thing.object) for thing in composition.things)
    if first is None or second is None:
        return False
    across, down = second.x - first.x, second.y - first.y
    return {
        "left of": across > abs(down),
        "right of": -across > abs(down),
        "above": down > abs(across),
        "below": -down > abs(across),
    }[composition.relation or "left of"]


def _is_at(place: str, sighting: Sighting) -> bool:
    across, down = sighting.x - 0.5, sighting.y - 0.5
    return {
        "left": across < -_MIDDLE,
        "right": across > _MIDDLE,
        "top": down < -_MIDDLE,
        "bottom": down > _MIDDLE,
    }[place]


def mark(composition: Composition, judgement: Judgement) -> Marks:
    """Compares what was asked with what was seen."""
    asked = sorted((thing.object, thing.colour) for thing in composition.all_things())
    seen = sorted((s.thing.object, s.thing.colour) for s in judgement.sightings)
    has_objects = [name for name, _ in asked] == [name for name, _ in seen]
    return Marks(
        objects=has_objects,
        things=asked == seen,
        count=len(asked) == len(seen),
        relation=has_objects and _is_placed(composition, judgement.sightings),
        style=composition.style == judgement.style,
        setting=composition.setting == judgement.setting,
    )
