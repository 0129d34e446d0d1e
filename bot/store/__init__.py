"""What the assistant remembers: threads, questions, and the register of projects."""

from bot.store.database import StoreUnusable, default_url
from bot.store.fits import Fit
from bot.store.ledger import Entry
from bot.store.projects import Vectored
from bot.store.register import Registration, Stale
from bot.store.reports import Report, Reports
from bot.store.store import CONTEXT_KEPT, QUESTIONS_KEPT, Question, Store, utc_now

__all__ = [
    "CONTEXT_KEPT",
    "QUESTIONS_KEPT",
    "Entry",
    "Fit",
    "Question",
    "Registration",
    "Report",
    "Reports",
    "Stale",
    "Store",
    "StoreUnusable",
    "Vectored",
    "default_url",
    "utc_now",
]
