"""Imports the model libraries without what an engine on a CPU never uses. Knows no model.

Half of the time a first picture takes is Python importing libraries, so three things are spared:

* torch's compiler (``torch._dynamo``), which the libraries only decorate with. While they load, a
  stand-in whose every decorator returns the function unchanged takes its place; afterwards it is
  gone, and whoever compiles gets the real one.
* transformers' support for models spread over many machines, which brings in sympy.
* the garbage collector's walks through modules that will never be garbage.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_COMPILER = "torch._dynamo"
_IS_DISTRIBUTED = "is_torch_distributed_available"  # what transformers asks itself as it loads


@contextmanager
def without_collections() -> Iterator[None]:
    """Let imports run without garbage collections; what they leave is never looked at again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


@contextmanager
def lean() -> Iterator[None]:
    """Let what is imported inside do without a compiler and without other machines."""
    with without_compiler(), without_distribution():
        yield


@contextmanager
def without_distribution() -> Iterator[None]:
    """Let transformers' modules be loaded inside as on a torch without ``torch.distributed``.

    Each of them keeps the answer it got, so one loaded inside stays consistent afterwards.
    """
    import transformers.utils
    from transformers.utils import import_utils

    rooms: tuple[Any, ...] = (transformers.utils, import_utils)
    answers = [getattr(room, _IS_DISTRIBUTED) for room in rooms]
    for room in rooms:
        setattr(room, _IS_DISTRIBUTED, _no)
    try:
        yield
    finally:
        for room, answer in zip(rooms, answers, strict=True):
            setattr(room, _IS_DISTRIBUTED, answer)


def _no() -> bool:
    return False


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
