"""Cases over HTTP: held, shown, decided, taken back, by those who may and nobody else."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, update

from moderation.cases import opinions_of
from moderation.policy import Category
from store.tables import AuditEntry, Case, Opinion, Picture, RequestState, now
from tests.moderation.desk.conftest import Signing
from tests.moderation.desk.desk_reader import Reader
from tests.moderation.desk.desk_world import World, found, picture

HTMX = {"HX-Request": "true"}


async def read(world: World, case_id: str) -> Case:
    """The case as it is now."""
    async with world.db.session() as session:
        return await session.get_one(Case, case_id)


def shown(page: str) -> str | None:
    """The id of the case that a page shows."""
    match = re.search(r'data-case="(\w+)"', page)
    return match[1] if match else None


async def test_the_oldest_case_comes_first_and_is_held(world: World, mei: Reader) -> None:
    """Whoever starts gets what has waited longest, for ten minutes and for themselves."""
    await world.case("younger", minutes=5)
    oldest = await world.case("older", minutes=90)
    page = await mei.get("/p/club/next")
    assert shown(page.text) == oldest
    case = await read(world, oldest)
    assert case.claimed_by == "mei"
    assert case.claimed_until is not None
    assert 500 < (case.claimed_until - now()).total_seconds() <= 600


async def test_the_queue_tells_ages_and_who_looks(
    world: World, mei: Reader, sign_in: Signing
) -> None:
    """Oldest first, with its age, and what somebody else holds as theirs."""
    await world.case(minutes=5)
    await world.case(minutes=60 * 49)
    await (await sign_in("tom")).get("/p/club/next")
    page = (await mei.get("/p/club")).text
    assert page.index("2 days") < page.index("5 min")
    assert page.count("Tom is looking at it") == 1


async def test_two_moderators_never_hold_the_same_case(
    world: World, mei: Reader, sign_in: Signing
) -> None:
    """The second gets another one; opened by hand, the first's is shown and cannot be decided."""
    held = await world.case(minutes=9)
    other = await world.case(minutes=3)
    await mei.get("/p/club/next")
    tom = await sign_in("tom")
    assert shown((await tom.get("/p/club/next")).text) == other
    page = (await tom.get(f"/p/club/cases/{held}")).text
    assert "Mei Tan is looking at it" in page
    assert "/approve" not in page
    refused = await tom.post(f"/p/club/cases/{held}/approve", reason="within_rules")
    assert "Someone else is looking at this case" in refused.text
    assert (await read(world, held)).state == "open"


@pytest.mark.parametrize(
    ("decision", "reason"), [("approve", "false_alarm"), ("reject", "violence")]
)
async def test_a_decision_brings_the_next_case(
    world: World, mei: Reader, decision: str, reason: str
) -> None:
    """One answer: what was done, how long it can be undone, and what comes next, as a part."""
    first, second = await world.case(minutes=9), await world.case(minutes=3)
    await mei.get("/p/club/next")
    answer = await mei.post(f"/p/club/cases/{first}/{decision}", reason=reason, headers=HTMX)
    assert shown(answer.text) == second
    assert "<html" not in answer.text
    assert f'name="case" value="{first}"' in answer.text
    assert answer.headers["HX-Replace-Url"] == f"/p/club/cases/{second}"
    case = await read(world, first)
    assert (case.state, case.decision, case.reason) == ("decided", decision, reason)


async def test_after_the_last_case_comes_the_empty_queue(world: World, mei: Reader) -> None:
    """And the way to undo is still there."""
    only = await world.case()
    await mei.get("/p/club/next")
    answer = await mei.post(f"/p/club/cases/{only}/approve", reason="within_rules")
    assert "Nothing waits for you" in answer.text
    assert 'data-key="u"' in answer.text


