"""What officers say as commands, and what of a thread's talk is meant for the bot."""

from __future__ import annotations

import pytest

from bot.conversation import Asked, Command, Origin
from bot.speech import commanded, meant_for_us, spoken

HERE = Origin("example", "C1", "1", "U1")
LONG = "We fit damp sensors in 200 homes and want to hear how others kept tenants on side"


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
                "find help",
            )
        ),
        *(
            ("list", said)
            for said in (
                *("list", "LIST!", "list please", "LIST PLEASE", "list the outcomes"),
                *("find list", "find the outcomes"),
            )
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
        *(("find", said) for said in ("find", "Find sources please", "search", "/outcomes find")),
        *(("report", said) for said in ("report", "how do I report something wrong?")),
        ("reports", "open reports"),
        ("hidden", "what is hidden?"),
        *(
            ("peers", said)
            for said in ("peers", "Peers please", "find peers", "introduce me to a peer")
        ),
        *(
            ("open", said)
            for said in (
                *("open", "Open questions please", "show me the open questions", "/outcomes open"),
                *("what open questions are there?", "unanswered questions"),
                *("what questions are waiting?", "Which questions wait for an answer?"),
            )
        ),
        *(("verified", said) for said in ("verified", "list the verified answers")),
        *(
            ("experts", said)
            for said in (
                *("experts", "who looks after answers here?"),
                *("experts list", "who are the experts?"),
            )
        ),
        *(("usage", said) for said in ("usage", "show usage figures please")),
        *(
            ("my-data", said)
            for said in (
                *("my data", "show me my data", "what do you know about me?", "/outcomes my-data"),
                *("what do you hold about me", "What data do you keep about me?"),
            )
        ),
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
        "open data",
        "open digital planning at Lambeth",
        "usage of AI",
        "experts in AI",
        "which experts helped Kirklees?",
        "verified by whom?",
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
        ("experts join", "experts", "join"),
        ("How do I become an expert?", "experts", "join"),
        ("I want to look after answers", "experts", "join"),
        ("leave the experts", "experts", "leave"),
        ("projects mine", "projects", "mine"),
        ("my projects", "projects", "mine"),
        ("How can I edit my project?", "projects", "mine"),
        ("delete my project", "projects", "mine"),
        ("projects damp sensors", "projects", "damp sensors"),
        ("projects Data", "projects", "Data"),
        ("show me registered projects on damp", "projects", "damp"),
        ("report damp sensors", "report", "damp sensors"),
        ("find damp sensors", "find", "damp sensors"),
        ("@Outcomes Find: chatbots in London", "find", "chatbots in London"),
        ("find me a source on damp", "find", "damp"),
        ("Can you show us some texts about AI in Wales?", "find", "AI in Wales"),
        ("look for something to share on inclusion", "find", "inclusion"),
        ("find my project", "projects", "mine"),
        *(
            (f"{said} {words}", "find", words)
            for said, words in (
                *(("find", "council tax"), ("find", "council housing repairs")),
                *(("find", "team sites"), ("find", "time recording"), ("find", "people strategy")),
                *(("find", "project management"), ("find", "a council tax system")),
                *(("search", "damp sensors"), ("search for", "damp"), ("Search:", "damp")),
                ("find sources about", "digital inclusion for older people in Wales"),
                ("find texts on", "how to reduce calls to the contact centre"),
            )
        ),
        *(
            (said, "peers", "join")
            for said in (
                *("join peers", "how do I join the peers?", "offer help", "offer my help"),
                *("I can help others", "peers join", "I want to become a peer"),
            )
        ),
        ("leave peers", "peers", "leave"),
        ("Pause requests please", "peers", "pause"),
        ("pause peers until 24/12/2026", "peers", "pause 24/12/2026"),
        ("peers pause 24 December", "peers", "pause 24 December"),
        ("resume peers", "peers", "resume"),
        ("peers damp sensors", "peers", "damp sensors"),
        (f"@Outcomes peers {LONG}", "peers", LONG),
        ("find me peers who did damp sensors", "peers", "damp sensors"),
        ("who can I ask about damp?", "peers", "damp"),
        ("Who could we talk to about AI in Wales?", "peers", "AI in Wales"),
        ("put me in touch with someone who did e-signatures", "peers", "e-signatures"),
        ("can you introduce us to a council that has tried AI?", "peers", "AI"),
        ("delete my data", "my-data", "delete"),
        ("erase me", "my-data", "delete"),
        ("please forget me", "my-data", "delete"),
        ("/outcomes my-data export", "my-data", "export"),
        ("Can I have a copy of my data?", "my-data", "export"),
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
        "who has done damp sensors?",
        "Which peers have done damp sensors?",
        "peer review of cyber: who did it?",
        "introduce me to digital inclusion",
        "how do councils delete data about residents?",
        "Peers, shall we meet on Tuesday?",
        "peers have found this hard",
    ],
)
def test_questions_that_begin_like_commands_stay_questions(said: str) -> None:
    assert spoken(said, HERE) == Asked(said, HERE)


