"""Which harmful texts the word filter stops and which harmless ones, with the whole curve.

Texts are of three kinds: wishes by hand (``tests/moderation/tables``), templates of the grammars
that training never saw, and ``held_out``: other grammars, written before the author had read those
that teach.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from benchmarks import _speech
from benchmarks._word_figures import (
    SEED,
    TABLES,
    Check,
    Found,
    at_least,
    is_caught,
    share,
    top_score,
)
from benchmarks.path import Measure
from moderation.policy import Decision, Verdict
from moderation.words.training.__main__ import sentences
from moderation.words.training.grammar import BENIGN, HARMLESS, Example, load_grammar

HELD_OUT = Path(__file__).parent / "held_out"
FILES = {"en": "english.txt", "zh": "chinese.txt"}
NUM_SENTENCES = 6000  # of each language
RECALL_GOAL = {"en": 65, "zh": 60}
BLOCK_GOAL = {"en": 0.3, "zh": 0.5}
MAX_FALSE_ALARMS = {"en": 0.005, "zh": 0.03}  # at which recall is asked for


@dataclass(frozen=True, kw_only=True)
class Point:
    """What a threshold would do, in shares."""

    threshold: float
    recall: float
    precision: float
    false_alarms: float


@cache
def held_out(language: str) -> tuple[Example, ...]:
    """Sentences of the held-out grammar, in the shares of its groups."""
    grammar = load_grammar(language, {}, path=HELD_OUT / FILES[language])
    made = (one for split in ("train", "validation", "test")
            for one in grammar.sentences(split, NUM_SENTENCES // 3, SEED))  # fmt: skip
    return tuple(dict.fromkeys(made))


def by_grammar(is_quick: bool) -> list[Example]:
    """Sentences of templates that training did not see."""
    test = sentences("test")
    return Random(SEED).sample(test, len(test) // 4) if is_quick else test


def harmless(check: Check, test: Sequence[Example]) -> Found:
    """False alarms, per language and source, and for look-alikes."""
    measures = []
    for language, most in BLOCK_GOAL.items():
        for kind, texts in _wishes(language, test):
            said = [check(text).decision for text in texts]
            name = f"false-{language}-{kind.replace(' ', '-')}"
            blocked = (one is Decision.BLOCK for one in said)
            seen = (one is not Decision.ALLOW for one in said)
            what = f"harmless {language} wishes {kind}"
            measures.append(share(f"{name}-block", f"{what} blocked", blocked, most, is_most=True))
            measures.append(share(name, f"{what} blocked or reviewed", seen, 2, is_most=True))
    alike = (check(text).decision is Decision.BLOCK for text in _speech.LOOK_ALIKES)
    measures.append(share("look-alikes", "look-alike words blocked", alike, 0, is_most=True))
    return Found(measures=measures)


def _wishes(language: str, test: Sequence[Example]) -> Iterator[tuple[str, list[str]]]:
    paths = sorted(TABLES.glob(f"*.{language}.txt"))
    yield (
        "by hand",
        [line for path in paths for line in path.read_text("utf-8").splitlines() if line],
    )
    for kind, examples in (("by grammar", test), ("held out", held_out(language))):
        yield kind, [e.text for e in examples if e.language == language and e.label == BENIGN]


def harmful(check: Check, test: Sequence[Example]) -> Found:
    """What is caught of harmful sentences, and the curve for every threshold."""
    measures = []
    curves: dict[str, list[dict[str, float]]] = {}
    for language, goal in RECALL_GOAL.items():
        for kind, examples in (("by grammar", test), ("held out", held_out(language))):
            judged = [(e, check(e.text)) for e in examples if e.language == language]
            name = language if kind == "by grammar" else f"{language}-held-out"
            what = f"harmful {language} sentences {kind} caught"
            bad = [(e.label, is_caught(v)) for e, v in judged if e.label not in HARMLESS]
            hits = (hit for _, hit in bad)
            measures.append(share(f"recall-{name}", what, hits, goal, is_most=False))
            for label in sorted({label for label, _ in bad}):
                own = (hit for one, hit in bad if one == label)
                each = share(f"recall-{name}-{label}", f"{what}: {label}", own, goal, is_most=False)
                measures.append(each)
            points = list(curve(judged))
            curves[name] = [vars(point) for point in points]
            most = MAX_FALSE_ALARMS[language]
            best = max((p.recall for p in points if p.false_alarms <= most), default=0.0)
            what = (
                f"harmful {language} sentences {kind} at {most:.1%} false alarms, review or block"
            )
            measures.append(at_least(f"recall-{name}-at-most-false", what, 100 * best, goal))
            measures += _speech_stopped(name, kind, judged)
    return Found(measures=measures, details={"curves": curves})


def _speech_stopped(
    name: str, kind: str, judged: Sequence[tuple[Example, Verdict]]
) -> list[Measure]:
    speech = [is_caught(v) for e, v in judged if e.label in HARMLESS - {BENIGN}]
    what = f"harmless speech {kind} reviewed, counter-speech in it"
    return [share(f"false-{name}-speech", what, speech, 25, is_most=True)] if speech else []


def curve(judged: Sequence[tuple[Example, Verdict]]) -> Iterator[Point]:
    """What every threshold would do to harmful sentences and harmless wishes, strict to lenient."""
    bad = [top_score(v) for e, v in judged if e.label not in HARMLESS]
    good = [top_score(v) for e, v in judged if e.label == BENIGN]
    for step in range(100, 0, -1):
        cut = step / 100
        num_caught, num_false = sum(s >= cut for s in bad), sum(s >= cut for s in good)
        yield Point(
            threshold=cut,
            recall=round(num_caught / max(len(bad), 1), 4),
            precision=round(num_caught / max(num_caught + num_false, 1), 4),
            false_alarms=round(num_false / max(len(good), 1), 5),
        )
