"""How much the word filter catches, how often it is wrong, how quick it is.

    python -m benchmarks.moderation --json [--quick] [--only PART …] [--plot FILE]

What the figures are of stands in ``_word_quality`` (harmless and harmful texts, the whole curve of
recall, precision and false alarms), ``_word_disguises`` and ``_word_speed``. No guard model is
measured here: none can run on this repository's own weights.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks import _word_disguises as hidden
from benchmarks import _word_quality as quality
from benchmarks import _word_speed as speed
from benchmarks._chart import draw_lines
from benchmarks._word_figures import Found
from benchmarks.path import print_report
from moderation.words import WordRules, load_word_filter

MAX_SHOWN_FALSE_ALARMS = 0.05
PARTS = ("harmless", "harmful", "disguised", "sounding", "combinations", "speed")


def main() -> None:
    """Measure everything, or some parts, and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--quick", action="store_true", help="fewer sentences; under 50 s")
    parser.add_argument("--only", nargs="*", choices=PARTS)
    parser.add_argument("--plot", type=Path, help="write the curves as a PNG")
    options = parser.parse_args()
    parts = parts_of(load_word_filter(), is_quick=options.quick)
    found = [measure() for name, measure in parts.items() if name in (options.only or parts)]
    measures = [measure for part in found for measure in part.measures]
    details = {name: value for part in found for name, value in part.details.items()}
    if options.plot and "curves" in details:
        plot(options.plot, details["curves"])
    print_report("moderation", measures, is_json=options.json, more=details)


def parts_of(rules: WordRules, *, is_quick: bool) -> Mapping[str, Callable[[], Found]]:
    """How each part is measured, by name."""
    check = rules.check
    measured: tuple[Callable[[], Found], ...] = (
        lambda: quality.harmless(check, quality.by_grammar(is_quick)),
        lambda: quality.harmful(check, quality.by_grammar(is_quick)),
        lambda: hidden.disguised(check),
        lambda: hidden.sounding(check),
        lambda: hidden.combinations(check),
        lambda: speed.speed(check, quality.by_grammar(is_quick)),
    )
    return dict(zip(PARTS, measured, strict=True))


def plot(path: Path, curves: Mapping[str, list[Mapping[str, Any]]]) -> None:
    """Recall over false alarms of harmless wishes, in per cent, one line per set."""
    lines = {
        name: [(100 * p["false_alarms"], 100 * p["recall"]) for p in points
               if p["false_alarms"] <= MAX_SHOWN_FALSE_ALARMS]
        for name, points in curves.items()
    }  # fmt: skip
    draw_lines(path, lines, across="harmless wishes stopped, %", up="harmful sentences caught, %")


if __name__ == "__main__":
    main()
