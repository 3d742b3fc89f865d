"""Turns what was read into pages: templates, addresses, sentences in the reader's language.

A page asked for by htmx is sent without its frame. Knows no table and decides nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from moderation.cases import REASONS_TO_APPROVE, REASONS_TO_REJECT

from .guests import Guest, Place
from .house import House
from .manners import FORM_FIELD
from .toasts import Toast

THEMES = ("auto", "light", "dark")
LOOKS_COOKIE = "desk_looks"  # "zh-CN.dark": how the desk looks in this browser
MINUTE, HOUR, DAY = 60, 3600, 86_400


class Pages:
    """Makes the pages of one desk."""

    def __init__(self, house: House) -> None:
        self._house = house

    def language_of(self, request: Request, guest: Guest | None) -> str:
        """What was chosen here, else in the chats, else what the browser asks for."""
        chosen = request.cookies.get(LOOKS_COOKIE, "").partition(".")[0]
        wanted = [chosen, guest.language if guest else None]
        wanted += [
            part.partition(";")[0].strip()
            for part in request.headers.get("accept-language", "").split(",")
        ]
        for each in wanted:
            for known in self._house.languages:
                if each and each.lower().partition("-")[0] == known.lower().partition("-")[0]:
                    return known
        return self._house.default_language

    def page(
        self,
        request: Request,
        template: str,
        *,
        guest: Guest | None = None,
        place: Place | None = None,
        toast: Toast | None = None,
        status: int = 200,
        **facts: Any,
    ) -> HTMLResponse:
        """A page, or the part of it that htmx asked for."""
        language = self.language_of(request, guest)
        theme = theme_of(request)
        told = {"guest": guest, "place": place, "toast": toast, "language": language, **facts}
        frame = {
            "layout": "partial.html" if is_partial(request) else "frame.html",
            "here": "",
            "theme": theme,
            "next_theme": THEMES[(THEMES.index(theme) + 1) % len(THEMES)],
            "languages": self._house.languages,
            "back": _address(request),
            "reasons_to_approve": REASONS_TO_APPROVE,
            "reasons_to_reject": REASONS_TO_REJECT,
        }
        words = self._words(language, guest)
        html = _templates().get_template(template).render({**frame, **words, **told})
        return HTMLResponse(html, status_code=status)

    def say(self, language: str, key: str, **args: Any) -> str:
        """A sentence of the house."""
        return self._house.say(language, key, **args)

    def url(self, *parts: str) -> str:
        """An address of the desk."""
        return self._house.path + "/".join(quote(part, safe="/") for part in parts)

    def _words(self, language: str, guest: Guest | None) -> Mapping[str, Any]:
        def t(key: str, **args: Any) -> str:
            return self.say(language, key, **args)

        def form_token() -> Markup:
            field = '<input type="hidden" name="{}" value="{}">'
            return Markup(field).format(FORM_FIELD, guest.form_token) if guest else Markup("")  # noqa: S704

        return {
            "t": t,
            "url": self.url,
            "static": lambda name: self.url("/static", name) + f"?v={fingerprint(name)}",
            "form_token": form_token,
            "category": lambda name: _begun(t(f"category-{name or 'unchecked'}")),
            "long_ago": lambda seconds: long_ago(t, seconds),
            "language_name": lambda tag: self.say(tag, "desk-language"),
            "moment": moment,
            "percent": percent,
        }


def is_partial(request: Request) -> bool:
    """True where htmx wants what goes into a page that is there."""
    headers = request.headers
    return "hx-request" in headers and "hx-history-restore-request" not in headers


def theme_of(request: Request) -> str:
    """What was chosen in this browser."""
    chosen = request.cookies.get(LOOKS_COOKIE, "").partition(".")[2]
    return chosen if chosen in THEMES else THEMES[0]


def moment(at: dt.datetime) -> str:
    """A time as a moderator reads it, in UTC."""
    return at.strftime("%Y-%m-%d %H:%M")


def percent(share: float | None) -> str:
    """A share of 0…1."""
    return "–" if share is None else f"{share * 100:.0f} %"


def long_ago(t: Any, seconds: float) -> str:
    """An age in the largest unit that says enough."""
    if seconds < MINUTE:
        return str(t("desk-age-now"))
    units = (("days", DAY), ("hours", HOUR), ("minutes", MINUTE))
    unit, length = next(each for each in units if seconds >= each[1])
    return str(t(f"desk-age-{unit}", count=int(seconds // length)))


@cache
def _templates() -> Environment:
    """Every template, compiled when first used."""
    return Environment(
        loader=PackageLoader("moderation.desk"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def fingerprint(name: str) -> str:
    """Changes when the file does, so that browsers may keep it for ever."""
    data = (files("moderation.desk") / "static" / name).read_bytes()
    return hashlib.sha256(data).hexdigest()[:12]


def _address(request: Request) -> str:
    """Where a form that only changes the looks leads back to."""
    if request.method != "GET":
        return ""
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{request.url.path}{query}"


def _begun(words: str) -> str:
    """As at the beginning of a sentence."""
    return words[:1].upper() + words[1:]
