// The run behind the server that sent this page; local.js has the same interface.

import { unpack } from "./bundle.js";

const GONE = "The server does not answer any more: start it again, and ask again.";

/** What browsers say of a connection that fails ("Failed to fetch", "network error") helps nobody. */
async function connected(waiting) {
  try {
    return await waiting;
  } catch (error) {
    throw error instanceof TypeError ? new Error(GONE) : error;
  }
}

/** Ask the server, about the run that the page's address names. */
async function get(path, options = {}) {
  const address = new URL(path, location.href);
  const run = new URLSearchParams(location.search).get("run");
  if (run) address.searchParams.set("run", run);
  const response = await connected(fetch(address, options));
  if (response.status === 401) location.assign("login.html");
  if (!response.ok) throw new Error((await message(response)) ?? `the server said ${response.status}`);
  return response;
}

async function message(response) {
  try {
    return (await response.json()).error.message;
  } catch {
    return null;
  }
}

const json = async (path) => (await get(path)).json();

function post(path, body, signal) {
  const headers = { "content-type": "application/json" };
  return get(path, { method: "POST", headers, body: JSON.stringify(body), signal });
}

/** The objects of a stream of server-sent events. */
async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (;;) {
    const { value, done } = await connected(reader.read());
    if (done) return;
    const parts = (waiting + value).split("\n\n");
    waiting = parts.pop();
    for (const part of parts) {
      if (part.startsWith("data: ")) yield JSON.parse(part.slice(6));
    }
  }
}

export async function openRemote() {
  return new RemoteRun();
}

class RemoteRun {
  about() {
    return json("api/about");
  }

  complete(text) {
    return json(`api/complete?text=${encodeURIComponent(text.slice(-200))}`);
  }

  async *ask(typed, { guess = false, before = [], signal } = {}) {
    yield* events(await post("api/ask", { question: typed, guess, before }, signal));
  }

  async *read(title, { signal } = {}) {
    yield* events(await post("api/read", { title }, signal));
  }

  learning() {
    return json("api/learning");
  }

  ledger() {
    return json("api/ledger");
  }

  /** The network itself, for looking inside; fetched once. */
  async open() {
    this.model ??= unpack(new Uint8Array(await (await get("api/bundle")).arrayBuffer()));
    return this.model;
  }
}
