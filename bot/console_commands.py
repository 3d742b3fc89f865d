"""What a line typed into the terminal chat means. Pure: text in, a ``Command`` out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from .chat import Action
from .command_lines import read_line
from .edge import WrongUsage


class Verb(StrEnum):
    """What the terminal itself understands, besides the commands of ``bot.commands``."""

    COMMAND = "command"  # one of the table
    WORDS = "words"  # plain words: a wish, an answer, an edit
    EDIT = "edit"  # plain words about the pictures shown last
    PRESS = "press"  # a number, or the name of a button
    UNCOVER = "uncover"  # hidden pictures
    LANGUAGE = "language"
    HELP = "help"
    QUIT = "quit"


# English and Chinese are equals; the first of each is the one that help names.
VERBS: dict[Verb, tuple[str, ...]] = {
    Verb.EDIT: ("edit", "改"),
    Verb.UNCOVER: ("uncover", "揭开", "揭開"),
    Verb.LANGUAGE: ("language", "语言", "語言"),
    Verb.HELP: ("help", "帮助", "幫助", "?"),
    Verb.QUIT: ("quit", "退出", "exit"),
}
PRESSES: dict[Action, tuple[str, ...]] = {
    Action.ACCEPT_TERMS: ("agree", "同意"),
    Action.PICK: ("pick", "选", "選"),
    Action.TIE: ("tie", "平"),
    Action.ALL_BAD: ("allbad", "都不好"),
    Action.LARGER: ("larger", "放大"),
    Action.VARY: ("vary", "变化", "變化"),
    Action.CHANGE_WORD: ("word", "换词", "換詞"),
    Action.AGAIN: ("again", "再来", "再來"),
    Action.OWN_WORDS: ("own", "原话", "原話"),
    Action.MORE: ("more", "更多"),
    Action.DETAILS: ("details", "参数", "參數"),
    Action.ORIGINAL: ("original", "原图", "原圖"),
    Action.SHARE: ("share", "分享"),
    Action.DELETE: ("delete", "删除", "刪除"),
    Action.CLAIM: ("claim", "认领", "認領"),
    Action.HAND_BACK: ("handback", "交还", "交還"),
    Action.APPROVE: ("release", "放行", "approve"),
    Action.REJECT: ("refuse", "拒绝", "拒絕", "reject"),
    Action.UNDO: ("undo", "撤销", "撤銷"),
}
# Traditional characters for commands whose table has simplified ones.
OTHER_NAMES = {"畫": "imagine", "歷史": "history", "申訴": "appeal", "幫助": "help"}
CASE_ACTIONS = (Action.CLAIM, Action.HAND_BACK, Action.APPROVE, Action.REJECT, Action.UNDO)
_VERB_NAMES = {name: verb for verb, names in VERBS.items() for name in names}
_PRESS_NAMES = {name: action for action, names in PRESSES.items() for name in names}

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
    if action := _PRESS_NAMES.get(name.lower()):
        return _press(action, rest)
    line = f"/{OTHER_NAMES.get(name, name)} {rest}".strip()
    if read_line(line) is None:
        raise WrongUsage("console-unknown-command", name=name)
    return Command(verb=Verb.COMMAND, text=line)


def _press(action: Action, rest: str) -> Command:
    first, _, more = rest.partition(" ")
    if first.isascii() and first.isdigit() and len(first) <= 2:
        return Command(verb=Verb.PRESS, action=action, number=int(first), text=more.strip())
    if action in CASE_ACTIONS and _CASE.fullmatch(first):
        return Command(verb=Verb.PRESS, action=action, case=first, text=more.strip())
    return Command(verb=Verb.PRESS, action=action, text=rest)
