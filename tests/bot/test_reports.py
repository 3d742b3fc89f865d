"""Complaints, and what a moderator's word on them does; what nobody foresaw, in one sentence."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.asks import Ask
from bot.chat import Action, CardKind, Upload
from bot.requests import Studio
from bot.rulings import carry_out_due
from bot.takedowns import finish_takedowns
from moderation.policy import Verdict
from store.tables import Case, Delivery, Request, RequestState, Share

from .chat_stage import Stage, acting, button, buttons
from .path_fakes import settle


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A running studio with ann and bob, who runs it."""
    async with acting(tmp_path) as opened:
        await opened.app.studio.appoint_operator(opened.event("bob"))
        yield opened


async def decided(stage: Stage, request_id: str, action: Action, who: str = "bob") -> None:
    """The open case of a request, decided, and the decision carried out."""
    (case,) = await stage.rows(Case, Case.request_id == request_id, Case.state == "open")
    reply = await stage.press(action, case.id, who)
    assert reply.is_update, reply.card.lines
    await carry_out_due(stage.app.shop)


async def reported(stage: Stage) -> str:
    """A shared result that somebody has reported."""
    request_id = await stage.delivered()
    (picture_id,) = await stage.picture_ids(request_id)
    await stage.press(Action.SHARE, picture_id)
    await stage.press(Action.REPORT, f"{request_id}:hate", "bob")
    return request_id


async def test_an_upheld_report_takes_the_result_down(stage: Stage) -> None:
    """Its message says so, its share goes; its person reads why and may appeal."""
    request_id = await reported(stage)
    shown = stage.chat.sent[-1]
    assert shown.kind is CardKind.GRID
    await decided(stage, request_id, Action.REJECT)
    (request,) = await stage.rows(Request, Request.id == request_id)
    assert request.state == RequestState.BLOCKED
    await finish_takedowns(stage.app.shop)
    edited, *_ = [card for shown, card in stage.chat.edits if shown == "m1" and not card.buttons]
    assert (edited.images, edited.lines) == ((), ("A moderator has taken this picture down.",))
    assert await stage.rows(Share) == []
    reply = await stage.app.studio.imagine(stage.event(), Ask(text="a dog"))
    await settle(stage.app, reply)
    told = [card for card in stage.chat.sent if card.kind is CardKind.BLOCKED]
    assert any("hate" in line for line in told[0].lines)
    assert button(told[0], Action.APPEAL).argument == request_id
    gone = await stage.command("show", {"request": request_id[-6:]}, who="bob")
    assert gone.is_refused


async def test_a_dismissed_report_changes_nothing(stage: Stage) -> None:
    """The result stays where it is."""
    request_id = await reported(stage)
    await decided(stage, request_id, Action.APPROVE)
    (request,) = await stage.rows(Request, Request.id == request_id)
    assert request.state == RequestState.DELIVERED
    assert stage.chat.deleted == []
    assert len(await stage.rows(Share)) == 1


async def test_many_reports_are_one_case(stage: Stage) -> None:
    """Whoever says it, for whatever reason."""
    request_id = await reported(stage)
    await stage.press(Action.REPORT, f"{request_id}:sexual", "ann")
    assert len(await stage.rows(Case)) == 1


async def test_a_report_asks_what_is_wrong(stage: Stage) -> None:
    """By command without a reason it offers them; on a message it means that one."""
    request_id = await stage.delivered()
    (sent,) = await stage.rows(Delivery, Delivery.what.startswith("grid:"))
    asked = await stage.command("report", who="bob", message_id=sent.message_id)
    assert {one.action for one in buttons(asked.card)} == {Action.REPORT}
    assert all(one.argument.startswith(request_id) for one in buttons(asked.card))
    nothing = await stage.command("report", who="bob")
    assert nothing.is_refused


async def test_what_nobody_foresaw_is_one_sentence_with_a_trace(stage: Stage) -> None:
    """No stack, nothing of the inside; a number to quote, in their language."""

    def breaks(data: bytes) -> Verdict:
        raise ZeroDivisionError("the secret inside")

    studio = Studio(replace(stage.app.shop, check_upload=breaks))
    event = stage.event()
    chinese = replace(event, speaker=replace(event.speaker, locale="zh-CN"))
    reply = await studio.command(chinese, "describe", {"picture": Upload(data=b"x")})
    assert reply.card.kind is CardKind.FAILED
    assert reply.card.trace in reply.card.lines[-1]
    assert "请" in reply.card.lines[0]
    assert not any("secret" in line for line in reply.card.lines)


async def test_an_event_that_comes_again_is_marked(stage: Stage) -> None:
    """Its answer is the same, and the adapter need not show it."""
    event = stage.event()
    first = await stage.app.studio.command(event, "help")
    second = await stage.app.studio.command(event, "help")
    assert (first.is_duplicate, second.is_duplicate) == (False, True)
