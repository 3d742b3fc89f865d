"""What each command does: the table of handlers, and the checks that hold for all of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from . import (
    case_desk,
    describing,
    desk_links,
    gallery,
    linking,
    looking_back,
    mydata,
    reports,
    settings_desk,
    style_cards,
    terms,
    wishing,
)
from .admission import AskRefused, TermsNotAccepted, recognise
from .asks import Reply
from .chat import Event, Speaker, Upload
from .commands import Command, Kind, Option, Who, command
from .consents import has_accepted_terms
from .help_cards import help_card
from .preferences import may_administrate
from .visits import Call, Later, finished, refuse_unless

if TYPE_CHECKING:
    from .requests import Studio

Handler = Callable[[Call], Awaitable[Reply | Later]]

_TYPES: Mapping[Kind, tuple[type, ...]] = {
    Kind.TEXT: (str,),
    Kind.INTEGER: (int,),
    Kind.NUMBER: (int, float),
    Kind.SWITCH: (bool,),
    Kind.CHOICE: (str,),
    Kind.PICTURE: (Upload,),
    Kind.PERSON: (Speaker,),
}
# A wish is kept while its person reads the terms; these ask for them themselves, and one's own
# data, language and the rest are one's right before any agreement.
NEED_TERMS = frozenset({"show", "report", "appeal", "gallery", "cases", "desk"})


async def obey(studio: Studio, event: Event, name: str, options: Mapping[str, Any]) -> Reply:
    """Do what the command says; raises the refusals that ``Studio`` turns into replies."""
    asked = command(name)
    if asked is None or asked.name not in HANDLERS:
        raise AskRefused("command-unknown", name=name)
    chosen = {each.name: _checked(each, options[each.name]) for each in _given(asked, options)}
    async with studio.shop.db.session() as session:
        visitor = await recognise(session, event, studio.shop.settings)
        call = Call(
            studio=studio,
            session=session,
            event=event,
            visitor=visitor,
            command=asked,
            options=chosen,
        )
        is_bound = asked.name in NEED_TERMS
        if is_bound and not await has_accepted_terms(session, visitor.person_id):
            raise TermsNotAccepted
        await _check_rights(call)
        answer = await HANDLERS[asked.name](call)
    return await finished(answer)


def _given(asked: Command, options: Mapping[str, Any]) -> list[Option]:
    """The options that were given; raises for one that is unknown or missing."""
    known = {each.name: each for each in asked.options}
    for name in options:
        if name not in known:
            raise AskRefused("command-unknown-option", name=name)
    given = [known[name] for name, value in options.items() if value is not None]
    for each in asked.options:
        if each.is_required and each not in given:
            is_picture = each.kind is Kind.PICTURE
            key = "command-needs-picture" if is_picture else "command-needs-option"
            raise AskRefused(key, name=each.name, command=asked.name)
    return given


def _checked(option: Option, value: Any) -> Any:
    """The value, if it is one that the table allows."""
    is_number = option.kind in (Kind.INTEGER, Kind.NUMBER)
    if not isinstance(value, _TYPES[option.kind]) or (is_number and isinstance(value, bool)):
        raise AskRefused("command-bad-option", name=option.name)
    if option.choices and value not in option.choices:
        raise AskRefused("command-bad-choice", name=option.name, choices=", ".join(option.choices))
    if isinstance(value, int | float) and is_number:
        _check_range(option, value)
    if isinstance(value, str) and option.max_characters is not None:
        most = option.max_characters
        refuse_unless(len(value) <= most, "ask-too-long", value=len(value), most=most)
    return value


def _check_range(option: Option, value: float) -> None:
    least, most = option.least, option.most
    if least is not None and most is not None and not least <= value <= most:
        raise AskRefused("command-out-of-range", name=option.name, least=least, most=most)


async def _check_rights(call: Call) -> None:
    if call.command.who is Who.ADMINISTRATOR and not await may_administrate(call):
        raise AskRefused("press-not-an-administrator")
    if call.command.who is Who.MODERATOR:
        moderates = await case_desk.moderates(call.session, call.visitor.person_id)
        refuse_unless(moderates, "press-not-a-moderator")
    if call.command.who is Who.READER:
        has_role = await desk_links.has_role(call.session, call.visitor.person_id)
        refuse_unless(has_role, "press-not-a-moderator")


async def help_(call: Call) -> Reply:
    """What this person can do here."""
    may = {Who.ANYONE}
    if await may_administrate(call):
        may.add(Who.ADMINISTRATOR)
    if await case_desk.moderates(call.session, call.visitor.person_id):
        may.add(Who.MODERATOR)
    if await desk_links.has_role(call.session, call.visitor.person_id):
        may.add(Who.READER)
    chat = call.studio.shop.chats.get(call.event.speaker.platform)
    names_in = getattr(chat, "command_language", "")  # a platform that lists them in one only
    return Reply(card=help_card(call.language, may, names_in))


HANDLERS: Mapping[str, Handler] = {
    "imagine": wishing.imagine,
    "queue": looking_back.queue,
    "cancel": looking_back.cancel,
    "history": looking_back.history,
    "show": looking_back.show,
    "styles": style_cards.styles,
    "describe": describing.ask,
    "gallery": gallery.newest,
    "settings me": settings_desk.mine,
    "settings here": settings_desk.here,
    "settings reviewers": settings_desk.reviewers,
    "link": linking.link,
    "terms": terms.show,
    "mydata export": mydata.take_out,
    "mydata delete": mydata.ask_to_erase,
    "mydata forget-votes": mydata.ask_to_forget,
    "report": reports.report_command,
    "appeal": reports.appeal_command,
    "cases": case_desk.list_cases,
    "desk": desk_links.give_link,
    "help": help_,
}
