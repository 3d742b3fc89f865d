"""Loads the parts of a diffusers folder onto a device. Knows no family and no request.

Whatever the libraries raise over a folder's files goes through: ``loading.py`` makes one sentence
of it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import torch

from inference.engine.families.codec import LatentCodec
from inference.engine.families.on_cpu import pack_convolutions, remember_words
from inference.engine.families.quick import spare_of
from inference.engine.families.words import TextEncoder, WordMemory
from inference.engine.lora_slots import LoraSlots
from inference.engine.models import ModelFolder, vae_factor
from inference.engine.probing import probe
from inference.engine.samplers import Course, UnknownSampler
from inference.engine.tuning import Tuning

F = TypeVar("F")
_WHOLE = "model.safetensors"  # transformers' name for weights in one file


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the parts go, and how they compute there."""

    device: str
    tuning: Tuning = field(default_factory=Tuning)
    loras: Path | None = None  # the operator's folder of styles

    @property
    def dtype(self) -> torch.dtype:
        if self.tuning.precision == "auto":
            return torch.float32 if self.device == "cpu" else torch.bfloat16
        chosen: torch.dtype = getattr(torch, self.tuning.precision)
        return chosen

    def spare(self, network: Any) -> Any | None:
        """A second body for the weights of ``network``, where calls are to be prepared.

        Taken before anything is hooked to the first.
        """
        is_wanted = self.tuning.is_compiled or (self.tuning.has_graphs and self.device != "cpu")
        return spare_of(network) if is_wanted else None

    def quicken(self, network: Any) -> None:
        """Prepare a denoising network for a CPU, in place."""
        if self.device == "cpu" and self.tuning.remembers_words:
            remember_words(network)

    def slots(self, network: Any, encoders: Sequence[TextEncoder]) -> LoraSlots | None:
        """The styles that these parts can wear; None where there is no folder of styles."""
        if self.loras is None:
            return None
        names = ("text_encoder", "text_encoder_2")
        models = {name: one.model for name, one in zip(names, encoders, strict=False)}
        return LoraSlots({"network": network, **models}, self.loras)


@dataclass(kw_only=True, eq=False)
class LoadedModel:
    """What every family holds of a folder; the families differ in how they use it."""

    name: str  # as the operator named it
    device: str
    network: Any  # what denoises
    codec: LatentCodec
    words: WordMemory
    scheduler: Any  # the stock one, for probing only
    slots: LoraSlots | None = None  # None: wears no styles
    spare: Any | None = None  # the same weights, to be compiled; styles never reach it


def assemble(
    kind: Callable[..., F], folder: ModelFolder, place: Place, *, network: Any, words: WordMemory,
    scheduler: Any, encoders: Sequence[TextEncoder], may_be_prepared: bool = True,
) -> F:  # fmt: skip
    """The family ``kind`` around its parts, with the autoencoder and the styles they can wear.

    ``may_be_prepared``: False where more than shapes tells one call of the network from another.
    """
    return kind(
        name=folder.name,
        device=place.device,
        network=network,
        codec=load_codec(folder, place),
        words=words,
        scheduler=scheduler,
        spare=place.spare(network) if may_be_prepared else None,
        slots=place.slots(network, encoders),
    )


def load_part(folder: ModelFolder, part: str, place: Place) -> Any:
    """One network with its weights, from safetensors only, ready to predict."""
    path = folder.path / part
    if (path / _WHOLE).is_file() and folder.index[part][0] == "transformers":
        with suppress(RuntimeError):  # weights of an older naming: transformers knows how to read
            whole = _load_whole(_class(folder, part), path)
            return whole.to(place.dtype).eval().requires_grad_(False).to(place.device)
    weights = [file.name for file in path.glob("*.safetensors*")]
    is_half = bool(weights) and all(".fp16" in name for name in weights)
    options = {"variant": "fp16"} if is_half else {}
    loaded = _class(folder, part).from_pretrained(
        path, dtype=place.dtype, local_files_only=True, use_safetensors=True, **options
    )
    return loaded.eval().requires_grad_(False).to(place.device)


def load_codec(folder: ModelFolder, place: Place) -> LatentCodec:
    """The autoencoder."""
    vae = load_part(folder, "vae", place)
    if place.device == "cpu" and place.tuning.has_packed_decoder:
        pack_convolutions(vae.decoder)
    return LatentCodec(vae, vae_factor(folder), place.device)


def load_text_encoder(
    folder: ModelFolder, place: Place, suffix: str = "", window: int | None = None
) -> TextEncoder:
    """``text_encoder`` and ``tokenizer`` with that suffix (``""``, ``"_2"``)."""
    name = f"tokenizer{suffix}"
    tokenizer = _class(folder, name).from_pretrained(folder.path / name)
    model = load_part(folder, f"text_encoder{suffix}", place)
    return TextEncoder(tokenizer, model, place.device, window)


def load_scheduler(folder: ModelFolder, fixes: Mapping[str, Any], usual: Course) -> Any:
    """The folder's own sampler, if ``usual`` steps of it can be read as a table.

    ``fixes``: what the stock pipeline changes in its configuration. PNDM, which old folders
    name, needs four earlier outputs and is replaced by DPM++ 2M. Raises ``UnknownSampler``.
    """
    config = {**folder.config("scheduler", "scheduler_config.json"), **fixes}
    name = config.get("_class_name")
    if name == "PNDMScheduler":
        name = "DPMSolverMultistepScheduler"
    try:
        kind = getattr(__import__("diffusers", fromlist=[str(name)]), str(name))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            scheduler = kind.from_config(config)
    except (AttributeError, TypeError, ValueError) as error:
        raise UnknownSampler(str(name)) from error
    probe(scheduler, usual)
    return scheduler


def _load_whole(kind: Any, path: Path) -> Any:
    """Build a part and fill it: ``from_pretrained`` goes by way of the meta device, which takes
    two seconds to import. Raises ``RuntimeError`` where the names do not fit, one and all.
    """
    from safetensors.torch import load_model
    from transformers.initialization import no_init_weights

    with no_init_weights():
        model = kind(kind.config_class.from_pretrained(path, local_files_only=True))
    load_model(model, path / _WHOLE)
    return model


def _class(folder: ModelFolder, part: str) -> Any:
    """The class that model_index.json names for a part."""
    library, name = folder.index[part]
    return getattr(__import__(library, fromlist=[name]), name)
