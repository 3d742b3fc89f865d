"""What chats ask of the database works on SQLite and on Postgres."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot import noticeboard
from bot.chat import Action, CardKind
from bot.courier import Courier
from bot.terms import forget_old_wishes
from store.tables import Identity, Person

from .chat_stage import acting, button


async def test_one_afternoon_on_either_database(tmp_path: Path, database_url: str) -> None:
    """Settings in JSON, the queue, notices, sharing, an export, a link, a report, forgetting."""
    async with acting(tmp_path, url=database_url) as stage:
        here = {"language": "zh-CN", "reviews": "here", "shared": "here", "count": 1}
        await stage.command("settings here", here, is_administrator=True)
        silent = stage.event("new")
        silent = replace(silent, speaker=replace(silent.speaker, locale=None))
        assert "您" in (await stage.app.studio.command(silent, "history")).card.lines[0]
        request_id = await stage.delivered()
        (picture_id,) = await stage.picture_ids(request_id)
        await stage.press(Action.SHARE, picture_id)
        await stage.press(Action.LARGER, picture_id, "bob")
        await stage.press(Action.REPORT, f"{request_id}:hate", "bob")
        await Courier(stage.app.shop).look()
        await noticeboard.post_due(stage.app.shop)
        assert {CardKind.CASE, CardKind.PICTURE} <= {card.kind for card in stage.chat.sent}
        assert (await stage.command("mydata export")).card.files
        assert (await stage.command("queue")).card.lines
        assert (await stage.command("gallery", who="bob")).card.images
        code = (await stage.command("link")).card.lines[0].split("code is ")[1][:11]
        asked = await stage.command("link", {"code": code}, who="bob")
        await stage.press(Action.LINK, button(asked.card, Action.LINK).argument, "bob")
        assert len(await stage.rows(Person)) == 2  # ann with bob, and the silent one
        assert len(await stage.rows(Identity)) == 3
        await forget_old_wishes(stage.app.db)
        sure = await stage.command("mydata delete", who="bob")
        done = await stage.press(Action.ERASE, button(sure.card, Action.ERASE).argument, "bob")
        assert "receipt" in done.card.lines[0]
