/**
 * What SDKs of all three vendors do on the wire, written by hand: the forms of a base URL, hosts other than the main one, absolute links,
 * paths that Twilio answers in XML, HEAD and OPTIONS, compressed answers, kept connections, and bodies that wait to be asked for. All of it
 * through a running Keybrake; nothing leads past it, and nothing of a key or a credential gets through. tests/sdk-matrix.test.ts has the SDKs.
 */
import { once } from "node:events";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { gunzipSync } from "node:zlib";
import { headerOf } from "@keybrake/sandbox";
import { twilio } from "@keybrake/vendors";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { DrivenVendor } from "./support/drivers.ts";
import { MATRIX_VENDORS, SEEDED, rowsOf, startStage, type Issued, type Stage } from "./support/matrix.ts";
import { isLookUp } from "./support/wire.ts";

let stage: Stage;
let keys: Readonly<Record<DrivenVendor, Issued>>;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
});
beforeEach(async () => {
  const [stripe, twilioKey, resend] = [
    await stage.issue("stripe"),
    await stage.issue("twilio"),
    await stage.issue("resend"),
  ];
  keys = { stripe, twilio: twilioKey, resend };
  for (const vendor of MATRIX_VENDORS) stage.behind[vendor].clearJournal();
  stage.tap.clear();
});
afterEach(() => {
  for (const vendor of MATRIX_VENDORS) stage.behind[vendor].clearMisbehaviour();
});

// ----------------------------------------------------------------------------------------------------------------- by hand

interface Sent {
  readonly method?: string;
  /** As it is to stand on the request line. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly agent?: Agent;
}

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  readonly json: Readonly<Record<string, unknown>>;
}

function authorizationOf(vendor: DrivenVendor): string {
  const { key, account_sid } = keys[vendor];
  return vendor === "twilio"
    ? `Basic ${Buffer.from(`${account_sid}:${key}`).toString("base64")}`
    : `Bearer ${keys[vendor].key}`;
}

/** With the vendor's key, through the tap; nothing is made of the path. */
async function send(vendor: DrivenVendor, { method = "GET", path, headers = {}, body, agent }: Sent): Promise<Got> {
  const { port } = stage.tap;
  const sent = httpRequest({
    host: "127.0.0.1",
    port,
    method,
    path,
    headers: { ...NAMED, authorization: authorizationOf(vendor), ...headers },
    ...(agent === undefined ? {} : { agent }),
  });
  sent.end(body);
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const whole = Buffer.concat(chunks);
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: whole, json: jsonOf(whole) };
}

