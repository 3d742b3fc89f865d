"""The log keeps what nothing can reconstruct: order, probability, arm, consent, place and time."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from inference.learning.export import export_votes
from inference.learning.log import (
    Ballot,
    LearningError,
    Serving,
    VoteKind,
    newest_votes,
    record_grid,
    record_shown,
    record_vote,
)
from store.tables import Grid, Slot, Vote, now


async def grid_of(
    studio: Any, person: str, count: int = 4, **options: Any
) -> tuple[str, list[str]]:
    """A grid of that person's pictures in reversed order; its id and the ids as shown."""
    request_id, pictures = await studio.pictures(person, count)
    shown = pictures[::-1]
    facts = {"request_id": request_id, "round": 1, "order_probability": 1 / 24, "may_learn": True}
    async with studio.db.session() as session:
        grid_id = await record_grid(session, picture_ids=shown, **(facts | options))
    return grid_id, shown


async def vote(studio: Any, **ballot: Any) -> bool:
    """Cast one vote in a transaction of its own."""
    given = {"platform": "discord", "event_id": "1", "may_learn": True} | ballot
    async with studio.db.session() as session:
        return await record_vote(session, Ballot(**given))


async def test_a_grid_is_logged_as_shown(studio: Any) -> None:
    """Every slot keeps its picture, its place and its arm, and the grid its probabilities."""
    asker = await studio.person("asker")
    arms = ("champion", "challenger", "champion", "challenger")
    serving = Serving(
        arm="interleaved", arm_probability=0.2, arms=arms, num_candidates=8, versions={"lora": "2"}
    )
    grid_id, shown = await grid_of(studio, asker, serving=serving)
    async with studio.db.session() as session:
        grid = await session.get_one(Grid, grid_id)
        slots = (await session.scalars(select(Slot).order_by(Slot.position))).all()
    assert [(slot.position, slot.picture_id, slot.arm) for slot in slots] == list(
        zip((1, 2, 3, 4), shown, arms, strict=True)
    )
    assert (grid.order_probability, grid.arm_probability) == (1 / 24, 0.2)
    assert (grid.arm, grid.num_candidates, grid.versions) == ("interleaved", 8, {"lora": "2"})
    assert grid.may_learn


async def test_logging_a_grid_again_keeps_the_first_order(studio: Any) -> None:
    """A step that runs twice gets the first grid back and changes nothing in it."""
    request_id, pictures = await studio.pictures(await studio.person("asker"), 3)
    facts = {"request_id": request_id, "round": 1, "order_probability": 1 / 6, "may_learn": True}
    for order in (pictures, pictures[::-1]):
        async with studio.db.session() as session:
            grid_id = await record_grid(session, picture_ids=order, **facts)
    async with studio.db.session() as session:
        slots = select(Slot.picture_id).where(Slot.grid_id == grid_id).order_by(Slot.position)
        assert list(await session.scalars(slots)) == pictures


@pytest.mark.parametrize(
    "wrong",
    [
        {"picture_ids": []},
        {"picture_ids": ["a", "a"]},
        {"order_probability": 0.0},
        {"order_probability": 1.1},
        {"serving": Serving(arm_probability=0.0)},
        {"serving": Serving(num_candidates=1)},
        {"serving": Serving(arms=("champion",))},
    ],
)
async def test_a_useless_log_is_refused(studio: Any, wrong: dict[str, Any]) -> None:
    """A grid without pictures, probability or arms is a mistake, not a row."""
    facts: dict[str, Any] = {"request_id": "r", "round": 1, "picture_ids": ["a", "b"]}
    facts |= {"order_probability": 0.5, "may_learn": True} | wrong
    async with studio.db.session() as session:
        with pytest.raises(ValueError, match="grid"):
            await record_grid(session, **facts)


async def test_a_vote_keeps_place_time_consent_and_who(studio: Any) -> None:
    """The place as shown, the seconds since it was shown and the voter's consent are logged."""
    for name in ("asker", "other"):
        await studio.person(name)
    grid_id, shown = await grid_of(studio, "asker")
    shown_at = now()
    async with studio.db.session() as session:
        await record_shown(session, grid_id, at=shown_at)
        await record_shown(session, grid_id, at=shown_at + dt.timedelta(hours=1))
    at = shown_at + dt.timedelta(seconds=7)
    by = {"person_id": "other", "may_learn": False}
    assert await vote(studio, grid_id=grid_id, kind="pick", position=3, at=at, **by)
    async with studio.db.session() as session:
        logged = (await session.scalars(select(Vote))).one()
    assert (logged.picture_id, logged.position) == (shown[2], 3)
    assert logged.seconds_to_vote == pytest.approx(7.0)
    assert (logged.may_learn, logged.is_requester) == (False, False)
    assert logged.created_at == at


