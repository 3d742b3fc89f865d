"""LoRAs: the four-step one, and styles from a folder, on Sketchbook and on its elders."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
import torch
from diffusers import (
    AutoencoderKL,
    DDIMScheduler,
    DDPMScheduler,
    EulerDiscreteScheduler,
    StableDiffusionPipeline,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)
from PIL import Image
from safetensors.torch import load_file
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
)
from typer.testing import CliRunner

from inference.sketchbook import samples, tokens
from inference.sketchbook.__main__ import app
from inference.sketchbook.training import ddim, distil, export, loop, lora, style, unet
from inference.sketchbook.training.presets import PRESETS, Budget

# diffusers' scheduler hands tensors to numpy the old way
pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.timeout(400),  # the tiny training run takes a minute on a busy core
]
_KL = {
    "block_out_channels": (8, 8, 8, 8),
    "down_block_types": ("DownEncoderBlock2D",) * 4,
    "up_block_types": ("UpDecoderBlock2D",) * 4,
    "latent_channels": 4,
    "norm_num_groups": 4,
}


def small_text(tokenizer: CLIPTokenizer, kind: Any, width: int) -> Any:
    """A CLIP text encoder of one layer."""
    return kind(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=width,
            intermediate_size=width,
            num_hidden_layers=1,
            num_attention_heads=2,
            projection_dim=width,
            max_position_embeddings=tokens.MAX_TOKENS,
            eos_token_id=tokenizer.eos_token_id,
            bos_token_id=tokenizer.bos_token_id,
        )
    ).eval()


def sd15(tokenizer: CLIPTokenizer) -> Any:
    """SD 1.5's configuration with fewer channels: four levels, predicts noise."""
    torch.manual_seed(1)
    network = UNet2DConditionModel(
        sample_size=8,
        block_out_channels=(8, 16, 16, 16),
        cross_attention_dim=16,
        attention_head_dim=2,
        norm_num_groups=4,
    )
    return StableDiffusionPipeline(
        vae=AutoencoderKL(**_KL),
        text_encoder=small_text(tokenizer, CLIPTextModel, 16),
        tokenizer=tokenizer,
        unet=network,
        scheduler=DDIMScheduler(beta_schedule="scaled_linear", clip_sample=False, steps_offset=1),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def sdxl(tokenizer: CLIPTokenizer) -> Any:
    """SDXL's configuration with fewer channels: three levels, two encoders, size embeddings."""
    torch.manual_seed(2)
    network = UNet2DConditionModel(
        sample_size=8,
        block_out_channels=(8, 16, 16),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        transformer_layers_per_block=(1, 2, 3),
        cross_attention_dim=32,
        attention_head_dim=(1, 2, 2),
        norm_num_groups=4,
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=6 * 8 + 16,
    )
    return StableDiffusionXLPipeline(
        vae=AutoencoderKL(**_KL),
        text_encoder=small_text(tokenizer, CLIPTextModel, 16),
        text_encoder_2=small_text(tokenizer, CLIPTextModelWithProjection, 16),
        tokenizer=tokenizer,
        tokenizer_2=tokenizer,
        unet=network,
        scheduler=EulerDiscreteScheduler(beta_schedule="scaled_linear"),
    )


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> CLIPTokenizer:
    """Sketchbook's tokenizer."""
    return tokens.build(tmp_path_factory.mktemp("tokenizer"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three captioned pictures in the example style."""
    style.draw_example(tmp_path / "pictures", 3)
    return tmp_path / "pictures"


def trained(pipe: Any, folder: Path, work: Path) -> style.Styling:
    """A style after three steps."""
    torch.manual_seed(3)
    pictures = style.read_folder(folder)
    stage = style.Styling(pipe, pictures, rank=4, batch=2, rate=1e-2)
    loop.train(stage, work, Budget(seconds=60, steps=3, batch=2), PRESETS["smoke"])
    return stage


@pytest.mark.parametrize("make", [sd15, sdxl])
def test_a_style_for_the_elders(
    make: Any, tokenizer: CLIPTokenizer, folder: Path, tmp_path: Path
) -> None:
    """SD 1.5 and SDXL: the file written has every attention layer and changes what is drawn."""
    pipe = make(tokenizer)
    pipe.set_progress_bar_config(disable=True)
    before = samples.draw(pipe, ["a star"], seed=1, steps=2)[0].tobytes()
    stage = trained(pipe, folder, tmp_path)
    assert lora.save(stage.adapters, tmp_path).name == "pytorch_lora_weights.safetensors"
    assert all(lora.in_attention(name) for name in stage.adapters)
    assert samples.draw(pipe, ["a star"], seed=1, steps=2)[0].tobytes() != before
    lora.take_off(pipe.unet, stage.adapters)
    assert samples.draw(pipe, ["a star"], seed=1, steps=2)[0].tobytes() == before


def test_the_command_takes_any_base(tokenizer: CLIPTokenizer, folder: Path, tmp_path: Path) -> None:
    """`--base FOLDER`, an SD 1.5 with fewer channels: attention layers only, and a sheet."""
    sd15(tokenizer).save_pretrained(tmp_path / "base")
    arguments = ["style", str(folder), "--base", str(tmp_path / "base")]
    arguments += ["--out", str(tmp_path / "out"), "--minutes", "0.01", "--batch", "2"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    state = load_file(tmp_path / "out" / lora.FILE)
    assert all(".to_" in name for name in state)
    assert (tmp_path / "out" / "style-sheet.png").exists()


def test_stock_diffusers_takes_the_file(
    tokenizer: CLIPTokenizer, folder: Path, tmp_path: Path
) -> None:
    """`load_lora_weights` on the folder gives the very pictures that were trained."""
    pipe = sd15(tokenizer)
    pipe.set_progress_bar_config(disable=True)
    stage = trained(pipe, folder, tmp_path)
    lora.save(stage.adapters, tmp_path)
    with torch.no_grad():  # the file holds halves
        for parameter in stage.parameters:
            parameter.copy_(parameter.half())
    (ours,) = samples.draw(pipe, ["a star"], seed=1, steps=2)
    lora.take_off(pipe.unet, stage.adapters)
    pipe.load_lora_weights(tmp_path)
    (theirs,) = samples.draw(pipe, ["a star"], seed=1, steps=2)
    assert abs(samples.as_tensor(ours) - samples.as_tensor(theirs)).max() < 0.05


def test_interrupted_styles_go_on(tokenizer: CLIPTokenizer, folder: Path, tmp_path: Path) -> None:
    """The second run starts from the first one's adapters."""
    first = trained(sd15(tokenizer), folder, tmp_path)
    again = trained(sd15(tokenizer), folder, tmp_path)
    assert all(
        torch.equal(one, other)
        for one, other in zip(first.parameters, again.parameters, strict=True)
    )


def test_a_folder_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    """No pictures, or one without a caption: the message names it; metadata.jsonl also counts."""
    with pytest.raises(style.BadFolder, match="no pictures"):
        style.read_folder(tmp_path)
    Image.new("RGB", (8, 8)).save(tmp_path / "one.png")
    with pytest.raises(style.BadFolder, match=r"one\.txt"):
        style.read_folder(tmp_path)
    row = '{"file_name": "one.png", "text": "a star"}\n'
    (tmp_path / "metadata.jsonl").write_text(row, "utf-8")
    assert [one.caption for one in style.read_folder(tmp_path)] == ["a star"]


def test_a_fresh_adapter_changes_nothing() -> None:
    """The second matrix starts at zero, for linear layers and convolutions."""
    torch.manual_seed(4)
    linear, convolution = torch.nn.Linear(6, 5), torch.nn.Conv2d(4, 3, 3, padding=1)
    x, picture = torch.randn(2, 6), torch.randn(1, 4, 8, 8)
    assert torch.equal(lora.Adapter(linear, 2)(x), linear(x))
    assert torch.equal(lora.Adapter(convolution, 2)(picture), convolution(picture))


def test_the_guess_leads_where_the_teacher_went() -> None:
    """One DDIM step with the student's target ends exactly where the walk ended."""
    torch.manual_seed(5)
    kept = unet.noise_schedule().alphas_cumprod
    x, end = torch.randn(4, 16, 8, 8), torch.randn(4, 16, 8, 8)
    levels = torch.tensor(ddim.levels(distil.STEPS))
    assert levels.tolist() == [999, 749, 499, 249]
    now, then = ddim.kept_at(kept, levels), ddim.kept_at(kept, levels - 250)
    guess = distil.guess_that_leads(x, end, now, then)
    assert torch.allclose(ddim.step(x, guess, now, then), end, atol=1e-3)


def test_the_fast_sampler_visits_what_was_taught() -> None:
    """Four trailing levels, and a step of it is the step that was taught."""
    torch.manual_seed(6)
    scheduler, kept = export.fast_sampler(), unet.noise_schedule().alphas_cumprod
    scheduler.set_timesteps(distil.STEPS)
    levels = torch.tensor(ddim.levels(distil.STEPS))
    assert scheduler.timesteps.tolist() == levels.tolist()
    x, clean = torch.randn(1, 16, 8, 8), torch.randn(1, 16, 8, 8)
    for level in levels:
        now, then = (ddim.kept_at(kept, at[None]) for at in (level, level - 250))
        taught = ddim.step(x, clean, now, then)
        assert torch.allclose(scheduler.step(clean, level, x).prev_sample, taught, atol=1e-4)


def test_the_example_style_is_drawn_with_captions(folder: Path) -> None:
    """Every picture has a caption that names the style, in one of the languages."""
    for one in style.read_folder(folder):
        assert "sticker" in one.caption or "贴纸" in one.caption


def test_schedules_say_what_is_predicted() -> None:
    """Noise, velocity or the picture itself: the target follows the model's own schedule."""
    clean, noise, levels = torch.ones(2, 4), torch.full((2, 4), 3.0), torch.tensor([10, 500])
    for kind, wanted in (("epsilon", noise), ("sample", clean)):
        schedule = DDPMScheduler(prediction_type=kind)
        assert torch.equal(style.target(schedule, clean, noise, levels), wanted)
    velocity = style.target(DDPMScheduler(prediction_type="v_prediction"), clean, noise, levels)
    assert not torch.equal(velocity, noise)


def test_random_scenes_may_be_in_one_style() -> None:
    """Asking for the example style gives it; without asking it never appears."""
    from inference.sketchbook import compositions

    random = Random(7)
    assert compositions.sample(random, "pair", style="sticker").style == "sticker"
    drawn = {compositions.sample(random, "single").style for _ in range(200)}
    assert "sticker" not in drawn
