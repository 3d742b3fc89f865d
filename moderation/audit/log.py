"""The audit log as its writers see it: an entry in their transaction, its head kept elsewhere."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from store.sessions import Database, after_commit

from . import chain
from .anchor import Anchor
from .chain import Fact, Head

_NEWEST = "audit_head"  # the key in ``session.info``

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class AuditLog:
    """The key that seals entries and the file that proves none is missing."""

    key: bytes
    anchor: Anchor

    async def append(
        self,
        session: AsyncSession,
        actor: str,
        action: str,
        subject: str,
        facts: Mapping[str, Fact] | None = None,
    ) -> Head:
        """Seal one entry; once it is committed its head is anchored. Raises ``AuditError``."""
        head = await chain.append(session, self.key, actor, action, subject, facts)
        if _NEWEST not in session.info:

            async def anchor(_: Database) -> None:
                await self._keep(session.info[_NEWEST])

            after_commit(session, anchor)
        session.info[_NEWEST] = head
        return head

    async def begin(self, session: AsyncSession) -> None:
        """Anchor the log as it is, where nothing was anchored yet: before its first entry."""
        if not self.anchor.is_there:
            await self._keep(await chain.head(session))

    async def verify(self, session: AsyncSession) -> chain.Report:
        """Check the whole log against the heads kept so far. Raises ``AuditError``."""
        anchors = await asyncio.to_thread(self.anchor.read)  # first: what comes now is newer
        return await chain.verify(session, self.key, anchors)

    async def _keep(self, head: Head) -> None:
        """A file that cannot be written must not undo what is done; the next head covers it."""
        try:
            await asyncio.to_thread(self.anchor.keep, head)
        except OSError as error:
            logger.warning("the audit log could not be anchored: %s", error.strerror)
