/**
 * What a call to Resend may not reach, whatever its path is allowed: parameters of money operations that nobody has thought through,
 * header lines of a mail that name whom it comes from or goes to beside the parameters that say so, what could become more lines of
 * a mail's head than it is, and segments that fill by themselves. Counts no money.
 */
import { refusal } from "@keybrake/core";
import type { Refusal, VaultKey, VendorCall } from "@keybrake/core";
import { quoted } from "../form.ts";
import { addressesIn } from "./estimate.ts";
import { bodyNames, mailsOf, rootOf } from "./parameters.ts";

export function checkReach(call: VendorCall, _key: VaultKey): Refusal | null {
  return (
    checkUserAgent(call) ?? checkValidationMode(call) ?? checkLines(call) ?? checkFilter(call) ?? checkParameters(call)
  );
}

/** resend.com/docs/api-reference/introduction: without one every request is turned away by the edge, with a page that says nothing. */
function checkUserAgent({ request }: VendorCall): Refusal | null {
  if (request.headers.has("user-agent")) return null;
  return refusal("request_ambiguous", "The request has no User-Agent, and Resend answers none without.");
}

/** resend.com/changelog/batch-validation-modes (2025-09-19). */
const VALIDATION_MODES: ReadonlySet<string> = new Set(["strict", "permissive"]);

function checkValidationMode({ request }: VendorCall): Refusal | null {
  const mode = request.headers.get("x-batch-validation");
  if (mode === undefined || VALIDATION_MODES.has(mode)) return null;
  return refusal(
    "request_ambiguous",
    `The header x-batch-validation is ${quoted(mode)}, and has two values: strict, permissive.`,
  );
}

/** Each of these is one line of a mail's head, or of an attachment's, or a part of one. */
const LINES = /^(?:(?:subject|from|to|cc|bcc|reply_to|headers)(?:\[|$)|attachments\[\d+\]\[(?!content\]))/;
/** Those of them that are addresses. */
const ADDRESSES = /^(?:from|to|cc|bcc|reply_to)(?:\[|$)/;
/** What ends a line for one reader or another, and every other control character (Unicode's Cc, and its own line breaks). */
const CONTROL = /[\p{Cc}\u2028\u2029]/u;
/** RFC 5322 section 2.1.1: a line of a mail has no more. */
const ADDRESS_CHARS_MAX = 998;
/** Resend's OpenAPI of 2026-08-21 has `maxItems: 50` on `to`, and names no limit for cc and bcc. */
const TO_MAX = 50;

/** Whatever the operation is called: what is stored in a draft or a template today is sent tomorrow. */
function checkLines(call: VendorCall): Refusal | null {
  if (call.operation.class === "read") return null;
  for (const mail of mailsOf(call) ?? []) {
    let to = 0;
    for (const [name, value] of mail) {
      if (!LINES.test(name)) continue;
      if (ADDRESSES.test(name) && value.length > ADDRESS_CHARS_MAX)
        return unclear(`${quoted(name)} has more than ${ADDRESS_CHARS_MAX} characters, and is no mail address.`);
      if (CONTROL.test(value)) return unclear(`${quoted(name)} has a line break or another control character.`);
      if (rootOf(name) === "to") to += addressesIn(value);
    }
    if (to > TO_MAX) return unclear(`"to" has more than the ${TO_MAX} addresses that Resend takes.`);
  }
  return null;
}

/**
 * Who is in a segment with a filter is for Resend to find out, and nothing says when it has: a broadcast to it could be counted before.
 * (Resend's OpenAPI of 2026-08-21 has the parameter, and no word on it.)
 */
function checkFilter({ operation, parameters }: VendorCall): Refusal | null {
  if (!operation.name.startsWith("segments.") || operation.class === "read") return null;
  if (![...parameters.keys()].some((name) => rootOf(name) === "filter")) return null;
  return no("A segment with a filter fills by itself, so that nobody could count the mails of a broadcast to it.");
}

/**
 * Lines of a mail's head that a mail server may send by, or that stand for the sender (RFC 5322 sections 3.6.2, 3.6.3 and 3.6.6). A
 * recipient there would be counted by nobody, and a sender there would pass by the key's constraint on `from`.
 */
const ADDRESS_LINES: ReadonlySet<string> = new Set([
  "from",
  "sender",
  "to",
  "cc",
  "bcc",
  "apparently-to",
  "resent-from",
  "resent-sender",
  "resent-to",
  "resent-cc",
  "resent-bcc",
  "return-path",
]);

function checkParameters(call: VendorCall): Refusal | null {
  const { operation } = call;
  const names = bodyNames(operation);
  if (names === null) return null;
  const mails = mailsOf(call);
  if (mails === null) return unclear("The body of a batch is a list of mails.");
  for (const mail of mails)
    for (const [name, value] of mail) {
      const root = rootOf(name);
      if (!names.includes(root))
        return no(`The parameter ${quoted(root)} is none that Keybrake knows of ${operation.name}.`);
      if (root !== "headers" || (name === "headers" && value === "")) continue;
      const line = /^headers\[([^[\]]+)\]$/.exec(name)?.[1];
      if (line === undefined || !isHeaderName(line)) return unclear(`${quoted(name)} is no header of a mail.`);
      if (ADDRESS_LINES.has(line.toLowerCase()))
        return no(
          `The mail's own header ${quoted(line)} says whom it comes from or goes to. Use the parameters for that.`,
        );
    }
  return null;
}

/** RFC 5322 section 2.2: printable, without a colon. Digits alone are a place in a list, and headers are none. */
function isHeaderName(name: string): boolean {
  return /^[\x21-\x39\x3b-\x7e]+$/.test(name) && !/^\d+$/.test(name);
}

function unclear(message: string): Refusal {
  return refusal("request_ambiguous", message);
}

function no(message: string): Refusal {
  return refusal("parameter_not_allowed", message);
}
