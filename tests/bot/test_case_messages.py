"""The same case wherever it is shown: in a channel, in private, in another chat; all of them say
what was decided, wherever that was done."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot import case_desk, case_messages, noticeboard
from bot.asks import Ask
from bot.chat import Action, Card, CardKind, ChatRefused, ChatUnavailable
from bot.rulings import carry_out_due
from moderation.cases import Bench
from moderation.policy import Category, Decision, Finding, Verdict
from store.tables import Case, CaseMessage, Community, Identity, now
from store.tables import Verdict as VerdictRow

from .chat_stage import Stage, acting
from .path_fakes import RecordingChat, settle


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A studio with a case; bob runs it; its community's cases are posted on another platform."""
    async with acting(tmp_path, undo_seconds=60.0) as opened:
        opened.app.join(RecordingChat("telegram"))
        await opened.app.studio.appoint_operator(opened.event("bob"))
        ask = await opened.app.studio.imagine(opened.event(), Ask(text="something doubtful"))
        await settle(opened.app, ask)
        async with opened.app.db.session() as session:
            where = {"reviews": {"platform": "telegram", "at": {"room": "reviewers"}}}
            await session.execute(update(Community).values(settings=where))
        await noticeboard.post_due(opened.app.shop)
        yield opened


def channel(stage: Stage) -> RecordingChat:
    """Where cases are posted."""
    chat = stage.app.chats["telegram"]
    assert isinstance(chat, RecordingChat)
    return chat


def newest(chat: RecordingChat) -> Card:
    """What the newest edit says."""
    return chat.edits[-1][1]


async def the_case(stage: Stage) -> Case:
    """The only one."""
    (case,) = await stage.rows(Case)
    return case  # type: ignore[no-any-return]


async def in_private(stage: Stage, message_id: str = "mine") -> str:
    """Bob asks for the cases; the message that shows it to him."""
    event = stage.event("bob")
    reply = await stage.app.studio.command(event, "cases")
    await stage.app.studio.posted(event, reply.card, message_id)
    return message_id


async def elsewhere(stage: Stage, act: str, *args: Any) -> None:
    """What bob does in another process: on the command line, or at the web desk."""
    (bob,) = await stage.rows(Identity, Identity.external_id == "bob")
    shop = stage.app.shop
    async with stage.app.db.session() as session:
        bench = Bench(session=session, log=shop.audit, person_id=bob.person_id)
        await getattr(bench, act)((await the_case(stage)).id, *args)


async def test_a_new_case_alerts_the_communitys_reviewers(stage: Stage) -> None:
    """Once, where administrators said so, in the open, with what to press."""
    (card,) = channel(stage).sent
    assert (card.kind, card.is_private) == (CardKind.CASE, False)
    await noticeboard.post_due(stage.app.shop)
    assert len(channel(stage).sent) == 1
    (kept,) = await stage.rows(CaseMessage)
    assert (kept.platform, kept.message_id, kept.is_private) == ("telegram", "m1", False)


async def test_every_place_says_who_looks_at_it_and_what_was_decided(stage: Stage) -> None:
    """The channel, and what was shown to somebody in private, whoever decides it wherever."""
    mine = await in_private(stage)
    await elsewhere(stage, "claim")
    await case_messages.refresh(stage.app.shop)
    assert any("bob is looking at it" in line for line in newest(channel(stage)).lines)
    (shown, private) = stage.chat.edits[-1]
    assert (shown, private.is_private) == (mine, True)
    await elsewhere(stage, "decide", "reject", "violence")
    await case_messages.refresh(stage.app.shop)
    for card in (newest(channel(stage)), newest(stage.chat)):
        assert any("bob decided: refuse" in line for line in card.lines)
        assert [one.action for row in card.buttons for one in row] == [Action.UNDO]


