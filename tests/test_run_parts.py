"""`make test` runs everything there is and cannot be green where something failed."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def run_parts(checkout: Path) -> ModuleType:
    """The driver of ``make test``, which is a program and no package."""
    spec = importlib.util.spec_from_file_location("run_parts", checkout / "tests" / "run_parts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["run_parts"] = module
    spec.loader.exec_module(module)
    return module


def test_every_folder_of_tests_is_a_part(run_parts: ModuleType, checkout: Path) -> None:
    """A new test file lies in exactly one part, without being listed anywhere."""
    shared, _ = run_parts.all_parts()
    folders = {part.name for part in shared} - {"types", "lint"}
    for test in (checkout / "tests").rglob("test_*.py"):
        assert run_parts._part_folder(test).as_posix() in folders


def test_a_part_leaves_out_the_rooms_that_are_parts(run_parts: ModuleType, checkout: Path) -> None:
    """No test runs twice: the part of the top folder ignores every other part's folder."""
    shared, _ = run_parts.all_parts()
    top = next(part for part in shared if part.name == "tests")
    ignored = {word.partition("=")[2] for word in top.command if "--ignore" in word}
    others = {part.name for part in shared} - {"tests", "types", "lint"}
    assert {str(checkout / "tests" / Path(name).parts[1]) for name in others} == ignored


def test_a_failing_part_is_told_and_counted(
    run_parts: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """A command that exits with 1 is a failure in the list, in the sum and in what is printed."""
    part = run_parts.Part(name="broken", command=("sh", "-c", "echo what went wrong; exit 1"))
    outcomes = run_parts.run_all([part], 1)
    assert not outcomes[0].is_ok
    assert "what went wrong" in capsys.readouterr().out
    assert run_parts.summary(outcomes, 1.0).endswith("0 passed, 1 failed")


def test_what_is_skipped_says_why(
    run_parts: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where this machine lacks something, once, however many tests need it."""
    told = "SKIPPED [1] some.py:7: no Chromium here\nSKIPPED [1] some.py:9: no Chromium here"
    part = run_parts.Part(name="some", command=("sh", "-c", f"echo '{told}'; echo '2 skipped'"))
    run_parts.run_all([part], 1)
    assert capsys.readouterr().out.count("skipped: no Chromium here") == 1


def test_a_crashed_pytest_is_a_failure(run_parts: ModuleType) -> None:
    """A pytest that dies before its closing line counts as failed, not as nothing."""
    part = run_parts.Part(name="crash", command=("sh", "-c", "kill -9 $$", "pytest"))
    outcome = run_parts.run(part)
    assert not outcome.is_ok
    assert outcome.counts["failed"] == 1


def test_the_sum_adds_what_pytest_counted(run_parts: ModuleType) -> None:
    """Passed, failed and errors of several closing lines become one line that CI can read."""
    part = run_parts.Part(
        name="some",
        command=("sh", "-c", "echo '2 failed, 5 passed, 1 skipped in 3s'; exit 1", "pytest"),
    )
    outcomes = run_parts.run_all([part, part], 1)
    assert run_parts.summary(outcomes, 1.0).endswith("10 passed, 4 failed, 2 skipped")


def test_an_unknown_part_is_named(
    run_parts: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """A misspelt part runs nothing, says so and exits with 2."""
    assert run_parts.main(["tests/nowhere"]) == 2
    assert "tests/nowhere" in capsys.readouterr().err
