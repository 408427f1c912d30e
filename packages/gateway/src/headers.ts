/**
 * The header rules of step 2: `rawHeaders` are looked at once, and come out as what is judged and what is sent, which hold the
 * same headers. Never copies a caller's credential into either.
 */

/** What the vendor's request has that the caller's had not, or the other way round. Everything else is the same, byte for byte. */
export const FORWARDED_DIFFERENCES: readonly { readonly header: string; readonly what: string }[] = [
  { header: "Authorization", what: "the vault key is replaced by the credential, in the same place" },
  { header: "Host", what: "the vendor's" },
  { header: "Connection", what: "replaced, and every header that it names is removed: they were for this hop" },
  { header: "Keep-Alive", what: "removed: hop by hop" },
  { header: "Proxy-*", what: "removed: hop by hop" },
  { header: "TE", what: "removed: hop by hop" },
  { header: "Trailer", what: "removed with the trailers: hop by hop" },
  { header: "Transfer-Encoding", what: "removed: the body is sent with its length" },
  { header: "Upgrade", what: "removed: hop by hop" },
  { header: "HTTP2-Settings", what: "removed: hop by hop" },
  { header: "Expect", what: "answered here" },
  { header: "Content-Length", what: "counted again; also where the body came in chunks" },
  { header: "Keybrake-*", what: "removed: for us" },
  { header: "Idempotency-Key", what: "keybrake-<call id>, only where the vendor honours one and the caller sent none" },
];

export interface RequestHeaders {
  /** Lower-case names: exactly the headers that are sent, so that what is judged is what is sent. */
  readonly judged: Map<string, string>;
  /** Names and values in their order and case; the caller's credential is left out. */
  readonly sent: string[];
  /** Where in `sent` the caller's credential stood; the vendor's goes there. */
  readonly authorizationAt: number;
  readonly authorization: string | null;
  readonly contentLength: string | null;
  readonly transferEncoding: string | null;
  readonly upgrade: string | null;
  /** `Keybrake-Dry-Run`, as it came. */
  readonly dryRun: string | null;
  readonly host: string | null;
  /** The first header that came twice and may not. */
  readonly repeated: string | null;
}

/** Lists by their nature, or notes of proxies on the way: HTTP joins them, and no meaning hangs on which one comes last. */
const MAY_REPEAT: ReadonlySet<string> = new Set([
  "accept",
  "accept-charset",
  "accept-encoding",
  "accept-language",
  "cache-control",
  "connection",
  "forwarded",
  "te",
  "via",
  "x-forwarded-for",
]);

/** Bound for this hop or made anew for the next one. https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
const NOT_SENT: ReadonlySet<string> = new Set([
  "authorization",
  "connection",
  "content-length",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

export function readHeaders(rawHeaders: readonly string[]): RequestHeaders {
  const judged = new Map<string, string>();
  const sent: string[] = [];
  const kept = new Map<string, string>();
  let authorizationAt = -1;
  let repeated: string | null = null;

  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    const value = rawHeaders[at + 1] ?? "";
    const lower = name.toLowerCase();
    const isSent = !NOT_SENT.has(lower) && !lower.startsWith("keybrake-") && !lower.startsWith("proxy-");
    const read = isSent ? judged : kept;
    const before = read.get(lower);
    if (before === undefined) read.set(lower, value);
    else if (MAY_REPEAT.has(lower)) read.set(lower, `${before}, ${value}`);
    else repeated ??= lower;
    if (isSent) sent.push(name, value);
    else if (lower === "authorization") authorizationAt = sent.length;
  }

  const connection = kept.get("connection");
  if (connection !== undefined) authorizationAt -= removeNamed(connection, judged, sent, authorizationAt);
  return {
    judged,
    sent,
    authorizationAt: authorizationAt < 0 ? sent.length : authorizationAt,
    authorization: kept.get("authorization") ?? null,
    contentLength: kept.get("content-length") ?? null,
    transferEncoding: kept.get("transfer-encoding") ?? null,
    upgrade: kept.get("upgrade") ?? null,
    dryRun: kept.get("keybrake-dry-run") ?? null,
    host: kept.get("host") ?? null,
    repeated,
  };
}

/** Removes what `Connection` names from what is judged and from what is sent alike; answers how far the place `before` moves. */
function removeNamed(connection: string, judged: Map<string, string>, sent: string[], before: number): number {
  let moved = 0;
  for (const token of connection.toLowerCase().split(",")) {
    if (!judged.delete(token.trim())) continue;
    for (let at = sent.length - 2; at >= 0; at -= 2) {
      if (sent[at]?.toLowerCase() !== token.trim()) continue;
      sent.splice(at, 2);
      if (at < before - moved) moved += 2;
    }
  }
  return moved;
}

/** All values of one header of a raw list, joined as HTTP joins them; undefined where there is none. `name` is lower-case. */
export function headerValue(headers: readonly string[], name: string): string | undefined {
  let value: string | undefined;
  for (let at = 0; at + 1 < headers.length; at += 2)
    if (headers[at]?.toLowerCase() === name)
      value = value === undefined ? headers[at + 1] : `${value}, ${headers[at + 1]}`;
  return value;
}
