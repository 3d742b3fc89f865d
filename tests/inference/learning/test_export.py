"""The dataset holds what people agreed to, in Pick-a-Pic's columns, and ties stay ties."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from inference.learning.export import Export, Pseudonyms, export_votes, read_salt
from inference.learning.log import Ballot, LearningError, Serving, record_grid, record_vote
from inference.learning.pairs import COLUMNS
from store.sessions import Database
from store.tables import Person

SALT = b"0123456789abcdef"


@pytest.fixture
def db(sqlite_db: Database) -> Database:
    """Which database makes no difference here; ``test_learning_log`` exports from both."""
    return sqlite_db


async def grid_of(studio: Any, person: str, count: int = 4, **options: Any) -> str:
    """A grid of ``count`` pictures of that person, in reversed order."""
    may_learn = options.pop("may_learn", True)
    serving = options.pop("serving", Serving())
    request_id, pictures = await studio.pictures(person, count, **options)
    facts = {"request_id": request_id, "round": 1, "order_probability": 1 / 24}
    async with studio.db.session() as session:
        return await record_grid(
            session, picture_ids=pictures[::-1], may_learn=may_learn, serving=serving, **facts
        )


async def vote(
    studio: Any, grid_id: str, person: str, kind: str, place: int | None = None, **more: Any
) -> None:
    """Cast one vote."""
    studio.num_requests += 1
    given = {"platform": "discord", "event_id": f"vote{studio.num_requests}", "may_learn": True}
    of = {"grid_id": grid_id, "person_id": person, "kind": kind, "position": place}
    async with studio.db.session() as session:
        await record_vote(session, Ballot(**(given | of | more)))


async def export(studio: Any, folder: Path) -> tuple[Export, list[dict[str, Any]], list[Any]]:
    """The export, its pairs and its grids."""
    written = await export_votes(studio.db, studio.blobs, folder, salt=SALT)
    pairs, grids = (
        [json.loads(line) for line in (folder / name).read_text().splitlines()]
        for name in ("pairs.jsonl", "grids.jsonl")
    )
    return written, pairs, grids


async def test_a_pick_is_a_win_over_each_other_picture(studio: Any, tmp_path: Path) -> None:
    """Of four shown, the second picked: three pairs, each in the order shown, each won by it."""
    await studio.person("asker")
    serving = Serving(arm="b", arm_probability=0.5, num_candidates=8)
    await vote(studio, await grid_of(studio, "asker", serving=serving), "asker", "pick", 2)
    written, pairs, _ = await export(studio, tmp_path / "out")
    assert written.num_pairs == len(pairs) == 3
    places = [(pair["position_0"], pair["position_1"], pair["label_0"]) for pair in pairs]
    assert places == [(1, 2, 0.0), (2, 3, 1.0), (2, 4, 1.0)]
    for pair in pairs:
        winner = pair["image_0_uid"] if pair["label_0"] else pair["image_1_uid"]
        assert pair["best_image_uid"] == winner
        assert pair["label_0"] + pair["label_1"] == 1.0
        assert (pair["arm_0"], pair["arm_probability"]) == ("b", 0.5)
        assert (pair["order_probability"], pair["num_candidates"]) == (1 / 24, 8)
        assert (pair["num_pairs"], pair["has_label"], pair["are_different"]) == (3, True, True)


async def test_ties_are_half_and_half(studio: Any, tmp_path: Path) -> None:
    """A tie of three is three pairs at 0.5 to 0.5, and the best of each is a tie."""
    await studio.person("asker")
    await vote(studio, await grid_of(studio, "asker", 3), "asker", "tie")
    _, pairs, _ = await export(studio, tmp_path / "out")
    assert [(pair["label_0"], pair["label_1"]) for pair in pairs] == [(0.5, 0.5)] * 3
    assert {pair["best_image_uid"] for pair in pairs} == {"tie"}


async def test_all_bad_is_no_pair(studio: Any, tmp_path: Path) -> None:
    """An answer of "none will do" and a press for a larger one are kept with the grid and make no pair."""
    await studio.person("asker")
    grid_id = await grid_of(studio, "asker")
    await vote(studio, grid_id, "asker", "all_bad")
    await vote(studio, grid_id, "asker", "larger", 1)
    _, pairs, grids = await export(studio, tmp_path / "out")
    assert pairs == []
    assert [each["kind"] for each in grids[0]["votes"]] == ["all_bad", "larger"]


async def test_columns_are_pick_a_pics_and_both_files_agree(studio: Any, tmp_path: Path) -> None:
    """JSON lines and CSV hold the same rows in the same columns, with the published names first."""
    await studio.person("asker")
    await vote(studio, await grid_of(studio, "asker"), "asker", "pick", 1)
    _, pairs, _ = await export(studio, tmp_path / "out")
    with (tmp_path / "out" / "pairs.csv").open(newline="") as file:
        table = list(csv.DictReader(file))
    published = {"caption", "jpg_0", "jpg_1", "label_0", "label_1", "has_label", "are_different"}
    published |= {"image_0_uid", "image_1_uid", "model_0", "model_1", "user_id", "ranking_id"}
    assert published <= set(pairs[0])
    assert list(pairs[0]) == list(table[0]) == list(COLUMNS)
    assert [row["image_1_uid"] for row in table] == [pair["image_1_uid"] for pair in pairs]
    assert {pair["num_example_per_prompt"] for pair in pairs} == {3}


async def test_images_lie_beside_by_their_hash(studio: Any, tmp_path: Path) -> None:
    """Every file a row names is there, holds the bytes of its name, and nothing else is."""
    await studio.person("asker")
    await vote(studio, await grid_of(studio, "asker"), "asker", "pick", 1)
    written, pairs, _ = await export(studio, tmp_path / "out")
    named = {pair[f"jpg_{place}"] for pair in pairs for place in (0, 1)}
    there = {path.relative_to(tmp_path / "out") for path in (tmp_path / "out/images").iterdir()}
    assert {Path(name) for name in named} == there
    assert written.num_images == len(there) == 4
    for path in there:
        data = (tmp_path / "out" / path).read_bytes()
        assert path.name == hashlib.sha256(data).hexdigest() + ".png"


@pytest.mark.parametrize(
    ("asker", "voter", "grid", "ballot", "is_kept"),
    [
        (True, True, {}, {}, True),
        (False, True, {}, {}, False),
        (True, False, {}, {}, False),
        (None, True, {}, {}, False),
        (True, None, {}, {}, False),
        (True, True, {"may_learn": False}, {}, False),
        (True, True, {}, {"may_learn": False}, False),
        (True, True, {"is_private": True}, {}, False),
        (True, True, {"reference_sha256": "a" * 64}, {}, False),
    ],
)  # fmt: skip
async def test_only_what_both_agreed_to_leaves(
    studio: Any, tmp_path: Path, asker: bool | None, voter: bool | None, grid: dict[str, Any],
    ballot: dict[str, Any], is_kept: bool,
) -> None:  # fmt: skip
    """Requester and voter must have said yes then and still; private and uploaded stay here."""
    await studio.person("asker", may_learn=asker)
    await studio.person("voter", may_learn=voter)
    await vote(studio, await grid_of(studio, "asker", **grid), "voter", "pick", 1, **ballot)
    written, pairs, grids = await export(studio, tmp_path / "out")
    assert bool(pairs) == bool(grids) == bool(written.num_images) == is_kept


@pytest.mark.parametrize("who", ["asker", "voter"])
async def test_a_withdrawn_consent_reaches_the_next_export(
    studio: Any, tmp_path: Path, who: str
) -> None:
    """Whoever says no later is not in the next dataset, and an export replaces the last one."""
    for name in ("asker", "voter"):
        await studio.person(name)
    await vote(studio, await grid_of(studio, "asker"), "voter", "pick", 1)
    assert (await export(studio, tmp_path / "out"))[0].num_pairs == 3
    await studio.answer(who, is_given=False)
    written, pairs, _ = await export(studio, tmp_path / "out")
    assert (written.num_pairs, written.num_images, pairs) == (0, 0, [])
    assert list((tmp_path / "out" / "images").iterdir()) == []


@pytest.mark.parametrize("who", ["asker", "voter"])
async def test_deleting_a_person_reaches_the_next_export(
    studio: Any, tmp_path: Path, who: str
) -> None:
    """With the person go their requests, their grids and their votes."""
    for name in ("asker", "voter"):
        await studio.person(name)
    await vote(studio, await grid_of(studio, "asker"), "voter", "pick", 1)
    async with studio.db.session() as session:
        await session.delete(await session.get_one(Person, who))
    written, _, _ = await export(studio, tmp_path / "out")
    assert (written.num_grids, written.num_pairs) == (0, 0)


async def test_a_change_of_mind_is_one_choice(studio: Any, tmp_path: Path) -> None:
    """Of a pick, another pick and a tie by one person, only the last makes rows."""
    await studio.person("asker")
    grid_id = await grid_of(studio, "asker", 2)
    for kind, place in (("pick", 1), ("tie", None), ("pick", 2)):
        await vote(studio, grid_id, "asker", kind, place)
    _, pairs, _ = await export(studio, tmp_path / "out")
    assert [pair["label_1"] for pair in pairs] == [1.0]


async def test_nothing_written_leads_to_a_person(studio: Any, tmp_path: Path) -> None:
    """No id of ours is in any file; one person has one number, another salt another number."""
    await studio.person("the-asker")
    for _ in range(2):
        await vote(studio, await grid_of(studio, "the-asker", 2), "the-asker", "pick", 1)
    _, pairs, _ = await export(studio, tmp_path / "out")
    assert len({pair["user_id"] for pair in pairs}) == 1
    written = "".join(path.read_text() for path in (tmp_path / "out").iterdir() if path.is_file())
    assert not [name for name in ("the-asker", "request1", "guild") if name in written]
    assert Pseudonyms(SALT)("person", "x") != Pseudonyms(SALT[::-1])("person", "x")


async def test_the_same_log_is_the_same_dataset(studio: Any, tmp_path: Path) -> None:
    """Exported twice, the dataset has one id; another vote gives another."""
    await studio.person("asker")
    grid_id = await grid_of(studio, "asker")
    await vote(studio, grid_id, "asker", "pick", 1)
    first, second = [(await export(studio, tmp_path / name))[0] for name in ("a", "b")]
    assert first == second
    await vote(studio, grid_id, "asker", "pick", 2)
    assert (await export(studio, tmp_path / "c"))[0].dataset_id != first.dataset_id


async def test_a_picture_whose_bytes_are_gone_makes_no_pair(studio: Any, tmp_path: Path) -> None:
    """The grid still says what was shown; pairs are made of the pictures that are there."""
    await studio.person("asker")
    await vote(studio, await grid_of(studio, "asker"), "asker", "pick", 1)
    async with studio.db.session() as session:
        await studio.blobs.disown(session, owner_kind="rendition", owner_id="request1-0")
    _, pairs, grids = await export(studio, tmp_path / "out")
    assert [(pair["position_0"], pair["position_1"]) for pair in pairs] == [(1, 2), (1, 3)]
    assert [bool(shown["file"]) for shown in grids[0]["shown"]] == [True, True, True, False]


async def test_many_grids_are_read_in_batches(
    studio: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No grid is lost or doubled where one batch ends and the next begins."""
    monkeypatch.setattr("inference.learning.consented.BATCH_SIZE", 2)
    await studio.person("asker")
    for _ in range(5):
        await vote(studio, await grid_of(studio, "asker", 2), "asker", "pick", 1)
    heard: list[int] = []
    written = await export_votes(
        studio.db, studio.blobs, tmp_path / "out", salt=SALT, on_grid=heard.append
    )
    assert (written.num_grids, heard) == (5, [1, 2, 3, 4, 5])


