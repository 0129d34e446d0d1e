"""Pages fetched: only from the public web."""

from __future__ import annotations

import socket
from ipaddress import ip_address

import pytest

from bot.sources.addresses import may_be_reached
from bot.sources.connections import Connections, opened
from bot.sources.fetching import Fetcher, Gone, Later, Refused
from tests.small_web import PUBLIC, answered, moved, small_web

# Ways to write an address that leads inside, or to nothing that could be told to be outside.
FORMS = (
    *("http://127.0.0.1/", "https://127.0.0.1/", "http://127.0.0.1:443/", "http://127.0.0.1./"),
    *("http://127.1/", "http://127.0.1/", "http://2130706433/", "http://2130706433./"),
    *("http://0x7f000001/", "http://0x7f.0.0.1/", "http://0x7f.1/", "http://0X7F.0x0.0x0.0x1/"),
    *("http://017700000001/", "http://0177.0.0.1/", "http://0177.1/", "http://00127.0.0.1/"),
    *("http://0/", "http://0.0.0.0/", "http://00/", "http://0x0/", "http://127.0.0.1.0x1/"),
    *("http://127.255.255.254/", "http://10.0.0.1/", "http://10.1/", "http://172.16.0.1/"),
    *("http://172.31.255.255/", "http://192.168.0.1/", "http://192.168.1/", "http://3232235521/"),
    *("http://169.254.169.254/latest/meta-data/", "http://169.254.1.1/", "http://2852039166/"),
    *("http://0xa9fea9fe/", "http://0251.0376.0251.0376/", "http://169.254.43518/"),
    *("http://100.64.0.1/", "http://100.100.100.200/", "http://168.63.129.16/"),
    *("http://192.0.0.192/", "http://192.0.2.1/", "http://198.18.0.1/", "http://203.0.113.9/"),
    *("http://192.88.99.1/", "http://224.0.0.1/", "http://239.255.255.250/", "http://240.0.0.1/"),
    *("http://255.255.255.255/", "http://256.256.256.256/", "http://4294967297/"),
    *("http://[::1]/", "http://[::]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::127.0.0.1]/"),
    *("http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::ffff:8.8.8.8]/"),
    *("http://[::ffff:169.254.169.254]/", "http://[::ffff:0:127.0.0.1]/"),
    *("http://[64:ff9b::127.0.0.1]/", "http://[64:ff9b::8.8.8.8]/", "http://[64:ff9b:1::1]/"),
    *("http://[2002:7f00:1::]/", "http://[2002:808:808::1]/", "http://[2001::1]/"),
    *("http://[2001:0:53aa:64c:0:0:80ff:fffe]/", "http://[2001:db8::1]/", "http://[3fff::1]/"),
    *("http://[fe80::1]/", "http://[fe80::1%25eth0]/", "http://[fe80::1%eth0]/", "http://[::1%1]/"),
    *("http://[fec0::1]/", "http://[fc00::1]/", "http://[fd00:ec2::254]/", "http://[ff02::1]/"),
    *("http://[100::1]/", "http://[v1.fe80::a]/", "http://[127.0.0.1]/", "http://[::1/"),
    *("http://localhost/", "http://LOCALHOST/", "http://localhost./", "http://a.localhost/"),
    *("http://localhost.localdomain/", "http://ip6-localhost/", "http://intranet/"),
    *("http://printer.local/", "http://metadata.google.internal/", "http://router.lan/"),
    *("http://nas.home.arpa/", "http://metadata/", "http://kubernetes.default.svc/"),
    *(
        "http://１２７.０.０.１/",
        "http://①②⑦.⓪.⓪.①/",
        "http://127。0。0。1/",
        "http://127．0．0．1/",
    ),
    *(
        "http://ｌｏｃａｌｈｏｓｔ/",
        "http://١٢٧.٠.٠.١/",
        "http://loca\u00adlhost/",
        "http://ⓛocalhost/",
    ),
    *("http://www.council.example@127.0.0.1/", "http://127.0.0.1@www.council.example/"),
    *("http://user:word@www.council.example/", "http://@www.council.example/"),
    *("http://127.0.0.1#@www.council.example/", "http://127.0.0.1?@www.council.example/"),
    *("http://127.0.0.1\\@www.council.example/", "http://www.council.example\\@127.0.0.1/"),
    *("http://127.0.0.1 .council.example/", "http://127.0.0.1\t/", "http://127.0.0.1\n/"),
    *("http://127.0.0.1%00.council.example/", "http://%6c%6fcalhost/", "http://127%2e0.0.1/"),
    *("http:///127.0.0.1/", "http:127.0.0.1/", "http:/127.0.0.1/", "//127.0.0.1/", "127.0.0.1"),
    *("http://", "http://:80/", "http://./", "http://../", "http://-a.council.example/", ""),
    *("http://www.council.example:22/", "http://www.council.example:8080/"),
    *("http://www.council.example:0/", "http://www.council.example:65536/"),
    *("http://www.council.example:٨٠/", "http://www.council.example:80:80/"),
    *("http://" + "a" * 64 + ".example/", "http://" + "a." * 130 + "example/"),
    *("http://www.council.example/" + "a" * 2000, "http://www.council.example/a b"),
    *("ftp://www.council.example/", "file:///etc/passwd", "gopher://www.council.example/"),
    *(
        "data:text/html,hello",
        "javascript:alert(1)",
        "unix:///run/a.sock",
        "jar:http://a.example!/",
    ),
    *("HTTP+UNIX://www.council.example/", "view-source:http://www.council.example/"),
)
# What a harmless name may turn out to mean.
INSIDE = (
    *("127.0.0.1", "127.9.9.9", "0.0.0.0", "0.1.2.3", "10.9.8.7", "172.20.0.1", "192.168.7.7"),
    *("169.254.169.254", "100.64.1.1", "100.127.255.254", "168.63.129.16", "192.0.0.8"),
    *("192.88.99.1", "198.19.0.1", "224.0.0.251", "240.1.1.1", "255.255.255.255", "::1", "::"),
    *("::ffff:10.0.0.1", "::ffff:93.184.216.34", "64:ff9b::a00:1", "2002:a00:1::1", "2001::a00:1"),
    *("fe80::1", "fe80::1%eth0", "2606:2800:220:1::1%eth0", "fec0::1", "fd12:3456::1", "ff0e::1"),
    *("100::9", "2001:db8::9", "fd00:ec2::254", "5f00::1", "4000::1", "nothing"),
)
SITE = "http://www.council.example"


