"""Takes what names or reaches a person out of a caption; knows patterns only, and no names.

What it removes adds nothing to a picture: mentions, handles, mail addresses, links, and numbers
long enough to be a telephone's or an account's.
"""

from __future__ import annotations

import re

_REACHES_A_PERSON = re.compile(
    r"""
    <[@#:a][^<>\s]*>                    # Discord's mentions, channels and emoji: <@123>, <a:x:1>
    | (?:https?://|www\.|t\.me/)\S+     # links
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+      # mail addresses
    | (?<![\w@])@\w{2,}                 # handles
    | (?<!\w)\+?\d(?:[\s().-]{0,2}\d){6,}(?!\w)  # seven digits or more, however they are grouped
    """,
    re.VERBOSE,
)
_SPACES = re.compile(r"\s{2,}")


def scrub(caption: str) -> str:
    """The caption without them, and without the gaps they leave."""
    return _SPACES.sub(" ", _REACHES_A_PERSON.sub(" ", caption)).strip()
