"""Finds what a wish says *about* the picture: size, how many, texts in it, what must not be.

Works on folded text with patterns that run in linear time; knows no objects and no grammar.
Negatives in Chinese need words to be told apart and are found in ``reading.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from inference.expansion.inscriptions import Inscription, find_inscriptions
from inference.jobs import MAX_SIDE, MIN_SIDE, SIDE_MULTIPLE

Span = tuple[int, int]

_PIXELS: Final = re.compile(
    r"(?<![\w.:])(\d{2,5})\s?(?:px)?\s?(?:x|×|\*|by|乘以?)\s?(\d{2,5})(?!\d)"
    r"(?!\s?(?:cm|mm|inch|in\b|m\b|grid|matrix|cells|squares|tiles|厘米|毫米|寸|英寸|格))\s?(px|pixels?(?! art)|像素(?!画|风|艺术))?"
)
_RATIO: Final = re.compile(
    r"(?:--(?:ar|aspect)\s+)?(?<![\w:.])(\d{1,2})\s?[:：比]\s?(\d{1,2})(?![\d:])"
    r"(?:\s?(?:aspect ratio|ratio|format|的?比例|画幅))?"
)
_RATIOS: Final = frozenset(
    {(1, 1), (16, 9), (9, 16), (4, 3), (3, 4), (3, 2), (2, 3), (21, 9), (9, 21), (5, 4), (4, 5),
     (2, 1), (1, 2), (16, 10), (10, 16)}
)  # fmt: skip
_PICTURE: Final = r"(?:picture|image|photo|format|canvas|layout|pic|composition|wallpaper)"
_SHAPE: Final = r"(?:format|orientation|mode|aspect ratio|aspect|layout|composition|sized?)"
_SHAPES: Final = (
    ((1, 1), r"square|squared", r"方图|正?方形的?(?:图片|图|画面|画|构图)|正方形构图|(?:^|(?<=[,，。\s]))正方形(?=$|[,，。.])"),
    ((2, 3), r"portrait|vertical|tall|upright",
     r"竖图|竖版|竖屏|竖幅|竖构图|竖向|竖着的图|纵向|(?:^|(?<=[,，。\s]))竖着?的?(?=$|[,，。\s])"),
    ((3, 2), r"landscape|wide|horizontal", r"横图|横版|横屏|横构图|横向|横着的图|(?:^|(?<=[,，。\s]))横着?的?(?=$|[,，。\s])"),
    ((16, 9), r"widescreen|wide-screen|wide screen|ultrawide", r"宽屏|宽幅|宽图"),
    ((2, 1), r"panorama|panoramic", r"全景图|全景"),
    ((9, 16), r"(?:phone|mobile|iphone|android) (?:wallpaper|background|lockscreen)",
     r"手机壁纸|手机屏保"),
    ((16, 9), r"(?:desktop|pc|computer) (?:wallpaper|background)", r"电脑壁纸|桌面壁纸"),
)  # fmt: skip

_COUNT_WORDS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "a couple of": 2, "a few": 3, "several": 4, "some": 4,
    "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    "十": 10, "几": 3,
}  # fmt: skip
_NUM: Final = r"(?:\d{1,3}|" + "|".join(k for k in _COUNT_WORDS if k.isascii()) + ")"
_COUNT_EN: Final = re.compile(
    rf"\b({_NUM})\s(?:different |more |separate |distinct |new |versions? of )?"
    r"(?:pictures?|images?|pics?|variations?|versions?|variants?|options|renders)"
    r"(?: (?:of|with|showing))?(?=\W|$)"
)
_COUNT_MADE_EN: Final = re.compile(
    rf"\b({_NUM}\s)(?:\w+ )?(?:\w+ )?(?:painting|drawing|photo|illustration|sketche|logo|icon|"
    r"sticker|poster|wallpaper)(s)(?= of\b)"
)
_COUNT_TIMES: Final = re.compile(
    r"(?<![\w.])(?:[x×]\s?([1-8])|([1-8])\s?[x×])(?=\s*(?:$|[,，.。:]))|^[x×]([1-8])(?=\s)"
)
_COUNT_ZH: Final = re.compile(
    r"(\d{1,3}|[一两二三四五六七八九十])(?:个|种)(?:不同的?)?(?:版本|方案|变体|选择)"
)

_FLAG_NO: Final = re.compile(r"--no\s+([^\n]{1,200}?)(?=\s--|\n|$)")
_FLAG: Final = re.compile(
    r"--(?:v|version|q|quality|s|stylize|style|seed|chaos|c|weird|iw|niji|tile|raw|hd|fast|turbo|"
    r"relax|stop|repeat|sref|cref|cw|sw|p|profile|ar|aspect)\b(?:\s(?!--)[\w.:/-]+)?"
)
_NEGATIVE_EN: Final = re.compile(
    r"(?:\b(?:and|but|with|,)\s+)?\b(?:there (?:should|must) be no|there(?: are|'s| is) no|(?:that |which )?(?:has|have) no|"
    r"(?:that |which )?(?:doesn't|don't|does not) have(?: any)?|no|without(?: any)?|"
    r"(?:please )?(?:don't|dont|do not)(?: (?:include|add|draw|want|show|put|use|have))(?: any| a| an)?|"
    r"(?:but )?not(?= an? )|remove|take away|get rid of|avoid(?:ing)?|exclud(?:e|ing)|minus|free of)\s+"
    r"([^,.;:!?\n，。；()]{1,120})"
)
_ANYTHING_BUT: Final = re.compile(
    r"\b(?:anything|everything|whatever)(?: really)? (?:but|except(?: for)?) ([^,.;:!?\n]{1,60})"
)
_NOT_NEGATIVE: Final = re.compile(
    r"(?:idea|problem|matter|doubt|longer|more than|less than|limit|limits|rush|way|entry|smoking|"
    r"parking|need|where|entrance|trespassing|fishing sign|worries)\b"
)
_POSITIVE_AGAIN: Final = re.compile(
    r"\s(?:but|with|in|at|on|around|while|please|just|only|style|instead|"
    r"(?:and|or)(?=\s+(?:an?|the|one|two|three|with|make|in|please|draw|use)\b))(?=\s|$)"
)
_ARTICLES: Final = re.compile(r"^(?:an?|the|any)\s+", re.IGNORECASE)
_NOBODY: Final = re.compile(
    r"\b(?:with )?(?:nobody|no one|no-one)\b(?: (?:else )?(?:in|on) (?:it|the picture|sight))?"
)


@dataclass(kw_only=True)
class Directives:
    """What was found. ``cuts`` are the parts of the wish that say only this."""

    inscriptions: list[Inscription] = field(default_factory=list)  # texts to be shown
    width: int | None = None
    height: int | None = None
    ratio: tuple[int, int] | None = None
    count: int | None = None
    negatives: list[str] = field(default_factory=list)
    cuts: list[Span] = field(default_factory=list)
    is_size_rounded: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """The words that must be readable in the picture."""
        return tuple(inscription.words for inscription in self.inscriptions)


def find_directives(text: str, folded: str) -> Directives:
    """Everything said about the picture in ``text``, whose folded form is ``folded``."""
    found = Directives(inscriptions=find_inscriptions(text, folded))
    masked = _masked(folded, [inscription.span for inscription in found.inscriptions])
    _find_negatives(found, text, masked)
    masked = _masked(masked, found.cuts)
    _find_size(found, masked)
    _find_count(found, masked)
    return found


def _masked(folded: str, spans: list[Span]) -> str:
    """``folded`` with ``spans`` made of signs that no pattern matches."""
    for start, end in spans:
        folded = folded[:start] + "\ue000" * (end - start) + folded[end:]
    return folded


def _find_negatives(found: Directives, text: str, folded: str) -> None:
    for match in _FLAG_NO.finditer(folded):
        found.cuts.append(match.span())
        found.negatives += [part.strip() for part in text[slice(*match.span(1))].split(",")]
    folded = _masked(folded, found.cuts)
    for match in _NOBODY.finditer(folded):
        found.cuts.append(match.span())
        found.negatives.append("people")
    for match in _ANYTHING_BUT.finditer(folded):
        found.cuts.append((match.start(), match.end()))
        found.negatives.append(text[slice(*match.span(1))])
    folded = _masked(folded, found.cuts)
    for match in _NEGATIVE_EN.finditer(folded):
        if _NOT_NEGATIVE.match(folded, match.start(1)):
            continue
        stop = _POSITIVE_AGAIN.search(folded, match.start(1), match.end(1))
        end = stop.start() if stop else match.end(1)
        words = text[match.start(1) : end]
        found.negatives += [
            part.strip() for part in re.split(r"\s+(?:or|and|nor)\s+(?:no\s+)?", words)
        ]
        found.cuts.append((match.start(), end))
    bare = (_ARTICLES.sub("", negative) for negative in found.negatives)
    found.negatives = [negative for negative in bare if negative]


def _find_size(found: Directives, folded: str) -> None:
    if match := _PIXELS.search(folded):
        width, height = int(match[1]), int(match[2])
        found.width, found.height = _side(width), _side(height)
        found.is_size_rounded = (width, height) != (found.width, found.height)
        found.cuts.append(match.span())
        return
    for match in _RATIO.finditer(folded):
        if (int(match[1]), int(match[2])) in _RATIOS:
            found.ratio = (int(match[1]), int(match[2]))
            found.cuts.append(match.span())
            break
    found.cuts += [match.span() for match in _FLAG.finditer(folded)]
    for ratio, english, chinese in _SHAPES:
        if span := _shape_span(folded, english, chinese):
            found.ratio = found.ratio or ratio
            found.cuts.append(span)
            return


def _shape_span(folded: str, english: str, chinese: str) -> Span | None:
    """Where a word for the picture's shape stands; "a wide river" is not one."""
    if match := re.search(chinese, folded):
        return match.span()
    if "(?:" in english or "screen" in english:
        match = re.search(rf"\b(?:{english})\b", folded)
        return match.span() if match else None
    if match := re.search(rf"\b(?:in )?(?:an? )?(?:{english}) {_SHAPE}\b", folded):
        return match.span()
    if match := re.search(rf"\b({english}) (?={_PICTURE})", folded):
        return match.span(1)
    if match := re.search(
        rf"[,;.\n]\s?(?!tall)({english})\s?(?=$|[,;.\n])|^({english})\s?(?=[,;.\n])", folded
    ):
        return match.span()
    return None


