"""Somebody who reads the desk over HTTP, with cookies and without scripts."""

from __future__ import annotations

import re

import httpx2


class Reader:
    """A browser without scripts: keeps cookies and knows the token of its forms."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client = client
        self.token = ""

    async def get(self, address: str, **headers: str) -> httpx2.Response:
        """A page."""
        answer = await self.client.get(address, headers=headers)
        if found := re.search(r'name="form_token" value="(\w+)"', answer.text):
            self.token = found[1]
        return answer

    async def post(
        self, address: str, *, headers: dict[str, str] | None = None, **fields: object
    ) -> httpx2.Response:
        """A form of ours, with its token unless another is given."""
        return await self.client.post(
            address, data={"form_token": self.token, **fields}, headers=headers
        )
