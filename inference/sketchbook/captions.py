"""Says in words what a composition shows: English and Chinese, from telegraphic to flowery.

A caption may leave things out (then it says so in `Caption.said`), because people do. It
knows nothing of pixels or tokens.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from inference.sketchbook.compositions import Composition, Thing
from inference.sketchbook.vocabulary import (
    COLOURS,
    COUNTS,
    DRAWN_STYLES,
    OBJECTS,
    PLACES,
    RELATIONS,
    SETTINGS,
    SIZES,
    STYLES,
    ObjectTerm,
    RelationTerm,
    Term,
)

_OBJECT = {term.id: term for term in OBJECTS}
_COLOUR = {term.id: term for term in COLOURS}
_STYLE = {term.id: term for term in DRAWN_STYLES}
_SETTING = {term.id: term for term in SETTINGS}
_RELATION = {term.id: term for term in RELATIONS}
_SIZE = {term.id: term for term in SIZES}
_PLACE = {term.id: term for term in PLACES}

_ADJECTIVES: Final = (
    "beautiful", "lovely", "dreamy", "charming", "quiet", "cute", "magical", "bold", "delicate",
    "whimsical", "simple", "elegant", "detailed", "gentle", "bright",
)  # fmt: skip
_MEDIA: Final = ("picture", "image", "drawing", "illustration", "painting", "artwork", "sketch")
_OPENINGS: Final = (
    "draw", "please draw", "draw me", "make", "i would love to see", "imagine", "show me",
    "can you draw", "paint", "create",
)  # fmt: skip
_FLOURISHES: Final = (
    "high quality", "masterpiece", "full of wonder", "with soft light", "as in a fairy tale",
    "calm and clear", "with great care", "for a children's book", "trending", "very detailed",
)  # fmt: skip
_ZH_ADJECTIVES: Final = ("美丽的", "可爱的", "梦幻的", "宁静的", "精致的", "简单的", "漂亮的")
_ZH_OPENINGS: Final = ("画", "请画", "帮我画", "给我画", "我想要", "想象", "生成", "请帮我画")
_ZH_FLOURISHES: Final = (
    "高质量",
    "充满童趣",
    "光线柔和",
    "像童话一样",
    "细节丰富",
    "很漂亮",
    "氛围感",
)


@dataclass(frozen=True, kw_only=True)
class Caption:
    """A sentence and which of its composition's attributes it mentions."""

    text: str
    language: str
    said: frozenset[str]
    """Of `colour`, `style`, `setting`, `relation`, `size` and `place`; the last two are left out of
    bare captions only. Objects and counts are always said, and every relation but `left of`, which
    `a star and a house` means as well."""


def _name(random: Random, term: Term, language: str, plain: float = 0.7) -> str:
    names = term.english if language == "en" else term.chinese
    return names[0] if random.random() < plain else random.choice(names)


def _style_name(random: Random, style: str, language: str) -> str:
    return _name(random, _STYLE[style], language, 0.55)


def _with_article(noun_phrase: str) -> str:
    return ("an " if noun_phrase[0] in "aeiou" else "a ") + noun_phrase


def _pick_noun(random: Random, term: ObjectTerm, *, is_plural: bool) -> str:
    forms = term.plurals if is_plural else term.english
    return forms[0] if random.random() < 0.7 else random.choice(forms)


def _english_things(
    random: Random, thing: Thing, count: int, *, has_colour: bool, size: str | None = None
) -> str:
    """`a red star`, `a small red star`, `three red stars`; the article is part of it."""
    noun = _pick_noun(random, _OBJECT[thing.object], is_plural=count > 1)
    colour = _name(random, _COLOUR[thing.colour], "en", 0.8) if has_colour else ""
    sized = f"{_name(random, _SIZE[size], 'en', 0.5)} " if size else ""
    phrase = f"{sized}{colour} {noun}".replace("  ", " ").strip()
    if count > 1:
        return f"{random.choice(COUNTS[count - 1].english)} {phrase}"
    lot = random.random()
    if lot < 0.06 and has_colour:
        return f"{_with_article(sized + noun)} in {colour}"
    if lot < 0.12:
        phrase = f"{random.choice(_ADJECTIVES)} {phrase}"
    return f"one {phrase}" if lot > 0.97 else _with_article(phrase)


