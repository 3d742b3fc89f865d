"""Signing in with Discord (OAuth2, scope ``identify``), where the operator has set it up.

Discord says who somebody is and nothing more: only an account that has used the bot and has a
role here comes in. What is between going there and coming back is kept in a short-lived cookie.
"""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import urlencode

import httpx2
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from store.tables import Identity

from . import doors
from .guests import NotHere
from .house import DiscordApp, House

router = APIRouter()
STATE_COOKIE = "desk_discord"
STATE_SECONDS = 600
TIMEOUT_SECONDS = 10.0


@router.get("/discord")
async def go_to_discord(request: Request) -> Response:
    """Ask Discord who this is."""
    house, app = _app(request)
    state = secrets.token_urlsafe(24)
    asked = {
        "client_id": app.client_id,
        "redirect_uri": _back(house),
        "response_type": "code",
        "scope": "identify",
        "state": state,
    }
    answer = RedirectResponse(f"{app.site_url}/oauth2/authorize?{urlencode(asked)}", 303)
    answer.set_cookie(
        STATE_COOKIE,
        state,
        max_age=STATE_SECONDS,
        path=house.path or "/",
        secure=house.is_https,
        httponly=True,
        samesite="lax",
    )
    return answer


@router.get("/discord/back")
async def come_back(request: Request, code: str = "", state: str = "") -> Response:
    """Back from Discord, with a code that only we can turn into an account."""
    house, app = _app(request)
    expected = request.cookies.get(STATE_COOKIE, "")
    if not code or not expected or not hmac.compare_digest(expected.encode(), state.encode()):
        return doors.ask_in(request, problem="desk-error-discord", status=403)
    try:
        account = await _account(app, code, _back(house))
    except (httpx2.HTTPError, KeyError, ValueError):
        return doors.ask_in(request, problem="desk-error-discord", status=502)
    async with house.db.session() as session:
        person_id = await session.scalar(
            select(Identity.person_id).where(
                Identity.platform == "discord", Identity.external_id == account
            )
        )
        if person_id is None:
            return doors.ask_in(request, problem="desk-error-no-role", status=403)
        answer = await doors.let_in(request, session, person_id, "discord")
    answer.delete_cookie(STATE_COOKIE, path=house.path or "/")
    return answer


async def _account(app: DiscordApp, code: str, back: str) -> str:
    """The account's id; raises ``httpx2.HTTPError``, ``KeyError``, ``ValueError``."""
    told = {
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
    }
    async with httpx2.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
        granted = await client.post(f"{app.api_url}/oauth2/token", data=told)
        granted.raise_for_status()
        token = granted.json()["access_token"]
        asked = await client.get(
            f"{app.api_url}/users/@me", headers={"Authorization": f"Bearer {token}"}
        )
        asked.raise_for_status()
        return str(asked.json()["id"])


def _app(request: Request) -> tuple[House, DiscordApp]:
    house: House = request.app.state.house
    if house.discord is None:
        raise NotHere
    return house, house.discord


def _back(house: House) -> str:
    """The address Discord sends the browser back to; it must be named in the application."""
    return f"{house.url.rstrip('/')}/discord/back"
