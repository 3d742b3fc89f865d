"""The operator's list of web addresses that no picture may lead to. Pure; fetches nothing.

A host a line, which stands for its subdomains too, and its category beside it; ``#`` begins a
remark. A category that is left out is ``illicit``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from moderation.errors import ListError
from moderation.policy import Category

# A scheme or none, then letters and hyphens parted by dots; what follows a host does not matter.
_HOST = re.compile(
    r"(?<![\w@.-])(?:[a-z]+://)?(?:[^\s/@]*@)?((?:[\w-]+\.)+[\w-]{2,})\.?(?=[\s/:?#]|$)"
)


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Hosts that are refused."""

    hosts: Mapping[str, Category]
    version: str  # changes with the file

    def refused(self, text: str) -> Iterator[tuple[str, Category]]:
        """Hosts in a text that are listed, as listed."""
        for found in _HOST.finditer(text.lower()):
            parts = _ascii(found[1]).split(".")
            for first in range(len(parts) - 1):
                host = ".".join(parts[first:])
                if host in self.hosts:
                    yield host, self.hosts[host]


NOWHERE = Addresses(hosts={}, version="")


def read_addresses(path: Path) -> Addresses:
    """Raises ``ListError``, which names the line."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ListError("list-missing", path=str(path)) from error
    hosts: dict[str, Category] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        columns = line.partition("#")[0].split()
        if not columns:
            continue
        try:
            host, category = (*columns, Category.ILLICIT)[:2]
            hosts[_ascii(host.lower().rstrip("."))] = Category(category)
        except ValueError as error:
            raise ListError("address-list-bad-row", path=path.name, line=number) from error
    return Addresses(hosts=hosts, version=hashlib.sha256(text.encode()).hexdigest()[:12])


def _ascii(host: str) -> str:
    """As DNS knows it; what DNS cannot know stays as it is."""
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host
