"""From a job to judged pictures in memory: opens the reference, paints, encodes, looks.

Pillow is loaded here and torch behind the easel's doors, so only the render role imports this's
heavy parts, inside the functions.
"""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from typing import TYPE_CHECKING

from inference.jobs import Picture, RenderFailed, RenderJob
from moderation.pictures import tier
from moderation.pictures.fingerprints import pdq_of
from moderation.policy import Decision, Stage, Verdict

from .judging import judge
from .orders import JudgedPicture, Order
from .records import Painted

if TYPE_CHECKING:
    from PIL.Image import Image


async def check_reference(order: Order) -> Verdict:
    """A picture the person sent: limits before decoding, then what it shows."""
    known = order.verdicts.get((Stage.UPLOAD, ""))
    if known is not None:
        return known
    data = await order.shop.blobs.get(str(order.request.reference_sha256))
    verdict = await judge(order.shop.check_upload, data, "upload-unchecked")
    if verdict.decision is Decision.ALLOW:
        verdict = await _looked_at(order, data, "upload-unchecked")
    if tier.is_unseen(verdict):
        raise RenderFailed(tier.UNSEEN)
    if tier.is_forbidden(verdict):
        return await order.withhold(Stage.UPLOAD, verdict, str(order.request.reference_sha256))
    return await order.keep_verdict(Stage.UPLOAD, verdict)


async def _looked_at(order: Order, data: bytes, rule_id: str) -> Verdict:
    """What a picture shows, as its community wants it. Raises ``RenderFailed`` where a check of
    the child-safety tier gave no verdict, since then no human may look either."""
    verdict = await order.easel.judge(data, order.place, rule_id)
    if tier.is_unseen(verdict):
        raise RenderFailed(tier.UNSEEN)
    return order.careful(verdict)


async def paint_and_judge(order: Order) -> list[JudgedPicture]:
    """Every picture of the job with its verdict; raises ``RenderCancelled``, ``RenderFailed``."""
    job, request = order.job, order.request
    reference, mask = await _open_reference(order, job)
    # Whose turn it costs is the device's business only: no picture tells who asked for it.
    owned = replace(job, owner=request.person_id)
    pictures = await order.easel.render(request.id, owned, reference=reference, mask=mask)
    if len(pictures) != job.count:
        raise RenderFailed("render-incomplete", made=len(pictures), wanted=job.count)
    return [await _judged(order, job, picture) for picture in pictures]


async def _open_reference(order: Order, job: RenderJob) -> tuple[Image | None, Image | None]:
    """The picture to start from and the mask upon it."""
    if job.reference is None:
        return None, None
    named = (job.reference.sha256, job.reference.mask)
    picture, mask = [
        await asyncio.to_thread(_decode, await order.shop.blobs.get(sha256)) if sha256 else None
        for sha256 in named
    ]
    return picture, mask


def _decode(data: bytes) -> Image:
    from PIL import Image, ImageOps

    # Telephones store pictures turned, and say so beside them.
    return ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")


async def _judged(order: Order, job: RenderJob, picture: Picture) -> JudgedPicture:
    png = await asyncio.to_thread(_encode, picture.image)
    pdq = await asyncio.to_thread(pdq_of, picture.image)
    painted = Painted(
        index=picture.index,
        seed=picture.seed,
        width=picture.image.width,
        height=picture.image.height,
        sha256="",
        pdq=pdq,
        how={"job": job.to_row(), **picture.how},
    )
    verdict = await _looked_at(order, png, "picture-unchecked")
    return JudgedPicture(painted=painted, png=png, verdict=verdict)


def _encode(image: Image) -> bytes:
    out = io.BytesIO()
    image.save(out, format="PNG")
    return out.getvalue()
