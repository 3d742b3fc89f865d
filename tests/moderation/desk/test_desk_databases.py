"""The desk on both databases: every page, a decision, its undo, a look through the log."""

from __future__ import annotations

import re
from pathlib import Path

import httpx2

from moderation.desk.site import make_site
from store.sessions import Database
from store.tables import RequestState
from tests.moderation.desk.desk_reader import Reader
from tests.moderation.desk.desk_world import URL, World, picture

PATHS = ("/", "/p/club", "/p/club?kind=review", "/p/club/results", "/p/club/people/lin",
         "/p/club/statistics", "/audit", "/audit?subject=claim")  # fmt: skip


async def test_a_morning_at_the_desk(db: Database, tmp_path: Path) -> None:
    """What is read and written is the same on SQLite and on Postgres."""
    world = World(db=db, folder=tmp_path)
    await world.settle()
    await world.ask("a boat", state=RequestState.DELIVERED, pictures=[picture()])
    cases = [await world.case(f"same {n}", pdq="0f" * 32, minutes=9 - n) for n in range(3)]
    transport = httpx2.ASGITransport(app=make_site(world.house))
    async with httpx2.AsyncClient(transport=transport, base_url=URL) as client:
        ada = Reader(client)
        await ada.post("/enter", secret=await world.link("ada"))
        page = (await ada.get("/p/club/next")).text
        assert f'data-case="{cases[0]}"' in page
        (path,) = re.findall(r'<img src="([^"]+)"', page)
        assert (await ada.get(path)).status_code == 200
        assert cases[2] in (await ada.get(f"/p/club/cases/{cases[0]}/similar")).text
        told = await ada.post(f"/p/club/cases/{cases[0]}/reject", reason="hate", also=cases[1:])
        assert "Refused: 3 cases" in told.text
        await ada.post("/p/club/undo", case=cases)
        await ada.post(f"/p/club/cases/{cases[0]}/notes", text="again")
        await ada.post(f"/p/club/cases/{cases[0]}/skip")
        await ada.post("/p/club/people/lin/ban", days="1", reason="hate", everywhere="yes")
        for path in PATHS:
            assert (await ada.get(path)).status_code == 200, path
        assert "are sound" in (await ada.post("/audit/check")).text
