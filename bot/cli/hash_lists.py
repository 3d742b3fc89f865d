"""``lists``: the operator's lists of known pictures: show, add, remove, import, export."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.edge import DONE, Refused, WrongUsage
from bot.texts import say
from moderation.policy import Category, Decision

from .output import Output, opened
from .words import read_picture

if TYPE_CHECKING:
    from bot.settings import Settings
    from moderation.lists import HashLists, Listed

Name = Annotated[str, typer.Argument(metavar="LIST", help="help-lists-name")]
CategoryName = Annotated[str, typer.Option("--category", help="help-lists-category")]
DecisionName = Annotated[str, typer.Option("--decision", help="help-lists-decision")]
OnTrial = Annotated[bool, typer.Option("--trial", help="help-lists-trial")]
Json = Annotated[bool, typer.Option("--json", help="help-json")]
OPERATOR = "operator"  # who added it, as the lists say


def add_to(app: typer.Typer) -> None:
    """Register this group's commands."""
    group = typer.Typer(help="help-lists", rich_markup_mode=None)
    group.command("show", help="help-lists-show")(show)
    group.command("add", help="help-lists-add")(add)
    group.command("remove", help="help-lists-remove")(remove)
    group.command("import", help="help-lists-import")(import_hashes)
    group.command("export", help="help-lists-export")(export)
    app.add_typer(group, name="lists")


def show(name: Name = "", *, is_json: Json = False) -> int:
    """Every list and how long it is, or what is on one."""
    settings, output = opened(is_json=is_json)
    edition = _lists(settings).edition
    if name:
        return _show_one(output, name, [each for each in edition.lists if each.name == name])
    output.document(
        {
            "version": edition.version,
            "lists": [
                {"name": each.name, "trial": each.is_on_trial, "pictures": len(each.pictures)}
                for each in edition.lists
            ],
        }
    )
    if not edition.lists:
        output.say("lists-none", folder=str(settings.hash_folder))
    for each in edition.lists:
        kinds = Counter(picture.category.value for picture in each.pictures)
        told = ", ".join(f"{kind} {kinds[kind]}" for kind in sorted(kinds)) or "-"
        key = "lists-one-trial" if each.is_on_trial else "lists-one"
        output.say(key, name=each.name, count=len(each.pictures), kinds=told)
    return DONE


def _show_one(output: Output, name: str, found: list[Any]) -> int:
    from moderation.errors import ListError

    if not found:
        raise ListError("hash-list-unknown", name=name)
    pictures = [picture for each in found for picture in each.pictures]
    output.document([_facts(picture) for picture in pictures])
    for picture in pictures:
        known_by = "+".join(kind for kind in ("sha256", "pdq", "crops") if getattr(picture, kind))
        output.text(f"{picture.id}\t{picture.category}\t{picture.decision}\t{known_by}")
    return DONE


def add(
    name: Name,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="help-lists-files")],
    *,
    category: CategoryName,
    decision: DecisionName = "block",
    is_on_trial: OnTrial = False,
    is_json: Json = False,
) -> int:
    """Put pictures on a list; only their hashes are kept."""
    settings, output = opened(is_json=is_json)
    kind, follows = _category(category), _decision(decision)
    pictures = [_listed(file, kind, follows) for file in files]
    num_new = _lists(settings).add(name, pictures, is_on_trial=is_on_trial)
    output.document({"list": name, "added": num_new, "pictures": [_facts(p) for p in pictures]})
    output.say("lists-added", name=name, count=num_new)
    for file, picture in zip(files, pictures, strict=True):
        output.text(f"{picture.id}\t{file}")
        if not picture.pdq:
            output.sentence("lists-too-plain", file=str(file))
    return DONE


def remove(
    name: Name,
    ids: Annotated[list[str], typer.Argument(metavar="ID…", help="help-lists-ids")],
    *,
    is_json: Json = False,
) -> int:
    """Take pictures off a list."""
    settings, output = opened(is_json=is_json)
    num_gone = _lists(settings).remove(name, ids)
    if num_gone < len(set(ids)):
        raise Refused(say(output.language, "lists-not-on-it", name=name), {"removed": num_gone})
    output.document({"list": name, "removed": num_gone})
    output.say("lists-removed", name=name, count=num_gone)
    return DONE


def import_hashes(
    name: Name,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="help-lists-file")],
    *,
    kind: Annotated[str, typer.Option("--kind", help="help-lists-kind")] = "list",
    category: CategoryName = "",
    decision: DecisionName = "block",
    is_on_trial: OnTrial = False,
    is_json: Json = False,
) -> int:
    """Take over a list that was exported, or hashes that someone else made."""
    from moderation.lists import from_hashes, read_list

    settings, output = opened(is_json=is_json)
    if kind not in ("list", "sha256", "pdq"):
        raise WrongUsage("usage-choice", name="--kind", choices="list, sha256, pdq")
    if not file.is_file():
        raise WrongUsage("usage-no-file", path=str(file))
    if kind == "list":
        pictures = list(read_list(file).pictures)
    else:
        pictures = list(
            from_hashes(
                _lines(file),
                kind=kind,
                category=_category(category),
                decision=_decision(decision),
                added_by=OPERATOR,
            )
        )
    num_new = _lists(settings).add(name, pictures, is_on_trial=is_on_trial)
    output.document({"list": name, "added": num_new, "read": len(pictures)})
    output.say("lists-added", name=name, count=num_new)
    return DONE


def export(name: Name, *, is_json: Json = False) -> int:
    """Write a list to standard output, for someone else's ``lists import``."""
    settings, output = opened(is_json=is_json)
    text = _lists(settings).export(name)
    output.document(
        {"list": name, "tsv": text, "sha256": hashlib.sha256(text.encode()).hexdigest()}
    )
    if not is_json:
        sys.stdout.write(text)
    return DONE


def _lists(settings: Settings) -> HashLists:
    from moderation.lists import HashLists

    return HashLists(settings.hash_folder)


def _listed(file: Path, category: Category, decision: Decision) -> Listed:
    from moderation.lists import Listed
    from moderation.pictures.fingerprints import fingerprint
    from moderation.pictures.limits import check_upload
    from moderation.pictures.opening import open_picture

    data = read_picture(file)
    broken = check_upload(data, max_bytes=2**30)
    if broken.findings:
        raise WrongUsage("lists-no-picture", path=str(file))
    made = fingerprint(data, open_picture(data))
    return Listed(category=category, decision=decision, added_by=OPERATOR, **vars(made))


def _facts(picture: Listed) -> dict[str, Any]:
    names = ("id", "category", "decision", "sha256", "pdq", "added_by")
    return {name: str(getattr(picture, name)) for name in names}


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8").splitlines()
    except UnicodeDecodeError:
        raise WrongUsage("usage-no-file", path=str(file)) from None


def _category(name: str) -> Category:
    known = [each for each in Category if each not in (Category.BROKEN, Category.UNCHECKED)]
    if name not in known:
        raise WrongUsage("usage-choice", name="--category", choices=", ".join(known))
    return Category(name)


def _decision(name: str) -> Decision:
    if name not in (Decision.REVIEW, Decision.BLOCK):
        raise WrongUsage("usage-choice", name="--decision", choices="review, block")
    return Decision(name)
