"""Child safety, on a harmless stand-in: what is of that tier is nowhere afterwards, the person is
suspended, the operator told, and no moderator ever sees it."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import hmac
import io
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aiohttp import web
from PIL import Image

from bot.app import App, Parts, real_parts
from bot.asks import Ask
from bot.chat import CardKind
from bot.handoff import MAX_TRIES, send_due
from inference.jobs import JobError, Picture, Progress, ProgressListener, Reference, RenderJob
from moderation.lists import HashLists, Listed
from moderation.pictures.fingerprints import fingerprint
from moderation.policy import ALLOWED, Category, Decision, Finding, Verdict
from store.tables import Blob, Case, JobProgress, RequestState, SafetyReport, Sanction, now
from store.tables import Picture as PictureRow
from store.tables import Verdict as VerdictRow

from .path_fakes import FakeEngine, event, make_parts, make_settings, settle
from .test_path import rows, serving

CALM = "a calm sea"  # what the stand-in is of; nothing else is


def stand_in() -> Image.Image:
    """Noise, so that no part of it is anywhere by chance."""
    noise = np.random.default_rng(7).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    return Image.fromarray(noise)


def as_png(image: Image.Image) -> bytes:
    """As the path encodes it."""
    out = io.BytesIO()
    image.save(out, format="PNG")
    return out.getvalue()


@dataclass
class NoisyEngine(FakeEngine):
    """Paints the stand-in where it is asked for a calm sea, with previews on the way."""

    num_forgotten: int = 0

    async def render(
        self,
        job: RenderJob,
        *,
        reference: Image.Image | None = None,
        mask: Image.Image | None = None,
        on_progress: ProgressListener | None = None,
    ) -> list[Picture]:
        made = await super().render(job, reference=reference, mask=mask)
        if on_progress:
            preview = as_png(stand_in().resize((32, 32)))
            on_progress(Progress(job=job.id, step=2, steps=4, preview_png=preview))
            await asyncio.sleep(0.6)  # progress is written a few times a second
        return [replace(each, image=stand_in()) for each in made] if CALM in job.prompt else made

    def forget(self) -> None:
        self.num_forgotten += 1


@dataclass
class Eyes:
    """Finds what it was told to find in the stand-in, and nothing in anything else."""

    decision: Decision = Decision.BLOCK
    seen: list[int] = field(default_factory=list)

    def check(self, picture: bytes) -> Verdict:
        self.seen.append(len(picture))
        if np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).std() < 50:
            return ALLOWED
        finding = Finding(
            rule_id="concept.stand-in", category=Category.CHILD_SAFETY, decision=self.decision
        )
        return Verdict(decision=self.decision, findings=(finding,))


class Blind:
    """A check that fails."""

    def check(self, picture: bytes) -> Verdict:
        raise OSError("no model")


def parts_with(eyes: Any, engine: FakeEngine | None = None) -> Parts:
    """The fakes, with these eyes."""
    return replace(make_parts(engine or NoisyEngine()), load_picture_filter=lambda: eyes)


@pytest.fixture
def concepts(tmp_path: Path) -> Path:
    """An operator's table that puts a concept into the tier, so that the tier is there."""
    path = tmp_path / "concepts.toml"
    path.write_text(
        'contrasts = ["a tree"]\n[[concept]]\nid = "stand-in"\ncategory = "child_safety"\n'
        'names = ["a stand-in"]\nthreshold = 0.2\nsteepness = 30.0\n'
    )
    return path


def traces_of(image: Image.Image) -> list[bytes]:
    """A picture as it might be kept: encoded, as pixels, as a preview."""
    small = image.resize((32, 32))
    return [as_png(image), as_png(small), image.tobytes(), small.tobytes()]


def assert_nowhere(folder: Path, image: Image.Image) -> None:
    """No file holds any of a picture."""
    assert_no_trace(folder, traces_of(image))


