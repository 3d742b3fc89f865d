"""The filter of pictures as people meet it: parts are asked, the strictest wins, failing is review."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from PIL import Image

from moderation.pictures import PictureRules, tier
from moderation.pictures.parts import Look, Strictness, verdict_of
from moderation.policy import Category, Decision, Finding, Level, Verdict

from .conftest import encoded, gradient


@dataclass
class FakePart:
    """Says what it was told to say, and remembers of which community it was asked."""

    says: Verdict | Exception
    name: str = "fake"
    version: str = "fake-1"
    has_tier: bool = False
    asked: list[tuple[str, Level]] = field(default_factory=list)

    def check(self, look: Look, strictness: Strictness) -> Verdict:
        self.asked.append((look.community, strictness.level))
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


def said(decision: Decision, category: Category = Category.VIOLENCE, rule: str = "fake") -> Verdict:
    """A verdict of one finding."""
    return verdict_of([Finding(rule_id=rule, category=category, decision=decision)])


def rules(*parts: FakePart, known: tuple[FakePart, ...] = ()) -> PictureRules:
    """A filter of these parts; the school is strict."""

    def strictness_of(community: str) -> Strictness:
        return Strictness(level=Level.STRICT if community == "school" else Level.STANDARD)

    return PictureRules(known, parts, strictness_of)


def test_the_strictest_part_wins_and_every_finding_is_kept() -> None:
    """The policy names the version of every part that was asked."""
    verdict = rules(
        FakePart(said(Decision.REVIEW, rule="a")),
        FakePart(said(Decision.BLOCK, Category.HATE, rule="b"), version="other-2"),
        FakePart(said(Decision.ALLOW, rule="shadow.c"), version=""),
    ).check(encoded(gradient()))
    assert verdict.decision is Decision.BLOCK
    assert verdict.rule_ids == ("a", "b", "shadow.c")
    assert verdict.policy.endswith("/fake-1/other-2")


def test_a_part_that_fails_means_a_human_looks() -> None:
    """Under its own name; the others' answers count."""
    broken = FakePart(RuntimeError("model"), name="classifier.x")
    verdict = rules(broken, FakePart(said(Decision.ALLOW))).check(encoded(gradient()))
    assert (verdict.decision, verdict.categories) == (Decision.REVIEW, (Category.UNCHECKED,))
    assert verdict.rule_ids[0] == "classifier.x-unchecked"
    stricter = rules(broken, FakePart(said(Decision.BLOCK))).check(encoded(gradient()))
    assert stricter.decision is Decision.BLOCK


def test_where_a_check_of_the_tier_fails_nobody_may_look() -> None:
    """The verdict says so, and a reader of it can tell."""
    verdict = rules(FakePart(OSError(), has_tier=True)).check(encoded(gradient()))
    assert tier.is_unseen(verdict)
    assert not tier.is_forbidden(verdict)
    assert not tier.is_unseen(rules(FakePart(OSError())).check(encoded(gradient())))


def test_each_community_is_judged_as_it_wants() -> None:
    """Parts are told which one it is, and how strict."""
    part = FakePart(said(Decision.ALLOW))
    filter_ = rules(part)
    filter_.within("school").check(encoded(gradient()))
    filter_.check(encoded(gradient()))
    assert part.asked == [("school", Level.STRICT), ("", Level.STANDARD)]


def test_what_shows_nothing_is_looked_up_and_called_nothing_else() -> None:
    """A black picture may be on a list; no model is asked what it shows."""
    model, lists = FakePart(said(Decision.BLOCK)), FakePart(said(Decision.ALLOW))
    verdict = rules(model, known=(lists,)).check(encoded(Image.new("RGB", (64, 64))))
    assert (len(model.asked), len(lists.asked)) == (0, 1)
    assert (verdict.decision, verdict.categories) == (Decision.REVIEW, (Category.BROKEN,))


@pytest.mark.parametrize("decision", [Decision.REVIEW, Decision.BLOCK])
def test_the_tier_knows_no_review(decision: Decision) -> None:
    """What is doubted is refused as well; only what is certain is called so."""
    verdict = rules(
        FakePart(said(Decision.BLOCK, Category.SEXUAL, rule="a")),
        FakePart(said(decision, Category.CHILD_SAFETY, rule="b")),
    ).check(encoded(gradient()))
    assert tier.is_forbidden(verdict)
    assert tier.is_certain(verdict) is (decision is Decision.BLOCK)
    sealed = tier.sealed(verdict)
    assert (sealed.decision, sealed.categories) == (Decision.BLOCK, (Category.CHILD_SAFETY,))
    assert sealed.rule_ids == ("b",)


def test_words_on_a_picture_are_not_of_the_tier() -> None:
    """They tell of a wish; the picture may be kept and a moderator may look."""
    verdict = said(Decision.BLOCK, Category.CHILD_SAFETY, rule="writing.child_safety.x")
    assert not tier.is_forbidden(verdict)


def test_a_turned_photograph_is_seen_upright() -> None:
    """As the engine and people see it."""
    seen: list[tuple[int, int]] = []

    class Part(FakePart):
        def check(self, look: Look, strictness: Strictness) -> Verdict:
            seen.append(look.image.size)
            return super().check(look, strictness)

    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    data = encoded(gradient(80, 40), "JPEG", exif=exif)
    rules(Part(said(Decision.ALLOW))).check(data)
    assert seen == [(40, 80)]
