"""Manners towards hosts: robots.txt, pace, pauses, and asking only for what changed."""

from __future__ import annotations

import asyncio
import tracemalloc
from importlib.metadata import version

import pytest
from aiohttp import web

from bot.sources.fetching import Fetcher, Gone, Later, Refused
from bot.sources.manners import Manners, Robots, agent
from tests.small_web import SmallWeb, answered, moved, small_web

SITE = "http://www.council.example"
HOST = "www.council.example"


async def _refusal(fetcher: Fetcher, url: str) -> Refused:
    with pytest.raises(Refused) as refused:
        await fetcher.get(url)
    return refused.value


def _robots(web_: SmallWeb, text: str) -> None:
    web_.pages[f"{HOST}/robots.txt"] = answered(body=text.encode(), Content_Type="text/plain")


async def test_we_say_who_we_are() -> None:
    assert agent() == f"OutcomesAssistant/{version('outcomes-assistant')}"
    async with small_web() as web_, web_.fetcher() as fetcher:
        web_.pages[f"{HOST}/a"] = "Hello"
        await fetcher.get(f"{SITE}/a")
        said = {headers["User-Agent"] for headers in web_.headers}
        assert said == {f"{agent()} (+https://bot.example)"}


async def test_what_robots_txt_leaves_out_is_not_asked_for() -> None:
    async with small_web() as web_, web_.fetcher() as fetcher:
        _robots(web_, "User-agent: *\nDisallow: /private\nAllow: /private/open\n")
        web_.pages |= {f"{HOST}/private/open": "Hello", f"{HOST}/start": moved("/private/a")}
        for name in ("private/a", "start"):
            refusal = await _refusal(fetcher, f"{SITE}/{name}")
            assert "its robots.txt asks" in str(refusal)
        assert await fetcher.get(f"{SITE}/private/open")
        assert f"{HOST}/private/a" not in web_.seen


async def test_what_it_says_to_us_by_name_counts_before_what_it_says_to_all() -> None:
    async with small_web() as web_, web_.fetcher() as fetcher:
        _robots(
            web_,
            "User-agent: *\nDisallow: /a\n\nUser-agent: outcomesassistant\nDisallow: /b\n\n"
            "User-agent: OtherBot\nDisallow: /\nCrawl-delay: 20\n",
        )
        web_.pages[f"{HOST}/a"] = "Hello"
        assert await fetcher.get(f"{SITE}/a")
        assert "its robots.txt asks" in str(await _refusal(fetcher, f"{SITE}/b"))
        assert web_.clock.slept == [1.0]


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_a_host_without_robots_txt_may_be_asked(status: int) -> None:
    async with small_web() as web_, web_.fetcher() as fetcher:
        web_.pages |= {f"{HOST}/robots.txt": status, f"{HOST}/a": "Hello"}
        assert await fetcher.get(f"{SITE}/a")


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_host_whose_robots_txt_fails_is_left_alone(status: int) -> None:
    async with small_web() as web_, web_.fetcher() as fetcher:
        web_.pages |= {f"{HOST}/robots.txt": status, f"{HOST}/a": "Hello"}
        for _ in range(2):
            refusal = await _refusal(fetcher, f"{SITE}/a")
            assert isinstance(refusal, Later)
            assert f"robots.txt cannot be read now (its host answers {status})" in str(refusal)
        assert web_.seen == [f"{HOST}/robots.txt"]


async def test_what_robots_txt_leaves_out_is_told_however_it_is_written() -> None:
    async with small_web() as web_, web_.fetcher() as fetcher:
        _robots(web_, "User-agent: *\nDisallow: /private\n")
        for path in ("open/../private", "./private", "%70rivate", "open/%2e%2e/private"):
            assert "its robots.txt asks" in str(await _refusal(fetcher, f"{SITE}/{path}"))
        assert web_.seen == [f"{HOST}/robots.txt"]


