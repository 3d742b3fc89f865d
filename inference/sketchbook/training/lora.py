"""Low-rank adapters (Hu et al., 2021) on a U-Net: put on, trained, taken off, written down.

The file is `pytorch_lora_weights.safetensors` with the names that diffusers gives them, so
`pipeline.load_lora_weights(folder)` takes it as it is. It knows nothing of what is trained.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn

from inference.sketchbook.training.untyped import Diffusers

FILE: Final = "pytorch_lora_weights.safetensors"
_ATTENTION: Final = ("to_q", "to_k", "to_v", "to_out.0")


def in_attention(name: str) -> bool:
    """Whether a module is one of those that style LoRAs usually change."""
    return name.endswith(_ATTENTION)


def in_blocks(name: str) -> bool:
    """Whether a module is anywhere in the blocks: everything but the edges."""
    return name.startswith(("down_blocks", "mid_block", "up_blocks"))


class Adapter(nn.Module):
    """A frozen linear or convolutional layer plus a trained product of two thin ones."""

    def __init__(self, layer: nn.Linear | nn.Conv2d, rank: int) -> None:
        super().__init__()
        self.layer = layer.requires_grad_(False)
        if isinstance(layer, nn.Conv2d):
            shape = (rank, layer.in_channels, *layer.kernel_size)
            self.down = nn.Parameter(torch.empty(shape))
            self.up = nn.Parameter(torch.zeros(layer.out_channels, rank, 1, 1))
        else:
            self.down = nn.Parameter(torch.empty(rank, layer.in_features))
            self.up = nn.Parameter(torch.zeros(layer.out_features, rank))
        nn.init.normal_(self.down, std=self.down[0].numel() ** -0.5)
        self.to(layer.weight.device)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        layer, down, up = self.layer, self.down.to(x.dtype), self.up.to(x.dtype)
        if isinstance(layer, nn.Conv2d):
            thin = F.conv2d(x, down, None, layer.stride, layer.padding)
            return layer(x) + F.conv2d(thin, up)
        return layer(x) + F.linear(F.linear(x, down), up)


def put_on(unet: Diffusers, rank: int, is_adapted: Callable[[str], bool]) -> dict[str, Adapter]:
    """Wraps every adapted layer in place, and freezes the rest; adapters by module path."""
    unet.requires_grad_(False)
    adapters = {
        name: Adapter(layer, min(rank, _smaller_side(layer)))
        for name, layer in unet.named_modules()
        if is_adapted(name) and isinstance(layer, (nn.Linear, nn.Conv2d))
    }
    for name, adapter in adapters.items():
        _replace(unet, name, adapter)
    return adapters


def take_off(unet: Diffusers, adapters: dict[str, Adapter]) -> None:
    """Gives the U-Net its own layers back, as they were."""
    for name, adapter in adapters.items():
        _replace(unet, name, adapter.layer)


def _smaller_side(layer: nn.Linear | nn.Conv2d) -> int:
    return min(layer.weight.shape[0], layer.weight[0].numel())


def _replace(unet: nn.Module, name: str, module: nn.Module) -> None:
    parent, _, child = name.rpartition(".")
    unet.get_submodule(parent).register_module(child, module)


def parameters_of(adapters: dict[str, Adapter]) -> list[nn.Parameter]:
    """What is trained."""
    return [one for adapter in adapters.values() for one in (adapter.down, adapter.up)]


def _named(adapters: dict[str, Adapter]) -> Iterator[tuple[str, nn.Parameter]]:
    for name, adapter in adapters.items():
        yield f"unet.{name}.lora_A.weight", adapter.down
        yield f"unet.{name}.lora_B.weight", adapter.up


def save(adapters: dict[str, Adapter], folder: Path) -> Path:
    """Half-precision weights in diffusers' naming."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {name: p.detach().cpu().half().contiguous() for name, p in _named(adapters)}
    save_file(state, folder / FILE, metadata={"format": "pt"})
    (folder / FILE).chmod(0o644)  # another account may serve it
    return folder / FILE


def wear(unet: Diffusers, folder: Path) -> dict[str, Adapter]:
    """Puts on what `save` wrote; `take_off` with what this returns."""
    state = load_file(folder / FILE)
    ranks = {
        name.removeprefix("unet.").removesuffix(".lora_A.weight"): len(weight)
        for name, weight in state.items()
        if name.endswith(".lora_A.weight")
    }
    adapters = put_on(unet, max(ranks.values()), ranks.__contains__)
    with torch.no_grad():
        for name, parameter in _named(adapters):
            parameter.copy_(state[name])
    return adapters
