"""``imagine``: one wish through the real path, its pictures left in a folder."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.chat import Action, Card, CardKind
from bot.command_lines import parse_size
from bot.edge import DONE, Refused, WrongUsage
from bot.following import follow
from bot.settings import Settings
from bot.texts import say

from .bar import Bar
from .front_door import (
    LeftAlone,
    command_event,
    executing_or_beside,
    introduce_operator,
    watching,
)
from .output import Output, opened
from .picture_files import keep, show_pictures
from .words import read_picture

if TYPE_CHECKING:
    from bot.app import App
    from bot.asks import Ask, Result, Standing

    Show = Callable[[Standing], object]


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    app.command("imagine", help="help-imagine")(imagine)


@dataclass(frozen=True, kw_only=True)
class Errand:
    """What one call of the command was asked to bring home."""

    ask: Ask
    reference: bytes | None
    strength: float
    folder: Path | None

    def ask_from(self, uploaded: Sequence[str]) -> Ask:
        """The ask, starting from the picture that was uploaded, if there was one."""
        from inference.jobs import Reference

        if not uploaded:
            return self.ask
        return replace(self.ask, reference=Reference(sha256=uploaded[0], strength=self.strength))


@dataclass(frozen=True, kw_only=True)
class Home:
    """What came of it."""

    standing: Standing
    card: Card | None
    results: Sequence[Result]
    blobs: Sequence[bytes]


def imagine(  # noqa: PLR0913  (one parameter for each option)
    prompt: Annotated[str, typer.Argument(help="help-wish")] = "",
    *,
    count: Annotated[int | None, typer.Option(help="help-count")] = None,
    seed: Annotated[int | None, typer.Option(help="help-seed")] = None,
    steps: Annotated[int | None, typer.Option(help="help-steps")] = None,
    guidance: Annotated[float | None, typer.Option(help="help-guidance")] = None,
    size: Annotated[str | None, typer.Option(metavar="WxH", help="help-size")] = None,
    negative: Annotated[str, typer.Option(help="help-negative")] = "",
    style: Annotated[str | None, typer.Option(help="help-style")] = None,
    reference: Annotated[Path | None, typer.Option(metavar="FILE", help="help-reference")] = None,
    strength: Annotated[float, typer.Option(help="help-strength")] = 0.6,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="help-out")] = None,
    may_expand: Annotated[bool, typer.Option("--expand/--own-words", help="help-expand-or")] = True,
    is_json: Annotated[bool, typer.Option("--json", help="help-json")] = False,
) -> int:
    """Make pictures of a wish."""
    from bot.asks import Ask
    from bot.planning import check_ask

    settings, output = opened(is_json=is_json)
    width, height = parse_size(size) if size else (None, None)
    ask = Ask(
        text=prompt, style=style, negative_prompt=negative, count=count, steps=steps,
        guidance=guidance, seed=seed, width=width, height=height, may_expand=may_expand,
    )  # fmt: skip
    check_numbers(ask, strength, settings)
    check_ask(ask, settings)
    errand = Errand(
        ask=ask,
        reference=read_picture(reference) if reference else None,
        strength=strength,
        folder=out,
    )
    asyncio.run(_run(settings, output, errand))
    return DONE


def check_numbers(ask: Ask, strength: float, settings: Settings) -> None:
    """Numbers no model could render are wrong usage; what the studio allows is its own matter.

    The limit that is named is the one that binds: the studio's, where it is the narrower.
    """
    from inference.jobs import JobError, Reference, RenderJob

    given = {
        name: getattr(ask, name)
        for name in ("count", "steps", "guidance", "seed", "width", "height")
        if getattr(ask, name) is not None
    }
    try:
        RenderJob(id="", prompt="", **given)
        Reference(sha256="", strength=strength)
    except JobError as error:
        told = dict(error.args_)
        limits = {"job-bad-count": settings.max_count, "job-bad-steps": settings.max_steps}
        if error.key in limits:
            told["most"] = min(told["most"], limits[error.key])
        raise WrongUsage(error.key, **told) from None


async def _run(settings: Settings, output: Output, errand: Errand) -> None:
    from store.errors import make_folder

    started = time.perf_counter()
    if errand.folder is not None:
        make_folder(errand.folder)  # better known before painting than after
    home = await _brought_home(settings, output, errand)
    if not home.results:
        raise _refusal(home.standing, home.card, output.language)
    request_id = home.standing.request_id
    folder = errand.folder or settings.data_dir / "pictures" / request_id[-12:]
    make_folder(folder)
    files = keep(folder, home.results, home.blobs, errand.ask, settings.font_file)
    seconds = round(time.perf_counter() - started, 2)
    output.document(_facts(request_id, home.card, home.results, files, seconds))
    _print(output, home.card, files)


async def _brought_home(settings: Settings, output: Output, errand: Errand) -> Home:
    """Have it painted, by whoever serves here or by ourselves; where they end, we take over."""
    request_id = ""
    uploaded: list[str] = []

    async def prepare(app: App) -> None:
        await introduce_operator(app, output.language)
        if errand.reference is not None and not uploaded:
            event = command_event(output.language)
            uploaded.append(await app.studio.upload(event, errand.reference))

    while True:
        async with executing_or_beside(settings, prepare) as app:
            request_id = request_id or await _admit(app, output.language, errand.ask_from(uploaded))
            with contextlib.suppress(LeftAlone), Bar(output) as bar:
                standing = await _answered(app, output, request_id, watching(app, bar.show))
                return await _fetched(app, standing)


async def _fetched(app: App, standing: Standing) -> Home:
    """By seed, not in the order of the grid, which is drawn by lot: the same again is the same."""
    card = await app.studio.told(standing.request_id)
    results = sorted(await app.studio.results(standing.request_id), key=lambda one: one.seed)
    blobs = [await app.blobs.get(result.sha256) for result in results]
    return Home(standing=standing, card=card, results=results, blobs=blobs)


async def _admit(app: App, language: str, ask: Ask) -> str:
    """Hand the wish in; raises ``Refused`` where it is not taken."""
    reply = await app.studio.imagine(command_event(language), ask)
    if reply.is_refused or reply.request_id is None:
        raise Refused(" ".join(reply.card.lines), {"state": "refused"})
    return reply.request_id


async def _answered(app: App, output: Output, request_id: str, show: Show) -> Standing:
    """Follow the request; a question nobody is there to answer is left to the studio."""
    from store.tables import RequestState

    standing = await follow(app.studio, request_id, show)
    if standing.state is not RequestState.AWAITING_ANSWER:
        return standing
    card = await app.studio.told(request_id)
    output.sentence("imagine-decided", question=card.lines[0] if card else "")
    await app.studio.press(command_event(output.language), Action.ANSWER, f"{request_id}:0")
    return await follow(app.studio, request_id, show)


def _refusal(standing: Standing, card: Card | None, language: str) -> Refused:
    problem = dict(standing.problem or {})
    lines = card.lines if card else (say(language, "failed-generic"),)
    if card and card.kind is CardKind.FAILED and problem.get("key") != "failed-generic":
        lines = lines[:1]  # the cause is known: the sentence says what to do, no trace is needed
    sentence = " ".join(lines)
    if standing.is_waiting_for_a_person:
        sentence += " " + say(language, "imagine-see-cases")
    facts: dict[str, Any] = {"request": standing.request_id, "state": standing.state.value}
    if problem:
        facts["problem"] = problem
    return Refused(sentence, facts)


def _facts(
    request_id: str,
    card: Card | None,
    results: Sequence[Result],
    files: Sequence[Path],
    seconds: float,
) -> dict[str, Any]:
    pictures = [
        {
            "position": number,
            "seed": result.seed,
            "width": result.width,
            "height": result.height,
            "sha256": result.sha256,
            "file": str(path),
            "how": dict(result.how),
        }
        for number, (result, path) in enumerate(zip(results, files[:-1], strict=True), start=1)
    ]
    return {
        "request": request_id,
        "state": "delivered",
        "prompt": results[0].prompt,
        "added": [list(span) for span in card.added] if card else [],
        "seconds": seconds,
        "pictures": pictures,
        "sheet": str(files[-1]),
    }


def _print(output: Output, card: Card | None, files: Sequence[Path]) -> None:
    if output.is_json:
        return
    if card:
        from bot.console_cards import show

        show(output.console(), replace(card, buttons=(), menus=()))
    show_pictures(files[:-1])
    for path in files:
        output.text(str(path))
