"""Documents read: what stands in them, in order, on which page, and nothing else."""

from __future__ import annotations

import gzip
from datetime import datetime

import pytest

from indexer.parsing import Limits, Link, Parsed, Sandbox, Unreadable
from indexer.parsing.document import Document, told_day
from indexer.parsing.pdf import read as read_pdf
from tests import documents
from tests.documents import PAGE, columns, drawn, letter, report, scan, sheets, slides, told


def lines(parsed: Parsed) -> list[str]:
    return [line for section in parsed.sections for line in section.body.split("\n")]


def test_a_pdf_is_read_page_by_page(sandbox: Sandbox) -> None:
    parsed = sandbox.read(report(), "report.pdf")
    assert (parsed.title, parsed.pages, parsed.published) == (
        "Annual report of Anytown",
        3,
        "2024-03-12",
    )
    assert parsed.notes == ()
    assert [(one.heading, one.page) for one in parsed.sections] == [
        ("Annual report of Anytown", 1),
        ("1. Waste collection", 1),
        ("1. Waste collection", 2),
        ("2. What it cost", 2),
        ("3. What comes next", 3),
    ]
    assert all(section.literal for section in parsed.sections)
    first, second = parsed.sections[1:3]
    sentences = [f"{one}." for one in told(0, 77).removesuffix(".").split(". ")]
    assert [*first.statements, *second.statements] == sentences  # one of them runs over the page
    assert first.statements
    assert second.statements


def test_running_lines_of_a_pdf_are_dropped_and_its_tables_are_readable(sandbox: Sandbox) -> None:
    parsed = sandbox.read(report(), "report.pdf")
    assert parsed.sections[3].body.split("\n") == [
        "Saved 12 hours a week",
        "Answered 300 calls",
        "Service: Bins; Cost: £20; Saving: 3%.",
        "Service: Parks; Saving: 12%.",
    ]
    assert "cabinet" not in str(parsed)
    assert "Page 2" not in str(parsed)


def test_columns_are_read_one_after_the_other_and_broken_words_are_whole(sandbox: Sandbox) -> None:
    parsed = sandbox.read(drawn(columns), "two-columns.pdf")
    assert parsed.sections[0].statements == (
        "The pilot in Anytown had an implementation of eight weeks.",
        "Then it went on in Otherham as the council had hoped.",
    )
    assert parsed.title == "Two columns"


def test_scanned_pages_are_named(sandbox: Sandbox) -> None:
    parsed = sandbox.read(drawn(columns, scan, scan), "appendix.pdf")
    assert parsed.notes == ("2 of 3 pages hold no text",)
    with pytest.raises(Unreadable, match="only pictures of its pages"):
        sandbox.read(drawn(scan), "scan.pdf")


def test_what_pdfium_cannot_open_pypdf_reads() -> None:
    parsed = read_pdf(Document(report(), "report.pdf", "", Limits(), careful=True))
    assert parsed.pages == 3
    assert {section.page for section in parsed.sections} == {1, 2, 3}
    assert any("Otherham will do the same." in section.body for section in parsed.sections)


def test_word_is_read_as_it_is_seen(sandbox: Sandbox) -> None:
    parsed = sandbox.read(letter(), "letter.docx")
    assert (parsed.title, parsed.published, parsed.pages) == ("How Anytown did it", "2023", 0)
    assert [(one.heading, one.body) for one in parsed.sections] == [
        ("", "March 2023"),
        (
            "What happened",
            "The form took 20 minutes. Now it takes two.\nLess paper\nStep: Decision; Days: 7.",
        ),
        ("What comes next", "It stays and grows"),
    ]


def test_slides_are_sections_with_their_number(sandbox: Sandbox) -> None:
    parsed = sandbox.read(slides(), "talk.pptx")
    assert parsed.pages == 3
    assert [(one.heading, one.page, one.body) for one in parsed.sections] == [
        ("Slide about step 1", 1, "Step 1 was easy."),
        ("Slide about step 3", 3, "Step 3 was easy.\nTeam: Bins; Days: 4."),
    ]


def test_sheets_are_sections_and_rows_are_lines(sandbox: Sandbox) -> None:
    parsed = sandbox.read(sheets(), "savings.xlsx")
    assert [(one.heading, one.body) for one in parsed.sections] == [
        ("Savings", "Savings by service\nService: Bins; Saving: £20,000; Share: 12.5%.")
    ]


def test_a_web_page_is_read_without_what_stands_around_it(sandbox: Sandbox) -> None:
    parsed = sandbox.read(PAGE.encode(), "https://anytown.example/waste?a=1", "text/html")
    assert parsed.title == "How bins are collected"
    assert (parsed.url, parsed.published) == ("https://anytown.example/bins", "2023-05-04")
    assert [(one.heading, one.anchor, one.body) for one in parsed.sections] == [
        (
            "How bins are collected",
            "",
            "Anytown collects bins each week.\nOtherham does it each month.",
        ),
        (
            "What it cost",
            "cost",
            "It cost nothing at all.\nYear: 2022; Bins: 4,000.\nWho did it\nThe waste team did it.",
        ),
    ]


def test_the_text_of_a_page_that_does_not_mark_it_is_found(sandbox: Sandbox) -> None:
    page = PAGE.replace("<main>", '<div class="c12"><div>').replace("</main>", "</div></div>")
    long = "".join(f"<p>{told(place, place + 3)}</p>" for place in range(0, 30, 3))
    page = page.replace("<h2", f"{long}<h2").replace(
        "<aside>", "<div><ul><li><a>Parks</a></li></ul>"
    )
    parsed = sandbox.read(page.replace("</aside>", "</div>").encode(), "page.html")
    assert len([line for line in lines(parsed) if line.startswith("Officers")]) == 10
    assert "Hidden" not in str(parsed)
    assert "cookies" not in str(parsed)


