"""A guard on request: OpenAI's moderation endpoint judges the words. Knows no list.

Asked only where the operator has set it: it sends what people write to another company. A request
that fails raises, which means a human looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from moderation.policy import (
    POLICY_VERSION,
    Category,
    Finding,
    Level,
    Verdict,
    strictest,
    thresholds,
)

if TYPE_CHECKING:
    from openai import OpenAI

MODEL = "omni-moderation-latest"
_FLAGGED = 0.5  # what the service flags is reviewed at least

# https://platform.openai.com/docs/guides/moderation#content-classifications
_CATEGORIES = {
    "sexual": Category.SEXUAL,
    "sexual/minors": Category.CHILD_SAFETY,
    "harassment": Category.HATE,
    "harassment/threatening": Category.VIOLENCE,
    "hate": Category.HATE,
    "hate/threatening": Category.HATE,
    "illicit": Category.ILLICIT,
    "illicit/violent": Category.ILLICIT,
    "self-harm": Category.SELF_HARM,
    "self-harm/intent": Category.SELF_HARM,
    "self-harm/instructions": Category.SELF_HARM,
    "violence": Category.VIOLENCE,
    "violence/graphic": Category.VIOLENCE,
}


class OpenAiGuard:
    """Judges text by the service's scores, at the community's thresholds."""

    def __init__(
        self,
        api_key: str,
        *,
        base_url: str = "https://api.openai.com/v1",
        timeout_seconds: float = 5.0,
        level: Level = Level.STANDARD,
        is_age_gated: bool = False,
    ) -> None:
        self._api_key = api_key
        self._base_url = base_url
        self._timeout_seconds = timeout_seconds
        self._level = level
        self._is_age_gated = is_age_gated

    @cached_property
    def _client(self) -> OpenAI:
        """Made when first asked: the library takes half a second to load."""
        from openai import OpenAI

        return OpenAI(
            api_key=self._api_key,
            base_url=self._base_url,
            timeout=self._timeout_seconds,
            max_retries=1,
        )

    def check(self, text: str) -> Verdict:
        """Judge ``text``; raises whatever the library raises."""
        said = self._client.moderations.create(model=MODEL, input=text)
        result = said.results[0]
        scores: Mapping[str, float] = result.category_scores.model_dump(by_alias=True)
        flags: Mapping[str, bool | None] = result.categories.model_dump(by_alias=True)
        found = [self._finding(name, scores[name], bool(flags.get(name))) for name in _CATEGORIES]
        telling = tuple(f for f in found if f.decision != "allow")
        decision = strictest(Verdict(decision=f.decision) for f in telling).decision
        policy = f"{POLICY_VERSION}/{said.model}"
        by_category: dict[Category, float] = {}
        for one in found:
            by_category[one.category] = max(one.score, by_category.get(one.category, 0.0))
        return Verdict(decision=decision, scores=by_category, findings=telling, policy=policy)

    def _finding(self, name: str, score: float, is_flagged: bool) -> Finding:
        category = _CATEGORIES[name]
        counted = max(score, _FLAGGED) if is_flagged else score
        limits = thresholds(category, self._level, is_age_gated=self._is_age_gated)
        rule_id = f"words.guard.openai.{name}"
        decision = limits.decide(counted)
        return Finding(rule_id=rule_id, category=category, decision=decision, score=counted)
