"""The concept filter's machinery with an untrained CLIP: scores, levels, squares, errors."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from moderation.errors import ConceptError
from moderation.pictures import PictureRules, load_picture_filter
from moderation.pictures.calibration import calibrate
from moderation.pictures.concept_list import load_concepts
from moderation.pictures.parts import Strictness
from moderation.pictures.squares import squares
from moderation.policy import Category, Decision, Level

from .conftest import encoded, gradient

pytestmark = pytest.mark.timeout(400)  # whoever comes first waits for torch to load


def filter_with(
    tiny_clip: Path,
    folder: Path,
    threshold: float,
    level: str = "standard",
    more: str = "",
    *,
    category: str = "violence",
    is_gated: bool = False,
) -> PictureRules:
    """A filter with one concept, which every picture is nearer to than a threshold of -2."""
    path = folder / "concepts.toml"
    path.write_text(
        f'contrasts = ["a tree"]\n[[concept]]\nid = "storm"\ncategory = "{category}"\n'
        f'names = ["a storm"]\nthreshold = {threshold}\nsteepness = 50.0\n{more}',
        "utf-8",
    )
    strictness = Strictness(level=Level(level), is_age_gated=is_gated)
    return load_picture_filter(tiny_clip, path, strictness_of=lambda _community: strictness)


def test_a_picture_far_beyond_the_threshold_is_refused_by_name(
    tiny_clip: Path, tmp_path: Path
) -> None:
    """The finding names the concept, its category and a score of 0…1; no matched word."""
    verdict = filter_with(tiny_clip, tmp_path, threshold=-2.0).check(encoded(gradient()))
    finding = verdict.findings[0]
    assert (verdict.decision, verdict.categories) == (Decision.BLOCK, (Category.VIOLENCE,))
    assert (finding.rule_id, finding.matched) == ("concept.storm", "")
    assert 0.99 < finding.score <= 1.0


def test_a_picture_far_below_it_passes(tiny_clip: Path, tmp_path: Path) -> None:
    """The score is still told."""
    verdict = filter_with(tiny_clip, tmp_path, threshold=2.0).check(encoded(gradient()))
    assert (verdict.decision, verdict.findings) == (Decision.ALLOW, ())
    assert 0.0 <= verdict.scores[Category.VIOLENCE] < 0.01


def test_a_read_out_of_patches_is_used_with_its_own_clip_only(
    tiny_clip: Path, tmp_path: Path
) -> None:
    """A file beside the CLIP that bears its fingerprint decides; one of another CLIP does not."""
    import torch
    from safetensors.torch import save_file

    from moderation.pictures.clip import Clip

    clip = tmp_path / "clip"
    shutil.copytree(tiny_clip, clip)
    told = '[concept.patches]\nlabel = "storm"\nthreshold = 5.0\nsteepness = 2.0\n'
    certain = {
        "first.weight": torch.zeros(4, 2 * 16, 1, 1), "first.bias": torch.zeros(4),
        "second.weight": torch.zeros(4, 4, 3, 3), "second.bias": torch.zeros(4),
        "third.weight": torch.zeros(3, 4, 3, 3), "third.bias": torch.tensor([0.0, 0.0, 9.0]),
    }  # fmt: skip
    for fingerprint, said in ((Clip.load(clip).fingerprint, "block"), ("another", "allow")):
        about = {"labels": "nothing,tree,storm", "fingerprint": fingerprint}
        save_file(certain, clip / "patch_labels.safetensors", about)
        judge = filter_with(clip, tmp_path, threshold=2.0, more=told)
        assert judge.check(encoded(gradient())).decision == said


def test_a_concept_may_ask_a_human_at_most(tiny_clip: Path, tmp_path: Path) -> None:
    """As the shipped stand-ins do."""
    mild = filter_with(tiny_clip, tmp_path, threshold=-2.0, more='most = "review"\n')
    assert mild.check(encoded(gradient())).decision is Decision.REVIEW


def test_an_operator_sets_limits_per_level_and_category(tiny_clip: Path, tmp_path: Path) -> None:
    """The file's own limits go before the policy's, at that level only."""
    own = "[levels.relaxed.violence]\nreview = 1.5\nblock = 2.0\n"
    assert (
        filter_with(tiny_clip, tmp_path, -2.0, "relaxed", own).check(encoded(gradient())).decision
        is Decision.ALLOW
    )
    assert (
        filter_with(tiny_clip, tmp_path, -2.0, "standard", own).check(encoded(gradient())).decision
        is Decision.BLOCK
    )


def test_an_operator_sets_limits_for_one_community(tiny_clip: Path, tmp_path: Path) -> None:
    """They go before those of its level, there alone; what is the law's floor has none."""
    own = "[communities.discord-7.violence]\nreview = 0.5\nblock = 2.0\n"
    own += "[levels.standard.violence]\nreview = 1.5\nblock = 2.0\n"
    rules = filter_with(tiny_clip, tmp_path, -2.0, more=own)
    picture = encoded(gradient())
    assert rules.within("discord-7").check(picture).decision is Decision.REVIEW
    assert rules.within("discord-8").check(picture).decision is Decision.ALLOW
    floor = own.replace("violence", "child_safety")
    with pytest.raises(ConceptError):
        filter_with(tiny_clip, tmp_path, -2.0, more=floor)


