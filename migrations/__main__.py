"""Writes a new revision from the tables as they are: ``python -m migrations "what changes"``.

It compares a database at the newest revision with ``store.tables``. Read what it wrote: it sees
what is there, not what you meant by it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from .history import draft, upgrade

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit('say what changes: python -m migrations "pictures remember their palette"')
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'draft.sqlite'}"
        upgrade(url)
        draft(url, sys.argv[1])  # says itself what it wrote
