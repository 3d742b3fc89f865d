"""Where a message goes and which one it is, as plain data that fits a row; knows no client.

An interaction's token lets us answer for 15 minutes, wherever the person is; afterwards the
channel is left, or the person's own.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

TOKEN_SECONDS = 15 * 60
MARGIN_SECONDS = 20  # a token this near its end is not relied on any more


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where answers to one thing a person did go."""

    channel: int
    user: int = 0  # 0: nobody in particular; what is sent is posted plainly
    is_direct: bool = False  # the person's own channel
    application: int = 0
    token: str = ""  # the interaction's; empty for a plain message
    until: float = 0.0  # when the token dies, seconds since 1970
    has_original: bool = False  # the first answer is a message of its own, not the one pressed

    @property
    def is_live(self) -> bool:
        """True while the token still answers."""
        return bool(self.token) and time.time() < self.until - MARGIN_SECONDS

    def to_row(self) -> dict[str, Any]:
        """What ``Request.address`` keeps."""
        return asdict(self)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Address:
        return cls(**row)

    def place(self) -> Address:
        """The same channel, for nobody in particular and without a token."""
        return replace(self, user=0, application=0, token="", until=0.0, has_original=False)


@dataclass(frozen=True, kw_only=True)
class MessageId:
    """One message on the whole platform; as text ``channel:message``, and ``:private`` where only
    one person sees it."""

    channel: int
    message: int
    is_private: bool = False

    def __str__(self) -> str:
        return f"{self.channel}:{self.message}" + (":private" if self.is_private else "")

    @classmethod
    def read(cls, text: str) -> MessageId:
        """Raises ``ValueError`` for anything else."""
        channel, message, *rest = text.split(":")
        return cls(channel=int(channel), message=int(message), is_private=rest == ["private"])
