"""The register of projects, as officers and administrators use it."""

from bot.register.registrar import Registrar

__all__ = ["Registrar"]
