"""Uploads made to break what reads them: the answer is a verdict, soon, within memory."""

from __future__ import annotations

import io
import struct
import time
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from moderation.lists import HashLists
from moderation.pictures.limits import RULES, check_upload
from moderation.pictures.opening import open_picture
from moderation.pictures.uploads import UploadCheck
from moderation.policy import Decision

from .conftest import encoded, gradient

KINDS = ("PNG", "JPEG", "WEBP")
PNG = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes) -> bytes:
    """A part of a PNG, sealed."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *more: bytes, depth: int = 8, colours: int = 2) -> bytes:
    """A PNG of these parts."""
    header = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0)
    return PNG + chunk(b"IHDR", header) + b"".join(more) + chunk(b"IEND", b"")


def unfolding(kind: bytes, before: bytes = b"") -> bytes:
    """A part that is small and unfolds to a hundred megabytes."""
    return chunk(kind, before + zlib.compress(bytes(100_000_000), 9))


BOMBS = {
    "a colour profile": png(64, 64, unfolding(b"iCCP", b"x\0\0"), chunk(b"IDAT", b"")),
    "a comment": png(64, 64, unfolding(b"zTXt", b"x\0\0"), chunk(b"IDAT", b"")),
    "an international comment": png(64, 64, unfolding(b"iTXt", b"x\0\1\0\0\0"), chunk(b"IDAT", b"")),
    "most pixels allowed, none there": png(4000, 4000, chunk(b"IDAT", zlib.compress(b""))),
    "sixteen bits a colour": png(4000, 4000, unfolding(b"IDAT"), depth=16, colours=6),
    "no size": png(0, 0, chunk(b"IDAT", b"")),
    "sizes below nothing": png(2**32 - 1, 2**32 - 1, chunk(b"IDAT", b"")),
    "a JPEG that claims much": b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01",
    "a WebP that claims much": b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\xff" * 6 + b"\0" * 8,
    "letters": b"PNG" * 1000,
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused(name: str) -> None:
    """By a rule that has a sentence."""
    verdict = check_upload(BOMBS[name])
    assert verdict.decision is Decision.BLOCK
    assert verdict.rule_ids[0] in RULES


def test_no_bomb_unfolds() -> None:
    """Little memory and time are taken, by pixels that go on behind the picture no more."""
    bombs = [*BOMBS.values(), png(64, 64, unfolding(b"IDAT"))]
    tracemalloc.start()
    began = time.process_time()
    try:
        for data in bombs:
            check_upload(data)
        taken = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert taken < 20_000_000
    assert time.process_time() - began < 20


@settings(max_examples=300)
@given(data=st.data(), kind=st.sampled_from(KINDS))
def test_what_is_changed_anywhere_gets_a_verdict(data: st.DataObject, kind: str) -> None:
    """Bytes flipped, removed, put in or cut off; what passes can be opened and is small enough."""
    picture = bytearray(encoded(gradient(), kind))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(picture) - 1))
        match data.draw(st.sampled_from(("flip", "cut", "drop", "put"))):
            case "flip":
                picture[at] ^= data.draw(st.integers(1, 255))
            case "cut":
                del picture[max(1, at) :]
            case "drop":
                del picture[at : at + data.draw(st.integers(1, 16))]
            case "put":
                picture[at:at] = data.draw(st.binary(min_size=1, max_size=16))
        if not picture:
            picture = bytearray(b"x")
    verdict = check_upload(bytes(picture))
    if verdict.decision is Decision.ALLOW:
        assert open_picture(bytes(picture)).size[0] > 0
    else:
        assert verdict.rule_ids[0] in RULES


@settings(max_examples=200)
@given(st.binary(max_size=200), st.sampled_from((b"", PNG, b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP")))
def test_noise_is_never_a_picture(noise: bytes, start: bytes) -> None:
    """Nor does it raise."""
    assert check_upload(start + noise).decision is Decision.BLOCK


def test_a_photograph_with_companions_is_a_still_picture() -> None:
    """Telephones put a depth or brightness map behind the photograph: it does not move."""
    out = io.BytesIO()
    gradient(80, 60).save(out, "MPO", save_all=True, append_images=[gradient(40, 30)])
    assert check_upload(out.getvalue()).decision is Decision.ALLOW
    assert open_picture(out.getvalue()).size == (80, 60)


def test_the_door_looks_into_lists_only_where_it_must(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """Limits come first; lists that cannot be read let nothing in that they might name."""
    check = UploadCheck(HashLists(tmp_path), max_bytes=10_000)
    assert check(encoded(gradient())).decision is Decision.ALLOW
    assert check(b"").rule_ids == ("upload-empty",)
    (tmp_path / "broken.tsv").write_text("what\n", "utf-8")
    broken = UploadCheck(HashLists(tmp_path), max_bytes=10_000)
    assert broken(encoded(gradient())).rule_ids == ("picture-unseen",)
    assert broken(b"").rule_ids == ("upload-empty",)
    assert Image.open(io.BytesIO(encoded(gradient()))).size == (64, 64)
