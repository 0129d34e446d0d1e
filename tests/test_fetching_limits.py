"""Pages fetched: never without bounds, and from hosts that are who they say."""

from __future__ import annotations

import asyncio
import gzip
import ssl
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.sources.fetching import Later, Refused
from tests.small_web import PUBLIC, Serve, answered, moved, small_web

SITE = "http://www.council.example"
BOMB = gzip.compress(b"\0" * 50_000_000)
# Packed blocks that hold nothing, one after the other.
EMPTY = b"\x1f\x8b\x08" + b"\0" * 7 + b"\0\0\0\xff\xff" * 30_000


async def test_a_page_that_is_too_large_is_not_read() -> None:
    came = 0

    async def endless(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal came
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 1000)
            came += 1000

    async def promised(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100001"})
        await response.prepare(request)
        await asyncio.Event().wait()  # it never sends anything
        return response

    async with small_web() as web_, web_.fetcher(size=100_000, seconds=5) as fetcher:
        web_.pages["www.council.example/endless"] = endless
        web_.pages["www.council.example/promised"] = promised
        web_.pages["www.council.example/just"] = "x" * 100_000
        web_.pages["www.council.example/over"] = "x" * 100_001
        for name in ("endless", "promised", "over"):
            with pytest.raises(Refused, match="larger than") as refused:
                await fetcher.get(f"{SITE}/{name}")
            assert not isinstance(refused.value, Later)
        just = await fetcher.get(f"{SITE}/just")
        assert just
        assert len(just.content) == 100_000
        assert came < 20_000_000  # what buffers hold, and not what it would have sent


async def test_ten_megabytes_are_the_usual_bound() -> None:
    async with small_web() as web_, web_.fetcher() as fetcher:
        web_.pages["www.council.example/a"] = answered(body=b"x" * (10 * 1024 * 1024 + 1))
        with pytest.raises(Refused, match="larger than 10 MB"):
            await fetcher.get(f"{SITE}/a")


@pytest.mark.parametrize(
    ("body", "packing", "why"),
    [
        (BOMB, "gzip", "larger than"),
        (gzip.compress(b"a") * 2, "gzip", "packed it in a way that cannot be read"),
        (b"no gzip", "gzip", "packed it in a way that cannot be read"),
        (gzip.compress(b"a" * 1000)[:-9], "gzip", "broke off"),
        (b"x", "br", "not asked for"),
        (b"x", "gzip, gzip", "not asked for"),
        (b"x", "deflate", "not asked for"),
    ],
    ids=["bomb", "two", "none", "cut", "brotli", "twice", "deflate"],
)
async def test_what_is_packed_is_bounded_as_well(body: bytes, packing: str, why: str) -> None:
    async with small_web() as web_, web_.fetcher(size=100_000) as fetcher:
        web_.pages["www.council.example/a"] = answered(body=body, Content_Encoding=packing)
        with pytest.raises(Refused, match=why):
            await fetcher.get(f"{SITE}/a")


async def test_what_unpacks_to_nothing_is_bounded_as_well() -> None:
    async def unsaid(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Encoding": "gzip"})
        response.enable_chunked_encoding()  # no Content-Length tells how much it is
        await response.prepare(request)
        await response.write(EMPTY)
        return response

    async with small_web() as web_, web_.fetcher(size=100_000) as fetcher:
        web_.pages["www.council.example/a"] = unsaid
        with pytest.raises(Refused, match="larger than"):
            await fetcher.get(f"{SITE}/a")


async def test_what_unpacks_to_much_is_given_up_before_it_is_unpacked() -> None:
    async with small_web() as web_, web_.fetcher(size=100_000) as fetcher:
        web_.pages["www.council.example/a"] = answered(body=BOMB, Content_Encoding="gzip")
        tracemalloc.start()
        with pytest.raises(Refused, match="larger than"):
            await fetcher.get(f"{SITE}/a")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 5_000_000


async def test_what_is_packed_is_unpacked() -> None:
    async with small_web() as web_, web_.fetcher() as fetcher:
        packed = gzip.compress(b"Hello" * 1000)
        web_.pages["www.council.example/a"] = answered(body=packed, Content_Encoding="gzip")
        fetched = await fetcher.get(f"{SITE}/a")
        assert fetched
        assert fetched.content == b"Hello" * 1000


async def _drip(request: web.BaseRequest) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"x")
        await asyncio.sleep(0.01)


async def _silent(_request: web.BaseRequest) -> web.StreamResponse:
    await asyncio.Event().wait()
    return web.Response()


@pytest.mark.parametrize("serve", [_drip, _silent])
async def test_an_answer_that_takes_too_long_is_given_up(serve: Serve) -> None:
    async with small_web() as web_, web_.fetcher(seconds=0.2) as fetcher:
        web_.pages["www.council.example/a"] = serve
        with pytest.raises(Later, match=r"longer than 0\.2 seconds"):
            await fetcher.get(f"{SITE}/a")


def _certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server of this name shows, and what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    shown = folder / "shown.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    shown.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(shown)
    return server, ssl.create_default_context(cafile=str(shown))


async def test_a_certificate_is_held_against_the_name(tmp_path: Path) -> None:
    server, trust = _certificate(tmp_path, "www.council.example")
    async with small_web(server) as web_:
        web_.pages |= {"www.council.example/a": "Hello", "other.example/a": "Hello"}
        web_.pages["www.council.example/b"] = moved(f"{SITE}/a")
        async with web_.fetcher(trust=trust) as fetcher:
            assert await fetcher.get("https://www.council.example/a")
            with pytest.raises(Later, match="certificate is not trusted"):
                await fetcher.get("https://other.example/a")
            with pytest.raises(Refused, match="without https"):
                await fetcher.get("https://www.council.example/b")
        async with web_.fetcher() as stranger:
            with pytest.raises(Later, match="certificate is not trusted"):
                await stranger.get("https://www.council.example/a")
        assert set(web_.asked) == {(PUBLIC, 443)}
        assert "other.example/a" not in web_.seen
