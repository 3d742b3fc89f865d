"""Uploads are judged before they are trusted: every kind of bad file gets its own answer."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from bot.texts import LANGUAGES, say
from moderation.pictures.broken import check_broken
from moderation.pictures.limits import MAX_PIXELS, RULES, check_upload
from moderation.policy import Category, Decision

from .conftest import encoded, gradient


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header promises a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        sealed = kind + data
        return struct.pack(">I", len(data)) + sealed + struct.pack(">I", zlib.crc32(sealed))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


def moving(kind: str) -> bytes:
    """A picture of two frames."""
    out = io.BytesIO()
    gradient().save(out, kind, save_all=True, append_images=[gradient().rotate(90)])
    return out.getvalue()


def text_bomb() -> bytes:
    """A PNG whose compressed comment unfolds to twenty megabytes."""
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("comment", "a" * 20_000_000, zip=True)
    return encoded(gradient(), pnginfo=info)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_ordinary_pictures_pass(kind: str) -> None:
    """PNG, JPEG and WebP, also grey ones and ones with an alpha channel."""
    assert check_upload(encoded(gradient(), kind)).decision is Decision.ALLOW
    assert check_upload(encoded(gradient().convert("L"), kind)).decision is Decision.ALLOW
    if kind != "JPEG":
        assert check_upload(encoded(gradient().convert("RGBA"), kind)).decision is Decision.ALLOW


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "upload-empty"),
        (b"hello, I am a picture", "upload-unknown-kind"),
        (encoded(gradient(), "GIF"), "upload-unknown-kind"),
        (encoded(gradient(), "BMP"), "upload-unknown-kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "upload-unknown-kind"),
        (png_that_claims(50_000, 50_000), "upload-too-many-pixels"),
        (png_that_claims(4_100, 4_100), "upload-too-many-pixels"),
        (encoded(gradient(33, 1)), "upload-bad-shape"),
        (moving("PNG"), "upload-moves"),
        (moving("WEBP"), "upload-moves"),
        (encoded(gradient())[:-40], "upload-damaged"),
        (encoded(gradient(256, 256), "JPEG")[:900], "upload-damaged"),
        (encoded(gradient(256, 256), "WEBP")[:60], "upload-damaged"),
        (png_that_claims(64, 64), "upload-damaged"),
    ],
)
def test_bad_files_are_refused_each_by_its_rule(data: bytes, rule: str) -> None:
    """The rule is also the sentence the person reads."""
    verdict = check_upload(data)
    assert verdict.decision is Decision.BLOCK
    assert (verdict.rule_ids, verdict.categories) == ((rule,), (Category.BROKEN,))
    assert rule in RULES


def test_the_limits_are_the_callers() -> None:
    """Bytes and pixels by the operator's settings."""
    data = encoded(gradient(64, 64))
    assert check_upload(data, max_bytes=len(data)).decision is Decision.ALLOW
    assert check_upload(data, max_bytes=len(data) - 1).rule_ids == ("upload-too-many-bytes",)
    assert check_upload(data, max_pixels=64 * 64 - 1).rule_ids == ("upload-too-many-pixels",)
    assert MAX_PIXELS < 4_100**2


def test_a_bomb_in_the_comment_is_refused() -> None:
    """Text that unfolds beyond Pillow's limit is damage, not memory."""
    assert check_upload(text_bomb()).rule_ids == ("upload-damaged",)


@pytest.mark.parametrize("position", range(0, 400, 7))
def test_a_flipped_byte_never_raises(position: int) -> None:
    """Whatever a file holds, the answer is a verdict."""
    data = bytearray(encoded(gradient(), "JPEG"))
    data[position % len(data)] ^= 0xFF
    assert check_upload(bytes(data)).decision in {Decision.ALLOW, Decision.BLOCK}


def test_every_rule_has_its_sentence() -> None:
    """In both languages."""
    assert all(say(language, rule) != rule for rule in RULES for language in LANGUAGES)


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (90, 12, 200), (1, 0, 1)])
def test_a_picture_of_nothing_is_neither_clean_nor_unsafe(colour: tuple[int, int, int]) -> None:
    """A failed render is for a human, in a category of its own."""
    verdict = check_broken(Image.new("RGB", (64, 64), colour))
    assert verdict.decision is Decision.REVIEW
    assert verdict.categories == (Category.BROKEN,)


def test_a_picture_of_something_is_not_broken() -> None:
    """Dark and sparse pictures included: a few stars at night are a picture."""
    night = Image.new("RGB", (64, 64), (5, 5, 12))
    night.paste((240, 240, 220), (30, 30, 34, 34))
    assert check_broken(night).decision is Decision.ALLOW
    assert check_broken(gradient()).decision is Decision.ALLOW
