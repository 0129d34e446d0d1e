"""What every request over HTTP goes through first: it gets its reference, and what is refused is
counted."""

from __future__ import annotations

import logging
from collections.abc import Callable

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler, Middleware

from bot.failures import apology, handling, log_failure, new_reference

BROKEN = (web.RequestPayloadError, ConnectionResetError)
"""What is raised where a body does not arrive whole."""

Refused = Callable[[int], None]


def doorway(refused: Refused) -> Middleware:
    """The outermost middleware. `refused` is told the status of each answer."""

    @web.middleware
    async def entering(request: web.Request, handler: Handler) -> web.StreamResponse:
        with handling(new_reference()):
            try:
                response = await _answered(request, handler)
            except web.HTTPException as error:
                refused(error.status)
                raise
            refused(response.status)
            return response

    return entering


async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except BROKEN:  # which is the sender's to send again
        return web.Response(status=400, text="The request did not arrive whole. Send it again.")
    except Exception as error:
        reference = new_reference()
        log_failure(error, reference)
        return web.Response(status=500, text=apology(reference).text)


def strangers_log(refused: Refused) -> logging.Logger:
    """For the HTTP server's own lines. Whoever can reach it can make it write one by sending what
    is not HTTP, and quote themselves in it: that is counted and not written."""
    log = logging.getLogger("aiohttp.server.outcomes")
    for before in list(log.filters):
        log.removeFilter(before)
    log.addFilter(lambda record: not _strange(record, refused))
    return log


def _strange(record: logging.LogRecord, refused: Refused) -> bool:
    kind = record.exc_info[0] if record.exc_info else None
    if kind is None or not issubclass(kind, (HttpProcessingError, *BROKEN)):
        return False
    refused(400)
    return True
