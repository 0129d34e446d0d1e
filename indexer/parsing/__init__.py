"""Reads others' files: PDF, Word, slides, sheets, web pages, text; each in its own process.

What imports this gets the outside only (`sandbox`); the parsers live in the process it starts.
"""

from indexer.parsing.kinds import DOCUMENTS, SUFFIXES
from indexer.parsing.limits import Limits
from indexer.parsing.parsed import Link, Parsed, Unreadable
from indexer.parsing.sandbox import Sandbox, Unavailable

VERSION = 1
"""Counted up whenever other things are read of documents: what another has read is read anew."""

__all__ = [
    "DOCUMENTS",
    "SUFFIXES",
    "VERSION",
    "Limits",
    "Link",
    "Parsed",
    "Sandbox",
    "Unavailable",
    "Unreadable",
]
