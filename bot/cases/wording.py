"""What officers read of case studies that they suggest, and administrators: our own sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.texts import About, OwnText, Suggested

AWAY = "I cannot get at what was suggested just now. Try again in a minute."
NOBODY = "Only somebody I could answer again can do that. Write to me in a chat."
ADMINISTRATORS_ONLY = (
    "Only administrators of this community can do that. To offer a case study, write: suggest-case."
)
LONGEST_SHOWN, LONGEST_TITLE_SHOWN = 700, 80  # characters

SUGGEST_TITLE, SUGGEST_SUBMIT = "Suggest a case study", "Send"
SUGGEST_LEAD = (
    "What you send goes to the administrators of this community, without your name. If they accept "
    "it, all officers here are given it in answers, with its title, council and link, and it "
    "stands in the next digest. I tell you what they say."
)
TITLE_FIELD, TITLE_HINT = "Title", "A few words, for example: Damp sensors in council homes"
TOLD_FIELD = "What happened"
TOLD_HINT = "What you did, for whom, and what came of it. Name no residents."
COUNCIL_FIELD = "Council"
LINK_FIELD, LINK_HINT = "Link", "A public page or file about it, beginning with https://"
FILE_FIELD = "File"
FILE_HINT = "PDF, Word, PowerPoint, Excel, web page or plain text, 10 MB at most."
_FILE_KEPT = "“{}” is attached. To replace it, attach another."
NO_TITLE = "Give it a title, in a few words."
NO_TOLD = "Say in a sentence or two what happened."
NOT_A_LINK = "Give a web address that begins with https:// or http://, or leave it out."
EMPTY_FILE = "That file is empty. Attach another, or leave it out."
_NOT_A_FILE = "I cannot read files like “{}”. Attach one of these, or give a link: {}."
ONE_FILE = "Attach one file."
THANKED = (
    "Thank you. Your administrators will see it, without your name. I tell you here what they say."
)
NOT_YOURS = "That suggestion is not open any more. To make another, write: suggest-case."
FORM_GONE = "I no longer have what was attached. Please attach it again."
ERASED = "Your data was deleted meanwhile, so this is not kept. Write: suggest-case."

NOTHING_TO_READ = "It came without a file and without a link."
_READ = "I have read {}{}. It begins: “{}”"
_NOT_READ = "{} could not be read: {}."
NOT_READ_NOW = "it cannot be read on this computer just now"
BUT = ", but {}"
THE_LINK = "the link"
_THE_FILE = "the file “{}”"
_ATTACHED, _ATTACHED_PAGE = "Attached file", "Attached file, page {}"
STILL_READING = (
    "I am still reading what came with it. Look again in a minute: cases. Nothing is decided yet."
)

NEW = "An officer suggested a case study. To see all that wait for a decision, write: cases."
AGAIN = (
    "An officer answered your question about a case study they suggested. To see all that wait "
    "for a decision, write: cases."
)
NONE_OPEN = "No suggested case study waits for a decision."
_OPEN = "Case studies that officers suggested, {} to {} of {}:"
ONE_OPEN = "A case study that an officer suggested:"
ACCEPT, ASK, DECLINE, MORE = "Accept", "Ask for more", "Decline", "More"
GONE = "That suggestion does not wait for a decision any more. For those that do, write: cases."
ASKED_LATELY = "Your question was: “{}”"
ACCEPTED = (
    "Accepted. Officers here are given it in answers within a minute or two, and it stands in the "
    "next digest. Whoever suggested it is told."
)
ASK_TITLE, ASK_SUBMIT = "Ask for more", "Ask"
ASK_FIELD = "What do you want to know?"
ASK_LEAD = "Whoever suggested “{}” gets your question, without your name."
NO_QUESTION = "Write your question in a sentence."
ASKED = "Asked. It comes back to the list when it is answered."
DECLINE_TITLE, DECLINE_SUBMIT = "Decline", "Decline"
DECLINE_FIELD = "Why (whoever suggested it reads this)"
DECLINE_LEAD = "Whoever suggested “{}” is told that it was not accepted. What they sent is erased."
DECLINED = "Declined. Whoever suggested it is told, and what they sent is erased."

_TOLD_ACCEPTED = (
    "The case study you suggested, “{}”, was accepted. Officers here are given it in answers from "
    "now on, and it stands in the next digest. Thank you."
)
_TOLD_ASKED = "Your administrators ask about the case study you suggested, “{}”: “{}”"
ANSWER = "Answer"
_TOLD_DECLINED = (
    "The case study you suggested, “{}”, was not accepted, and what you sent is erased."
)
_REASON = " They say: “{}”"

KINDS = {"case-study": "case study", "guidance": "guidance", "report": "report"}
NONE_UNCONFIRMED = "Every text that was brought in for this community alone is confirmed."
_UNCONFIRMED = (
    "{} of {} texts that were brought in and wait to be confirmed. Until then they are found, but "
    "marked as unconfirmed. I suggest:"
)
_FOR_ALL_WAIT = (
    "Of the texts for all communities {} wait to be confirmed. Whoever runs me does that, with: "
    "outcomes sources confirm"
)
CONFIRM_ALL, CORRECT = "Confirm these", "Correct {}"
_CONFIRMED = "Confirmed: {}."
CHANGED = "The list has changed meanwhile, so nothing was confirmed. This is how it stands now."
NO_OUTCOME, NO_COUNCIL, NO_YEAR = "no outcome", "no council", "no year"
TEXT_TITLE, TEXT_SUBMIT = "What this text is", "Confirm"
KIND_FIELD, COUNCILS_FIELD, YEAR_FIELD = "Kind", "Councils, one a line", "Year"
OUTCOMES_FIELD = "Outcomes"
NOT_A_KIND = "Choose one of the kinds offered."
NOT_A_YEAR = "Give a year, such as 2024, or leave it out."
NOT_AN_OUTCOME = "Choose from the twelve outcomes."
_NOT_A_COUNCIL = "I know no council called “{}”. Give its full name."
TEXT_GONE = "That text is not there any more. For those that wait, write: texts."
TEXT_CONFIRMED = "Confirmed. To see what else waits, write: texts."


def day(moment: datetime) -> str:
    """A date as it is written in Britain."""
    return f"{moment.day} {moment:%B %Y}"


def shortened(text: str, longest: int = LONGEST_SHOWN) -> str:
    """The beginning of a text, in one line."""
    told = " ".join(text.split())
    return told if len(told) <= longest else f"{told[: longest - 1].rstrip()}…"


def file_kept(name: str) -> str:
    """That a file is attached already."""
    return _FILE_KEPT.format(shortened(name, LONGEST_TITLE_SHOWN))


def not_a_file(name: str, suffixes: Sequence[str]) -> str:
    """Which files can be read."""
    return _NOT_A_FILE.format(shortened(name, LONGEST_TITLE_SHOWN), ", ".join(suffixes))


def the_file(name: str) -> str:
    """A file by its name, inside a sentence."""
    return _THE_FILE.format(shortened(name, LONGEST_TITLE_SHOWN))


def read(what: str, notes: Sequence[str], beginning: str) -> str:
    """That something was read, and how it begins, so that a page to sign in at is noticed."""
    missing = BUT.format("; ".join(notes)) if notes else ""
    return _READ.format(what, missing, shortened(beginning, 200))


def attached(heading: str, page: int) -> str:
    """The heading of a part of the file, where the text that it becomes has the link's address."""
    where = _ATTACHED_PAGE.format(page) if page else _ATTACHED
    return f"{where}: {heading}" if heading else where