function jsonOf(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(body.toString("utf8")) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

/** `GET /v1/balance` of all that reached the vendor but Keybrake's own questions. */
function receivedBy(vendor: DrivenVendor): string[] {
  return stage.behind[vendor]
    .journal()
    .filter((request) => !isLookUp(request))
    .map((request) => `${request.method} ${request.path}`);
}

const real = (): string => stage.behind.twilio.accountSid;
const ofAccount = (rest: string): string => `/2010-04-01/Accounts/${keys.twilio.account_sid}/${rest}`;
/** Resend turns away whoever does not say what it is: https://resend.com/docs/api-reference/introduction */
const NAMED = { "user-agent": "by-hand/1" };
const FORM = { "content-type": "application/x-www-form-urlencoded" };
const JSON_TYPE = { "content-type": "application/json" };
const SMS = "To=%2B14155550100&From=%2B15005550006&Body=Hello";
const MAIL = JSON.stringify({ from: "a@example.com", to: "b@example.com", subject: "s", text: "t" });

// ------------------------------------------------------------------------------------------------------- where a vendor is

describe("the address of a vendor", () => {
  test.each<[DrivenVendor, string, string]>([
    ["stripe", "/v1/balance", "/v1/balance"],
    ["stripe", "//v1/balance", "/v1/balance"],
    ["stripe", "/stripe/v1/balance", "/v1/balance"],
    ["stripe", "/stripe//v1/balance", "/v1/balance"],
    ["twilio", "/twilio/verify/v2/Services", "/verify/v2/Services"],
    ["twilio", "/twilio//verify/v2/Services", "/verify/v2/Services"],
    ["resend", "/resend/emails", "/emails"],
    ["resend", "/resend//emails", "/emails"],
  ])("%s: %s is %s", async (vendor, path, upstream) => {
    expect((await send(vendor, { path })).status).toBe(200);
    expect(receivedBy(vendor)).toEqual([`GET ${upstream}`]);
  });

  test("Twilio's api is at its own root too, and the key's account and the real one are the same", async () => {
    for (const prefix of ["/twilio", "/twilio/", ""])
      expect((await send("twilio", { path: prefix + ofAccount("Messages.json") })).status).toBe(200);
    expect((await send("twilio", { path: `/twilio/2010-04-01/Accounts/${real()}/Messages.json` })).status).toBe(200);
    const upstream = `GET /2010-04-01/Accounts/${real()}/Messages.json`;
    expect(receivedBy("twilio")).toEqual([upstream, upstream, upstream, upstream]);
  });

  test.each<[DrivenVendor, string]>([
    ["stripe", "/v1//balance"],
    ["stripe", "/stripe///v1/balance"],
    ["twilio", "/twilio/verify//v2/Services"],
    ["resend", "/resend/emails//x"],
  ])("%s: %s, which can be read in two ways, reaches nobody", async (vendor, path) => {
    const { status, headers } = await send(vendor, { path });
    expect([status, headers["keybrake-refusal"]]).toEqual([400, "request_ambiguous"]);
    expect(receivedBy(vendor)).toEqual([]);
  });

  test("a read of every product of Twilio goes to that product, in the form of the table", async () => {
    const products = new Map<string, string>();
    for (const { class: of, method, path, redacts } of twilio.operations.operations) {
      const product = path.split("/")[1] ?? "";
      if (of === "read" && method === "GET" && redacts === undefined && !products.has(product))
        products.set(product, path);
    }
    expect(products.size).toBeGreaterThan(30);
    const expected: string[] = [];
    for (const template of products.values()) {
      const path = template.replace("{AccountSid}", real()).replaceAll(/\{\w+\}/g, "XX1");
      const { status, headers } = await send("twilio", { path: `/twilio${path}` });
      // The fake one serves few of them; what is not served is its own 404.
      expect([200, 400, 404], path).toContain(status);
      expect(headers["keybrake-refusal"], path).toBeUndefined();
      expected.push(`GET ${path}`);
    }
    expect(receivedBy("twilio")).toEqual(expected);
  });

  test.each([
    ["POST", "/oauth/token", "operation_exposes_secret"],
    ["POST", "/v2/billing/meter_event_session", "operation_exposes_secret"],
    ["POST", "/v2/billing/meter_event_stream", "operation_unbounded"],
  ])("Stripe's other hosts are not reached by accident: %s %s is refused", async (method, path, code) => {
    const { status, headers, json } = await send("stripe", { method, path, headers: JSON_TYPE, body: "{}" });
    expect([status, headers["keybrake-refusal"]]).toEqual([403, code]);
    expect(json["error"]).toMatchObject({ code });
    expect(receivedBy("stripe")).toEqual([]);
  });
});

// ----------------------------------------------------------------------------------------------------------- links and XML

describe("what Twilio answers", () => {
  test("absolute links of a page lead to where the program already is", async () => {
    const seen: string[] = [];
    let path = "/twilio/verify/v2/Services?PageSize=2";
    while (path !== "") {
      const { json, body } = await send("twilio", { path });
      expect(body.toString("utf8")).not.toContain(".twilio.com");
      const services = json["services"] as readonly { sid: string; url: string; links: Record<string, string> }[];
      seen.push(...services.map((each) => each.sid));
      for (const { sid, url, links } of services) {
        expect(url).toBe(`${stage.tap.url}/twilio/verify/v2/Services/${sid}`);
        for (const link of Object.values(links)) expect(link.startsWith(`${url}/`)).toBe(true);
      }
      const next = (json["meta"] as Record<string, string | null>)["next_page_url"] ?? null;
      if (next !== null) expect(next.startsWith(`${stage.tap.url}/twilio/verify/v2/Services?`)).toBe(true);
      path = next === null ? "" : next.slice(stage.tap.url.length);
    }
    expect(new Set(seen).size).toBe(SEEDED);
    expect(receivedBy("twilio")).toHaveLength(3);
  });

  test.each(["Messages", `Messages/SM${"0".repeat(32)}`, "Messages.xml", "Messages.csv"])(
    "a path that would be answered in another form than JSON is refused: %s",
    async (rest) => {
      const { status, json } = await send("twilio", { path: `/twilio${ofAccount(rest)}` });
      expect(status).toBe(403);
      expect(json).toMatchObject({ status: 403, details: { reason: "operation_unknown" } });
      if (!rest.includes(".")) expect(json["message"]).toContain("Add .json to the path");
      expect(receivedBy("twilio")).toEqual([]);
    },
  );
});

// ----------------------------------------------------------------------------------------------------------- other methods

const READ: Readonly<Record<DrivenVendor, string>> = {
  stripe: "/stripe/v1/balance",
  twilio: "/twilio/verify/v2/Services",
  resend: "/resend/emails",
};

describe.each(MATRIX_VENDORS)("%s", (vendor) => {
  test("HEAD is judged like GET and goes out as HEAD, and a refusal of it has no body either", async () => {
    const { headers, body } = await send(vendor, { method: "HEAD", path: READ[vendor] });
    expect(headers["keybrake-refusal"]).toBeUndefined();
    expect(body).toHaveLength(0);
    expect(receivedBy(vendor)).toEqual([`HEAD ${READ[vendor].slice(1 + vendor.length)}`]);
    const refused = await send(vendor, { method: "HEAD", path: `/${vendor}/v9/nothing` });
    expect([refused.status, refused.headers["keybrake-refusal"]]).toEqual([403, "operation_unknown"]);
    expect(refused.body).toHaveLength(0);
    expect(receivedBy(vendor)).toHaveLength(1);
  });

  test("OPTIONS is refused in the vendor's shape and reaches nobody", async () => {
    const { status, headers, json } = await send(vendor, { method: "OPTIONS", path: READ[vendor] });
    expect([status, headers["keybrake-refusal"]]).toEqual([403, "operation_unknown"]);
    expect(JSON.stringify(json)).toContain("operation_unknown: ");
    expect(receivedBy(vendor)).toEqual([]);
  });

  test("one connection carries a hundred calls: answers, errors of the vendor, and refusals", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    try {
      for (let n = 0; n < 25; n += 1) {
        const missing = {
          stripe: "/v1/charges/ch_none",
          twilio: "/twilio/verify/v2/Services/VA1",
          resend: "/resend/emails/x",
        };
        expect((await send(vendor, { path: READ[vendor], agent })).status).toBe(200);
        expect((await send(vendor, { path: missing[vendor], agent })).status).toBeGreaterThanOrEqual(400);
        expect((await send(vendor, { path: `/${vendor}/v9/nothing`, agent })).status).toBe(403);
        // A body that nobody reads must not be taken for the next request.
        const body = "x".repeat(10_000);
        expect(
          (await send(vendor, { method: "POST", path: `/${vendor}/v9/no`, headers: FORM, body, agent })).status,
        ).toBe(403);
      }
      expect(stage.tap.connections()).toBe(1);
      expect(receivedBy(vendor)).toHaveLength(50);
      expect(await rowsOf(stage, keys[vendor].keyId)).toHaveLength(100);
    } finally {
      agent.destroy();
    }
  });

  test("a compressed answer stays as it is, unless something in it has to be changed", async () => {
    const plain = await send(vendor, { path: READ[vendor] });
    stage.behind[vendor].misbehave({ action: "gzip" });
    const packed = await send(vendor, { path: READ[vendor], headers: { "accept-encoding": "gzip" } });
    const isChanged = vendor === "twilio";
    expect(packed.headers["content-encoding"]).toBe(isChanged ? undefined : "gzip");
    expect(packed.headers["content-length"]).toBe(String(packed.body.length));
    const unpacked = isChanged ? packed.body : gunzipSync(packed.body);
    expect(unpacked.toString("utf8")).toBe(plain.body.toString("utf8"));
    expect(headerOf(stage.behind[vendor].journal().at(-1) ?? { rawHeaders: [] }, "accept-encoding")).toBe("gzip");
  });

  test("a body that waits to be asked for is asked for, and arrives whole", async () => {
    const bodies = { stripe: "name=Ada", twilio: SMS, resend: MAIL };
    const paths = { stripe: "/v1/customers", twilio: `/twilio${ofAccount("Messages.json")}`, resend: "/resend/emails" };
    const body = bodies[vendor];
    const answer = await sendWaiting(body, [
      `POST ${paths[vendor]} HTTP/1.1`,
      "Host: keybrake.example",
      `User-Agent: ${NAMED["user-agent"]}`,
      `Authorization: ${authorizationOf(vendor)}`,
      `Content-Type: ${(vendor === "resend" ? JSON_TYPE : FORM)["content-type"]}`,
      `Content-Length: ${body.length}`,
      "Expect: 100-continue",
      "Connection: close",
    ]);
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 20[01] /);
    const received = stage.behind[vendor].journal().filter((request) => !isLookUp(request));
    expect(received.map((request) => request.body.toString("utf8"))).toEqual([body]);
    expect(headerOf(received[0] ?? { rawHeaders: [] }, "expect")).toBeUndefined();
  });
});

/** Sends the head, the body only once it is asked for, and answers with all that came back. */
async function sendWaiting(body: string, head: readonly string[]): Promise<string> {
  const socket = connect(stage.tap.port, "127.0.0.1");
  let answer = "";
  let waiting = true;
  socket.setEncoding("latin1").on("data", (text: string) => {
    answer += text;
    if (!waiting || !answer.startsWith("HTTP/1.1 100")) return;
    waiting = false;
    socket.write(body);
  });
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
  await once(socket, "close");
  return answer;
}
