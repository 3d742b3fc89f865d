"""The edge: every exception becomes one sentence; what nobody foresaw leaves a trace in the log."""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.edge import REFUSED, WRONG_USAGE, Refused, WrongUsage, explain, terminal_language
from bot.logs import log_file, open_logs
from bot.settings import Settings, SettingsError, read_settings
from bot.texts import say
from inference.jobs import RenderFailed
from store.errors import StoreLocked


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """What a test does to logging ends with it."""
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    yield
    for handler in root.handlers:
        if handler not in before:
            handler.close()
    root.handlers = before
    logging.captureWarnings(False)


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (WrongUsage("usage-size", value="big"), WRONG_USAGE, "not “big”"),
        (
            SettingsError("settings-unknown", name="ATELIER_MAX_COUNTS"),
            REFUSED,
            "ATELIER_MAX_COUNTS",
        ),
        (StoreLocked(place="x.sqlite"), REFUSED, "x.sqlite"),
        (RenderFailed("render-model-missing", model="nope"), REFUSED, "nope"),
        (Refused("No."), REFUSED, "No."),
        (OSError(errno.ENOSPC, "No space left", "/data/blobs"), REFUSED, "/data/blobs"),
    ],
)
def test_families_speak_for_themselves(error: Exception, status: int, words: str) -> None:
    """One sentence, no trace id: the cause is known."""
    problem = explain(error, "en")
    assert problem.status == status
    assert words in problem.sentence
    assert problem.trace == ""


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_unforeseen_is_logged_and_quoted(tmp_path: Path, language: str) -> None:
    """The person gets a trace id; the log has the same id and the way through the code."""
    settings = Settings(data_dir=tmp_path)
    problem = explain(_raised(ZeroDivisionError("my secret wish")), language, settings)
    logged = log_file(settings).read_text("utf-8")
    assert problem.trace in problem.sentence
    assert problem.trace in logged
    assert "ZeroDivisionError" in logged
    assert "_raised" in logged


@pytest.mark.parametrize(("log_prompts", "is_there"), [(False, False), (True, True)])
def test_messages_stay_out_of_the_log(tmp_path: Path, log_prompts: bool, is_there: bool) -> None:
    """An exception's message may hold a wish or a password; only the operator lets it in."""
    settings = Settings(data_dir=tmp_path, log_prompts=log_prompts)
    explain(_raised(ValueError("my secret wish")), "en", settings)
    assert ("my secret wish" in log_file(settings).read_text("utf-8")) is is_there


def test_nothing_is_logged_to_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Libraries' chatter goes to the file as well."""
    open_logs(Settings(data_dir=tmp_path))
    logging.getLogger("dbos").warning("chatter")
    assert capsys.readouterr() == ("", "")
    assert "chatter" in log_file(Settings(data_dir=tmp_path)).read_text("utf-8")


def test_a_log_that_cannot_be_written_is_no_second_error(tmp_path: Path) -> None:
    """The sentence is said all the same."""
    (tmp_path / "data").write_text("not a folder")
    problem = explain(_raised(KeyError("x")), "en", Settings(data_dir=tmp_path / "data"))
    assert problem.trace in problem.sentence


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh-CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "C"}, "zh-CN"),
        ({}, "zh-CN"),
    ],
)
def test_the_terminals_language(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], language: str
) -> None:
    """The locale where it says anything, else the operator's setting."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert terminal_language(Settings(language="zh-CN")) == language


def _raised(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:  # noqa: BLE001  (any error will do)
        return caught


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ATELIER_FOO", "1", "ATELIER_FOO"),
        ("ATELIER_MODLE", "sketchbook", "ATELIER_MODEL"),
        ("ATELIER_DEVICE", "tpu", "cuda"),
        ("ATELIER_MAX_COUNT", "many", "ATELIER_MAX_COUNT"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_named(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    language: str,
    name: str,
    value: str,
    words: str,
) -> None:
    """Wrong, unknown or misspelt: one sentence in the operator's language says which and what."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as wrong:
        read_settings()
    assert words in explain(wrong.value, language).sentence


def test_a_file_of_settings_that_is_no_text_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Bytes that are no UTF-8 end in a sentence with the file's name."""
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError) as wrong:
        read_settings()
    assert str(tmp_path / ".env") in explain(wrong.value, "en").sentence


@pytest.mark.parametrize("number", [1e99, float("inf"), float("nan")])
def test_numbers_beyond_digits_can_be_said(number: float) -> None:
    """A sentence that quotes an absurd number quotes it, and does not fail over it."""
    assert str(number) in say("en", "job-bad-guidance", value=number, least=0, most=30)
