"""A name for objects of diffusers, which publishes no types."""

from __future__ import annotations

from typing import Any, TypeAlias

Diffusers: TypeAlias = Any
"""A model, scheduler or pipeline of diffusers; the name beside it says which."""
