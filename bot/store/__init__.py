"""What the assistant remembers: threads, questions, projects, and peers."""

from bot.store.database import StoreUnusable, default_url
from bot.store.fits import Fit
from bot.store.introductions import INTRODUCTIONS_KEPT, Introductions, Refusal, Write
from bot.store.issues import GRACE
from bot.store.ledger import Entry
from bot.store.letters import Addressed, Letter, Letters
from bot.store.peers import Offered
from bot.store.people import Reachable
from bot.store.projects import Vectored
from bot.store.ratings import RatedQuestion
from bot.store.register import Registration, Stale
from bot.store.reports import Report, Reports
from bot.store.rights import Held
from bot.store.store import Store, utc_now
from bot.store.subscriptions import Asked, Subscriptions
from bot.store.talks import CONTEXT_KEPT, QUESTIONS_KEPT, Question

__all__ = [
    "CONTEXT_KEPT",
    "GRACE",
    "INTRODUCTIONS_KEPT",
    "QUESTIONS_KEPT",
    "Addressed",
    "Asked",
    "Entry",
    "Fit",
    "Held",
    "Introductions",
    "Letter",
    "Letters",
    "Offered",
    "Question",
    "RatedQuestion",
    "Reachable",
    "Refusal",
    "Registration",
    "Report",
    "Reports",
    "Stale",
    "Store",
    "StoreUnusable",
    "Subscriptions",
    "Vectored",
    "Write",
    "default_url",
    "utc_now",
]
