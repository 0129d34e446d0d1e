"""Case studies that officers suggest, and what of a community's own texts waits to be confirmed."""

from bot.cases.curator import Curator

__all__ = ["Curator"]
