"""Hosts as settings name them: where we are reached, and which are inside a network."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.(?!-)[a-z0-9-]{1,63})*")
_NUMBER = re.compile(r"(.*\.)?([0-9]+|0x[0-9a-f]*)")  # browsers take 127.1 for 127.0.0.1
# Names that mean something inside a network only.
_INSIDE = (
    *(".home.arpa", ".internal", ".intranet", ".lan"),
    *(".local", ".localdomain", ".localhost", ".svc"),
)
_INTERNAL = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::([0-9]{1,5}))?")


def is_host_name(host: str) -> bool:
    """Whether it is one, in lower case and ASCII; an IPv4 address counts as one."""
    return len(host) <= 253 and bool(_HOST.fullmatch(host))


def is_numeric(host: str) -> bool:
    """Whether it is one that programs take for an IP address, in one way or another."""
    return bool(_NUMBER.fullmatch(host))


def is_inside(host: str) -> bool:
    """Whether a host of this name could only be inside a network."""
    return "." not in host or host.endswith(_INSIDE) or host in LOOPBACK


def internal_hosts(written: str, faults: list[str]) -> frozenset[str]:
    """The hosts of OUTCOMES_INTERNAL_HOSTS, each `host` or `host:port`; what is wrong goes to
    `faults`."""
    named = {one.lower() for one in written.replace(",", " ").split()}
    for one in sorted(named):
        if not _is_internal_host(one):
            faults.append(
                f"OUTCOMES_INTERNAL_HOSTS holds {one!r}: give hosts, each like "
                "intranet.council.example or wiki:8080, with commas between them"
            )
    return frozenset(named)


def _is_internal_host(written: str) -> bool:
    found = _INTERNAL.fullmatch(written)
    if not found or (found[2] and not 0 < int(found[2]) < 65536):
        return False
    host = found[1]
    if host.startswith("[") or is_numeric(host):
        try:
            # One address has one way to be written, or it would never be met.
            ip = str(ip_address(host.strip("[]")))
        except ValueError:
            return False
        return host == (f"[{ip}]" if ":" in ip else ip)
    return is_host_name(host)


def address_fault(address: str, *, dev: bool = False) -> str:
    """What is wrong with an address that Slack and Microsoft are to reach us by, "" if nothing:
    a sentence that goes on from the name of a setting or an option. `dev` lets it be one of this
    computer. What was given is not repeated, since it might hold a password."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not host or parts.scheme not in ("http", "https"):
        return "is no address: give one like https://outcomes.council.example"
    # A bare ? or # is lost in the parts, and so is a line break.
    if parts.username is not None or parts.path.strip("/") or re.search(r"[?#\t\r\n]", address):
        return "holds more than a host: leave out what follows it, as in https://HOST"
    if dev and host in LOOPBACK:
        return ""
    if parts.scheme != "https":
        return "must begin with https: Slack and Microsoft post to nothing else"
    return _unreachable(host)


def _unreachable(host: str) -> str:
    """Why nobody outside could reach a host of this name, "" if somebody might."""
    try:
        inside = not ip_address(host).is_global
    except ValueError:
        if not is_host_name(host):
            return "holds a host that is none: give its name in letters, digits, dots and hyphens"
        inside = is_inside(host) or is_numeric(host)
    if inside or host in LOOPBACK:
        return f"is {host}, which cannot be reached from outside: give the name of your proxy"
    return ""
