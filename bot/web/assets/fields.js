// The fields of a form: what each looks like, what it holds, and what is wrong with it.

import { count, element } from "./element.js";

const HALF = {
  date: "Give the whole date: day, month and year.",
  time: "Give the whole time: hours and minutes.",
};

/** One field in its row, holding `value` as a form sent in would give it; `id` begins its ids. */
export function fieldRow(field, value, id) {
  const control = field.kind === "choices" ? boxes(field, id, value) : box(field, id, value);
  const { row, inputs, read, shown } = control;
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
  const check = () => blame(control.half?.() ? HALF[field.kind] : faultOf(field, read()));
  row.addEventListener("input", () => fault.textContent && check());
  blame(field.fault);
  const focus = () => {
    inputs[0].focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" }); // with what is wrong, which stands above the input
  };
  return { id: field.id, row, read, shown, check, focus, faulty: Boolean(field.fault) };
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
  const half = () => input.validity.badInput; // a date or a time begun reads as none
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
