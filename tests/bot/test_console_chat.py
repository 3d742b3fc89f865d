"""The terminal chat: it translates lines into calls and cards into text, and knows no more."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pictures
from rich.console import Console

from bot import cards, forms, receipts, result_cards
from bot.asks import Reply, Standing
from bot.chat import Action, Card, CardKind, Event, Form, Speaker
from bot.console_chat import ConsoleChat, Line
from bot.console_pictures import PictureShelf
from bot.settings import Settings
from inference.expansion.brief import Brief, Span
from store.tables import RequestState

MEI = Speaker(platform="terminal", external_id="mei", name="Mei", locale="en-US")
ADA = Speaker(platform="terminal", external_id="ada", name="Ada", locale="en")
BRIEF = Brief(wish="cute", language="en", prompt="a cute cat", added=(Span(start=7, end=10),))
GRID = result_cards.grid(
    "en", request_id="r1", grid_id="g1", brief=BRIEF,
    pictures=[result_cards.ShownPicture(picture_id=f"p{n}", sha256=f"{n}" * 64) for n in (1, 2)],
)  # fmt: skip

MORE = result_cards.more(
    "en", request_id="r1", grid_id="g1", pictures=[], may_share=True, may_delete=True
)


@dataclass
class FakeStudio:
    """Remembers what it was asked; answers everything with one card."""

    calls: list[tuple[Any, ...]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    card: Card = field(default_factory=lambda: Card(kind=CardKind.PLAIN, lines=("Yes.",)))
    request_id: str | None = None
    states: list[RequestState] = field(default_factory=list)  # before it is delivered

    def _reply(self, event: Event, *call: Any) -> Reply:
        self.calls.append(call)
        self.events.append(event)
        return Reply(card=self.card, request_id=self.request_id)

    async def command(self, event: Event, name: str, options: Mapping[str, Any]) -> Reply:
        if name == "history":
            raise ZeroDivisionError("a bug")
        return self._reply(event, name, dict(options))

    async def form(self, event: Event, action: Action, argument: str) -> Form | None:
        return forms.form("en", action) if action in forms.FORMS else None

    async def posted(self, event: Event, card: Card, message_id: str) -> None:
        self.calls.append(("posted", card.receipt, message_id))

    async def say(self, event: Event, text: str, reply_to: str | None = None) -> Reply:
        return self._reply(event, "say", text, reply_to)

    async def press(self, event: Event, action: Action, argument: str, text: str = "") -> Reply:
        return self._reply(event, action, argument, text)

    async def standing(self, request_id: str) -> Standing:
        state = self.states.pop() if self.states else RequestState.DELIVERED
        return Standing(request_id=request_id, state=state, round=1)

    async def told(self, request_id: str) -> Card:
        return GRID


async def load_blob(sha256: str) -> bytes:
    """A picture for any hash."""
    held = io.BytesIO()
    Pictures.new("RGB", (8, 8), (200, 0, 0)).save(held, "PNG")
    return held.getvalue()


async def talk(
    studio: FakeStudio,
    folder: Path,
    *lines: str | Line,
    sent: Card | None = None,
    finishes: bool = False,
    fetches: bool = False,
) -> tuple[ConsoleChat, str]:
    """What the terminal printed while Mei, or who a line names, typed ``lines``."""
    out = io.StringIO()

    async def typed() -> AsyncIterator[Line]:
        for line in lines:
            yield line if isinstance(line, Line) else Line(speaker=MEI, text=line)

    chat = ConsoleChat(
        studio, typed(), console=Console(file=out, width=100), settings=Settings(data_dir=folder),
        shelf=PictureShelf(folder / "pictures", load_blob),
    )  # type: ignore[arg-type]  # fmt: skip
    chat.finishes, chat.fetches = finishes, fetches
    if sent is not None:
        await chat.send({"to": "mei", "name": "Mei"}, sent, nonce="n1")
    await chat.run()
    return chat, out.getvalue()


@pytest.mark.parametrize(
    ("line", "call"),
    [
        ("a red star", ("say", "a red star", None)),
        ("/画 一只猫 --count 2", ("imagine", {"prompt": "一只猫", "count": 2})),
        ("2", (Action.PICK, "g1:2", "")),
        ("/vary 2", (Action.VARY, "p2", "")),
        ("/allbad", (Action.ALL_BAD, "g1", "")),
        ("/larger 2", (Action.LARGER, "p2", "")),
        ("/own", (Action.OWN_WORDS, "r1", "")),
        ("/cases", ("cases", {})),
    ],
)
async def test_lines_become_calls(tmp_path: Path, line: str, call: tuple[Any, ...]) -> None:
    """Words, commands and the buttons of the newest card."""
    studio = FakeStudio()
    await talk(studio, tmp_path, line, sent=GRID)
    assert studio.calls == [call]


async def test_a_card_is_printed_with_marks_and_numbers(tmp_path: Path) -> None:
    """The added words stand in marks without any colour; buttons have numbers; files are named."""
    _, said = await talk(FakeStudio(), tmp_path, sent=GRID)
    assert "a cute [+cat+]" in said
    assert "[1]" in said
    assert len(list((tmp_path / "pictures").glob("*.png"))) == 2


async def test_the_end_of_a_piped_input_waits_for_what_was_asked(tmp_path: Path) -> None:
    """Nobody is there to leave: it says that it finishes, and does; at a keyboard it just ends."""
    for finishes in (True, False):
        studio = FakeStudio(request_id="r1", states=[RequestState.PAINTING] * 2)
        _, said = await talk(studio, tmp_path, "a red star", finishes=finishes, fetches=True)
        assert ("That was all" in said) is finishes
        assert ("a cute [+cat+]" in said) is finishes


async def test_what_was_withdrawn_is_said_once(tmp_path: Path) -> None:
    """The answer says it in the language of the terminal; the message that told the progress of a
    Chinese wish becomes what it is without saying it again."""
    told = Card(kind=CardKind.PLAIN, lines=("Withdrawn.",))
    chat, _ = await talk(FakeStudio(card=told, request_id="r1"), tmp_path, "/cancel")
    progress = replace(cards.progress("zh-CN", request_id="r1"), receipt=receipts.progress("r1"))
    number = await chat.send({"to": "mei"}, progress, nonce="p")
    said_before = chat.console.file.getvalue()
    gone = cards.plain("zh-CN", "cancelled")
    await chat.edit({"to": "mei"}, number, gone)
    assert chat.console.file.getvalue() == said_before
    assert chat.cards[number] == gone


async def test_a_nonce_is_printed_once(tmp_path: Path) -> None:
    """Sending the same thing again shows nothing and names the same message."""
    chat, _ = await talk(FakeStudio(), tmp_path, sent=GRID)
    first = next(iter(chat.cards))
    assert await chat.send({"to": "mei"}, GRID, nonce="n1") == first
    assert len(chat.cards) == 1


async def test_a_button_that_needs_words_asks_for_them(tmp_path: Path) -> None:
    """The next plain line completes it; a command in between gives it up. What "more" would show
    is found by its name."""
    studio = FakeStudio(card=MORE)
    lines = ("/word", "cat > dog", "/word", "/cases", "/word cat > fox")
    _, said = await talk(studio, tmp_path, *lines, sent=GRID)
    assert "Which word shall become which?" in said
    pressed = [call for call in studio.calls if call[0] is not Action.MORE]
    assert pressed == [
        (Action.CHANGE_WORD, "g1", "cat > dog"),
        ("cases", {}),
        (Action.CHANGE_WORD, "g1", "cat > fox"),
    ]


async def test_people_press_only_what_they_were_shown(tmp_path: Path) -> None:
    """A number means a button of one's own newest card."""
    studio = FakeStudio()
    _, said = await talk(studio, tmp_path, Line(speaker=ADA, text="1"), sent=GRID)
    assert studio.calls == []
    assert "no such button" in said


