"""The path of a request from the wish to what the person is told, with parts that are fakes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.app import App, Parts
from bot.asks import Ask
from bot.chat import Action, CardKind, ChatRefused, ChatUnavailable
from inference.jobs import RenderFailed
from store.tables import Case, Delivery, Grid, Picture, RequestState, Sanction, Slot, Vote

from .path_fakes import (
    FakeEngine,
    FakeExpander,
    RecordingChat,
    event,
    make_app,
    make_parts,
    make_settings,
    make_tables,
    settle,
)


@asynccontextmanager
async def serving(
    folder: Path, url: str = "", parts: Parts | None = None, **choices: Any
) -> AsyncIterator[tuple[App, RecordingChat]]:
    """A running studio with one chat, whose visitor ``ann`` has accepted the terms."""
    settings = make_settings(folder, url, **choices)
    make_tables(settings)
    app = make_app(settings, parts)
    chat = RecordingChat()
    app.join(chat)
    await app.start()
    try:
        for who in ("ann", "bob"):
            await app.studio.accept_terms(event(f"terms-{who}", who))
        yield app, chat
    finally:
        await app.stop()


async def rows(app: App, table: Any, *where: Any) -> list[Any]:
    """All rows of a table, or some."""
    async with app.db.session() as session:
        return list((await session.scalars(select(table).where(*where))).all())


async def test_a_wish_becomes_a_grid(tmp_path: Path, database_url: str) -> None:
    """A wish is expanded, painted and delivered, and its grid is logged with its order."""
    async with serving(tmp_path, database_url) as (app, chat):
        reply = await app.studio.imagine(event("e1"), Ask(text="a green cat", count=3))
        standing = await settle(app, reply)
        assert standing.state == RequestState.DELIVERED
        (card,) = chat.sent
        assert card.kind is CardKind.GRID
        assert card.brief_line[slice(*card.added[0])] == ", fine"
        assert len(card.images) == 3
        (grid,) = await rows(app, Grid)
        assert grid.order_probability == pytest.approx(1 / 6)
        results = await app.studio.results(standing.request_id)
        assert sorted(result.seed for result in results) == [
            min(result.seed for result in results) + index for index in range(3)
        ]
        assert [image.sha256 for image in card.images] == [result.sha256 for result in results]


async def test_the_same_event_twice_is_one_request(tmp_path: Path) -> None:
    """A platform may deliver an event twice; the second is answered with the first's request."""
    async with serving(tmp_path) as (app, chat):
        both = await asyncio.gather(
            *(app.studio.imagine(event("e1"), Ask(text="a cat")) for _ in range(2))
        )
        assert both[0].request_id == both[1].request_id
        await settle(app, both[0])
        assert len(chat.sent) == 1


async def test_no_words_are_a_surprise(tmp_path: Path) -> None:
    """An empty wish is not an error."""
    async with serving(tmp_path) as (app, chat):
        standing = await settle(app, await app.studio.imagine(event("e1"), Ask()))
        assert standing.state == RequestState.DELIVERED
        assert any("surprise" in line for line in chat.sent[0].lines)


async def test_forbidden_words_are_refused_before_any_expander(tmp_path: Path) -> None:
    """Blocked words end the request with stage and category, count as a strike, cost no quota."""
    expander = FakeExpander()
    parts = make_parts(expander=expander)
    async with serving(tmp_path, parts=parts, daily_pictures=1) as (app, chat):
        refused = await settle(app, await app.studio.imagine(event("e1"), Ask(text="forbidden")))
        assert refused.state == RequestState.BLOCKED
        assert expander.wishes == []
        assert "your words" in chat.sent[0].lines[0]
        assert not any("forbidden" in line for line in chat.sent[0].lines)
        assert [row.kind for row in await rows(app, Sanction)] == ["strike"]
        after = await settle(app, await app.studio.imagine(event("e2"), Ask(text="a cat")))
        assert after.state == RequestState.DELIVERED


async def test_doubtful_words_wait_for_a_moderator_and_go_on(tmp_path: Path) -> None:
    """An approved wish is expanded without being judged to the same review again."""
    async with serving(tmp_path) as (app, chat):
        reply = await app.studio.imagine(event("e1"), Ask(text="a doubtful thing"))
        assert (await settle(app, reply)).state == RequestState.AWAITING_REVIEW
        await decide(app, Action.APPROVE)
        assert (await settle(app, reply, round=2)).state == RequestState.DELIVERED
        assert [card.kind for card in chat.sent] == [CardKind.REVIEW, CardKind.GRID]


