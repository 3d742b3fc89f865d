"""What words are worth: Sketchbook without any, and with guidance from 1 to 7."""

from __future__ import annotations

from benchmarks._chart import draw_lines
from benchmarks._judged import Bench, ask, paint, pixels_of, share
from benchmarks.path import Measure
from inference.sketchbook import samples
from inference.sketchbook.judge import judge
from inference.sketchbook.training.sheets import tile

SCALES = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0)


def sweep(bench: Bench) -> list[Measure]:
    """Things right by guidance scale, singles and pairs; a chart where sheets go."""
    num = bench.num(4, 60)
    lines: dict[str, list[tuple[float, float]]] = {}
    for kind in ("single", "pair"):
        asked = ask(kind, num, 9)
        for scale in SCALES:
            drawn = paint(bench, asked, 9, guidance=scale)
            right = 100 * sum(one.marks.things for one in drawn) / len(drawn)
            lines.setdefault(f"{kind}s", []).append((scale, right))
    chart = bench.sheet("guidance")
    if chart:
        draw_lines(chart, lines, across="guidance", up="things right, %")
    return [
        Measure(
            id=f"guidance-{scale:g}",
            what=f"guidance {scale:g}: things right, singles {singles:.1f} %, pairs (n {2 * num})",
            value=round(pairs, 1),
            unit="%",
            goal=0,
            ok=None,
        )
        for (scale, singles), (_, pairs) in zip(lines["singles"], lines["pairs"], strict=True)
    ]


def unconditional(bench: Bench) -> list[Measure]:
    """Pictures from no words at all: in how many of them the judge sees one to three objects."""
    num = bench.num(16, 192)
    pictures = samples.draw(bench.pipe, [""] * num, seed=70_000, guidance=1.0)
    sheet = bench.sheet("unconditional")
    if sheet:
        tile(pictures[:96], columns=16).save(sheet)
    seen = [len(one.sightings) in (1, 2, 3) for one in judge(bench.eye, pixels_of(pictures))]
    told = "no words: pictures with one to three objects that the judge can name"
    return [share("unconditional", told, seen, 0.0, is_quick=True)]
