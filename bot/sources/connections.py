"""Connections that lead to judged addresses only.

A host's name is looked up once for a connection; every address it has must be one that may be
reached, and it is one of these that is connected to. A name that means another address a moment
later (DNS rebinding) changes nothing. The certificate is still held against the name.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Collection
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from bot.sources.addresses import Address, is_internal, is_ip, may_be_reached
from bot.sources.refusals import Inside

Resolve = Callable[[str], Awaitable[list[str]]]
Sockets = Callable[[tuple[Any, ...]], socket.socket]


async def looked_up(host: str) -> list[str]:
    """Every IP address of a host. Raises `OSError` where it has none."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def opened(info: tuple[Any, ...]) -> socket.socket:
    """A socket of the family, type and protocol that `info` begins with."""
    family, kind, protocol, *_ = info
    return socket.socket(family, kind, protocol)


class Connections(AbstractResolver):
    """Names looked up by `resolve`, and sockets made by `sockets` for what they may lead to."""

    def __init__(self, internal: Collection[str], resolve: Resolve, sockets: Sockets) -> None:
        self._internal = internal
        self._resolve = resolve
        self._sockets = sockets
        self._judged: set[tuple[str, int]] = set()

    def admit(self, address: Address) -> None:
        """Let a host be connected to whose address itself is its name: nothing is looked up then.
        Raises `Inside`."""
        if is_ip(address.host):
            self._judge([address.host], address.port, internal=address.internal)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The host's addresses. Raises `Inside` where one of them may not be reached."""
        found = await self._resolve(host)
        if not found:
            raise OSError(f"{host} has no address")
        self._judge(found, port, internal=is_internal(host, port, self._internal))
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in found
        ]

    async def close(self) -> None:
        """Nothing is held."""

    def socket(self, info: tuple[Any, ...]) -> socket.socket:
        """A socket for an address that was judged, and for no other."""
        host, port, *_ = info[-1]
        if (host, port) not in self._judged:
            raise OSError("nobody judged this address")
        return self._sockets(info)

    def _judge(self, addresses: list[str], port: int, *, internal: bool) -> None:
        if not all(may_be_reached(address, internal=internal) for address in addresses):
            raise Inside
        self._judged.update((address, port) for address in addresses)
