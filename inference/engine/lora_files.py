"""Style LoRAs as files: what each tensor changes, in kohya's, peft's and diffusers' naming.

A LoRA (arXiv 2106.09685) adds ``scale · up @ down`` to a layer's weights, scale = alpha / rank.
This module knows how layers are named and nothing of devices.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safetensors import safe_open

if TYPE_CHECKING:
    from torch import Tensor

_KEY = re.compile(
    r"^(?P<layer>.+?)[._](?:lora_A|lora_B|lora_down|lora_up|lora(?:_linear_layer)?\.(?:down|up))"
    r"(?:\.\w+)?\.weight$"
)
_UP = re.compile(r"lora_B|lora_up|\.up\.")
_FLUX_OF_KOHYA = ("lora_unet_double_blocks_", "lora_unet_single_blocks_")
# How a layer's name may begin in a file, and the part of the model that stands for.
_PREFIXES = {
    "unet.": "network", "transformer.": "network", "lora_unet_": "network",
    "lora_transformer_": "network", "base_model.model.": "network", "diffusion_model.": "network",
    "text_encoder_2.": "text_encoder_2", "lora_te2_": "text_encoder_2",
    "text_encoder.": "text_encoder", "lora_te1_": "text_encoder", "lora_te_": "text_encoder",
}  # fmt: skip
_SPELLINGS = (
    (r"_processor_", "_"),  # diffusers before peft
    (r"self_attn_to_([qkv])$", r"self_attn_\1_proj"),
    (r"self_attn_to_out$", "self_attn_out_proj"),
    (r"_to_out$", "_to_out_0"),
    (r"^text_model_", ""),  # transformers before 5
    # Stability's own names, which kohya keeps for XL
    (r"^middle_block_1_", "mid_block_attentions_0_"),
    (r"^middle_block_0_", "mid_block_resnets_0_"),
    (r"^middle_block_2_", "mid_block_resnets_1_"),
    (r"in_layers_2$", "conv1"),
    (r"out_layers_3$", "conv2"),
    (r"emb_layers_1$", "time_emb_proj"),
    (r"skip_connection$", "conv_shortcut"),
    (r"^input_blocks_0_0$", "conv_in"),
    (r"^out_2$", "conv_out"),
    (r"^time_embed_0$", "time_embedding_linear_1"),
    (r"^time_embed_2$", "time_embedding_linear_2"),
    (r"^label_emb_0_0$", "add_embedding_linear_1"),
    (r"^label_emb_0_2$", "add_embedding_linear_2"),
)
_STABILITY_BLOCK = re.compile(r"^(input|output)_blocks_(\d+)_(\d)_(.+)$")


class LoraUnfit(Exception):
    """This file is no LoRA, none for this model, or of a kind that is not known here."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a file does to one layer."""

    part: str  # "network", "text_encoder" or "text_encoder_2"
    layer: str  # its path with all dots as underscores
    down: Tensor  # (r, in) or (r, in, k, k)
    up: Tensor  # (out, r) or (out, r, 1, 1)
    scale: float


def read_lora(path: Path) -> list[Change]:
    """What ``path`` changes; the weights are mapped from the file. Raises ``LoraUnfit``."""
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
            alphas = _declared_scale(path, file.metadata() or {})
        return _changes(_as_diffusers(tensors), alphas)
    except LoraUnfit:
        raise
    except Exception as error:  # a file can be wrong in any way
        raise LoraUnfit(path.name) from error


def _changes(tensors: dict[str, Tensor], declared: float | None) -> list[Change]:
    """Pair the tensors; whatever is neither down, up nor alpha is of a kind not known here."""
    layers: dict[str, dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        match = _KEY.match(key)
        if match is not None:
            side = "up" if _UP.search(key[match.end("layer") :]) else "down"
            layers.setdefault(match["layer"], {})[side] = tensor
        elif not key.endswith(".alpha"):
            raise LoraUnfit(key)
    if not layers:
        raise LoraUnfit("empty")
    return [
        _change(layer, sides, tensors.get(f"{layer}.alpha"), declared)
        for layer, sides in layers.items()
    ]


def _change(
    layer: str, sides: dict[str, Tensor], alpha: Tensor | None, declared: float | None
) -> Change:
    part, name = _placed(layer)
    rank = sides["down"].shape[0]
    if not rank or not all(bool(one.isfinite().all()) for one in sides.values()):
        raise LoraUnfit(layer)
    scale = float(alpha) / rank if alpha is not None else declared
    return Change(
        part=part, layer=name, down=sides["down"], up=sides["up"],
        scale=1.0 if scale is None else scale,
    )  # fmt: skip


def _placed(layer: str) -> tuple[str, str]:
    """The part of the model and the flattened path that a file means by ``layer``."""
    part = "network"
    for prefix, of in _PREFIXES.items():
        if layer.startswith(prefix):
            part, layer = of, layer.removeprefix(prefix)
            break
    name = layer.replace(".", "_")
    for written, meant in _SPELLINGS:
        name = re.sub(written, meant, name)
    return part, _STABILITY_BLOCK.sub(_diffusers_block, name)


def _diffusers_block(match: re.Match[str]) -> str:
    """Stability counts the blocks of XL through; three of theirs are one of diffusers'."""
    is_input = match[1] == "input"
    place = int(match[2]) - (1 if is_input else 0)
    block, inner = divmod(place, 3)
    side, rest = ("down" if is_input else "up"), match[4]
    if rest in ("op", "conv"):
        return f"{side}_blocks_{block}_{side}samplers_0_conv"
    kind = "resnets" if match[3] == "0" else "attentions"
    return f"{side}_blocks_{block}_{kind}_{inner}_{rest}"


def _as_diffusers(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """FLUX files of kohya hold fused layers, which diffusers knows how to take apart."""
    if not any(key.startswith(_FLUX_OF_KOHYA) for key in tensors):
        return tensors
    from diffusers.loaders.lora_pipeline import FluxLoraLoaderMixin

    converted: dict[str, Tensor] = FluxLoraLoaderMixin.lora_state_dict(dict(tensors))
    return converted


def _declared_scale(path: Path, metadata: dict[str, str]) -> float | None:
    """The scale of a whole file: peft writes it beside the weights, diffusers into them."""
    beside = path.parent / "adapter_config.json"
    declared: dict[str, Any] = {}
    if path.name == "adapter_model.safetensors" and beside.is_file():
        declared = json.loads(beside.read_text("utf-8"))
    elif "lora_adapter_metadata" in metadata:
        of_parts = json.loads(metadata["lora_adapter_metadata"])
        declared = {key.rsplit(".", 1)[-1]: value for key, value in of_parts.items()}
    if "lora_alpha" not in declared:
        return None
    rank = declared["r"]
    return float(declared["lora_alpha"]) / (math.sqrt(rank) if declared.get("use_rslora") else rank)
