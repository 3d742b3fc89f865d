"""Follows one request from outside until it is done or waits for a person. Only reads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .asks import Standing
    from .requests import Studio

LOOK_SECONDS = 0.1


async def follow(
    studio: Studio,
    request_id: str,
    show: Callable[[Standing], object] = lambda _: None,
    *,
    look_seconds: float = LOOK_SECONDS,
) -> Standing:
    """Where the request stands once nothing more happens by itself; ``show`` sees every look."""
    while True:
        standing = await studio.standing(request_id)
        show(standing)
        if standing.is_final or standing.is_waiting_for_a_person:
            return standing
        await asyncio.sleep(look_seconds)
