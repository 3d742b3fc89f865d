"""Pictures checked: bytes → ``Verdict``. Importing this loads no torch; loading the filter does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from .limits import check_upload
from .parts import Part, Strictness
from .rules import PictureRules

if TYPE_CHECKING:
    from moderation.lists import HashLists

__all__ = ["PictureRules", "check_upload", "load_picture_filter"]


def load_picture_filter(
    clip_folder: Path,
    concepts: Path | None = None,
    *,
    lists: HashLists | None = None,
    more: tuple[Part, ...] = (),
    strictness_of: Callable[[str], Strictness] = lambda _community: Strictness(),
) -> PictureRules:
    """Known pictures, then the concept filter with the CLIP in ``clip_folder``, then ``more``.

    Loads torch; raises ``ConceptError`` and ``ListError``.
    """
    from .concepts import load_concept_filter
    from .known import KnownPictures

    known = (KnownPictures(lists),) if lists else ()
    return PictureRules(known, (load_concept_filter(clip_folder, concepts), *more), strictness_of)
