"""What Teams would refuse of cards, or show badly: its own limits, and Microsoft's renderer in a
browser, which draws each card, has its inputs filled in, and its buttons pressed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from playwright.async_api import Page

from bot.showing import address
from tests.clients.needs import MODULES
from tests.clients.pieces import Json, parts

CARD = "AdaptiveCard"
RENDERER = MODULES / "adaptivecards" / "dist" / "adaptivecards.min.js"
_LARGEST = 28 * 1024  # bytes of a message with its cards
_MOST_ACTIONS = 6
_PREVIEWS = {
    "application/vnd.microsoft.card.hero",
    "application/vnd.microsoft.card.thumbnail",
    "application/vnd.microsoft.card.adaptive",
}
_SHOWN = {"text", "label", "placeholder"}  # of elements; a choice and a button have a title
# Draws a card, fills in what is empty, presses each of its buttons.
_DRAW = """(json) => {
  const at = document.querySelector("#card");
  const context = new AdaptiveCards.SerializationContext();
  const card = new AdaptiveCards.AdaptiveCard();
  const sent = [];
  card.onExecuteAction = (action) =>
    sent.push({ type: action.getJsonTypeName(), verb: action.verb, data: action.data });
  card.parse(json, context);
  const told = (number) => context.getEventAt(number).message;
  const events = Array.from({ length: context.eventCount }, (_, number) => told(number));
  at.replaceChildren(card.render() ?? "");
  const drawn = [
    at.innerText,
    ...Array.from(at.querySelectorAll("input, textarea"), (one) => one.placeholder),
    ...Array.from(at.querySelectorAll("option"), (one) => one.textContent),
  ].join("\\n");
  const filled = { date: "2026-12-24", time: "09:30" };
  for (const one of at.querySelectorAll("input, textarea, select")) {
    if (one.type === "checkbox" || one.type === "radio") {
      const group = one.closest('[role="radiogroup"], [role="group"]') ?? one.parentElement;
      if (!group.querySelector(":checked")) one.click();
      continue;
    }
    if (!one.value) {
      one.value = one.tagName === "SELECT"
        ? [...one.options].find((option) => option.value)?.value
        : filled[one.type] ?? "x";
    }
    for (const kind of ["input", "change"]) one.dispatchEvent(new Event(kind, { bubbles: true }));
  }
  for (const one of at.querySelectorAll(".ac-pushButton")) one.click();
  return { events, drawn, sent };
}"""


async def renderer(page: Page) -> None:
    """Have Microsoft's renderer in a page."""
    await page.set_content('<!doctype html><meta charset="utf-8"><div id="card"></div>')
    await page.add_script_tag(path=RENDERER)


async def drawn_faults(page: Page, card: Json) -> list[str]:
    """What is wrong with a card as the renderer in this page reads and draws it."""
    seen: Json = await page.evaluate(_DRAW, without_own(card))
    wrong = [f"the renderer says: {event}" for event in seen["events"]]
    words = _flat(str(seen["drawn"]))
    wrong += [f"not drawn: {text!r:.80}" for text in texts(card) if _flat(text) not in words]
    return wrong + _unsent(card, seen["sent"])


def faults(payload: object) -> list[str]:
    """What Teams' own limits have against a message, a card, or what a search found."""
    wrong = []
    size = len(json.dumps(payload, ensure_ascii=False).encode(errors="replace"))
    if size > _LARGEST:
        wrong.append(f"{size} bytes, {_LARGEST} go into a message")
    for part in parts(payload):
        wrong += _offered(part)
        wrong += _asked(part)
        wrong += _previewed(part)
    for card in cards(payload):
        wrong += _of_card(card)
    return wrong


def cards(payload: object) -> Iterator[Json]:
    """Every card in it."""
    return (part for part in parts(payload) if part.get("type") == CARD)


def without_own(card: Json) -> Json:
    """A card without what Teams alone knows, and no schema does."""
    return {name: value for name, value in card.items() if name != "msteams"}


def texts(card: Json) -> Iterator[str]:
    """Every text that a reader is to see."""
    for part in parts({"body": card.get("body"), "actions": card.get("actions")}):
        known = _SHOWN | ({"title"} if "type" not in part or _is_action(part) else set())
        yield from (str(part[name]) for name in known & part.keys() if str(part[name]).strip())


def _unsent(card: Json, sent: Sequence[Json]) -> list[str]:
    """Buttons that do not send what they hold with all that was filled in."""
    wanted = [one for one in card.get("actions", []) if one["type"] != "Action.OpenUrl"]
    asked = {str(part["id"]) for part in parts(card.get("body")) if _is_input(part)}
    sent = [one for one in sent if one["type"] != "Action.OpenUrl"]
    if len(sent) != len(wanted):
        return [f"{len(sent)} of {len(wanted)} buttons sent anything"]
    wrong = []
    for action, told in zip(wanted, sent, strict=True):
        same = action["type"] == told["type"] and action.get("verb", "") == (told.get("verb") or "")
        data: Json = told["data"] or {}
        held = (action.get("data") or {}).items() <= data.items()
        if not (same and held and asked <= data.keys()):
            wrong.append(f"{action.get('title')!r} does not send what it is to")
    return wrong


def _of_card(card: Json) -> Iterator[str]:
    if card.get("version") not in ("1.2", "1.3", "1.4", "1.5"):
        yield f"Teams does not know version {card.get('version')}"
    ids = [part["id"] for part in parts(card.get("body")) if part.get("id")]
    if len(ids) != len(set(ids)):
        yield "two elements have one id"
    if not str(card.get("fallbackText", "")).strip():
        yield "there are no words for who sees no card"


def _offered(part: Json) -> Iterator[str]:
    actions = part.get("actions") or []
    if len(actions) > _MOST_ACTIONS:
        yield f"{len(actions)} buttons, Teams draws {_MOST_ACTIONS}"
    for one in actions:
        if isinstance(one, dict) and not str(one.get("title", "")).strip():
            yield "a button has no words"
    if part.get("type") == "Action.OpenUrl" and not address(str(part.get("url"))):
        yield f"{part.get('url')!r:.80} is no address to open"


def _asked(part: Json) -> Iterator[str]:
    if not _is_input(part):
        return
    if not part.get("id") or not str(part.get("label", "")).strip():
        yield "an input has no id or no label"
    if part.get("isRequired") and not part.get("errorMessage"):
        yield "an input that must be filled in does not say so"
    if part["type"] == "Input.ChoiceSet":
        values = [str(one["value"]) for one in part.get("choices", [])]
        at_first = [one for one in str(part.get("value", "")).split(",") if one]
        if len(values) != len(set(values)) or any("," in one for one in values):
            yield "the choices of an input cannot be told apart"
        if not set(at_first) <= set(values):
            yield "an input begins with what is none of its choices"


def _previewed(part: Json) -> Iterator[str]:
    """A search's results are shown by their previews."""
    if part.get("type") != "result" or "attachments" not in part:
        return
    for one in part["attachments"]:
        preview = one.get("preview") or {}
        title = (preview.get("content") or {}).get("title", "")
        if preview.get("contentType") not in _PREVIEWS or not str(title).strip():
            yield "a result has no preview with a title"


def _is_action(part: Json) -> bool:
    return str(part.get("type", "")).startswith("Action.")


def _is_input(part: Json) -> bool:
    return str(part.get("type", "")).startswith("Input.")


def _flat(text: str) -> str:
    return " ".join(text.split())
