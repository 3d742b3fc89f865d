"""How long a moderator waits in front of the desk: from the second key of a decision to the next
case and its picture, in a real Chromium.

    python -m benchmarks.desk_browser --json [--quick]

Ten thousand cases wait on SQLite; the desk is served by this process, so browser, desk and database
share the machine. Needs Debian's Chromium and the packages of the tests.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright
from sqlalchemy import insert

import migrations
from benchmarks.path import Measure, print_report
from bot.embedded import open_database
from store.tables import Case, Request, RequestState, new_id
from tests.moderation.desk.desk_world import World, picture
from tests.moderation.desk_browser.desk_screen import (
    Screen,
    Served,
    decide_and_wait,
    find_chromium,
    serving,
)

NUM_WAITING = 10_000
NUM_DECISIONS, NUM_QUICK = 100, 20
NUM_WARM_UP = 5
NEXT_WITHIN_MS = 300.0
KEYS_PER_DECISION = 2
SIDE = 512  # of the pictures, pixels


def main() -> None:
    """Measure and print one document."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--quick", action="store_true", help="fewer decisions; under 50 s")
    options = parser.parse_args()
    chromium = find_chromium()
    if chromium is None:
        sys.exit("no Chromium on this machine; `apt-get install chromium` brings one")
    num = NUM_QUICK if options.quick else NUM_DECISIONS
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/desk.sqlite"
        migrations.upgrade(url)
        world = World(db=open_database(url, is_embedded=True), folder=Path(folder))
        with serving(world) as served:
            served.do(_fill(world, num + NUM_WARM_UP + 1))
            waits, keys = _decide(served, chromium, num)
    print_report("desk_browser", _measures(waits, keys), is_json=options.json)


async def _fill(world: World, num_seen: int) -> None:
    """Cases with a picture for those that will be looked at, the others behind them."""
    for number in range(num_seen):
        colour = f"#{(number * 2_654_435) % 0xFFFFFF:06x}"
        shown = await asyncio.to_thread(picture, colour, (SIDE, SIDE))
        await world.case(f"wish {number}", minutes=9000 - number, pictures=[shown])
    ids = [(new_id(), new_id()) for _ in range(NUM_WAITING - num_seen)]
    requests = [
        {
            "id": request_id, "person_id": "lin", "identity_id": "lin", "community_id": "club",
            "platform": "discord", "event_id": request_id, "address": {}, "wish": "waits",
            "language": "en", "state": RequestState.AWAITING_REVIEW,
        }
        for request_id, _ in ids
    ]  # fmt: skip
    cases = [
        {
            "id": case_id, "request_id": request_id, "community_id": "club", "round": 1,
            "stage": "picture", "category": "violence",
        }
        for request_id, case_id in ids
    ]  # fmt: skip
    async with world.db.session() as session:
        await session.execute(insert(Request), requests)
        await session.execute(insert(Case), cases)


def _decide(served: Served, chromium: str, num: int) -> tuple[list[float], float]:
    """Milliseconds of each wait, after some to warm up, and how many keys a decision took."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        screen = Screen(browser.new_context(viewport={"width": 1280, "height": 800}), served)
        page = screen.begin()
        for _ in range(NUM_WARM_UP):
            decide_and_wait(page)
        page.evaluate("window.keys = 0; addEventListener('keydown', () => window.keys++, true)")
        waits = [decide_and_wait(page) for _ in range(num)]
        keys = page.evaluate("window.keys")
        browser.close()
    return sorted(waits), keys / num


def _measures(waits: list[float], num_keys: float) -> list[Measure]:
    is_enough = len(waits) >= NUM_DECISIONS
    shares = {"p50": waits[len(waits) // 2], "p95": waits[int(len(waits) * 0.95)]}
    measures = [
        Measure(
            id=f"desk.browser.next.{name}",
            what=f"from the second key to the next case with its picture, {name} of {len(waits)}",
            value=round(value, 1),
            unit="ms",
            goal=NEXT_WITHIN_MS,
            ok=value <= NEXT_WITHIN_MS if is_enough else None,
        )
        for name, value in shares.items()
    ]
    keys = Measure(
        id="desk.browser.keys",
        what="keys that the browser heard for each decision",
        value=num_keys,
        unit="keys",
        goal=KEYS_PER_DECISION,
        ok=num_keys <= KEYS_PER_DECISION,
    )
    return [*measures, keys]


if __name__ == "__main__":
    main()
