// The channel: wires the composers, the threads and the assistant together.

import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { announce, button, count, element } from "./element.js";
import { openForm } from "./forms.js";
import { isPost, isUnasked, unaskedName } from "./message.js";
import { linking } from "./links.js";
import { Messages } from "./messages.js";
import { peopleSwitch } from "./people.js";
import { gist, postItem } from "./post.js";
import { request, Unanswered } from "./requests.js";
import { ThreadPanel } from "./thread.js";
import { emblem } from "./twelve.js";

const EXAMPLES = [
  "What does inclusion mean?",
  "Who has tried damp sensors?",
  "What should scrutiny ask about cyber security?",
  "How much did Swindon save on translation?",
  "Which outcomes does our project serve? We lend refurbished laptops to care leavers",
  "How do the 2022 names line up with 2024?",
];
const WRONG = ["invalid", "failed", "declined"];
const PATIENCE = 1500;
const byId = (id) => document.getElementById(id);

const conversation = new Conversation(sessionStorage);
const messages = new Messages(() => conversation.person, receive, publish);
let news = 0; // messages and posts that came while a thread was open
const panel = new ThreadPanel(doing);
const channelBox = new Composer("channel", {
  send: (text, asked) => say(text, asked),
  kept: (text) => conversation.draft("channel", text),
});
const threadBox = new Composer("thread", {
  send: (text, asked) => say(text, asked, conversation.open),
  kept: (text) => conversation.open && conversation.draft(conversation.open, text),
});

/** Post in the channel, which starts a thread, or in the thread named. */
function say(text, asked, threadId = null) {
  const { thread, exchange } = conversation.begin(text, asked, threadId);
  drawPost(thread);
  if (threadId) panel.draw(exchange);
  else openThread(thread.id);
  void answer(thread, exchange);
}

async function answer(thread, exchange) {
  const slow = setTimeout(() => announce("Still looking."), PATIENCE);
  try {
    exchange.reply = await request(exchange.request);
  } catch (error) {
    exchange.fault = error instanceof Unanswered ? error.message : "The answer could not be shown.";
  }
  clearTimeout(slow);
  conversation.keep();
  redraw(thread, exchange);
  announce(exchange.reply ? spoken(exchange.reply) : exchange.fault);
  const form = exchange.request.type !== "asked" && exchange.reply?.form;
  const free = conversation.open === thread.id && !byId("form").open;
  if (form && free) fill(thread, exchange);
  messages.look([conversation.person, exchange.request.as]);
}

/** Show what came for a person, as posts in the channel. The last of them. */
function receive(person, found) {
  const received = found.map((reply) => conversation.receive(person, reply));
  for (const { thread } of received) drawPost(thread);
  const { thread, exchange } = received.at(-1);
  announce(`${unaskedName(exchange)}: ${exchange.reply.text}`);
  if (conversation.open) tell(news + received.length);
  return thread;
}

/** Show what was posted in the channel. */
function publish(found) {
  const published = found.map((reply) => conversation.publish(reply));
  for (const { thread } of published) drawPost(thread);
  const { exchange } = published.at(-1);
  announce(`${unaskedName(exchange)}: ${gist(exchange.reply)}`); // the rest is read when opened
  if (conversation.open) tell(news + published.length);
}

/** Say over an open thread, which may cover the channel, how much came there meanwhile. */
function tell(number) {
  news = number;
  byId("news").textContent = number ? ` · ${count(number, "new message")}` : "";
}

/** Go on as the other person, and read what they were sent. */
function turn(person) {
  conversation.play(person);
  messages.look([person], (to, found) => showThread(receive(to, found).id));
}

function retry(thread, exchange) {
  conversation.again(exchange, exchange.said, exchange.request);
  redraw(thread, exchange);
  void answer(thread, exchange);
}

function redraw(thread, exchange) {
  if (!conversation.thread(thread.id)) return; // cleared in the meantime
  drawPost(thread);
  if (conversation.open === thread.id && panel.draw(exchange)) panel.title.focus();
}

/** What is said aloud: the answer once, without bars, and only the number of its sources. */
function spoken(reply) {
  const words = reply.text.replace(/ ?\[\d+\]|█+ ?/g, "");
  const sources = linking(reply).listed.length;
  return `Answer: ${words}${sources ? ` ${count(sources, "source")} below it.` : ""}`;
}