async def test_one_event_is_one_vote(studio: Any) -> None:
    """A platform's event that arrives three times is logged once, and the caller is told."""
    await studio.person("asker")
    grid_id, _ = await grid_of(studio, "asker")
    ballot = {"grid_id": grid_id, "person_id": "asker", "kind": "pick", "position": 1}
    assert [await vote(studio, **ballot) for _ in range(3)] == [True, False, False]
    async with studio.db.session() as session:
        assert await session.scalar(select(func.count(Vote.id))) == 1


async def test_a_picture_can_be_named_by_its_id(studio: Any) -> None:
    """A button that knows the picture and not its place logs both."""
    await studio.person("asker")
    grid_id, shown = await grid_of(studio, "asker")
    by = {"person_id": "asker", "kind": "larger"}
    await vote(studio, grid_id=grid_id, picture_id=shown[1], **by)
    async with studio.db.session() as session:
        logged = (await session.scalars(select(Vote))).one()
    assert (logged.position, logged.is_requester) == (2, True)


@pytest.mark.parametrize(
    ("ballot", "key"),
    [
        ({"grid_id": "gone", "kind": "pick", "position": 1}, "vote-grid-gone"),
        ({"kind": "pick", "position": 5}, "vote-not-in-grid"),
        ({"kind": "pick"}, "vote-not-in-grid"),
        ({"kind": "pick", "picture_id": "request9-0"}, "vote-not-in-grid"),
        ({"kind": "applause", "position": 1}, "vote-unknown-kind"),
    ],
)
async def test_a_vote_on_nothing_is_refused(studio: Any, ballot: dict[str, Any], key: str) -> None:
    """A vote must be of a known kind, on a grid that is there, on a picture it shows."""
    await studio.person("asker")
    grid_id, _ = await grid_of(studio, "asker")
    with pytest.raises(LearningError) as caught:
        await vote(studio, **({"grid_id": grid_id, "person_id": "asker"} | ballot))
    assert caught.value.key == key


@pytest.mark.parametrize("kind", [VoteKind.TIE, VoteKind.ALL_BAD, VoteKind.AGAIN])
async def test_some_votes_are_of_the_whole_grid(studio: Any, kind: VoteKind) -> None:
    """A tie, "all bad" and "again" name no picture: none of them is a win for the first."""
    await studio.person("asker")
    grid_id, _ = await grid_of(studio, "asker")
    await vote(studio, grid_id=grid_id, person_id="asker", kind=kind, position=1)
    async with studio.db.session() as session:
        logged = (await session.scalars(select(Vote))).one()
    assert (logged.picture_id, logged.position) == (None, None)


async def test_what_is_logged_can_be_exported(studio: Any, tmp_path: Path) -> None:
    """The queries of an export work on every database."""
    await studio.person("asker")
    grid_id, _ = await grid_of(studio, "asker")
    await vote(studio, grid_id=grid_id, person_id="asker", kind="pick", position=2)
    written = await export_votes(studio.db, studio.blobs, tmp_path / "out", salt=b"0" * 16)
    assert (written.num_grids, written.num_votes, written.num_pairs) == (1, 1, 3)


def said(number: int, kind: str, picture: str | None = None, person: str = "a") -> Vote:
    """The vote said as the ``number``th."""
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=number)
    of = {"grid_id": "g", "person_id": person, "picture_id": picture}
    return Vote(id=str(number), created_at=at, kind=kind, **of)


@pytest.mark.parametrize(
    ("votes", "counted"),
    [
        ([said(1, "pick", "x"), said(2, "pick", "y")], ["2"]),
        ([said(2, "pick", "x"), said(1, "tie"), said(3, "all_bad")], ["3"]),
        ([said(1, "pick", "x"), said(2, "pick", "y", person="b")], ["1", "2"]),
        ([said(1, "like", "x"), said(2, "like", "y"), said(3, "dislike", "x")], ["2", "3"]),
        ([said(1, "pick", "x"), said(2, "like", "y"), said(3, "larger", "y")], ["1", "2", "3"]),
        ([said(1, "share", "x"), said(2, "share", "x")], ["2"]),
    ],
)
def test_the_newest_of_what_excludes_each_other_counts(
    votes: list[Vote], counted: list[str]
) -> None:
    """People change their minds; one person has one choice on a grid and one liking a picture."""
    assert sorted(vote.id for vote in newest_votes(votes)) == counted
