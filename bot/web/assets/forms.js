// A form of a reply, shown in the page's one dialog.

import { answerBody } from "./answer.js";
import { button, element } from "./element.js";
import { fieldRow } from "./fields.js";
import { showSource, sourceLinks } from "./sources.js";

/** Show `form`; `submit(values, shown)` gets what was filled in, and how that reads. A form that
    came back has a `message`, and keeps what was filled in `before` where it brings no other. */
export function openForm(form, { message = "", before = {} }, submit) {
  const dialog = document.getElementById("form");
  const fields = form.fields.map((field) => fieldRow(field, field.value || before[field.id] || ""));
  const title = element("h2", { id: "form-title", tabindex: "-1" }, form.title);
  const body = element(
    "form",
    { novalidate: true, autocomplete: "off" },
    title,
    message && element("p", { class: "fault", id: "form-message" }, message),
    form.lead && lead(form),
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
    if (wrong.length) return wrong[0].focus();
    const values = Object.fromEntries(fields.map((field) => [field.id, field.read()]));
    dialog.close();
    submit(values, fields.map((field) => field.shown()).filter(Boolean));
  });
  dialog.replaceChildren(body);
  if (message) dialog.setAttribute("aria-describedby", "form-message");
  else dialog.removeAttribute("aria-describedby");
  dialog.showModal();
  dialog.scrollTop = 0; // it keeps where the form before was left
  begin(fields, form.lead && title);
}

/** Go to what is wrong, else to what is to be read first, else to the first field. */
function begin(fields, above) {
  const faulty = fields.find((field) => field.faulty);
  (faulty ?? (above || fields[0]))?.focus();
}

function lead(form) {
  const known = new Set(form.citations.map((found) => found.number));
  return element(
    "div",
    { class: "lead" },
    answerBody(form.lead, { known, follow: (number) => showSource("form", number) }),
    form.citations.length > 0 && sourceLinks("form", form.citations),
  );
}
