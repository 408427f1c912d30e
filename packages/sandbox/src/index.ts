// The fake vendors that serve Keybrake's tests and its demo. Fake money, fake keys, real misbehaviour.

import { startResendSandbox } from "./resend/server.ts";
import { startStripeSandbox } from "./stripe/server.ts";
import type { Sandbox } from "./shared/sandbox.ts";
import { startTwilioSandbox } from "./twilio/server.ts";

export { SANDBOX_RESEND_KEY, startResendSandbox } from "./resend/server.ts";
export type { ResendSandbox, ResendSandboxOptions } from "./resend/server.ts";
export type { Mailing, MailsSent } from "./resend/truth.ts";
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
export type { MovedCharge, Movement, RequestMoney } from "./stripe/truth.ts";
export { TWILIO_SANDBOX_ACCOUNT_SID, TWILIO_SANDBOX_SECRET_KEY, startTwilioSandbox } from "./twilio/server.ts";
export type { TwilioMoneyMoved, TwilioSandbox, TwilioSandboxOptions } from "./twilio/server.ts";
export type { Bill, BillKind } from "./twilio/truth.ts";

/** Every vendor that has a sandbox, by the vendor's id. */
export const SANDBOXES: Readonly<Record<string, (() => Promise<Sandbox>) | undefined>> = {
  // Nobody but a test asks it for what it was sent, and what it was sent is nobody else's.
  resend: () => startResendSandbox({ controlPlane: false, recordRequests: false }),
  stripe: () => startStripeSandbox({ controlPlane: false, recordRequests: false }),
  twilio: () => startTwilioSandbox({ controlPlane: false, recordRequests: false }),
};
