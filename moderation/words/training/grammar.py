"""Grammars: files of slots and templates → labelled sentences, split by template.

A template belongs to one split for ever (by its hash), so no sentence of the test has a sibling in
training; so does each option of a slot marked ``!``, which holds phrases. Knows no model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from zlib import crc32

HERE = Path(__file__).parent
LANGUAGES = {"en": "english.txt", "zh": "chinese.txt"}
BENIGN, SPEECH = "benign", "speech"  # wishes for pictures; other harmless things people say
HARMLESS = {BENIGN, SPEECH}
_SLOT = re.compile(r"\{([^{}]+)\}")
_MAX_DEPTH = 4  # slots within slots


@dataclass(frozen=True, kw_only=True)
class Example:
    """A sentence and what it is: ``benign``, ``speech`` or a category."""

    text: str
    label: str
    language: str
    is_written: bool = False  # by hand


def split_of(text: str) -> str:
    """``train``, ``validation`` or ``test``: seven, one and two in ten."""
    place = crc32(text.encode()) % 10
    return "test" if place < 2 else "validation" if place == 2 else "train"


@dataclass(frozen=True, kw_only=True)
class Template:
    """A line of a grammar; ``share`` is how often its group is used."""

    text: str
    label: str
    share: int
    is_learnt: bool = False  # for training alone: nothing is measured with it

    @property
    def split(self) -> str:
        """Where it belongs."""
        return "train" if self.is_learnt else split_of(f"{self.label}:{self.text}")


@dataclass(frozen=True, kw_only=True)
class Grammar:
    """One language's."""

    language: str
    slots: Mapping[str, list[str]]
    phrases: frozenset[str]  # slots whose options belong to one split each
    templates: list[Template] = field(default_factory=list)

    def sentences(self, split: str, num_sentences: int, seed: int) -> Iterator[Example]:
        """Sentences of one split, labels and templates in their shares."""
        random = Random(f"{seed}:{split}:{self.language}")
        templates = [one for one in self.templates if one.split == split]
        weights = [_weight(one, templates) for one in templates]
        slots = {name: self._options(name, split) for name in self.slots}
        for template in random.choices(templates, weights, k=num_sentences):
            text = _filled(template.text, slots, random)
            yield Example(text=text, label=template.label, language=self.language)

    def _options(self, name: str, split: str) -> list[str]:
        options = self.slots[name]
        if name not in self.phrases:
            return options
        own = [option for option in options if split_of(option) == split]
        return own or options[:1]


def _filled(text: str, slots: Mapping[str, list[str]], random: Random, depth: int = 0) -> str:
    def fill(match: re.Match[str]) -> str:
        inside = match[1]
        chosen = random.choice(inside.split("|") if "|" in inside else slots[inside])
        return _filled(chosen, slots, random, depth + 1) if depth < _MAX_DEPTH else chosen

    return _SLOT.sub(fill, text)


def _weight(template: Template, templates: list[Template]) -> float:
    """A group's share, divided among its templates."""
    same = sum(one.label == template.label and one.share == template.share for one in templates)
    return template.share / same


def load_grammar(
    language: str, lists: Mapping[str, list[str]], *, path: Path | None = None
) -> Grammar:
    """Read a grammar; ``lists`` gives the slots ``list:NAME``: denied terms, ordinary words.

    ``path``: another file than the one that teaches.
    """
    slots: dict[str, list[str]] = {f"list:{name}": terms for name, terms in lists.items()}
    templates: list[Template] = []
    phrases: set[str] = set()
    slot = ""
    group: list[str] = []  # label, share and perhaps "learnt" of the templates that follow
    for line in (path or HERE / LANGUAGES[language]).read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith(": "):
            slot, _, mark = line[2:].strip().partition(" ")
            phrases |= {slot} if mark == "!" else set()
            group = []
        elif line.startswith("= "):
            group = line.split()[1:]
        elif not group:
            slots[slot] = _options(line)
        else:
            templates.append(_template(line, *group))
    return Grammar(language=language, slots=slots, phrases=frozenset(phrases), templates=templates)


def _template(line: str, label: str, share: str, mark: str = "") -> Template:
    return Template(text=line, label=label, share=int(share), is_learnt=mark == "learnt")


def _options(line: str) -> list[str]:
    """Options parted by ``;``."""
    return [option.strip() for option in line.split(";") if option.strip()]