def _side(pixels: int) -> int:
    """The nearest side a job may have, in pixels."""
    rounded = round(pixels / SIDE_MULTIPLE) * SIDE_MULTIPLE
    return max(MIN_SIDE, min(MAX_SIDE, rounded))


def size_for_ratio(ratio: tuple[int, int], native: tuple[int, int]) -> tuple[int, int]:
    """Width and height in pixels with about the native area and no side below the least."""
    area = native[0] * native[1]
    wide = (area * ratio[0] / ratio[1]) ** 0.5
    scale = max(1.0, MIN_SIDE / min(wide, area / wide))
    return _side(round(wide * scale)), _side(round(area / wide * scale))


def _find_count(found: Directives, folded: str) -> None:
    if match := _COUNT_EN.search(folded):
        is_one_more = match[1] in ("a", "some") and match[1] == "a"
        if not is_one_more:
            found.count = _number(match[1])
            found.cuts.append(match.span())
    elif match := _COUNT_MADE_EN.search(folded):
        found.count = _number(match[1].strip())
        found.cuts += [match.span(1), match.span(2)]
    elif match := _COUNT_ZH.search(folded):
        found.count = _number(match[1])
        found.cuts.append(match.span())
    elif match := _COUNT_TIMES.search(folded):
        found.count = _number(match[1] or match[2] or match[3])
        found.cuts.append(match.span())


def _number(word: str) -> int:
    return _COUNT_WORDS[word] if word in _COUNT_WORDS else int(word)
