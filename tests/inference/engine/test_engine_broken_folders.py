"""Models whose files are gone, cut off or something else: one sentence, whatever a library says."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from inference.engine import load_engine, model_limits, native_size
from inference.jobs import RenderFailed, RenderJob

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")


def cut(data: bytes) -> bytes:
    """As a download that stopped."""
    return data[: len(data) // 2]


def nothing(_data: bytes) -> bytes:
    """As a disk that was full."""
    return b""


def a_list(_data: bytes) -> bytes:
    """Something else that json can say."""
    return b"[1, 2]"


def noise(data: bytes) -> bytes:
    """As a disk that is broken."""
    return bytes(255 - byte for byte in data)


BROKEN: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("model_index.json", a_list),
    ("scheduler/scheduler_config.json", cut),
    ("scheduler/scheduler_config.json", a_list),
    ("unet/config.json", noise),
    ("unet/config.json", a_list),
    ("unet/diffusion_pytorch_model.safetensors", cut),
    ("text_encoder/config.json", nothing),
    ("text_encoder/config.json", a_list),
    ("text_encoder/model.safetensors", cut),
    ("text_encoder/model.safetensors", noise),
    ("tokenizer/tokenizer.json", a_list),
    ("vae/config.json", a_list),
    ("vae/diffusion_pytorch_model.safetensors", nothing),
]


@pytest.fixture
def folder(tiny_sd: Path, tmp_path: Path) -> Path:
    """A copy of the tiny model, to break."""
    return Path(shutil.copytree(tiny_sd, tmp_path / "model"))


@pytest.mark.parametrize(("file", "change"), BROKEN)
def test_a_broken_file_is_one_sentence(
    folder: Path, file: str, change: Callable[[bytes], bytes], caplog: pytest.LogCaptureFixture
) -> None:
    """The operator reads which model it is; the log says where it was found, without a message."""
    path = folder / file
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(RenderFailed) as failure:
        load_engine(str(folder), "cpu")
    assert failure.value.key == "render-model-broken"
    assert failure.value.args_ == {"model": str(folder)}
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("ask", [native_size, model_limits])
def test_what_is_asked_of_a_broken_folder_is_answered_with_the_sentence(
    folder: Path, ask: Callable[[str], object]
) -> None:
    """The chats ask for size and limits before any weight is read."""
    (folder / "vae" / "config.json").write_text("[]", "utf-8")
    with pytest.raises(RenderFailed) as failure:
        ask(str(folder))
    assert failure.value.key == "render-model-broken"


def test_a_model_too_large_for_the_device_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Running out of memory while loading is not called a broken folder."""

    def load(*_: object) -> None:
        raise RuntimeError("CUDA out of memory")

    monkeypatch.setattr("inference.engine.families.unet.load", load)
    with pytest.raises(RenderFailed) as failure:
        load_engine(str(folder), "cpu")
    assert failure.value.key == "render-model-too-large"


async def test_two_engines_are_loaded_at_once_in_one_process(folder: Path) -> None:
    """Loading changes what the process imports; neither disturbs the other."""
    with ThreadPoolExecutor(2) as threads:
        engines = list(threads.map(load_engine, [str(folder)] * 2, ["cpu"] * 2))
    job = RenderJob(id="one", prompt="a boat", width=64, height=64, steps=2, seed=3)
    painted = [await engine.render(job) for engine in engines]
    await asyncio.gather(*(engine.close() for engine in engines))
    first, second = (pictures[0].image.tobytes() for pictures in painted)
    assert first == second
