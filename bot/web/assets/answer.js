// The body of an answer: plain text with "- " items, “quoted” sentences and [n], as elements.

import { button, element, unseen } from "./element.js";
import { GONE, LINK } from "./links.js";

const ITEM = /^\s*- +/;
// quoted from a source: a [n] comes after it, or came
const PARTS = new RegExp(`(“[^”]*”(?=.*(?:\\[\\d+\\]|${GONE}))|\\[\\d+\\])`);

/** Paragraphs and lists. `follow(n)` hears when a reader follows [n]; `known` are the numbers, and
    `link(place)` is what stands where the text has a place for a link. */
export function answerBody(text, { known, follow, link }) {
  const body = element("div", { class: link ? "body linked" : "body" });
  for (const block of blocks(text)) {
    const lines = block.lines.map((line) => inline(line, known, follow, link));
    body.append(block.list ? list(lines) : paragraph(lines, block.over));
  }
  return body;
}

function list(lines) {
  return element("ul", {}, ...lines.map((parts) => element("li", {}, ...parts)));
}

function paragraph(lines, over) {
  const broken = lines.flatMap((parts, at) => (at ? [element("br"), ...parts] : parts));
  return element("p", { class: over && "over" }, ...broken);
}

function blocks(text) {
  const found = [];
  let current = null;
  for (const line of text.split("\n")) {
    const list = ITEM.test(line);
    if (!line.trim()) current = null;
    else if (current?.list === list) current.lines.push(line.replace(ITEM, ""));
    else {
      if (list && current?.lines.length === 1) current.over = true; // a line right above its list
      found.push((current = { list, lines: [line.replace(ITEM, "")] }));
    }
  }
  return joined(found);
}

/** Lists that only blank lines part are one list to the ear. */
function joined(found) {
  const whole = [];
  for (const block of found) {
    const before = whole.at(-1);
    if (block.list && before?.list) before.lines.push(...block.lines);
    else whole.push(block);
  }
  return whole;
}

function inline(line, known, follow, link) {
  return line.split(PARTS).flatMap((part, at) => {
    const number = part.match(/^\[(\d+)\]$/)?.[1];
    if (number && known.has(Number(number))) return reference(Number(number), follow);
    const words = linked(part, link);
    const quoted = at % 2 && part.startsWith("“"); // each second part is one of PARTS
    return quoted ? element("q", {}, ...words) : words;
  });
}

/** Words, with the links that have a place in them. */
function linked(part, link = () => "") {
  const words = part.replaceAll(GONE, "").split(LINK).filter(Boolean);
  return words.map((one) => (LINK.test(one) ? link(one) : one));
}

function reference(number, follow) {
  return button("reference", () => follow(number), unseen("Source "), String(number));
}
