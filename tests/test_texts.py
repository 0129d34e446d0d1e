"""The one reader: shipped texts are whole, and every fault is named with file, line and cure."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from knowledge.markdown import plain, statements
from knowledge.reader import KnowledgeError, load

TEXTS = Path(__file__).parent / "data" / "knowledge"
ROOT = Path(__file__).parent.parent
TODAY = date(2026, 6, 1)
TWELVE = [
    "connectivity",
    "data",
    "democracy",
    "ethics",
    "inclusion",
    "leadership",
    "local-productivity",
    "organisational-capability",
    "partnership",
    "security-resilience",
    "services",
    "value",
]

OUTCOME = "outcomes/data.md"
VALUE = "outcomes/value.md"
FRAMEWORK = "frameworks/framework-2022.md"
CASE = "case_studies/anytown-bins.md"


@dataclass(frozen=True)
class Bad:
    """One fault put into a good text, and how it must be reported."""

    file: str
    old: str
    new: str
    line: int
    problem: str
    cure: str


KEYS = [
    Bad(CASE, "region: Wales\n", "region: Wales\ncolour: red\n", 6, "key 'colour'", "use only"),
    Bad(CASE, "publisher: council\n", "", 1, "key 'publisher' is missing", "add `publisher: `"),
    Bad(CASE, "year: 2023", "year: 2023\nyear: 2024", 9, "'year' stands twice", "keep one"),
    Bad(CASE, "year: 2023", "year: 2027", 8, "year: '2027'", "a year from 1990 to 2026"),
    Bad(CASE, "year: 2023", "year: last", 8, "year: 'last'", "like 2023"),
    Bad(CASE, "year: 2023", "year:", 8, "'year' has no value", "write one"),
    Bad(CASE, "  - value", "  - velocity", 13, "'velocity'", "write one of: data, value"),
    Bad(CASE, "  - value", "  - data", 13, "'data' stands twice", "keep one"),
    Bad(CASE, "  - value", "  -", 13, "an empty item", "take it out"),
    Bad(CASE, "  - Anytown Council", "  - a: b", 4, "holds a list or keys", "plain text"),
    Bad(CASE, "nation: Wales", "nation: no", 6, "nation: 'no'", "England, Northern Ireland"),
    Bad(CASE, "region: Wales", "region: London", 5, "is not in Wales", "or another nation"),
    Bad(CASE, "region: Wales", "region: Mordor", 5, "region: 'Mordor'", "East Midlands"),
    Bad(CASE, "type: unitary", "type: parish", 7, "council_type: 'parish'", "county"),
    Bad(CASE, "url: https://example.org/bins", "url: bins", 10, "url: 'bins'", "https://"),
    Bad(CASE, "url: https://example.org/bins", "url: http://[x", 10, "cannot stand", "https://"),
    Bad(CASE, "  - data\npub", "  - valour\npub", 15, "'valour'", "write one of"),
    Bad(CASE, "outcomes:\n  - data\n  - value", "outcomes: data", 11, "wrong form", "a list"),
    Bad(CASE, "title: Sen", "title: In: sen", 2, "not readable as YAML", "in quotes"),
    Bad(CASE, "title: ", "title: " + "[" * 99_000, 2, "lists within lists", "one plain list"),
    Bad(CASE, "title: ", "---\ntitle: ", 2, "has no keys", "key: value"),
    Bad(CASE, "---\ntitle", "title", 1, "no front matter", "a line ---"),
    Bad(FRAMEWORK, "2022-07", "2022-13", 4, "date: '2022-13'", "like 2023-03-21"),
    Bad(FRAMEWORK, "2022-07", "2026-06-02", 4, "date: '2026-06-02'", "up to 2026-06-01"),
    Bad(FRAMEWORK, "2022-07", "July 2022", 4, "date: 'July 2022'", "2023-03"),
    Bad(FRAMEWORK, "title: The framework of 2022", "title: Data", 2, "", "its own title"),
    Bad(VALUE, "  - savings", "  - Open data", 6, "belongs to 'data' too", "take it out"),
    Bad(OUTCOME, "  - open data", "  - Value", 7, "belongs to 'value' too", "take it out"),
]

BODIES = [
    Bad(OUTCOME, "## Questions", "### Questions", 17, "marked '### '", "with `## `"),
    Bad(OUTCOME, "## Questions", "##Questions", 17, "marked '##'", "with `## `"),
    Bad(OUTCOME, "## Questions", "## **Questions**", 17, "marks in it", "plain words"),
    Bad(OUTCOME, "## Questions to ask", "## ", 17, "without words", "behind"),
    Bad(OUTCOME, "Questions to ask", "What it means", 17, "stands twice", "its own"),
    Bad(OUTCOME, "- Which standard applies? (our suggestion)\n", "", 17, "is empty", "its text"),
    Bad(OUTCOME, "\n## What it means\n", "", 13, "before the first heading", "above it"),
    Bad(OUTCOME, "- Which", "* Which", 19, "another mark than `- `", "`- ` lists"),
    Bad(OUTCOME, "- Which", "1. Which", 19, "a numbered list", "`- ` lists"),
    Bad(OUTCOME, "- Which", "- One\n  - Which", 20, "a list inside a list", "keep to"),
    Bad(OUTCOME, "- Which", "-Which", 19, "does not begin with `- `", "keep to"),
    Bad(OUTCOME, "- Which", "> Which", 19, "a block quote", "keep to"),
    Bad(OUTCOME, "- Which", "| Which | a |", 19, "a table", "keep to"),
    Bad(OUTCOME, "- Which", "```", 19, "a code block", "keep to"),
    Bad(OUTCOME, "- Which", "    Which", 19, "set in", "keep to"),
    Bad(OUTCOME, "- Which", "- *Which*", 19, "emphasis", "**bold**"),
    Bad(OUTCOME, "- Which", "- _Which_", 19, "emphasis", "**bold**"),
    Bad(OUTCOME, "- Which", "- **Which", 19, "bold left open", "**bold**"),
    Bad(OUTCOME, "- Which", "- `Which`", 19, "code", "keep to"),
    Bad(OUTCOME, "- Which", "- <b>Which", 19, "HTML", "keep to"),
    Bad(OUTCOME, "- Which", "- &amp; Which", 19, "HTML", "keep to"),
    Bad(OUTCOME, "- Which", "- ![Which](https://example.org/a.png)", 19, "an image", "keep to"),
    Bad(OUTCOME, "- Which", "- [Which](here)", 19, "a link without", "keep to"),
    Bad(OUTCOME, "- Which", "[a]: https://example.org\n", 19, "by reference", "keep to"),
    Bad(OUTCOME, "- Which", "---\n- Which", 19, "a rule", "keep to"),
    Bad(OUTCOME, "- Which", "- \u202eWhich", 19, "hidden character (U+202E)", "take it out"),
]


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEXTS, tmp_path / "texts"))


def faults(folder: Path) -> list[str]:
    with pytest.raises(KnowledgeError) as caught:
        load(folder, today=TODAY)
    assert str(caught.value).splitlines() == [str(fault) for fault in caught.value.faults]
    return str(caught.value).splitlines()


def check(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "knowledge", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


@pytest.mark.parametrize("bad", [*KEYS, *BODIES], ids=lambda bad: bad.problem or bad.cure)
def test_a_fault_is_named_with_file_line_and_cure(texts: Path, bad: Bad) -> None:
    path = texts / bad.file
    good = path.read_text(encoding="utf-8")
    assert bad.old in good
    path.write_text(good.replace(bad.old, bad.new, 1), encoding="utf-8")
    found = [line for line in faults(texts) if line.startswith(f"{path}:{bad.line}: ")]
    assert any(bad.problem in line and bad.cure in line.split("; ", 1)[1] for line in found)


def test_every_fault_is_named_at_once(texts: Path) -> None:
    for name in (OUTCOME, FRAMEWORK, CASE):
        path = texts / name
        text = path.read_text(encoding="utf-8").replace("title:", "titel:")
        path.write_text(f"{text}\n### Odd\n", encoding="utf-8")
    named = faults(texts)
    for name in (OUTCOME, FRAMEWORK, CASE):
        mine = [line for line in named if line.startswith(f"{texts / name}:")]
        assert len(mine) == 4  # key missing, key unknown, heading level, empty section


def test_two_texts_with_one_id_or_body(texts: Path) -> None:
    shutil.copy(texts / OUTCOME, texts / "case_studies" / "value.md")
    named = faults(texts)
    copy = texts / "case_studies" / "value.md"
    assert any(line.startswith(f"{copy}:1: the id is that of {texts}") for line in named)
    assert any(line.startswith(f"{copy}:13: the body is that of {texts}") for line in named)


def test_outcomes_of_the_publisher_are_outcomes_of_the_case(texts: Path) -> None:
    path = texts / CASE
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("outcomes:\n  - data\n", "outcomes:\n", 1), encoding="utf-8")
    (line,) = faults(texts)
    assert line.startswith(f"{path}:13: publisher_outcomes: 'data' is not among the outcomes")


def test_a_label_needs_the_outcomes_it_speaks_of(texts: Path) -> None:
    path = texts / CASE
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("publisher_outcomes:\n  - data\n", ""), encoding="utf-8")
    (line,) = faults(texts)
    assert line.startswith(f"{path}:14: publisher_label stands without publisher_outcomes")


@pytest.mark.parametrize(
    ("name", "content", "line", "problem"),
    [
        ("case_studies/odd.md", b"---\ntitle: caf\xe9\n---\n", 2, "not UTF-8"),
        ("case_studies/Odd Name.md", b"", 1, "cannot be an id"),
        ("case_studies/notes.txt", b"", 1, "not a text"),
        ("case_studies/empty.md", b"", 1, "no front matter"),
    ],
)
def test_a_file_that_is_no_text(
    texts: Path, name: str, content: bytes, line: int, problem: str
) -> None:
    path = texts / name
    path.write_bytes(content)
    assert any(found.startswith(f"{path}:{line}: ") and problem in found for found in faults(texts))


def test_a_file_that_cannot_be_read(texts: Path) -> None:
    (texts / "case_studies" / "gone.md").symlink_to(texts / "nowhere.md")
    (line,) = faults(texts)
    assert "gone.md:1: not readable: No such file" in line


def test_a_folder_without_outcomes(texts: Path) -> None:
    shutil.rmtree(texts / "outcomes")
    (line,) = faults(texts)
    assert line.startswith(f"{texts / 'outcomes'}:1: not readable")


def test_line_ends_and_byte_order_mark_of_windows_are_read(texts: Path) -> None:
    path = texts / CASE
    content = path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + content)
    assert load(texts, today=TODAY).case_studies[0].sections == load(TEXTS).case_studies[0].sections


def test_shipped_texts_are_whole() -> None:
    library = load()
    assert [outcome.id for outcome in library.outcomes] == TWELVE
    assert [framework.id for framework in library.frameworks] == [
        "framework-2022",
        "almanac-2023",
        "framework-2024",
        "history",
    ]
    assert len(library.case_studies) == 100


def test_every_shipped_statement_is_a_run_of_the_text_as_seen() -> None:
    for text in load().texts:
        for section in text.sections:
            seen = plain(section.body)
            found = statements(section.body)
            assert found
            assert all(statement in seen for statement in found)
            assert "".join(" ".join(found).split()) == "".join(seen.split())


def test_shipped_reading_of_the_crosswalk_is_marked_as_ours() -> None:
    text = load().get("framework-2024")
    assert text is not None
    (crosswalk,) = [section for section in text.sections if "(our reading)" in section.heading]
    lines = [line for line in statements(crosswalk.body) if "lines up with" in line]
    assert len(lines) == 12
    assert all("our reading" in line for line in lines)


def test_check_counts_the_texts() -> None:
    done = check("check", str(TEXTS))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "outcomes: 2, frameworks: 1, case studies: 1; no fault found\n"


def test_check_names_the_faults(texts: Path) -> None:
    path = texts / CASE
    path.write_text(path.read_text(encoding="utf-8").replace("year: 2023", "year: no"), "utf-8")
    done = check("check", str(texts))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{path}:8: year: 'no' cannot stand; write a year")
    assert done.stderr.count("\n") == 1


def test_check_of_no_folder(tmp_path: Path) -> None:
    done = check("check", str(tmp_path / "nowhere"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "no such folder" in done.stderr


def test_check_of_a_name_that_is_not_text(texts: Path) -> None:
    (texts / "outcomes" / os.fsdecode(b"caf\xe9.md")).write_bytes(b"")
    done = check("check", str(texts))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code"), [([], 2), (["chek"], 2), (["check", "a", "b"], 2), (["--help"], 0)]
)
def test_check_usage(arguments: list[str], code: int) -> None:
    done = check(*arguments)
    assert done.returncode == code
    assert "usage" in (done.stdout if code == 0 else done.stderr)
