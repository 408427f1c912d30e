/** The client: one method a route, typed by the contract and without the server's libraries. Never retries, keeps nothing. */
import type { Contract, PathParameters, RouteName } from "@keybrake/api/contract";
import { errorOf, KeybrakeApiError, notKeybrake, unreachable } from "./errors.ts";
import { ROUTES } from "./routes.ts";

/** Longer than the longest answer: a revocation waits a few seconds for calls that have left. */
const TIMEOUT_DEFAULT_MS = 30_000;

export interface ClientOptions {
  /** `http://127.0.0.1:4747` */
  readonly baseUrl: string;
  /** For `getSelf` a vault key; empty for the routes that need none. */
  readonly apiKey: string;
  readonly fetch?: typeof fetch;
  /** For a whole request, answer included. */
  readonly timeoutMs?: number;
}

type Arguments<Name extends RouteName> = [
  ...([keyof PathParameters<Name>] extends [never] ? [] : [id: string]),
  ...(Contract[Name]["body"] extends null ? [] : [body: Contract[Name]["body"]]),
  ...(Contract[Name]["query"] extends null ? [] : [query?: Contract[Name]["query"]]),
];

/** Every method takes what its path names, then its body or its query, and rejects with `KeybrakeApiError`. */
export type Client = {
  readonly [Name in RouteName]: (...given: Arguments<Name>) => Promise<Contract[Name]["answer"]>;
};

/**
 * @example
 * const client = createClient({ baseUrl: "http://127.0.0.1:4747", apiKey });
 * const key = await client.issueKey({ total_usd_cap: 50, allowed_endpoints: ["refunds.*"], expires_in: "8h" });
 */
export function createClient(options: ClientOptions): Client {
  const methods = Object.entries(ROUTES).map(([name, route]) => [
    name,
    (...given: readonly unknown[]) => send(options, requestOf(route, given)),
  ]);
  // One method for each name of ROUTES, which has every name of the contract; `Arguments` says in which order they are given.
  return Object.fromEntries(methods) as Client;
}

interface ClientRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body: unknown;
}

function requestOf(route: string, given: readonly unknown[]): ClientRequest {
  const [method = "", template = ""] = route.split(" ");
  const rest = [...given];
  const path = template.replaceAll(/\{\w+\}/g, () => encodeURIComponent(String(rest.shift())));
  if (method === "POST" || method === "PATCH") return { method, path, body: rest[0] };
  return { method, path: path + queryOf(rest[0]), body: undefined };
}

function queryOf(query: unknown): string {
  const pairs = Object.entries(query ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([name, value]): [string, string] => [name, String(value)]);
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs).toString()}`;
}

async function send(options: ClientOptions, request: ClientRequest): Promise<unknown> {
  const { apiKey, timeoutMs = TIMEOUT_DEFAULT_MS } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, "");
  const fetchWith = options.fetch ?? fetch;
  if (!/^[\x21-\x7e]*$/.test(apiKey))
    throw new KeybrakeApiError("The API key has a space or a line break in it; copy it again, whole.", {
      status: null,
      code: "api_key_malformed",
    });
  const sent = request.body === undefined ? {} : { body: JSON.stringify(request.body) };
  let answer: Response;
  let text: string;
  try {
    answer = await fetchWith(`${baseUrl}${request.path}`, {
      method: request.method,
      headers: {
        accept: "application/json",
        ...(apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` }),
        ...(request.body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...sent,
      // Keybrake sends nobody elsewhere, and the key and the body are for it alone.
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    text = await answer.text();
  } catch (cause) {
    throw unreachable(cause, baseUrl, timeoutMs);
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw notKeybrake(answer.status, text, baseUrl);
  }
  if (!answer.ok) throw errorOf(answer.status, body, baseUrl);
  return body;
}
