"""Web pages as councils' sites write them, with all that stands around the text there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from bot.rehearsal.papers_known import TEST_DATA, Paper, Said
from bot.rehearsal.papers_prose import Prose

MEDIA = "text/html; charset=utf-8"


@dataclass
class Draft:
    """A web page as it is written: each part is HTML, and notes what it holds."""

    prose: Prose
    said: list[Said] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    furniture: list[str] = field(default_factory=list)

    def heading(self, level: int = 2) -> str:
        text = self.prose.heading()
        self.headings.append(text)
        anchor = text.split(":")[0].lower().replace(" ", "-")
        return f'<h{level} id="{anchor}-{len(self.headings)}">{escape(text)}</h{level}>\n'

    def text(self, count: int, between: str = " ") -> str:
        """Sentences, with emphasis and links within some of them."""
        told = self.prose.sentences(count)
        self.said += map(Said, told)
        return between.join(map(_marked, range(count), told))

    def paragraphs(self, count: int, each: int = 3) -> str:
        return "".join(f"<p>{self.text(each)}</p>\n" for _ in range(count))

    def items(self, count: int, tag: str = "ul") -> str:
        told = [self.prose.item() for _ in range(count)]
        self.said += map(Said, told)
        return f"<{tag}>{''.join(f'<li>{escape(one)}</li>' for one in told)}</{tag}>\n"

    def table(self, count: int, heads: tuple[str, ...] = ("Measure", "Before", "After")) -> str:
        rows = [self.prose.row(len(heads)) for _ in range(count)]
        self.rows += [heads, *rows]
        top = "".join(f'<th scope="col">{one}</th>' for one in heads)
        body = "".join(
            f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>\n" for row in rows
        )
        return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>\n"

    def around(self, text: str) -> str:
        """What stands around a text, and is to be left out."""
        told = f"{text} ({TEST_DATA})"
        self.furniture.append(told)
        return escape(told)

    def unseen(self) -> str:
        """A sentence that a reader of the page does not see."""
        told = self.prose.sentence()
        self.furniture.append(told)
        return escape(told)


def _marked(number: int, sentence: str) -> str:
    first, second, *others = sentence.split(" ")
    rest = escape(" ".join(others))
    match number % 3:
        case 1:
            return f"{first} <strong>{second}</strong> {rest}"
        case 2:
            return f'<a href="../pages/{number}.html">{first} {second}</a> {rest}'
    return escape(sentence)


def webpages(seed: str) -> list[Paper]:
    """Six of them, each with prose of its own."""
    made = (_government, _wordpress, _moderngov, _questions, _old_site, _story)
    return [_paper(make, Draft(Prose(f"{seed} {make.__name__}"))) for make in made]


def _paper(make: Callable[[Draft], str], draft: Draft) -> Paper:
    name = make.__name__[1:].replace("_", "-")
    title = f"{name.replace('-', ' ').capitalize()} ({TEST_DATA})"
    html = (
        f'<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>{title}</title>'
        "<style>.hidden { display: none }</style><script>let shown = 'never'</script></head>\n"
        f"<body>\n{make(draft)}</body></html>\n"
    )
    return Paper(
        name=f"{name}.html",
        kind="web",
        media=MEDIA,
        content=html.encode(),
        said=tuple(draft.said),
        rows=tuple(draft.rows),
        headings=tuple(draft.headings),
        furniture=tuple(draft.furniture),
    )


def _menu(draft: Draft, what: str, tag: str = "nav") -> str:
    links = "".join(
        f'<li><a href="/{number}">{draft.around(f"{what} {number}")}</a></li>'
        for number in range(6)
    )
    return f'<{tag} class="nav" aria-label="{what}"><ul>{links}</ul></{tag}>\n'


def _government(draft: Draft) -> str:
    """Written as GOV.UK writes its pages."""
    above = (
        '<div id="global-cookie-message" class="gem-c-cookie-banner govuk-cookie-banner" '
        f'role="region" aria-label="cookie banner"><p>{draft.around("We use cookies to")}</p>'
        f"<button>{draft.around('Accept cookies')}</button></div>"
        f'<a class="govuk-skip-link" href="#content">{draft.around("Skip to main content")}</a>'
        f'<header class="govuk-header" role="banner">{_menu(draft, "Menu")}</header>'
        f'<div class="govuk-breadcrumbs"><ol><li>{draft.around("Home")}</li></ol></div>'
    )
    text = "".join(
        draft.heading(2 + number % 2)
        + draft.paragraphs(2)
        + (draft.items(3) if number % 3 == 0 else "")
        + (draft.table(5) if number == 4 else "")
        for number in range(9)
    )
    beside = (
        f'<aside class="gem-c-related-navigation"><h2>{draft.around("Related content")}</h2>'
        f"{_menu(draft, 'Related')}</aside>"
    )
    below = (
        f'<div class="gem-c-feedback govuk-!-display-none-print"><h2>'
        f"{draft.around('Is this page useful')}</h2></div>"
        f'<footer class="govuk-footer"><p>{draft.around("All content is available under")}</p>'
        "</footer>"
    )
    return (
        f'{above}<main id="content" role="main" class="govuk-main-wrapper"><h1>How councils did it'
        f'</h1><div class="gem-c-govspeak govuk-govspeak"><div class="govspeak">{text}</div></div>'
        f"</main>{beside}{below}"
    )


def _wordpress(draft: Draft) -> str:
    """An entry with a sidebar of widgets, buttons to share it and a cookie notice at the end."""
    text = "".join(
        draft.heading() + draft.paragraphs(2, 4) + (draft.items(3) if number % 2 else "")
        for number in range(8)
    )
    share = "".join(f"<li>{draft.around(f'Share on {one}')}</li>" for one in ("X", "Facebook"))
    return (
        f'<div id="page" class="site"><header id="masthead" class="site-header">'
        f"{_menu(draft, 'Main menu')}</header>"
        '<div id="primary" class="content-area"><main id="main" class="site-main">'
        '<article class="post-117 post type-post hentry"><header class="entry-header">'
        '<h1 class="entry-title">What we learnt</h1></header>'
        f'<div class="entry-content">{text}</div>'
        f'<div class="sharedaddy sd-sharing"><ul>{share}</ul></div></article></main></div>'
        f'<aside id="secondary" class="widget-area"><section class="widget"><h2>'
        f"{draft.around('Recent posts')}</h2>{_menu(draft, 'Post', 'div')}</section></aside>"
        f'<footer id="colophon" class="site-footer"><div class="site-info">'
        f"{draft.around('Proudly powered by')}</div></footer></div>"
        f'<div id="cookie-notice" class="cookie-notice" role="dialog"><span>'
        f"{draft.around('This website stores')}</span><a>{draft.around('Ok, got it')}</a></div>"
    )


def _moderngov(draft: Draft) -> str:
    """A committee's page: a layout made of tables, text in their cells."""
    parts = "".join(
        f'<tr><td class="mgItemNumberCell"><p>{number}.</p></td><td class="mgItemCell">'
        f"{draft.heading(3)}{draft.paragraphs(3)}</td></tr>"
        for number in range(1, 9)
    )
    return (
        f'<div id="modgov-header" class="header">{_menu(draft, "Council", "div")}</div>'
        f'<div class="mgBreadcrumb" id="breadcrumb">{draft.around("You are here")}</div>'
        '<div id="modgov"><div class="mgContent"><h1>Decision details</h1>'
        f'<table class="mgLayoutTable"><tbody>{parts}</tbody></table>{draft.table(6)}'
        f'<div class="mgFooter mgHideFromPrint" id="footer">{draft.around("Share this item")}'
        f"</div></div></div><footer>{draft.around('Contact the council')}</footer>"
    )


