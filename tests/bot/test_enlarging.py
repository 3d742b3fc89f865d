"""Pictures enlarged by a model of the operator's: a request in the render role, judged."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PIL import Image

from bot.asks import Ask
from bot.chat import Action
from bot.enlarging import MAX_SIDE, Enlarger
from inference.upscaling import UpscalingFailed
from store.tables import Rendition, Request, RequestState, Vote

from .chat_stage import Stage, acting
from .path_fakes import make_parts, settle


@dataclass
class FakeUpscaler:
    """Three times as large, in the colour it was told; counts."""

    color: str = "green"
    fails: bool = False
    seen: list[tuple[str, int]] = field(default_factory=list)

    def enlarge(self, image: Image.Image, *, prompt: str, seed: int) -> Image.Image:
        self.seen.append((prompt, seed))
        if self.fails:
            raise UpscalingFailed("OutOfMemoryError")
        return Image.new("RGB", (3 * image.width, 3 * image.height), self.color)


@pytest.fixture
def upscaler() -> FakeUpscaler:
    """The operator's."""
    return FakeUpscaler()


@pytest.fixture
async def stage(tmp_path: Path, upscaler: FakeUpscaler) -> AsyncIterator[Stage]:
    """A studio whose operator has set one."""
    parts = replace(make_parts(), enlarger=Enlarger(lambda: upscaler))
    async with acting(tmp_path, parts, upscaler=tmp_path) as opened:
        yield opened


async def larger(stage: Stage, picture_id: str, who: str = "ann") -> tuple[Request, Image.Image]:
    """The request, and the picture that was shown for it."""
    reply = await stage.press(Action.LARGER, picture_id, who)
    standing = await settle(stage.app, reply)
    (made,) = await stage.rows(Request, Request.id == standing.request_id)
    assert made.state == RequestState.DELIVERED
    data = await stage.app.load_blob(stage.chat.sent[-1].images[0].sha256)
    return made, Image.open(io.BytesIO(data))


async def test_a_picture_is_upscaled_once(stage: Stage, upscaler: FakeUpscaler) -> None:
    """By its own words and seed, as a request of the presser's; later presses find it there."""
    request_id = await stage.delivered(Ask(text="a cat", seed=41))
    (picture_id,) = await stage.picture_ids(request_id)
    made, shown = await larger(stage, picture_id, "bob")
    assert (made.kind, made.parent_picture_id, shown.size) == ("larger", picture_id, (192, 192))
    assert "Larger: 192 × 192 pixels." in stage.chat.sent[-1].lines
    again = await stage.press(Action.LARGER, picture_id)
    assert again.card.images == stage.chat.sent[-1].images
    assert upscaler.seen == [("a cat, fine", 41)]
    assert [vote.is_requester for vote in await stage.rows(Vote)] == [False, True]
    assert [one.purpose for one in await stage.rows(Rendition)] == ["master", "upscaled"]


@pytest.mark.parametrize("trouble", ["red", "blue", "fails"])
async def test_what_may_not_be_shown_is_resampled(
    stage: Stage, upscaler: FakeUpscaler, trouble: str
) -> None:
    """What an upscaler adds is judged like what a painter paints; nothing of it is kept."""
    upscaler.fails, upscaler.color = trouble == "fails", trouble.replace("fails", "green")
    (picture_id,) = await stage.picture_ids(await stage.delivered())
    _, shown = await larger(stage, picture_id)
    assert (shown.size, shown.getpixel((0, 0))) == ((256, 256), (10, 200, 10))
    assert any("enlarged plainly" in line for line in stage.chat.sent[-1].lines)
    assert [one.purpose for one in await stage.rows(Rendition)] == ["master", "larger"]


async def test_it_is_shown_again_and_as_private_as_its_picture(stage: Stage) -> None:
    """An older one comes back; nobody else sees what is private."""
    request_id = await stage.delivered(Ask(text="a cat", is_private=True))
    (picture_id,) = await stage.picture_ids(request_id)
    assert (await stage.press(Action.LARGER, picture_id, "bob")).is_refused
    made, _ = await larger(stage, picture_id)
    assert stage.chat.sent[-1].is_private
    shown = await stage.command("show", {"request": made.id[-6:]})
    assert shown.card == stage.chat.sent[-1]
    assert "(larger) a cat" in (await stage.command("history")).card.lines[1]
    assert (await stage.press(Action.SHOW, made.id, "bob")).is_refused


async def test_a_picture_deleted_meanwhile_is_gone(stage: Stage) -> None:
    """The larger one goes with it; whoever asks for it again reads so."""
    request_id = await stage.delivered()
    (picture_id,) = await stage.picture_ids(request_id)
    made, _ = await larger(stage, picture_id, "bob")
    await stage.press(Action.DELETE, f"{request_id}:yes")
    await asyncio.gather(*stage.app.studio.chores)
    assert sorted(stage.chat.deleted) == ["m1", "m2"]
    shown = await stage.command("show", {"request": made.id[-6:]}, "bob")
    assert "no longer here" in shown.card.lines[0]
    assert not await stage.rows(Rendition)


async def test_words_to_a_result_mean_the_picture_looked_at_last(stage: Stage) -> None:
    """Who enlarged the third goes on from the third."""
    request_id = await stage.delivered(Ask(text="a cat", count=4))
    third = (await stage.picture_ids(request_id))[2]
    await larger(stage, third)
    edited = await stage.press(Action.EDIT, request_id, text="at night")
    (made,) = await stage.rows(Request, Request.id == edited.request_id)
    assert made.parent_picture_id == third


async def test_words_to_the_larger_picture_edit_the_picture(stage: Stage) -> None:
    """A reply in plain words means what is seen."""
    (picture_id,) = await stage.picture_ids(await stage.delivered(Ask(text="a cat", seed=8)))
    made, _ = await larger(stage, picture_id)
    edited = await settle(stage.app, await stage.press(Action.EDIT, made.id, text="at night"))
    (result,) = await stage.app.studio.results(edited.request_id)
    assert (result.prompt, result.seed) == ("a cat, at night, fine", 8)


@pytest.mark.parametrize(("side", "larger"), [(64, 192), (1000, MAX_SIDE), (2048, 2048)])
def test_it_stays_within_what_chats_show(
    upscaler: FakeUpscaler, encoded: Callable[[int], bytes], side: int, larger: int
) -> None:
    """The model's own factor, at most 2048 pixels, never smaller than it was."""
    made = Enlarger(lambda: upscaler).enlarge(encoded(side), "", 0)
    assert made.size == (larger, larger)


@pytest.fixture
def encoded() -> Callable[[int], bytes]:
    """A square picture as bytes."""

    def encode(side: int) -> bytes:
        held = io.BytesIO()
        Image.new("RGB", (side, side), "green").save(held, "PNG")
        return held.getvalue()

    return encode
