"""Documents that officers and administrators bring. All of it is test data, made up."""

from __future__ import annotations

import io

from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate

from tests.documents import STYLES

PUMPS = (
    "Heat pumps in libraries",
    "Three libraries of Otherham were heated by gas until the boilers were worn out.",
    "The heat pumps cut the yearly heating bill of the three libraries by £18,400. "
    "Visitors stayed longer in winter.",
)
LENT = (
    "Laptops lent to care leavers",
    "Anytown lent 40 refurbished laptops to care leavers.",
    "Nine in ten of the laptops are still in use after a year.",
)


def paper(title: str, *pages: str) -> bytes:
    """A PDF with a paragraph on each page, the title above the first."""
    parts: list[Flowable] = [Paragraph(title, STYLES["Title"])]
    for told in pages:
        parts += [Paragraph(told, STYLES["BodyText"]), PageBreak()]
    file = io.BytesIO()
    SimpleDocTemplate(file, title=title).build(parts[:-1])
    return file.getvalue()
