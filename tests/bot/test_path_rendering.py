"""What passes between the path and an engine: whose turn it costs, what was left out, what ends it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.asks import Ask
from bot.forgetting import forget_person
from inference.engine import ModelLimits
from inference.jobs import Picture as Painted
from inference.jobs import RenderJob, RenderStopped
from store.tables import Person, Picture, Request, RequestState

from .path_fakes import FakeEngine, FakeWordFilter, event, make_parts, settle
from .test_path import rows, serving


async def test_the_device_knows_whose_turn_it_costs(tmp_path: Path) -> None:
    """The job bears its person as the owner, and no picture tells who asked for it."""
    owners: list[str] = []

    class Nosy(FakeEngine):
        async def render(self, job: RenderJob, **options: Any) -> list[Painted]:
            owners.append(job.owner)
            return await super().render(job, **options)

    async with serving(tmp_path, parts=make_parts(Nosy())) as (app, _):
        for who in ("ann", "ann", "bob"):
            ask = Ask(text=f"a cat of {who} {len(owners)}")
            await settle(app, await app.studio.imagine(event(ask.text, who), ask))
        assert len(set(owners)) == 2
        assert owners[0] == owners[1]
        assert set(owners) == {person.id for person in await rows(app, Person)}
        assert {picture.how["job"]["owner"] for picture in await rows(app, Picture)} == {""}


async def test_what_the_model_left_out_is_said_once(tmp_path: Path) -> None:
    """A prompt longer than the encoder's window is told in the grid, not once a picture."""

    class Shortsighted(FakeEngine):
        async def render(self, job: RenderJob, **options: Any) -> list[Painted]:
            notice = {"key": "render-notice-prompt-cut", "args": {"words": 3}}
            return [
                Painted(index=p.index, seed=p.seed, image=p.image, how={"notices": [notice]})
                for p in await super().render(job, **options)
            ]

    async with serving(tmp_path, parts=make_parts(Shortsighted())) as (app, chat):
        await settle(app, await app.studio.imagine(event("e1"), Ask(text="a cat", count=2)))
        said = [line for line in chat.sent[0].lines if "longer than this model can read" in line]
        assert len(said) == 1
        assert "3" in said[0]


async def test_what_the_model_cannot_paint_is_refused_before_it_waits(tmp_path: Path) -> None:
    """A size that the operator allows and the model does not: one sentence, no work."""
    parts = replace(make_parts(), model_limits=ModelLimits(multiple=48))
    async with serving(tmp_path, parts=parts) as (app, chat):
        ask = Ask(text="a cat", width=96, height=64)
        standing = await settle(app, await app.studio.imagine(event("e1"), ask))
        assert standing.state == RequestState.FAILED
        assert "multiples of 48" in chat.sent[0].lines[0]
        assert await rows(app, Picture) == []


async def test_a_render_handed_back_is_painted_later(tmp_path: Path) -> None:
    """An engine that is being stopped fails no request: it is begun again."""

    class Leaving(FakeEngine):
        async def render(self, job: RenderJob, **options: Any) -> list[Painted]:
            pictures = await super().render(job, **options)
            if len(self.painted) == 1:
                raise RenderStopped
            return pictures

    engine = Leaving()
    async with serving(tmp_path, parts=make_parts(engine)) as (app, chat):
        reply = await app.studio.imagine(event("e1"), Ask(text="a cat"))
        standing = await settle(app, reply)
        assert standing.state == RequestState.DELIVERED
        assert len(engine.painted) == 2
        assert len(chat.sent) == 1


async def test_what_its_person_deletes_is_not_painted_on(tmp_path: Path) -> None:
    """A render whose request is gone stops within a step, and nothing of it is kept."""
    engine = FakeEngine(seconds=8.0)
    async with serving(tmp_path, parts=make_parts(engine)) as (app, chat):
        await app.studio.imagine(event("e1"), Ask(text="a cat"))
        await engine.began.wait()
        (ann,) = {request.person_id for request in await rows(app, Request)}
        async with app.db.session() as session:
            await forget_person(session, app.blobs, ann)
        async with asyncio.timeout(6):
            await engine.stopped.wait()
        assert await rows(app, Picture) == []
        assert chat.sent == []


async def test_a_community_has_words_of_its_own(tmp_path: Path) -> None:
    """Both the wish and the brief are judged by the filter of the place they were asked in."""

    class Local(FakeWordFilter):
        def __init__(self) -> None:
            super().__init__()
            self.places: list[str] = []

        def within(self, community: str) -> FakeWordFilter:
            self.places.append(community)
            return self

    local = Local()
    parts = replace(make_parts(), word_filter=local)
    async with serving(tmp_path, parts=parts) as (app, _):
        here = event("e1").place
        await settle(app, await app.studio.imagine(event("e1"), Ask(text="a cat")))
        assert local.places == [f"{here.platform}-{here.external_id}"] * 2
