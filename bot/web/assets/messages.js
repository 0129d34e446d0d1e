// Messages to one of the two people that nobody asked for: looked for, and shown once each.

import { messages } from "./requests.js";

const EVERY = 10_000;

/** Looks for what waits for `person()`, now and then while the page is seen; `came(person, found)`
    gets what there was. */
export class Messages {
  constructor(person, came) {
    this.person = person;
    this.came = came;
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
      const found = await messages(person);
      if (found.length) came(person, found);
    }
  }

  #seen() {
    return document.visibilityState === "visible";
  }
}
