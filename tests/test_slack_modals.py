"""Forms as Slack's own library reads them: every limit kept, and what was filled in comes back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.conversation import Choice, Field, Form, Reply
from bot.rehearsal.slack_limits import refused_view
from bot.rehearsal.slack_payloads import submission
from bot.slack.modals import (
    CONTINUED,
    ELSEWHERE,
    NOT_ALL,
    PICK_DATE,
    PICK_TIME,
    above,
    faults,
    loading,
    modal,
    notice,
    values,
)
from bot.slack.modals import shows_all as shown_whole
from tests.slack_desk import LONG, NO_TITLE, OUTCOMES, PROJECT, SOURCE, faulty, field_of, filled
from tests.test_blocks import EVERY, HOSTILE, MANY, parts, seen

CHOICES = tuple(Choice(f"{n}", "l" * n) for n in range(150))
REASONS = "\n".join(
    f"- Outcome {n}: “{'They work and save time. ' * 30}” [{n}]" for n in range(1, 31)
)
FORMS = {
    "plain": Form("ask", "Ask", (Field("q", "Question", "paragraph", hint="About what?"),)),
    "choice": Form("ask", "Ask", (Field("n", "Where", "choice", required=False, choices=CHOICES),)),
    "hostile": Form(
        HOSTILE[:50],
        HOSTILE * 9,
        (
            Field("q", HOSTILE * 99, hint=HOSTILE * 99, longest=9**9, value=HOSTILE * 20),
            Field("f", HOSTILE, fault=HOSTILE * 99),
        ),
        lead=HOSTILE,
        citations=(replace(SOURCE, title=HOSTILE, quote=HOSTILE, councils=(HOSTILE,)),),
    ),
    "project": filled(PROJECT, description=LONG[:4000], title="Laptops", stage="done"),
    "faulty": faulty(PROJECT, title=NO_TITLE, stage="Pick one."),
    "outcomes": OUTCOMES,
    "long lead": replace(OUTCOMES, lead=REASONS, citations=MANY),
    "dates": Form(
        "pause",
        "Pause",
        (
            Field("until", "Until", "date", hint="The day you are back.", value="2026-12-24"),
            Field("since", "Since", "date", required=False, fault="No such day."),
            Field("other", "Other", "date", value=HOSTILE),
            Field("past", "Past", "date", value="2026-02-30"),
        ),
    ),
    "times": Form(
        "digest",
        "Weekly digest",
        (
            Field("at", "Time", "time", hint="24 hours.", value="09:30"),
            Field("never", "Until", "time", required=False, fault="No such time."),
            Field("other", "Other", "time", value=HOSTILE),
            Field("past", "Past", "time", value="24:61"),
            Field("night", "Night", "time", value="00:00"),
        ),
    ),
    "many unknown": filled(OUTCOMES, outcomes="outcome-1,other,", shared="perhaps"),
    "one word": filled(PROJECT, description="x" * 4000),
    "wide": filled(PROJECT, description="😀" * 4000),
    "no fields": Form("ask", "", ()),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("said", ["", "Type a question first.", HOSTILE * 99])
def test_a_form_keeps_the_limits_of_slack(form: Form, said: str) -> None:
    view: dict[str, Any] = modal(form, "x" * 3000, said)
    assert refused_view(view) == ""
    assert 0 < len(view["title"]["text"]) <= 24
    assert 0 < len(view["submit"]["text"]) <= 24
    assert len(json.dumps(view["blocks"][:6], ensure_ascii=False)) < 40_000
    for one in parts(view):
        if one.get("type") == "plain_text":
            assert 0 < len(one["text"]) <= 2000
        if one.get("type") == "plain_text_input":
            assert one["max_length"] <= 3000
            assert len(one.get("initial_value", "").encode("utf-16-le")) // 2 <= one["max_length"]
    assert (said[:5] in json.dumps(view)) or not said


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_form_calls_nobody_and_disguises_no_link(form: Form) -> None:
    for one in parts(modal(form, "", HOSTILE)):
        assert one.get("type") not in ("mrkdwn", "user", "usergroup", "broadcast", "channel")
        if one.get("type") == "link":
            assert one["url"] == SOURCE.url or one["url"].startswith("https://a.example/")
            assert "good.example" not in one.get("text", one["url"])


def test_a_lead_stands_above_with_its_list_and_its_sources() -> None:
    view: dict[str, Any] = modal(OUTCOMES, "")
    told, sources, *_ = view["blocks"]
    kinds = [one["type"] for one in told["elements"]]
    assert kinds == ["rich_text_section", "rich_text_list"]
    assert len(told["elements"][1]["elements"]) == 2
    assert "[1] Damp sensors" in seen(sources)
    assert [one["url"] for one in parts(sources) if one.get("type") == "link"] == [SOURCE.url]


def test_a_lead_that_is_too_long_says_so_and_keeps_the_sources_it_names() -> None:
    view: dict[str, Any] = modal(FORMS["long lead"], "")
    above_fields = [one for one in view["blocks"] if one["type"] != "input"]
    shown = "".join(seen(one) for one in above_fields)
    assert NOT_ALL in shown
    assert "[1] ttt" in shown
    assert "[30]" not in shown
    assert len(json.dumps(above_fields, ensure_ascii=False)) <= 13_200


def test_what_a_field_holds_at_first_is_there() -> None:
    view: dict[str, Any] = modal(FORMS["project"], "")
    assert field_of(view, "title")["element"]["initial_value"] == "Laptops"
    assert "initial_value" not in field_of(view, "link")["element"]
    assert field_of(view, "stage")["element"]["initial_option"]["value"] == "done"
    two: dict[str, Any] = modal(OUTCOMES, "")
    several = field_of(two, "outcomes")["element"]
    assert several["type"] == "multi_static_select"
    assert len(several["options"]) == 12
    assert [one["value"] for one in several["initial_options"]] == ["outcome-2", "outcome-5"]


def test_a_date_is_picked_from_a_calendar() -> None:
    view: dict[str, Any] = modal(FORMS["dates"], "")
    begun = [field_of(view, name)["element"] for name in ("until", "since", "other", "past")]
    assert [one["type"] for one in begun] == ["datepicker"] * 4
    assert [one.get("initial_date", "") for one in begun] == ["2026-12-24", "", "", ""]
    assert {one["placeholder"]["text"] for one in begun} == {PICK_DATE}
    hints = [field_of(view, name)["hint"]["text"] for name in ("until", "since")]
    assert hints == ["The day you are back.", "No such day."]
    sent = submission(view, {"since": "2027-01-04"})["view"]["state"]["values"]
    assert values(sent) == {"until": "2026-12-24", "since": "2027-01-04", "other": "", "past": ""}


def test_a_time_is_picked_from_a_clock() -> None:
    view: dict[str, Any] = modal(FORMS["times"], "")
    names = ("at", "never", "other", "past", "night")
    begun = [field_of(view, name)["element"] for name in names]
    assert {one["type"] for one in begun} == {"timepicker"}
    assert [one.get("initial_time", "") for one in begun] == ["09:30", "", "", "", "00:00"]
    assert {one["placeholder"]["text"] for one in begun} == {PICK_TIME}
    assert [field_of(view, name)["optional"] for name in names[:2]] == [False, True]
    assert field_of(view, "never")["hint"]["text"] == "No such time."
    sent = submission(view, {"at": "17:05", "never": "", "other": "08:00"})
    filled_in = values(sent["view"]["state"]["values"])
    assert filled_in == {"at": "17:05", "never": "", "other": "08:00", "past": "", "night": "00:00"}


def test_another_value_or_key_makes_another_input_so_that_slack_shows_it() -> None:
    forms = (PROJECT, filled(PROJECT, title="x"), replace(PROJECT, key="draft-2"))
    names = [field_of(modal(one, ""), "title")["element"]["action_id"] for one in forms]
    assert len(set(names)) == 3
    assert {field_of(modal(one, ""), "title")["block_id"] for one in forms} == {"field:title"}


TEXTS = {
    "sentences": LONG[:4000],
    "paragraphs": ("A sentence of a paragraph. " * 20 + "\n\n") * 7 + "The end.",
    "one word": "x" * 4000,
    "wide": "😀" * 4000,
    "short": "They work.",
    "exactly": "x" * 3000,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_longer_than_an_input_comes_back_whole(text: str) -> None:
    view: dict[str, Any] = modal(filled(PROJECT, description=text), "")
    more = [one for one in view["blocks"] if one.get("block_id", "").startswith("more:")]
    assert bool(more) is (len(text.encode("utf-16-le")) // 2 > 3000)
    assert all(one["hint"]["text"] == CONTINUED and one["optional"] for one in more)
    left = submission(view, {})["view"]["state"]["values"]
    assert values(left)["description"] == text
    if more:
        gone = submission(view, {one["block_id"]: "" for one in more})["view"]["state"]["values"]
        assert text.startswith(values(gone)["description"])
        begun = submission(view, {"description": "Anew."})["view"]["state"]["values"]
        assert values(begun)["description"].startswith("Anew.")
        assert text.endswith(values(begun)["description"].removeprefix("Anew."))


def test_what_is_filled_in_comes_back_by_field() -> None:
    state: dict[str, dict[str, Any]] = {
        "field:question": {"value": {"type": "plain_text_input", "value": "who?"}},
        "field:empty": {"value": {"type": "plain_text_input", "value": None}},
        "field:nation": {"value": {"selected_option": {"value": "Wales"}}},
        "field:until": {"value": {"type": "datepicker", "selected_date": "2026-12-24"}},
        "field:never": {"value": {"type": "datepicker", "selected_date": None}},
        "field:at": {"value": {"type": "timepicker", "selected_time": "09:30"}},
        "field:some": {"value": {"type": "timepicker", "selected_time": None}},
        "field:none": {"value": {"selected_option": None}},
        "field:many": {"x": {"selected_options": [{"value": "a"}, {"value": "b"}]}},
        "field:nothing": {"x": {"selected_options": []}},
        "other": {"value": {"value": "x"}},
    }
    given = {"question": "who?", "empty": "", "nation": "Wales", "none": "", "many": "a,b"}
    dates = {"until": "2026-12-24", "never": "", "at": "09:30", "some": ""}
    assert values(state) == {**given, **dates, "nothing": ""}


SHOWN = ["field:title", "field:description"]
WRONG = faulty(PROJECT, title=NO_TITLE)


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        (Reply("invalid", NO_TITLE, form=WRONG), {"field:title": NO_TITLE}),
        (Reply("invalid", "", form=WRONG), {"field:title": NO_TITLE}),
        (Reply("invalid", f"{NO_TITLE} It is public.", form=WRONG), {}),
        (Reply("invalid", "", form=replace(WRONG, key="draft-2")), {}),
        (Reply("invalid", "", form=faulty(WRONG, stage="Pick one.")), {}),
        (Reply("help", "", form=PROJECT), {}),
        (Reply("help", "Done."), {}),
    ],
)
def test_what_is_wrong_is_said_at_the_fields_where_that_says_it_all(
    reply: Reply, found: Mapping[str, str]
) -> None:
    assert faults(reply, "draft-1", SHOWN) == found


def test_what_is_wrong_stands_at_its_field_in_a_form_that_is_shown_anew() -> None:
    view: dict[str, Any] = modal(faulty(PROJECT, description="Too short."), "")
    assert field_of(view, "description")["hint"]["text"] == "Too short. In your own words."


def test_what_a_reply_says_stands_above_a_form_that_comes_again_or_is_wrong() -> None:
    again, wrong = Reply("help", "Look.", form=PROJECT), Reply("invalid", "No.", form=PROJECT)
    assert (above(again), above(again, "project"), above(again, "outcomes")) == ("", "Look.", "")
    assert above(wrong) == "No."


@EVERY
def test_a_reply_is_shown_in_a_modal_too(reply: Reply) -> None:
    view: dict[str, Any] = notice(reply)
    assert refused_view(view) == ""
    assert "submit" not in view
    assert shown_whole(reply) or reply.actions or reply.form or len(reply.body) > 2_900
    assert (ELSEWHERE in str(view)) == (not shown_whole(reply)), "where the buttons went is said"


def test_nothing_can_be_sent_before_the_form_is_there() -> None:
    view: dict[str, Any] = loading()
    assert refused_view(view) == ""
    assert not {"submit", "private_metadata", "callback_id"} & set(view)
