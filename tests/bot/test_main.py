"""The first moment of the command line."""

from __future__ import annotations

import sys
import types

import pytest

import bot.__main__


class _Slow(types.ModuleType):
    """A module in whose loading somebody presses Ctrl-C."""

    def __getattr__(self, name: str) -> object:
        raise KeyboardInterrupt


def test_an_interrupt_while_it_loads_prints_no_trace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It ends with the status shells know, and with nothing said."""
    monkeypatch.setitem(sys.modules, "bot.cli", _Slow("bot.cli"))
    with pytest.raises(SystemExit) as ended:
        bot.__main__.main()
    assert ended.value.code == 130
    assert capsys.readouterr() == ("", "")
