"""What moderators' acts do to people: pauses, bans, take-downs, appeals, strikes, statements."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.asks import Ask, Reply
from bot.chat import Action, Card, CardKind, ChatRefused, ChatUnavailable
from bot.rulings import carry_out_due
from bot.takedowns import finish_takedowns
from moderation.cases import Bench
from store.tables import (
    Case,
    Community,
    HeldStage,
    Identity,
    Picture,
    Request,
    RequestState,
    Sanction,
)
from store.tables import Statement as StatementRow

from .chat_stage import Stage, acting, button
from .path_fakes import PATIENCE, FakeEngine, make_parts, settle

State = RequestState


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A running studio with ann and bob, who runs it; a decision acts at once."""
    async with acting(tmp_path, make_parts(FakeEngine(seconds=0.2))) as opened:
        await opened.app.studio.appoint_operator(opened.event("bob"))
        yield opened


async def by_hand(stage: Stage, act: Callable[[Bench], Awaitable[Any]]) -> Any:
    """Something that bob does beside deciding, in whatever process."""
    shop = stage.app.shop
    async with stage.app.db.session() as session:
        bob = await session.scalar(select(Identity.person_id).where(Identity.external_id == "bob"))
        assert bob is not None
        return await act(Bench(session=session, log=shop.audit, person_id=bob, undo_seconds=0))


async def ask(stage: Stage, text: str = "a cat", who: str = "ann") -> Reply:
    """A wish, and the answer to it."""
    return await stage.app.studio.imagine(stage.event(who), Ask(text=text))


async def person(stage: Stage, who: str = "ann") -> str:
    """The person's id."""
    (identity,) = await stage.rows(Identity, Identity.external_id == who)
    return str(identity.person_id)


async def state_of(stage: Stage, request_id: str | None) -> State:
    """Where a request stands."""
    (request,) = await stage.rows(Request, Request.id == request_id)
    return State(request.state)


async def eventually(is_so: Callable[[], Awaitable[object]]) -> None:
    """Once something is so that happens by itself."""
    async with asyncio.timeout(20 * PATIENCE):
        while not await is_so():  # noqa: ASYNC110 - it looks from outside
            await asyncio.sleep(0.03)


async def until(stage: Stage, request_id: str | None, state: State) -> None:
    """Once the request is in that state."""

    async def is_there() -> bool:
        return await state_of(stage, request_id) == state

    await eventually(is_there)


async def decided(stage: Stage, request_id: str | None, action: Action, reason: str = "") -> None:
    """The open case of a request, decided by bob, and carried out."""
    (case,) = await stage.rows(Case, Case.request_id == request_id, Case.state == "open")
    reply = await stage.press(action, f"{case.id}:{reason}" if reason else case.id, "bob")
    assert reply.is_update, reply.card.lines
    await carry_out_due(stage.app.shop)


def told(stage: Stage, kind: CardKind) -> list[Card]:
    """Every card of that kind that was sent."""
    return [card for card in stage.chat.sent if card.kind is kind]


async def test_a_pause_is_told_and_what_was_asked_before_waits(stage: Stage) -> None:
    """A clear sentence for who asks meanwhile; afterwards the rest goes on by itself."""
    before = await ask(stage)
    await by_hand(stage, lambda bench: bench.pause(None))
    meanwhile = await ask(stage, "a dog")
    assert meanwhile.is_refused
    assert "paused" in meanwhile.card.lines[0]
    await eventually(lambda: stage.rows(HeldStage))
    assert await state_of(stage, before.request_id) not in (State.DELIVERED, State.CANCELLED)
    await by_hand(stage, lambda bench: bench.resume(None))
    assert (await settle(stage.app, before)).state == State.DELIVERED
    assert await stage.rows(HeldStage) == []
    assert not (await ask(stage, "a dog")).is_refused


async def test_a_pause_of_one_community_is_felt_there_alone(stage: Stage) -> None:
    """Elsewhere people get their pictures."""
    await ask(stage)
    (room,) = await stage.rows(Community, Community.external_id == "room")
    await by_hand(stage, lambda bench: bench.pause(room.id))
    assert (await ask(stage)).is_refused
    event = stage.event("ann", place="elsewhere")
    elsewhere = await stage.app.studio.imagine(event, Ask(text="a cat"))
    assert not elsewhere.is_refused
    await settle(stage.app, elsewhere)


