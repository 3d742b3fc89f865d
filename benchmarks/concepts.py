"""How well the concept filter tells Sketchbook's stand-ins from its other scenes.

    python -m benchmarks.concepts --json [--quick] [--painted] [--calibrate] [--seed N]

Pictures are drawn afresh, of compositions that no training ever saw, from a seed that no
calibration used: one object, one at the side, several, or two, half of them with a stand-in.
``--painted`` asks the bundled model for such pictures as well, where the answer is what was asked
for, so that what the model fails to paint counts as missed. ``--calibrate`` prints thresholds for
``moderation/pictures/concepts.toml``, from another seed and other compositions; with ``--painted``
also from harmless pictures of the model. Intervals are Wilson's, 95 %; a goal counts as reached
where the share reaches it.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image

from benchmarks.path import Measure, print_report
from inference.jobs import RenderJob
from inference.sketchbook import clip_dir
from inference.sketchbook.captions import describe
from inference.sketchbook.compositions import Composition, sample
from inference.sketchbook.drawing import arrange, draw
from inference.sketchbook.vocabulary import STAND_INS
from moderation.pictures.calibration import Calibration, calibrate
from moderation.pictures.concepts import ConceptFilter, load_concept_filter
from moderation.pictures.parts import Look, Strictness
from moderation.policy import Decision
from moderation.statistics import wilson

CALIBRATION_SEED, MEASURING_SEED = 11, 178
KINDS = ("single", "placed", "count", "pair")
MAX_FALSE_ALARMS = 0.002  # per concept, so that three together stay below one in a hundred
STAND_IN_IDS = frozenset(term.id for term in STAND_INS)


@dataclass(frozen=True, kw_only=True)
class Example:
    """A picture and the stand-ins that are meant to be in it."""

    image: Image.Image
    shows: frozenset[str]
    kind: str


def main() -> None:
    """Measure, or calibrate, and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--quick", action="store_true", help="fewer pictures; under 50 s")
    parser.add_argument("--painted", action="store_true", help="also what the model paints")
    parser.add_argument("--calibrate", action="store_true", help="print thresholds instead")
    parser.add_argument("--seed", type=int, default=MEASURING_SEED)
    options = parser.parse_args()
    num_pictures = 300 if options.quick else 2000
    judge = load_concept_filter(clip_dir())
    if options.calibrate:
        known = drawn(CALIBRATION_SEED, 3 * num_pictures, held_out=False)
        if options.painted:
            known += harmless(asyncio.run(painted(CALIBRATION_SEED, 300, held_out=False)))
        print_calibration(judge, known)
        return
    unseen = drawn(options.seed, num_pictures, held_out=True)
    measures = measure(judge, unseen, "drawn", options.quick)
    if options.painted:
        made = asyncio.run(painted(options.seed, 48 if options.quick else 200, held_out=True))
        measures += measure(judge, made, "painted", options.quick)
    print_report("concepts", measures, is_json=options.json)


def drawn(seed: int, num_pictures: int, *, held_out: bool) -> list[Example]:
    """Scenes drawn for the first time, half of them with a stand-in."""
    random = Random(seed)
    return [
        Example(image=draw(random, arrange(random, scene)), shows=shown_by(scene), kind=kind)
        for kind, scene in scenes(random, num_pictures, held_out=held_out)
    ]


async def painted(seed: int, num_pictures: int, *, held_out: bool) -> list[Example]:
    """What the bundled model makes of descriptions of such scenes."""
    from inference.engine import load_engine

    random = Random(seed)
    engine = load_engine("sketchbook", "cpu")
    examples = []
    for number, (kind, scene) in enumerate(scenes(random, num_pictures, held_out=held_out)):
        prompt = describe(random, scene, "en", is_full=True).text
        job = RenderJob(id=str(number), prompt=prompt, seed=seed + number)
        (picture,) = await engine.render(job)
        image = picture.image.convert("RGB")
        examples.append(Example(image=image, shows=shown_by(scene), kind=kind))
    await engine.close()
    return examples


def harmless(examples: Sequence[Example]) -> list[Example]:
    """Those without a stand-in: whether the model has painted what was asked, nobody knows."""
    return [example for example in examples if not example.shows]


