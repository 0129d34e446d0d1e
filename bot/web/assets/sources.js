// The sources under an answer, and the way from a [n] to its source.

import { count, element, unseen } from "./element.js";

const KINDS = {
  outcome: "Outcome",
  framework: "Framework",
  "case-study": "Case study",
  project: "Project",
};

/** The sources of an answer, each with the words quoted folded away. */
export function sourceList({ id, reply }) {
  const heading = `${id}-sources`;
  const items = reply.citations.map((found) => source(id, found));
  return element(
    "div",
    { class: "sources" },
    element("h3", { id: heading }, count(reply.citations.length, "source")),
    element("ol", { "aria-labelledby": heading }, ...items),
  );
}

function source(id, found) {
  const about = [found.councils.join(", "), found.year, KINDS[found.kind]].filter(Boolean);
  const quote = element("blockquote", {}, found.quote);
  return element(
    "li",
    { class: "source", id: `${id}-source-${found.number}`, tabindex: "-1" },
    element("span", { class: "number" }, unseen("Source "), String(found.number)),
    element(
      "div",
      {},
      title(found),
      element("p", { class: "about" }, about.join(" · ")),
      element("details", {}, element("summary", {}, "The words quoted"), quote),
    ),
  );
}

function title(found) {
  if (!/^https?:\/\//i.test(found.url)) return element("p", { class: "title" }, found.title);
  const link = element(
    "a",
    { href: found.url, target: "_blank", rel: "noopener noreferrer" },
    found.title,
    element("span", { class: "away", "aria-hidden": "true" }, "\u00a0↗"),
    unseen(" (opens in a new tab)"),
  );
  return element("p", { class: "title" }, link);
}

/** Unfold source `number` of the exchange `id`, and go there. */
export function showSource(id, number) {
  const entry = document.getElementById(`${id}-source-${number}`);
  entry.querySelector("details").open = true;
  entry.focus({ preventScroll: true });
  entry.scrollIntoView({ block: "nearest" });
}
