"""All that officers do in a terminal: `outcomes ask`, at a real one. Everybody is test data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.paper import NO_FILE
from tests.clients.abilities import TERMINAL, can
from tests.clients.papers import LENT, paper
from tests.clients.terminal_officer import ASKED, CTRL_C, CTRL_D, FORM, Talk, at_a_terminal
from tests.running import Outcomes

LAPTOPS = "we lend refurbished laptops to care leavers in Anytown and teach them to get online"
WHO_LENDS = "who lends refurbished laptops?"
SWINDON = "how much did Swindon save on translation?"
ESCAPE = "\x1b"


@pytest.fixture(scope="module")
def command(shipped_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    folder = tmp_path_factory.mktemp("terminal")
    database = f"sqlite:///{folder / 'outcomes.db'}"
    return Outcomes(folder, {"OUTCOMES_HOME": str(shipped_home), "DATABASE_URL": database})


@contextmanager
def talking(command: Outcomes, name: str = "robin", columns: int = 100) -> Iterator[Talk]:
    """A conversation that was begun; ended by an empty line, with nothing gone wrong."""
    with at_a_terminal(command, "ask", "--as", name, columns=columns) as talk:
        talk.sees(ASKED)
        yield talk
        code, _ = talk.ends("\n")
        assert code == 0, talk.screen
        assert "Traceback" not in talk.screen
        assert ESCAPE not in talk.screen, "no colours, which not everybody can tell apart"


@can("Ask, and get quotes with their sources", TERMINAL)
@can("Follow up in the same thread", TERMINAL)
@can("Ask for help", TERMINAL)
@can("Find texts to share", TERMINAL)
@can("Say whether an answer helped, and why not", TERMINAL)
def test_questions_help_and_thumbs_by_their_numbers(command: Outcomes) -> None:
    with talking(command) as talk:
        assert "Rochdale (2022)" in talk.says("tell me about the Rochdale mesh network")
        first, _, rest = talk.says("how much does it cost?").partition("[1]")
        assert "27 pence per household" in " ".join(first.split())
        assert "Rochdale" in rest
        answer = talk.says(SWINDON)
        assert "£27" in answer
        assert "\nSources\n[1] Machine translation" in answer
        assert "Noted." in talk.presses("This did not help")
        assert "Thank you" in talk.says("It is too short.")
        assert "Thank you" in talk.presses("This helped")
        assert "tag and a project" in " ".join(talk.says("help").split())
        found = talk.says("find damp sensors")
        assert found.count("https://") >= 3
        assert "damp" in found.lower()


@can("Tag a project with a form, correct it, register it", TERMINAL)
@can("Find, edit and withdraw projects", TERMINAL)
def test_a_project_is_tagged_corrected_found_edited_and_withdrawn(command: Outcomes) -> None:
    with talking(command) as talk:
        assert "Inclusion" in talk.says(f"tag {LAPTOPS}")
        assert "Title" in talk.presses("Change")
        form = talk.says("Laptops on loan", "", "", "anytown", "")
        while "Outcomes" not in form:
            form = talk.says("")
        form = talk.says("5 6")
        while form.endswith(FORM):
            form = talk.says("https://anytown.example/" if "Link" in form else "")
        assert "Registered." in form
        assert "Laptops on loan" in talk.says(WHO_LENDS)
        assert "Laptops on loan" in talk.says("projects laptops")
        talk.presses("Laptops on loan")
        talk.presses("Edit")
        form = talk.says("Tablets on loan")
        while form.endswith(FORM):
            form = talk.says("")
        assert "Saved." in form
        talk.presses("Withdraw")
        assert "“Tablets on loan” is withdrawn" in talk.presses("Withdraw it")
        assert "Tablets" not in talk.says("projects mine")


@can("Offer help, and find peers", TERMINAL)
@can("Be introduced, with the consent of both", TERMINAL)
@can("See and delete one's own data", TERMINAL)
def test_two_people_at_two_terminals_are_introduced(command: Outcomes) -> None:
    with talking(command) as robin:
        filled = {
            "What you can help with": "We put damp sensors into 500 council homes.",
            "Council": "Kirklees Council",
            "Your name": "Robin (test data)",
        }
        assert "You can be asked from now on." in fills(robin, robin.says("peers join"), filled)
    with talking(command, "sam") as sam:
        assert "Robin" not in sam.says("peers damp sensors in council homes")
        wish = {
            "Your line to them": "Which ones last?",
            "Council": "Wigan Council",
            "Your name": "Sam (test data)",
        }
        form = sam.presses("Ask an officer at Kirklees Council")
        assert "I have passed your line on" in " ".join(fills(sam, form, wish).split())
    with at_a_terminal(command, "ask", "--as", "robin") as robin:
        waiting = robin.sees(ASKED)
        assert "Private message" in waiting
        assert "Which ones last?" in waiting
        assert "I am introducing you now." in robin.presses("Accept")
        assert "Sam (test data)" in robin.screen
        assert robin.ends("\n")[0] == 0
    with at_a_terminal(command, "ask", "--as", "sam") as sam:
        assert "Robin (test data) (Kirklees Council)" in " ".join(sam.sees(ASKED).split())
        assert "Kirklees Council (accepted)" in " ".join(sam.says("my-data").split())
        sam.presses("Delete my data")
        assert "Everything of yours is deleted here." in sam.presses("Delete it all")
        assert "I hold nothing" in sam.says("my-data")
        assert sam.ends("\n")[0] == 0


def fills(talk: Talk, asked: str, filled: dict[str, str]) -> str:
    """Fill in a form to its end, by the names of its fields; what is said then."""
    while asked.endswith(FORM):
        (answer,) = [value for name, value in filled.items() if f"\n{name}" in asked] or [""]
        asked = talk.says(answer)
    return asked


@can("Answer what nobody could, and have it told", TERMINAL)
def test_what_nobody_could_answer_is_answered(command: Outcomes) -> None:
    with talking(command) as talk:
        talk.says("Which councils use drones to inspect bridges in Cornwall?")
        talk.presses("This did not help")
        talk.says("It is about another county.")
    with talking(command, "sam") as talk:
        assert "drones" in talk.says("open")
        filled = {
            "The answer": "Anytown Council flies two drones under its bridges.",
            "How you want to be named": "Sam, digital team (test data)",
            "Sources": "https://anytown.example/bridges",
        }
        assert "get your answer first" in fills(talk, talk.presses("Answer 1"), filled)
    with talking(command) as talk:
        assert "Anytown Council flies two drones" in " ".join(talk.screen.split())


@can("Offer a case study with a link or a file, for administrators to decide", TERMINAL)
def test_a_case_study_is_suggested_by_the_path_of_a_file_and_accepted(
    command: Outcomes, tmp_path: Path
) -> None:
    path = tmp_path / "lent.pdf"
    path.write_bytes(paper(*LENT))
    with talking(command) as talk:
        form = talk.says("suggest-case", "Laptops on loan", "Most are still in use.", "", "")
        assert "The path of a file on this computer." in form
        assert NO_FILE in talk.says(f"{path}x")
        assert "Thank you." in talk.says(str(path))
    with talking(command, "sam") as talk:
        waiting = " ".join(talk.says("cases").split())
        assert "“Laptops on loan”" in waiting
        assert "I have read the file “lent.pdf”" in waiting
        assert LENT[1] in waiting
        assert "Accepted." in talk.presses("Accept")
    with talking(command) as talk:
        assert "“Laptops on loan”, was accepted." in " ".join(talk.screen.split())


@pytest.mark.parametrize(("key", "code"), [(CTRL_C, 130), (CTRL_D, 0)])
def test_it_ends_calmly_by_a_key(command: Outcomes, key: str, code: int) -> None:
    with at_a_terminal(command, "ask") as talk:
        talk.sees(ASKED)
        ended, seen = talk.ends(key)
        assert ended == code
        assert seen.endswith("\n"), "so that the shell's own line begins anew"
        assert "Traceback" not in seen


def test_a_form_is_left_by_one_key_and_the_conversation_by_another(command: Outcomes) -> None:
    with at_a_terminal(command, "ask") as talk:
        talk.sees(ASKED)
        assert talk.says("tag").endswith(FORM)
        talk.types(CTRL_D)
        assert "Left the form; nothing was sent." in talk.sees(ASKED)
        talk.says("tag")
        ended, seen = talk.ends(CTRL_C)
        assert ended == 130
        assert "Traceback" not in seen


def test_a_narrow_terminal_breaks_lines_between_words(command: Outcomes) -> None:
    with talking(command, columns=40) as talk:
        wide = [line for line in _lines(talk.says(SWINDON)) if len(line) > 40]
        assert all(line.strip().startswith("https://") for line in wide), wide
        assert "roughly 7p a document." in " ".join(talk.screen.split())
        assert "\n1 This helped  2 This did not help\n" in talk.screen
        form = talk.says("tag")
        assert [line for line in _lines(form) if len(line) > 40] == []
        talk.says("..")


def _lines(seen: str) -> list[str]:
    return [line for line in seen.split("\n")[1:] if not line.startswith((ASKED, FORM))]


def test_what_is_piped_is_plain_and_whole(command: Outcomes) -> None:
    finished = command.run("ask", SWINDON, TERM="xterm-256color", COLUMNS="40")
    assert finished.code == 0
    assert ESCAPE not in finished.out
    quote = "“The yearly cost of about £64,000 fell to £27, roughly 7p a document.” [1]\n"
    assert quote in finished.out
