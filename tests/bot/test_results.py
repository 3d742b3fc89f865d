"""What opens from a result, and for whom."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from bot.asks import Ask
from bot.chat import Action, CardKind
from bot.edits import as_painted
from bot.enlarging import enlarged
from inference.expansion.brief import Brief
from store.tables import Delivery, Grid, Picture, Rendition, Request, Share, Slot, Vote

from .chat_stage import Stage, acting, button, buttons
from .path_fakes import settle


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A running studio with ann and bob."""
    async with acting(tmp_path) as opened:
        yield opened


async def grid_id(stage: Stage, request_id: str) -> str:
    """The grid of a request."""
    (grid,) = await stage.rows(Grid, Grid.request_id == request_id)
    return str(grid.id)


async def test_larger_is_made_once_and_is_a_vote(stage: Stage) -> None:
    """Four times as large, kept beside the picture; a second person gets the same bytes."""
    request_id = await stage.delivered()
    (picture_id,) = await stage.picture_ids(request_id)
    first = await stage.press(Action.LARGER, picture_id)
    second = await stage.press(Action.LARGER, picture_id, "bob")
    assert first.card.images[0].sha256 == second.card.images[0].sha256
    shown = Image.open(io.BytesIO(await stage.app.load_blob(first.card.images[0].sha256)))
    assert shown.size == (256, 256)
    assert len(await stage.rows(Rendition, Rendition.purpose == "larger")) == 1
    votes = await stage.rows(Vote, Vote.kind == "larger")
    assert [vote.is_requester for vote in votes] == [True, False]


@pytest.mark.parametrize(("side", "larger"), [(64, 256), (1024, 2048), (2048, 2048)])
async def test_larger_stays_within_what_chats_show(stage: Stage, side: int, larger: int) -> None:
    """Four times, at most 2048 pixels, never smaller than it was."""
    held = io.BytesIO()
    Image.new("RGB", (side, side), "green").save(held, "PNG")
    sha256 = await stage.app.blobs.put(held.getvalue())
    picture = Picture(sha256=sha256, width=side, height=side)
    _, size = await enlarged(stage.app.blobs, picture)
    assert size == (larger, larger)


async def test_the_original_is_a_file(stage: Stage) -> None:
    """The bytes of the master, with a name; for the presser alone, and a vote."""
    request_id = await stage.delivered()
    (picture_id,) = await stage.picture_ids(request_id)
    reply = await stage.press(Action.ORIGINAL, picture_id)
    (picture,) = await stage.rows(Picture)
    assert [(one.sha256, one.media_type) for one in reply.card.files] == [
        (picture.sha256, "image/png")
    ]
    assert reply.card.is_private
    assert len(await stage.rows(Vote, Vote.kind == "download")) == 1


async def test_details_tell_what_makes_the_same_again(stage: Stage) -> None:
    """Seed, steps, size and model, on demand."""
    request_id = await stage.delivered(Ask(text="a cat", seed=77, steps=5))
    reply = await stage.press(Action.DETAILS, await grid_id(stage, request_id))
    told = " ".join(reply.card.lines)
    assert "77" in told
    assert "5 steps" in told
    assert "sketchbook" in told


async def test_more_offers_what_one_may_do(stage: Stage) -> None:
    """Sharing and deleting are the requester's; reporting is everyone's."""
    grid = await grid_id(stage, await stage.delivered())
    mine = {one.action for one in buttons((await stage.press(Action.MORE, grid)).card)}
    theirs = {one.action for one in buttons((await stage.press(Action.MORE, grid, "bob")).card)}
    assert mine - theirs == {Action.SHARE, Action.DELETE}
    assert {Action.REPORT, Action.CHANGE_WORD, Action.EDIT, Action.ORIGINAL} <= theirs


@pytest.mark.parametrize("name", ["larger", "vary", "original", "share", "report"])
async def test_menus_open_where_there_are_no_selects(stage: Stage, name: str) -> None:
    """A menu's own token gives its options as buttons."""
    request_id = await stage.delivered()
    about = request_id if name == "report" else await grid_id(stage, request_id)
    reply = await stage.press(Action.OPEN, f"{name}:{about}")
    assert reply.card.kind is CardKind.MENU
    assert buttons(reply.card)
    assert (await stage.press(Action.OPEN, f"nothing:{about}")).is_refused


async def test_what_is_private_is_closed_to_others(stage: Stage) -> None:
    """Nobody else votes on it, looks closer, goes on from it or sees that it is there."""
    request_id = await stage.delivered(Ask(text="a cat", is_private=True))
    (picture_id,) = await stage.picture_ids(request_id)
    grid = await grid_id(stage, request_id)
    for action, argument in (
        (Action.PICK, f"{grid}:1"), (Action.LARGER, picture_id), (Action.ORIGINAL, picture_id),
        (Action.DETAILS, grid), (Action.MORE, grid), (Action.VARY, picture_id),
        (Action.AGAIN, request_id), (Action.SHOW, request_id), (Action.CANCEL, request_id),
        (Action.EDIT, request_id), (Action.REPORT, f"{request_id}:violence"),
    ):  # fmt: skip
        reply = await stage.press(action, argument, "bob", "cat > dog")
        assert reply.is_refused, action
        assert "no longer here" in reply.card.lines[0]
    assert (await stage.press(Action.LARGER, picture_id)).card.is_private