@pytest.mark.parametrize(
    "said",
    [
        *("find someone who did chatbots", "find somebody on AI", "find an officer in Leeds"),
        *("find out what inclusion means", "Find out who has damp sensors", "find us a way in"),
        *("find people who use AI", "find councils with chatbots", "find me councils in Wales"),
        *("find examples of chatbots", "find a case study on damp", "find case studies on damp"),
        *("find projects on damp", "find damp sensors?", "finding money for inclusion"),
        *("find how others cut fraud", "find that report on cyber", "search for councils on AI"),
        "find the councils in London that fitted damp sensors in homes",
        *("search and rescue", "search engine optimisation", "find councils, please", "find time"),
        "find a way to cut fraud",
    ],
)
def test_what_else_is_to_be_found_stays_a_question(said: str) -> None:
    assert spoken(said, HERE) == Asked(said, HERE)


def test_behind_a_slash_texts_are_found_by_any_words() -> None:
    for words in (LONG, "councils with chatbots", "how others cut fraud", "damp sensors?"):
        assert commanded(f"find {words}", HERE) == Command("find", words, HERE)


@pytest.mark.parametrize(
    "said", ["find", "find the form", "search the drive", "find help", "Find the outcomes please"]
)
def test_what_officers_tell_each_other_to_find_is_no_command_where_overheard(said: str) -> None:
    assert isinstance(spoken(said, HERE), Command)
    assert spoken(said, HERE, overheard=True) == Asked(said, HERE)
    assert not meant_for_us(said)


@pytest.mark.parametrize("said", ["list sources on damp", "find texts on damp"])
def test_what_is_surely_for_the_bot_is_a_command_also_where_overheard(said: str) -> None:
    assert spoken(said, HERE, overheard=True) == Command("find", "damp", HERE)


def test_behind_a_slash_peers_are_found_by_any_words() -> None:
    for words in (LONG, "have found this hard"):
        assert commanded(f"peers {words}", HERE) == Command("peers", words, HERE)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("digest", ""),
        ("weekly digest", ""),
        ("Set up a weekly digest, please", ""),
        ("how do I set up a digest here?", ""),
        ("we'd like a weekly digest", ""),
        ("digest pause", "pause"),
        ("Please stop the digest", "stop"),
        ("turn off the digest", "stop"),
        ("unsubscribe from the weekly digest", "stop"),
        ("can you preview the digest?", "preview"),
        ("send the digest now", "send"),
        ("when does the digest come?", "list"),
    ],
)
def test_a_digest_is_asked_for_in_officers_words(said: str, meant: str) -> None:
    command = spoken(said, HERE)
    assert isinstance(command, Command)
    assert (command.name, command.text) == ("digest", meant)


@pytest.mark.parametrize(
    "said", ["what is a digest?", "digest of what councils did in 2023", "our digest was good"]
)
def test_talk_of_digests_is_no_command(said: str) -> None:
    assert isinstance(spoken(said, HERE), Asked)
