// How projects spread over the outcomes, as a picture: a bar for each outcome that has any.

import { element, shape } from "./element.js";

const ROW = 2.125; // rem, in which everything is measured that must grow with the letters
const BASELINE = 1.125;
const BAR = { y: 1.5, height: 0.375 };

/** The picture, with all of it in words for those who do not see it. */
export function spreadPicture({ title, shares }) {
  const some = shares.filter((one) => one.projects);
  const none = shares.filter((one) => !one.projects).map((one) => one.outcome.name);
  const without = none.length > 0 && `None yet: ${none.join(", ")}.`;
  const told = some.map((one) => `${one.outcome.name}: ${one.projects}.`);
  // what stands round the bars is told with them
  const drawn = some.length > 0;
  const beside = (words, look) => element("p", { class: look, "aria-hidden": drawn && "true" }, words);
  return element(
    "div",
    { class: "spread" },
    beside(title, "spread-title"),
    drawn && bars(some, [title, ...told, without].filter(Boolean).join(" ")),
    without && beside(without, "none-yet"),
  );
}

function bars(shares, told) {
  const most = Math.max(...shares.map((one) => one.projects));
  return shape(
    "svg",
    { class: "bars", role: "img", "aria-label": told, width: "100%", height: rem(shares.length * ROW) },
    ...shares.flatMap((one, row) => bar(one, row * ROW, (100 * one.projects) / most)),
  );
}

function bar({ outcome, projects }, top, percent) {
  const number = shape("tspan", { class: "projects", dx: "0.6em" }, String(projects));
  const line = { y: rem(top + BAR.y), height: rem(BAR.height), rx: rem(BAR.height / 2) };
  return [
    shape("text", { x: 0, y: rem(top + BASELINE) }, outcome.name, number),
    shape("rect", { class: "track", width: "100%", ...line }),
    shape("rect", { class: "share", width: `${percent.toFixed(1)}%`, ...line }),
  ];
}

function rem(size) {
  return `${size}rem`;
}
