"""What a line typed into the terminal chat means. Pure: text in, a ``Command`` out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from .chat import Action
from .command_lines import read_options
from .commands import COMMANDS
from .edge import WrongUsage

if TYPE_CHECKING:
    from .asks import Ask


class Verb(StrEnum):
    """What the terminal itself understands, besides buttons."""

    IMAGINE = "imagine"
    WORDS = "words"  # plain words: a wish, an answer, an edit
    EDIT = "edit"  # plain words about the pictures shown last
    PRESS = "press"  # a number, or the name of a button
    SHOW = "show"  # uncover hidden pictures
    CASES = "cases"
    HISTORY = "history"
    LANGUAGE = "language"
    HELP = "help"
    QUIT = "quit"


# English and Chinese are equals; the first of each is the one that help names.
VERBS: dict[Verb, tuple[str, ...]] = {
    Verb.IMAGINE: ("imagine", "画", "畫"),
    Verb.EDIT: ("edit", "改"),
    Verb.SHOW: ("show", "看"),
    Verb.CASES: ("cases", "案件"),
    Verb.HISTORY: ("history", "历史", "歷史"),
    Verb.LANGUAGE: ("language", "语言", "語言"),
    Verb.HELP: ("help", "帮助", "幫助", "?"),
    Verb.QUIT: ("quit", "退出", "exit"),
}
PRESSES: dict[Action, tuple[str, ...]] = {
    Action.ACCEPT_TERMS: ("agree", "同意"),
    Action.PICK: ("pick", "选", "選"),
    Action.TIE: ("tie", "平"),
    Action.ALL_BAD: ("allbad", "都不好"),
    Action.VARY: ("vary", "变化", "變化"),
    Action.CHANGE_WORD: ("word", "换词", "換詞"),
    Action.AGAIN: ("again", "再来", "再來"),
    Action.OWN_WORDS: ("own", "原话", "原話"),
    Action.CANCEL: ("cancel", "取消"),
    Action.DELETE: ("delete", "删除", "刪除"),
    Action.APPEAL: ("appeal", "申诉", "申訴"),
    Action.CLAIM: ("claim", "认领", "認領"),
    Action.APPROVE: ("release", "放行", "approve"),
    Action.REJECT: ("refuse", "拒绝", "拒絕", "reject"),
    Action.UNDO: ("undo", "撤销", "撤銷"),
}
CASE_ACTIONS = (Action.CLAIM, Action.APPROVE, Action.REJECT, Action.UNDO)
_VERB_NAMES = {name: verb for verb, names in VERBS.items() for name in names}
_PRESS_NAMES = {name: action for action, names in PRESSES.items() for name in names}

IMAGINE = next(each for each in COMMANDS if each.name == "imagine")
_CASE = re.compile(r"[0-9a-f]{6,32}")


@dataclass(frozen=True, kw_only=True)
class Command:
    """What to do. ``number`` is a button's on the last card, or the nth of ``action``;
    ``case`` is how a case's id ends, where one was named."""

    verb: Verb
    text: str = ""
    action: Action | None = None
    number: int | None = None
    case: str = ""


def parse(line: str) -> Command | None:
    """What ``line`` asks for; None for an empty one. Raises ``WrongUsage``."""
    line = line.strip()
    if not line:
        return None
    if line.isascii() and line.isdigit() and len(line) <= 2:
        return Command(verb=Verb.PRESS, number=int(line))
    if not line.startswith(("/", "／")):
        return Command(verb=Verb.WORDS, text=line)
    name, _, rest = line[1:].partition(" ")
    rest = rest.strip()
    if verb := _VERB_NAMES.get(name.lower()):
        return Command(verb=verb, text=rest)
    action = _PRESS_NAMES.get(name.lower())
    if action is None:
        raise WrongUsage("console-unknown-command", name=name)
    first, _, more = rest.partition(" ")
    if first.isascii() and first.isdigit() and len(first) <= 2:
        return Command(verb=Verb.PRESS, action=action, number=int(first), text=more.strip())
    if action in CASE_ACTIONS and _CASE.fullmatch(first):
        return Command(verb=Verb.PRESS, action=action, case=first, text=more.strip())
    return Command(verb=Verb.PRESS, action=action, text=rest)


def parse_ask(text: str) -> Ask:
    """A wish with options at its end, such as ``a cat --count 2 --seed 7``."""
    from .wishing import ask_of

    return ask_of(read_options(IMAGINE, text))
