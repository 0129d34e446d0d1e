"""What is wrong with things that are almost right: JSON, bytes and texts grown from good ones.

Every test that uses it makes the same things each time. `FUZZ_EXAMPLES` asks for more of them than
ten thousand, `FUZZ_SEED` (a number) for others.
"""

from __future__ import annotations

import copy
import gzip
import json
import os
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st

from tests.whole import much

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES") or much(10_000, 3_000))
_SEED = os.environ.get("FUZZ_SEED", "")
_Test = TypeVar("_Test", bound=Callable[..., None])
Json = Any
Draw = st.DrawFn

LONG = "long words and no end to them " * 400  # 12,000 characters
_DEEP: list[Any] = []
for _ in range(90):
    _DEEP = [_DEEP]
TEXTS = (
    *("", " ", "\x00", "a\x00b", "\ud800", "\udc00\ud800", "\ufeff", "\u202eabc", "\u200b"),
    *(
        "<!channel>",
        "<@U0OTHER|x>",
        "<https://a.example|b>",
        "<at>all</at>",
        "&lt;&#0;",
        "<",
        "<<>",
    ),
    *("../../etc/passwd", "'; --", "%s %n {0} ${x}", "\r\nX-Other: 1", "a;messageid=", ":", "::::"),
    *("help", "thanks", "stop", "/outcomes list", "@", "1", "-1", "2026-13-45", "http://[", "//"),
    *("https://127.0.0.1:1/", "file:///dev/zero", "null", "[]", "{}", '{"a": 1}', "[" * 2000, LONG),
    *("e" + "\u0301" * 300, "\U0001f469\u200d\U0001f4bb", "İ" * 40, "ß", "١٢:٣٠", "²", "٣"),
)
WRONG: tuple[Json, ...] = (
    *(None, True, False, 0, -1, 1.5, 1e308, float("nan"), float("inf"), 2**63, 10**30),
    *([], {}, [None], [[]], [{}], {"": ""}, {"id": None}, {"id": {}}, {"text": []}, _DEEP),
    *TEXTS,
)


def examples(test: _Test) -> _Test:
    """Runs a test of `given` with as many as are asked for, the same each time."""
    return sized(EXAMPLES)(test)


def sized(number: int) -> Callable[[_Test], _Test]:
    """The same with a number of its own."""

    def made(test: _Test) -> _Test:
        bounds = settings(
            max_examples=number,
            deadline=None,
            database=None,
            derandomize=not _SEED,
            suppress_health_check=list(HealthCheck),
        )
        return bounds(seed(int(_SEED))(test) if _SEED else test)

    return made