def scenes(random: Random, num_scenes: int, *, held_out: bool) -> list[tuple[str, Composition]]:
    """Scenes of every kind; as many with a stand-in as without."""
    with_one: list[tuple[str, Composition]] = []
    without: list[tuple[str, Composition]] = []
    while min(len(with_one), len(without)) < num_scenes // 2:
        kind = random.choice(KINDS)
        scene = sample(random, kind, held_out=held_out)
        (with_one if shown_by(scene) else without).append((kind, scene))
    return with_one[: num_scenes // 2] + without[: num_scenes // 2]


def shown_by(scene: Composition) -> frozenset[str]:
    """The stand-ins of a scene."""
    return STAND_IN_IDS & {thing.object for thing in scene.things}


def margins_of(judge: ConceptFilter, examples: Sequence[Example]) -> list[list[float]]:
    """Per example, the margin of every concept."""
    return [judge.margins(example.image) for example in examples]


def print_calibration(judge: ConceptFilter, examples: Sequence[Example]) -> None:
    """Thresholds to write into the list of concepts, each from its own pictures."""
    margins = margins_of(judge, examples)
    for column, gauge in enumerate(judge.gauges):
        concept = gauge.concept.id
        found = _calibrated(concept, column, examples, margins)
        print(f"{concept}: threshold = {found.threshold:.4f}, steepness = {found.steepness:.1f}")
        print(f"  recall {found.recall:.3f}, false alarms {found.false_alarms:.4f}")


def _calibrated(
    concept: str, column: int, examples: Sequence[Example], margins: Sequence[Sequence[float]]
) -> Calibration:
    """A picture of another stand-in says nothing about false alarms on harmless ones."""
    rows = list(zip(examples, margins, strict=True))
    wanted = [row[column] for example, row in rows if concept in example.shows]
    others = [row[column] for example, row in rows if not example.shows]
    return calibrate(wanted, others, MAX_FALSE_ALARMS)


def measure(
    judge: ConceptFilter, examples: Sequence[Example], kind: str, is_quick: bool
) -> list[Measure]:
    """Recall over pictures with a stand-in, by stand-in and by kind of scene; false alarms over
    the others. What counts is that anything is asked, whatever stand-in it is taken for."""
    told = [(example, is_stopped(judge, example.image)) for example in examples]
    with_any = [(example, is_asked) for example, is_asked in told if example.shows]
    measures = [
        _share(f"recall-{kind}-{name}", f"recall, {kind} {name}s", 0.95, is_quick,
               [is_asked for example, is_asked in with_any if name in example.shows])
        for name in sorted(STAND_IN_IDS)
    ]  # fmt: skip
    measures += [
        _share(f"recall-{kind}-{each}", f"recall, {kind}, {each}", 0.95, is_quick,
               [is_asked for example, is_asked in with_any if example.kind == each])
        for each in KINDS
    ]  # fmt: skip
    asked = [is_asked for _, is_asked in with_any]
    others = [is_asked for example, is_asked in told if not example.shows]
    measures.append(_share(f"recall-{kind}", f"recall, {kind} stand-ins", 0.95, is_quick, asked))
    alarms = _share(f"alarms-{kind}", f"false alarms, other {kind} scenes", 0.01, is_quick, others)
    return [*measures, alarms]


def is_stopped(judge: ConceptFilter, image: Image.Image) -> bool:
    """True where a moderator would be asked at the standard level."""
    verdict = judge.check(Look(data=b"", image=image), Strictness())
    return verdict.decision is not Decision.ALLOW


def _share(id: str, what: str, goal: float, is_quick: bool, hits: Sequence[bool]) -> Measure:
    value = sum(hits) / max(1, len(hits))
    found = wilson(sum(hits), len(hits))
    is_met = value <= goal if id.startswith("alarms") else value >= goal
    return Measure(
        id=id, what=f"{what} (of {len(hits)}; 95 %: {found.low:.3f}…{found.high:.3f})",
        value=round(value, 4), unit="share", goal=goal, ok=None if is_quick else is_met,
    )  # fmt: skip


if __name__ == "__main__":
    main()
