"""From words to what a CLIP text encoder makes of them, remembered; knows no images.

Texts are kept in memory only and never logged.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from torch import Tensor

_MAX_REMEMBERED = 64  # texts; about 240 kB each for Stable Diffusion
_WORD = re.compile(r"[\u3400-\u9fff]|[^\s\u3400-\u9fff]+")  # a Chinese character counts as one


@dataclass(frozen=True, kw_only=True)
class Words:
    """One encoded text."""

    states: Tensor  # (1, T, D)
    num_left_out: int  # words beyond the encoder's window


class WordEncoder:
    """A tokenizer and its text encoder behind a small memory."""

    def __init__(self, tokenizer: Any, text_encoder: Any, device: str) -> None:
        self._tokenizer = tokenizer
        self._text_encoder = text_encoder
        self._device = device
        window = text_encoder.config.max_position_embeddings
        self._window = min(tokenizer.model_max_length, window)
        self._uses_mask = bool(getattr(text_encoder.config, "use_attention_mask", False))
        self._remembered: OrderedDict[str, Words] = OrderedDict()

    def encode(self, text: str) -> Words:
        """The hidden states of ``text``, cut to the encoder's window."""
        if text in self._remembered:
            self._remembered.move_to_end(text)
            return self._remembered[text]
        tokens = self._tokenizer(
            text,
            padding="max_length",
            max_length=self._window,
            truncation=True,
            return_tensors="pt",
        ).to(self._device)
        mask = tokens.attention_mask if self._uses_mask else None
        with torch.inference_mode():
            states = self._text_encoder(tokens.input_ids, attention_mask=mask)[0]
        words = Words(states=states, num_left_out=self._num_left_out(text))
        self._remembered[text] = words
        if len(self._remembered) > _MAX_REMEMBERED:
            self._remembered.popitem(last=False)
        return words

    def _num_left_out(self, text: str) -> int:
        """How many words at the end of ``text`` the window has no room for."""
        whole = self._tokenizer(text, return_offsets_mapping=True)
        if len(whole["input_ids"]) <= self._window:
            return 0
        last_read = whole["offset_mapping"][self._window - 2][1]  # the window ends with a mark
        return max(1, len(_WORD.findall(text[last_read:])))
