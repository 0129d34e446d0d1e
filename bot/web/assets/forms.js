// A form of a reply: in the page's one dialog, or where it is asked for.

import { answerBody } from "./answer.js";
import { button, element } from "./element.js";
import { fieldRow } from "./fields.js";
import { showSource, sourceLinks } from "./sources.js";

/** Show `form` in the dialog; `submit(values, shown, files)` gets what was filled in, how that
    reads, and what was attached.
    A form that came back has a `message`, and keeps what was filled in `before` where it brings no
    other. */
export function openForm(form, past, submit) {
  const dialog = document.getElementById("form");
  const close = () => dialog.close(); // the browser gives the focus back
  const { body, title, fields } = formParts("form", form, past, {
    submit: (...filled) => {
      close();
      submit(...filled);
    },
    close,
  });
  dialog.replaceChildren(body);
  if (past.message) dialog.setAttribute("aria-describedby", "form-message");
  else dialog.removeAttribute("aria-describedby");
  // the browser goes back to it, but does not bring it into view
  dialog.onclose = () => document.activeElement?.scrollIntoView({ block: "nearest" });
  dialog.showModal();
  dialog.scrollTop = 0; // it keeps where the form before was left
  begin(fields, form.lead && title);
}

/** The form itself, what stands in it, and `values()` for what is filled in so far. `id` begins
    the ids in it; `leave` is what the button reads that sends nothing. */
export function formParts(id, form, { message = "", before = {}, leave = "Cancel" }, { submit, close }) {
  const inner = id === "form" ? "field" : `${id}-field`;
  const fields = form.fields.map((field) =>
    fieldRow(field, field.value || before[field.id] || "", `${inner}-${field.id}`),
  );
  const level = id === "form" ? "h2" : "h3";
  const title = element(level, { id: `${id}-title`, tabindex: "-1" }, form.title);
  const values = () => Object.fromEntries(fields.map((field) => [field.id, field.read()]));
  const body = element(
    "form",
    { novalidate: true, autocomplete: "off" },
    title,
    message && element("p", { class: "fault", id: `${id}-message` }, message),
    form.lead && lead(id, form),
    ...fields.map((field) => field.row),
    element(
      "div",
      { class: "actions" },
      element("button", { class: "action main", type: "submit" }, form.submit),
      button("action", close, leave),
    ),
  );
  body.addEventListener("submit", (event) => {
    event.preventDefault();
    const wrong = fields.filter((field) => !field.check());
    if (wrong.length) return wrong[0].focus();
    const files = fields.map((field) => field.attached?.()).filter(Boolean);
    submit(values(), fields.map((field) => field.shown()).filter(Boolean), files);
  });
  return { body, title, fields, values };
}

/** Go to what is wrong, else to what is to be read first, else to the first field. */
function begin(fields, above) {
  const faulty = fields.find((field) => field.faulty);
  (faulty ?? (above || fields[0]))?.focus();
}

function lead(id, form) {
  const known = new Set(form.citations.map((found) => found.number));
  return element(
    "div",
    { class: "lead" },
    answerBody(form.lead, { known, follow: (number) => showSource(id, number) }),
    form.citations.length > 0 && sourceLinks(id, form.citations),
  );
}
