"""Web pages fetched: from hosts that may be reached only, politely, and never without bounds."""

from __future__ import annotations

import asyncio
import ssl
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self

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
    TCPConnector,
)
from yarl import URL

from bot.sources.addresses import Address, joined, parsed
from bot.sources.connections import Connections, Resolve, Sockets, looked_up, opened
from bot.sources.manners import Manners, Robots
from bot.sources.refusals import Gone, Inside, Later, Refused

__all__ = ["Fetched", "Fetcher", "Gone", "Inside", "Later", "Refused"]

MEGABYTE = 1024 * 1024
_REDIRECTS = 3
_MOVED = (301, 302, 303, 307, 308)
_GOOD = (200, 203)
_HEADERS = {"Accept": "text/html, application/pdf, */*;q=0.5", "Accept-Encoding": "gzip"}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came. `url` is where it was at last, after redirects; `media` its type, as its server
    says it; `validator` what to give next time, "" where nothing can tell cheaply whether it
    changed."""

    url: str
    content: bytes
    media: str
    validator: str


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer; the names of `headers` are in lower case, `content` is that of a good one."""

    status: int
    headers: Mapping[str, str]
    content: bytes = b""


class Fetcher:
    """Use it as an async context manager. `internal` are the hosts that may be inside a network.
    `manners` are shared by all fetchers of a process, as far as it has several. An answer may have
    `size` bytes, unpacked, and take `seconds` with all its redirects, waiting for turns apart.

    `resolve`, `sockets` and `trust` (certificates) are handed in by tests.
    """

    def __init__(
        self,
        internal: Collection[str] = (),
        manners: Manners | None = None,
        *,
        size: int = 10 * MEGABYTE,
        seconds: float = 20.0,
        resolve: Resolve = looked_up,
        sockets: Sockets = opened,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._internal = frozenset(internal)
        self._manners = manners or Manners()
        self._size = size
        self._seconds = seconds
        self._connections = Connections(self._internal, resolve, sockets)
        self._trust = trust

    async def __aenter__(self) -> Self:
        connector = TCPConnector(
            resolver=self._connections,
            socket_factory=self._connections.socket,
            use_dns_cache=False,
            ssl=self._trust or True,
        )
        self._session = ClientSession(
            connector=connector,
            cookie_jar=DummyCookieJar(),
            timeout=ClientTimeout(total=None),  # each answer has its own, see `_ask`
            headers={**_HEADERS, "User-Agent": self._manners.agent},
            trust_env=False,  # a proxy would look names up itself
            auto_decompress=False,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def get(self, url: str, validator: str = "") -> Fetched | None:
        """Fetch a page; None where it is as it was when it gave this `validator`.

        Raises `Gone`, `Later` or another `Refused`.
        """
        address, answer = await self._followed(self.address(url), _conditions(validator))
        if answer.status == 304 and validator:
            return None
        self._refuse_unlike_good(address, answer)
        etag, changed = (answer.headers.get(name, "") for name in ("etag", "last-modified"))
        told = f"{etag}\n{changed}" if etag or changed else ""
        media = answer.headers.get("content-type", "")
        return Fetched(address.url, answer.content, media, told)

    def address(self, url: str) -> Address:
        """An address taken apart, as `get` would. Raises `Refused`."""
        return parsed(url, self._internal)

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that the robots.txt of this address's host names. Raises `Refused`."""
        return (await self._robots(self.address(url))).sitemaps

    async def _followed(
        self, address: Address, headers: Mapping[str, str], *, polite: bool = True
    ) -> tuple[Address, _Answer]:
        """What is there in the end, and where that is; each step of the way is judged anew.
        `polite` as long as robots.txt is asked first."""
        left = self._seconds
        clock = asyncio.get_running_loop().time
        for _ in range(_REDIRECTS + 1):
            await self._turn(address, polite=polite)
            began = clock()
            answer = await self._ask(address, headers, left)
            left -= clock() - began
            if answer.status not in _MOVED:
                return address, answer
            address = self._moved(address, answer)
        raise Refused(f"it leads on from one address to another more than {_REDIRECTS} times")

    async def _turn(self, address: Address, *, polite: bool) -> None:
        if not polite:
            return await self._manners.turn(address.host)
        robots = await self._robots(address)
        if not robots.allows(str(URL(address.url))):  # as it goes out
            raise Refused("its robots.txt asks programs like this one not to read it")
        await self._manners.turn(address.host, robots.pace)

    def _moved(self, address: Address, answer: _Answer) -> Address:
        target = joined(address.url, answer.headers.get("location", ""))
        moved = parsed(target, self._internal)
        if moved.internal and not address.internal:  # what is outside cannot send us inside
            raise Inside
        if address.scheme == "https" and moved.scheme == "http":
            raise Refused("it leads on to an address without https")
        return moved

    async def _robots(self, address: Address) -> Robots:
        async with self._manners.reading(address.origin):
            self._manners.refuse_resting(address.host)
            return self._manners.robots(address.origin) or await self._read_robots(address)

    async def _read_robots(self, address: Address) -> Robots:
        robots_address = parsed(f"{address.origin}/robots.txt", self._internal)
        try:
            _, answer = await self._followed(robots_address, {}, polite=False)
        except Later as error:
            raise self._manners.rest(address.host, str(error)) from None
        except Inside:
            raise
        except Refused as error:
            raise Refused(f"its robots.txt cannot be read: {error}") from None
        if answer.status >= 500 or answer.status == 429:
            why = f"its robots.txt cannot be read now (its host answers {answer.status})"
            raise self._manners.rest(address.host, why, _wanted_rest(answer.headers))
        robots = Robots(answer.content)
        self._manners.keep(address.origin, robots)
        return robots

    async def _ask(self, address: Address, headers: Mapping[str, str], seconds: float) -> _Answer:
        self._connections.admit(address)
        try:
            async with (
                asyncio.timeout(seconds),
                self._session.get(address.url, headers=headers, allow_redirects=False) as response,
            ):
                answer = await self._read(response)
        except TimeoutError:
            why = f"its host took longer than {self._seconds:g} seconds"
            raise self._manners.failed(address.host, why) from None
        except (ClientError, OSError, ValueError) as error:
            raise self._manners.failed(address.host, _fault(error)) from None
        self._manners.answered(address.host)
        return answer

    async def _read(self, response: ClientResponse) -> _Answer:
        headers = {name.lower(): value for name, value in response.headers.items()}
        if response.status not in _GOOD:
            return _Answer(response.status, headers)
        body = _Body(self._size, headers.get("content-encoding", "").strip().lower())
        if (response.content_length or 0) > self._size:
            raise body.too_large
        async for piece in response.content.iter_any():
            body.add(piece)
        return _Answer(response.status, headers, body.whole())

    def _refuse_unlike_good(self, address: Address, answer: _Answer) -> None:
        status = answer.status
        if status in (404, 410):
            raise Gone(f"nothing is there (its host answers {status})")
        if status in (429, 503):
            why = f"its host asks to be left alone for now (it answers {status})"
            raise self._manners.rest(address.host, why, _wanted_rest(answer.headers))
        if status >= 500:
            raise Later(f"its host has a fault (it answers {status})")
        if status in (401, 403, 407):
            raise Refused(f"its host does not let everyone read it (it answers {status})")
        if status not in _GOOD:
            raise Refused(f"its host answers {status}, and with no page")


class _Body:
    """An answer's bytes as they come, unpacked, and never more than `size` of them."""

    def __init__(self, size: int, packing: str) -> None:
        if packing not in ("", "identity", "gzip", "x-gzip"):
            raise Refused("its host packed it in a way that was not asked for")
        self._size = size
        self._unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS) if "gzip" in packing else None
        self._came = 0
        self._content = bytearray()
        self.too_large = Refused(f"it is larger than {size / MEGABYTE:g} MB")
        self._unreadable = Refused("its host packed it in a way that cannot be read")

    def add(self, piece: bytes) -> None:
        self._came += len(piece)
        if self._came > self._size:
            raise self.too_large
        self._content += self._unpacked(self._unpacker, piece) if self._unpacker else piece
        if len(self._content) > self._size:
            raise self.too_large

    def whole(self) -> bytes:
        if self._unpacker and self._came and not self._unpacker.eof:
            raise Later("what came of it broke off")
        return bytes(self._content)

    def _unpacked(self, unpacker: zlib._Decompress, piece: bytes) -> bytes:
        """At most one byte more than may be: a little can unpack to very much."""
        try:
            found = unpacker.decompress(piece, self._size - len(self._content) + 1)
        except zlib.error:
            raise self._unreadable from None
        if unpacker.unused_data:  # more after its end: nothing that a page needs
            raise self._unreadable
        return found


def _conditions(validator: str) -> dict[str, str]:
    """The headers that ask for a page only if it changed; none for what we did not write."""
    etag, _, changed = validator.partition("\n")
    named = {"If-None-Match": etag, "If-Modified-Since": changed}
    return {name: value for name, value in named.items() if value and value.isprintable()}


def _wanted_rest(headers: Mapping[str, str]) -> float:
    """Seconds that a host wants to be left alone, 0 where it does not say."""
    wanted = headers.get("retry-after", "").strip()
    if wanted.isascii() and wanted.isdigit():
        return float(wanted[:9])
    try:
        # By the host's own clock, whatever ours says.
        until, now = (parsedate_to_datetime(one) for one in (wanted, headers.get("date", "")))
        return max((until - now).total_seconds(), 0.0)
    except (TypeError, ValueError):
        return 0.0


def _fault(error: Exception) -> str:
    if isinstance(error, ClientConnectorDNSError):
        return "no host of this name is known now"
    if isinstance(error, ClientConnectorCertificateError | ClientSSLError):
        return "its host cannot show that it is who it says (its certificate is not trusted)"
    if isinstance(error, ClientConnectorError):
        return "its host cannot be reached now"
    return "its host's answer broke off, or cannot be understood"
