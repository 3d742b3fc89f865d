"""Settings for oneself and for a community: who may, what holds, what is taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.asks import Ask
from bot.chat import Action, CardKind, Speaker
from moderation.policy import Category, Decision, Verdict
from store.tables import AuditEntry, Community, Consent, Moderator, Person, Request, RequestState

from .chat_stage import Stage, acting, button, buttons
from .path_fakes import make_parts, settle

HERE = "settings here"


@dataclass(frozen=True)
class Saying:
    """A filter that says one thing of everything."""

    verdict: Verdict

    def check(self, text: str) -> Verdict:
        return self.verdict


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A running studio with ann and bob."""
    async with acting(tmp_path, default_count=4) as opened:
        yield opened


async def test_one_changes_ones_own(stage: Stage) -> None:
    """By option or by button; the card says what holds, and wishes follow it."""
    reply = await stage.command("settings me", {"count": 2, "style": "ink"})
    assert "count: 2" in reply.card.lines
    assert "style: ink" in reply.card.lines
    results = await stage.app.studio.results(await stage.delivered(Ask(text="a cat")))
    assert len(results) == 2
    cleared = await stage.press(Action.SET, "me:count:-")
    assert not any("count" in line for line in cleared.card.lines)
    assert cleared.is_update


async def test_the_menus_show_what_holds(stage: Stage) -> None:
    """The option chosen is marked; every token fits Telegram's 64 bytes."""
    await stage.command("settings me", {"style": "neon"})
    card = (await stage.command("settings me")).card
    (styles,) = [menu for menu in card.menus if "style" in menu.label]
    assert styles.chosen is not None
    assert styles.options[styles.chosen].argument == "me:style:neon"
    assert len(card.buttons) + len(card.menus) <= 5
    assert all(len(one.token.encode()) <= 64 for one in buttons(card))


async def test_the_language_is_spoken_at_once(stage: Stage) -> None:
    """The answer to choosing a language is in it; "auto" follows the platform again."""
    reply = await stage.command("settings me", {"language": "zh-CN"})
    assert "您的设置" in reply.card.lines[0]
    back = await stage.press(Action.SET, "me:language:auto")
    assert "Your settings" in back.card.lines[0]


async def test_learning_is_a_consent(stage: Stage) -> None:
    """A yes and a no are rows of their own, with where they were said."""
    await stage.press(Action.SET, "me:learning:on")
    await stage.press(Action.SET, "me:learning:on")
    await stage.press(Action.SET, "me:learning:off")
    answers = await stage.rows(Consent, Consent.kind == "learning")
    assert [one.is_given for one in answers] == [True, False]


async def test_a_community_is_its_administrators(stage: Stage) -> None:
    """The platform says who they are; anyone else is refused, by command and by button."""
    assert (await stage.command(HERE, {"max-count": 1})).is_refused
    assert (await stage.press(Action.SET, "here:max-count:1")).is_refused
    reply = await stage.command(HERE, {"max-count": 1}, is_administrator=True)
    assert "max-count: 1" in reply.card.lines
    results = await stage.app.studio.results(await stage.delivered(Ask(text="a cat")))
    assert len(results) == 1
    refused = await stage.app.studio.imagine(stage.event(), Ask(text="a cat", count=3))
    assert refused.is_refused


async def test_a_communitys_defaults_hold_for_its_wishes(stage: Stage) -> None:
    """Style, shape, number, steps and whether words are added, where nothing else is said."""
    usual = {"style": "ink", "aspect": "wide", "count": 2, "steps": 7, "expand": False}
    reply = await stage.command(HERE, usual, is_administrator=True)
    assert {"style: ink", "aspect: wide 16:9", "expand: off"} <= set(reply.card.lines)
    request_id = await stage.delivered()
    first, second = await stage.app.studio.results(request_id)
    assert first.width > first.height
    assert (first.how["job"]["steps"], second.prompt) == (7, "a cat, ink style")
    (made,) = await stage.rows(Request, Request.id == request_id)
    assert made.options["style"] == "ink"


async def test_a_community_may_only_be_more_careful(stage: Stage) -> None:
    """The operator's level is the laxest there is."""
    careful = await stage.command(HERE, {"level": "strict"}, is_administrator=True)
    assert "level: strict" in careful.card.lines
    assert (await stage.command(HERE, {"level": "relaxed"}, is_administrator=True)).is_refused


async def test_places_are_kept_as_their_chat_names_them(stage: Stage) -> None:
    """Where cases go is where the administrator said so, without the person."""
    await stage.command(HERE, {"reviews": "here"}, is_administrator=True)
    (community,) = await stage.rows(Community, Community.external_id == "room")
    assert community.settings == {"reviews": {"platform": "terminal", "at": {"room": "here"}}}
    await stage.command(HERE, {"reviews": "nowhere"}, is_administrator=True)
    (community,) = await stage.rows(Community, Community.external_id == "room")
    assert community.settings == {}


