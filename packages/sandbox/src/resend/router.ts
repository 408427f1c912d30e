// Every operation the sandbox serves, found by method and path. What is not here answers 404 or 405 in Resend's words.

import { methodNotAllowed, noEndpoint } from "./errors.ts";
import type { Handler } from "./handler.ts";
import { account } from "./resources/account.ts";
import { broadcasts } from "./resources/broadcasts.ts";
import { contacts } from "./resources/contacts.ts";
import { emails } from "./resources/emails.ts";
import { inboxes } from "./resources/inboxes.ts";

interface Node {
  readonly words: Map<string, Node>;
  id?: Node;
  readonly handlers: Map<string, Handler>;
}

const newNode = (): Node => ({ words: new Map(), handlers: new Map() });
const root = newNode();

for (const table of [emails, broadcasts, contacts, account, inboxes]) {
  for (const [pattern, handler] of Object.entries(table)) {
    const [method = "", path = ""] = pattern.split(" ");
    let node = root;
    for (const word of path.split("/")) node = word === "*" ? (node.id ??= newNode()) : child(node, word);
    node.handlers.set(method, handler);
  }
}

function child(node: Node, word: string): Node {
  const known = node.words.get(word);
  if (known !== undefined) return known;
  const made = newNode();
  node.words.set(word, made);
  return made;
}

/** Words win over ids, so `emails/batch` is never an email called "batch". */
export function findHandler(
  method: string,
  segments: readonly string[],
): { readonly handler: Handler; readonly ids: readonly string[] } {
  let node = root;
  const ids: string[] = [];
  for (const segment of segments) {
    const word = node.words.get(segment);
    if (word === undefined && (node.id === undefined || segment === "")) throw noEndpoint();
    if (word === undefined) ids.push(segment);
    node = word ?? node.id ?? root;
  }
  const handler = node.handlers.get(method);
  if (handler !== undefined) return { handler, ids };
  throw node.handlers.size === 0 ? noEndpoint() : methodNotAllowed();
}

/** The decoded segments of a path. A gullible vendor also believes what a careful one would refuse to read. */
export function segmentsOf(path: string, gullible: boolean): readonly string[] {
  if (!gullible) return path.split("/").slice(1).map(decode);
  const segments: string[] = [];
  for (const part of decode(path).split("/")) {
    if (part === "..") segments.pop();
    else if (part !== "" && part !== ".") segments.push(part);
  }
  return segments;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw noEndpoint();
  }
}
