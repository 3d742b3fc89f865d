"""How the real client reaches an emulator without a patch: every host is this machine, and a
throw-away authority vouches for Discord's names. Fails closed: no real host is ever asked.
"""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from functools import cache
from typing import Any

import aiohttp
import trustme
from aiohttp.abc import AbstractResolver

NUM_CONNECTIONS = 64  # to one host, as the service itself opens
HOSTS = ("discord.com", "gateway.discord.gg", "cdn.discordapp.com")


@cache
def authority() -> trustme.CA:
    """One authority for a process."""
    return trustme.CA()


def server_context() -> ssl.SSLContext:
    """What the emulator shows: a certificate with Discord's names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert(*HOSTS).configure_cert(context)
    return context


@dataclass(frozen=True, kw_only=True)
class Wires:
    """Where an emulator listens and whom to trust; plain data that fits a command line."""

    port: int
    authority_pem: str

    def connector(self) -> aiohttp.TCPConnector:
        """What discord.py takes as ``connector=``. Needs a running loop."""
        context = ssl.create_default_context(cadata=self.authority_pem)
        return aiohttp.TCPConnector(
            resolver=HereOnly(self.port), ssl=context, limit=0, limit_per_host=NUM_CONNECTIONS
        )


class HereOnly(AbstractResolver):
    """Every name is 127.0.0.1 at one port."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[Any]:
        return [
            {"hostname": host, "host": "127.0.0.1", "port": self._port,
             "family": socket.AF_INET, "proto": 0, "flags": socket.AI_NUMERICHOST}
        ]  # fmt: skip

    async def close(self) -> None:
        return
