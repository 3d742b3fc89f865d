"""Who may come in, what is refused at the door with which sentence, and whose turn it is."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from bot.app import App
from bot.asks import Ask, Reply
from bot.chat import Action, CardKind, Event, Place, Speaker
from bot.records import SECONDS_BETWEEN_TURNS
from bot.stages import Ref
from inference.jobs import JobError, Reference
from moderation.sanctions import SanctionKind
from store.tables import Community, Identity, Person, Request, RequestState, Sanction, now

from .path_fakes import (
    FakeEngine,
    RecordingChat,
    event,
    make_app,
    make_parts,
    make_settings,
    make_tables,
    settle,
)


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    """A studio that takes requests; what executes them is started once, for its tables."""
    settings = make_settings(tmp_path, daily_pictures=8, concurrent_requests=3, max_count=4)
    make_tables(settings)
    executing = make_app(settings)
    await executing.start()
    await executing.stop()
    companion = make_app(settings, roles=())
    await companion.start()
    await companion.studio.accept_terms(event("terms"))
    yield companion
    await companion.stop()


async def test_terms_come_first(app: App) -> None:
    """Whoever has not agreed is shown the terms, and nothing is taken."""
    reply = await app.studio.imagine(event("e1", "stranger"), Ask(text="a cat"))
    assert reply.is_refused
    assert reply.card.buttons[0][0].action is Action.ACCEPT_TERMS
    async with app.db.session() as session:
        assert await session.scalar(select(Request.id)) is None


async def test_old_terms_cannot_be_accepted(app: App) -> None:
    """A button of an earlier version shows the terms of today."""
    reply = await app.studio.press(event("e1", "stranger"), Action.ACCEPT_TERMS, "2001-01")
    assert reply.is_refused
    assert (await app.studio.imagine(event("e2", "stranger"), Ask(text="a cat"))).is_refused


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (Ask(text="x" * 20_000), "20000 characters"),
        (Ask(text="half a \ud83d face"), "broken character"),
        (Ask(negative_prompt="a NUL \0"), "broken character"),
        (Ask(width=13, height=13), "13×13"),
        (Ask(width=4096, height=4096), "4096"),
        (Ask(width=2048, height=2048), "2048 pixels"),
        (Ask(count=0), "0 is not a number of pictures"),
        (Ask(count=5), "ask for 1 to 4"),
        (Ask(steps=100_000), "100000 steps"),
        (Ask(guidance=-1.0), "guidance"),
        (Ask(seed=-1), "seed"),
    ],
)
async def test_what_cannot_be_made_is_refused_in_one_sentence(
    app: App, ask: Ask, words: str
) -> None:
    """Each limit has its sentence; nothing is enqueued."""
    reply = await app.studio.imagine(event("e1"), ask)
    assert reply.is_refused
    assert reply.request_id is None
    assert words in " ".join(reply.card.lines)
    assert len(reply.card.lines) == 1


async def test_only_so_many_at_once(app: App) -> None:
    """The fourth request of a person waits until one is done or withdrawn."""
    replies = [await app.studio.imagine(event(f"e{n}"), Ask(text="a cat")) for n in range(4)]
    assert [reply.is_refused for reply in replies] == [False, False, False, True]
    assert "3 requests" in replies[-1].card.lines[0]
    await app.studio.press(event("e9"), Action.CANCEL, str(replies[0].request_id))
    assert not (await app.studio.imagine(event("e10"), Ask(text="a cat"))).is_refused


async def test_a_day_has_so_many_pictures(app: App) -> None:
    """The sentence says what is left; withdrawn requests cost nothing."""
    first = await app.studio.imagine(event("e1"), Ask(text="a cat", count=4))
    second = await app.studio.imagine(event("e2"), Ask(text="a cat", count=3))
    third = await app.studio.imagine(event("e3"), Ask(text="a cat", count=2))
    assert third.is_refused
    assert "you have 1 left" in third.card.lines[0]
    assert not second.is_refused
    await app.studio.press(event("e4"), Action.CANCEL, str(first.request_id))
    assert not (await app.studio.imagine(event("e5"), Ask(text="a cat", count=2))).is_refused


async def test_a_paused_person_waits(app: App) -> None:
    """A pause says for how long."""
    async with app.db.session() as session:
        person_id = await session.scalar(select(Identity.person_id))
        until = now() + dt.timedelta(minutes=30)
        session.add(Sanction(person_id=person_id, kind=SanctionKind.PAUSE.value, expires_at=until))
    reply = await app.studio.imagine(event("e1"), Ask(text="a cat"))
    assert reply.is_refused
    assert "30 minutes" in reply.card.lines[0]


async def test_refusals_speak_the_persons_language(app: App) -> None:
    """The platform's locale decides where the person has not."""
    chinese = Event(
        id="e1",
        speaker=Speaker(platform="terminal", external_id="li", locale="zh-Hans"),
        place=Place(platform="terminal", external_id="room"),
    )
    await app.studio.accept_terms(chinese)
    reply = await app.studio.imagine(chinese, Ask(text="字" * 3000))
    assert "字符" in reply.card.lines[0]


async def test_a_picture_is_judged_at_the_door_by_its_shape(app: App) -> None:
    """What is no still picture within the limits is refused before anything is stored."""
    for data, rule in ((b"", "upload-empty"), (b"MZ" * 100, "upload-unknown-kind")):
        with pytest.raises(JobError, match=rule):
            await app.studio.upload(event("e1"), data)
    whole = io.BytesIO()
    Image.new("RGB", (64, 64), "green").save(whole, format="PNG")
    with pytest.raises(JobError, match="upload-damaged"):
        await app.studio.upload(event("e1"), whole.getvalue()[:60])
    sha256 = await app.studio.upload(event("e1"), whole.getvalue())
    assert await app.load_blob(sha256) == whole.getvalue()


