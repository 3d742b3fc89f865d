"""Composes what a result looks like: the grid, and what opens privately from it.

Plain data in, a card in one language out; the buttons' arguments are listed in ``bot.cards``.
Votes and two menus are visible, everything else opens from "more".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inference.expansion.brief import Brief
from inference.jobs import RenderJob

from .cards import added_ranges, button, rows
from .chat import Action, Button, Card, CardKind, File, Image, Menu
from .commands import REPORT_REASONS
from .texts import say


@dataclass(frozen=True, kw_only=True)
class ShownPicture:
    """A picture as it is shown; its place in the sequence is its position."""

    picture_id: str
    sha256: str  # of the rendition to show
    media_type: str = "image/png"
    seed: int = 0
    notices: tuple[tuple[str, Mapping[str, Any]], ...] = ()  # Fluent: what the model left out


def grid(
    language: str,
    *,
    request_id: str,
    grid_id: str,
    brief: Brief,
    pictures: Sequence[ShownPicture],
    was_reviewed: bool = False,
    is_private: bool = False,
) -> Card:
    """The pictures, the brief as it was used with the added words marked, what to do next."""
    headline = [say(language, "grid-headline", count=len(pictures))]
    if was_reviewed:
        headline.append(say(language, "grid-released"))
    headline.append(say(language, "grid-label"))
    return Card(
        kind=CardKind.GRID,
        lines=(*headline, *_about(language, brief, pictures)),
        brief_line=brief.prompt,
        added=added_ranges(brief),
        images=_images(language, brief, pictures),
        buttons=_grid_buttons(language, request_id, grid_id, brief, pictures),
        menus=(larger_menu(language, grid_id, pictures), vary_menu(language, grid_id, pictures)),
        is_private=is_private,
    )


def larger_menu(language: str, grid_id: str, pictures: Sequence[ShownPicture]) -> Menu:
    """Which picture to enlarge."""
    return _picture_menu(language, "larger", Action.LARGER, grid_id, pictures)


def vary_menu(language: str, grid_id: str, pictures: Sequence[ShownPicture]) -> Menu:
    """Which picture to vary, and how far."""
    strong = _picture_menu(language, "vary", Action.VARY, grid_id, pictures)
    subtle = [
        Button(
            label=_numbered(language, "vary-subtle", number, pictures),
            action=Action.VARY,
            argument=f"{picture.picture_id}:subtle",
        )
        for number, picture in enumerate(pictures, start=1)
    ]
    return Menu(label=strong.label, options=(*strong.options, *subtle), argument=strong.argument)


def original_menu(language: str, grid_id: str, pictures: Sequence[ShownPicture]) -> Menu:
    """Which picture to have as a file."""
    return _picture_menu(language, "original", Action.ORIGINAL, grid_id, pictures)


def share_menu(language: str, grid_id: str, pictures: Sequence[ShownPicture]) -> Menu:
    """Which picture to put into the gallery."""
    return _picture_menu(language, "share", Action.SHARE, grid_id, pictures)


PICTURE_MENUS = {
    "larger": larger_menu,
    "vary": vary_menu,
    "original": original_menu,
    "share": share_menu,
}


def more(
    language: str,
    *,
    request_id: str,
    grid_id: str,
    pictures: Sequence[ShownPicture],
    may_share: bool,
    may_delete: bool,
) -> Card:
    """What else can be done with a result."""
    first = (
        button(language, Action.CHANGE_WORD, grid_id),
        button(language, Action.EDIT, request_id),
        button(language, Action.DETAILS, grid_id),
    )
    menus = [original_menu(language, grid_id, pictures)]
    if may_share:
        menus.append(share_menu(language, grid_id, pictures))
    menus.append(report_menu(language, request_id))
    delete = ((button(language, Action.DELETE, request_id),),) if may_delete else ()
    return Card(
        kind=CardKind.MENU,
        lines=(say(language, "more-headline"),),
        buttons=(first, *delete),
        menus=tuple(menus),
        is_private=True,
    )


def report_menu(language: str, request_id: str) -> Menu:
    """What is wrong with a result."""
    options = tuple(
        Button(
            label=say(language, f"choice-reason-{reason}"),
            action=Action.REPORT,
            argument=f"{request_id}:{reason}",
        )
        for reason in REPORT_REASONS
    )
    return Menu(
        label=say(language, "menu-report"), options=options, argument=f"report:{request_id}"
    )


def menu(opened: Menu) -> Card:
    """A menu as a message of buttons, where there are no selects."""
    return Card(
        kind=CardKind.MENU, lines=(opened.label,), buttons=rows(opened.options), is_private=True
    )


def details(language: str, job: RenderJob, brief: Brief, pictures: Sequence[ShownPicture]) -> Card:
    """Seeds, steps and whatever else it takes to make the same once more."""
    seeds = ", ".join(str(picture.seed) for picture in pictures)
    lines = [
        say(language, "details-seeds", count=len(pictures), seeds=seeds),
        say(
            language,
            "details-numbers",
            steps=job.steps,
            guidance=f"{job.guidance:g}",
            width=str(job.width),
            height=str(job.height),
            model=job.model,
        ),
    ]
    if brief.negative_prompt:
        lines.append(say(language, "details-negative", words=brief.negative_prompt))
    if brief.style:
        lines.append(say(language, "details-style", style=brief.style))
    return Card(kind=CardKind.PLAIN, lines=tuple(lines), is_private=True)


def one_picture(
    language: str,
    key: str,
    *,
    sha256: str,
    prompt: str,
    size: tuple[int, int],
    is_private: bool,
    file_name: str = "",
    notice: str = "",
) -> Card:
    """One picture to look at, or as a file of its own where ``file_name`` is given."""
    words = say(language, "alt-picture", number=1, count=1, prompt=prompt)
    line = say(language, key, width=str(size[0]), height=str(size[1]))
    shown = Image(sha256=sha256, media_type="image/png", alt_text=words)
    kept = File(sha256=sha256, media_type="image/png", name=file_name)
    return Card(
        kind=CardKind.PICTURE,
        lines=(line, *([say(language, notice)] if notice else []), say(language, "grid-label")),
        images=() if file_name else (shown,),
        files=(kept,) if file_name else (),
        is_private=is_private,
    )


def _picture_menu(
    language: str, name: str, action: Action, grid_id: str, pictures: Sequence[ShownPicture]
) -> Menu:
    options = tuple(
        Button(
            label=_numbered(language, name, number, pictures),
            action=action,
            argument=picture.picture_id,
        )
        for number, picture in enumerate(pictures, start=1)
    )
    return Menu(label=say(language, f"menu-{name}"), options=options, argument=f"{name}:{grid_id}")


def _numbered(language: str, name: str, number: int, pictures: Sequence[ShownPicture]) -> str:
    only = "-only" if len(pictures) == 1 else ""
    return say(language, f"button-{name}{only}", number=number)


def _about(language: str, brief: Brief, pictures: Sequence[ShownPicture]) -> list[str]:
    lines = [say(language, notice.key, **notice.args) for notice in brief.notices]
    said = [say(language, key, **args) for one in pictures for key, args in one.notices]
    lines += dict.fromkeys(said)  # once, though every picture says it
    if not brief.wish.strip():
        lines.append(say(language, "grid-surprise"))
    elif brief.wish.strip() != brief.prompt:
        lines.append(say(language, "grid-wish", wish=brief.wish.strip()))
    if brief.prompt:
        lines.append(say(language, "grid-brief-added" if brief.added else "grid-brief"))
    return lines


def _images(language: str, brief: Brief, pictures: Sequence[ShownPicture]) -> tuple[Image, ...]:
    prompt = brief.prompt or say(language, "alt-no-prompt")
    return tuple(
        Image(
            sha256=picture.sha256,
            media_type=picture.media_type,
            alt_text=say(
                language, "alt-picture", number=number, count=len(pictures), prompt=prompt
            ),
        )
        for number, picture in enumerate(pictures, start=1)
    )


def _grid_buttons(
    language: str,
    request_id: str,
    grid_id: str,
    brief: Brief,
    pictures: Sequence[ShownPicture],
) -> tuple[tuple[Button, ...], ...]:
    picks = [
        Button(
            label=_numbered(language, "pick", number, pictures),
            action=Action.PICK,
            argument=f"{grid_id}:{number}",
        )
        for number, _ in enumerate(pictures, start=1)
    ]
    last = [button(language, Action.TIE, grid_id)] if len(pictures) > 1 else []
    last.append(button(language, Action.ALL_BAD, grid_id))
    if brief.added:
        last.append(button(language, Action.OWN_WORDS, request_id))
    last.append(button(language, Action.AGAIN, request_id))
    last.append(button(language, Action.MORE, grid_id))
    return (*rows(picks), tuple(last))
