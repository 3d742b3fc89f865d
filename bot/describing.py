"""Describing a picture: a request that goes the same path and ends in words instead of pictures.

The picture is checked like any other upload; a language model with eyes looks where one is set,
else, and where it fails or says what must not be said, the bundled CLIP does. The words are kept
as the brief of the request. Loads torch only inside, on the render role.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from typing import TYPE_CHECKING

from inference.expansion.brief import Brief
from inference.jobs import Reference
from moderation.policy import Decision
from store.sessions import insert_once
from store.tables import Brief as BriefRow
from store.tables import Request

from . import intake, terms
from .asks import Ask, Reply
from .attributes import Eyes, see
from .cards import button
from .chat import Action, Card, CardKind
from .consents import has_accepted_terms
from .judging import judge
from .orders import Order
from .texts import say
from .visits import Call
from .workshop import Said

if TYPE_CHECKING:
    from PIL.Image import Image

    from inference.expansion.llm_vision import Onlooker

    from .settings import Settings

KIND = "describe"


class Describer:
    """Whoever looks at pictures for this process; made when the first one comes."""

    def __init__(self, load_eyes: Callable[[], Eyes], onlooker: Onlooker | None = None) -> None:
        self._load_eyes = load_eyes
        self._eyes: Eyes | None = None
        self.onlooker = onlooker

    def look(self, data: bytes, language: str) -> tuple[str, str]:
        """A sentence for people, and a prompt that asks for the same. Blocks."""
        if self._eyes is None:
            self._eyes = self._load_eyes()
        seen = see(self._eyes, _opened(data))
        words = seen.words(language)
        return say(language, "describe-seen", words=_joined(language, words)), seen.prompt


def make_describer(settings: Settings) -> Describer:
    """The bundled CLIP, and the language model where one is named."""
    from .parts import clip_folder

    def load_eyes() -> Eyes:
        from moderation.pictures.clip import Clip

        return Clip.load(clip_folder(settings))

    if not settings.llm_model or settings.expander in ("offline", "none"):
        return Describer(load_eyes)
    from inference.expansion.llm_vision import Onlooker

    onlooker = Onlooker(
        base_url=settings.llm_base_url,
        model=settings.llm_model,
        api_key=settings.llm_api_key.get_secret_value(),
        timeout_seconds=settings.llm_timeout_seconds,
    )
    return Describer(load_eyes, onlooker)


async def ask(call: Call) -> Reply:
    """Take the picture in; its description follows."""
    upload = call.options["picture"]
    shop = call.studio.shop
    sha256 = await intake.keep_upload(shop, call.session, call.visitor, upload)
    wished = Ask(reference=Reference(sha256=sha256), count=1, may_expand=False)
    if not await has_accepted_terms(call.session, call.visitor.person_id):
        return await terms.ask_first(call, wished, KIND)
    request_id = await intake.take(shop, call.session, call.event, call.visitor, wished, KIND)
    return call.accepted(request_id, is_private=False)


def is_to_describe(order: Order) -> bool:
    """True where the request wants words, not pictures."""
    return order.request.kind == KIND


async def describe(order: Order) -> None:
    """Look, and keep what was seen as the round's brief."""
    if order.has_brief:
        return
    data = await order.shop.blobs.get(str(order.request.reference_sha256))
    words, prompt, by = await _looked_at(order, data)
    brief = Brief(
        wish=words,
        language="zh" if order.request.language.startswith("zh") else "en",
        prompt=prompt,
        expander=by,
    )
    async with order.shop.db.session() as session:
        await insert_once(
            session,
            BriefRow,
            request_id=order.request.id,
            round=order.ref.round,
            brief=brief.model_dump(mode="json"),
            job=None,
        )


def card(language: str, request: Request, brief: Brief) -> Card:
    """What was seen, and a button that paints it."""
    by = "describe-by-clip" if brief.expander == "clip" else "describe-by-llm"
    return Card(
        kind=CardKind.PLAIN,
        lines=(brief.wish, say(language, by), say(language, "describe-ask")),
        brief_line=brief.prompt,
        buttons=((button(language, Action.AGAIN, request.id),),),
        is_private=request.is_private,
    )


async def _looked_at(order: Order, data: bytes) -> tuple[str, str, str]:
    """Sentence, prompt, and who looked."""
    describer, language = order.shop.describer, order.request.language
    if describer is None:
        raise RuntimeError("only the render role looks at pictures")
    told = await describer.onlooker.describe(data, language) if describer.onlooker else None
    if told is not None:
        words = f"{told.sentence}\n{told.prompt}"
        said = Said(words=words, community=order.place)
        verdict = await judge(order.shop.check_said, said, "describe-unchecked")
        if verdict.decision is Decision.ALLOW:
            return told.sentence, told.prompt, "llm"
    sentence, prompt = await asyncio.to_thread(describer.look, data, language)
    return sentence, prompt, "clip"


def _opened(data: bytes) -> Image:
    from PIL import Image, ImageOps

    return ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")


def _joined(language: str, words: list[str]) -> str:
    return ("、" if language.startswith("zh") else ", ").join(words)
