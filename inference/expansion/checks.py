"""Looks at a language model's draft before anyone else does. Knows what was wished for.

Each check returns what is wrong in words of ours (never the person's or the model's own), so
that it can be sent back to the model, or an empty string.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from inference.expansion.alignment import persons_words, words_of
from inference.expansion.brief import Brief, Clarity
from inference.expansion.draft import Draft
from inference.expansion.folding import fold, has_han
from inference.expansion.grammar_en import STOPWORDS, read_english
from inference.expansion.instructions import rule_words
from inference.expansion.lexicon.entries import Kind, listed
from inference.expansion.reading import Reading
from inference.expansion.tokens import Token, find_entry, tokenize

MAX_PROMPT: Final = 600  # characters beyond which an expansion is no help to an image model
_LEAK_WORDS: Final = 6  # this many of the rules' words in a row are a leak
_LEAST_KEPT: Final = 0.4  # of the wish's words; models reword, but not everything
_PARTS: Final = frozenset(
    listed("face eye eyes hand hands hair wing wings tail shadow shadows feather feathers")
)
"""Parts of things: saying them adds no object."""
_CONTENT: Final = frozenset(
    {Kind.THING, Kind.COLOUR, Kind.LOOK, Kind.MOOD, Kind.STYLE, Kind.PLACE, Kind.TIME, Kind.ACTION}
)
_LINK: Final = re.compile(
    r"(?:https?|ftp|file|javascript|data):\S*|www\.\S+|<[@#&!]+\w+>|(?<![\w.])@\w[\w.]*|"
    r"\b[\w-]+\.(?:com|net|org|io|gg|ru|cn|xyz|me|co|dev|app|link|top)\b(?:/\S*)?",
    re.IGNORECASE,
)
_MARKUP: Final = re.compile(
    r"```|<\|[^|>]{0,40}\|>|</?(?:script|system|user|assistant|tool)[^>]{0,40}>"
)
_META: Final = re.compile(
    r"\b(?:system prompt|previous instructions?|as an ai|language model|i cannot|i can't|i'm sorry|"
    r"my (?:rules|instructions)|api[ _-]?key|password|jailbr\w+|developer mode)\b|"
    r"系统提示|以上指令|作为(?:一个)?(?:ai|人工智能)|语言模型|我不能|密码|密钥",
    re.IGNORECASE,
)
_SECRETS: Final = re.compile(
    r"\b(?:credit card|card number|phone number|e-?mail|home address|bank|social security)\b|"
    r"信用卡|银行卡|身份证|手机号|电话号码|邮箱|住址|验证码",
    re.IGNORECASE,
)


def cleaned(text: str) -> str:
    """``text`` on one line without links, mentions, markup or invisible characters."""
    visible = "".join(
        " " if char.isspace() else char
        for char in text
        if char.isspace() or unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cs", "Cn")
    )
    for pattern in (_LINK, _MARKUP):
        visible = pattern.sub(" ", visible)
    return re.sub(r"\s+([,.;])", r"\1", " ".join(visible.split())).strip(" ,;")


def is_about_a_picture(text: str) -> bool:
    """Whether ``text`` neither talks about the conversation nor asks for someone's secrets."""
    return not _META.search(text) and not _SECRETS.search(text)


def find_problem(draft: Draft, reading: Reading, base: Brief, canary: str) -> str:
    """The first thing wrong with ``draft``, or an empty string."""
    prompt = cleaned(draft.prompt)
    return (
        _leak(draft, reading, canary)
        or _size(prompt, base)
        or _meta(prompt)
        or _missing(prompt, base)
        or _mixed_up(prompt, base)
        or _unrelated(prompt, reading, base)
        or _new_things(prompt, reading, base)
    )


