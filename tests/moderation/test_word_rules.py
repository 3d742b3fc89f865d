"""The rules of words as operators run them: own lists, communities, rules on trial, guards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from moderation.errors import ListError
from moderation.policy import ALLOWED, Category, Decision, Level, Verdict
from moderation.words import Strictness, WordRules, load_word_filter
from moderation.words.openai_guard import OpenAiGuard
from tests.emulators.llm.server import LlmEmulator, Reply
from tests.emulators.openapi import load_spec

BLOCKED = Verdict(decision=Decision.BLOCK)


def rules(lists: Path, **options: object) -> WordRules:
    """Rules that look at the operator's folder every time, without the classifier."""
    return WordRules(Strictness(), lists, reload_seconds=0, **options)


def write(folder: Path, name: str, rows: str) -> None:
    """A list of an operator."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(rows, encoding="utf-8")


def test_a_list_changed_while_running_counts(tmp_path: Path) -> None:
    """No restart; the version of the rules says that they are others."""
    write(tmp_path, "ours.tsv", "hate\tsevere\t-\tzorkling\n")
    judge = rules(tmp_path)
    before = judge.check("a zorkling and a blarg")
    write(tmp_path, "ours.tsv", "hate\tsevere\t-\tblargs\n")
    after = judge.check("a zorkling")
    assert (before.decision, after.decision) == (Decision.BLOCK, Decision.ALLOW)
    assert before.policy != after.policy


def test_a_list_broken_while_running_changes_nothing(tmp_path: Path) -> None:
    """The rules in force stay; at the start the same mistake is said."""
    write(tmp_path, "ours.tsv", "hate\tsevere\t-\tzorkling\n")
    judge = rules(tmp_path)
    write(tmp_path, "ours.tsv", "hate\tsometimes\t-\tzorkling\n")
    assert judge.check("a zorkling").decision is Decision.BLOCK
    with pytest.raises(ListError):
        rules(tmp_path)


def test_a_rule_on_trial_tells_and_does_nothing(tmp_path: Path) -> None:
    """What it would have done stands in its rule id."""
    write(tmp_path, "new.shadow.tsv", "hate\tsevere\t-\tzorkling\nallow\t-\t-\thentai\n")
    verdict = rules(tmp_path).check("a zorkling")
    assert (verdict.decision, verdict.categories, verdict.scores) == (Decision.ALLOW, (), {})
    assert verdict.rule_ids[0].startswith("shadow.block.words.hate.")
    assert rules(tmp_path).check("hentai").decision is Decision.BLOCK


def test_a_list_of_one_community_counts_there_alone(tmp_path: Path) -> None:
    """A folder named after it; the shipped lists count everywhere."""
    write(tmp_path, "discord-7/ours.tsv", "hate\tsevere\t-\tzorkling; 唔啦啦\n")
    judge = rules(tmp_path)
    for text in ("zorkling", "z0rkling", "唔啦啦"):
        assert judge.within("discord-7").check(text).decision is Decision.BLOCK
        assert judge.within("discord-8").check(text).decision is Decision.ALLOW
        assert judge.check(text).decision is Decision.ALLOW


def test_a_community_says_how_strict_it_is(tmp_path: Path) -> None:
    """One line of a table; others have the usual strictness."""
    write(tmp_path, "communities.tsv", "school\tstrict\t-\nartists\t-\tgated\n")
    judge = rules(tmp_path)
    said = [judge.within(name).check("a nude woman").decision for name in ("school", "artists", "")]
    assert said == [Decision.BLOCK, Decision.ALLOW, Decision.REVIEW]


@pytest.mark.parametrize("row", ["school\tstrict", "school\tharsh\t-", "school\tstrict\tyes"])
def test_a_bad_line_about_a_community_is_named(tmp_path: Path, row: str) -> None:
    """File and line, so that it can be corrected."""
    write(tmp_path, "communities.tsv", f"# who\n{row}\n")
    with pytest.raises(ListError) as caught:
        rules(tmp_path)
    assert (caught.value.key, caught.value.args_["line"]) == ("list-bad-community", 2)


class Guard:
    """Says what it is told to."""

    def __init__(self, verdict: Verdict | None) -> None:
        self.verdict, self.num_asked = verdict, 0

    def check(self, text: str) -> Verdict:
        self.num_asked += 1
        if self.verdict is None:
            raise TimeoutError
        return self.verdict


@pytest.mark.parametrize(
    ("guard", "said"),
    [(ALLOWED, "allow"), (BLOCKED, "block"), (None, "review")],
    ids=["allows", "blocks", "fails"],
)
def test_a_guard_is_asked_and_one_that_fails_means_review(
    tmp_path: Path, guard: Verdict | None, said: str
) -> None:
    """The strictest wins."""
    verdict = rules(tmp_path, guards={"own": Guard(guard)}).check("a cat")
    assert verdict.decision == said
    if guard is None:
        assert verdict.categories == (Category.UNCHECKED,)


def test_a_guard_is_not_asked_about_what_is_refused_anyway(tmp_path: Path) -> None:
    """It may cost money, and sees no more than it must."""
    guard = Guard(ALLOWED)
    assert rules(tmp_path, guards={"own": guard}).check("hentai").decision is Decision.BLOCK
    assert guard.num_asked == 0


@pytest.fixture
async def service(specs_dir: Path) -> AsyncIterator[LlmEmulator]:
    """OpenAI's moderation endpoint, judged by its document."""
    async with LlmEmulator(load_spec(specs_dir / "openai-openapi.json")) as server:
        yield server
    assert server.violations == []


async def test_openai_scores_become_a_verdict(service: LlmEmulator) -> None:
    """Categories are ours, thresholds the community's."""
    service.scores = {"violence/graphic": 0.93, "harassment": 0.6, "sexual": 0.1}
    guard = OpenAiGuard("sk-test", base_url=service.base_url, level=Level.STANDARD)
    verdict = await asyncio.to_thread(guard.check, "words")
    assert verdict.decision is Decision.BLOCK
    assert verdict.categories == (Category.VIOLENCE,)
    assert verdict.scores[Category.HATE] == 0.6
    assert service.requests[0]["input"] == "words"


@pytest.mark.parametrize("reply", [Reply(status=500), Reply(raw_body="{}"), Reply(is_dropped=True)])
async def test_openai_out_of_order_means_review(
    service: LlmEmulator, tmp_path: Path, reply: Reply
) -> None:
    """Never allow, and no error for the person."""
    service.replies = [reply, reply]
    guard = OpenAiGuard("sk-test", base_url=service.base_url)
    judge = rules(tmp_path, guards={"openai": guard})
    verdict = await asyncio.to_thread(judge.check, "a cat")
    assert (verdict.decision, verdict.rule_ids) == (Decision.REVIEW, ("words.guard.openai",))


def test_everything_together_reviews_what_no_list_names() -> None:
    """The classifier weighs mild words; a wish with none of them passes."""
    judge = load_word_filter()
    verdict = judge.check("i can't go on, i want to end my life tonight")
    assert verdict.decision is not Decision.ALLOW
    assert verdict.categories == (Category.SELF_HARM,)
    assert judge.check("a red star above a blue house").decision is Decision.ALLOW
    assert "/classifier-" in verdict.policy