def _questions(draft: Draft) -> str:
    """Questions that open when they are pressed, in both ways; a list of terms."""
    opened = "".join(
        f"<details><summary>{escape(draft.prose.heading())}</summary>{draft.paragraphs(2)}</details>"
        for _ in range(5)
    )
    folded = "".join(
        '<div class="govuk-accordion__section"><div class="govuk-accordion__section-header">'
        f'{draft.heading()}</div><div class="govuk-accordion__section-content" '
        f'role="region">{draft.paragraphs(2)}</div></div>'
        for _ in range(5)
    )
    terms = "".join(f"<dt>Term {number}</dt><dd>{draft.text(1)}</dd>" for number in range(4))
    return (
        f'<div class="cookie-consent" id="ccc">{draft.around("Your cookie preferences")}</div>'
        f"<header>{_menu(draft, 'Services')}</header><main><h1>Common questions</h1>{opened}"
        f'<div class="govuk-accordion" data-module="govuk-accordion">{folded}</div>'
        f"<dl>{terms}</dl></main><footer>{_menu(draft, 'Footer')}</footer>"
    )


def _old_site(draft: Draft) -> str:
    """An old site: no main part named, lines ended by breaks, menus of plain lists."""
    text = "".join(
        f'{draft.heading()}<div class="txt">{draft.text(4, "<br>")}<br><br>{draft.text(3)}</div>'
        for _ in range(9)
    )
    return (
        f'<div id="wrapper"><div id="top">{_menu(draft, "Online", "div")}</div>'
        f'<div id="left-nav" class="leftnav">{_menu(draft, "Section", "div")}</div>'
        f'<div id="centre"><h1>Our services</h1>{text}{draft.table(6)}</div>'
        f'<div id="footer" class="footer">{draft.around("Copyright and disclaimer")}</div></div>'
    )


def _story(draft: Draft) -> str:
    """A case study: quotes, captions, and sentences that no reader sees."""
    hidden = (
        f"<div hidden><p>{draft.unseen()}</p></div>"
        f'<p style="display:none">{draft.unseen()}</p>'
        f'<p style="visibility: hidden">{draft.unseen()}</p>'
        f"<template><p>{draft.unseen()}</p></template><noscript><p>{draft.unseen()}</p></noscript>"
        f"<!-- {draft.unseen()} -->"
    )
    text = "".join(
        draft.heading()
        + draft.paragraphs(2)
        + (f"<blockquote><p>{draft.text(1)}</p></blockquote>" if number % 2 else "")
        + (
            f'<figure><img src="../images/{number}.png" alt=""><figcaption>{draft.text(1)}'
            "</figcaption></figure>"
            if number % 3 == 0
            else ""
        )
        for number in range(9)
    )
    return (
        f"<header>{_menu(draft, 'Topics')}</header><main><article><h1>Case study</h1>{text}"
        f"{hidden}{draft.items(4, 'ol')}</article><aside><p>{draft.around('Sign up to news')}</p>"
        f"</aside></main><footer><p>{draft.around('Registered charity')}</p></footer>"
    )
