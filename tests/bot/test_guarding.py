"""The operator's classifiers of words on the path: asked where pictures are rendered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.app import App
from bot.asks import Ask
from bot.chat import Action
from moderation.policy import ALLOWED, Category, Decision, Verdict
from store.tables import RequestState, Sanction

from .path_fakes import FakeEngine, FakeExpander, make_parts, settle, verdict
from .path_fakes import event as said
from .test_path import decide, rows, serving


@dataclass
class FakeGuard:
    """Blocks "grim", and what was added: "fine" where ``is_picky``; fails on "odd"."""

    is_picky: bool = False
    heard: list[str] = field(default_factory=list)

    def load(self) -> None:
        """Nothing to load."""

    def check(self, text: str) -> Verdict:
        """Remember and judge."""
        self.heard.append(text)
        if "odd" in text:
            raise RuntimeError(text)
        is_bad = "grim" in text or (self.is_picky and "fine" in text)
        return verdict(Decision.BLOCK, Category.HATE) if is_bad else ALLOWED


@asynccontextmanager
async def guarded(folder: Path, guard: FakeGuard) -> AsyncIterator[tuple[App, FakeEngine]]:
    """A studio with that guard."""
    engine = FakeEngine()
    parts = replace(make_parts(engine, FakeExpander()), word_guard=guard)
    async with serving(folder, parts=parts) as (app, _):
        yield app, engine


async def test_a_guard_is_asked_about_both_texts_before_anything_is_painted(tmp_path: Path) -> None:
    """The person's own words and what was added; what it refuses is not painted, costs a strike."""
    guard = FakeGuard()
    async with guarded(tmp_path, guard) as (app, engine):
        await settle(app, await app.studio.imagine(said("e1"), Ask(text="a cat")))
        assert guard.heard == ["a cat", "a cat, fine"]
        reply = await app.studio.imagine(said("e2"), Ask(text="a grim cat"))
        standing = await settle(app, reply)
        assert standing.state == RequestState.BLOCKED
        assert (standing.problem or {})["stage"] == "wish"
        assert len(engine.painted) == 1
        assert len(await rows(app, Sanction)) == 1


async def test_what_was_added_costs_no_strike(tmp_path: Path) -> None:
    """A guard that refuses the expander's words stops at the brief."""
    async with guarded(tmp_path, FakeGuard(is_picky=True)) as (app, engine):
        reply = await app.studio.imagine(said("e1"), Ask(text="a cat"))
        standing = await settle(app, reply)
        assert (standing.problem or {})["stage"] == "brief"
        assert (engine.painted, await rows(app, Sanction)) == ([], [])


async def test_a_guard_that_fails_means_a_human_looks(tmp_path: Path) -> None:
    """And what the human approves goes on past the guard."""
    async with guarded(tmp_path, FakeGuard()) as (app, engine):
        reply = await app.studio.imagine(said("e1"), Ask(text="an odd cat"))
        standing = await settle(app, reply)
        assert standing.state == RequestState.AWAITING_REVIEW
        assert engine.painted == []
        await decide(app, Action.APPROVE)
        assert (await settle(app, reply, round=2)).state == RequestState.DELIVERED
