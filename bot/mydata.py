"""A person's own data: all of it as a file, all of it deleted, or only the votes forgotten."""

from __future__ import annotations

from collections.abc import Sequence

from store.sessions import after_commit

from .asks import Reply
from .cards import button
from .chat import Action, Card, CardKind, File
from .exporting import collect, write
from .forgetting import Receipt, forget_person, forget_votes
from .messages import messages_of_person, removing
from .texts import say
from .visits import Call, Later, Press, Visit


async def take_out(call: Call) -> Later:
    """Everything that is stored about them, in one or more archives."""
    collected = await collect(call)
    blobs, language = call.studio.shop.blobs, call.language

    async def pack() -> Reply:
        cards = _archive_cards(language, await write(blobs, collected))
        return Reply(card=cards[0], also=tuple(cards[1:]))

    return pack


async def ask_to_erase(call: Call) -> Reply:
    """Asked once more before everything is gone."""
    return Reply(card=_sure(call.language, "erase-sure", Action.ERASE))


async def ask_to_forget(call: Call) -> Reply:
    """Asked once more before the votes are gone."""
    return Reply(card=_sure(call.language, "forget-sure", Action.FORGET))


async def erase(pressed: Press) -> Reply:
    """Delete everything of this person, here and where their other accounts are."""
    shop = pressed.studio.shop
    messages = await messages_of_person(pressed.session, pressed.visitor.person_id)
    receipt = await forget_person(pressed.session, shop.blobs, pressed.visitor.person_id)
    after_commit(pressed.session, removing(pressed.studio.chores, shop.chats, messages))
    return Reply(card=_receipt_card(pressed, "erase-done", receipt), is_update=True)


async def forget(pressed: Press) -> Reply:
    """Take this person's votes out of everything that learns from now on."""
    receipt = await forget_votes(pressed.session, pressed.visitor.person_id)
    return Reply(card=_receipt_card(pressed, "forget-done", receipt), is_update=True)


def _archive_cards(language: str, parts: Sequence[str]) -> list[Card]:
    return [
        Card(
            kind=CardKind.PLAIN,
            lines=(say(language, "export-line", number=number, count=len(parts)),),
            files=(
                File(sha256=sha256, media_type="application/zip", name=f"atelier-{number}.zip"),
            ),
            is_private=True,
        )
        for number, sha256 in enumerate(parts, start=1)
    ]


def _sure(language: str, key: str, action: Action) -> Card:
    return Card(
        kind=CardKind.MENU,
        lines=(say(language, key),),
        buttons=((button(language, action, "yes"),),),
        is_private=True,
    )


def _receipt_card(visit: Visit, key: str, receipt: Receipt) -> Card:
    """What went, in numbers a person can keep."""
    language = visit.language
    rows = ", ".join(f"{name} {count}" for name, count in sorted(receipt.rows.items()))
    lines = [
        say(language, key, number=receipt.number),
        say(
            language,
            "receipt-counts",
            rows=sum(receipt.rows.values()),
            tables=rows or "-",
            blobs=receipt.num_blobs,
            tombstones=receipt.num_tombstones,
        ),
    ]
    if receipt.num_sanctions_kept:
        lines.append(say(language, "receipt-sanctions", count=receipt.num_sanctions_kept))
    return Card(kind=CardKind.PLAIN, lines=tuple(lines), is_private=True)
