"""The other pages over HTTP: places, people, results, statistics, the log."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from sqlalchemy import select, update

from bot.texts import LANGUAGES, has_text
from moderation.cases import REASONS_TO_APPROVE, REASONS_TO_REJECT, CaseKind, Role, pauses_now
from moderation.desk.plots import curve_plot, rules_plot
from moderation.sanctions import standing
from moderation.statistics import Judged, quality_of
from store.tables import AuditEntry, Case, Community, RequestState
from tests.moderation.desk.conftest import Signing
from tests.moderation.desk.desk_reader import Reader
from tests.moderation.desk.desk_world import World, found, picture

PATHS = ("/", "/p/club", "/p/club?kind=appeal", "/p/club/next", "/p/club/results",
         "/p/club/statistics?days=7", "/p/club/people/lin", "/audit", "/sign-in", "/nowhere")  # fmt: skip


async def fill(world: World) -> None:
    """Some of everything."""
    await world.case(minutes=5, prompt="a knight with a sword, fine")
    await world.case(minutes=3, kind="report", category="hate")
    done = await world.case(minutes=60, findings=[found(score=0.9)])
    await world.decide("tom", done, "reject", "violence")
    async with world.db.session() as session:
        await session.execute(
            update(Case).where(Case.id == done).values(state="closed", acted_number=1)
        )
    await world.ask("a boat", state=RequestState.DELIVERED, pictures=[picture()])


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_speaks_both_languages(
    world: World, sign_in: Signing, language: str
) -> None:
    """A sentence that is missing, or lacks an argument, would warn, and warnings are errors."""
    await fill(world)
    ada = await sign_in("ada")
    for path in PATHS:
        page = (await ada.get(path, **{"Accept-Language": language})).text
        assert f'<html lang="{language}"' in page
        assert not re.findall(r">\s*desk-[a-z]", page)


def test_every_word_of_the_house_has_its_sentence() -> None:
    """Kinds, reasons and roles that the code knows are called something at the desk."""
    keys = [f"desk-kind-{kind}" for kind in CaseKind]
    keys += [f"desk-why-none-{kind}" for kind in CaseKind]
    keys += [f"desk-reason-{reason}" for reason in (*REASONS_TO_APPROVE, *REASONS_TO_REJECT)]
    keys += [f"desk-role-{role}" for role in Role]
    assert [key for key in keys if not has_text(key)] == []


def test_no_template_has_a_script_or_a_style_in_it() -> None:
    """What a browser would refuse is not written in the first place."""
    for template in (files("moderation.desk") / "templates").iterdir():
        text = template.read_text("utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:|hx-on", text)
        assert not re.search(r"(src|href)=\"(https?:)?//", text)


async def test_a_person_with_one_place_begins_there(mei: Reader, sign_in: Signing) -> None:
    """A moderator of one community is led to it; an administrator sees all of them."""
    assert (await mei.get("/")).headers["Location"] == "/p/club"
    page = (await (await sign_in("ada")).get("/")).text
    assert "Riverside Art Club" in page
    assert "水墨小组" in page


async def test_private_chats_are_one_place(world: World, sign_in: Signing) -> None:
    """Each is a community of one; together they have one queue and one name."""
    async with world.db.session() as session:
        session.add_all(
            Community(id=f"dm{n}", platform="discord", external_id=f"dm{n}", is_private=True)
            for n in range(3)
        )
    for n in range(3):
        await world.case(community=f"dm{n}", minutes=n)
    ada = await sign_in("ada")
    assert (await ada.get("/")).text.count("Private chats") == 1
    assert "3 cases wait" in (await ada.get("/p/private")).text
    assert (await ada.get("/p/dm1")).status_code == 404


async def test_a_community_is_paused_and_goes_on(world: World, mei: Reader) -> None:
    """By a moderator of it; everything only by who has a role everywhere."""
    await mei.post("/p/club/pause", what="pause")
    assert "paused" in (await mei.get("/p/club")).text
    async with world.db.session() as session:
        assert [pause.community_id for pause in await pauses_now(session)] == ["club"]
    await mei.post("/p/club/pause", what="resume")
    async with world.db.session() as session:
        assert await pauses_now(session) == []
    assert (await mei.post("/pause", what="pause")).status_code == 404
    assert (await mei.post("/p/inks/pause", what="pause")).status_code == 404


async def test_everything_is_paused(world: World, sign_in: Signing) -> None:
    """The administrator's one press holds every community."""
    ada = await sign_in("ada")
    await ada.post("/pause", what="pause")
    assert "Go on everywhere" in (await ada.get("/")).text
    assert 'class="tag warn">paused' in (await ada.get("/p/inks")).text
    await ada.post("/pause", what="resume")
    assert "Pause everything" in (await ada.get("/")).text


async def test_somebody_is_banned_here_and_let_in_again(world: World, mei: Reader) -> None:
    """For some days, in this community; the page tells, and lifting ends it."""
    await world.case()
    await mei.post("/p/club/people/lin/ban", days="7", reason="hate")
    async with world.db.session() as session:
        assert not (await standing(session, "lin", "club")).may_ask
        assert (await standing(session, "lin", "inks")).may_ask
    assert "Lift bans and pauses" in (await mei.get("/p/club/people/lin")).text
    await mei.post("/p/club/people/lin/lift")
    async with world.db.session() as session:
        assert (await standing(session, "lin", "club")).may_ask


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"days": "7", "reason": "hate", "everywhere": "yes"}, 409),
        ({"days": "8", "reason": "hate"}, 404),
        ({"days": "7", "reason": "within_rules"}, 404),
    ],
)
async def test_a_ban_beyond_ones_rights_or_the_form_is_refused(
    world: World, mei: Reader, fields: dict[str, str], status: int
) -> None:
    """Everywhere needs a role everywhere; days and reasons are those that the page offers."""
    await world.case()
    await mei.get("/p/club")
    assert (await mei.post("/p/club/people/lin/ban", **fields)).status_code == status
    async with world.db.session() as session:
        assert (await standing(session, "lin", "club")).may_ask


