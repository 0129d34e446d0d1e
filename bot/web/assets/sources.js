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

/** The sources that stand in a form, whose words are quoted there already: only the links. */
export function sourceLinks(id, citations) {
  const items = citations.map((found) => source(id, found, false));
  return element("ol", { class: "sources", "aria-label": "Sources" }, ...items);
}

function source(id, found, quoting = true) {
  const about = [found.councils.join(", "), found.year, KINDS[found.kind]].filter(Boolean);
  return element(
    "li",
    { class: "source", id: `${id}-source-${found.number}`, tabindex: "-1" },
    element("span", { class: "number" }, unseen("Source "), String(found.number)),
    element(
      "div",
      {},
      title(found),
      element("p", { class: "about" }, about.join(" · ")),
      quoting && quoted(found.quote),
    ),
  );
}

function quoted(words) {
  const quote = element("blockquote", {}, words);
  return element("details", {}, element("summary", {}, "The words quoted"), quote);
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

/** Unfold source `number` of the exchange or form `id`, and go there. */
export function showSource(id, number) {
  const entry = document.getElementById(`${id}-source-${number}`);
  entry.querySelector("details")?.setAttribute("open", "");
  entry.focus({ preventScroll: true });
  entry.scrollIntoView({ block: "nearest" });
}
