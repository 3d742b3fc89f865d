"""Everything ``make test`` checks, in parts: two at a time, then those that need the machine alone.

A part is one command. Style and types are parts; so is every folder of tests, found by looking,
so that a new one cannot be forgotten. A part that fails stops no other. At the end stands the time
each part took and one line with the sum of what passed and failed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
TESTS = CHECKOUT / "tests"
BIN = Path(sys.executable).parent
NUM_AT_ONCE = 2  # the house is built for machines with two cores
PART_TIMEOUT_SECONDS = 1500
NO_TESTS = 5  # pytest's exit status where nothing was selected
COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped)\b")
PACKAGES = ("bot", "inference", "moderation", "store", "migrations")


@dataclass(frozen=True, kw_only=True)
class Part:
    name: str
    command: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    part: Part
    is_ok: bool
    seconds: float
    output: str
    counts: dict[str, int] = field(default_factory=dict)


def all_parts() -> tuple[list[Part], list[Part]]:
    """The parts that may share the machine, longest first, and those that need it alone."""
    folders = sorted({_part_folder(path) for path in TESTS.rglob("test_*.py")})
    shared = [
        Part(name="types", command=(str(BIN / "mypy"),)),
        *(_pytest(folder, "not alone") for folder in folders),
        Part(
            name="lint",
            command=("sh", "-c", f"{BIN}/ruff check . && {BIN}/ruff format --check ."),
        ),
    ]
    alone = [_pytest(Path("tests"), "alone", name="alone")]
    return shared, alone


def _part_folder(test: Path) -> Path:
    """The folder whose tests run together: the package, or its room where it has rooms."""
    inside = test.relative_to(TESTS).parent.parts
    return Path("tests", *inside[:2])


def _pytest(folder: Path, marks: str, *, name: str = "") -> Part:
    """Run the tests of a folder and of its sub-folders that are no part of their own."""
    rooms = [path for path in sorted((CHECKOUT / folder).iterdir()) if _is_apart(path, folder)]
    ignore = () if name else tuple(f"--ignore={room}" for room in rooms)
    command = (sys.executable, "-m", "pytest", "-q", "-rs", str(folder), "-m", marks, *ignore)
    return Part(name=name or str(folder), command=command)


def _is_apart(room: Path, folder: Path) -> bool:
    """True where the tests below ``room`` are not run by the part of ``folder``."""
    return any(_part_folder(test) != folder for test in room.rglob("test_*.py"))


def run(part: Part) -> Outcome:
    """Run one part to its end, or to its time limit, and say how it went."""
    started = time.monotonic()
    environment = {"OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1", **os.environ}
    try:
        done = subprocess.run(
            part.command,
            cwd=CHECKOUT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PART_TIMEOUT_SECONDS,
            check=False,
        )
        status, output = done.returncode, done.stdout
    except subprocess.TimeoutExpired as late:
        status, output = 1, f"{(late.stdout or b'').decode()}\nran past {PART_TIMEOUT_SECONDS} s"
    is_test = "pytest" in part.command
    is_ok = status == 0 or (is_test and status == NO_TESTS)
    counts = _counts(output) if is_test else {"passed" if is_ok else "failed": 1}
    if not is_ok and not counts.get("failed"):
        counts["failed"] = counts.pop("error", 0) or 1
    return Outcome(
        part=part, is_ok=is_ok, seconds=time.monotonic() - started, output=output, counts=counts
    )


def _counts(output: str) -> dict[str, int]:
    """What pytest's closing line counted."""
    last = output.strip().rpartition("\n")[2]
    return {
        word.removesuffix("s") if word == "errors" else word: int(n)
        for n, word in COUNT.findall(last)
    }


def run_all(parts: Iterable[Part], at_once: int) -> list[Outcome]:
    """Run ``parts``, ``at_once`` at a time, telling of each when it is done."""
    one_writer = threading.Lock()

    def run_and_tell(part: Part) -> Outcome:
        outcome = run(part)
        with one_writer:
            tell(outcome)
        return outcome

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(run_and_tell, parts))


def tell(outcome: Outcome) -> None:
    """One line where all is well, and why what was skipped was; the whole output where it is not."""
    *lines, last = outcome.output.strip().split("\n")
    if outcome.is_ok:
        told = [line.partition(": ")[2] for line in lines if line.startswith("SKIPPED ")]
        skipped = [f"      skipped: {why}" for why in dict.fromkeys(told)]
        print("\n".join([f"ok    {outcome.part.name:32} {last}", *skipped]), flush=True)
        return
    print(f"\n{'=' * 30} {outcome.part.name} failed\n{outcome.output}\n{'=' * 30}", flush=True)


def summary(outcomes: list[Outcome], seconds: float) -> str:
    """The table of times and, last, the sum of what was counted."""
    lines = ["", f"{'part':32} {'seconds':>8}"]
    for outcome in sorted(outcomes, key=lambda o: -o.seconds):
        mark = "" if outcome.is_ok else "  FAILED"
        lines.append(f"{outcome.part.name:32} {outcome.seconds:8.1f}{mark}")
    lines.append(f"{'all, two at a time':32} {seconds:8.1f}")
    total = {
        word: sum(o.counts.get(word, 0) for o in outcomes)
        for word in ("passed", "failed", "skipped")
    }
    line = f"{total['passed']} passed, {total['failed']} failed"
    return "\n".join(
        [*lines, "", line + (f", {total['skipped']} skipped" * bool(total["skipped"]))]
    )


def main(names: list[str]) -> int:
    """Run every part, or those whose names are given; 1 where one failed."""
    started = time.monotonic()
    shared, alone = all_parts()
    known = {part.name for part in (*shared, *alone)}
    if unknown := [name for name in names if name not in known]:
        print(
            f"no part {', '.join(unknown)}; there are: {', '.join(sorted(known))}", file=sys.stderr
        )
        return 2
    wanted = set(names) or known
    outcomes = run_all([p for p in shared if p.name in wanted], NUM_AT_ONCE)
    outcomes += run_all([p for p in alone if p.name in wanted], 1)
    print(summary(outcomes, time.monotonic() - started), flush=True)
    return 0 if all(outcome.is_ok for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
