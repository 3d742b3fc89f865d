"""How the desk behaves towards browsers: what a page may load, what may be kept, whose forms count.

Nothing comes from another host, nothing is written into a page to be run or to style it, and what
a moderator sees stays in no cache.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request

from .house import House

MAX_FORM_BYTES = 32_768
FORM_FIELD = "form_token"
FORM_HEADER = "X-Desk-Form"

_MAY_LOAD = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "; ".join(f"{what} {whence}" for what, whence in _MAY_LOAD.items()),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
NO_STORE = "no-store"
A_YEAR = "public, max-age=31536000, immutable"


class FormRefused(Exception):
    """A form that did not come from a page of ours, or from one that is too old."""


class Form:
    """What a form said: each name once, or several times."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    def get(self, name: str, default: str = "") -> str:
        """The first value of that name, without the spaces around it."""
        return next((value.strip() for key, value in self._pairs if key == name), default)

    def all(self, name: str) -> list[str]:
        """Every value of that name, each once."""
        return list(dict.fromkeys(value for key, value in self._pairs if key == name))


async def read_form(request: Request) -> Form:
    """The form of a request; raises ``FormRefused`` for one that is none, or far too long."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_FORM_BYTES:
            raise FormRefused
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=400)
    except ValueError as error:
        raise FormRefused from error
    return Form([(name, value.replace("\0", "")) for name, value in pairs])  # databases take none


def check_origin(request: Request, house: House) -> None:
    """Raise ``FormRefused`` where the browser says that another site sent this."""
    headers = request.headers
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise FormRefused
    origin = headers.get("origin")
    is_ours = origin == house.origin or urlsplit(origin or "").netloc == headers.get("host")
    if origin is not None and not is_ours:
        raise FormRefused


def check_token(request: Request, form: Form, token: str) -> None:
    """Raise ``FormRefused`` unless the form carries the token of its session."""
    said = request.headers.get(FORM_HEADER) or form.get(FORM_FIELD)
    if not hmac.compare_digest(said.encode(), token.encode()):
        raise FormRefused


def is_known_host(request: Request, house: House) -> bool:
    """False where a stranger's name leads here, as in DNS rebinding."""
    return (request.url.hostname or "") in house.hosts
