// A reply whose lines name their sources by title: the titles become links, in place of the [n].

import { away } from "./element.js";

// Characters for private use, which no text needs, hold the places until elements stand there.
const FIRST = 0xe001;
const PLACES = /[\ue000-\uf8ff]/g;
export const GONE = "\ue000"; // where a [n] stood that a link made needless
export const LINK = /([\ue001-\uf8ff])/; // where a link is to stand

/** The body of a reply with places for links, what stands at each, and the sources left to list. */
export function linking({ body, citations, linked, links }) {
  const plain = body.replace(PLACES, "");
  if (!linked) return { body: plain, listed: citations };
  // the longest first, lest a title be found in another
  const longest = [...citations].sort((one, other) => other.title.length - one.title.length);
  const named = (line) => longest.reduce((so, one) => naming(so, one, links), line);
  const placed = plain.split("\n").map(named).join("\n");
  const link = (place) => {
    const found = citations.find((one) => placeOf(one) === place);
    return found ? away(links[found.number], found.title) : "";
  };
  return { body: placed, link, listed: citations.filter((one) => placed.includes(mark(one))) };
}

/** A line with a place for the link of a source that it names, or without the mark of one that
    leads nowhere. */
function naming(line, found, links) {
  if (!line.includes(mark(found))) return line;
  if (!found.url) return unmarked(line, found);
  if (!links[found.number] || !line.includes(found.title)) return line;
  return unmarked(line.replace(found.title, placeOf(found)), found);
}

function unmarked(line, found) {
  return line.replaceAll(` ${mark(found)}`, GONE).replaceAll(mark(found), GONE);
}

function placeOf({ number }) {
  return String.fromCharCode(FIRST + number);
}

function mark({ number }) {
  return `[${number}]`;
}
