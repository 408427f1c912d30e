/** For the tests beside this file: a gateway with the model store and one vendor, over real sockets. Never imported by the product. */
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  convertToUsd,
  formatId,
  formatToken,
  formatUsd,
  instant,
  invariant,
  parseEcbCsv,
  priceOf,
  Secret,
  type AuditRow,
  type Credential,
  type VaultKey,
  type Vendor,
} from "@keybrake/core";
import { cap, makeKey, MemoryStore, TestClock, usd } from "@keybrake/testing";
import { createGateway, type GatewayEvent } from "./index.ts";

const RATES = parseEcbCsv("Date,USD,JPY\n2026-11-23,1.25,150\n2026-11-20,1.20,150\n2026-11-19,1.20,150\n");

export interface VendorBench extends AsyncDisposable {
  readonly key: VaultKey;
  readonly clock: TestClock;
  readonly events: readonly GatewayEvent[];
  /** `line` is without the vendor's prefix; a body that is no text goes as JSON. */
  send(line: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<VendorBenchAnswer>;
  /** Of the key's first cap: "settled held", in dollars. */
  standing(): Promise<string>;
  /** The newest first. */
  rows(): Promise<readonly AuditRow[]>;
}

interface VendorBenchAnswer {
  readonly status: number;
  readonly refusal: string | null;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

export interface VendorBenchOptions {
  readonly vendor: Vendor;
  /** Where the vendor's requests go. */
  readonly baseUrl: string;
  readonly secret: string;
  readonly accountId?: string;
  readonly key?: Partial<VaultKey>;
}

export async function openVendorBench(options: VendorBenchOptions): Promise<VendorBench> {
  const { vendor } = options;
  const clock = new TestClock();
  const store = new MemoryStore({ now: clock.now });
  const token = formatToken("vault_test", randomBytes(128));
  const key = makeKey(clock.now(), {
    vendor: vendor.id,
    tokenHash: createHash("sha256").update(token).digest("hex"),
    caps: [cap(usd(1), { window: "total" })],
    ...options.key,
  });
  await store.issueKey(key);
  const credential: Credential = {
    id: key.credentialId,
    vendor: vendor.id,
    name: "main",
    livemode: true,
    sandbox: false,
    accountId: options.accountId ?? null,
    isDefault: true,
    createdAt: clock.now(),
    rotatedAt: null,
    removedAt: null,
  };
  const events: GatewayEvent[] = [];
  const gateway = createGateway({
    store,
    vendors: [vendor],
    credentials: { get: () => Promise.resolve({ credential, secret: new Secret(options.secret) }) },
    baseOf: () => ({ kind: "at", url: options.baseUrl }),
    price: ({ rateCard }, from, { operation, unit, qualifiers }) => {
      const price = from === "file" || rateCard === null ? null : priceOf(rateCard, operation, unit, qualifiers);
      if (price === null) return { kind: "none", why: "It is on no card." };
      return { kind: "price", price: price.each, source: price.source, asOf: price.asOf };
    },
    publicUrl: () => null,
    convert: (amount, now) => convertToUsd(RATES, amount, now),
    newCallId: () => formatId("call", instant(Date.now()), randomBytes(16)),
    log: (event) => events.push(event),
  });
  const server = createServer((request, response) => gateway.handle(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  /* oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port */
  const { port } = server.address() as AddressInfo;
  return {
    key,
    clock,
    events,
    async send(line, body, headers = {}) {
      const [method = "", path = ""] = line.split(" ");
      const isText = typeof body === "string";
      const answer = await fetch(`http://127.0.0.1:${port}/${vendor.id}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined || isText ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
        redirect: "manual",
      });
      const text = await answer.text();
      const json: unknown = text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : null;
      const refusal = answer.headers.get("keybrake-refusal");
      return { status: answer.status, refusal, headers: answer.headers, text, json };
    },
    async standing() {
      const budget = (await store.getKey(key.id))?.budgets[0];
      invariant(budget !== undefined, "the key has a cap");
      return `${formatUsd(budget.settled)} ${formatUsd(budget.held)}`;
    },
    async rows() {
      return (await store.queryCalls({}, { limit: 100, cursor: null })).rows;
    },
    async [Symbol.asyncDispose]() {
      await gateway.close({ deadlineMs: 0 });
      server.closeAllConnections();
      server.close();
    },
  };
}
