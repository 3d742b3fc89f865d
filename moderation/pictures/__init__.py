"""Pictures checked: bytes → ``Verdict``. Importing this loads no torch; the concept filter does."""

from __future__ import annotations

from pathlib import Path

from moderation.policy import Level, PictureFilter

from .limits import check_upload

__all__ = ["check_upload", "load_picture_filter"]


def load_picture_filter(
    clip_folder: Path,
    level: str = Level.STANDARD,
    concepts: Path | None = None,
    *,
    is_age_gated: bool = False,
) -> PictureFilter:
    """The concept filter with the CLIP in ``clip_folder``; loads torch, raises ``ConceptError``."""
    from .concepts import load_concept_filter

    return load_concept_filter(clip_folder, level, concepts, is_age_gated=is_age_gated)
