"""Prepared calls: compiled in the background, padded to few shapes, never other pictures."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from benchmarks._crowds import crowd, paint
from inference.engine.families import unet
from inference.engine.families.parts import Place
from inference.engine.families.quick import _MAX_SHAPES, Quick, spare_of
from inference.engine.models import find_model
from inference.engine.tuning import Tuning

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
COMPILED = Tuning(is_compiled=True)


@pytest.fixture
def family(tiny_sd: Path) -> unet.UNetFamily:
    """The tiny model with a second body to compile."""
    return unet.load(find_model(str(tiny_sd)), Place(device="cpu", tuning=COMPILED))


@pytest.fixture
def quick(family: unet.UNetFamily) -> Iterator[Quick]:
    """Calls compiled by the compiler's own trivial backend, which needs no C++."""
    made = Quick(family, COMPILED, backend="eager")
    yield made
    made.close()


def inputs(rows: int) -> tuple[torch.Tensor, torch.Tensor, dict[str, torch.Tensor]]:
    """Latents, times and words."""
    draw = torch.Generator().manual_seed(rows)
    words = torch.randn(rows, 77, 32, generator=draw)
    x = torch.randn(rows, 4, 8, 8, generator=draw)
    return x, torch.linspace(0, 900, rows), {"encoder_hidden_states": words}


def until_ready(quick: Quick, num_shapes: int) -> None:
    """Wait for the background."""
    for _ in range(6000):
        if len(quick._ready) >= num_shapes:
            return
        time.sleep(0.01)
    raise AssertionError("nothing was prepared")


def test_the_spare_body_shares_every_weight(family: unet.UNetFamily) -> None:
    """Compiling costs no second copy of the model."""
    spare = spare_of(family.network)
    ours, theirs = dict(family.network.named_parameters()), dict(spare.named_parameters())
    assert ours.keys() == theirs.keys()
    assert all(tensor is theirs[name] for name, tensor in ours.items())
    assert spare.get_submodule("conv_in") is not family.network.get_submodule("conv_in")


@torch.inference_mode()
def test_eager_serves_until_the_compiled_call_is_ready(
    family: unet.UNetFamily, quick: Quick, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first call of a shape is answered at once; later ones by the compiled body, the same."""
    eager = family.predict
    calls = []
    monkeypatch.setattr(family, "predict", lambda *given: calls.append(1) or eager(*given))
    first = quick(*inputs(4))
    assert len(calls) == 1
    until_ready(quick, 1)
    again = quick(*inputs(4))
    assert len(calls) == 1
    assert float((first - again).abs().max() / first.abs().max()) <= 1e-5


@torch.inference_mode()
def test_row_counts_between_the_prepared_ones_are_padded(
    family: unet.UNetFamily, quick: Quick
) -> None:
    """Five rows use the shape of six, and answer with five."""
    quick(*inputs(6))
    until_ready(quick, 1)
    padded = quick(*inputs(5))
    assert len(quick._asked) == 1
    expected = family.predict(*inputs(5))
    assert padded.shape == expected.shape
    assert float((padded - expected).abs().max() / expected.abs().max()) <= 1e-5


def test_the_compiler_may_make_as_many_versions_as_there_are_shapes(quick: Quick) -> None:
    """Its settings are each thread's own: those of the thread that compiles count, which gives up
    at eight unless told.
    """
    import torch._dynamo as dynamo

    limit = quick._worker.submit(lambda: dynamo.config.recompile_limit).result()
    assert limit >= _MAX_SHAPES


def test_no_more_shapes_are_prepared_than_memory_is_meant_for(
    quick: Quick, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sizes beyond that stay eager."""
    monkeypatch.setattr("inference.engine.families.quick._MAX_SHAPES", 1)
    for rows in (1, 2, 3):
        assert len(quick(*inputs(rows))) == rows
    assert len(quick._asked) == 1


@torch.inference_mode()
def test_what_cannot_be_compiled_stays_eager(
    family: unet.UNetFamily, caplog: pytest.LogCaptureFixture
) -> None:
    """A compiler that fails is told once a shape; pictures are painted all the same."""

    def refuse(_graph: Any, _examples: Any) -> Any:
        raise ZeroDivisionError

    made = Quick(family, COMPILED, backend=refuse)
    first, second = made(*inputs(2)), made(*inputs(2))
    made._worker.shutdown()
    third = made(*inputs(2))
    assert torch.equal(first, second)
    assert torch.equal(second, third)
    assert caplog.text.count("stay eager") == 1


def test_prepared_calls_paint_the_same_pictures(family: unet.UNetFamily, quick: Quick) -> None:
    """A mixed crowd, whose calls turn from eager to compiled on the way, ends where it did."""
    wishes = crowd(seed=6, count=4)
    before = paint(family, wishes)
    for one, other in zip(paint(family, wishes, quick=quick), before, strict=True):
        assert one.difference(other.latents) <= 1e-5
    quick._worker.shutdown()
    assert quick._ready


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("g++") is None, reason="the compiler needs g++ on a CPU")
@torch.inference_mode()
def test_the_real_compiler_agrees(family: unet.UNetFamily, monkeypatch: pytest.MonkeyPatch) -> None:
    """Generated code computes what the modules compute; attention blocks are enough to tell."""
    monkeypatch.setattr("inference.engine.families.quick._NOT_REPEATED", ())
    made = Quick(family, COMPILED)
    made(*inputs(2))
    made._worker.shutdown()
    assert len(made._ready) == 1
    expected = family.predict(*inputs(2))
    assert float((made(*inputs(2)) - expected).abs().max() / expected.abs().max()) <= 1e-5


@pytest.mark.skipif(not torch.cuda.is_available(), reason="CUDA graphs need a GPU")
@torch.inference_mode()
def test_recorded_kernels_paint_the_same(tiny_sd: Path) -> None:
    """A replayed graph computes with the inputs of each call, not with those it was recorded on."""
    tuning = Tuning(has_graphs=True, precision="float32")
    family = unet.load(find_model(str(tiny_sd)), Place(device="cuda", tuning=tuning))
    made = Quick(family, tuning)

    def on_gpu(rows: int) -> Any:
        x, times, told = inputs(rows)
        return x.cuda(), times.cuda(), {name: tensor.cuda() for name, tensor in told.items()}

    made(*on_gpu(4))
    until_ready(made, 1)
    for rows in (3, 4):
        expected = family.predict(*on_gpu(rows))
        assert float((made(*on_gpu(rows)) - expected).abs().max()) <= 1e-3
    made.close()
