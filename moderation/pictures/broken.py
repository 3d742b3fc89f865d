"""Pictures with nothing in them: black, white or one flat colour, as failed renders are.

Such a picture is neither clean nor unsafe: a human looks. Numbers that are not numbers become
flat pixels before they are encoded, so this finds them too. Knows no model.
"""

from __future__ import annotations

from PIL import Image, ImageStat

from moderation.policy import ALLOWED, Category, Decision, Finding, Verdict

MIN_SPREAD = 2.0  # standard deviation of the most varied channel, of 255
MIN_SIDE = 8  # pixels


def check_broken(image: Image.Image) -> Verdict:
    """Ask a human about a picture that shows nothing at all."""
    rule = _rule_broken_by(image.convert("RGB"))
    if rule is None:
        return ALLOWED
    finding = Finding(rule_id=rule, category=Category.BROKEN, decision=Decision.REVIEW)
    return Verdict(decision=Decision.REVIEW, scores={Category.BROKEN: 1.0}, findings=(finding,))


def _rule_broken_by(image: Image.Image) -> str | None:
    if min(image.size) < MIN_SIDE:
        return "picture-tiny"
    statistics = ImageStat.Stat(image)
    if max(statistics.stddev) >= MIN_SPREAD:
        return None
    return "picture-black" if max(statistics.mean) < MIN_SPREAD else "picture-flat"
