/**
 * Resend's published operations: what the npm package `resend` can send, and what Resend's OpenAPI description lists. The package
 * is asked and not read: the global `fetch` is replaced, every method of every resource is called with dummy payloads, and what
 * would have been sent is written down. So a new release of the package shows up here by itself.
 *
 * Traps (6.38.0): the same method sends elsewhere for another payload (`audienceId`), so each is called with several; a payload
 * without an id makes the id vanish from the path (`/inboxes/`, `/topics/undefined`), so such paths are thrown away; inbox paths
 * come from a helper. Where no payload of ours makes a method send anything, this throws instead of leaving it out.
 *
 * The description is Resend's OpenAPI 1.5.0 (github.com/resend/resend-openapi, read 2026-08-21), as "METHOD /path/{}".
 */
import { Resend } from "resend";
import type { PublishedOperation } from "./published.ts";
import described from "./resend-spec-2026-08-21.json" with { type: "json" };

/** Stands for every id. No path of Resend's has such a word of its own. */
const ID = "keybrake-id";
const IDS = Object.fromEntries(
  "id contactId segmentId automationId runId webhookId eventId emailId inboxId threadId draftId labelId"
    .split(" ")
    .map((name) => [name, ID]),
);
const CONTENT = {
  ...IDS,
  from: "a@example.com",
  to: "b@example.com",
  subject: "s",
  text: "t",
  event: "e",
  steps: [],
  connections: [],
};
const FIRST_ARGUMENTS: readonly unknown[] = [
  ID,
  CONTENT,
  { ...CONTENT, audienceId: ID },
  // The same with an email address instead of an id, and a call with nothing at all.
  { ...CONTENT, id: undefined, email: ID },
  [CONTENT],
  undefined,
];

/** The inner steps of `forward`: they want an answer that only Resend gives, and send to `/emails` as others do. */
const INNER: ReadonlySet<string> = new Set(["emails.receiving.forwardPassthrough", "emails.receiving.forwardWrapped"]);

/** Sorted by path and method, without repetitions. Replaces the global `fetch` while it runs; nothing leaves the process. */
export async function publishedResend(): Promise<readonly PublishedOperation[]> {
  const inPackage = await sentByPackage();
  const inSpec: ReadonlySet<string> = new Set(described);
  return [...new Set([...inSpec, ...inPackage])]
    .map((line) => {
      const [method = "", path = ""] = line.split(" ");
      const source = [inPackage.has(line) ? "npm" : "", inSpec.has(line) ? "spec" : ""].filter((word) => word !== "");
      return { method, path, source: source.join("+") };
    })
    .sort((a, b) => (`${a.path} ${a.method}` < `${b.path} ${b.method}` ? -1 : 1));
}

async function sentByPackage(): Promise<ReadonlySet<string>> {
  const sent = new Set<string>();
  const realFetch = globalThis.fetch;
  let seen: string[] = [];
  globalThis.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    seen.push(`${init?.method ?? "GET"} ${url.pathname}`);
    return Promise.resolve(Response.json({}));
  };
  try {
    const resend: object = new Resend("re_nobody", { baseUrl: "http://resend.invalid" });
    for (const { name, sends, call } of methodsOf(resend, "")) {
      seen = [];
      for (const first of FIRST_ARGUMENTS) await quietly(() => call(first, CONTENT));
      const whole = seen.filter(isWhole).map((line) => line.replaceAll(ID, "{}"));
      if (whole.length === 0 && sends && !INNER.has(name))
        throw new Error(`no payload makes resend.${name} send a request`);
      for (const line of whole) sent.add(line);
    }
  } finally {
    globalThis.fetch = realFetch;
  }
  return sent;
}

/** Whether every id stands in the path: none is empty, missing, or an object that became a text. */
function isWhole(line: string): boolean {
  return line
    .slice(line.indexOf("/") + 1)
    .split("/")
    .every((segment) => segment !== "" && segment !== "undefined" && !/%|\[/.test(segment));
}

interface Method {
  /** `contacts.segments.add` */
  readonly name: string;
  /** Whether its own text uses the client; signature checks and helpers do not. */
  readonly sends: boolean;
  readonly call: (first: unknown, second: unknown) => unknown;
}

/** The methods of all resources below `parent`; its own, which send whatever they are given, are not among them. */
function methodsOf(parent: object, prefix: string): readonly Method[] {
  return Object.entries(parent).flatMap(([field, resource]: [string, unknown]) => {
    if (!isResource(resource) || field === "resend") return [];
    const name = `${prefix}${field}`;
    const prototype: unknown = Object.getPrototypeOf(resource);
    const own = Object.getOwnPropertyNames(prototype).filter((method) => method !== "constructor");
    const methods = own.map((method) => ({
      name: `${name}.${method}`,
      sends: String(Reflect.get(resource, method)).includes("this.resend."),
      call: (first: unknown, second: unknown): unknown => {
        const callee: unknown = Reflect.get(resource, method);
        return typeof callee === "function" ? Reflect.apply(callee, resource, [first, second]) : undefined;
      },
    }));
    return [...methods, ...methodsOf(resource, `${name}.`)];
  });
}

/** Resources are of classes of the package; its headers and settings are not. */
function isResource(value: unknown): value is object {
  return typeof value === "object" && value !== null && !(value instanceof Headers);
}

/** A payload that a method cannot use is no news: others can be. */
async function quietly(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch {
    // What was sent before it failed is kept.
  }
}
