"""What a chat may ask of the core. Knows no platform and no engine; enqueues, never executes."""

from __future__ import annotations

from .asks import Ask, Reply, Result, Standing
from .chat import Action, Card, Event

__all__ = ["Ask", "Reply", "Result", "Standing", "Studio"]


class Studio:
    """The front door. Every method is safe to call twice with the same event."""

    async def imagine(self, event: Event, ask: Ask) -> Reply:
        """Admit a wish; the answer to it follows through ``Chat.send``."""
        raise NotImplementedError

    async def say(self, event: Event, text: str, reply_to: str | None = None) -> Reply:
        """Free text: the answer to an open question asked in this place, an edit in plain words
        where ``reply_to`` is the platform's id of a message that showed pictures, else a wish."""
        raise NotImplementedError

    async def press(self, event: Event, action: Action, argument: str, text: str = "") -> Reply:
        """A button. ``argument`` is the button's; ``text`` is what a form asked for (the answer,
        the two words of a change, a moderator's reason)."""
        raise NotImplementedError

    async def upload(self, event: Event, data: bytes, media_type: str = "") -> str:
        """Keep a picture a person sent; returns its sha256 for ``Ask.reference``. Judged later.
        Raises ``JobError`` where it is larger than allowed."""
        raise NotImplementedError

    async def accept_terms(self, event: Event) -> Reply: raise NotImplementedError
    async def cancel(self, event: Event, request_id: str) -> Reply: raise NotImplementedError
    async def history(self, event: Event, limit: int = 10) -> Reply: raise NotImplementedError
    async def cases(self, event: Event, limit: int = 10) -> list[Reply]: raise NotImplementedError

    async def standing(self, request_id: str) -> Standing:
        """Where it stands; raises ``UnknownRequest``."""
        raise NotImplementedError

    async def told(self, request_id: str) -> Card | None:
        """The newest thing there is to tell about a request (its grid, question, explanation),
        for those who fetch it themselves; None while it is still on its way."""
        raise NotImplementedError

    async def results(self, request_id: str) -> list[Result]:
        """The pictures as shown, in order; empty while there are none."""
        raise NotImplementedError
