// The body of an answer: plain text with "- " items, “quoted” sentences and [n], as elements.

import { button, element, unseen } from "./element.js";

const ITEM = /^\s*- +/;
const PARTS = /(“[^”]*”(?=.*\[\d+\])|\[\d+\])/; // quoted from a source: a [n] comes after it

/** Paragraphs and lists. `follow(n)` hears when a reader follows [n]; `known` are the numbers. */
export function answerBody(text, known, follow) {
  const body = element("div", { class: "body" });
  for (const block of blocks(text)) {
    const lines = block.lines.map((line) => inline(line, known, follow));
    body.append(block.list ? list(lines) : paragraph(lines));
  }
  return body;
}

function list(lines) {
  return element("ul", {}, ...lines.map((parts) => element("li", {}, ...parts)));
}

function paragraph(lines) {
  const broken = lines.flatMap((parts, at) => (at ? [element("br"), ...parts] : parts));
  return element("p", {}, ...broken);
}

function blocks(text) {
  const found = [];
  let current = null;
  for (const line of text.split("\n")) {
    const list = ITEM.test(line);
    if (!line.trim()) current = null;
    else if (current?.list === list) current.lines.push(line.replace(ITEM, ""));
    else found.push((current = { list, lines: [line.replace(ITEM, "")] }));
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

function inline(line, known, follow) {
  return line
    .split(PARTS)
    .filter(Boolean)
    .map((part) => {
      const number = part.match(/^\[(\d+)\]$/)?.[1];
      if (number && known.has(Number(number))) return reference(Number(number), follow);
      if (part.startsWith("“") && part.endsWith("”")) return element("q", {}, part);
      return part;
    });
}

function reference(number, follow) {
  return button("reference", () => follow(number), unseen("Source "), String(number));
}