async def test_a_reason_that_does_not_fit_decides_nothing(world: World, mei: Reader) -> None:
    """An approval needs a reason to approve; none at all is none."""
    case_id = await world.case()
    await mei.get("/p/club/next")
    for reason in ("violence", ""):
        answer = await mei.post(f"/p/club/cases/{case_id}/approve", reason=reason)
        assert "one of these reasons" in answer.text
    assert (await read(world, case_id)).state == "open"


async def test_a_decision_is_taken_back(world: World, mei: Reader) -> None:
    """The case is open, held and shown again; a later page still offered it."""
    case_id = await world.case()
    await mei.get("/p/club/next")
    await mei.post(f"/p/club/cases/{case_id}/reject", reason="violence")
    assert f'value="{case_id}"' in (await mei.get("/p/club/statistics")).text
    answer = await mei.post("/p/club/undo", case=case_id)
    assert shown(answer.text) == case_id
    case = await read(world, case_id)
    assert (case.state, case.claimed_by, case.decision) == ("open", "mei", None)


async def test_after_a_minute_nothing_is_undone(world: World, mei: Reader) -> None:
    """It says so and goes on."""
    case_id = await world.case()
    await mei.get("/p/club/next")
    await mei.post(f"/p/club/cases/{case_id}/reject", reason="violence")
    async with world.db.session() as session:
        await session.execute(update(Opinion).values(undo_until=now()))
    answer = await mei.post("/p/club/undo", case=case_id)
    assert "too late" in answer.text
    assert (await read(world, case_id)).state == "decided"


async def test_next_gives_the_case_back(world: World, mei: Reader) -> None:
    """It goes to whoever comes; with nothing else waiting it comes again."""
    first, second = await world.case(minutes=9), await world.case(minutes=3)
    await mei.get("/p/club/next")
    answer = await mei.post(f"/p/club/cases/{first}/skip")
    assert shown(answer.text) == second
    assert (await read(world, first)).claimed_by is None
    await mei.post(f"/p/club/cases/{second}/approve", reason="within_rules")
    answer = await mei.post(f"/p/club/cases/{first}/skip")
    assert shown(answer.text) == first


async def test_a_severe_case_needs_two_and_hides_the_first(
    world: World, mei: Reader, sign_in: Signing
) -> None:
    """After one opinion it waits for another moderator, who is not told what it was."""
    case_id = await world.case(category="self_harm", stage="wish")
    await mei.get("/p/club/next")
    answer = await mei.post(f"/p/club/cases/{case_id}/reject", reason="self_harm")
    assert "Somebody else must agree" in answer.text
    tom = await sign_in("tom")
    page = (await tom.get("/p/club/next")).text
    assert shown(page) == case_id
    assert "second pair of eyes" in page
    assert "Mei" not in page
    await tom.post(f"/p/club/cases/{case_id}/reject", reason="self_harm")
    assert (await read(world, case_id)).state == "decided"
    async with world.db.session() as session:
        assert len(await opinions_of(session, case_id)) == 2


async def test_an_appeal_never_reaches_who_decided(
    world: World, mei: Reader, sign_in: Signing
) -> None:
    """Neither by "next" nor by its address; somebody else sees what was decided and why."""
    request_id = await world.ask("a bomb disposal robot", state=RequestState.BLOCKED)
    refused = await world.case(stage="wish", category="illicit", request_id=request_id)
    await mei.get("/p/club/next")
    await mei.post(f"/p/club/cases/{refused}/reject", reason="illicit")
    async with world.db.session() as session:
        await session.execute(update(Case).values(state="closed", acted_number=1))
    appeal = await world.case(
        stage="wish", category="illicit", kind="appeal", request_id=request_id
    )
    assert shown((await mei.get("/p/club/next")).text) is None
    own = await mei.post(f"/p/club/cases/{appeal}/approve", reason="false_alarm")
    assert "against your own decision" in own.text
    page = (await (await sign_in("tom")).get("/p/club/next")).text
    assert shown(page) == appeal
    assert "Mei Tan," in page
    assert "It helps with something unlawful" in page


