"""Looks at this installation: what is configured, what is missing, what to do. Changes nothing
but a test blob, loads no model and no torch.

Each check is one function that returns findings; a check that fails to look is a finding too.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import json
import os
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .edge import explain, terminal_language
from .fonts import font_file
from .parts import clip_folder
from .settings import Settings
from .texts import say

if TYPE_CHECKING:
    from store.blobs import BlobStore

LEAST_FREE_BYTES = 2 * 2**30
LOOK_SECONDS = 5.0
DISCORD_TOKEN = re.compile(r"[\w-]{20,}\.[\w-]{5,}\.[\w-]{20,}")
HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+")
TELEGRAM_TOKEN = re.compile(r"\d{5,}:[\w-]{30,}")


class Health(StrEnum):
    """How a finding stands."""

    GOOD = "good"  # works
    UNUSED = "unused"  # not configured, and need not be
    DOUBTFUL = "doubtful"  # works, with something less
    BAD = "bad"  # does not work until something is done


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one look found. ``doctor-<topic>-<key>`` names its sentence."""

    topic: str
    key: str
    health: Health
    args: dict[str, Any] = field(default_factory=dict)

    def sentence(self, language: str) -> str:
        """What was found and, where something is to be done, what."""
        return say(language, f"doctor-{self.topic}-{self.key}", **self.args)


def examine(settings: Settings, language: str) -> list[Finding]:
    """Every finding, in the order a reader wants."""
    findings: list[Finding] = []
    for topic, look in _LOOKS.items():
        try:
            findings += look(settings)
        except Exception as error:  # noqa: BLE001  (the edge: it becomes a finding)
            why = explain(error, language, settings).sentence
            key, args = "failed", {"why": why}
            findings.append(Finding(topic=topic, key=key, health=Health.BAD, args=args))
    return findings


def _data(settings: Settings) -> list[Finding]:
    """The data folder, or the nearest folder above it that is there."""
    folder = settings.data_dir
    while not folder.exists():
        folder = folder.parent
    where = {"folder": str(settings.data_dir)}
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        return [Finding(topic="data", key="closed", health=Health.BAD, args=where)]
    free = shutil.disk_usage(folder).free
    args = {**where, "free": f"{free / 2**30:.1f}"}
    if free < LEAST_FREE_BYTES:
        return [Finding(topic="data", key="full", health=Health.BAD, args=args)]
    return [Finding(topic="data", key="good", health=Health.GOOD, args=args)]


def _database(settings: Settings) -> list[Finding]:
    import migrations
    from store.sessions import Database

    args = {"database": Database(settings.url).name}
    if settings.is_embedded and not Path(args["database"]).exists():
        return [Finding(topic="database", key="new", health=Health.UNUSED, args=args)]
    is_current = migrations.is_current(settings.url)
    if not is_current:
        return [Finding(topic="database", key="old", health=Health.BAD, args=args)]
    return [Finding(topic="database", key="good", health=Health.GOOD, args=args)]


def _blobs(settings: Settings) -> list[Finding]:
    from store.blobs import BlobStore

    where = settings.blob_url or str(settings.data_dir / "blobs")
    args = {"where": where}
    if not settings.blob_url and not Path(where).exists():
        return [Finding(topic="blobs", key="new", health=Health.UNUSED, args=args)]
    store = BlobStore(where)
    asyncio.run(_try(store))
    return [Finding(topic="blobs", key="good", health=Health.GOOD, args=args)]


async def _try(store: BlobStore) -> None:
    await store.get(await store.put(b"atelier doctor"))  # owned by nobody: the sweep takes it


def _model(settings: Settings) -> list[Finding]:
    from inference.sketchbook import weights_dir

    args = {"model": settings.model}
    folder = weights_dir() if settings.model == "sketchbook" else Path(settings.model)
    if (folder / "model_index.json").is_file():
        return [Finding(topic="model", key="good", health=Health.GOOD, args=args)]
    if HUB_NAME.fullmatch(settings.model) and not folder.exists():
        return [Finding(topic="model", key="hub", health=Health.DOUBTFUL, args=args)]
    return [Finding(topic="model", key="missing", health=Health.BAD, args=args)]


