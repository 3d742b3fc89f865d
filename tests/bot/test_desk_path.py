"""What is decided at the desk goes on in the path: released, refused, overturned, taken down."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select

from bot.app import App, build
from bot.asks import Ask, Reply
from bot.chat import Action
from bot.takedowns import finish_takedowns
from store.tables import Community, Identity, Moderator, RequestState

from .path_fakes import QUICK, RecordingChat, event, make_parts, make_settings, make_tables, settle
from .test_desk_role import free_port

HTMX = {"HX-Request": "true"}


class Desk:
    """A moderator in front of the desk of a running studio."""

    def __init__(self, app: App, client: httpx2.AsyncClient) -> None:
        self.app, self.client = app, client
        self.token = self.place = ""

    async def enter(self, who: str) -> None:
        """By the link that ``/desk`` gives."""
        reply = await self.app.studio.command(event(f"desk-{who}", who), "desk")
        address = reply.card.lines[0].rpartition(" ")[2]
        await self.client.post("/enter", data={"secret": address.rpartition("/")[2]})
        async with self.app.db.session() as session:
            rooms = select(Community.id).where(Community.external_id == "room")
            self.place = (await session.scalars(rooms)).one()

    async def open_next(self) -> str:
        """The page of the next case."""
        page = (await self.client.get(f"/p/{self.place}/next")).text
        self.token = re.findall(r'name="form_token" value="(\w+)"', page)[0]
        return page

    async def post(self, path: str, **fields: str) -> None:
        """A form of the desk."""
        told = {"form_token": self.token, **fields}
        answer = await self.client.post(f"/p/{self.place}/{path}", data=told, headers=HTMX)
        assert answer.status_code == 200, answer.text

    async def decide(self, decision: str, reason: str) -> None:
        """The case that comes next."""
        (case_id,) = re.findall(r'data-case="(\w+)"', await self.open_next())
        await self.post(f"cases/{case_id}/{decision}", reason=reason)


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[tuple[App, RecordingChat]]:
    """Chat, renderer and desk in one process; Mei and Tom moderate everywhere."""
    settings = make_settings(tmp_path, desk_port=free_port())
    settings = settings.model_copy(update={"desk_url": settings.desk_address})
    make_tables(settings)
    app = build(settings, ("chat", "render", "desk"), parts=make_parts(), pace=QUICK)
    chat = RecordingChat()
    app.join(chat)
    await app.start()
    for who in ("ann", "mei", "tom"):
        await app.studio.accept_terms(event(f"terms-{who}", who))
    async with app.db.session() as session:
        people = select(Identity.person_id).where(Identity.external_id.in_(("mei", "tom")))
        session.add_all(
            Moderator(person_id=person_id, role="moderator")
            for person_id in await session.scalars(people)
        )
    yield app, chat
    await app.stop()


@pytest.fixture
async def desks(studio: tuple[App, RecordingChat]) -> AsyncIterator[dict[str, Desk]]:
    """Mei and Tom, each in a browser of their own."""
    app, _ = studio
    url = app.settings.desk_address
    async with httpx2.AsyncClient(base_url=url) as one, httpx2.AsyncClient(base_url=url) as other:
        at_work = {"mei": Desk(app, one), "tom": Desk(app, other)}
        for who, desk in at_work.items():
            await desk.enter(who)
        yield at_work


async def wish(app: App, words: str) -> Reply:
    """Ann asks for something that ends with a human."""
    reply = await app.studio.imagine(event(words), Ask(text=words))
    await settle(app, reply)
    return reply


async def test_a_release_is_delivered(
    studio: tuple[App, RecordingChat], desks: dict[str, Desk]
) -> None:
    """A blue picture waits for a moderator; once released it reaches the person."""
    app, chat = studio
    reply = await wish(app, "a blue house")
    await desks["mei"].decide("approve", "false_alarm")
    standing = await settle(app, reply, round=2)
    assert standing.state == RequestState.DELIVERED
    assert chat.sent[-1].images


async def test_a_refusal_is_told_with_its_reason(
    studio: tuple[App, RecordingChat], desks: dict[str, Desk]
) -> None:
    """The person reads why, in words."""
    app, chat = studio
    reply = await wish(app, "doubtful words")
    await desks["mei"].decide("reject", "hate")
    assert (await settle(app, reply, round=2)).state == RequestState.BLOCKED
    assert any("demeans people" in line for line in chat.sent[-1].lines)


async def test_an_overturned_refusal_goes_on_and_is_delivered(
    studio: tuple[App, RecordingChat], desks: dict[str, Desk]
) -> None:
    """Refused by one, appealed, never offered to the same one, released by another: painted."""
    app, chat = studio
    reply = await wish(app, "doubtful words")
    await desks["mei"].decide("reject", "hate")
    await settle(app, reply, round=2)
    assert reply.request_id is not None
    await app.studio.press(event("appeal"), Action.APPEAL, reply.request_id)
    own = await desks["mei"].client.get(f"/p/{desks['mei'].place}/next")
    assert "data-case" not in own.text
    await desks["tom"].decide("approve", "false_alarm")
    assert (await settle(app, reply, round=3)).state == RequestState.DELIVERED
    assert chat.sent[-1].images


async def test_what_is_taken_down_goes_from_the_chat(
    studio: tuple[App, RecordingChat], desks: dict[str, Desk]
) -> None:
    """The message that shows it is edited, and its person is told."""
    app, chat = studio
    reply = await app.studio.imagine(event("green"), Ask(text="a green house"))
    await settle(app, reply)
    desk = desks["mei"]
    page = (await desk.client.get(f"/p/{desk.place}/results")).text
    desk.token = re.findall(r'name="form_token" value="(\w+)"', page)[0]
    await desk.post(f"results/{reply.request_id}/take-down", reason="violence")
    assert (await settle(app, reply, round=2)).state == RequestState.BLOCKED
    await finish_takedowns(app.shop)
    assert any(not card.images for _, card in chat.edits)
