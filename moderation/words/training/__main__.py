"""Trains the classifier of words and writes its weights.

    python -m moderation.words.training [--dry]

Deterministic: the same grammars, lists and seed give the same file. It prints how well the model
does on sentences of templates that training did not see; the cuts are chosen on the validation
split alone, and on the ordinary wishes of ``validation.*.txt``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping

from moderation.words import load_list_filter
from moderation.words.entries import terms_by_group
from moderation.words.lexicon import LISTS
from moderation.words.normalise import Normaliser
from moderation.words.ordinary import chinese, sorted_english

from .grammar import HERE, LANGUAGES, SPEECH, Example, load_grammar, split_of
from .learner import Data, learn, report, save

SEED = 20261123
NUM_SENTENCES = {"train": 50_000, "validation": 5_000, "test": 6_000}  # of each language


def main() -> None:
    """Train, choose the cuts, say how good it is, save."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--dry", action="store_true", help="train and report, write nothing")
    options = parser.parse_args()
    prepared = preparation()
    splits = {split: Data.of(sentences(split), prepared) for split in NUM_SENTENCES}
    model = learn(splits["train"], splits["validation"], seed=SEED)
    for line in report(model, splits["test"]):
        sys.stdout.write(line + "\n")
    if not options.dry:
        sys.stdout.write(f"{save(model)}\n")


def preparation() -> Callable[[str], str]:
    """What the filter does to a text before the classifier reads it."""
    lists, normaliser = load_list_filter(), Normaliser()
    return lambda text: normaliser.plain(lists.without_excused(text))


def sentences(split: str) -> list[Example]:
    """Sentences of both languages."""
    made: list[Example] = []
    for language in LANGUAGES:
        lists = terms_by_group(LISTS / f"{language}.tsv")
        grammar = load_grammar(language, {**lists, "ordinary": ordinary(language, lists)})
        made += grammar.sentences(split, NUM_SENTENCES[split], SEED)
        made += prose(language, split)
        if split == "validation":
            made += written(language)
    return list(dict.fromkeys(made))


def ordinary(language: str, lists: Mapping[str, list[str]]) -> list[str]:
    """Words of a dictionary in which no denied term stands: what a wish may be about."""
    denied = [term for group, terms in lists.items() if not group.startswith("allow")
              for term in terms]  # fmt: skip
    if language == "zh":
        return [word for word in sorted(chinese()) if not any(term in word for term in denied)]
    stems = {term[:5] for term in denied if len(term) > 3}
    return [word for word in sorted_english() if len(word) > 3 and word[:5] not in stems]


def prose(language: str, split: str) -> list[Example]:
    """Sentences of our own documents and of the studio's own texts: nobody's harm."""
    lines = (HERE / f"prose.{language}.txt").read_text(encoding="utf-8").splitlines()
    return [
        Example(text=line, label=SPEECH, language=language)
        for line in lines
        if split_of(line) == split
    ]


def written(language: str) -> list[Example]:
    """Harmless wishes written by hand, for the cuts."""
    path = HERE / f"validation.{language}.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [
        Example(text=line, label="benign", language=language, is_written=True)
        for line in lines
        if line
    ]


if __name__ == "__main__":
    main()