async def test_the_language_follows_the_person(tmp_path: Path) -> None:
    """What they chose, else the script they write in, else their locale."""
    studio = FakeStudio()
    await talk(studio, tmp_path, "a cat", "一只猫", "/language zh", "a cat")
    locales = [event.speaker.locale for event in studio.events]
    assert locales == ["en", "zh-CN", "en", "zh-CN"]
    assert ("settings me", {"language": "zh-CN"}) in studio.calls


async def test_an_edit_names_the_pictures_shown_last(tmp_path: Path) -> None:
    """Plain words about a picture are a reply to its message."""
    studio = FakeStudio()
    chat, _ = await talk(studio, tmp_path, "/edit make it blue", sent=GRID)
    assert studio.calls == [("say", "make it blue", next(iter(chat.cards)))]


async def test_hidden_pictures_are_uncovered_on_request(tmp_path: Path) -> None:
    """A case shows nothing until its moderator asks for it."""
    from dataclasses import replace

    hidden = replace(GRID, images=tuple(replace(i, is_spoiler=True) for i in GRID.images))
    _, said = await talk(FakeStudio(), tmp_path, sent=hidden)
    assert "2 pictures are hidden" in said
    assert not (tmp_path / "pictures").exists()
    await talk(FakeStudio(), tmp_path, "/uncover", sent=hidden)
    assert len(list((tmp_path / "pictures").glob("*.png"))) == 2


