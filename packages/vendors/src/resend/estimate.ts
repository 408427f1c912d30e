/**
 * What a call to Resend can cost at most, before it is sent: its recipients, each one mail, times the price of a mail. Where the
 * request does not name them, they are looked up: a draft's, those of the mail that is answered, the contacts of a segment. A number
 * of recipients that cannot be found is a refusal or has no bound, never a guess.
 * Counted as resend.com/docs/knowledge-base/account-quotas-and-limits says (read 2026-11-25): each of to, cc and bcc is one email.
 */
import { formatUsdForPeople, MICRO_USD_MAX, microUsd, refusal } from "@keybrake/core";
import type {
  Estimate,
  LookUpAnswer,
  Parameters,
  PriceAnswer,
  Pricing,
  Refusal,
  RefusalCode,
  VendorCall,
} from "@keybrake/core";
import { priceLine } from "../price-line.ts";
import { quoted } from "../form.ts";
import { isRecord } from "../json.ts";
import { mailsOf, rootOf } from "./parameters.ts";

type Estimator = (call: VendorCall, price: Price, lookUps: readonly LookUpAnswer[]) => Estimate;
type Price = Extract<PriceAnswer, { kind: "price" }>;

const ESTIMATORS: ReadonlyMap<string, Estimator> = new Map<string, Estimator>([
  ["emails.send", estimateMails],
  ["emails.batch.send", estimateMails],
  ["broadcasts.create", estimateNewBroadcast],
  ["broadcasts.send", estimateBroadcast],
  ["inboxes.drafts.send", estimateDraft],
  ["inboxes.threads.emails.reply", estimateReply],
  ["inboxes.threads.emails.forward", estimateMails],
]);

export function estimate(call: VendorCall, pricing: Pricing, lookUps: readonly LookUpAnswer[]): Estimate {
  const { operation } = call;
  if (operation.class !== "money") return { kind: "nothing" };
  if (operation.name === "broadcasts.update") return estimateUpdate(call, lookUps);
  if (operation.name === "broadcasts.create" && !isSent(call.parameters)) return { kind: "nothing" };
  const estimator = ESTIMATORS.get(operation.name);
  if (estimator === undefined) return refused("amount_unknown", `Nothing says what ${operation.name} can cost.`);
  const price = priceOf(pricing, operation.name);
  return price.kind === "refused" ? price : estimator(call, price, lookUps);
}

/** The operator's own price, else that of the built-in card. Resend has no price list that could be asked. */
function priceOf(pricing: Pricing, operation: string): Price | Extract<Estimate, { kind: "refused" }> {
  const query = { operation, unit: "email", qualifiers: [] };
  const own = pricing.price("file", query);
  if (own.kind === "price") return own;
  const card = pricing.price("card", query);
  return card.kind === "price"
    ? card
    : refused(
        "price_unknown",
        `Nothing says what one email of ${operation} costs. ${card.why} ${priceLine("resend", operation, "email", "*", pricing.now)}`,
      );
}

function estimateMails(call: VendorCall, price: Price): Estimate {
  const mails = mailsOf(call);
  if (mails === null) return refused("request_ambiguous", "The body of a batch is a list of mails.");
  let recipients = 0;
  for (const mail of mails) {
    const count = recipientsOf(mail);
    if (typeof count !== "number") return count;
    recipients += count;
  }
  return money(recipients, price, "email");
}

/** All recipients that one mail's parameters name; a refusal where they are no addresses. */
export function recipientsOf(mail: Parameters): number | Extract<Estimate, { kind: "refused" }> {
  let recipients = 0;
  for (const [name, value] of mail) {
    if (!RECIPIENTS.has(rootOf(name))) continue;
    if (!/^[a-z]+(?:\[\d+\])?$/.test(name))
      return refused("request_ambiguous", `${quoted(name)} is no mail address and no list of them.`);
    recipients += addressesIn(value);
  }
  return recipients;
}

const RECIPIENTS: ReadonlySet<string> = new Set(["to", "cc", "bcc"]);

/** How many addresses a text can be taken for at most, without a copy of it: a draft of the vendor's may be all signs. Resend takes it for one; every address has its own @ (RFC 5321 section 4.1.2). */
export function addressesIn(text: string): number {
  if (text.trim() === "") return 0;
  let signs = 0;
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) === 0x40) signs += 1;
  return Math.max(1, signs);
}

// ------------------------------------------------------------------------------------------------------------ broadcasts

