"""What `outcomes doctor` finds, as values, and how it asks the network."""

from bot.checks.endpoint import ADDRESS, unanswered, unexpected
from bot.checks.finding import Finding, State, looked_for, ok, unset, unsure, wrong
from bot.checks.probe import WITHIN, Answer, Probe, Unanswered

__all__ = [
    "ADDRESS",
    "WITHIN",
    "Answer",
    "Finding",
    "Probe",
    "State",
    "Unanswered",
    "looked_for",
    "ok",
    "unanswered",
    "unexpected",
    "unset",
    "unsure",
    "wrong",
]
