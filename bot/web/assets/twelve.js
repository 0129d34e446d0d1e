// The project's mark: twelve dots, one for each outcome, large where an answer touches it.

import { shape } from "./element.js";

const TWELVE = [
  "connectivity",
  "data",
  "democracy",
  "ethics",
  "inclusion",
  "leadership",
  "local-productivity",
  "organisational-capability",
  "partnership",
  "security-resilience",
  "services",
  "value",
];
const COLUMNS = 4;
const CELL = 12;

function dots(draw) {
  const mark = shape("svg", { viewBox: "0 0 48 36", class: "twelve", "aria-hidden": "true" });
  TWELVE.forEach((outcome, place) => {
    const [column, row] = [place % COLUMNS, Math.floor(place / COLUMNS)];
    const { r, lit } = draw(outcome, column);
    const look = `dot dot-${column + row}${lit ? " lit" : ""}`;
    const [cx, cy] = [column, row].map((at) => (at + 0.5) * CELL);
    mark.append(shape("circle", { cx, cy, r, class: look }));
  });
  return mark;
}

/** The outcomes in `touched` among the twelve. Decoration: the words stand beside it. */
export function twelve(touched = []) {
  return dots((outcome) => {
    const lit = touched.includes(outcome);
    return { r: lit ? 5.2 : 2.6, lit };
  });
}

/** The mark where it stands for the assistant itself: all twelve, growing. */
export function emblem() {
  return dots((_, column) => ({ r: 1.9 + column * 1.2, lit: true }));
}