async def test_a_ban_cancels_what_is_queued_and_refuses_the_rest(stage: Stage) -> None:
    """Also what waits for a moderator, whose case closes; a lifted ban lets them ask again."""
    doubtful = await ask(stage, "something doubtful")
    await settle(stage.app, doubtful)
    ann = await person(stage)
    queued = await ask(stage)
    await by_hand(stage, lambda bench: bench.ban(ann, reason="hate"))
    for reply in (doubtful, queued):
        await until(stage, reply.request_id, State.CANCELLED)
    (case,) = await stage.rows(Case)
    assert (case.state, case.decision) == ("closed", None)
    refused = await ask(stage)
    assert (refused.is_refused, "no longer" in refused.card.lines[0]) == (True, True)
    await by_hand(stage, lambda bench: bench.lift(ann))
    assert not (await ask(stage)).is_refused


async def test_a_ban_in_one_community_leaves_the_others(stage: Stage) -> None:
    """What holds there alone is asked there alone."""
    await ask(stage)
    (room,) = await stage.rows(Community, Community.external_id == "room")
    ann = await person(stage)
    await by_hand(stage, lambda bench: bench.ban(ann, community_id=room.id, reason="hate"))
    assert (await ask(stage)).is_refused
    event = stage.event("ann", place="elsewhere")
    assert not (await stage.app.studio.imagine(event, Ask(text="a cat"))).is_refused


async def test_what_is_taken_down_by_hand_may_be_appealed(stage: Stage) -> None:
    """The message says so, its person reads why; upheld by someone else, it is shown again."""
    request_id = await stage.delivered()
    await by_hand(stage, lambda bench: bench.take_down(request_id, "hate"))
    await carry_out_due(stage.app.shop)
    await finish_takedowns(stage.app.shop)
    edits = [card for shown, card in stage.chat.edits if shown == "m1" and not card.buttons]
    assert {card.lines for card in edits} == {("A moderator has taken this picture down.",)}
    assert not any(card.images for card in edits)

    async def is_told() -> bool:
        return bool(told(stage, CardKind.BLOCKED))

    await eventually(is_told)
    (why,) = told(stage, CardKind.BLOCKED)
    await stage.press(Action.APPEAL, button(why, Action.APPEAL).argument)
    (appeal,) = await stage.rows(Case, Case.kind == "appeal")
    mine = await stage.press(Action.APPROVE, appeal.id, "bob")
    assert "your own decision" in mine.card.lines[0]
    await stage.app.studio.appoint_operator(stage.event("ann"))
    reply = await stage.press(Action.APPROVE, appeal.id, "ann")
    assert reply.is_update, reply.card.lines
    await carry_out_due(stage.app.shop)
    await until(stage, request_id, State.DELIVERED)
    (statement,) = await stage.rows(StatementRow)
    assert (statement.restriction, statement.reversed_at is not None) == ("removed", True)


async def test_a_picture_goes_wherever_it_was_shown(stage: Stage) -> None:
    """Shown again, larger, as a file, in the gallery: every message goes, and no button that is
    left anywhere brings it back."""
    request_id = await stage.delivered()
    (picture_id,) = await stage.picture_ids(request_id)
    await stage.press(Action.SHARE, picture_id)
    for number, show in enumerate(
        (
            stage.press(Action.LARGER, picture_id, "bob"),
            stage.press(Action.ORIGINAL, picture_id, "bob"),
            stage.command("show", {"request": request_id[-6:]}),
            stage.command("gallery", who="bob"),
        )
    ):
        shown = await show
        assert shown.card.images or shown.card.files, shown.card.lines
        await stage.app.studio.posted(stage.event("bob"), shown.card, f"shown-{number}")
    await by_hand(stage, lambda bench: bench.take_down(request_id, "hate"))
    await carry_out_due(stage.app.shop)
    await finish_takedowns(stage.app.shop)
    edited = {
        shown for shown, card in stage.chat.edits if "taken this picture down" in card.lines[0]
    }
    assert edited == {"m1", "shown-0", "shown-1", "shown-2", "shown-3"}
    for action in (Action.LARGER, Action.ORIGINAL, Action.VARY, Action.SHARE):
        assert (await stage.press(action, picture_id)).is_refused, action