async def test_strangers_meet_once(app: App) -> None:
    """The same account seen twice at the same moment is one person in one place."""
    both = (app.studio.command(event(f"e{n}", "new"), "history") for n in range(2))
    await asyncio.gather(*both)
    async with app.db.session() as session:
        accounts = (await session.scalars(select(Identity.external_id))).all()
        people = (await session.scalars(select(Person.id))).all()
        places = (await session.scalars(select(Community.id))).all()
    assert sorted(accounts) == ["ann", "new"]
    assert (len(people), len(places)) == (2, 1)


async def test_only_moderators_see_and_decide_cases(app: App) -> None:
    """Anyone else is told so."""
    reply = await app.studio.command(event("e1"), "cases")
    assert reply.is_refused
    refused = await app.studio.press(event("e2"), Action.APPROVE, "no-such-case")
    assert refused.is_refused


async def test_history_tells_what_became_of_requests(app: App) -> None:
    """Newest first, with state and wish."""
    empty = await app.studio.command(event("e0"), "history")
    assert len(empty.card.lines) == 1
    await app.studio.imagine(event("e1"), Ask(text="a cat"))
    reply = await app.studio.imagine(event("e2"), Ask())
    await app.studio.press(event("e3"), Action.CANCEL, str(reply.request_id))
    card = (await app.studio.command(event("e4"), "history")).card
    assert card.kind is CardKind.PLAIN
    assert "withdrawn" in card.lines[1]
    assert card.lines[2].endswith("on its way: a cat")


async def test_a_burst_lets_others_in_between(tmp_path: Path) -> None:
    """Five wishes of one person and then one of another: the other's is painted second or so."""
    settings = make_settings(tmp_path, concurrent_requests=0, num_renders_at_once=1)
    make_tables(settings)
    engine = FakeEngine(seconds=0.3)
    app = make_app(settings, make_parts(engine))
    app.join(RecordingChat())
    await app.start()
    try:
        for who in ("ann", "bob"):
            await app.studio.accept_terms(event(f"terms-{who}", who))
        burst = [await app.studio.imagine(event(f"a{n}"), Ask(text="cat")) for n in range(5)]
        await asyncio.wait_for(engine.began.wait(), 20)
        late = await app.studio.imagine(event("b", "bob"), Ask(text="dog"))
        for reply in (*burst, late):
            await settle(app, reply)
        order = [job.split(":")[0] for job in engine.painted]
        assert order.index(str(late.request_id)) <= 2
    finally:
        await app.stop()


async def test_the_position_in_the_queue_is_the_true_one(app: App) -> None:
    """It counts who will be painted before, by turns, and not who only came before."""
    ids = {}
    for number, who in enumerate(("ann", "ann", "bob")):
        await app.studio.accept_terms(event(f"terms-{who}", who))
        reply = await app.studio.imagine(event(f"e{number}", who), Ask(text="cat"))
        ids[number] = str(reply.request_id)
        await paint_later(app, ids[number])
    ahead = [(await app.studio.standing(ids[number])).ahead for number in range(3)]
    assert ahead == [0, 2, 1]
    async with app.db.session() as session:
        turns = [(await session.get_one(Request, ids[number])).turn for number in range(3)]
    assert turns[1] - turns[0] == SECONDS_BETWEEN_TURNS


async def paint_later(app: App, request_id: str) -> None:
    """Put a request into the queue of the renderers."""
    from bot.records import Outcome, move

    ref = Ref(request_id=request_id, stage="prepare", round=1)
    async with app.db.session() as session:
        painting = Outcome(state=RequestState.PAINTING)
        await move(session, ref, [RequestState.PREPARING], painting)


async def test_a_reference_is_looked_at_before_it_is_used(tmp_path: Path) -> None:
    """An upload the filter refuses ends the request at that stage and costs a strike."""
    settings = make_settings(tmp_path)
    make_tables(settings)
    engine = FakeEngine()
    app, chat = make_app(settings, make_parts(engine)), RecordingChat()
    app.join(chat)
    await app.start()
    try:
        await app.studio.accept_terms(event("terms"))
        for color, state in (("red", RequestState.BLOCKED), ("green", RequestState.DELIVERED)):
            reply = await ask_with(app, color)
            assert (await settle(app, reply)).state == state
        assert "your picture" in chat.sent[0].lines[0]
        assert len(engine.painted) == 1
        async with app.db.session() as session:
            assert await session.scalar(select(Sanction.kind)) == "strike"
    finally:
        await app.stop()


async def ask_with(app: App, color: str) -> Reply:
    """A wish that starts from a flat picture."""
    data = io.BytesIO()
    Image.new("RGB", (64, 64), color).save(data, format="PNG")
    sha256 = await app.studio.upload(event(f"upload-{color}"), data.getvalue())
    reference = Reference(sha256=sha256, strength=0.5)
    return await app.studio.imagine(event(color), Ask(text="like this", reference=reference))


@pytest.mark.parametrize("num_asks", [2, 5])
async def test_asking_at_once_overshoots_no_quota(
    tmp_path: Path, database_url: str, num_asks: int
) -> None:
    """However many asks of one person come in the same moment, the quota holds."""
    settings = make_settings(tmp_path, database_url, concurrent_requests=1)
    make_tables(settings)
    executing = make_app(settings)
    await executing.start()
    await executing.stop()
    companion = make_app(settings, roles=())
    await companion.start()
    await companion.studio.accept_terms(event("terms"))
    asking = (companion.studio.imagine(event(f"e{n}"), Ask(text="a cat")) for n in range(num_asks))
    replies = await asyncio.gather(*asking)
    assert sum(not reply.is_refused for reply in replies) == 1
    await companion.stop()
