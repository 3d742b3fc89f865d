"""Writes a CLIPTokenizer that knows each word of the domain as one token.

The byte alphabet makes every text encodable; merges join the domain's words. Chinese is
written without spaces, so its words get merges both inside and at the end of a run.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

from transformers import CLIPTokenizer

from inference.sketchbook.captions import all_wordings

MAX_TOKENS: Final = 48
_END: Final = "</w>"
_START_OF_TEXT, _END_OF_TEXT = "<|startoftext|>", "<|endoftext|>"


def _byte_letters() -> dict[int, str]:
    """GPT-2's printable stand-in for each byte (Radford et al., 2019)."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {byte: chr(byte) for byte in plain}
    others = [byte for byte in range(256) if byte not in letters]
    return letters | {byte: chr(256 + i) for i, byte in enumerate(others)}


def _english_merges(words: list[str]) -> list[tuple[str, str]]:
    """Merges learned on the words themselves until each is whole (Sennrich et al., 2016)."""
    pieces = {word: [*word[:-1], word[-1] + _END] for word in words}
    merges: list[tuple[str, str]] = []
    while True:
        counts: dict[tuple[str, str], int] = {}
        for parts in pieces.values():
            for pair in zip(parts, parts[1:], strict=False):
                counts[pair] = counts.get(pair, 0) + 1
        if not counts:
            return merges
        best = max(counts, key=lambda pair: (counts[pair], pair))
        merges.append(best)
        pieces = {word: _merge(parts, best) for word, parts in pieces.items()}


def _merge(parts: list[str], pair: tuple[str, str]) -> list[str]:
    merged: list[str] = []
    for part in parts:
        if merged and (merged[-1], part) == pair:
            merged[-1] += part
        else:
            merged.append(part)
    return merged


def _chinese_merges(words: list[str]) -> list[tuple[str, str]]:
    """First bytes to characters, then characters to words, left to right."""
    letters = _byte_letters()
    merges: dict[tuple[str, str], None] = {}
    for end in ("", _END):
        for character in sorted({c for word in words for c in word} | set("，。、！？：")):
            parts = [letters[byte] for byte in character.encode()]
            merges[(parts[0], parts[1])] = None
            merges[(parts[0] + parts[1], parts[2] + end)] = None
    for end in ("", _END):
        for word in sorted(words, key=len):
            spelled = ["".join(letters[byte] for byte in c.encode()) for c in word]
            spelled[-1] += end
            for i in range(1, len(spelled)):
                merges[("".join(spelled[:i]), spelled[i])] = None
    return list(merges)


def build(folder: Path) -> CLIPTokenizer:
    """Writes the tokenizer's files to `folder` and loads them."""
    wordings = all_wordings()
    english = sorted({w for text in wordings for w in re.findall(r"[a-z]+", text.lower())})
    chinese = sorted({w for text in wordings for w in re.findall(r"[\u4e00-\u9fff]+", text)})
    merges = _english_merges(english) + _chinese_merges(chinese)
    alphabet = list(_byte_letters().values())
    tokens = [*alphabet, *(letter + _END for letter in alphabet)]
    tokens += ["".join(pair) for pair in merges]
    tokens = [*dict.fromkeys(tokens), _START_OF_TEXT, _END_OF_TEXT]
    folder.mkdir(parents=True, exist_ok=True)
    vocab, merge_file = folder / "vocab.json", folder / "merges.txt"
    vocab.write_text(json.dumps({token: i for i, token in enumerate(tokens)}), "utf-8")
    lines = ["#version: 0.2", *(" ".join(pair) for pair in merges)]
    merge_file.write_text("\n".join(lines) + "\n", "utf-8")
    tokenizer = CLIPTokenizer(vocab=str(vocab), merges=str(merge_file), model_max_length=MAX_TOKENS)
    tokenizer.save_pretrained(folder)
    return tokenizer
