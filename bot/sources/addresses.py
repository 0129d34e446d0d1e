"""Which addresses of the web are fetched, and which hosts may be connected to.

An address that somebody names must never lead into the network that the bot runs in: to its own
computer, to a cloud's metadata, to an intranet. So it is taken apart strictly, one way only; the
addresses that its host's name resolves to are judged one by one; and what was judged is what is
connected to (see `fetching`). Hosts that an administrator names as internal are the exception.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urljoin, urlsplit

from bot.hosts import is_host_name, is_inside, is_numeric
from bot.sources.refusals import Inside, Refused

_NO_ADDRESS = "this is no address of a page: give one like https://www.council.example/"
_LONGEST = 2000  # characters of an address
_PORTS = {"http": 80, "https": 443}
# Nothing that may be in an address; urlsplit would drop some of them without a word.
_UNFIT = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029]")
# Space that stands for other addresses, or that belongs to no one host, though `is_global` may be
# true of it: 6to4 relays, protocol assignments, and the host in every Azure network.
_STRANGE = tuple(
    map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "100.64.0.0/10"))
)
# Of IPv6 only what is given out to hosts, less 6to4, Teredo and the like, and documentation.
_GIVEN_OUT = ip_network("2000::/3")
_NOT_GIVEN_OUT = tuple(map(ip_network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
# What may be inside a network: private and loopback, never link-local, where metadata is.
_INSIDE = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8"))
) + tuple(map(ip_network, ("100.64.0.0/10", "fc00::/7", "::1/128")))
_METADATA = ip_address("fd00:ec2::254")


@dataclass(frozen=True, slots=True)
class Address:
    """An address that may be asked for. `host` is in ASCII and lower case, without brackets;
    `internal` where an administrator named it so."""

    scheme: str
    host: str
    port: int
    rest: str  # path and query
    internal: bool = False

    @property
    def origin(self) -> str:
        """Scheme, host and port, as they are written before a path."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port == _PORTS[self.scheme]
        return f"{self.scheme}://{host}" + ("" if usual else f":{self.port}")

    @property
    def url(self) -> str:
        """The whole of it, without a fragment."""
        return self.origin + self.rest


def parsed(url: str, internal: Collection[str] = ()) -> Address:
    """Take an address apart. `internal` are hosts as OUTCOMES_INTERNAL_HOSTS names them.

    Raises `Refused` for whatever is not plainly an address of a public host, or of an internal
    one.
    """
    parts, port = _split(url.strip())
    host = _host(parts.hostname or "")
    port = port or _PORTS[parts.scheme]
    inside = is_internal(host, port, internal)
    if not inside:
        _refuse_unlike_public(host)
        if port not in _PORTS.values():
            raise Refused(f"port {port} is not asked: only 80 and 443 are")
    rest = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(parts.scheme, host, port, rest, inside)


def joined(base: str, url: str) -> str:
    """The whole of an address that stands in what `base` gave. Raises `Refused`."""
    try:
        return urljoin(base, url.strip())
    except ValueError:
        raise Refused(_NO_ADDRESS) from None


def is_internal(host: str, port: int, internal: Collection[str]) -> bool:
    """Whether an administrator named it: `host` on the usual ports, `host:port` on that one."""
    named = f"[{host}]" if ":" in host else host
    usual = named in internal and port in _PORTS.values()
    return usual or f"{named}:{port}" in internal


def may_be_reached(address: str, *, internal: bool = False) -> bool:
    """Whether an IP address may be connected to: a public one of a host, or one inside a network
    where the host is `internal`."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if internal and ip != _METADATA and any(ip in network for network in _INSIDE):
        return True
    return _is_public(ip)


def is_ip(host: str) -> bool:
    """Whether a host is named by its IP address, written in the one usual way."""
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    if isinstance(ip, IPv6Address):
        unfit = ip.scope_id is not None or any(ip in network for network in _NOT_GIVEN_OUT)
        return ip in _GIVEN_OUT and ip.is_global and not unfit
    unfit = ip.is_multicast or ip.is_reserved or any(ip in network for network in _STRANGE)
    return ip.is_global and not unfit


def _split(url: str) -> tuple[SplitResult, int | None]:
    if len(url) > _LONGEST:
        raise Refused(f"the address is longer than {_LONGEST} characters")
    if _UNFIT.search(url):
        raise Refused("the address holds a space, or another sign that no address holds")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused(_NO_ADDRESS) from None
    if parts.scheme not in _PORTS:
        raise Refused("only addresses that begin with https:// or http:// are fetched")
    if "@" in parts.netloc:
        raise Refused("the address holds a user's name or a password: leave that out")
    if "%" in parts.netloc or port == 0:
        raise Refused(_NO_ADDRESS)
    return parts, port


def _host(name: str) -> str:
    """The host in ASCII, as it is asked for."""
    plain = name.lower().removesuffix(".")
    try:
        if ":" in plain:
            return str(IPv6Address(plain))
        # Full-width digits and dots become the plain ones that they mean, and are judged as such.
        written = plain.encode("idna").decode("ascii") if plain else ""
    except ValueError:  # no IPv6 address; or no name, which is a UnicodeError
        written = ""
    if not is_host_name(written):
        raise Refused(_NO_ADDRESS)
    return written


def _refuse_unlike_public(host: str) -> None:
    """Refuse a host that can be told to be none of the public web before it is looked up."""
    if is_ip(host):
        unfit = not may_be_reached(host)
    elif is_numeric(host):
        raise Refused("the address names its host by a number: give the host's name")
    else:
        unfit = is_inside(host)
    if unfit:
        raise Inside
