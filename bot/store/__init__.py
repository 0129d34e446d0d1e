"""What the assistant remembers: the thread it is in, and the questions it was asked."""

from bot.store.database import StoreUnusable, default_url
from bot.store.ledger import Entry
from bot.store.store import CONTEXT_KEPT, QUESTIONS_KEPT, Question, Store, utc_now

__all__ = [
    "CONTEXT_KEPT",
    "QUESTIONS_KEPT",
    "Entry",
    "Question",
    "Store",
    "StoreUnusable",
    "default_url",
    "utc_now",
]
