"""What whoever installs the app in a workspace reads: one plain page for each way it can go."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from string import Template

from bot.slack.manifest import INSTALLED_AT

_HTML = Template("""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>$title</title>
<style>
:root { color-scheme: light dark; }
body {
  max-width: 40rem;
  margin: 0 auto;
  padding: 1.5rem 1rem 4rem;
  background: light-dark(#f5f6f2, #12181a);
  color: light-dark(#182326, #e6e8e3);
  font: 1.0625rem/1.6 -apple-system, "Segoe UI", Roboto, "Noto Sans", Ubuntu, Arial, sans-serif;
  overflow-wrap: break-word;
}
h1 { font-size: 1.75rem; line-height: 1.25; }
a { color: light-dark(#0c6268, #7fd0d6); }
a.button {
  display: inline-block;
  padding: 0.6rem 1.2rem;
  border-radius: 0.3rem;
  background: #0c6268;
  color: #fff;
  text-decoration: none;
}
a:focus-visible { outline: 3px solid light-dark(#182326, #e6e8e3); outline-offset: 3px; }
</style>
</head>
<body>
<main>
<h1>$title</h1>
$body
</main>
</body>
</html>
""")

_AGAIN = (INSTALLED_AT, "Begin again")


@dataclass(frozen=True, slots=True)
class Page:
    """A title, paragraphs in plain text, and a link with its label, "" for none."""

    status: int
    title: str
    paragraphs: tuple[str, ...]
    link: str = ""
    label: str = ""

    def html(self) -> str:
        told = [f"<p>{escape(one)}</p>" for one in self.paragraphs]
        if self.link:
            led = f'<a class="button" href="{escape(self.link)}">{escape(self.label)}</a>'
            told.append(f"<p>{led}</p>")
        return _HTML.substitute(title=escape(self.title), body="\n".join(told))


def offer(url: str) -> Page:
    """Where it begins; `url` is Slack's own page, on which permission is given."""
    return Page(
        200,
        "Install the Outcomes assistant in Slack",
        (
            "It answers council officers' questions about the twelve digital outcomes and about "
            "what councils did, in sentences quoted from published texts.",
            "It can be installed only in workspaces that whoever runs it has named. What it may do "
            "is on Slack's next page. Nothing is kept before you allow it there.",
        ),
        url,
        "Go on to Slack",
    )


def installed(name: str) -> Page:
    """It is there."""
    told = "Open Outcomes in the list of apps there, or write /outcomes help in any channel."
    return Page(200, f"Installed in {name}", (told,))


def not_named(team: str) -> Page:
    """The workspace is not on the list."""
    return Page(
        403,
        "Not installed: this workspace is not on the list",
        (
            "Whoever runs the assistant names the workspaces that may use it, and has not named "
            "yours. Nothing was kept.",
            f"To have it named, tell them the id of your workspace: {team}. Then begin again.",
        ),
        *_AGAIN,
    )


STALE = Page(
    400,
    "Not installed: please begin again",
    (
        "From the first page to Slack's answer you have ten minutes, in one browser, and each "
        "beginning can be used once. Nothing was kept.",
    ),
    *_AGAIN,
)
DECLINED = Page(
    200, "Not installed", ("You did not allow it in Slack, so nothing was kept.",), *_AGAIN
)
FAILED = Page(
    502,
    "Not installed: Slack did not complete it",
    (
        "Nothing was kept. Begin again in a minute. If it goes the same way, whoever runs the "
        "assistant finds the reason in its log.",
    ),
    *_AGAIN,
)
NOT_KEPT = Page(
    503,
    "Not installed: it could not be kept",
    (
        "Slack has allowed it, but it could not be noted here. Begin again in a minute; until then "
        "the assistant does not answer in your workspace.",
    ),
    *_AGAIN,
)
WHOLE_ORGANISATION = Page(
    403,
    "Not installed: please choose one workspace",
    (
        "It was to be installed in a whole organisation. Each workspace has data of its own, so "
        "install it in each that is to use it. Nothing was kept.",
    ),
    *_AGAIN,
)
ROTATING = Page(
    502,
    "Not installed: the app's tokens end after hours",
    (
        "Token rotation is turned on for this Slack app, which the assistant cannot use. Whoever "
        "runs it must make the app anew with token rotation off, which Slack never turns off "
        "again. Nothing was kept.",
    ),
)
BUSY = Page(
    429,
    "Not installed: too many at once",
    ("The app is being installed too often at this moment. Nothing was kept. Wait a minute.",),
    *_AGAIN,
)
BEING_ERASED = Page(
    503,
    "Not installed: what your workspace left is still being erased",
    (
        "The app was taken out of it a moment ago, and all that was held of it is being erased. "
        "Nothing was kept now. Begin again in three minutes. If it goes the same way then, whoever "
        "runs the assistant finds the reason in its log.",
    ),
    *_AGAIN,
)
# What became of what Slack gave where nothing was kept.
TAKEN_BACK = "What you allowed in Slack was taken back."
AS_BEFORE = "The app was installed there before. That installation stays as it was."
STILL_ALLOWED = (
    "What you allowed in Slack could not be taken back: remove the app there, under Manage apps."
)
