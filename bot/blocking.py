"""Puts the pictures of a case on the operator's list of known pictures, by their hashes.

Called where a decision acts that says so, so that an undone one leaves nothing. Shows nobody
anything and keeps no bytes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from moderation.lists import MODERATORS, HashLists, Listed
from moderation.policy import Category, Decision, Stage
from store.blobs import BlobStore
from store.errors import StoreError
from store.tables import Case, Picture, Request

from .workshop import Workshop

logger = logging.getLogger(__name__)
_NO_REASON = frozenset({Category.BROKEN, Category.UNCHECKED})  # of no picture that is refused


async def add_to_block_list(session: AsyncSession, shop: Workshop, case: Case, *, by: str) -> int:
    """Have the pictures of ``case`` blocked wherever they are met again; how many were new.

    ``by``: an opaque id. The category is the decision's reason where that is one, else the
    case's. A picture whose bytes are gone is left out.
    """
    hashes = await _hashes(session, case)
    category = _category(case)
    entries = [
        entry
        for sha256 in hashes
        if (entry := await _entry(shop.blobs, sha256, category, by)) is not None
    ]
    lists = HashLists(shop.settings.hash_folder)
    return await asyncio.to_thread(lists.add, MODERATORS, entries)


async def _hashes(session: AsyncSession, case: Case) -> Sequence[str]:
    """What the case is about: the person's picture, or the pictures of that round."""
    if case.stage == Stage.UPLOAD:
        request = await session.get_one(Request, case.request_id)
        return [request.reference_sha256] if request.reference_sha256 else []
    found = await session.scalars(
        select(Picture.sha256).where(
            Picture.request_id == case.request_id, Picture.round <= case.round
        )
    )
    return list(dict.fromkeys(found))


async def _entry(blobs: BlobStore, sha256: str, category: Category, by: str) -> Listed | None:
    from moderation.pictures.fingerprints import fingerprint
    from moderation.pictures.opening import open_picture

    try:
        data = await blobs.get(sha256)
        made = await asyncio.to_thread(lambda: fingerprint(data, open_picture(data)))
    except (StoreError, OSError) as error:
        logger.warning("a picture was not put on a list: %s", type(error).__name__)
        return None
    return Listed(category=category, decision=Decision.BLOCK, added_by=by, **vars(made))


def _category(case: Case) -> Category:
    for word in (case.reason, case.category):
        if word in set(Category) - _NO_REASON:
            return Category(word)
    return Category.ILLICIT
