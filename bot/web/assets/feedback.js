// Whether an answer helped: two buttons under it, and why it did not, if the reader wants to say.

import { announce, button, element, shape, unseen } from "./element.js";
import { formParts } from "./forms.js";
import { request, Unanswered } from "./requests.js";

const THUMB = "M7.5 11 11 3.5a2.4 2.4 0 0 1 2.4 2.4V9.5h4.9a1.9 1.9 0 0 1 1.9 2.2l-1.1 7a1.9 1.9 0 0 1-1.9 1.6H7.5ZM3.5 11h4v9.3h-4Z";
const VERDICTS = {
  up: { words: "This helped", request: (name) => ({ action: "helped", value: name }) },
  down: { words: "This did not help", request: (name) => ({ action: "open", value: `wrong:${name}` }) },
};
const WRONG = ["invalid", "failed", "declined"];
const turns = new WeakMap(); // of each exchange, so that its last word is heard last

/** The buttons, with what was answered to them. `doing` holds signed(request), which makes a request
    the reader's, and keep(), which hears of each change. */
export function feedbackRow(exchange, doing) {
  const id = rowId(exchange);
  const thumbs = Object.entries(VERDICTS).map(([verdict, { words }]) =>
    button(`thumb ${verdict}`, () => press(exchange, verdict, doing), thumb(), unseen(words)),
  );
  const question = element("span", { id: `${id}-question` }, "Did this help?");
  const row = element(
    "div",
    { class: "feedback", id },
    element("div", { class: "thumbs", role: "group", "aria-labelledby": question.id }, question, ...thumbs),
    element("p", { class: "note" }),
    element("div", { class: "why" }),
  );
  draw(row, exchange, doing);
  return row;
}

function rowId(exchange) {
  return `feedback-${exchange.id}`;
}

function thumb() {
  const hand = shape("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" });
  hand.append(shape("path", { d: THUMB }));
  return hand;
}

function press(exchange, verdict, doing) {
  const said = { type: "pressed", ...VERDICTS[verdict].request(exchange.reply.feedback) };
  document.getElementById(rowId(exchange)).querySelector(`.${verdict}`).focus(); // Safari does not
  rate(exchange, said, { verdict, values: exchange.rated?.values }, doing);
}

function explain(exchange, values, doing) {
  const { verdict, form } = exchange.rated;
  const said = { type: "submitted", form: form.id, key: form.key, values };
  rate(exchange, said, { verdict, values }, doing);
}

/** Have it said. It stands at once, and goes back to what was `heard` before if it cannot be. */
function rate(exchange, said, rated, doing) {
  change(exchange, rated, doing);
  const whole = doing.signed(said);
  const answered = async () => {
    const { wrong, ...found } = await answerTo(whole);
    if (!wrong) exchange.heard = { ...rated, ...found };
    if (exchange.rated !== rated) return; // another word was said meanwhile
    const { values } = rated;
    change(exchange, wrong ? { ...exchange.heard, values, wrong, ...found } : exchange.heard, doing);
    announce(found.note);
    reach(exchange);
  };
  turns.set(exchange, Promise.resolve(turns.get(exchange)).then(answered));
}

/** What is to be read of the answer: its words, its form, and whether it went `wrong`. */
async function answerTo(said) {
  try {
    const { body: note, form, status } = await request(said);
    return form ? { note, form } : { note, wrong: WRONG.includes(status) };
  } catch (error) {
    const unheard = error instanceof Unanswered;
    return { note: unheard ? error.message : "That could not be noted. Try again.", wrong: true };
  }
}

function change(exchange, rated, doing) {
  exchange.rated = rated;
  doing.keep();
  const row = document.getElementById(rowId(exchange));
  if (!row) return; // shown when its thread is opened again
  const held = row.querySelector(".why").contains(document.activeElement);
  draw(row, exchange, doing);
  if (held) row.querySelector(`.${rated.verdict}`).focus();
}

function draw(row, exchange, doing) {
  const { verdict = "", note = "", wrong = false, form } = exchange.rated ?? {};
  for (const one of Object.keys(VERDICTS)) {
    row.querySelector(`.${one}`).setAttribute("aria-pressed", String(one === verdict));
  }
  const said = row.querySelector(".note");
  said.textContent = note;
  said.classList.toggle("fault", wrong);
  row.querySelector(".why").replaceChildren(...(form ? [whyForm(exchange, doing)] : []));
}

/** The form that asks why. What is half written in it is kept with the exchange. */
function whyForm(exchange, doing) {
  const { form, values = {} } = exchange.rated;
  const id = `${rowId(exchange)}-why`;
  const close = () => {
    exchange.heard = { ...exchange.rated, form: null };
    change(exchange, exchange.heard, doing);
  };
  const past = { before: values, leave: "Close" };
  const parts = formParts(id, form, past, { submit: (sent) => explain(exchange, sent, doing), close });
  parts.body.addEventListener("input", () => {
    exchange.rated.values = parts.values();
    doing.keep();
  });
  parts.body.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault(); // the thread stays open
    close();
  });
  parts.body.setAttribute("aria-labelledby", `${id}-title`);
  return parts.body;
}

/** Bring what came into view, and go to a form, unless the reader has gone elsewhere meanwhile. */
function reach(exchange) {
  const row = document.getElementById(rowId(exchange));
  if (!row?.contains(document.activeElement)) return;
  row.querySelector("textarea, input, select")?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}
