// The sources under an answer, and the way from a [n] to its source.

import { away, count, element, unseen } from "./element.js";

const KINDS = {
  outcome: "Outcome",
  framework: "Framework",
  "case-study": "Case study",
  guidance: "Guidance",
  report: "Report",
  project: "Project",
  question: "Question asked here",
};

const LINKABLE = /^https?:\/\/[\p{L}\p{N}_.:-]+(?:[/?#][^\\]*)?$/iu; // with a plain host

/** Sources of an answer, each with the words quoted folded away. */
export function sourceList(id, citations) {
  const heading = `${id}-sources`;
  const items = citations.map((found) => source(id, found));
  return element(
    "div",
    { class: "sources" },
    element("h3", { id: heading }, count(citations.length, "source")),
    element("ol", { "aria-labelledby": heading }, ...items),
  );
}

/** The sources that stand in a form, whose words are quoted there already: only the links. */
export function sourceLinks(id, citations) {
  const items = citations.map((found) => source(id, found, false));
  return element("ol", { class: "sources", "aria-label": "Sources" }, ...items);
}

function source(id, found, quoting = true) {
  const kind = KINDS[found.kind];
  const about = [found.councils.join(", "), found.year, kind, ...stands(found)].filter(Boolean);
  return element(
    "li",
    { class: "source", id: `${id}-source-${found.number}`, tabindex: "-1" },
    element("span", { class: "number" }, unseen("Source "), String(found.number)),
    element(
      "div",
      {},
      title(found),
      element("p", { class: "about" }, about.join(" · ")),
      found.also.length > 0 && element("p", { class: "about" }, "Also: ", ...elsewhere(found)),
      quoting && quoted(found.quote),
    ),
  );
}

/** Where in its text a quote stands, and that a text is not yet confirmed. */
export function stands({ page, heading, confirmed }) {
  const place = page ? `page ${page}` : heading && `under “${heading}”`;
  return [place, !confirmed && "not yet confirmed"].filter(Boolean);
}

function elsewhere({ also }) {
  return also.flatMap(([name, url], place) => [
    place > 0 ? "; " : "",
    LINKABLE.test(url) ? away(url, name) : name,
  ]);
}

function quoted(words) {
  const quote = element("blockquote", {}, words);
  return element("details", {}, element("summary", {}, "The words quoted"), quote);
}

/** The title is the link's words; one that names an address leaves the link to show its own. */
function title(found) {
  const linkable = LINKABLE.test(found.url);
  if (!linkable) return element("p", { class: "title" }, found.title);
  if (!found.names) return element("p", { class: "title" }, away(found.url, found.title));
  return element("p", { class: "title" }, `${found.title} `, away(found.url, found.url));
}

/** Unfold source `number` of the exchange or form `id`, and go there. */
export function showSource(id, number) {
  const entry = document.getElementById(`${id}-source-${number}`);
  entry.querySelector("details")?.setAttribute("open", "");
  entry.focus({ preventScroll: true });
  entry.scrollIntoView({ block: "nearest" });
}
