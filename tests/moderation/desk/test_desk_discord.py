"""Signing in with Discord: there, back, and only for accounts that have a role here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from moderation.desk.house import DiscordApp
from moderation.desk.site import make_site
from tests.moderation.desk.desk_reader import Reader
from tests.moderation.desk.desk_world import URL, World

CLIENT, SECRET = "1234", "s3cret"
BACK = f"{URL}/discord/back"


class Discord:
    """Discord as far as this goes: a code becomes a token, a token an account."""

    def __init__(self) -> None:
        self.accounts = {"good": "mei", "asker": "lin", "unknown": "99"}  # by code
        self.is_down = False

    async def grant(self, request: web.Request) -> web.Response:
        """``POST /oauth2/token``."""
        form = dict(await request.post())
        known = self.accounts.get(str(form.pop("code", "")))
        expected = {
            "client_id": CLIENT, "client_secret": SECRET, "redirect_uri": BACK,
            "grant_type": "authorization_code",
        }  # fmt: skip
        if self.is_down or known is None or form != expected:
            return web.json_response({"error": "invalid_grant"}, status=400)
        return web.json_response({"access_token": f"token-{known}", "token_type": "Bearer"})

    async def tell(self, request: web.Request) -> web.Response:
        """``GET /users/@me``."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer" or not token.startswith("token-"):
            return web.json_response({"message": "401: Unauthorized"}, status=401)
        return web.json_response({"id": token.removeprefix("token-"), "username": "someone"})


@pytest.fixture
async def discord() -> AsyncIterator[tuple[Discord, str]]:
    """A Discord on this machine, and its address."""
    double, app = Discord(), web.Application()
    app.router.add_post("/oauth2/token", double.grant)
    app.router.add_get("/users/@me", double.tell)
    async with TestServer(app) as server:
        yield double, str(server.make_url("")).rstrip("/")


@pytest.fixture
async def reader(world: World, discord: tuple[Discord, str]) -> AsyncIterator[Reader]:
    """A browser in front of a desk that knows Discord."""
    application = DiscordApp(client_id=CLIENT, client_secret=SECRET, api_url=discord[1])
    site = make_site(replace(world.house, discord=application))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=site), base_url=URL) as client:
        yield Reader(client)


async def go_there(reader: Reader) -> str:
    """Leave for Discord; the state it is to send back."""
    answer = await reader.get("/discord")
    address = urlsplit(answer.headers["Location"])
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert f"{address.scheme}://{address.netloc}{address.path}" == (
        "https://discord.com/oauth2/authorize"
    )
    state = asked.pop("state")
    assert asked == {
        "client_id": CLIENT, "redirect_uri": BACK, "response_type": "code", "scope": "identify",
    }  # fmt: skip
    return state


async def test_a_moderator_comes_in_with_discord(reader: Reader) -> None:
    """There and back, and the desk is open."""
    assert "Sign in with Discord" in (await reader.get("/sign-in")).text
    state = await go_there(reader)
    assert (await reader.get(f"/discord/back?code=good&state={state}")).status_code == 303
    assert (await reader.get("/p/club")).status_code == 200
    again = await reader.get(f"/discord/back?code=good&state={state}")
    assert again.status_code == 403  # the way back is good for one return


@pytest.mark.parametrize(("code", "status"), [("asker", 403), ("unknown", 403), ("wrong", 502)])
async def test_others_stay_outside(reader: Reader, code: str, status: int) -> None:
    """Without a role, never seen here, or with a code that Discord does not know."""
    state = await go_there(reader)
    answer = await reader.get(f"/discord/back?code={code}&state={state}")
    assert answer.status_code == status
    assert (await reader.get("/p/club")).status_code == 401


async def test_a_way_back_that_nobody_began_is_refused(reader: Reader) -> None:
    """Another state, or none: somebody else's code signs nobody in."""
    assert (await reader.get("/discord/back?code=good&state=x")).status_code == 403
    await go_there(reader)
    assert (await reader.get("/discord/back?code=good&state=x")).status_code == 403
    assert (await reader.get("/discord/back?code=good&state=é")).status_code == 403


async def test_a_discord_that_fails_is_told(reader: Reader, discord: tuple[Discord, str]) -> None:
    """A sentence and the other way in, no trace."""
    discord[0].is_down = True
    state = await go_there(reader)
    answer = await reader.get(f"/discord/back?code=good&state={state}")
    assert answer.status_code == 502
    assert "use a link from /desk" in answer.text


async def test_without_the_settings_there_is_no_such_way(stranger: Reader) -> None:
    """Neither button nor address."""
    assert "Discord\n" not in (await stranger.get("/sign-in")).text
    assert (await stranger.get("/discord")).status_code == 404
