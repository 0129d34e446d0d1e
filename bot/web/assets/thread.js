// The thread beside the channel (over it where there is no room).

import { exchangeItem } from "./message.js";

const NARROW = matchMedia("(max-width: 63.99rem)");

export class ThreadPanel {
  /** `doing(exchange)` gives what the buttons of an exchange do. */
  constructor(doing) {
    this.doing = doing;
    this.panel = document.getElementById("thread");
    this.title = document.getElementById("thread-title");
    this.list = document.getElementById("exchanges");
    this.skip = document.getElementById("skip"); // to the box that is written in next
  }

  /** Whether the thread covers the channel. */
  get covers() {
    return NARROW.matches;
  }

  show(thread) {
    this.list.replaceChildren(...thread.exchanges.map((one) => exchangeItem(one, this.doing(one))));
    this.panel.hidden = false;
    document.body.classList.add("threaded");
    this.skip.href = "#thread-text";
    this.reach(thread.exchanges.at(-1));
  }

  hide() {
    this.panel.hidden = true;
    document.body.classList.remove("threaded");
    this.skip.href = "#channel-text";
    this.list.replaceChildren();
  }

  /** Draw one exchange, new or changed. True where the focus stood inside what it replaced. */
  draw(exchange) {
    const item = exchangeItem(exchange, this.doing(exchange));
    const before = document.getElementById(item.id);
    const held = before?.contains(document.activeElement) ?? false;
    if (before) before.replaceWith(item);
    else this.list.append(item);
    this.reach(exchange);
    return held;
  }

  /** Bring the start of an exchange to the top, so that an answer is read from its beginning. */
  reach(exchange) {
    document.getElementById(`exchange-${exchange.id}`)?.scrollIntoView({ block: "start" });
  }
}
