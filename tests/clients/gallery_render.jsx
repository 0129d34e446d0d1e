// Draws a reply as Slack and as Teams get it, by renderers that others wrote.
import React from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { Message } from "slack-blocks-to-jsx";
import * as AdaptiveCards from "adaptivecards";

const LOGO =
  "data:image/svg+xml," +
  encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#1f8a8a"/></svg>');
const TIME = new Date(Date.UTC(2026, 11, 1, 10, 0));
const FACE = '"Liberation Sans", sans-serif';
// As Teams has it, in what shows on a picture.
const HOST = new AdaptiveCards.HostConfig({
  fontFamily: FACE,
  fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
  spacing: { small: 6, default: 8, medium: 12, large: 20, extraLarge: 24, padding: 12 },
  supportsInteractivity: true,
  actions: { maxActions: 6, buttonSpacing: 8, actionsOrientation: "horizontal", actionAlignment: "left" },
  containerStyles: {
    default: {
      foregroundColors: {
        default: { default: "#242424", subtle: "#616161" },
        accent: { default: "#4f52b2", subtle: "#4f52b2" },
        attention: { default: "#c4314b", subtle: "#c4314b" },
      },
    },
  },
});

// This renderer looks for marks and mentions in plain text too, where Slack looks for none; it
// leaves alone what is marked as verbatim.
const verbatim = (block) => ({
  ...block,
  ...(["actions", "context"].includes(block.type) && { elements: block.elements.map(said) }),
});

const said = (one) => ({ ...one, ...(one.text?.text ? { text: said(one.text) } : { verbatim: true }) });

const message = (blocks, more) => (
  <Message
    theme="light"
    blocks={blocks.map(verbatim)}
    logo={LOGO}
    name="Outcomes"
    time={TIME}
    {...more}
  />
);

const view = (shown) => (
  <div className="view">
    <header>{shown.title.text}</header>
    <div>{message(shown.blocks, { withoutWrapper: true })}</div>
    <footer>
      {[shown.close, shown.submit].filter(Boolean).map((one) => (
        <span key={one.text}>{one.text}</span>
      ))}
    </footer>
  </div>
);

let root;

function slack(shown) {
  root?.unmount();
  const place = document.createElement("div");
  document.querySelector("#slack").replaceChildren(heading("Slack's blocks, by slack-blocks-to-jsx"), place);
  root = createRoot(place);
  flushSync(() => root.render(shown.blocks && shown.type ? view(shown) : message(shown.blocks)));
}

function teams({ html, cards, generated, rated }) {
  const parts = [heading("Teams' message and cards, by markdown-it and adaptivecards")];
  parts.push(made("div", "from", `<b>Outcomes</b>${generated ? "<i>AI generated</i>" : ""}`));
  if (html) parts.push(made("div", "text", html));
  for (const json of cards) {
    const card = new AdaptiveCards.AdaptiveCard();
    card.hostConfig = HOST;
    card.parse(json);
    const frame = made("div", "card", "");
    frame.append(card.render());
    parts.push(frame);
  }
  if (rated) parts.push(made("div", "rate", "Teams' own thumbs stand here."));
  document.querySelector("#teams").replaceChildren(...parts);
}

function heading(text) {
  const line = document.createElement("h1");
  line.textContent = text;
  return line;
}

function made(tag, name, html) {
  const element = document.createElement(tag);
  element.className = name;
  element.innerHTML = html;
  return element;
}

window.draw = (shown) => {
  slack(shown.slack);
  teams(shown.teams);
};
