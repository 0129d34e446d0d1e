"""What officers read when they say of an answer whether it helped: our own sentences."""

from __future__ import annotations

PASS_ON = "Pass it on"
THANKED = "Thank you for saying so."
COMPLAINED = "Noted. If you like, say what was wrong."
COMPLAINED_ALONE = (
    "Noted. Officers who look after answers here see your question, without personal details and "
    "without your name."
)
_SEND_ALONE = (
    "Officers who look after answers here see your question and what you write, without personal "
    "details and without your name. If you send this, I keep that it was you for up to {} days, "
    "until somebody has answered, so that I can tell you."
)
_TOLD_ALONE = (
    "Thank you. Your question goes, without personal details, to the officers who look after "
    "answers here. I keep that it was you for up to {} days, so that I can tell you of an answer."
)
TOLD_OPENLY = (
    "Thank you. It goes to the officers who look after answers here. If one of them answers it, "
    "the answer is posted here."
)
TELL_ME = "Tell me of an answer"
_TOLD_UNKNOWN = (
    "Thank you. Your question goes, without personal details, to the officers who look after "
    "answers here. Shall I tell you of an answer? Then I keep that it was you, for up to {} days."
)
KEPT_HERE = (
    "Thank you. That is kept without your name, and nobody outside sees it. To have the question "
    "answered, pass it on to the officers who look after answers here."
)
TOLD_NOBODY = "Thank you. It goes to the officers who look after answers here."
KEPT_ONLY = "Thank you. That is kept without your name."
_PASSED_ON = (
    "I have passed your question on, without personal details, to the officers who look after "
    "answers here. I keep that it was you for up to {} days, so that I can tell you of an answer."
)
PASSED_ON_OPENLY = (
    "I have passed this question on, without personal details, to the officers who look after "
    "answers here. If one of them answers it, the answer is posted here."
)
NO_ANSWER_KEPT = "I no longer have that answer, so I cannot note it. Please ask again."
NOTHING_TO_PASS_ON = "I no longer have that question. Please ask it again."


def send_alone(days: int) -> str:
    """What sending a complaint keeps, said before it is sent; `days` at most."""
    return _SEND_ALONE.format(days)


def told_alone(days: int) -> str:
    """What was kept of who sent one."""
    return _TOLD_ALONE.format(days)


def told_unknown(days: int) -> str:
    """Whether somebody of whom nothing is kept wants to be told of an answer."""
    return _TOLD_UNKNOWN.format(days)


def passed_on(days: int) -> str:
    """What was kept of who passed a question on."""
    return _PASSED_ON.format(days)
