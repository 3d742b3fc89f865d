"""How much the word filter catches, how often it is wrong, how quick it is.

    python -m benchmarks.moderation --json [--quick]

Harmless wishes are those of ``tests/moderation/tables`` and of grammar templates that training
never saw; harmful sentences come from such templates too, in clinical words. Disguises are of two
files, one the filter was built against and one nobody looked at. A word counts as disguised only
where its plain form is caught. Times are CPU seconds of this process. The whole curve of recall
over false alarms stands in the JSON. A guard model is not measured here.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import process_time
from typing import Any

from benchmarks import _disguises, _disguises_held_out, _speech
from benchmarks.path import Measure, print_report
from moderation.policy import Decision, Verdict
from moderation.words import WordRules, load_list_filter, load_word_filter
from moderation.words.filter import MAX_CHARACTERS
from moderation.words.ordinary import chinese
from moderation.words.sounds import sounds
from moderation.words.training.__main__ import sentences
from moderation.words.training.grammar import BENIGN, HARMLESS, Example

TABLES = Path(__file__).parent.parent / "tests" / "moderation" / "tables"
Check = Callable[[str], Verdict]
SEED = 5


@dataclass(frozen=True, kw_only=True)
class Found:
    """Figures, and what does not fit a figure."""

    measures: list[Measure]
    details: dict[str, Any]


def main() -> None:
    """Measure everything and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--quick", action="store_true", help="fewer sentences; under 50 s")
    parser.add_argument(
        "--missed", action="store_true", help="also print what was missed, listed kinds"
    )
    options = parser.parse_args()
    rules = load_word_filter()
    test = sentences("test")
    if options.quick:
        test = Random(SEED).sample(test, len(test) // 4)
    parts = [
        harmless(rules, test),
        harmful(rules, test),
        disguised(rules, options.missed),
        sounding(rules),
        combinations(rules),
        speed(rules, test),
    ]
    measures = [measure for part in parts for measure in part.measures]
    details = {name: value for part in parts for name, value in part.details.items()}
    print_report("moderation", measures, is_json=options.json, more=details)


def share(name: str, what: str, hits: Iterable[bool], goal: float, *, is_most: bool) -> Measure:
    """A share in per cent with its goal: at most, or at least."""
    every = list(hits)
    value = round(100 * sum(every) / max(len(every), 1), 2)
    ok = value <= goal if is_most else value >= goal
    what = f"{what} ({len(every)})"
    return Measure(id=name, what=what, value=value, unit="%", goal=goal, ok=ok)


def is_caught(verdict: Verdict) -> bool:
    """Blocked or put before a human."""
    return verdict.decision is not Decision.ALLOW


def written(language: str) -> list[str]:
    """Wishes by hand that neither training nor its cuts have seen."""
    paths = sorted(TABLES.glob(f"*.{language}.txt"))
    return [line for path in paths for line in path.read_text("utf-8").splitlines() if line]


def harmless(rules: WordRules, test: Sequence[Example]) -> Found:
    """False alarms, per language and for look-alikes."""
    measures = []
    for language, most in (("en", 0.3), ("zh", 0.5)):
        by_grammar = [e.text for e in test if e.language == language and e.label == BENIGN]
        for kind, texts in (("by hand", written(language)), ("by grammar", by_grammar)):
            said = [rules.check(text).decision for text in texts]
            name = f"false-{language}-{kind.replace(' ', '-')}"
            blocked = (one is Decision.BLOCK for one in said)
            seen = (one is not Decision.ALLOW for one in said)
            what = f"harmless {language} wishes {kind}"
            measures.append(share(f"{name}-block", f"{what} blocked", blocked, most, is_most=True))
            measures.append(share(name, f"{what} blocked or reviewed", seen, 2, is_most=True))
    alike = (rules.check(text).decision is Decision.BLOCK for text in _speech.LOOK_ALIKES)
    measures.append(share("look-alikes", "look-alike words blocked", alike, 0, is_most=True))
    return Found(measures=measures, details={})


def harmful(rules: WordRules, test: Sequence[Example]) -> Found:
    """What is caught of harmful sentences, and the curve for every threshold."""
    measures = []
    curves: dict[str, list[tuple[float, float, float]]] = {}
    for language, goal in (("en", 65), ("zh", 60)):
        own = [example for example in test if example.language == language]
        verdicts = [(example, rules.check(example.text)) for example in own]
        bad = [(e.label, is_caught(v)) for e, v in verdicts if e.label not in HARMLESS]
        what = f"harmful {language} sentences caught"
        measures.append(
            share(f"recall-{language}", what, (hit for _, hit in bad), goal, is_most=False)
        )
        for label in sorted({label for label, _ in bad}):
            hits = (hit for one, hit in bad if one == label)
            name = f"recall-{language}-{label}"
            measures.append(share(name, f"{what}: {label}", hits, goal, is_most=False))
        speech = (is_caught(v) for e, v in verdicts if e.label in HARMLESS - {BENIGN})
        name = f"false-{language}-speech"
        what = f"harmless {language} speech reviewed, counter-speech in it"
        measures.append(share(name, what, speech, 25, is_most=True))
        curves[language] = curve(verdicts)
    return Found(measures=measures, details={"curves": curves})


def curve(verdicts: Sequence[tuple[Example, Verdict]]) -> list[tuple[float, float, float]]:
    """(threshold, recall, false alarms of harmless wishes) from strict to lenient."""
    bad = sorted(_score(v) for e, v in verdicts if e.label not in HARMLESS)
    good = sorted(_score(v) for e, v in verdicts if e.label == BENIGN)
    points = []
    for step in range(100, 0, -2):
        cut = step / 100
        recall = sum(score >= cut for score in bad) / max(len(bad), 1)
        points.append(
            (cut, round(recall, 4), round(sum(s >= cut for s in good) / max(len(good), 1), 5))
        )
    return points


def _score(verdict: Verdict) -> float:
    return max(verdict.scores.values(), default=0.0)


def disguised(rules: WordRules, is_telling: bool) -> Found:
    """What is still caught of what is caught plainly, per kind of disguise."""
    details: dict[str, Any] = {}
    measures: list[Measure] = []
    for name, module, goal in (
        ("listed", _disguises, 92), ("held-out", _disguises_held_out, 80)
    ):  # fmt: skip
        random = Random(SEED)
        plain = (
            (module.ENGLISH, _speech.ENGLISH_WORDS, _speech.FRAMES, "en"),
            (module.CHINESE, _speech.CHINESE_WORDS, _speech.CHINESE_FRAMES, "zh"),
        )
        by_kind: dict[str, list[bool]] = {}
        for kinds, words, frames, language in plain:
            for kind, disguise in kinds.items():
                cases = _still_caught(rules, words, frames, disguise, random)
                hits = by_kind.setdefault(f"{language}: {kind}", [])
                for text, hit in cases:
                    hits.append(hit)
                    if is_telling and name == "listed" and not hit:
                        print("missed", kind, text)
        every = [hit for hits in by_kind.values() for hit in hits]
        what = f"disguised words still caught, kinds {name}"
        measures.append(share(f"disguises-{name}", what, every, goal, is_most=False))
        details[f"disguises-{name}"] = {
            kind: round(sum(hits) / max(len(hits), 1), 3) for kind, hits in by_kind.items()
        }
    return Found(measures=measures, details=details)


def _still_caught(
    rules: WordRules,
    words: list[str],
    frames: tuple[str, ...],
    disguise: _disguises.Disguise,
    random: Random,
) -> Iterator[tuple[str, bool]]:
    for word, frame in _speech.framed(words, frames, random):
        if is_caught(rules.check(frame.format(word))):
            hidden = disguise(word, random)
            if hidden != word:
                text = frame.format(hidden)
                yield text, is_caught(rules.check(text))


def sounding(rules: WordRules) -> Found:
    """Homophones, pinyin and emoji."""
    random = Random(SEED)
    homophones = [hit for _, hit in _still_caught(
        rules, _speech.CHINESE_WORDS * 4, _speech.CHINESE_FRAMES, _homophone, random)]  # fmt: skip
    pinyin = [hit for _, hit in _still_caught(
        rules, _speech.CHINESE_WORDS, _speech.CHINESE_FRAMES, _half_pinyin, random)]  # fmt: skip
    emoji = [is_caught(rules.check(text)) for text in _speech.EMOJI_ENGLISH + _speech.EMOJI_CHINESE]
    return Found(
        measures=[
            share("homophones", "Chinese homophones still caught", homophones, 95, is_most=False),
            share("pinyin", "a syllable in pinyin still caught", pinyin, 90, is_most=False),
            share("emoji", "emoji for words caught", emoji, 80, is_most=False),
        ],
        details={},
    )


def _homophone(word: str, random: Random) -> str:
    """One or more characters replaced by common ones that sound the same."""
    same = _same_sound()
    places = [place for place, c in enumerate(word) if len(same.get(c, "")) > 1]
    chosen = random.sample(places, random.randint(1, len(places))) if places else []
    return "".join(
        random.choice([o for o in same[c] if o != c]) if place in chosen else c
        for place, c in enumerate(word)
    )


def _half_pinyin(word: str, random: Random) -> str:
    place = random.randrange(len(word))
    return word[:place] + sounds().syllable.get(word[place], word[place]) + word[place + 1 :]


def _same_sound() -> Mapping[str, str]:
    """Characters that ordinary words are made of, by sound."""
    table = sounds()
    common = sorted({character for word in chinese() for character in word})
    groups: dict[str, str] = {}
    for character in common:
        if (syllable := table.syllable.get(character)) is not None:
            groups[syllable] = groups.get(syllable, "") + character
    return {character: group for group in groups.values() for character in group}


def combinations(rules: WordRules) -> Found:
    """Minors and sexual terms, the half the lists know and the half they do not."""
    measures = []
    for name, texts in (("first", _speech.minors_first_half()),
                        ("second", _disguises_held_out.minors_second_half())):  # fmt: skip
        hits = [is_caught(rules.check(text)) for text in texts]
        what = f"minor and sexual, {name} half, caught"
        measures.append(share(f"minors-{name}", what, hits, 98, is_most=False))
    return Found(measures=measures, details={})


def speed(rules: WordRules, test: Sequence[Example]) -> Found:
    """Prompts a second of one core, and the slowest."""
    lists = load_list_filter()
    for text in adversarial().values():
        lists.check(text[:200])  # tables that are made when first asked for are made
    wishes = [e.text for e in test if e.label == BENIGN]
    Random(SEED).shuffle(wishes)
    half = len(wishes) // 2
    plain = (TABLES / "ordinary.en.txt").read_text("utf-8").splitlines()
    long = [", ".join(Random(i).sample(plain, 9))[:400].rpartition(" ")[0] for i in range(300)]
    found = []
    for name, texts, goal in (("rules", wishes[half:], 20_000), ("rules-400", long, 10_000)):
        times = _times(lists.check, texts)
        found.append(
            rate(name, f"list checks a second, {_mean(texts)} characters each", times, goal)
        )
        slow = sorted(times)[int(len(times) * 0.99)] * 1000
        found.append(at_most(f"{name}-p99", "99 in 100 of them take", slow, 2))
    times = _times(rules.check, wishes[half:])
    found.append(rate("everything", "checks a second with the classifier", times, 1000))
    for name, text in adversarial().items():
        for kind, length in (("adversarial", 20_000), ("longest", MAX_CHARACTERS)):
            [seconds] = _times(lists.check, [text[:length]])
            what = f"{length:,} characters, {name}"
            found.append(at_most(f"{kind}-{name.replace(' ', '-')}", what, seconds * 1000, 20))
    return Found(measures=found, details={})


def adversarial() -> dict[str, str]:
    """Texts made to be slow, of 20,000 characters."""
    random = Random(SEED)
    letters = "abcdefghijklmnopqrstuvwxyz"
    return {
        "single letters": "p o r n h e n t a i " * 1000,
        "strange words": " ".join("".join(random.choices(letters, k=7)) for _ in range(2500)),
        "signs": "n*u|d3(p0rn)@$! " * 1250,
        "one long word": "hentaiporn" * 2000,
        "homophones": "涩情螺体" * 5000,
        "accents": "n\u0301u\u0308d\u0300e" * 2857,
    }


def _times(check: Check, texts: Sequence[str]) -> list[float]:
    """CPU seconds of each; texts are new to the filter, words are not all."""
    times = []
    for text in texts:
        begun = process_time()
        check(text)
        times.append(process_time() - begun)
    return times


def _mean(texts: Sequence[str]) -> int:
    return round(sum(map(len, texts)) / max(len(texts), 1))


def rate(name: str, what: str, times: Sequence[float], goal: float) -> Measure:
    """How many a second, with what is wanted at least."""
    value = round(len(times) / max(sum(times), 1e-9))
    return Measure(id=name, what=what, value=value, unit="/s", goal=goal, ok=value >= goal)


def at_most(name: str, what: str, milliseconds: float, goal: float) -> Measure:
    """A time with what is wanted at most."""
    value = round(milliseconds, 3)
    return Measure(id=name, what=what, value=value, unit="ms", goal=goal, ok=value <= goal)


if __name__ == "__main__":
    main()
