/** Resend through the gateway: the model store, and a sandbox as the vendor. What is settled is what the sandbox would bill. */
import { SANDBOX_RESEND_KEY, startResendSandbox, type ResendSandbox } from "@keybrake/sandbox";
import { cap, usd } from "@keybrake/testing";
import { resend } from "@keybrake/vendors";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openVendorBench, type VendorBench, type VendorBenchOptions } from "./bench.test-support.ts";

let sandbox: ResendSandbox;
beforeEach(async () => {
  sandbox = await startResendSandbox();
});
afterEach(() => sandbox.close());

const open = (key: VendorBenchOptions["key"] = {}): Promise<VendorBench> =>
  openVendorBench({ vendor: resend, baseUrl: sandbox.url, secret: SANDBOX_RESEND_KEY, key });

const MAIL = { from: "Shop <shop@example.com>", to: "ada@example.com", subject: "Hello", text: "Hi" };
const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `a${index}@example.com`);

/** 900 micro-dollars a mail: the built-in card. */
const dollars = (mails: number): string => String((mails * 900) / 1_000_000);

async function idOf(bench: VendorBench, line: string, body: unknown): Promise<string> {
  const { json, text } = await bench.send(line, body);
  if (typeof json !== "object" || json === null || !("id" in json) || typeof json.id !== "string")
    throw new Error(`no id in ${text}`);
  return json.id;
}

describe("a mail", () => {
  test("is held by its recipients before it leaves, and settled when it is accepted", async () => {
    await using bench = await open();
    let heldWhenItArrived = "";
    sandbox.onRequest(async () => {
      heldWhenItArrived = await bench.standing();
    });
    const answer = await bench.send("POST /emails", { ...MAIL, to: many(3), cc: many(2) });
    expect(answer.status).toBe(200);
    expect(heldWhenItArrived).toBe(`0 ${dollars(5)}`);
    expect(await bench.standing()).toBe(`${dollars(5)} 0`);
    expect(sandbox.mailsSent().sent).toBe(5);
  });

  test("that Resend refuses gives its hold back", async () => {
    await using bench = await open();
    expect((await bench.send("POST /emails", { ...MAIL, subject: "" })).status).toBe(422);
    expect(await bench.standing()).toBe("0 0");
  });

  test("beyond the cap is refused in Resend's own shape, and nothing leaves", async () => {
    await using bench = await open({ caps: [cap(usd(0.002), { window: "total" })] });
    const answer = await bench.send("POST /emails", { ...MAIL, to: many(3) });
    expect(answer.status).toBe(429);
    expect(answer.json).toMatchObject({ statusCode: 429, name: "spend_cap_exceeded", asked_usd: dollars(3) });
    expect(sandbox.journal()).toEqual([]);
  });

  test("under another idempotency key is another mail, however long the keys are alike", async () => {
    await using bench = await open();
    for (const last of ["a", "b"])
      await bench.send("POST /emails", MAIL, { "idempotency-key": "k".repeat(255) + last });
    expect(sandbox.mailsSent().sent).toBe(2);
    expect(await bench.standing()).toBe(`${dollars(2)} 0`);
  });

  test("whose answer is lost stays held", async () => {
    await using bench = await open();
    sandbox.misbehave({ action: "500_after_work", match: { method: "POST", path: "/emails" }, times: 1 });
    await bench.send("POST /emails", MAIL);
    expect(sandbox.mailsSent().sent).toBe(1);
    expect(await bench.standing()).toBe(`0 ${dollars(1)}`);
  });
});

