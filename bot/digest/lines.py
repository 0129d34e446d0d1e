"""What officers read in a digest: our own sentences."""

from __future__ import annotations

from collections.abc import Sequence

NEWS = "{}: {}."
THIS_WEEK, SINCE = "This week", "Since {}"
QUIET_WEEK = "A quiet week: nothing new in what is followed here."
QUIET = "Nothing new since {} in what is followed here."
OTHER_PROJECTS = "Other projects"
QUESTIONS = "Questions nobody could answer yet"
VOLUNTEERS = "Officers who newly offer help"
EXPLAINED = "One outcome explained"
COUNCILS_DO = "What councils do about it"  # a heading of every outcome's text
EXAMPLE = "What councils do about {}, for example: “{}”"
OUR_READING = " (our reading)"
SPREAD = "Our projects by outcome"
CHANGED, SHARED = " (changed)", "shared by another community"
CAN_HELP, ASK, ABOUT = "I can help: {}", "Ask {}", "About {}"
MORE_QUESTIONS = "And {} more, which come in the next digest."
MORE_VOLUNTEERS = "And {} more. To find them, say to me: peers, and the topic."
CLOSING = "To change or stop this digest, say to me: digest."
_PROJECTS, _CASES = "say projects to me", "ask me for case studies on {}"


def more(projects: int, cases: int, outcome: str) -> str:
    """How to see the projects and case studies that there was no room for; the latter by asking
    about an outcome."""
    ways = [_PROJECTS] * bool(projects) + [_CASES.format(outcome)] * bool(cases)
    return f"And {projects + cases} more: {', and '.join(ways)}."


def counted(number: int, what: str, many: str = "") -> str:
    """2 new projects; "" for none."""
    return f"{number} {what if number == 1 else many or f'{what}s'}" if number else ""


def listed(parts: Sequence[str]) -> str:
    """One, two and three."""
    return " and ".join((*([", ".join(parts[:-1])] if parts[1:] else []), *parts[-1:]))
