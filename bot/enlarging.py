"""Makes one picture larger: resampled at once, or by an upscaler where the operator has set one.

Resampling (Lanczos) answers the press. An upscaler belongs to the render role, so there the press
becomes a request that goes the path of every other and ends in one picture. What an upscaler adds
is judged before a byte of it is kept; where it fails, or adds what a filter does not allow, the
picture is resampled and the person reads so. Loads torch only inside, on the render role.
"""

from __future__ import annotations

import asyncio
import io
import logging
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from inference.expansion.brief import Brief
from inference.jobs import JobError
from inference.upscaling import Upscaler, UpscalingFailed, load_upscaler
from moderation.policy import Decision
from store.blobs import BlobStore
from store.sessions import insert_once
from store.tables import Picture, Rendition, Request

from . import intake, result_cards
from .asks import Ask, Reply
from .chat import Card
from .orders import Order
from .records import read_brief
from .texts import say
from .visits import Press
from .workshop import Workshop

if TYPE_CHECKING:
    from PIL.Image import Image

    from .settings import Settings

KIND = "larger"
RESAMPLED, UPSCALED = "larger", "upscaled"  # purposes of renditions
FACTOR = 4  # at most, where pictures are resampled
MAX_SIDE = 2048  # pixels; what both platforms still show well

logger = logging.getLogger(__name__)


class Enlarger:
    """The upscaler of this process: loaded when the first picture comes, one picture at a time."""

    def __init__(self, load: Callable[[], Upscaler]) -> None:
        self._load = load
        self._upscaler: Upscaler | None = None
        self._lock = threading.Lock()

    def enlarge(self, data: bytes, prompt: str, seed: int) -> Image:
        """An encoded picture, larger, within ``MAX_SIDE``. Blocks; raises ``UpscalingFailed``."""
        from PIL import Image

        with self._lock:
            if self._upscaler is None:
                self._upscaler = self._load()
            small = Image.open(io.BytesIO(data)).convert("RGB")
            larger = self._upscaler.enlarge(small, prompt=prompt, seed=seed)
        factor = min(larger.width / small.width, MAX_SIDE / max(small.size))
        size = (round(small.width * max(1.0, factor)), round(small.height * max(1.0, factor)))
        return larger if larger.size == size else larger.resize(size, Image.Resampling.LANCZOS)


def make_enlarger(settings: Settings) -> Enlarger | None:
    """The operator's upscaler; None where pictures are resampled."""
    if settings.upscaler is None:
        return None
    return Enlarger(partial(load_upscaler, Path(settings.upscaler), settings.device))


async def ask(pressed: Press, picture: Picture, request: Request) -> Reply:
    """Have the picture enlarged; the result follows. ``request``: the one it was made for."""
    wished = Ask(
        text=request.wish,
        count=1,
        may_expand=bool(request.options.get("may_expand", True)),  # for who goes on from it
        is_private=request.is_private,
        parent_picture_id=picture.id,
    )
    shop = pressed.studio.shop
    request_id = await intake.take(
        shop, pressed.session, pressed.event, pressed.visitor, wished, KIND
    )
    return pressed.accepted(request_id, is_private=request.is_private)


async def enlarge(order: Order) -> None:
    """The render role's part: the larger picture, kept beside the one it was made from."""
    if order.has_brief:
        return
    async with order.shop.db.session() as session:
        picture = await session.get(Picture, str(order.request.parent_picture_id))
        if picture is None:
            raise JobError("press-gone")
        found = await read_brief(session, picture.request_id, picture.round)
        is_known = await rendition_of(session, picture.id, UPSCALED) is not None
    prompt = found.brief.prompt if found else ""
    by = UPSCALED
    if not is_known and not await _upscaled(order, picture, prompt):
        await resampled(order.shop, picture)
        by = RESAMPLED
    language = "zh" if order.request.language.startswith("zh") else "en"
    brief = Brief(wish=order.request.wish, language=language, prompt=prompt, expander=by)
    await order.keep_brief(brief, None)