async def test_somebody_who_never_asked_here_is_nobodys_business(world: World, mei: Reader) -> None:
    """A page about a person exists only where they asked for something."""
    await world.case(who="sam", community="inks")
    assert (await mei.get("/p/club/people/sam")).status_code == 404
    assert (await mei.post("/p/club/people/sam/ban", days="", reason="hate")).status_code == 404


async def test_a_result_is_taken_down(world: World, mei: Reader) -> None:
    """It becomes a case that is decided already; private results and other places are not here."""
    request_id = await world.ask("a boat", state=RequestState.DELIVERED, pictures=[picture()])
    hidden = {"state": RequestState.DELIVERED, "pictures": [picture("#111111")]}
    await world.ask("mine alone", is_private=True, **hidden)
    elsewhere = await world.ask("elsewhere", community="inks", **hidden)
    page = (await mei.get("/p/club/results")).text
    assert "a boat" in page
    assert "mine alone" not in page
    assert "elsewhere" not in page
    await mei.post(f"/p/club/results/{request_id}/take-down", reason="violence")
    refused = await mei.post(f"/p/club/results/{elsewhere}/take-down", reason="violence")
    assert refused.status_code == 404
    async with world.db.session() as session:
        case = (await session.scalars(select(Case))).one()
    assert (case.request_id, case.kind, case.decision) == (request_id, "takedown", "reject")


async def test_statistics_draw_what_was_decided(world: World, mei: Reader) -> None:
    """Figures, a plot of the rules, the curve of one, and a table with the same numbers."""
    await fill(world)
    page = (await mei.get("/p/club/statistics?days=30&rule=concept.weapon")).text
    assert page.count("<svg role=") == 2
    assert "concept.weapon: what another threshold would do" in page
    assert "100 % (21–100)" in page  # one of one, Wilson's interval
    assert "threshold of 0.90" in page
    assert (await mei.get("/p/club/statistics?days=never")).status_code == 404


def test_plots_place_points_where_they_belong() -> None:
    """A rule that was right in three of four stands at three quarters of the width."""
    judged = [Judged(scores={"r": 0.5 + n / 10}, is_violation=n > 0) for n in range(4)]
    (rule,) = quality_of(judged)
    drawn = str(rules_plot([rule], lambda key, **_: key))
    assert 'class="first" cx="421.0"' in drawn  # 46 + 0.75 · 500
    assert "75% (3/4)" in drawn
    curve = str(curve_plot(rule, lambda key, **_: key))
    assert curve.count("<polyline") == 2
    assert "style=" not in drawn + curve


def test_plots_write_names_as_words() -> None:
    """A rule's name is never markup."""
    (rule,) = quality_of([Judged(scores={"<script>": 0.9}, is_violation=True)])
    assert "<script>" not in rules_plot([rule], lambda key, **_: key)


async def test_the_log_is_read_and_checked(world: World, sign_in: Signing) -> None:
    """Names beside ids, found by the last digits; a change of an entry is told."""
    case_id = await world.case()
    await world.decide("mei", case_id, "approve", "within_rules")
    ada = await sign_in("ada")
    assert "case-approve" in (await ada.get(f"/audit?subject={case_id[-6:]}")).text
    assert "Mei Tan" in (await ada.get("/audit")).text
    assert "case-approve" not in (await ada.get("/audit?subject=%25nothing")).text
    assert "The one entry is sound" in (await ada.post("/audit/check")).text
    async with world.db.session() as session:
        await session.execute(update(AuditEntry).values(actor="tom"))
    assert "Entry 1 is changed" in (await ada.post("/audit/check")).text


async def test_an_auditor_of_one_community_reads_its_entries_only(
    world: World, mei: Reader, sign_in: Signing
) -> None:
    """A moderator reads no log at all."""
    here, there = await world.case(), await world.case(community="inks")
    await world.decide("mei", here, "approve", "within_rules")
    await world.decide("wu", there, "reject", "violence")
    page = (await (await sign_in("ines")).get("/audit")).text
    assert "case-approve" in page
    assert "case-reject" not in page
    assert (await mei.get("/audit")).status_code == 404
    assert (await mei.post("/audit/check")).status_code == 404


async def test_what_nobody_foresaw_is_told_by_a_number(
    world: World, mei: Reader, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A page with a short id that stands in the log too; no trace of the program, all headers."""
    await world.case()
    page = (await mei.get("/p/club/next")).text
    (path,) = re.findall(r'<img src="([^"]+)"', page)
    world.blobs.clear()
    assert (await mei.get(path)).status_code == 503  # a picture that is gone has its own sentence
    monkeypatch.setattr("moderation.desk.queue_pages.NUM_LISTED", "many")
    answer = await mei.get("/p/club")
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    (trace,) = re.findall(r"\b[0-9a-f]{8}\b", re.sub(r"\?v=\w+", "", answer.text))
    assert trace in caplog.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
