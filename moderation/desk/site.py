"""The whole site: every page, the files it needs, and the edge that turns errors into pages."""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Awaitable, Callable
from importlib.resources import files

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response

from moderation.errors import ModerationError
from store.errors import StoreError

from . import (
    audit_pages,
    case_pages,
    discord_login,
    doors,
    people_pages,
    picture_pages,
    queue_pages,
    result_pages,
    statistics_pages,
)
from .guests import NotHere
from .house import House
from .manners import A_YEAR, HEADERS, NO_STORE, FormRefused, is_known_host
from .pages import Pages, is_partial
from .visits import SESSION_COOKIE, NotSignedIn

ROOMS = (
    doors, discord_login, queue_pages, case_pages, picture_pages, people_pages, result_pages,
    statistics_pages, audit_pages,
)  # fmt: skip
FILES = {
    "desk.css": "text/css",
    "desk.js": "text/javascript",
    "htmx.min.js": "text/javascript",
    "desk.svg": "image/svg+xml",
}

logger = logging.getLogger(__name__)
Following = Callable[[Request], Awaitable[Response]]


def make_site(house: House) -> FastAPI:
    """The desk as an ASGI application."""
    site = FastAPI(title="Atelier desk", docs_url=None, redoc_url=None, openapi_url=None)
    site.state.house = house
    site.state.pages = Pages(house)
    for room in (*(each.router for each in ROOMS), _files):
        site.include_router(room, prefix=house.path)
    site.middleware("http")(_with_manners)
    for kind, answer in _ANSWERS.items():
        site.add_exception_handler(kind, answer)
    return site


_files = APIRouter()


@_files.get("/static/{name}")
async def send_file(name: str) -> Response:
    """One of our own files. Its address changes when it does."""
    if name not in FILES:
        raise NotHere
    data = (files("moderation.desk") / "static" / name).read_bytes()
    return Response(data, media_type=FILES[name], headers={"Cache-Control": A_YEAR})


async def _with_manners(request: Request, following: Following) -> Response:
    """What holds for every answer; what nobody foresaw is recorded and told by a number."""
    house: House = request.app.state.house
    if not is_known_host(request, house):
        return Response("Misdirected", status_code=421, media_type="text/plain")
    try:
        answer = await following(request)
    except Exception as error:  # noqa: BLE001 - the edge; its message may hold a person's words
        trace = secrets.token_hex(4)
        where = traceback.extract_tb(error.__traceback__)[-1]
        name = type(error).__name__
        logger.error("the desk, trace %s: %s at %s:%s", trace, name, where.filename, where.lineno)  # noqa: TRY400
        answer = _problem(request, "desk-error-unforeseen", status=500, trace=trace)
    for name, value in HEADERS.items():
        answer.headers[name] = value
    answer.headers.setdefault("Cache-Control", NO_STORE)
    if house.is_https:
        answer.headers["Strict-Transport-Security"] = "max-age=31536000"
    return answer


def _problem(
    request: Request, key: str, *, status: int, trace: str = "", **args: object
) -> Response:
    pages: Pages = request.app.state.pages
    words = pages.say(pages.language_of(request, None), key, **args)
    return pages.page(request, "problem.html", status=status, words=words, trace=trace)


async def _ask_in(request: Request, _: Exception) -> Response:
    """To the door, also from within a page."""
    pages: Pages = request.app.state.pages
    if is_partial(request):
        return Response(status_code=401, headers={"HX-Redirect": pages.url("/sign-in")})
    problem = "desk-error-session" if SESSION_COOKIE in request.cookies else ""
    return doors.ask_in(request, problem=problem, status=401)


async def _form_refused(request: Request, _: Exception) -> Response:
    return _problem(request, "desk-error-form", status=403)


async def _not_now(request: Request, error: Exception) -> Response:
    """Something a moderator asked that cannot be done now; its own sentence says why."""
    key, args = getattr(error, "key", ""), getattr(error, "args_", {})
    return _problem(request, key, status=409, **args)


async def _store_failed(request: Request, error: Exception) -> Response:
    key, args = getattr(error, "key", ""), getattr(error, "args_", {})
    return _problem(request, key, status=503, **args)


async def _no_page(request: Request, _: Exception) -> Response:
    """No such thing, or nothing for them: both look alike."""
    return _problem(request, "desk-error-not-here", status=404)


_ANSWERS: dict[type[Exception] | int, Callable[[Request, Exception], Awaitable[Response]]] = {
    NotSignedIn: _ask_in,
    NotHere: _no_page,
    FormRefused: _form_refused,
    ModerationError: _not_now,
    StoreError: _store_failed,
    RequestValidationError: _no_page,
    404: _no_page,
    405: _no_page,
}
