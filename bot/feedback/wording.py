"""What officers read about feedback, open questions and verified answers: our own sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.feedback.grouping import Group
from bot.questions import Expert, Verified

ANSWER, NOT_FOR_US = "Answer {}", "Not for us {}"
CHANGE, END, AGAIN = "Change {}", "End {}", "Verify again {}"
CHANGE_ONE, END_ONE, AGAIN_ONE, END_NOW = "Change", "End it", "Verify again", "End it now"
AGREE, REMOVE, MORE = "Agree to {}", "Remove {}", "More"
JOIN, LEAVE = "Look after answers", "Leave"

WRONG_TITLE, WRONG_SUBMIT = "What was wrong?", "Send"
WRONG_FIELD = "In a few words"
WRONG_HINT = "Name no residents. Officers who look after answers here read it."
UNKEPT_FIELD = "Your question, or what was wrong"
UNKEPT_HINT = (
    "I do not keep questions that I turn down. If yours should have an answer here, write it again."
)
NOBODY = (
    "I do not know who you are here, so I cannot do that. Open a conversation: outcomes ask, in "
    "Slack, in Teams or on the page."
)
AWAY = "I cannot reach the list of questions just now. Try again in a minute."
NOT_ALLOWED = (
    "Only administrators, and officers they have agreed to, can do this. "
    "To ask for that, write: experts join."
)
ADMINISTRATORS_ONLY = "Only administrators of this community can do that."

NONE_OPEN = "No question waits for an answer."
OPEN_LEAD = "Questions that wait for an answer, what was asked most often first:"
_EXPIRED = "The day of {} has passed, so they are no longer given. See: verified."
_EXPIRED_ONE = "The day of one verified answer has passed, so it is no longer given. See: verified."
NOT_OPEN = "That question is not open any more. For those that are, write: open."
CLOSE_NOW = "Close it now"
_CLOSE_ASKED = "Close it without an answer? It was asked as:\n{}\n\n{}"
_NOBODY_TOLD = "Nobody waits to be told of an answer."
_ONE_TOLD = "One who waits is told that no answer comes."
_MANY_TOLD = "{} who wait are told that no answer comes."
CLOSED = "Closed. Nobody is asked for an answer to it any more."
_NOT_FOR_US = (
    "You passed on the question “{}”. The officers who look after answers here could not find that "
    "it is one for them, so it gets no answer here."
)
VERIFY_TITLE, VERIFY_SUBMIT = "A verified answer", "Save"
VERIFY_LEAD = (
    "Officers who ask this, much the same, or in the words it was asked in, get your answer first, "
    "with how you want to be named, until the day you give. Those who wait for it are told at "
    "once. On that day I ask you whether it still holds."
)
_THERE = (
    "There is a verified answer to this already; what you save takes its place and is given under "
    "your name:\n{}"
)
CLOSED_MEANWHILE = (
    "Somebody else answered or closed that question meanwhile, so this is not saved yet. Your "
    "words are still here: send them again to keep them as a verified answer all the same."
)
ENDED_MEANWHILE = (
    "That answer was ended meanwhile, so this is not saved yet. Your words are still here: send "
    "them again to keep them as a new verified answer."
)
_ANSWERED_MEANWHILE = (
    "There is a verified answer to this already, so this is not saved yet:\n{}\n\nYour words are "
    "still here: send them again and they take its place."
)
_GIVEN_AS_WELL = "It is given as well to whoever asks:\n{}"
ASKED_AS = "It was asked as:\n{}"
WHY_WRONG = "Found wrong with what I said:\n{}"
QUESTION_FIELD, ANSWER_FIELD = "The question, as others will find it", "The answer"
QUESTION_HINT = "Name the place, year or figure it is about: it is given to that question only."
ANSWER_HINT = "A few sentences. Name no residents."
SOURCES_FIELD = "Sources, one a line"
SOURCES_HINT = "Titles of texts I have, or links that begin with https://. At least one."
NAME_FIELD, UNTIL_FIELD = "How you want to be named", "Verified until"
UNTIL_HINT = "Two years from now at most."
NO_QUESTION = "Write the question in a sentence."
NO_ANSWER = "Write a sentence or two."
NO_NAME = "Say how you want to be named, for example: Robin, digital team."
NOT_YOUR_NAME = "That is how somebody else is named. Say how you want to be named yourself."
NO_SOURCE = "Give at least one source: the title of a text, or a link that begins with https://."
MANY_SOURCES = "Give {} sources at most."
NOT_A_SOURCE = "I have no text called “{}”. Give its title, or a link that begins with https://."
NOT_THAT_SOURCE = "I have no text called “{}”. Do you mean: {}?"
NOT_A_LINK = "“{}” is not a link I can show. It begins with https:// and holds no spaces."
NOT_A_DAY = "Give a day after today and within two years, for example 2027-03-31."
SAVED = "Saved. Officers who ask this get your answer first, until {}."
SAVED_TELLING = "Saved. Officers who ask this get your answer first, until {}. {} told now."
ERASED = "Your data was deleted meanwhile, so this is not kept. Write: open."
_NOT_POSTED = (
    "Your verified answer is kept, but I may not write any more where one of its questions was "
    "asked: “{}”"
)

NOT_GIVEN = "That answer is no longer given: its day has passed, or it was ended."
NO_VERIFIED = "There is no verified answer here yet. To write one, see: open."
VERIFIED_LEAD = (
    "Verified answers here, first those whose day has passed, and then the newest before the older:"
)
GONE = "That answer is not there any more. For those that are, write: verified."
END_ASKED = "End the answer to “{}”? Its words are erased, and it is no longer given."
ENDED = "Ended. Its words are erased."
VERIFIED_AGAIN = "Verified again, until {}."
_STILL = (
    "The day of {} has passed ({}), so it is no longer given:\n\n“{}”\n\n{}\n\nDoes it still hold?"
)
_YOURS, _BY_ANOTHER = "your verified answer", "a verified answer that an officer wrote here"

EXPERTS_ABOUT = (
    "Officers may look after answers here: they see the questions that got none, without names, "
    "and write verified answers. To be one of them, write: experts join."
)
EXPERT_TITLE, EXPERT_SUBMIT = "Look after answers", "Ask to join"
EXPERT_LEAD = (
    "What you agree to:\n"
    "- Administrators see that you ask, by the name you give, and agree or not.\n"
    "- You then see questions that got no answer here, without names, and can write verified "
    "answers. Each is shown with how you want to be named.\n"
    "- It is kept until you leave: experts leave. Answers you wrote stay until they end; with "
    "my-data delete your name is taken off them."
)
EXPERT_ASKED = (
    "Thank you. I do not tell anybody: ask one of your administrators to write: experts. There "
    "they can agree to it. Until then nothing changes."
)
EXPERT_CHANGED = "Saved. You look after answers here; see: open."
EXPERT_LEFT = "You look after answers here no more. What you wrote stays until it ends."
NO_EXPERT = "You do not look after answers here, so there is nothing to leave."
EXPERT_IS = "You look after answers here, as {}. See: open, verified."
EXPERT_WAITS = "You asked to look after answers here, as {}. An administrator has yet to agree."
NO_EXPERTS = "Nobody looks after answers here yet, apart from administrators."
EXPERTS_LEAD = "Officers who look after answers here, and who ask to:"
EXPERT_GONE = "That officer is not on the list any more."
EXPERT_AGREED = (
    "An administrator agreed: you look after answers here now. Write open for the questions "
    "that wait for an answer, and verified for the answers that there are."
)
AGREED, REMOVED = "Agreed. They can see: open, verified.", "Removed."

USAGE_LEAD = "The last 30 days. Only counts are kept, no text and no names."
FEW = "under 5"
COUNTED = (
    ("answered", "Answered"),
    ("unsure", "Not sure"),
    ("clarify", "Asked back"),
    ("declined", "Turned down"),
    ("verified", "With a verified answer first"),
    ("up", "Said to have helped"),
    ("down", "Said not to have helped"),
    ("passed on", "Passed on"),
    ("open", "Questions that wait for an answer now"),
    ("standing", "Verified answers that stand now"),
)
LEAST = 5  # a smaller number could point at somebody

BY, BY_NOBODY = "Verified by {} until {}: {}", "Verified until {}: {}"
_MAY_BE_MEANT = "Verified answer: {}"
WRITTEN_FOR = "It was written for the question “{}”"
FROM_TEXTS = "What the texts say:"
_YOU_ASKED = "You asked: “{}”"
_ANSWERED_HERE = "An answer to the question “{}”:"
LONGEST_QUOTED = 300  # of a question in a list or a letter


def day(moment: datetime | date) -> str:
    """A date as it is written in Britain."""
    return f"{moment.day} {moment:%B %Y}"


def open_question(number: int, group: Group) -> str:
    """A group in a line or two."""
    count = len(group.questions)
    often = "" if count == 1 else f", asked {count} times"
    line = f"{number}. “{shortened(group.first.text)}” ({day(group.first.asked_at)}{often})"
    said = " ".join(f"“{shortened(one)}”" for one in group.reasons[:3])
    if group.wrong:
        line += f"\nMy answer was found wrong{f': {said}' if said else '.'}"
    return line


def verified_line(number: int, one: Verified, today: date) -> str:
    """A verified answer in a list."""
    lead = "" if one.until >= today else f"Expired on {day(one.until)}. "
    return f"{number}. “{one.question}”\n{lead}{shortened(stands(one))}"


def shortened(text: str, longest: int = LONGEST_QUOTED) -> str:
    """The beginning of a text."""
    told = " ".join(text.split())
    return told if len(told) <= longest else f"{told[: longest - 1].rstrip()}…"


def may_be_meant(question: str) -> str:
    """The button for a verified answer to a question that is close."""
    return _MAY_BE_MEANT.format(shortened(question, 60))


def stands(one: Verified) -> str:
    """A verified answer as it is given."""
    if not one.by:
        return BY_NOBODY.format(day(one.until), one.answer)
    return BY.format(one.by, day(one.until), one.answer)


def expired(many: int) -> str:
    """That verified answers are no longer given."""
    return _EXPIRED_ONE if many == 1 else _EXPIRED.format(f"{many} verified answers")


def still(one: Verified, *, theirs: bool) -> str:
    """Whether a verified answer still holds; `theirs` where whoever reads it wrote it."""
    whose = _YOURS if theirs else _BY_ANOTHER
    return _STILL.format(whose, day(one.until), one.question, one.answer)


def you_asked(question: str) -> str:
    """What somebody asked, above its answer."""
    return _YOU_ASKED.format(shortened(question))


def answered_here(question: str) -> str:
    """The same where others saw it asked."""
    return _ANSWERED_HERE.format(shortened(question))


def not_for_us(question: str) -> str:
    """That no answer comes."""
    return _NOT_FOR_US.format(shortened(question))


def not_posted(question: str) -> str:
    """That an answer could not be posted where its question was asked."""
    return _NOT_POSTED.format(shortened(question))


def expert_line(number: int, one: Expert) -> str:
    state = "looks after answers" if one.named else f"asks to, since {day(one.asked_at)}"
    return f"{number}. {one.name}: {state}"


def counted(many: int) -> str:
    """A number, where it is not so small that it could point at somebody."""
    if many == 0:
        return "0"
    return FEW if many < LEAST else f"{many:,}"


def saved(until: date, told: int) -> str:
    """That an answer is kept, and how many are told of it."""
    if not told:
        return SAVED.format(day(until))
    who = "One who waits is" if told == 1 else f"{told} who wait are"
    return SAVED_TELLING.format(day(until), who)


def answering(group: Group | None, there: Verified | None) -> str:
    """What stands above the form for an answer: the words in which a group's questions were asked,
    where they differ, and the answer that there is to them already."""
    parts = [VERIFY_LEAD]
    if there:
        parts.append(_THERE.format(shortened(stands(there))))
    if group and len(_texts(group)) > 1:
        parts.append(ASKED_AS.format(_lines(_texts(group), 5)))
    if group and group.reasons:
        parts.append(WHY_WRONG.format(_lines(group.reasons, 3)))
    return "\n\n".join(parts)


def given_as_well(one: Verified) -> str:
    """The other wordings of an answer's question."""
    return _GIVEN_AS_WELL.format(_lines(one.wordings, 5)) if one.wordings else ""


def meanwhile(there: Verified | None) -> str:
    """Why an answer is not saved at once."""
    if there is None:
        return CLOSED_MEANWHILE
    return _ANSWERED_MEANWHILE.format(shortened(stands(there)))


def close_asked(group: Group, told: int) -> str:
    """What is closed without an answer, and how many are told."""
    waits = _MANY_TOLD.format(told) if told > 1 else _ONE_TOLD if told else _NOBODY_TOLD
    return _CLOSE_ASKED.format(_lines(_texts(group), 5), waits)


def _texts(group: Group) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.text for one in group.questions))


def _lines(texts: Sequence[str], most: int) -> str:
    """Texts in a list; how many there are beyond it."""
    more = [f"- and {len(texts) - most} more"] if len(texts) > most else []
    return "\n".join([*(f"- “{shortened(one)}”" for one in texts[:most]), *more])


def did_you_mean(words: str, titles: Sequence[str]) -> str:
    """What is said of a source that is not known."""
    if not titles:
        return NOT_A_SOURCE.format(shortened(words, 80))
    return NOT_THAT_SOURCE.format(shortened(words, 80), " or ".join(f"“{one}”" for one in titles))