async def test_deleting_takes_rows_and_messages(stage: Stage) -> None:
    """Asked once more, then everything is gone; nobody else can do it."""
    request_id = await stage.delivered()
    assert (await stage.press(Action.DELETE, f"{request_id}:yes", "bob")).is_refused
    asked = await stage.press(Action.DELETE, request_id)
    assert await stage.rows(Request, Request.id == request_id)
    await stage.press(Action.DELETE, button(asked.card, Action.DELETE).argument)
    assert not await stage.rows(Request, Request.id == request_id)
    assert not await stage.rows(Picture)
    for chore in list(stage.app.studio.chores):
        await chore
    assert stage.chat.deleted == ["m1"]


async def test_sharing_is_the_requesters(stage: Stage) -> None:
    """Once a picture, a vote each time it is pressed anew; the gallery shows it to its place."""
    request_id = await stage.delivered()
    (picture_id,) = await stage.picture_ids(request_id)
    assert (await stage.press(Action.SHARE, picture_id, "bob")).is_refused
    assert "in the gallery now" in (await stage.press(Action.SHARE, picture_id)).card.lines[0]
    assert "already" in (await stage.press(Action.SHARE, picture_id)).card.lines[0]
    assert len(await stage.rows(Share)) == 1
    shown = await stage.command("gallery", who="bob")
    assert len(shown.card.images) == 1
    elsewhere = await stage.command("gallery", who="bob", place="another room")
    assert not elsewhere.card.images


async def test_an_older_result_comes_back_with_living_buttons(stage: Stage) -> None:
    """Its message is known from then on: a reply to it edits the result."""
    request_id = await stage.delivered()
    again = stage.event()
    reply = await stage.app.studio.command(again, "show", {"request": request_id[-6:]})
    assert reply.card.kind is CardKind.GRID
    await stage.app.studio.posted(again, reply.card, "shown-1")
    edit = await stage.app.studio.say(stage.event("bob", message_id="shown-1"), "make it night")
    (made,) = await stage.rows(Request, Request.id == edit.request_id)
    assert (made.kind, made.wish) == ("edit", "make it night")
    assert await stage.rows(Delivery, Delivery.message_id == "shown-1")


@pytest.mark.parametrize(
    ("words", "position"),
    [("2", 2), ("#1", 1), ("第四张", 4), ("3!", 3), ("4", 4), ("5", 0), ("2 cats", 0), ("0", 0)],
)
async def test_a_number_in_reply_is_a_vote(stage: Stage, words: str, position: int) -> None:
    """Whoever is asked which picture they like best may say so; anything else edits."""
    request_id = await stage.delivered(Ask(text="a cat", count=4))
    (shown,) = await stage.rows(Delivery, Delivery.request_id == request_id)
    await stage.app.studio.say(stage.event("bob", message_id=shown.message_id), words)
    votes = await stage.rows(Vote, Vote.kind == "pick")
    slots = await stage.rows(Slot, Slot.position == position)
    assert [vote.picture_id for vote in votes] == [slot.picture_id for slot in slots]
    assert len(await stage.rows(Request)) == (1 if position else 2)


async def test_an_edit_of_an_edit_keeps_every_word(stage: Stage) -> None:
    """What was said before stays in the wish, also a word that was changed."""
    first = await stage.delivered(Ask(text="a brick house", seed=5))
    changed = await stage.press(
        Action.CHANGE_WORD, await grid_id(stage, first), text="house > tower"
    )
    second = (await settle(stage.app, changed)).request_id
    edited = await stage.press(Action.EDIT, second, text="make it night")
    third = (await settle(stage.app, edited)).request_id
    last = await settle(stage.app, await stage.press(Action.EDIT, third, text="with snow"))
    (result,) = await stage.app.studio.results(last.request_id)
    assert result.prompt.startswith("a brick tower, make it night, with snow")
    assert result.seed == 5


def test_a_prompt_in_chinese_stays_so() -> None:
    """Where words are used as they are said, the new one is, too."""
    brief = Brief(wish="红色的猫", language="zh", prompt="红色的猫")
    assert as_painted(brief, "猫", "狗") == ("猫", "狗")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("cat", "dog", ("cat", "dog")),
        ("猫", "狗", ("cat", "dog")),  # the prompt is English, whoever reads it
        ("小猫", "龙", ("cat", "dragon")),
        ("可爱", "雄伟", ("可爱", "雄伟")),  # in the wish, which is read anew
        ("CAT", "dog", ("CAT", "dog")),
        ("cat", "狗", ("cat", "dog")),
    ],
)
def test_a_word_is_changed_in_either_language(old: str, new: str, words: tuple[str, str]) -> None:
    """A Chinese word means its English name in the prompt."""
    brief = Brief(wish="画点可爱的", language="zh", prompt="a cat, soft light")
    assert as_painted(brief, old, new) == words


async def test_a_word_that_is_not_there_is_said(stage: Stage) -> None:
    """Nothing is painted for nothing."""
    request_id = await stage.delivered()
    grid = await grid_id(stage, request_id)
    reply = await stage.press(Action.CHANGE_WORD, grid, text="bicycle > car")
    assert reply.is_refused
    assert "bicycle" in reply.card.lines[0]
    assert len(await stage.rows(Request)) == 1
