"""A moderator's place of work: each act is allowed by their role, done, and sealed in the log.

Chats, the terminal and the web desk all act through it, in one transaction of the caller's.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from moderation import sanctions
from moderation.audit import AuditLog, Fact
from moderation.errors import CaseError
from moderation.policy import Category, Stage
from store.tables import Case, Person, Request, RequestState

from . import claims, decisions, notes, pauses
from .opening import open_case
from .roles import Right, may, places_of
from .statements import Restriction, put_statement
from .states import UNDO_SECONDS, CaseKind, Decided, checked_reason

SHOWN = (RequestState.DELIVERED, RequestState.PRESENTING)


@dataclass(frozen=True, kw_only=True)
class Bench:
    """One moderator in one transaction. Every act raises ``CaseError`` where it cannot be."""

    session: AsyncSession
    log: AuditLog
    person_id: str
    undo_seconds: float = UNDO_SECONDS

    async def claim(self, case_id: str) -> Case:
        """Hold a case for ten minutes, or for ten more."""
        await self._check_case(case_id)
        case = await claims.claim(self.session, case_id, self.person_id)
        return await self._logged(case, "case-claim")

    async def claim_next(
        self,
        *,
        community_ids: Collection[str] | None = None,
        kinds: Collection[str] = (),
        skipping: Collection[str] = (),
    ) -> Case | None:
        """Hold the oldest case there is for them; ``community_ids`` narrows where."""
        places = await places_of(self.session, self.person_id, Right.DECIDE)
        if places is not None:
            places = places & frozenset(community_ids) if community_ids is not None else places
            if not places:
                raise CaseError("case-error-no-right")
        case = await claims.claim_next(
            self.session,
            self.person_id,
            community_ids=community_ids if places is None else places,
            kinds=kinds,
            skipping=skipping,
        )
        return await self._logged(case, "case-claim") if case else None

    async def hand_back(self, case_id: str) -> Case:
        """Give a case to whoever takes it next."""
        await self._check_case(case_id)
        case = await claims.hand_back(self.session, case_id, self.person_id)
        return await self._logged(case, "case-hand-back")

    async def decide(
        self,
        case_id: str,
        decision: Decided,
        reason: str,
        note: str = "",
        *,
        blocks_pictures: bool = False,
    ) -> Case:
        """Release or refuse; it acts when the time to undo is over and enough agree.

        ``blocks_pictures``: refused, its pictures go on the operator's list of known ones.
        """
        case = await self._decide(case_id, decision, reason, note, blocks_pictures=blocks_pictures)
        facts: dict[str, Fact] = {"reason": str(reason), "blocks": blocks_pictures}
        return await self._logged(case, f"case-{decision}", facts)

    async def undo(self, case_id: str) -> Case:
        """Take one's own decision back while there is time."""
        await self._check_case(case_id)
        case = await decisions.undo(self.session, case_id, self.person_id)
        return await self._logged(case, "case-undo")

    async def note(self, case_id: str, text: str) -> None:
        """Write something down for the other moderators; the log says only that."""
        await self._check_case(case_id)
        await notes.add_note(self.session, case_id, self.person_id, text)
        await self._log("case-note", case_id)

    async def decide_alike(
        self, case_ids: Collection[str], decision: Decided, reason: str, note: str = ""
    ) -> list[Case]:
        """Decide several the same way; what cannot be decided now is left out.

        In one order whoever does it, and the log last: two moderators who overlap wait for each
        other and never for ever.
        """
        checked_reason(decision, reason)
        decided = []
        for case_id in sorted(set(case_ids)):
            with suppress(CaseError):
                decided.append(await self._decide(case_id, decision, reason, note))
        for case in decided:
            await self._log(f"case-{decision}", case.id, {"reason": str(reason)})
        return decided

    async def undo_all(self, case_ids: Collection[str]) -> list[Case]:
        """Take back what one decided alike; what acts already is left out."""
        undone = []
        for case_id in sorted(set(case_ids)):
            with suppress(CaseError):
                await self._check_case(case_id)
                undone.append(await decisions.undo(self.session, case_id, self.person_id))
        for case in undone:
            await self._log("case-undo", case.id)
        return undone

    async def take_down(self, request_id: str, reason: str, note: str = "") -> Case:
        """Take away what was delivered, at once and by oneself; its person may appeal."""
        request = await self.session.get(Request, request_id)
        if request is None or request.state not in SHOWN:
            raise CaseError("case-error-nothing-shown")
        await self._check(Right.DECIDE, request.community_id)
        case = await open_case(
            self.session,
            request_id=request.id,
            community_id=request.community_id,
            round=request.round,
            stage=Stage.PICTURE,
            category=reason if reason in set(Category) else "",
            kind=CaseKind.TAKEDOWN,
        )
        case = await decisions.decide(
            self.session,
            case.id,
            self.person_id,
            decision="reject",
            reason=reason,
            undo_seconds=0,
            note=note,
        )
        return await self._logged(case, "take-down", {"reason": str(reason)})

    async def ban(
        self,
        person_id: str,
        *,
        community_id: str | None = None,
        days: float | None = None,
        reason: str,
    ) -> None:
        """Keep someone out of one community, or (None) of all; for some days, or until lifted."""
        await self._check(Right.SANCTION, community_id)
        checked_reason("reject", reason)
        person = await self.session.get(Person, person_id)
        if person is None:
            raise CaseError("case-error-no-person")
        if person.is_operator:
            raise CaseError("case-error-no-right")
        made = await sanctions.ban(
            self.session, person_id, community_id=community_id, reason=reason, days=days
        )
        await put_statement(
            self.session,
            made,
            restriction=Restriction.BAN if days is None else Restriction.PAUSE,
            category="",
            person_id=person_id,
            community_id=community_id,
            is_everywhere=community_id is None,
            reason=reason,
            may_appeal=False,
        )
        await self._log("ban", person_id, {"reason": reason, "community": community_id})

    async def lift(self, person_id: str, *, community_id: str | None = None) -> int:
        """End someone's bans and pauses, in one community or (None) all; returns how many."""
        await self._check(Right.SANCTION, community_id)
        num_lifted = await sanctions.lift_bans(self.session, person_id, community_id)
        if not num_lifted:
            raise CaseError("case-error-not-banned")
        await self._log("lift", person_id, {"community": community_id})
        return num_lifted

    async def pause(self, community_id: str | None = None, reason: str = "") -> None:
        """Make nothing for a community, or (None) for anybody, until it is resumed."""
        await self._check(Right.PAUSE, community_id)
        await pauses.pause(self.session, community_id, self.person_id, reason)
        await self._log("pause", community_id or "everything")

    async def resume(self, community_id: str | None = None) -> None:
        """End that pause; what waited goes on."""
        await self._check(Right.PAUSE, community_id)
        await pauses.resume(self.session, community_id)
        await self._log("resume", community_id or "everything")

    async def _decide(
        self,
        case_id: str,
        decision: Decided,
        reason: str,
        note: str,
        *,
        blocks_pictures: bool = False,
    ) -> Case:
        await self._check_case(case_id)
        return await decisions.decide(
            self.session,
            case_id,
            self.person_id,
            decision=decision,
            reason=reason,
            undo_seconds=self.undo_seconds,
            note=note,
            blocks_pictures=blocks_pictures,
        )

    async def _check_case(self, case_id: str) -> None:
        case = await self.session.get(Case, case_id)
        if case is None:
            raise CaseError("case-error-unknown")
        await self._check(Right.DECIDE, case.community_id)

    async def _check(self, right: Right, community_id: str | None) -> None:
        if not await may(self.session, self.person_id, right, community_id):
            raise CaseError("case-error-no-right")

    async def _logged(self, case: Case, action: str, facts: dict[str, Fact] | None = None) -> Case:
        await self._log(action, case.id, facts)
        return case

    async def _log(self, action: str, subject: str, facts: dict[str, Fact] | None = None) -> None:
        await self.log.append(self.session, self.person_id, action, subject, facts)
