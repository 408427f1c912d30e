// The fake Resend: its options, its truth about mails, and the engine behind the sandboxes' common server.

import { SandboxClock } from "../shared/clock.ts";
import { seededRandom } from "../shared/random.ts";
import type { Sandbox, SandboxOptions } from "../shared/sandbox.ts";
import type { SandboxParts } from "../shared/server.ts";
import { SandboxServer, seedOf } from "../shared/server.ts";
import { resendControl } from "./control.ts";
import { Engine } from "./engine.ts";
import type { Arrival } from "./resources/inboxes.ts";
import { receive } from "./resources/inboxes.ts";
import type { MailsSent } from "./truth.ts";
import type { Received } from "./world.ts";

/** Clearly fake, and shaped so that nothing mistakes it for a real key. */
export const SANDBOX_RESEND_KEY = "re_keybrakeSandbox_NoMailLeaves00000000000";

export interface ResendSandboxOptions extends SandboxOptions {
  /** Further keys of the same team, as when a key is being rotated. */
  readonly otherSecretKeys?: readonly string[];
  /** Send only from domains that were added and verified (and from resend.dev), as Resend does. Default false. */
  readonly verifyDomains?: boolean;
  /** Requests a second; Resend's own limit is 5. Default: none. */
  readonly requestsPerSecond?: number;
  /** How much is kept; the oldest leave first. Totals of sent mails are exact whatever leaves. */
  readonly limits?: {
    readonly objectsPerKind?: number;
    readonly idempotencyKeys?: number;
    readonly mailings?: number;
  };
}

export interface ResendSandbox extends Sandbox {
  /** The truth about the sandbox's mails: what Resend would bill, request by request. Copies all of it. */
  mailsSent(): MailsSent;
  /** How many mails the request in this place (from 1, as in the journal) brought about; scheduled ones too, cancelled ones not. */
  mailsSentBy(order: number): number;
  /** Milliseconds since the epoch, by the sandbox's clock. */
  now(): number;
  /** Lets time pass: what is scheduled goes out, idempotency keys are forgotten. Milliseconds. */
  advanceClock(ms: number): void;
  /** null: no limit of requests a second. */
  limitRate(perSecond: number | null): void;
  /** A mail arrives at an inbox, in a thread of its own. */
  receive(inboxId: string, mail: Pick<Received, "from" | "to" | "cc" | "subject">): Arrival;
}

/**
 * Starts a fake Resend on 127.0.0.1.
 *
 * ```ts
 * await using sandbox = await startResendSandbox();
 * sandbox.misbehave({ action: "500_after_work", match: { method: "POST", path: "/emails" }, times: 1 });
 * ```
 */
export async function startResendSandbox(options: ResendSandboxOptions = {}): Promise<ResendSandbox> {
  const seed = seedOf(options);
  const limits = options.limits ?? {};
  const secretKey = options.secretKey ?? SANDBOX_RESEND_KEY;
  const clock = new SandboxClock(options.now ?? Date.now);
  const engine = new Engine({
    now: () => clock.now(),
    random: seededRandom(seed, 1),
    requestIds: seededRandom(seed, 3),
    secretKeys: [secretKey, ...(options.otherSecretKeys ?? [])],
    verifyDomains: options.verifyDomains ?? false,
    gullible: options.gullible ?? false,
    objectsMax: limits.objectsPerKind ?? 100_000,
    idempotencyKeysMax: limits.idempotencyKeys ?? 50_000,
    mailingsMax: limits.mailings ?? 500_000,
  });
  engine.rate.set(options.requestsPerSecond ?? null);
  const sandbox = new RunningResend(options, engine, clock, { secretKey, seed, now: () => clock.now() });
  await sandbox.listen();
  return sandbox;
}

class RunningResend extends SandboxServer implements ResendSandbox {
  readonly #engine: Engine;
  readonly #clock: SandboxClock;

  constructor(
    options: SandboxOptions,
    engine: Engine,
    clock: SandboxClock,
    parts: Omit<SandboxParts, "vendor" | "control">,
  ) {
    super(options, {
      ...parts,
      vendor: engine,
      control: (operation, query, body) => resendControl(this, operation, query, body),
    });
    this.#engine = engine;
    this.#clock = clock;
  }

  mailsSent(): MailsSent {
    return this.#engine.world.mailsSent();
  }

  mailsSentBy(order: number): number {
    this.#engine.world.sendWhatIsDue();
    return this.#engine.world.truth.mailsBy(order);
  }

  override reset(): void {
    super.reset();
    this.#clock.reset();
  }

  now(): number {
    return this.#clock.now();
  }

  advanceClock(ms: number): void {
    this.#clock.advance(ms);
  }

  limitRate(perSecond: number | null): void {
    this.#engine.rate.set(perSecond);
  }

  receive(inboxId: string, mail: Pick<Received, "from" | "to" | "cc" | "subject">): Arrival {
    return receive(this.#engine.world, inboxId, mail);
  }
}
