"""How good the bot is: its own questions asked and marked, and what is measured beside them."""

from bot.evaluation.asked import SPLITS, Question, QuestionsUnusable, Split, questions
from bot.evaluation.figures import Measure, Section
from bot.evaluation.marking import Marked, mark
from bot.evaluation.shares import measures

__all__ = (
    "SPLITS",
    "Marked",
    "Measure",
    "Question",
    "QuestionsUnusable",
    "Section",
    "Split",
    "mark",
    "measures",
    "questions",
)
