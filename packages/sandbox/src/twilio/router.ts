// Every operation the sandbox serves, found by method, product and path. What is not here answers 404 in Twilio's words.

import { accounts } from "./resources/accounts.ts";
import { calls } from "./resources/calls.ts";
import { lookups } from "./resources/lookups.ts";
import { messages } from "./resources/messages.ts";
import { numbers } from "./resources/numbers.ts";
import { pricing } from "./resources/pricing.ts";
import { services } from "./resources/services.ts";
import { usage } from "./resources/usage.ts";
import { verify } from "./resources/verify.ts";
import type { Handler } from "./world.ts";

interface Node {
  readonly words: Map<string, Node>;
  id?: Node;
  readonly handlers: Map<string, Handler>;
}

const newNode = (): Node => ({ words: new Map(), handlers: new Map() });
const root = newNode();

// "POST verify v2/Services/*/Verifications": method, product, path below the product's host; of the api product, below
// /2010-04-01/Accounts/{sid}. A star is an id.
for (const table of [messages, calls, numbers, accounts, usage, verify, lookups, pricing, services]) {
  for (const [pattern, handler] of Object.entries(table)) {
    const [method = "", host = "", path = ""] = pattern.split(" ");
    let node = child(root, host);
    for (const word of path === "" ? [] : path.split("/")) {
      node = word === "*" ? (node.id ??= newNode()) : child(node, word);
    }
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

export type Found =
  | { readonly kind: "found"; readonly handler: Handler; readonly ids: readonly string[] }
  | { readonly kind: "wrong_method" }
  | undefined;

/** Words win over ids, so `IncomingPhoneNumbers/Local` is never a number called "Local". */
export function findHandler(method: string, host: string, segments: readonly string[]): Found {
  let node = root.words.get(host);
  const ids: string[] = [];
  for (const segment of segments) {
    const word = node?.words.get(segment);
    if (word !== undefined) {
      node = word;
      continue;
    }
    if (node?.id === undefined || segment === "") return undefined;
    ids.push(segment);
    node = node.id;
  }
  if (node === undefined || node.handlers.size === 0) return undefined;
  const handler = node.handlers.get(method);
  return handler === undefined ? { kind: "wrong_method" } : { kind: "found", handler, ids };
}
