/**
 * Twilio's addresses: which host serves a path, and which account a request is in. Every product has a host of its own and they
 * share the roots /v1 and /v2, so the product stands in front of the path: `/verify/v2/...`; only the oldest, `api`, has a root that
 * says enough: `/2010-04-01/...`.
 */
import { refusal } from "@keybrake/core";
import type { Address, Credential, Destination, Refusal, VaultKey } from "@keybrake/core";

export const MAIN_HOST = "api.twilio.com";
/** The root of the api host, and with it the one product that needs no word in front. */
const API_ROOT = "2010-04-01";

/** An account id: `AC` and 32 hex digits. https://www.twilio.com/docs/glossary/what-is-a-sid */
const ACCOUNT_SID = /^AC[0-9a-f]{32}$/i;

/** Crockford's base 32, as Keybrake's ids are written. */
const BASE32 = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * Twilio's SDKs want an account id beside the secret and put it into paths. The one that a vault key shows is its own id, written
 * as one: nobody has to store it, and it says nothing about the real account.
 */
export function standInAccount({ id }: Pick<VaultKey, "id">): string {
  let bits = 0n;
  for (const char of id.slice(id.indexOf("_") + 1)) bits = bits * 32n + BigInt(Math.max(0, BASE32.indexOf(char)));
  return `AC${(bits % (1n << 128n)).toString(16).padStart(32, "0")}`;
}

/**
 * The key's stand-in and the real account are the same to the caller (links in answers carry the real one); a sub-account only
 * where the key names it. Any other account is refused, wherever in the path it stands.
 */
export function address(asked: Address, key: VaultKey, credential: Credential): Address | Refusal {
  if (isXml(asked.segments))
    return refusal(
      "operation_unknown",
      "Without .json at its end, Twilio answers this path in XML, which Keybrake does not read. Add .json to the path.",
    );
  const standIn = standInAccount(key);
  const real = credential.accountId;
  const segments: string[] = [];
  for (const segment of asked.segments) {
    const { sid, rest } = accountIn(segment);
    if (sid === null) segments.push(segment);
    else if (real !== null && (sid === standIn || sid === real)) segments.push(real + rest);
    else if (key.accounts.includes(sid)) segments.push(segment);
    else
      return refusal(
        "parameter_not_allowed",
        "The path names an account that is neither this vault key's account_sid nor one of its accounts.",
      );
  }
  if (segments.every((segment, index) => segment === asked.segments[index])) return asked;
  return { path: withSegments(asked.path, asked.segments, segments), segments };
}

/** Every operation of the api host ends in `.json`. */
function isXml(segments: readonly string[]): boolean {
  return segments[0] === API_ROOT && segments.length > 1 && !(segments.at(-1) ?? "").includes(".");
}

/** `AC....json` names an account too. */
function accountIn(segment: string): { readonly sid: string | null; readonly rest: string } {
  const dot = segment.indexOf(".");
  const name = dot === -1 ? segment : segment.slice(0, dot);
  return ACCOUNT_SID.test(name) ? { sid: name, rest: segment.slice(name.length) } : { sid: null, rest: "" };
}

/** An account id has the same length everywhere, and no other spelling in a path than its own. */
const ACCOUNT_SID_CHARS = 34;

/** Only the ids that changed: everything else, also what follows an id in its segment, keeps the spelling in which it came. */
function withSegments(path: string, before: readonly string[], after: readonly string[]): string {
  const raw = path.slice(1).split("/");
  const replaced = raw.map((text, index) => {
    const now = after[index];
    if (now === undefined || now === before[index]) return text;
    return now.slice(0, ACCOUNT_SID_CHARS) + text.slice(ACCOUNT_SID_CHARS);
  });
  return `/${replaced.join("/")}`;
}

export function destination(path: string): Destination {
  const end = path.indexOf("/", 1);
  const product = end === -1 ? path.slice(1) : path.slice(1, end);
  if (product === API_ROOT) return { baseUrl: `https://${MAIN_HOST}`, path };
  return { baseUrl: `https://${product}.twilio.com`, path: end === -1 ? "/" : path.slice(end) };
}

/** What every link to one of Twilio's hosts holds. */
export const OWN_LINK_MARK = ".twilio.com";

/**
 * Between a product and the domain may stand a region, and before it the edge that leads to it: `.ie1`, `.dublin.ie1`.
 * https://www.twilio.com/docs/global-infrastructure/using-the-twilio-rest-api-in-a-non-us-region
 */
const WHERE = /(?:(?:\.[a-z]+(?:-[a-z]+)*)?\.[a-z]{2}\d{1,2})?/.source;
const OWN_LINK = new RegExp(`^https://([a-z][a-z-]*)${WHERE}\\.twilio\\.com(/[^\\s"<>\\\\]*)$`);

/**
 * `https://verify.twilio.com/v2/Services?Page=1` is `/verify/v2/Services?Page=1` below Keybrake's /twilio, and so it is with a
 * region in its host: where a request goes is the gateway's affair, not the link's.
 */
export function ownLink(url: string): string | null {
  const match = OWN_LINK.exec(url);
  if (match === null) return null;
  const [, product = "", path = ""] = match;
  if (product === "api") return path.startsWith(`/${API_ROOT}/`) ? path : null;
  return /^\/(?:v\d+|[A-Za-z]+)(?:\/|$)/.test(path) ? `/${product}${path}` : null;
}