async def _plainly_refused(fetcher: Fetcher, url: str) -> bool:
    """Refused for what it is, not because the network could not."""
    try:
        await fetcher.get(url)
    except Refused as error:
        return not isinstance(error, Gone | Later)
    return False


# Some libraries read these digits as plain ones.
DIGITS = "xn--9hbcp.xn--8hb.xn--8hb.xn--9hb"


async def test_no_form_of_an_address_leads_inside() -> None:
    assert len(set(FORMS)) >= 120
    async with small_web() as web_, web_.fetcher() as fetcher:
        web_.names[DIGITS] = [["127.0.0.1"]]
        assert [form for form in FORMS if not await _plainly_refused(fetcher, form)] == []
        assert (web_.asked, web_.accepted) == ([], 0)


async def test_no_name_leads_inside() -> None:
    async with small_web() as web_, web_.fetcher() as fetcher:
        web_.names |= {f"www.name{at}.example": [[ip]] for at, ip in enumerate(INSIDE)}
        web_.names |= {f"both{at}.example": [[PUBLIC, ip]] for at, ip in enumerate(INSIDE)}
        names = [f"http://{name}/" for name in web_.names]
        assert [name for name in names if not await _plainly_refused(fetcher, name)] == []
        assert len(web_.looked_up) == 2 * len(INSIDE)  # it was their addresses that told
        assert (web_.asked, web_.accepted) == ([], 0)


async def test_what_is_public_is_connected_to_at_the_address_that_was_judged() -> None:
    async with small_web() as web_, web_.fetcher() as fetcher:
        web_.pages["www.council.example/a"] = "Hello"
        fetched = await fetcher.get("HTTP://WWW.Council.Example.:80/a#part")
        assert fetched
        assert (fetched.url, fetched.content) == (f"{SITE}/a", b"Hello")
        assert fetched.media == "text/html; charset=utf-8"
        assert (web_.asked, web_.accepted) == ([(PUBLIC, 80)], 1)


async def test_a_name_that_means_another_address_a_moment_later_leads_nowhere() -> None:
    async with small_web() as web_, web_.fetcher() as fetcher:
        web_.names["www.council.example"] = [[PUBLIC], ["127.0.0.1"]]
        closing = answered(body=b"Hello", Connection="close")
        web_.pages |= {f"www.council.example/{name}": closing for name in ("robots.txt", "a")}
        # robots.txt is asked for first, and its connection ends: the page needs a second look-up.
        assert await _plainly_refused(fetcher, f"{SITE}/a")
        assert web_.looked_up == ["www.council.example"] * 2
        assert (web_.asked, web_.accepted) == ([(PUBLIC, 80)], 1)


async def test_a_connection_looks_its_name_up_once() -> None:
    async with small_web() as web_, web_.fetcher() as fetcher:
        web_.names["www.council.example"] = [[PUBLIC], ["127.0.0.1"]]
        web_.pages["www.council.example/a"] = "Hello"
        assert await fetcher.get(f"{SITE}/a")
        assert (web_.looked_up, web_.asked) == (["www.council.example"], [(PUBLIC, 80)])


