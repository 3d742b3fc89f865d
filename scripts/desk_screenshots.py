"""Takes the pictures of the desk that docs/moderating.md shows: a made-up world, served here, seen
by Debian's Chromium. ``python scripts/desk_screenshots.py [FOLDER]``; needs the packages of tests.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright
from sqlalchemy import select

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))

import migrations  # noqa: E402
from inference.sketchbook.compositions import Composition, Thing  # noqa: E402
from inference.sketchbook.drawing import arrange, draw  # noqa: E402
from moderation.cases import CaseState, claim  # noqa: E402
from moderation.desk.serving import DeskServer  # noqa: E402
from moderation.policy import Category  # noqa: E402
from store.sessions import Database  # noqa: E402
from store.tables import Case, RequestState, now  # noqa: E402
from tests.moderation.desk.desk_world import World, found  # noqa: E402

FOLDER = CHECKOUT / "docs" / "images" / "desk"
PORT = 8461
WIDE, PHONE = (1180, 780), (390, 780)
COLOURS = 256  # of the palette that the files are kept in


def drawn(thing: str, colour: str, style: str, setting: str, *, seed: int = 1) -> bytes:
    """A scene as the bundled model's training draws it, as PNG."""
    scene = Composition(things=(Thing(object=thing, colour=colour),), style=style, setting=setting)
    random, out = Random(seed), io.BytesIO()
    draw(random, arrange(random, scene), side=256).save(out, "PNG")
    return out.getvalue()


async def tell_story(world: World) -> dict[str, str]:
    """Cases of all kinds; their ids by name."""
    swords = [
        drawn("sword", colour, style, setting, seed=seed)
        for seed, (colour, style, setting) in enumerate(
            [("purple", "watercolour", "sunset"), ("red", "watercolour", "sunset"),
             ("purple", "cartoon", "plain"), ("blue", "watercolour", "night")]
        )
    ]  # fmt: skip
    wish = "a knight's sword in the light of the evening"
    ids = {}
    ids["pictures"] = await world.case(
        wish, prompt=f"{wish}, watercolour, soft light, calm sky", pictures=swords, minutes=64 * 60,
        who="sam", pdq="0f" * 32,
        findings=[found(score=0.71), found(score=0.58, rule="concept.blade")],
    )  # fmt: skip
    for number in range(2):
        await world.case(
            "the same sword again", pictures=swords[number : number + 1], pdq="0f" * 32,
            minutes=55 - number, who="sam",
        )  # fmt: skip
    text = "a wanted poster of the mayor with his home address"
    start = text.index("home")
    await world.case(
        text, stage="wish", category="real_person", minutes=50, who="lin",
        findings=[found(Category.REAL_PERSON, rule="combination.person-address", score=0.66,
                        span=(start, len(text)), matched="home address")],
    )  # fmt: skip
    await world.case(
        "a skull on a book, old painting", category="violence", minutes=31,
        pictures=[drawn("skull", "white", "ink", "plain")],
        findings=[found(rule="concept.skull", score=0.55)],
    )  # fmt: skip
    ids["chinese"] = await _in_chinese(world)
    ids["appeal"] = await _appeal(world)
    await _reported(world)
    async with world.db.session() as session:  # Tom is looking at the newest
        newest = (
            select(Case.id).where(Case.state == CaseState.OPEN).order_by(Case.created_at.desc())
        )
        await claim(session, str(await session.scalar(newest.limit(1))), "tom")
    return ids


async def _in_chinese(world: World) -> str:
    wish = "一把骷髅头旁边的古剑，水墨，黄昏的天空"
    return await world.case(
        wish, prompt=f"{wish}，留白，淡墨", community="inks", language="zh-CN", minutes=42,
        pictures=[drawn("sword", "white", "ink", "sunset"), drawn("skull", "white", "ink", "night")],
        findings=[found(score=0.64), found(rule="concept.skull", score=0.52)],
    )  # fmt: skip


async def _appeal(world: World) -> str:
    wish = "how a bomb disposal robot works, cutaway drawing for a museum"
    request_id = await world.ask(wish, state=RequestState.BLOCKED, minutes=26 * 60, who="lin")
    refused = await world.case(
        wish, stage="wish", category="illicit", minutes=26 * 60, request_id=request_id,
        findings=[found(Category.ILLICIT, rule="en.weapons-making", score=0.74,
                        span=(6, 10), matched="bomb")],
    )  # fmt: skip
    await world.decide("tom", refused, "reject", "illicit")
    await _carried_out(world)
    return await world.case(
        wish, stage="wish", kind="appeal", category="illicit", minutes=25 * 60,
        request_id=request_id,
    )  # fmt: skip


async def _reported(world: World) -> None:
    request_id = await world.ask(
        "a mushroom the size of a house", state=RequestState.DELIVERED, who="sam", minutes=20,
        pictures=[drawn("mushroom", "red", "cartoon", "plain")],
    )  # fmt: skip
    await world.case(kind="report", category="hate", request_id=request_id, minutes=12)