async def test_once_it_is_carried_out_nothing_can_be_pressed(stage: Stage) -> None:
    """And the message is left alone from then on."""
    await elsewhere(stage, "decide", "approve", "within_rules")
    async with stage.app.db.session() as session:
        await session.execute(update(Case).values(acts_at=now()))
    await carry_out_due(stage.app.shop)
    await case_messages.refresh(stage.app.shop)
    card = newest(channel(stage))
    assert (card.buttons, card.menus, "closed" in card.lines[-1]) == ((), (), True)
    (kept,) = await stage.rows(CaseMessage)
    assert kept.is_over


async def test_what_shows_it_as_it_is_is_left_alone(stage: Stage) -> None:
    """A message that was pressed shows the newest already; others are edited once."""
    mine = await in_private(stage)
    event = stage.event("bob")
    pressed = await stage.app.studio.press(event, Action.CLAIM, (await the_case(stage)).id)
    await stage.app.studio.posted(event, pressed.card, mine)
    for _ in range(2):
        await case_messages.refresh(stage.app.shop)
    assert len({card for _, card in channel(stage).edits}) == 1
    assert mine not in {shown for shown, _ in stage.chat.edits}


async def test_a_hold_that_is_over_is_not_shown_any_longer(stage: Stage) -> None:
    """Nobody looks at it: whoever sees the message may take it."""
    await elsewhere(stage, "claim")
    async with stage.app.db.session() as session:
        await session.execute(update(Case).values(claimed_until=now()))
    await case_messages.refresh(stage.app.shop)
    assert any("Nobody is looking" in line for line in newest(channel(stage)).lines)


async def test_a_chat_that_is_away_hears_of_it_later(stage: Stage) -> None:
    """What cannot be edited now is tried again; what never can is given up."""
    chat = channel(stage)

    def away(_: Card) -> None:
        raise ChatUnavailable

    def gone(_: Card) -> None:
        raise ChatRefused

    await elsewhere(stage, "claim")
    for failing, is_over in ((away, False), (gone, True)):
        chat.fail = failing
        await case_messages.refresh(stage.app.shop)
        (kept,) = await stage.rows(CaseMessage)
        assert kept.is_over is is_over
    assert chat.edits == []


async def test_notes_and_the_past_are_on_the_card(stage: Stage) -> None:
    """What moderators wrote for each other; earlier cases of the same person as numbers."""
    await elsewhere(stage, "note", "seen before")
    await case_messages.refresh(stage.app.shop)
    assert "Note: seen before" in newest(channel(stage)).lines
    again = await stage.app.studio.imagine(stage.event(), Ask(text="something doubtful again"))
    await settle(stage.app, again)
    await noticeboard.post_due(stage.app.shop)
    assert any("before: one case" in line for line in channel(stage).sent[-1].lines)


async def test_handing_back_is_a_button_too(stage: Stage) -> None:
    """The case is free for others then."""
    case = await the_case(stage)
    await stage.press(Action.CLAIM, case.id, "bob")
    reply = await stage.press(Action.HAND_BACK, case.id, "bob")
    assert any("Nobody is looking" in line for line in reply.card.lines)
    assert (await the_case(stage)).claimed_by is None


async def test_every_rule_that_spoke_is_shown_once_the_strongest_first(stage: Stage) -> None:
    """Also where each of several pictures has a verdict of its own."""
    case = await the_case(stage)

    def said(*rules: tuple[str, float]) -> dict[str, Any]:
        findings = tuple(
            Finding(rule_id=rule, category=Category.VIOLENCE, decision=Decision.REVIEW, score=score)
            for rule, score in rules
        )
        return Verdict(decision=Decision.REVIEW, findings=findings).to_row()

    async with stage.app.db.session() as session:
        about = {"request_id": case.request_id, "round": case.round, "stage": case.stage}
        for subject, verdict in (
            ("a", said(("weak", 0.6))),
            ("b", said(("weak", 0.6), ("x", 2.0))),
        ):
            session.add(
                VerdictRow(subject=subject, decision="review", verdict=verdict, policy="1", **about)
            )
        await session.flush()
        view = await case_desk.view_of(session, case)
    assert view.verdict is not None
    rules = [found.rule_id for found in view.verdict.findings]
    assert (rules[0], rules.count("weak")) == ("x", 1)
