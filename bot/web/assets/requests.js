// The one address this page talks to.

const PATIENCE = 60_000;
const UNREACHED =
  "The assistant could not be reached. See that it is still running, then try again.";

/** Why there is no answer, as a sentence for the reader. */
export class Unanswered extends Error {}

/** Post one request and return its reply, or throw `Unanswered`. */
export async function request(body) {
  const response = await posted(body);
  const found = await response.json().catch(() => null);
  if (response.ok && found) return found;
  throw new Unanswered(found?.error ?? `No readable answer came (${response.status}).`);
}

async function posted(body) {
  try {
    return await fetch("/page/requests", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    throw new Unanswered(UNREACHED);
  }
}
