"""Render jobs check themselves and survive a row."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts import say
from inference.jobs import MAX_SEED, SAMPLERS, JobError, Lora, Reference, RenderJob, check_size

BAD: list[tuple[dict[str, Any], str]] = [
    ({"width": 13, "height": 13}, "job-bad-size"),
    ({"width": 4096}, "job-bad-size"),
    ({"height": 100}, "job-bad-size"),
    ({"count": 0}, "job-bad-count"),
    ({"count": 9}, "job-bad-count"),
    ({"steps": 0}, "job-bad-steps"),
    ({"steps": 100_000}, "job-bad-steps"),
    ({"guidance": -1.0}, "job-bad-guidance"),
    ({"guidance": float("nan")}, "job-bad-guidance"),
    ({"width": 64.0}, "job-unreadable"),
    ({"height": float("nan")}, "job-unreadable"),
    ({"height": -64}, "job-bad-size"),
    ({"steps": -5}, "job-bad-steps"),
    ({"steps": 2.5}, "job-unreadable"),
    ({"steps": True}, "job-unreadable"),
    ({"count": "2"}, "job-unreadable"),
    ({"guidance": 10**400}, "job-bad-guidance"),
    ({"guidance": None}, "job-unreadable"),
    ({"seed": 1.0}, "job-unreadable"),
    ({"prompt": "a" * 20_001}, "job-bad-prompt"),
    ({"negative_prompt": "a" * 10**6}, "job-bad-prompt"),
    ({"seed": -1}, "job-bad-seed"),
    ({"seed": MAX_SEED}, "job-bad-seed"),
    ({"sampler": "magic"}, "job-bad-sampler"),
    ({"loras": tuple(Lora(name=name) for name in "abcd")}, "job-bad-lora-count"),
]


@pytest.mark.parametrize(("options", "key"), BAD)
def test_what_cannot_be_rendered_is_refused_with_a_sentence(
    options: dict[str, Any], key: str
) -> None:
    """Every refusal names a sentence that exists in both languages with these arguments."""
    with pytest.raises(JobError) as refusal:
        RenderJob(**{"id": "a", "prompt": "", **options})
    assert refusal.value.key == key
    for language in ("en", "zh-CN"):
        assert say(language, key, **refusal.value.args_) != key


@pytest.mark.parametrize("strength", [0.0, 1e-12, -0.1, 1.1, float("nan")])
def test_a_strength_outside_its_range_is_refused(strength: float) -> None:
    """Nearly none would ask a sampler for millions of steps, and there is nothing beyond 1."""
    with pytest.raises(JobError) as refusal:
        Reference(sha256="a", strength=strength)
    assert refusal.value.key == "job-bad-strength"


@pytest.mark.parametrize("strength", [2.1, -2.1, float("nan")])
def test_a_style_too_strong_is_refused(strength: float) -> None:
    """Beyond twice its strength a style only breaks pictures."""
    with pytest.raises(JobError) as refusal:
        Lora(name="ink", strength=strength)
    assert refusal.value.key == "job-bad-lora-strength"


def test_a_row_of_an_older_version_is_still_a_job() -> None:
    """What was queued before styles and masks were known is rendered as it was meant."""
    row = RenderJob(id="a", prompt="", reference=Reference(sha256="r")).to_row()
    del row["loras"], row["reference"]["mask"]
    assert RenderJob.from_row(row) == RenderJob(id="a", prompt="", reference=Reference(sha256="r"))


anything = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
rows = st.dictionaries(
    st.sampled_from([*RenderJob.__dataclass_fields__, "of_tomorrow"]),
    anything | st.lists(anything, max_size=2) | st.dictionaries(st.text(max_size=5), anything),
)


@given(rows)
def test_a_row_of_nonsense_is_refused_with_a_sentence(row: dict[str, Any]) -> None:
    """Whatever a row holds, it is a job that survives another row, or a sentence in both languages."""
    refusal = None
    try:
        read = RenderJob.from_row(row)
    except JobError as error:
        refusal = error
    if refusal is None:
        assert RenderJob.from_row(read.to_row()) == read
    else:
        for language in ("en", "zh-CN"):
            assert say(language, refusal.key, **refusal.args_) != refusal.key


@given(
    st.builds(
        RenderJob,
        id=st.text(),
        prompt=st.text(),
        negative_prompt=st.text(),
        width=st.integers(8, 256).map(lambda n: n * 8),
        height=st.integers(8, 256).map(lambda n: n * 8),
        steps=st.integers(1, 150),
        guidance=st.floats(0, 30),
        seed=st.integers(0, MAX_SEED - 8),
        count=st.integers(1, 8),
        owner=st.text(),
        reference=st.none()
        | st.builds(
            Reference, sha256=st.text(), strength=st.floats(0.01, 1), mask=st.text(max_size=2)
        ),
        sampler=st.sampled_from(("", *SAMPLERS)),
        loras=st.lists(st.builds(Lora, name=st.text(), strength=st.floats(-2, 2)), max_size=3).map(
            tuple
        ),
    )
)
def test_a_job_survives_a_json_row(job: RenderJob) -> None:
    """What is queued is what is rendered."""
    assert RenderJob.from_row(json.loads(json.dumps(job.to_row()))) == job


def test_sizes_at_the_edges_are_fine() -> None:
    """Both ends of the range may be used."""
    check_size(64, 2048)