def _english_pair(random: Random, composition: Composition, said: set[str]) -> str:
    first, second = (
        _english_things(random, thing, 1, has_colour="colour" in said)
        for thing in composition.things
    )
    relation = _RELATION[composition.relation or "left of"]
    if relation.id == "left of" and "relation" not in said:
        return f"{first} and {second}"  # as they are read
    if random.random() < 0.35:
        first, second, relation = second, first, _RELATION[relation.inverse]
    between = _name(random, relation, "en", 0.6)
    if random.random() < 0.12:
        return f"{second} with {first} {between} it"
    return f"{first} {random.choice(('', '', '', 'is ', 'floating '))}{between} {second}"


def _english_alone(random: Random, composition: Composition, said: set[str]) -> str:
    """Any number of one object, with its size and place where it has them."""
    what = _english_things(
        random,
        composition.things[0],
        composition.count,
        has_colour="colour" in said,
        size=composition.size if "size" in said else None,
    )
    if composition.place is None or "place" not in said:
        return what
    return f"{what} {_name(random, _PLACE[composition.place], 'en', 0.5)}"


def _english(random: Random, composition: Composition, said: set[str]) -> str:
    if composition.is_pair:
        what = _english_pair(random, composition, said)
    else:
        what = _english_alone(random, composition, said)
    style = _style_name(random, composition.style, "en") if "style" in said else ""
    names = _SETTING[composition.setting].english
    where = random.choice(names[:-1]) if "setting" in said else ""
    telegraphic = names[-1] if "setting" in said else ""
    lot = random.random()
    if lot < 0.2:
        bare = what.removeprefix("a ").removeprefix("an ")
        ending = f"{style}{random.choice((' style', '', ' style'))}" if style else ""
        return ", ".join(part for part in (bare, telegraphic, ending) if part)
    if lot < 0.5:
        ending = random.choice((f", {style} style", f" in {style} style", f", {style}"))
        return f"{what} {where}".strip() + (ending if style else "")
    if lot < 0.7:
        medium = _with_article(f"{style} {random.choice(_MEDIA)}".strip())
        return f"{medium} of {what} {where}".strip()
    if lot < 0.82:
        ending = f", {style} style" if style else ""
        opening = f"{where or telegraphic}, " if where else ""
        return f"{opening}{what}{ending}"
    return _flowery_english(random, what, style, where)


def _flowery_english(random: Random, what: str, style: str, where: str) -> str:
    adjective = random.choice(_ADJECTIVES)
    medium = _with_article(f"{adjective} {style} {random.choice(_MEDIA)}".replace("  ", " "))
    text = f"{medium} of {what} {where}".strip()
    if random.random() < 0.5:
        text = f"{random.choice(_OPENINGS)} {text}"
    if random.random() < 0.6:
        text = f"{text}, {random.choice(_FLOURISHES)}"
    return text


def _chinese_things(
    random: Random, thing: Thing, count: int, *, has_colour: bool, size: str | None = None
) -> str:
    term = _OBJECT[thing.object]
    noun = _name(random, term, "zh")
    colour = _name(random, _COLOUR[thing.colour], "zh", 0.7) if has_colour else ""
    if colour and random.random() < 0.6:
        colour += "的"
    sized = _name(random, _SIZE[size], "zh", 0.5) if size else ""
    if count == 1 and random.random() < 0.4:
        return f"{sized}{colour}{noun}"
    number = random.choice(COUNTS[count - 1].chinese) if count > 1 else "一"
    adjective = random.choice(_ZH_ADJECTIVES) if random.random() < 0.1 else ""
    return f"{number}{term.classifier}{sized}{adjective}{colour}{noun}"


