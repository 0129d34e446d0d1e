"""A language model behind any endpoint that speaks OpenAI's chat completions, Azure's among them.

The one place that knows the `openai` package, which is loaded only where a model is configured.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.hosts import LOOPBACK
from bot.settings import LanguageModel, SettingsError
from bot.writing.wording import NOT_INSTALLED

if TYPE_CHECKING:
    from openai import AsyncOpenAI, AsyncStream
    from openai.types.chat import ChatCompletionChunk

NO_KEY = "none"  # the package wants one, though a server on one's own computer may not


class ModelFailed(Exception):
    """No words came, or no more of them; the message says why and holds nothing of what was sent
    or said."""


class Model:
    """One model. Raises SettingsError where the package is not installed."""

    def __init__(self, settings: LanguageModel, seconds: float) -> None:
        """`seconds` that each step of a connection may take. Nothing is tried twice: whoever asks
        has an answer without the model."""
        try:
            import openai
        except ImportError as error:
            raise SettingsError(NOT_INSTALLED) from error
        # Not sent on to another host: the one that is configured is the one that was agreed to.
        # A model on this computer is asked without a proxy, whatever the environment says.
        near = urlsplit(settings.url).hostname in LOOPBACK
        http = openai.DefaultAsyncHttpxClient(
            follow_redirects=False, timeout=seconds, trust_env=not near
        )
        key = settings.key or NO_KEY
        self._failures = (openai.OpenAIError, OSError, ValueError)
        self._name = settings.model
        self._client: AsyncOpenAI
        if settings.azure_version:
            self._client = openai.AsyncAzureOpenAI(
                azure_endpoint=settings.url,
                azure_deployment=settings.model,
                api_version=settings.azure_version,
                api_key=key,
                max_retries=0,
                http_client=http,
            )
        else:
            self._client = openai.AsyncOpenAI(
                base_url=settings.url, api_key=key, max_retries=0, http_client=http
            )
        # What the package finds in the environment is meant for somebody else's service.
        self._client.organization = self._client.project = None

    async def words(self, task: str, data: str) -> AsyncGenerator[str, None]:
        """What it writes, piece by piece. Raises ModelFailed."""
        try:
            # Neither a temperature nor a length: some models take none, others name it otherwise.
            stream = await self._client.chat.completions.create(
                model=self._name,
                messages=[{"role": "system", "content": task}, {"role": "user", "content": data}],
                stream=True,
            )
            finished = False
            async with _ended(stream):
                async for chunk in stream:
                    for choice in chunk.choices[:1]:
                        finished = finished or choice.finish_reason is not None
                        yield choice.delta.content or ""
        except self._failures as error:
            raise ModelFailed(_reason(error)) from None
        if not finished:
            raise ModelFailed("it broke off")

    async def close(self) -> None:
        """Let go of every connection."""
        await self._client.close()


@asynccontextmanager
async def _ended(stream: AsyncStream[ChatCompletionChunk]) -> AsyncIterator[None]:
    """Closed, and read on to its end. A stream that is left half read is a cycle of references,
    which the garbage collector may end on another thread while this one ends it too."""
    try:
        yield
    finally:
        await stream.close()
        with suppress(Exception):  # which says that it is closed
            async for _ in stream:
                pass


def _reason(error: Exception) -> str:
    """What went wrong, without what a server repeats of the question."""
    status = getattr(error, "status_code", None)
    return f"it answered {status}" if status else type(error).__name__
