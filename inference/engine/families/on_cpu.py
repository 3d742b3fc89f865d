"""What makes the calls of a network quicker on a CPU; knows modules of torch and no family.

What a network makes of the words alone is made once for all steps that the same rows take together.
A decoder's weights are laid out once as oneDNN's kernels want them, instead of anew in every call.
Hooks on the layers, such as worn styles, see the same inputs and add to the same outputs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import nn

if TYPE_CHECKING:
    from torch import Tensor

_MAX_BYTES = 256 * 2**20  # of one part's weights: the packed ones lie beside them
_PROJECTIONS = ("attn2.to_k", "attn2.to_v")  # diffusers' names: cross-attention, words alone


def pack_convolutions(network: nn.Module) -> None:
    """Lay out the weights of a decoder's convolutions, in place; float32 only.

    Not for a network that is called in many shapes: oneDNN keeps a kernel for each, of some hundred
    kilobytes. Nor for one whose steps add up: the sums round more (9e-7 instead of 2e-7 a call).
    """
    weights = [*network.parameters()]
    size = sum(one.numel() * one.element_size() for one in weights)
    is_float = all(one.dtype is torch.float32 for one in weights)
    if size > _MAX_BYTES or not is_float or not torch.backends.mkldnn.is_available():
        return
    for module in network.modules():
        if type(module) is nn.Conv2d and module.padding_mode == "zeros":
            _compute_by(module, _Convolution(module))


def remember_words(network: nn.Module) -> None:
    """Project the words once for as long as the very same tensor of them comes in."""
    for name, module in network.named_modules():
        is_told_words = getattr(network.config, "addition_embed_type", None) == "text"
        if name.endswith(_PROJECTIONS) or (name == "add_embedding" and is_told_words):
            _compute_by(module, _Remembered(module.forward))


def _compute_by(module: nn.Module, forward: Callable[[Tensor], Tensor]) -> None:
    """Put ``forward`` in the place of the module's own; its hooks stay."""
    vars(module)["forward"] = forward


class _Convolution:
    """``Conv2d.forward`` with packed weights."""

    def __init__(self, layer: nn.Conv2d) -> None:
        self._layer = layer
        self._shape = [list(layer.padding), list(layer.stride), list(layer.dilation), layer.groups]
        self._packed: Tensor | None = None

    def __call__(self, x: Tensor) -> Tensor:
        """(B, C, h, w) to (B, C', h', w')."""
        padding, stride, dilation, groups = self._shape
        if self._packed is None:
            pack = torch.ops.mkldnn._reorder_convolution_weight  # noqa: SLF001 - the compiler's own way in
            self._packed = pack(
                self._layer.weight, padding, stride, dilation, groups, list(x.shape)
            )
        convolve = torch.ops.mkldnn._convolution_pointwise  # noqa: SLF001
        return convolve(
            x, self._packed, self._layer.bias, padding, stride, dilation, groups, "none", [], ""
        )


class _Remembered:
    """A function of one tensor that answers the same tensor with the same answer."""

    def __init__(self, function: Callable[[Tensor], Tensor]) -> None:
        self._function = function
        self._asked: Tensor | None = None
        self._answer: Tensor | None = None

    def __call__(self, x: Tensor) -> Tensor:
        if self._answer is None or self._asked is not x:
            self._asked, self._answer = x, self._function(x)
        return self._answer
