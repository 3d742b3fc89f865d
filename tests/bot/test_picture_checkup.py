"""The doctor on the filter of pictures: what is set, what is missing, what was told to nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.doctor import Health, look_at_pictures
from moderation.pictures import codes, lettering
from moderation.policy import Verdict
from store.sessions import Database
from store.tables import SafetyReport, now

from .path_fakes import make_settings, make_tables
from .test_safety_tier import concepts

__all__ = ["concepts"]  # the fixture


def found(folder: Path, **choices: Any) -> dict[str, tuple[Health, str]]:
    """What is found, in both languages or the test fails."""
    findings = list(look_at_pictures(make_settings(folder, **choices)))
    assert all(len({each.sentence(tongue) for tongue in ("en", "zh-CN")}) == 2 for each in findings)
    return {each.key: (each.health, each.sentence("en")) for each in findings}


def test_nothing_is_set_and_nothing_is_wrong(tmp_path: Path) -> None:
    """As shipped: there are no lists and no tier, and that is well."""
    assert {key: health for key, (health, _) in found(tmp_path).items()} == {
        "lists-none": Health.UNUSED
    }


def test_what_is_broken_is_named(tmp_path: Path) -> None:
    """Lists, concepts, classifiers, addresses: each with the file and what is wrong with it."""
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "x.tsv").write_text("broken\n", "utf-8")
    missing = tmp_path / "none"
    said = found(tmp_path, concepts=missing, picture_classifiers=missing, picture_addresses=missing)
    for key in ("lists-bad", "concepts-bad", "classifiers-bad", "addresses-bad"):
        health, sentence = said[key]
        assert health is Health.BAD
        assert "x.tsv" in sentence or str(missing) in sentence


def test_an_extra_that_is_missing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is switched on, since every picture would wait."""
    chosen = {"picture_text": "rapidocr", "picture_codes": True}
    for part in (codes, lettering):
        monkeypatch.setattr(part, "find_spec", lambda _name: None)
    said = found(tmp_path, **chosen)
    assert {said["text-missing"][0], said["codes-missing"][0]} == {Health.BAD}
    for part in (codes, lettering):
        monkeypatch.setattr(part, "find_spec", lambda name: name)
    assert {"text-good", "codes-good"} <= found(tmp_path, **chosen).keys()


async def write(settings: Any, *states: str) -> None:
    """Hand-offs that stand so."""
    database = Database(settings.url)
    async with database.session() as session:
        for number, state in enumerate(states):
            session.add(SafetyReport(
                request_id=str(number), person_id="p", community_id=None, stage="picture",
                rule_ids=[], policy=Verdict.policy, sha256="0" * 64, is_certain=True, state=state,
                next_at=now(),
            ))  # fmt: skip
    await database.close()


def test_what_was_told_to_nobody_is_counted(tmp_path: Path, concepts: Path) -> None:
    """With a tier; given up is bad, waiting and no address are doubtful."""
    import asyncio

    settings = make_settings(tmp_path / "data", concepts=concepts)
    assert found(tmp_path / "data", concepts=concepts)["safety-untold"][0] is Health.DOUBTFUL
    make_tables(settings)
    asyncio.run(write(settings, "waiting", "dead", "dead", "handed_over"))
    said = found(tmp_path / "data", concepts=concepts, child_safety_url="https://me.example")
    assert said["safety-told"][0] is Health.GOOD
    assert said["safety-waiting"][0] is Health.DOUBTFUL
    assert said["safety-dead"][0] is Health.BAD
    assert "2" in said["safety-dead"][1]
