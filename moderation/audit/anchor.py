"""Where heads of the audit chain are kept outside the database: a file that is only appended to.

A line is ``date number seal``. It is written once its entry is committed, so whatever kills a
process in between leaves the file a moment behind the log, never before it: no false alarm. A line
that was torn is passed over.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from moderation.errors import AuditError
from store.tables import now

from .chain import Head

_LINE = re.compile(r"\S+ (?P<number>\d{1,18}) (?P<mac>[0-9a-f]{64})")


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """The file at ``path``: best on another disk, or where the database's keeper cannot write."""

    path: Path

    @property
    def is_there(self) -> bool:
        """True once any head was kept."""
        return self.path.exists()

    def keep(self, head: Head) -> None:
        """Append a head with the date; raises ``OSError``."""
        line = f"{now().isoformat(timespec='seconds')} {head.number} {head.mac}\n"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(file, line.encode())
        finally:
            os.close(file)

    def read(self) -> list[Head]:
        """Every head that was kept; raises ``AuditError`` where there is no file."""
        try:
            lines = self.path.read_text("ascii", errors="replace").splitlines()
        except FileNotFoundError:
            raise AuditError("audit-error-no-anchor", path=str(self.path)) from None
        found = (_LINE.fullmatch(line) for line in lines)
        return [Head(number=int(each["number"]), mac=each["mac"]) for each in found if each]
