"""The `outcomes` command: ask, tag, projects, peers, person, index, serve, eval, bench and more."""

from __future__ import annotations

import argparse
import asyncio
import io
import logging
import os
import re
import signal
import sys
import traceback
import uuid
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from bot import (
    backup,
    bench_command,
    communities_command,
    digest_command,
    index_command,
    logs,
    packaging,
)
from bot.bench_command import NotMeasured
from bot.bringing import command as bringing
from bot.bringing.command import NotBrought
from bot.communities_command import CannotErase
from bot.digest_command import NoDigest
from bot.doctor import command as doctor
from bot.evaluation import command as evaluation
from bot.index_command import NotIndexed
from bot.settings import Settings, SettingsError

_LONG_TEXT = "Read the README for what it can be asked, and docs/ for the rest."


class CannotRun(Exception):
    """Why a command cannot do what it was asked; one line for a person."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. 0 on success, 1 on a failure said in one line, 2 on bad usage."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if not given.command:
        parser.print_help(sys.stderr)
        return 2
    _prepare_streams(logging.INFO if given.command == "serve" else logging.WARNING)
    try:
        return _run(given)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read us has gone, as `head` does; what is still to be written goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # the last resort: a person sees a line, never a traceback
        _complain(_reason(error))
        return 1


def _run(given: argparse.Namespace) -> int:
    """A command reads the settings by itself where it can go on without them."""
    if getattr(given, "reads_settings", False):
        return int(given.run(given))
    settings = Settings.read()
    logs.write_as(settings.log)
    return int(given.run(given, settings))


def _prepare_streams(level: int) -> None:
    """UTF-8 whatever the locale, so that JSON stays JSON; libraries' chatter kept off stderr."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    handler = logging.StreamHandler()
    handler.setLevel(level)  # on the handler: some libraries lower their own logger's level
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logs.write_as("text")
    logging.getLogger("bot").setLevel(level)


def _reason(error: Exception) -> str:
    from bot.delivery import ChannelRefused
    from bot.sources.locks import Busy
    from bot.store import StoreUnusable
    from bot.store.archive import ArchiveUnusable
    from bot.store.backups import NotRestored
    from indexer.build_failures import BuildFailed
    from indexer.generation import IndexUnusable
    from indexer.model import ModelUnusable
    from indexer.parsing import Unavailable
    from indexer.query import EncoderDamaged

    known = (
        *(CannotRun, NoDigest, NotBrought, SettingsError, ChannelRefused, StoreUnusable),
        *(ArchiveUnusable, CannotErase, NotIndexed, NotMeasured, NotRestored),
        *(BuildFailed, ModelUnusable, IndexUnusable, EncoderDamaged, Unavailable, Busy, OSError),
    )
    if isinstance(error, known):
        return str(error)
    # Where, but not with what: what an error says of itself may repeat an officer's words, and of
    # a command that the bot runs by itself this line is in the log.
    at = traceback.extract_tb(error.__traceback__)[-1:]
    where = "".join(f" in {Path(one.filename).name}, line {one.lineno}" for one in at)
    return (
        f"something went wrong that should not ({type(error).__name__}{where}). "
        "Please report it with the command you ran"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="outcomes", description=__doc__, epilog=_LONG_TEXT)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    ask = _add_lines(
        commands, "ask", "ask one question, a batch of them, or hold a conversation", "question"
    )
    ask.add_argument(
        "--as",
        dest="person",
        metavar="NAME",
        type=_name,
        help="who you are in a conversation: with two terminals on one database, two names can be "
        "introduced to each other",
    )
    _add_lines(
        commands, "tag", 'suggest the outcomes a project serves; "fit" learns', "project, or fit"
    )
    _add_lines(commands, "projects", "list or search the registered projects", "words to find")
    _add_lines(commands, "peers", "find councils and officers who did the like", "project")
    _add_person(commands)
    index_command.add_to(commands, say=partial(print, flush=True), complain=_complain)
    bringing.add_to(commands, say=partial(print, flush=True), complain=_complain)
    serve = commands.add_parser(
        "serve", help="serve the channels there are credentials for, or a local page"
    )
    serve.set_defaults(run=_serve)
    evaluation.add_to(commands, say=partial(print, flush=True), complain=_complain)
    bench_command.add_to(commands, say=partial(print, flush=True))
    digest_command.add_to(commands, say=partial(print, flush=True))
    doctor.add_to(commands, say=partial(print, flush=True))
    packaging.add_to(commands, say=print, complain=_complain)
    backup.add_to(commands, say=print)
    communities_command.add_to(commands, say=partial(print, flush=True), complain=_complain)
    return parser


def _add_lines(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, about: str, what: str
) -> argparse.ArgumentParser:
    """A command that answers one text, a batch of them, or line after line."""
    command = commands.add_parser(name, help=about)
    command.add_argument(
        "text", nargs="?", metavar="TEXT", help=f"the {what}; without it, a conversation"
    )
    command.add_argument(
        "--batch", metavar="FILE", help='JSON lines {"id", "text"}, "-" for standard input'
    )
    command.add_argument("--json", action="store_true", help="one JSON object a line")
    command.set_defaults(run=_ask, job=name, person=None)
    return command


