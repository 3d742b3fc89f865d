"""The demo's terminal and its people: lets them speak, waits for answers, notes what was seen.

It knows how to look things up, and not what the script hopes to see.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.asks import Result, Standing
from bot.chat import Card, CardKind, Event, Place, Speaker
from bot.cli.front_door import ready_database
from bot.console_chat import PLATFORM, ConsoleChat, Line
from bot.console_pictures import PictureShelf
from bot.contact_sheet import Section, compose
from bot.edge import terminal_language
from bot.following import LOOK_SECONDS, follow
from bot.logs import open_logs
from bot.settings import Settings
from bot.terminal_pictures import ability
from bot.texts import say
from store.tables import RequestState, new_id

from .ledger import Ledger

if TYPE_CHECKING:
    from bot.app import App, Pace, Parts


PATIENCE_SECONDS = 120.0  # with one request; a demo that hangs shows nothing


@dataclass(frozen=True, kw_only=True)
class Made:
    """A wish that became pictures."""

    wish: str
    results: list[Result]


@dataclass
class Stage:
    """One performance."""

    app: App
    chat: ConsoleChat
    ledger: Ledger
    settings: Settings
    person: Speaker
    moderator: Speaker
    seen: dict[str, bool] = field(default_factory=dict)  # by key of the sentence that tells it
    made: list[Made] = field(default_factory=list)

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, settings: Settings, parts: Parts | None = None, pace: Pace | None = None
    ) -> AsyncIterator[Stage]:
        """A service of its own, started; stopped at the end."""
        from bot.app import build

        open_logs(settings)
        ready_database(settings)
        app = build(settings, ("chat", "render"), parts=parts, pace=pace)
        run = new_id()[-6:]  # new people every time: terms, quota and warnings start afresh
        stage = cls(
            app=app,
            chat=_chat(app, settings, run),
            ledger=Ledger(settings.url),
            settings=settings,
            person=Speaker(platform=PLATFORM, external_id=f"mei-{run}", name="Mei", locale="en"),
            moderator=Speaker(
                platform=PLATFORM,
                external_id=f"ada-{run}",
                name="Ada",
                locale=terminal_language(settings),
            ),
        )
        app.join(stage.chat)
        await app.start()
        try:
            yield stage
        finally:
            await app.stop()
            await stage.ledger.close()

    @property
    def has_shown_everything(self) -> bool:
        """True where all that the script looked for was there."""
        return all(self.seen.values())

    def tell(self, key: str, **args: object) -> None:
        """A line of the narrator's."""
        words = say(terminal_language(self.settings), key, **args)
        self.chat.console.print(f"—— {words}\n", style="italic yellow", markup=False)

    def note(self, key: str, is_seen: bool) -> None:
        """Remember whether something that is to be shown was seen."""
        self.seen[key] = is_seen

    async def says(self, speaker: Speaker, text: str) -> None:
        """One line typed into the terminal."""
        await self.chat.hear(Line(speaker=speaker, text=text))

    async def wishes(self, text: str) -> Standing | None:
        """The person's line, and where its request stands once they have been told."""
        await self.says(self.person, text)
        return await self.begun()

    async def begun(self) -> Standing | None:
        """Where the request of the last answer stands once they have been told."""
        reply = self.chat.last_reply
        if reply is None or reply.request_id is None:
            return None
        return await self.settled(reply.request_id)

    async def settled(self, request_id: str, *, is_final: bool = False) -> Standing:
        """Wait until nothing more happens by itself, or until it is over, and the person has been
        told so; where that takes too long, where it stands then."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._settled(request_id, is_final=is_final)
        return await self.app.studio.standing(request_id)

    async def _settled(self, request_id: str, *, is_final: bool) -> Standing:
        while True:
            standing = await follow(self.app.studio, request_id)
            is_told = standing.state is RequestState.CANCELLED or await self.ledger.is_told(
                request_id, standing.round
            )
            if is_told and (standing.is_final or not is_final):
                return standing
            await asyncio.sleep(LOOK_SECONDS)

    async def keep(self, wish: str, standing: Standing | None) -> bool:
        """Note the pictures of a wish for the sheet; True where it has been delivered."""
        if standing is None or standing.state is not RequestState.DELIVERED:
            return False
        results = await self.app.studio.results(standing.request_id)
        self.made.append(Made(wish=wish, results=results))
        return bool(results)

    def last_card(self, kind: CardKind) -> Card | None:
        """The newest card of that kind that was sent."""
        cards = [card for card in self.chat.cards.values() if card.kind is kind]
        return cards[-1] if cards else None

    def event(self, speaker: Speaker) -> Event:
        """Something that is done and not typed."""
        return Event(id=new_id(), speaker=speaker, place=self.chat.place_here)

    async def end(self, seconds: float) -> None:
        """What was seen, where the pictures are, how long it took."""
        self.tell("demo-end")
        language = terminal_language(self.settings)
        for key, is_seen in self.seen.items():
            self.chat.console.print(f"{'✓' if is_seen else '✗'} {say(language, key)}")
        self.chat.console.print()
        print_ = self.chat.console.print
        print_(say(language, "demo-pictures", folder=str(self.chat.shelf.folder)))
        if self.made:
            print_(say(language, "demo-sheet", file=str(await self._draw_sheet())))
        print_(say(language, "demo-seconds", seconds=round(seconds)))
        if not self.has_shown_everything:
            print_(say(language, "demo-failed"))

    async def _draw_sheet(self) -> os.PathLike[str]:
        from PIL import Image

        sections = []
        for made in self.made:
            blobs = [await self.app.blobs.get(result.sha256) for result in made.results]
            prompt = made.results[0].prompt
            sections.append(
                Section(
                    title=made.wish,
                    latin=prompt,
                    note=prompt if prompt != made.wish else "",
                    pictures=[Image.open(io.BytesIO(blob)) for blob in blobs],
                    captions=[f"{one.position}   seed {one.seed}" for one in made.results],
                )
            )
        path = self.chat.shelf.folder / "sheet.png"
        compose(sections, font=self.settings.font_file).save(path)
        return path


def _chat(app: App, settings: Settings, run: str) -> ConsoleChat:
    from rich.console import Console

    console = Console(highlight=False)
    shelf = PictureShelf(
        settings.data_dir / "pictures" / run,
        app.blobs.get,
        how=ability(os.environ, sys.stdout.isatty()),
        write=sys.stdout.write,
        columns=console.width,
    )
    return ConsoleChat(
        app.studio,
        _nobody(),
        console=console,
        shelf=shelf,
        settings=settings,
        place=Place(platform=PLATFORM, external_id="demo", name="demo"),
        echoes=True,
    )


async def _nobody() -> AsyncIterator[Line]:
    """The script speaks line by line; nobody sits at the keyboard."""
    nothing: tuple[Line, ...] = ()
    for line in nothing:
        yield line
