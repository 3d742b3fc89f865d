"""How well a picture on a list is known again after people have changed it, and how seldom another
one is taken for it.

    python -m benchmarks.hashes --json [--quick] [--seed N]

Two kinds of pictures: scenes as Sketchbook draws them, which are plain, and textures with detail of
every scale. Each is put on a list, changed in every way of ``_pictures_changed`` and looked up.
Pictures that PDQ itself calls too plain are counted, not compared: lists know them by SHA-256 only.
Strangers: every picture against every other one of its kind.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from PIL import Image

from benchmarks._pictures_changed import CHANGES, scene, texture
from benchmarks.path import Measure, print_report
from moderation.lists import Edition, Listed, PictureList
from moderation.pictures.fingerprints import (
    Bits,
    Sighting,
    crops_from_text,
    distances,
    fingerprint,
    from_hex,
    sighting,
)
from moderation.pictures.known import MAX_CROP_DISTANCE, MAX_PDQ_DISTANCE, Index
from moderation.policy import Category, Decision
from moderation.statistics import wilson

SEED = 41
KINDS: dict[str, Callable[[Random], Image.Image]] = {"scene": scene, "texture": texture}
KEPT = {"jpeg-30", "half-size", "brightness", "mirror", "label"}  # what must nearly always be known
GOALS = {**dict.fromkeys(KEPT, 0.98), "crop-2": 0.8, "crop-5": 0.8}
MAX_STRANGERS = 1e-6
NUM_LISTED = 10_000  # for the time of a look


@dataclass(frozen=True, kw_only=True)
class Known:
    """A picture on a list."""

    image: Image.Image
    pdq: Bits  # (4,)
    crops: Bits  # (views, 4)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--quick", action="store_true", help="fewer pictures; under 50 s")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    num_pictures = 60 if options.quick else 300
    num_strangers = 60 if options.quick else 1200
    measures: list[Measure] = []
    for kind, make in KINDS.items():
        random = Random(f"{options.seed} {kind}")
        known, num_plain = listed(random, make, num_pictures)
        measures.append(_plain(kind, num_plain, num_pictures))
        measures += robustness(kind, known, random, is_quick=options.quick)
        more, _ = listed(random, make, num_strangers - num_pictures)
        measures += strangers(kind, [*known, *more], is_quick=options.quick)
    measures += speed()
    print_report("hashes", measures, is_json=options.json)


def listed(
    random: Random, make: Callable[[Random], Image.Image], num_pictures: int
) -> tuple[list[Known], int]:
    """Pictures of a kind as a list would hold them, and how many were too plain for it."""
    known = []
    for _ in range(num_pictures):
        image = make(random)
        made = fingerprint(b"", image)
        if made.pdq:
            bits = crops_from_text(made.crops)
            known.append(Known(image=image, pdq=from_hex(made.pdq), crops=bits))
    return known, num_pictures - len(known)


def robustness(
    kind: str, known: Sequence[Known], random: Random, *, is_quick: bool
) -> list[Measure]:
    """Per change: the share known again by PDQ, by crops, by either."""
    measures = []
    for name, change in CHANGES.items():
        changed = [sighting(b"", change(each.image, random)) for each in known]
        by_pdq = [nearest_pdq(one, each) <= MAX_PDQ_DISTANCE
                  for one, each in zip(changed, known, strict=True)]  # fmt: skip
        by_crops = [nearest_crop(one, each) <= MAX_CROP_DISTANCE
                    for one, each in zip(changed, known, strict=True)]  # fmt: skip
        by_either = [one or other for one, other in zip(by_pdq, by_crops, strict=True)]
        for way, hits in (("pdq", by_pdq), ("crops", by_crops), ("either", by_either)):
            goal = GOALS.get(name, 0.0) if way == "either" else 0.0
            measures.append(_share(f"{kind}-{name}-{way}", hits, goal, is_quick))
    return measures


def strangers(kind: str, known: Sequence[Known], *, is_quick: bool) -> list[Measure]:
    """Pairs of different pictures that are taken for the same."""
    seen = [sighting(b"", each.image) for each in known]
    num_false = {"pdq": 0, "crops": 0}
    pdq = np.stack([each.pdq for each in known])
    crops = np.concatenate([each.crops for each in known])
    for place, one in enumerate(seen):
        is_other = np.arange(len(known)) != place
        nearest = np.min([distances(pdq, turn) for turn in one.pdq], axis=0)
        num_false["pdq"] += int((nearest[is_other] <= MAX_PDQ_DISTANCE).sum())
        near = np.min([distances(crops, turn) for turn in one.crops], axis=0)
        views = near.reshape(len(known), -1).min(axis=1)
        num_false["crops"] += int((views[is_other] <= MAX_CROP_DISTANCE).sum())
    num_pairs = len(known) * (len(known) - 1)
    return [
        Measure(
            id=f"{kind}-strangers-{way}",
            what=f"{kind}: different pictures taken for the same by {way}"
            f" (95 %: at most {wilson(count, num_pairs).high:.1e} of {num_pairs} pairs)",
            value=count / max(1, num_pairs), unit="share", goal=MAX_STRANGERS,
            ok=None if is_quick else count == 0,
        )
        for way, count in num_false.items()
    ]  # fmt: skip


def nearest_pdq(one: Sighting, known: Known) -> int:
    """Bits by which the nearest turn differs; 256 where the changed picture is too plain."""
    return min((int(distances(known.pdq, turn)) for turn in one.pdq), default=256)


def nearest_crop(one: Sighting, known: Known) -> int:
    """The same over every turn, glance and view."""
    return min((int(distances(known.crops, turn).min()) for turn in one.crops), default=256)


def speed() -> list[Measure]:
    """Seconds of one core for a picture of a thousand pixels square, and for a look at lists."""
    random = Random(SEED)
    image = texture(random, 1024)
    out = io.BytesIO()
    image.save(out, "PNG")
    data = out.getvalue()
    noise = np.random.default_rng(SEED).integers(0, 2**63, (NUM_LISTED, 52, 4), dtype=np.uint64)
    index = Index(_edition(noise))
    seen = sighting(data, image)
    return [
        _seconds("fingerprint", "to put a picture on a list", lambda: fingerprint(data, image)),
        _seconds("sighting", "to hash a picture that is compared", lambda: sighting(data, image)),
        _seconds("look", f"to compare it with {NUM_LISTED} pictures", lambda: index.matches(seen)),
    ]


def _edition(noise: np.ndarray[tuple[int, int, int], np.dtype[np.uint64]]) -> Edition:
    from moderation.pictures.fingerprints import crops_to_text, to_hex

    pictures = tuple(
        Listed(
            category=Category.VIOLENCE,
            decision=Decision.BLOCK,
            pdq=to_hex(bits[0]),
            crops=crops_to_text(bits[1:]),
        )
        for bits in noise
    )
    return Edition(lists=(PictureList(name="noise", is_on_trial=False, pictures=pictures),))


def _seconds(id: str, what: str, work: Callable[[], object]) -> Measure:
    taken = []
    for _ in range(5):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return Measure(
        id=f"seconds-{id}", what=f"processor time {what}, 1024 x 1024", value=round(min(taken), 4),
        unit="s", goal=0.5, ok=None,
    )  # fmt: skip


def _plain(kind: str, num_plain: int, num_pictures: int) -> Measure:
    return Measure(
        id=f"{kind}-too-plain", what=f"{kind}: too plain for PDQ, known by SHA-256 only",
        value=round(num_plain / num_pictures, 4), unit="share", goal=0.0, ok=None,
    )  # fmt: skip


def _share(id: str, hits: Sequence[bool], goal: float, is_quick: bool) -> Measure:
    found = wilson(sum(hits), len(hits))
    value = sum(hits) / max(1, len(hits))
    return Measure(
        id=id, what=f"known again: {id} (95 %: {found.low:.3f}…{found.high:.3f} of {len(hits)})",
        value=round(value, 4), unit="share", goal=goal,
        ok=None if is_quick or not goal else value >= goal,
    )  # fmt: skip


if __name__ == "__main__":
    main()
