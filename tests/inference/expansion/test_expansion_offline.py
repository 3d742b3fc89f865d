"""The offline expander's choices: options, answers, additions, sizes, notices."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from inference.expansion.brief import Clarity, Wish
from inference.expansion.compose import own_words
from inference.expansion.offline import OfflineExpander
from inference.expansion.plain import PlainExpander
from inference.sketchbook import vocabulary

TEXTS = Path(__file__).parents[3] / "inference" / "expansion" / "texts"


@pytest.mark.parametrize("text", ["", "  \n", "surprise me", "随便", "给我个惊喜", "???"])
def test_no_wish_is_a_surprise(text: str, offline: OfflineExpander) -> None:
    """A whole picture, all of it marked as added, and another one for another seed."""
    briefs = [offline.expand_now(Wish(text=text, seed=seed)) for seed in range(12)]
    assert {brief.clarity for brief in briefs} == {Clarity.NONE}
    assert all(brief.added_words == (brief.prompt,) for brief in briefs)
    assert len({brief.prompt for brief in briefs}) > 6


def test_surprises_are_never_stand_ins(offline: OfflineExpander) -> None:
    """Nobody is surprised with a skull, a bomb or a sword."""
    stand_ins = {name for term in vocabulary.STAND_INS for name in term.english}
    for seed in range(200):
        words = set(re.findall(r"\w+", offline.expand_now(Wish(text="", seed=seed)).prompt))
        assert not words & stand_ins


def test_a_surprise_is_not_what_was_refused(offline: OfflineExpander) -> None:
    """Anything but cats is no cat, whatever the seed."""
    for seed in range(100):
        assert "cat" not in offline.expand_now(Wish(text="anything but cats", seed=seed)).prompt


@pytest.mark.parametrize("term", vocabulary.OBJECTS, ids=lambda term: term.id)
def test_every_taught_thing_is_known_in_both_languages(
    term: vocabulary.ObjectTerm, offline: OfflineExpander
) -> None:
    """All names of the bundled model's things are understood, and said as it was taught."""
    taught = {*term.english, *term.plurals}
    for name in (*term.english, *term.chinese):
        brief = offline.expand_now(Wish(text=f"a {name}" if name.isascii() else f"一个{name}"))
        (wished,) = brief.constraints.objects
        assert wished.name in taught
        assert brief.notices == ()


@pytest.mark.parametrize("term", [*vocabulary.STYLES, *vocabulary.SETTINGS], ids=lambda t: t.id)
def test_every_taught_look_is_translated(term: vocabulary.Term, offline: OfflineExpander) -> None:
    """Chinese styles and settings become words the bundled model was taught."""
    for name in term.chinese:
        brief = offline.expand_now(Wish(text=f"{name}，一颗红色的星星"))
        rest = brief.prompt.removeprefix("a red star").strip(", ").removesuffix(" style")
        assert rest in term.english
        assert brief.added == ()


def test_the_prompt_is_a_caption_the_model_was_trained_on(offline: OfflineExpander) -> None:
    """Both languages end in the same short caption."""
    wishes = [
        "a red star above a blue house at night, ink style",
        "夜晚，蓝色房子上方的红色星星，水墨风格",
        "红星星在蓝房子上面，夜空，水墨画",
    ]
    prompts = {offline.expand_now(Wish(text=text)).prompt for text in wishes}
    assert prompts == {"a red star above a blue house at night, ink style"}


def test_a_style_by_option_replaces_one_in_words(offline: OfflineExpander) -> None:
    """The option is the clearer word; it is the person's and not marked."""
    brief = offline.expand_now(Wish(text="a cat in watercolor style", style="ink"))
    assert (brief.prompt, brief.style, brief.added) == ("a cat, ink style", "ink", ())
    brief = offline.expand_now(Wish(text="水彩风的猫", style="水墨"))
    assert (brief.prompt, brief.style) == ("a cat, ink style", "ink")


def test_sizes_by_option_win_over_words(offline: OfflineExpander) -> None:
    """What was chosen is not computed again."""
    brief = offline.expand_now(Wish(text="a cat, 16:9", width=128, height=96))
    assert (brief.width, brief.height) == (128, 96)


@pytest.mark.parametrize(
    ("native", "size"),
    [((64, 64), (112, 64)), ((512, 512), (680, 384)), ((1024, 1024), (1368, 768))],
)
def test_a_ratio_keeps_the_models_area(native: tuple[int, int], size: tuple[int, int]) -> None:
    """16:9 has about as many pixels as the model's own size, and no side below the least."""
    brief = OfflineExpander(native_size=native).expand_now(Wish(text="a cat, 16:9"))
    assert (brief.width, brief.height) == size


