"""The commands of moderators without a browser: what they do, what they say, what they refuse."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import migrations
from bot.cli import run
from bot.settings import Settings
from moderation.cases import NUM_EYES
from store.sessions import Database
from store.tables import (
    Case,
    Community,
    Identity,
    Pause,
    Person,
    Request,
    RequestState,
    Sanction,
    Table,
)

CASE = "c0ffee" * 5 + "c0"
Cli = Callable[..., tuple[int, Any, str]]


async def a_case(db: Database, **facts: Any) -> None:
    """A doubtful wish of a person in a community on Discord."""
    async with db.session() as session:
        session.add(Community(id="place", platform="discord", external_id="1234"))
        session.add(Person(id="a" * 32))
        await session.flush()
        session.add(Identity(id="i", person_id="a" * 32, platform="discord", external_id="1"))
        await session.flush()
        session.add(
            Request(
                id="beef" * 8, person_id="a" * 32, identity_id="i", community_id="place",
                wish="a sword", platform="discord", event_id="1", address={}, language="en",
                state=RequestState.AWAITING_REVIEW,
            )
        )  # fmt: skip
        await session.flush()
        facts = {"category": "violence", **facts}
        about = {"request_id": "beef" * 8, "community_id": "place", "round": 1, "stage": "wish"}
        session.add(Case(id=CASE, **about, **facts))


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An operator's machine with tables and nothing in them; the undo takes a minute."""
    monkeypatch.setenv("ATELIER_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    made = Settings(data_dir=tmp_path)
    migrations.upgrade(made.url)
    return made


@pytest.fixture
def cli(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs a command with ``--json``: its status, its document, its sentence."""

    def call(*words: str) -> tuple[int, Any, str]:
        status = run([*words, "--json"])
        said = capsys.readouterr()
        return status, json.loads(said.out), said.err.strip()

    return call


def do(settings: Settings, act: Callable[..., Any], *args: Any, **facts: Any) -> Any:
    """Something with the database of that machine."""

    async def now() -> Any:
        db = Database(settings.url)
        try:
            return await act(db, *args, **facts)
        finally:
            await db.close()

    return asyncio.run(now())


async def _rows(db: Database, table: type[Table]) -> list[Any]:
    async with db.session() as session:
        return list(await session.scalars(select(table)))


def test_a_case_from_the_list_to_the_undo(settings: Settings, cli: Cli) -> None:
    """By the last digits of its number; every step is a document."""
    do(settings, a_case)
    assert [one["id"] for one in cli("cases", "list")[1]] == [CASE]
    shown = cli("cases", "show", "ffeec0")[1]
    assert (shown["wish"], shown["person_id"], shown["history"]["num_requests"]) == (
        "a sword",
        "a" * 32,
        1,
    )
    assert cli("cases", "claim", "ffeec0")[1]["state"] == "open"
    decided = cli("cases", "reject", "ffeec0")[1]
    assert (decided["state"], decided["reason"]) == ("decided", "violence")
    assert cli("cases", "list")[1] == []
    assert cli("cases", "undo", "ffeec0")[1]["state"] == "open"


def test_what_cannot_be_is_one_sentence(settings: Settings, cli: Cli) -> None:
    """Status 1 or 2, a sentence beside the result, and nothing changed."""
    do(settings, a_case)
    for status, *words in (
        (2, "show", "123456"), (1, "undo", "ffeec0"), (1, "reject", "ffeec0", "--reason", "x"),
        (1, "lift", "aaaaaa"), (1, "resume"), (2, "pause", "discord-9"), (1, "takedown", "beef"),
        (2, "statements", "--since", "never"),
    ):  # fmt: skip
        found, document, sentence = cli("cases", *words)
        assert (found, document["sentence"]) == (status, sentence), words
        assert sentence.endswith(".") or ": " in sentence, sentence
    (case,) = do(settings, _rows, Case)
    assert (case.state, case.claimed_by) == ("open", None)


def test_a_severe_case_needs_someone_else_too(settings: Settings, cli: Cli) -> None:
    """The operator alone does not decide it, however often they try."""
    do(settings, a_case, category="self_harm", num_eyes=NUM_EYES["self_harm"])  # type: ignore[index]
    assert cli("cases", "approve", "ffeec0")[1]["state"] == "open"
    status, _, sentence = cli("cases", "approve", "ffeec0")
    assert status == 1
    assert "someone else must agree" in sentence


def test_bans_pauses_and_notes_by_hand(settings: Settings, cli: Cli) -> None:
    """Of the person of a case, in one community or everywhere; lifted and resumed again."""
    do(settings, a_case)
    assert cli("cases", "note", "ffeec0", "seen before")[0] == 0
    assert [note["text"] for note in cli("cases", "show", "ffeec0")[1]["notes"]] == ["seen before"]
    banned = cli("cases", "ban", "ffeec0", "--reason", "hate", "--community", "discord-1234")[1]
    assert banned == {"person_id": "a" * 32, "community_id": "place", "days": None}
    (sanction,) = do(settings, _rows, Sanction)
    assert (sanction.kind, sanction.is_local, sanction.reason) == ("ban", True, "hate")
    assert cli("cases", "lift", "ffeec0")[1]["num_lifted"] == 1
    assert cli("cases", "pause", "discord-1234")[1] == {"community_id": "place"}
    assert cli("cases", "resume", "discord-1234")[0] == 0
    (pause,) = do(settings, _rows, Pause)
    assert pause.ended_at is not None


def test_statements_are_lines_of_json(
    settings: Settings, cli: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each with what Art. 17 asks for, and the sentence in both languages."""
    do(settings, a_case)
    cli("cases", "ban", "ffeec0", "--days", "3")
    assert run(["cases", "statements"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert (told["restriction"], told["scope"], told["ground"]) == ("pause", "everywhere", "terms")
    assert (told["is_decided_by_machine"], told["redress"]) == (False, "none")
    assert set(told["sentences"]) == {"en", "zh-CN"}
    assert [one["id"] for one in cli("cases", "statements")[1]] == [told["id"]]
    assert cli("cases", "statements", "--since", "2999-01-01")[1] == []


def test_the_audit_log_is_verified(settings: Settings, cli: Cli) -> None:
    """Whole after some acts; not once an entry is cut off, or the anchor is gone."""
    for _ in range(2):
        cli("cases", "pause")
        cli("cases", "resume")
    status, report, _ = cli("audit", "verify")
    assert (status, report["is_intact"], report["num_entries"]) == (0, True, 4)
    do(settings, _cut_the_tail)
    status, report, _ = cli("audit", "verify")
    assert (status, report["is_intact"], report["first_bad"]) == (1, False, 4)
    (settings.data_dir / "audit.anchor").unlink()
    status, _, sentence = cli("audit", "verify")
    assert status == 1
    assert "anchor" in sentence


async def _cut_the_tail(db: Database) -> None:
    from sqlalchemy import text

    async with db.session() as session:
        await session.execute(text("DELETE FROM audit WHERE number = 4"))


def test_every_command_is_there_in_both_languages(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The help of the group names each, and no key stands for a sentence."""
    for language in ("en_US.UTF-8", "zh_CN.UTF-8"):
        monkeypatch.setenv("LC_ALL", language)
        run(["cases", "--help"])
        shown = capsys.readouterr().out
        for name in ("show", "back", "note", "takedown", "ban", "lift", "pause", "statements"):
            assert name in shown
        assert "help-" not in shown
