"""What can go wrong, as data: which call, how often, in what way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, kw_only=True)
class Fault:
    """``times`` calls of ``method`` (``*``: any but polling) go wrong, after ``skips`` went well."""

    method: str = "*"
    times: int = 1
    skips: int = 0
    status: int = 500
    description: str = "Internal Server Error"
    retry_after: int | None = None
    drop: Literal["", "before", "after"] = ""  # the connection ends before or after the write
    delay_seconds: float = 0.0  # and then the call goes well, where ``status`` is 0

    @property
    def body(self) -> dict[str, Any]:
        """The answer, as the Bot API words it."""
        body: dict[str, Any] = {
            "ok": False, "error_code": self.status, "description": self.description,
        }  # fmt: skip
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def flood(method: str = "*", *, retry_after: int = 1, times: int = 1) -> Fault:
    """429: too many requests."""
    words = f"Too Many Requests: retry after {retry_after}"
    return Fault(method=method, times=times, status=429, description=words, retry_after=retry_after)


class BotError(Exception):
    """The Bot API answers a call with an error."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters

    @property
    def body(self) -> dict[str, Any]:
        """The answer, as the Bot API words it."""
        body: dict[str, Any] = {
            "ok": False, "error_code": self.status, "description": self.description,
        }  # fmt: skip
        return body | ({"parameters": self.parameters} if self.parameters else {})


@dataclass
class Faults:
    """Those that are still to come, in order."""

    coming: list[Fault] = field(default_factory=list)
    met: list[Fault] = field(default_factory=list)
    _seen: dict[int, int] = field(default_factory=dict)

    def meet(self, method: str) -> Fault | None:
        """The fault this call runs into, if any."""
        for fault in self.coming:
            if fault.method != method and (fault.method != "*" or method == "getUpdates"):
                continue
            seen = self._seen[id(fault)] = self._seen.get(id(fault), 0) + 1
            if seen <= fault.skips:
                continue
            if seen == fault.skips + fault.times:
                self.coming.remove(fault)
            self.met.append(fault)
            return fault
        return None
