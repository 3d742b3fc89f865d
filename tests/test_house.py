"""The rules of the house that no linter knows: sizes, names, files, and what is shipped."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

PACKAGES = ("bot", "inference", "moderation", "store", "migrations")
MAX_FILE_LINES, MAX_TEST_FILE_LINES = 400, 500
MAX_FUNCTION_LINES = 60
MAX_FILE_BYTES = 60 * 2**20
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "misc", "base", "common", "stuff"}
UNSAFE_WEIGHTS = {".pt", ".pth", ".pkl", ".pickle", ".bin", ".ckpt", ".joblib"}
# Needed without being imported by name: SQLAlchemy's drivers, what diffusers and RapidOCR look for.
UNSEEN = {"accelerate", "aiosqlite", "onnxruntime", "psycopg", "s3fs"}
HOME_OF_SOMEBODY = re.compile(r"(?<![\w.])/(?:home|root|Users)/\w+")


@pytest.fixture(scope="module")
def files(checkout: Path) -> list[Path]:
    """Every file that git carries, relative to the checkout."""
    command = ["git", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=True)
    return [Path(name) for name in listed.stdout.split("\0") if name and (checkout / name).exists()]


@pytest.fixture(scope="module")
def trees(checkout: Path, files: list[Path]) -> dict[Path, ast.Module]:
    """Every Python file that people write, parsed; migrations are written by Alembic."""
    python = [path for path in files if path.suffix == ".py" and "versions" not in path.parts]
    return {path: ast.parse((checkout / path).read_text(encoding="utf-8")) for path in python}


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_files_stay_readable(checkout: Path, trees: dict[Path, ast.Module]) -> None:
    """A file is one thing: at most 400 lines of code, 500 of tests; tables of words may be long."""
    long = {}
    for path in (path for path, tree in trees.items() if any(_functions(tree))):
        num_lines = len((checkout / path).read_text(encoding="utf-8").splitlines())
        limit = MAX_TEST_FILE_LINES if path.parts[0] == "tests" else MAX_FILE_LINES
        if num_lines > limit:
            long[str(path)] = num_lines
    assert long == {}


def test_functions_stay_readable(trees: dict[Path, ast.Module]) -> None:
    """No function is longer than a screen; a training recipe, which runs downward, than two."""
    long = [
        f"{path}:{found.lineno} {found.name}"
        for path, tree in trees.items()
        for found in _functions(tree)
        if (found.end_lineno or 0) - found.lineno
        >= MAX_FUNCTION_LINES * (2 if "training" in path.parts else 1)
    ]
    assert long == []


def test_names_say_something(files: list[Path]) -> None:
    """No module hides what it holds behind a name like utils."""
    assert [str(path) for path in files if EMPTY_NAMES & {*path.parts, path.stem}] == []


def test_every_test_can_fail(trees: dict[Path, ast.Module]) -> None:
    """A test asserts, expects an error, or calls a check whose name says that it does."""
    idle = [
        f"{path}:{found.lineno} {found.name}"
        for path, tree in trees.items()
        for found in _functions(tree)
        if path.parts[0] == "tests" and found.name.startswith("test_") and not _can_fail(found)
    ]
    assert idle == []


def _can_fail(test: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    for node in ast.walk(test):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2].lstrip("_")
            if name.startswith(("raises", "warns", "fail", "assert", "check", "expect", "until")):
                return True
    return False


def test_weights_are_never_pickled(files: list[Path]) -> None:
    """Weights are safetensors: a file that can run code when loaded is not carried."""
    assert [str(path) for path in files if path.suffix in UNSAFE_WEIGHTS] == []


def test_no_file_is_too_big_to_clone(checkout: Path, files: list[Path]) -> None:
    """No single file is over 60 MiB."""
    assert [str(p) for p in files if (checkout / p).stat().st_size > MAX_FILE_BYTES] == []


def test_no_path_of_somebodys_machine(checkout: Path, files: list[Path]) -> None:
    """Nothing points into a home folder or at the folder this checkout happens to lie in."""
    here = f"{checkout.parent}/" if len(checkout.parent.parts) > 1 else "\0"
    found = []
    for path in (p for p in files if p.suffix in {".py", ".md", ".toml", ".txt", ".ftl", ".svg"}):
        for number, line in enumerate((checkout / path).read_text("utf-8").splitlines(), 1):
            if here in line or HOME_OF_SOMEBODY.search(line):
                found.append(f"{path}:{number}")
    assert found == []


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_wheel_carries_every_file(checkout: Path, files: list[Path], tmp_path: Path) -> None:
    """What is installed is what lies in the packages: texts, lists, weights, templates too."""
    source, target = tmp_path / "source", tmp_path / "wheel"
    for path in files:
        if path.parts[0] in PACKAGES or len(path.parts) == 1:
            (source / path.parent).mkdir(parents=True, exist_ok=True)
            shutil.copy(checkout / path, source / path)
    target.mkdir()
    program = f"from setuptools import build_meta; build_meta.build_wheel({str(target)!r})"
    built = subprocess.run(
        [sys.executable, "-c", program], cwd=source, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    carried = set(zipfile.ZipFile(next(target.glob("*.whl"))).namelist())
    assert {path.as_posix() for path in files if path.parts[0] in PACKAGES} - carried == set()


def test_dependencies_are_declared_and_used(checkout: Path, trees: dict[Path, ast.Module]) -> None:
    """What the packages import is named in pyproject.toml, and nothing is named in vain."""
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    named = [*project["dependencies"], *(x for e in extras if e != "dev" for x in extras[e])]
    declared = {_canonical(re.split(r"[^\w.-]", requirement)[0]) for requirement in named}
    sellers = packages_distributions()
    imported = {
        _canonical(sellers[top][0])
        for path, tree in trees.items()
        if path.parts[0] in PACKAGES
        for top in _third_parties(tree)
        if top in sellers and top not in PACKAGES
    }
    assert imported - declared == set()
    assert declared - imported - UNSEEN == set()


def _third_parties(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.partition(".")[0]


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
