"""A network made quicker for a CPU computes what it computed before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from inference.engine.families import unet
from inference.engine.families.parts import Place
from inference.engine.models import find_model
from inference.engine.tuning import Tuning

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
PLAIN = Tuning(has_packed_decoder=False, remembers_words=False)


def family(folder: Path, tuning: Tuning) -> Any:
    """A folder's model on a CPU."""
    return unet.load(find_model(str(folder)), Place(device="cpu", tuning=tuning))


def network(folder: Path, tuning: Tuning) -> Any:
    """The U-Net of a folder on a CPU."""
    return family(folder, tuning).network


@torch.inference_mode()
def answer(unet: Any, words: Tensor, side: int = 8, seed: int = 0) -> Tensor:
    """What the network makes of noise and words."""
    draw = torch.Generator().manual_seed(seed)
    x = torch.randn(len(words), unet.config.in_channels, side, side, generator=draw)
    times = torch.linspace(10, 900, len(words))
    output: Tensor = unet(x, times, encoder_hidden_states=words, return_dict=False)[0]
    return output


def words_of(unet: Any, rows: int, seed: int) -> Tensor:
    """Made-up states."""
    width = unet.config.cross_attention_dim
    return torch.randn(rows, 77, width, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("folder", ["tiny_sd", "bench_sd"])
def test_a_quick_network_answers_as_the_plain_one(
    folder: str, request: pytest.FixtureRequest
) -> None:
    """Over changing words, sizes and rows, within 1e-5 of the largest value."""
    path = request.getfixturevalue(folder)
    plain, quick = network(path, PLAIN), network(path, Tuning())
    first, second = words_of(plain, 3, 1), words_of(plain, 5, 2)
    for number, words in enumerate((first, first, second, first)):
        for side in (8, 12):
            expected = answer(plain, words, side, number)
            difference = (answer(quick, words, side, number) - expected).abs().max()
            assert float(difference / expected.abs().max()) <= 1e-5


def test_what_hangs_on_a_layer_still_acts(tiny_sd: Path) -> None:
    """A hook that adds to a remembered projection adds once in every call, not more and more."""
    plain, quick = network(tiny_sd, PLAIN), network(tiny_sd, Tuning())
    words = words_of(plain, 2, 1)

    def add(_layer: nn.Module, _inputs: Any, output: Tensor) -> Tensor:
        return output + 0.5

    for one in (plain, quick):
        for name, module in one.named_modules():
            if name.endswith(("attn2.to_k", "attn2.to_v", "conv_in")):
                module.register_forward_hook(add)
    for seed in range(3):
        expected = answer(plain, words, seed=seed)
        difference = (answer(quick, words, seed=seed) - expected).abs().max()
        assert float(difference / expected.abs().max()) <= 1e-5


def test_words_are_projected_once_while_they_stay(bench_sd: Path) -> None:
    """Three steps with the same rows project the words once; other rows, once more."""
    quick = network(bench_sd, Tuning())
    projected: list[int] = []
    layer = next(m for name, m in quick.named_modules() if name.endswith("attn2.to_k"))
    inner = layer.forward._function
    layer.forward._function = lambda x: projected.append(len(x)) or inner(x)
    first, second = words_of(quick, 2, 1), words_of(quick, 3, 2)
    for words in (first, first, first, second):
        answer(quick, words)
    assert projected == [2, 3]


@pytest.mark.parametrize("folder", ["tiny_sd", "bench_sd"])
def test_a_packed_decoder_paints_the_same(folder: str, request: pytest.FixtureRequest) -> None:
    """For any number of pictures and any size, within 1e-5."""
    path = request.getfixturevalue(folder)
    plain, packed = family(path, PLAIN).codec, family(path, Tuning()).codec
    for shape in ((1, 8, 8), (2, 8, 8), (2, 12, 8)):
        draw = torch.Generator().manual_seed(1)
        latents = torch.randn(shape[0], plain.channels, *shape[1:], generator=draw)
        with torch.inference_mode():
            torch.testing.assert_close(
                packed.decode(latents), plain.decode(latents), rtol=0, atol=1e-5
            )


def test_both_can_be_turned_off(tiny_sd: Path) -> None:
    """Without them every layer computes with its own method."""
    assert not _changed(family(tiny_sd, PLAIN).network)
    assert not _changed(family(tiny_sd, PLAIN).codec._vae)
    assert _changed(family(tiny_sd, Tuning()).network)
    assert _changed(family(tiny_sd, Tuning()).codec._vae)


def _changed(module: nn.Module) -> bool:
    return any("forward" in vars(layer) for layer in module.modules())
