/**
 * What a call to Resend may not reach, whatever its path is allowed: parameters of money operations that nobody has thought through,
 * and header lines of a mail that name whom it comes from or goes to beside the parameters that say so. Counts no money.
 */
import { refusal } from "@keybrake/core";
import type { Refusal, VaultKey, VendorCall } from "@keybrake/core";
import { quoted } from "../form.ts";
import { bodyNames, mailsOf, rootOf } from "./parameters.ts";

export function checkReach(call: VendorCall, _key: VaultKey): Refusal | null {
  return checkUserAgent(call) ?? checkValidationMode(call) ?? checkParameters(call);
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
  if (mails === null) return refusal("request_ambiguous", "The body of a batch is a list of mails.");
  for (const mail of mails)
    for (const [name, value] of mail) {
      const root = rootOf(name);
      if (!names.includes(root))
        return no(`The parameter ${quoted(root)} is none that Keybrake knows of ${operation.name}.`);
      if (root !== "headers" || (name === "headers" && value === "")) continue;
      const line = /^headers\[([^[\]]+)\]$/.exec(name)?.[1];
      if (line === undefined || !isHeaderName(line) || /[\r\n\0]/.test(value))
        return refusal("request_ambiguous", `${quoted(name)} is no header of a mail.`);
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

function no(message: string): Refusal {
  return refusal("parameter_not_allowed", message);
}
