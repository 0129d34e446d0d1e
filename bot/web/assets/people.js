// The two test people who share this page, and the switch that says which of them you are.

import { element, unseen } from "./element.js";

const NAMES = { visitor: "Visitor", colleague: "Colleague" };

export const FIRST = "visitor";

/** A person's name as the page shows it. */
export function nameOf(person) {
  return NAMES[person] ?? NAMES[FIRST];
}

/** Fill in the switch; `turned(person)` hears of each change. */
export function peopleSwitch(current, turned) {
  const place = document.getElementById("people");
  for (const [person, name] of Object.entries(NAMES)) {
    const choice = element("input", {
      ...{ type: "radio", name: "person", value: person, checked: person === current },
      onchange: () => turned(person),
    });
    place.append(element("label", {}, choice, element("span", {}, name, unseen(" (test person)"))));
  }
}
