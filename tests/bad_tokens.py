"""Tokens that prove nothing, a kind each: what somebody would try who is not Microsoft, or who has
a token of Microsoft's for something else."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

from bot.rehearsal.teams import APP_ID, ISSUER, TENANT, TeamsPeer

EMULATORS = "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"
EVIL = "https://evil.example"
_Json = dict[str, Any]
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | str
Make = Callable[[TeamsPeer], str]


def claims(peer: TeamsPeer, **changes: object) -> _Json:
    """What a good token says, with changes."""
    return {**jwt.decode(peer.token(), options={"verify_signature": False}), **changes}


@cache
def another_key() -> rsa.RSAPrivateKey:
    """A key that is not Microsoft's."""
    return rsa.generate_private_key(65537, 2048)


def part(value: object) -> str:
    """A header or claims as a token has them."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def forged(peer: TeamsPeer, key: PrivateKey, algorithm: str = "RS256", **headers: object) -> str:
    """A good token's claims, signed by somebody else."""
    named = {"kid": peer.kid, **headers}
    kept = {name: value for name, value in named.items() if value is not None}
    return jwt.encode(claims(peer), key, algorithm, headers=kept)


def bearing(token: Callable[[TeamsPeer], str]) -> Make:
    """The token as the header has it."""
    return lambda peer: f"Bearer {token(peer)}"


def with_claims(**changes: object) -> Make:
    """Signed by Microsoft, with these claims changed; None leaves one out."""

    def made(peer: TeamsPeer) -> str:
        said = {name: one for name, one in claims(peer, **changes).items() if one is not None}
        return _raw(peer, part(said))

    return bearing(made)


def with_null(name: str) -> Make:
    """Signed by Microsoft, with a claim that is null."""
    return bearing(lambda peer: _raw(peer, part({**claims(peer), name: None})))


def with_headers(**headers: object) -> Make:
    """Signed by another key, with these headers."""
    return bearing(lambda peer: forged(peer, another_key(), "RS256", **headers))


def with_kid(kid: object) -> Make:
    """Signed by another key, which its header names so; not all that is tried is a text."""
    return bearing(lambda peer: _own(part({"alg": "RS256", "typ": "JWT", "kid": kid}), peer))


def by_hand(alter: Callable[[str], str]) -> Make:
    """A good token, altered."""
    return bearing(lambda peer: alter(peer.token()))


def _own(header: str, peer: TeamsPeer) -> str:
    said = f"{header}.{part(claims(peer))}"
    made = jwt.get_algorithm_by_name("RS256").sign(said.encode(), another_key())
    return f"{said}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"


def _raw(peer: TeamsPeer, payload: str) -> str:
    """A payload as it is, signed by Microsoft."""
    head = part({"alg": "RS256", "typ": "JWT", "kid": peer.kid})
    made = peer.sign(f"{head}.{payload}".encode())
    return f"{head}.{payload}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"


def _twice(peer: TeamsPeer, name: str, last: object) -> str:
    """A claim named twice, the last one wrong."""
    first = json.dumps(claims(peer))
    return part(f'{first[:-1]}, "{name}": {json.dumps(last)}}}'.encode())


def _by_public_key(peer: TeamsPeer, kind: str) -> str:
    """HS256 with what everybody knows as its secret: the public key, as PEM, DER or JWK."""
    known = {
        "pem": peer.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "der": peer.public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "jwk": str(RSAAlgorithm.to_jwk(peer.public_key)).encode(),
    }[kind]
    said = f"{part({'alg': 'HS256', 'typ': 'JWT', 'kid': peer.kid})}.{part(claims(peer))}"
    made = hmac.new(known, said.encode(), hashlib.sha256).digest()
    return f"{said}.{part(made)}"


def _unsigned(algorithm: str) -> Make:
    def made(peer: TeamsPeer) -> str:
        return f"{part({'alg': algorithm, 'kid': peer.kid})}.{part(claims(peer))}."

    return bearing(made)


def _jwk() -> _Json:
    found: _Json = json.loads(RSAAlgorithm.to_jwk(another_key().public_key()))
    return found


def _parts(token: str) -> list[str]:
    return token.split(".")


def _soon() -> int:
    return int(time.time()) + 600


def _over() -> int:
    return int(time.time()) - 600


