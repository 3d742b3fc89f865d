"""A person's data as a file, and what is said when it is deleted."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import bot.exporting
from bot.asks import Ask
from bot.chat import Action, Upload
from bot.exporting import OWNERS
from store.tables import LinkCode, Request, Table, Vote

from .chat_stage import Stage, acting, button
from .conversations.runner import flat_png


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A running studio with ann and bob."""
    async with acting(tmp_path) as opened:
        yield opened


async def archives(stage: Stage, who: str = "ann") -> list[zipfile.ZipFile]:
    """What the export gave."""
    reply = await stage.command("mydata export", who=who)
    cards = (reply.card, *reply.also)
    assert all(card.is_private for card in cards)
    blobs = [await stage.app.load_blob(one.sha256) for card in cards for one in card.files]
    return [zipfile.ZipFile(io.BytesIO(blob)) for blob in blobs]


async def test_everything_of_mine_is_in_it_and_nothing_of_others(stage: Stage) -> None:
    """Rows of every table that leads to me, my pictures and uploads; no code, nobody else's."""
    request_id = await stage.delivered(Ask(text="my cat"), "ann")
    await stage.delivered(Ask(text="bob's dog"), "bob")
    await stage.press(Action.PICK, f"{(await stage.picture_ids(request_id))[0]}:1")
    await stage.app.studio.upload(stage.event(), flat_png("green"))
    await stage.command("link")
    (archive,) = await archives(stage)
    text = archive.read("data.json").decode()
    rows = json.loads(text)
    assert [row["wish"] for row in rows["requests"]] == ["my cat"]
    assert {"people", "identities", "consents", "pictures", "grids", "slots", "briefs"} <= set(rows)
    assert "bob" not in text
    (code,) = await stage.rows(LinkCode)
    assert code.digest not in text
    names = archive.namelist()
    assert any(name.startswith("pictures/") for name in names)
    assert any(name.startswith("uploads/") for name in names)


async def test_a_large_export_comes_in_parts(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each small enough for a chat; together they hold every picture once."""
    monkeypatch.setattr(bot.exporting, "PART_BYTES", 100)
    for _ in range(2):
        await stage.delivered()
    parts = await archives(stage)
    assert len(parts) == 3
    names = [name for part in parts for name in part.namelist()]
    assert len(names) == len(set(names)) == 3


def test_a_new_table_is_exported_too() -> None:
    """Every table that refers to people, requests, grids or pictures has a column we follow."""
    for table in Table.metadata.sorted_tables:
        targets = {key.column.table.name for key in table.foreign_keys}
        if targets & {"people", "requests", "grids", "pictures"}:
            assert any(name in table.columns for name in OWNERS), table.name


async def test_votes_are_forgotten_with_a_receipt(stage: Stage) -> None:
    """Asked once more; the request and its pictures stay."""
    request_id = await stage.delivered()
    (picture_id,) = await stage.picture_ids(request_id)
    await stage.press(Action.LARGER, picture_id)
    asked = await stage.command("mydata forget-votes")
    assert await stage.rows(Vote)
    done = await stage.press(Action.FORGET, button(asked.card, Action.FORGET).argument)
    assert "Your receipt" in done.card.lines[0]
    assert await stage.rows(Vote) == []
    assert await stage.rows(Request, Request.id == request_id)


async def test_everything_is_deleted_with_a_receipt(stage: Stage) -> None:
    """Rows are counted in it, the messages go, and what others made stays."""
    mine = await stage.delivered(who="ann")
    theirs = await stage.delivered(who="bob")
    asked = await stage.command("mydata delete")
    done = await stage.press(Action.ERASE, button(asked.card, Action.ERASE).argument)
    assert "requests 1" in done.card.lines[1]
    assert not await stage.rows(Request, Request.id == mine)
    assert await stage.rows(Request, Request.id == theirs)
    for chore in list(stage.app.studio.chores):
        await chore
    assert stage.chat.deleted == ["m1"]


async def test_a_picture_that_is_none_is_refused(stage: Stage) -> None:
    """In a sentence, before anything is kept."""
    reply = await stage.command("describe", {"picture": Upload(data=b"not a picture")})
    assert reply.is_refused
