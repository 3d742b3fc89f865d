"""What a moderator must know of a person: how they stand, and what was decided about them here."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from moderation import cases
from moderation.cases import PastCase, PastSanction
from moderation.sanctions import standing
from store.tables import Case, Identity, Person, Request, now

from .guests import NotHere, Place, names_of
from .pages import moment


@dataclass(frozen=True, kw_only=True)
class Who:
    """The person it is about, in short."""

    id: str
    name: str
    since: str
    num_requests: int
    num_refused: int
    num_strikes: int
    standing: str  # "good", "paused", "banned"


@dataclass(frozen=True, kw_only=True)
class Sanctioned:
    """A strike, a pause or a ban, as the page shows it."""

    kind: str
    category: str
    when: str
    until: str
    is_lifted: bool
    is_over: bool


@dataclass(frozen=True, kw_only=True)
class Past:
    """A case of the past."""

    case_id: str
    kind: str
    category: str
    decision: str
    when: str

    @property
    def short_id(self) -> str:
        return self.case_id[-6:]


@dataclass(frozen=True, kw_only=True)
class PersonView:
    """A person as their page shows them."""

    id: str
    name: str
    accounts: tuple[str, ...]
    since: str
    num_requests: int
    num_refused: int
    num_strikes: int
    num_elsewhere: int
    standing: str
    sanctions: tuple[Sanctioned, ...]
    cases: tuple[Past, ...]


async def who(session: AsyncSession, person_id: str, community_id: str | None) -> Who:
    """A person in short: what they asked for, what was refused, how they stand."""
    theirs = Request.person_id == person_id
    num_requests = select(func.count(Request.id)).where(theirs).scalar_subquery()
    num_refused = (
        select(func.count(Case.id))
        .join(Request, Request.id == Case.request_id)
        .where(theirs, Case.decision == "reject")
        .scalar_subquery()
    )
    counts = select(Person.created_at, num_requests, num_refused).where(Person.id == person_id)
    since, requests, refused = (await session.execute(counts)).one()
    stands = await standing(session, person_id, community_id)
    return Who(
        id=person_id,
        name=(await names_of(session, [person_id])).get(person_id, "?"),
        since=since.strftime("%Y-%m-%d"),
        num_requests=requests,
        num_refused=refused,
        num_strikes=stands.num_strikes,
        standing="banned" if stands.is_banned else "paused" if stands.is_paused else "good",
    )


async def read_person(session: AsyncSession, person_id: str, place: Place) -> PersonView:
    """Someone who has asked for something in this place; raises ``NotHere`` for anyone else."""
    asked = select(Request.id).where(
        Request.person_id == person_id, Request.community_id.in_(place.community_ids)
    )
    if await session.scalar(asked.limit(1)) is None:
        raise NotHere
    short = await who(session, person_id, place.community_id)
    here = await cases.history_of(session, person_id, community_ids=place.community_ids)
    return PersonView(
        id=person_id,
        name=short.name,
        accounts=tuple(await _accounts(session, person_id)),
        since=short.since,
        num_requests=short.num_requests,
        num_refused=short.num_refused,
        num_strikes=short.num_strikes,
        num_elsewhere=here.num_elsewhere,
        standing=short.standing,
        sanctions=tuple(_sanctioned(each) for each in here.sanctions),
        cases=tuple(_past(each) for each in here.cases),
    )


async def _accounts(session: AsyncSession, person_id: str) -> list[str]:
    """Where the person is known, and as whom."""
    rows = await session.execute(
        select(Identity.platform, Identity.name)
        .where(Identity.person_id == person_id)
        .order_by(Identity.created_at)
    )
    return [f"{platform.capitalize()} {name}".strip() for platform, name in rows]


def _sanctioned(each: PastSanction) -> Sanctioned:
    is_expired = each.expires_at is not None and each.expires_at <= now()
    return Sanctioned(
        kind=each.kind,
        category=each.category,
        when=moment(each.created_at),
        until=moment(each.expires_at) if each.expires_at else "",
        is_lifted=each.lifted_at is not None,
        is_over=each.lifted_at is not None or is_expired,
    )


def _past(each: PastCase) -> Past:
    return Past(
        case_id=each.case_id,
        kind=each.kind,
        category=each.category,
        decision=each.decision or "",
        when=moment(each.decided_at) if each.decided_at else "",
    )
