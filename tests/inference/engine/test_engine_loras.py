"""Style LoRAs in their slots against the same change written into the model's weights."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import UNet2DConditionModel
from safetensors.torch import save_file

from benchmarks._crowds import paint
from inference.engine import lora_names
from inference.engine.families import flux, unet
from inference.engine.families.parts import Place
from inference.engine.families.rows import RowsStepper
from inference.engine.lora_files import read_lora
from inference.engine.lora_slots import _layers
from inference.engine.models import find_model
from inference.jobs import Lora, RenderFailed, RenderJob

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
ATTENTION = "down_blocks.0.attentions.0.transformer_blocks.0.attn1"
LAYERS = {  # a layer of the tiny U-Net, its inputs and outputs (and kernel)
    f"{ATTENTION}.to_q": (32, 32),
    f"{ATTENTION}.to_out.0": (32, 32),
    "down_blocks.0.resnets.0.conv1": (32, 32, 3),
    "mid_block.resnets.0.time_emb_proj": (128, 64),
}
Tensors = dict[str, torch.Tensor]


def changes(seed: int, rank: int = 4) -> dict[str, tuple[torch.Tensor, torch.Tensor]]:
    """Down and up of every layer."""
    draw = torch.Generator().manual_seed(seed)
    made = {}
    for layer, (inputs, outputs, *kernel) in LAYERS.items():
        size = kernel * 2
        down = torch.randn(rank, inputs, *size, generator=draw) / inputs
        up = torch.randn(outputs, rank, *[1 for _ in size], generator=draw)
        made[layer] = down, up
    return made


def diffusers_file(made: dict[str, Any]) -> Tensors:
    """As diffusers and peft write it today."""
    return {
        f"unet.{layer}.lora_{side}.weight": tensor
        for layer, pair in made.items()
        for side, tensor in zip("AB", pair, strict=True)
    }


def bare_peft_file(made: dict[str, Any]) -> Tensors:
    """As peft alone writes it."""
    return {
        name.replace("unet.", "base_model.model.", 1): tensor
        for name, tensor in diffusers_file(made).items()
    }


def older_diffusers_file(made: dict[str, Any]) -> Tensors:
    """As diffusers wrote attention layers before peft."""
    named = {layer: layer.replace("attn1.", "attn1.processor.") for layer in made}
    named = {layer: name.replace("to_out.0", "to_out") for layer, name in named.items()}
    return {
        f"unet.{named[layer]}{'_' if 'attn' in layer else '.'}lora.{side}.weight": tensor
        for layer, pair in made.items()
        for side, tensor in zip(("down", "up"), pair, strict=True)
    }


def kohya_file(made: dict[str, Any]) -> Tensors:
    """As kohya's trainer writes it: flattened names, and alpha beside the rank."""
    tensors = {}
    for layer, (down, up) in made.items():
        name = f"lora_unet_{layer.replace('.', '_')}"
        tensors[f"{name}.lora_down.weight"] = down
        tensors[f"{name}.lora_up.weight"] = up * 2
        tensors[f"{name}.alpha"] = torch.tensor(down.shape[0] / 2)
    return tensors


def load(folder: Path, loras: Path) -> Any:
    """The tiny model with a folder of styles."""
    found = find_model(str(folder))
    family = flux if flux.fits(found) else unet
    return family.load(found, Place(device="cpu", loras=loras))


def job(name: str = "a", **options: Any) -> RenderJob:
    """Three steps."""
    return RenderJob(id=name, prompt="a red star", steps=3, seed=7, **options)


def merged(folder: Path, scaled: dict[str, float]) -> Any:
    """The tiny model with the styles of seed 1 and 2 (``ink``, ``neon``) written into it."""
    family = unet.load(find_model(str(folder)), Place(device="cpu"))
    for seed, name in enumerate(("ink", "neon"), start=1):
        for layer, (down, up) in changes(seed).items():
            weight = family.network.get_submodule(layer).weight
            change = (up.flatten(1) @ down.flatten(1)).reshape(weight.shape)
            weight.data += scaled.get(name, 0.0) * change
    return family


@pytest.fixture
def styles(tmp_path: Path) -> Path:
    """A folder with a file, a folder and something else."""
    save_file(diffusers_file(changes(1)), tmp_path / "ink.safetensors")
    (tmp_path / "neon").mkdir()
    save_file(diffusers_file(changes(2)), tmp_path / "neon" / "pytorch_lora_weights.safetensors")
    (tmp_path / "notes.txt").write_text("no style", "utf-8")
    return tmp_path


