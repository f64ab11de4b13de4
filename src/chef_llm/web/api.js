// Calls of the API beside this page, and what can go wrong with them.

const KEY = "chef.key";
// This module stands in page/VERSION/, the API two folders above: under any stage or base path.
const ROOT = new URL("../../", import.meta.url);

// What went wrong: `kind` names what the page does about it.
export class Problem extends Error {
  constructor(kind, { message = "", param = null } = {}) {
    super(message || kind);
    this.kind = kind;
    this.message = message;
    this.param = param;
  }
}

let keyOfThisPage = null;

export function useKey(key) {
  keyOfThisPage = key;
  try {
    sessionStorage.setItem(KEY, key);
  } catch {
    // Storage is switched off: the key lives as long as the page.
  }
}

function storedKey() {
  try {
    return keyOfThisPage ?? sessionStorage.getItem(KEY);
  } catch {
    return keyOfThisPage;
  }
}

async function post(path, body, signal) {
  const key = storedKey();
  const headers = { "content-type": "application/json" };
  if (key) headers.authorization = `Bearer ${key}`;
  const options = {
    method: "POST",
    headers,
    body: JSON.stringify(body),
    signal,
    cache: "no-store",
  };
  let response;
  try {
    response = await fetch(new URL(path, ROOT), options);
  } catch (error) {
    throw error.name === "AbortError" ? error : new Problem("offline");
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

// The application's own errors are OpenAI's shape; API Gateway's (401, 403, 429, 503) are not.
async function problemOf(response) {
  const body = await response.json().catch(() => ({}));
  const { code, message, param } = body.error ?? {};
  if (response.status === 401) return new Problem("key");
  if (response.status === 403) return new Problem("wrongKey");
  if (response.status === 429) return new Problem("busy");
  if (code === "no_menu") return new Problem("noMenu", { message, param });
  if (code === "deadline" || response.status === 504) return new Problem("late");
  if (response.status === 503) return new Problem("resting", { message });
  if (response.status < 500) return new Problem("wrong", { message, param });
  return new Problem("broken");
}

async function answerTo(path, body, signal) {
  const response = await post(path, body, signal);
  try {
    return await response.json();
  } catch (error) {
    throw error.name === "AbortError" ? error : new Problem("offline");
  }
}

export const menus = (order, signal) => answerTo("v1/menus", order, signal);
export const recipes = (order, signal) => answerTo("v1/recipes", order, signal);

// Asks in one sentence and gives each piece of the answer to `onText` as it comes. A server that
// cannot stream sends the same events at once. Returns {guaranteed, cutShort, isWhole}.
export async function chat(request, choice, onText, signal) {
  const messages = [{ role: "user", content: request }];
  const response = await post("v1/chat/completions", { messages, stream: true, ...choice }, signal);
  const end = {
    guaranteed: response.headers.get("x-chef-guaranteed") === "true",
    cutShort: response.headers.has("x-chef-stopped"),
    isWhole: false,
  };
  for await (const data of eventsOf(response.body)) {
    if (data === "[DONE]") return { ...end, isWhole: true };
    const chunk = JSON.parse(data);
    if (chunk.error) throw new Problem("broken", chunk.error);
    end.guaranteed ||= chunk.guaranteed === true;
    end.cutShort ||= chunk.stopped_by_deadline === true;
    const text = chunk.choices[0]?.delta.content;
    if (text) onText(text);
  }
  return end;
}

// Yields the data of each server-sent event; an event ends with an empty line.
async function* eventsOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const events = (waiting + value).split(/\r?\n\r?\n/);
    waiting = events.pop();
    for (const event of events) {
      if (event.startsWith("data:")) yield event.slice("data:".length).trim();
    }
  }
}
