"""What opens from a result: larger, the original, its numbers, more, deleting it.

Whoever may see a result may look at it closer; deleting is its person's or a moderator's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from inference.expansion.brief import Brief
from inference.jobs import RenderJob
from inference.learning.log import VoteKind
from store.sessions import after_commit
from store.tables import Grid, Picture, Request

from . import enlarging, receipts, result_cards
from .admission import AskRefused
from .asks import Reply
from .cards import button
from .chat import Action, Card, CardKind, Menu
from .edits import log_vote
from .forgetting import forget_request
from .messages import messages_of, removing
from .planning import job_of
from .records import read_brief
from .telling import as_shown, read_grid
from .texts import say
from .visits import (
    Later,
    Press,
    Visit,
    may_manage,
    open_picture,
    open_request,
    refuse_unless,
)


@dataclass(frozen=True, kw_only=True)
class Result:
    """A grid with all that is known of it."""

    request: Request
    grid: Grid
    pictures: Sequence[Picture]
    brief: Brief
    job: RenderJob


async def larger(pressed: Press) -> Later | Reply:
    """The picture enlarged, once for everybody; also a sign of liking it."""
    picture = await open_picture(pressed, pressed.argument)
    request = await open_request(pressed, picture.request_id)
    await log_vote(pressed, request.id, VoteKind.LARGER, picture)
    shop, language = pressed.studio.shop, pressed.language
    known = await enlarging.rendition_of(pressed.session, picture.id, enlarging.UPSCALED)
    if known is None and shop.settings.upscaler is not None:
        return await enlarging.ask(pressed, picture, request)
    prompt = await _prompt_of(pressed, picture)

    async def enlarge() -> Reply:
        rendition = known or await enlarging.resampled(shop, picture)
        card = enlarging.show(language, rendition, prompt, is_private=request.is_private)
        return Reply(card=replace(card, receipt=receipts.shown(request.id)))

    return enlarge


async def original(pressed: Press) -> Reply:
    """The picture's own file; also a sign of liking it."""
    picture = await open_picture(pressed, pressed.argument)
    await log_vote(pressed, picture.request_id, VoteKind.DOWNLOAD, picture)
    card = result_cards.one_picture(
        pressed.language,
        "original-line",
        sha256=picture.sha256,
        prompt=await _prompt_of(pressed, picture),
        size=(picture.width, picture.height),
        is_private=True,
        file_name=f"atelier-{picture.id[-8:]}.png",
    )
    return Reply(card=replace(card, receipt=receipts.shown(picture.request_id)))


async def details(pressed: Press) -> Reply:
    """Seeds, steps and the rest, on demand."""
    found = await read_result(pressed, pressed.argument)
    shown = as_shown(found.pictures)
    card = result_cards.details(pressed.language, found.job, found.brief, shown)
    return Reply(card=card)


async def more(pressed: Press) -> Reply:
    """Everything else there is to do, for this person."""
    found = await read_result(pressed, pressed.argument)
    card = result_cards.more(
        pressed.language,
        request_id=found.request.id,
        grid_id=found.grid.id,
        pictures=as_shown(found.pictures),
        may_share=found.request.person_id == pressed.visitor.person_id,
        may_delete=await may_manage(pressed, found.request),
    )
    return Reply(card=card)


async def picture_menu(pressed: Press, name: str, grid_id: str) -> Menu:
    """A menu of a grid's pictures, by its name."""
    found = await read_result(pressed, grid_id)
    compose = result_cards.PICTURE_MENUS.get(name)
    if compose is None:
        raise AskRefused("press-unknown")
    return compose(pressed.language, found.grid.id, as_shown(found.pictures))


async def delete(pressed: Press) -> Reply:
    """Gone for good, messages, pictures and rows, after one question."""
    request_id, _, is_sure = pressed.argument.partition(":")
    request = await open_request(pressed, request_id)
    refuse_unless(await may_manage(pressed, request), "press-not-yours")
    if is_sure != "yes":
        return Reply(card=_sure(pressed.language, f"{request_id}:yes"))
    shop = pressed.studio.shop
    messages = await messages_of(pressed.session, request)
    after_commit(pressed.session, removing(pressed.studio.chores, shop.chats, messages))
    await forget_request(pressed.session, shop.blobs, request.id)
    return pressed.done("deleted")


def _sure(language: str, argument: str) -> Card:
    return Card(
        kind=CardKind.MENU,
        lines=(say(language, "delete-sure"),),
        buttons=((button(language, Action.DELETE, argument),),),
        is_private=True,
    )


async def read_result(visit: Visit, grid_id: str) -> Result:
    """What a grid shows, for someone who may see it."""
    grid = await visit.session.get(Grid, grid_id)
    if grid is None:
        raise AskRefused("press-gone")
    request = await open_request(visit, grid.request_id)
    found = await read_grid(visit.session, request.id)
    brief = await read_brief(visit.session, request.id, grid.round)
    if found is None or brief is None or not found[1]:
        raise AskRefused("press-gone")
    job = job_of(found[1][0].how) or brief[1]
    if job is None:
        raise AskRefused("press-gone")
    return Result(request=request, grid=found[0], pictures=found[1], brief=brief[0], job=job)


async def _prompt_of(visit: Visit, picture: Picture) -> str:
    found = await read_brief(visit.session, picture.request_id, picture.round)
    return (found[0].prompt if found else "") or say(visit.language, "alt-no-prompt")
