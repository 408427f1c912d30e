/** The fake Resend without sockets, and generated requests to it: plausible and odd ones, over all operations of it that send mail. */
import { instant, microUsd, priceOf } from "@keybrake/core";
import type { Pricing, Vendor, VendorRequest } from "@keybrake/core";
import { resend } from "@keybrake/vendors";
import { Engine } from "../../../packages/sandbox/src/resend/engine.ts";
import { receive } from "../../../packages/sandbox/src/resend/resources/inboxes.ts";
import { seededRandom } from "../../../packages/sandbox/src/shared/random.ts";
import { Dice, Shelf } from "./dice.ts";
import { encodeJson } from "./encode.ts";
import { answerOf, arrivedOf, NOON, type Generator } from "./driver.ts";
import { credentialFor, Teller, type Fake, type Outcome, type Wanted } from "./teller.ts";

const KEY = "re_estimates";
/** Of one mail, micro-USD: the built-in card's. */
const MAIL = 900n;
const DAY_MS = 86_400_000;

interface Clock {
  now: number;
}

function fakeResend(vendor: Vendor, seed: number, clock: Clock): { readonly fake: Fake; readonly engine: Engine } {
  const engine = new Engine({
    now: () => clock.now,
    random: seededRandom(seed, 1),
    requestIds: seededRandom(seed, 3),
    secretKeys: [KEY],
    verifyDomains: false,
    gullible: false,
    objectsMax: 1_000_000,
    idempotencyKeysMax: 10_000,
    mailingsMax: 10_000_000,
  });
  const pricing = (): Pricing => ({
    now: instant(clock.now),
    convert: () => ({ kind: "unpriced", why: "Mails are counted in dollars." }),
    price: (from, { operation, unit, qualifiers }) => {
      // The card prices what Resend publishes; the rest an operator writes, at the same price.
      const isInbox = operation.startsWith("inboxes.");
      if (from === "file" && isInbox && unit === "email")
        return { kind: "price", price: microUsd(MAIL), source: "a made-up file", asOf: "2026-11-25" };
      const found =
        from === "card" && vendor.rateCard !== null ? priceOf(vendor.rateCard, operation, unit, qualifiers) : null;
      return found === null
        ? { kind: "none", why: "It has no price." }
        : { kind: "price", price: found.each, source: found.source, asOf: found.asOf };
    },
  });
  const fake: Fake = {
    vendor,
    credential: credentialFor(vendor, instant(clock.now), null),
    accounts: [],
    pricing,
    send(request, order) {
      const { headers } = request;
      const all = { "user-agent": "estimates", ...Object.fromEntries(headers), authorization: `Bearer ${KEY}` };
      return answerOf(engine, arrivedOf(request, order, all));
    },
    movedBy(order) {
      engine.world.sendWhatIsDue();
      const mails = engine.world.truth.mailsBy(order);
      return mails === 0 ? [] : [{ direction: "usage", unit: "mail", amount: BigInt(mails) }];
    },
    movedInAll: () => new Map([["usage", MAIL * BigInt(engine.world.truth.totalSent)]]),
    toUsd: ({ amount }) => amount * MAIL,
    // Who of a segment has unsubscribed, and whom an answer goes to, Resend does not say. What waits for its time may be cancelled, which
    // gives nothing back.
    tellsExactly: ({ operation, parameters }) =>
      !/^broadcasts\.|\.reply$/.test(operation.name) &&
      ![...parameters.keys()].some((name) => name.endsWith("scheduled_at") || name.includes("[scheduled_at]")),
  };
  return { fake, engine };
}

// -------------------------------------------------------------------------------------------------------------- generator

const DOMAINS = ["example.com", "example.org", "mail.example.net", "xn--bcher-kva.example", "例え.example"] as const;

