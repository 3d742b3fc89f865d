"""Whole pictures from real folders: the batching family, the plain lane, and what is no model."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inference.engine import ModelLimits, load_engine, model_limits, native_size
from inference.jobs import (
    Engine,
    Lora,
    Picture,
    Progress,
    Reference,
    RenderCancelled,
    RenderFailed,
    RenderJob,
)

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")


@pytest.fixture(scope="session")
def plain_folder(tiny_sd: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same model with a sampler that is no table: the plain lane serves it."""
    folder = tmp_path_factory.mktemp("plain") / "model"
    shutil.copytree(tiny_sd, folder)
    config = {"_class_name": "HeunDiscreteScheduler", "steps_offset": 1}
    (folder / "scheduler" / "scheduler_config.json").write_text(json.dumps(config), "utf-8")
    index = json.loads((folder / "model_index.json").read_text("utf-8"))
    index["scheduler"] = ["diffusers", "HeunDiscreteScheduler"]
    (folder / "model_index.json").write_text(json.dumps(index), "utf-8")
    return folder


@pytest.fixture
async def engine(tiny_sd: Path) -> AsyncIterator[Engine]:
    """The tiny model, batching."""
    loaded = load_engine(str(tiny_sd), "cpu")
    yield loaded
    await loaded.close()


@pytest.fixture
async def plain(plain_folder: Path) -> AsyncIterator[Engine]:
    """The tiny model behind its stock pipeline."""
    loaded = load_engine(str(plain_folder), "cpu")
    yield loaded
    await loaded.close()


def job(**options: object) -> RenderJob:
    """Three steps of a red star."""
    return RenderJob(**{"id": "a", "prompt": "a red star", "steps": 3, "seed": 7, **options})  # type: ignore[arg-type]


def difference(first: Picture, second: Picture) -> int:
    """Largest difference of two pictures, 0…255."""
    one, other = (np.asarray(picture.image, dtype=int) for picture in (first, second))
    return int(np.abs(one - other).max())


async def test_the_same_seed_gives_the_same_picture_alone_or_in_company(engine: Engine) -> None:
    """Picture 2 of four is the picture of seed + 2, up to one 255th."""
    four = await engine.render(job(count=4))
    alone = (await engine.render(job(seed=9)))[0]
    assert four[2].seed == alone.seed == 9
    assert difference(four[2], alone) <= 1
    assert difference(four[0], four[1]) > 1
    assert alone.image.size == (64, 64)
    assert alone.how["sampler"] == "EulerDiscreteScheduler"
    assert alone.how["steps"] == 3


async def test_size_guidance_and_negative_words_matter(engine: Engine) -> None:
    """Each of them changes the picture, and the size is the one asked for."""
    usual = (await engine.render(job()))[0]
    wide = (await engine.render(job(width=96)))[0]
    steered = (await engine.render(job(guidance=9.0)))[0]
    without = (await engine.render(job(negative_prompt="blue")))[0]
    assert wide.image.size == (96, 64)
    assert difference(usual, steered) > 1
    assert difference(usual, without) > 1


async def test_a_reference_is_kept_at_low_strength(engine: Engine) -> None:
    """Of any size and mode, it is fitted; a low strength takes fewer steps than were asked for."""
    reference = Image.new("RGBA", (90, 40), (200, 30, 30, 255))
    low = job(steps=10, reference=Reference(sha256="r", strength=0.3))
    picture = (await engine.render(low, reference=reference))[0]
    assert picture.image.size == (64, 64)
    assert picture.how["steps"] == 3


