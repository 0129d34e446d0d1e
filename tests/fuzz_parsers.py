"""Everything that reads what others wrote, each with good samples to grow bad ones from and what it
may come to: something read, or a refusal that it names. Run in a process of its own, so that one
that crashes takes no test with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

from hypothesis import strategies as st
from msrest.exceptions import ClientException

from bot.answers import language
from bot.bringing.command import NotBrought
from bot.bringing.table import COLUMNS, rows
from bot.conversation import Citation, Command, Origin, Reply, Submitted
from bot.days import day_written, time_written
from bot.delivery import Heard
from bot.records import heard_from_json, heard_to_json, reply_from_json, reply_to_json
from bot.settings import NAMES, Settings, SettingsError
from bot.slack.places import Address
from bot.speech import commanded, meant_for_us, spoken
from bot.teams.addresses import reference
from bot.terminal import BatchLineInvalid, read_line
from indexer.generation import FORMAT, IndexUnusable, open_current
from indexer.retrieval import CorpusUnusable, evaluate
from knowledge.draft import read_draft
from knowledge.shapes import case_study_shape
from tests.fuzz_documents import KINDS, document, links
from tests.fuzz_jobs import Job, Run, Tally, tally_of
from tests.fuzzing import odd_bytes, odd_json, odd_text, written
from tests.small_encoder import SmallEncoder


def _front_matter() -> Job:
    data = Path(__file__).parent / "data" / "knowledge"
    good = [one.read_bytes() for one in sorted((data / "case_studies").glob("*.md"))]
    outcomes = tuple(one.stem for one in (data / "outcomes").glob("*.md"))
    shape = case_study_shape(date(2026, 11, 27), outcomes)

    def reads(folder: Path) -> Run:
        file = folder / "anytown-repairs.md"

        def run(content: bytes) -> str:
            file.write_bytes(content)
            faults = read_draft(file, shape).faults
            assert all(fault.line >= 1 and str(fault) for fault in faults)
            return "refused" if faults else "read"

        return run

    return Job(odd_bytes(good), reads)


def _settings() -> Job:
    good = "".join(f"{name}=a{number}\n" for number, name in enumerate(NAMES)).encode()
    more = (
        b"OUTCOMES_PORT=3978\nexport OUTCOMES_HOST='127.0.0.1'\n# a\nDATABASE_URL=\"sqlite://\"\n"
    )
    address = (
        b"OUTCOMES_ADDRESS=https://a.example/\nOUTCOMES_QUESTIONS_KEPT=90\nOUTCOMES_ADMINS=a,b\n"
    )

    def reads(folder: Path) -> Run:
        def run(content: bytes) -> str:
            (folder / ".env").write_bytes(content)
            try:
                Settings.read({}, folder)
            except SettingsError:
                return "refused"
            return "read"

        return run

    return Job(odd_bytes([*_apart(good), more, address]), reads)


def _apart(lines: bytes) -> list[bytes]:
    """A few lines in each, so that it is read fast."""
    each = lines.splitlines(keepends=True)
    return [b"".join(each[at : at + 6]) for at in range(0, len(each), 6)]


def _batch() -> Job:
    good = [{"id": "1", "text": "damp?", "thread": "a"}, {"id": 2, "text": ""}]
    made = st.one_of(
        written(odd_json(good)).map(lambda one: one.decode("utf-8", "replace")),
        odd_text([json.dumps(one) for one in good]),
    )
    return Job(made, lambda _: _refusing(read_line, BatchLineInvalid))


def _refusing(reader: Callable[[str], object], *refusals: type[Exception]) -> Run:
    def run(made: str) -> str:
        try:
            reader(made)
        except refusals:
            return "refused"
        return "read"

    return run


def _stored() -> Job:
    origin = Origin("T1", "C1", "1", "U1", "slack", "a", room="channel")
    asked = Heard("slack", "C1:1", Submitted("ask", {"question": "a"}, origin, "k"), "{}")
    command = Heard("teams", "a:1", Command("tag", "a", origin), "{}", "Ev1", "called")
    reply = Reply("answered", "It fell [1]", (Citation(1, "a", "case-study", "A", "u", "q"),))
    place = Address("C1", "1", "U1").to_json()
    person = {"serviceUrl": "https://a", "conversation": {"id": "a"}, "bot": {"id": "b"}}
    kept = [
        (0, json.loads(heard_to_json(asked))),
        (0, json.loads(heard_to_json(command))),
        (1, json.loads(reply_to_json(reply))),
        (2, json.loads(place)),
        (3, person),
    ]
    readers = (heard_from_json, reply_from_json, Address.from_json, reference)
    made = st.sampled_from(kept).flatmap(
        lambda one: st.tuples(st.just(one[0]), written(odd_json([one[1]])))
    )

    def run(both: tuple[int, bytes]) -> str:
        which, content = both
        try:
            readers[which](content.decode("utf-8", "replace"))
        except (ValueError, LookupError, TypeError):  # what whoever reads it is ready for
            return "refused"
        except (AttributeError, RecursionError, ClientException):
            assert which > 1, "an address: whatever it raises, its answer alone is given up"
            return "refused"
        return "read"

    return Job(made, lambda _: run)


def _manifest() -> Job:
    good = {
        "format": FORMAT,
        "model": "all-MiniLM-L6-v2",
        "weights_sha256": "0" * 64,
        "window": 256,
        "library_digest": "0",
        "built": "2026-11-27T00:00:00Z",
        "documents": 1,
        "passages": 1,
        "statements": 1,
        "extras": {"scope.json": "0"},
        "files": {"library.json": "0" * 64, "encoder/model.onnx": "0"},
        "base": "",
    }

    def reads(folder: Path) -> Run:
        made = folder / "index" / "20261127T000000Z"
        made.mkdir(parents=True)
        (made.parent / "current").write_text("20261127T000000Z\n")
        (made / "library.json").write_text("{}")

        def run(content: bytes) -> str:
            (made / "manifest.json").write_bytes(content)
            try:
                open_current(folder)
            except IndexUnusable:
                return "refused"
            return "read"

        return run

    whole = odd_bytes([json.dumps(good).encode()])
    return Job(st.one_of(written(odd_json([good])), whole), reads)


_WORDS = (
    *("24 December 2026", "24/12/2026", "2026-12-24", "31 Feb", "29 february", "9:30", "5 pm"),
    *(
        "12.30 a.m.",
        "midday",
        "tag a repairs app",
        "show me my data",
        "peers join",
        "digest set up",
    ),
    *("find texts on damp", "open questions", "what is outcome 3?", "hi, and in Wales?", "thanks"),
    *("/outcomes list", "pls help me w/ broadband", "tell me more about it", "@outcomes stop"),
    *("Dear all, could you please list the councils that did this in 2021, and what it cost?",),
)


def _spoken() -> Job:
    origin, today = Origin("T1", "C1", "1", "U1", "slack", "a"), date(2026, 11, 27)
    plain: tuple[Callable[[str], object], ...] = (
        *(language.visible, language.has_words, language.words, language.without_greeting),
        *(language.only_thanks, language.only_assent, language.without_orders, language.bids),
        *(meant_for_us, time_written),
    )

    def run(text: str) -> str:
        day_written(text, today)
        for one in plain:
            one(text)
        commanded(text, origin)
        said = spoken(text, origin), spoken(text, origin, overheard=True)
        return "command" if isinstance(said[0], Command) else "question"

    return Job(odd_text(_WORDS), lambda _: run)


def _table() -> Job:
    head = ",".join(COLUMNS)
    good = f"\ufeff{head}\nabc,case-study,Fife; Anytown,2021,a; b,'=A title,1.0,a.pdf,\n".encode()
    other = head.replace(",", ";").encode("cp1252") + b'\r\nabc;x;"a ""b""\r\nc";;;;;;\r\n'

    def reads(folder: Path) -> Run:
        file = folder / "texts.csv"

        def run(content: bytes) -> str:
            file.write_bytes(content)
            try:
                rows(file)
            except NotBrought:
                return "refused"
            return "read"

        return run

    return Job(odd_bytes([good, other]), reads)


def _collection() -> Job:
    good = {
        "corpus.jsonl": b'{"_id": "1", "title": "A", "text": "damp"}\n{"_id": 2, "text": "bins"}\n',
        "queries.jsonl": b'{"_id": "q1", "text": "damp?"}\n{"_id": "q2", "text": "x"}\n',
        "qrels.tsv": b"query-id\tcorpus-id\tscore\nq1\t1\t1\nq2\t2\t2\n",
    }

    def reads(folder: Path) -> Run:
        def run(both: tuple[str, bytes]) -> str:
            for name, content in {**good, both[0]: both[1]}.items():
                (folder / name).write_bytes(content)
            try:
                evaluate(folder, SmallEncoder())
            except CorpusUnusable:
                return "refused"
            return "read"

        return run

    made = st.sampled_from(sorted(good)).flatmap(
        lambda name: st.tuples(st.just(name), odd_bytes([good[name]]))
    )
    return Job(made, reads)


JOBS: dict[str, Callable[[], Job]] = {
    **{f"documents: {kind}": document(kind) for kind in KINDS},
    "sitemaps and feeds": links,
    "front matter of texts": _front_matter,
    ".env": _settings,
    "lines of a batch": _batch,
    "what the store holds as JSON": _stored,
    "manifest of an index": _manifest,
    "commands, days and times in words": _spoken,
    "table of texts": _table,
    "BEIR collection": _collection,
}
"""By names as they are told."""


def tallied(name: str, number: int) -> Tally:
    """So many read by the job of this name; raises what went wrong first, with what was read."""
    return tally_of(JOBS[name](), number)


def told(name: str, tally: Tally) -> str:
    """The figures, as one line."""
    became = ", ".join(f"{count} {what}" for what, count in tally.became.most_common())
    return (
        f"{name}: {tally.seen} read, 0 unhandled ({became}), slowest "
        f"{tally.slowest * 1000:.0f} ms, {tally.seconds:.0f} s"
    )