def _places(value: Json, inside: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Every place in a value where another could stand: what holds it, and under what."""
    if isinstance(value, dict):
        for name, one in value.items():
            inside.append((value, name))
            _places(one, inside)
    elif isinstance(value, list) and len(value) < 50:
        for number, one in enumerate(value):
            inside.append((value, number))
            _places(one, inside)
    return inside


@st.composite
def odd_json(draw: Draw, samples: Sequence[Json], kept: Sequence[str] = ()) -> Json:
    """One of the samples, with up to four of its parts gone, wrong, doubled or elsewhere. What is
    `kept` stays as it is, at whatever depth."""
    value = [copy.deepcopy(draw(st.sampled_from(samples)))]
    for _ in range(draw(st.sampled_from((0, 0, 1, 1, 2, 4)))):
        places = [one for one in _places(value, []) if one[1] not in kept]
        holder, name = places[draw(st.integers(0, len(places) - 1))]
        if not (name in holder if isinstance(holder, dict) else name < len(holder)):
            continue
        match draw(st.integers(0, 5)):
            case 0 | 1 | 2:
                holder[name] = copy.deepcopy(draw(st.sampled_from(WRONG)))
            case 3 if holder is not value:
                del holder[name]
            case 4:
                other, under = places[draw(st.integers(0, len(places) - 1))]
                holder[name] = copy.deepcopy(_held(other, under))
            case _:
                holder[name] = [holder[name]] if draw(st.booleans()) else {str(name): holder[name]}
    return value[0]


def _held(holder: Json, name: Json) -> Json:
    try:
        return holder[name]
    except (LookupError, TypeError):
        return None


def _doubled(value: Json) -> str:
    """A key twice, of which readers take the last or refuse both."""
    written = json.dumps(value)
    return f'{{"type": 1, "id": {{}}, {written[1:]}' if written.startswith('{"') else written


_WRITINGS: tuple[Callable[[Json], bytes], ...] = (
    lambda value: _doubled(value).encode(),
    lambda value: json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"),
    lambda value: json.dumps(value).encode("utf-16"),
    lambda value: b"\xef\xbb\xbf" + json.dumps(value).encode(),
    lambda value: json.dumps(value)[:-3].encode(),
    lambda value: json.dumps(value).encode() + b"\x00",
    lambda value: json.dumps(value).encode() * 2,
    lambda value: b'{"a":' * 3000 + json.dumps(value).encode() + b"}" * 3000,
    lambda value: b"[" * 60_000,
    lambda value: gzip.compress(json.dumps(value).encode()),
    lambda value: gzip.compress(json.dumps(value).encode())[:-9],
    lambda value: b"9" * 5000,
    lambda value: b"",
    lambda value: json.dumps({"x": LONG * 30, "y": value}).encode(),
)


@st.composite
def written(draw: Draw, values: st.SearchStrategy[Json]) -> bytes:
    """A value as JSON; one in ten in a way that is none, or hard to read."""
    value = draw(values)
    how = draw(st.integers(0, 12 * len(_WRITINGS)))
    return (
        _WRITINGS[how - 50](value)
        if 50 <= how < 50 + len(_WRITINGS)
        else json.dumps(value).encode()
    )


def _cut(content: bytes, at: int, piece: bytes) -> bytes:
    return content[:at]


def _without(content: bytes, at: int, piece: bytes) -> bytes:
    return content[:at] + content[at + max(len(piece), 1) :]


def _put(content: bytes, at: int, piece: bytes) -> bytes:
    return content[:at] + piece + content[at:]


def _over(content: bytes, at: int, piece: bytes) -> bytes:
    return content[:at] + piece + content[at + len(piece) :]


def _again(content: bytes, at: int, piece: bytes) -> bytes:
    return content[: at + 200] + content[max(at - 50, 0) :]


_CHANGES = (_over, _over, _over, _put, _put, _without, _again, _cut)
PIECES = (
    *(b"\x00", b"\xff", b"\xff\xfe", b"\x80", b"\x7f", b"\x1b", b"\n", b"\r\n", b" ", b"0", b"-1"),
    *(b"99999999999", b"4294967295", b"[" * 3000, b"<" * 400, b"<a>" * 400, b"</", b"<!--", b"]]>"),
    *(b"&#0;", b"&x;", b"<!ENTITY x 'y'>", b"<![CDATA[", b'"', b"'", b"\\", b"{{", b"---\n", b": "),
    *(b"- ", b"* ", b"&a ", b"*a", b"!!python/object:x", b"%", b"$", b"${HOME}", b"=", b"export "),
    *(b",", b";", b"\t", b'""', b"obj", b"endobj", b"stream\n", b"endstream", b"/Kids [1 0 R]"),
    *(b"/Length 0", b"/Type /Page", b"xref", b"trailer", b"startxref\n0", b"R", b"<< >>", b"BT"),
    *("é".encode(), "\ud800".encode("utf-8", "surrogatepass"), "\U0001f4bb".encode(), b"\xc3"),
    b"A" * 3000,
)


@st.composite
def odd_bytes(draw: Draw, samples: Sequence[bytes]) -> bytes:
    """One of the samples changed in up to six places; now and then bytes that never were one."""
    chance = draw(st.randoms(use_true_random=True))
    if chance.random() < 0.05:
        return chance.randbytes(chance.randrange(300))
    content = chance.choice(samples)
    for _ in range(chance.randint(1, 6)):
        at = chance.randint(0, max(len(content) - 1, 0))
        content = chance.choice(_CHANGES)(content, at, chance.choice(PIECES))
    return content


@st.composite
def odd_text(draw: Draw, samples: Sequence[str]) -> str:
    """The same of a text, halves of characters among it."""
    chance = draw(st.randoms(use_true_random=True))
    text = chance.choice(samples)
    for _ in range(chance.randint(0, 4)):
        at = chance.randint(0, len(text))
        text = text[:at] + chance.choice(TEXTS)[:400] + text[at + chance.randint(0, 12) :]
    return text
