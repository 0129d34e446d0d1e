"""The public page about the assistant, which Teams links to: one page, without a script."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from string import Template

from aiohttp import web

from bot.page_headers import safe_headers

PATH = "/about"
_QUOTES = "It quotes published texts, and what officers registered. No language model takes part."
_WORDS = (
    "A language model at {host} puts some answers into words, from the quotes below them. Each of"
    " its sentences is held against the quote it cites, and dropped where it says more. To do so"
    " that host is sent the question, if nothing personal is found in it, and passages of published"
    " texts."
)


@dataclass(frozen=True, slots=True)
class About:
    """What of the page is this installation's own. `model_host` is where a language model is
    asked, "" for none."""

    questions_days: int
    introductions_days: int
    model_host: str = ""

    def page(self) -> str:
        """The page as HTML."""
        words = _WORDS.format(host=self.model_host) if self.model_host else _QUOTES
        here = files("bot.web")
        source = here.joinpath("about.html").read_text("utf-8")
        emblem = b64encode(here.joinpath("assets", "emblem.svg").read_bytes()).decode()
        return Template(source).substitute(
            questions=_days(self.questions_days),
            introductions=_days(self.introductions_days),
            words=escape(words),
            icon=f"data:image/svg+xml;base64,{emblem}",
        )


def about_routes(about: About) -> list[web.RouteDef]:
    """The page, made once. It says nothing of whoever looks at it, and sets no cookie."""
    page = about.page()
    headers = safe_headers(page)

    async def send(_: web.Request) -> web.Response:
        return web.Response(text=page, content_type="text/html", charset="utf-8", headers=headers)

    return [web.get(PATH, send), web.get(f"{PATH}/", send)]


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"