async def test_a_bug_does_not_end_the_conversation(tmp_path: Path) -> None:
    """One sentence with a trace, no stack; the next line is heard."""
    studio = FakeStudio()
    _, said = await talk(studio, tmp_path, "/history", "a cat")
    assert "unforeseen" in said
    assert "Traceback" not in said
    assert studio.calls == [("say", "a cat", None)]


async def test_quit_leaves(tmp_path: Path) -> None:
    """Nothing after it is heard."""
    studio = FakeStudio()
    await talk(studio, tmp_path, "/退出", "a cat")
    assert studio.calls == []


async def test_help_names_every_command(tmp_path: Path) -> None:
    """In both languages' words."""
    _, said = await talk(FakeStudio(), tmp_path, "/help")
    assert "/imagine /画" in said
    assert "/release /放行" in said


async def test_beside_a_service_results_are_fetched(tmp_path: Path) -> None:
    """With no address the service sends nothing; the terminal looks and prints."""
    import asyncio

    studio = FakeStudio(request_id="r1")
    out = io.StringIO()

    async def typed() -> AsyncIterator[Line]:
        yield Line(speaker=MEI, text="a cat")
        await asyncio.sleep(0.3)

    chat = ConsoleChat(
        studio, typed(), console=Console(file=out, width=100), settings=Settings(data_dir=tmp_path),
        shelf=PictureShelf(tmp_path / "pictures", load_blob),
    )  # type: ignore[arg-type]  # fmt: skip
    chat.fetches = True
    await chat.run()
    assert dict(studio.events[0].address) == {}
    assert "a cute [+cat+]" in out.getvalue()


async def test_what_an_earlier_run_printed_may_still_change(tmp_path: Path) -> None:
    """After a restart the news of an old message is told, and pressing goes on working."""
    studio = FakeStudio()
    chat, _ = await talk(studio, tmp_path)
    await chat.edit({"to": "mei"}, "of-another-run", Card(kind=CardKind.PROGRESS, lines=("Go.",)))
    await chat.send({"to": "mei"}, GRID, nonce="n2")
    assert await chat.hear(Line(speaker=MEI, text="2"))
    assert studio.calls == [(Action.PICK, "g1:2", "")]
    await chat.delete({"to": "mei"}, "of-another-run")
    assert await chat.hear(Line(speaker=MEI, text="/own"))