def _leak(draft: Draft, reading: Reading, canary: str) -> str:
    everything = draft.model_dump_json()
    said = " ".join(re.sub(r"\\[ntr\"]", " ", everything).lower().split())
    wished = " ".join(reading.folded.split())
    rules = rule_words()
    for start in range(len(rules) - _LEAK_WORDS + 1):
        run = " ".join(rules[start : start + _LEAK_WORDS])
        if run in said and run not in wished:
            return "It repeats the rules."
    return "It repeats the reference." if canary in everything else ""


def _size(prompt: str, base: Brief) -> str:
    if not prompt:
        return "The prompt is empty."
    if len(prompt) > max(MAX_PROMPT, 2 * len(base.prompt)):
        return "The prompt is too long."
    return "The prompt is not English." if has_han(_unquoted(prompt, base)) else ""


def _unquoted(prompt: str, base: Brief) -> str:
    for text in base.constraints.texts:
        prompt = prompt.replace(text, "")
    return prompt


def _meta(prompt: str) -> str:
    """Talk about the conversation instead of a picture."""
    return "" if is_about_a_picture(prompt) else "The prompt does not describe a picture."


def _missing(prompt: str, base: Brief) -> str:
    """What the wish named and the prompt lost."""
    words = set(words_of(prompt))
    for text in base.constraints.texts:
        if text not in prompt:
            return "A text that must appear letter for letter is missing."
    for wished in base.constraints.objects:
        if not has_han(wished.name) and not _is_named(wished.name, words):
            return "An object that the wish names is missing."
    for colour in base.constraints.palette:
        if not _is_named(colour, words):
            return "A colour that the wish names is missing."
    return ""


def _is_named(name: str, words: set[str]) -> bool:
    """Whether ``name`` or another name of the same thing stands among ``words``."""
    entry = find_entry(name)
    names = {name, *(entry.english if entry else ())}
    return any(set(words_of(other)) <= words for other in names if other)


def _mixed_up(prompt: str, base: Brief) -> str:
    """Colours or numbers that went to the wrong object."""
    folded = fold(prompt)
    things = read_english(tokenize(folded, (), ()), folded).things
    for wished in base.constraints.objects:
        same = [thing for thing in things if _is_named(wished.name, set(words_of(thing.name)))]
        colours = [colour.extra for thing in same for colour in thing.colours]
        if wished.color and colours and wished.color not in colours:
            return "An object has another one's colour."
        counts = [thing.count for thing in same]
        if wished.count > 1 and counts and max(counts) not in (1, wished.count):
            return "There is another number of an object than the wish says."
    return ""


def _unrelated(prompt: str, reading: Reading, base: Brief) -> str:
    """A prompt that has lost most of what the wish says."""
    if base.clarity is Clarity.NONE:
        return ""
    words = set(words_of(prompt))
    said = [token for token in reading.tokens if _is_said(token, reading)]
    num_kept = sum(_is_kept(token, words) for token in said)
    return "The prompt has lost the wish." if num_kept < _LEAST_KEPT * len(said) else ""


def _is_said(token: Token, reading: Reading) -> bool:
    """Whether a word of the wish is content that a prompt can be held to."""
    if any(start <= token.start < end for start, end in reading.directives.cuts):
        return False
    if token.kind is Kind.UNKNOWN:
        return token.text.isascii() and token.text not in STOPWORDS
    return token.kind in _CONTENT and token.name not in reading.scene.negatives


def _is_kept(token: Token, words: set[str]) -> bool:
    names = token.entry.english if token.entry and token.entry.english else (token.text,)
    return any(set(words_of(name)) - STOPWORDS <= words for name in names)


def _new_things(prompt: str, reading: Reading, base: Brief) -> str:
    """Objects nobody asked for, where the wish names some."""
    if reading.untranslated or base.clarity in (Clarity.NONE, Clarity.DIRECTION):
        return ""
    own = persons_words(reading)
    for token in tokenize(fold(prompt), (), ()):
        is_new = not set(words_of(token.text)) <= own
        if token.kind is Kind.THING and token.name not in _PARTS and is_new:
            return "It adds an object that the wish does not name."
    return ""
