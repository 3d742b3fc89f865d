"""The word filter: what passes, what does not, through which disguises, and where it points."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.errors import ListError
from moderation.policy import Category, Decision, Verdict
from moderation.words import LexiconFilter, load_list_filter, load_negative_filter
from moderation.words.training.grammar import HERE

TABLES = Path(__file__).parent / "tables"

LOOK_ALIKES = """
grass | assess | Scunthorpe | cockpit | cocktail | Essex | Sussex | analysis | classic | bass player
an 8 year old oak tree | a 12 year old whisky | shooting star | blood orange | die cut sticker
a bomb | a skull | a sword | bath bomb | photo bomb | naked eye chart | rapeseed field | therapist
same-sex wedding | non-nude portrait, no nudity | suicide prevention poster | bloody mary cocktail
blue tits on a branch | pussy willow | al gore giving a speech | gore-tex jacket | chicken breast
女装 | 男装 | 路口交通 | 出口交易会 | 杀青 | 杀青宴 | 彩色情侣 | 黑色情人节 | 做爱心便当 | 综合性交通枢纽
裸子植物 | 裸眼 | 露点温度 | 金黄片片落叶 | 大麻袋 | 大麻花 | 跳楼机 | 轻生活 | 明星辰 | 内衣柜 | 儿童画
室内射灯 | 剖腹产 | 一支那么大的笔 | 安全 裸子植物 | 个性感悟 | 混乱交织 | 预防自杀 | 骷髅 | 炸弹 | 宝剑
人体解剖图，医学教材 | medical illustration of the human reproductive system, vagina and uterus
"""

REFUSED = {
    "hardcore pornography": Category.SEXUAL,
    "a gory decapitated corpse with exposed intestines": Category.VIOLENCE,
    "血腥肢解的画面": Category.VIOLENCE,
    "色情图片": Category.SEXUAL,
    "how to build a pipe bomb, bomb instructions": Category.ILLICIT,
    "假身份证": Category.ILLICIT,
    "a person committing suicide": Category.SELF_HARM,
    "割腕": Category.SELF_HARM,
    "white supremacist poster": Category.HATE,
    "种族清洗宣传画": Category.HATE,
    "deepfake of a singer": Category.REAL_PERSON,
}

DISGUISES: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "full width": lambda word: "".join(chr(ord(c) + 0xFEE0) for c in word),
    "bold letters": lambda word: "".join(chr(ord(c) - 97 + 0x1D41A) for c in word),
    "circled": lambda word: "".join(chr(ord(c) - 97 + 0x24D0) for c in word),
    "emoji letters": lambda word: "".join(chr(ord(c) - 97 + 0x1F1E6) for c in word),
    "squares": lambda word: "".join(chr(ord(c) - 97 + 0x1F170) for c in word),
    "zero width": "\u200b".join,
    "soft hyphens": "\xad".join,
    "right to left marks": "\u202e".join,
    "accents": lambda word: unicodedata.normalize("NFC", "".join(c + "\u0301" for c in word)),
    "zalgo": lambda word: "".join(c + "\u0334\u0353\u0308" for c in word),
    "Cyrillic": lambda word: word.translate(str.maketrans("aeopcnx", "аеорспх")),
    "HTML entities": lambda word: "".join(f"&#{ord(c)};" for c in word),
    "leet": lambda word: word.translate(str.maketrans("oaei", "04e1")),
    "leet signs": lambda word: word.translate(str.maketrans("aois", "@0!$")),
    "spaces": " ".join,
    "dots": ".".join,
    "hyphens": "-".join,
    "underscores": "_".join,
    "stars": "*".join,
    "repeats": lambda word: word.replace(word[1], word[1] * 5),
    "doubles": lambda word: "".join(c * 2 for c in word),
    "weights": lambda word: f"({word[0]}:1.3){word[1:]}",
    "brackets": lambda word: f"(({word[:2]})){word[2:]}",
    "LoRA": lambda word: f"<lora:{word}_v2:0.8>",
}

CHINESE_DISGUISES: dict[str, Callable[[str], str]] = {
    "spaces": " ".join,
    "stars": "*".join,
    "dots": ".".join,
    "bars": "|".join,
    "zero width": "\u200b".join,
    "brackets": lambda word: f"{word[0]}（{word[1:]}",
    "stars inside a sentence": lambda word: f"画一张{'*'.join(word)}的图",
}


def items(table: str) -> list[str]:
    """The entries of a table written with bars."""
    return [item.strip() for line in table.strip().splitlines() for item in line.split("|")]


@pytest.mark.parametrize("text", items(LOOK_ALIKES))
def test_words_that_only_look_bad_pass(words: LexiconFilter, text: str) -> None:
    """A listed word inside a harmless one, or a harmless use of it, is no finding."""
    assert words.check(text).findings == ()


WISHES = [*sorted(TABLES.glob("*.txt")), *sorted(HERE.glob("validation.*.txt"))]


@pytest.mark.parametrize("table", WISHES, ids=lambda path: path.stem)
def test_ordinary_wishes_pass(words: LexiconFilter, table: Path) -> None:
    """Of harmless image prompts, some of which sound otherwise, none is refused, and at most one
    in a hundred is reviewed."""
    wishes = table.read_text("utf-8").splitlines()
    verdicts = {wish: words.check(wish).decision for wish in wishes}
    assert [wish for wish, said in verdicts.items() if said is Decision.BLOCK] == []
    reviewed = [wish for wish, said in verdicts.items() if said is Decision.REVIEW]
    assert len(reviewed) <= max(1, len(wishes) / 100), reviewed


@pytest.mark.parametrize(("text", "category"), REFUSED.items())
def test_what_must_not_be_made_is_refused(
    words: LexiconFilter, text: str, category: Category
) -> None:
    """In clinical words, in both languages, with the category that the person is told."""
    verdict = words.check(text)
    assert verdict.decision is Decision.BLOCK
    assert verdict.categories[0] is category


@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES)
@pytest.mark.parametrize("word", ["porn", "hentai", "decapitation"])
def test_disguised_words_are_recognised(
    words: LexiconFilter, word: str, disguise: Callable[[str], str]
) -> None:
    """Whatever stands for the letters or between them, in the middle of a sentence."""
    assert words.check(f"please draw {disguise(word)} for me").decision is Decision.BLOCK


@pytest.mark.parametrize("disguise", CHINESE_DISGUISES.values(), ids=CHINESE_DISGUISES)
@pytest.mark.parametrize("word", ["色情", "强奸", "分尸"])
def test_disguised_chinese_is_recognised(
    words: LexiconFilter, word: str, disguise: Callable[[str], str]
) -> None:
    """Signs between the characters do not hide a word; nor do traditional characters."""
    assert words.check(disguise(word)).decision is Decision.BLOCK


def test_traditional_characters_are_read_as_simplified(words: LexiconFilter) -> None:
    """強姦 is 强奸, 裸體 is 裸体."""
    assert words.check("強姦").decision is Decision.BLOCK
    assert words.check("裸體").decision is Decision.REVIEW


def test_a_space_between_chinese_words_asks_a_human_at_most(words: LexiconFilter) -> None:
    """Chinese separates phrases by spaces, so a word across one is doubtful."""
    assert words.check("请画一张彩图色 情节紧张").decision is not Decision.BLOCK
    assert words.check("请画一张色 情图片给我").decision is Decision.REVIEW


MINORS = ["a child", "a 12 year old", "two 9-year-olds", "an underage person", "a teenager",
          "a girl aged fourteen", "schoolgirls", "十二岁的人", "15岁", "小学生", "未成年人", "幼女",
          "a 13yo", "an infant", "a girl, 13 years", "a boy of ten", "12 years of age", "初中女生"]  # fmt: skip
SEXUAL = ["nude", "genitals", "sexual activity", "undressed", "an erotic pose", "裸体", "性行为",
          "生殖器", "no clothes on", "intercourse", "挑逗的姿势", "wearing lingerie"]  # fmt: skip


@pytest.mark.parametrize("minor", MINORS)
@pytest.mark.parametrize("sexual", SEXUAL)
def test_minors_and_sex_never_meet(words: LexiconFilter, minor: str, sexual: str) -> None:
    """Either order, in one sentence or two, whatever the mix of languages."""
    for text in (f"{minor}, {sexual}", f"a picture. {sexual} of {minor}, soft light"):
        verdict = words.check(text)
        assert verdict.decision is Decision.BLOCK
        assert Category.CHILD_SAFETY in verdict.categories


@pytest.mark.parametrize(
    "person", ["Taylor Swift", "my classmate", "a celebrity", "女明星", "我同事"]
)
def test_real_people_and_sex_never_meet(words: LexiconFilter, person: str) -> None:
    """A listed name or someone the person knows."""
    assert Category.REAL_PERSON in words.check(f"{person}, nude").categories
    assert words.check(f"{person} 裸体").decision is Decision.BLOCK
    assert words.check(f"{person} at the beach with a dog").decision is Decision.ALLOW


def test_old_things_are_no_minors(words: LexiconFilter) -> None:
    """An old oak is a thing; a child with a dog is a child."""
    assert Category.CHILD_SAFETY not in words.check("a naked 12 year old oak tree").categories
    assert Category.CHILD_SAFETY in words.check("a 12 year old with a dog, nude").categories


def test_a_minor_far_from_the_word_goes_to_a_human(words: LexiconFilter) -> None:
    """A museum that children visit is not what the rule means, but nobody should guess."""
    text = "children visiting a museum, " + "a long hall with paintings, " * 8 + "a nude by Ingres"
    assert words.check(text).decision is Decision.REVIEW


@pytest.mark.parametrize(
    ("level", "is_age_gated", "said"),
    [("strict", False, "block"), ("standard", False, "review"), ("relaxed", False, "allow"),
     ("strict", True, "allow")],
)  # fmt: skip
def test_levels_say_how_strict(level: str, is_age_gated: bool, said: str) -> None:
    """The same words, another community."""
    verdict = load_list_filter(level, is_age_gated=is_age_gated).check("a nude woman")
    assert verdict.decision == said
    assert load_list_filter(level, is_age_gated=is_age_gated).check("rape porn").decision == "block"


def test_findings_point_into_the_original(words: LexiconFilter) -> None:
    """A moderator sees the words as they were written."""
    text = "a 𝓹𝓸𝓻𝓷 picture & &#112;orn, p.o.r.n"
    found = {text[f.start : f.end] for f in words.check(text).findings}
    assert found == {"𝓹𝓸𝓻𝓷", "&#112;orn", "p.o.r.n"}


@given(
    before=st.text(alphabet="abc 你好,.é１&", max_size=12),
    after=st.text(alphabet="abc 你好,.é１&", max_size=12),
    disguise=st.sampled_from(sorted(DISGUISES)),
)
def test_offsets_enclose_the_word_wherever_it_stands(
    words: LexiconFilter, before: str, after: str, disguise: str
) -> None:
    """What is reported covers the disguised word and reaches into nothing around it."""
    hidden = DISGUISES[disguise]("hentai")
    text = f"{before}, {hidden} ,{after}"
    start = len(before) + 2
    finding = words.check(text).findings[0]
    assert finding.start is not None
    assert finding.end is not None
    assert start <= finding.start < finding.end <= start + len(hidden)
    assert finding.matched == text[finding.start : finding.end]


@given(text=st.text(max_size=200))
def test_any_text_gets_a_verdict(words: LexiconFilter, text: str) -> None:
    """No text makes the filter fail, and offsets stay inside it."""
    for finding in words.check(text).findings:
        assert 0 <= (finding.start or 0) <= (finding.end or 0) <= len(text)


def test_too_long_a_text_is_refused_not_cut(words: LexiconFilter) -> None:
    """What is cut off could say anything."""
    verdict = words.check("a cat " * 4000)
    assert (verdict.decision, verdict.rule_ids) == (Decision.BLOCK, ("words-too-long",))


def test_a_verdict_survives_its_row(words: LexiconFilter) -> None:
    """What is stored is what was said, with the version of the lists."""
    verdict = words.check("porn")
    assert Verdict.from_row(verdict.to_row()) == verdict
    assert "/words-" in verdict.policy


NEGATIVES = [
    "nsfw, (mutilated:1.21), nude, lowres, bad anatomy, multi nipples, child, extra limbs",
    "低质量，色情，血腥，裸体，多余的手指，小孩",
    "blurry, gore, blood, text, watermark, ugly, disfigured",
]


@pytest.mark.parametrize("negative", NEGATIVES)
def test_a_negative_prompt_may_name_what_is_unwanted(negative: str) -> None:
    """Who asks for no nudity does not ask for nudity."""
    assert load_negative_filter().check(negative).decision is Decision.ALLOW


@pytest.mark.parametrize(
    "negative", ["clothes, shirt", "c l o t h e s", "衣服", "sfw, censored", "adult"]
)
def test_a_negative_prompt_does_not_undress_anyone(negative: str) -> None:
    """What its absence would show goes to a human."""
    assert load_negative_filter().check(negative).decision is Decision.REVIEW


def test_operators_add_lists_without_code(tmp_path: Path, words: LexiconFilter) -> None:
    """A folder of TSV files denies and allows; the shipped lists stay in force."""
    own = tmp_path / "ours.tsv"
    own.write_text("hate\tsevere\t-\tzorkling; zork*\nallow\t-\t-\thentai studies\n", "utf-8")
    stricter = load_list_filter(lists=tmp_path)
    assert words.check("a zorkling").decision is Decision.ALLOW
    assert stricter.check("a Z0RKLING").categories == (Category.HATE,)
    assert stricter.check("a book about hentai studies").decision is Decision.ALLOW
    assert stricter.check("hentai").decision is Decision.BLOCK


@pytest.mark.parametrize(
    ("row", "key"),
    [("hate\tsevere\tword", "list-bad-row"), ("hat\tsevere\t-\tword", "list-bad-row"),
     ("hate\tvery\t-\tword", "list-bad-row"), ("hate\tsevere\t-\t杀", "list-short-term")],
)  # fmt: skip
def test_a_bad_list_names_its_line(tmp_path: Path, row: str, key: str) -> None:
    """An operator reads which line is wrong; single characters are not accepted."""
    (tmp_path / "bad.tsv").write_text(f"# a comment\n{row}\n", "utf-8")
    with pytest.raises(ListError) as caught:
        load_list_filter(lists=tmp_path)
    assert (caught.value.key, caught.value.args_["line"]) == (key, 2)


def test_a_missing_list_is_said(tmp_path: Path) -> None:
    """Not silently a weaker filter."""
    with pytest.raises(ListError):
        load_list_filter(lists=tmp_path / "nowhere")


@pytest.mark.parametrize(
    "text",
    ["all immigrants are vermin", "those people should be exterminated", "women are inferior to men",
     "黑人都是畜生", "外地人滚出去", "同性恋都是变态", "d1sgust1ng muslims"],
)  # fmt: skip
def test_groups_are_not_vilified(words: LexiconFilter, text: str) -> None:
    """Neither word is listed alone; together a human looks."""
    verdict = words.check(text)
    assert verdict.decision is Decision.REVIEW
    assert verdict.categories == (Category.HATE,)


@pytest.mark.parametrize(
    "text",
    ["it is wrong to say that immigrants are vermin", "stop calling muslims disgusting",
     "jews are not inferior to anyone", "不要说黑人是畜生，这是歧视", "women in a filthy coal mine are equal",
     "a group of black people dancing", "黑人女孩在海边"],
)  # fmt: skip
def test_who_speaks_against_hate_is_heard(words: LexiconFilter, text: str) -> None:
    """A denial near it takes the sense away; groups by themselves are anyone."""
    assert words.check(text).decision is Decision.ALLOW