async def test_others_like_it_are_decided_along(world: World, mei: Reader) -> None:
    """Ticked cases with nearly the same picture follow, and one press takes all of them back."""
    alike = [await world.case(f"same {n}", pdq="0f" * 32, minutes=9 - n) for n in range(3)]
    other = await world.case("different", pdq="a5" * 32, minutes=1)
    await mei.get("/p/club/next")
    page = (await mei.get(f"/p/club/cases/{alike[0]}/similar")).text
    assert [f'value="{each}" data-also' in page for each in (*alike[1:], other)] == [
        True, True, False,
    ]  # fmt: skip
    answer = await mei.post(f"/p/club/cases/{alike[0]}/reject", reason="violence", also=alike[1:])
    assert "Refused: 3 cases" in answer.text
    assert shown(answer.text) == other
    assert {(await read(world, each)).state for each in alike} == {"decided"}
    await mei.post("/p/club/undo", case=alike)
    assert {(await read(world, each)).state for each in alike} == {"open"}


async def test_a_refused_picture_is_blocked_where_asked(world: World, mei: Reader) -> None:
    """Only with a refusal, only of pictures; what is decided along is the same picture."""
    first, second = await world.case(minutes=9), await world.case(minutes=5)
    assert 'name="block"' in (await mei.get("/p/club/next")).text
    await mei.post(f"/p/club/cases/{first}/approve", reason="within_rules", block="yes")
    await mei.post(f"/p/club/cases/{second}/reject", reason="violence", block="yes")
    assert [(await read(world, each)).blocks_pictures for each in (first, second)] == [False, True]
    await world.case("words alone", stage="wish")
    assert 'name="block"' not in (await mei.get("/p/club/next")).text


async def test_a_note_is_read_by_the_others(world: World, mei: Reader, sign_in: Signing) -> None:
    """As words, never as markup."""
    case_id = await world.case()
    await mei.get("/p/club/next")
    await mei.post(f"/p/club/cases/{case_id}/notes", text="ask <b>Wu</b> about it")
    await mei.post(f"/p/club/cases/{case_id}/skip")
    page = (await (await sign_in("tom")).get(f"/p/club/cases/{case_id}")).text
    assert "ask &lt;b&gt;Wu&lt;/b&gt; about it" in page
    assert "Mei Tan" in page


async def test_a_case_of_another_community_is_refused(
    world: World, mei: Reader, sign_in: Signing
) -> None:
    """By every address, and through one's own place as well; nothing is told of it."""
    theirs = await world.case("hidden words", community="inks")
    request = (await read(world, theirs)).request_id
    paths = [f"/p/{place}/cases/{theirs}" for place in ("club", "inks")]
    paths += ["/p/inks", "/p/inks/next", "/p/inks/statistics", f"/p/club/people/{request}"]
    for path in paths:
        answer = await mei.get(path)
        assert answer.status_code == 404
        assert "hidden words" not in answer.text
    for place in ("club", "inks"):
        for act in ("approve", "reject", "skip", "keep", "notes"):
            answer = await mei.post(
                f"/p/{place}/cases/{theirs}/{act}", reason="within_rules", text="x"
            )
            assert answer.status_code == 404
    assert (await read(world, theirs)).state == "open"
    assert (await (await sign_in("wu")).get("/p/inks/next")).status_code == 200


async def test_pictures_go_to_moderators_of_their_community_only(
    world: World, mei: Reader, sign_in: Signing, stranger: Reader
) -> None:
    """Not to others, not to auditors, not to whoever is not signed in; and into no cache."""
    await world.case(pictures=[picture("#123456")])
    page = (await mei.get("/p/club/next")).text
    (path,) = re.findall(r'<img src="([^"]+)"', page)
    seen = await mei.get(path)
    assert seen.content == picture("#123456")
    assert seen.headers["Cache-Control"] == "no-store"
    assert seen.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert (await stranger.get(path)).status_code == 401
    for who in ("wu", "ines"):
        reader = await sign_in(who)
        assert (await reader.get(path)).status_code == 404
        assert (await reader.get(path.replace("club", "inks"))).status_code == 404


