"""Secrets at rest: sealed with the keys of OUTCOMES_TOKEN_KEYS, each for one purpose alone."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Broken(Exception):
    """No key opens it, it is too old, or it was sealed for something else."""


class Seal:
    """The first key seals, any opens. Fernet knows no context, so that is sealed along with the
    secret and compared: what stands in one row is of no use in another. `clock` counts seconds
    since 1970."""

    def __init__(self, keys: Sequence[str], clock: Callable[[], float] = time.time) -> None:
        """Raises ValueError for what is no key."""
        fernets = [Fernet(key) for key in keys]
        self._first, self._all, self._clock = fernets[0], MultiFernet(fernets), clock

    def seal(self, secret: str, *context: str) -> str:
        """As text that can be kept."""
        told = json.dumps([secret, *context]).encode()
        return self._all.encrypt_at_time(told, int(self._clock())).decode()

    def open(self, sealed: str, *context: str, within: int | None = None) -> str:
        """The secret, if it was sealed for this context `within` so many seconds; else Broken."""
        try:
            if within is None:
                told = self._all.decrypt(sealed)
            else:
                told = self._all.decrypt_at_time(sealed, within, int(self._clock()))
        except InvalidToken:
            raise Broken from None
        secret, *meant = json.loads(told)
        if meant != list(context):
            raise Broken
        return str(secret)

    def newest(self, sealed: str) -> bool:
        """Whether the first key opens it."""
        try:
            self._first.decrypt(sealed)
        except InvalidToken:
            return False
        return True


def new_key() -> str:
    """A fresh one, of the operating system's randomness."""
    return Fernet.generate_key().decode()
