// One post as the channel shows it: the first message of a thread and what became of it.

import { button, count, element } from "./element.js";
import { answeredBy, clock, isUnasked, markButton, saidBy } from "./message.js";
import { emblem, twelve } from "./twelve.js";

/** `open()` is called when the reader wants the thread beside it, `mark()` to register the post. */
export function postItem(thread, current, { open, mark }) {
  const [first] = thread.exchanges;
  return element(
    "li",
    { class: current ? "post current" : "post", id: `post-${thread.id}` },
    ...(isUnasked(first)
      ? [answeredBy(first, clock(first.at))]
      : [
          saidBy(first, clock(first.at), markButton(first, mark)),
          element("p", { class: "words" }, first.said),
        ]),
    opener(thread, current, open),
  );
}

function opener(thread, current, open) {
  const last = thread.exchanges.at(-1);
  const outcomes = thread.exchanges.flatMap((one) => one.reply?.outcomes ?? []);
  const mark = outcomes.length ? twelve(outcomes.map((outcome) => outcome.id)) : emblem();
  const words = element(
    "span",
    {},
    element("span", { class: "replies" }, standing(thread)),
    last.reply && element("span", { class: "gist" }, gist(last.reply)),
  );
  const opening = button("opener", open, mark, words);
  opening.setAttribute("aria-expanded", String(current));
  opening.setAttribute("aria-controls", "thread");
  return opening;
}

function standing(thread) {
  const last = thread.exchanges.at(-1);
  if (last.fault) return "No answer yet: open to retry";
  if (!last.reply) return "Looking through the texts…";
  const sources = last.reply.citations.length;
  const answers = thread.exchanges.filter((one) => one.reply && !isUnasked(one));
  if (!answers.length) return "Read it";
  const replies = count(answers.length, "reply", "replies");
  return sources ? `${replies} · ${count(sources, "source")}` : replies;
}

/** The answer's first line, without its marks. */
export function gist(reply) {
  const line = reply.body.split("\n").find((one) => one.trim()) ?? "";
  return line.replace(/^\s*- +/, "").replace(/ ?\[\d+\]/g, "");
}
