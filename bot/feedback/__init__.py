"""What officers say of answers; what nobody could answer yet; and answers somebody stands for."""

from bot.feedback.reviewer import Reviewer

__all__ = ["Reviewer"]
