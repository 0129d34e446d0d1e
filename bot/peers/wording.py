"""What officers read about peers: our own sentences."""

from __future__ import annotations

from datetime import datetime

from bot.offers import Introduction, Offer, Profile, Wish, concealed

CONSENT = (
    "What you agree to:\n"
    "- Officers can find what you can help with, and your council. Your name and how to reach you "
    "are not shown.\n"
    "- Somebody who wants to talk to you writes a line, and I pass it on to you alone. Only if "
    "you accept do they learn your name and how to reach you.\n"
    "- Only if you choose it below, weekly digests of this community name you, with your council "
    "and what you can help with; never how to reach you.\n"
    "- To find you, I compare questions with what you write and with your registered projects "
    "here, and may name those projects.\n"
    "- It is kept until you leave. Whoever runs me for your community answers for it, and you can "
    "complain to them or to the Information Commissioner.\n"
    "- You can pause, change or erase it at any time: peers pause, peers edit, peers leave."
)
JOIN, EDIT, PAUSE, RESUME, LEAVE = "Offer help", "Edit", "Pause", "Resume", "Leave"
LEAVE_NOW, EXPORT, ERASE, ERASE_NOW = "Leave now", "Export", "Delete my data", "Delete it all"
ACCEPT, NOT_NOW, STOP = "Accept", "Not now", "Stop these"
YES, NO = "Yes", "No"
NOBODY = (
    "I do not know who you are here, so I cannot do that. "
    "Open a conversation: outcomes ask, in Slack, in Teams or on the page."
)
AWAY = "I cannot reach the list of peers just now. Try again in a minute."
ABOUT = (
    "Peers are officers who agreed to be asked about what they did. To find some, write peers and "
    "what it is about, for example: peers damp sensors. Nobody is among them without having "
    "joined; to offer your own help, write: peers join."
)
NOT_JOINED = "You offer no help here, so there is nothing to change. To do so, write: peers join."
JOINED = "You can be asked from now on. This is what officers find, without your name:"
SAVED_PAUSED = (
    "Saved. You are still paused, so nobody finds you; to be asked again, write: peers resume. "
    "This is what officers find then, without your name:"
)
YOURS = "You offer help. This is what officers find, without your name:"
PAUSED = "You get no requests until {}, and nobody finds you. To end that, write: peers resume."
STOPPED = (
    "You get no more requests, and nobody finds you. Whoever asked just now is told that it does "
    "not suit, and nothing of you; others that wait can still be answered: peers requests. "
    "To be asked again, write: peers resume. To erase what you offered: peers leave."
)
RESUMED = "You can be asked again."
LEAVE_ASKED = (
    "Leave? What you offered is erased, for good, and requests that wait for your answer end. "
    "Introductions that were made stay in your chats."
)
LEFT = "You have left. What you offered is erased, and nobody can ask you through me any more."
NOT_A_DATE = "Give a day after today and within two years, for example 2026-12-24."
PEERS = "Officers who agreed to be asked, without their names until they accept:"
NO_PEERS = "No other officer here can be asked about that just now."
NOT_NOW_ASKED = "That officer cannot be asked just now. Look for others with: peers, and the topic."
GONE = "That officer does not offer help any more."
OWN = "That is what you offer yourself."
MANY = (
    "You wait for five answers already. I can ask somebody else for you when one has come; "
    "each ends after 14 days at most."
)
NOT_BEYOND = (
    "That officer is in another community. Officers there are asked only by those who offer help "
    "beyond their own: choose “Other communities too” in the form, then ask again."
)
ASKED = (
    "I have passed your line on to the officer at {}, and will tell you when they answer. "
    "Without an answer it ends after 14 days."
)
ASKED_BEFORE = (
    "You asked the officer at {} on {}. They have not answered yet, and it stays one request."
)
NOT_YOURS = "That request is not open any more: it was answered, withdrawn or is over 14 days old."
NO_REQUESTS = "No request waits for you."
WAITING = "{} requests wait for you, this one longest. Answer it, then write: peers requests."
ACCEPTED = "Thank you. I am introducing you now."
DECLINED = "I will tell them that it does not suit just now, without your name."
NOT_THIS_TIME = (
    "The officer at {0} cannot help just now. "
    "Your line was: “{1}” To look for others, write: peers, and the topic."
)
NO_ANSWER = (
    "The officer at {0} did not answer within 14 days, so your request ended. "
    "Your line was: “{1}” To look for others, write: peers, and the topic."
)
UNAVAILABLE = (
    "An officer you asked does not offer help any more, so your request ended. "
    "Your line was: “{1}” To look for others, write: peers, and the topic."
)
UNREACHED = (
    "I could not pass your line on to the officer at {}. "
    "To look for others, write: peers, and the topic."
)
HELPED = "Two weeks ago I introduced you to an officer at {}. Did it help?"
THANKED = "Thank you. Only yes or no is kept."
NOTHING_HELD = (
    "I hold nothing that I know to be yours. What you asked is kept without your name, "
    "for a while; see the privacy page of whoever runs me."
)
ERASE_ASKED = (
    "Delete everything of yours here: your offer, requests and introductions, drafts and reports, "
    "suggested case studies, and your name under verified answers? It cannot be undone. Questions "
    "are kept without your name, so they stay until their time; so do case studies of yours that "
    "were accepted, until whoever runs me removes them."
)
ERASED = (
    "Everything of yours is deleted here. The log of what was done no longer says who you were. "
    "Messages in your chats stay there; questions are kept without a name until their time."
)
WITHDRAW, HAND_OVER = "Withdraw them: their text is erased", "Hand them over"
HAND_OVER_HINT = (
    "Handed over, a project stays: with the other officer it was registered for, "
    "else with the administrators of this community."
)
EXPORTED = "Everything I hold of you, as JSON, one part a line:"


