// The sockets of every sandbox: reads requests, records them, lets the fake vendor work, and delivers the answer, or spoils the
// delivery as the fault rules say. Fake money only; it knows no real secret and calls nobody.

import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { performance } from "node:perf_hooks";
import type { VendorControl } from "./control.ts";
import { handleControl } from "./control.ts";
import { Delivery, garbage, reset } from "./delivery.ts";
import type { RecordedRequest } from "./journal.ts";
import { Journal } from "./journal.ts";
import { isObject } from "./json.ts";
import type { MisbehaviourRule, Plan } from "./misbehaviour.ts";
import { Misbehaviours } from "./misbehaviour.ts";
import { seededRandom } from "./random.ts";
import type { Sandbox, SandboxOptions } from "./sandbox.ts";
import type { Admitted, Answer, Arrived, FakeVendor } from "./vendor.ts";

const BODY_BYTES_MAX = 50 * 1024 * 1024;
const CONNECTIONS_MAX = 10_000;
/** Longer than any client's own idle limit, so that it is never the sandbox that closes a connection in use. */
const KEEP_ALIVE_MS = 120_000;
const JOURNAL_REQUESTS_DEFAULT = 20_000;

export interface SandboxParts {
  readonly vendor: FakeVendor;
  readonly secretKey: string;
  readonly seed: number;
  readonly now: () => number;
  readonly control: VendorControl;
}

/** The seed that was asked for, or one of the moment. */
export function seedOf(options: SandboxOptions): number {
  return options.seed ?? Math.floor(Date.now() * 1000 + performance.now() * 1000);
}

export class SandboxServer implements Sandbox {
  readonly secretKey: string;
  readonly #options: SandboxOptions;
  readonly #parts: SandboxParts;
  readonly #vendor: FakeVendor;
  readonly #delivery: Delivery;
  readonly #journal: Journal;
  readonly #misbehaviours: Misbehaviours;
  readonly #server: Server;
  readonly #listeners = new Set<(request: RecordedRequest) => void | Promise<void>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #order = 0;
  #url = "";
  #port = 0;
  #closing = false;

