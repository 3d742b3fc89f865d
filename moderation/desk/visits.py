"""One request of someone signed in: who, where, in which transaction, and the answer's form.

Whatever is not allowed is raised here and turned into a page at the edge (``site.py``).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.cases import Bench, CaseState
from store.tables import Case

from . import sessions, toasts
from .guests import Guest, NotHere, Place, read_guest
from .house import House
from .manners import Form, check_origin, check_token, read_form
from .pages import Pages, is_partial
from .places import looked_into, place_of
from .toasts import Toast

SESSION_COOKIE = "desk_session"


class NotSignedIn(Exception):
    """Nobody, somebody whose session is over, or somebody without a role."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What a handler is given."""

    request: Request
    house: House
    pages: Pages
    session: AsyncSession
    guest: Guest
    form: Form
    place: Place | None = None

    @property
    def here(self) -> Place:
        """The place it is about; only in handlers whose address names one."""
        if self.place is None:
            raise NotHere
        return self.place

    @property
    def bench(self) -> Bench:
        """What this person may do to cases."""
        return Bench(
            session=self.session,
            log=self.house.log,
            person_id=self.guest.person_id,
            undo_seconds=self.house.undo_seconds,
        )

    def t(self, key: str, **args: Any) -> str:
        """A sentence in the reader's language."""
        return self.pages.say(self.language, key, **args)

    @property
    def language(self) -> str:
        return self.pages.language_of(self.request, self.guest)

    def url(self, *parts: str) -> str:
        return self.pages.url(*parts)

    async def page(self, template: str, toast: Toast | None = None, **facts: Any) -> Response:
        """A page about the place as it is now, with what may still be undone."""
        place = self.place
        if place is not None:
            place = await looked_into(self.session, place)
            toast = toast or await self._undoable(place)
        return self.pages.page(
            self.request, template, guest=self.guest, place=place, toast=toast, **facts
        )

    def part(self, template: str, **facts: Any) -> Response:
        """A piece of a page, with nothing around it."""
        return self.pages.page(self.request, template, guest=self.guest, place=self.place, **facts)

    async def case(self, case_id: str) -> Case:
        """A case of this place; raises ``NotHere`` for any other."""
        case = await self.session.get(Case, case_id)
        if case is None or case.community_id not in self.here.community_ids:
            raise NotHere
        return case

    def toast_of(self, decided: Sequence[Case], seconds_left: float | None = None) -> Toast:
        """What was decided, and how long it may be undone."""
        first = decided[0]
        is_final = first.state == CaseState.DECIDED  # else severe: someone else must agree
        key = f"desk-told-{first.decision}" if is_final else "desk-told-first"
        return Toast(
            words=self.t(key, case=first.id[-6:], count=len(decided)),
            undo_ids=tuple(each.id for each in decided),
            seconds_left=round(self.house.undo_seconds if seconds_left is None else seconds_left),
        )

    async def _undoable(self, place: Place) -> Toast | None:
        found = await toasts.newest_undoable(
            self.session, self.guest.person_id, place.community_ids
        )
        return self.toast_of([found[0]], found[1]) if found else None


@asynccontextmanager
async def visiting(
    request: Request, place: str | None = None, *, is_by_hand: bool = True
) -> AsyncIterator[Visit]:
    """One transaction of someone signed in, at a place they may work in.

    Raises ``NotSignedIn``, ``FormRefused`` and ``NotHere``.
    """
    house: House = request.app.state.house
    is_change = request.method not in ("GET", "HEAD")
    form = await read_form(request) if is_change else Form([])
    secret = request.cookies.get(SESSION_COOKIE, "")
    async with house.db.session() as session:
        signed = await sessions.look_up(session, secret, house.idle_minutes, is_by_hand=is_by_hand)
        if signed is None:
            raise NotSignedIn
        if is_change:
            check_origin(request, house)
            check_token(request, form, signed.form_token)
        guest = await read_guest(session, signed.person_id, signed.form_token)
        if guest is None:
            raise NotSignedIn
        visit = Visit(
            request=request,
            house=house,
            pages=request.app.state.pages,
            session=session,
            guest=guest,
            form=form,
        )
        if place is not None:
            here = await place_of(session, guest, place)
            visit = replace(visit, place=named(visit, here))
        yield visit


@asynccontextmanager
async def afterwards(visit: Visit) -> AsyncIterator[Visit]:
    """The same visit in a new transaction. The one before wrote to the audit log, which has one
    writer at a time: nobody shall wait there until our page is made."""
    async with visit.house.db.session() as session:
        yield replace(visit, session=session)


def named(visit: Visit, place: Place) -> Place:
    """The place; the private chats have no name of their own."""
    return place if place.platform else replace(place, name=visit.t("desk-private"))


def go(request: Request, address: str) -> Response:
    """On to another page, whoever asks: a browser or htmx."""
    if is_partial(request):
        return Response(status_code=204, headers={"HX-Redirect": address})
    return RedirectResponse(address, status_code=303)