def _clip(settings: Settings) -> list[Finding]:
    folder = clip_folder(settings)
    is_there = (folder / "config.json").is_file()
    key, health = ("good", Health.GOOD) if is_there else ("missing", Health.BAD)
    return [Finding(topic="clip", key=key, health=health, args={"folder": str(folder)})]


def _device(settings: Settings) -> list[Finding]:
    """What torch was built for, and whether there is a driver, without loading either."""
    try:
        version = importlib.metadata.version("torch")
    except importlib.metadata.PackageNotFoundError:
        return [Finding(topic="device", key="missing", health=Health.BAD)]
    has_gpu = shutil.which("nvidia-smi") is not None or Path("/dev/nvidia0").exists()
    args = {"version": version, "cores": os.cpu_count() or 1}
    if settings.device == "cuda" and not has_gpu:
        return [Finding(topic="device", key="wanted", health=Health.BAD, args=args)]
    if has_gpu and "+cpu" in version:
        return [Finding(topic="device", key="mismatch", health=Health.DOUBTFUL, args=args)]
    key = "gpu" if has_gpu and settings.device != "cpu" else "cpu"
    return [Finding(topic="device", key=key, health=Health.GOOD, args=args)]


def _expander(settings: Settings) -> list[Finding]:
    if settings.expander in ("offline", "none") or not settings.llm_model:
        key = "none" if settings.expander == "none" else "offline"
        if settings.expander == "llm":
            return [Finding(topic="expander", key="nameless", health=Health.BAD)]
        return [Finding(topic="expander", key=key, health=Health.GOOD)]
    args = {"model": settings.llm_model, "url": settings.llm_base_url}
    key, health = _ask_llm(settings)
    return [Finding(topic="expander", key=key, health=health, args=args)]


def _ask_llm(settings: Settings) -> tuple[str, Health]:
    """Ask which models are served; any answer of that endpoint means it is reachable."""
    url = settings.llm_base_url.rstrip("/") + "/models"
    if not url.startswith(("http://", "https://")):
        return "unreachable", Health.DOUBTFUL
    key = settings.llm_api_key.get_secret_value()
    asked = urllib.request.Request(url, headers={"Authorization": f"Bearer {key}"})  # noqa: S310
    try:
        with urllib.request.urlopen(asked, timeout=LOOK_SECONDS) as answer:  # noqa: S310
            served = {one.get("id") for one in json.load(answer).get("data", [])}
    except urllib.error.HTTPError as error:
        return ("key", Health.DOUBTFUL) if error.code in (401, 403) else ("good", Health.GOOD)
    except (OSError, ValueError, AttributeError):
        return "unreachable", Health.DOUBTFUL
    is_served = not served or settings.llm_model in served
    return ("good", Health.GOOD) if is_served else ("unserved", Health.DOUBTFUL)


def look_at_tokens(settings: Settings) -> Iterator[Finding]:
    """The shape of each chat's token; whether a platform accepts it, only the platform knows."""
    for name, secret, shape in (
        ("discord", settings.discord_token, DISCORD_TOKEN),
        ("telegram", settings.telegram_token, TELEGRAM_TOKEN),
    ):
        token = secret.get_secret_value()
        args = {"name": name.capitalize(), "setting": f"ATELIER_{name.upper()}_TOKEN"}
        if not token:
            yield Finding(topic="chats", key="unused", health=Health.UNUSED, args=args)
        elif shape.fullmatch(token):
            yield Finding(topic="chats", key="good", health=Health.GOOD, args=args)
        else:
            yield Finding(topic="chats", key="shape", health=Health.BAD, args=args)