ANSWERS = [
    ("design a logo for my cafe", "Luna", 'a logo for my cafe, with the text "Luna"', ("Luna",)),
    ("设计一个咖啡店的logo", "“星月”", 'a cafe, with the text "星月", logo', ("星月",)),
    ("a red or blue star", "blue", "a blue star", ()),
    ("红色还是蓝色的星星", "蓝色", "a blue star", ()),
    ("a picture of my friend", "tall, with red hair", "my friend, tall, with red hair", ()),
    ("something cute", "a rabbit", "cute, a rabbit", ()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "answer", "prompt", "texts"), ANSWERS)
def test_an_answer_becomes_part_of_the_wish(
    text: str, answer: str, prompt: str, texts: tuple[str, ...], offline: OfflineExpander
) -> None:
    """The answer is the person's word; nothing is asked twice."""
    brief = offline.expand_now(Wish(text=text, answer=answer))
    assert own_words(brief) == prompt
    assert (brief.wish, brief.question, brief.constraints.texts) == (text, None, texts)


def test_a_refused_name_is_a_refusal(offline: OfflineExpander) -> None:
    """The answer that there be no words is not written on the logo."""
    brief = offline.expand_now(Wish(text="a logo for my cafe", answer="no words"))
    assert (brief.constraints.texts, brief.negative_prompt) == ((), "text")


CHANGES = [
    ("a red star, ink style, make it watercolour", "a red star, watercolour style"),
    ("a red star, ink style, 改成水彩", "a red star, watercolour style"),
    ("红星星，水墨风，换成像素风格", "a red star, pixel art"),
    ("红星星，水墨风, make it pixel art", "a red star, pixel art"),
    ("a cat, turn it into a cartoon", "a cat, cartoon style"),
    ("a cat, add a hat", "a cat, a hat"),
    ("a cat, make it blue", "a cat, blue"),
]


@pytest.mark.parametrize(("text", "prompt"), CHANGES)
def test_a_change_said_at_last_is_made(text: str, prompt: str, offline: OfflineExpander) -> None:
    """An edit follows the wish in words; a style it changes to beats any said or chosen before."""
    assert offline.expand_now(Wish(text=text)).prompt == prompt
    if prompt.endswith(("style", "art")):
        assert offline.expand_now(Wish(text=text, style="ink")).prompt == prompt


def test_a_notice_uses_the_persons_words(offline: OfflineExpander) -> None:
    """Somebody who wrote 狗 is not told about a dog."""
    (notice,) = offline.expand_now(Wish(text="一只狗和一杯咖啡")).notices
    assert notice.args == {"words": "狗"}
    question = offline.expand_now(Wish(text="一只猫，不要猫")).question
    assert question is not None
    assert question.options == ("要 猫", "不要 猫")


def test_contradictions_are_asked_about(offline: OfflineExpander) -> None:
    """Wanted and refused at once: the person decides."""
    brief = offline.expand_now(Wish(text="a red star, no red"))
    assert brief.question is not None
    assert brief.question.options == ("with red", "no red")


def test_what_the_bundled_model_never_learned_is_said(offline: OfflineExpander) -> None:
    """Only of the bundled model, and only of things it was not taught."""
    keys = [notice.key for notice in offline.expand_now(Wish(text="a dog and a cat")).notices]
    assert keys == ["expansion-not-taught"]
    assert OfflineExpander(model="some/model").expand_now(Wish(text="a dog")).notices == ()


async def test_the_plain_expander_adds_nothing() -> None:
    """The person's words, on one line, in their language."""
    wish = Wish(text="画点\n可爱的", style="ink", negative_prompt="text", width=64, height=96)
    brief = await PlainExpander().expand(wish)
    assert (brief.prompt, brief.language, brief.added) == ("画点 可爱的, ink style", "zh", ())
    assert (brief.negative_prompt, brief.width, brief.expander) == ("text", 64, "none")


def test_both_languages_have_the_same_sentences() -> None:
    """Every sentence exists in English and in Chinese, with the same arguments."""
    english, chinese = (
        {line.split(" = ")[0]: set(re.findall(r"\$\w+", line)) for line in lines if " = " in line}
        for lines in (
            (TEXTS / f"{tag}.ftl").read_text("utf-8").splitlines() for tag in ("en", "zh-CN")
        )
    )
    assert english == chinese
    code = "".join(path.read_text("utf-8") for path in TEXTS.parent.glob("*.py"))
    for key in english:
        assert key in code or key.rpartition("-")[2] in code
