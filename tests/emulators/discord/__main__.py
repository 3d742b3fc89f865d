"""A small Discord in a process of its own, with a crowd that all speak at once.

    python -m tests.emulators.discord --specs FOLDER --people 300

It prints one line of JSON that says where it listens, then answers lines on stdin, each with one
line: ``{"do": "speak", "count": 300, "first": 0, "rate": 0}`` and ``{"do": "report"}``. It ends
with its stdin. Nobody is refused for being late here: how late they were is what is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .people import User
from .server import DiscordEmulator
from .state import Limits
from .world import Asked, Channel

FIRST_PERSON = 10_000_000
PATIENT = Limits(ack_seconds=600.0)


class Crowd:
    """People in one channel, and what became of what they asked."""

    def __init__(self, discord: DiscordEmulator, num_people: int) -> None:
        self.discord = discord
        self.room: Channel = discord.state.add_guild().channels[0]
        self.people = [
            User(discord, discord.state.person(f"P{number}", id=str(FIRST_PERSON + number)))
            for number in range(num_people)
        ]
        self.asked: list[Asked] = []
        self._speaking: set[asyncio.Task[None]] = set()

    def speak(self, count: int, first: int, rate: float, words: str) -> None:
        """``count`` people make a wish, ``rate`` a second (0: all at once)."""
        task = asyncio.create_task(self._speak(count, first, rate, words))
        self._speaking.add(task)
        task.add_done_callback(self._speaking.discard)

    async def _speak(self, count: int, first: int, rate: float, words: str) -> None:
        for number in range(first, first + count):
            who = self.people[number % len(self.people)]
            prompt = words.format(number=number)
            self.asked.append(await who.slash(self.room, "imagine", prompt=prompt, count=1))
            await asyncio.sleep(1 / rate if rate else 0)

    def report(self) -> dict[str, Any]:
        """Milliseconds until acknowledged and until shown, sorted; what broke a rule."""
        return {
            "answered_ms": sorted(
                1000 * one.answered_seconds for one in self.asked if one.answered_seconds
            ),
            "shown_ms": sorted(1000 * seconds for one in self.asked if (seconds := _shown(one))),
            "num_asked": len(self.asked),
            "is_online": bool(self.discord.state.commands and self.discord.gateway.sessions),
            "violations": self.discord.violations[:10],
        }


def _shown(asked: Asked) -> float | None:
    """When the person saw a picture, counted from their command."""
    message = asked.original
    shown_at = message.shown_at if message is not None else None
    return shown_at - asked.began if shown_at is not None else None


async def serve(specs: Path, num_people: int) -> None:
    """Listen, and do what stdin says until it ends."""
    async with DiscordEmulator(specs, limits=PATIENT) as discord:
        crowd = Crowd(discord, num_people)
        place = {**asdict(discord.wires), "token": discord.token, "guild": crowd.room.guild_id}
        print(json.dumps(place), flush=True)
        lines = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(lines)
        await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
        while line := await lines.readline():
            asked = json.loads(line)
            if asked.pop("do") == "speak":
                crowd.speak(**asked)
                print("{}", flush=True)
            else:
                print(json.dumps(crowd.report()), flush=True)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--specs", type=Path, required=True)
    parser.add_argument("--people", type=int, default=1)
    options = parser.parse_args()
    asyncio.run(serve(options.specs, options.people))


if __name__ == "__main__":
    main()
