"""Opens a menu as buttons, where a platform has no selects: the menu's own token says which."""

from __future__ import annotations

from . import case_desk, looking_back, result_cards, results, settings_desk
from .admission import AskRefused
from .asks import Reply
from .chat import Card, Menu
from .preferences import may_administrate
from .visits import Press, open_request, refuse_unless


async def open_menu(pressed: Press) -> Reply:
    """The options of the menu that the argument names."""
    name, _, about = pressed.argument.partition(":")
    if name == "report":
        request = await open_request(pressed, about)
        menu = result_cards.report_menu(pressed.language, request.id)
    elif name == "refuse":
        menu = await case_desk.refuse_menu(pressed, about)
    elif about:
        menu = await results.picture_menu(pressed, name, about)
    else:
        menu = _named(await _card_with(pressed, name), pressed.argument)
    return Reply(card=result_cards.menu(menu))


async def _card_with(pressed: Press, name: str) -> Card:
    """The card that such a menu stands on, as it is now."""
    if name == "show":
        return (await looking_back.history(pressed)).card
    if name == "cancel":
        return (await looking_back.queue(pressed)).card
    scope, _, _ = name.partition("-")
    if scope == settings_desk.HERE:
        refuse_unless(await may_administrate(pressed), "press-not-an-administrator")
    refuse_unless(scope in (settings_desk.HERE, settings_desk.MINE), "press-unknown")
    return (await settings_desk.show(pressed, scope)).card


def _named(card: Card, argument: str) -> Menu:
    for menu in card.menus:
        if menu.argument == argument:
            return menu
    raise AskRefused("press-gone")