def not_read(what: str, why: str) -> str:
    """That it was not; `what` begins the sentence."""
    return _NOT_READ.format(f"{what[:1].upper()}{what[1:]}", why)


def listed(first: int, last: int, count: int) -> str:
    """What stands above suggestions."""
    return _OPEN.format(first, last, count) if count > 1 else ONE_OPEN


def suggestion(
    one: Suggested, outcomes: str, alike: Sequence[str], near: Sequence[str], *, cited: bool
) -> str:
    """All that an administrator decides by."""
    mark = " [1]" if cited else ""
    asked = ASKED_LATELY.format(shortened(one.said)) if one.said else ""
    lines = (
        f"“{one.title}” ({day(one.suggested_at)}){mark}",
        f"What happened: “{shortened(one.told)}”",
        asked,
        f"Council: {one.council or NO_COUNCIL}.",
        one.reading or STILL_READING,
        f"Outcomes I suggest: {outcomes or NO_OUTCOME}.",
        f"It may be the same as: {_quoted(alike)}." if alike else "",
        f"Nearest of what I have: {_quoted(near)}." if near else "",
    )
    return "\n".join(filter(None, lines))


def told_accepted(one: Suggested) -> str:
    """To whoever suggested it."""
    return _TOLD_ACCEPTED.format(one.title)


def told_asked(one: Suggested, question: str) -> str:
    """The same."""
    return _TOLD_ASKED.format(one.title, question)


def told_declined(one: Suggested, reason: str) -> str:
    """The same."""
    return _TOLD_DECLINED.format(one.title) + (_REASON.format(reason) if reason else "")


def unconfirmed(shown: int, count: int, confirmed: int) -> str:
    """What stands above texts that wait to be confirmed; how many just were."""
    lead = f"{_CONFIRMED.format(confirmed)} " if confirmed else ""
    if not count:
        return f"{lead}{NONE_UNCONFIRMED}"
    return f"{lead}{_UNCONFIRMED.format(shown, count)}"


def for_all(count: int) -> str:
    """What stands below them: what waits that is not this community's to confirm."""
    return _FOR_ALL_WAIT.format(count)


def text(number: int, one: OwnText, outcomes: str) -> str:
    """A text in a list, with what it is proposed to be."""
    about: About = one.about
    councils = ", ".join(about.councils) or NO_COUNCIL
    parts = (KINDS[about.kind], councils, str(about.year or NO_YEAR), outcomes or NO_OUTCOME)
    return f"{number}. “{shortened(about.title, 150)}”: {'; '.join(parts)}"


def not_a_council(name: str) -> str:
    """What is said of a council that is not known."""
    return _NOT_A_COUNCIL.format(shortened(name, LONGEST_TITLE_SHOWN))


def _quoted(titles: Sequence[str]) -> str:
    return ", ".join(f"“{shortened(one, LONGEST_TITLE_SHOWN)}”" for one in titles)
