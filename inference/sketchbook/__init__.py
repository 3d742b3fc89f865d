"""Sketchbook: the bundled text-to-image model, and how it is drawn, trained and judged.

Importing this package costs nothing: it knows where its weights lie, and no torch.
"""

from pathlib import Path

_HERE = Path(__file__).parent


def weights_dir() -> Path:
    """The folder `StableDiffusionPipeline.from_pretrained` takes."""
    return _HERE / "weights"


def clip_dir() -> Path:
    """The folder of the CLIPModel, its tokenizer and its image processor."""
    return _HERE / "clip"


def judge_dir() -> Path:
    """The folder of the judge, which only tests and benchmarks use."""
    return _HERE / "judge_weights"


def four_steps_dir() -> Path:
    """The folder of the LoRA that needs four plain DDIM steps and no guidance."""
    return _HERE / "four_steps"


def loras_dir() -> Path:
    """The folder of its styles, each a folder that `load_lora_weights` takes."""
    return _HERE / "loras"