async def test_several_at_once_are_as_polite_as_one() -> None:
    async with small_web() as web_, web_.fetcher() as fetcher:
        web_.pages[f"{HOST}/a"] = "Hello"
        assert all(await asyncio.gather(*(fetcher.get(f"{SITE}/a") for _ in range(4))))
        assert web_.seen == [f"{HOST}/robots.txt", *[f"{HOST}/a"] * 4]
        assert web_.clock.now == 1000.0 + sum(web_.clock.slept)
        assert len(web_.clock.slept) == 4


async def test_robots_txt_is_read_once_a_day() -> None:
    async with small_web() as web_, web_.fetcher() as fetcher:
        web_.pages[f"{HOST}/a"] = "Hello"
        for _ in range(3):
            await fetcher.get(f"{SITE}/a")
        assert web_.seen.count(f"{HOST}/robots.txt") == 1
        web_.clock.now += 24 * 60 * 60
        await fetcher.get(f"{SITE}/a")
        assert web_.seen.count(f"{HOST}/robots.txt") == 2


async def test_a_robots_txt_that_leads_inside_is_not_followed() -> None:
    async with small_web() as web_, web_.fetcher() as fetcher:
        web_.pages |= {f"{HOST}/robots.txt": moved("http://10.0.0.1/"), f"{HOST}/a": "Hello"}
        assert not isinstance(await _refusal(fetcher, f"{SITE}/a"), Later)
        assert web_.seen == [f"{HOST}/robots.txt"]


def test_a_robots_txt_full_of_names_does_not_fill_the_memory() -> None:
    names = "".join(f"User-agent: robot{at}\n" for at in range(3000))
    rules = "".join(f"Disallow: /{at}\n" for at in range(3000))
    own = "User-agent: Outcomes*\nDisallow: /own\n"
    tracemalloc.start()
    robots = Robots((names + rules + own).encode())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000
    assert not robots.allows(f"{SITE}/own")
    assert robots.allows(f"{SITE}/1")


@pytest.mark.parametrize(
    ("wanted", "pace"),
    [
        ("", 1.0),
        ("Crawl-delay: 0.1", 1.0),
        ("Crawl-delay: 5", 5.0),
        ("Crawl-delay: 3600", 30.0),
        ("Crawl-delay: soon", 1.0),
        ("Crawl-delay: -5", 1.0),
        ("Crawl-delay: nan", 1.0),
        ("Crawl-delay: inf", 1.0),
        ("Request-rate: 1/10", 10.0),
        ("Request-rate: 0/10", 1.0),
    ],
)
async def test_a_host_is_asked_once_a_second_or_as_seldom_as_it_wants(
    wanted: str, pace: float
) -> None:
    async with small_web() as web_, web_.fetcher() as fetcher:
        _robots(web_, f"User-agent: *\nDisallow:\n{wanted}\n")
        web_.pages |= {f"{HOST}/a": "Hello", "other.example/a": "Hello"}
        for _ in range(3):
            await fetcher.get(f"{SITE}/a")
        assert web_.clock.slept == [1.0, pace, pace]
        web_.clock.slept.clear()
        await fetcher.get("http://other.example/a")
        assert web_.clock.slept == [1.0]  # its robots.txt was asked for; nobody else's pace counts


async def test_a_page_is_asked_for_only_if_it_changed() -> None:
    async def page(request: web.BaseRequest) -> web.StreamResponse:
        told = {"ETag": '"one"', "Last-Modified": "Mon, 02 Mar 2026 09:00:00 GMT"}
        if request.headers.get("If-None-Match") == '"one"':
            return web.Response(status=304, headers=told)
        return web.Response(text="Hello", headers=told)

    async with small_web() as web_, web_.fetcher() as fetcher:
        web_.pages |= {f"{HOST}/a": page, f"{HOST}/b": "Hello", f"{HOST}/c": 304}
        first = await fetcher.get(f"{SITE}/a")
        assert first
        assert "If-None-Match" not in web_.headers[-1]
        assert await fetcher.get(f"{SITE}/a", first.validator) is None
        assert web_.headers[-1]["If-Modified-Since"] == "Mon, 02 Mar 2026 09:00:00 GMT"
        assert await fetcher.get(f"{SITE}/a", '"two"\n')
        plain = await fetcher.get(f"{SITE}/b")
        assert plain
        assert plain.validator == ""
        # Nobody asked whether it changed.
        assert "answers 304" in str(await _refusal(fetcher, f"{SITE}/c"))


