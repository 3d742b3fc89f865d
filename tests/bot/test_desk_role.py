"""The role of the desk: its command, its link in the terminal, and a process that serves it alone."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select

from bot.app import App, build
from bot.desk_house import make_desk
from bot.doctor import examine
from bot.settings import Settings, SettingsError, read_settings
from moderation.desk.site import make_site
from moderation.errors import DeskError
from store.tables import Identity, Moderator

from .path_fakes import QUICK, event, make_app, make_parts, make_settings, make_tables

URL = "https://desk.example"
HEAVY = ("torch", "diffusers", "transformers")


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    """A studio whose desk has an address; Ann, who uses it, has agreed to the terms."""
    settings = make_settings(tmp_path, desk_url=URL)
    make_tables(settings)
    companion = make_app(settings, roles=())
    await companion.start()
    await companion.studio.accept_terms(event("terms"))
    yield companion
    await companion.stop()


async def appoint(app: App, role: str) -> None:
    """Ann gets a role everywhere."""
    async with app.db.session() as session:
        ann = select(Identity.person_id).where(Identity.external_id == "ann")
        session.add(Moderator(person_id=(await session.scalars(ann)).one(), role=role))


@pytest.mark.parametrize("role", ["moderator", "auditor", "administrator"])
async def test_the_command_gives_a_link_that_works(app: App, role: str) -> None:
    """In private, for whoever has a role; it opens the desk once."""
    await appoint(app, role)
    reply = await app.studio.command(event("desk"), "desk")
    assert reply.card.is_private
    address = reply.card.lines[0].rpartition(" ")[2]
    assert address.startswith(f"{URL}/enter/")
    site = make_site(make_desk(app.shop).house)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=site), base_url=URL) as client:
        secret = {"secret": address.rpartition("/")[2]}
        assert (await client.post("/enter", data=secret)).headers["Location"] == "/"
        assert (await client.post("/enter", data=secret)).status_code == 410


async def test_whoever_has_no_role_gets_no_link(app: App) -> None:
    """The command refuses, and help does not mention it."""
    reply = await app.studio.command(event("desk"), "desk")
    assert reply.is_refused
    assert "enter/" not in " ".join(reply.card.lines)
    told = await app.studio.command(event("help"), "help")
    assert "/desk" not in " ".join(told.card.lines)
    await appoint(app, "auditor")
    told = await app.studio.command(event("help again"), "help")
    assert "/desk" in " ".join(told.card.lines)


async def test_without_a_desk_the_command_says_so(tmp_path: Path) -> None:
    """It names what the operator would set, and the other way to the cases."""
    settings = make_settings(tmp_path)
    make_tables(settings)
    app = make_app(settings, roles=())
    await app.start()
    await app.studio.accept_terms(event("terms"))
    await appoint(app, "moderator")
    reply = await app.studio.command(event("desk"), "desk")
    await app.stop()
    assert reply.is_refused
    assert "ATELIER_DESK_URL" in reply.card.lines[0]


def test_an_address_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting without a scheme would lead nobody anywhere."""
    monkeypatch.setenv("ATELIER_DESK_URL", "desk.example")
    with pytest.raises(SettingsError) as wrong:
        read_settings()
    assert wrong.value.args_["name"] == "ATELIER_DESK_URL"


async def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    """The start ends with one sentence that says which settings to change."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = make_settings(tmp_path, desk_port=taken.getsockname()[1])
        make_tables(settings)
        app = make_app(settings, roles=("desk",))
        with pytest.raises(DeskError) as error:
            await app.start()
        await app.stop()
    assert error.value.key == "desk-error-address"


async def test_the_desk_stands_beside_chat_and_render(tmp_path: Path) -> None:
    """One process with all three roles answers on its port, and stops."""
    settings = make_settings(tmp_path, desk_port=free_port())
    make_tables(settings)
    app = build(settings, ("chat", "render", "desk"), parts=make_parts(), pace=QUICK)
    await app.start()
    try:
        async with httpx2.AsyncClient() as client:
            answer = await client.get(f"{settings.desk_address}/sign-in")
    finally:
        await app.stop()
    assert "Sign in" in answer.text
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(settings.desk_address)


@pytest.mark.slow
def test_a_process_with_the_desk_alone(tmp_path: Path, checkout: Path) -> None:
    """`atelier serve --roles desk` answers without PyTorch; `atelier desk link` lets in; a signal
    ends it well."""
    port = free_port()
    environment = {
        **os.environ, "ATELIER_DATA_DIR": str(tmp_path), "ATELIER_DESK_PORT": str(port),
        "LANG": "C.UTF-8",
    }  # fmt: skip
    program = (
        "import sys; from bot.cli import run; status = run(sys.argv[1:]);"
        f"print('heavy:', [name for name in {HEAVY!r} if name in sys.modules]); sys.exit(status)"
    )
    serving = [sys.executable, "-c", program, "serve", "--roles", "desk"]
    with subprocess.Popen(
        serving, cwd=checkout, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True,
    ) as service:  # fmt: skip
        assert service.stdout is not None
        told = service.stdout.readline() + service.stdout.readline()
        link = [sys.executable, "-m", "bot", "desk", "link", "--json"]
        done = subprocess.run(
            link, cwd=checkout, env=environment, capture_output=True, text=True, check=True
        )
        address = json.loads(done.stdout)["url"]
        page = httpx2.get(address, timeout=20).text
        service.send_signal(signal.SIGTERM)
        rest = service.stdout.read()
    assert f"http://127.0.0.1:{port}" in told
    assert "Come in" in page
    assert "heavy: []" in rest
    assert service.returncode == 0


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("", "unused"),
        ("https://desk.example", "good"),
        ("http://localhost:8460", "good"),
        ("http://desk.example", "open"),
    ],
)
def test_the_doctor_looks_at_the_desk(tmp_path: Path, url: str, key: str) -> None:
    """What moderators see must not travel in the open."""
    found = examine(make_settings(tmp_path, desk_url=url), "en")
    assert [one.key for one in found if one.topic == "desk"] == [key]
    assert all(one.sentence("zh-CN") for one in found)


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def test_the_desk_is_served_where_it_has_an_address() -> None:
    """Its public address is the setting, else where it listens."""
    assert Settings(desk_url="https://a.example/desk/").desk_address == "https://a.example/desk"
    assert Settings(desk_port=9000).desk_address == "http://127.0.0.1:9000"
