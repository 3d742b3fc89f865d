"""Lines typed into the terminal chat: English and Chinese mean the same."""

from __future__ import annotations

import pytest

from bot.asks import Ask
from bot.chat import Action
from bot.command_lines import parse_size, read_line
from bot.commands import COMMANDS, typed_names
from bot.console_commands import PRESSES, VERBS, Command, Verb, parse
from bot.edge import WrongUsage
from bot.texts import LANGUAGES, say
from bot.wishing import ask_of


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("a red star", Command(verb=Verb.WORDS, text="a red star")),
        ("画点可爱的", Command(verb=Verb.WORDS, text="画点可爱的")),
        ("/imagine a cat --count 2", Command(verb=Verb.COMMAND, text="/imagine a cat --count 2")),
        ("/画 一只猫", Command(verb=Verb.COMMAND, text="/画 一只猫")),
        ("/歷史", Command(verb=Verb.COMMAND, text="/history")),
        ("2", Command(verb=Verb.PRESS, number=2)),
        ("/vary 3", Command(verb=Verb.PRESS, action=Action.VARY, number=3)),
        ("/变化 3", Command(verb=Verb.PRESS, action=Action.VARY, number=3)),
        ("/word cat > dog", Command(verb=Verb.PRESS, action=Action.CHANGE_WORD, text="cat > dog")),
        ("/拒绝 violence", Command(verb=Verb.PRESS, action=Action.REJECT, text="violence")),
        ("/QUIT", Command(verb=Verb.QUIT)),
        ("／帮助", Command(verb=Verb.HELP)),
    ],
)
def test_what_a_line_means(line: str, command: Command) -> None:
    """Plain words are a wish, a number presses, a slash commands."""
    assert parse(line) == command


def test_an_empty_line_means_nothing() -> None:
    """Pressing return asks for no picture."""
    assert parse("  ") is None


def test_an_unknown_command_is_named() -> None:
    """A slip of the keyboard is not taken for a wish."""
    with pytest.raises(WrongUsage, match="imagin"):
        parse("/imagin a cat")


def test_every_command_has_a_name_in_both_languages() -> None:
    """The first name is Latin, the second Chinese, and no name means two things."""
    every = [*VERBS.values(), *PRESSES.values()]
    every += [typed_names(each) for each in COMMANDS if each.name != "help"]
    assert all(names[0].isascii() and not names[1].isascii() for names in every)
    flat = [name for names in every for name in names]
    assert len(flat) == len(set(flat))


def asked(line: str) -> Ask:
    """The ask of a typed wish."""
    typed = read_line(line)
    assert typed is not None
    return ask_of(typed.options)


def test_options_end_a_wish() -> None:
    """The same options as on the command line."""
    line = (
        '/imagine a cat on a mat --count 2 --seed=7 --size 64x48 --guidance 3.5 --negative "a dog" '
        "--style ink --own-words --private"
    )
    assert asked(line) == Ask(
        text="a cat on a mat", count=2, seed=7, width=64, height=48, guidance=3.5,
        negative_prompt="a dog", style="ink", may_expand=False, is_private=True,
    )  # fmt: skip


def test_options_may_be_named_in_chinese() -> None:
    """The Chinese names of command and options mean the same."""
    wanted = asked("/imagine 一只猫 --count 2 --style 水墨 --expand off")
    assert asked("/画 一只猫 --张数 2 --风格 水墨 --扩写 关") == wanted


@pytest.mark.parametrize(
    ("line", "name", "options"),
    [
        ("/imagine@atelier_bot a cat", "imagine", {"prompt": "a cat"}),
        ("/mydata", "mydata export", {}),
        ("/mydata export", "mydata export", {}),
        ("/mydata_delete", "mydata delete", {}),
        ("/我的数据 导出", "mydata export", {}),
        ("/link ABCDE-FGHJK", "link", {"code": "ABCDE-FGHJK"}),
        ("/settings me --private on", "settings me", {"private": True}),
    ],
)
def test_a_line_gives_a_command(line: str, name: str, options: dict[str, object]) -> None:
    """Groups, hyphens, the bot's own name and both languages."""
    typed = read_line(line)
    assert typed is not None
    assert (typed.command.name, dict(typed.options)) == (name, options)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("a cat --count two", "usage-number"),
        ("a cat --colour red", "usage-option"),
        ("a cat --size big", "usage-size"),
        ("a cat --private perhaps", "usage-switch"),
    ],
)
def test_a_wrong_option_is_said(text: str, key: str) -> None:
    """Nothing is guessed and nothing dropped."""
    with pytest.raises(WrongUsage) as caught:
        asked(f"/imagine {text}")
    assert caught.value.key == key


@pytest.mark.parametrize(
    ("line", "key", "told"),
    [
        ("/mydata bogus", "usage-group", "export, delete, forget-votes"),
        ("/我的数据 什么", "usage-group", "export, delete, forget-votes"),
        ("/settings here X", "usage-only-options", "--level strict|standard|relaxed"),
        ("/queue now", "usage-no-words", ""),
    ],
)
def test_what_cannot_be_meant_is_answered_with_what_can(line: str, key: str, told: str) -> None:
    """A group names its commands, a command that takes no words its options."""
    with pytest.raises(WrongUsage) as caught:
        read_line(line)
    assert caught.value.key == key
    assert told in str(caught.value.args_)
    for language in LANGUAGES:
        assert say(language, key, **caught.value.args_)


@pytest.mark.parametrize("value", ["64x48", "64X48", "64×48", " 64 x 48 "])
def test_sizes_are_read_as_people_write_them(value: str) -> None:
    """Width, then height."""
    assert parse_size(value) == (64, 48)


@pytest.mark.parametrize("value", ["64", "x", "64x", "-1x64", "6.4x64", "1e3x64", "64x48x3"])
def test_what_is_no_size_is_refused(value: str) -> None:
    """One sentence names the value."""
    with pytest.raises(WrongUsage):
        parse_size(value)
