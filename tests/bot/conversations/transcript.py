"""Writes down a conversation for people to read: Markdown, and the pictures beside it.

Knows no platform: whoever plays the conversation says who did what and what was seen.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageOps

GAP, PAPER = 8, "white"
SIDE = 192  # pixels of one picture's longer side as shown here


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A message as somebody saw it."""

    text: str
    pictures: Sequence[bytes] = ()
    alt_texts: Sequence[str] = ()
    files: Sequence[str] = ()
    labels: Sequence[Sequence[str]] = ()  # of buttons, row by row
    menus: Sequence[Sequence[str]] = ()  # labels of options, the menu's own first
    is_private: bool = False
    is_edited: bool = False


@dataclass
class Transcript:
    """One page and a folder of pictures named after it."""

    path: Path
    title: str
    about: str
    lines: list[str] = field(default_factory=list)
    num_pictures: int = 0

    def heading(self, words: str) -> None:
        """What comes next."""
        self.lines += [f"## {words}", ""]

    def does(self, who: str, words: str) -> None:
        """Something a person did."""
        self.lines += [f"**{who}** {words}", ""]

    def sees(self, bot: str, seen: Seen) -> None:
        """A message of the bot's."""
        marks = [*(["edited"] if seen.is_edited else []),
                 *(["only they see it"] if seen.is_private else [])]  # fmt: skip
        who = f"**{bot}**" + (f" *({', '.join(marks)})*" if marks else "")
        self.lines += [f"> {who}", ">"]
        self.lines += [f"> {line}  " if line else ">" for line in seen.text.split("\n")]
        if seen.pictures:
            self.lines += [">", f"> ![{'; '.join(seen.alt_texts)}]({self._strip(seen.pictures)})"]
        for name in seen.files:
            self.lines += [">", f"> 📎 `{name}`"]
        for row in seen.labels:
            self.lines += [">", "> " + " ".join(f"`{label}`" for label in row)]
        for menu, *options in seen.menus:
            self.lines += [">", f"> `{menu} ▾` " + " · ".join(options)]
        self.lines.append("")

    def write(self) -> None:
        """The page."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        page = "\n".join([f"# {self.title}", "", self.about, "", *self.lines]).rstrip() + "\n"
        self.path.write_text(page, "utf-8")

    def _strip(self, pictures: Sequence[bytes]) -> str:
        """The pictures side by side in one file; where it lies, from the page."""
        shown = [Image.open(io.BytesIO(one)).convert("RGB") for one in pictures]
        shown = [ImageOps.contain(one, (SIDE, SIDE)) for one in shown]
        width = sum(one.width for one in shown) + GAP * (len(shown) - 1)
        sheet = Image.new("RGB", (width, max(one.height for one in shown)), PAPER)
        left = 0
        for one in shown:
            sheet.paste(one, (left, 0))
            left += one.width + GAP
        self.num_pictures += 1
        name = f"{self.path.stem}-{self.num_pictures}.png"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        sheet.save(self.path.parent / name, optimize=True)
        return name
