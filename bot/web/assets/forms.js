// A form of a reply, shown in the page's one dialog.

import { button, element } from "./element.js";

const earlier = new Map(); // form id -> values, so that a form sent back keeps what was written

/** Show `form`; `submit(values, shown)` gets what was filled in, and how that reads. */
export function openForm(form, submit) {
  const dialog = document.getElementById("form");
  const before = earlier.get(form.id) ?? {};
  const fields = form.fields.map((field) => fieldRow(field, before[field.id] ?? ""));
  const body = element("form", { novalidate: true, autocomplete: "off" });
  body.append(
    element("h2", { id: "form-title" }, form.title),
    ...fields.map((field) => field.row),
    element(
      "div",
      { class: "actions" },
      element("button", { class: "action main", type: "submit" }, form.submit),
      button("action", () => dialog.close(), "Cancel"), // the browser gives the focus back
    ),
  );
  body.addEventListener("submit", (event) => {
    event.preventDefault();
    const wrong = fields.filter((field) => !field.check());
    if (wrong.length) return wrong[0].input.focus();
    const values = Object.fromEntries(fields.map((field) => [field.id, field.input.value.trim()]));
    earlier.set(form.id, values);
    dialog.close();
    submit(values, fields.map((field) => field.shown()).filter(Boolean));
  });
  dialog.replaceChildren(body);
  dialog.showModal();
  fields[0]?.input.focus();
}

function fieldRow(field, value) {
  const id = `field-${field.id}`;
  const input = control(field, id, value);
  const fault = element("p", { class: "fault", id: `${id}-fault` });
  const describedBy = [field.hint && `${id}-hint`, fault.id].filter(Boolean).join(" ");
  input.setAttribute("aria-describedby", describedBy);
  const row = element(
    "div",
    { class: "field" },
    element("label", { for: id }, field.label, !field.required && optional()),
    field.hint && element("p", { class: "hint", id: `${id}-hint` }, field.hint),
    input,
    fault,
  );
  const check = () => {
    fault.textContent = faultOf(field, input.value.trim());
    input.setAttribute("aria-invalid", String(Boolean(fault.textContent)));
    return !fault.textContent;
  };
  input.addEventListener("input", () => fault.textContent && check());
  const shown = () => (input.value && (input.selectedOptions?.[0].text ?? input.value)).trim();
  return { id: field.id, row, input, check, shown };
}

function optional() {
  return element("span", {}, " (optional)");
}

function control(field, id, value) {
  const attributes = { id, name: field.id, "aria-required": String(field.required) };
  if (field.kind === "choice") return choice(field, attributes, value);
  const input =
    field.kind === "paragraph"
      ? element("textarea", { ...attributes, rows: "4" })
      : element("input", { ...attributes, type: "text" });
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

function faultOf(field, value) {
  if (field.required && !value) {
    const missing = field.kind === "choice" ? "Choose one" : "Fill in";
    return `${missing}: ${field.label}.`;
  }
  const over = value.length - field.longest;
  return over > 0 ? `Too long by ${over} characters; the most is ${field.longest}.` : "";
}