def test_a_page_that_names_another_host_as_its_own_is_not_believed(sandbox: Sandbox) -> None:
    page = PAGE.replace('href="/bins#top"', 'href="https://otherham.example/bins"')
    assert sandbox.read(page.encode(), "https://anytown.example/waste", "text/html").url == ""


def test_markdown_is_read_without_its_marks(sandbox: Sandbox) -> None:
    text = (
        "---\ntitle: Bins\ndate: 2022-03-04\n---\n# How **bins** go\n\nOne line\ngoes on.\n\n"
        "- an [item](javascript:x)\n- another\n\n## Cost\n\n| A | B |\n|---|---|\n| 1 | 2 |\n"
        "<script>alert('no')</script>\n"
    )
    parsed = sandbox.read(text.encode(), "bins.md")
    assert (parsed.title, parsed.published) == ("Bins", "2022-03-04")
    assert [(one.heading, one.body) for one in parsed.sections] == [
        ("How bins go", "One line goes on.\nan item\nanother"),
        ("Cost", "A: 1; B: 2."),
    ]


def test_what_a_program_kept_is_worth_a_year_and_a_template_nothing(sandbox: Sandbox) -> None:
    """A text's own day goes before that of its file."""
    days = None, datetime(2024, 3, 4), datetime(2098, 1, 1)
    made = map(documents.note, days)
    assert [sandbox.read(one, "note.docx").published for one in made] == ["", "2024", ""]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("March 2024", "2024"),
        ("12 March 2024. Version 2 of the strategy.", "2024-03-12"),
        ("March 2024 was wet.", ""),
        ("The council met. March 2024.", ""),
    ],
)
def test_a_line_that_begins_with_a_day_alone_tells_the_day(line: str, day: str) -> None:
    assert told_day(line) == day


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_plain_text_is_read_in_whatever_it_is_encoded(sandbox: Sandbox, coding: str) -> None:
    text = "Café of Anytown\n\nIt cost £3\nin “all”.\n"
    parsed = sandbox.read(text.encode(coding), "cafe.txt")
    assert parsed.title == "Café of Anytown"
    assert lines(parsed) == ["It cost £3 in “all”."]


def test_nothing_unseen_is_kept_and_nothing_looks_like_our_citations(sandbox: Sandbox) -> None:
    text = (
        "It is so [1], said \u202eAnytown\u202c \u200b[2]; of\ufb01cers ［3］【4】 [5, 6] agree.\n"
        "\nZero\u200bwidth, so\u00adft, e\u0301 and [not a mark]. "
        "Go to javascript:alert(1) now\x07.\n"
    )
    assert lines(sandbox.read(text.encode(), "a.txt")) == [
        "It is so (1), said Anytown (2); officers (3)(4) (5, 6) agree.",
        "Zerowidth, soft, é and [not a mark]. Go to now.",
    ]


SITEMAP = (
    b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url>'
    b"<loc>https://anytown.example/a</loc><lastmod>2024-01-02</lastmod></url>"
    b"<url><loc>javascript:alert(1)</loc></url></urlset>"
)
ONE = Link("https://anytown.example/a", "2024-01-02")


@pytest.mark.parametrize("packed", [SITEMAP, gzip.compress(SITEMAP, mtime=0)])
def test_links_of_a_sitemap(sandbox: Sandbox, packed: bytes) -> None:
    assert sandbox.links(packed, "https://anytown.example/sitemap.xml") == (ONE,)


@pytest.mark.parametrize(
    ("content", "link"),
    [
        (
            b"<sitemapindex><sitemap><loc>https://anytown.example/s.xml</loc></sitemap></sitemapindex>",
            Link("https://anytown.example/s.xml", index=True),
        ),
        (
            b"<rss><channel><link>https://anytown.example/</link><item><link>/a</link>"
            b"<pubDate>Tue, 02 Jan 2024</pubDate></item></channel></rss>",
            Link("https://anytown.example/a", "Tue, 02 Jan 2024"),
        ),
        (
            b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link rel="self" href="/x"/>'
            b'<link href="https://anytown.example/a"/><updated>2024-01-02</updated></entry></feed>',
            ONE,
        ),
    ],
)
def test_links_of_an_index_and_of_feeds(sandbox: Sandbox, content: bytes, link: Link) -> None:
    assert sandbox.links(content, "https://anytown.example/feed") == (link,)


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (report(password="secret"), "a.pdf", "^protected by a password$"),
        (b"<html><body>Not found</body></html>", "a.pdf", "^not a PDF although it is named so"),
        (report()[:400], "a.pdf", "damaged"),
        (letter()[:-600], "a.docx", "damaged"),
        (b"", "a.txt", "^empty$"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a.png", "of a kind that cannot be read; these can: PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.doc", "old Office format"),
        (b"GIF89a" + bytes(20), "a.txt", "of a kind that cannot be read"),
        (b"<html><body><script>x</script></body></html>", "a.html", "holds no text"),
    ],
)
def test_what_cannot_be_read_says_why(
    sandbox: Sandbox, content: bytes, name: str, reason: str
) -> None:
    with pytest.raises(Unreadable, match=reason):
        sandbox.read(content, name)


def test_a_kind_is_told_by_its_bytes(sandbox: Sandbox) -> None:
    for content in (report(), letter(), slides(), sheets()):
        assert sandbox.read(content, "download.aspx", "application/octet-stream").sections
    assert sandbox.read(documents.PAGE.encode(), "https://anytown.example/p").sections
