"""Tiny diffusers models in the real format, built once: random weights, standard parts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks._model import build
from benchmarks._tiny import build_flux, build_sd, build_xl, build_zimage


@pytest.fixture(scope="session")
def one_thread() -> Iterator[None]:
    """Tiny networks are fastest on one thread."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def tiny_sd(one_thread: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stable Diffusion."""
    return build_sd(tmp_path_factory.mktemp("tiny-sd"))


@pytest.fixture(scope="session")
def tiny_repainter(one_thread: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stable Diffusion whose network reads a mask: nine input channels."""
    return build_sd(tmp_path_factory.mktemp("tiny-repainter"), num_channels=9)


@pytest.fixture(scope="session")
def tiny_xl(one_thread: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stable Diffusion XL."""
    return build_xl(tmp_path_factory.mktemp("tiny-xl"))


@pytest.fixture(scope="session")
def tiny_flux(one_thread: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """FLUX.1 [dev]."""
    return build_flux(tmp_path_factory.mktemp("tiny-flux"))


@pytest.fixture(scope="session")
def bench_sd(one_thread: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The benchmark's model: Sketchbook's shape, random weights."""
    return build(tmp_path_factory.mktemp("bench-sd") / "model")


@pytest.fixture(scope="session")
def tiny_zimage(one_thread: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Z-Image."""
    return build_zimage(tmp_path_factory.mktemp("tiny-zimage"))
