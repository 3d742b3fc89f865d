"""How the engine serves many people, next to three other ways of serving the same model.

    python -m benchmarks.serving --json [--quick] [--only R1,R3] [--plot FILE.png]

All serve one random-weight model of Sketchbook's shape that never changes (``_model.py``, or the
folder named with ``--model``) in this process, in turns, so that noise meets all of them;
``_servers.py`` says who they are. Ratios are medians over the rounds; the shipped Sketchbook is
reported beside the frozen model where ``.sketchbook`` ends an id.

R1, R2   pictures a second with eight people at once, next to P and T; extra memory next to T
R3       Poisson arrivals at 0.8 of what S carries, steps mixed from 4, 8, 20 and 30
R7       what a tick costs outside the network        R9   calls until someone joins or leaves
R10      first preview, cost of previews              R12  memory after a thousand requests
R13      two sizes mixed                              R15  an exact repeat
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks import _latency, _memory, _throughput, _ticks
from benchmarks._servers import NUM_THREADS, burst, load, wish
from benchmarks.path import Measure, print_report
from inference.sketchbook import weights_dir

Row = Callable[..., Awaitable[list[Measure]]]
ROWS: tuple[tuple[Row, tuple[str, ...]], ...] = (
    (_throughput.crowd, ("R1", "R2")),
    (_memory.extra, ("R2",)),
    (_latency.waits, ("R3",)),
    (_ticks.overhead, ("R7",)),
    (_ticks.joining, ("R9",)),
    (_ticks.previews, ("R10",)),
    (_memory.growth, ("R12",)),
    (_throughput.sizes, ("R13",)),
    (_ticks.repeats, ("R15",)),
)
KNOWN = tuple(dict.fromkeys(name for _, names in ROWS for name in names))
ON_SKETCHBOOK = (_throughput.crowd, _ticks.overhead)  # what is reported of the shipped model too


async def measure(
    folder: Path, chosen: Sequence[Row], *, is_quick: bool, suffix: str = ""
) -> list[Measure]:
    """The chosen rows on one model, in turns."""
    bench = load(folder)
    for server in bench.servers.values():  # warm-up
        await burst(server, [wish(0, steps=2), wish(1, steps=2)])
    try:
        found = [one for row in chosen for one in await row(bench, is_quick=is_quick)]
    finally:
        await bench.close()
    return [replace(one, id=one.id + suffix) for one in found]


async def measure_all(folder: Path, options: argparse.Namespace) -> list[Measure]:
    """The frozen model, or the one that was named, and Sketchbook beside it."""
    chosen = [row for row, names in ROWS if set(names) & set(options.only)]
    if options.plot is not None:
        drawn = partial(_latency.waits, plot=options.plot)
        chosen = [drawn if row is _latency.waits else row for row in chosen]
    found = await measure(folder, chosen, is_quick=options.quick)
    beside = [row for row in chosen if row in ON_SKETCHBOOK]
    if options.model is None and beside and not options.quick:
        found += await measure(weights_dir(), beside, is_quick=False, suffix=".sketchbook")
    return found


def rows_named(text: str) -> list[str]:
    """``R1,R3`` as a list; raises ``ArgumentTypeError`` for what is not measured here."""
    names = text.split(",")
    if unknown := set(names) - set(KNOWN):
        told = f"no row {', '.join(sorted(unknown))}; there are {', '.join(KNOWN)}"
        raise argparse.ArgumentTypeError(told)
    return names


def main() -> None:
    """Measure and print one document."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--quick", action="store_true", help="fewer rounds; under 50 s")
    parser.add_argument("--only", type=rows_named, default=list(KNOWN), help="rows: R1,R3")
    parser.add_argument("--model", type=Path, help="a Stable Diffusion folder to serve instead")
    parser.add_argument("--plot", type=Path, help="write waits against load to this PNG")
    options = parser.parse_args()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ["OMP_NUM_THREADS"] = str(NUM_THREADS)  # a busy moment must not decide it
    from inference.engine.loading import make_ready

    make_ready()
    with tempfile.TemporaryDirectory() as place:
        from benchmarks._model import build

        folder = options.model or build(Path(place) / "model")
        measures = asyncio.run(measure_all(folder, options))
    print_report("serving", measures, is_json=options.json)


if __name__ == "__main__":
    main()
