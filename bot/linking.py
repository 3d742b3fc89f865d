"""One person, several accounts: a code given here and said there joins what both have.

History, quota, votes, strikes and settings are by person, so joining moves every row of the
second person to the first. The code lives a short while, works once, and only its digest is kept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from sqlalchemy import ColumnElement, Table, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import Blob, Identity, LinkCode, Moderator, Person, WaitingWish, now
from store.tables import Table as Tables

from .asks import Reply
from .chat import Action, Button, Card, CardKind
from .texts import say
from .visits import Call, Press, Visit, refuse_unless

LIVES = dt.timedelta(minutes=10)
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that is mistaken for something else
DIGITS = 10  # 50 bits: not to be guessed in ten minutes through any chat


async def link(call: Call) -> Reply:
    """Give a code, or ask whether this account shall join the person whom one was given to."""
    code = call.options.get("code", "").strip()
    return await _ask_to_join(call, code) if code else await _give(call)


async def _give(call: Call) -> Reply:
    code = "".join(secrets.choice(ALPHABET) for _ in range(DIGITS))
    mine = LinkCode.person_id == call.visitor.person_id
    await call.session.execute(delete(LinkCode).where(mine))
    call.session.add(
        LinkCode(
            person_id=call.visitor.person_id,
            digest=_digest(code),
            expires_at=now() + LIVES,
        )
    )
    shown = f"{code[:5]}-{code[5:]}"
    minutes = round(LIVES.total_seconds() / 60)
    return call.plain("link-code", code=shown, minutes=minutes)


async def _ask_to_join(call: Call, code: str) -> Reply:
    """Whoever types a code that a stranger gave them reads whom they would become."""
    kept = await call.session.scalar(
        select(LinkCode.person_id).where(LinkCode.digest == _digest(code), *_still_good())
    )
    refuse_unless(kept, "link-bad-code")
    if kept == call.visitor.person_id:
        return call.plain("link-same")
    joins = Button(
        label=say(call.language, "button-link"), action=Action.LINK, argument=_plain(code)
    )
    names = await _names(call, str(kept))
    card = Card(
        kind=CardKind.MENU,
        lines=(say(call.language, "link-sure", names=names),),
        buttons=((joins,),),
        is_private=True,
    )
    return Reply(card=card)


async def join(pressed: Press) -> Reply:
    """Use the code up, then make one person of two."""
    used = (
        update(LinkCode)
        .where(LinkCode.digest == _digest(pressed.argument), *_still_good())
        .values(used_at=now())
        .returning(LinkCode.person_id)
    )
    kept = await pressed.session.scalar(used)
    refuse_unless(kept, "link-bad-code")
    if kept == pressed.visitor.person_id:
        return pressed.done("link-same")
    await unite(pressed.session, str(kept), pressed.visitor.person_id)
    return pressed.done("link-done", names=await _names(pressed, str(kept)))


def _still_good() -> tuple[ColumnElement[bool], ...]:
    return LinkCode.used_at.is_(None), LinkCode.expires_at > now()


async def unite(session: AsyncSession, kept: str, joined: str) -> None:
    """Everything of ``joined`` becomes ``kept``'s; what both may have only once stays ``kept``'s."""
    first, second = await session.get_one(Person, kept), await session.get_one(Person, joined)
    first.settings = {**(second.settings or {}), **(first.settings or {})}
    first.language = first.language or second.language
    first.is_operator = first.is_operator or second.is_operator
    await session.flush()
    await _drop_doubles(session, kept, joined)
    for table, column in _columns_of_people():
        mine = table.columns[column] == joined
        await session.execute(update(table).where(mine).values({column: kept}))
    uploads = update(Blob).where(Blob.owner_kind == "upload", Blob.owner_id == joined)
    both = select(Blob.sha256).where(Blob.owner_kind == "upload", Blob.owner_id == kept)
    await session.execute(
        delete(Blob).where(
            Blob.owner_kind == "upload", Blob.owner_id == joined, Blob.sha256.in_(both)
        )
    )
    await session.execute(uploads.values(owner_id=kept))
    await session.execute(delete(Person).where(Person.id == joined))


async def _drop_doubles(session: AsyncSession, kept: str, joined: str) -> None:
    """Rows of which a person has one: the second person's, where the first has one too."""
    for table, columns in _once_a_person():
        mine, theirs = table.alias(), table
        others = [name for name in columns if name != "person_id"]
        same = [
            (theirs.c[name] == mine.c[name]) | (theirs.c[name].is_(None) & mine.c[name].is_(None))
            for name in others
        ]
        there = select(mine.c.person_id).where(mine.c.person_id == kept, *same)
        await session.execute(delete(theirs).where(theirs.c.person_id == joined, there.exists()))


def _once_a_person() -> list[tuple[Table, tuple[str, ...]]]:
    """Tables where a person's id is part of a key."""
    return [
        (Tables.metadata.tables[Moderator.__tablename__], ("person_id", "community_id")),
        (Tables.metadata.tables[WaitingWish.__tablename__], ("person_id",)),
    ]


def _columns_of_people() -> list[tuple[Table, str]]:
    """Every column anywhere that names a person."""
    return [
        (table, key.parent.name)
        for table in Tables.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == Person.__tablename__
    ]


async def _names(visit: Visit, person_id: str) -> str:
    rows = await visit.session.execute(
        select(Identity.platform, Identity.name)
        .where(Identity.person_id == person_id)
        .order_by(Identity.created_at)
    )
    return ", ".join(f"{platform.capitalize()} {name}".strip() for platform, name in rows)


def _plain(code: str) -> str:
    """A code as it was given, however it was typed."""
    return code.upper().replace("-", "").replace(" ", "")


def _digest(code: str) -> str:
    return hashlib.sha256(f"atelier link {_plain(code)}".encode()).hexdigest()
