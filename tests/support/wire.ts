/**
 * What a vendor received, made comparable: with Keybrake in between and without. Takes away the documented differences, and what an
 * SDK makes up anew in every run; everything else stays as it was, byte for byte.
 */
import { FORWARDED_DIFFERENCES } from "@keybrake/gateway";
import { headerOf, type RecordedRequest } from "@keybrake/sandbox";

/** Every header of the list but two: the credential must be the very one, and a key that the SDK sent must have stayed. */
const DOCUMENTED: readonly string[] = FORWARDED_DIFFERENCES.map((difference) => difference.header.toLowerCase()).filter(
  (name) => name !== "authorization" && name !== "idempotency-key",
);

function isDocumented(header: string): boolean {
  const name = header.toLowerCase();
  return DOCUMENTED.some((each) => (each.endsWith("*") ? name.startsWith(each.slice(0, -1)) : name === each));
}

/**
 * The sandbox's request ids (it counts look-ups too), and what SDKs draw by lot or read from a clock: idempotency keys that the program
 * did not choose, and how long the call before took.
 */
export function withoutChance(text: string): string {
  return text
    .replaceAll(/\breq_[0-9A-Za-z]{14}\b/g, "req_(any)")
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "(any uuid)")
    .replaceAll(/"request_duration_ms": ?\d+/g, '"request_duration_ms":(any)');
}

export interface Comparable {
  readonly line: string;
  /** In their order and case, one a line. */
  readonly headers: readonly string[];
  /** One character a byte. */
  readonly body: string;
}

export function comparable(request: RecordedRequest): Comparable {
  const headers: string[] = [];
  for (let at = 0; at + 1 < request.rawHeaders.length; at += 2) {
    const name = request.rawHeaders[at] ?? "";
    if (!isDocumented(name)) headers.push(`${name}: ${withoutChance(request.rawHeaders[at + 1] ?? "")}`);
  }
  return { line: `${request.method} ${request.path}`, headers, body: request.body.toString("latin1") };
}

/** Keybrake's own questions; everything else came from the caller. */
export function isLookUp(request: RecordedRequest): boolean {
  return headerOf(request, "user-agent") === "Keybrake";
}
