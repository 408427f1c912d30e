/** A control API over the model store, asked through its front door. Whatever it answers is held against the contract and searched for secrets. */
import { createHash, randomBytes } from "node:crypto";
import { formatId, formatInstant, parseEcbCsv, type Store } from "@keybrake/core";
import { MemoryStore, TestClock } from "@keybrake/testing";
import { stripe } from "@keybrake/vendors";
import { expect } from "vitest";
import type { z } from "zod";
import { createApi, type Api } from "./app.ts";
import { contract, ROUTE_NAMES, type RouteName } from "./contract.ts";
import type { ApiDependencies, ApiEvent } from "./handler.ts";
import { errorAnswer } from "./schemas.ts";

export const ADMIN = "bootstrap-key-of-the-tests";
export const LIVE_SECRET = "sk_live_51TheRealSecretOfTheTests";
export const TEST_SECRET = "sk_test_51TheOtherSecretOfTheTests";

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

// oxlint-disable-next-line typescript/no-explicit-any -- answers are read by tests, which know what they asked for
export type Body = Record<string, any>;

export type Content = NonNullable<RequestInit["body"]>;

export interface Answer {
  readonly status: number;
  readonly body: Body;
  readonly headers: Headers;
  readonly text: string;
}

export interface Sent {
  /** A bearer token; the bootstrap key when absent, no header at all when null. */
  readonly as?: string | null;
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: Content;
  readonly headers?: Readonly<Record<string, string>>;
}

export class World {
  readonly clock: TestClock = new TestClock();
  readonly memory: MemoryStore = new MemoryStore({ now: this.clock.now });
  readonly log: ApiEvent[] = [];
  readonly forgotten: string[] = [];
  /** What the API did to the store and the gateway, in order; tests add to it. */
  readonly steps: string[] = [];
  drain: () => Promise<number> = async () => 0;
  readonly api: Api;
  /** Whatever must never be in an answer or in the log. */
  readonly #hidden: Set<string> = new Set([ADMIN, sha256(ADMIN), LIVE_SECRET, TEST_SECRET]);

  constructor(more: { readonly store?: Store } & Partial<ApiDependencies> = {}) {
    const { memory } = this;
    const today = formatInstant(this.clock.now()).slice(0, 10);
    this.api = createApi({
      store: memory,
      vendors: [stripe],
      vault: { seal: (secret, { id }) => new TextEncoder().encode(`sealed for ${id}: ${sha256(secret)}`) },
      version: "1.2.3",
      forgetCredential: (id) => this.forgotten.push(id),
      drainKey: async (id) => {
        this.steps.push((await memory.getKey(id))?.key.revokedAt === null ? "drained alive" : "drained dead");
        return this.drain();
      },
      prices: {
        cards: () => [],
        rates: () => ({ table: parseEcbCsv(`Date,USD\n${today},1.1\n`), from: "file", fetchedAt: null }),
        refresh: async () => ({ kind: "refreshed", files: 0, livePricesForgotten: 0, feed: { kind: "off" } }),
      },
      newId: (prefix) => formatId(prefix, this.clock.now(), randomBytes(16)),
      randomBytes: (count) => randomBytes(count),
      sha256,
      now: () => this.clock.now(),
      baseUrl: () => "http://127.0.0.1:4747",
      bootstrapApiKey: ADMIN,
      log: (event) => this.log.push(event),
      ...more,
    });
  }

  async send(method: string, path: string, sent: Sent = {}): Promise<Answer> {
    const { as = ADMIN } = sent;
    const payload = sent.raw ?? (sent.body === undefined ? null : JSON.stringify(sent.body));
    const response = await this.api.fetch(
      new Request(`http://127.0.0.1:4747${path}`, {
        method,
        headers: {
          ...(as === null ? {} : { authorization: `Bearer ${as}` }),
          ...(payload === null ? {} : { "content-type": "application/json" }),
          ...sent.headers,
        },
        ...(payload === null ? {} : { body: payload, duplex: "half" }),
      }),
    );
    const text = await response.text();
    const body = (text === "" ? {} : JSON.parse(text)) as Body; // every answer is an object, which the schemas check below
    this.#check(method, path, response, text, body);
    return { status: response.status, body, headers: response.headers, text };
  }

  /** For what must work before the test begins. */
  async make(method: string, path: string, sent: Sent = {}): Promise<Body> {
    const answer = await this.send(method, path, sent);
    expect(answer, answer.text).toMatchObject({ status: method === "POST" && !path.endsWith("/rotate") ? 201 : 200 });
    return answer.body;
  }

  async addCredential(name: string = "main", secret: string = TEST_SECRET, more: Body = {}): Promise<Body> {
    return this.make("POST", "/vault/credentials", { body: { vendor: "stripe", name, secret, ...more } });
  }

  /** Its token. */
  async apiKey(scopes: readonly string[], ceilings?: Body): Promise<string> {
    const body = { name: scopes.join("+"), scopes, ...(ceilings === undefined ? {} : { ceilings }) };
    return String((await this.make("POST", "/vault/api-keys", { body }))["api_key"]);
  }

  async issue(more: Body = {}, as: string | null = ADMIN): Promise<Body> {
    const body = { vendor: "stripe", total_usd_cap: 50, allowed_endpoints: ["GET /v1/**"], ...more };
    return this.make("POST", "/vault/keys", { body, as });
  }

  /** The log, as it would be written. */
  logged(): string {
    const text = JSON.stringify(this.log);
    for (const hidden of this.#hidden) expect(text).not.toContain(hidden);
    return text;
  }

  #check(method: string, path: string, response: Response, text: string, body: Body): void {
    const where = `${method} ${path} -> ${response.status} ${text}`;
    expect(response.headers.get("content-type"), where).toBe("application/json");
    expect(response.headers.get("cache-control"), where).toBe("no-store");
    expect(response.headers.get("x-content-type-options"), where).toBe("nosniff");
    if (response.status === 401) expect(response.headers.get("www-authenticate"), where).toMatch(/^Bearer/);
    for (const hidden of this.#hidden) expect(text, where).not.toContain(hidden);
    this.logged();
    // Shown once, here; from now on never again.
    for (const token of [body["vault_key"], body["api_key"]])
      if (typeof token === "string") this.#hidden.add(token).add(sha256(token));
    if (method === "HEAD") return expect(text).toBe("");
    const name = routeOf(method, path);
    const schema: z.ZodType = response.ok && name !== null ? contract[name].answer : errorAnswer;
    expect(schema.safeParse(body).error, where).toBeUndefined();
    if (!response.ok && name !== null) expect(response.status === 405, where).toBe(false);
  }
}

function routeOf(method: string, path: string): RouteName | null {
  const [bare = ""] = path.split("?");
  return (
    ROUTE_NAMES.find((name) => {
      const { method: theirs, path: template } = contract[name];
      return theirs === method && new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(bare);
    }) ?? null
  );
}
