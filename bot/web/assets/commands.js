// The slash commands: what there is, what a line means, and the list that a "/" opens.

import { announce, count, element } from "./element.js";

const WORD = "/outcomes";
const COMMANDS = [
  { line: WORD, hint: "opens a form to ask with" },
  { line: `${WORD} ask`, takes: "your question", hint: "asks it" },
  { line: `${WORD} tag`, takes: "your project", hint: "suggests its outcomes; alone, opens a form" },
  { line: `${WORD} projects`, takes: "words", hint: "finds registered projects; alone, lists them" },
  { line: `${WORD} find`, takes: "words", hint: "lists texts that tell of it, with their sources" },
  { line: `${WORD} peers`, takes: "your project", hint: "finds who did the like, to be introduced" },
  { line: `${WORD} peers join`, hint: "offers your help to others" },
  { line: `${WORD} digest`, hint: "sets up a weekly digest in this channel" },
  { line: `${WORD} digest preview`, hint: "shows the next one to you alone" },
  { line: `${WORD} suggest-case`, hint: "offers a case study to everyone here" },
  { line: `${WORD} cases`, hint: "shows case studies that wait for a decision" },
  { line: `${WORD} texts`, hint: "shows texts brought in that wait to be confirmed" },
  { line: `${WORD} open`, hint: "shows questions that wait for an answer" },
  { line: `${WORD} verified`, hint: "shows the answers officers stand for" },
  { line: `${WORD} experts`, hint: "shows who looks after answers" },
  { line: `${WORD} usage`, hint: "counts the last 30 days, without names" },
  { line: `${WORD} my-data`, hint: "shows, exports or deletes what I hold of you" },
  { line: `${WORD} list`, hint: "names all twelve outcomes" },
  { line: `${WORD} help`, hint: "says what I can do" },
];

/** The request a typed line becomes, or null where it is a slash command nobody knows. */
export function requestFrom(text) {
  if (!text.startsWith("/")) return { type: "asked", text };
  const [word, name = "", ...rest] = text.split(/\s+/);
  if (word.toLowerCase() !== WORD) return null;
  const after = rest.length ? text.slice(text.indexOf(name, word.length) + name.length).trim() : "";
  return { type: "command", name: name.toLowerCase(), text: after };
}

/** The commands a half-typed line may become. */
function fitting(text) {
  if (!text.startsWith("/") || text.includes("\n")) return [];
  const typed = text.toLowerCase();
  return COMMANDS.filter(({ line }) => line.startsWith(typed) || `${line} `.startsWith(typed));
}

/** The list over a composer. `take(line, whole)` gets the line chosen, `whole` if it can go. The
    keys of the list are pressed in the box: Tab completes, so that it never leads into the list. */
export class CommandMenu {
  constructor(box, list, take) {
    this.box = box;
    this.list = list;
    this.take = take;
    this.found = [];
    this.active = 0;
    box.setAttribute("aria-autocomplete", "list");
    box.addEventListener("input", () => this.#offer());
    box.addEventListener("blur", () => this.close());
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps its focus
  }

  get shown() {
    return !this.list.hidden;
  }

  /** True when the key was the menu's own and has been dealt with. */
  key(event) {
    if (!this.shown) return false;
    const keys = {
      ArrowDown: () => this.#move(1),
      ArrowUp: () => this.#move(-1),
      Enter: () => this.#choose(this.active, true),
      Tab: () => this.#choose(this.active, false),
      Escape: () => this.close(),
    };
    const act = event.shiftKey ? undefined : keys[event.key];
    act?.();
    return Boolean(act);
  }

  close() {
    this.list.hidden = true;
    for (const name of ["aria-controls", "aria-activedescendant"]) {
      this.box.removeAttribute(name);
    }
  }

  #offer() {
    this.found = fitting(this.box.value);
    if (!this.found.length) return this.close();
    this.list.replaceChildren(...this.found.map((command, place) => this.#option(command, place)));
    // a box of several lines is never a combobox, so that there is a list is said in words
    const offered = count(this.found.length, "command");
    if (this.list.hidden) announce(`${offered}. Up and Down choose, Tab completes, Enter sends.`);
    this.list.hidden = false;
    this.box.setAttribute("aria-controls", this.list.id);
    this.#point(0);
  }

  #option({ line, takes, hint }, place) {
    const option = element(
      "li",
      { role: "option", id: `${this.list.id}-${place}`, "aria-selected": "false" },
      element("span", { class: "line" }, line, takes && element("i", {}, ` ${takes}`)),
      element("span", { class: "what" }, hint),
    );
    option.addEventListener("click", () => this.#choose(place, true));
    return option;
  }

  #move(step) {
    this.#point((this.active + step + this.found.length) % this.found.length);
  }

  #point(place) {
    this.active = place;
    [...this.list.children].forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === place));
    });
    this.list.children[place].scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", `${this.list.id}-${place}`);
  }

  #choose(place, send) {
    const { line, takes } = this.found[place];
    const whole = !takes || this.box.value.trim().toLowerCase() === line; // typed out, it may go
    this.close();
    this.take(takes ? `${line} ` : line, send && whole);
  }
}