def test_files_and_folders_are_styles(styles: Path) -> None:
    """Their names are the styles; anything else in the folder is none."""
    assert lora_names(styles) == ("ink", "neon")
    assert lora_names(None) == lora_names(styles / "nowhere") == ()


@pytest.mark.parametrize(
    "written", [diffusers_file, bare_peft_file, older_diffusers_file, kohya_file]
)
def test_a_style_paints_as_if_merged_whoever_wrote_the_file(
    tiny_sd: Path, tmp_path: Path, written: Callable[[dict[str, Any]], Tensors]
) -> None:
    """In every naming, wearing a style at 0.8 equals weights changed by 0.8 of it."""
    save_file(written(changes(1)), tmp_path / "ink.safetensors")
    ours = paint(load(tiny_sd, tmp_path), [(job(loras=(Lora(name="ink", strength=0.8),)), 0)])[0]
    expected = paint(merged(tiny_sd, {"ink": 0.8}), [(job(), 0)])[0]
    plain = paint(merged(tiny_sd, {}), [(job(), 0)])[0]
    assert ours.difference(expected.latents) <= 1e-5
    assert ours.difference(plain.latents) > 1e-3


def test_every_lane_wears_its_own(tiny_sd: Path, styles: Path) -> None:
    """None, one, both and another strength side by side: each paints as if alone and merged."""
    worn = [{}, {"ink": 1.0}, {"ink": 0.5}, {"neon": 1.0, "ink": -1.0}]
    wishes = [
        (job(f"{n}", loras=tuple(Lora(name=k, strength=v) for k, v in one.items())), n)
        for n, one in enumerate(worn)
    ]
    for ours, one in zip(paint(load(tiny_sd, styles), wishes), worn, strict=True):
        expected = paint(merged(tiny_sd, one), [(job(), 0)])[0]
        assert ours.difference(expected.latents) <= 1e-5


def test_the_same_styles_share_a_lane_in_whatever_order(tiny_sd: Path, styles: Path) -> None:
    """A lane is a set; and the least difference in strength is another one."""
    stepper = RowsStepper(load(tiny_sd, styles))
    ink, neon = Lora(name="ink"), Lora(name="neon", strength=0.5)
    lanes = [stepper.plan(job(loras=worn)).lane for worn in ((ink, neon), (neon, ink))]
    assert lanes[0] == lanes[1]
    close = Lora(name="neon", strength=0.5000001)
    assert stepper.plan(job(loras=(ink, close))).lane != lanes[0]


def test_swapping_styles_allocates_nothing(tiny_sd: Path, tmp_path: Path) -> None:
    """Six styles pass through four slots whose memory stays where it is."""
    for number in range(6):
        save_file(
            diffusers_file(changes(number, rank=2 + number)), tmp_path / f"s{number}.safetensors"
        )
    family = load(tiny_sd, tmp_path)
    rooms = list(family.slots._rooms.values())
    before = [(room._down.data_ptr(), room._up.data_ptr()) for room in rooms]
    first = paint(family, [(job(loras=(Lora(name="s0"),)), 0)])[0]
    for number in (1, 2, 3, 4, 5):
        paint(family, [(job(loras=(Lora(name=f"s{number}"),)), 0)])
    again = paint(family, [(job(loras=(Lora(name="s0"),)), 0)])[0]
    assert [(room._down.data_ptr(), room._up.data_ptr()) for room in rooms] == before
    assert torch.equal(first.latents, again.latents)


def test_a_style_for_the_text_encoder_changes_the_words(tiny_sd: Path, tmp_path: Path) -> None:
    """Text encoders wear styles too, and remembered words do not leak between wearers."""
    name = "lora_te_text_model_encoder_layers_0_self_attn_q_proj"
    pair = {"lora_down": torch.randn(4, 32), "lora_up": torch.randn(32, 4)}
    save_file({f"{name}.{k}.weight": v for k, v in pair.items()}, tmp_path / "te.safetensors")
    family = load(tiny_sd, tmp_path)
    plain, worn, again = (
        paint(family, [(job(loras=loras), 0)])[0] for loras in ((), (Lora(name="te"),), ())
    )
    assert worn.difference(plain.latents) > 1e-3
    assert torch.equal(plain.latents, again.latents)


