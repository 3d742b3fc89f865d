"""Captioners: a tiny BLIP, made here with random weights."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from inference.captioning import Captioner, CaptioningFailed, is_captioner

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[DEC]", "a", "green", "cat", "house"]


def build_captioner(folder: Path) -> Path:
    """A BLIP that knows ten words."""
    import torch
    from transformers import (
        BertTokenizerFast,
        BlipConfig,
        BlipForConditionalGeneration,
        BlipImageProcessorPil,
        BlipProcessor,
    )

    torch.manual_seed(1)
    (folder / "vocab.txt").write_text("\n".join(WORDS), "utf-8")
    tokenizer = BertTokenizerFast(vocab=str(folder / "vocab.txt"))
    size = {"height": 32, "width": 32}
    BlipProcessor(BlipImageProcessorPil(size=size), tokenizer).save_pretrained(folder)
    small = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = BlipConfig(
        text_config={**small, "vocab_size": len(WORDS), "encoder_hidden_size": 16,
                     "intermediate_size": 32, "bos_token_id": 5, "eos_token_id": 3,
                     "sep_token_id": 3, "pad_token_id": 0, "max_position_embeddings": 80},
        vision_config={**small, "intermediate_size": 32, "image_size": 32, "patch_size": 8},
    )  # fmt: skip
    BlipForConditionalGeneration(config).save_pretrained(folder)
    return folder


def test_a_captioner_says_something(tmp_path: Path) -> None:
    """Words of its own, on one line; the same picture gives the same ones."""
    folder = build_captioner(tmp_path)
    assert is_captioner(folder)
    captioner = Captioner(folder, "cpu")
    said = captioner.caption(Image.new("RGB", (40, 30), "green"))
    assert set(said.split()) <= set(WORDS)
    assert said == captioner.caption(Image.new("RGB", (40, 30), "green"))


@pytest.mark.parametrize("config", ["", "{", "[]", "{}", '{"model_type": "blip"}'])
def test_what_is_no_captioner(tmp_path: Path, config: str) -> None:
    """Nothing, no JSON, a model without a processor: said, not run."""
    if config:
        (tmp_path / "config.json").write_text(config, "utf-8")
    assert not is_captioner(tmp_path)
    with pytest.raises(CaptioningFailed):
        Captioner(tmp_path, "cpu")
