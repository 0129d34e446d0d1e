"""What officers read about projects: our own sentences."""

from __future__ import annotations

from datetime import datetime

from bot.projects import Project

DESCRIBE = "Describe your project in the form; its outcomes come next."
NOT_REGISTERED = "Nothing is registered yet. Confirm does that, for this community only."
NOT_YET = "This is not saved yet."
CONFIRM, CHANGE, CHOOSE = "Confirm", "Change", "Choose outcomes"
EDIT, WITHDRAW, WITHDRAW_NOW, REPORT, NEXT = "Edit", "Withdraw", "Withdraw it", "Report", "Next"
NOT_KEPT = "I cannot register projects just now. Try again in a few minutes."
AWAY = "I cannot reach the register of projects just now. Try again in a minute."
NO_TEXT = "There is no text in that message to tag. Write: tag, and describe the project."
TOO_LONG_TO_TAG = (
    "That is over 4,000 characters, more than I can read at once. "
    "Describe the project in a sentence or two."
)
CUT = "Only the first 4,000 characters of the message are here."
NOT_YOURS = (
    "Only the officer who asked can go on with this. "
    "To tag a project of your own, write: tag, and describe it."
)
NO_DRAFT = "I no longer have that suggestion. Please tag the project again."
NO_PROJECT = "That project is not here any more: it was withdrawn or hidden."
NOT_THEIRS = (
    "Only the officer whose project this is, or an administrator of its community, can change it."
)
STILL_HERE = "Your words are still here, to copy."
ALREADY = "This project is registered already."
ALREADY_OTHERWISE = f"{ALREADY} Save the form to replace this:"
REGISTERED = "Registered. Answers here find it from now on."
REGISTERED_FOR = (
    "Registered for the officer who wrote the message, and for you: "
    "both can edit and withdraw it. Answers here find it from now on."
)
HIDDEN_NOW = "An administrator has hidden this project: nobody else finds it here."
CHANGED = "Saved."
UNCHANGED = "That is how it stands already."
STALE = "Somebody changed this project since you opened the form. Save it again to replace this:"
WITHDRAW_ASKED = "Withdraw “{}”? Its text is erased, for good."
WITHDRAWN = "“{}” is withdrawn, and its text is erased."
MINE = ("mine", "my", "my projects")
NONE_OF_YOURS = "You have no registered project here. To add one, write: tag, and describe it."
NONE = "No project is registered here yet. To add one, write: tag, and describe it."
NO_MORE = "There are no more."
TOO_LONG = "That is too long to search for. Name it in a few words."
NONE_WITH = "No project registered here has that outcome yet."

REPORT_WHAT = "What is wrong or outdated? Write: report, and the name of the case study or project."
REPORT_WHICH = "Which one is wrong or outdated?"
REPORTED = (
    "Thank you. Administrators of this community see your report on “{}”. Your name is not shown."
)
ADMINISTRATORS_ONLY = "Only administrators of this community can do that."
NO_REPORTS = "There are no open reports."
NOTHING_HIDDEN = "Nothing is hidden here."
HIDDEN_HERE = "Hidden in this community:"
HIDE, KEEP, SHOW = "Hide “{}”", "Keep “{}”", "Show “{}” again"
HIDDEN = "“{}” is hidden from everyone here, from now on."
SHOWN = "“{}” is shown again."
KEPT = "“{}” stays. Its reports are closed."
GONE = "A text that is gone"


def reports(shown: int, count: int) -> str:
    """What stands above a list of reports."""
    return f"The oldest {shown} of {count} open reports:" if shown < count else "Open reports:"


def counted(offset: int, shown: int, count: int) -> str:
    """What stands above a list of projects."""
    if count == 1:
        return "1 registered project:"
    if shown == count:
        return f"{count} registered projects, newest first:"
    if shown == 1:
        return f"The last of {count} registered projects:"
    return f"{offset + 1} to {offset + shown} of {count} registered projects, newest first:"


def about(project: Project, community: str) -> str:
    """Who sees a project, as it is told in a community, and when its outcomes were confirmed."""
    seen = "Seen by this community and others" if project.shared else "Seen by this community only"
    if project.community != community:
        seen = "Shared by another community"
    confirmed = max((one.at for one in project.outcomes), default=project.registered_at)
    return f"{seen}. Outcomes confirmed on {day(confirmed)}."


def day(moment: datetime) -> str:
    """A date as it is written in Britain."""
    return f"{moment.day} {moment:%B %Y}"


def none_listed(outcome: str) -> str:
    """What is said instead of an empty list."""
    return NONE_WITH if outcome else NONE
