"""Coming in and going out: the link that works once, signing out, how the desk looks here."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from . import sessions
from .guests import read_guest
from .house import House
from .manners import check_origin, read_form
from .pages import LOOKS_COOKIE, THEMES, Pages, theme_of
from .visits import SESSION_COOKIE, go

router = APIRouter()
LOOKS_SECONDS = 365 * 86_400


@router.get("/sign-in")
async def sign_in(request: Request) -> Response:
    """How to come in."""
    return ask_in(request)


@router.get("/enter/{secret}")
async def look_at_link(request: Request, secret: str) -> Response:
    """What a link leads to. It is used up by the button only: chats look at links by themselves."""
    house: House = request.app.state.house
    async with house.db.session() as session:
        is_open = await sessions.is_open(session, secret)
    if not is_open:
        return ask_in(request, problem="desk-error-link", status=410)
    return ask_in(request, secret=secret)


@router.post("/enter")
async def enter(request: Request) -> Response:
    """Use a link up and begin a session."""
    house: House = request.app.state.house
    form = await read_form(request)
    check_origin(request, house)
    async with house.db.session() as session:
        await sessions.forget_old(session, house.idle_minutes)
        person_id = await sessions.use_link(session, form.get("secret"))
        if person_id is None:
            return ask_in(request, problem="desk-error-link", status=410)
        return await let_in(request, session, person_id, "link")


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session; harmless where there is none."""
    house: House = request.app.state.house
    check_origin(request, house)
    async with house.db.session() as session:
        await sessions.end(session, request.cookies.get(SESSION_COOKIE, ""))
    answer = go(request, request.app.state.pages.url("/sign-in"))
    answer.delete_cookie(SESSION_COOKIE, path=house.path or "/")
    return answer


@router.post("/looks")
async def looks(request: Request) -> Response:
    """Another language, or light and dark, in this browser."""
    house: House = request.app.state.house
    pages: Pages = request.app.state.pages
    form = await read_form(request)
    check_origin(request, house)
    language = form.get("language")
    if language not in house.languages:
        language = request.cookies.get(LOOKS_COOKIE, "").partition(".")[0]
    theme = form.get("theme") if form.get("theme") in THEMES else theme_of(request)
    answer = RedirectResponse(_own_address(form.get("back"), pages.url("/")), status_code=303)
    _keep(answer, house, LOOKS_COOKIE, f"{language}.{theme}", LOOKS_SECONDS)
    return answer


def ask_in(request: Request, *, problem: str = "", secret: str = "", status: int = 200) -> Response:
    """The page in front of the door."""
    house: House = request.app.state.house
    pages: Pages = request.app.state.pages
    return pages.page(
        request,
        "sign_in.html",
        status=status,
        problem=problem,
        secret=secret,
        has_discord=house.discord is not None,
    )


async def let_in(request: Request, session: AsyncSession, person_id: str, how: str) -> Response:
    """Begin a session for someone who is who they say, if they have a role anywhere."""
    house: House = request.app.state.house
    if await read_guest(session, person_id, "") is None:
        return ask_in(request, problem="desk-error-no-role", status=403)
    secret = await sessions.begin(session, person_id, how, house.session_hours)
    answer = RedirectResponse(request.app.state.pages.url("/"), status_code=303)
    _keep(answer, house, SESSION_COOKIE, secret, int(house.session_hours * 3600))
    return answer


def _keep(answer: Response, house: House, name: str, value: str, seconds: int) -> None:
    """A cookie that no script reads, no other site sends and no open line carries."""
    answer.set_cookie(
        name,
        value,
        max_age=seconds,
        path=house.path or "/",
        secure=house.is_https,
        httponly=True,
        samesite="lax",
    )


def _own_address(back: str, otherwise: str) -> str:
    """An address of this desk, whatever a form says."""
    parts = urlsplit(back)
    is_own = not parts.scheme and not parts.netloc and back.startswith(otherwise)
    return back if is_own and "\\" not in back else otherwise
