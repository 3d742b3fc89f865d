"""What the teacher asks for, and where; and that practice leaves drawing without words alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from inference.sketchbook import samples
from inference.sketchbook.judge import Logits
from inference.sketchbook.training import ddim, feedback, teacher
from inference.sketchbook.training.dataset import NONE
from inference.sketchbook.training.detector import NOTHING, detection_losses
from inference.sketchbook.training.device import autocast
from inference.sketchbook.training.presets import PRESETS
from inference.sketchbook.vocabulary import COLOURS, OBJECTS, RELATIONS, SETTINGS, STYLES

# diffusers' scheduler hands tensors to numpy the old way
pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.timeout(400),
]
_RIGHT_OF = [term.id for term in RELATIONS].index("right of")


def _seen(*things: tuple[int, int, int]) -> Logits:
    """What a teacher says who sees these objects, each with its row and column."""
    objects = torch.zeros(1, 1 + len(OBJECTS), 8, 8)
    objects[:, 0] = 4.0
    for kind, row, column in things:
        objects[0, kind + 1, row, column] = 6.0
    return Logits(
        objects=objects,
        colours=torch.zeros(1, len(COLOURS), 8, 8),
        styles=torch.zeros(1, len(STYLES)),
        settings=torch.zeros(1, len(SETTINGS)),
    )


def _scene(count: int, relation: int, *things: int) -> torch.Tensor:
    return torch.tensor([[count, relation, 0, 0, *things, NONE, NONE]])


def test_one_thing_is_wanted_where_it_looks_most_like_it() -> None:
    """One cell, with object and colour; nothing anywhere else."""
    objects, colours = feedback.wanted(_seen((3, 5, 2)), _scene(1, NONE, 3, 6, NONE, NONE))
    assert objects.nonzero().tolist() == [[0, 5, 2]]
    assert objects[0, 5, 2] == 4
    assert colours[0, 5, 2] == 6
    assert (colours != NOTHING).sum() == 1


def test_three_are_wanted_apart_even_where_only_two_are_seen() -> None:
    """The third is asked for in a free place, not beside one that is there."""
    objects, _ = feedback.wanted(_seen((3, 1, 1), (3, 1, 6)), _scene(3, NONE, 3, 6, NONE, NONE))
    cells = objects.nonzero()[:, 1:].tolist()
    assert len(cells) == 3
    assert [1, 1] in cells
    assert [1, 6] in cells
    for one in cells:
        for other in cells:
            assert one == other or max(abs(a - b) for a, b in zip(one, other, strict=True)) > 2


def test_two_are_wanted_as_they_were_asked_for() -> None:
    """Seen the wrong way round, the pair is not simply taken as it stands."""
    seen = _seen((3, 4, 1), (7, 4, 6))
    objects, _ = feedback.wanted(seen, _scene(1, _RIGHT_OF, 3, 0, 7, 1))
    first, second = (objects[0] == 4).nonzero()[0], (objects[0] == 8).nonzero()[0]
    assert first[1] - second[1] > abs(int(first[0] - second[0]))
    right, _ = feedback.wanted(_seen((3, 4, 6), (7, 4, 1)), _scene(1, _RIGHT_OF, 3, 0, 7, 1))
    assert right[0, 4, 6] == 4
    assert right[0, 4, 1] == 8


def test_losses_are_each_scenes_own() -> None:
    """A scene that is named right costs less than one that is not, in one batch."""
    logits, scene = _seen((3, 5, 2)), _scene(1, NONE, 3, 6, NONE, NONE)
    objects, colours = feedback.wanted(logits, scene)
    elsewhere = objects.roll(3, dims=2), colours.roll(3, dims=2)
    right = detection_losses(logits, objects, colours, scene)
    wrong = detection_losses(logits, *elsewhere, scene)
    assert right.shape == (1,)
    assert right < wrong


def test_walks_start_in_noise_and_stop_on_the_way() -> None:
    """Eight levels like the sampler's, the last one before the picture is clean."""
    assert ddim.levels(samples.STEPS) == [999, 874, 749, 624, 499, 374, 249, 124]


def test_walks_are_looked_at_where_they_end_and_halfway(smoke_run: Path) -> None:
    """Seven walks, one to each level; the shortest has no halfway."""
    stage = feedback.Practising(smoke_run, PRESETS["smoke"], lambda _: None)
    told = stage.text_encoder(stage.data.ids([0, 1], stage.lots))[0].detach()
    nothing = stage.text_encoder(stage.nothing[None])[0].expand_as(told).detach()
    walks = [stage._walked(told, nothing) for _ in range(7)]
    for x, level in walks:
        assert x.shape == (len(level), 16, 8, 8)
        assert x.isfinite().all()
    stops = [level.tolist() for _, level in sorted(walks, key=lambda walk: -walk[1].min())]
    assert stops[:2] == [[874, 874], [874, 874, 749, 749]]
    assert stops[-1] == [499, 499, 124, 124]


def test_practice_corrects_only_what_heeds_the_words(smoke_run: Path) -> None:
    """The guess without words carries no gradient, so it cannot be made worse on purpose."""
    stage = feedback.Practising(smoke_run, PRESETS["smoke"], lambda _: None)
    told = stage.text_encoder(stage.data.ids([0, 1], stage.lots))[0].detach()
    nothing = stage.text_encoder(stage.nothing[None])[0].expand_as(told).detach()
    x, level = torch.randn(2, 16, 8, 8), torch.tensor([500, 500])
    calls: list[bool] = []
    stage.model.register_forward_hook(lambda *_: calls.append(torch.is_grad_enabled()))
    ddim.guided(stage.model, x, level, nothing, told)
    assert calls == [False, True]


def test_guided_guesses_are_pushed_away_from_no_words(smoke_run: Path) -> None:
    """`ddim.guided` in two calls is what one batch gives."""
    stage = feedback.Practising(smoke_run, PRESETS["smoke"], lambda _: None)
    told = stage.text_encoder(stage.data.ids([0, 1], stage.lots))[0].detach()
    nothing = stage.text_encoder(stage.nothing[None])[0].expand_as(told).detach()
    x, level = torch.randn(2, 16, 8, 8), torch.tensor([500, 500])
    with torch.no_grad(), autocast("cpu"):
        by_two = ddim.guided(stage.model, x, level, nothing, told)
        pair = torch.cat([x, x]), torch.cat([level, level]), torch.cat([nothing, told])
        without, told_so = stage.model(*pair).sample.float().chunk(2)
    assert torch.allclose(by_two, without + samples.GUIDANCE * (told_so - without), atol=0.1)


def test_the_teacher_learns_to_name_latents(smoke_run: Path, tmp_path: Path) -> None:
    """Thirty steps on a handful of scenes bring its loss down."""
    for name in ("scenes", "vae"):
        (tmp_path / name).symlink_to(smoke_run / name)
    stage = teacher._Teaching(tmp_path, PRESETS["smoke"])
    losses = [stage.step(0.0) for _ in range(30)]
    assert sum(losses[-5:]) < 0.8 * sum(losses[:5])
