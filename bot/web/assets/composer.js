// The box to write in: Enter sends, Shift+Enter breaks the line, "/" lists the commands.

import { CommandMenu, requestFrom } from "./commands.js";

const MOST_ROWS = 8;

export class Composer {
  /** `send(text, request)` gets what was written; `kept(text)` hears of each change. */
  constructor(name, { send, kept }) {
    this.form = document.getElementById(`${name}-composer`);
    this.box = document.getElementById(`${name}-text`);
    this.fault = document.getElementById(`${name}-fault`);
    this.send = send;
    this.kept = kept;
    const list = document.getElementById(`${name}-menu`);
    this.menu = new CommandMenu(this.box, list, (line, whole) => this.#take(line, whole));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.box.addEventListener("input", () => this.#changed());
    this.box.addEventListener("keydown", (event) => this.#key(event));
  }

  write(text) {
    this.box.value = text;
    this.#changed();
  }

  focus() {
    this.box.focus();
  }

  #take(line, whole) {
    this.write(line);
    if (whole) this.#submit();
  }

  #changed() {
    this.#blame("");
    this.box.rows = Math.min(MOST_ROWS, this.box.value.split("\n").length);
    this.kept(this.box.value);
  }

  #key(event) {
    if (event.isComposing) return;
    if (this.menu.key(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    }
  }

  #submit() {
    this.menu.close();
    const text = this.box.value.trim();
    if (!text) return this.#blame("Write a question first.");
    const request = requestFrom(text);
    if (!request) return this.#blame("That command is not known. Commands start with /outcomes.");
    this.write("");
    this.send(text, request);
  }

  #blame(fault) {
    this.fault.textContent = fault;
    this.box.setAttribute("aria-invalid", String(Boolean(fault)));
  }
}
