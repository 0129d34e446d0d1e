"""What processes under load hold and spend, by the operating system's own count."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot.rehearsal.crowd import Stumbled

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Used:
    """Megabytes that each process held, so many seconds after the beginning."""

    seconds: float
    megabytes: tuple[float, ...]


class Watch:
    """Of these processes, of a database's server with all it started, and of ourselves."""

    def __init__(self, pids: Sequence[int], server: int = 0) -> None:
        try:
            import psutil
        except ImportError as error:
            raise Stumbled("memory is measured by psutil: pip install psutil") from error
        self._processes = [psutil.Process(one) for one in pids]
        self._server = psutil.Process(server) if server else None
        self._own = psutil.Process()
        self._began, self._before = time.perf_counter(), self._cpu()

    def look(self, used: list[Used]) -> None:
        """Add what they hold now."""
        held = tuple(one.memory_info().rss / _MEGABYTE for one in self._processes)
        used.append(Used(time.perf_counter() - self._began, held))

    async def every(self, seconds: float, used: list[Used]) -> None:
        """Look again and again, until cancelled."""
        while True:
            await asyncio.sleep(seconds)
            self.look(used)

    def spent(self) -> dict[str, float]:
        """Seconds of CPU since the beginning: of the processes, the database and ourselves."""
        return {name: now - self._before[name] for name, now in self._cpu().items()}

    def _cpu(self) -> dict[str, float]:
        server = self._server
        backends = [*server.children(), server] if server else []
        return {
            "processes": sum(map(_seconds, self._processes)),
            "database": sum(map(_seconds, backends)),
            "driver": _seconds(self._own),
        }


def _seconds(process: object) -> float:
    import psutil

    try:
        times = process.cpu_times()  # type: ignore[attr-defined]
    except psutil.Error:
        return 0.0
    ended = times.children_user + times.children_system
    return float(times.user + times.system + ended)
