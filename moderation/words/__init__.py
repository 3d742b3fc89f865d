"""Words checked: text → ``Verdict``. See ``filter.py``."""

from .filter import LexiconFilter, load_negative_filter, load_word_filter

__all__ = ["LexiconFilter", "load_negative_filter", "load_word_filter"]
