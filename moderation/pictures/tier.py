"""The child-safety tier: what is refused without ever being kept or shown to anyone.

Of this tier is what an operator's concepts, classifiers and lists put into the category
``child_safety``; words that are written on a picture are not. It knows no review: a picture that such a check is not sure of is refused as
well, without a sanction, since asking a human would mean keeping it and showing it. Where such a
check gives no verdict nobody may look either. Pure; what follows from it is the path's.
"""

from __future__ import annotations

from dataclasses import replace

from moderation.policy import Category, Decision, Finding, Verdict, unchecked

WRITING = "writing."  # how the rules begin that judge words on a picture
UNSEEN = "picture-unseen"  # the rule of a check of this tier that gave no verdict


def is_forbidden(verdict: Verdict) -> bool:
    """True where a picture's verdict is of this tier, for certain or not."""
    return any(_is_of_tier(found) for found in verdict.findings)


def is_certain(verdict: Verdict) -> bool:
    """True where a check of this tier refused it, rather than doubted."""
    return any(
        _is_of_tier(found) and found.decision is Decision.BLOCK for found in verdict.findings
    )


def is_unseen(verdict: Verdict) -> bool:
    """True where it is unknown whether the picture is of this tier."""
    return UNSEEN in verdict.rule_ids


def unseen(why: str) -> Verdict:
    """The verdict where a check of this tier gave none."""
    return unchecked(UNSEEN, why)


def sealed(verdict: Verdict) -> Verdict:
    """The verdict as it is written down: refused, for what is of this tier and nothing else."""
    telling = tuple(
        replace(found, decision=Decision.BLOCK) for found in verdict.findings if _is_of_tier(found)
    )
    return replace(verdict, decision=Decision.BLOCK, findings=telling)


def _is_of_tier(found: Finding) -> bool:
    return (
        found.category is Category.CHILD_SAFETY
        and found.decision is not Decision.ALLOW
        and not found.rule_id.startswith(WRITING)
    )
