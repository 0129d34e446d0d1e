"""How long work shows itself: a bar on a terminal, nothing elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

Advance = Callable[[int], object]
Progress = Callable[[str, int], AbstractContextManager[Advance]]


def silent(_title: str, _total: int) -> AbstractContextManager[Advance]:
    """Shows nothing."""
    return nullcontext(lambda _count: None)


@contextmanager
def bar(title: str, total: int) -> Iterator[Advance]:
    """A bar with rate and time left on stderr, where that is a terminal."""
    from tqdm import tqdm

    with tqdm(total=total, desc=title, unit="text", disable=not sys.stderr.isatty()) as shown:
        yield shown.update
