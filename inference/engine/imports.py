"""Imports the model libraries without torch's compiler, which they only decorate with.

``torch._dynamo`` takes about two seconds to import and an engine on a CPU never compiles. While
the libraries load, a stand-in whose every decorator returns the function unchanged takes its
place; afterwards it is gone, and whoever compiles gets the real one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_COMPILER = "torch._dynamo"


@contextmanager
def without_compiler() -> Iterator[None]:
    """Let what is imported inside find a stand-in for the compiler, unless it is loaded already."""
    if _COMPILER in sys.modules:
        yield
        return
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if _is_compiler(name)]:
            del sys.modules[name]
        vars(sys.modules["torch"]).pop("_dynamo", None)


class _Finder(MetaPathFinder, Loader):
    """Finds a stand-in for the compiler and all its parts."""

    def find_spec(
        self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(name, self, is_package=True) if _is_compiler(name) else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""


class _StandIn(ModuleType):
    """A module whose every name is a decorator that changes nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _unchanged


def _unchanged(function: Callable[..., Any] | None = None, *_: Any, **__: Any) -> Any:
    """Decorate with or without arguments; the function stays as it is."""
    return _unchanged if function is None else function


def _is_compiler(name: str) -> bool:
    return name == _COMPILER or name.startswith(f"{_COMPILER}.")