async def test_no_socket_is_made_for_what_nobody_judged() -> None:
    async def resolve(_host: str) -> list[str]:
        return [PUBLIC]

    connections = Connections((), resolve, opened)
    await connections.resolve("www.council.example", 80)
    with pytest.raises(OSError, match="nobody judged"):
        connections.socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 80)))
    with pytest.raises(OSError, match="nobody judged"):
        connections.socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", (PUBLIC, 443)))
    connections.socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", (PUBLIC, 80))).close()


async def test_no_redirect_leads_inside() -> None:
    # What has no host of its own stays on this one.
    led = [form for form in FORMS if form.startswith("http://") and "\n" not in form]
    led = [form for form in led if not form.startswith("http:///") and form != "http://"]
    async with small_web() as web_, web_.fetcher() as fetcher:
        web_.names |= {f"name{at}.example": [[ip]] for at, ip in enumerate(INSIDE)}
        led += [f"http://{name}/" for name in web_.names]
        for at, form in enumerate(led):
            web_.pages[f"start.example/{at}"] = moved(form, (301, 302, 303, 307, 308)[at % 5])
        web_.names[DIGITS] = [["127.0.0.1"]]
        starts = [f"http://start.example/{at}" for at in range(len(led))]
        assert [one for one in starts if not await _plainly_refused(fetcher, one)] == []
        assert {host for host, _ in web_.asked} == {PUBLIC}
        assert {place.partition("/")[0] for place in web_.seen} == {"start.example"}
        assert len(web_.seen) == 1 + len(led) > 100


async def test_redirects_are_followed_three_times() -> None:
    async with small_web() as web_, web_.fetcher() as fetcher:
        web_.pages |= {f"a.example/{at}": moved(f"/{at + 1}") for at in range(4)}
        web_.pages["a.example/4"] = "Hello"
        with pytest.raises(Refused, match="more than 3 times"):
            await fetcher.get("http://a.example/0")
        fetched = await fetcher.get("http://a.example/1")
        assert fetched
        assert fetched.url == "http://a.example/4"


@pytest.mark.parametrize("host", ["wiki", "wiki.council.example"])
async def test_what_is_public_cannot_send_us_to_an_internal_host(host: str) -> None:
    async with small_web() as web_, web_.fetcher(host) as fetcher:
        web_.names[host] = [["10.0.0.5"]]
        web_.pages |= {f"{host}/a": "Hello", f"{host}/b": moved(f"http://{host}/a")}
        web_.pages["out.example/a"] = moved(f"http://{host}/a")
        assert await _plainly_refused(fetcher, "http://out.example/a")
        assert {address for address, _ in web_.asked} == {PUBLIC}
        assert await fetcher.get(f"http://{host}/b")
        assert ("10.0.0.5", 80) in web_.asked


@pytest.mark.parametrize(
    ("internal", "url", "let"),
    [
        ("wiki", "http://wiki/a", True),
        ("wiki", "http://wiki:8080/a", False),
        ("wiki:8080", "http://wiki:8080/a", True),
        ("wiki:8080", "http://wiki/a", False),
        ("wiki:8080", "http://other:8080/a", False),
        ("10.0.0.5:8080", "http://10.0.0.5:8080/a", True),
        ("10.0.0.5:8080", "http://10.0.0.6:8080/a", False),
        ("10.0.0.5", "http://10.0.0.5/a", True),
    ],
)
async def test_internal_hosts_are_reached_as_they_are_named(
    internal: str, url: str, let: bool
) -> None:
    async with small_web() as web_, web_.fetcher(internal) as fetcher:
        web_.names |= {"wiki": [["10.0.0.5"]], "other": [["10.0.0.5"]]}
        web_.pages[url.removeprefix("http://")] = "Hello"
        assert await _plainly_refused(fetcher, url) is not let
        assert bool(web_.asked) is let


@pytest.mark.parametrize(
    "ip", ["169.254.169.254", "fd00:ec2::254", "168.63.129.16", "fe80::1", "224.0.0.1", "0.0.0.0"]
)
async def test_metadata_is_not_reached_by_an_internal_name_either(ip: str) -> None:
    async with small_web() as web_, web_.fetcher("wiki") as fetcher:
        web_.names["wiki"] = [[ip]]
        assert await _plainly_refused(fetcher, "http://wiki/a")
        assert web_.asked == []


def test_hosts_of_the_public_web_may_be_reached() -> None:
    for ip in (PUBLIC, "8.8.8.8", "1.1.1.1", "2606:2800:220:1:248:1893:25c8:1946", "2a00:1450::1"):
        assert ip_address(ip).is_global
        assert may_be_reached(ip)


async def test_the_environment_is_no_way_round(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    async with small_web() as web_, web_.fetcher() as fetcher:
        web_.pages["www.council.example/a"] = answered(body=b"x", Set_Cookie="a=b")
        assert await fetcher.get(f"{SITE}/a")
        assert await fetcher.get(f"{SITE}/a")
        assert web_.asked == [(PUBLIC, 80)]
        sent = {name.lower() for headers in web_.headers for name in headers}
        assert sent == {"host", "accept", "accept-encoding", "user-agent"}