async def test_a_message_that_cannot_be_edited_is_removed(stage: Stage) -> None:
    """And one that cannot be reached now is tried again."""
    request_id = await stage.delivered()

    def refuse(card: Card) -> None:
        raise ChatUnavailable if stage.chat.fail is away else ChatRefused

    def away(card: Card) -> None:
        raise ChatUnavailable

    stage.chat.fail = away
    await by_hand(stage, lambda bench: bench.take_down(request_id, "hate"))
    await carry_out_due(stage.app.shop)
    await finish_takedowns(stage.app.shop)
    assert stage.chat.deleted == []
    stage.chat.fail = refuse
    await finish_takedowns(stage.app.shop)
    assert stage.chat.deleted == ["m1"]


async def test_an_appeal_that_is_refused_is_told_and_is_the_last_word(stage: Stage) -> None:
    """Its person reads that someone looked again; there is no other appeal."""
    blocked = await ask(stage, "something forbidden")
    await settle(stage.app, blocked)
    await stage.press(Action.APPEAL, str(blocked.request_id))
    await decided(stage, blocked.request_id, Action.REJECT, "hate")
    await settle(stage.app, blocked, round=2)
    last = told(stage, CardKind.BLOCKED)[-1]
    assert any("looked at it again" in line for line in last.lines)
    assert [b.action for row in last.buttons for b in row] == []
    assert (await stage.press(Action.APPEAL, str(blocked.request_id))).is_refused


async def test_an_overturned_refusal_takes_its_strike_back_and_goes_on(stage: Stage) -> None:
    """The picture is delivered, and the statement says that it was reversed."""
    blocked = await ask(stage, "something forbidden")
    await settle(stage.app, blocked)
    (strike,) = await stage.rows(Sanction)
    (statement,) = await stage.rows(StatementRow)
    assert (statement.restriction, statement.is_decided_by_machine) == ("withheld", True)
    await stage.press(Action.APPEAL, str(blocked.request_id))
    await decided(stage, blocked.request_id, Action.APPROVE)
    assert (await settle(stage.app, blocked, round=2)).state == State.DELIVERED
    (strike,) = await stage.rows(Sanction)
    (statement,) = await stage.rows(StatementRow)
    assert strike.lifted_at is not None
    assert statement.reversed_at is not None


async def test_what_a_moderator_refuses_is_stated_and_counts(stage: Stage) -> None:
    """Words of the person's own cost a strike; the statement names the rule and the reason."""
    doubtful = await ask(stage, "something doubtful")
    await settle(stage.app, doubtful)
    await decided(stage, doubtful.request_id, Action.REJECT, "violence")
    await settle(stage.app, doubtful, round=2)
    (statement,) = await stage.rows(StatementRow)
    assert (statement.restriction, statement.reason) == ("withheld", "violence")
    assert (statement.is_found_by_machine, statement.is_decided_by_machine) == (True, False)
    assert statement.facts["rules"]
    assert [one.kind for one in await stage.rows(Sanction)] == ["strike"]


async def test_the_ladder_is_told_where_it_is_climbed(stage: Stage) -> None:
    """At the second strike a warning, at the third a pause; each with a statement."""
    for number in range(3):
        await settle(stage.app, await ask(stage, f"something forbidden {number}"))
    lines = [" ".join(card.lines) for card in told(stage, CardKind.BLOCKED)]
    assert "could not ask for pictures for a while" in lines[1]
    assert "cannot ask for pictures for one day" in lines[2]
    stated = {one.restriction for one in await stage.rows(StatementRow)}
    assert stated == {"withheld", "warning", "pause"}
    assert (await ask(stage)).is_refused


async def test_a_refused_picture_can_be_known_from_then_on(stage: Stage) -> None:
    """Once the decision acts its hashes are on the operator's list; an undone one leaves nothing."""
    request_id = await stage.delivered()
    await stage.press(Action.REPORT, f"{request_id}:hate", "bob")
    (case,) = await stage.rows(Case)
    folder = stage.app.settings.hash_folder

    async def refuse(bench: Bench) -> None:
        await bench.decide(case.id, "reject", "hate", blocks_pictures=True)

    async def take_back(bench: Bench) -> None:
        patient = replace(bench, undo_seconds=60)
        await patient.decide(case.id, "reject", "hate", blocks_pictures=True)
        assert not (await patient.undo(case.id)).blocks_pictures

    await by_hand(stage, take_back)
    await carry_out_due(stage.app.shop)
    assert not [path for path in folder.rglob("*") if path.is_file()]
    await by_hand(stage, refuse)
    await until(stage, request_id, State.BLOCKED)
    (picture,) = await stage.rows(Picture)
    listed = [path.read_text() for path in folder.rglob("*.*") if path.is_file()]
    assert any(picture.sha256 in text for text in listed)
