"""Coming in: links that work once, sessions that end, forms and hosts that are refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import httpx2
import pytest
from sqlalchemy import delete, select, update

from moderation.desk.site import make_site
from moderation.desk.visits import SESSION_COOKIE
from store.tables import DeskLink, DeskSession, Moderator, now
from tests.moderation.desk.conftest import Signing
from tests.moderation.desk.desk_reader import Reader
from tests.moderation.desk.desk_world import World


async def test_a_link_works_once(world: World, stranger: Reader) -> None:
    """The first use signs in, the second is refused."""
    secret = await world.link("mei")
    assert (await stranger.post("/enter", secret=secret)).status_code == 303
    assert (await stranger.get("/p/club")).status_code == 200
    again = await stranger.post("/enter", secret=secret)
    assert again.status_code == 410
    assert "has been used" in again.text


async def test_looking_at_a_link_uses_nothing_up(world: World, stranger: Reader) -> None:
    """A chat that previews the address leaves it good for its person."""
    secret = await world.link("mei")
    for _ in range(2):
        assert (await stranger.get(f"/enter/{secret}")).status_code == 200
    assert (await stranger.post("/enter", secret=secret)).status_code == 303


async def test_an_old_link_is_refused(world: World, stranger: Reader) -> None:
    """Ten minutes later it is worth nothing; so is one that a newer one has replaced."""
    replaced = await world.link("mei")
    secret = await world.link("mei")
    assert (await stranger.get(f"/enter/{replaced}")).status_code == 410
    async with world.db.session() as session:
        await session.execute(update(DeskLink).values(expires_at=now() - dt.timedelta(seconds=1)))
    assert (await stranger.get(f"/enter/{secret}")).status_code == 410
    assert (await stranger.post("/enter", secret=secret)).status_code == 410


async def test_whoever_has_no_role_stays_outside(world: World, stranger: Reader) -> None:
    """A person who only asks for pictures is told what is missing."""
    refused = await stranger.post("/enter", secret=await world.link("lin"))
    assert refused.status_code == 403
    assert SESSION_COOKIE not in stranger.client.cookies


@pytest.mark.parametrize(
    "column", ["expires_at", "seen_at"], ids=["for too long", "idle for too long"]
)
async def test_a_session_ends(world: World, mei: Reader, column: str) -> None:
    """Signed in for too long, or idle for too long: the door, with a word why."""
    async with world.db.session() as session:
        past = now() - dt.timedelta(minutes=61)
        await session.execute(update(DeskSession).values({column: past}))
    shut = await mei.get("/p/club")
    assert shut.status_code == 401
    assert "the session is over" in shut.text


async def test_within_a_page_the_end_of_a_session_leads_to_the_door(
    world: World, mei: Reader
) -> None:
    """What htmx asks for is answered with the address of the door, not with a page in a page."""
    case_id = await world.case()
    await mei.get("/p/club/next")
    async with world.db.session() as session:
        await session.execute(delete(DeskSession))
    shut = await mei.post(
        f"/p/club/cases/{case_id}/approve", reason="within_rules", headers={"HX-Request": "true"}
    )
    assert (shut.status_code, shut.headers["HX-Redirect"]) == (401, "/sign-in")


async def test_what_a_page_asks_by_itself_keeps_no_session_alive(world: World, mei: Reader) -> None:
    """Holding a case and loading its pictures is not being there; opening a page is."""
    case_id = await world.case()
    await mei.get(f"/p/club/cases/{case_id}")
    long_ago = now() - dt.timedelta(minutes=50)
    async with world.db.session() as session:
        await session.execute(update(DeskSession).values(seen_at=long_ago))
    await mei.post(f"/p/club/cases/{case_id}/keep")
    assert await _seen_at(world) == long_ago
    await mei.get("/p/club")
    assert await _seen_at(world) > long_ago


async def test_whoever_loses_their_role_is_out_at_once(world: World, mei: Reader) -> None:
    """Roles are looked up at every step."""
    async with world.db.session() as session:
        await session.execute(delete(Moderator).where(Moderator.person_id == "mei"))
    assert (await mei.get("/p/club")).status_code == 401


async def test_signing_out_ends_the_session(world: World, mei: Reader) -> None:
    """Also for a copy of its cookie."""
    cookie = mei.client.cookies[SESSION_COOKIE]
    assert (await mei.post("/sign-out")).headers["Location"] == "/sign-in"
    mei.client.cookies.set(SESSION_COOKIE, cookie, domain="127.0.0.1")
    assert (await mei.get("/p/club")).status_code == 401


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({}, ""),
        ({}, "0" * 64),
        ({"Origin": "https://elsewhere.example"}, None),
        ({"Origin": "null"}, None),
        ({"Sec-Fetch-Site": "cross-site"}, None),
    ],
)
async def test_a_form_from_elsewhere_is_refused(
    world: World, mei: Reader, headers: dict[str, str], token: str | None
) -> None:
    """No token, a wrong one, or a browser that says where it comes from: nothing is done."""
    case_id = await world.case()
    await mei.get("/p/club/next")
    fields = {"reason": "within_rules"} | ({} if token is None else {"form_token": token})
    refused = await mei.post(f"/p/club/cases/{case_id}/approve", headers=headers, **fields)
    assert refused.status_code == 403
    assert (await mei.get(f"/p/club/cases/{case_id}")).text.count('data-state="open"') == 1


async def test_the_token_of_another_session_is_refused(world: World, sign_in: Signing) -> None:
    """Each session has its own."""
    mei, tom = await sign_in("mei"), await sign_in("tom")
    case_id = await world.case()
    await mei.get("/p/club/next")
    refused = await mei.post(
        f"/p/club/cases/{case_id}/approve", reason="within_rules", form_token=tom.token
    )
    assert refused.status_code == 403


async def test_a_form_is_never_endless(mei: Reader) -> None:
    """What is far too long is refused before it is read."""
    assert (await mei.post("/p/club/undo", case="x" * 100_000)).status_code == 403


async def test_a_strangers_name_for_this_machine_is_not_answered(mei: Reader) -> None:
    """A site that makes its own name lead here reads nothing."""
    answer = await mei.get("/p/club", Host="evil.example")
    assert (answer.status_code, answer.text) == (421, "Misdirected")


async def test_every_answer_says_what_a_page_may_load(world: World, mei: Reader) -> None:
    """Pages, refusals and pictures alike: nothing inline, nothing from elsewhere, in no cache."""
    await world.case()
    for path in ("/", "/p/club/next", "/nowhere", "/p/inks", "/audit", "/p/club?x=1"):
        headers = (await mei.get(path)).headers
        assert headers["Content-Security-Policy"].startswith(
            "default-src 'none'; script-src 'self'"
        )
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
    files = await mei.get("/static/desk.css")
    assert "immutable" in files.headers["Cache-Control"]
    assert (await mei.get("/static/..%2Fsite.py")).status_code == 404


async def test_cookies_are_kept_from_scripts_and_open_lines(world: World) -> None:
    """HttpOnly and SameSite always; Secure wherever the desk has an https address."""
    for url, is_secure in (("http://127.0.0.1:8460", False), ("https://desk.example/room", True)):
        house = replace(world.house, url=url)
        transport = httpx2.ASGITransport(app=make_site(house))
        async with httpx2.AsyncClient(transport=transport, base_url=house.origin) as client:
            secret = {"secret": await world.link("mei")}
            answer = await client.post(f"{house.path}/enter", data=secret)
        cookie = answer.headers["Set-Cookie"]
        assert answer.headers["Location"] == f"{house.path}/"
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert f"Path={house.path or '/'}" in cookie
        assert ("Secure" in cookie) is is_secure
        assert ("Strict-Transport-Security" in answer.headers) is is_secure


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
async def test_a_choice_of_looks_leads_nowhere_else(mei: Reader, back: str) -> None:
    """Whatever a form says, the browser stays at the desk; what was chosen is kept."""
    answer = await mei.post("/looks", back=back, language="zh-CN", theme="dark")
    assert answer.headers["Location"] == "/"
    page = await mei.get("/p/club")
    assert '<html lang="zh-CN" data-theme="dark">' in page.text


async def _seen_at(world: World) -> dt.datetime:
    async with world.db.session() as session:
        return (await session.scalars(select(DeskSession.seen_at))).one()