async def add_past(world: World) -> None:
    """A month of decisions, for the statistics."""
    random = Random(4)
    rules = {"concept.weapon": 0.35, "concept.skull": 0.6, "en.violence": 0.15,
             "classifier.sexual": 0.3, "combination.person-address": 0.1}  # fmt: skip
    flat = drawn("star", "yellow", "flat", "night")
    for number in range(150):
        rule = random.choices(list(rules), weights=(6, 3, 4, 3, 1))[0]
        score = round(random.uniform(0.5, 0.98), 2)
        is_harmless = random.random() < rules[rule] * (1.6 - score) * 1.5
        case_id = await world.case(
            f"past {number}", minutes=60 * random.uniform(30, 700), pictures=[flat],
            findings=[found(rule=rule, score=score)], who="wu",
        )  # fmt: skip
        told = ("approve", "false_alarm") if is_harmless else ("reject", "violence")
        await world.decide(random.choice(["tom", "ada"]), case_id, *told)
    for number in range(9):
        objected = await world.case(
            f"objected {number}", kind="appeal", minutes=60 * random.uniform(30, 600), who="wu",
            pictures=[flat],
        )  # fmt: skip
        told = ("reject", "violence") if number % 3 else ("approve", "false_alarm")
        await world.decide("ada", objected, *told)
    await _carried_out(world)


async def _carried_out(world: World) -> None:
    """What is decided is over, and was so some hours after it came."""
    random = Random(5)
    async with world.db.session() as session:
        for case in await session.scalars(select(Case).where(Case.state == CaseState.DECIDED)):
            case.state = CaseState.CLOSED
            case.acted_number = case.decision_number
            waited = dt.timedelta(minutes=random.uniform(4, 180))
            case.decided_at = min(case.created_at + waited, now())


class Photographer:
    """Looks at the desk as somebody, and keeps what they see."""

    def __init__(self, world: World, browser: Browser, folder: Path) -> None:
        self._world, self._browser, self._folder = world, browser, folder

    @asynccontextmanager
    async def looking(
        self,
        who: str = "mei",
        *,
        size: tuple[int, int] = WIDE,
        is_dark: bool = False,
        locale: str = "en-GB",
    ) -> AsyncIterator[Page]:
        """A browser of theirs, signed in."""
        context = await self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if is_dark else "light",
            locale=locale,
        )
        page = await context.new_page()
        await page.goto(f"{self._world.url}/enter/{await self._world.link(who)}")
        await page.locator("button.big").click()
        yield page
        await context.close()

    async def go(self, page: Page, path: str) -> None:
        """To a page of the desk, until its pictures are there."""
        await page.goto(self._world.url + path, wait_until="networkidle")

    async def shoot(self, page: Page, name: str) -> None:
        """Keep what is seen, in a palette that makes it small."""
        await page.wait_for_timeout(250)  # pictures uncover slowly
        seen = Image.open(io.BytesIO(await page.screenshot())).convert("RGB")
        path = self._folder / f"{name}.png"
        seen.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
        print(path, path.stat().st_size)


async def take_all(camera: Photographer, ids: dict[str, str]) -> None:
    """Every picture of the page."""
    async with camera.looking() as page:
        await camera.go(page, "/p/club")
        await camera.shoot(page, "queue")
        await camera.go(page, f"/p/club/cases/{ids['pictures']}")
        await camera.shoot(page, "case-covered")
        await page.keyboard.press("v")
        await page.keyboard.press("r")
        await camera.shoot(page, "case-revealed")
        await camera.go(page, f"/p/club/cases/{ids['appeal']}")
        await camera.shoot(page, "appeal")
        await camera.go(page, "/p/club/statistics")
        await camera.shoot(page, "statistics")
    async with camera.looking("wu", locale="zh-CN", is_dark=True) as page:
        await camera.go(page, f"/p/inks/cases/{ids['chinese']}")
        await page.keyboard.press("v")
        await camera.shoot(page, "case-chinese-dark")
    async with camera.looking("ada", size=PHONE) as page:
        await camera.go(page, "/p/club/next")
        await camera.shoot(page, "phone")


async def main(folder: Path) -> None:
    """Make the world, serve it, look at it."""
    with tempfile.TemporaryDirectory() as scratch:
        url = f"sqlite:///{scratch}/atelier.sqlite"
        await asyncio.to_thread(migrations.upgrade, url)
        world = World(db=Database(url), folder=Path(scratch), url=f"http://127.0.0.1:{PORT}")
        await world.settle()
        await add_past(world)
        ids = await tell_story(world)
        server = DeskServer(world.house, "127.0.0.1", PORT)
        await server.start()
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            await take_all(Photographer(world, browser, folder), ids)
            await browser.close()
        await server.stop()
        await world.db.close()


if __name__ == "__main__":
    chosen = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    chosen.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(chosen))
