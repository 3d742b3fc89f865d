"""The filter of words as requests meet it: a community's lists, changes while it runs, what is
wanted left out, what was added."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import App
from bot.asks import Ask, Standing
from moderation.words import load_negative_filter
from moderation.words.rules import Strictness, WordRules
from store.tables import RequestState, Sanction

from .path_fakes import event, make_parts, settle
from .test_path import rows, serving


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    """An operator's folder with nothing in it."""
    (tmp_path / "lists").mkdir()
    return tmp_path / "lists"


@asynccontextmanager
async def judged_by(folder: Path, lists: Path) -> AsyncIterator[App]:
    """A studio with the shipped rules and an operator's folder, looked at before every wish."""
    parts = replace(
        make_parts(),
        word_filter=WordRules(Strictness(), lists, reload_seconds=0),
        negative_filter=load_negative_filter(),
    )
    async with serving(folder, parts=parts) as (app, _):
        yield app


async def asked(app: App, id: str, text: str, negative: str = "") -> Standing:
    """Where a wish ends."""
    ask = Ask(text=text, negative_prompt=negative)
    return await settle(app, await app.studio.imagine(event(id), ask))


async def test_a_list_changed_while_it_runs_counts_at_once_and_only_there(
    tmp_path: Path, lists: Path
) -> None:
    """The folder named after the community; another's folder means nothing here."""
    async with judged_by(tmp_path / "data", lists) as app:
        assert (await asked(app, "e1", "a zorkling")).state == RequestState.DELIVERED
        for place, word in (("terminal-room", "zorkling"), ("terminal-other", "wobbler")):
            (lists / place).mkdir()
            (lists / place / "ours.tsv").write_text(f"hate\tsevere\t-\t{word}\n")
        refused = await asked(app, "e2", "a zorkling")
        assert refused.state == RequestState.BLOCKED
        assert (refused.problem or {})["category"] == "hate"
        assert (await asked(app, "e3", "a wobbler")).state == RequestState.DELIVERED


async def test_a_community_that_is_strict_is_so_on_the_path(tmp_path: Path, lists: Path) -> None:
    """One line of the table, read while it runs."""
    async with judged_by(tmp_path / "data", lists) as app:
        assert (await asked(app, "e1", "a nude woman")).state == RequestState.AWAITING_REVIEW
        (lists / "communities.tsv").write_text("terminal-room\tstrict\t-\n")
        assert (await asked(app, "e2", "a nude woman")).state == RequestState.BLOCKED


async def test_what_is_wanted_left_out_is_judged_by_rules_of_its_own(
    tmp_path: Path, lists: Path
) -> None:
    """To leave out "nsfw" is a wish for a clean picture, to leave out "clothes" is none."""
    async with judged_by(tmp_path / "data", lists) as app:
        clean = await asked(app, "e1", "a portrait", negative="nsfw, nude")
        assert clean.state == RequestState.DELIVERED
        bare = await asked(app, "e2", "a portrait", negative="clothes")
        assert bare.state == RequestState.AWAITING_REVIEW


async def test_what_the_expander_adds_is_judged_and_costs_no_strike(
    tmp_path: Path, lists: Path
) -> None:
    """The fake expander adds ", fine" to every wish; here that is a denied word."""
    async with judged_by(tmp_path / "data", lists) as app:
        (lists / "ours.tsv").write_text("violence\tsevere\t-\tfine\n")
        refused = await asked(app, "e1", "a cat")
        assert refused.state == RequestState.BLOCKED
        assert (refused.problem or {})["stage"] == "brief"
        assert await rows(app, Sanction) == []