async def test_a_validator_cannot_write_headers() -> None:
    async with small_web() as web_, web_.fetcher() as fetcher:
        web_.pages[f"{HOST}/a"] = "Hello"
        assert await fetcher.get(f"{SITE}/a", '"one"\r\nX-Other: 1\r\n\r\n')
        assert "X-Other" not in web_.headers[-1]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("headers", "hours"),
    [
        ({}, 1),
        ({"Retry_After": "5"}, 1),
        ({"Retry_After": "7200"}, 2),
        ({"Retry_After": "9" * 40}, 24),
        ({"Retry_After": "soon"}, 1),
        (
            {
                "Retry_After": "Mon, 02 Mar 2026 12:00:00 GMT",
                "Date": "Mon, 02 Mar 2026 09:00:00 GMT",
            },
            3,
        ),
        ({"Retry_After": "Mon, 02 Mar 1026 12:00:00 GMT"}, 1),
    ],
)
async def test_a_host_that_asks_for_a_pause_gets_it(
    status: int, headers: dict[str, str], hours: int
) -> None:
    async with small_web() as web_, web_.fetcher() as fetcher:
        web_.pages |= {f"{HOST}/a": answered(status, b"", **headers), f"{HOST}/b": "Hello"}
        for name in ("a", "b"):
            refusal = await _refusal(fetcher, f"{SITE}/{name}")
            assert isinstance(refusal, Later)
            assert "asks to be left alone" in str(refusal)
        web_.clock.now += hours * 3600 - 1
        assert isinstance(await _refusal(fetcher, f"{SITE}/b"), Later)
        assert web_.seen == [f"{HOST}/robots.txt", f"{HOST}/a"]
        web_.clock.now += 2
        assert await fetcher.get(f"{SITE}/b")


async def test_a_host_that_does_not_answer_is_left_alone_after_three_times() -> None:
    async def broken(request: web.BaseRequest) -> web.StreamResponse:
        assert request.transport
        request.transport.abort()
        return web.Response()

    async with small_web() as web_, web_.fetcher() as fetcher:
        web_.pages |= {f"{HOST}/{name}": broken for name in "abcd"}
        for name in "abcd":
            assert isinstance(await _refusal(fetcher, f"{SITE}/{name}"), Later)
        assert f"{HOST}/c" in web_.seen
        assert f"{HOST}/d" not in web_.seen


@pytest.mark.parametrize(
    ("status", "kind", "why"),
    [
        (404, Gone, "nothing is there"),
        (410, Gone, "nothing is there"),
        (401, Refused, "does not let everyone read it"),
        (403, Refused, "does not let everyone read it"),
        (400, Refused, "answers 400"),
        (204, Refused, "answers 204"),
        (500, Later, "has a fault"),
        (502, Later, "has a fault"),
    ],
)
async def test_what_is_no_page_is_said(status: int, kind: type[Refused], why: str) -> None:
    async with small_web() as web_, web_.fetcher() as fetcher:
        web_.pages[f"{HOST}/a"] = status
        refusal = await _refusal(fetcher, f"{SITE}/a")
        assert type(refusal) is kind
        assert why in str(refusal)


async def test_a_name_that_nobody_has_is_said() -> None:
    async def nowhere(_host: str) -> list[str]:
        raise OSError("no such name")

    async with Fetcher(manners=Manners(), resolve=nowhere) as fetcher:
        refusal = await _refusal(fetcher, f"{SITE}/a")
        assert isinstance(refusal, Later)
        assert "no host of this name" in str(refusal)
