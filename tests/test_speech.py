"""What officers say as commands, and what of a thread's talk is meant for the bot."""

from __future__ import annotations

import pytest

from bot.conversation import Asked, Command, Origin
from bot.speech import meant_for_us, spoken

HERE = Origin("example", "C1", "1", "U1")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        *(
            ("quiet", said)
            for said in (
                *("quiet", "Quiet!", "be quiet", "please be quiet now", "stop", "please stop"),
                *("stop replying please", "stop it", "mute", "unfollow", "go away", "shut up"),
                *("@Outcomes quiet", "hey @Outcomes quiet", "stop following this thread"),
            )
        ),
        *(
            ("follow", said)
            for said in ("follow", "Follow please", "please follow this thread", "listen again")
        ),
        *(
            ("help", said)
            for said in (
                *("help", "Help!", "HELP ME PLEASE", "what can you do?", "what can you do"),
                *("commands", "can you help?", "How do I use this?", "/outcomes help"),
            )
        ),
        *(
            ("list", said)
            for said in ("list", "LIST!", "list please", "LIST PLEASE", "list the outcomes")
        ),
        ("ask", "form"),
        *(
            ("tag", said)
            for said in (
                *("tag", "tag a project", "tag our project", "How do I register a project?"),
                *("can you tag my project please", "I want to add a project", "register"),
            )
        ),
        *(
            ("projects", said)
            for said in ("projects", "List projects", "what projects are registered here?")
        ),
        *(("report", said) for said in ("report", "how do I report something wrong?")),
        ("reports", "open reports"),
        ("hidden", "what is hidden?"),
    ],
)
def test_a_command_is_known_in_the_words_officers_use(name: str, said: str) -> None:
    assert spoken(said, HERE) == Command(name, "", HERE)


def test_what_comes_behind_ask_and_tag_is_kept() -> None:
    assert spoken("ask: who has damp sensors?", HERE) == Command(
        "ask", "who has damp sensors?", HERE
    )
    assert spoken("Tag we lend laptops", HERE) == Command("tag", "we lend laptops", HERE)


@pytest.mark.parametrize(
    "asked",
    [
        "who has damp sensors?",
        "help residents get online",
        "list councils with chatbots",
        "how do councils stop fraud?",
        "follow the money: who saved most?",
        "quiet vehicles for bin rounds",
    ],
)
def test_a_question_is_no_command(asked: str) -> None:
    assert spoken(asked, HERE) == Asked(asked, HERE)


@pytest.mark.parametrize(
    "said",
    [
        *("and in Wales?", "what about Scotland", "who else?", "who else", "tell me more", "more"),
        *("when was that?", "how much did it cost?", "any in the north", "and the districts?"),
        *("which councils saved money", "in Wales", "how about smaller councils"),
        "can it show us who paid for it? tell us the figures",
    ],
)
def test_questions_and_follow_ups_are_meant_for_the_bot(said: str) -> None:
    assert meant_for_us(said)


@pytest.mark.parametrize(
    "said",
    [
        *("ok will do", "Yes", "No", "+1", "Done", "Will do", "See you at 2", "great, thanks Jo"),
        *("I think we did something like that in Housing last year", "let's do damp sensors"),
        *("Which one do you prefer?", "I've emailed them", "Cllr Jones won't like it"),
        *("we tried that in 2019, didn't work", "We haven't got budget for that", "lol"),
        *("someone can you look at this?", "shall we meet on Tuesday?", "thanks all"),
        *("good point", "agreed", "nice one", "sounds like a plan", "https://a.example/"),
    ],
)
def test_talk_among_officers_is_not(said: str) -> None:
    assert not meant_for_us(said)


@pytest.mark.parametrize(
    ("said", "name", "text"),
    [
        ("tag we lend laptops to care leavers", "tag", "we lend laptops to care leavers"),
        ("tag: a chatbot", "tag", "a chatbot"),
        ("projects mine", "projects", "mine"),
        ("my projects", "projects", "mine"),
        ("How can I edit my project?", "projects", "mine"),
        ("delete my project", "projects", "mine"),
        ("projects damp sensors", "projects", "damp sensors"),
        ("projects Data", "projects", "Data"),
        ("show me registered projects on damp", "projects", "damp"),
        ("report damp sensors", "report", "damp sensors"),
    ],
)
def test_what_stands_behind_a_command_goes_with_it(said: str, name: str, text: str) -> None:
    assert spoken(said, HERE) == Command(name, text, HERE)


@pytest.mark.parametrize(
    "said",
    [
        "projects that reduced loneliness",
        "Projects in Scotland?",
        "report on cyber security",
        "which projects were hacked?",
        "reports about damp",
        "who registered a ransomware attack",
        "projects where councils joined up data with the NHS",
    ],
)
def test_questions_that_begin_like_commands_stay_questions(said: str) -> None:
    assert spoken(said, HERE) == Asked(said, HERE)
