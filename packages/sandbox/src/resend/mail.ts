// Reads an email as POST /emails and each item of POST /emails/batch have it: addresses, limits, times.

import type { Json, JsonObject } from "../shared/json.ts";
import { isObject, textOf } from "../shared/json.ts";
import { invalidAddress, invalidField, invalidFrom, missingField } from "./errors.ts";

/** "Max 50" (OpenAPI of 2026-08-21). For cc and bcc no limit is published, so the sandbox has none. */
const TO_MAX = 50;
const DAY_MS: number = 24 * 60 * 60 * 1000;
/** "up to 30 days in advance" (resend.com/docs/dashboard/emails/schedule-email). */
const SCHEDULE_MAX_MS: number = 30 * DAY_MS;

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly replyTo: readonly string[];
  readonly subject: string;
  readonly html: string | null;
  readonly text: string | null;
  /** Milliseconds since the epoch; null: at once. */
  readonly sendAt: number | null;
}

/** `now` is in milliseconds. `gullible`: a text of several addresses is believed to be several recipients. */
export function readMail(body: unknown, now: number, gullible: boolean): Mail {
  if (!isObject(body)) throw invalidField("An email is a JSON object.");
  const from = textOf(body.from);
  if (from === "") throw missingField("from");
  if (!isAddress(from)) throw invalidFrom();
  const to = readAddresses(body, "to", gullible);
  if (to.length === 0) throw missingField("to");
  if (to.length > TO_MAX) throw invalidField(`The \`to\` field may have up to ${TO_MAX} addresses.`);
  const fromTemplate = isObject(body.template);
  if (textOf(body.subject) === "" && !fromTemplate) throw missingField("subject");
  if (typeof body.html !== "string" && typeof body.text !== "string" && !fromTemplate) throw missingField("html");
  return {
    from,
    to,
    cc: readAddresses(body, "cc", gullible),
    bcc: readAddresses(body, "bcc", gullible),
    replyTo: readAddresses(body, "reply_to", gullible),
    subject: textOf(body.subject),
    html: typeof body.html === "string" ? body.html : null,
    text: typeof body.text === "string" ? body.text : null,
    sendAt: readTime(body, now),
  };
}

/** How many mails it is to the vendor: every recipient is one, an address that stands there twice too. */
export function mailsOf(mail: Pick<Mail, "to" | "cc" | "bcc">): number {
  return mail.to.length + mail.cc.length + mail.bcc.length;
}

/** "Name <email@example.com>" or the bare address, and only one of them. */
function isAddress(text: string): boolean {
  return /^(?:[^<>@]*<[^\s<>@,;]+@[^\s<>@,;]+>|[^\s<>@,;]+@[^\s<>@,;]+)$/.test(text.trim());
}

/** The domain of an address, lower case. */
export function domainOf(address: string): string {
  return (/@([^\s<>@]+?)>?\s*$/.exec(address)?.[1] ?? "").toLowerCase();
}

export function readAddresses(body: JsonObject, field: string, gullible: boolean): readonly string[] {
  const value = body[field];
  if (value === undefined || value === null || value === "") return [];
  const items: readonly Json[] = Array.isArray(value) ? value : [value];
  const texts = items.map((item) => {
    if (typeof item !== "string") throw invalidAddress(field);
    return item;
  });
  const addresses = gullible ? texts.flatMap((text) => text.split(/[,;]/)).map((text) => text.trim()) : texts;
  if (!addresses.every(isAddress)) throw invalidAddress(field);
  return addresses;
}

const SPOKEN_MS: Readonly<Record<string, number>> = { min: 60_000, minute: 60_000, hour: 3_600_000, day: DAY_MS };

/**
 * `scheduled_at`: ISO 8601, or "in 1 hour". One that has passed means at once. Resend understands more ("tomorrow at 9am", "Friday at
 * 3pm ET"); the sandbox refuses what it does not.
 */
export function readTime(body: JsonObject, now: number): number | null {
  const value = body.scheduled_at;
  if (value === undefined || value === null || value === "") return null;
  if (typeof value !== "string") throw invalidField("The `scheduled_at` field is a text.");
  const [, count = "", unit = ""] = /^in (\d{1,4}) (min|minute|hour|day)s?$/.exec(value.trim()) ?? [];
  const at = unit === "" ? Date.parse(value) : now + Number(count) * (SPOKEN_MS[unit] ?? 0);
  if (Number.isNaN(at)) throw invalidField("The `scheduled_at` field cannot be read.");
  if (at > now + SCHEDULE_MAX_MS) throw invalidField("Emails can be scheduled up to 30 days in advance.");
  return at <= now ? null : at;
}