def look_at_discord(
    settings: Settings, connect: Callable[[], Any] = lambda: None
) -> Iterator[Finding]:
    """What Discord says of the bot, where there is one."""
    from .discord_chat.checkup import mistakes

    async def look(token: str) -> list[tuple[str, dict[str, Any]]]:
        return [found async for found in mistakes(token, connector=connect())]

    token = settings.discord_token.get_secret_value()
    if not DISCORD_TOKEN.fullmatch(token):
        return  # none, or one that was found wanting already
    found = asyncio.run(look(token))
    for key, args in found:
        health = Health.BAD if key in ("refused", "endpoint", "grant") else Health.DOUBTFUL
        yield Finding(topic="discord", key=key, health=health, args=args)
    if not found:
        yield Finding(topic="discord", key="good", health=Health.GOOD)


def look_at_telegram(settings: Settings) -> Iterator[Finding]:
    """What Telegram says of the bot, where there is one."""
    from .telegram_chat.checkup import mistakes

    token = settings.telegram_token.get_secret_value()
    if not TELEGRAM_TOKEN.fullmatch(token):
        return  # none, or one that was found wanting already
    is_well = True
    for key, args in mistakes(settings):
        is_well = False
        health = Health.BAD if key in ("refused", "address", "secret") else Health.DOUBTFUL
        yield Finding(topic="telegram", key=key, health=health, args=args)
    if is_well:
        yield Finding(topic="telegram", key="good", health=Health.GOOD)


def _font(settings: Settings) -> list[Finding]:
    found = font_file(settings.font_file, is_cjk=True)
    if found is None:
        return [Finding(topic="font", key="missing", health=Health.DOUBTFUL)]
    return [Finding(topic="font", key="good", health=Health.GOOD, args={"font": found.name})]


def look_at_pictures(settings: Settings) -> Iterator[Finding]:
    """The filter of pictures: lists, concepts, extras, and who is told of the worst."""
    from .picture_checkup import BAD, DOUBTFUL, UNUSED, look

    language = terminal_language(settings)
    healths = {
        **dict.fromkeys(BAD, Health.BAD),
        **dict.fromkeys(DOUBTFUL, Health.DOUBTFUL),
        **dict.fromkeys(UNUSED, Health.UNUSED),
    }
    for key, told in look(settings):
        args = {
            name: explain(value, language).sentence if isinstance(value, Exception) else value
            for name, value in told.items()
        }
        health = healths.get(key, Health.GOOD)
        yield Finding(topic="pictures", key=key, health=health, args=args)


def look_at_models(settings: Settings) -> Iterator[Finding]:
    """The models that describe and enlarge pictures, where there are any."""
    from .model_checkup import BAD, GOOD, look

    for key, args in look(settings):
        health = Health.GOOD if key in GOOD else Health.BAD if key in BAD else Health.DOUBTFUL
        yield Finding(topic="models", key=key, health=health, args=args)


def _desk(settings: Settings) -> list[Finding]:
    """The moderators' web page: cookies and pictures must not travel in the open."""
    args = {"url": settings.desk_url}
    if not settings.desk_url:
        return [Finding(topic="desk", key="unused", health=Health.UNUSED)]
    parts = urlsplit(settings.desk_url)
    is_near = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme == "https" or is_near:
        return [Finding(topic="desk", key="good", health=Health.GOOD, args=args)]
    return [Finding(topic="desk", key="open", health=Health.DOUBTFUL, args=args)]


_LOOKS: dict[str, Callable[[Settings], Iterable[Finding]]] = {
    "data": _data,
    "database": _database,
    "blobs": _blobs,
    "model": _model,
    "clip": _clip,
    "pictures": look_at_pictures,
    "models": look_at_models,
    "device": _device,
    "expander": _expander,
    "chats": look_at_tokens,
    "discord": look_at_discord,
    "telegram": look_at_telegram,
    "desk": _desk,
    "font": _font,
}