/** Contacts on one page: Resend's largest (OpenAPI of 2026-08-21). */
const PAGE = 100;
/** With the broadcast itself before and the team's usage behind, as many look-ups as there may be. */
const PAGES_MAX = 3;

const SCHEDULED = "it is scheduled, and its segment can grow until then";

/** Not only where it is true: whatever else Resend may take for a yes is one. */
function isSent(parameters: Parameters): boolean {
  return ["send", "scheduled_at"].some((name) =>
    [...parameters].some(([key, value]) => rootOf(key) === name && value !== "" && value !== "false"),
  );
}

function isScheduled(parameters: Parameters): boolean {
  return [...parameters].some(([name, value]) => rootOf(name) === "scheduled_at" && value !== "");
}

function estimateNewBroadcast({ parameters }: VendorCall, price: Price, lookUps: readonly LookUpAnswer[]): Estimate {
  if (isScheduled(parameters)) return unbounded(SCHEDULED);
  const segment = parameters.get("segment_id") ?? "";
  const audience = parameters.get("audience_id") ?? "";
  if (segment !== "" && audience !== "" && segment !== audience)
    return refused("request_ambiguous", "The broadcast names a segment_id and another audience_id.");
  return contactsOf(segment === "" ? audience : segment, price, lookUps);
}

function estimateBroadcast(call: VendorCall, price: Price, lookUps: readonly LookUpAnswer[]): Estimate {
  if (isScheduled(call.parameters)) return unbounded(SCHEDULED);
  const [answer, ...more] = lookUps;
  const broadcast = found(call, "/send", answer);
  if (broadcast.kind !== "found") return broadcast;
  const { json } = broadcast;
  const segment = json["segment_id"] ?? json["audience_id"];
  return contactsOf(typeof segment === "string" ? segment : "", price, more);
}

/** New words cost nothing; a larger segment does where it is on its way already. */
function estimateUpdate(call: VendorCall, lookUps: readonly LookUpAnswer[]): Estimate {
  const roots = new Set([...call.parameters.keys()].map(rootOf));
  if (!roots.has("segment_id") && !roots.has("audience_id") && !roots.has("topic_id")) return { kind: "nothing" };
  const broadcast = found(call, "", lookUps[0]);
  if (broadcast.kind !== "found") return broadcast;
  // A draft is counted when it is sent.
  if (broadcast.json["status"] === "draft") return { kind: "nothing" };
  return unbounded("it is no draft any more, and its segment can grow until it goes out");
}

/**
 * At most one mail to each contact of the segment, unsubscribed or not. A small segment is counted; of a larger one it is known that
 * it has no more contacts than the whole team.
 */
function contactsOf(segment: string, price: Price, lookUps: readonly LookUpAnswer[]): Estimate {
  if (!isId(segment)) return refused("amount_unknown", "The broadcast names no segment.");
  let contacts = 0;
  let after = "";
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = lookUps[page];
    const query = `limit=${PAGE}${after}`;
    if (answer === undefined) return { kind: "look_up", path: `/segments/${segment}/contacts`, query };
    const problem = problemOf(answer, "its segment's contacts");
    if (problem !== null) return problem;
    const list = isRecord(answer.json) ? answer.json : {};
    const { data, has_more: hasMore } = list;
    if (!Array.isArray(data)) return refused("amount_unknown", "The vendor's list of contacts cannot be read.");
    contacts += data.length;
    const last: unknown = data.at(-1);
    const lastId = isRecord(last) ? last["id"] : null;
    if (hasMore !== true && data.length < PAGE) return money(contacts, price, "contact of the segment");
    if (typeof lastId !== "string" || !isId(lastId)) break;
    after = `&after=${lastId}`;
  }
  const usage = lookUps[PAGES_MAX];
  if (usage === undefined && lookUps.length === PAGES_MAX)
    return { kind: "look_up", path: "/usage", query: "", optional: true };
  const team = usage?.status === 200 ? contactsOfTeam(usage.json) : null;
  if (team === null || team < contacts) return unbounded(`its segment has more than ${contacts} contacts`);
  return money(team, price, "contact of the team");
}

/** `contacts.used` of GET /usage (types of npm resend 6.38.0). */
function contactsOfTeam(json: unknown): number | null {
  const contacts = isRecord(json) ? json["contacts"] : null;
  const used = isRecord(contacts) ? contacts["used"] : null;
  return typeof used === "number" && Number.isSafeInteger(used) && used >= 0 ? used : null;
}

