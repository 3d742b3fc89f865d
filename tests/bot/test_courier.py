"""Messages that are kept true while nobody waits for them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import noticeboard, receipts
from bot.admission import recognise
from bot.asks import Ask
from bot.chat import Action, Card, CardKind, ChatRefused, ChatUnavailable
from bot.courier import MOST_EDITS, Courier
from bot.intake import request_row
from bot.progress import keep_progress
from inference.jobs import Progress
from store.tables import Delivery, Request, RequestState, new_id

from .chat_stage import Stage, acting, button
from .path_fakes import RecordingChat, make_app, make_settings, make_tables, settle


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A studio in which nothing is executed: requests stay where they are put."""
    settings = make_settings(tmp_path)
    make_tables(settings)
    app = make_app(settings, roles=())
    opened = Stage(app=app, chat=RecordingChat())
    app.join(opened.chat)
    await app.start()
    await app.studio.accept_terms(opened.event())
    yield opened
    await app.stop()


async def asked(
    stage: Stage, state: RequestState = RequestState.PAINTING, *, is_private: bool = False
) -> str:
    """A request in a state, whose progress a message tells."""
    event = stage.event()
    async with stage.app.db.session() as session:
        visitor = await recognise(session, event, stage.app.settings)
        ask = Ask(text="a cat", is_private=is_private)
        row = {**request_row(new_id(), event, visitor, ask, "imagine"), "state": state}
        session.add(Request(**row))
    card = Card(kind=CardKind.PROGRESS, lines=("…",), receipt=receipts.progress(row["id"]))
    await stage.app.studio.posted(event, card, f"message {row['id']}")
    return str(row["id"])


def said(stage: Stage) -> list[str]:
    """The first line of every edit."""
    return [card.lines[0] for _, card in stage.chat.edits]


async def test_the_place_in_the_queue_is_told_and_then_the_step(stage: Stage) -> None:
    """Only what has changed is edited."""
    await asked(stage)
    second = await asked(stage)
    courier = Courier(stage.app.shop)
    for _ in range(2):
        await courier.look()
    assert said(stage) == ["You are next.", "One request is ahead of yours."]
    progress = Progress(job="j", step=3, steps=8, seconds_left=12.0)
    await keep_progress(stage.app.db, {second: (progress, None)})
    await courier.look()
    assert said(stage)[2:] == ["Painting: 37 % done."]
    assert stage.chat.edits[2][0] == f"message {second}"


async def test_what_is_begun_is_not_thought_about_any_more(stage: Stage) -> None:
    """Before its first step a request that was next is said to begin."""
    request_id = await asked(stage)
    progress = Progress(job="j", step=0, steps=0)
    await keep_progress(stage.app.db, {request_id: (progress, None)})
    await Courier(stage.app.shop).look()
    assert said(stage) == ["I begin to paint."]


async def test_a_message_is_edited_no_more_often_than_its_chat_likes(stage: Stage) -> None:
    """The newest state waits until it is time."""
    request_id = await asked(stage)
    stage.chat.edit_seconds = 3600.0
    courier = Courier(stage.app.shop)
    await courier.look()
    progress = Progress(job="j", step=1, steps=8)
    await keep_progress(stage.app.db, {request_id: (progress, None)})
    await courier.look()
    assert len(stage.chat.edits) == 1


async def test_a_long_queue_is_told_in_turns(stage: Stage) -> None:
    """No look asks a platform for more than its share; everyone's turn comes."""
    for _ in range(MOST_EDITS + 3):
        await asked(stage)
    courier = Courier(stage.app.shop)
    await courier.look()
    assert len(stage.chat.edits) == MOST_EDITS
    await courier.look()
    assert len({message_id for message_id, _ in stage.chat.edits}) == MOST_EDITS + 3


async def test_what_is_over_is_not_edited(stage: Stage) -> None:
    """A question, a review or a grid stands where the progress stood."""
    for state in (
        RequestState.AWAITING_ANSWER, RequestState.AWAITING_REVIEW, RequestState.DELIVERED,
    ):  # fmt: skip
        await asked(stage, state)
    await Courier(stage.app.shop).look()
    assert stage.chat.edits == []