NOT_A_TOKEN: dict[str, Make] = {
    "no header": lambda _: "",
    "another scheme": lambda peer: f"Basic {peer.token()}",
    "no scheme": lambda peer: peer.token(),
    "nothing behind it": lambda _: "Bearer ",
    "garbage": lambda _: "Bearer garbage",
    "three parts of garbage": lambda _: "Bearer a.b.c",
    "two parts": by_hand(lambda token: ".".join(_parts(token)[:2])),
    "five parts, as if encrypted": by_hand(lambda token: f"{token}.a.b"),
    "a dot behind it": by_hand(lambda token: f"{token}."),
    "two dots behind it": by_hand(lambda token: f"{token}.."),
    "a dot before it": by_hand(lambda token: f".{token}"),
    "two tokens": lambda peer: f"Bearer {peer.token()}, Bearer {peer.token()}",
    "as JSON": bearing(lambda peer: json.dumps({"token": peer.token()})),
    "as long as a header may be": bearing(lambda peer: f"{peer.token()}{'A' * 6_000}"),
    "its header no JSON": by_hand(lambda token: ".".join((part(b"{"), *_parts(token)[1:]))),
    "its header a list": by_hand(lambda token: ".".join((part([]), *_parts(token)[1:]))),
    "its header deep": by_hand(lambda token: ".".join((part(b"[" * 3_000), *_parts(token)[1:]))),
}
SIGNED_BY_ANOTHER: dict[str, Make] = {
    "changed": lambda peer: f"Bearer {peer.token()[:-6]}AAAAAA",
    "without its signature": by_hand(lambda token: ".".join((*_parts(token)[:2], ""))),
    "other claims under its signature": bearing(
        lambda peer: ".".join(
            (_parts(peer.token())[0], part(claims(peer, name="x")), _parts(peer.token())[2])
        )
    ),
    "unsigned": _unsigned("none"),
    "unsigned, in other letters": _unsigned("nOnE"),
    "unsigned, by no name": _unsigned(""),
    "signed with a word": bearing(lambda peer: forged(peer, "x" * 32, "HS256")),
    "signed with the public key": bearing(lambda peer: _by_public_key(peer, "pem")),
    "signed with the public key in bytes": bearing(lambda peer: _by_public_key(peer, "der")),
    "signed with the public key as JSON": bearing(lambda peer: _by_public_key(peer, "jwk")),
    "signed with another key": with_headers(),
    "signed on a curve": bearing(
        lambda peer: forged(peer, ec.generate_private_key(ec.SECP256R1()), "ES256")
    ),
    "signed in another way": bearing(lambda peer: peer.signed(claims(peer), "PS256")),
    "without a key's id": with_headers(kid=None),
    "with an unknown key": with_headers(kid="other"),
    "with a key that is a path": with_headers(kid="../../../../dev/null"),
    "with a key that is a query": with_headers(kid="key-1' OR '1'='1"),
    "with a key that is an address": with_headers(kid=f"{EVIL}/key-1"),
    "with a key and a NUL": with_headers(kid="key-1\x00"),
    "with a key that is a number": with_kid(1),
    "with a key that is a list": with_kid(["key-1"]),
    "with a key that is null": with_kid(None),
    "that brings its key": with_headers(jwk=_jwk()),
    "that says where its key is": with_headers(jku=f"{EVIL}/keys"),
    "that says where its certificate is": with_headers(x5u=f"{EVIL}/certificate"),
    "that brings a certificate": with_headers(x5c=["MIIB"]),
    "with a header that must be understood": bearing(
        lambda peer: peer.signed(claims(peer), crit=["evil"], evil=1)
    ),
    "whose claims are not encoded": bearing(
        lambda peer: peer.signed(claims(peer), b64=False, crit=["b64"])
    ),
}
FOR_SOMETHING_ELSE: dict[str, Make] = {
    "over": bearing(lambda peer: peer.token(exp=_over())),
    "not yet": bearing(lambda peer: peer.token(nbf=_soon())),
    "made in the future": bearing(lambda peer: peer.token(iat=_soon())),
    "without an end": with_claims(exp=None),
    "whose end is null": with_null("exp"),
    "whose end is a word": with_claims(exp="never"),
    "whose end is a list": with_claims(exp=[9_999_999_999]),
    "for another app": with_claims(aud="another"),
    "for an app like ours": with_claims(aud=f"{APP_ID} "),
    "for many apps, ours too": with_claims(aud=["another", APP_ID]),
    "for no app": with_claims(aud=None),
    "for an app that is null": with_null("aud"),
    "for two apps, ours first": bearing(lambda peer: _raw(peer, _twice(peer, "aud", "another"))),
    "of another issuer": with_claims(iss=EVIL),
    "of an issuer like Microsoft": with_claims(iss=f"{ISSUER}.evil.example"),
    "of two issuers": with_claims(iss=[ISSUER, EVIL]),
    "of no issuer": with_claims(iss=None),
    "of the emulator": with_claims(iss=EMULATORS),
    "of a tenant's sign-in": with_claims(iss=f"https://login.microsoftonline.com/{TENANT}/v2.0"),
    "of another tenant's sign-in": with_claims(
        iss="https://login.microsoftonline.com/00000000-0000-4000-8000-00000000dead/v2.0"
    ),
    "for another address": with_claims(serviceurl=f"{EVIL}/"),
    "for an address like ours": bearing(
        lambda peer: peer.token(serviceurl=f"{peer.service_url.rstrip('/')}.evil.example/")
    ),
    "for no address": with_claims(serviceurl=None),
    "for an address that is null": with_null("serviceurl"),
    "for two addresses, ours first": bearing(
        lambda peer: _raw(peer, _twice(peer, "serviceurl", f"{EVIL}/"))
    ),
    "whose claims are a list": bearing(lambda peer: _raw(peer, part([claims(peer)]))),
    "whose claims are null": bearing(lambda peer: _raw(peer, part(None))),
    "whose claims are no JSON": bearing(lambda peer: _raw(peer, part(b"\x00"))),
}
BAD: dict[str, Make] = {**NOT_A_TOKEN, **SIGNED_BY_ANOTHER, **FOR_SOMETHING_ELSE}
