"""How good the rules are, as moderators see it: precision and recall, and the best threshold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import select

from moderation import cases
from moderation.cases import CaseKind
from moderation.statistics import RuleQuality, Share, quality_of
from store.tables import Case, now

from .pages import long_ago, percent
from .plots import curve_plot, rules_plot
from .visits import Visit, visiting

router = APIRouter()
USUAL_DAYS, MAX_DAYS = 30, 3650


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number to read at a glance; ``key`` names what it is."""

    key: str
    value: str


@router.get("/p/{place}/statistics")
async def show_statistics(
    request: Request, place: str, days: int = USUAL_DAYS, rule: str = ""
) -> Response:
    """The last days of one place."""
    async with visiting(request, place) as visit:
        days = min(max(days, 1), MAX_DAYS)
        since = now() - dt.timedelta(days=days)
        judged = await cases.read_judged(
            visit.session, community_ids=visit.here.community_ids, since=since
        )
        rules = sorted(quality_of(judged), key=lambda each: -each.num_fired)
        chosen = _chosen(rules, rule)
        return await visit.page(
            "statistics.html",
            here="statistics",
            days=days,
            rules=rules,
            chosen=chosen,
            figures=await _figures(visit, since),
            plot_of_rules=rules_plot(rules, visit.t),
            plot_of_curve=curve_plot(chosen, visit.t) if chosen else "",
            share=_share,
        )


def _chosen(rules: Sequence[RuleQuality], rule_id: str) -> RuleQuality | None:
    """The rule whose curve is drawn: the one that was asked for, else the one that fires most."""
    with_curve = [each for each in rules if each.curve]
    named = [each for each in with_curve if each.rule_id == rule_id]
    return next(iter(named or with_curve or rules), None)


def _share(share: Share) -> str:
    """A share with its 95 % interval."""
    if share.value is None:
        return "–"
    return f"{percent(share.value)} ({share.low * 100:.0f}–{share.high * 100:.0f})"


async def _figures(visit: Visit, since: dt.datetime) -> list[Figure]:
    rows = (
        await visit.session.execute(
            select(Case.kind, Case.decision, Case.created_at, Case.decided_at).where(
                Case.community_id.in_(visit.here.community_ids), Case.decided_at >= since
            )
        )
    ).all()
    ages = [(row.decided_at - row.created_at).total_seconds() for row in rows if row.decided_at]
    appeals = [row for row in rows if row.kind == CaseKind.APPEAL]
    released = sum(row.decision == "approve" for row in rows)
    upheld = sum(row.decision == "approve" for row in appeals)
    return [
        Figure(key="desk-figure-decided", value=str(len(rows))),
        Figure(key="desk-figure-released", value=percent(released / len(rows) if rows else None)),
        Figure(key="desk-figure-wait", value=long_ago(visit.t, median(ages)) if ages else "–"),
        Figure(key="desk-figure-appeals", value=str(len(appeals))),
        Figure(
            key="desk-figure-overturned",
            value=percent(upheld / len(appeals) if appeals else None),
        ),
    ]
