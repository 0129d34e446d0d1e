"""Patterns of personal details that tell on their own: addresses, numbers, dates, homes.

Each is left out whole, or in its group `gone`. None takes long over a text that nearly fits.
"""

from __future__ import annotations

import re

from bot.offers import MAIL, PHONE

STREET = (
    "Street|St|Road|Rd|Avenue|Ave|Lane|Close|Drive|Court|Crescent|Terrace|Place|Way|Gardens|Grove"
    "|Square|Hill|Row|View|Walk|Mews|Rise|Parade|Green"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = (
    rf"(?:\d{{1,4}}[/. -]\d{{1,2}}[/. -]\d{{1,4}}"
    rf"|(?:{_DAY} (?:of )?)?{_MONTH}(?:,? (?:{_DAY},? )?(?:\d{{4}}|\d{{2}})\b)?|\d{{4}})"
)
_CASE = "ref(?:erence)?|case|account|acct|ticket|claim|invoice|incident|complaint|passport|pcn|uprn"
_FILE = f"{_CASE}|application|customer|payment|tenancy|order|licence|policy|crm|nhs|ni|staff"
_NUMBER = r"(?:no|number|num|ref(?:erence)?|id)\b\.?(?: is)?[:# -]*|[:#] ?"
# What makes a street light, not a home, of "20 smart street lights".
_LIGHTS = "light|lamp|clean|scene|work|furniture|care|safety|sign|repair|traffic|parking|trad|mark"

_AT = (
    rf"(?i:{MAIL})",
    r"<@\w[^>]*>",
)
_MENTIONS = (
    r"<at\b[^>]*>[^<]*</at>|<!\w[^>]*>",
    r"(?i:(?<!\S)\S+ at \S+ dot \S+(?: dot \S+)*)",
)
_NUMBERS = (
    PHONE,
    r"(?<!\w)\(?(?:(?:\+|00)?44 ?\(?0?\)? ?\d{2,4}|0\d{2,4})\)?[ .-]?\d{3,4}[ .-]?\d{3,4}\b",
    r"(?i:\bext(?:ension|n)?\.? ?(?P<gone>\d{2,6})\b)",
    r"\b(?i:[A-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-D])\b",  # National Insurance
    r"\b\d{3}[ -]\d{3}[ -]\d{4}\b",  # NHS
    r"\b\d{4}(?:[ -]\d{4}){2,3}(?:[ -]?\d{1,4})?\b|\b\d{2}-\d{2}-\d{2}\b",  # cards, sort codes
    r"(?<![\w£$€.,])\d{7,}\b",
    r"\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,7}(?: ?[A-Z\d]{1,3})?\b",  # IBANs
    r"\b[A-Z]{2,5}9{0,3}\d{6}[A-Z]{2}\w{3}\b",  # driving licences
    r"\b\d{1,3}(?:\.\d{1,3}){3}\b",  # computers
    r"\b[A-Z]{2}\d{2} ?[A-Z]{3}\b",  # number plates
    r"\b[A-Z]{1,5}[-/]?\d{6,}\b|(?<![\w/])\d{2,4}/(?!(?:19|20)\d\d\b)\d{4,}(?:/\w+)*",
    rf"(?i:\b(?:(?:{_CASE})(?: is)?[ .:#-]+|(?:{_FILE}) ?(?:{_NUMBER})))"
    r"(?P<gone>(?!(?:19|20)\d\d\b)[A-Za-z]{0,6}[-/]?\d[\dA-Z/-]{3,}(?![-\w]))",
)
_DATES = (
    r"(?i:\b(?:d\.?o\.?b\.?|date of birth|birthday|born)(?: is| was)?(?: in [a-z]+)?(?: on| in)?\b"
    r"[:. -]*"
    rf"(?P<gone>{_DATE}))",
    r"\b\d{1,2}[/.-]\d{1,2}[/.-]19\d\d\b|\b19\d\d-\d\d-\d\d\b",
)
_HOMES = (
    r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b",  # postcodes
    r"\b[a-z]{1,2}\d[a-z\d]? ?\d(?!st|nd|rd|th)[abd-hjlnp-uw-z]{2}\b",
    r"(?i:\b(?:flat|apartment|apt) \d+\w?\b)"
    r"(?:,? (?:[A-Z][\w'-]+ ){1,2}(?:House|Court|Tower|Point|Lodge|Heights))?",
    rf"(?<![\w£.,])\d{{1,3}}[a-zA-Z]?,? (?:[A-Z][\w'-]+ ){{1,3}}(?:{STREET})\b(?! [A-Z])",
    r"(?<![\w£.,])\d{1,3}[a-z]? (?!smart|high|main|more|new)[a-z']+ (?:street|st|road|rd|avenue"
    rf"|ave|lane|crescent|terrace|gardens|grove)\b(?!s| (?:{_LIGHTS}))",
)
WITH_AT = tuple(map(re.compile, _AT))
"""Those that need an @, or (at)."""
DETAILS = tuple(map(re.compile, (*_MENTIONS, *_NUMBERS, *_DATES, *_HOMES)))
