"""Runs benchmarks: the one that is named, in full, or else every one of them with ``--quick``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


def main(names: list[str]) -> int:
    """Run each in its own process; the worst exit status is ours."""
    found = sorted(
        path.stem for path in (CHECKOUT / "benchmarks").glob("*.py") if path.stem[0] != "_"
    )
    if unknown := set(names) - set(found):
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(found)}", file=sys.stderr)
        return 2
    status = 0
    for name in names or found:
        command = [sys.executable, "-m", f"benchmarks.{name}", *([] if names else ["--quick"])]
        print(f"\n== {name}", flush=True)
        status = max(status, subprocess.run(command, cwd=CHECKOUT, check=False).returncode)
    return status


sys.exit(main(sys.argv[1:]))
