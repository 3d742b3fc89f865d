"""The vocabulary, the compositions, the captions and the tokenizer."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

from inference.sketchbook import attributes, captions, compositions, tokens
from inference.sketchbook.compositions import Composition, Thing
from inference.sketchbook.vocabulary import (
    COLOURS,
    OBJECTS,
    PLACES,
    RELATIONS,
    SETTINGS,
    SIZES,
    STAND_INS,
    STYLES,
)

PAIR = Composition(
    things=(Thing(object="star", colour="red"), Thing(object="house", colour="blue")),
    style="ink",
    setting="night",
    relation="above",
)


def test_no_two_terms_share_a_name() -> None:
    """Within an attribute every name, English or Chinese, means one thing only."""
    for terms in (OBJECTS, COLOURS, STYLES, SETTINGS, RELATIONS, SIZES, PLACES):
        names = [name for term in terms for name in (*term.english, *term.chinese)]
        assert len(names) == len(set(names))


def test_every_object_has_a_plural_for_each_name() -> None:
    """Counts need plurals, one for each English name."""
    assert all(len(term.plurals) == len(term.english) for term in OBJECTS)


def test_the_domain_is_as_large_as_promised() -> None:
    """18 objects, three stand-ins, 8 colours, 6 styles with ink, 5 settings."""
    assert (len(OBJECTS) - len(STAND_INS), len(STAND_INS)) == (18, 3)
    assert (len(COLOURS), len(STYLES), len(SETTINGS)) == (8, 6, 5)
    assert "ink" in {style.id for style in STYLES}


def test_words_need_no_torch() -> None:
    """The chat role may import the vocabulary and the captions without loading torch."""
    code = (
        "import sys, inference.sketchbook.vocabulary, inference.sketchbook.captions; "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_training_never_sees_what_is_held_out() -> None:
    """A sample is inside or outside training, as asked, whatever its kind."""
    random = Random(1)
    for kind in ("single", "placed", "pair", "count"):
        for held_out in (False, True):
            scene = compositions.sample(random, kind, held_out=held_out)
            assert compositions.is_held_out(scene) == held_out


def test_both_orders_of_a_pair_are_held_out_together() -> None:
    """Telling a pair the other way round is the same composition."""
    other = Composition(
        things=PAIR.things[::-1], style=PAIR.style, setting=PAIR.setting, relation="below"
    )
    assert compositions.key_of(PAIR) == compositions.key_of(other)
    assert attributes.slots_of(PAIR) == attributes.slots_of(other)


def test_the_invisible_is_never_drawn() -> None:
    """White on white paper is dropped; red at night stays."""
    assert not compositions.may_be_drawn("white", "ink", "plain")
    assert compositions.may_be_drawn("red", "ink", "night")


def test_full_captions_name_everything() -> None:
    """A full caption says both things, colours, the relation, style and setting."""
    random, relations = (
        Random(2),
        ("above", "over", "on top of", "below", "under", "beneath", "and"),
    )
    for _ in range(50):
        text = captions.describe(random, PAIR, "en", is_full=True).text
        assert any(name in text for name in OBJECTS[0].english)
        assert any(name in text for name in OBJECTS[4].english)
        assert any(relation in text for relation in relations)
        assert "ink" in text or "sumi-e" in text


def test_sizes_and_places_are_told() -> None:
    """Every caption says how large and where, in both languages, unless it is bare."""
    random = Random(4)
    for _ in range(60):
        scene = compositions.sample(random, "placed")
        assert scene.size or scene.place
        assert not (scene.size == "large" and scene.place)
        for language in ("en", "zh"):
            text = captions.describe(random, scene, language, is_full=True).text
            for told, terms in ((scene.size, SIZES), (scene.place, PLACES)):
                names = [
                    n for term in terms if term.id == told for n in (*term.english, *term.chinese)
                ]
                assert not names or any(name in text for name in names), text


def test_a_composition_is_held_out_wherever_it_stands() -> None:
    """Size and place do not make a scene another composition."""
    scene = compositions.sample(Random(5), "placed", held_out=True)
    plain = replace(scene, size=None, place=None)
    assert compositions.is_held_out(plain)


def test_full_captions_say_who_stands_where() -> None:
    """Others may say `a star and a house` for a star on the left; nothing else is left unsaid."""
    random, left_of = Random(8), replace(PAIR, relation="left of")
    for language, name, between in (("en", "left", " and a"), ("zh", "左", "和")):
        full = [captions.describe(random, left_of, language, is_full=True) for _ in range(60)]
        usual = [captions.describe(random, left_of, language) for _ in range(60)]
        assert all("relation" in one.said for one in full)
        assert all(name in one.text or "右" in one.text or "right" in one.text for one in full)
        assert any("relation" not in one.said and between in one.text for one in usual)


def test_bare_captions_only_name_objects() -> None:
    """What a filter calls a concept is what a bare caption says."""
    caption = captions.describe(Random(3), PAIR, "en", is_bare=True)
    assert not caption.said
    assert "red" not in caption.text.split()


def test_domain_words_are_single_tokens(tmp_path: Path) -> None:
    """Every plain name of an object or a colour is one token, in both languages."""
    tokenizer = tokens.build(tmp_path)
    for term in (*OBJECTS, *COLOURS):
        for name in (term.english[0], term.chinese[0]):
            assert len(tokenizer(name).input_ids) == 3  # start, word, end


def test_any_text_can_be_encoded(tmp_path: Path) -> None:
    """Unknown words fall back to bytes, and nothing exceeds the limit."""
    tokenizer = tokens.build(tmp_path)
    ids = tokenizer("ein zebra 🦓 " * 40, truncation=True).input_ids
    assert len(ids) == tokens.MAX_TOKENS
