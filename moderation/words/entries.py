"""The lines of word lists, read and checked: terms, what they mean and what must not meet.

A list is a TSV file of ``category  severity  roles  terms`` (see ``lists/README.md``): denied
terms have a category and a severity; ``allow`` in place of the category makes terms that beat
a denial they cover; roles let terms take part in combinations, which are a list of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from moderation.errors import ListError
from moderation.policy import Category

from .normalise import Normaliser


class Severity(StrEnum):
    MILD = "mild"  # counts where a community is strict, and in combinations
    STRONG = "strong"  # a human looks first
    SEVERE = "severe"  # refused
    ABSOLUTE = "absolute"  # refused everywhere


SCORES = {
    Severity.MILD: 0.3,
    Severity.STRONG: 0.6,
    Severity.SEVERE: 0.9,
    Severity.ABSOLUTE: 1.0,
}


class Role(StrEnum):
    """What a term says in a combination."""

    MINOR = "minor"  # surely someone under 18
    YOUTH = "youth"  # perhaps
    SEXUAL = "sexual"
    SUGGESTIVE = "suggestive"  # harmless of a grown-up
    REAL_PERSON = "real_person"
    GROUP = "group"  # people who share what they are
    VILIFY = "vilify"  # what must not be said of them
    DENIAL = "denial"  # says that it is wrong to say so


SAID_OF_PEOPLE = {Role.SEXUAL, Role.SUGGESTIVE}  # beside these an age counts
_TELLING_ROLES = {*SAID_OF_PEOPLE, Role.VILIFY}  # every combination has one of these


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One term, as it is looked for. ``category`` None: only its roles count."""

    rule_id: str
    term: str  # normalised
    category: Category | None = None
    score: float = 0.0
    roles: frozenset[Role] = frozenset()
    is_allowed: bool = False
    is_open_start: bool = False  # letters may stand before it
    is_open_end: bool = False
    is_guess: bool = False  # a spelling that may mean something else: it may only ask a human
    is_shadow: bool = False  # reported, not acted on
    community: str = ""  # the only one where it counts; empty: everywhere

    @cached_property
    def length(self) -> int:
        """Characters of its term."""
        return len(self.term)

    @cached_property
    def is_judged(self) -> bool:
        """Whether it counts by itself."""
        return self.category is not None or self.is_allowed

    @cached_property
    def is_telling(self) -> bool:
        """Whether a finding may come of it, by itself or with another."""
        return self.category is not None or bool(self.roles & _TELLING_ROLES)


@dataclass(frozen=True, kw_only=True)
class Combination:
    """Two roles that must not meet. ``far_score`` counts where they are further apart."""

    rule_id: str
    roles: tuple[Role, Role]
    category: Category
    near_score: float
    far_score: float
    max_near_characters: int
    unless: Role | None = None  # what, said as near, takes the sense away


def terms_by_group(path: Path) -> dict[str, list[str]]:
    """Terms as written, by ``category.severity``; of what is denied alone."""
    groups: dict[str, list[str]] = {}
    for _, (category, severity, _, terms) in rows(path):
        if severity != "-":
            written = [term.strip(" *") for term in terms.split(";") if term.strip()]
            groups.setdefault(f"{category}.{severity}", []).extend(written)
    return groups


def rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Line numbers and columns; blank lines and lines that start with # are for the reader."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, [column.strip() for column in line.split("\t") if column.strip()]


def entries_of(
    path: Path, number: int, columns: list[str], normaliser: Normaliser
) -> Iterator[Entry]:
    """What a line of a list says; ``ListError`` names it where it says nothing that counts."""
    try:
        category, severity, roles, terms = columns
        is_allowed = category == "allow"
        kind = None if is_allowed or category == "-" else Category(category)
        score = SCORES[Severity(severity)] if kind else 0.0
        parts = frozenset(Role(role) for role in roles.split(",") if role != "-")
    except ValueError as error:
        raise ListError("list-bad-row", path=path.name, line=number) from error
    for written in filter(None, map(str.strip, terms.split(";"))):
        term = normaliser.plain(written.strip("*"))
        if len(term) < 2:
            raise ListError("list-short-term", path=path.name, line=number)
        yield Entry(
            rule_id=_rule_id(category, written),
            term=term,
            category=kind,
            score=score,
            roles=parts,
            is_allowed=is_allowed,
            is_open_start=written.startswith("*"),
            is_open_end=written.endswith("*"),
        )


def _rule_id(category: str, written: str) -> str:
    """Stable while the term stays, and tells nobody which term it is."""
    return f"words.{category}.{hashlib.sha256(written.encode()).hexdigest()[:8]}"


def combination_of(path: Path, number: int, columns: list[str]) -> Combination:
    """What a line of ``combinations.tsv`` says; ``ListError`` as above."""
    try:
        left, right, category, near, far, distance, *unless = columns
        return Combination(
            rule_id=f"words.combination.{left}-{right}",
            roles=(Role(left), Role(right)),
            category=Category(category),
            near_score=SCORES[Severity(near)],
            far_score=SCORES[Severity(far)] if far != "-" else 0.0,
            max_near_characters=int(distance),
            unless=Role(unless[0]) if unless else None,
        )
    except ValueError as error:
        raise ListError("list-bad-row", path=path.name, line=number) from error
