"""What goes wrong, as data: which request, how often, and how. Knows no server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(kw_only=True)
class Fault:
    """The next ``times`` requests whose ``METHOD /path`` begins with ``match`` go wrong."""

    match: str  # such as "POST /interactions" or "PATCH /webhooks"
    times: int = 1
    status: int = 0  # 0: answered as usual (after a delay), or dropped
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    delay_seconds: float = 0.0
    drop: str = ""  # "before" the request is acted on, or "after"
    num_met: int = 0

    def meets(self, operation: str) -> bool:
        """Whether the fault strikes now; counts it."""
        if self.num_met >= self.times or not operation.startswith(self.match):
            return False
        self.num_met += 1
        return True


def server_error(match: str, *, times: int = 1, status: int = 500) -> Fault:
    """Discord is unwell."""
    return Fault(match=match, times=times, status=status, body={"message": "500", "code": 0})


def too_fast(
    match: str, *, retry_after: float = 0.2, is_global: bool = False, has_via: bool = True,
    times: int = 1,
) -> Fault:  # fmt: skip
    """A 429. Without ``Via`` it is what Cloudflare sends to those it has banned."""
    headers = {"Retry-After": str(retry_after), "X-RateLimit-Scope": "user"}
    if is_global:
        headers |= {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
    body = {
        "message": "You are being rate limited.", "retry_after": retry_after,
        "global": is_global, "code": 0,
    }  # fmt: skip
    return Fault(
        match=match, times=times, status=429, body=body,
        headers=headers | ({"Via": "1.1 google"} if has_via else {}),
    )  # fmt: skip


def dropped(match: str, when: str, *, times: int = 1) -> Fault:
    """The connection is cut ``before`` or ``after`` the request was acted on."""
    return Fault(match=match, times=times, drop=when)


def slow(match: str, seconds: float, *, times: int = 1) -> Fault:
    """An answer that takes its time."""
    return Fault(match=match, times=times, delay_seconds=seconds)
