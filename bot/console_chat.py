"""The chat in a terminal: lines in, cards out, the same core as any other chat.

It only translates. Lines come from an iterator, so that a person at a keyboard, a script and a
test speak through the same code; several people may share one terminal.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from store.tables import new_id

from . import console_cards, receipts
from .asks import Reply
from .chat import Action, Button, Card, CardKind, Event, Image, Place, Speaker, Upload
from .command_lines import read_line
from .commands import Kind, Option
from .console_commands import Command, Verb, parse
from .console_help import help_card
from .console_pictures import PictureShelf
from .edge import WrongUsage, explain
from .following import follow
from .settings import Settings
from .texts import LANGUAGES, known_language, pick_language, say

if TYPE_CHECKING:
    from rich.console import Console

    from .requests import Studio

PLATFORM = "terminal"


@dataclass(frozen=True, kw_only=True)
class Line:
    """What one person typed."""

    speaker: Speaker
    text: str
    id: str = ""  # of the event; a line that is heard twice has the same
    is_administrator: bool = False


class ConsoleChat:
    """A terminal as a chat platform. ``echoes``: print what is typed, for scripts."""

    platform = PLATFORM

    def __init__(
        self,
        studio: Studio,
        lines: AsyncIterator[Line],
        *,
        console: Console,
        shelf: PictureShelf,
        settings: Settings,
        place: Place | None = None,
        echoes: bool = False,
    ) -> None:
        self.studio, self.lines, self.console, self.shelf = studio, lines, console, shelf
        self.settings, self.echoes = settings, echoes
        self.fetches = False  # True: beside the service, which sends nothing to this terminal
        self.finishes = False  # True: nobody sits here, and what was asked is waited for at the end
        self.place_here = place or Place(platform=PLATFORM, external_id="here", is_private=True)
        self.last_reply: Reply | None = None
        self.cards: dict[str, Card] = {}  # by message id
        self.shown_to: dict[str, str] = {}  # by message id, whom it was shown first
        self._said: dict[str, str] = {}  # message id by nonce
        self._waiting: dict[str, Button] = {}  # a button that waits for words, by person
        self._languages: dict[str, str] = {}  # chosen with /language
        self._names: dict[str, str] = {}
        self._fetching: set[asyncio.Task[None]] = set()
        self._asked: dict[str, None] = {}  # request ids, oldest first

    async def run(self) -> None:
        """Hear every line until the last one or ``/quit``."""
        async for line in self.lines:
            if not await self.hear(line):
                break
        else:
            await self._finish()
        for task in self._fetching:
            task.cancel()

    async def _finish(self) -> None:
        """The input is at its end: bring home what was asked, where nobody is there to leave."""
        asked = [one for one in self._asked if not (await self.studio.standing(one)).is_final]
        if not (self.finishes and asked):
            return
        words = say(self.settings.language, "console-finishing", count=len(asked))
        self.console.print(words, style="dim", highlight=False)
        num_before = len(self._said)
        for request_id in asked:
            await follow(self.studio, request_id)
        await asyncio.gather(*self._fetching)
        for _ in range(0 if self.fetches else 60):  # its end is told a moment after it is known
            if len(self._said) - num_before >= len(asked):
                break
            await asyncio.sleep(0.05)

    async def send(
        self, address: Mapping[str, Any], card: Card, *, nonce: str, replaces: str | None = None
    ) -> str:
        """Print ``card`` for the person the address names; what it replaces stays where it is."""
        if nonce in self._said:
            return self._said[nonce]
        self._names.setdefault(str(address.get("to", "")), str(address.get("name", "")))
        self._said[nonce] = await self._print(str(address.get("to", "")), card)
        return self._said[nonce]

    async def edit(self, address: Mapping[str, Any], message_id: str, card: Card) -> None:
        """Print what changed; a terminal cannot take words back."""
        before = self.cards.get(message_id)
        if before == card:
            return
        self.cards[message_id] = card
        if before is not None and card.kind is CardKind.PLAIN and self._was_answered(before):
            return  # they were told in the answer, in the language they speak
        self.shown_to.setdefault(message_id, str(address.get("to", "")))  # of an earlier run
        if card.kind is CardKind.PROGRESS:  # one quiet line for each thing that is new
            self.console.print(f"· {' '.join(card.lines)}", style="dim", highlight=False)
        else:
            await self._print(str(address.get("to", "")), card)

    def _was_answered(self, shown: Card) -> bool:
        """Whether the newest answer was about the request whose progress that card shows."""
        reply = self.last_reply
        is_plain = reply is not None and reply.card.kind is CardKind.PLAIN
        about = reply.request_id if reply is not None and is_plain else None
        return about is not None and about == receipts.request_of(shown.receipt)

    async def delete(self, address: Mapping[str, Any], message_id: str) -> None:
        """Forget the message, so that nobody presses it any more."""
        self.cards.pop(message_id, None)
        self.shown_to.pop(message_id, None)

    def place(self, address: Mapping[str, Any]) -> Mapping[str, Any]:
        """A terminal has one place."""
        return {"to": self.place_here.external_id, "name": self.place_here.name}

    async def hear(self, line: Line) -> bool:
        """Act on one line; False where the person wants to leave."""
        self._names[line.speaker.external_id] = line.speaker.name
        language = self._language_of(line)
        if self.echoes:
            self._echo(line)
        try:
            command = self._meant(line)
            if command is None:
                return True
            if command.verb is Verb.QUIT:
                return False
            await self._obey(line, command, language)
        except Exception as error:  # noqa: BLE001  (the edge: it is explained and recorded)
            problem = explain(error, language, self.settings)
            failed = Card(kind=CardKind.FAILED, lines=(problem.sentence,), trace=problem.trace)
            await self._print(line.speaker.external_id, failed)
        return True

    def _meant(self, line: Line) -> Command | None:
        """The command, where plain words complete a button that asked for them."""
        waiting = self._waiting.pop(line.speaker.external_id, None)
        if waiting and line.text.strip() and not line.text.lstrip().startswith(("/", "／")):
            return Command(verb=Verb.PRESS, action=waiting.action, text=line.text.strip())
        return parse(line.text)

    async def _obey(self, line: Line, command: Command, language: str) -> None:
        event = self._event(line, language)
        to = line.speaker.external_id
        match command.verb:
            case Verb.COMMAND:
                await self._answer(event, await self._command(event, command.text))
            case Verb.WORDS:
                await self._answer(event, await self.studio.say(event, command.text))
            case Verb.EDIT:
                shown = self._last_grid()
                await self._answer(event, await self.studio.say(event, command.text, shown))
            case Verb.PRESS:
                await self._press(event, command)
            case Verb.UNCOVER:
                await self._uncover(to, language)
            case Verb.LANGUAGE:
                await self._choose_language(event, command.text, language)
            case _:
                await self._print(to, help_card(language))

    async def _command(self, event: Event, line: str) -> Reply:
        """A command; a file stands for a picture, a name for a person."""
        typed = read_line(line)
        if typed is None:
            raise WrongUsage("console-unknown-command", name=line)
        options = {
            name: _from_terminal(typed.command.option(name), value)
            for name, value in typed.options.items()
        }
        return await self.studio.command(event, typed.command.name, options)

    async def _press(self, event: Event, command: Command) -> None:
        to = event.speaker.external_id
        button = self._button(to, command) or await self._behind_more(event, command)
        if button is None:
            raise WrongUsage("console-no-button")
        await self._press_button(event, button, command.text)

    async def press_button(self, line: Line, button: Button) -> None:
        """Press a button of a card that was printed; the line's text goes into its form."""
        event = self._event(line, self._language_of(line))
        await self._press_button(event, button, line.text)

    async def _press_button(self, event: Event, button: Button, text: str) -> None:
        to = event.speaker.external_id
        form = await self.studio.form(event, button.action, button.argument)
        if form is not None and not text:
            self._waiting[to] = button
            await self._print(to, Card(kind=CardKind.PLAIN, lines=(form.label, form.placeholder)))
            return
        reply = await self.studio.press(event, button.action, button.argument, text)
        await self._answer(event, reply)

    async def _behind_more(self, event: Event, command: Command) -> Button | None:
        """A button by its name that "more" of the newest result would show."""
        to = event.speaker.external_id
        opens = self._button(to, Command(verb=Verb.PRESS, action=Action.MORE))
        if command.action is None or opens is None:
            return None
        reply = await self.studio.press(event, opens.action, opens.argument)
        return _nth(reply.card, command)

    def _last_grid(self) -> str | None:
        grids = [one for one, card in self.cards.items() if card.kind is CardKind.GRID]
        return grids[-1] if grids else None

    def visible(self, to: str) -> list[tuple[str, Card]]:
        """What this person may press, oldest first: what they were shown, and what is public."""
        return [
            (message_id, card)
            for message_id, card in self.cards.items()
            if self.shown_to[message_id] == to or not card.is_private
        ]

    def _button(self, to: str, command: Command) -> Button | None:
        """The button meant: by its number on one's own newest card with buttons, or by its name
        on the newest card of anyone's that has it."""
        for message_id, card in reversed(self.visible(to)):
            if command.action is not None:
                if found := _nth(card, command):
                    return found
            elif self.shown_to[message_id] == to and (card.buttons or card.menus):
                return console_cards.numbered(card).get(command.number or 0)
        return None

    async def _answer(self, event: Event, reply: Reply) -> None:
        if reply.is_duplicate:
            return
        self.last_reply = reply
        to = event.speaker.external_id
        for card in (reply.card, *reply.also):
            message_id = await self._print(to, card)
            if card.receipt and not self.fetches:
                await self.studio.posted(event, card, message_id)
        if reply.request_id:
            self._asked[reply.request_id] = None
        if self.fetches and reply.request_id:
            task = asyncio.create_task(self._fetch(to, reply.request_id))
            self._fetching.add(task)
            task.add_done_callback(self._fetching.discard)

    async def _fetch(self, to: str, request_id: str) -> None:
        """Print what becomes of a request that the service beside us works on."""
        await follow(self.studio, request_id)
        card = await self.studio.told(request_id)
        if card is not None:
            await self._print(to, card)

    async def _print(self, to: str, card: Card) -> str:
        """Print it and return the id it is known by."""
        message_id = new_id()
        self.cards[message_id], self.shown_to[message_id] = card, to
        if self.echoes:
            self.console.print(f"[bold]Atelier → {self._names.get(to) or to}[/bold]")
        console_cards.show(self.console, card)
        shown = [image for image in card.images if not image.is_spoiler]
        if shown:
            await self._show_pictures(shown)
        elif card.images:
            language = self._languages.get(to, self.settings.language)
            words = say(language, "console-hidden", count=len(card.images))
            self.console.print(words, style="dim", highlight=False)
        for path in await self.shelf.keep_files(card.files):
            self.console.print(f"  {path}", soft_wrap=True, highlight=False, markup=False)
        self.console.print()
        return message_id

    async def _show_pictures(self, images: list[Image]) -> None:
        for number, path in enumerate(await self.shelf.show(images), start=1):
            self.console.print(
                f"  {number}  {path}", soft_wrap=True, highlight=False, markup=False, style="dim"
            )

    async def _uncover(self, to: str, language: str) -> None:
        for _, card in reversed(self.visible(to)):
            if hidden := [replace(image, is_spoiler=False) for image in card.images]:
                return await self._show_pictures(hidden)
        raise WrongUsage("console-nothing-hidden")

    async def _choose_language(self, event: Event, text: str, language: str) -> None:
        chosen = known_language(text or None)
        if chosen is None:
            raise WrongUsage("console-which-language", languages=", ".join(LANGUAGES))
        self._languages[event.speaker.external_id] = chosen
        await self.studio.command(event, "settings me", {"language": chosen})
        await self._print(event.speaker.external_id, _sentence(chosen, "console-language-set"))

    def _language_of(self, line: Line) -> str:
        """What they chose, else the script they write in, else their terminal's language."""
        chosen = self._languages.get(line.speaker.external_id)
        written = "zh-CN" if any("\u4e00" <= c <= "\u9fff" for c in line.text) else None
        return pick_language(chosen, written or line.speaker.locale, self.settings.language)

    def _event(self, line: Line, language: str) -> Event:
        return Event(
            id=line.id or new_id(),
            speaker=replace(line.speaker, locale=language),
            is_administrator=line.is_administrator,
            place=self.place_here,
            address=(
                {} if self.fetches else {"to": line.speaker.external_id, "name": line.speaker.name}
            ),
        )

    def _echo(self, line: Line) -> None:
        self.console.print(
            f"[bold cyan]{line.speaker.name}[/bold cyan]  {line.text}\n", highlight=False
        )


def _nth(card: Card, command: Command) -> Button | None:
    """The nth button of an action, the first where no number was typed."""
    same = [
        button
        for button in console_cards.numbered(card).values()
        if button.action is command.action and button.argument.endswith(command.case)
    ]
    place = command.number or 1
    return same[place - 1] if len(same) >= place else None


def _from_terminal(option: Option | None, value: Any) -> Any:
    if option is not None and option.kind is Kind.PICTURE:
        path = Path(str(value)).expanduser()
        try:
            return Upload(data=path.read_bytes())
        except OSError:
            raise WrongUsage("usage-no-file", path=str(path)) from None
    if option is not None and option.kind is Kind.PERSON:
        return Speaker(platform=PLATFORM, external_id=str(value), name=str(value))
    return value


def _sentence(language: str, key: str) -> Card:
    return Card(kind=CardKind.PLAIN, lines=(say(language, key),))
