"""A wish waits for the terms, runs once they are accepted, and is not kept for ever."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.asks import Ask
from bot.chat import Action, Upload
from bot.terms import WAITS, forget_old_wishes
from store.tables import Consent, Request, WaitingWish, now

from .chat_stage import Stage, acting
from .conversations.runner import flat_png


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A running studio; "new" has not accepted the terms."""
    async with acting(tmp_path) as opened:
        yield opened


async def accept(stage: Stage) -> str | None:
    """The person who is new agrees; the request that began."""
    reply = await stage.app.studio.accept_terms(stage.event("new"))
    assert not reply.is_refused
    return reply.request_id


async def test_the_newest_wish_waits_with_all_its_options(stage: Stage) -> None:
    """Options, reference and privacy are as they were asked."""
    await stage.app.studio.imagine(stage.event("new"), Ask(text="an older wish"))
    options = {
        "prompt": "a cat", "seed": 7, "private": True, "strength": 0.3,
        "reference": Upload(data=flat_png("green")),
    }  # fmt: skip
    asked = await stage.command("imagine", options, who="new")
    assert asked.is_refused
    assert not await stage.rows(Request)
    request_id = await accept(stage)
    (request,) = await stage.rows(Request)
    assert request.id == request_id
    assert (request.wish, request.is_private, request.options["seed"]) == ("a cat", True, 7)
    assert request.options["reference"]["strength"] == 0.3
    assert await stage.rows(WaitingWish) == []


async def test_the_event_of_the_wish_stays_its_own(stage: Stage) -> None:
    """Delivered again by the platform after the terms, it is still one request."""
    event = stage.event("new")
    await stage.app.studio.imagine(event, Ask(text="a cat"))
    request_id = await accept(stage)
    again = await stage.app.studio.imagine(event, Ask(text="a cat"))
    assert again.request_id == request_id
    assert len(await stage.rows(Request)) == 1


async def test_a_wish_that_cannot_be_admitted_leaves_the_terms_accepted(stage: Stage) -> None:
    """The reason is told; the agreement holds."""
    await stage.app.studio.imagine(stage.event("new"), Ask(text="a cat", count=4))
    await stage.command("settings here", {"max-count": 1}, is_administrator=True)
    reply = await stage.app.studio.accept_terms(stage.event("new"))
    assert reply.request_id is None
    assert len(reply.card.lines) == 2
    known = await stage.rows(Consent)
    assert len(known) == 3  # ann, bob and the new one


async def test_old_words_are_forgotten(stage: Stage) -> None:
    """After a day the wish does not run any more, and its words are not kept."""
    await stage.app.studio.imagine(stage.event("new"), Ask(text="a cat"))
    await stage.app.studio.imagine(stage.event("newer"), Ask(text="a dog"))
    async with stage.app.db.session() as session:
        old = now() - WAITS - dt.timedelta(seconds=1)
        one = update(WaitingWish).where(WaitingWish.event_id == "stage-2")
        await session.execute(one.values(created_at=old))
    await forget_old_wishes(stage.app.db)
    assert len(await stage.rows(WaitingWish)) == 1
    assert await accept(stage) is None


async def test_only_the_terms_of_today_are_accepted(stage: Stage) -> None:
    """A button of an older version shows those of now."""
    reply = await stage.press(Action.ACCEPT_TERMS, "2020-01", "new")
    assert reply.is_refused
    assert len(await stage.rows(Consent)) == 2


async def test_a_new_version_asks_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who agreed to older terms reads that they changed; the wish waits and runs as the first."""
    for module in ("terms", "consents"):
        monkeypatch.setattr(f"bot.{module}.TERMS_VERSION", "2031-05")
    asked = await stage.app.studio.imagine(stage.event("ann"), Ask(text="a cat"))
    assert asked.is_refused
    assert asked.card.lines[0] == "The terms have changed since you agreed"
    vote = await stage.press(Action.PICK, "no-grid:1", "bob")
    assert vote.card.lines == asked.card.lines
    agreed = await stage.press(Action.ACCEPT_TERMS, "2031-05", "ann")
    (request,) = await stage.rows(Request)
    assert (agreed.request_id, request.wish) == (request.id, "a cat")
    known = await stage.command("terms", who="ann")
    assert (known.card.lines[0], known.card.buttons) == ("The terms", ())
