"""Two accounts become one person: everything moves, nothing is doubled, codes are safe."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import UniqueConstraint, select, update

from bot.chat import Action
from bot.linking import _columns_of_people, _once_a_person, unite
from store.sessions import Database
from store.tables import (
    Blob,
    Community,
    Identity,
    LinkCode,
    Moderator,
    Person,
    Request,
    Sanction,
    Table,
    WaitingWish,
    now,
)

from .chat_stage import Stage, acting, button

CODE = re.compile(r"[A-Z2-9]{5}-[A-Z2-9]{5}")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A running studio with ann and bob."""
    async with acting(tmp_path) as opened:
        yield opened


async def give_code(stage: Stage, who: str = "ann") -> str:
    """A code that was given to somebody."""
    found = CODE.search((await stage.command("link", who=who)).card.lines[0])
    assert found is not None
    return found[0]


async def test_a_code_joins_two_accounts(stage: Stage) -> None:
    """History and quota are one; the code works once, in either spelling."""
    request_id = await stage.delivered(who="ann")
    code = (await give_code(stage)).lower().replace("-", " ")
    asked = await stage.command("link", {"code": code}, who="bob")
    assert "ann" in asked.card.lines[0]
    assert len(await stage.rows(Person)) == 2
    joined = await stage.press(Action.LINK, button(asked.card, Action.LINK).argument, "bob")
    assert "ann" in joined.card.lines[0]
    assert len(await stage.rows(Person)) == 1
    history = await stage.command("history", who="bob")
    assert request_id[-6:] in history.card.lines[1]
    assert (await stage.command("link", {"code": code}, who="eve")).is_refused


async def test_old_wrong_and_own_codes_join_nobody(stage: Stage) -> None:
    """A code lives ten minutes, a new one replaces it, and one's own changes nothing."""
    first = await give_code(stage)
    second = await give_code(stage)
    assert (await stage.command("link", {"code": first}, who="bob")).is_refused
    same = await stage.command("link", {"code": second}, who="ann")
    assert "joined already" in same.card.lines[0]
    third = await give_code(stage)
    async with stage.app.db.session() as session:
        await session.execute(update(LinkCode).values(expires_at=now() - dt.timedelta(seconds=1)))
    assert (await stage.command("link", {"code": third}, who="bob")).is_refused
    assert len(await stage.rows(Person)) == 2


async def test_a_code_is_not_kept(stage: Stage) -> None:
    """Whoever reads the database cannot use it."""
    code = await give_code(stage)
    (row,) = await stage.rows(LinkCode)
    plain = code.replace("-", "")
    assert plain not in row.digest
    assert len(row.digest) == 64


async def test_uniting_moves_every_row(db: Database) -> None:
    """Strikes, uploads, rights and settings; where both had one, the first one's stays."""
    async with db.session() as session:
        session.add_all(
            [
                Person(id="a", settings={"style": "ink"}),
                Person(id="b", settings={"style": "neon", "count": 2}, language="zh-CN"),
                Community(id="c", platform="discord", external_id="1"),
                Community(id="d", platform="telegram", external_id="2"),
            ]
        )
        await session.flush()
        session.add_all(
            [
                Identity(person_id="a", platform="discord", external_id="1"),
                Identity(person_id="b", platform="telegram", external_id="2"),
                Sanction(person_id="b", kind="strike", category="violence"),
                Moderator(person_id="a", community_id="c"),
                Moderator(person_id="b", community_id="c"),
                Moderator(person_id="b", community_id="d"),
                Moderator(person_id="a", community_id=None),
                Moderator(person_id="b", community_id=None),
                WaitingWish(person_id="b", platform="x", event_id="1", kind="imagine", ask={}),
                *(
                    Blob(
                        sha256=sha * 64, size_bytes=1, media_type="image/png",
                        owner_kind="upload", owner_id=owner,
                    )
                    for sha, owner in (("1", "a"), ("1", "b"), ("2", "b"))
                ),
            ]
        )  # fmt: skip
    async with db.session() as session:
        await unite(session, "a", "b")
    async with db.session() as session:
        person = (await session.scalars(select(Person))).one()
        assert (person.settings, person.language) == ({"style": "ink", "count": 2}, "zh-CN")
        places = (await session.scalars(select(Moderator.community_id))).all()
        assert sorted(map(str, places)) == ["None", "c", "d"]
        assert set((await session.scalars(select(Identity.person_id))).all()) == {"a"}
        assert (await session.scalars(select(Sanction.person_id))).all() == ["a"]
        assert (await session.scalars(select(WaitingWish.person_id))).all() == ["a"]
        owned = (await session.execute(select(Blob.sha256, Blob.owner_id))).all()
        assert sorted(map(tuple, owned)) == [("1" * 64, "a"), ("2" * 64, "a")]


def test_no_key_of_a_person_is_forgotten() -> None:
    """Every column that names a person is moved; every key that holds one is kept single."""
    columns = {(table.name, column) for table, column in _columns_of_people()}
    assert (Request.__tablename__, "person_id") in columns
    assert ("cases", "decided_by") in columns
    single = {table.name for table, _ in _once_a_person()}
    keyed = {
        table.name
        for table in Table.metadata.sorted_tables
        for key in (*table.constraints, table.primary_key)
        if key is table.primary_key or isinstance(key, UniqueConstraint)
        for column in key.columns
        if (table.name, column.name) in columns
    }
    assert keyed <= single


async def test_an_operator_is_one_in_every_linked_account(stage: Stage) -> None:
    """A code from a chat, typed where the operator sits."""
    await stage.app.studio.appoint_operator(stage.event("bob"))
    code = await give_code(stage, "ann")
    asked = await stage.command("link", {"code": code}, who="bob")
    await stage.press(Action.LINK, button(asked.card, Action.LINK).argument, "bob")
    assert not (await stage.command("settings here", who="ann")).is_refused
