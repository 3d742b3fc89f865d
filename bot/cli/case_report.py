"""All that moderators know of a case, as facts and as lines: what was asked, which rules spoke,
what was noted, what there was before with the same person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .output import Output

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from store.tables import Case

NAMES = (
    "id", "request_id", "community_id", "round", "kind", "stage", "category", "state", "num_eyes",
    "claimed_by", "claimed_until", "decision", "reason", "decided_by", "decided_at", "acts_at",
    "created_at",
)  # fmt: skip


async def report_of(session: AsyncSession, case: Case) -> dict[str, Any]:
    """Plain facts of a case, for JSON."""
    from bot.case_desk import view_of
    from moderation.cases import history_of, notes_of, opinions_of
    from store.tables import Request

    request = await session.get_one(Request, case.request_id)
    view = await view_of(session, case)
    history = await history_of(session, request.person_id, community_id=case.community_id)
    notes = await notes_of(session, case.id)
    return {
        **{name: getattr(case, name) for name in NAMES},
        "person_id": request.person_id,
        "wish": request.wish,
        "prompt": view.brief.prompt if view.brief else None,
        "verdict": view.verdict.to_row() if view.verdict else None,
        "pictures": [picture.sha256 for picture in view.pictures],
        "num_opinions": len(await opinions_of(session, case.id)),
        "notes": [{"text": note.text, "created_at": note.created_at} for note in notes],
        "history": asdict(history),
    }


def tell(output: Output, report: Mapping[str, Any]) -> None:
    """The same for people, in a few lines."""
    from bot.texts import say

    output.say(
        "case-headline",
        kind=report["kind"],
        case=report["id"][-6:],
        stage=say(output.language, f"stage-{report['stage']}"),
        category=say(output.language, f"category-{report['category'] or 'unchecked'}"),
    )
    output.say("case-wish", wish=report["wish"])
    if report["prompt"]:
        output.say("cases-prompt", prompt=report["prompt"])
    for found in (report["verdict"] or {}).get("findings", ()):
        output.say(
            "case-rule",
            rule=found["rule_id"],
            decision=str(found["decision"]),
            score=f"{found['score']:.2f}",
            matched=found["matched"] or "none",
        )
    for note in report["notes"]:
        output.say("case-note", text=note["text"])
    _tell_history(output, report)


def _tell_history(output: Output, report: Mapping[str, Any]) -> None:
    history = report["history"]
    output.say("cases-person", person=report["person_id"], requests=history["num_requests"])
    earlier = len(history["cases"]) + history["num_elsewhere"] - 1
    output.say("case-person", cases=earlier, strikes=history["num_strikes"])
    if report["num_eyes"] > 1:
        output.say("case-eyes", number=report["num_eyes"])
        if report["num_opinions"]:
            output.say("case-second")
