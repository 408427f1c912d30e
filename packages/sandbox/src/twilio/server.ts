// The fake Twilio: all products on one base URL, the api product as `/2010-04-01/...`, every other as
// `/<subdomain>/<version>/...`. It keeps state, has a clock that tests put forward, and bills by invented prices.

import { SandboxClock } from "../shared/clock.ts";
import { seededRandom } from "../shared/random.ts";
import type { Sandbox, SandboxOptions } from "../shared/sandbox.ts";
import { SandboxServer, seedOf, type SandboxParts } from "../shared/server.ts";
import { twilioControl } from "./control.ts";
import { Engine } from "./engine.ts";
import type { Bill } from "./truth.ts";

/** Clearly fake, and shaped as the SDKs want them: "AC" and 32 hex digits, and a token of letters and digits. */
export const TWILIO_SANDBOX_ACCOUNT_SID: string = `AC${"fa4e".repeat(8)}`;
export const TWILIO_SANDBOX_SECRET_KEY: string = `${TWILIO_SANDBOX_ACCOUNT_SID}:keybrakeSandboxFakeMoneyOnly0000`;

const PRICE_DELAY_MS_DEFAULT = 5 * 60_000;

export interface TwilioSandboxOptions extends SandboxOptions {
  /** How long after a message was delivered, or a call has ended, its price is told. Default five minutes, by its clock. */
  readonly priceDelayMs?: number;
  /** Bill what carriers add per segment in the US and Canada, which no pricing product publishes. Default false. */
  readonly carrierFees?: boolean;
  /** TwiML by the URL or application SID that a call names: nothing is fetched, and what is not here is silence. */
  readonly documents?: Readonly<Record<string, string>>;
  /** How much is kept; the oldest leave first. Totals and usage are exact whatever leaves. */
  readonly limits?: {
    readonly objectsPerKind?: number;
    readonly bills?: number;
  };
}

/** The truth about what the sandbox bills, in micro-USD. */
export interface TwilioMoneyMoved {
  readonly billedMicroUsd: bigint;
  /** Accepted, and not priced yet. */
  readonly pendingMicroUsd: bigint;
  /** In the order in which they were accepted. */
  readonly bills: readonly Bill[];
  /** False when bills were dropped for the sake of a limit; the totals are exact even then. */
  readonly whole: boolean;
}

export interface TwilioSandbox extends Sandbox {
  readonly accountSid: string;
  readonly authToken: string;
  moneyMoved(): TwilioMoneyMoved;
  /** What one request has caused, by its place among all requests; an empty list where it cost nothing. */
  billsOf(order: number): readonly Bill[];
  /** Milliseconds since the epoch, by the sandbox's clock. */
  now(): number;
  /** Puts the clock forward; everything due until then is done. */
  advanceClock(ms: number): void;
  /** Ends one message or call at once: delivered or completed, and priced; or failed, or not answered. */
  advance(sid: string, outcome?: "succeed" | "fail"): void;
  /** The right code of a verification, by its SID or, the latest, by whom it was sent to. */
  codeOf(verification: string): string | undefined;
}

/**
 * Starts a fake Twilio on 127.0.0.1.
 *
 * ```ts
 * await using sandbox = await startTwilioSandbox();
 * client.api.baseUrl = sandbox.url;
 * client.verify.baseUrl = `${sandbox.url}/verify`;
 * ```
 */
export async function startTwilioSandbox(options: TwilioSandboxOptions = {}): Promise<TwilioSandbox> {
  const seed = seedOf(options);
  const clock = new SandboxClock(options.now ?? Date.now);
  const secretKey = options.secretKey ?? TWILIO_SANDBOX_SECRET_KEY;
  const [accountSid = "", authToken = ""] = secretKey.split(":");
  if (!/^AC[0-9a-f]{32}$/.test(accountSid) || authToken === "") {
    throw new TypeError("a secret key of this sandbox is AC and 32 hex digits, a colon, and a token");
  }
  const engine = new Engine({
    now: () => clock.now(),
    ids: seededRandom(seed, 1),
    requestIds: seededRandom(seed, 3),
    fate: seededRandom(seed, 4),
    accountSid,
    authToken,
    gullible: options.gullible ?? false,
    priceDelayMs: options.priceDelayMs ?? PRICE_DELAY_MS_DEFAULT,
    carrierFees: options.carrierFees ?? false,
    documents: options.documents ?? {},
    objectsMax: options.limits?.objectsPerKind ?? 100_000,
    billsMax: options.limits?.bills ?? 200_000,
  });
  const sandbox = new RunningTwilio(options, engine, clock, { secretKey, seed, now: () => clock.now() });
  await sandbox.listen();
  return sandbox;
}

class RunningTwilio extends SandboxServer implements TwilioSandbox {
  readonly accountSid: string;
  readonly authToken: string;
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
      control: (operation, query, body) => twilioControl(this, operation, query, body),
    });
    [this.accountSid = "", this.authToken = ""] = parts.secretKey.split(":");
    this.#engine = engine;
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  advanceClock(ms: number): void {
    this.#clock.advance(ms);
    this.#engine.world.tick();
  }

  moneyMoved(): TwilioMoneyMoved {
    const { truth } = this.#engine.world;
    return {
      billedMicroUsd: truth.billedMicroUsd,
      pendingMicroUsd: truth.pendingMicroUsd,
      bills: truth.bills(),
      whole: truth.whole(),
    };
  }

  billsOf(order: number): readonly Bill[] {
    return this.#engine.world.truth.billsOf(order);
  }

  advance(sid: string, outcome: "succeed" | "fail" = "succeed"): void {
    this.#engine.advance(sid, outcome);
  }

  codeOf(verification: string): string | undefined {
    const { verifications } = this.#engine.world;
    const bySid = verifications.any(verification);
    return (bySid ?? verifications.group(this.accountSid, verification)[0])?.code;
  }

  override reset(): void {
    this.#clock.reset();
    super.reset();
  }
}