def assert_no_trace(folder: Path, traces: list[bytes]) -> None:
    """No file holds any telling part of these bytes."""
    parts = {trace[at : at + 24] for trace in traces for at in range(60, len(trace) - 24, 97)}
    telling = [part for part in parts if len(set(part)) > 7]  # zeros are everywhere
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    assert telling
    for path in files:
        data = path.read_bytes()
        assert not any(part in data for part in telling), path


@asynccontextmanager
async def listening() -> AsyncIterator[tuple[str, list[tuple[dict[str, str], bytes]], list[int]]]:
    """The operator's address, what it hears, and what it answers next (else 200)."""
    heard: list[tuple[dict[str, str], bytes]] = []
    answers: list[int] = []

    async def hear(request: web.Request) -> web.Response:
        heard.append((dict(request.headers), await request.read()))
        return web.Response(status=answers.pop(0) if answers else 200)

    app = web.Application()
    app.router.add_post("/hand-off", hear)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        yield f"http://127.0.0.1:{port}/hand-off", heard, answers
    finally:
        await runner.cleanup()


async def until_handed_over(app: App) -> None:
    """Wait for the one report there is."""
    for _ in range(400):
        if [row.state for row in await rows(app, SafetyReport)] == ["handed_over"]:
            return
        await asyncio.sleep(0.05)
    pytest.fail("nobody was told")


async def test_nothing_of_it_is_kept_anywhere(tmp_path: Path, concepts: Path) -> None:
    """No blob, row, preview, log or cache: the whole data folder holds no part of the picture."""
    engine, folder = NoisyEngine(), tmp_path / "data"
    log = logging.FileHandler(tmp_path / "all.log")
    logging.getLogger().addHandler(log)
    try:
        parts = parts_with(Eyes(), engine)
        async with serving(folder, parts=parts, concepts=concepts) as (app, chat):
            reply = await app.studio.imagine(event("e1"), Ask(text=CALM, count=2))
            assert (await settle(app, reply)).state == RequestState.BLOCKED
            assert await rows(app, PictureRow) == await rows(app, Blob) == []
            assert [each.preview_sha256 for each in await rows(app, JobProgress)] in ([], [None])
            assert chat.sent[0].images == ()
            assert_nowhere(tmp_path, stand_in())
    finally:
        logging.getLogger().removeHandler(log)
        log.close()
    assert_nowhere(tmp_path, stand_in())
    assert engine.num_forgotten > 0
    assert [path for path in (folder / "blobs").rglob("*") if path.is_file()] == []


async def test_the_person_is_suspended_and_no_case_is_opened(
    tmp_path: Path, concepts: Path
) -> None:
    """Nobody can be asked about what nobody may see; an operator lifts it."""
    async with serving(tmp_path, parts=parts_with(Eyes()), concepts=concepts) as (app, chat):
        await settle(app, await app.studio.imagine(event("e1"), Ask(text=CALM)))
        assert [row.kind for row in await rows(app, Sanction)] == ["ban"]
        assert await rows(app, Case) == []
        again = await app.studio.imagine(event("e2"), Ask(text="a cat"))
        assert again.is_refused
        assert not any(
            row.action.value == "appeal" for line in chat.sent[0].buttons for row in line
        )
        (report,) = await rows(app, SafetyReport)
        assert (report.is_certain, report.stage, report.state) == (True, "picture", "waiting")
        assert report.sha256 == hashlib.sha256(as_png(stand_in())).hexdigest()


async def test_what_is_doubted_is_refused_without_a_sanction(
    tmp_path: Path, concepts: Path
) -> None:
    """Asking a moderator would mean keeping it; so it is neither shown nor held against anyone."""
    eyes = Eyes(decision=Decision.REVIEW)
    async with serving(tmp_path, parts=parts_with(eyes), concepts=concepts) as (app, chat):
        reply = await app.studio.imagine(event("e1"), Ask(text=CALM))
        assert (await settle(app, reply)).state == RequestState.BLOCKED
        assert chat.sent[0].kind is CardKind.BLOCKED
        assert await rows(app, Case) == await rows(app, Sanction) == []
        assert [row.is_certain for row in await rows(app, SafetyReport)] == [False]
        (kept,) = await rows(app, VerdictRow, VerdictRow.stage == "picture")
        assert (kept.decision, kept.subject) == ("block", "")
        assert_nowhere(tmp_path, stand_in())


