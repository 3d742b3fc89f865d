"""A CLIP in a folder (transformers format): pictures and sentences → unit vectors in one space.

Importing this loads torch. It knows neither concepts nor thresholds (CLIP: arXiv 2103.00020).
"""

from __future__ import annotations

import json
import math
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_model
from torch import Tensor
from transformers import AutoTokenizer, CLIPConfig, CLIPModel
from transformers.initialization import no_init_weights

from moderation.errors import ConceptError

from .readout import fingerprint_of

_NEEDED = ("config.json", "tokenizer_config.json", "preprocessor_config.json")
_WHOLE = "model.safetensors"
_SENTENCES_AT_ONCE = 256
_BICUBIC = 3


@dataclass(frozen=True, kw_only=True)
class Preprocessing:
    """What the folder says a picture must become before the model reads it."""

    side: int  # pixels
    resample: int
    mean: tuple[float, ...]
    std: tuple[float, ...]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """From ``preprocessor_config.json``; sides may be a number, an edge or a pair."""
        config = json.loads((folder / "preprocessor_config.json").read_text("utf-8"))
        size = config.get("crop_size") or config["size"]
        if isinstance(size, dict):
            size = size.get("height") or size["shortest_edge"]
        return cls(
            side=int(size),
            resample=int(config.get("resample", _BICUBIC)),
            mean=tuple(config["image_mean"]),
            std=tuple(config["image_std"]),
        )

    def __call__(self, image: Image.Image) -> Tensor:
        """A square RGB picture → (3, side, side), normalised."""
        small = image.resize((self.side, self.side), Image.Resampling(self.resample))
        pixels = torch.from_numpy(np.asarray(small, dtype=np.float32) / 255.0)
        normal = (pixels - torch.tensor(self.mean)) / torch.tensor(self.std)
        return normal.permute(2, 0, 1)


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What is seen in N pictures."""

    whole: Tensor  # (N, D), each of length one
    patches: Tensor  # (N, layers · width, rows, columns), every layer on the other; or nothing


class Clip:
    """The model with its tokenizer and preprocessing."""

    def __init__(self, model: Any, tokenizer: Any, preprocessing: Preprocessing) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._preprocessing = preprocessing

    @classmethod
    def load(cls, folder: Path, device: str = "cpu") -> Self:
        """Raises ``ConceptError`` where the folder holds no CLIP."""
        if not all((folder / name).is_file() for name in _NEEDED):
            raise ConceptError("concept-model-missing", path=str(folder))
        model = _model(folder)
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        return cls(model.eval().to(device), tokenizer, Preprocessing.read(folder))

    @torch.inference_mode()
    def read(self, sentences: list[str]) -> Tensor:
        """Sentences → (N, D), each of length one."""
        most = self._model.config.text_config.max_position_embeddings
        parts = []
        for first in range(0, len(sentences), _SENTENCES_AT_ONCE):
            tokens = self._tokenizer(
                sentences[first : first + _SENTENCES_AT_ONCE],
                padding="max_length", truncation=True, max_length=most, return_tensors="pt",
            ).to(self._model.device)  # fmt: skip
            encoded = self._model.text_model(
                input_ids=tokens["input_ids"], attention_mask=tokens["attention_mask"]
            )
            parts.append(self._model.text_projection(encoded.pooler_output))
        return torch.nn.functional.normalize(torch.cat(parts), dim=-1).cpu()

    @torch.inference_mode()
    def look(self, images: list[Image.Image], *, is_close: bool = False) -> Sight:
        """Square RGB pictures → what is seen in them; ``is_close``: at each patch, too."""
        pixels = torch.stack([self._preprocessing(image) for image in images])
        seen = self._model.vision_model(
            pixel_values=pixels.to(self._model.device), output_hidden_states=is_close
        )
        projected = self._model.visual_projection(seen.pooler_output)
        whole = torch.nn.functional.normalize(projected, dim=-1).cpu()
        patches = _patches(seen.hidden_states) if is_close else torch.empty(0)
        return Sight(whole=whole, patches=patches)

    @property
    def fingerprint(self) -> str:
        """Names these weights, see ``readout.py``."""
        return fingerprint_of(self._model.visual_projection.weight)


def _patches(layers: tuple[Tensor, ...]) -> Tensor:
    """Layers of (N, 1 + patches, width) → (N, layers · width, rows, columns), without the token
    that stands for the whole picture."""
    stacked = torch.cat([layer[:, 1:] for layer in layers], dim=-1).transpose(1, 2)
    side = math.isqrt(stacked.shape[2])
    return stacked.unflatten(2, (side, side)).cpu()


def _model(folder: Path) -> Any:
    """The weights in float32. Where one file holds them all they are filled in directly, because
    ``from_pretrained`` goes by way of the meta device, which takes two seconds to import."""
    if (folder / _WHOLE).is_file():
        with suppress(RuntimeError):  # weights of an older naming: transformers knows how to read
            with no_init_weights():
                model = CLIPModel(CLIPConfig.from_pretrained(folder, local_files_only=True))
            load_model(model, folder / _WHOLE)
            return model.float()
    return CLIPModel.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
