"""How a call of the played Slack goes wrong."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Fault:
    """How a call is answered instead, after some `seconds`. `dropped`: what was asked is done,
    and the connection breaks before the answer. `needed`: the scope that Slack misses."""

    error: str = ""
    status: int = 200
    retry_after: int | None = None
    dropped: bool = False
    seconds: float = 0.0
    needed: str = ""

    def answer(self, request: web.Request) -> web.Response:
        if self.dropped and request.transport:
            request.transport.close()
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        body = {"ok": False, "error": self.error}
        body |= {"needed": self.needed} if self.needed else {}
        return web.json_response(body, status=self.status, headers=headers)


RATE_LIMITED = Fault("ratelimited", 429, retry_after=0)
