"""What the tests of moderation share: the shipped word filter, pictures, a tiny CLIP."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from moderation.words import LexiconFilter, load_list_filter


@pytest.fixture(scope="session")
def words() -> LexiconFilter:
    """The shipped lists at the standard level."""
    return load_list_filter()


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """A picture as bytes."""
    out = io.BytesIO()
    image.save(out, format=kind, **options)
    return out.getvalue()


def gradient(width: int = 64, height: int = 64) -> Image.Image:
    """A picture that shows something."""
    return Image.linear_gradient("L").resize((width, height)).convert("RGB")


def textured(seed: int, side: int = 200) -> Image.Image:
    """A picture with detail of several scales, another for every seed."""
    noise = np.random.default_rng(seed)
    layers = [
        Image.fromarray(noise.integers(0, 256, (size, size), dtype=np.uint8)).resize((side, side))
        for size in (3, 6, 12, 24)
    ]
    mixed = np.mean([np.asarray(layer, dtype=float) for layer in layers], axis=0)
    return Image.fromarray(mixed.astype(np.uint8)).convert("RGB")


@pytest.fixture(scope="session")
def tiny_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an untrained CLIP of a few thousand numbers, as transformers saves one."""
    import torch
    from transformers import CLIPConfig, CLIPModel

    folder = tmp_path_factory.mktemp("clip")
    _write_tokenizer(folder)
    part = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1,
            "num_attention_heads": 2}  # fmt: skip
    config = CLIPConfig(
        text_config={**part, "vocab_size": 514, "max_position_embeddings": 16,
                     "bos_token_id": 512, "eos_token_id": 513, "pad_token_id": 513},
        vision_config={**part, "image_size": 32, "patch_size": 8},
        projection_dim=8,
    )  # fmt: skip
    torch.manual_seed(0)
    CLIPModel(config).save_pretrained(folder)
    preprocessing = {"size": {"shortest_edge": 32}, "crop_size": {"height": 32, "width": 32},
                     "resample": 3, "image_mean": [0.5] * 3, "image_std": [0.5] * 3}  # fmt: skip
    (folder / "preprocessor_config.json").write_text(json.dumps(preprocessing))
    return folder


def _write_tokenizer(folder: Path) -> None:
    from tokenizers.pre_tokenizers import ByteLevel
    from transformers import CLIPTokenizer

    letters = sorted(ByteLevel.alphabet())
    pieces = [*letters, *(f"{letter}</w>" for letter in letters)]
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    vocabulary |= {"<|startoftext|>": 512, "<|endoftext|>": 513}
    (folder / "vocab.json").write_text(json.dumps(vocabulary))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    tokenizer = CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"))
    tokenizer.save_pretrained(folder)