  constructor(options: SandboxOptions, parts: SandboxParts) {
    this.#options = options;
    this.#parts = parts;
    this.#vendor = parts.vendor;
    this.#delivery = new Delivery(parts.vendor);
    this.secretKey = parts.secretKey;
    const record = options.recordRequests ?? true;
    this.#journal = new Journal(record === true ? JOURNAL_REQUESTS_DEFAULT : record === false ? 0 : record);
    // A stream of its own: adding a rule does not change the ids.
    this.#misbehaviours = new Misbehaviours(seededRandom(parts.seed, 2));
    for (const rule of options.failures ?? []) this.#misbehaviours.add(rule);
    this.#server = createServer(
      { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0, noDelay: true },
      (request, response) => {
        this.#receive(request, response);
      },
    );
    this.#server.maxConnections = CONNECTIONS_MAX;
  }

  async listen(): Promise<void> {
    const { port = 0, host = "127.0.0.1" } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, () => {
        this.#server.off("error", reject);
        resolve();
      });
    });
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("a TCP server has an address and a port");
    this.#port = address.port;
    this.#url = `http://${address.family === "IPv6" ? `[${address.address}]` : address.address}:${address.port}`;
  }

  get url(): string {
    return this.#url;
  }

  get port(): number {
    return this.#port;
  }

  journal(): readonly RecordedRequest[] {
    return this.#journal.requests();
  }

  clearJournal(): void {
    this.#journal.clear();
  }

  requestCount(): number {
    return this.#order;
  }

  misbehave(rule: MisbehaviourRule): () => void {
    return this.#misbehaviours.add(rule);
  }

  clearMisbehaviour(): void {
    this.#misbehaviours.clear();
  }

  onRequest(listener: (request: RecordedRequest) => void | Promise<void>): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  reset(): void {
    this.#vendor.reset();
    this.#misbehaviours.clear();
    this.#journal.clear();
    this.#order = 0;
  }

  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  // A request's way ----------------------------------------------------------------------------------------------------

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > BODY_BYTES_MAX) request.destroy();
      else chunks.push(chunk);
    });
    // A client that goes away in the middle has sent no request.
    request.on("error", () => {});
    response.on("error", () => {});
    request.on("end", () => {
      const only = chunks[0];
      this.#arrived(request, chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks), response);
    });
  }

  #arrived(incoming: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const target = incoming.url ?? "/";
    // RFC 9112 section 3.2.2: a server must accept the absolute form.
    const local = target.startsWith("/") ? target : target.replace(/^[a-z]+:\/\/[^/]*/i, "");
    const question = local.indexOf("?");
    const path = question < 0 ? local : local.slice(0, question);
    const query = question < 0 ? "" : local.slice(question + 1);
    const control = path.startsWith("/_sandbox/") && path !== "/_sandbox/elsewhere";
    if (control && this.#options.controlPlane !== false) {
      const asked = { method: incoming.method ?? "GET", path, query, body };
      handleControl(this.#vendor.id, this, this.#parts.control, asked, response);
      return;
    }
    this.#order += 1;
    const recorded: RecordedRequest = {
      order: this.#order,
      method: incoming.method ?? "GET",
      path: target,
      rawHeaders: incoming.rawHeaders,
      body,
      receivedAt: this.#parts.now(),
      receivedAtMonotonicMs: performance.now(),
    };
    this.#journal.add(recorded);
    const { headers } = incoming;
    const override = this.#options.gullible === true ? headers["x-http-method-override"] : undefined;
    const request: Arrived = {
      order: recorded.order,
      method: typeof override === "string" ? override.toUpperCase() : recorded.method,
      path,
      query,
      headers,
      contentType: headers["content-type"],
      authorization: headers.authorization,
      idempotencyKey: single(headers["idempotency-key"]),
      body,
    };
    const gates = this.#notify(recorded);
    const acceptsGzip = /\bgzip\b/i.test(headers["accept-encoding"] ?? "");
    if (gates.length === 0) this.#serve(request, response, acceptsGzip);
    else void Promise.allSettled(gates).then(() => this.#serve(request, response, acceptsGzip));
  }

  #notify(request: RecordedRequest): readonly Promise<void>[] {
    const gates: Promise<void>[] = [];
    for (const listener of this.#listeners) {
      const gate = listener(request);
      if (gate !== undefined) gates.push(gate);
    }
    return gates;
  }

  #serve(request: Arrived, response: ServerResponse, acceptsGzip: boolean): void {
    const plan = this.#misbehaviours.plan(request.method, request.path, request.idempotencyKey);
    const gzip = plan.gzip || (acceptsGzip && this.#options.compress === true);
    const requestId = this.#vendor.newRequestId();
    if (request.path === "/_sandbox/elsewhere") {
      this.#delivery.deliver(
        response,
        { status: 200, headers: [], body: Buffer.from('{"elsewhere": true}'), requestId },
        gzip,
      );
      return;
    }
    if (this.#spoiltBeforeWork(request, response, requestId, plan, gzip)) return;
    // From here on an idempotency key is in flight, until the work below is done.
    const admission = this.#vendor.admit(request, requestId);
    this.#later(plan.delayBeforeMs, () => {
      const answer = admission.kind === "answered" ? admission.answer : this.#work(request, requestId, plan, admission);
      this.#later(plan.delayAfterMs, () => this.#end(request, response, plan, answer, gzip));
    });
  }

  /** What happens in front of the vendor's endpoints: nothing executes, and an idempotency key never hears of it. */
  #spoiltBeforeWork(request: Arrived, response: ServerResponse, requestId: string, plan: Plan, gzip: boolean): boolean {
    const { ending } = plan;
    switch (ending?.action) {
      case "reset_before_work":
        reset(response);
        return true;
      case "429": {
        const limited = { kind: "rate_limited", lockTimeout: ending.lockTimeout === true } as const;
        this.#delivery.deliver(response, this.#vendor.fault(request, requestId, limited), gzip);
        return true;
      }
      case "409":
        this.#delivery.deliver(response, this.#vendor.fault(request, requestId, { kind: "conflict" }), gzip);
        return true;
      case "redirect": {
        const location = ending.location ?? `${this.#url}/_sandbox/elsewhere`;
        this.#delivery.deliver(
          response,
          { status: 307, headers: ["Location", location], body: Buffer.from("{}"), requestId },
          gzip,
        );
        return true;
      }
      case "html_502":
        if (ending.work !== false) return false;
        this.#delivery.badGateway(response, requestId);
        return true;
      case "echo_secret": {
        const status = ending.status ?? 400;
        if (status < 300) return false;
        const refused = this.#vendor.fault(request, requestId, { kind: "echo", status });
        this.#echo(request, response, refused, gzip, ending.split === true);
        return true;
      }
      case undefined:
      case "402":
      case "500_after_work":
      case "500_before_work":
      case "garbage_200":
      case "hang_after_work":
      case "reset_after_work":
      case "truncate":
        return false;
    }
  }

  #work(request: Arrived, requestId: string, plan: Plan, admitted: Admitted): Answer {
    const { ending } = plan;
    if (ending?.action === "500_before_work") {
      const stored = ending.stored === true;
      const answer = this.#vendor.fault(request, requestId, { kind: "internal", stored });
      admitted.answerInstead(answer, stored);
      return answer;
    }
    const answer = admitted.run({ declineAnyway: ending?.action === "402" });
    if (ending?.action !== "500_after_work") return answer;
    const failure = this.#vendor.fault(request, requestId, { kind: "internal", stored: true });
    admitted.answerInstead(failure, true);
    return failure;
  }

  #end(request: Arrived, response: ServerResponse, plan: Plan, answer: Answer, gzip: boolean): void {
    const { ending } = plan;
    switch (ending?.action) {
      case "reset_after_work":
        reset(response);
        return;
      case "hang_after_work":
        // Nothing more is ever said; the client's patience, or close(), ends it.
        return;
      case "truncate":
        this.#delivery.truncate(response, answer, gzip);
        return;
      case "garbage_200":
        this.#delivery.deliver(response, garbage(answer), gzip);
        return;
      case "html_502":
        this.#delivery.badGateway(response, answer.requestId);
        return;
      case "echo_secret": {
        const body = withEcho(answer.body, request.authorization ?? "");
        this.#echo(request, response, { ...answer, body }, gzip, ending.split === true);
        return;
      }
      case undefined:
      case "402":
      case "409":
      case "429":
      case "500_after_work":
      case "500_before_work":
      case "redirect":
      case "reset_before_work":
        this.#delivery.deliver(response, answer, gzip);
    }
  }

  /** `answer` repeats the secret in its body already; here it does so in a header too. */
  #echo(request: Arrived, response: ServerResponse, answer: Answer, gzip: boolean, split: boolean): void {
    const secret = request.authorization ?? "";
    const loud = { ...answer, headers: [...answer.headers, "X-Sandbox-Authorization", secret] };
    if (split) this.#delivery.deliverSplit(response, loud, gzip, secret);
    else this.#delivery.deliver(response, loud, gzip);
  }

  #later(ms: number, then: () => void): void {
    if (ms <= 0) {
      then();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      then();
    }, ms);
    this.#timers.add(timer);
  }
}

/** The answer with the secret in it; one that is not a JSON object has it at its end. */
function withEcho(body: Buffer, secret: string): Buffer {
  const text = body.toString("utf8");
  const object = text.startsWith("{") ? (JSON.parse(text) as unknown) : null;
  if (!isObject(object)) return Buffer.from(`${text}${secret}`);
  return Buffer.from(JSON.stringify({ ...object, sandbox_echo: secret }, null, 2));
}

function single(value: string | readonly string[] | undefined): string | null {
  if (value === undefined) return null;
  return typeof value === "string" ? value : (value[0] ?? null);
}