describe("the same idempotency key and body again", () => {
  const keyed = { "idempotency-key": "welcome/1" };

  test("is answered with the first mail, and costs nothing, though Resend does not say that it is a replay", async () => {
    await using bench = await open({ caps: [cap(usd(Number(dollars(2))), { window: "total" })] });
    const body = { ...MAIL, to: many(2) };
    const first = await bench.send("POST /emails", body, keyed);
    // The cap has no room for another one.
    const again = await bench.send("POST /emails", body, keyed);
    expect(again.text).toBe(first.text);
    expect(await bench.standing()).toBe(`${dollars(2)} 0`);
    expect(sandbox.mailsSent().sent).toBe(2);
    const [row] = await bench.rows();
    expect(row?.cost).toBe(0n);
  });

  test("settles the hold of a first call whose answer was lost, once", async () => {
    await using bench = await open();
    sandbox.misbehave({ action: "500_after_work", match: { method: "POST", path: "/emails" }, times: 1 });
    await bench.send("POST /emails", MAIL, keyed);
    expect(await bench.standing()).toBe(`0 ${dollars(1)}`);
    expect((await bench.send("POST /emails", MAIL, keyed)).status).toBe(200);
    expect(await bench.standing()).toBe(`${dollars(1)} 0`);
    expect(sandbox.mailsSent().sent).toBe(1);
  });

  test("is another mail where the body is another, which Resend refuses at no cost", async () => {
    await using bench = await open();
    await bench.send("POST /emails", MAIL, keyed);
    const other = await bench.send("POST /emails", { ...MAIL, to: many(2) }, keyed);
    expect(other.json).toMatchObject({ statusCode: 409, name: "invalid_idempotent_request" });
    expect(await bench.standing()).toBe(`${dollars(1)} 0`);
  });

  test("costs again once Resend may have forgotten it", async () => {
    await using bench = await open();
    await bench.send("POST /emails", MAIL, keyed);
    const DAY_MS = 24 * 60 * 60 * 1000;
    bench.clock.advance(DAY_MS);
    sandbox.advanceClock(DAY_MS);
    await bench.send("POST /emails", MAIL, keyed);
    expect(await bench.standing()).toBe(`${dollars(2)} 0`);
    expect(sandbox.mailsSent().sent).toBe(2);
  });

  test("means nothing to a broadcast, so each is held", async () => {
    await using bench = await open({ caps: [cap(usd(Number(dollars(1))), { window: "total" })] });
    const segment = await idOf(bench, "POST /segments", { name: "all" });
    await bench.send("POST /contacts", { email: "a@example.com", segments: [segment] });
    await bench.send(`POST /contacts/a@example.com/segments/${segment}`);
    const body = { ...MAIL, to: undefined, segment_id: segment, html: "x", send: true };
    expect((await bench.send("POST /broadcasts", body, keyed)).status).toBeLessThan(300);
    const again = await bench.send("POST /broadcasts", body, keyed);
    expect([again.status, again.refusal]).toEqual([429, "spend_cap_exceeded"]);
    expect(sandbox.mailsSent().sent).toBe(1);
  });
});

describe("a batch", () => {
  test("is held whole, and settled by the mails that were accepted", async () => {
    await using bench = await open();
    const batch = [MAIL, { ...MAIL, to: "no address", cc: many(5) }, { ...MAIL, bcc: many(3) }];
    const answer = await bench.send("POST /emails/batch", batch, { "x-batch-validation": "permissive" });
    expect(answer.json).toMatchObject({ data: [{}, {}], errors: [{ index: 1 }] });
    expect(await bench.standing()).toBe(`${dollars(5)} 0`);
    expect(sandbox.mailsSent().sent).toBe(5);
  });

  test("costs nothing where one bad mail stops it all", async () => {
    await using bench = await open();
    expect((await bench.send("POST /emails/batch", [MAIL, { ...MAIL, to: "no address" }])).status).toBe(422);
    expect(await bench.standing()).toBe("0 0");
    expect(sandbox.mailsSent().sent).toBe(0);
  });

  test("is judged mail by mail", async () => {
    const constraints = { "emails.*": { from: { domain_in: ["example.com"] } } };
    await using bench = await open({ constraints });
    expect((await bench.send("POST /emails/batch", [MAIL, MAIL])).status).toBe(200);
    const answer = await bench.send("POST /emails/batch", [MAIL, { ...MAIL, from: "x@evil.example" }]);
    expect(answer.json).toMatchObject({ statusCode: 403, name: "parameter_not_allowed" });
    expect(answer.text).toContain("item 1");
    expect(sandbox.mailsSent().sent).toBe(2);
  });
});

