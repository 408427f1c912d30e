// The fake vendors that serve Keybrake's tests and its demo. Fake money, fake keys, real misbehaviour.

import { startStripeSandbox } from "./stripe/server.ts";
import type { Sandbox } from "./shared/sandbox.ts";

export { headerOf } from "./shared/journal.ts";
export type { RecordedRequest } from "./shared/journal.ts";
export type { Action, Match, MisbehaviourRule } from "./shared/misbehaviour.ts";
export type { JsonObject } from "./shared/json.ts";
export type { Sandbox, SandboxOptions } from "./shared/sandbox.ts";
export { SANDBOX_PUBLISHABLE_KEY, SANDBOX_SECRET_KEY, startStripeSandbox } from "./stripe/server.ts";
export type {
  MoneyMoved,
  PaymentIntentFacts,
  RefundFacts,
  StripeSandbox,
  StripeSandboxOptions,
} from "./stripe/server.ts";
export type { MovedCharge, Movement } from "./stripe/truth.ts";

/** Every vendor that has a sandbox, by the vendor's id. */
export const SANDBOXES: Readonly<Record<string, (() => Promise<Sandbox>) | undefined>> = {
  // Nobody but a test asks it for what it was sent, and what it was sent is nobody else's.
  stripe: () => startStripeSandbox({ controlPlane: false, recordRequests: false }),
};
