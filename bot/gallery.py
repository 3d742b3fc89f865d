"""The gallery of a community: pictures that the people who asked for them have shared."""

from __future__ import annotations

from sqlalchemy import select

from inference.learning.log import VoteKind
from store.sessions import insert_once
from store.tables import Picture, Request, Share

from . import receipts
from .asks import Reply
from .chat import Card, CardKind, Image
from .edits import log_vote
from .records import read_brief
from .texts import say
from .visits import Call, Press, Visit, open_picture, refuse_unless

NUM_SHOWN = 8


async def share(pressed: Press) -> Reply:
    """Put a picture into the community's gallery: its requester's right, and a vote."""
    picture = await open_picture(pressed, pressed.argument)
    refuse_unless(picture.person_id == pressed.visitor.person_id, "press-not-yours")
    request = await pressed.session.get_one(Request, picture.request_id)
    await log_vote(pressed, request.id, VoteKind.SHARE, picture)
    is_new = await insert_once(
        pressed.session,
        Share,
        picture_id=picture.id,
        community_id=request.community_id,
        person_id=pressed.visitor.person_id,
    )
    return pressed.plain("share-done" if is_new else "share-known")


async def newest(call: Call) -> Reply:
    """The newest pictures shared here."""
    found = await call.session.execute(
        select(Picture, Request)
        .join(Share, Share.picture_id == Picture.id)
        .join(Request, Request.id == Picture.request_id)
        .where(Share.community_id == call.visitor.community_id)
        .order_by(Share.created_at.desc(), Share.id.desc())
        .limit(NUM_SHOWN)
    )
    rows = [(picture, request) for picture, request in found]
    if not rows:
        return call.plain("gallery-empty")
    images = [await picture_of(call, picture) for picture, _ in rows]
    wishes = [request.wish or say(call.language, "history-surprise") for _, request in rows]
    lines = [
        say(call.language, "gallery-line", number=number, wish=wish)
        for number, wish in enumerate(wishes, start=1)
    ]
    headline = (say(call.language, "gallery-headline"), say(call.language, "grid-label"))
    card = Card(
        kind=CardKind.PICTURE,
        lines=(*headline, *lines),
        images=tuple(images),
        receipt=receipts.shown(*(request.id for _, request in rows)),
    )
    return Reply(card=card)


async def picture_of(visit: Visit, picture: Picture) -> Image:
    """A picture to show, described by its brief."""
    brief = await read_brief(visit.session, picture.request_id, picture.round)
    prompt = (brief[0].prompt if brief else "") or say(visit.language, "alt-no-prompt")
    words = say(visit.language, "alt-picture", number=1, count=1, prompt=prompt)
    return Image(sha256=picture.sha256, media_type="image/png", alt_text=words)
