"""A picture that someone sends, before it is kept: limits, then the operator's lists.

All that can be said without torch, so the chat role asks it before a byte is written. What the
picture shows is judged later (``rules.py``). Never raises for bad data.
"""

from __future__ import annotations

import logging

from moderation.errors import ListError
from moderation.lists import HashLists
from moderation.policy import ALLOWED, Decision, Verdict

from .known import KnownPictures
from .limits import MAX_BYTES, MAX_PIXELS, check_upload
from .opening import open_picture
from .parts import Look, Strictness
from .tier import is_forbidden, unseen

logger = logging.getLogger(__name__)


class UploadCheck:
    """Judges uploads by their size and shape, and refuses what is of the child-safety tier."""

    def __init__(
        self, lists: HashLists, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS
    ) -> None:
        self._lists = lists
        self._known: KnownPictures | None = None
        self._max_bytes, self._max_pixels = max_bytes, max_pixels

    def __call__(self, data: bytes) -> Verdict:
        """What broke a limit, or a listed picture of the tier; else allowed, for now. Lists that
        cannot be read might name the picture, so nobody may see it."""
        limits = check_upload(data, max_bytes=self._max_bytes, max_pixels=self._max_pixels)
        if limits.decision is not Decision.ALLOW:
            return limits
        try:
            return self._looked_up(data)
        except (ListError, OSError) as error:
            logger.warning("lists: no verdict on an upload: %s", error)
            return unseen(type(error).__name__)

    def _looked_up(self, data: bytes) -> Verdict:
        if self._known is None:
            self._known = KnownPictures(self._lists)
        if not self._known.has_tier:
            return ALLOWED
        look = Look(data=data, image=open_picture(data))
        found = self._known.check(look, Strictness())
        return found if is_forbidden(found) else ALLOWED
