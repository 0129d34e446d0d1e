"""The weekly digest: set up by a channel, composed of its news, and posted once a week."""

from bot.digest.editor import Editor
from bot.digest.newsdesk import Newsdesk
from bot.digest.sender import Sender

__all__ = ["Editor", "Newsdesk", "Sender"]