async def test_administrators_name_who_decides(stage: Stage) -> None:
    """Someone the studio has met; once, and not any more when removed."""
    bob = Speaker(platform="terminal", external_id="bob", name="bob")
    stranger = Speaker(platform="terminal", external_id="eve", name="Eve")
    for _ in range(2):
        named = await stage.command("settings reviewers", {"add": bob}, is_administrator=True)
    assert named.card.lines[1] == "bob (moderator)"
    assert "posted nowhere" in named.card.lines[2]
    await stage.command(HERE, {"reviews": "here"}, is_administrator=True)
    named = await stage.command("settings reviewers", is_administrator=True)
    assert named.card.lines[1:] == ("bob (moderator)",)
    assert len(await stage.rows(Moderator)) == 1
    unknown = await stage.command("settings reviewers", {"add": stranger}, is_administrator=True)
    assert "Eve" in unknown.card.lines[0]
    await stage.command("settings reviewers", {"remove": bob}, is_administrator=True)
    assert await stage.rows(Moderator) == []


async def test_a_role_is_given_and_kept(stage: Stage) -> None:
    """Auditors look and do not decide; naming someone again without a role changes nothing; who
    gave which role is in the log."""
    bob = Speaker(platform="terminal", external_id="bob", name="bob")
    for options in ({"add": bob, "role": "auditor"}, {"add": bob}):
        named = await stage.command("settings reviewers", options, is_administrator=True)
        assert named.card.lines[1] == "bob (auditor)"
    assert (await stage.command("cases", who="bob")).is_refused
    await stage.command(
        "settings reviewers", {"add": bob, "role": "administrator"}, is_administrator=True
    )
    assert not (await stage.command("cases", who="bob")).is_refused
    logged = await stage.rows(AuditEntry)
    assert [entry.facts["role"] for entry in logged] == ["auditor", "administrator"]


@pytest.mark.parametrize(
    "argument", ["", "me", "me:nothing:1", "me:aspect:round", "us:count:1", "me:count:many"]
)
async def test_a_button_that_is_not_ours_is_refused(stage: Stage, argument: str) -> None:
    """Nothing is set and nothing breaks."""
    assert (await stage.press(Action.SET, argument)).is_refused
    assert all(not person.settings for person in await stage.rows(Person))


async def test_settings_come_before_the_terms(stage: Stage) -> None:
    """Whoever is new may choose their language to read the terms in."""
    await stage.command("settings me", {"language": "zh-CN"}, who="new")
    asked = await stage.app.studio.imagine(stage.event("new"), Ask(text="a cat"))
    assert asked.card.kind is CardKind.PLAIN
    assert button(asked.card, Action.ACCEPT_TERMS).label == "我同意"


async def test_a_careful_community_has_more_looked_at(tmp_path: Path) -> None:
    """What the operator's filters let pass with a low score waits for a moderator there."""
    slight = Verdict(decision=Decision.ALLOW, scores={Category.VIOLENCE: 0.3})
    parts = replace(make_parts(), word_filter=Saying(slight))
    async with acting(tmp_path, parts=parts) as stage:
        calm = await settle(stage.app, await stage.app.studio.imagine(stage.event(), Ask(text="a")))
        assert calm.state == RequestState.DELIVERED
        await stage.command(HERE, {"level": "strict"}, is_administrator=True)
        held = await settle(stage.app, await stage.app.studio.imagine(stage.event(), Ask(text="a")))
        assert held.state == RequestState.AWAITING_REVIEW


async def test_a_community_speaks_where_nobody_else_says_how(stage: Stage) -> None:
    """The person's choice, then their platform's locale, then the community's language."""
    await stage.command(HERE, {"language": "zh-CN"}, is_administrator=True)
    silent = stage.event("new")
    silent = replace(silent, speaker=replace(silent.speaker, locale=None))
    asked = await stage.app.studio.imagine(silent, Ask(text="a cat"))
    assert button(asked.card, Action.ACCEPT_TERMS).label == "我同意"
    english = await stage.app.studio.imagine(stage.event("newer"), Ask(text="a cat"))
    assert button(english.card, Action.ACCEPT_TERMS).label == "I agree"


@pytest.mark.parametrize("name", ["settings me", HERE])
async def test_every_menu_opens_as_buttons_too(stage: Stage, name: str) -> None:
    """Where there are no selects, a menu's own token gives the same options."""
    card = (await stage.command(name, is_administrator=True)).card
    for menu in card.menus:
        event = stage.event(is_administrator=True)
        opened = await stage.app.studio.press(event, Action.OPEN, menu.argument)
        assert tuple(buttons(opened.card)) == menu.options
    foreign = await stage.press(Action.OPEN, "here-count:")
    assert foreign.is_refused
