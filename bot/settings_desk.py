"""Settings for oneself and for a community: shown with what holds now, changed one at a time.

``SET`` carries "me" or "here", the setting's name and its value; "-" takes a choice back. Knows
no platform; ``bot.preferences`` says what the settings lead to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select, update

from moderation.cases import Role
from store.sessions import insert_once
from store.tables import Community, Identity, Moderator, Person

from . import setting_cards
from .admission import AskRefused
from .asks import Reply
from .chat import Speaker
from .command_lines import read_value
from .commands import Command, Kind, command
from .consents import LEARNING, may_learn, set_consent
from .preferences import limits_of, may_administrate
from .settings import TERMS_VERSION, Settings
from .styles import read_styles
from .texts import known_language, pick_language
from .visits import Call, Press, Visit, refuse_unless

NOTHING = "-"  # takes a choice back
MINE, HERE = "me", "here"
_PLACES = ("reviews", "shared")


async def mine(call: Call) -> Reply:
    """What was chosen for oneself; with options, chosen now."""
    for name, value in call.options.items():
        await _set_mine(call, name, value)
    return await show(call, MINE)


async def here(call: Call) -> Reply:
    """What holds for everybody here; with options, chosen now."""
    for name, value in call.options.items():
        await _set_here(call, name, value)
    return await show(call, HERE)


async def set_one(pressed: Press) -> Reply:
    """One setting by a button, then all of them as they are now, in the same message."""
    scope, name, value = [*pressed.argument.split(":", 2), "", ""][:3]
    chosen = _read(command(f"settings {scope}"), name, value)
    if scope == HERE:
        refuse_unless(await may_administrate(pressed), "press-not-an-administrator")
        await _set_here(pressed, name, chosen)
    else:
        await _set_mine(pressed, name, chosen)
    return await show(pressed, scope, is_update=True)


async def reviewers(call: Call) -> Reply:
    """Who looks after this place's cases, and in which role."""
    if someone := call.options.get("add"):
        await _appoint(call, await _person(call, someone), call.options.get("role"))
    if someone := call.options.get("remove"):
        await _dismiss(call, await _person(call, someone))
    found = await call.session.execute(
        select(Identity.name, Moderator.role)
        .join(Moderator, Moderator.person_id == Identity.person_id)
        .where(Moderator.community_id == call.visitor.community_id)
        .order_by(Identity.name)
    )
    named = dict.fromkeys((name, role) for name, role in found)
    here = await call.session.get_one(Community, call.visitor.community_id)
    is_posted = bool((here.settings or {}).get("reviews"))
    return Reply(card=setting_cards.reviewers(call.language, list(named), is_posted=is_posted))


async def _appoint(call: Call, person_id: str, role: str | None) -> None:
    """Give someone a role here; without naming one they keep theirs, or become a moderator."""
    where = {"person_id": person_id, "community_id": call.visitor.community_id}
    is_new = await insert_once(call.session, Moderator, role=role or Role.MODERATOR, **where)
    if not is_new and role is not None:
        await call.session.execute(update(Moderator).filter_by(**where).values(role=role))
    if is_new or role is not None:
        await _log(call, "appoint", person_id, role or Role.MODERATOR)


async def _dismiss(call: Call, person_id: str) -> None:
    where = {"person_id": person_id, "community_id": call.visitor.community_id}
    await call.session.execute(delete(Moderator).filter_by(**where))
    await _log(call, "dismiss", person_id, None)


async def _log(call: Call, action: str, person_id: str, role: str | None) -> None:
    facts = {"role": role, "community": call.visitor.community_id}
    log, actor = call.studio.shop.audit, call.visitor.person_id
    await log.append(call.session, actor, action, person_id, facts)


def _read(known: Command | None, name: str, value: str) -> Any:
    option = known.option(name) if known else None
    if option is None:
        raise AskRefused("press-unknown")
    if value == NOTHING:
        return None
    read = read_value(option, value)
    if option.kind is Kind.CHOICE and read not in option.choices:
        raise AskRefused("press-unknown")
    return read


async def _set_mine(visit: Visit, name: str, value: Any) -> None:
    person = await visit.session.get_one(Person, visit.visitor.person_id)
    if name == "language":
        person.language = known_language(value) if value != "auto" else None
    elif name == "learning":
        how = f"{visit.event.speaker.platform}:{visit.event.id}"
        await set_consent(
            visit.session, person.id, LEARNING, TERMS_VERSION, how, is_given=bool(value)
        )
    else:
        person.settings = _changed(person.settings, name, value)


async def _set_here(visit: Visit, name: str, value: Any) -> None:
    community = await visit.session.get_one(Community, visit.visitor.community_id)
    settings = visit.studio.shop.settings
    if name in _PLACES:
        value = _this_place(visit) if value == "here" else None
    elif name == "styles" and isinstance(value, str):
        value = read_styles(value) or None
    elif name == "language" and value == "auto":
        value = None
    elif name == "level" and value is not None:
        refuse_unless(value in levels(settings), "settings-level", level=settings.community_level)
    community.settings = _changed(community.settings, name, value)


def levels(settings: Settings) -> tuple[str, ...]:
    """A community may be as careful as the operator, or more."""
    order = ("relaxed", "standard", "strict")
    return order[order.index(settings.community_level) :]


def _this_place(visit: Visit) -> dict[str, Any]:
    """Where the core may post by itself, as the platform's adapter names it."""
    chat = visit.studio.shop.chats.get(visit.event.speaker.platform)
    place = getattr(chat, "place", dict)
    return {"platform": visit.event.speaker.platform, "at": dict(place(visit.event.address))}


def _changed(before: Mapping[str, Any] | None, name: str, value: Any) -> dict[str, Any]:
    """A new mapping, because a changed one would not be noticed."""
    kept = {key: one for key, one in (before or {}).items() if key != name}
    return kept if value is None else {**kept, name: value}


async def _person(call: Call, speaker: Speaker) -> str:
    """The person mentioned; refused where they have never spoken to the studio."""
    found = await call.session.scalar(
        select(Identity.person_id).where(
            Identity.platform == speaker.platform, Identity.external_id == speaker.external_id
        )
    )
    refuse_unless(found, "settings-stranger", name=speaker.name or speaker.external_id)
    return str(found)


async def show(visit: Visit, scope: str, *, is_update: bool = False) -> Reply:
    """The settings as they are now."""
    await visit.session.flush()
    session, language = visit.session, await _language_now(visit)
    community = await session.get_one(Community, visit.visitor.community_id)
    chosen = community.settings or {}
    if scope == HERE:
        limits = limits_of(visit.studio.shop.settings, chosen)
        card = setting_cards.here(language, chosen, limits, levels(visit.studio.shop.settings))
    else:
        person = await session.get_one(Person, visit.visitor.person_id)
        card = setting_cards.mine(
            language,
            {**(person.settings or {}), "language": person.language or "auto"},
            chosen,
            limits_of(visit.studio.shop.settings, chosen),
            may_learn=await may_learn(session, person.id),
        )
    return Reply(card=card, is_update=is_update)


async def _language_now(visit: Visit) -> str:
    """A language that was chosen, or taken back, a moment ago is spoken at once."""
    person = await visit.session.get_one(Person, visit.visitor.person_id)
    default = visit.studio.shop.settings.language
    return pick_language(person.language, visit.event.speaker.locale, default)
