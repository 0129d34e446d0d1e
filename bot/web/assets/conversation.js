// What was said, kept for this tab until it is closed.
//
// A thread is a list of exchanges; its id is that of its first. An exchange is what the reader
// said, the request it became, and the reply, or the fault that stands in its place; `rated` is what
// the reader said of the reply, and `heard` what of that was answered. What nobody asked for is one
// too: a reply to the request "message" if it is for one person, or "post" if it is for everyone in
// the channel; neither is ever sent.

import { FIRST } from "./people.js";

const SAID = "outcomes-conversation";
const DRAFTS = "outcomes-drafts";
const PERSON = "outcomes-person";
const MOST = 60; // threads kept; older ones go with the page
const LEFT = "The page was left before the answer came.";

export class Conversation {
  constructor(storage) {
    this.storage = storage;
    this.threads = [];
    this.open = null;
    this.drafts = {}; // what stands unsent in each box
    this.person = FIRST; // whom the reader plays
    this.#restore();
  }

  thread(id) {
    return this.threads.find((thread) => thread.id === id);
  }

  /** A new exchange, in the thread named or in one of its own. `request` lacks the thread yet, and
      is the reader's where it names nobody. */
  begin(said, request, threadId = null) {
    return this.#added({ said, request: { as: this.person, ...request }, reply: null }, threadId);
  }

  /** A message to a person, in a thread of its own. */
  receive(person, reply) {
    return this.#added({ said: "", request: { type: "message", as: person }, reply });
  }

  /** A post for everyone in the channel, which begins a thread. */
  publish(reply) {
    return this.#added({ said: "", request: { type: "post" }, reply });
  }

  /** An exchange said afresh: its form filled in again takes the place of what was sent before. */
  again(exchange, said, request) {
    const { as, thread } = exchange.request;
    const unsaid = { reply: null, fault: "", rated: null, heard: null };
    Object.assign(exchange, { said, request: { as, ...request, thread }, ...unsaid });
    this.keep();
  }

  play(person) {
    this.person = person;
    this.#write(PERSON, person);
  }

  draft(place, text) {
    this.drafts[place] = text;
    this.#write(DRAFTS, this.drafts);
  }

  clear() {
    this.threads = [];
    this.open = null;
    this.drafts = {};
    this.keep();
    this.#write(DRAFTS, {});
  }

  keep() {
    this.#write(SAID, { threads: this.threads.slice(-MOST), open: this.open });
  }

  #added({ said, request, reply }, threadId = null) {
    const id = crypto.randomUUID();
    const thread = this.thread(threadId) ?? { id, exchanges: [] };
    if (thread.id === id) this.threads.push(thread);
    const whole = { ...request, thread: thread.id };
    const exchange = { id, said, request: whole, at: Date.now(), reply, fault: "" };
    thread.exchanges.push(exchange);
    this.keep();
    return { thread, exchange };
  }

  #restore() {
    this.drafts = this.#read(DRAFTS);
    const person = this.#read(PERSON);
    if (typeof person === "string") this.person = person;
    const { threads, open } = this.#read(SAID);
    if (!Array.isArray(threads)) return;
    Object.assign(this, { threads, open });
    for (const { exchanges } of threads) {
      for (const exchange of exchanges) if (!exchange.reply) exchange.fault ||= LEFT;
    }
  }

  #read(key) {
    try {
      return JSON.parse(this.storage.getItem(key)) ?? {};
    } catch {
      return {};
    }
  }

  #write(key, value) {
    try {
      this.storage.setItem(key, JSON.stringify(value));
    } catch {
      // full or switched off: the conversation then lasts until the page is left
    }
  }
}
