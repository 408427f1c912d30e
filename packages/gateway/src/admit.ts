/**
 * Step 6: one durable decision of the store, waited for only so long. A yes that comes too late is taken back: nobody forwards it.
 */
import { hash } from "node:crypto";
import {
  Fault,
  refusal,
  type AdmitRequest,
  type Admission,
  type CallEnding,
  type KeyId,
  type Store,
  type VendorCall,
} from "@keybrake/core";
import type { Call } from "./call.ts";
import type { Estimated } from "./estimate.ts";
import type { GatewayEvent } from "./event.ts";

export function admitRequest(
  call: Call,
  vendorCall: VendorCall,
  estimate: Exclude<Estimated, { kind: "refused" }>,
  callersKey: string | null,
): AdmitRequest {
  const { idempotency } = call.vendor;
  const honoured =
    idempotency !== null && callersKey !== null && callersKey !== "" && callersKey.length <= idempotency.keyLengthMax;
  const rememberedMs = idempotency?.rememberedMs(vendorCall.operation) ?? null;
  return {
    call: call.facts(),
    estimate,
    idempotency:
      // What is in a body that nobody reads may be another thing under the same key.
      honoured && rememberedMs !== null && estimate.kind === "money" && vendorCall.operation.streamsBody !== true
        ? { fingerprint: fingerprint(vendorCall, idempotency.scopeHeaders), rememberedMs }
        : null,
  };
}

/**
 * The same for two requests that the vendor would take for one: method, path, account, and parameters in any order. Of JSON the very
 * bytes, because 1 and "1" are two things that have one name among the parameters, and an SDK that sends again sends the same bytes.
 */
function fingerprint({ request, parameters }: VendorCall, scopeHeaders: readonly string[]): string {
  const account = scopeHeaders.map((name) => request.headers.get(name) ?? null);
  const isJson = /\bjson\b/i.test(request.headers.get("content-type") ?? "");
  const said = isJson
    ? [request.query, hash("sha256", request.body, "hex")]
    : [...parameters].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return hash("sha256", JSON.stringify([request.method, request.path, account, said]), "hex");
}

/** The decision, or "unavailable" when it fails or takes longer than `ms`. Rejects only for a mistake of ours. */
export function admitInTime(
  store: Store,
  request: AdmitRequest,
  ms: number,
  log: (event: GatewayEvent) => void,
): Promise<Admission> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      resolve(unavailable("The store did not answer in time."));
    }, ms);
    const decided = ([admission]: readonly Admission[]): void => {
      clearTimeout(timer);
      if (isLate) takeBack(store, request, admission, log);
      else resolve(admission ?? unavailable("The store gave no answer."));
    };
    const failed = (problem: unknown): void => {
      clearTimeout(timer);
      // A decision that failed holds nothing, also when it failed too late.
      if (problem instanceof Fault) resolve(unavailable(problem.publicMessage));
      else reject(problem instanceof Error ? problem : new Error(String(problem)));
    };
    store.admit([request]).then(decided, failed);
  });
}

function unavailable(why: string): Admission {
  return { kind: "refused", refusal: refusal("unavailable", why) };
}

function takeBack(
  store: Store,
  { call: { callId, keyId } }: AdmitRequest,
  admission: Admission | undefined,
  log: (event: GatewayEvent) => void,
): void {
  if (admission?.kind !== "admitted" || keyId === null) return;
  const why = "the store's yes came too late, so the call was not sent";
  store.end([notSentEnding(callId, keyId, why, 0)]).catch((problem: unknown) => {
    // What could not be released is kept as unknown at the next start.
    log({ level: "error", event: "late_admission", callId, message: String(problem) });
  });
}

/** The ending of a call of which no byte left: whatever was held for it is released. */
export function notSentEnding(callId: CallEnding["callId"], keyId: KeyId, why: string, latencyMs: number): CallEnding {
  return {
    callId,
    keyId,
    reading: { meter: { kind: "definite_no" }, replayed: false, vendorRequestId: null, vendorObjectId: null },
    notSent: true,
    why,
    httpStatus: null,
    latencyMs,
    upstreamMs: null,
  };
}