async def test_a_failed_export_leaves_the_last_one(studio: Any, tmp_path: Path) -> None:
    """An export that breaks halfway changes nothing and leaves nothing beside."""
    await studio.person("asker")
    await vote(studio, await grid_of(studio, "asker"), "asker", "pick", 1)
    before, _, _ = await export(studio, tmp_path / "out")

    class Broken:
        async def get(self, sha256: str) -> bytes:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await export_votes(studio.db, Broken(), tmp_path / "out", salt=SALT)  # type: ignore[arg-type]
    assert json.loads((tmp_path / "out/manifest.json").read_text())["num_pairs"] == 3
    assert before.num_pairs == 3
    assert list(tmp_path.glob(".out*")) == []  # noqa: ASYNC240


async def test_a_folder_with_something_else_is_left_alone(studio: Any, tmp_path: Path) -> None:
    """An export never replaces what is not an export, and fills an empty folder."""
    for name in ("full", "empty"):
        (tmp_path / name).mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("years of work")
    (tmp_path / "file").write_text("a file")
    for name in ("full", "file"):
        with pytest.raises(LearningError) as caught:
            await export_votes(studio.db, studio.blobs, tmp_path / name, salt=SALT)
        assert caught.value.key == "export-in-the-way"
    await export_votes(studio.db, studio.blobs, tmp_path / "empty", salt=SALT)
    assert (tmp_path / "full" / "thesis.txt").read_text() == "years of work"


def test_the_salt_is_drawn_once_and_kept_from_others(tmp_path: Path) -> None:
    """Two calls give one salt, readable by its owner only; a guessable one is refused."""
    salt = read_salt(tmp_path)
    assert (len(salt), read_salt(tmp_path)) == (32, salt)
    assert [path.stat().st_mode & 0o777 for path in tmp_path.iterdir()] == [0o600]
    with pytest.raises(ValueError, match="guessed"):
        Pseudonyms(b"short")