def test_where_everyone_is_grown_up_more_is_allowed(tiny_clip: Path, tmp_path: Path) -> None:
    """Of sexual content only, and by the community's own strictness."""
    for category, gated in (("sexual", Decision.ALLOW), ("violence", Decision.REVIEW)):
        rules = filter_with(tiny_clip, tmp_path, -2.0, category=category, is_gated=True)
        (gauge,) = rules.parts[0].gauges  # type: ignore[attr-defined]
        margin = rules.parts[0].margins(gradient())[0]  # type: ignore[attr-defined]
        steepness = 1.2 / (margin - gauge.threshold)  # a score of about 0.77
        more = f"steepness = {steepness}\n"
        path = tmp_path / "concepts.toml"
        path.write_text(path.read_text("utf-8").replace("steepness = 50.0\n", more), "utf-8")
        again = load_picture_filter(
            tiny_clip, path, strictness_of=lambda _: Strictness(is_age_gated=True)
        )
        assert again.check(encoded(gradient())).decision is gated


def test_a_changed_list_counts_while_running(tiny_clip: Path, tmp_path: Path) -> None:
    """A mistake leaves the one that was in force; the policy names the version."""
    rules = filter_with(tiny_clip, tmp_path, threshold=-2.0)
    rules.parts[0]._placed._every_seconds = 0.0  # type: ignore[attr-defined]
    before = rules.check(encoded(gradient()))
    path = tmp_path / "concepts.toml"
    path.write_text("no toml", "utf-8")
    assert rules.check(encoded(gradient())) == before
    filter_with(tiny_clip, tmp_path, threshold=2.0)
    after = rules.check(encoded(gradient()))
    assert (before.decision, after.decision) == (Decision.BLOCK, Decision.ALLOW)
    assert before.policy != after.policy


def test_an_empty_picture_is_broken_whatever_the_concepts_say(
    tiny_clip: Path, tmp_path: Path
) -> None:
    """It goes to a human as broken, and never as violence."""
    verdict = filter_with(tiny_clip, tmp_path, threshold=-2.0).check(
        encoded(Image.new("RGB", (64, 64)))
    )
    assert (verdict.decision, verdict.categories) == (Decision.REVIEW, (Category.BROKEN,))


def test_the_same_picture_gets_the_same_scores(tiny_clip: Path) -> None:
    """Nothing random is in it, and the verdict names the version of the list."""
    shipped = load_picture_filter(tiny_clip)
    assert shipped.check(encoded(gradient())) == shipped.check(encoded(gradient()))
    assert "/concepts-" in shipped.check(encoded(gradient())).policy


def test_squares_cover_a_long_picture() -> None:
    """Nothing hides at either end; a square picture is one square."""
    marked = Image.new("RGB", (250, 100))
    marked.putpixel((249, 99), (255, 0, 0))
    found = squares(marked)
    assert [square.size for square in found] == [(100, 100)] * 3
    assert found[-1].getpixel((99, 99)) == (255, 0, 0)
    assert [square.size for square in squares(gradient(64, 200))] == [(64, 64)] * 4
    assert len(squares(gradient())) == 1
    assert [square.size for square in squares(gradient(), zoom=1.5)] == [(43, 43)] * 4


def test_calibration_finds_the_gap_and_keeps_false_alarms_down() -> None:
    """Where the two kinds part, the middle of the gap; where they mix, the share allowed."""
    parted = calibrate([0.4, 0.5, 0.6], [0.0, 0.1, 0.2], max_false_alarms=0.0)
    assert parted.threshold == pytest.approx(0.3)
    assert (parted.recall, parted.false_alarms) == (1.0, 0.0)
    mixed = calibrate([0.1, 0.5, 0.6, 0.7], [0.01 * n for n in range(51)], max_false_alarms=0.04)
    assert mixed.false_alarms <= 0.04
    assert mixed.recall == 0.75
    hopeless = calibrate([0.1], [0.2, 0.3], max_false_alarms=0.0)
    assert (hopeless.recall, hopeless.false_alarms) == (0.0, 0.0)


def test_what_cannot_be_decoded_raises(tiny_clip: Path) -> None:
    """The caller turns it into a case for a human; it is never silently clean."""
    with pytest.raises(OSError, match="cannot identify"):
        load_picture_filter(tiny_clip).check(b"no picture")


def test_the_shipped_concepts_are_sound() -> None:
    """Every stand-in is there, asks a human at most, and is no contrast of its own."""
    shipped = load_concepts()
    assert {"skull", "bomb", "sword"} <= {concept.id for concept in shipped.concept}
    assert all(concept.most == "review" for concept in shipped.concept)
    named = {name for concept in shipped.concept for name in concept.names}
    assert named.isdisjoint(shipped.contrasts)


@pytest.mark.parametrize(
    ("content", "key"),
    [(None, "concept-list-missing"), ("contrasts = [", "concept-list-bad"),
     ("contrasts = []\nconcept = []\n", "concept-list-bad"),
     ('contrasts = ["a"]\nconcept = []\ncolour = 1\n', "concept-list-bad")],
)  # fmt: skip
def test_a_bad_list_of_concepts_is_said(tmp_path: Path, content: str | None, key: str) -> None:
    """An operator reads what is wrong with it."""
    path = tmp_path / "concepts.toml"
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(ConceptError) as caught:
        load_concepts(path)
    assert caught.value.key == key


def test_a_folder_without_a_clip_is_said(tmp_path: Path) -> None:
    """The operator reads which folder."""
    with pytest.raises(ConceptError) as caught:
        load_picture_filter(tmp_path)
    assert caught.value.key == "concept-model-missing"


def test_the_chat_role_gets_words_and_limits_without_torch() -> None:
    """Importing what the chat role uses loads neither torch nor transformers."""
    code = (
        "import sys, moderation.words, moderation.pictures, moderation.cases, moderation.audit;"
        "moderation.words.load_word_filter().check('a cat');"
        "sys.exit(bool({'torch', 'transformers'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=100).returncode == 0
