"""What is configured for the filter of pictures, and what is missing. Changes nothing, loads no
torch and no model."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from .parts import has_safety_tier
from .settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

Mistake = tuple[str, dict[str, object]]  # a key and its arguments

BAD = frozenset({"lists-bad", "concepts-bad", "classifiers-bad", "text-missing", "codes-missing",
                 "addresses-bad", "safety-dead"})  # fmt: skip
DOUBTFUL = frozenset({"safety-untold", "safety-waiting"})
UNUSED = frozenset({"lists-none"})


def look(settings: Settings) -> Iterator[Mistake]:
    """What there is to say of lists, concepts, classifiers, extras and the child-safety tier."""
    yield from _lists(settings)
    yield from _files(settings)
    yield from _extras(settings)
    if has_safety_tier(settings):
        yield from _safety(settings)


def _lists(settings: Settings) -> Iterator[Mistake]:
    from moderation.errors import ListError
    from moderation.lists import read_lists

    folder = str(settings.hash_folder)
    try:
        edition = read_lists(settings.hash_folder)
    except ListError as error:
        yield "lists-bad", {"folder": folder, "why": error}
        return
    count = sum(len(each.pictures) for each in edition.lists)
    key = "lists-good" if edition.lists else "lists-none"
    yield key, {"folder": folder, "lists": len(edition.lists), "count": count}


def _files(settings: Settings) -> Iterator[Mistake]:
    from moderation.errors import ModerationError
    from moderation.pictures.addresses import read_addresses
    from moderation.pictures.classifier_list import load_classifiers
    from moderation.pictures.concept_list import load_concepts

    for topic, path, read in (
        ("concepts", settings.concepts, load_concepts),
        ("classifiers", settings.picture_classifiers, load_classifiers),
        ("addresses", settings.picture_addresses, read_addresses),
    ):
        if path is None:
            continue
        try:
            read(path)
            yield f"{topic}-good", {"path": str(path)}
        except ModerationError as error:
            yield f"{topic}-bad", {"path": str(path), "why": error}


def _extras(settings: Settings) -> Iterator[Mistake]:
    from moderation.pictures import codes, lettering

    if settings.picture_text == "rapidocr":
        yield ("text-good" if lettering.is_installed() else "text-missing"), {}
    if settings.picture_codes:
        yield ("codes-good" if codes.is_installed() else "codes-missing"), {}


def _safety(settings: Settings) -> Iterator[Mistake]:
    yield ("safety-told" if settings.child_safety_url else "safety-untold"), {}
    waiting = asyncio.run(_reports(settings)) if _has_tables(settings) else {}
    if waiting.get("waiting"):
        yield "safety-waiting", {"count": waiting["waiting"]}
    if waiting.get("dead"):
        yield "safety-dead", {"count": waiting["dead"]}


def _has_tables(settings: Settings) -> bool:
    import migrations
    from store.sessions import Database

    is_new = settings.is_embedded and not Path(Database(settings.url).name).exists()
    return not is_new and migrations.is_current(settings.url)


async def _reports(settings: Settings) -> Mapping[str, int]:
    """How many hand-offs stand how."""
    from store.sessions import Database
    from store.tables import SafetyReport

    database = Database(settings.url)
    try:
        async with database.session() as session:
            counted = select(SafetyReport.state, func.count()).group_by(SafetyReport.state)
            return dict((await session.execute(counted)).all())
    finally:
        await database.close()
