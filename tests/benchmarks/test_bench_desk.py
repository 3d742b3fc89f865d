"""What the benchmark of the desk counts as claimed twice, and what it makes of its figures."""

from __future__ import annotations

from benchmarks.desk import Found, claimed_twice, judged

Entry = tuple[str, str, str]  # who, what, which case


def test_a_claim_of_what_another_holds_is_counted() -> None:
    """Renewing one's own, and taking what was handed back, is none."""
    fair: list[Entry] = [
        ("ann", "case-claim", "c1"), ("ann", "case-claim", "c1"), ("bob", "case-claim", "c2"),
        ("ann", "case-hand-back", "c1"), ("bob", "case-claim", "c1"), ("bob", "case-reject", "c1"),
    ]  # fmt: skip
    assert claimed_twice(fair) == 0
    assert claimed_twice([*fair, ("ann", "case-claim", "c2")]) == 1
    assert claimed_twice([*fair, ("ann", "case-approve", "c2")]) == 1


def test_a_figure_that_misses_its_goal_says_so() -> None:
    """The counts always tell; the times only where there were enough of them."""
    slow = Found(
        waits_ms=[500.0] * 20, num_shown_done=20, num_twice=1, num_lost=0, is_log_whole=False
    )
    full = {one.id: one.ok for one in judged(slow, is_quick=False)}
    assert full == {
        "next-p95": False, "next-p50": False, "next-p99": False,
        "twice": False, "lost": True, "log": False,
    }  # fmt: skip
    quick = {one.id: one.ok for one in judged(slow, is_quick=True)}
    assert (quick["next-p95"], quick["twice"]) == (None, False)