@pytest.mark.parametrize(
    ("stability", "diffusers"),
    [
        ("input_blocks_0_0", "conv_in"),
        ("input_blocks_1_0_in_layers_2", "down_blocks.0.resnets.0.conv1"),
        ("input_blocks_6_0_op", "down_blocks.1.downsamplers.0.conv"),
        ("input_blocks_4_1_proj_in", "down_blocks.1.attentions.0.proj_in"),
        ("middle_block_2_emb_layers_1", "mid_block.resnets.1.time_emb_proj"),
        ("output_blocks_2_2_conv", "up_blocks.0.upsamplers.0.conv"),
        ("output_blocks_5_1_proj_out", "up_blocks.1.attentions.2.proj_out"),
        ("output_blocks_8_0_skip_connection", "up_blocks.2.resnets.2.conv_shortcut"),
        ("label_emb_0_2", "add_embedding.linear_2"),
    ],
)
def test_the_names_that_kohya_keeps_for_xl_are_understood(
    tmp_path: Path, stability: str, diffusers: str
) -> None:
    """Stability counts blocks through; every kind of layer lands where diffusers has it."""
    pair = {"lora_down": torch.ones(1, 1), "lora_up": torch.ones(1, 1)}
    save_file({f"lora_unet_{stability}.{k}.weight": v for k, v in pair.items()}, tmp_path / "xl")
    assert [one.layer for one in read_lora(tmp_path / "xl")] == [diffusers.replace(".", "_")]


def test_every_attention_layer_of_the_real_xl_has_its_kohya_name(tmp_path: Path) -> None:
    """XL's standard network: Stability's names, counted out, are its layers one for one."""
    depths = {
        "input": {4: 2, 5: 2, 7: 10, 8: 10},
        "output": {0: 10, 1: 10, 2: 10, 3: 2, 4: 2, 5: 2},
    }
    blocks = [(f"{k}_blocks_{n}_1", d) for k, of in depths.items() for n, d in of.items()]
    inner = [f"attn{n}_to_{part}" for n in (1, 2) for part in ("q", "k", "v", "out_0")]
    inner += ["ff_net_0_proj", "ff_net_2"]
    names = [
        f"{block}_proj_{way}"
        for block, _ in [*blocks, ("middle_block_1", 10)]
        for way in ("in", "out")
    ]
    for block, depth in [*blocks, ("middle_block_1", 10)]:
        names += [f"{block}_transformer_blocks_{n}_{part}" for n in range(depth) for part in inner]
    pair = {"lora_down": torch.ones(1, 1), "lora_up": torch.ones(1, 1)}
    file = {f"lora_unet_{name}.{k}.weight": v.clone() for name in names for k, v in pair.items()}
    save_file(file, tmp_path / "xl")
    layers = {key[1] for key, _ in _layers({"network": real_xl()}) if "attentions" in key[1]}
    assert {one.layer for one in read_lora(tmp_path / "xl")} == layers


def real_xl() -> torch.nn.Module:
    """The network of Stable Diffusion XL without its weights."""
    with torch.device("meta"):
        return UNet2DConditionModel(
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
            block_out_channels=(320, 640, 1280),
            transformer_layers_per_block=(1, 2, 10),
            attention_head_dim=(5, 10, 20),
            cross_attention_dim=2048,
            use_linear_projection=True,
            addition_embed_type="text_time",
            addition_time_embed_dim=256,
            projection_class_embeddings_input_dim=2816,
        )


def test_fused_layers_of_kohyas_flux_files_are_taken_apart(tmp_path: Path) -> None:
    """One layer of theirs is four of diffusers', each with its rows of the same change."""
    up = torch.randn(3 * 3072 + 12288, 1)
    name = "lora_unet_single_blocks_0_linear1"
    tensors = {"lora_down": torch.ones(1, 3072), "lora_up": up}
    file = {f"{name}.{k}.weight": v for k, v in tensors.items()}
    save_file({**file, f"{name}.alpha": torch.tensor(1.0)}, tmp_path / "flux")
    found = {one.layer: one for one in read_lora(tmp_path / "flux")}
    block = "single_transformer_blocks_0"
    assert set(found) == {
        f"{block}_{n}" for n in ("attn_to_q", "attn_to_k", "attn_to_v", "proj_mlp")
    }
    product = found[f"{block}_attn_to_k"].up @ found[f"{block}_attn_to_k"].down
    torch.testing.assert_close(product, up[3072:6144].expand(-1, 3072))


