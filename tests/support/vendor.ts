/** A sandbox as the vendor, Keybrake in front of it, and calls over plain HTTP as an SDK would send them. */
import { startStripeSandbox, type StripeSandbox, type StripeSandboxOptions } from "@keybrake/sandbox";
import {
  addCredential,
  startKeybrake,
  temporaryDirectory,
  type KeybrakeOptions,
  type KeybrakeProcess,
} from "./keybrake.ts";

export interface World extends AsyncDisposable {
  readonly sandbox: StripeSandbox;
  /** The running one; `restart` replaces it. */
  keybrake: KeybrakeProcess;
  /** Starts Keybrake again on the same data directory; the old one must have ended. */
  restart(): Promise<KeybrakeProcess>;
}

/** Keybrake with one credential, whose upstream is a sandbox in the test's own process. */
export async function startWorld(
  sandboxOptions: StripeSandboxOptions = {},
  options: Pick<KeybrakeOptions, "environment"> = {},
): Promise<World> {
  const directory = await temporaryDirectory();
  const sandbox = await startStripeSandbox(sandboxOptions);
  const start = (): Promise<KeybrakeProcess> =>
    startKeybrake({
      dataDirectory: directory.path,
      environment: { KEYBRAKE_STRIPE_BASE_URL: sandbox.url, KEYBRAKE_SANDBOX: "off", ...options.environment },
    });
  const world: World = {
    sandbox,
    keybrake: await start(),
    async restart() {
      world.keybrake = await start();
      return world.keybrake;
    },
    async [Symbol.asyncDispose]() {
      if (world.keybrake.process.exitCode === null && world.keybrake.process.signalCode === null)
        await world.keybrake.kill();
      await sandbox.close();
      await directory[Symbol.asyncDispose]();
    },
  };
  await addCredential(world.keybrake, sandbox.secretKey);
  return world;
}

export interface VendorAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed, where it is JSON. */
  readonly body: Record<string, unknown>;
}

export async function call(
  url: string,
  vaultKey: string,
  method: string,
  path: string,
  form?: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<VendorAnswer> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${vaultKey}`, ...headers },
    ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    redirect: "manual",
  });
  const text = await answer.text();
  let body: Record<string, unknown> = {};
  try {
    body = JSON.parse(text) as Record<string, unknown>;
  } catch {
    // The status and the text are what such a test looks at.
  }
  return { status: answer.status, headers: answer.headers, text, body };
}

/** A PaymentIntent of `cents`, confirmed at once with a card that pays. */
export function charge(
  baseUrl: string,
  vaultKey: string,
  cents: number,
  more: {
    readonly form?: Readonly<Record<string, string>>;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<VendorAnswer> {
  const form = {
    amount: String(cents),
    currency: "usd",
    payment_method: "pm_card_visa",
    "payment_method_types[]": "card",
    confirm: "true",
    ...more.form,
  };
  return call(baseUrl, vaultKey, "POST", "/v1/payment_intents", form, more.headers);
}

/** The code of a refusal, or null. */
export function refusalOf(answer: VendorAnswer): string | null {
  return answer.headers.get("keybrake-refusal");
}

/** Everything that has been collected, in cents. */
export function collectedCents(sandbox: StripeSandbox): number {
  return Number(sandbox.moneyMoved().collectedMinor.get("usd") ?? 0n);
}
