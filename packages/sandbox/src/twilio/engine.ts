// From a request to an answer, without a socket: who asks, for which account, which operation. All work is synchronous, so a
// request is either not begun or done; what can go wrong on the way out is the server's. Nothing here is idempotent: whoever
// sends twice pays twice, as at Twilio.

import type { JsonObject } from "../shared/json.ts";
import type { Random } from "../shared/random.ts";
import type { Admission, Answer, Arrived, FakeVendor, FaultError } from "../shared/vendor.ts";
import {
  TwilioFailure,
  conflict,
  errorBody,
  internalError,
  invalid,
  methodNotAllowed,
  notAuthenticated,
  notFound,
  rateLimited,
} from "./errors.ts";
import { Params } from "./params.ts";
import { toXml } from "./reply.ts";
import { accountList } from "./resources/accounts.ts";
import { finishCall } from "./resources/calls.ts";
import { finishMessage } from "./resources/messages.ts";
import { findHandler } from "./router.ts";
import type { Account, Ask, Handler, WorldOptions } from "./world.ts";
import { World, hex } from "./world.ts";

export interface EngineOptions extends WorldOptions {
  /** A stream of its own: a request more or less does not change the ids of objects. */
  readonly requestIds: Random;
  readonly gullible: boolean;
}

interface Target {
  readonly method: string;
  readonly host: string;
  /** At the product's own host: what its links say. */
  readonly path: string;
  readonly segments: readonly string[];
  readonly format: "json" | "xml";
}

interface Operation {
  readonly account: Account;
  readonly handler: Handler;
  readonly ids: readonly string[];
}

export class Engine implements FakeVendor {
  readonly id: string = "twilio";
  readonly requestIdHeader: string = "Twilio-Request-Id";
  readonly everyAnswer: readonly string[] = ["Twilio-Concurrent-Requests", "1"];
  readonly #options: EngineOptions;
  #world: World;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#world = new World(options);
  }

  /** With everything done that the clock has made due. */
  get world(): World {
    this.#world.tick();
    return this.#world;
  }

  reset(): void {
    this.#world = new World(this.#options);
  }

  newRequestId(): string {
    return `RQ${hex(this.#options.requestIds, 32)}`;
  }

  admit(request: Arrived, requestId: string): Admission {
    return {
      kind: "admitted",
      run: () => this.#run(request, requestId),
      answerInstead: () => {},
    };
  }

  fault(request: Arrived, requestId: string, error: FaultError): Answer {
    switch (error.kind) {
      case "rate_limited":
        return this.#failed(request, requestId, rateLimited());
      case "conflict":
        return this.#failed(request, requestId, conflict());
      case "internal":
        return this.#failed(request, requestId, internalError());
      case "echo": {
        const message = `Refused: Authorization: ${request.authorization ?? ""}`;
        return this.#failed(request, requestId, new TwilioFailure(error.status, 20001, message));
      }
    }
  }

  /** What the clock would bring, at once: a message delivered and priced, a call ended and priced; or either failed. */
  advance(sid: string, outcome: "succeed" | "fail"): void {
    const { world } = this;
    const message = world.messages.any(sid);
    const call = world.calls.any(sid);
    if (message !== undefined) finishMessage(world, message, outcome);
    else if (call !== undefined) finishCall(world, call, outcome);
    else throw new TypeError(`no message and no call has the SID ${sid}`);
  }

  #run(request: Arrived, requestId: string): Answer {
    try {
      const target = targetOf(request, this.#options.gullible);
      const world = this.world;
      const caller = authenticate(world, request.authorization);
      const { account, handler, ids } = operationOf(world, caller, target);
      const params = new Params(request.query, request.contentType, request.body, this.#options.gullible);
      const origin = { order: request.order, requestId };
      const { host, path } = target;
      const ask: Ask = { world, account, params, origin, host, path, query: request.query };
      const { status, body, element } = handler(ask, ids);
      if (body === null) return { status, headers: [], body: Buffer.alloc(0), requestId };
      return write(status, body, element, target.format, requestId);
    } catch (error) {
      return this.#failed(request, requestId, error);
    }
  }

  #failed(request: Arrived, requestId: string, error: unknown): Answer {
    const failure = error instanceof TwilioFailure ? error : sandboxFailure(error);
    const body = errorBody(failure.status, failure.code, failure.message);
    return write(failure.status, body, "RestException", formatOf(request.path), requestId);
  }
}

