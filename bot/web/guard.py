"""Who may talk to the page: a browser on this computer, and only from the page itself.

Checking the Host header stops a foreign name that resolves to this computer (DNS
rebinding); checking where a post comes from stops other sites posting here.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

NAMES = ("127.0.0.1", "localhost", "[::1]")
POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
)
HEADERS = {
    "Content-Security-Policy": "; ".join(POLICY),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def problem(status: int, sentence: str) -> web.Response:
    """A refusal or failure as the page's script reads it."""
    return web.json_response({"error": sentence}, status=status)


def page_guard() -> Middleware:
    """Refuse strangers on the page's own paths; put the safety headers on every response."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        reason = refusal(request) if _owned(request.path) else ""
        if reason:
            return _with_headers(problem(403, reason))
        try:
            return _with_headers(await handler(request))
        except web.HTTPException as answer:
            _with_headers(answer)
            raise

    return guard


def refusal(request: web.Request) -> str:
    """Why this request may not be served, in a sentence, or "" where it may."""
    port = _port(request)
    if not _from_here(request):
        return "This page answers only the computer it runs on."
    if _host(request) not in _hosts(port):
        return f"Open this page as http://127.0.0.1:{port}/ - other names are refused."
    if request.method not in ("GET", "HEAD") and not _from_the_page(request):
        return "Only the page itself may post here. Open it in a browser and write there."
    return ""


def _owned(path: str) -> bool:
    return path == "/" or path.startswith("/page/")


def _from_here(request: web.Request) -> bool:
    try:
        address = ip_address(request.remote or "")
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_loopback


def _port(request: web.Request) -> int:
    name = request.transport.get_extra_info("sockname") if request.transport else None
    return int(name[1]) if isinstance(name, tuple) else 0


def _hosts(port: int) -> set[str]:
    hosts = {f"{name}:{port}" for name in NAMES}
    return hosts | set(NAMES) if port == 80 else hosts


def _host(request: web.Request) -> str:
    given = request.headers.getall("Host", [])
    return given[0].lower() if len(given) == 1 else ""


def _from_the_page(request: web.Request) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is None and origin is None:
        return False
    return site in (None, "same-origin") and origin in (None, f"http://{_host(request)}")


def _with_headers(response: web.StreamResponse) -> web.StreamResponse:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