def day(moment: datetime) -> str:
    """A date as it is written in Britain."""
    return f"{moment.day} {moment:%B %Y}"


def at(council: str) -> str:
    """Where an officer is, when their council is all that is said of them."""
    return council or "another council"


def offered(profile: Profile, outcomes: str, moment: datetime) -> str:
    """An offer as its officer reads it."""
    offer = profile.offer
    lines = [
        f"“{concealed(offer.help, offer)}”",
        f"{offer.council}. {outcomes}.",
        f"Seen by {'this community and others' if offer.beyond else 'this community only'}. "
        f"You are asked at most {times(offer.monthly)}.",
        _known_to(offer),
        f"Agreed on {day(profile.agreed_at)}.",
    ]
    until = profile.paused_until
    if until and until > moment:
        forever = until.year == datetime.max.year
        lines.append("Paused." if forever else f"Paused until {day(until)}.")
    return "\n\n".join(lines)


def _known_to(offer: Offer) -> str:
    if not offer.named:
        how = f" and how to reach you: {offer.reach}" if offer.reach else "; they reach you in chat"
        return f"Only those whom you accept learn your name{how}."
    digest = "The weekly digest of this community may name you, with your council and these words."
    how = f" Only those whom you accept learn how to reach you: {offer.reach}."
    return f"{digest}{how if offer.reach else ''}"


def times(monthly: int) -> str:
    """How often somebody may be asked."""
    known = {1: "once", 2: "twice", 4: "four times", 8: "eight times"}
    return f"{known.get(monthly, f'{monthly} times')} a month"


def asking(offer: Offer) -> str:
    """What stands above a line to a peer."""
    hidden = "" if offer.named else "; if not, you never learn their name"
    return (
        f"To an officer at {at(offer.council)}, who offered: “{concealed(offer.help, offer)}”\n\n"
        "They read your line, your name and your council. If they accept, each of you learns who "
        f"the other is and how to reach them{hidden}."
    )


def request(wish: Wish, offer: Offer, until: datetime) -> str:
    """What the peer reads: all that was written, and what accepting means."""
    learn = "your name and how to reach you" if offer.reach else "your name"
    return (
        f"{wish.name} ({at(wish.council)}), as they call themselves, asks to talk to you:\n\n"
        f"“{wish.line}”\n\nYou offered: “{offer.help}”\n\n"
        f"If you accept, they learn {learn}. Not now tells them that it does not suit, and nothing "
        "of you; Stop these does the same and keeps further requests away. If you do nothing, it "
        f"ends on {day(until)}."
    )


def together(wish: Wish, offer: Offer) -> str:
    """The first line of a conversation of both."""
    return (
        f"{wish.name} ({at(wish.council)}) and {offer.name} ({at(offer.council)}), you both agreed "
        f"to talk.\n\n{wish.name} wrote: “{wish.line}”\n\n{offer.name} offered: “{offer.help}”\n\n"
        "Over to you: I read nothing here unless I am mentioned."
    )


def accepted(offer: Offer, one: Introduction) -> str:
    """What the asker reads where both are not brought into one conversation."""
    reach = _reach(offer.reach, one)
    return (
        f"{offer.name} ({at(offer.council)}) agreed to talk to you. {reach}\n\n"
        f"You wrote: “{one.wish.line}” They offered: “{offer.help}”"
    )


def accepting(one: Introduction) -> str:
    """What the peer reads there."""
    reach = _reach(one.wish.reach, one)
    return (
        f"You and {one.wish.name} ({at(one.wish.council)}) agreed to talk. {reach}\n\n"
        f"They wrote: “{one.wish.line}” They know your name now."
    )


def _reach(reach: str, one: Introduction) -> str:
    if reach:
        return f"How to reach them: {reach}"
    if one.community == one.peer_community:
        return "Write to them here in chat: search for their name."
    return "They gave no other way than chat, so wait for them to write to you."


HELD = "This is what I hold of you here. Only you see this message; Export gives all of it."
CHOOSE = "Choose what becomes of them."
COUNTED = {
    "drafts": "descriptions of projects not registered yet",
    "reports": "reports you made",
    "letters": "messages that wait for you",
    "open_questions": "questions of which you want to be told the answer",
    "verified_answers": "verified answers that you stand for",
    "expert": "whether you look after answers here, or asked to",
    "suggestions": "case studies you suggested",
    "log": "lines in the log of what was done, under a random key",
}
