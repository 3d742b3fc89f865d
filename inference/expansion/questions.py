"""The one question worth asking: only where the answer would change the picture.

It knows readings, not briefs; a vague wish is answered with a picture, not with a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from inference.expansion.brief import Question
from inference.expansion.inscriptions import is_logo
from inference.expansion.lexicon.entries import Kind
from inference.expansion.reading import Reading
from inference.expansion.sentences import sentence
from inference.expansion.tokens import Span, Token

_OR: Final = re.compile(r"[\s,，]*(?:or|或者?|还是)\s*(?:an? )?(?:[一1]?[只个条头匹颗座])?\s*")
_NO_WORDS: Final = re.compile(
    r"\b(?:no|none|nothing|without|skip)\b|不要|不用|没有|无|不需要", re.IGNORECASE
)
_KNOWN_ONLY_TO_THEM: Final = re.compile(
    r"\b(?:my|our) (?:best )?(?:friend|girlfriend|boyfriend|wife|husband|mom|mum|mother|dad|father|boss|"
    r"brother|sister|son|daughter|grandma|grandpa|teacher|neighbou?r|family|colleague|crush)s?\b(?!')|"
    r"\b(?:of|draw|paint) (?:me|myself|us)\s*$|\bmyself\b|\bself-portrait of me\b|"
    r"我的?(?:好?朋友|闺蜜|女朋?友|男朋?友|老婆|老公|妈妈?|爸爸?|老板|哥哥|弟弟|姐姐|妹妹|儿子|女儿|奶奶|爷爷|"
    r"老师|同事|家人|宝宝)|画我(?:自己)?\s*$|我自己"
)


class Topic(Enum):
    """What is asked about."""

    NAME = "name"  # the words a logo shows
    EITHER = "either"  # one of two that exclude each other
    FORBIDDEN = "forbidden"  # wanted and refused at once
    PERSON = "person"  # someone only the person knows


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """A question and the part of the wish that raises it."""

    topic: Topic
    options: tuple[str, ...] = ()
    span: Span = (0, 0)


def find_doubt(reading: Reading) -> Doubt | None:
    """What is really ambiguous in the wish, if anything; the first that matters."""
    return next(_doubts(reading), None)


def question_of(doubt: Doubt | None, reading: Reading) -> Question | None:
    """The doubt as a sentence in the person's language."""
    if doubt is None:
        return None
    text = sentence(reading.language, f"expansion-question-{doubt.topic.value}")
    return Question(text=text, options=doubt.options)


def _doubts(reading: Reading) -> Iterator[Doubt]:
    found, scene, language = reading.directives, reading.scene, reading.language
    if is_logo(reading.folded) and not found.texts and not _refuses_text(reading):
        yield Doubt(topic=Topic.NAME, options=(sentence(language, "expansion-option-no-words"),))
    if either := _either(reading):
        yield either
    names = {thing.name for thing in scene.things} | {colour.name for colour in scene.colours}
    for negative in reading.negatives:
        if negative.lower() in names:
            keys = ("expansion-option-with", "expansion-option-without")
            thing = reading.spoken(negative)
            options = tuple(sentence(language, key, thing=thing) for key in keys)
            yield Doubt(topic=Topic.FORBIDDEN, options=options)
    is_bare = not (scene.num_details or scene.places or scene.is_open)
    if is_bare and _KNOWN_ONLY_TO_THEM.search(reading.folded):
        yield Doubt(topic=Topic.PERSON)


def _refuses_text(reading: Reading) -> bool:
    return any(word in ("text", "words", "letters") for word in reading.negatives)


def _either(reading: Reading) -> Doubt | None:
    """Two of a kind that cannot both be meant: "a red or blue star"."""
    last = None
    for token in reading.tokens:
        if token.kind not in (Kind.COLOUR, Kind.THING):
            continue
        if last and last.kind is token.kind and _are_alternatives(reading, last, token):
            options = tuple(reading.text[word.start : word.end] for word in (last, token))
            return Doubt(topic=Topic.EITHER, options=options, span=(last.start, token.end))
        last = token
    return None


def _are_alternatives(reading: Reading, first: Token, second: Token) -> bool:
    between = reading.folded[first.end : second.start]
    return first.text != second.text and _OR.fullmatch(between) is not None


def merge_answer(reading: Reading, doubt: Doubt | None, answer: str) -> str:
    """The wish with the answer in it, as one text."""
    answer = " ".join(answer.split())
    text, is_english = reading.text, reading.language == "en"
    comma = ", " if is_english else "，"
    if doubt is None or doubt.topic in (Topic.PERSON, Topic.FORBIDDEN):
        return f"{text}{comma}{answer}" if text.strip() else answer
    if doubt.topic is Topic.EITHER:
        start, end = doubt.span
        return (
            f"{text[:start]}{answer}{text[end:]}" if len(answer) <= 40 else f"{text}{comma}{answer}"
        )
    if _NO_WORDS.search(answer):
        return f"{text}{comma}{'no text' if is_english else '不要文字'}"
    name = answer.strip("\"'“”「」‘’")
    return f'{text}, with the text "{name}"' if is_english else f"{text}，写着“{name}”"
