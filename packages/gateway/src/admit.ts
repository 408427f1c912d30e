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
import type { GatewayEvent } from "./gateway.ts";

export function admitRequest(
  call: Call,
  vendorCall: VendorCall,
  estimate: Exclude<Estimated, { kind: "refused" }>,
  callersKey: string | null,
): AdmitRequest {
  const { idempotency } = call.vendor;
  const honoured =
    idempotency !== null && callersKey !== null && callersKey !== "" && callersKey.length <= idempotency.keyLengthMax;
  return {
    call: call.facts(),
    estimate,
    idempotency:
      honoured && estimate.kind === "money"
        ? {
            fingerprint: fingerprint(vendorCall, idempotency.scopeHeaders),
            rememberedMs: idempotency.rememberedMs,
          }
        : null,
  };
}

/** The same for two requests that the vendor would take for one: method, path, parameters in any order, and account. */
function fingerprint({ request, parameters }: VendorCall, scopeHeaders: readonly string[]): string {
  const account = scopeHeaders.map((name) => request.headers.get(name) ?? null);
  const sorted = [...parameters].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return hash("sha256", JSON.stringify([request.method, request.path, account, sorted]), "hex");
}

export async function admitInTime(
  store: Store,
  request: AdmitRequest,
  ms: number,
  log: (event: GatewayEvent) => void,
): Promise<Admission> {
  const decision = store.admit([request]);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(resolve, ms, null)));
  try {
    const answered = await Promise.race([decision, late]);
    if (answered === null) {
      takeBack(store, decision, request, log);
      return unavailable("The store did not answer in time.");
    }
    return answered[0] ?? unavailable("The store gave no answer.");
  } catch (problem) {
    if (!(problem instanceof Fault)) throw problem;
    return unavailable(problem.publicMessage);
  } finally {
    clearTimeout(timer);
  }
}

function unavailable(why: string): Admission {
  return { kind: "refused", refusal: refusal("unavailable", why) };
}

const TOO_LATE = "the store's yes came too late, so the call was not sent";

function takeBack(
  store: Store,
  decision: Promise<readonly Admission[]>,
  request: AdmitRequest,
  log: (event: GatewayEvent) => void,
): void {
  decision
    .then(([admission]) => {
      const { callId, keyId } = request.call;
      const toEnd = admission?.kind === "admitted" && keyId !== null;
      return store.end(toEnd ? [notSentEnding(callId, keyId, TOO_LATE, 0)] : []);
    })
    .catch((problem: unknown) => {
      // A rejected decision holds nothing; a failed release is kept as unknown at the next start.
      log({ level: "error", event: "late_admission", callId: request.call.callId, message: String(problem) });
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