def _name(given: str) -> str:
    """The name of somebody in a conversation, as `--as` takes it."""
    if re.fullmatch(r"[a-z0-9-]{1,20}", given.lower()):
        return given.lower()
    raise argparse.ArgumentTypeError("write a short word of letters, digits and hyphens")


def _add_person(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    person = commands.add_parser(
        "person", help="show or erase what is held of one officer, on their request"
    )
    person.add_argument("community", help="the Slack workspace's id, or the tenant's")
    person.add_argument("person", help="the Slack member's id, or the user's object id")
    person.add_argument(
        "--erase",
        choices=("withdraw", "hand-over"),
        metavar="PROJECTS",
        help="erase it all; their projects: withdraw, or hand-over",
    )
    person.set_defaults(run=_person)


def _ask(given: argparse.Namespace, settings: Settings) -> int:
    if given.text is not None and given.batch:
        print(f"outcomes {given.job}: give a text or --batch FILE, not both", file=sys.stderr)
        return 2
    if given.person and (given.text is not None or given.batch or given.json):
        print("outcomes ask: --as NAME is for a conversation alone", file=sys.stderr)
        return 2
    if given.job == "tag" and given.text == "fit":
        return _fit(given, settings)
    return asyncio.run(_asked(given, settings))


def _fit(given: argparse.Namespace, settings: Settings) -> int:
    from bot.fitting import report

    report(settings, as_lines=given.json, say=lambda line: print(line, flush=True))
    return 0


async def _asked(given: argparse.Namespace, settings: Settings) -> int:
    lines = _lines(given.batch) if given.batch else ()
    from bot.app import opened
    from bot.paper import without_halves
    from bot.terminal import ASK, PEERS, PERSON, PROJECTS, TAG, Line, Terminal

    async with opened(settings) as app:
        _warn_of_other_texts(settings, app.answerer.library_digest)
        job = {"ask": ASK, "tag": TAG, "projects": PROJECTS, "peers": PEERS}[given.job]
        terminal = Terminal(
            app.assistant.handle,
            job,
            uuid.uuid4().hex,
            sys.stdout,
            as_lines=given.json or bool(given.batch),
            person=given.person or PERSON,
            collect=app.outbox.collect,
        )
        if given.batch:
            return 1 if await terminal.batch(lines, _complain) else 0
        if given.text is not None:
            await terminal.ask(Line("1", without_halves(given.text), ""))
            return 0
        print(job.welcome, file=sys.stderr)
        await app.assistant.due()  # what a serving bot does each hour
        await terminal.converse(_typed)
    return 0


def _warn_of_other_texts(settings: Settings, indexed: str) -> None:
    """Say so when a folder of one's own holds other texts than those that were indexed.

    Not for the shipped texts: they change with the program, and reading them costs every start.
    """
    if settings.knowledge is None:
        return
    from knowledge.reader import KnowledgeError, load

    try:
        if load(settings.knowledge).digest == indexed:
            return
        fault = "they are not those of the index. Run: outcomes index"
    except KnowledgeError:
        fault = "they cannot be used, the index is older. Run: python -m knowledge check"
    _complain(f"the texts in {settings.knowledge}: {fault}")


def _typed(prompt: str) -> str:
    """The next line, read while nothing else runs; Ctrl+C leaves at once rather than after it.
    Raises EOFError where there is none."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return input(prompt if sys.stdin.isatty() else "")
    finally:
        signal.signal(signal.SIGINT, before)


def _complain(message: str) -> None:
    """One line, whatever the message holds."""
    line = " ".join(message.split())
    if logs.in_json():
        logging.getLogger("bot").error("%s", line)
    else:
        print(f"outcomes: {line}", file=sys.stderr)


def _lines(file: str) -> Iterable[str]:
    if file == "-":
        return sys.stdin
    try:
        return Path(file).read_text("utf-8-sig").split("\n")
    except OSError as error:
        raise CannotRun(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CannotRun(f"{file} is not UTF-8 text ({error})") from error


def _person(given: argparse.Namespace, settings: Settings) -> int:
    from bot.person import NobodyKnown, erased, held

    who = settings, given.community, given.person
    try:
        print(asyncio.run(erased(*who, given.erase) if given.erase else held(*who)))
    except NobodyKnown as error:
        raise CannotRun(str(error)) from error
    return 0


def _serve(given: argparse.Namespace, settings: Settings) -> int:
    async def serving() -> None:
        from bot.app import opened
        from bot.server import serve

        async with opened(settings) as app:
            _warn_of_other_texts(settings, app.answerer.library_digest)
            await serve(app, settings, lambda line: print(line, flush=True))

    asyncio.run(serving())
    return 0


if __name__ == "__main__":
    sys.exit(main())