async def test_where_the_check_fails_nobody_looks(tmp_path: Path, concepts: Path) -> None:
    """With a tier, an unchecked picture is for no moderator: the request fails and keeps nothing.
    Without one, a human looks, as for every filter that fails."""
    for with_tier, state in ((True, RequestState.FAILED), (False, RequestState.AWAITING_REVIEW)):
        folder = tmp_path / str(with_tier)
        chosen = {"concepts": concepts} if with_tier else {}
        async with serving(folder, parts=parts_with(Blind()), **chosen) as (app, _chat):
            reply = await app.studio.imagine(event("e1"), Ask(text=CALM))
            assert (await settle(app, reply)).state == state
            assert bool(await rows(app, PictureRow)) is not with_tier
            if with_tier:
                assert_nowhere(folder, stand_in())


async def test_a_picture_that_was_sent_goes_at_once(tmp_path: Path, concepts: Path) -> None:
    """From everyone who sent the same bytes; the stages, cards and sanctions are the same."""
    async with serving(tmp_path, parts=parts_with(Eyes()), concepts=concepts) as (app, _chat):
        data = as_png(stand_in())
        for who in ("ann", "bob"):
            sha256 = await app.studio.upload(event(f"u-{who}", who), data)
        reply = await app.studio.imagine(
            event("e1"), Ask(text="a cat", reference=Reference(sha256=sha256))
        )
        assert (await settle(app, reply)).state == RequestState.BLOCKED
        assert await rows(app, Blob) == []
        (report,) = await rows(app, SafetyReport)
        assert (report.stage, report.sha256) == ("upload", sha256)
        assert "ban" in {row.kind for row in await rows(app, Sanction)}
        assert_nowhere(tmp_path, stand_in())


async def test_a_listed_picture_is_refused_at_the_door(tmp_path: Path) -> None:
    """By its hashes, before a byte of it is written; everyone who sends it is told on."""
    lists = HashLists(tmp_path / "lists")
    known = fingerprint(as_png(stand_in()), stand_in())
    entry = Listed(category=Category.CHILD_SAFETY, decision=Decision.BLOCK, **vars(known))
    lists.add("bank", [entry])
    async with serving(tmp_path / "data", hash_lists=tmp_path / "lists") as (app, _chat):
        smaller = as_png(stand_in().crop((2, 2, 64, 62)))
        for who in ("ann", "bob"):
            with pytest.raises(JobError) as caught:
                await app.studio.upload(event(f"u-{who}", who), smaller)
            assert caught.value.key == "upload-forbidden"
        assert len(await rows(app, SafetyReport)) == 2
        assert {row.kind for row in await rows(app, Sanction)} == {"ban"}
        assert await rows(app, Blob) == []
        assert_nowhere(tmp_path / "data", stand_in().crop((2, 2, 64, 62)))


async def test_the_operator_is_told_with_a_signature(tmp_path: Path, concepts: Path) -> None:
    """Ids, rule and hash, and no more; whoever knows the secret knows who said so."""
    async with listening() as (url, heard, _answers):
        chosen = {"concepts": concepts, "child_safety_url": url, "child_safety_secret": "s3cret"}
        async with serving(tmp_path, parts=parts_with(Eyes()), **chosen) as (app, _chat):
            reply = await app.studio.imagine(event("e1"), Ask(text=CALM))
            await settle(app, reply)
            await until_handed_over(app)
    ((headers, body),) = heard
    signed = headers["Atelier-Time"].encode() + b"." + body
    assert headers["Atelier-Signature"] == hmac.new(b"s3cret", signed, hashlib.sha256).hexdigest()
    facts = json.loads(body)
    assert facts["request"] == reply.request_id
    assert facts["rules"] == ["concept.stand-in"]
    assert facts["sha256"] == hashlib.sha256(as_png(stand_in())).hexdigest()
    assert facts["is_suspended"]
    assert CALM not in body.decode()


