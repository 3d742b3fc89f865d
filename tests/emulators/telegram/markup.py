"""Reads the HTML of the Bot API as Telegram does: strict about tags, plain text and entities out.

https://core.telegram.org/bots/api#html-style. Offsets and lengths count UTF-16 code units. A bare
``&`` is refused, where Telegram would let some pass: it shows words that were not escaped.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "ins": "underline", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "tg-spoiler": "spoiler", "code": "code", "pre": "pre", "blockquote": "blockquote",
    "a": "text_link", "span": "spoiler",
}  # fmt: skip
CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


class BadMarkup(Exception):
    """Telegram would answer "can't parse entities"."""


def parse_html(text: str) -> tuple[str, list[dict[str, Any]]]:
    """The words without their marks, and the marks; raises ``BadMarkup``."""
    parser = _Parser()
    parser.feed(text)
    parser.close()
    if parser.open:
        raise BadMarkup(f"no end tag for {parser.open[-1][0]}")
    plain = "".join(parser.words)
    return plain.rstrip(), [entity for entity in parser.entities if entity["length"]]


def utf16_length(text: str) -> int:
    """How Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.words: list[str] = []
        self.entities: list[dict[str, Any]] = []
        self.open: list[tuple[str, dict[str, Any]]] = []

    @property
    def _here(self) -> int:
        return utf16_length("".join(self.words))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in KINDS or (tag == "span" and given.get("class") != "tg-spoiler"):
            raise BadMarkup(f"unsupported start tag {tag}")
        entity: dict[str, Any] = {"type": KINDS[tag], "offset": self._here, "length": 0}
        if tag == "blockquote" and "expandable" in given:
            entity["type"] = "expandable_blockquote"
        if tag == "a":
            entity["url"] = given.get("href") or ""
        self.open.append((tag, entity))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            raise BadMarkup(f"unexpected end tag {tag}")
        entity = self.open.pop()[1]
        entity["length"] = self._here - entity["offset"]
        self.entities.append(entity)

    def handle_entityref(self, name: str) -> None:
        if name not in CHARACTERS:
            raise BadMarkup(f"unknown entity {name}")
        self.words.append(CHARACTERS[name])

    def handle_charref(self, name: str) -> None:
        self.words.append(chr(int(name[1:], 16) if name[0] in "xX" else int(name)))

    def handle_data(self, data: str) -> None:
        for mark in "<&":
            if mark in data:
                raise BadMarkup(f"{mark} that is not escaped")
        self.words.append(data)
