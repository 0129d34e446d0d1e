"""Our own public address asked from here: what an answer that we do not give means."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.checks.finding import Finding, unsure, wrong
from bot.checks.probe import Answer, Unanswered

ADDRESS = "public address"
_FROM_OUTSIDE = (
    "Some networks keep a computer from its own public address: if {about} opens on a phone that is"
    " not in your network, all is well"
)
_PROXY = "Let the proxy pass {path} on to http://127.0.0.1:{port}{path}, as docs/connect-teams.md"
_PROXY += " shows for nginx"


def unanswered(url: str, error: Unanswered) -> Finding:
    """Nothing came back from `url`; the same to whoever asked, for it is said once."""
    parts = urlsplit(url)
    host, about = parts.hostname, f"{parts.scheme}://{parts.netloc}/about"
    elsewhere = _FROM_OUTSIDE.format(about=about)
    match error.reason:
        case "name":
            do = "Check OUTCOMES_ADDRESS, or have the name entered in your DNS"
            return wrong(ADDRESS, f"the name {host} is not known", do)
        case "certificate":
            do = (
                "Give the proxy a certificate of a public authority, with all certificates in"
                " between, and look at its name and its last day"
            )
            return wrong(ADDRESS, f"the certificate of {host} is not one that others trust", do)
        case "refused":
            do = f"Start the proxy, and open its port in the firewall. {elsewhere}"
            return wrong(ADDRESS, f"{parts.netloc} takes no connections", do)
        case "slow":
            do = f"Look at the proxy and the firewall. {elsewhere}"
            return unsure(ADDRESS, f"{parts.netloc} did not answer in time", do)
    do = f"Look into the proxy's log. {elsewhere}"
    return wrong(ADDRESS, f"{parts.netloc} broke the connection off", do)


def unexpected(check: str, url: str, answer: Answer, port: int) -> Finding:
    """An answer that the bot does not give, so that somebody else gave it."""
    path, status = urlsplit(url).path, answer.status
    passing = _PROXY.format(path=path, port=port)
    if status in (502, 503, 504):
        what = f"the proxy answers {status}: it finds no bot behind it"
        return wrong(
            check, what, f"Start the bot, and look that it listens where it passes. {passing}"
        )
    if status == 404:
        what = (
            f"{path} is not found (404): the proxy does not pass it, or this bot has no use for it"
        )
        return wrong(check, what, f"{passing}; then start the bot again with these settings")
    if 300 <= status < 400:
        what = f"{path} leads somewhere else ({status}), which Slack and Microsoft do not follow"
        return wrong(check, what, f"Take the redirection out of the proxy. {passing}")
    if status in (401, 403, 407):
        what = f"something before the bot refuses strangers ({status})"
        return wrong(check, what, f"Let the proxy ask for no password at {path}. {passing}")
    if status >= 500:
        return wrong(check, f"it answers {status}", "Look into the bot's log and the proxy's")
    what = f"something else answers at {path} ({status}), not this bot"
    return wrong(check, what, passing)
