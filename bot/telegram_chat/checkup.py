"""Looks for the mistakes people make with a Telegram bot. Changes nothing and loads no client."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

from bot.folder_lock import FolderLock
from bot.settings import Settings

LOOK_SECONDS = 6.0
RIVAL_SECONDS = 4  # a program that was cut off asks again by then
CONFLICT = 409
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
Mistake = tuple[str, dict[str, Any]]  # how its sentence and health are called, and arguments


class _Refused(Exception):
    """Telegram does not know the token."""


def mistakes(settings: Settings) -> Iterator[Mistake]:
    """Everything found, worst first: ``refused``, ``unreachable``, ``address``, ``secret``,
    ``leftover``, ``elsewhere``, ``failing``, ``rival``, ``privacy``, ``groups``."""
    hook, secret = settings.telegram_webhook_url, settings.telegram_webhook_secret
    if hook and not hook.startswith("https://"):
        yield "address", {"url": hook}
    if secret.get_secret_value() and not SECRET.fullmatch(secret.get_secret_value()):
        yield "secret", {}
    try:
        me, info = _ask(settings, "getMe"), _ask(settings, "getWebhookInfo")
    except _Refused:
        yield "refused", {}
        return
    except (OSError, ValueError, KeyError):
        yield "unreachable", {"url": settings.telegram_api_url}
        return
    yield from _webhook(hook, info)
    if not hook and not info.get("url") and _is_asked_by_another(settings):
        yield "rival", {}
    if me.get("can_read_all_group_messages"):
        yield "privacy", {"name": me.get("username", "")}
    if not me.get("can_join_groups", True):
        yield "groups", {"name": me.get("username", "")}


def _is_asked_by_another(settings: Settings) -> bool:
    """True where some other program keeps asking for this bot's updates. Telegram lets the one
    who asks later have its way, so a program that keeps asking cuts us off. We confirm nothing,
    and do not look while our own service is asking."""
    folder = settings.data_dir
    if not settings.is_embedded or (folder.exists() and FolderLock(folder).is_taken()):
        return False
    try:
        _ask(settings, f"getUpdates?limit=1&timeout={RIVAL_SECONDS}")
    except urllib.error.HTTPError as error:
        return error.code == CONFLICT
    except (OSError, ValueError, KeyError):
        return False
    return False


def _webhook(wanted: str, info: dict[str, Any]) -> Iterator[Mistake]:
    found = info.get("url", "")
    if found and not wanted:
        yield "leftover", {"url": found}
    elif wanted and found and found != wanted:
        yield "elsewhere", {"url": found, "wanted": wanted}
    elif wanted and info.get("last_error_message"):
        yield "failing", {"why": info["last_error_message"]}


def _ask(settings: Settings, method: str) -> dict[str, Any]:
    """The result of a method without parameters."""
    token = settings.telegram_token.get_secret_value()
    url = f"{settings.telegram_api_url.rstrip('/')}/bot{token}/{method}"
    if not url.startswith(("http://", "https://")):
        raise ValueError("no address")
    try:
        with urllib.request.urlopen(url, timeout=LOOK_SECONDS) as answer:  # noqa: S310
            result: dict[str, Any] = json.load(answer)["result"]
    except urllib.error.HTTPError as error:
        if error.code in (401, 404):
            raise _Refused from None
        raise
    return result
