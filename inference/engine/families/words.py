"""From words to what text encoders make of them, remembered; knows no images.

Texts are kept in memory only and never logged.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import torch

from inference.engine.families.family import Reading, Told

if TYPE_CHECKING:
    from torch import Tensor

    from inference.jobs import RenderJob

_MAX_REMEMBERED = 64  # texts; about 240 kB each for Stable Diffusion, 4 MB for FLUX
_WORD = re.compile(r"[\u3400-\u9fff]|[^\s\u3400-\u9fff]+")  # a Chinese character counts as one


@dataclass(frozen=True, kw_only=True)
class Words:
    """One encoded text."""

    told: Told
    num_left_out: int  # words beyond the encoder's window


class WordReader(Protocol):
    """A family's text encoders."""

    def read(self, text: str) -> Words:
        """Encode a text, cut to the encoder's window."""


class WordMemory:
    """A reader whose last texts are remembered, each with the styles the encoders wore."""

    def __init__(self, reader: WordReader, *, empties_are_zeros: bool = False) -> None:
        """``empties_are_zeros``: no unwanted words are told as zeros, not as an empty text."""
        self._reader = reader
        self._empties_are_zeros = empties_are_zeros
        self._remembered: OrderedDict[tuple[object, ...], Words] = OrderedDict()

    def read_job(self, job: RenderJob, *, is_guided: bool) -> Reading:
        """The words of ``job``; those to avoid only where there is guidance."""
        wanted = self._read(job.prompt, job)
        cut = [("render-notice-prompt-cut", wanted)]
        unwanted: Told | None = None
        if is_guided and self._empties_are_zeros and not job.negative_prompt:
            unwanted = {name: torch.zeros_like(states) for name, states in wanted.told.items()}
        elif is_guided:
            words = self._read(job.negative_prompt, job)
            unwanted = words.told
            cut.append(("render-notice-negative-cut", words))
        notices = tuple(
            {"key": key, "args": {"words": words.num_left_out}}
            for key, words in cut
            if words.num_left_out
        )
        return Reading(wanted=wanted.told, unwanted=unwanted, notices=notices)

    def _read(self, text: str, job: RenderJob) -> Words:
        key = text, job.loras
        if key not in self._remembered:
            self._remembered[key] = self._reader.read(text)
            if len(self._remembered) > _MAX_REMEMBERED:
                self._remembered.popitem(last=False)
        self._remembered.move_to_end(key)
        return self._remembered[key]


class TextEncoder:
    """A tokenizer with its encoder, as diffusers folders hold them."""

    def __init__(self, tokenizer: Any, model: Any, device: str, window: int | None = None) -> None:
        """``window``: tokens the model reads; None: as many as its positions allow."""
        self.model = model
        self.tokenizer = tokenizer
        self.device = device
        longest = getattr(model.config, "max_position_embeddings", tokenizer.model_max_length)
        self.window = window or min(tokenizer.model_max_length, longest)
        self._uses_mask = bool(getattr(model.config, "use_attention_mask", False))

    @torch.inference_mode()
    def encode(self, text: str, **options: Any) -> Any:
        """The model's own answer for ``text``, one row."""
        tokens = self.tokenizer(
            text,
            padding="max_length",
            max_length=self.window,
            truncation=True,
            return_tensors="pt",
        ).to(self.device)
        mask = tokens.attention_mask if self._uses_mask else None
        return self.model(tokens.input_ids, attention_mask=mask, **options)

    def num_left_out(self, text: str) -> int:
        """How many words at the end of ``text`` the window has no room for."""
        return num_left_out(self.tokenizer, self.window, text)


class ClipWords:
    """Stable Diffusion 1.x and 2.x: the states of one CLIP."""

    def __init__(self, clip: TextEncoder) -> None:
        self._clip = clip

    def read(self, text: str) -> Words:
        states: Tensor = self._clip.encode(text)[0]  # (1, T, D)
        left_out = self._clip.num_left_out(text)
        return Words(told={"encoder_hidden_states": states}, num_left_out=left_out)


class TwoClipWords:
    """Stable Diffusion XL: the last states but one of each CLIP, and the last one's sentence."""

    def __init__(self, clips: Sequence[TextEncoder]) -> None:
        """One CLIP or two; the last has a projection."""
        self._clips = clips

    def read(self, text: str) -> Words:
        answers = [clip.encode(text, output_hidden_states=True) for clip in self._clips]
        told = {
            "encoder_hidden_states": torch.cat([one.hidden_states[-2] for one in answers], dim=-1),
            "text_embeds": answers[-1][0],  # (1, P)
        }
        return Words(told=told, num_left_out=max(clip.num_left_out(text) for clip in self._clips))


class ClipAndT5Words:
    """FLUX: the states of a T5, and the sentence of a CLIP, whose short window only sets a mood."""

    def __init__(self, clip: TextEncoder, t5: TextEncoder) -> None:
        self._clip = clip
        self._t5 = t5

    def read(self, text: str) -> Words:
        told = {
            "encoder_hidden_states": self._t5.encode(text)[0],  # (1, T, D)
            "pooled_projections": self._clip.encode(text).pooler_output,  # (1, P)
        }
        return Words(told=told, num_left_out=self._t5.num_left_out(text))


class ChatWords:
    """Z-Image: the last states but one of a language model that is told the words as in a chat.

    The network takes as many of them as there are tokens; here they are padded to one length.
    """

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = encoder

    @torch.inference_mode()
    def read(self, text: str) -> Words:
        encoder, said = self._encoder, self._said(text)
        tokens = encoder.tokenizer(
            said, padding="max_length", max_length=encoder.window, truncation=True,
            return_tensors="pt",
        ).to(encoder.device)  # fmt: skip
        states = encoder.model(**tokens, output_hidden_states=True).hidden_states[-2]
        read = states[0][tokens.attention_mask[0].bool()]  # (n, D)
        padded = torch.zeros_like(states)
        padded[0, : len(read)] = read
        told = {"words": padded, "num_words": torch.tensor([len(read)])}  # counted on the CPU
        return Words(told=told, num_left_out=self._num_left_out(text, said))

    def _said(self, text: str) -> str:
        """The words as the stock pipeline says them to the model."""
        message = [{"role": "user", "content": text}]
        said: str = self._encoder.tokenizer.apply_chat_template(
            message, tokenize=False, add_generation_prompt=True, enable_thinking=True
        )
        return said

    def _num_left_out(self, text: str, said: str) -> int:
        places = self._encoder.tokenizer(said, return_offsets_mapping=True)["offset_mapping"]
        if len(places) <= self._encoder.window:
            return 0
        last_read = places[self._encoder.window - 1][1] - max(0, said.find(text))
        return len(_WORD.findall(text[max(0, last_read) :]))


def num_left_out(tokenizer: Any, window: int, text: str) -> int:
    """How many words at the end of ``text`` lie beyond ``window`` tokens."""
    whole = tokenizer(text, return_offsets_mapping=True)
    if len(whole["input_ids"]) <= window:
        return 0
    last_read = whole["offset_mapping"][window - 2][1]  # the window ends with a mark
    return max(1, len(_WORD.findall(text[last_read:])))
