"""Describing a picture: a request that goes the same path and ends in words instead of pictures.

The picture is checked like any other upload; a language model with eyes looks where one is set,
else a captioner where there is one, else, and where those fail or say what must not be said, the
bundled CLIP. The words are kept as the brief of the request. Loads torch only inside, on the
render role.
"""

from __future__ import annotations

import asyncio
import io
import logging
import threading
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from inference.captioning import Captioner, CaptioningFailed
from inference.expansion.brief import Brief
from inference.jobs import Reference
from moderation.policy import Decision
from store.tables import Request

from . import intake, terms
from .asks import Ask, Reply
from .attributes import Eyes, see
from .cards import button
from .chat import Action, Card, CardKind
from .consents import has_accepted_terms
from .judging import judge
from .orders import Order
from .settings import Settings, SettingsError
from .texts import say
from .visits import Call
from .workshop import Said

if TYPE_CHECKING:
    from PIL.Image import Image

    from inference.expansion.llm_vision import Onlooker

KIND = "describe"
LLM, CAPTIONER, CLIP = "llm", "captioner", "clip"  # who looked; sentences are called so

logger = logging.getLogger(__name__)


class Seen(NamedTuple):
    """What somebody saw."""

    words: str  # for people
    prompt: str  # a wish that asks for the same, in English
    by: str


class Describer:
    """Whoever looks at pictures for this process; made when the first one comes."""

    def __init__(
        self,
        load_eyes: Callable[[], Eyes],
        onlooker: Onlooker | None = None,
        load_captioner: Callable[[], Captioner] | None = None,
    ) -> None:
        self._load_eyes, self._load_captioner = load_eyes, load_captioner
        self._eyes: Eyes | None = None
        self._captioner: Captioner | None = None
        self._lock = threading.Lock()
        self.onlooker = onlooker

    @property
    def has_captioner(self) -> bool:
        return self._load_captioner is not None

    def look(self, data: bytes, language: str) -> Seen:
        """What the bundled model recognises. Blocks."""
        with self._lock:
            if self._eyes is None:
                self._eyes = self._load_eyes()
            seen = see(self._eyes, _opened(data))
        words = _joined(language, seen.words(language))
        return Seen(say(language, "describe-seen", words=words), seen.prompt, CLIP)

    def caption(self, data: bytes) -> Seen | None:
        """What the captioner says; None where there is none, or it fails. Blocks."""
        if self._load_captioner is None:
            return None
        try:
            with self._lock:
                if self._captioner is None:
                    self._captioner = self._load_captioner()
                words = self._captioner.caption(_opened(data))
        except CaptioningFailed as error:
            logger.warning("the captioner saw nothing: %s", error)
            return None
        return Seen(words, words, CAPTIONER)

    async def others(self, data: bytes, language: str) -> AsyncIterator[Seen]:
        """What the language model says, then the captioner, as far as there are such: words of
        strangers, to be checked."""
        told = await self.onlooker.describe(data, language) if self.onlooker else None
        if told is not None:
            yield Seen(told.sentence, told.prompt, LLM)
        if (said := await asyncio.to_thread(self.caption, data)) is not None:
            yield said


def make_describer(settings: Settings) -> Describer:
    """Whoever the operator chose; the bundled CLIP where the others fail, or there are none.

    Raises ``SettingsError`` where one is chosen that is not set.
    """
    from .parts import clip_folder

    def load_eyes() -> Eyes:
        from moderation.pictures.clip import Clip

        return Clip.load(clip_folder(settings))

    chosen = settings.describer
    captioner = settings.captioner if chosen in ("auto", CAPTIONER) else None
    if chosen == CAPTIONER and captioner is None:
        raise SettingsError("settings-no-captioner")
    return Describer(
        load_eyes,
        _onlooker(settings),
        partial(Captioner, captioner, settings.device) if captioner else None,
    )


def _onlooker(settings: Settings) -> Onlooker | None:
    """The language model's eyes, where it is asked for them."""
    is_used = settings.expander not in ("offline", "none") and bool(settings.llm_model)
    if settings.describer == LLM and not settings.llm_model:
        raise SettingsError("settings-no-onlooker")
    if settings.describer not in ("auto", LLM) or not (is_used or settings.describer == LLM):
        return None
    from inference.expansion.llm_vision import Onlooker

    return Onlooker(
        base_url=settings.llm_base_url,
        model=settings.llm_model,
        api_key=settings.llm_api_key.get_secret_value(),
        timeout_seconds=settings.llm_timeout_seconds,
    )


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


async def describe(order: Order) -> None:
    """Look, and keep what was seen as the round's brief."""
    if order.has_brief:
        return
    data = await order.shop.blobs.get(str(order.request.reference_sha256))
    seen = await _looked_at(order, data)
    brief = Brief(
        wish=seen.words,
        language="zh" if order.request.language.startswith("zh") else "en",
        prompt=seen.prompt,
        expander=seen.by,
    )
    await order.keep_brief(brief, None)


async def told(_: AsyncSession, request: Request, brief: Brief, language: str) -> Card:
    """What was seen, and a button that paints it."""
    by = f"describe-by-{brief.expander}"
    return Card(
        kind=CardKind.PLAIN,
        lines=(brief.wish, say(language, by), say(language, "describe-ask")),
        brief_line=brief.prompt,
        buttons=((button(language, Action.AGAIN, request.id),),),
        is_private=request.is_private,
    )


async def _looked_at(order: Order, data: bytes) -> Seen:
    """The first words that may be said; those of the bundled model are ours."""
    describer, language = order.shop.describer, order.request.language
    if describer is None:
        raise RuntimeError("only the render role looks at pictures")
    async for seen in describer.others(data, language):
        said = Said(words=f"{seen.words}\n{seen.prompt}", community=order.place)
        verdict = await judge(order.shop.check_said, said, "describe-unchecked")
        if order.careful(verdict).decision is Decision.ALLOW:
            return seen
    return await asyncio.to_thread(describer.look, data, language)


def _opened(data: bytes) -> Image:
    from PIL import Image, ImageOps

    return ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")


def _joined(language: str, words: list[str]) -> str:
    return ("、" if language.startswith("zh") else ", ").join(words)
