"""The benchmark model: Sketchbook's shape with random weights, frozen so that figures compare.

About 9 million parameters on 8x8x16 latents for 64x64 pictures, a three-layer text encoder over
single bytes, DPM++ 2M. Change nothing here: a new shape is a new benchmark.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

_BYTES = [*range(33, 127), *range(161, 173), *range(174, 256)]


def byte_tokenizer(folder: Path) -> Any:
    """A real CLIPTokenizer that knows single bytes; its files are written to ``folder``."""
    from transformers import CLIPTokenizer

    letters = [chr(code) for code in _BYTES]
    words = [*letters, *(letter + "</w>" for letter in letters)]
    words += ["<|startoftext|>", "<|endoftext|>"]
    vocabulary = {word: place for place, word in enumerate(words)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), "utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n", "utf-8")
    files = str(folder / "vocab.json"), str(folder / "merges.txt")
    return CLIPTokenizer(*files, model_max_length=77)


def text_encoder(tokenizer: Any, *, width: int, layers: int) -> Any:
    """A CLIPTextModel of random weights over the tokenizer's words."""
    from transformers import CLIPTextConfig, CLIPTextModel

    num_words = len(tokenizer)
    config = CLIPTextConfig(
        vocab_size=num_words,
        hidden_size=width,
        intermediate_size=4 * width,
        num_hidden_layers=layers,
        num_attention_heads=4,
        bos_token_id=num_words - 2,
        eos_token_id=num_words - 1,
        pad_token_id=num_words - 1,
    )
    return CLIPTextModel(config)


def build(folder: Path) -> Path:
    """Write the model to ``folder`` as a stock Stable Diffusion pipeline."""
    import torch
    from diffusers import (
        AutoencoderTiny,
        DPMSolverMultistepScheduler,
        StableDiffusionPipeline,
        UNet2DConditionModel,
    )

    torch.manual_seed(0)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = byte_tokenizer(folder)
    unet = UNet2DConditionModel(
        sample_size=8,
        in_channels=16,
        out_channels=16,
        block_out_channels=(96, 192),
        layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=128,
        attention_head_dim=8,
        norm_num_groups=16,
        resnet_time_scale_shift="scale_shift",
        addition_embed_type="text",
        addition_embed_type_num_heads=4,
        encoder_hid_dim=None,
    )
    vae = AutoencoderTiny(
        latent_channels=16,
        encoder_block_out_channels=(32, 32, 32, 32),
        decoder_block_out_channels=(32, 32, 32, 32),
        num_encoder_blocks=(1, 1, 2, 1),
        num_decoder_blocks=(2, 2, 2, 1),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        StableDiffusionPipeline(
            vae=vae,
            text_encoder=text_encoder(tokenizer, width=128, layers=3),
            tokenizer=tokenizer,
            unet=unet,
            scheduler=DPMSolverMultistepScheduler(prediction_type="sample", steps_offset=1),
            safety_checker=None,
            feature_extractor=None,
            requires_safety_checker=False,
        ).save_pretrained(folder)
    return folder
