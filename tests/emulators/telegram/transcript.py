"""Writes down what could be seen in a chat, as a page that a person likes to read.

Knows the emulated world and nothing of the product: what is written is what a telephone showed.
"""

from __future__ import annotations

import html
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from tests.emulators.telegram.world import Json, Moment, World

TAGS = {"bold": "b", "italic": "i", "underline": "u", "spoiler": "details"}
LARGE, SMALL = 420, 130  # pixels across on the page: a result, a preview
QUALITY = 85


@dataclass
class Transcript:
    """A page under way. Pictures go into ``folder``, named after their place."""

    world: World
    folder: Path
    name: str  # of the bot
    lines: list[str] = field(default_factory=list)
    _numbers: int = 0

    def heading(self, words: str) -> None:
        """What happens next."""
        self.lines += [f"## {words}", ""]

    def note(self, words: str) -> None:
        """Something that happens elsewhere."""
        self.lines += [f"*{words}*", ""]

    def add(self, moments: Iterable[Moment]) -> None:
        """What was seen, in order."""
        for moment in moments:
            match moment.what:
                case "said":
                    who = moment.message["from"]["first_name"]
                    self.lines += [f"**{who}**: {_escaped(_plain(moment.message))}", ""]
                case "pressed":
                    who = self.world.users[moment.by]["first_name"]
                    self.lines += [f"**{who}** presses `{moment.words}`", ""]
                case "toast" if moment.words:
                    self.lines += [f"> over the chat: {_escaped(moment.words)}", ""]
                case "sent" | "edited":
                    self._show(moment)
                case "deleted":
                    self.lines += ["> *(a message is removed)*", ""]

    def page(self, title: str, about: str) -> str:
        """The whole page."""
        return "\n".join([f"# {title}", "", about, "", *self.lines]).rstrip() + "\n"

    def _show(self, moment: Moment) -> None:
        message, is_edit = moment.message, moment.what == "edited"
        told = f"> **{self.name}**" + (" *(the message changes)*" if is_edit else "")
        self.lines.append(told)
        self.lines.append(">")
        if "photo" in message:
            self.lines += [f"> {self._picture(message)}", ">"]
        if "document" in message:
            file = message["document"]
            kilobytes = max(1, round(file["file_size"] / 1024))
            self.lines += [f"> 📎 `{file['file_name']}` ({kilobytes} kB)", ">"]
        words = _marked(message).strip("\u200b\n ")
        self.lines += [f"> {line}  " if line else ">" for line in words.split("\n")]
        for row in message.get("reply_markup", {}).get("inline_keyboard", []):
            self.lines += [">", "> " + " ".join(f"`{button['text']}`" for button in row)]
        self.lines.append("")

    def _picture(self, message: Json) -> str:
        """The picture as a file beside the page."""
        self._numbers += 1
        buttons = message.get("reply_markup", {}).get("inline_keyboard", [])
        is_result = sum(len(row) for row in buttons) > 1
        data = self.world.files[message["photo"][-1]["file_id"]]
        with Image.open(io.BytesIO(data)) as opened:
            picture = opened.convert("RGB")
        picture.thumbnail((2 * LARGE, 2 * LARGE) if is_result else (2 * SMALL, 2 * SMALL))
        name = f"{self._numbers:02d}.jpg"
        self.folder.mkdir(parents=True, exist_ok=True)
        picture.save(self.folder / name, quality=QUALITY)
        alt = html.escape(_plain(message).split("\n")[0].strip("\u200b "))
        wide = LARGE if is_result else SMALL
        return f'<img src="{self.folder.name}/{name}" width="{wide}" alt="{alt}">'


def _plain(message: Json) -> str:
    return str(message.get("text") or message.get("caption") or "")


def _escaped(words: str) -> str:
    return html.escape(words, quote=False).replace("|", "\\|").replace("*", "\\*")


def _marked(message: Json) -> str:
    """The words with their marks as HTML, which the page's readers understand."""
    text = _plain(message).encode("utf-16-le")
    opens: dict[int, list[str]] = {}
    closes: dict[int, list[str]] = {}
    for entity in message.get("entities") or message.get("caption_entities") or []:
        if tag := TAGS.get(entity["type"]):
            opens.setdefault(entity["offset"], []).append(f"<{tag}>")
            end = entity["offset"] + entity["length"]
            closes.setdefault(end, []).append(f"</{tag}>")
    places = sorted({0, len(text) // 2, *opens, *closes})
    written = []
    for place, after in zip(places, [*places[1:], len(text) // 2], strict=True):
        written += sorted(closes.get(place, []), reverse=True)  # the last opened first
        written += sorted(opens.get(place, []))
        written.append(_escaped(text[2 * place : 2 * after].decode("utf-16-le")))
    return "".join(written)
