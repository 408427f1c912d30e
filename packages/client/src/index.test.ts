import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { contract, ROUTE_NAMES } from "@keybrake/api/contract";
import { afterEach, describe, expect, test } from "vitest";
import { createClient, KeybrakeApiError, type Client, type ClientOptions } from "./index.ts";
import { ROUTES } from "./routes.ts";

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url, headers } = request;
      const body = Buffer.concat(chunks).toString();
      seen.push({ method, url, authorization: headers.authorization, contentType: headers["content-type"], body });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

async function answering(
  status: number,
  body: unknown,
  more: Partial<ClientOptions> = {},
): Promise<{ client: Client; url: string; seen: Seen[] }> {
  const { url, seen } = await serve((_request, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  return { client: createClient({ baseUrl: url, apiKey: "the-key", ...more }), url, seen };
}

async function problemOf(asked: Promise<unknown>): Promise<KeybrakeApiError> {
  try {
    await asked;
  } catch (problem) {
    if (problem instanceof KeybrakeApiError) return problem;
    throw problem;
  }
  throw new Error("it worked");
}

test("the client asks for exactly the routes of the contract", () => {
  const expected = ROUTE_NAMES.map((name) => [name, `${contract[name].method} ${contract[name].path}`]);
  expect(ROUTES).toEqual(Object.fromEntries(expected));
});

describe("what is sent", () => {
  test("a body goes as JSON, with the key", async () => {
    const { client, seen } = await answering(201, { key_id: "key_1" });
    const key = await client.issueKey({ total_usd_cap: 5, agent_run_label: "ü", vendor: undefined });
    expect(key.key_id).toBe("key_1");
    expect(seen).toEqual([
      {
        method: "POST",
        url: "/vault/keys",
        authorization: "Bearer the-key",
        contentType: "application/json",
        body: '{"total_usd_cap":5,"agent_run_label":"ü"}',
      },
    ]);
  });

  test("an id stays one segment of the path, whatever is in it", async () => {
    const { client, seen } = await answering(200, {});
    await client.getKey("a/b?c#d");
    await client.rotateCredential("cred_1", { secret: "s" });
    await client.patchKey("key_1", { total_usd_cap: "6" });
    await client.revokeKey("key_1");
    expect(seen.map(({ method, url, body }) => [method, url, body])).toEqual([
      ["GET", "/vault/keys/a%2Fb%3Fc%23d", ""],
      ["POST", "/vault/credentials/cred_1/rotate", '{"secret":"s"}'],
      ["PATCH", "/vault/keys/key_1", '{"total_usd_cap":"6"}'],
      ["DELETE", "/vault/keys/key_1", ""],
    ]);
  });

  test("of a query only what has a value is sent, encoded", async () => {
    const { client, seen, url } = await answering(200, { data: [], next_cursor: null });
    await client.listCalls({ agent_run_label: "a&b +ü", vendor: undefined, limit: 5 });
    await client.listCalls({ vendor: undefined });
    await client.listKeys();
    await createClient({ baseUrl: `${url}//`, apiKey: "" }).getHealth();
    expect(seen.map((each) => each.url)).toEqual([
      "/audit/calls?agent_run_label=a%26b+%2B%C3%BC&limit=5",
      "/audit/calls",
      "/vault/keys",
      "/healthz",
    ]);
    expect(seen.at(-1)?.authorization).toBeUndefined();
  });

  test("the types refuse what the contract does not have", async () => {
    const { client } = await answering(200, {});
    // @ts-expect-error -- a key is named by its id
    await client.getKey();
    // @ts-expect-error -- there is no such field
    await client.issueKey({ dayly_usd_cap: 5 });
    // @ts-expect-error -- there is no such outcome
    await client.listCalls({ outcome: "lost" });
  });
});

describe("what comes back badly", () => {
  test("Keybrake's own sentence is the message; code, status, field and body are there for programs", async () => {
    const body = { error: { code: "ceiling_exceeded", message: "Too much.", field: "daily_usd_cap", asked: "5" } };
    const { client } = await answering(403, body);
    expect(await problemOf(client.issueKey({}))).toMatchObject({
      name: "KeybrakeApiError",
      message: "Too much.",
      status: 403,
      code: "ceiling_exceeded",
      field: "daily_usd_cap",
      body,
    });
  });

  test.each<[string, number, unknown]>([
    ["a page", 200, "<html>"],
    ["a page with an error", 502, "<html>Bad Gateway"],
    ["nothing", 200, ""],
    ["somebody else's error", 404, { message: "no" }],
    ["an error that is text", 404, { error: "no" }],
    ["a list", 500, []],
  ])("%s is not Keybrake's answer", async (_what, status, body) => {
    const { client, url } = await answering(status, body);
    const problem = await problemOf(client.listKeys());
    expect(problem).toMatchObject({ status, code: "not_keybrake" });
    expect(problem.message).toContain(url);
  });

  test("nobody there: the message says where it looked and how to start one, and not what was sent", async () => {
    const { url } = await serve(() => {});
    await closing.pop()?.();
    const client = createClient({ baseUrl: url, apiKey: "the-key" });
    const problem = await problemOf(client.addCredential({ vendor: "v", name: "n", secret: "the-secret" }));
    expect(problem).toMatchObject({ status: null, code: "unreachable" });
    expect(problem.message).toBe(
      `No Keybrake answers on ${url} (ECONNREFUSED). Start it: keybrake serve. If it runs elsewhere, say where: KEYBRAKE_URL.`,
    );
    expect(`${problem.message}${problem.stack}${JSON.stringify(problem)}`).not.toMatch(/the-key|the-secret/);
  });

  test("an address that is none", async () => {
    expect(await problemOf(createClient({ baseUrl: "nowhere", apiKey: "k" }).getHealth())).toMatchObject({
      code: "unreachable",
    });
  });

  test("no answer in time", async () => {
    const { url } = await serve(() => {});
    const problem = await problemOf(createClient({ baseUrl: url, apiKey: "k", timeoutMs: 50 }).listKeys());
    expect(problem).toMatchObject({ status: null, code: "timeout", message: expect.stringContaining("0.05 seconds") });
  });

  test("an answer that stops in the middle", async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("{", () => response.destroy());
    });
    expect(await problemOf(createClient({ baseUrl: url, apiKey: "k" }).listKeys())).toMatchObject({ status: null });
  });

  test("the key does not follow a redirect", async () => {
    const other = await answering(200, {});
    const { url } = await serve((_request, response) => {
      response.writeHead(307, { location: `${other.url}/vault/keys` });
      response.end();
    });
    expect(await problemOf(createClient({ baseUrl: url, apiKey: "k" }).listKeys())).toMatchObject({
      status: 307,
      code: "not_keybrake",
    });
    expect(other.seen).toEqual([]);
  });

  test("a key with a line break is not sent, and not repeated", async () => {
    const { url, seen } = await answering(200, {});
    const problem = await problemOf(createClient({ baseUrl: url, apiKey: "the-key\nx" }).listKeys());
    expect(problem).toMatchObject({ code: "api_key_malformed" });
    expect(problem.message).not.toContain("the-key");
    expect(seen).toEqual([]);
  });
});