/** Resend's ids are UUIDs; nothing but an id may get into the path of a request that carries the credential. */
function isId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(text);
}

// --------------------------------------------------------------------------------------------------------------- inboxes

function estimateDraft(call: VendorCall, price: Price, lookUps: readonly LookUpAnswer[]): Estimate {
  const draft = found(call, "/send", lookUps[0]);
  if (draft.kind !== "found") return draft;
  const counts = [draft.json["to"], draft.json["cc"], draft.json["bcc"]].map(listed);
  return moneyFor(counts, price);
}

/**
 * It goes to whom the mail names for answers, else to its sender; where it is one that the inbox sent itself, to those it was sent to.
 * With `reply_all`, to everybody in it.
 */
function estimateReply(call: VendorCall, price: Price, lookUps: readonly LookUpAnswer[]): Estimate {
  const named = recipientsOf(call.parameters);
  if (typeof named !== "number") return named;
  const answered = found(call, "/reply", lookUps[0]);
  if (answered.kind !== "found") return answered;
  const [to, cc, bcc, replyTo] = [
    answered.json["to"],
    answered.json["cc"],
    answered.json["bcc"],
    answered.json["reply_to"],
  ].map(listed);
  const all = [...call.parameters].some(
    ([name, value]) => rootOf(name) === "reply_all" && value !== "" && value !== "false",
  );
  const counts = [to, cc, bcc, replyTo];
  if (counts.some((count) => count == null)) return moneyFor([null], price);
  const directly = Math.max(1, replyTo ?? 0, to ?? 0);
  return moneyFor([named, all ? 1 + (replyTo ?? 0) + (to ?? 0) + (cc ?? 0) + (bcc ?? 0) : directly], price);
}

/** Addresses in a list of the vendor's; null for what is none. */
function listed(value: unknown): number | null {
  if (value === undefined || value === null) return 0;
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  let addresses = 0;
  for (const item of items) {
    if (typeof item !== "string") return null;
    addresses += addressesIn(item);
  }
  return addresses;
}

function moneyFor(counts: readonly (number | null)[], price: Price): Estimate {
  let recipients = 0;
  for (const count of counts) {
    if (count === null) return refused("amount_unknown", "The vendor's list of recipients cannot be read.");
    recipients += count;
  }
  return money(recipients, price, "email");
}

// -------------------------------------------------------------------------------------------------------------- look-ups

type Found = { readonly kind: "found"; readonly json: Readonly<Record<string, unknown>> };

/**
 * The object that the call acts on, which stands where the call goes without its verb. Its path is the call's own, so that both mean
 * the same object, however it is written.
 */
function found(call: VendorCall, verb: string, answer: LookUpAnswer | undefined): Found | Estimate {
  const { path } = call.request;
  const asked = path.slice(0, path.length - verb.length);
  if (answer === undefined) return { kind: "look_up", path: asked, query: "" };
  const problem = problemOf(answer, asked);
  if (problem !== null) return problem;
  const id = asked.slice(asked.lastIndexOf("/") + 1);
  if (!isRecord(answer.json) || answer.json["id"] !== id)
    return refused("amount_unknown", `The vendor's answer for ${quoted(asked)} cannot be read.`);
  return { kind: "found", json: answer.json };
}

function problemOf({ status }: LookUpAnswer, what: string): Extract<Estimate, { kind: "refused" }> | null {
  if (status === 200) return null;
  const code = status === 429 || status >= 500 || status === 0 ? "unavailable" : "amount_unknown";
  return refused(code, `The vendor answered ${status} when it was asked for ${quoted(what)}.`);
}

// ----------------------------------------------------------------------------------------------------------------- money

function money(recipients: number, { price, source, asOf }: Price, unit: string): Estimate {
  const exposure = price * BigInt(recipients);
  if (exposure > MICRO_USD_MAX) return refused("amount_unknown", "It would cost more than Keybrake can count.");
  const each = `${recipients} x ${formatUsdForPeople(price)}, one ${unit} each (${source}, ${asOf}).`;
  return {
    kind: "money",
    direction: "usage",
    amount: null,
    exposure: microUsd(exposure),
    object: null,
    rateDate: null,
    basis: [each],
  };
}

function unbounded(why: string): Estimate {
  return { kind: "unbounded", direction: "usage", why };
}

function refused(code: RefusalCode, message: string): { readonly kind: "refused"; readonly refusal: Refusal } {
  return { kind: "refused", refusal: refusal(code, message) };
}
