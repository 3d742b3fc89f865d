"""What of mine there is: the queue, the history, an older result once more, withdrawing one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import func, select

from store.tables import FINAL_STATES, Delivery, Request, RequestState

from . import receipts
from .admission import AT_WORK, AskRefused
from .asks import Reply
from .cards import plain, whereabouts
from .chat import Action, Button, Card, CardKind, Menu
from .errands import card_of
from .progress import before_any_step, read_standing
from .records import read_brief
from .telling import compose_grid, compose_other, read_grid
from .texts import say
from .visits import Call, Press, Visit, open_request
from .withdrawing import WITHDRAWABLE, withdraw

NUM_LISTED = 10
SHORT = 6  # last digits of a request's id: the number that people read and type
LABEL_CHARACTERS = 60


async def history(call: Visit) -> Reply:
    """The person's newest requests, each with a way to see it again."""
    newest = select(Request).where(Request.person_id == call.visitor.person_id)
    ordered = newest.order_by(Request.created_at.desc(), Request.id.desc()).limit(NUM_LISTED)
    rows = (await call.session.scalars(ordered)).all()
    return Reply(card=_history_card(call.language, rows))


async def queue(call: Visit) -> Reply:
    """What of this person's is on its way, and how many wait in all."""
    mine = select(Request).where(
        Request.person_id == call.visitor.person_id, Request.state.not_in(FINAL_STATES)
    )
    rows = (await call.session.scalars(mine.order_by(Request.created_at).limit(NUM_LISTED))).all()
    waiting = select(func.count(Request.id)).where(Request.state.in_(AT_WORK))
    num_waiting = await call.session.scalar(waiting) or 0
    lines = [say(call.language, "queue-headline", count=num_waiting)]
    for row in rows:
        where = await _whereabouts(call, row)
        lines.append(
            say(
                call.language,
                "queue-line",
                number=row.id[-SHORT:],
                where=where,
                wish=_wish(call.language, row),
            )
        )
    if not rows and num_waiting:
        lines.append(say(call.language, "queue-empty"))
    withdrawable = [row for row in rows if row.state in WITHDRAWABLE]
    cancels = tuple(
        Button(
            label=_short(f"{row.id[-SHORT:]} {_wish(call.language, row)}"),
            action=Action.CANCEL,
            argument=row.id,
        )
        for row in withdrawable
    )
    menu = Menu(label=say(call.language, "menu-cancel"), options=cancels, argument="cancel:")
    menus = (menu,) if cancels else ()
    card = Card(kind=CardKind.MENU, lines=tuple(lines), menus=menus, is_private=True)
    return Reply(card=card)


async def cancel(call: Call) -> Reply:
    """Withdraw the request named, pointed at, or the newest that can be withdrawn."""
    request = await find(call, call.options.get("request", ""), WITHDRAWABLE)
    return await withdraw(call, request.id)


async def show(call: Call) -> Reply:
    """An older result once more, here, with living buttons."""
    states = [state for state in RequestState if state in FINAL_STATES]
    states.remove(RequestState.CANCELLED)
    request = await find(call, call.options.get("request", ""), states)
    return await _shown(call, request)


async def show_again(pressed: Press) -> Reply:
    """The same from a button."""
    return await _shown(pressed, await open_request(pressed, pressed.argument))


async def find(visit: Visit, number: str, states: Sequence[RequestState] = ()) -> Request:
    """The request meant: by its number, by the message pointed at, else one's newest in
    ``states``. Raises ``AskRefused`` where there is none, or none that they may see."""
    if not number and visit.event.message_id:
        told = select(Delivery.request_id).where(Delivery.message_id == visit.event.message_id)
        pointed_at = await visit.session.scalar(told.limit(1))
        if pointed_at:
            return await open_request(visit, pointed_at)
    mine = select(Request).where(Request.person_id == visit.visitor.person_id)
    if number:
        digits = number.strip().lstrip("#").lower()
        if len(digits) < SHORT or not digits.isalnum():
            raise AskRefused("request-unknown", number=number)
        mine = mine.where(Request.id.endswith(digits))
    elif states:
        mine = mine.where(Request.state.in_(states))
    found = await visit.session.scalar(
        mine.order_by(Request.created_at.desc(), Request.id.desc()).limit(1)
    )
    if found is None:
        raise AskRefused("request-unknown" if number else "request-none", number=number)
    return found


async def _shown(visit: Visit, request: Request) -> Reply:
    brief = await read_brief(visit.session, request.id, request.round)
    grid = await read_grid(visit.session, request.id)
    if request.state == RequestState.DELIVERED and brief and grid and grid[1]:
        card = compose_grid(request, brief[0], grid[0].id, grid[1], visit.language)
        return Reply(card=replace(card, receipt=receipts.shown(request.id)))
    if request.state == RequestState.DELIVERED and brief:
        told = await card_of(visit.session, request, brief[0], visit.language)
        return Reply(card=told or plain(visit.language, "press-gone", is_private=True))
    if request.state in (*AT_WORK, RequestState.CANCELLED):
        where = await _whereabouts(visit, request)
        lines = (where,) if request.state in AT_WORK else (say(visit.language, "request-none"),)
        return Reply(card=Card(kind=CardKind.PLAIN, lines=lines, is_private=True))
    if request.person_id != visit.visitor.person_id:
        raise AskRefused("press-gone")
    return Reply(card=compose_other(request, brief[0] if brief else None))


async def _whereabouts(visit: Visit, request: Request) -> str:
    if request.state not in AT_WORK:
        return say(visit.language, f"state-{request.state.replace('_', '-')}")
    standing = await read_standing(visit.session, request.id)
    first = before_any_step(request.state)
    return whereabouts(visit.language, standing.ahead, standing.step, standing.steps, first)


def _history_card(language: str, rows: Sequence[Request]) -> Card:
    """One line for each request: when, what became of it, its number, the wish."""
    lines = [
        say(
            language,
            "history-line",
            day=row.created_at.date().isoformat(),
            state=row.state.replace("_", "-"),
            number=row.id[-SHORT:],
            wish=_wish(language, row),
        )
        for row in rows
    ]
    options = tuple(
        Button(
            label=_short(_wish(language, row)),
            action=Action.SHOW,
            argument=row.id,
        )
        for row in rows
        if row.state == RequestState.DELIVERED
    )
    shows = Menu(label=say(language, "menu-show"), options=options, argument="show:")
    return Card(
        kind=CardKind.MENU if options else CardKind.PLAIN,
        lines=(say(language, "history-headline" if lines else "history-empty"), *lines),
        menus=(shows,) if options else (),
        is_private=True,
    )


def _wish(language: str, request: Request) -> str:
    """What was asked for, also where that took no words."""
    if request.kind == "describe":
        return say(language, "history-description")
    wish = request.wish or say(language, "history-surprise")
    return say(language, "history-larger", wish=wish) if request.kind == "larger" else wish


def _short(label: str) -> str:
    return label if len(label) <= LABEL_CHARACTERS else label[: LABEL_CHARACTERS - 1] + "…"