function sandboxFailure(error: unknown): TwilioFailure {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new TwilioFailure(500, 20500, `The sandbox itself failed: ${what}`);
}

function write(status: number, body: JsonObject, element: string, format: "json" | "xml", requestId: string): Answer {
  const headers = status === 401 ? ["WWW-Authenticate", 'Basic realm="Twilio API"'] : [];
  if (format === "json") {
    return { status, headers, body: Buffer.from(JSON.stringify(body)), requestId };
  }
  const contentType = "application/xml";
  return { status, headers, body: Buffer.from(toXml(element, body)), requestId, contentType };
}

/** Only the api product has XML, wherever its path does not end in `.json`. */
function formatOf(path: string): "json" | "xml" {
  return /^\/+2010-04-01(\/|$)/.test(path) && !/\.json\/?$/i.test(path) ? "xml" : "json";
}

/** The operation a request names. A gullible vendor also believes what a careful one would refuse to read. */
function targetOf(request: Arrived, gullible: boolean): Target {
  const path = gullible ? tidied(request.path) : request.path;
  const [first = "", ...rest] = path.split("/").slice(1).map(decodeSegment);
  const method = gullible ? overridden(request) : request.method;
  const format = formatOf(path);
  if (first !== "2010-04-01") {
    return { method, host: first, path: path.slice(first.length + 1), segments: rest, format };
  }
  const last = rest.length - 1;
  const segments = rest.map((segment, at) => (at === last ? segment.replace(/\.(json|xml)$/i, "") : segment));
  return { method, host: "api", path, segments, format };
}

function decodeSegment(segment: string): string {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    throw invalid(20001, "The path is not valid URL-encoded UTF-8.");
  }
}

function tidied(path: string): string {
  const segments: string[] = [];
  for (const part of decodeSegment(path).split("/")) {
    if (part === "..") segments.pop();
    else if (part !== "" && part !== ".") segments.push(part);
  }
  return `/${segments.join("/")}`;
}

function overridden(request: Arrived): string {
  if (request.method !== "POST") return request.method;
  const params = new Params(request.query, request.contentType, request.body, true);
  return params.text("_method")?.toUpperCase() ?? request.method;
}

/** `AC...:token` or `SK...:secret`. */
function authenticate(world: World, authorization: string | undefined): Account {
  const [, encoded = ""] = /^basic +(\S+)\s*$/i.exec(authorization ?? "") ?? [];
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  const [user, password] = [text.slice(0, Math.max(0, colon)), text.slice(colon + 1)];
  const key = world.keys.get(user);
  const account = world.accounts.get(key?.account ?? user);
  if (account === undefined || password !== (key?.secret ?? account.authToken)) throw notAuthenticated();
  return account;
}

function operationOf(world: World, caller: Account, target: Target): Operation {
  const { method, host, path, segments } = target;
  if (host !== "api") return { account: active(caller), ...handlerOf(target, segments) };
  const [root, sid, ...rest] = segments;
  if (root !== "Accounts") throw notFound(path);
  if (sid === undefined) {
    const handler = accountList[method];
    if (handler === undefined) throw methodNotAllowed(path);
    return { account: active(caller), handler, ids: [] };
  }
  const account = world.accounts.get(sid);
  if (account === undefined || (account.sid !== caller.sid && account.owner !== caller.sid)) throw notFound(path);
  // A suspended account can still be looked at and made active again.
  return { account: rest.length === 0 ? account : active(account), ...handlerOf(target, rest) };
}

function handlerOf({ method, host, path }: Target, segments: readonly string[]): Omit<Operation, "account"> {
  const found = findHandler(method, host, segments);
  if (found === undefined) throw notFound(path);
  if (found.kind === "wrong_method") throw methodNotAllowed(path);
  return found;
}

function active(account: Account): Account {
  if (account.status !== "active") throw new TwilioFailure(403, 20005, "Account not active");
  return account;
}