async def test_a_doubtful_picture_is_released_as_it_is(tmp_path: Path) -> None:
    """An approved picture is not painted again."""
    engine = FakeEngine()
    async with serving(tmp_path, parts=make_parts(engine)) as (app, chat):
        reply = await app.studio.imagine(event("e1"), Ask(text="a blue cat"))
        assert (await settle(app, reply)).state == RequestState.AWAITING_REVIEW
        await decide(app, Action.APPROVE)
        assert (await settle(app, reply, round=2)).state == RequestState.DELIVERED
        assert len(engine.painted) == 1
        assert any("moderator" in line for line in chat.sent[-1].lines)


async def test_a_rejected_picture_is_explained(tmp_path: Path) -> None:
    """The person reads that a moderator decided; nothing is held against them."""
    async with serving(tmp_path) as (app, chat):
        reply = await app.studio.imagine(event("e1"), Ask(text="a blue cat"))
        await settle(app, reply)
        await decide(app, Action.REJECT)
        assert (await settle(app, reply, round=2)).state == RequestState.BLOCKED
        assert chat.sent[-1].kind is CardKind.BLOCKED
        assert await rows(app, Sanction) == []


async def test_three_clicks_of_a_moderator_are_one_run(tmp_path: Path) -> None:
    """Approving again and again carries the decision out once."""
    engine = FakeEngine()
    async with serving(tmp_path, parts=make_parts(engine)) as (app, chat):
        reply = await app.studio.imagine(event("e1"), Ask(text="a doubtful thing"))
        await settle(app, reply)
        for number in range(3):
            await decide(app, Action.APPROVE, f"click-{number}")
        await settle(app, reply, round=2)
        await asyncio.sleep(0.5)
        assert len(engine.painted) == 1
        assert [card.kind for card in chat.sent].count(CardKind.GRID) == 1


async def test_an_undone_decision_may_be_made_anew(tmp_path: Path) -> None:
    """Within the time to undo nothing happens; the decision that stands is the one that acts."""
    async with serving(tmp_path, undo_seconds=30) as (app, chat):
        reply = await app.studio.imagine(event("e1"), Ask(text="a doubtful thing"))
        await settle(app, reply)
        await decide(app, Action.REJECT)
        case = await decide(app, Action.UNDO)
        assert case.state == "open"
        app.shop.settings.undo_seconds = 0.0
        await decide(app, Action.APPROVE)
        assert (await settle(app, reply, round=2)).state == RequestState.DELIVERED
        assert CardKind.BLOCKED not in [card.kind for card in chat.sent]


async def test_a_granted_appeal_lifts_the_strike_and_goes_on(tmp_path: Path) -> None:
    """An overturned block on words resumes at the expander."""
    async with serving(tmp_path) as (app, _):
        reply = await app.studio.imagine(event("e1"), Ask(text="forbidden fruit"))
        refused = await settle(app, reply)
        await app.studio.press(event("e2"), Action.APPEAL, refused.request_id)
        await decide(app, Action.APPROVE)
        assert (await settle(app, reply, round=2)).state == RequestState.DELIVERED
        (strike,) = await rows(app, Sanction)
        assert strike.lifted_at is not None


async def test_added_words_never_cost_a_strike(tmp_path: Path) -> None:
    """What the expander added is judged by itself, under its own name."""
    async with serving(tmp_path) as (app, chat):
        reply = await app.studio.imagine(event("e1"), Ask(text="a sly cat"))
        assert (await settle(app, reply)).state == RequestState.AWAITING_REVIEW
        (case,) = await rows(app, Case)
        assert case.stage == "brief"
        assert await rows(app, Sanction) == []
        own = await app.studio.press(event("e2"), Action.OWN_WORDS, str(reply.request_id))
        assert (await settle(app, own)).state == RequestState.DELIVERED
        assert chat.sent[-1].brief_line == "a sly cat"


async def test_a_question_is_asked_once(tmp_path: Path) -> None:
    """The answer goes into the brief; whatever it is, nothing more is asked."""
    async with serving(tmp_path) as (app, chat):
        reply = await app.studio.imagine(event("e1"), Ask(text="something vague"))
        assert (await settle(app, reply)).state == RequestState.AWAITING_ANSWER
        assert chat.sent[0].kind is CardKind.QUESTION
        for number in range(2):  # a second press is harmless
            await app.studio.press(event(f"a{number}"), Action.ANSWER, f"{reply.request_id}:2")
        assert (await settle(app, reply)).state == RequestState.DELIVERED
        assert chat.sent[-1].brief_line == "something vague dog, fine"
        assert len(chat.sent) == 2


