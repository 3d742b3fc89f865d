"""``python -m bot`` and ``atelier``: the command line."""

from __future__ import annotations

import sys

from .cli import run


def main() -> None:
    """Run the command in ``sys.argv`` and leave with its exit status."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
