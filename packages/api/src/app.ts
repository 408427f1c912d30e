/**
 * The control API: one pipeline for every route of the contract. Find the route, who asks, whether it may, what was sent; call the
 * handler; answer. Bad input ends as a problem with a sentence, a fault of the world as 503, a fault of ours as 500 and a line in
 * the log. No answer and no line ever holds a secret, a token or its hash.
 */
import { Fault, InvariantViolation, type VaultKey } from "@keybrake/core";
import { Hono } from "hono";
import { findCaller, findSelf, scopeProblem, type Caller } from "./caller.ts";
import { contract, ROUTE_NAMES, type Route, type RouteName } from "./contract.ts";
import { createTurns, type ApiContext, type ApiDependencies, type Handlers } from "./handler.ts";
import { isProblem, problem, problemBody, type Problem } from "./problem.ts";
import { parseBody, parseQuery } from "./request.ts";
import { apiKeyRoutes } from "./routes/api-keys.ts";
import { callRoutes } from "./routes/calls.ts";
import { credentialRoutes } from "./routes/credentials.ts";
import { healthRoutes } from "./routes/health.ts";
import { keyRoutes } from "./routes/keys.ts";
import { operationRoutes } from "./routes/operations.ts";
import { priceRoutes } from "./routes/prices.ts";
import { selfRoutes } from "./routes/self.ts";

export interface Api {
  /** Never rejects. */
  fetch(this: void, request: Request): Promise<Response>;
}

const handlers: Handlers = {
  ...apiKeyRoutes,
  ...callRoutes,
  ...credentialRoutes,
  ...healthRoutes,
  ...keyRoutes,
  ...operationRoutes,
  ...priceRoutes,
  ...selfRoutes,
};

/**
 * @example
 * const api = createApi(dependencies);
 * const answer = await api.fetch(new Request("http://localhost/healthz"));
 */
export function createApi(dependencies: ApiDependencies): Api {
  const { bootstrapApiKey, sha256, log } = dependencies;
  const context: ApiContext = {
    ...dependencies,
    bootstrapHash: bootstrapApiKey === null ? null : sha256(bootstrapApiKey),
    inTurn: createTurns(),
  };

  const app = new Hono();
  for (const name of ROUTE_NAMES) {
    const { method, path } = contract[name];
    app.on(method, routerPath(path), (c) => answer(name, c.req.raw, c.req.param(), context));
  }
  for (const [path, methods] of methodsByPath()) {
    const allow = methods.join(", ");
    app.all(routerPath(path), () =>
      refuse(
        problem(405, "method_not_allowed", `This takes ${allow}.`, { facts: { allowed: methods }, headers: { allow } }),
      ),
    );
  }
  app.notFound(() =>
    refuse(problem(404, "not_found", "There is no such route. GET /openapi.json has the ones there are.")),
  );
  app.onError((cause) => refuse(failed(cause, null, log)));

  return {
    async fetch(request) {
      try {
        return await app.fetch(request);
      } catch (cause) {
        return refuse(failed(cause, null, log));
      }
    },
  };
}

async function answer(
  name: RouteName,
  request: Request,
  path: Readonly<Record<string, string>>,
  context: ApiContext,
): Promise<Response> {
  const started = context.now();
  const route: Route<RouteName> = contract[name];
  let who: Caller | VaultKey | null = null;
  let result: unknown;
  try {
    const found = await whoAsks(route, request, context);
    if (isProblem(found)) return refuse(found);
    who = found;
    result = await handled(name, route, who, request, path, context);
  } catch (cause) {
    result = failed(cause, name, context.log);
  }
  const status = isProblem(result) ? result.status : route.status;
  // Who changed what is worth a line; who only looked is not.
  if (who !== null && route.method !== "GET")
    context.log({
      level: "info",
      event: "api_request",
      route: name,
      by: who.id,
      status,
      ms: Math.round(context.now() - started),
    });
  return isProblem(result) ? refuse(result) : respond(status, result);
}

async function handled(
  name: RouteName,
  route: Route<RouteName>,
  who: Caller | VaultKey | null,
  request: Request,
  path: Readonly<Record<string, string>>,
  context: ApiContext,
): Promise<unknown> {
  const query = parseQuery(route, request);
  if (isProblem(query)) return query;
  const body = await parseBody(route, request);
  if (isProblem(body)) return body;
  // A body can be held back for as long as the connection lives: whoever asks must still be somebody when it is whole.
  if (route.body !== null) {
    const still = await whoAsks(route, request, context);
    if (isProblem(still)) return still;
  }
  // The schemas of the route that the handler is named for have just read the query and the body, its path has named the
  // parameters, and its access has said who asks; the compiler cannot follow one name through all of these.
  const handler = handlers[name] as unknown as (call: unknown, context: ApiContext) => unknown;
  return handler({ who, path, query, body }, context);
}

/** Null on an open route. */
async function whoAsks(
  route: Route<RouteName>,
  request: Request,
  context: ApiContext,
): Promise<Caller | VaultKey | Problem | null> {
  const authorization = request.headers.get("authorization");
  switch (route.access.kind) {
    case "open":
      return null;
    case "vault_key":
      return findSelf(authorization, context, context.store.now());
    case "api_key": {
      const caller = await findCaller(authorization, context);
      if (isProblem(caller)) return caller;
      return scopeProblem(caller, route.access) ?? caller;
    }
  }
}

function failed(cause: unknown, route: RouteName | null, log: ApiDependencies["log"]): Problem {
  if (cause instanceof Fault) {
    if (cause.code === "cursor_invalid") return problem(400, cause.code, cause.publicMessage, { field: "cursor" });
    log({
      level: "warn",
      event: "api_unavailable",
      route,
      code: cause.code,
      message: cause.publicMessage,
      note: cause.note ?? null,
    });
    return problem(503, cause.code, cause.publicMessage);
  }
  log({ level: "error", event: "api_failed", route, problem: nameOf(cause), stack: framesOf(cause) });
  return problem(500, "internal", "Something went wrong in Keybrake. It is in the server's log; please report it.");
}

/** Only our own words: the message of another error can hold a piece of what was being worked on. */
function nameOf(cause: unknown): string {
  if (cause instanceof InvariantViolation) return `${cause.name}: ${cause.message}`;
  return cause instanceof Error ? cause.name : typeof cause;
}

function framesOf(cause: unknown): readonly string[] {
  if (!(cause instanceof Error) || cause.stack === undefined) return [];
  return cause.stack
    .replace(cause.message, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at "));
}

// ------------------------------------------------------------------------------------------------------------- answers

function refuse(value: Problem): Response {
  return respond(value.status, problemBody(value), value.headers);
}

function respond(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      ...headers,
    },
  });
}

// -------------------------------------------------------------------------------------------------------------- routing

/** `/vault/keys/{key_id}` as the router writes it: `/vault/keys/:key_id`. */
function routerPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}

/** HEAD wherever there is GET: https://www.rfc-editor.org/rfc/rfc9110#section-9.3.2 (the router answers it without the body). */
function methodsByPath(): ReadonlyMap<string, readonly string[]> {
  const methods = new Map<string, string[]>();
  for (const name of ROUTE_NAMES) {
    const { method, path } = contract[name];
    const list = methods.get(path) ?? [];
    list.push(...(method === "GET" ? ["GET", "HEAD"] : [method]));
    methods.set(path, list);
  }
  return methods;
}
