"""Questions to the network that never take long, and what the clocks of others say."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from types import SimpleNamespace, TracebackType
from typing import Literal, Self

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    DummyCookieJar,
    TraceConfig,
    TraceRequestEndParams,
)
from aiohttp.client_exceptions import InvalidURL

WITHIN = 5.0  # seconds that one question may take
LONGEST = 1024 * 1024  # bytes of an answer that are read

Reason = Literal["certificate", "name", "refused", "slow", "broken"]


class Unanswered(Exception):
    """No answer came, for this `reason`."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `headers` by their names in lower case, and no more than the beginning of
    the `body`."""

    status: int
    headers: Mapping[str, str]
    body: str


class Probe:
    """Use it as an async context manager. `session` may be handed to what asks by itself; with
    `local` it uses no proxy, as towards peers on this computer."""

    session: ClientSession

    def __init__(self, *, local: bool = False) -> None:
        self._local = local
        self.ahead: dict[str, float] = {}  # seconds that the clock of a host:port is ahead of ours

    async def __aenter__(self) -> Self:
        trace = TraceConfig()
        trace.on_request_end.append(self._note)
        self.session, self._direct = (
            ClientSession(
                timeout=ClientTimeout(total=WITHIN),
                cookie_jar=DummyCookieJar(),
                trust_env=by_proxy,
                trace_configs=[trace],
            )
            for by_proxy in (not self._local, False)
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.session.close()
        await self._direct.close()

    async def ask(
        self,
        method: str,
        url: str,
        body: str = "",
        headers: Mapping[str, str] | None = None,
        *,
        direct: bool = False,
    ) -> Answer:
        """Raises Unanswered. What redirects is not followed: neither Slack nor Microsoft does.
        What is asked `direct` goes to no proxy, whatever the environment says."""
        session = self._direct if direct else self.session
        try:
            async with session.request(
                method, url, data=body.encode(), headers=headers, allow_redirects=False
            ) as response:
                begun = await _beginning(response)
                given = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status, given, begun.decode("utf-8", "replace"))
        except (ClientError, OSError, ValueError) as error:
            raise Unanswered(_reason(error)) from None

    async def _note(
        self, _session: ClientSession, _context: SimpleNamespace, ended: TraceRequestEndParams
    ) -> None:
        try:
            date = parsedate_to_datetime(ended.response.headers["Date"])
        except (KeyError, TypeError, ValueError):
            return
        address = ended.url
        self.ahead[f"{address.host}:{address.port}"] = date.timestamp() - time.time()


async def _beginning(response: ClientResponse) -> bytes:
    begun = bytearray()
    async for piece in response.content.iter_any():
        begun += piece
        if len(begun) >= LONGEST:
            break
    return bytes(begun)


def _reason(error: Exception) -> Reason:
    if isinstance(error, ClientConnectorCertificateError | ClientSSLError):
        return "certificate"
    if isinstance(error, ClientConnectorDNSError | InvalidURL):
        return "name"
    if isinstance(error, TimeoutError):
        return "slow"
    return "refused" if isinstance(error, ClientConnectorError) else "broken"
