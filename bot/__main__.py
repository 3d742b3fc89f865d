"""``python -m bot`` and ``atelier``: the command line."""

from __future__ import annotations

import sys

INTERRUPTED = 130  # as shells count it


def main() -> None:
    """Run the command in ``sys.argv`` and leave with its exit status."""
    try:
        from .cli import run  # a third of a second, in which somebody may think better of it
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
