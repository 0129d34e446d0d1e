// What nobody asked for, messages to one of the two people and posts in the channel: looked for, and
// shown once each.

import { waiting } from "./requests.js";

const EVERY = 10_000;

/** Looks for what waits for `person()` and for the channel, now and then while the page is seen;
    `came(person, found)` gets the messages there were, `posted(found)` the posts. */
export class Messages {
  constructor(person, came, posted) {
    this.person = person;
    this.came = came;
    this.posted = posted;
    this.looked = Promise.resolve(); // one look after another, so that nothing is found by two
  }

  begin() {
    document.addEventListener("visibilitychange", () => this.#seen() && this.look());
    setInterval(() => this.#seen() && this.look(), EVERY);
    this.look();
  }

  /** Look for what waits for these people. */
  look(people = [this.person()], came = this.came) {
    const look = () => this.#look(people, came);
    this.looked = this.looked.then(look, look);
  }

  async #look(people, came) {
    for (const person of new Set(people)) {
      const { messages, posts } = await waiting(person);
      if (posts.length) this.posted(posts);
      if (messages.length) came(person, messages);
    }
  }

  #seen() {
    return document.visibilityState === "visible";
  }
}
