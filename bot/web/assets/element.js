// Building the page's parts. Text only ever becomes text: nothing here reads markup.

/** An element with attributes, listeners (`onclick: f`) and children (false and null left out). */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== false && child != null));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** A shape of a picture, with attributes and children. */
export function shape(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** A link that opens in a tab of its own, and says so. */
export function away(url, text) {
  return element(
    "a",
    { href: url, target: "_blank", rel: "noopener noreferrer" },
    text,
    element("span", { class: "away", "aria-hidden": "true" }, "\u00a0↗"),
    unseen(" (opens in a new tab)"),
  );
}

/** A button of a look (its class) that does `act` when pressed. */
export function button(look, act, ...children) {
  return element("button", { class: look, type: "button", onclick: act }, ...children);
}

/** Text that only a screen reader says. */
export function unseen(text) {
  return element("span", { class: "unseen" }, text);
}

let announcer;
/** Say something once through the page's one live region. */
export function announce(text) {
  announcer ??= document.getElementById("announcer");
  announcer.replaceChildren();
  // emptied first, so that the same words twice are said twice
  setTimeout(() => announcer.replaceChildren(text), 60);
}

/** One against several: `count(2, "source")` is "2 sources". */
export function count(number, noun, plural = `${noun}s`) {
  return `${number} ${number === 1 ? noun : plural}`;
}
