"""Where the real client and the official description differ: every entry is still needed."""

from __future__ import annotations

from dataclasses import replace

from bot.asks import Reply
from bot.chat import Action, Button, Card, CardKind, Image
from tests.bot.discord_chat.conftest import Scene, plain
from tests.emulators.discord.judging import ALLOWED

PICTURE = Image(sha256="a" * 64, media_type="image/png", alt_text="a cat")
CARD = Card(
    kind=CardKind.GRID, lines=("Here.",), images=(PICTURE,),
    buttons=((Button(label="1", action=Action.CLAIM, argument="c1"),),),
)  # fmt: skip


async def test_no_entry_is_there_in_vain(scene: Scene) -> None:
    """Pictures in an answer, in an edit and in place of one; a late message that calls, one by
    direct message, and one in reply."""
    scene.studio.answers = [Reply(card=CARD), Reply(card=CARD, is_update=True)]
    asked = await scene.ann.slash(scene.room, "imagine", prompt="a cat")
    shown = await scene.discord.until(lambda: asked.original)
    await scene.ann.click(shown, "1")
    await scene.quiet()
    address = scene.studio.events[0].address
    message = f"{scene.room.id}:{shown.id}"
    await scene.chat.edit(address, message, CARD)
    late = {**address, "until": 1.0}
    await scene.chat.send(late, CARD, nonce="n1")
    await scene.chat.send(late, replace(CARD, is_private=True), nonce="n2")
    scene.studio.answers = [Reply(card=plain("Yes."))]
    await scene.ann.says(scene.room, f"<@{scene.discord.state.bot.id}> hello")
    await scene.quiet()
    assert scene.discord.judge.unneeded() == []
    assert all(entry.reason for entry in ALLOWED)
