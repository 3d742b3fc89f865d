"""Words checked: text → ``Verdict``. See ``rules.py``."""

from .filter import LexiconFilter
from .rules import (
    Strictness,
    WordRules,
    load_list_filter,
    load_negative_filter,
    load_word_filter,
)

__all__ = [
    "LexiconFilter",
    "Strictness",
    "WordRules",
    "load_list_filter",
    "load_negative_filter",
    "load_word_filter",
]