export function resendGenerator(seed: number, vendor: Vendor = resend): Generator {
  const dice = new Dice(seed);
  const clock = { now: NOON };
  const { fake, engine } = fakeResend(vendor, seed, clock);
  const teller = new Teller(fake);
  const scheduled = new Shelf<string>();
  const drafts = new Shelf<string>();
  const broadcasts = new Shelf<string>();
  const inboxes: string[] = [];
  const inboxDrafts = new Shelf<string>();
  const arrivals = new Shelf<string>();
  const segments: string[] = [];
  let last: { readonly wanted: Wanted; readonly key: string } | null = null;

  // ------------------------------------------------------------------------------------------------------- preparations

  const prepare = (method: string, path: string, body?: unknown): Record<string, unknown> => {
    const encoded = body === undefined ? null : Buffer.from(JSON.stringify(body));
    const request: VendorRequest = {
      method,
      path,
      segments: path.slice(1).split("/"),
      query: "",
      headers: new Map(encoded === null ? [] : [["content-type", "application/json"]]),
      body: encoded ?? new Uint8Array(0),
    };
    const answer = fake.send(request, teller.nextOrder());
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${Buffer.from(answer.body).toString()}`);
    return JSON.parse(Buffer.from(answer.body).toString()) as Record<string, unknown>;
  };
  for (const size of [0, 1, 3, 40, 99, 100, 101, 230, 299, 300, 301]) {
    const { id } = prepare("POST", "/segments", { name: `segment of ${size}` });
    segments.push(String(id));
    for (let index = 0; index < size; index += 1)
      prepare("POST", "/contacts", {
        email: `s${size}-${index}@example.com`,
        segments: [id],
        unsubscribed: dice.chance(0.15),
      });
  }
  for (let index = 0; index < 3; index += 1)
    inboxes.push(String(prepare("POST", "/inboxes", { email_address: `inbox${index}@example.com` })["id"]));

  // -------------------------------------------------------------------------------------------------------------- parts

  const address = (): string => {
    const bare = `${dice.word(dice.whole(1, 8))}${dice.chance(0.1) ? "+tag" : ""}@${dice.pick(DOMAINS)}`;
    switch (dice.weighted({ bare: 60, named: 25, quoted: 6, spaced: 4, wrong: 1.2, two: 0.8 })) {
      case "bare":
        return bare;
      case "named":
        return `${dice.word(5)} ${dice.word(6)} <${bare}>`;
      case "quoted":
        return `"Last, First" <${bare}>`;
      case "spaced":
        return ` ${bare} `;
      case "wrong":
        return dice.pick(["nobody", "a@", "@example.com", "a b@example.com <", ""]);
      case "two":
        return `${bare}${dice.pick([",", ";", ", "])}second@example.com`;
    }
  };
  const addresses = (most: number): unknown => {
    const count = dice.chance(0.9) ? dice.whole(1, Math.min(3, most)) : dice.whole(1, most);
    if (count === 1 && dice.chance(0.5)) return address();
    const list = dice.times(count, address);
    // The same address twice is two mails.
    if (dice.chance(0.1) && list[0] !== undefined) list.push(list[0]);
    return list;
  };
  const time = (): string => {
    const ms = dice.pick([-DAY_MS, 60_000, 3_600_000, 5 * DAY_MS, 29 * DAY_MS, 40 * DAY_MS] as const);
    if (dice.chance(0.4)) return dice.pick(["in 1 hour", "in 5 min", "in 2 days", "in 30 days", "tomorrow"] as const);
    return new Date(clock.now + ms).toISOString();
  };
  const mail = (wrong: number): Record<string, unknown> => {
    const made: Record<string, unknown> = {
      from: dice.chance(wrong) ? "nobody" : "Shop <shop@example.com>",
      to: addresses(dice.chance(0.02) ? 60 : 50),
      subject: dice.pick(["Hello", "Grüße", "Receipt 🧾", "x"] as const),
    };
    if (dice.chance(0.3)) made["cc"] = dice.chance(0.1) ? dice.pick([null, "", []] as const) : addresses(20);
    if (dice.chance(0.3)) made["bcc"] = dice.chance(0.1) ? dice.pick([null, "", []] as const) : addresses(60);
    if (dice.chance(0.2)) made["reply_to"] = addresses(3);
    if (dice.chance(0.85)) made[dice.pick(["html", "text"] as const)] = "a body with an @ and a, comma";
    else made["template"] = { id: "welcome", variables: { to: "x@example.com", cc: ["y@example.com"] } };
    if (dice.chance(0.1)) made["tags"] = [{ name: "kind", value: "receipt" }];
    if (dice.chance(0.1)) made["headers"] = { "X-Entity-Ref-ID": dice.word(8) };
    if (dice.chance(0.05)) made["attachments"] = [{ filename: "a@b.txt", content: "aGVsbG8=" }];
    if (dice.chance(0.12)) made["scheduled_at"] = time();
    if (dice.chance(0.01)) made["headers"] = { Bcc: "hidden@example.com" };
    return made;
  };
  const json = (method: string, path: string, body: unknown, headers: Record<string, string> = {}): Wanted => ({
    method,
    path,
    headers,
    ...encodeJson(body, dice),
  });
  const idOf = (outcome: Outcome): string | null => {
    if (outcome.kind !== "sent" || outcome.status >= 300) return null;
    const { json: body } = outcome;
    const id = typeof body === "object" && body !== null && "id" in body ? body.id : null;
    return typeof id === "string" ? id : null;
  };

  // ------------------------------------------------------------------------------------------------------------- actions

  const sendAnyhow = (wanted: Wanted): Outcome => {
    if (!dice.chance(0.15)) return teller.send(wanted);
    const key = dice.word(20);
    last = { wanted, key };
    return teller.send(wanted, { idempotencyKey: key });
  };
  const actions = {
    email(): void {
      const made = mail(0.01);
      const id = idOf(sendAnyhow(json("POST", "/emails", made)));
      if (id !== null && "scheduled_at" in made) scheduled.put(id, dice);
    },
    batch(): void {
      const size = dice.chance(0.85) ? dice.whole(1, 6) : dice.whole(1, 102);
      const permissive = dice.chance(0.5);
      const mails: unknown[] = dice.times(size, () => mail(permissive ? 0.15 : 0.01));
      if (dice.chance(0.02)) mails.push(dice.pick([{}, null, "x"] as const));
      const headers: Record<string, string> = permissive
        ? { "x-batch-validation": "permissive" }
        : dice.chance(0.3)
          ? { "x-batch-validation": "strict" }
          : {};
      sendAnyhow(json("POST", "/emails/batch", mails, headers));
    },
    again(): void {
      if (last !== null) teller.send(last.wanted, { idempotencyKey: last.key });
    },
    otherPayload(): void {
      if (last !== null) teller.send(json("POST", "/emails", mail(0)), { idempotencyKey: last.key });
    },
    cancel(): void {
      const id = scheduled.any(dice);
      if (id !== undefined) teller.send({ method: "POST", path: `/emails/${id}/cancel` });
    },
    move(): void {
      const id = scheduled.any(dice);
      if (id !== undefined) teller.send(json("PATCH", `/emails/${id}`, { scheduled_at: time() }));
    },
    look(): void {
      const id = scheduled.any(dice);
      if (id !== undefined) teller.send({ method: "GET", path: `/emails/${id}` });
    },
    broadcast(): void {
      const body: Record<string, unknown> = {
        [dice.pick(["segment_id", "segment_id", "audience_id"] as const)]: dice.pick(segments),
        from: "News <news@example.com>",
        subject: "News",
        html: "<p>Hello</p>",
      };
      const isSent = dice.chance(0.5);
      if (isSent) body["send"] = true;
      else if (dice.chance(0.1)) body["send"] = false;
      if (dice.chance(0.05)) body["scheduled_at"] = time();
      const id = idOf(teller.send(json("POST", "/broadcasts", body)));
      if (id !== null) (isSent ? broadcasts : drafts).put(id, dice);
    },
    updateBroadcast(): void {
      const id = (dice.chance(0.8) ? drafts : broadcasts).any(dice);
      if (id === undefined) return;
      const body = dice.chance(0.5) ? { segment_id: dice.pick(segments) } : { subject: "Other news" };
      teller.send(json("PATCH", `/broadcasts/${id}`, body));
    },
    sendBroadcast(): void {
      const id = drafts.any(dice);
      if (id === undefined) return;
      const body = dice.chance(0.05) ? { scheduled_at: time() } : dice.chance(0.5) ? {} : null;
      const path = `/broadcasts/${id}/send`;
      teller.send(body === null ? { method: "POST", path } : json("POST", path, body));
    },
    inboxDraft(): void {
      const inbox = dice.pick(inboxes) ?? "";
      const body: Record<string, unknown> = { to: addresses(10), subject: "A draft" };
      if (dice.chance(0.4)) body["cc"] = addresses(5);
      if (dice.chance(0.4)) body["bcc"] = addresses(5);
      const id = idOf(teller.send(json("POST", `/inboxes/${inbox}/drafts`, body)));
      if (id !== null) inboxDrafts.put(`/inboxes/${inbox}/drafts/${id}`, dice);
    },
    changeInboxDraft(): void {
      const path = inboxDrafts.any(dice);
      if (path !== undefined)
        teller.send(json("PATCH", path, { [dice.pick(["to", "cc", "bcc"] as const)]: addresses(8) }));
    },
    sendInboxDraft(): void {
      const path = inboxDrafts.any(dice);
      if (path !== undefined) teller.send({ method: "POST", path: `${path}/send` });
    },
    arrive(): void {
      const inbox = dice.pick(inboxes) ?? "";
      const others = (): string[] => dice.times(dice.whole(0, 4), () => `${dice.word(5)}@example.org`);
      const to = [...others(), "inbox0@example.com"];
      const { threadId, emailId } = receive(engine.world, inbox, {
        from: "Somebody <somebody@example.org>",
        to,
        cc: others(),
        subject: "Question",
      });
      arrivals.put(`/inboxes/${inbox}/threads/${threadId}/emails/${emailId}`, dice);
    },
    reply(): void {
      const path = arrivals.any(dice);
      if (path === undefined) return;
      const body: Record<string, unknown> = { text: "An answer" };
      if (dice.chance(0.5)) body["reply_all"] = dice.chance(0.8);
      if (dice.chance(0.3)) body["cc"] = addresses(4);
      if (dice.chance(0.3)) body["bcc"] = addresses(4);
      teller.send(json("POST", `${path}/reply`, body));
    },
    forward(): void {
      const path = arrivals.any(dice);
      if (path === undefined) return;
      const body: Record<string, unknown> = { to: addresses(5), text: "See below" };
      if (dice.chance(0.3)) body["cc"] = addresses(4);
      teller.send(json("POST", `${path}/forward`, body));
    },
    contacts(): void {
      prepare("POST", "/contacts", {
        email: `late-${dice.word(6)}@example.com`,
        segments: [segments[dice.whole(0, 3)]],
      });
    },
    wait(): void {
      clock.now += dice.pick([1_000, 60_000, 3_600_000] as const);
      if (dice.chance(0.1)) clock.now += 6 * DAY_MS;
      teller.checkOpen();
    },
  } satisfies Record<string, () => void>;
  const weights: Record<keyof typeof actions, number> = {
    email: 60,
    batch: 14,
    again: 3,
    otherPayload: 0.3,
    cancel: 2,
    move: 1,
    look: 0.5,
    broadcast: 2,
    updateBroadcast: 2,
    sendBroadcast: 1.5,
    inboxDraft: 2.5,
    changeInboxDraft: 0.5,
    sendInboxDraft: 4,
    arrive: 1,
    reply: 3,
    forward: 3,
    contacts: 0.05,
    wait: 0.03,
  };
  return {
    teller,
    step(): void {
      if (dice.chance(0.005)) teller.loseNext();
      actions[dice.weighted(weights)]();
    },
    settle(): void {
      clock.now += 60 * DAY_MS;
      teller.checkOpen();
    },
  };
}
