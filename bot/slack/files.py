"""Files that officers attach to forms in Slack, fetched from Slack alone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from bot.attached import MOST_BYTES, TOO_LARGE, Attached
from bot.slack.posting import trusted

WITHIN = 20.0  # seconds
NOT_FETCHED = "Slack did not give me that file. Try again in a minute, or give a link to it."
NOT_ALLOWED = (
    "I may not read files in this workspace yet: an administrator must install this app again, so "
    "that it gets the permission files:read. Until then give a link."
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in Slack that came with a form: its field, its name, where it is, its bytes."""

    field: str
    name: str
    url: str
    size: int


class _Refused(Exception):
    """Why there is no file; a sentence for whoever attached it."""


class Files:
    """Fetched with the bot's token, which is sent to Slack's own hosts and no other."""

    def __init__(self, session: ClientSession, token: str, proxy: str | None, *, dev: bool) -> None:
        self._session, self._token, self._proxy, self._dev = session, token, proxy, dev

    async def fetch(self, uploads: Sequence[Upload]) -> tuple[Attached, ...]:
        """The files, each with its content or why there is none."""
        return tuple(await asyncio.gather(*map(self._fetched, uploads)))

    async def _fetched(self, upload: Upload) -> Attached:
        try:
            return Attached(upload.field, upload.name, await self._content(upload))
        except _Refused as error:
            return Attached(upload.field, upload.name, fault=str(error))
        except (ClientError, TimeoutError, OSError, ValueError) as error:
            _log.warning("A file could not be fetched from Slack: %s", type(error).__name__)
            return Attached(upload.field, upload.name, fault=NOT_FETCHED)

    async def _content(self, upload: Upload) -> bytes:
        if upload.size > MOST_BYTES:
            raise _Refused(TOO_LARGE)
        if not trusted(upload.url, dev=self._dev):
            _log.warning("A file was not fetched, as its address is none of Slack's")
            raise _Refused(NOT_FETCHED)
        async with self._session.get(
            upload.url,
            headers={"Authorization": f"Bearer {self._token}"},
            timeout=ClientTimeout(total=WITHIN),
            allow_redirects=False,  # the token is not carried on; it leads to a page to sign in at
            proxy=self._proxy,
        ) as response:
            return await _read(response, upload.name)


async def _read(response: ClientResponse, name: str) -> bytes:
    """The file, never more than may be. Where Slack will not give it, a page comes instead."""
    page = response.content_type == "text/html" and not name.lower().endswith((".html", ".htm"))
    if page or response.status in (301, 302, 303, 307, 308, 401, 403):
        raise _Refused(NOT_ALLOWED)
    if response.status != 200:
        raise _Refused(NOT_FETCHED)
    content = bytearray()
    async for piece in response.content.iter_any():
        content += piece
        if len(content) > MOST_BYTES:
            raise _Refused(TOO_LARGE)
    return bytes(content)
