"""Pictures kept for whoever asks for exactly the same again, and what makes a job another one."""

from __future__ import annotations

import os
from dataclasses import fields, replace
from pathlib import Path

import pytest
from PIL import Image

from inference.engine.identity import Identity
from inference.engine.repeats import Repeats
from inference.jobs import Lora, Picture, Reference, RenderFailed, RenderJob

JOB = RenderJob(id="1", owner="ann", prompt="a red star", seed=7, count=2)
OTHERS: dict[str, object] = {
    "prompt": "a blue star",
    "negative_prompt": "grey",
    "width": 128,
    "height": 128,
    "steps": 9,
    "guidance": 3.0,
    "seed": 8,
    "count": 1,
    "model": "another",
    "reference": Reference(sha256="r"),
    "loras": (Lora(name="ink"),),
    "sampler": "ddim",
}


def pictures(count: int = 2, side: int = 64) -> list[Picture]:
    """Blue pictures."""
    return [
        Picture(index=n, seed=7 + n, image=Image.new("RGB", (side, side), "blue"), how={"a": 1})
        for n in range(count)
    ]


def kept(max_bytes: int = 10**6) -> Repeats:
    """A memory that knows ``JOB``."""
    repeats = Repeats(max_bytes)
    repeats.keep("weights", JOB, pictures())
    return repeats


def test_the_same_job_of_somebody_else_gets_the_same_pictures() -> None:
    """Who asks and under which id does not matter; the answer says that it is a repeat."""
    found = kept().find("weights", replace(JOB, id="2", owner="bo"))
    assert found is not None
    assert [(one.index, one.seed) for one in found] == [(0, 7), (1, 8)]
    assert found[0].how == {"a": 1, "is_repeat": True}


@pytest.mark.parametrize("field", [f.name for f in fields(RenderJob)])
def test_every_other_field_makes_another_job(field: str) -> None:
    """No field of a job is forgotten, whichever are added: each has another value to try here."""
    if field not in ("id", "owner"):
        assert kept().find("weights", replace(JOB, **{field: OTHERS[field]})) is None


def test_other_weights_are_another_job() -> None:
    """A new model or style never shows the old one's pictures."""
    assert kept().find("other weights", JOB) is None


def test_nobody_can_draw_on_what_is_kept() -> None:
    """Pictures go in and out as copies."""
    repeats = kept()
    first = repeats.find("weights", JOB)
    assert first is not None
    first[0].image.paste("red", (0, 0, 64, 64))
    second = repeats.find("weights", JOB)
    assert second is not None
    assert second[0].image.getpixel((0, 0)) == (0, 0, 255)


def test_what_is_kept_is_bounded_and_the_oldest_go() -> None:
    """Two jobs of two small pictures have room, a third pushes the least used out."""
    size = 2 * 64 * 64 * 3
    repeats = kept(2 * size)
    repeats.keep("weights", replace(JOB, seed=20), pictures())
    assert repeats.find("weights", JOB) is not None
    repeats.keep("weights", replace(JOB, seed=30), pictures())
    assert repeats.find("weights", replace(JOB, seed=20)) is None
    assert repeats.find("weights", JOB) is not None
    repeats.keep("weights", replace(JOB, seed=40), pictures(side=512))  # larger than all the room
    assert repeats.find("weights", replace(JOB, seed=40)) is None


def test_keeping_twice_counts_once_and_forgetting_empties() -> None:
    """The same job kept again does not use the room up."""
    size = 2 * 64 * 64 * 3
    repeats = kept(2 * size)
    for _ in range(5):
        repeats.keep("weights", JOB, pictures())
    repeats.keep("weights", replace(JOB, seed=20), pictures())
    assert repeats.find("weights", JOB) is not None
    repeats.forget()
    assert repeats.find("weights", JOB) is None


def test_no_room_keeps_nothing() -> None:
    """Zero bytes turn it off."""
    assert kept(0).find("weights", JOB) is None


def test_weights_and_styles_are_known_by_their_files(tmp_path: Path) -> None:
    """A changed weight file, a changed config or a changed style is another identity."""
    model, loras = tmp_path / "model", tmp_path / "loras"
    (model / "unet").mkdir(parents=True)
    loras.mkdir()
    weights, config = model / "unet" / "w.safetensors", model / "model_index.json"
    style = loras / "ink.safetensors"
    for path in (weights, config, style):
        path.write_bytes(b"one")
    styled = replace(JOB, loras=(Lora(name="ink"),))

    def identities() -> tuple[str, str]:
        identity = Identity(model, loras)
        return identity.of(JOB), identity.of(styled)

    plain, inked = identities()
    assert identities() == (plain, inked)
    assert plain != inked
    known = Identity(model, loras)
    style.write_bytes(b"another style")
    assert known.of(JOB) == plain
    assert known.of(styled) != inked
    os.utime(weights, ns=(1, 1))
    assert identities()[0] != plain


def test_a_folder_of_styles_that_is_gone_is_a_missing_style(tmp_path: Path) -> None:
    """The person reads a sentence, as for a style that never was."""
    identity = Identity(tmp_path, tmp_path / "loras")
    with pytest.raises(RenderFailed) as failure:
        identity.of(replace(JOB, loras=(Lora(name="ink"),)))
    assert failure.value.key == "render-lora-missing"
