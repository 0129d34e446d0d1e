"""The local page: its files, and the addresses its script posts to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.attached import MOST_BYTES
from bot.conversation import Citation, Collect, Handle, Origin, Reply
from bot.failures import apology, log_failure, new_reference
from bot.showing import address, also, clean, names_address
from bot.web.guard import page_guard, problem
from bot.web.intake import InvalidRequest, channel_origin, read_collector, read_request

COMMUNITY = "local-test"
LONGEST_BODY = 64 * 1024
LONGEST_WITH_FILES = MOST_BYTES * 4 // 3 + LONGEST_BODY  # as files are written in text
TYPES = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}
INDEX = "page.html"
ASSETS = (
    "answer.css",
    "answer.js",
    "channel.js",
    "commands.js",
    "composer.css",
    "composer.js",
    "conversation.js",
    "element.js",
    "emblem.svg",
    "feedback.css",
    "feedback.js",
    "fields.js",
    "files.js",
    "form.css",
    "forms.js",
    "links.js",
    "message.css",
    "message.js",
    "messages.js",
    "page.css",
    "people.css",
    "people.js",
    "post.js",
    "requests.js",
    "sources.js",
    "spread.css",
    "spread.js",
    "theme.js",
    "thread.js",
    "tone.css",
    "twelve.js",
)


class Page(NamedTuple):
    """What an application mounts: `add_routes(routes)`, and the middleware put first."""

    routes: list[web.RouteDef]
    middleware: Middleware


class Oversized(Exception):
    """A body over the limit; nothing of it is kept."""


async def nothing_waits(_: Origin) -> tuple[Reply, ...]:
    """For a page on which nobody is written to."""
    return ()


def page_routes(
    handle: Handle,
    collect: Collect,
    community: str = COMMUNITY,
    reference: Callable[[], str] = new_reference,
) -> Page:
    """The page's routes and the middleware that guards them. Files are read once, here."""

    async def answered(body: bytes) -> dict[str, object]:
        return as_json(await handle(read_request(body, community)))

    async def collected(body: bytes) -> dict[str, object]:
        messages = await collect(read_collector(body, community))
        posts = await collect(channel_origin(community))
        return {"messages": [*map(as_json, messages)], "posts": [*map(as_json, posts)]}

    routes = [
        web.get("/", _file(INDEX)),
        *(web.get(f"/page/{name}", _file(name)) for name in ASSETS),
        web.post("/page/requests", _posted(answered, reference)),
        web.post("/page/files", _posted(answered, reference, LONGEST_WITH_FILES)),
        web.post("/page/messages", _posted(collected, reference)),
    ]
    return Page(routes, page_guard())


def page_application(
    handle: Handle, collect: Collect = nothing_waits, community: str = COMMUNITY
) -> web.Application:
    """The page alone as an application."""
    page = page_routes(handle, collect, community)
    application = web.Application(middlewares=[page.middleware])
    application.add_routes(page.routes)
    return application


def _file(name: str) -> Handler:
    body = files("bot.web").joinpath("assets", name).read_bytes()
    tag = sha256(body).hexdigest()[:20]
    kind = TYPES[name.rpartition(".")[2]]

    async def send(request: web.Request) -> web.StreamResponse:
        known = any(etag.value in (tag, "*") for etag in request.if_none_match or ())
        response = web.Response(status=304) if known else web.Response(body=body)
        if not known:
            response.content_type, response.charset = kind, "utf-8"
        response.etag = tag
        response.headers["Cache-Control"] = "no-cache"  # kept, but asked about each time
        return response

    return send


def _posted(
    answered: Callable[[bytes], Awaitable[dict[str, object]]],
    reference: Callable[[], str],
    longest: int = LONGEST_BODY,
) -> Handler:
    """What is `answered` to a body, or why there is no answer, in a sentence."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.content_type != "application/json":
            return problem(415, "Post the request as application/json.")
        try:
            body = await _body(request, longest)
        except Oversized:
            return problem(413, "That is longer than this page can take. Send a shorter message.")
        except (web.RequestPayloadError, ConnectionResetError):
            return problem(400, "The request did not arrive whole. Send it again.")
        try:
            return web.json_response(await answered(body))
        except InvalidRequest as error:
            return problem(400, str(error))
        except Exception as error:
            named = reference()
            log_failure(error, named)
            return problem(500, apology(named).text)

    return answer


async def _body(request: web.Request, longest: int) -> bytes:
    if (request.content_length or 0) > longest:
        raise Oversized
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > longest:
            raise Oversized
    return bytes(body)


def as_json(reply: Reply) -> dict[str, object]:
    """A reply as the page's script reads it: every field that is shown, with the two derived texts,
    and where titles may become links the addresses, by the sources' numbers."""
    shown = asdict(reply)
    del shown["asked"]
    shown["citations"] = [_source(one) for one in reply.citations]
    if reply.form:
        shown["form"]["citations"] = [_source(one) for one in reply.form.citations]
    links = {str(one.number): _link(one) for one in reply.citations if reply.linked}
    return {
        **shown,
        "text": reply.text,
        "closing": reply.closing,
        "links": {number: link for number, link in links.items() if link},
    }


def _source(citation: Citation) -> dict[str, object]:
    """A source, and whether its title `names` an address and so must not be a link to another."""
    return {**asdict(citation), "names": names_address(citation.title), "also": also(citation)}


def _link(citation: Citation) -> str:
    """The address that a source's title may lead to; "" where it must not, or there is none."""
    title = citation.title
    plain = title.strip() and clean(title) == title and not names_address(title)
    return address(citation.url) if plain else ""
