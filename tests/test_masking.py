"""Personal details left out of questions; everybody and everything in them is invented."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest
import yaml

from bot.digest.masking import masked

Recorder = Callable[[str, object], None]

# Each with what must be gone from it, between braces (test data; the numbers and addresses are
# of ranges that nobody holds).
DETAILS = (
    "Can someone reply to {ann.example@anytown.example} about damp sensors?",
    "Write to {ann.example} (at) {anytown.example} for the chatbot figures",
    "It is {ann.example} at anytown dot {example} if you know a laptop scheme",
    "Who uses RPA? DM me {@annexample99}",
    "Ask {<@U0ANNTEST1>} how the digital champions went",
    "Does <at>{Ann Testname}</at> know about the data platform?",
    "Ring me on {07700 900123} about the telecare switch",
    "Ring me on {07700900456}.",
    "My number is {+44 7700 900 789}, who has done smart bins?",
    "Call ({01632}) {960 001} for the housing repairs bot",
    "Our desk is {01632-960-002} ext {4471}",
    "Phone {01632.960.003}, which CRM works?",
    "It is {0044 1632 960004} on weekdays",
    "{Ann} from housing said call {020 7946 0018}".replace("{Ann}", "Somebody"),
    "See https://social.example/in/{ann-testname} for my case",
    "Look at www.{anns-blog}.co.uk, did others do that?",
    "{anntestname}.com has the story, who can help?",
    "Her form is at https://www.anytown.gov.uk/claim{?name=ann&ref=993311}",
    "The decision is https://planning.anytown.gov.uk/{2024/0012345}/ann",
    "A resident at {ZZ99 3WZ} has no signal, who fixed that?",
    "resident of {zz9 9zz} wants broadband",
    "Sensors at {ZZ993WZ} failed, any ideas?",
    "His national insurance number is {QQ 12 34 56 C}, which form?",
    "NI {QQ123456C} is rejected by our benefits form",
    "NHS number {943 476 5919} cannot be matched, who solved matching?",
    "The record {9434765919} is there twice",
    "She paid with {4111 1111 1111 1111} and the form failed",
    "Sort code {00-00-00} account {12345678} bounced",
    "UPRN {100023336956} has the wrong address, who uses UPRNs well?",
    "A tenant born {12 March 1948} cannot log in",
    "A tenant born on {03/04/1951} cannot log in",
    "DOB {1/2/61}, no email, how do others do assisted digital?",
    "D.O.B: {01-02-1961}; who helps people offline?",
    "date of birth {1961-02-01} is refused by the form",
    "Customer ({17/08/1944}) wants paper, what do others do?",
    "A leak at {14 Acacia Avenue} again, who predicts repairs?",
    "Leak at {221B Testing Street}, Anytown",
    "someone at {14 acacia road} has no broadband",
    "The tenant of {Flat 3, Example House} has damp",
    "{Mr Testname} cannot use the portal, what do you do?",
    "{Mrs. A. Testname-Smith} needs large print",
    "Ask {Ms O'Testname} about telecare",
    "{Dr Ann Testname} wants our data",
    "{Cllr Testname} asked who has tried hybrid meetings",
    "What did {Councillor Ann B Testname} say about ethics boards?",
    "{mr testname} wants to know about fibre",
    "{Miss Testname} and {Sir Testname} complained of the chatbot",
    "{Mx Robin Testname} asked about accessibility",
    "My name is {Ann Testname} and I look for an AI policy",
    "my name's {ann}, who does low code?",
    "I'm {Ann Testname} from Anytown, has anyone used PlanX?",
    "Hi, I am {Robin} from housing, who did voids with sensors?",
    "Hi all, {Ann} here, which councils share a data team?",
    "Hello {Ann}, who has a digital skills academy?",
    "Has anyone a template for a DPIA? Thanks, {Ann}",
    "has anyone a template for a dpia? thanks {ann}",
    "Who has an AI register?\n\nKind regards\n{Ann Testname}\nDigital officer",
    "Who has an AI register? Many thanks, {Ann B. Testname}",
    "Who has an AI register? - {Ann}",
    "Case {AB-123456} is stuck, who uses robots for benefits?",
    "The planning application ref {24/01234/FUL} was lost online",
    "Ticket {INC0012345}: who else has Wi-Fi trouble in libraries?",
    "Account number {7741902} was billed twice, whose portal stops that?",
    "Please speak to {Sarah Testname} on our team, who knows drones?",
    "The resident called {Testina Nobody} is offline, what would you do?",
    "A colleague named {Testina} swears by Power Apps",
    "born in Leeds on {5 May 1990}, no email, who does paper?",
    "D.O.B. {3rd March 1985} is refused",
    "{Councillors Testname and Nobody} asked for an app, who has one?",
    "{Sarah's} laptop, who lends some?",
    "Refund to {GB29 NWBK 6016 1331 9268 19} failed",
    "I'm {Testina}. Who has a data lake?",
    "The car {AB12 CDE} gets fines though it has a permit, who fixed that?",
    "Has {JOHN TESTNAME} applied?",
    "WHO HELPED {MARY ANN O'TESTNAME} WITH A LAPTOP?",
    "HAS {SARAH J. DE TESTNAME} MOVED TO {Mary Ann Testname}'s team?",
    "ASK {JOHN} ABOUT DAMP SENSORS",
    "please ask {john testname} about damp sensors",
    "tell {sarah} that the portal is down",
)
KEPT = (
    "Who did Rugby work with on its bins website project?",
    "Has anyone used Microsoft Teams, MS Teams or Ms Teams for hybrid meetings?",
    "Which councils in England did the Open Digital Planning project with PlanX in 2023/24?",
    "What does https://www.local.gov.uk/our-support/cyber-digital-and-technology say?",
    "Is www.kirklees.gov.uk or leeds.gov.uk built on LocalGov Drupal?",
    "We got £1,250,000 in 2021-2022 and £12000000 in 2023: who spent that well?",
    "Do you follow ISO27001, WCAG 2.2, PAS 1192 or Cyber Essentials Plus 2024?",
    "Hi all, Leeds here, has anyone put 250000 residents on one portal?",
    "I'm Digital Lead at Anytown, who has a data strategy?",
    "I am in Barking and Dagenham. Thanks everyone",
    "Thanks, Kirklees",
    "Thanks in advance",
    "What is a Councillor Portal for, and should councillors use it?",
    "Who put sensors on 20 smart street lights on the High Street?",
    "What did the Alan Turing Institute do for 3 councils?",
    "Does Hey Geraldine answer on a case study from 2024?",
    "We have 365 licences, a 360-degree customer view and order 1000 laptops a year",
    "Which outcome does phase s1 2nd release serve?",
    "Our plan runs from 01/04/2024 to 31.03.2027: who has done the same?",
    "Local productivity, or Security & resilience?",
    "DOES THE ALAN TURING INSTITUTE OR SAM HAVE AN AI REGISTER?",
    "WHO PUT SENSORS IN JAMES STREET, LEEDS?",
    "ask for help, call any council, contact us or tell all",
)


def _details(case: str) -> tuple[str, list[str]]:
    """A sentence, and the details in it."""
    gone = [part.split("}")[0] for part in case.split("{")[1:]]
    return case.replace("{", "").replace("}", ""), gone


@pytest.mark.parametrize("case", DETAILS)
def test_every_detail_is_gone_and_the_rest_is_there(case: str) -> None:
    sentence, gone = _details(case)
    shown = masked(sentence)
    for detail in gone:
        for word in re.findall(r"\w+", detail):
            assert not re.search(rf"\b{word}\b", shown), f"{word!r} is left in {shown!r}"
    assert "…" in shown
    assert len(shown) >= len(sentence) - sum(map(len, gone)) - 40, "no more is gone than that"
    assert masked(shown) == shown, "nothing changes a second time"


@pytest.mark.parametrize("text", KEPT)
def test_councils_places_products_and_figures_stay(text: str) -> None:
    assert masked(text) == text


def test_curly_apostrophes_hide_no_name() -> None:
    assert masked("My name’s Ann. Who is Mrs O’Testname’s caseworker?") == (
        "My name’s …. Who is … caseworker?"
    )


def test_nothing_is_lost_of_a_text_without_details() -> None:
    for text in ("", " ", "…", "?\n\n- a\n- b", "Ünïcode ’quotes’ “stay”"):
        assert masked(text) == text


def test_the_evaluation_questions_stay_as_they_are(record_property: Recorder) -> None:
    asked = [text for name in _files() for text in _questions(name)]
    changed = [text for text in asked if masked(text) != text]
    share = 1 - len(changed) / len(asked)
    record_property("questions left as they were", f"{share:.2%} of {len(asked)}")
    assert share >= 0.99, changed


def test_a_long_text_is_masked_at_once() -> None:
    """No pattern takes long over what nearly fits it."""
    for part in ("A ", "1 ", "07 ", "a.", "aa-", "a@", "https://", "\n", "Mr A. ", "(at)"):
        masked(part * (4_000 // len(part)))


def _files() -> list[str]:
    folder = resources.files("knowledge").joinpath("questions")
    named = (one.name for one in folder.iterdir() if one.name.endswith(".yaml"))
    return [name for name in named if name != "guards.yaml"]


def _questions(name: str) -> list[str]:
    file = resources.files("knowledge").joinpath("questions", name)
    rows: list[dict[str, Any]] = yaml.safe_load(file.read_text("utf-8"))
    return [row[name] for row in rows for name in ("text", "first", "second") if name in row]
