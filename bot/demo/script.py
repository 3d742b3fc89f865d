"""What is said in the demo, act by act. Only the words are given; what comes of them is looked up
and, where it is not what the act is there to show, said and counted against the demo.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.asks import Standing
from bot.chat import Action, CardKind
from store.tables import Request, RequestState

from .stage import Stage

CLEAR_WISH = "a red star above a blue house at night, ink style"
VAGUE_WISH = "画点可爱的"
REFUSED_WISH = "a beheading with blood everywhere"
DOUBTFUL_WISH = "a skull"


async def finish_what_was_left(stage: Stage) -> None:
    """An earlier run may have been killed: its requests are finished before anything else."""
    left = await stage.ledger.unfinished()
    for request in left:
        stage.tell("demo-left", wish=request.wish)
        standing = await _finish(stage, request)
        stage.tell("demo-left-done", state=standing.state.value)
        stage.note("demo-saw-left", standing.is_final)


async def agree(stage: Stage) -> None:
    """Someone new is asked to agree to the terms first; then the wish runs by itself."""
    stage.tell("demo-act-terms")
    await stage.says(stage.person, CLEAR_WISH)
    reply = stage.chat.last_reply
    buttons = [button for row in reply.card.buttons for button in row] if reply else []
    is_asked = any(button.action is Action.ACCEPT_TERMS for button in buttons)
    await stage.says(stage.person, "1")
    stage.note("demo-saw-terms", is_asked)


async def ask_clearly(stage: Stage) -> None:
    """The clear wish in English that waited is painted as it is, and voted on."""
    stage.tell("demo-act-clear")
    standing = await _past_review(stage, await stage.begun())
    stage.note("demo-saw-clear", await stage.keep(CLEAR_WISH, standing))
    if standing is not None:
        await stage.says(stage.person, "2")
        stage.note("demo-saw-vote", await stage.ledger.num_votes(standing.request_id) == 1)


async def ask_vaguely(stage: Stage) -> None:
    """A vague wish in Chinese becomes a brief whose added words are marked."""
    stage.tell("demo-act-vague")
    standing = await stage.wishes(VAGUE_WISH)
    if standing is not None and standing.state is RequestState.AWAITING_ANSWER:
        standing = await stage.wishes("1")
    standing = await _past_review(stage, standing)
    is_made = await stage.keep(VAGUE_WISH, standing)
    card = stage.last_card(CardKind.GRID)
    stage.note("demo-saw-vague", is_made and card is not None and bool(card.added))


async def ask_for_the_refused(stage: Stage) -> None:
    """What must not be made is refused: where, why, what to do."""
    stage.tell("demo-act-refused")
    standing = await stage.wishes(REFUSED_WISH)
    is_refused = standing is not None and standing.state is RequestState.BLOCKED
    stage.note("demo-saw-refused", is_refused and stage.last_card(CardKind.BLOCKED) is not None)


async def ask_for_the_doubtful(stage: Stage) -> None:
    """What the filters doubt waits for a moderator, who releases it in the same terminal."""
    stage.tell("demo-act-doubtful")
    standing = await stage.wishes(DOUBTFUL_WISH)
    is_case = standing is not None and standing.state is RequestState.AWAITING_REVIEW
    stage.note("demo-saw-case", is_case)
    if standing is None or not is_case:
        stage.tell("demo-not-flagged", state=standing.state.value if standing else "-")
        return
    standing = await _release(stage, standing.request_id)
    stage.note("demo-saw-release", await stage.keep(DOUBTFUL_WISH, standing))


ACTS: tuple[Callable[[Stage], Awaitable[None]], ...] = (
    agree,
    ask_clearly,
    ask_vaguely,
    ask_for_the_refused,
    ask_for_the_doubtful,
)


async def _past_review(stage: Stage, standing: Standing | None) -> Standing | None:
    """The filters may be mistaken about a harmless picture, too: said, and released."""
    if standing is None or standing.state is not RequestState.AWAITING_REVIEW:
        return standing
    stage.tell("demo-held")
    return await _release(stage, standing.request_id)


async def _release(stage: Stage, request_id: str) -> Standing:
    """The moderator looks and releases; the shortened time to undo is said."""
    case = await stage.ledger.open_case(request_id)
    if case is not None:
        stage.tell("demo-act-moderator", seconds=round(stage.settings.undo_seconds))
        await stage.app.studio.accept_terms(stage.event(stage.moderator))
        await stage.app.studio.appoint_operator(stage.event(stage.moderator))
        await stage.says(stage.moderator, "/cases")
        await stage.says(stage.moderator, f"/claim {case[-6:]}")
        await stage.says(stage.moderator, f"/release {case[-6:]}")
    return await stage.settled(request_id, is_final=True)


async def _finish(stage: Stage, request: Request) -> Standing:
    """Follow a request of an earlier run to its end, deciding whatever waits for a person."""
    standing = await stage.settled(request.id)
    if standing.state is RequestState.AWAITING_ANSWER:
        owner = replace(stage.person, external_id=str(request.address["to"]))
        argument = f"{request.id}:0"
        await stage.app.studio.press(stage.event(owner), Action.ANSWER, argument)
        standing = await stage.settled(request.id)
    if standing.state is RequestState.AWAITING_REVIEW:
        return await _release(stage, request.id)
    return await stage.settled(request.id, is_final=True)
