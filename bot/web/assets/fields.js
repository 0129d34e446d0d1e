// The fields of a form: what each looks like, what it holds, and what is wrong with it.

import { count, element } from "./element.js";
import { hold } from "./files.js";

const HALF = {
  date: "Give the whole date: day, month and year.",
  time: "Give the whole time: hours and minutes.",
};

const LARGEST = 10 * 1024 * 1024; // bytes
const TOO_LARGE = "That file is larger than 10 MB. Attach a smaller one, or give a link to it.";
const BY_KIND = { choices: boxes, file };

/** One field in its row, holding `value` as a form sent in would give it; `id` begins its ids. */
export function fieldRow(field, value, id) {
  const control = (BY_KIND[field.kind] ?? box)(field, id, value);
  const { row, inputs, read, shown, attached } = control;
  const hint = field.hint && element("p", { class: "hint", id: `${id}-hint` }, field.hint);
  const fault = element("p", { class: "fault", id: `${id}-fault` });
  row.append(control.title, hint, fault, control.node);
  // a group is described as one; otherwise the input is
  const described = control.node === inputs[0] ? inputs[0] : row;
  const notes = [hint && hint.id, fault.id].filter(Boolean);
  described.setAttribute("aria-describedby", notes.join(" "));
  const blame = (words) => {
    fault.textContent = words;
    for (const input of inputs) input.setAttribute("aria-invalid", String(Boolean(words)));
    return !words;
  };
  const check = () => blame(control.half?.() || faultOf(field, read()));
  row.addEventListener("input", () => fault.textContent && check());
  blame(field.fault);
  const focus = () => {
    inputs[0].focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" }); // with what is wrong, which stands above the input
  };
  return { id: field.id, row, read, shown, attached, check, focus, faulty: Boolean(field.fault) };
}

function optional(field) {
  return !field.required && element("span", {}, " (optional)");
}

/** A text, a paragraph, a date, a time, or one of several choices. */
function box(field, id, value) {
  const attributes = { id, name: field.id, "aria-required": String(field.required) };
  const input = control(field, attributes, value);
  const title = element("label", { for: id }, field.label, optional(field));
  const words = () => (field.kind === "date" ? inWords(input.value) : input.value);
  const shown = () => (input.value && (input.selectedOptions?.[0].text ?? words())).trim();
  const read = () => input.value.trim();
  const half = () => input.validity.badInput && HALF[field.kind]; // one begun reads as none
  const row = element("div", { class: "field" });
  return { row, title, node: input, inputs: [input], read, shown, half };
}

/** 24 December 2026. */
function inWords(day) {
  const parts = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return new Date(day).toLocaleDateString("en-GB", parts);
}

function control(field, attributes, value) {
  if (field.kind === "choice") return choice(field, attributes, value);
  const input =
    field.kind === "paragraph"
      ? element("textarea", { ...attributes, rows: "4" })
      : element("input", { ...attributes, type: field.kind in HALF ? field.kind : "text" });
  input.value = value;
  return input;
}

function choice(field, attributes, value) {
  const options = [{ value: "", label: "Choose one" }, ...field.choices];
  const shown = options.map((one) => element("option", { value: one.value }, one.label));
  const select = element("select", attributes, ...shown);
  select.value = options.some((one) => one.value === value) ? value : "";
  return select;
}

/** A file; until another is chosen it holds the name of the one that was sent before. */
function file(field, id, value) {
  const required = String(field.required);
  const input = element("input", { id, name: field.id, type: "file", "aria-required": required });
  const title = element("label", { for: id }, field.label, optional(field));
  const chosen = () => input.files[0];
  const read = () => chosen()?.name ?? value;
  const attached = () =>
    chosen() && { field: field.id, name: chosen().name, number: hold(chosen()) };
  const half = () => chosen()?.size > LARGEST && TOO_LARGE;
  const row = element("div", { class: "field" });
  return { row, title, node: input, inputs: [input], read, shown: read, attached, half };
}

/** Any number of the choices. */
function boxes(field, id, value) {
  const ticked = new Set(value.split(","));
  const inputs = field.choices.map((one, place) =>
    element("input", {
      ...{ type: "checkbox", id: `${id}-${place}`, name: field.id, value: one.value },
      checked: ticked.has(one.value),
    }),
  );
  const labels = field.choices.map(({ label }, place) =>
    element("label", { class: "tick" }, inputs[place], element("span", {}, label)),
  );
  const chosen = () => field.choices.filter((_, place) => inputs[place].checked);
  return {
    row: element("fieldset", { class: "field" }),
    title: element("legend", {}, field.label, optional(field)),
    node: element("div", { class: "ticks" }, ...labels),
    inputs,
    read: () => chosen().map((one) => one.value).join(","),
    shown: () => chosen().map((one) => one.label).join(", "),
  };
}

function faultOf(field, value) {
  if (field.required && !value) {
    const missing = { choice: "Choose one", choices: "Choose at least one" }[field.kind];
    return `${missing ?? "Fill in"}: ${field.label}.`;
  }
  const over = value.length - field.longest;
  return over > 0 ? `Too long by ${count(over, "character")}; the most is ${field.longest}.` : "";
}