def _chinese_alone(random: Random, composition: Composition, said: set[str]) -> str:
    """Any number of one object, with its size and place where it has them."""
    what = _chinese_things(
        random,
        composition.things[0],
        composition.count,
        has_colour="colour" in said,
        size=composition.size if "size" in said else None,
    )
    if composition.place is None or "place" not in said:
        return what
    form = random.choice(("{p}的{t}", "{p}有{t}", "{t}在{p}"))
    return form.format(p=_name(random, _PLACE[composition.place], "zh", 0.5), t=what)


def _chinese_pair(random: Random, composition: Composition, said: set[str]) -> str:
    first, second = (
        _chinese_things(random, thing, 1, has_colour="colour" in said)
        for thing in composition.things
    )
    relation: RelationTerm = _RELATION[composition.relation or "left of"]
    if relation.id == "left of" and "relation" not in said:
        return f"{first}{random.choice(('和', '与', '还有'))}{second}"
    if random.random() < 0.35:
        first, second, relation = second, first, _RELATION[relation.inverse]
    side = _name(random, relation, "zh", 0.6)
    form = random.choice(
        ("{a}在{b}{r}", "{a}在{b}的{r}", "{b}{r}的{a}", "{b}{r}有{a}", "{b}的{r}是{a}")
    )
    return form.format(a=first, b=second, r=side)


def _chinese(random: Random, composition: Composition, said: set[str]) -> str:
    if composition.is_pair:
        what = _chinese_pair(random, composition, said)
    else:
        what = _chinese_alone(random, composition, said)
    style = _style_name(random, composition.style, "zh") if "style" in said else ""
    where = random.choice(_SETTING[composition.setting].chinese) if "setting" in said else ""
    styled = f"{style}{random.choice(('风格', '风', '', '风格'))}" if style else ""
    gap = random.choice(("，", "，", " ", ",", "、"))
    lot = random.random()
    if lot < 0.45:
        parts = [what, where, styled]
        if random.random() < 0.4:
            parts = [where, what, styled]
        return gap.join(part for part in parts if part)
    if lot < 0.6:
        return f"{where}{'的' if where else ''}{what}" + (f"{gap}{styled}" if styled else "")
    if lot < 0.8:
        head = f"{styled}的" if styled else ""
        return f"一幅{head}画，{where}{'，' if where else ''}{what}"
    text = f"{random.choice(_ZH_OPENINGS)}{what}"
    text += f"，背景是{where}" if where else ""
    text += f"，{style}风格" if style else ""
    return text + (f"，{random.choice(_ZH_FLOURISHES)}" if random.random() < 0.6 else "")


def describe(
    random: Random,
    composition: Composition,
    language: str | None = None,
    *,
    is_full: bool = False,
    is_bare: bool = False,
) -> Caption:
    """A random caption; `is_full` ones leave nothing out, `is_bare` ones only name objects.

    Languages are `en` and `zh`; without one, either.
    """
    said = {"colour", "style", "setting", "relation", "size", "place"}
    if is_bare or (not is_full and random.random() < 0.03):
        said.clear()
    elif not is_full:
        shares = {"colour": 0.12, "style": 0.08, "setting": 0.08, "relation": 0.2}
        said -= {part for part, share in shares.items() if random.random() < share}
    language = language or random.choice(("en", "zh"))
    text = (_english if language == "en" else _chinese)(random, composition, said)
    return Caption(text=text, language=language, said=frozenset(said))


def all_wordings() -> list[str]:
    """Every word the grammar may use, for the tokenizer."""
    terms: list[Term] = [*OBJECTS, *COLOURS, *STYLES, *SETTINGS, *RELATIONS, *COUNTS]
    terms += [*SIZES, *PLACES]
    words = [name for term in terms for name in (*term.english, *term.chinese)]
    words += [name for term in OBJECTS for name in (*term.plurals, term.classifier)]
    words += [*_ADJECTIVES, *_MEDIA, *_OPENINGS, *_FLOURISHES, "style of with it and next to is"]
    words += [*_ZH_ADJECTIVES, *_ZH_OPENINGS, *_ZH_FLOURISHES, "a an one floating in the"]
    words += ["风格", "风", "一幅", "画", "背景是", "的", "在", "和", "与", "还有", "有", "是"]
    return words
