"""The arrows between the rooms of the house, checked on what every file imports."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGES = ("bot", "inference", "moderation", "store", "migrations")

# Who may import which of our packages. The longest matching room decides; itself always may.
ARROWS: dict[str, set[str]] = {
    "bot": {"inference", "moderation", "store", "migrations"},
    "inference": set(),
    "inference.learning": {"store"},
    "moderation": set(),
    "moderation.cases": {"store"},
    "moderation.sanctions": {"store"},
    "moderation.audit": {"store"},
    "moderation.lists": {"store"},
    "moderation.desk": {"store"},
    "store": set(),
    "migrations": {"store"},
}

# Libraries that belong to one room. A room is a module or a package; None: nobody.
KEPT_IN: dict[str, tuple[str, ...]] = {
    "dbos": ("bot.durable",),
    "discord": ("bot.discord_chat",),
    "telegram": ("bot.telegram_chat",),
    "openai": ("inference.expansion.llm", "inference.expansion.llm_vision", "moderation.words.openai_guard"),
    "alembic": ("migrations",),
    "fastapi": ("moderation.desk",),
    "jinja2": ("moderation.desk",),
    "uvicorn": ("moderation.desk",),
    "rich": ("bot", "inference.sketchbook"),
    "typer": ("bot", "inference.sketchbook"),
    "sqlalchemy": (
        "bot", "store", "migrations", "inference.learning", "moderation.cases",
        "moderation.sanctions", "moderation.audit", "moderation.lists", "moderation.desk",
    ),
}  # fmt: skip

# What the chat role must never load: seconds and hundreds of megabytes.
HEAVY = ("torch", "diffusers", "transformers", "peft", "accelerate")


@dataclass(frozen=True, kw_only=True)
class Import:
    importer: str  # module, dotted
    imported: str  # module, dotted
    line: int
    is_at_load: bool  # False where a function imports it, or only a type checker

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.imported}"


def imports_of(root: Path) -> Iterator[Import]:
    """Every import in our packages under ``root``, absolute."""
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            is_package = parts[-1] == "__init__"
            module = ".".join(parts[:-1] if is_package else parts)
            tree = ast.parse(path.read_text(encoding="utf-8"))
            yield from _imports_in(tree, module, is_package, root)


def _imports_in(tree: ast.Module, module: str, is_package: bool, root: Path) -> Iterator[Import]:
    at_load = set(_nodes_at_load(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = _names_from(node, module, is_package, root)
        else:
            continue
        for name in names:
            yield Import(
                importer=module, imported=name, line=node.lineno, is_at_load=node in at_load
            )


def _names_from(node: ast.ImportFrom, module: str, is_package: bool, root: Path) -> list[str]:
    """The modules that a ``from … import …`` names, relative ones made absolute."""
    above = module.split(".")
    above = above[: len(above) - node.level + is_package] if node.level else []
    source = ".".join([*above, *([node.module] if node.module else [])])
    return [
        f"{source}.{alias.name}" if _is_module(root, f"{source}.{alias.name}") else source
        for alias in node.names
    ]


def _is_module(root: Path, name: str) -> bool:
    path = root.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or path.is_dir()


def _nodes_at_load(tree: ast.AST) -> Iterator[ast.AST]:
    """The statements that run when the module is imported."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        yield from _nodes_at_load(node)


def _is_in(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")


def crossed_arrows(imports: list[Import]) -> list[str]:
    """Imports of our packages that no arrow allows."""
    crossed = []
    for found in imports:
        target = found.imported.partition(".")[0]
        home = found.importer.partition(".")[0]
        if target not in PACKAGES or target == home:
            continue
        room = max((room for room in ARROWS if _is_in(found.importer, room)), key=len)
        if target not in ARROWS[room]:
            crossed.append(str(found))
    return crossed


def strays(imports: list[Import]) -> list[str]:
    """Libraries imported outside the room they are kept in."""
    return [
        str(found)
        for found in imports
        if (rooms := KEPT_IN.get(found.imported.partition(".")[0])) is not None
        and not any(_is_in(found.importer, room) for room in rooms)
    ]


def cycle(imports: list[Import]) -> list[str]:
    """Modules that need each other before either is loaded; empty where there are none."""
    graph: dict[str, set[str]] = {}
    for found in imports:
        is_ours = found.imported.partition(".")[0] in PACKAGES
        if is_ours and found.is_at_load and found.imported != found.importer:
            graph.setdefault(found.importer, set()).add(found.imported)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.fixture(scope="module")
def imports(checkout: Path) -> list[Import]:
    """Every import of the house."""
    return list(imports_of(checkout))


def test_no_arrow_is_crossed(imports: list[Import]) -> None:
    """Only the bot knows all; learning and the humans' side of moderation know the store."""
    assert crossed_arrows(imports) == []


def test_libraries_stay_in_their_room(imports: list[Import]) -> None:
    """Only ``bot/durable.py`` knows DBOS, only the pure rooms' neighbours know a database."""
    assert strays(imports) == []


def test_nothing_imports_in_a_circle(imports: list[Import]) -> None:
    """Every module can be loaded first."""
    assert cycle(imports) == []


def test_the_chat_side_never_loads_torch(checkout: Path) -> None:
    """Importing every module of bot, store, moderation and expansion loads no torch."""
    modules = sorted(
        ".".join(path.relative_to(checkout).with_suffix("").parts).removesuffix(".__init__")
        for room in ("bot", "store", "inference/expansion")
        for path in (checkout / room).rglob("*.py")
        if path.stem != "__main__"
    )
    assert "bot.settings" in modules
    assert _heavy_after(checkout, [*modules, "bot.__main__", "inference.jobs"]) == "[]\n"


def _heavy_after(checkout: Path, modules: list[str]) -> str:
    program = (
        f"import importlib, sys\nfor name in {modules!r}: importlib.import_module(name)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    return done.stdout or done.stderr


def test_a_wrong_import_would_be_found(tmp_path: Path) -> None:
    """The three checks see a crossed arrow, a stray library and a circle where there is one."""
    for package in PACKAGES:
        (tmp_path / package).mkdir()
    (tmp_path / "moderation" / "cases.py").write_text("from store import sessions\nimport dbos\n")
    (tmp_path / "moderation" / "words.py").write_text("def f():\n    from bot import app\n")
    (tmp_path / "store" / "a.py").write_text("from . import b\n")
    (tmp_path / "store" / "b.py").write_text("from store.a import x\n")
    found = list(imports_of(tmp_path))
    assert crossed_arrows(found) == ["moderation.words:2 imports bot"]
    assert strays(found) == ["moderation.cases:2 imports dbos"]
    assert {"store.a", "store.b"} == set(cycle(found))


def test_torch_would_be_seen(tmp_path: Path) -> None:
    """The check for heavy modules notices one that is loaded."""
    (tmp_path / "peft.py").write_text("")
    (tmp_path / "thing.py").write_text("import peft\n")
    assert _heavy_after(tmp_path, ["thing"]) == "['peft']\n"
