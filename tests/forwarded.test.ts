/**
 * The list of what differs between the caller's request and the vendor's (README, "What the vendor receives") is whole: every
 * difference that it names happens, and no other. What SDKs really send is compared in sdk-node and sdk-python.
 */
import { once } from "node:events";
import { connect } from "node:net";
import { FORWARDED_DIFFERENCES } from "@keybrake/gateway";
import type { RecordedRequest } from "@keybrake/sandbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { issueKey } from "./support/keybrake.ts";
import { ACCOUNT } from "./support/sdk-checks.ts";
import { call, charge, startWorld, type World } from "./support/vendor.ts";
import { comparable, isLookUp } from "./support/wire.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

function pairs(request: RecordedRequest | undefined): string[] {
  const raw = request?.rawHeaders ?? [];
  return raw.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${raw[at + 1] ?? ""}`] : []));
}

/** Sends the head as it is written here, the body once it is asked for, and answers with all that came back. */
async function sendRaw(head: readonly string[], body: string): Promise<string> {
  const socket = connect(world.keybrake.port, "127.0.0.1");
  let answer = "";
  socket.setEncoding("latin1").on("data", (text: string) => {
    answer += text;
    if (answer.startsWith("HTTP/1.1 100") && body !== "") {
      socket.write(body);
      body = "";
    }
    if (answer.includes("\r\n\r\n{")) socket.end();
  });
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
  await once(socket, "close");
  return answer;
}

describe("a request with every header that the list names", () => {
  const lines = (token: string): string[] => [
    "X-First: 1",
    `AUTHORIZATION: Bearer ${token}`,
    "Host: keybrake.example",
    "Connection: keep-alive, X-For-This-Hop, TE",
    "X-For-This-Hop: 1",
    "Keep-Alive: timeout=5",
    "Proxy-Authorization: Basic eA==",
    "TE: trailers",
    "Trailer: X-Late",
    "Transfer-Encoding: chunked",
    "x-In-Between: a  b",
    "Upgrade: h2c",
    "HTTP2-Settings: AAMAAABkAAQAAP__",
    "Expect: 100-continue",
    "Keybrake-Note: for us",
    "Content-Type: application/x-www-form-urlencoded",
    "X-Last: 2",
  ];

  test("arrives without them, or with the vendor's, and otherwise as it was", async () => {
    const key = await issueKey(world.keybrake);
    world.sandbox.clearJournal();
    const answer = await sendRaw(
      ["POST /stripe/v1/customers?expand[]=default_source HTTP/1.1", ...lines(key.vault_key)],
      "4\r\nname\r\n5\r\n=Ada+\r\n0\r\nX-Late: 1\r\n\r\n",
    );
    expect(answer).toContain("HTTP/1.1 200 OK");
    const [request] = world.sandbox.journal();
    const callId = /keybrake-call-id: (call_\w+)/i.exec(answer)?.[1] ?? "";
    expect(request?.path).toBe("/v1/customers?expand[]=default_source");
    expect(request?.body.toString()).toBe("name=Ada+");
    expect(pairs(request)).toEqual([
      `host: 127.0.0.1:${world.sandbox.port}`,
      "connection: keep-alive",
      "X-First: 1",
      `Authorization: Bearer ${world.sandbox.secretKey}`,
      "x-In-Between: a  b",
      "Content-Type: application/x-www-form-urlencoded",
      "X-Last: 2",
      `idempotency-key: keybrake-${callId}`,
      "content-length: 9",
    ]);
  });

  test("has all of the list in it, so that nothing is listed that was not tried", () => {
    const sent = lines("").map((line) => line.slice(0, line.indexOf(":")).toLowerCase());
    // These two are not sent: one is put in, the other is counted.
    const ours = new Set(["idempotency-key", "content-length"]);
    for (const { header } of FORWARDED_DIFFERENCES) {
      const name = header.toLowerCase().replace("*", "");
      if (!ours.has(name))
        expect(
          sent.some((each) => each.startsWith(name)),
          header,
        ).toBe(true);
    }
  });
});

test("a look-up is a GET of the object in the account of the call, in Keybrake's name, and carries nothing else", async () => {
  const key = await issueKey(world.keybrake, { accounts: [ACCOUNT] });
  const headers = { "stripe-account": ACCOUNT, "user-agent": "sdk", cookie: "a=b", "stripe-version": "2026-08-26" };
  const { base_url: url, vault_key: token } = key;
  const created = await charge(url, token, 1000, { form: { confirm: "false" }, headers });
  const id = String(created.body["id"]);
  world.sandbox.clearJournal();
  expect((await call(url, token, "POST", `/v1/payment_intents/${id}/confirm`, {}, headers)).status).toBe(200);
  const [lookUp, confirm, ...more] = world.sandbox.journal();
  expect(more).toEqual([]);
  expect([lookUp?.method, lookUp?.path, lookUp?.body.length]).toEqual(["GET", `/v1/payment_intents/${id}`, 0]);
  expect(pairs(lookUp)).toEqual([
    `host: 127.0.0.1:${world.sandbox.port}`,
    "connection: keep-alive",
    "Accept: application/json",
    "User-Agent: Keybrake",
    `stripe-account: ${ACCOUNT}`,
    `Authorization: Bearer ${world.sandbox.secretKey}`,
  ]);
  expect(confirm === undefined ? true : isLookUp(confirm)).toBe(false);
});

describe("the comparison that the SDK tests trust", () => {
  const request: RecordedRequest = {
    order: 1,
    method: "POST",
    path: "/v1/refunds?a=1",
    rawHeaders: [
      "Host",
      "a",
      "Authorization",
      "Bearer sk",
      "X-A",
      "1",
      "Idempotency-Key",
      "mine",
      "Content-Length",
      "4",
    ],
    body: Buffer.from("abcd"),
    receivedAt: 0,
    receivedAtMonotonicMs: 0,
  };
  const withHeaders = (...rawHeaders: string[]): RecordedRequest => ({ ...request, rawHeaders });

  test.each<[string, RecordedRequest]>([
    ["another method", { ...request, method: "PUT" }],
    ["another target", { ...request, path: "/v1/refunds?a=%31" }],
    ["another byte of the body", { ...request, body: Buffer.from("abcD") }],
    ["another credential", withHeaders("Authorization", "Bearer vk", "X-A", "1", "Idempotency-Key", "mine")],
    ["another spelling of a name", withHeaders("authorization", "Bearer sk", "X-A", "1", "Idempotency-Key", "mine")],
    ["another order", withHeaders("X-A", "1", "Authorization", "Bearer sk", "Idempotency-Key", "mine")],
    ["a header less", withHeaders("Authorization", "Bearer sk", "Idempotency-Key", "mine")],
    ["a header more", withHeaders("Authorization", "Bearer sk", "X-A", "1", "Idempotency-Key", "mine", "Via", "1")],
    ["another idempotency key", withHeaders("Authorization", "Bearer sk", "X-A", "1", "Idempotency-Key", "keybrake-x")],
  ])("notices %s", (_what, other) => {
    expect(comparable(other)).not.toEqual(comparable(request));
  });

  test("sees no difference in what is documented: Host, Connection, Content-Length", () => {
    const other = withHeaders(
      "host",
      "b",
      "connection",
      "x",
      "Authorization",
      "Bearer sk",
      "X-A",
      "1",
      "Idempotency-Key",
      "mine",
    );
    expect(comparable(other)).toEqual(comparable(request));
  });
});