async def test_free_words_answer_an_open_question(tmp_path: Path) -> None:
    """What the person says next in that place is the answer; "you decide" is one too."""
    async with serving(tmp_path) as (app, chat):
        reply = await app.studio.imagine(event("e1"), Ask(text="something vague"))
        await settle(app, reply)
        answered = await app.studio.say(event("e2"), "a horse")
        assert answered.request_id == reply.request_id
        await settle(app, reply)
        assert "horse" in chat.sent[-1].brief_line
        second = await app.studio.imagine(event("e3"), Ask(text="more vague"))
        await settle(app, second)
        await app.studio.press(event("e4"), Action.ANSWER, f"{second.request_id}:0")
        assert (await settle(app, second)).state == RequestState.DELIVERED


async def test_vary_starts_from_the_picture(tmp_path: Path) -> None:
    """Anyone may vary, on their own quota; the picture is the reference, the seed is new."""
    async with serving(tmp_path) as (app, _):
        first = await settle(app, await app.studio.imagine(event("e1"), Ask(text="cat", seed=7)))
        (picture,) = await rows(app, Picture)
        varied = await app.studio.press(event("e2", "bob"), Action.VARY, picture.id)
        await settle(app, varied)
        (child,) = await rows(app, Picture, Picture.request_id == varied.request_id)
        job = child.how["job"]
        assert job["reference"] == {"sha256": picture.sha256, "strength": 0.7, "mask": ""}
        assert (job["prompt"], child.person_id) != (None, picture.person_id)
        assert child.seed != 7
        (vote,) = await rows(app, Vote)
        assert (vote.kind, vote.is_requester) == ("vary", False)
        assert first.state == RequestState.DELIVERED


async def test_one_word_changes_and_the_rest_stays(tmp_path: Path) -> None:
    """Seed, numbers and the other words are the parent's; the new word is the person's own."""
    async with serving(tmp_path) as (app, chat):
        ask = Ask(text="a cat on a mat", seed=7, steps=5)
        await settle(app, await app.studio.imagine(event("e1"), ask))
        (grid,) = await rows(app, Grid)
        changed = await app.studio.press(event("e2"), Action.CHANGE_WORD, grid.id, "cat > dragon")
        await settle(app, changed)
        (child,) = await rows(app, Picture, Picture.request_id == changed.request_id)
        assert child.how["job"]["prompt"] == "a dragon on a mat, fine"
        assert (child.seed, child.how["job"]["steps"]) == (7, 5)
        card = chat.sent[-1]
        assert [card.brief_line[slice(*added)] for added in card.added] == [", fine"]


async def test_a_reply_edits_in_plain_words(tmp_path: Path) -> None:
    """Words in reply to pictures are added to the wish; the seed is kept."""
    async with serving(tmp_path) as (app, chat):
        await settle(app, await app.studio.imagine(event("e1"), Ask(text="a cat", seed=7)))
        edited = await app.studio.say(event("e2"), "with a hat", reply_to="m1")
        await settle(app, edited)
        assert chat.sent[-1].brief_line == "a cat, with a hat, fine"
        (child,) = await rows(app, Picture, Picture.request_id == edited.request_id)
        assert child.seed == 7


async def test_a_pick_is_a_vote_and_counts_once(tmp_path: Path) -> None:
    """The vote holds the place pressed; the same event again adds nothing."""
    async with serving(tmp_path) as (app, _):
        await settle(app, await app.studio.imagine(event("e1"), Ask(text="a cat", count=2)))
        (grid,) = await rows(app, Grid)
        for _ in range(2):
            await app.studio.press(event("e2", "bob"), Action.PICK, f"{grid.id}:2")
        (vote,) = await rows(app, Vote)
        (slot,) = await rows(app, Slot, Slot.position == 2)
        assert (vote.kind, vote.position, vote.picture_id) == ("pick", 2, slot.picture_id)


async def test_cancel_stops_what_is_being_painted(tmp_path: Path) -> None:
    """The render stops within a step and nothing is delivered."""
    engine = FakeEngine(seconds=8.0)
    async with serving(tmp_path, parts=make_parts(engine)) as (app, chat):
        reply = await app.studio.imagine(event("e1"), Ask(text="a cat"))
        await engine.began.wait()
        refused = await app.studio.press(event("e2", "bob"), Action.CANCEL, str(reply.request_id))
        assert refused.is_refused
        await app.studio.press(event("e3"), Action.CANCEL, str(reply.request_id))
        assert (await settle(app, reply)).state == RequestState.CANCELLED
        async with asyncio.timeout(4):
            await engine.stopped.wait()
        assert chat.sent == []


