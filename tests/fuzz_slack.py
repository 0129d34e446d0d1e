"""Requests to /slack/events: events, commands, buttons, forms, raw bytes; signed, or badly."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from hypothesis import strategies as st

from bot.rehearsal import slack_payloads as slack
from bot.rehearsal.slack import SIGNING_SECRET
from tests.fuzz_shots import (
    BUTTONS,
    COMMANDS,
    FIELDS,
    FORM,
    FORMS,
    JSON,
    NEVER,
    SAID,
    Aimed,
    around,
)
from tests.fuzzing import Draw, Json, odd_bytes, odd_json, written


def _sent_by_slack(where: str, who: str) -> list[Json]:
    """Events as Slack posts them."""
    at: dict[str, object] = {"channel": where, "user": who}
    alone: dict[str, object] = {**at, "channel_type": "im"}
    threads = {"thread_ts": "1764000000.000001"}
    home = {"type": "app_home_opened", "tab": "home", "user": who, "channel": where}
    kinds = ("member_joined_channel", "app_uninstalled", "tokens_revoked", "reaction_added", "x")
    return [
        *(slack.mention(text, **at) for text in SAID[:6]),
        *(slack.message(text, **at, **threads) for text in SAID[4:8]),
        *(slack.event("message", text, **alone) for text in SAID),
        slack.mention("damp sensors?", **at, files=[{"id": "F1", "name": "a.pdf"}]),
        {**slack.mention("x"), "event": home},
        {**slack.mention("x"), "event": {**home, "tab": "messages"}},
        *({**slack.mention("x"), "event": {"type": kind, **at}} for kind in kinds),
        {"type": "url_verification", "token": "unused", "challenge": "abc"},
        {"type": "app_rate_limited", "team_id": slack.TEAM, "minute_rate_limited": 1764000000},
    ]


def _made_by_machine() -> list[Json]:
    """What bots say and what only tells of messages; none of it is for us."""
    there: dict[str, object] = {"channel": f"C{NEVER}", "user": f"U{NEVER}"}
    kinds = ("bot_message", "message_changed", "message_deleted", "channel_join", "channel_topic")
    return [
        slack.mention("damp sensors?", **there, bot_id="B1"),
        slack.mention("damp sensors?", **there, app_id="A1"),
        slack.mention("damp sensors?", **{**there, "user": slack.BOT}),
        slack.event("message", "damp?", **{**there, "user": "USLACKBOT"}, channel_type="im"),
        *(slack.event("message", "a?", **there, channel_type="im", subtype=one) for one in kinds),
    ]


def _posted_forms(url: str, where: str, who: str) -> list[dict[str, str]]:
    return [
        *(slack.command(text, url, channel_id=where, user_id=who) for text in COMMANDS),
        slack.command("damp", url, command="/tag-project", channel_id=where, user_id=who),
        {"ssl_check": "1", "token": "unused"},
    ]


def _interactions(url: str, where: str, who: str) -> list[Json]:
    shown = {"ts": "1764000000.000001", "channel": where}
    user: dict[str, object] = {"user": {"id": who, "team_id": slack.TEAM}}
    pressed = [
        {"type": "button", "action_id": f"press:{name}:0", "value": value}
        for name, value in zip(BUTTONS, ("7", "draft:7", "project:1", "a:0", "") * 9, strict=False)
    ]
    thumb = {"type": "feedback_buttons", "action_id": "press:rate:0", "value": "up:abc"}
    home = {"id": "V1", "type": "home", "app_installed_team_id": slack.TEAM}
    metadata = json.dumps({"channel": where, "thread": "", "person": who, "key": "draft:7"})
    return [
        *(slack.press(one, url, shown, **user) for one in (*pressed, thumb)),
        *(
            slack.press(one, url, {**shown, "response_type": "ephemeral"}, **user)
            for one in pressed
        ),
        *({**slack.press(one, url, shown, **user), "view": home} for one in pressed[:8]),
        slack.shortcut({"text": "A bin app", "ts": "1", "user": who}, url, **user),
        *(
            slack.submission(
                {"callback_id": f"form:{name}", "private_metadata": metadata, "blocks": []},
                dict.fromkeys(FIELDS, "2026-12-24"),
                **user,
            )
            for name in FORMS
        ),
        {"type": "view_closed", "team": {"id": slack.TEAM}, **user},
        {"type": "block_suggestion", "team": {"id": slack.TEAM}, **user, "value": "a"},
    ]


def _slack_bodies(url: str, where: str, who: str) -> st.SearchStrategy[tuple[bytes, str]]:
    """A body, and the type that it is sent as."""
    events = written(odd_json(_sent_by_slack(where, who)))
    forms = odd_json(_posted_forms(url, where, who)).map(_as_form)
    payloads = written(odd_json(_interactions(url, where, who)))
    raw = odd_bytes([b"payload=%7B%7D", b"payload=", b"a=b&a=c&=;", b"{}", b"text=%ff%00&team_id"])
    return st.one_of(
        st.tuples(events, st.just(JSON)),
        st.tuples(events, st.just(JSON)),
        st.tuples(forms, st.just(FORM)),
        st.tuples(payloads.map(lambda one: urlencode({"payload": one}).encode()), st.just(FORM)),
        st.tuples(payloads.map(lambda one: urlencode({"payload": one}).encode()), st.just(FORM)),
        st.tuples(raw, st.sampled_from((JSON, FORM, ""))),
    )


def _as_form(value: Json) -> bytes:
    if not isinstance(value, dict):
        return str(value).encode("utf-8", "surrogatepass")
    pairs = [
        (str(name), one if isinstance(one, str) else json.dumps(one)) for name, one in value.items()
    ]
    return urlencode(pairs, errors="surrogatepass").encode()


def _signature(body: bytes, at: int, secret: str = SIGNING_SECRET) -> str:
    based = b"v0:%d:" % at + body
    return "v0=" + hmac.new(secret.encode(), based, hashlib.sha256).hexdigest()


def _unsigned(body: bytes) -> Sequence[Mapping[str, str]]:
    """Headers that do not prove that Slack sent it."""
    now = int(time.time())
    stamp, sign = "X-Slack-Request-Timestamp", "X-Slack-Signature"
    good = _signature(body, now)
    return (
        {},
        {stamp: str(now)},
        {sign: good},
        {stamp: str(now), sign: ""},
        {stamp: str(now), sign: _signature(body, now, "another")},
        {stamp: str(now), sign: _signature(body + b" ", now)},
        {stamp: str(now - 400), sign: _signature(body, now - 400)},
        {stamp: str(now + 4000), sign: _signature(body, now + 4000)},
        {stamp: "soon", sign: good},
        {stamp: "1e3", sign: good},
        {stamp: "-1", sign: good},
        {stamp: "9" * 400, sign: good},
        {stamp: str(now), sign: good[:-1]},
        {stamp: str(now), sign: f"v1={good[3:]}"},
        {stamp: str(now), sign: "v0=\xe9\xff"},
        {stamp: str(now), sign: f"{good}, {good}"},
    )


@st.composite
def to_slack(draw: Draw, base: str) -> Aimed:
    """A request to /slack/events. `base` is where response urls lead."""
    match draw(st.integers(0, 9)):
        case 0 | 1 | 2:
            body, kind = draw(_slack_bodies(f"{base}/{NEVER}", f"C{NEVER}", f"U{NEVER}"))
            proof, refused = draw(st.sampled_from(_unsigned(body))), True
        case 3:
            kept = ("event", "bot_id", "app_id", "subtype", "user", "channel", "type")
            body, kind = draw(written(odd_json(_made_by_machine(), kept))), JSON
            proof, refused = {}, False
        case _:
            body, kind = draw(_slack_bodies(f"{base}/1", slack.CHANNEL, slack.OFFICER))
            proof, refused = {}, False
    if not refused:
        now = int(time.time())
        signed = {"X-Slack-Signature": _signature(body, now)}
        proof = {"X-Slack-Request-Timestamp": str(now), **signed}
    if draw(st.integers(0, 9)) == 0:
        proof = {**proof, "X-Slack-Retry-Num": draw(st.sampled_from(("1", "3", "-1", "x", "")))}
    headers = {"Content-Type": kind, **proof}
    return Aimed(draw(around("/slack/events", body, headers)), refused)
