/**
 * The requests that the start-up line and the demo show. The only file of the command line that names a vendor: people paste
 * these, so they must be real. `pm_card_visa` is a test payment method of the vendor (docs.stripe.com/testing, read 2026-11).
 */
export const EXAMPLE_VENDOR = "stripe";
export const EXAMPLE_ALLOWED_ENDPOINTS: readonly string[] = [
  "POST /v1/payment_intents",
  "GET /v1/payment_intents/*",
  "GET /v1/customers/*",
];

export interface ExampleCharge {
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly description: string;
}

function chargeFields(charge: ExampleCharge): [string, string][] {
  return [
    ["amount", String(charge.amount)],
    ["currency", charge.currency],
    ["payment_method", "pm_card_visa"],
    ["confirm", "true"],
    ["automatic_payment_methods[enabled]", "true"],
    ["automatic_payment_methods[allow_redirects]", "never"],
    ["description", charge.description],
  ];
}

/** A line for a POSIX shell that works as it stands: no pipe, no variable, no file. */
export function chargeCurl(keybrakeUrl: string, vaultKey: string, charge: ExampleCharge): string {
  const fields = chargeFields(charge).map(([name, value]) => `-d '${name}=${value}'`);
  return `curl ${keybrakeUrl}/${EXAMPLE_VENDOR}/v1/payment_intents -u ${vaultKey}: ${fields.join(" ")}`;
}

export interface ChargeAnswer {
  readonly status: number;
  readonly callId: string | null;
  readonly refusal: string | null;
  readonly message: string;
}

/** One charge over plain HTTP, as an SDK would send it. */
export async function charge(
  keybrakeUrl: string,
  vaultKey: string,
  what: ExampleCharge,
  idempotencyKey: string,
): Promise<ChargeAnswer> {
  const answer = await fetch(`${keybrakeUrl}/${EXAMPLE_VENDOR}/v1/payment_intents`, {
    method: "POST",
    headers: { authorization: `Bearer ${vaultKey}`, "idempotency-key": idempotencyKey },
    body: new URLSearchParams(chargeFields(what)),
  });
  const body = (await answer.json()) as { id?: string; status?: string; error?: { message?: string } };
  return {
    status: answer.status,
    callId: answer.headers.get("keybrake-call-id"),
    refusal: answer.headers.get("keybrake-refusal"),
    message: body.error?.message ?? `${body.id ?? "?"} ${body.status ?? "?"}`,
  };
}
