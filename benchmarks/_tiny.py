"""The real families' standard parts with few channels and layers and random weights."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from benchmarks._model import byte_tokenizer, text_encoder

_VAE = {
    "block_out_channels": (8, 8, 16, 16),
    "down_block_types": ("DownEncoderBlock2D",) * 4,
    "up_block_types": ("UpDecoderBlock2D",) * 4,
    "norm_num_groups": 4,
}
_UNET = {
    "sample_size": 8,
    "block_out_channels": (32, 64),
    "layers_per_block": 1,
    "attention_head_dim": 8,
    "norm_num_groups": 8,
}
_BYTES = [chr(code) for code in range(33, 127)]


def build_sd(folder: Path, *, num_channels: int = 4) -> Path:
    """A Stable Diffusion of some 100,000 parameters: 64x64 pixels, 8x8 latents, Euler.

    ``num_channels`` of the U-Net's input: 9 for the kind made for repainting.
    """
    import diffusers
    import torch

    torch.manual_seed(0)
    tokenizer = byte_tokenizer(folder)
    unet = diffusers.UNet2DConditionModel(
        in_channels=num_channels,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=32,
        **_UNET,
    )
    kind = "StableDiffusionPipeline" if num_channels == 4 else "StableDiffusionInpaintPipeline"
    _save(
        folder,
        kind,
        vae=diffusers.AutoencoderKL(**_VAE),
        text_encoder=text_encoder(tokenizer, width=32, layers=2),
        tokenizer=tokenizer,
        unet=unet,
        scheduler=_euler(steps_offset=1),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    return folder


def build_xl(folder: Path) -> Path:
    """A Stable Diffusion XL: two text encoders, a sentence vector, sizes told as times."""
    import diffusers
    import torch
    from transformers import CLIPTextModelWithProjection

    torch.manual_seed(0)
    tokenizer = byte_tokenizer(folder)
    first = text_encoder(tokenizer, width=32, layers=2)
    second = text_encoder(tokenizer, width=32, layers=2).config
    second.projection_dim = 32
    unet = diffusers.UNet2DConditionModel(
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        transformer_layers_per_block=(1, 2),
        cross_attention_dim=64,
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=6 * 8 + 32,
        **_UNET,
    )
    _save(
        folder,
        "StableDiffusionXLPipeline",
        vae=diffusers.AutoencoderKL(scaling_factor=0.13025, force_upcast=True, **_VAE),
        text_encoder=first,
        tokenizer=tokenizer,
        text_encoder_2=CLIPTextModelWithProjection(second),
        tokenizer_2=tokenizer,
        unet=unet,
        scheduler=_euler(steps_offset=1, timestep_spacing="leading"),
    )
    return folder


def build_flux(folder: Path, *, has_guidance: bool = True) -> Path:
    """A FLUX: both kinds of blocks, packed latents, rotary places, distilled guidance."""
    import diffusers
    import torch
    from transformers import T5Config, T5EncoderModel, T5TokenizerFast

    torch.manual_seed(0)
    tokenizer = byte_tokenizer(folder)
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", -2.0), ("▁", -2.0)]
    t5 = T5TokenizerFast(
        vocab=[*pieces, *((letter, -3.0) for letter in _BYTES)], extra_ids=0, model_max_length=512
    )
    config = T5Config(
        vocab_size=len(t5), d_model=32, d_kv=8, d_ff=64, num_layers=1, num_heads=4,
        feed_forward_proj="gated-gelu",
    )  # fmt: skip
    transformer = diffusers.FluxTransformer2DModel(
        in_channels=16, num_layers=1, num_single_layers=2, attention_head_dim=16,
        num_attention_heads=2, joint_attention_dim=32, pooled_projection_dim=32,
        guidance_embeds=has_guidance, axes_dims_rope=(4, 6, 6),
    )  # fmt: skip
    _save(
        folder,
        "FluxPipeline",
        vae=diffusers.AutoencoderKL(
            scaling_factor=0.3611, shift_factor=0.1159, use_quant_conv=False,
            use_post_quant_conv=False, **_VAE,
        ),
        text_encoder=text_encoder(tokenizer, width=32, layers=1),
        tokenizer=tokenizer,
        text_encoder_2=T5EncoderModel(config),
        tokenizer_2=t5,
        transformer=transformer,
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(
            shift=3.0, use_dynamic_shifting=has_guidance
        ),
    )  # fmt: skip
    return folder


def build_zimage(folder: Path) -> Path:
    """A Z-Image: refiners and main blocks, words from a chat with a language model."""
    import diffusers
    import torch
    from transformers import Qwen3Config, Qwen3Model

    torch.manual_seed(0)
    tokenizer = _chat_tokenizer()
    config = Qwen3Config(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=3,
        num_attention_heads=2, num_key_value_heads=1, head_dim=16,
    )  # fmt: skip
    transformer = diffusers.ZImageTransformer2DModel(
        in_channels=4, dim=32, n_layers=2, n_refiner_layers=1, n_heads=2, n_kv_heads=2,
        cap_feat_dim=32, axes_dims=[4, 6, 6], axes_lens=[1024, 64, 64],
    )  # fmt: skip
    _save(
        folder,
        "ZImagePipeline",
        vae=diffusers.AutoencoderKL(
            scaling_factor=0.3611, shift_factor=0.1159, use_quant_conv=False,
            use_post_quant_conv=False, **_VAE,
        ),
        text_encoder=Qwen3Model(config),
        tokenizer=tokenizer,
        transformer=transformer,
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(shift=3.0),
    )  # fmt: skip
    return folder


def _chat_tokenizer() -> Any:
    """A real Qwen tokenizer that knows single bytes and how a chat is written."""
    from tokenizers import pre_tokenizers
    from transformers import Qwen2Tokenizer

    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {piece: place for place, piece in enumerate([*letters, *special])}
    tokenizer = Qwen2Tokenizer(vocab=vocabulary, merges=[])
    tokenizer.add_special_tokens({"additional_special_tokens": special[1:]})
    tokenizer.chat_template = (
        "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
        "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
    )
    return tokenizer


def _euler(**options: Any) -> Any:
    import diffusers

    return diffusers.EulerDiscreteScheduler(beta_schedule="scaled_linear", **options)


def _save(folder: Path, pipeline: str, **parts: Any) -> None:
    import diffusers

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        getattr(diffusers, pipeline)(**parts).save_pretrained(folder)