async def test_words_beyond_the_window_are_left_out_with_a_notice(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """The person reads how many words were left out; the log holds none of them."""
    picture = (await engine.render(job(prompt="star " * 40)))[0]
    notice = picture.how["notices"][0]
    assert notice["key"] == "render-notice-prompt-cut"
    assert 15 <= notice["args"]["words"] <= 25  # 75 letters hold 18 words and a bit
    assert "star" not in caplog.text
    assert (await engine.render(job()))[0].how["notices"] == []


async def test_broken_weights_are_reported_not_painted(tiny_sd: Path, tmp_path: Path) -> None:
    """Numbers that are none never become a picture."""
    from safetensors.torch import load_file, save_file

    shutil.copytree(tiny_sd, tmp_path / "model")
    weights = tmp_path / "model" / "unet" / "diffusion_pytorch_model.safetensors"
    state = load_file(weights)
    state["conv_out.bias"] = state["conv_out.bias"] * float("nan")
    save_file(state, weights, metadata={"format": "pt"})
    broken = load_engine(str(tmp_path / "model"), "cpu")
    with pytest.raises(RenderFailed) as failure:
        await broken.render(job(count=2))
    await broken.close()
    assert failure.value.key == "render-broken-picture"


async def test_the_plain_lane_serves_any_pipeline(plain: Engine) -> None:
    """A stock pipeline reports progress, honours seeds and paints from a reference."""
    heard: list[int] = []
    two = await plain.render(job(count=2), on_progress=lambda progress: heard.append(progress.step))
    again = (await plain.render(job(seed=8)))[0]
    assert heard[-1] == 6
    assert two[1].how["lane"] == "plain"
    assert difference(two[1], again) <= 1
    reference = Image.new("RGB", (64, 64), "red")
    kept = job(reference=Reference(sha256="r", strength=0.5))
    assert len(await plain.render(kept, reference=reference)) == 1


async def test_a_stock_call_stops_within_a_step(plain: Engine) -> None:
    """Cancelling reaches into the stock pipeline, which stays usable."""
    heard: list[int] = []

    def listen(progress: object) -> None:
        heard.append(1)
        plain.cancel("long")

    with pytest.raises(RenderCancelled):
        await plain.render(job(id="long", steps=100), on_progress=listen)
    assert len(heard) <= 2
    assert len(await plain.render(job())) == 1


async def test_what_a_mask_keeps_is_the_persons_own(engine: Engine, plain: Engine) -> None:
    """In both lanes, outside the mask no pixel changes; inside, the picture is painted anew."""
    reference = Image.effect_noise((64, 64), 90).convert("RGB")
    mask = Image.new("L", (64, 64), 0)
    mask.paste(255, (16, 16, 48, 48))
    repaint = job(steps=6, reference=Reference(sha256="r", strength=0.9, mask="m"))
    for lane in (engine, plain):
        painted = (await lane.render(repaint, reference=reference, mask=mask))[0].image
        ours, theirs = (np.asarray(one, dtype=int) for one in (painted, reference))
        outside = np.asarray(mask) == 0
        assert np.array_equal(ours[outside], theirs[outside])
        assert np.abs(ours - theirs)[~outside].mean() > 5


@pytest.mark.parametrize("options", [{"loras": (Lora(name="ink"),)}, {"sampler": "ddim"}])
async def test_the_plain_lane_refuses_what_it_cannot(
    plain: Engine, options: dict[str, object]
) -> None:
    """Styles and samplers by name need a family; the person reads so before anything is painted."""
    with pytest.raises(RenderFailed) as failure:
        await plain.render(job(**options))
    assert failure.value.key in ("render-lora-missing", "render-sampler-unfit")


async def test_the_plain_lane_tells_of_words_left_out(plain: Engine) -> None:
    """The same notice as in the shared lane, by the pipeline's own tokenizer."""
    notices = (await plain.render(job(prompt="star " * 40)))[0].how["notices"]
    assert [notice["key"] for notice in notices] == ["render-notice-prompt-cut"]
    assert 15 <= notices[0]["args"]["words"] <= 25


@pytest.mark.parametrize("name", ["tiny_xl", "tiny_flux", "tiny_zimage", "tiny_repainter"])
async def test_every_family_paints_whole_pictures(
    name: str, request: pytest.FixtureRequest
) -> None:
    """Words, a reference, progress and notices go through the engine as for Stable Diffusion."""
    painter = load_engine(str(request.getfixturevalue(name)), "cpu")
    heard: list[Progress] = []
    long = job(prompt="star " * 300, count=2, width=96, height=64, negative_prompt="blue")
    two = await painter.render(long, on_progress=heard.append)
    reference = Image.new("RGB", (50, 50), "red")
    kept = await painter.render(job(reference=Reference(sha256="r")), reference=reference)
    await painter.close()
    assert [picture.image.size for picture in (*two, *kept)] == [(96, 64), (96, 64), (64, 64)]
    assert heard[-1].step == heard[-1].steps == 6
    assert two[0].how["notices"][0]["args"]["words"] > 100
    assert two[0].how["lane"] == "steps"


@pytest.mark.parametrize("model", ["nobody/no-such-model", "/no/such/folder", "no such model"])
def test_a_missing_model_says_what_to_do(model: str) -> None:
    """One sentence with the name, whatever it was meant to be."""
    with pytest.raises(RenderFailed) as failure:
        load_engine(model, "cpu")
    assert failure.value.key == "render-model-missing"
    assert failure.value.args_["model"] == model


def test_a_folder_that_is_no_model_is_called_broken(tmp_path: Path) -> None:
    """A folder without an index, or with half a model, is named."""
    with pytest.raises(RenderFailed) as failure:
        load_engine(str(tmp_path), "cpu")
    assert failure.value.key == "render-model-broken"


def test_a_device_that_is_not_there_is_named(tiny_sd: Path) -> None:
    """Asking for a GPU on a machine without one fails at the start, not at the first picture."""
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    with pytest.raises(RenderFailed) as failure:
        load_engine(str(tiny_sd), "cuda")
    assert failure.value.key == "render-no-device"


def test_the_native_size_is_read_from_the_folder(tiny_sd: Path) -> None:
    """Eight latents of eight pixels each."""
    assert native_size(str(tiny_sd)) == (64, 64)


@pytest.mark.parametrize(
    ("options", "key"),
    [({"width": 72}, "render-size-unfit"), ({"steps": 60}, "render-steps-unfit")],
)
def test_limits_are_read_from_the_folder_before_anybody_waits(
    tiny_flux: Path, tmp_path: Path, options: dict[str, int], key: str
) -> None:
    """What the json files rule out is refused without torch, with the engine's own sentence."""
    shutil.copytree(tiny_flux, tmp_path / "model")
    lcm = {"_class_name": "LCMScheduler", "original_inference_steps": 50}
    (tmp_path / "model/scheduler/scheduler_config.json").write_text(json.dumps(lcm), "utf-8")
    limits = model_limits(str(tmp_path / "model"))
    limits.check(job(width=96, height=64, steps=50))
    with pytest.raises(RenderFailed) as failure:
        limits.check(job(**options))
    assert failure.value.key == key


def test_an_unknown_model_has_the_widest_limits(tiny_sd: Path) -> None:
    """What is not on this disk refuses nothing; a U-Net takes every multiple of eight."""
    assert model_limits("nobody/no-such-model") == model_limits(str(tiny_sd)) == ModelLimits()


def test_a_transformer_that_tells_no_size_paints_128_latents(tiny_flux: Path) -> None:
    """As the stock pipelines do."""
    assert native_size(str(tiny_flux)) == (1024, 1024)


def test_an_unknown_size_is_guessed_without_a_download() -> None:
    """A hub name that is not on this disk costs no network."""
    assert native_size("nobody/no-such-model") == (512, 512)


def test_words_are_encoded_once_for_all_who_say_them() -> None:
    """The last 64 texts are remembered; the oldest of them goes first."""
    from inference.engine.families.words import WordMemory, Words

    read: list[str] = []

    class Reader:
        def read(self, text: str) -> Words:
            read.append(text)
            return Words(told={}, num_left_out=0)

    memory = WordMemory(Reader())
    for text in ("a star", "a star", *(f"wish {n}" for n in range(63)), "a star"):
        memory.read_job(job(prompt=text), is_guided=False)
    assert read.count("a star") == 1
    for n in range(64, 130):
        memory.read_job(job(prompt=f"wish {n}"), is_guided=False)
    memory.read_job(job(), is_guided=False)
    assert read.count("a red star") == 1
    memory.read_job(job(prompt="wish 0"), is_guided=False)
    assert read.count("wish 0") == 2
