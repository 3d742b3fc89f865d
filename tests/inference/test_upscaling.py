"""Upscalers: tiny ones of the real kinds, made here with random weights."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from PIL import Image

from benchmarks._model import byte_tokenizer, text_encoder
from inference.upscaling import UpscalingFailed, kind_of, load_upscaler

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")


def build_swin2sr(folder: Path) -> Path:
    """A Swin2SR that doubles, of a few thousand parameters."""
    import torch
    from transformers import Swin2SRConfig, Swin2SRForImageSuperResolution

    torch.manual_seed(0)
    config = Swin2SRConfig(
        image_size=16, patch_size=1, embed_dim=8, depths=[1], num_heads=[1], window_size=4,
        upscale=2, mlp_ratio=2.0,
    )  # fmt: skip
    Swin2SRForImageSuperResolution(config).save_pretrained(folder)
    return folder


def build_upscaling_pipeline(folder: Path) -> Path:
    """Stable Diffusion's x4 upscaler with few channels: it reads picture, noise level and words."""
    import diffusers
    import torch

    torch.manual_seed(0)
    tokenizer = byte_tokenizer(folder)
    unet = diffusers.UNet2DConditionModel(
        sample_size=8, in_channels=7, out_channels=4, block_out_channels=(32, 64),
        layers_per_block=1, attention_head_dim=8, norm_num_groups=8, cross_attention_dim=32,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"), num_class_embeds=1000,
    )  # fmt: skip
    vae = diffusers.AutoencoderKL(
        block_out_channels=(8, 8, 16), down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3, norm_num_groups=4,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pipeline = diffusers.StableDiffusionUpscalePipeline(
            vae=vae, unet=unet, tokenizer=tokenizer,
            text_encoder=text_encoder(tokenizer, width=32, layers=1),
            low_res_scheduler=diffusers.DDPMScheduler(), scheduler=diffusers.DDIMScheduler(),
        )  # fmt: skip
        pipeline.save_pretrained(folder)
    return folder


def striped(width: int, height: int) -> Image.Image:
    """A picture with something in it."""
    picture = Image.new("RGB", (width, height), "white")
    picture.paste((200, 30, 30), (0, 0, width // 2, height))
    return picture


def test_swin2sr_doubles(tmp_path: Path) -> None:
    """Any sides, also those its window does not divide; the same picture gives the same one."""
    folder = build_swin2sr(tmp_path)
    assert kind_of(folder) == "swin2sr"
    upscaler = load_upscaler(folder, "cpu")
    larger = upscaler.enlarge(striped(18, 13), prompt="", seed=0)
    assert (larger.size, larger.mode) == ((36, 26), "RGB")
    assert larger.tobytes() == upscaler.enlarge(striped(18, 13), prompt="", seed=9).tobytes()
    assert len(larger.getcolors(36 * 26) or []) > 1


def test_a_diffusion_upscaler_reads_words_and_seed(tmp_path: Path) -> None:
    """Four times as large; what it draws depends on the seed and is the same for the same one."""
    folder = build_upscaling_pipeline(tmp_path)
    assert kind_of(folder) == "diffusion"
    upscaler = load_upscaler(folder, "cpu")
    made = [upscaler.enlarge(striped(16, 8), prompt="a cat", seed=seed) for seed in (5, 5, 6)]
    assert [one.size for one in made] == [(64, 32)] * 3
    assert made[0].tobytes() == made[1].tobytes()
    assert made[0].tobytes() != made[2].tobytes()


@pytest.mark.parametrize("index", ["", "{}", "[1]", '{"_class_name": "FluxPipeline"}', "{"])
def test_what_is_no_upscaler(tmp_path: Path, index: str) -> None:
    """An empty folder, another pipeline, a file that is none: said, not run."""
    if index:
        (tmp_path / "model_index.json").write_text(index, "utf-8")
    assert kind_of(tmp_path) is None
    with pytest.raises(UpscalingFailed):
        load_upscaler(tmp_path, "cpu")


def test_weights_that_are_not_there(tmp_path: Path) -> None:
    """A folder that says what it is and holds nothing is one kind of failure."""
    (tmp_path / "config.json").write_text('{"model_type": "swin2sr"}', "utf-8")
    with pytest.raises(UpscalingFailed):
        load_upscaler(tmp_path, "cpu")
