"""What the commands of moderators share: a place of work in one transaction, and finding by the
last digits of a number."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.edge import WrongUsage
from bot.settings import Settings

from .front_door import command_event, ready_database

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from moderation.cases import Bench
    from store.tables import Case


@asynccontextmanager
async def at_bench(settings: Settings, language: str) -> AsyncIterator[Bench]:
    """Whoever runs commands on the machine itself is the operator and may do everything."""
    from bot.admission import recognise
    from bot.audit_files import open_audit_log
    from moderation.cases import Bench
    from store.sessions import Database
    from store.tables import Person

    ready_database(settings)
    database = Database(settings.url)
    log = open_audit_log(settings)
    try:
        async with database.session() as session:
            await log.begin(session)
            visitor = await recognise(session, command_event(language), settings)
            (await session.get_one(Person, visitor.person_id)).is_operator = True
            await session.flush()
            yield Bench(
                session=session,
                log=log,
                person_id=visitor.person_id,
                undo_seconds=settings.undo_seconds,
            )
    finally:
        await database.close()


async def find_case(session: AsyncSession, digits: str) -> Case:
    """The case whose number is, or ends in, ``digits``; cards show the last six."""
    from store.tables import Case

    found = await _ending(session, Case, digits)
    if len(found) != 1:
        raise WrongUsage("cases-unknown" if not found else "cases-ambiguous", case=digits)
    return await session.get_one(Case, found[0])


async def find_request(session: AsyncSession, digits: str) -> str:
    """The request whose number ends so, or that of the case whose number does."""
    from store.tables import Case, Request

    found = await _ending(session, Request, digits)
    if not found:
        cases = await _ending(session, Case, digits)
        found = [(await session.get_one(Case, each)).request_id for each in cases]
    if len(set(found)) != 1:
        raise WrongUsage("cases-no-request", request=digits)
    return found[0]


async def find_person(session: AsyncSession, digits: str) -> str:
    """The person whose number ends so, or the one whom that case or request is about."""
    from store.tables import Person, Request

    found = await _ending(session, Person, digits)
    if len(found) == 1:
        return found[0]
    try:
        request_id = await find_request(session, digits)
    except WrongUsage:
        raise WrongUsage("cases-no-person", person=digits) from None
    return (await session.get_one(Request, request_id)).person_id


async def find_community(session: AsyncSession, named: str) -> str | None:
    """The community by its number, or as ``platform-id``; "" is every one."""
    from sqlalchemy import select

    from store.tables import Community

    if not named:
        return None
    platform, _, external_id = named.partition("-")
    found = await session.scalar(
        select(Community.id).where(
            Community.platform == platform, Community.external_id == external_id
        )
    )
    ending = [found] if found else await _ending(session, Community, named)
    if len(ending) != 1:
        raise WrongUsage("cases-no-community", community=named)
    return ending[0]


async def _ending(session: AsyncSession, table: type, digits: str) -> list[str]:
    """At most two ids that end so: more than one is one too many."""
    from sqlalchemy import select

    if not digits.isalnum():
        return []
    column = table.id  # type: ignore[attr-defined]
    wanted = select(column).where(column.like(f"%{digits.lower()}")).limit(2)
    return list(await session.scalars(wanted))