def test_what_peft_says_of_alpha_counts(tmp_path: Path) -> None:
    """A peft folder scales by alpha over rank, or over its root where the file says so."""
    folder = tmp_path / "p"
    folder.mkdir()
    save_file(bare_peft_file(changes(1)), folder / "adapter_model.safetensors")
    config: dict[str, Any] = {"r": 4, "lora_alpha": 8}
    (folder / "adapter_config.json").write_text(json.dumps(config), "utf-8")
    assert {change.scale for change in read_lora(folder / "adapter_model.safetensors")} == {2.0}
    config["use_rslora"] = True
    (folder / "adapter_config.json").write_text(json.dumps(config), "utf-8")
    assert {change.scale for change in read_lora(folder / "adapter_model.safetensors")} == {4.0}


@pytest.mark.parametrize(
    "tensors",
    [
        {"unet.no.such.layer.lora_A.weight": torch.ones(4, 8), "unet.no.such.layer.lora_B.weight": torch.ones(8, 4)},
        {f"unet.{ATTENTION}.to_q.lora_A.weight": torch.ones(4, 9), f"unet.{ATTENTION}.to_q.lora_B.weight": torch.ones(9, 4)},
        {f"unet.{ATTENTION}.to_q.dora_scale": torch.ones(4)},
        {f"unet.{ATTENTION}.to_q.lora_A.weight": torch.ones(0, 32), f"unet.{ATTENTION}.to_q.lora_B.weight": torch.ones(32, 0)},
        {f"unet.{ATTENTION}.to_q.lora_A.weight": torch.ones(1, 32) * float("nan"), f"unet.{ATTENTION}.to_q.lora_B.weight": torch.ones(32, 1)},
        {f"unet.{ATTENTION}.to_q.lora_A.weight": torch.ones(1, 32), f"unet.{ATTENTION}.to_q.lora_B.weight": torch.ones(32, 1),
         f"unet.{ATTENTION}.to_q.alpha": torch.ones(2)},
        {f"unet.{ATTENTION}.to_q.lora_A.weight": torch.ones(1, 32)},
        {f"unet.{ATTENTION}.to_q.lora_A.weight": torch.tensor(1.0), f"unet.{ATTENTION}.to_q.lora_B.weight": torch.ones(32, 1)},
        {},
    ],
)  # fmt: skip
def test_a_file_for_another_model_is_left_out(
    tiny_sd: Path, tmp_path: Path, tensors: Tensors, caplog: pytest.LogCaptureFixture
) -> None:
    """Layers, sizes or kinds that are not the model's: told once at the start, refused later."""
    save_file(tensors, tmp_path / "other.safetensors")
    (tmp_path / "broken.safetensors").write_bytes(b"no tensors")
    family = load(tiny_sd, tmp_path)
    assert family.slots.names == frozenset()
    assert caplog.text.count("does not fit") == 2
    with pytest.raises(RenderFailed) as failure:
        paint(family, [(job(loras=(Lora(name="other"),)), 0)])
    assert failure.value.key == "render-lora-missing"


@pytest.mark.parametrize("change", ["gone", "larger", "broken"])
def test_a_file_that_changed_meanwhile_is_refused(
    tiny_sd: Path, tmp_path: Path, change: str
) -> None:
    """Whatever became of the file after the start, the person reads that the style is not here."""
    path = tmp_path / "ink.safetensors"
    save_file(diffusers_file(changes(1)), path)
    family = load(tiny_sd, tmp_path)
    if change == "gone":
        path.unlink()
    elif change == "larger":
        save_file(diffusers_file(changes(1, rank=9)), path)
    else:
        path.write_bytes(b"no tensors")
    with pytest.raises(RenderFailed) as failure:
        paint(family, [(job(loras=(Lora(name="ink"),)), 0)])
    assert failure.value.key == "render-lora-missing"


def test_flux_wears_styles(tiny_flux: Path, tmp_path: Path) -> None:
    """The transformer family has the same slots."""
    layer = "transformer.single_transformer_blocks.0.attn.to_q"
    pair = {"lora_A": torch.randn(2, 32), "lora_B": torch.randn(32, 2)}
    save_file({f"{layer}.{k}.weight": v for k, v in pair.items()}, tmp_path / "f.safetensors")
    family = load(tiny_flux, tmp_path)
    plain, worn = (paint(family, [(job(loras=loras), 0)])[0] for loras in ((), (Lora(name="f"),)))
    assert worn.difference(plain.latents) > 1e-4
