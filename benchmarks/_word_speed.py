"""How quick the word filter is, and how slow a text can make it. CPU seconds of this process.

Each figure stands beside that of a baseline in the same run, one regular expression over the
lists' English terms, so that a busy machine can be told from a slow filter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random
from time import process_time

from benchmarks._word_figures import SEED, TABLES, Check, Found, at_most, rate
from moderation.words import load_list_filter
from moderation.words.entries import terms_by_group
from moderation.words.filter import MAX_CHARACTERS
from moderation.words.lexicon import LISTS
from moderation.words.training.grammar import BENIGN, Example


def speed(check: Check, test: Sequence[Example]) -> Found:
    """Prompts a second of one core, and the slowest."""
    lists = load_list_filter()
    for text in adversarial(200).values():
        lists.check(text)  # tables that are made when first asked for are made
    wishes = [e.text for e in test if e.label == BENIGN]
    Random(SEED).shuffle(wishes)
    wishes = wishes[: len(wishes) // 2]
    found = []
    for name, texts in (
        ("rules", wishes),
        ("rules-long", together(wishes, is_chinese=False)),
        ("rules-long-zh", together(wishes, is_chinese=True)),
        ("rules-400", crowded("en")),
        ("rules-400-zh", crowded("zh")),
    ):
        times = _times(lists.check, texts)
        what = f"list checks a second, {_mean(texts)} characters each"
        found.append(rate(name, what, times, 20_000))
        what = "the same with one regular expression and nothing else, to compare"
        found.append(rate(f"{name}-baseline", what, _times(baseline(), texts), 0))
        slow = sorted(times)[int(len(times) * 0.99)] * 1000
        found.append(at_most(f"{name}-p99", "99 in 100 of them take", slow, 2))
    found.append(
        rate("everything", "checks a second with the classifier", _times(check, wishes), 1000)
    )
    for name, text in adversarial(20_000).items():
        for kind, length in (("adversarial", 20_000), ("longest", MAX_CHARACTERS)):
            seconds = max(_times(load_list_filter().check, [text[:length]]))
            what = f"{length:,} characters, {name}"
            found.append(at_most(f"{kind}-{name.replace(' ', '-')}", what, seconds * 1000, 20))
    return Found(measures=found)


def together(wishes: Sequence[str], *, is_chinese: bool) -> list[str]:
    """Long wishes: several short ones of one language, 400 characters at most."""
    lines = [wish for wish in wishes if is_chinese is not wish.isascii()]
    return [", ".join(Random(i).sample(lines, 40))[:400] for i in range(300)]


def crowded(language: str) -> list[str]:
    """Long lines of nothing but traps: words that look or sound like listed ones."""
    lines = (TABLES / f"ordinary.{language}.txt").read_text("utf-8").splitlines()
    num = 9 if language == "en" else 24
    return [", ".join(Random(i).sample(lines, num))[:400] for i in range(300)]


def baseline() -> Callable[[str], object]:
    """One alternation of every English term as it stands, whole words, lower case."""
    groups = terms_by_group(LISTS / "en.tsv").values()
    terms = sorted({term for group in groups for term in group}, key=len, reverse=True)
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, terms))})\b")
    return lambda text: pattern.search(text.lower())


def adversarial(num_characters: int) -> dict[str, str]:
    """Texts made to be slow."""
    random = Random(SEED)
    words = ["".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=k)) for k in (5, 7, 9) * 900]
    near = [
        word[:-2] + random.choice("aeiou") + word[-1] for word in ("hentai", "masturbate") * 900
    ]
    texts = {
        "single letters": "p o r n h e n t a i " * 1000,
        "strange words": " ".join(words),
        "words that are nearly listed": " ".join(f"{w}{i % 10}" for i, w in enumerate(near)),
        "signs": "n*u|d3(p0rn)@$! " * 1250,
        "one long word": "hentaiporn" * 2000,
        "long words": " ".join("sun" * 13 + str(i) for i in range(500)),
        "pieces": "po rn hen tai " * 1430,
        "terms": "nude porn child gore " * 960,
        "homophones": "涩情螺体" * 5000,
        "Chinese terms": "色情裸体女孩" * 3400,
        "Chinese and pinyin": "她se情luo体 " * 2300,
        "accents": "n\u0301u\u0308d\u0300e" * 2857,
        "emoji": "🔞🔪👶" * 6700,
        "brackets": "((((" * 2500 + "nude" + "))))" * 2500,
        "code": "%6e%75%64%65 bnVkZQ== " * 950,
    }
    return {name: text[:num_characters] for name, text in texts.items()}


def _times(check: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    """CPU seconds of each; texts are new to the filter, words are not all."""
    times = []
    for text in texts:
        begun = process_time()
        check(text)
        times.append(process_time() - begun)
    return times


def _mean(texts: Sequence[str]) -> int:
    return round(sum(map(len, texts)) / max(len(texts), 1))