async def told(session: AsyncSession, request: Request, brief: Brief, language: str) -> Card | None:
    """The larger picture; None where it was deleted meanwhile."""
    picture_id = str(request.parent_picture_id)
    found = await rendition_of(session, picture_id, brief.expander)
    if found is None:
        return None
    notice = "larger-resampled" if brief.expander == RESAMPLED else ""
    return show(language, found, brief.prompt, is_private=request.is_private, notice=notice)


def show(
    language: str, found: Rendition, prompt: str, *, is_private: bool, notice: str = ""
) -> Card:
    """One rendition to look at."""
    return result_cards.one_picture(
        language,
        "larger-line",
        sha256=found.sha256,
        prompt=prompt or say(language, "alt-no-prompt"),
        size=(found.width, found.height),
        is_private=is_private,
        notice=notice,
    )


async def rendition_of(session: AsyncSession, picture_id: str, purpose: str) -> Rendition | None:
    """What was made of the picture for that purpose, once for everybody."""
    mine = select(Rendition).where(Rendition.picture_id == picture_id, Rendition.purpose == purpose)
    found: Rendition | None = await session.scalar(mine)
    return found


async def resampled(shop: Workshop, picture: Picture) -> Rendition:
    """The larger picture that there is, else one made now."""
    async with shop.db.session() as session:
        known = await rendition_of(session, picture.id, RESAMPLED)
    if known is not None:
        return known
    data, size = await enlarged(shop.blobs, picture)
    return await _keep(shop, picture, RESAMPLED, data, size)


async def enlarged(blobs: BlobStore, picture: Picture) -> tuple[bytes, tuple[int, int]]:
    """The picture up to four times larger, as PNG, with its size (Lanczos resampling)."""
    data = await blobs.get(picture.sha256)
    factor = max(1.0, min(FACTOR, MAX_SIDE / max(picture.width, picture.height)))
    size = (round(picture.width * factor), round(picture.height * factor))
    return await asyncio.to_thread(_resized, data, size), size


async def _upscaled(order: Order, picture: Picture, prompt: str) -> bool:
    """Have the model do it; False where it failed, or a filter does not allow what it made."""
    enlarger = order.shop.enlarger
    if enlarger is None:
        return False
    data = await order.shop.blobs.get(picture.sha256)
    try:
        larger = await asyncio.to_thread(enlarger.enlarge, data, prompt, picture.seed)
    except UpscalingFailed as error:
        logger.warning("the upscaler failed: %s", error)
        return False
    png = await asyncio.to_thread(_encoded, larger)
    verdict = await order.easel.judge(png, order.place, "picture-unchecked")
    if order.careful(verdict).decision is not Decision.ALLOW:
        return False
    await _keep(order.shop, picture, UPSCALED, png, larger.size)
    return True


async def _keep(
    shop: Workshop, picture: Picture, purpose: str, data: bytes, size: tuple[int, int]
) -> Rendition:
    sha256 = await shop.blobs.put(data)
    async with shop.db.session() as session:
        if await session.get(Picture, picture.id) is None:
            raise JobError("press-gone")  # deleted in this very moment
        await shop.blobs.own(session, sha256, owner_kind="rendition", owner_id=picture.id)
        await insert_once(
            session,
            Rendition,
            picture_id=picture.id,
            purpose=purpose,
            sha256=sha256,
            width=size[0],
            height=size[1],
        )
        kept = await rendition_of(session, picture.id, purpose)
        assert kept is not None  # noqa: S101  (it was written, or was there)
        return kept


def _resized(data: bytes, size: tuple[int, int]) -> bytes:
    from PIL import Image

    opened = Image.open(io.BytesIO(data)).convert("RGB")
    return _encoded(opened.resize(size, Image.Resampling.LANCZOS))


def _encoded(image: Image) -> bytes:
    out = io.BytesIO()
    image.save(out, format="PNG")
    return out.getvalue()
