"""Manners towards the hosts that are asked: their robots.txt, their pace, their pauses."""

from __future__ import annotations

import asyncio
import re
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from importlib.metadata import version

from protego import Protego

from bot.sources.refusals import Later

TOKEN = "OutcomesAssistant"  # how a robots.txt names us
_PACE = 1.0  # seconds between two requests to a host
_SLOWEST = 30.0  # that a robots.txt can make of it
_DAY = 24 * 60 * 60.0
_REST = 60 * 60.0  # seconds that a host is left alone which does not say how long it wants to be
_FAILURES = 3  # answers in a row that did not come, and a host is left alone
_LONGEST_ROBOTS = 500 * 1024  # bytes that are read of one, as RFC 9309 has it
_AGENT = re.compile(r"[ \t]*user[ -]?agent\b[ \t]*:?[ \t]*([^#]*)", re.IGNORECASE)


def agent(address: str = "") -> str:
    """What we say we are: our name, our version, and where whoever runs us can be found."""
    where = f" (+{address})" if address else ""
    return f"{TOKEN}/{version('outcomes-assistant')}{where}"


class Manners:
    """What is known of hosts while this process runs: one for all that it fetches. `address` is
    where whoever runs us can be found; `clock` counts seconds, `sleep` waits for some."""

    def __init__(
        self,
        address: str = "",
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.agent = agent(address)
        self._clock = clock
        self._sleep = sleep
        self._robots: dict[str, tuple[float, Robots]] = {}
        self._turns: dict[str, float] = {}
        self._resting: dict[str, tuple[float, str]] = {}
        self._failures: dict[str, int] = {}
        self._reading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def robots(self, origin: str) -> Robots | None:
        """The robots.txt of scheme, host and port, where it was read within a day."""
        read_at, robots = self._robots.get(origin, (0.0, None))
        return robots if robots and self._clock() - read_at < _DAY else None

    def reading(self, origin: str) -> asyncio.Lock:
        """Held while its robots.txt is read, so that it is once."""
        return self._reading[origin]

    def keep(self, origin: str, robots: Robots) -> None:
        """Keep it for a day."""
        self._robots[origin] = (self._clock(), robots)

    async def turn(self, host: str, pace: float = _PACE) -> None:
        """Wait until this host may be asked again. Raises `Later` where it is left alone."""
        self.refuse_resting(host)
        now = self._clock()
        at = max(now, self._turns.get(host, now))
        self._turns[host] = at + pace
        if at > now:
            await self._sleep(at - now)
            self.refuse_resting(host)  # others may have been told so meanwhile

    def refuse_resting(self, host: str) -> None:
        """Raises `Later` where the host is left alone."""
        until, why = self._resting.get(host, (0.0, ""))
        if why and self._clock() < until:
            raise Later(why)

    def rest(self, host: str, why: str, seconds: float = 0.0) -> Later:
        """Leave the host alone for an hour, or longer where it wants that, a day at most. Gives
        what to raise: `why`, which is also said of whatever else would be asked of it."""
        self._resting[host] = (self._clock() + min(max(seconds, _REST), _DAY), why)
        return Later(why)

    def failed(self, host: str, why: str) -> Later:
        """No answer came. Gives what to raise."""
        self._failures[host] = self._failures.get(host, 0) + 1
        if self._failures[host] < _FAILURES:
            return Later(why)
        self.answered(host)
        return self.rest(host, why)

    def answered(self, host: str) -> None:
        """An answer came, whatever it says."""
        self._failures.pop(host, None)


class Robots:
    """A robots.txt as far as it is about us."""

    def __init__(self, content: bytes = b"") -> None:
        text = content[:_LONGEST_ROBOTS].decode("utf-8", "replace").removeprefix("\ufeff")
        self._rules = Protego.parse(_about_us(text))
        self.sitemaps = tuple(self._rules.sitemaps)

    def allows(self, url: str) -> bool:
        return self._rules.can_fetch(url, TOKEN)

    @property
    def pace(self) -> float:
        """Seconds between two requests: what it asks for, from one to thirty."""
        wanted = self._rules.crawl_delay(TOKEN) or 0.0
        rate = self._rules.request_rate(TOKEN)
        if rate and rate.requests:
            wanted = max(wanted, rate.seconds / rate.requests)
        return min(max(wanted, _PACE), _SLOWEST)


def _about_us(text: str) -> str:
    """A robots.txt in which every other program has one and the same name: the parser keeps the
    rules of each by itself, so that a file full of names would fill the memory."""
    return "\n".join(_renamed(line) for line in text.splitlines())


def _renamed(line: str) -> str:
    found = _AGENT.match(line)
    if not found:
        return line
    named = found[1].strip().lower()
    ours = named == "*" or (named and TOKEN.lower().startswith(named.replace("*", "")))
    return f"User-agent: {named if ours else 'another'}"
