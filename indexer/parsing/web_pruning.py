"""What of a web page is not read: what nobody sees, and what stands around its text."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

# Nothing of these is text of the page.
_DROPPED = frozenset(
    "script style template noscript nav aside footer form dialog button select option datalist "
    "textarea input iframe frame object embed applet svg math canvas audio video map head link "
    "meta menu".split()
)
_ROLES = frozenset(
    "navigation banner contentinfo complementary search dialog alertdialog menu menubar "
    "toolbar tooltip".split()
)
# Parts that hold the text itself, whatever their class or id says.
_KEPT = frozenset("html body main article section h1 h2 h3 h4 h5 h6 a li p td th tr".split())
# Words of a class, and of an id, that name what stands around a text.
_AROUND = frozenset(
    "cookie cookies consent gdpr breadcrumb breadcrumbs share sharing skip skiplink "
    "pagination pager newsletter sidebar feedback phase masthead footer nav navbar menu".split()
)
_AROUND_ID = frozenset(("cookie", "consent", "breadcrumb", "breadcrumbs", "sidebar", "footer"))
_AROUND_MOST = 3000  # characters; what is longer is more than that
_UNSEEN = frozenset(
    "visually-hidden visuallyhidden sr-only screen-reader-text element-invisible "
    "govuk-visually-hidden hidden d-none".split()
)
_HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0*\.?0+\s*(?:[;!}]|$)"
    r"|font-size\s*:\s*0*\.?0+(?:px|pt|em|rem|%)?\s*(?:[;!}]|$)|font-size\s*:\s*[01](?:\.\d+)?p[xt]"
    r"|(?:left|right|top|bottom|text-indent|margin(?:-\w+)?)\s*:\s*-\d{3,}(?:\.\d+)?"
    r"(?:px|pt|em|rem|vw|vh|%)"
    r"|(?:left|top|text-indent|margin-\w+)\s*:\s*-\d{2,}(?:em|rem)"
    r"|translate[xy]?\(\s*-\d{3,}|scale\(\s*0\s*[,)]"
    r"|clip\s*:\s*rect\(\s*0|clip\s*:\s*rect\(\s*1px|clip-path\s*:\s*inset\(\s*(?:50|100)%"
    r"|color\s*:\s*transparent",
    re.I,
)
_FLAT = re.compile(r"(?:^|[;\s])(?:max-)?(?:height|width)\s*:\s*[01](?:px)?\s*(?:[;!]|$)", re.I)
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_MEDIA = re.compile(r"@[^{};]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_SELECTOR = re.compile(r"(?:[a-z]\w*)?([.#])([\w-]+)")


def pruned(page: HtmlElement) -> None:
    """Takes it out of the page."""
    hidden = _hiding(page)
    for element in list(page.iter()):
        if not isinstance(element.tag, str) or (
            element.tag not in ("html", "body") and (_unseen(element, hidden) or _around(element))
        ):
            _dropped(element)


def _dropped(element: HtmlElement) -> None:
    """With what is in it; what follows it stays, a blank apart."""
    if (parent := element.getparent()) is None:
        return
    if element.tail:
        before = element.getprevious()
        apart = "" if element.tag in _INLINE else " "
        if before is not None:
            before.tail = f"{before.tail or ''}{apart}{element.tail}"
        else:
            parent.text = f"{parent.text or ''}{apart}{element.tail}"
    parent.remove(element)


_INLINE = frozenset(("span", "a", "b", "i", "em", "strong", "small", "sup", "sub"))


def _unseen(element: HtmlElement, hidden: frozenset[str]) -> bool:
    if (
        element.get("hidden", "until-found") != "until-found"
        or element.get("aria-hidden") == "true"
    ):
        return True
    named = {f".{name}" for name in element.get("class", "").split()} | {f"#{element.get('id')}"}
    if not named.isdisjoint(hidden):
        return True
    return hides(element.get("style", ""))


def hides(style: str) -> bool:
    """Whether declarations of CSS make that nobody sees what they are of."""
    if not style:
        return False
    style = _COMMENT.sub("", style)
    return bool(_HIDES.search(style)) or ("overflow" in style and bool(_FLAT.search(style)))


def _hiding(page: HtmlElement) -> frozenset[str]:
    """The classes and ids that hide, by their usual names or by the page's own styles."""
    found = {f".{name}" for name in _UNSEEN}
    for element in page.iter("style"):
        sheet = _MEDIA.sub("", _COMMENT.sub("", element.text or ""))
        for selectors, declared in _RULE.findall(sheet):
            if hides(declared):
                parts = map(_SELECTOR.fullmatch, map(str.strip, selectors.split(",")))
                found.update(part[1] + part[2] for part in parts if part)
    return frozenset(found)


def _around(element: HtmlElement) -> bool:
    if element.tag in _DROPPED or element.get("role") in _ROLES:
        return True
    if element.tag in _KEPT or next(element.iter("h1"), None) is not None:
        return False
    if element.tag == "header":
        return not any(
            above.tag in ("main", "article", "section") for above in element.iterancestors()
        )
    if _AROUND.isdisjoint(_words(element, "class")) and _AROUND_ID.isdisjoint(
        _words(element, "id")
    ):
        return False
    return len(element.text_content()) <= _AROUND_MOST


def _words(element: HtmlElement, name: str) -> list[str]:
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", element.get(name, ""))
    return re.split(r"[\W_]+", parted.lower())
