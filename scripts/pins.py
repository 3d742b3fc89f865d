"""Writes constraints.txt anew: every package of .venv, exactly, under the words it begins with."""

from __future__ import annotations

from importlib.metadata import distributions
from pathlib import Path

CONSTRAINTS = Path(__file__).resolve().parent.parent / "constraints.txt"
OURS_OR_PIPS = {"atelier", "pip", "wheel"}


def main() -> None:
    """Keep the leading comment; replace the pins, each without its local suffix (``+cpu``)."""
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    words = [line for line in lines if line.startswith("#")]
    pins = {
        f"{found.name}=={found.version.partition('+')[0]}"
        for found in distributions()
        if found.name not in OURS_OR_PIPS and not found.name.startswith("nvidia")
    }
    text = "\n".join([*words, *sorted(pins, key=str.lower)]) + "\n"
    CONSTRAINTS.write_text(text, encoding="utf-8")
    print(f"{len(pins)} packages pinned in {CONSTRAINTS.name}")


main()
