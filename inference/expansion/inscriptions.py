"""Finds the words a picture must show: quoted or not, in English or Chinese.

Works on a wish and its folded form; knows the words that introduce a text, nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

Span = tuple[int, int]

MAX_TEXTS: Final = 8
_LOOK_BACK: Final = 40  # characters before a quotation mark that can introduce it

_QUOTED: Final = re.compile(
    r"“([^”\n]{1,80})”|「([^」\n]{1,80})」|『([^』\n]{1,80})』|\"([^\"\n]{1,80})\"|"
    r"(?<![\w])'([^'\n]{1,80})'(?!\w)|《([^》\n]{1,80})》"
)
_SAYS_EN: Final = (
    r"(?:(?:that|which) (?:say|read)s?|with (?:the )?(?:text|words?|letters?|title|caption|slogan|"
    r"inscription)|saying|says|reading|reads|spelling|spells|(?:the )?(?:text|words?|letters?|"
    r"title|caption|slogan|inscription)|written|titled|entitled|captioned|lettered|"
    r"label(?:l)?ed|printed)"
)
_SAYS_ZH: Final = (
    r"(?:上面|上)?(?:写着|写上|写有|印着|印有|刻着|题着|题字|标着|写了|写|文字(?:内容)?[是为:]?|字样|标题[是为:]?|"
    r"内容[是为:]|文案[是为:]?|带有?文字|的字是)"
)
_BEFORE_QUOTE: Final = re.compile(rf"(?:{_SAYS_EN}|{_SAYS_ZH})[\s:,]*$")
_AFTER_QUOTE: Final = re.compile(
    r"\s?(?:这|的)?[一二两三四五六七八几]?个?大?(?:文字|字样|字)(?!母)"
)
_BARE_EN: Final = re.compile(
    r"\b(?:that says|which says|saying|that reads|with the (?:text|words?|title|caption))\b\s*:?\s*"
    r"((?:[\w!?&'-]+ ?){1,6})"
)
_BARE_ZH: Final = re.compile(
    r"(?:写着|写上|写有|印着|印有|刻着|题着)(?:一个)?([^\s,.;:!?，。；：！？、“”\"'的]{1,12}?)(?:字|两个字|几个字)?"
    r"(?=的|[\s,.;:!?，。；：！？、]|$)"
)
_STOPS_EN: Final = re.compile(
    r"\b(?:on|in|at|above|below|over|under|next|beside|near|by|with|and then|against|while|"
    r"written|hanging|standing)\b"
)
_NAMED: Final = re.compile(
    r"(?:called|named|(?:名字|店名|品牌)?(?:叫做|叫|为|是)|名叫|店名|品牌名?)[\s:]*$"
)
_SIGN: Final = re.compile(
    r"\b(?:sign|banner|poster|card|billboard|label|shirt|mug|cake|plaque|board)(?: with)? $|"
    r"(?:招牌|牌子|横幅|海报|条幅|贺卡|春联)\s?$"
)
_TITLED: Final = re.compile(r"\b(?:en)?titled\s+((?:[A-Z][\w&'-]*\s?){1,5})")
_NAME_BARE: Final = re.compile(
    r"\b(?:called|named)\s+((?:[A-Z][\w&'-]*\s?){1,4})|(?:名叫|叫做|名为|叫)([^\s,.，。；;！!的]{1,10})"
)
_LOGO: Final = re.compile(r"(?<![a-z])logos?(?![a-z])|标志|商标|徽标|招牌|\bsignboard\b|店招")


@dataclass(frozen=True, kw_only=True)
class Inscription:
    """Words to be shown, and the part of the wish that says so, introduction and all."""

    words: str
    span: Span


def is_logo(folded: str) -> bool:
    """Whether the wish is for a logo or a shop sign, which is nothing without its name."""
    return _LOGO.search(folded) is not None


def find_inscriptions(text: str, folded: str) -> list[Inscription]:
    """The texts to be shown, in order; those in quotation marks rule out all others."""
    quoted = list(islice(_quoted(text, folded), MAX_TEXTS))
    return quoted or list(islice(_bare(text, folded), 1))


def _quoted(text: str, folded: str) -> Iterator[Inscription]:
    for match in _QUOTED.finditer(text):
        before = folded[max(0, match.start() - _LOOK_BACK) : match.start()]
        after = _AFTER_QUOTE.match(folded, match.end())
        start = _introduction(before, is_logo(folded))
        if start is None and not after and not _SIGN.search(before):
            continue
        words = match[match.lastindex or 1].strip()
        begin = match.start() - (0 if start is None else len(before) - start)
        if words:
            yield Inscription(words=words, span=(begin, after.end() if after else match.end()))


def _introduction(before: str, is_for_logo: bool) -> int | None:
    """Where in ``before`` the words begin that introduce the quotation after it."""
    says = _BEFORE_QUOTE.search(before)
    if says is None and is_for_logo:
        named = _NAMED.search(before)
        return named.start() if named else len(before)
    return says.start() if says else None


def _bare(text: str, folded: str) -> Iterator[Inscription]:
    """Texts without quotation marks: "saying OPEN", 写着福字, "titled Blue Nights"."""
    if (match := _BARE_EN.search(folded)) and text[match.start(1)] not in "'\"":
        stop = _STOPS_EN.search(folded, match.start(1), match.end(1))
        end = stop.start() if stop and stop.start() > match.start(1) else match.end(1)
        words = text[match.start(1) : end].rstrip()
        yield Inscription(words=words, span=(match.start(), match.start(1) + len(words)))
    if match := _BARE_ZH.search(folded):
        yield Inscription(words=text[match.start(1) : match.end(1)], span=match.span())
    if (match := _TITLED.search(text)) or (is_logo(folded) and (match := _NAME_BARE.search(text))):
        yield Inscription(words=match[match.lastindex or 1].strip(), span=match.span())