async def test_a_withdrawn_request_says_so_once(stage: Stage) -> None:
    """Its message ends with that."""
    request_id = await asked(stage)
    await stage.app.studio.press(stage.event(), Action.CANCEL, request_id)
    courier = Courier(stage.app.shop)
    for _ in range(2):
        await courier.look()
    assert said(stage) == ["Withdrawn. It cost none of your quota."]


@pytest.mark.parametrize(("error", "edits_later"), [(ChatUnavailable, 1), (ChatRefused, 0)])
async def test_a_chat_that_fails_now_is_tried_again(
    stage: Stage, error: type[Exception], edits_later: int
) -> None:
    """One that never will is left alone."""
    await asked(stage)

    def fail(_: Card) -> None:
        raise error

    stage.chat.fail = fail
    courier = Courier(stage.app.shop)
    await courier.look()
    stage.chat.fail = lambda _: None
    await courier.look()
    assert len(stage.chat.edits) == edits_later


async def test_a_private_request_stays_private_while_it_runs(stage: Stage) -> None:
    """Its progress is for its person, too."""
    await asked(stage, is_private=True)
    await Courier(stage.app.shop).look()
    assert [card.is_private for _, card in stage.chat.edits] == [True]


async def test_word_of_a_progress_that_comes_late_is_taken_back(tmp_path: Path) -> None:
    """Where the pictures were quicker, no message stays that still thinks."""
    async with acting(tmp_path) as running:
        event = running.event()
        request_id = await running.delivered()
        card = Card(kind=CardKind.PROGRESS, lines=("…",), receipt=receipts.progress(request_id))
        await running.app.studio.posted(event, card, "late")
        assert running.chat.deleted == ["late"]
        assert not await running.rows(Delivery, Delivery.what == receipts.PROGRESS)


async def test_cases_and_shares_are_posted_once_where_it_was_said(tmp_path: Path) -> None:
    """Pictures of a case stay hidden; a moderator decides there."""
    async with acting(tmp_path) as running:
        places = {"reviews": "here", "shared": "here"}
        await running.command("settings here", places, is_administrator=True)
        request_id = await running.delivered()
        (picture_id,) = await running.picture_ids(request_id)
        await running.press(Action.SHARE, picture_id)
        await running.press(Action.REPORT, f"{request_id}:violence")
        running.chat.sent.clear()
        running.chat.addresses.clear()
        for _ in range(2):
            await noticeboard.post_due(running.app.shop)
        assert sorted(card.kind for card in running.chat.sent) == [CardKind.CASE, CardKind.PICTURE]
        assert running.chat.addresses == [{"room": "here"}] * 2
        case = next(card for card in running.chat.sent if card.kind is CardKind.CASE)
        assert all(image.is_spoiler for image in case.images)
        assert button(case, Action.REJECT)


async def test_a_notice_of_review_goes_with_the_decision(tmp_path: Path) -> None:
    """Nobody waits any more, and its button would withdraw what is done."""
    async with acting(tmp_path) as stage:
        reply = await stage.app.studio.imagine(stage.event(), Ask(text="a blue cat"))
        assert (await settle(stage.app, reply)).state == RequestState.AWAITING_REVIEW
        assert stage.chat.deleted == []
        await stage.app.studio.appoint_operator(stage.event("bob"))
        waiting = await stage.command("cases", who="bob")
        (case,) = (one for one in (waiting.card, *waiting.also) if one.kind is CardKind.CASE)
        await stage.press(Action.APPROVE, button(case, Action.APPROVE).argument, "bob")
        assert (await settle(stage.app, reply, round=2)).state == RequestState.DELIVERED
        assert [card.kind for card in stage.chat.sent] == [CardKind.REVIEW, CardKind.GRID]
        assert stage.chat.deleted == ["m1"]
