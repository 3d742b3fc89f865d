"""From a model's folder to the stepper that paints with it: the one place that chooses."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from inference.engine.failures import is_out_of_memory
from inference.engine.imports import lean, without_collections
from inference.engine.models import ModelFolder
from inference.engine.threads import num_threads
from inference.engine.tuning import Tuning
from inference.jobs import RenderFailed

if TYPE_CHECKING:
    from inference.engine.families.parts import Place
    from inference.engine.stepper import Stepper

_log = logging.getLogger(__name__)
_ONE_AT_A_TIME = threading.Lock()  # loading changes what the whole process imports and how it logs
FAMILIES = ("unet", "flux", "zimage")  # modules of inference.engine.families: ``fits`` and ``load``


def load_stepper(
    folder: ModelFolder, device: str, *, loras: Path | None = None, tuning: Tuning | None = None
) -> Stepper:
    """Load the weights onto ``device`` (``auto``, ``cpu``, ``cuda``) with torch made ready.

    ``loras``: a folder of styles, which models without a family do not wear. Raises
    ``RenderFailed`` (``render-no-device``, ``render-model-broken``, ``render-model-too-large``).
    """
    tuning = tuning or Tuning()
    with _ONE_AT_A_TIME, without_collections(), _in_one_sentence(folder):
        chosen = _chosen(device)
        with lean() if chosen == "cpu" and not tuning.is_compiled else nullcontext():
            from inference.engine.families.parts import Place

            threads = make_ready()
            choose_attention(tuning)
            place = Place(device=chosen, tuning=tuning, loras=loras)
            stepper = _known_family(folder, place)
        return stepper or _plain(folder, place, threads)


@contextmanager
def _in_one_sentence(folder: ModelFolder) -> Iterator[None]:
    """Whatever a library makes of a folder's files is one sentence with the folder's name."""
    try:
        yield
    except RenderFailed:
        raise
    except Exception as error:  # noqa: BLE001 - the edge: a folder can be wrong in any way
        where = traceback.extract_tb(error.__traceback__)[-1]
        _log.warning("%s at %s:%s", type(error).__name__, where.filename, where.lineno)
        key = "render-model-too-large" if is_out_of_memory(error) else "render-model-broken"
        raise RenderFailed(key, model=folder.name) from None


def make_ready() -> int:
    """Quieten the libraries and choose this process's threads; how many a step may use."""
    import torch

    _quieten()
    threads = min(torch.get_num_threads(), num_threads())
    torch.set_num_threads(threads)
    return threads


def _known_family(folder: ModelFolder, place: Place) -> Stepper | None:
    """A stepper that batches, where the folder is of a family we know."""
    from inference.engine.families.quick import Quick
    from inference.engine.families.rows import RowsStepper
    from inference.engine.samplers import UnknownSampler

    for name in FAMILIES:
        family = import_module(f"inference.engine.families.{name}")
        if not family.fits(folder):
            continue
        try:
            loaded = family.load(folder, place)
        except UnknownSampler:
            return None
        quick = Quick(loaded, place.tuning) if loaded.spare is not None else None
        return RowsStepper(loaded, quick)
    return None


def _plain(folder: ModelFolder, place: Place, threads: int) -> Stepper:
    from inference.engine.families.plain import PlainStepper

    return PlainStepper(folder, place, num_threads=threads)


def _chosen(device: str) -> str:
    import torch

    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cuda" and not torch.cuda.is_available():
        raise RenderFailed("render-no-device", device=device)
    return device


def choose_attention(tuning: Tuning) -> None:
    """Allow the fused attention kernels or not, for this whole process."""
    import torch

    torch.backends.cuda.enable_flash_sdp(tuning.has_fused_attention)
    torch.backends.cuda.enable_mem_efficient_sdp(tuning.has_fused_attention)
    torch.backends.cuda.enable_cudnn_sdp(tuning.has_fused_attention)


def _quieten() -> None:
    """No bars on stderr, and no warning that quotes somebody's prompt."""
    for name in ("diffusers", "transformers"):
        logging.getLogger(name).setLevel(logging.ERROR)
    from diffusers.utils import logging as diffusers_logging
    from transformers.utils import logging as transformers_logging

    diffusers_logging.set_verbosity_error()
    diffusers_logging.disable_progress_bar()
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
