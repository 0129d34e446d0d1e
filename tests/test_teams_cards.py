"""Forms as Teams' cards: what they hold at first, what is wrong, and whose marks are read."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.conversation import Choice, Citation, Field, Form, Reply
from bot.rehearsal.teams import inputs
from bot.teams import cards, fields
from tests import schemas
from tests.teams_desk import OUTCOMES, PROJECT, SOURCE, with_values, words
from tests.test_renderers import CARD_SCHEMA, HOSTILE, strings

TEAMS_TAKES = 28 * 1024  # bytes, of a message with its cards
LEAD = "It may serve these, since others said: “We saved time.” [1]\n\n" * 60


def card_of(form: Form, error: str = "") -> dict[str, Any]:
    """Its card, which is as the schema has it."""
    card: dict[str, Any] = cards.form_card(form, error)
    assert schemas.faults(card, CARD_SCHEMA) == []
    return card


def size(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode())


def links(card: dict[str, Any]) -> list[tuple[str, str]]:
    """Words that open an address, and that."""
    runs = (run for one in card["body"] for run in one.get("inlines", ()))
    return [(run["text"], run["selectAction"]["url"]) for run in runs if "selectAction" in run]


def test_what_was_filled_in_stands_in_its_fields_with_the_faults_above_them() -> None:
    filled = {"title": "Damp", "description": "a\n- b", "stage": "done"}
    form = with_values(PROJECT, filled, description="Say more.", stage="Pick another.")
    card = card_of(form, "Look at two fields again.")
    assert inputs(card) == {f"field:{name}": value for name, value in filled.items()}
    shown = [one.get("id") or one["inlines"][0]["text"] for one in card["body"]]
    assert shown == [
        "Tag a project",
        "Look at two fields again.",
        "field:title",
        "Say more.",
        "field:description",
        "Pick another.",
        "field:stage",
    ]
    colours = [one["inlines"][0].get("color") for one in card["body"] if "inlines" in one]
    assert colours == [None, "Attention", "Attention", "Attention"]


def test_a_hint_is_seen_whatever_the_field_holds() -> None:
    """It stands inside an empty field, and above one that is filled in already."""
    for value, above in (("", []), ("We lend tablets.", ["Name no residents."])):
        asked = Field("a", "What it does", "paragraph", hint="Name no residents.", value=value)
        card = card_of(Form("f", "Form", (asked,)))
        assert [one["text"] for one in card["body"][1:-1] for one in one["inlines"]] == above
        assert card["body"][-1]["placeholder"] == "Name no residents."


def test_a_choice_of_few_or_of_several_shows_them_all() -> None:
    many = tuple(Choice(str(number), f"Choice {number}") for number in range(12))
    fields = (
        Field("few", "Few", "choice", choices=many[:3], hint="One of three", value="9"),
        Field("one", "One", "choice", choices=many),
        Field("several", "Several", "choices", choices=many, value="1,99,11"),
    )
    body = card_of(Form("x", "X", fields))["body"]
    assert body[1]["inlines"][0]["text"] == "One of three", "nothing shows it inside the field"
    few, one, several = (element for element in body if "choices" in element)
    assert [each["style"] for each in (few, one, several)] == ["expanded", "compact", "expanded"]
    assert [each["isMultiSelect"] for each in (few, one, several)] == [False, False, True]
    assert several["value"] == "1,11"
    assert "value" not in few, "what is not offered is not chosen"


@pytest.mark.parametrize("dialog", [False, True])
@pytest.mark.parametrize(
    ("value", "held"),
    [
        ("2026-12-24", "2026-12-24"),
        ("", ""),
        *((wrong, "") for wrong in ("tomorrow", "20261224", "2026-02-30", "24/12/2026", HOSTILE)),
    ],
)
def test_a_date_is_picked_and_what_is_none_is_not_shown(
    value: str, held: str, dialog: bool
) -> None:
    until = Field("until", "Until", "date", value=value, hint="Or leave it", fault="In the future.")
    card: Any = cards.form_card(Form("pause", "Pause", (until,)), dialog=dialog)
    assert schemas.faults(card, CARD_SCHEMA) == []
    assert words(card)[-2:] == ["In the future.", "Or leave it"], "nothing shows it inside"
    picked = card["body"][-1]
    expected = {
        "type": "Input.Date",
        "id": "field:until",
        "label": "Until",
        "isRequired": True,
        "errorMessage": "Please fill in: Until",
    }
    assert picked == ({**expected, "value": held} if held else expected)
    for said in ("2026-12-25", ""):
        assert fields.values({"form": "pause", "field:until": said}) == {"until": said}


@pytest.mark.parametrize(
    ("value", "held"),
    [
        ("09:30", "09:30"),
        ("00:00", "00:00"),
        ("", ""),
        *((wrong, "") for wrong in ("9:30", "25:00", "09:30:00", "0930", "noon", HOSTILE)),
    ],
)
def test_a_time_is_picked_and_comes_back_in_hours_and_minutes(value: str, held: str) -> None:
    at = Field("at", "At", "time", value=value, hint="On your clocks", fault="Pick one.")
    form = Form("digest", "Digest", (at, Field("zone", "Zone")), key="draft-1")
    card = card_of(form)
    assert words(card)[-2:] == ["Pick one.", "On your clocks"]
    picked = card["body"][-2]
    assert (picked["type"], picked["id"], picked.get("value", "")) == (
        "Input.Time",
        "field:at",
        held,
    )
    data = card["actions"][0]["data"]
    assert data == {"form": "digest", "formKey": "draft-1", "times": "at"}
    for said, meant in (
        ("09:30", "09:30"),
        ("09:30:00", "09:30"),
        ("9:30:00.000", "09:30"),
        ("", ""),
        ("half past", "half past"),
    ):
        filled = {**data, "field:at": said, "field:zone": "10:00:00"}
        assert fields.values(filled) == {"at": meant, "zone": "10:00:00"}, "only times are read so"


def test_the_key_is_carried_unseen() -> None:
    card = card_of(PROJECT)
    assert card["actions"][0]["data"] == {"form": "project", "formKey": "draft-1"}
    assert "draft-1" not in json.dumps({**card, "actions": []})


def test_the_lead_stands_above_the_fields_with_its_sources_as_links() -> None:
    card = card_of(OUTCOMES)
    assert words(card)[2:] == ["• Data: “It fell.” [1]", "[1] Damp sensors (Fife)"]
    assert links(card) == [("Damp sensors", "https://a.example/")]
    assert card["body"][-1]["id"] == "field:outcomes"


@pytest.mark.parametrize(
    ("source", "linked"),
    [
        (replace(SOURCE, title="https://good.example"), [("https://a.example/",) * 2]),
        (replace(SOURCE, title="See good.example"), [("https://a.example/",) * 2]),
        (replace(SOURCE, url="javascript:alert(1)"), []),
        (replace(SOURCE, url="https://good.example@evil.example/"), []),
        (replace(SOURCE, url=""), []),
    ],
)
def test_no_link_leads_elsewhere_than_it_says(
    source: Citation, linked: list[tuple[str, str]]
) -> None:
    card = card_of(replace(OUTCOMES, citations=(source,)))
    assert links(card) == linked
    assert "javascript" not in json.dumps(card)


def test_foreign_text_is_never_where_marks_are_read() -> None:
    source = replace(SOURCE, title=HOSTILE, councils=(HOSTILE,))
    asked = Field("a", HOSTILE, hint=HOSTILE, value=HOSTILE, fault=HOSTILE)
    form = Form("x", HOSTILE, (asked,), HOSTILE, lead=f"{HOSTILE} [1]", citations=(source,))
    for card in (card_of(form, HOSTILE), cards.note_card(f"{HOSTILE} [1]", (source,))):
        body: Any = card["body"]
        assert {one["type"] for one in body} <= {"RichTextBlock", "Input.Text"}
        assert {run["type"] for one in body for run in one.get("inlines", ())} == {"TextRun"}
        assert links(card) == [("https://a.example/", "https://a.example/")]
        for spoken in (card["speak"], card["fallbackText"]):
            assert "<" not in str(spoken), "a reader may look for tags here"
        assert not {"\u202e", "\u200b", "\x00", "\ud83d"} & set("".join(strings(card)))


@pytest.mark.parametrize("letter", ["x", "é", "字", "😀", '"', "\n"])
def test_4000_characters_fit_and_the_lead_gives_way(letter: str) -> None:
    written = f"a{letter * 3998}z"
    form = with_values(replace(PROJECT, lead=LEAD, citations=(SOURCE,)), {"description": written})
    card = card_of(form, "Look again.")
    assert inputs(card)["field:description"] == written
    assert any(line.startswith("It may serve these") for line in words(card))
    message = cards.activity(Reply("help", "Fill in the form. " * 300, form=form))
    assert size(message) < TEAMS_TAKES


def test_a_lead_that_fits_is_whole_and_one_that_does_not_says_so() -> None:
    whole = words(card_of(replace(PROJECT, lead=LEAD.strip(), citations=(SOURCE,))))
    assert sum(line.startswith("It may serve these") for line in whole) == 60
    cut = words(card_of(replace(PROJECT, lead=LEAD * 5, citations=(SOURCE,))))
    assert cut[-2].endswith("[1] …")
    assert cut[-1].startswith("[1] Damp sensors")


def test_a_note_of_nothing_is_not_empty() -> None:
    assert words(cards.note_card("")) == ["There is nothing to show here."]
    assert schemas.faults(cards.note_card(LEAD, (SOURCE,)), CARD_SCHEMA) == []
