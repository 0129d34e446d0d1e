"""What officers read about digests: our own sentences."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.digests import Subscription
from bot.weeks import WEEKDAYS

TITLE, SAVE = "Weekly digest", "Save"
SET_UP, CHANGE, PAUSE, RESUME = "Set up a digest", "Change", "Pause", "Resume"
PREVIEW, SEND, STOP, STOP_NOW = "Preview", "Send now", "Stop", "Stop it"
SEND_ALL_THE_SAME = "Post it all the same"
ABOUT = (
    "Once a week I can post here what is new: case studies and projects by outcome, questions that "
    "nobody could answer yet, and officers who newly offer help. A week without news posts nothing "
    "unless you want it."
)
NOT_A_TIME = "Give a time such as 09:00."
NOT_A_ZONE = "Give a time zone such as Europe/London."
NOT_A_DAY = "Choose one of the days offered."
NOT_OUTCOMES = "Choose among the outcomes offered."
AWAY = "I cannot reach the list of digests just now. Try again in a minute."
NOBODY = (
    "I do not know who you are here, so I cannot do that. Say digest in a channel in Slack or "
    "Teams, or on the page."
)
ELSEWHERE = {
    "": (
        "A digest goes to a channel, where everybody can read it, and this is a conversation of "
        "two. Say digest in the channel that is to get one."
    ),
    "private": (
        "Teams does not let me post by myself in private channels. Say digest in a standard "
        "channel or in a group chat."
    ),
    "shared": (
        "This channel is shared with people outside this community, and a digest tells of this "
        "community's projects. Say digest in a channel of your own."
    ),
}
NO_PLACE = "I cannot post here by myself. Say digest in a channel that I am in."
NONE_HERE = "No digest comes here yet. To set one up, say: digest."
NONE = "There is no digest that you look after. Say digest in the channel that is to get one."
GONE = "That digest is not there any more. To set one up, say digest in the channel."
NOT_ALLOWED = (
    "In this community administrators look after digests. Ask one of them, or whoever runs me: "
    "the setting is OUTCOMES_DIGEST_MANAGERS."
)
NOT_HERE = "Say this in the channel whose digest it is, or ask an administrator."
SAVED, SAVED_PAUSED = "Saved.", "Saved. It is still paused; to go on, say: digest resume."
PAUSED, RESUMED = "Paused. Nothing is posted until somebody says: digest resume.", "It goes on."
STOP_ASKED = "Stop the digest? Nothing is posted any more, and its settings are erased."
STOPPED = "Stopped. To set one up again, say: digest."
SENDING = "It is posted in a moment. It takes the place of this week's."
UNDER_WAY = "It is being posted already."
SENT_ALREADY = "This week's digest has been posted already. {}"
MAYBE_SENT = (
    "This week's digest may have been posted already: the platform did not say. If it is not in "
    "the channel, press the button."
)
NOTHING_NEW = "Nothing is new, so nothing was posted."
PREVIEWED = "This is how it would look now. Nothing was posted."
PREVIEWED_EMPTY = "This is how it would look now. As nothing is new, it would not be posted."
EMPTY_POSTED = "In a week without news it says one outcome and how we stand."
EMPTY_SKIPPED = "In a week without news nothing is posted."
HOW = "Change it here. You can also say digest preview, digest send, digest pause or digest stop."
HOW_PAUSED = "Change it here. To go on, say digest resume; to end it, digest stop."
LAST = {
    "sent": "The last one was posted on {}.",
    "unsure": "The last one, of {}, may not have arrived: the platform did not say.",
    "empty": "Nothing was new on {}, so nothing was posted.",
    "skipped": "The last one was left out on {}.",
    "failed": "The last one could not be posted on {}.",
}
TRIED = "This week's is due and not posted yet. It is tried again and again."
NO_QUESTION = "That question is not there any more."
ANSWER_TITLE, ANSWER_SUBMIT = "I can help", "Post the answer"
ANSWER_LEAD = (
    "Somebody asked:\n\n“{}”\n\nWhat you write is posted where it was asked, for everybody there."
)
NO_ANSWER = "Write a sentence or two."
ANSWERED = "Thank you. Your answer is posted where it was asked."
NOT_POSTED = (
    "Your answer could not be posted: I may not write any more where it was asked. Here it is "
    "again:\n\n“{}”"
)
ENDED = "The weekly digest that you set up has ended: {}. To have it again, say digest there."
UNSURE = (
    "This week's digest may not have arrived: the platform did not say. I do not post it twice. "
    "If it is not in the channel, say there: digest send. The next one tells its news too."
)
FAILED = (
    "This week's digest could not be posted in time, though I tried again and again. The next one "
    "is tried as usual and tells its news too; whoever runs me finds the reason in the log."
)


def ended(why: str, link: str) -> str:
    """That a digest is over, and where it came."""
    return f"{ENDED.format(why)}{_there(link)}"


def there(words: str, link: str) -> str:
    """Words about a digest, with where it comes."""
    return f"{words}{_there(link)}"


def _there(link: str) -> str:
    return f"\n{link}" if link else ""


def told(one: Subscription, last: tuple[str, datetime | None] | None, names: str) -> str:
    """A digest in a few lines."""
    choices, schedule = one.choices, one.choices.schedule
    when = f"{WEEKDAYS[schedule.weekday]}s at {schedule.at:%H:%M} ({schedule.zone})"
    lines = [
        f"The weekly digest comes on {when}.",
        f"Outcomes: {names or 'all twelve'}.",
        EMPTY_POSTED if choices.when_empty else EMPTY_SKIPPED,
        "It is paused." if one.paused else f"Next: {day(one.next_due, schedule.zone)}.",
    ]
    if last and last[0] in ("due", "sending") and not one.paused:
        lines.append(TRIED)
    if last and last[0] in LAST and last[1]:
        lines.append(LAST[last[0]].format(day(last[1], schedule.zone)))
    return "\n".join(lines)


def how(one: Subscription) -> str:
    """What can be done with a digest besides changing it."""
    return HOW_PAUSED if one.paused else HOW


def next_one(one: Subscription) -> str:
    """When it comes again."""
    return f"The next one comes on {day(one.next_due, one.choices.schedule.zone)}."


def day(moment: datetime, zone: str) -> str:
    """A moment as people in a zone say it."""
    there = moment.astimezone(ZoneInfo(zone))
    return f"{there:%A} {there.day} {there:%B %Y at %H:%M}"


def answer(question: str, words: str, name: str) -> str:
    """An officer's answer, as it is posted in the question's thread."""
    by = f"{name} answers" if name else "An officer answers"
    return f"{by} the question “{question}”:\n\n“{words}”"


def not_posted(words: str) -> str:
    """An officer's answer, given back."""
    return NOT_POSTED.format(words)