async def test_an_upload_is_shown_with_its_own_type(world: World, mei: Reader) -> None:
    """The picture a person sent, as they sent it."""
    sent = await world.upload(picture("#654321"))
    await world.case("like this", stage="upload", pictures=[], reference_sha256=sent)
    page = (await mei.get("/p/club/next")).text
    (path,) = re.findall(r'<img src="([^"]+)"', page)
    answer = await mei.get(path)
    assert (answer.content, answer.headers["Content-Type"]) == (picture("#654321"), "image/png")


@pytest.mark.parametrize("is_reported", [False, True])
async def test_what_endangers_children_is_never_shown(
    world: World, mei: Reader, sign_in: Signing, is_reported: bool
) -> None:
    """No picture of it on any page or at any address, whatever the case is about; words covered."""
    request_id = await world.ask("covered words", pictures=[picture()], prompt="covered words, x")
    if is_reported:
        case_id = await world.case(kind="report", category="child_safety", request_id=request_id)
    else:
        told = [found(), found(Category.CHILD_SAFETY, rule="tier")]
        case_id = await world.case(request_id=request_id, findings=told)
    for reader in (mei, await sign_in("ada")):
        page = (await reader.get(f"/p/club/cases/{case_id}")).text
        assert "never shown" in page
        assert "<img" not in page
        assert 'class="under"' in page
        assert "covered words, x" not in page
    for each in (await _pictures(world), request_id):
        for room in ("pictures", "uploads"):
            assert (await mei.get(f"/p/club/{room}/{each}")).status_code == 404


async def test_a_private_result_without_a_case_is_nobodys(world: World, mei: Reader) -> None:
    """A moderator sees what everybody sees, and what a case is about."""
    await world.ask(
        "mine alone", state=RequestState.DELIVERED, is_private=True, pictures=[picture()]
    )
    assert (await mei.get(f"/p/club/pictures/{await _pictures(world)}")).status_code == 404


async def test_an_auditor_reads_and_changes_nothing(world: World, sign_in: Signing) -> None:
    """They see the queue, a case without its pictures, the statistics and the log."""
    case_id = await world.case()
    ines = await sign_in("ines")
    page = (await ines.get(f"/p/club/cases/{case_id}")).text
    assert "<img" not in page
    assert "/approve" not in page
    for act in ("approve", "reject", "skip", "notes"):
        answer = await ines.post(f"/p/club/cases/{case_id}/{act}", reason="within_rules", text="x")
        assert answer.status_code == 404
    assert (await ines.get("/p/club/next")).status_code == 404
    assert (await ines.get("/p/club/statistics")).status_code == 200
    assert (await ines.get("/audit")).status_code == 200
    case = await read(world, case_id)
    assert (case.state, case.claimed_by) == ("open", None)


async def test_everything_done_stands_in_the_log(world: World, mei: Reader) -> None:
    """Holding, deciding and undoing, each by its moderator."""
    case_id = await world.case()
    await mei.get("/p/club/next")
    await mei.post(f"/p/club/cases/{case_id}/reject", reason="violence")
    await mei.post("/p/club/undo", case=case_id)
    async with world.db.session() as session:
        rows = await session.execute(
            select(AuditEntry.actor, AuditEntry.action).order_by(AuditEntry.number)
        )
        assert [tuple(row) for row in rows] == [
            ("mei", "case-claim"), ("mei", "case-reject"), ("mei", "case-undo"),
        ]  # fmt: skip


async def _pictures(world: World) -> str:
    async with world.db.session() as session:
        return str((await session.scalars(select(Picture.id))).one())