async def told_later(app: App, url: str, at: dt.datetime) -> int:
    """How many reports the operator's address takes when it is ``at``."""
    settings = app.settings.model_copy(update={"child_safety_url": url})
    return await send_due(replace(app.shop, settings=settings), lambda: at)


async def test_what_is_not_taken_is_told_again_and_then_given_up(
    tmp_path: Path, concepts: Path
) -> None:
    """Later each time; what is given up stays as dead, for an operator to see."""
    parts = parts_with(Eyes())
    async with (
        listening() as (url, heard, answers),
        serving(tmp_path, parts=parts, concepts=concepts) as (app, _chat),
    ):
        await settle(app, await app.studio.imagine(event("e1"), Ask(text=CALM)))
        answers.extend([500] * MAX_TRIES)
        at, waits = now(), []
        for _ in range(MAX_TRIES):
            await told_later(app, url, at)
            (row,) = await rows(app, SafetyReport)
            waits.append((row.next_at - at).total_seconds())
            at = row.next_at
        assert (row.state, row.num_tries, row.last_error) == ("dead", MAX_TRIES, "HTTP 500")
        assert waits[:3] == [30.0, 90.0, 270.0]
        assert await told_later(app, url, at) == 0
        assert len(heard) == MAX_TRIES


async def test_two_processes_tell_it_once(tmp_path: Path, concepts: Path) -> None:
    """Whoever takes it puts it off for the other in the same statement."""
    parts = parts_with(Eyes())
    async with (
        listening() as (url, heard, _answers),
        serving(tmp_path, parts=parts, concepts=concepts) as (app, _chat),
    ):
        await settle(app, await app.studio.imagine(event("e1"), Ask(text=CALM)))
        told = await asyncio.gather(*(told_later(app, url, now()) for _ in range(4)))
        assert sum(told) == 1
        assert [row.state for row in await rows(app, SafetyReport)] == ["handed_over"]
        assert len(heard) == 1


class Recording:
    """The real engine, with everything that left it: pictures and previews."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self.left: list[bytes] = []
        self.num_painted = 0

    async def render(
        self, job: RenderJob, *, on_progress: ProgressListener | None = None, **more: Any
    ) -> list[Picture]:
        def listen(progress: Progress) -> None:
            if progress.preview_png is not None:
                self.left.append(progress.preview_png)
            if on_progress:
                on_progress(progress)

        made: list[Picture] = await self._engine.render(job, on_progress=listen, **more)
        self.num_painted += len(made)
        self.left += [data for each in made for data in (as_png(each.image), each.image.tobytes())]
        return made

    def forget(self) -> None:
        self._engine.forget()

    def cancel(self, job_id: str) -> None:
        self._engine.cancel(job_id)

    async def close(self) -> None:
        await self._engine.close()


def find_everything(concepts: Path) -> None:
    """Have every picture be nearer to the concept than its threshold."""
    told = concepts.read_text("utf-8").replace("threshold = 0.2", "threshold = -2.0")
    concepts.write_text(told, "utf-8")


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_the_real_engine_and_eyes_leave_nothing_either(
    tmp_path: Path, concepts: Path
) -> None:
    """Sketchbook's own pictures, with a concept that finds everything put into the tier: what left
    the engine is in no file, and the engine itself remembers nothing."""
    find_everything(concepts)
    folder = tmp_path / "data"
    real = real_parts(make_settings(folder, concepts=concepts, device="cpu"))
    engine = Recording(real.load_engine())
    parts = replace(real, load_engine=lambda: engine)
    async with serving(folder, parts=parts, concepts=concepts) as (app, chat):
        reply = await app.studio.imagine(event("e1"), Ask(text="a red star at night", count=2))
        standing = await settle(app, reply, seconds=200)
        assert (standing.state, engine.num_painted) == (RequestState.BLOCKED, 2)
        assert chat.sent[0].images == ()
        assert engine._engine._repeats._kept == {}
    assert_no_trace(folder, engine.left)