async def test_a_failed_render_is_told_with_its_sentence_and_trace(tmp_path: Path) -> None:
    """What the engine could not do ends the request; nothing is lost, nothing is retried."""

    class Broken(FakeEngine):
        async def render(self, job: Any, **options: Any) -> Any:
            raise RenderFailed("render-out-of-memory")

    async with serving(tmp_path, parts=make_parts(Broken())) as (app, chat):
        standing = await settle(app, await app.studio.imagine(event("e1"), Ask(text="a cat")))
        assert standing.state == RequestState.FAILED
        assert standing.problem is not None
        (card,) = chat.sent
        assert card.kind is CardKind.FAILED
        assert "memory" in card.lines[0]
        assert card.trace == standing.problem["trace"]


async def test_an_unforeseen_error_ends_with_one_sentence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug in a part is recorded with a trace; the person reads no stack trace."""

    class Buggy(FakeExpander):
        async def expand(self, wish: Any) -> Any:
            raise ZeroDivisionError(wish.text)

    async with serving(tmp_path, parts=make_parts(expander=Buggy())) as (app, chat):
        standing = await settle(
            app, await app.studio.imagine(event("e1"), Ask(text="a hidden cat"))
        )
        assert standing.state == RequestState.FAILED
        assert chat.sent[0].lines[0].startswith("Something went wrong")
        assert chat.sent[0].trace in caplog.text
        assert "ZeroDivisionError" in caplog.text
        assert "hidden" not in caplog.text


async def test_a_filter_that_raises_means_a_moderator_looks(tmp_path: Path) -> None:
    """No verdict is never an allow."""

    class Deaf:
        def check(self, text: str) -> Any:
            raise OSError("the list is gone")

    parts = replace(make_parts(), word_filter=Deaf())
    async with serving(tmp_path, parts=parts) as (app, _):
        standing = await settle(app, await app.studio.imagine(event("e1"), Ask(text="a cat")))
        assert standing.state == RequestState.AWAITING_REVIEW
        (case,) = await rows(app, Case)
        assert case.category == "unchecked"


async def test_a_chat_that_is_away_gets_it_later(tmp_path: Path) -> None:
    """A message that was certainly not taken is sent again; it is not counted as doubtful."""
    async with serving(tmp_path) as (app, chat):
        calls = []

        def fail_once(card: Any) -> None:
            calls.append(card)
            if len(calls) == 1:
                raise ChatUnavailable("later")

        chat.fail = fail_once
        reply = await app.studio.imagine(event("e1"), Ask(text="a cat"))
        assert (await settle(app, reply)).state == RequestState.DELIVERED
        assert len(chat.sent) == 1
        (delivery,) = await rows(app, Delivery)
        assert (delivery.state, delivery.attempts) == ("sent", 2)


async def test_a_chat_that_is_closed_is_left_alone(tmp_path: Path) -> None:
    """A platform that will never take the message is not asked again."""
    async with serving(tmp_path) as (app, chat):

        def refuse(card: Any) -> None:
            raise ChatRefused("gone")

        chat.fail = refuse
        await settle(app, await app.studio.imagine(event("e1"), Ask(text="a cat")))
        (delivery,) = await rows(app, Delivery)
        assert delivery.state == "gave_up"


async def test_who_fetches_results_is_told_through_the_rows(tmp_path: Path) -> None:
    """An empty address means: nothing is sent, ``told`` and ``results`` have it."""
    async with serving(tmp_path) as (app, chat):
        reply = await app.studio.imagine(event("e1", address={}), Ask(text="a cat"))
        standing = await settle(app, reply)
        assert chat.sent == []
        card = await app.studio.told(standing.request_id)
        assert card is not None
        assert card.kind is CardKind.GRID
        (result,) = await app.studio.results(standing.request_id)
        assert (await app.load_blob(result.sha256))[:4] == b"\x89PNG"


async def decide(app: App, action: Action, id: str = "") -> Case:
    """Press a moderator's button on the newest case."""
    moderator = event(id or f"decide-{action}", "mod")
    await app.studio.accept_terms(event("terms-mod", "mod"))
    await app.studio.appoint_operator(moderator)
    async with app.db.session() as session:
        case = (await session.scalars(select(Case).order_by(Case.created_at.desc()))).first()
        assert case is not None
    await app.studio.press(moderator, action, case.id)
    async with app.db.session() as session:
        return await session.get_one(Case, case.id)
