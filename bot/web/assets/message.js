// One exchange as the thread shows it: what the reader said, then the answer with its parts.

import { answerBody } from "./answer.js";
import { announce, button, element } from "./element.js";
import { feedbackRow } from "./feedback.js";
import { linking } from "./links.js";
import { nameOf } from "./people.js";
import { showSource, sourceList, stands } from "./sources.js";
import { spreadPicture } from "./spread.js";
import { emblem, twelve } from "./twelve.js";

const STANDING = {
  unsure: "Not sure",
  clarify: "A question back",
  declined: "Outside what I know",
  invalid: "Not done",
};

/** `doing` holds what its buttons do: press(action), fill(), retry(), edit(), mark(). For what is
    said of its answer, signed(request) makes that the reader's, and keep() keeps it. */
export function exchangeItem(exchange, doing) {
  const item = element("li", { class: "exchange", id: `exchange-${exchange.id}` });
  if (!isUnasked(exchange)) item.append(saidArticle(exchange, doing));
  item.append(answerArticle(exchange, doing));
  return item;
}

/** Whether nobody asked for it: a message to a person, or a post for everyone in the channel. */
export function isUnasked(exchange) {
  return exchange.request.type === "message" || isPost(exchange);
}

export function isPost({ request }) {
  return request.type === "post";
}

/** "Private message to Colleague", or "Posted in this channel". */
export function unaskedName(exchange) {
  if (isPost(exchange)) return "Posted in this channel";
  return `Private message to ${nameOf(exchange.request.as)}`;
}

/** The person who said what an exchange begins with, and what stands beside the name. */
export function saidBy({ request }, ...beside) {
  return byline(nameOf(request.as), element("span", { class: "test" }, "test person"), ...beside);
}

/** The assistant, what kind of answer it is, and what stands beside that. */
export function answeredBy(exchange, ...beside) {
  const { reply, request } = exchange;
  const notes = isUnasked(exchange)
    ? [unaskedName(exchange)]
    : [STANDING[reply?.status], reply?.private && `Only ${nameOf(request.as)} can see this`];
  const shown = notes.filter(Boolean).map((note) => element("span", { class: "standing" }, note));
  return byline("Outcomes assistant", ...shown, ...beside);
}

function byline(name, ...beside) {
  return element("p", { class: "byline" }, element("span", { class: "author" }, name), ...beside);
}

/** The button that has a message registered as a project; commands and presses are none. */
export function markButton(exchange, mark) {
  return exchange.request.type === "asked" && button("mark", mark, "Tag as a project");
}

export function clock(at) {
  const moment = new Date(at);
  const shown = moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  return element("time", { datetime: moment.toISOString() }, shown);
}

/** The answer as someone would paste it into an e-mail. */
export function copyText(reply) {
  const sources = reply.citations.map((found) =>
    [[`[${found.number}] ${found.title}`, ...stands(found)].join(", "), found.url]
      .filter(Boolean)
      .join("\n"),
  );
  return [reply.text, ...(sources.length ? [`Sources\n${sources.join("\n")}`] : [])].join("\n\n");
}

function saidArticle(exchange, doing) {
  return element(
    "article",
    { class: "said", "aria-label": nameOf(exchange.request.as) },
    saidBy(exchange, clock(exchange.at), markButton(exchange, doing.mark)),
    element("p", { class: "words" }, exchange.said),
  );
}

function answerArticle(exchange, doing) {
  const { reply, fault } = exchange;
  const state = reply ? "answered" : fault ? "failed" : "thinking";
  const unasked = isUnasked(exchange);
  const by = answeredBy(exchange, unasked && clock(exchange.at));
  const inside = element("div", { class: "inside" }, by);
  if (reply) inside.append(...replyParts(exchange, doing));
  else if (fault) inside.append(...faultParts(fault, doing));
  else inside.append(element("p", { class: "waiting" }, "Looking through the texts…"));
  return element(
    "article",
    { class: `answer ${state}`, "aria-label": unasked ? unaskedName(exchange) : "Outcomes assistant" },
    element("div", { class: "face" }, face(reply)),
    inside,
  );
}

/** The assistant's mark, or, where its answer touches outcomes, those among the twelve. */
function face(reply) {
  return reply?.outcomes.length ? twelve(reply.outcomes.map((outcome) => outcome.id)) : emblem();
}

function faultParts(fault, doing) {
  return [
    element("p", { class: "trouble" }, fault),
    element(
      "div",
      { class: "actions" },
      button("action", doing.retry, "Retry"),
      doing.edit && button("action", doing.edit, "Edit"),
    ),
  ];
}

function replyParts(exchange, doing) {
  const { reply } = exchange;
  const { body, link, listed } = linking(reply);
  const known = new Set(listed.map((found) => found.number));
  const follow = (number) => showSource(exchange.id, number);
  return [
    answerBody(body, { known, follow, link }),
    reply.spread && spreadPicture(reply.spread),
    listed.length > 0 && sourceList(exchange.id, listed),
    (reply.outcomes.length > 0 || reply.councils.length > 0) && closing(reply),
    buttons(exchange, doing),
    reply.feedback && feedbackRow(exchange, doing),
  ].filter(Boolean);
}

function closing(reply) {
  const chips = reply.outcomes.map((outcome) =>
    element(
      "li",
      { class: outcome.judged ? "chip judged" : "chip" },
      twelve([outcome.id]),
      element("span", {}, outcome.name, outcome.judged && element("small", {}, " (our reading)")),
    ),
  );
  return element(
    "div",
    { class: "closing" },
    chips.length > 0 && element("ul", { class: "chips", "aria-label": "Outcomes" }, ...chips),
    reply.councils.length > 0 && councils(reply.councils),
  );
}

function councils(names) {
  return element("p", { class: "councils" }, element("b", {}, "Councils"), ` ${names.join(", ")}`);
}

function buttons(exchange, doing) {
  const { reply } = exchange;
  const { form } = reply;
  const row = reply.actions.map((one) => button("action", () => doing.press(one), one.label));
  if (form) row.push(button("action main", doing.fill, form.title));
  const answer = reply.citations.length || reply.status === "answered";
  if (answer && exchange.request.type !== "message") row.push(copyButton(exchange));
  return row.length > 0 && element("div", { class: "actions" }, ...row);
}

function copyButton(exchange) {
  const words = isPost(exchange) ? "Copy post" : "Copy answer";
  const copy = button("action copy", () => copied(copy, exchange.reply, words), words);
  return copy;
}

async function copied(copy, reply, words) {
  try {
    await navigator.clipboard.writeText(copyText(reply));
  } catch {
    announce("The browser did not allow copying. Select the answer and copy it by hand.");
    copy.textContent = "Could not copy";
    return;
  }
  announce(reply.citations.length ? "Copied, with its sources." : "Copied.");
  copy.textContent = "Copied";
  setTimeout(() => (copy.textContent = words), 2500);
}
