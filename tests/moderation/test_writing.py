"""Words in pictures: what letters and codes say is judged like any words, addresses by a list."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from bot.fonts import font_file
from moderation.errors import ListError
from moderation.pictures import PictureRules
from moderation.pictures.addresses import NOWHERE, Addresses, read_addresses
from moderation.pictures.codes import Codes
from moderation.pictures.lettering import Lettering
from moderation.pictures.parts import Look, Strictness
from moderation.pictures.writing import MAX_CHARACTERS, Writing
from moderation.policy import Category, Decision, Verdict
from moderation.reloading import Reloading
from moderation.words import LexiconFilter

from .conftest import encoded, gradient


class Spoken:
    """A reader that says what it was told to say."""

    def __init__(self, *lines: str) -> None:
        self.lines = lines

    def read(self, image: Image.Image) -> Sequence[str]:
        return self.lines


class Missing:
    """A reader whose package is not installed."""

    def read(self, image: Image.Image) -> Sequence[str]:
        raise ImportError("rapidocr")


def listed(**hosts: Category) -> Reloading[Addresses]:
    """A list of addresses; underscores stand for dots."""
    found = {host.replace("_", "."): category for host, category in hosts.items()}
    return Reloading(lambda: Addresses(hosts=found, version="1"), lambda: None)


NONE = Reloading(lambda: NOWHERE, lambda: None)


def judged(words: LexiconFilter, *lines: str, addresses: Reloading[Addresses] = NONE) -> Verdict:
    """What the words' rules say of these lines on a picture."""
    part = Writing([Spoken(*lines)], lambda _community: words, addresses)
    return part.check(Look(data=b"", image=gradient()), Strictness())


@pytest.mark.parametrize(
    "lines", [("a naked woman",), ("裸体", "女人"), ("n a k e d", "w o m a n")]
)
def test_what_is_written_is_judged_like_a_wish(
    words: LexiconFilter, lines: tuple[str, ...]
) -> None:
    """In both languages, over several lines; the moderator sees the word, and no offset."""
    verdict = judged(words, *lines)
    assert verdict.decision is not Decision.ALLOW
    assert Category.SEXUAL in verdict.categories
    assert all(rule.startswith("writing.") for rule in verdict.rule_ids)
    assert {(found.start, found.end) for found in verdict.findings} == {(None, None)}
    assert any(found.matched for found in verdict.findings)


@pytest.mark.parametrize("line", ["Happy birthday, Ann", "生日快乐", "", "www.example.org"])
def test_ordinary_writing_passes(words: LexiconFilter, line: str) -> None:
    """A card, a sign, nothing at all."""
    assert judged(words, line).decision is Decision.ALLOW


def test_the_filter_of_the_community_is_asked(words: LexiconFilter) -> None:
    """Its own lists and strictness count for what is written, too."""
    asked = []

    def words_in(community: str) -> LexiconFilter:
        asked.append(community)
        return words

    part = Writing([Spoken("a sign")], words_in, NONE)
    part.check(Look(data=b"", image=gradient(), community="discord-7"), Strictness())
    assert asked == ["discord-7"]


def test_much_writing_is_judged_in_pieces(words: LexiconFilter) -> None:
    """So that a page of text is not refused for its length, and its end is judged as well."""
    page = "a quiet village by the lake. " * (MAX_CHARACTERS // 20)
    assert judged(words, page).decision is Decision.ALLOW
    assert judged(words, page, "a naked woman").decision is not Decision.ALLOW


def test_a_reader_that_is_missing_means_a_human_looks(words: LexiconFilter) -> None:
    """It was switched on, so what it would have read is not known."""
    part = Writing([Missing()], lambda _community: words, NONE)
    rules = PictureRules((), (part,), lambda _community: Strictness())
    verdict = rules.check(encoded(gradient()))
    assert (verdict.decision, verdict.rule_ids) == (Decision.REVIEW, ("writing-unchecked",))


@pytest.mark.parametrize(
    "line",
    ["https://bad.example/x?y", "BAD.example", "go to www.bad.example now", "http://u@bad.example:80",
     "bad.example.", "ftp://a.b.bad.example/"],
)  # fmt: skip
def test_a_listed_address_is_refused(words: LexiconFilter, line: str) -> None:
    """With its subdomains, however it is written; its category is the list's."""
    verdict = judged(words, line, addresses=listed(bad_example=Category.HATE))
    assert (verdict.decision, verdict.categories) == (Decision.BLOCK, (Category.HATE,))
    assert verdict.rule_ids == ("address.bad.example",)


@pytest.mark.parametrize("line", ["notbad.example", "bad.example.org", "me@bad-example", "bad"])
def test_its_look_alikes_are_not(words: LexiconFilter, line: str) -> None:
    """Only whole names count."""
    assert judged(words, line, addresses=listed(bad_example=Category.HATE)).findings == ()


def test_a_list_of_addresses_is_a_file(tmp_path: Path) -> None:
    """A host a line, a category beside it, remarks; other scripts as DNS has them."""
    path = tmp_path / "addresses.txt"
    path.write_text("# mine\nBad.example hate\n例子.example\n\nother.example # why\n", "utf-8")
    read = read_addresses(path)
    assert dict(read.hosts) == {
        "bad.example": Category.HATE,
        "xn--fsqu00a.example": Category.ILLICIT,
        "other.example": Category.ILLICIT,
    }
    assert [host for host, _ in read.refused("看 https://例子.example/ 吧")] == [
        "xn--fsqu00a.example"
    ]
    path.write_text("bad.example nothing\n", "utf-8")
    with pytest.raises(ListError) as caught:
        read_addresses(path)
    assert (caught.value.key, caught.value.args_["line"]) == ("address-list-bad-row", 1)
    with pytest.raises(ListError):
        read_addresses(tmp_path / "none")


def qr(text: str) -> Image.Image:
    """A code that says ``text``, on a picture."""
    zxingcpp = pytest.importorskip("zxingcpp")
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=4)
    page = gradient(400, 400)
    page.paste(Image.fromarray(code).convert("RGB"), (60, 60))
    return page


@pytest.mark.parametrize("text", ["https://bad.example/x", "a naked woman", "裸体女人"])
def test_a_code_is_read(words: LexiconFilter, text: str) -> None:
    """What it says is judged, an address too."""
    part = Writing([Codes()], lambda _community: words, listed(bad_example=Category.HATE))
    verdict = part.check(Look(data=b"", image=qr(text)), Strictness())
    assert list(Codes().read(qr(text))) == [text]
    assert verdict.decision is not Decision.ALLOW


def poster(text: str, size: int = 40) -> Image.Image:
    """A picture with large letters on it."""
    found = font_file(None, is_cjk=True)
    if found is None:
        pytest.skip("no font here writes Chinese")
    page = gradient(512, 256).point(lambda value: 120 + value // 2)
    pen = ImageDraw.Draw(page)
    pen.text((30, 90), text, fill=(20, 20, 60), font=ImageFont.truetype(str(found), size))
    return page


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_letters_are_read_and_judged(words: LexiconFilter) -> None:
    """English and Chinese; a picture without any says nothing."""
    pytest.importorskip("rapidocr")
    part = Writing([Lettering()], lambda _community: words, NONE)
    said = {
        text: part.check(Look(data=b"", image=poster(text)), Strictness()).decision
        for text in ("a naked woman", "裸体女人", "Happy birthday", "生日快乐")
    }
    assert said.pop("Happy birthday") is said.pop("生日快乐") is Decision.ALLOW
    assert Decision.ALLOW not in said.values()
    assert list(Lettering().read(gradient())) == []
