"""Files that officers send to the bot in Teams, fetched from SharePoint alone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout
from botbuilder.schema import Activity

from bot.attached import MOST_BYTES, TOO_LARGE, Attached
from bot.hosts import LOOPBACK
from bot.teams.addresses import is_personal, part

KIND = "application/vnd.microsoft.teams.file.download.info"
WITHIN = 20.0  # seconds
NOT_FETCHED = "Teams did not give me that file. Send it once more, or give a link to it."
# Where Teams keeps what is sent in chats; nobody but Microsoft names hosts there.
_SHAREPOINT = (".sharepoint.com", ".sharepoint.us", ".sharepoint-mil.us", ".sharepoint.cn")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in somebody's OneDrive, by an address that needs no sign-in for some minutes."""

    name: str
    url: str


def uploads(activity: Activity) -> tuple[Upload, ...]:
    """The files that came with a message to the bot alone; Teams tells of none elsewhere."""
    if not is_personal(activity.conversation):
        return ()
    found = [one for one in activity.attachments or () if one.content_type == KIND]
    told = ((str(one.name or ""), part(one.content).get("downloadUrl")) for one in found)
    return tuple(Upload(name, url) for name, url in told if isinstance(url, str))


Fetch = Callable[[Sequence[Upload]], Awaitable[tuple[Attached, ...]]]


class Files:
    """Fetched without a token: the address itself lets whoever has it read the file."""

    def __init__(self, session: ClientSession, *, local: bool) -> None:
        """`local` lets files be on this computer, for tests."""
        self._session, self._local = session, local

    async def fetch(self, wanted: Sequence[Upload]) -> tuple[Attached, ...]:
        """The files, each with its content or why there is none. Which field they are for is not
        known yet."""
        return tuple(await asyncio.gather(*map(self._fetched, wanted)))

    async def _fetched(self, upload: Upload) -> Attached:
        try:
            if not self._trusts(upload.url):
                raise ValueError("none of SharePoint's addresses")
            content = await self._content(upload.url)
        except (ClientError, TimeoutError, OSError, ValueError) as error:
            _log.warning("A file could not be fetched from Teams: %s", type(error).__name__)
            return Attached("", upload.name, fault=NOT_FETCHED)
        if len(content) > MOST_BYTES:
            return Attached("", upload.name, fault=TOO_LARGE)
        return Attached("", upload.name, content)

    async def _content(self, url: str) -> bytes:
        """The file, or as much of one that is too large as shows that. Raises ValueError where
        there is none."""
        timeout = ClientTimeout(total=WITHIN)
        async with self._session.get(url, timeout=timeout, allow_redirects=False) as response:
            if response.status != 200:
                raise ValueError("no file")
            content = bytearray()
            async for piece in response.content.iter_any():
                content += piece
                if len(content) > MOST_BYTES:
                    break
            return bytes(content)

    def _trusts(self, url: str) -> bool:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if "@" in parts.netloc:
            return False
        if self._local and host in LOOPBACK:
            return True
        return parts.scheme == "https" and parts.port in (None, 443) and host.endswith(_SHAREPOINT)
