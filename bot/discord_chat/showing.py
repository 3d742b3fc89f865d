"""Writes a card as a Discord message within Discord's limits; knows no core and no network.

Limits: https://docs.discord.com/developers/resources/message and .../components/reference
"""

from __future__ import annotations

import asyncio
import io
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord.utils import escape_markdown

from bot.chat import Action, Button, Card, Form, LoadBlob, Menu

MAX_CONTENT, MAX_EMBED = 2000, 4096  # characters
MAX_ROWS, MAX_IN_ROW, MAX_OPTIONS, MAX_LABEL, MAX_OPTION_LABEL = 5, 5, 25, 80, 100
MAX_ALT, MAX_FILES = 1024, 10
MAX_UPLOAD_BYTES = 10 * 2**20  # of one file, where a guild has no boosts
MAX_TITLE, MAX_FIELD_LABEL, MAX_PLACEHOLDER, MAX_FIELD = 45, 45, 100, 4000

_SENDS = (Action.ACCEPT_TERMS, Action.APPROVE, Action.SHARE)
_ENDS = (Action.DELETE, Action.ERASE, Action.FORGET, Action.REJECT, Action.CANCEL)


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A file of a message."""

    name: str
    data: bytes
    description: str | None = None
    is_spoiler: bool = False


@dataclass(frozen=True, kw_only=True)
class Parts:
    """A message, ready to be sent any number of times."""

    content: str
    long_text: str = ""  # in an embed, where content would be too long
    attached: tuple[Attached, ...] = ()
    rows: tuple[discord.ui.Item[Any], ...] = ()

    def new(self, *, mention: int = 0) -> dict[str, Any]:
        """Arguments for a new message; ``mention``: whom it calls."""
        found: dict[str, Any] = {
            "content": f"<@{mention}> {self.content}".strip() if mention else self.content or None,
            "embeds": self._embeds(), "files": self._files(),
            "allowed_mentions": _allowed(mention),
        }  # fmt: skip
        return found | ({"view": self._view()} if self.rows else {})

    def changed(self) -> dict[str, Any]:
        """Arguments for an edit, which leaves nothing of what was there."""
        return {
            "content": self.content or None, "embeds": self._embeds(),
            "attachments": self._files(), "view": self._view() if self.rows else None,
            "allowed_mentions": _allowed(0),
        }  # fmt: skip

    def _embeds(self) -> list[discord.Embed]:
        return [discord.Embed(description=self.long_text)] if self.long_text else []

    def _files(self) -> list[discord.File]:
        return [
            discord.File(
                io.BytesIO(one.data), one.name, spoiler=one.is_spoiler, description=one.description
            )
            for one in self.attached
        ]

    def _view(self) -> discord.ui.View:
        """The components. The view is over before it begins: what is pressed reaches us by its
        id, so the client need not remember it, and it works after a restart."""
        view = discord.ui.View(timeout=None)
        for item in self.rows:
            view.add_item(item)
        view.stop()
        return view


async def compose(card: Card, load_blob: LoadBlob, *, max_bytes: int = MAX_UPLOAD_BYTES) -> Parts:
    """The card as a message; a picture larger than ``max_bytes`` is shown as a smaller file."""
    text = words(card)
    attached = [
        await _picture(
            await load_blob(one.sha256), f"{number}.png", max_bytes,
            description=one.alt_text[:MAX_ALT], is_spoiler=one.is_spoiler,
        )
        for number, one in enumerate(card.images[:MAX_FILES], start=1)
    ]  # fmt: skip
    attached += [
        await _picture(await load_blob(file.sha256), file.name, max_bytes)
        for file in card.files[: MAX_FILES - len(attached)]
    ]
    is_long = len(text) > MAX_CONTENT
    return Parts(
        content="" if is_long else text,
        long_text=cut(text, MAX_EMBED) if is_long else "",
        attached=tuple(attached),
        rows=tuple(_items(card)),
    )


def words(card: Card) -> str:
    """What the message says; words that were added to a wish are underlined."""
    lines = [escape_markdown(line) for line in card.lines]
    if card.brief_line:
        lines.append("> " + " ".join(_marked(card).split("\n")))
    return "\n".join(lines)


def cut(text: str, most: int) -> str:
    """``text`` in at most ``most`` characters, ended after a whole line."""
    if len(text) <= most:
        return text
    kept = text[: most - 2].rpartition("\n")[0] or text[: most - 2]
    return kept + "\n…"


def modal(form: Form, token: str) -> discord.ui.Modal:
    """A form of one field. It carries the token, so it is understood after a restart."""
    found = discord.ui.Modal(title=form.title[:MAX_TITLE], custom_id=token, timeout=None)
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id="text",
        style=(discord.TextStyle.paragraph if form.max_characters > 300
               else discord.TextStyle.short),
        placeholder=form.placeholder[:MAX_PLACEHOLDER] or None,
        max_length=min(form.max_characters, MAX_FIELD),
    )  # fmt: skip
    found.add_item(discord.ui.Label(text=form.label[:MAX_FIELD_LABEL], component=field))
    found.stop()
    return found


def _marked(card: Card) -> str:
    written, end = [], 0
    for start, stop in card.added:
        inside = card.brief_line[start:stop]
        core = inside.strip()
        before, after = inside[: inside.find(core)], inside[inside.find(core) + len(core) :]
        written.append(escape_markdown(card.brief_line[end:start]) + before)
        written.append(f"__{escape_markdown(core)}__{after}" if core else "")
        end = stop
    return "".join(written) + escape_markdown(card.brief_line[end:])


def _items(card: Card) -> Iterable[discord.ui.Item[Any]]:
    """Buttons in at most as many rows as the menus leave, then the menus, one a row."""
    menus = [menu for menu in card.menus if menu.options][: MAX_ROWS - bool(card.buttons)]
    seen: set[str] = set()
    for number, row in enumerate(_rows(card.buttons, MAX_ROWS - len(menus))):
        for button in row:
            if button.token not in seen:
                seen.add(button.token)
                yield _button(button, number)
    first = max(0, MAX_ROWS - len(menus))
    for number, menu in enumerate(menus, start=first):
        yield _select(menu, number)


def _rows(rows: Sequence[Sequence[Button]], most: int) -> Iterable[Sequence[Button]]:
    """The rows as the core wants them, closed up where there are more than fit."""
    fits = len(rows) <= most and all(len(row) <= MAX_IN_ROW for row in rows)
    if fits:
        return rows
    flat = list(itertools.chain.from_iterable(rows))[: most * MAX_IN_ROW]
    return [flat[start : start + MAX_IN_ROW] for start in range(0, len(flat), MAX_IN_ROW)]


def _button(button: Button, row: int) -> discord.ui.Button[Any]:
    style = discord.ButtonStyle.secondary
    if button.action is Action.PICK:
        style = discord.ButtonStyle.primary
    elif button.action in _SENDS:
        style = discord.ButtonStyle.success
    elif button.action in _ENDS:
        style = discord.ButtonStyle.danger
    label = button.label[:MAX_LABEL]
    return discord.ui.Button(label=label, custom_id=button.token, style=style, row=row)


def _select(menu: Menu, row: int) -> discord.ui.Select[Any]:
    options = {
        option.token: discord.SelectOption(
            label=option.label[:MAX_OPTION_LABEL], value=option.token,
            default=number == menu.chosen,
        )
        for number, option in enumerate(menu.options[:MAX_OPTIONS])
    }  # fmt: skip
    return discord.ui.Select(
        custom_id=menu.token, placeholder=menu.label[:150], options=list(options.values()), row=row
    )


def _allowed(mention: int) -> discord.AllowedMentions:
    """Nobody is called by words that somebody wrote."""
    users = [discord.Object(mention)] if mention else False
    return discord.AllowedMentions(everyone=False, roles=False, replied_user=False, users=users)


async def _picture(
    data: bytes, name: str, max_bytes: int, *, description: str | None = None,
    is_spoiler: bool = False,
) -> Attached:  # fmt: skip
    if len(data) > max_bytes:
        data, name = await asyncio.to_thread(_smaller, data, name, max_bytes)
    return Attached(name=name, data=data, description=description, is_spoiler=is_spoiler)


def _smaller(data: bytes, name: str, max_bytes: int) -> tuple[bytes, str]:
    """The picture as a JPEG that fits, of its own size if that is possible; what is no picture
    stays as it is, and Discord refuses it."""
    from PIL import Image, UnidentifiedImageError

    try:
        picture = Image.open(io.BytesIO(data)).convert("RGB")
    except (UnidentifiedImageError, OSError):
        return data, name
    for quality in (92, 80, 60):
        held = io.BytesIO()
        picture.save(held, "JPEG", quality=quality)
        if held.tell() <= max_bytes:
            break
        picture = picture.resize((picture.width * 3 // 4, picture.height * 3 // 4))
    return held.getvalue(), name.rpartition(".")[0] + ".jpg"
