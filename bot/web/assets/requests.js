// The addresses this page talks to.

import { packed } from "./files.js";

const PATIENCE = 60_000;
const UNREACHED =
  "The assistant could not be reached. See that it is still running, then try again.";

/** Why there is no answer, as a sentence for the reader. */
export class Unanswered extends Error {}

/** Post one request and return its reply, or throw `Unanswered`. */
export async function request(body) {
  const response = body.files
    ? await posted("/page/files", { ...body, files: await withFiles(body.files) })
    : await posted("/page/requests", body);
  const found = await response.json().catch(() => null);
  if (response.ok && found) return found;
  throw new Unanswered(found?.error ?? `No readable answer came (${response.status}).`);
}

async function withFiles(files) {
  try {
    return await packed(files);
  } catch {
    throw new Unanswered("The file could not be read. Attach it again.");
  }
}

/** The messages that wait for a person, and the posts that wait for the channel; none where they
    cannot be had, since it is asked again. */
export async function waiting(person) {
  const none = { messages: [], posts: [] };
  try {
    const response = await posted("/page/messages", { as: person });
    return response.ok ? { ...none, ...(await response.json()) } : none;
  } catch {
    return none;
  }
}

async function posted(address, body) {
  try {
    return await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    throw new Unanswered(UNREACHED);
  }
}
