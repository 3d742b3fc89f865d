"""Grids and votes as rows of a preference dataset, in Pick-a-Pic's columns; pure, no files.

Columns and labels are those of Pick-a-Pic v2 (Kirstain et al. 2023, arXiv 2305.01569), which
PickScore and the published Diffusion-DPO trainers read, then our own: what was shown where, and
how likely that was. ``jpg_0`` and ``jpg_1`` name files beside the rows instead of holding bytes.

A tie is 0.5 to 0.5 and never a win. Trainers that know only wins must drop ties: some published
ones take every row whose ``label_0`` is not 0 for a win of the first picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

from .log import VoteKind

PICK_A_PIC_COLUMNS = (
    "are_different", "best_image_uid", "caption", "created_at", "has_label", "image_0_uid",
    "image_0_url", "image_1_uid", "image_1_url", "jpg_0", "jpg_1", "label_0", "label_1",
    "model_0", "model_1", "ranking_id", "user_id", "num_example_per_prompt",
)  # fmt: skip
OUR_COLUMNS = (
    "kind", "position_0", "position_1", "arm_0", "arm_1", "arm_probability", "order_probability",
    "num_shown", "num_candidates", "num_pairs", "seconds_to_vote", "is_requester", "grid_id",
    "community_id",
)  # fmt: skip
COLUMNS = PICK_A_PIC_COLUMNS + OUR_COLUMNS


@dataclass(frozen=True, kw_only=True)
class ShownPicture:
    """One place of a grid."""

    position: int  # as shown, from 1
    uid: str  # the SHA-256 of the picture's bytes
    file: str | None  # beside the rows; None: the bytes are gone
    arm: str
    model: str


@dataclass(frozen=True, kw_only=True)
class CastVote:
    """One vote that counts."""

    ranking_id: int
    user_id: int
    kind: str
    position: int | None
    seconds_to_vote: float | None
    is_requester: bool
    created_at: str  # ISO 8601, UTC, the hour


@dataclass(frozen=True, kw_only=True)
class WholeGrid:
    """A grid as shown and every vote that counts on it: worth more than its pairs."""

    grid_id: int
    community_id: int
    caption: str  # what the model read
    arm: str
    arm_probability: float
    order_probability: float
    num_candidates: int
    versions: Mapping[str, Any]
    shown: tuple[ShownPicture, ...]
    votes: tuple[CastVote, ...]

    def to_row(self) -> dict[str, Any]:
        """Plain JSON data."""
        return asdict(self)


def pairs_of(grid: WholeGrid) -> Iterator[dict[str, Any]]:
    """The pairs that each pick and each tie on a grid says something of; rows of ``COLUMNS``.

    A pick of one among n is n-1 wins, a tie among n is n(n-1)/2 ties; ``num_pairs`` says how many
    rows one vote became, so that a trainer can give every vote the same weight. "All bad" says
    nothing of any pair. The first picture of a pair is the one that was shown first.
    ``num_example_per_prompt`` is left to whoever knows all rows.
    """
    for vote in grid.votes:
        if vote.kind == VoteKind.PICK:
            said = [pair for pair in _pairs(grid) if vote.position in _places(pair)]
        elif vote.kind == VoteKind.TIE:
            said = _pairs(grid)
        else:
            continue
        for first, second in said:
            yield _row(grid, vote, first, second) | {"num_pairs": len(said)}


def _pairs(grid: WholeGrid) -> list[tuple[ShownPicture, ShownPicture]]:
    kept = sorted(
        (picture for picture in grid.shown if picture.file), key=lambda each: each.position
    )
    return list(combinations(kept, 2))


def _places(pair: tuple[ShownPicture, ShownPicture]) -> tuple[int, int]:
    return pair[0].position, pair[1].position


def _row(
    grid: WholeGrid, vote: CastVote, first: ShownPicture, second: ShownPicture
) -> dict[str, Any]:
    is_tie = vote.kind == VoteKind.TIE
    label_0 = 0.5 if is_tie else float(vote.position == first.position)
    best = "tie" if is_tie else (first if label_0 else second).uid
    row: dict[str, Any] = {
        "are_different": first.uid != second.uid,
        "best_image_uid": best,
        "caption": grid.caption,
        "created_at": vote.created_at,
        "has_label": True,
        "label_0": label_0,
        "label_1": 1.0 - label_0,
        "ranking_id": vote.ranking_id,
        "user_id": vote.user_id,
        "kind": vote.kind,
        "arm_probability": grid.arm_probability,
        "order_probability": grid.order_probability,
        "num_shown": len(grid.shown),
        "num_candidates": grid.num_candidates,
        "seconds_to_vote": vote.seconds_to_vote,
        "is_requester": vote.is_requester,
        "grid_id": grid.grid_id,
        "community_id": grid.community_id,
    }
    for place, picture in enumerate((first, second)):
        row |= {
            f"image_{place}_uid": picture.uid,
            f"image_{place}_url": "",
            f"jpg_{place}": picture.file,
            f"model_{place}": picture.model,
            f"position_{place}": picture.position,
            f"arm_{place}": picture.arm,
        }
    return row