/** What the buttons of an exchange in the open thread do. */
function doing(exchange) {
  const thread = conversation.thread(conversation.open);
  const written = ["asked", "command"].includes(exchange.request.type);
  const message = isUnasked(exchange) && !isPost(exchange);
  const own = message || exchange.reply?.private; // for one of the two alone to press
  const by = own && { as: exchange.request.as };
  return {
    press: ({ id, value, label }) => {
      say(label, { ...by, type: "pressed", action: id, value }, thread.id);
      if (id !== "open") goOn(); // a form that is left leads back to its button
    },
    fill: () => fill(thread, exchange),
    retry: () => retry(thread, exchange),
    edit: written && (() => edit(exchange)),
    mark: () => mark(thread, exchange),
    signed: (said) => ({ as: conversation.person, ...by, thread: thread.id, ...said }),
    keep: () => conversation.keep(),
  };
}

function edit(exchange) {
  threadBox.write(exchange.said);
  threadBox.focus();
}

/** Show the form of a reply. One that came back takes up what was sent, and replaces it. */
function fill(thread, exchange) {
  const { form, body, status } = exchange.reply;
  const back = exchange.request.form === form.id;
  const message = back || WRONG.includes(status) ? body : "";
  const before = back ? exchange.request.values : {};
  openForm(form, { message, before }, (values, shown, files) => {
    const said = [form.title, ...shown].join("\n");
    const { as = conversation.person } = exchange.request;
    const filled = { as, type: "submitted", form: form.id, key: form.key, values };
    if (files.length) filled.files = files;
    goOn();
    if (!back) return say(said, filled, thread.id);
    conversation.again(exchange, said, filled);
    redraw(thread, exchange);
    void answer(thread, exchange);
  });
}

/** Have a message registered as a project, in its thread. */
function mark(thread, exchange) {
  if (conversation.open !== thread.id) showThread(thread.id);
  const { as: author } = exchange.request;
  say("Tag as a project", { type: "marked", text: exchange.said, author }, thread.id);
}

function openThread(id) {
  showThread(id);
  goOn();
}

/** Writing on is what comes next, but on a phone the keyboard would cover the answer. */
function goOn() {
  if (panel.covers) panel.title.focus();
  else threadBox.focus();
}

function showThread(id) {
  const before = conversation.open;
  conversation.open = id;
  conversation.keep();
  tell(0);
  const thread = conversation.thread(id);
  panel.show(thread);
  threadBox.write(conversation.drafts[id] ?? "");
  for (const changed of [before, id]) drawPost(conversation.thread(changed));
}

function closeThread() {
  const id = conversation.open;
  if (!id) return;
  conversation.open = null;
  conversation.keep();
  tell(0);
  panel.hide();
  drawPost(conversation.thread(id));
  byId(`post-${id}`)?.querySelector(".opener").focus();
}

function drawPost(thread) {
  if (!thread) return;
  const item = postItem(thread, thread.id === conversation.open, {
    open: () => openThread(thread.id),
    mark: () => mark(thread, thread.exchanges[0]),
  });
  const before = byId(item.id);
  if (before) {
    const held = before.contains(document.activeElement);
    before.replaceWith(item);
    if (held) item.querySelector(".opener").focus();
  } else byId("posts").append(item);
  byId("afresh").hidden = false;
  if (!item.nextSibling) item.scrollIntoView({ block: "nearest" });
}

function startAfresh() {
  conversation.clear();
  panel.hide();
  channelBox.write("");
  byId("posts").replaceChildren();
  byId("afresh").hidden = true;
  channelBox.focus();
  announce("The channel is empty again.");
}

function exampleItem(text) {
  return element("li", {}, button("example", () => say(text, { type: "asked", text }), text));
}

function begin() {
  for (const place of document.querySelectorAll("[data-emblem]")) place.append(emblem());
  byId("examples").append(...EXAMPLES.map(exampleItem));
  byId("leave").addEventListener("click", closeThread);
  byId("afresh").addEventListener("click", startAfresh);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !byId("form").open) closeThread();
  });
  channelBox.write(conversation.drafts.channel ?? "");
  conversation.threads.forEach(drawPost);
  if (conversation.thread(conversation.open)) showThread(conversation.open);
  peopleSwitch(conversation.person, turn);
  messages.begin();
}

begin();