describe("a broadcast", () => {
  async function segmentOf(bench: VendorBench, contacts: number): Promise<string> {
    const segment = await idOf(bench, "POST /segments", { name: "all" });
    for (const email of many(contacts)) {
      await bench.send("POST /contacts", { email });
      await bench.send(`POST /contacts/${email}/segments/${segment}`);
    }
    return segment;
  }

  test("is looked up, and counted by the contacts of its segment", async () => {
    await using bench = await open();
    const segment = await segmentOf(bench, 4);
    const body = { segment_id: segment, from: MAIL.from, subject: "x", html: "x" };
    const broadcast = await idOf(bench, "POST /broadcasts", body);
    expect(await bench.standing()).toBe("0 0");
    expect((await bench.send(`POST /broadcasts/${broadcast}/send`)).status).toBe(200);
    expect(sandbox.mailsSent().sent).toBe(4);
    expect(await bench.standing()).toBe(`${dollars(4)} 0`);
  });

  test("that waits for its time needs a ceiling, which is what it counts", async () => {
    await using refused = await open();
    const segment = await segmentOf(refused, 1);
    const body = {
      segment_id: segment,
      from: MAIL.from,
      subject: "x",
      html: "x",
      send: true,
      scheduled_at: "in 1 hour",
    };
    const no = await refused.send("POST /broadcasts", body);
    expect([no.status, no.refusal]).toEqual([403, "operation_unbounded"]);
    await using bench = await open({ allowUnbounded: { "broadcasts.create": { maxPerCall: usd(0.5) } } });
    expect((await bench.send("POST /broadcasts", body)).status).toBeLessThan(300);
    expect(await bench.standing()).toBe("0.5 0");
  });
});

describe("secrets", () => {
  test("of webhooks are blanked out, and new keys are never handed out", async () => {
    await using bench = await open();
    const made = await fetch(`${sandbox.url}/webhooks`, {
      method: "POST",
      headers: { authorization: `Bearer ${SANDBOX_RESEND_KEY}`, "content-type": "application/json" },
      body: JSON.stringify({ endpoint: "https://example.com/hook", events: ["email.sent"] }),
    });
    const webhook: unknown = await made.json();
    expect(webhook).toMatchObject({ id: expect.any(String), signing_secret: expect.stringMatching(/^whsec_/) });
    const { id, signing_secret: secret } = webhook as { readonly id: string; readonly signing_secret: string };
    const shown = await bench.send(`GET /webhooks/${id}`);
    expect(shown.json).toMatchObject({ id, signing_secret: expect.any(String) });
    expect(shown.text).not.toContain(secret);
    const before = sandbox.journal().length;
    const token = await bench.send("POST /api-keys", { name: "mine" });
    expect([token.status, token.refusal]).toEqual([403, "operation_exposes_secret"]);
    expect(sandbox.journal()).toHaveLength(before);
  });
});

describe("what a broadcast was priced by", () => {
  /** A segment with so many contacts. */
  async function segment(bench: VendorBench, name: string, contacts: number): Promise<string> {
    const id = await idOf(bench, "POST /segments", { name });
    for (let each = 0; each < contacts; each += 1) {
      const email = `${name}${each}@example.com`;
      await idOf(bench, "POST /contacts", { email, segments: [{ id }] });
    }
    return id;
  }

  test.each([0, 5, 20])("cannot be changed before it is sent (change %s ms later)", async (delay) => {
    await using bench = await open({ caps: [cap(usd(1), { window: "total" })], allowUnbounded: {} });
    const small = await segment(bench, "small", 1);
    const large = await segment(bench, "large", 40);
    const draft = await idOf(bench, "POST /broadcasts", {
      segment_id: small,
      from: MAIL.from,
      subject: "s",
      text: "t",
    });
    const before = sandbox.mailsSent().sent;
    // Counting takes long enough that everything else could happen in the meantime.
    sandbox.onRequest(async ({ path }) => {
      if (path.includes("/contacts")) await new Promise((resolve) => setTimeout(resolve, 60));
    });
    await Promise.all([
      bench.send(`POST /broadcasts/${draft}/send`, {}),
      new Promise((resolve) => setTimeout(resolve, delay)).then(() =>
        bench.send(`PATCH /broadcasts/${draft}`, { segment_id: large }),
      ),
    ]);
    const sent = sandbox.mailsSent().sent - before;
    const [settled = "0", held = "0"] = (await bench.standing()).split(" ");
    expect(sent * 900).toBeLessThanOrEqual(Math.round((Number(settled) + Number(held)) * 1_000_000));
  });
});
