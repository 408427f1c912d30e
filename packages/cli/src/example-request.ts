/**
 * The requests that the start-up line and the demo show. The only file of the command line that names vendors: people paste
 * these, so they must be real. `pm_card_visa` is a test payment method of the vendor (docs.stripe.com/testing, read 2026-11).
 */
export const EXAMPLE_VENDOR = "stripe";
export const EXAMPLE_ALLOWED_ENDPOINTS: readonly string[] = [
  "POST /v1/payment_intents",
  "GET /v1/payment_intents/*",
  "GET /v1/customers/*",
];

/** What `prices explain` shows in its help. */
export const EXAMPLE_EXPLAINED = "POST /v1/payment_intents -d amount=1000 -d currency=eur";

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

export interface ExampleAnswer {
  readonly status: number;
  readonly callId: string | null;
  readonly refusal: string | null;
  readonly message: string;
}

/** One charge over plain HTTP, as an SDK would send it. */
export function charge(
  keybrakeUrl: string,
  vaultKey: string,
  what: ExampleCharge,
  idempotencyKey: string,
): Promise<ExampleAnswer> {
  return send(`${keybrakeUrl}/${EXAMPLE_VENDOR}/v1/payment_intents`, {
    headers: { authorization: `Bearer ${vaultKey}`, "idempotency-key": idempotencyKey },
    body: new URLSearchParams(chargeFields(what)),
  });
}

/** What else the demo shows: one call each of a vendor that bills by use, and the only endpoint that its key may call. */
export interface ExampleUse {
  readonly vendor: string;
  /** "text messages". */
  readonly what: string;
  readonly capUsd: string;
  readonly allowedEndpoints: readonly string[];
  send(keybrakeUrl: string, key: { readonly token: string; readonly account: string | null }): Promise<ExampleAnswer>;
}

export const EXAMPLE_USES: readonly ExampleUse[] = [
  {
    vendor: "twilio",
    what: "text messages, priced by segment and country",
    capUsd: "0.10",
    allowedEndpoints: ["messages.create"],
    send: (keybrakeUrl, { token, account }) =>
      send(`${keybrakeUrl}/twilio/2010-04-01/Accounts/${account ?? ""}/Messages.json`, {
        headers: { authorization: `Basic ${Buffer.from(`${account ?? ""}:${token}`).toString("base64")}` },
        // Numbers that are set aside for fiction: 555-0100 to 555-0199.
        body: new URLSearchParams({
          To: "+14155550123",
          From: "+14155550100",
          Body: `Your invoice is due. ${"Please pay it. ".repeat(12)}`,
        }),
      }),
  },
  {
    vendor: "resend",
    what: "mails, each recipient counted",
    capUsd: "0.005",
    allowedEndpoints: ["emails.send"],
    send: (keybrakeUrl, { token }) =>
      send(`${keybrakeUrl}/resend/emails`, {
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          "user-agent": "keybrake-demo",
        },
        body: JSON.stringify({
          from: "billing@example.com",
          to: ["a@example.com", "b@example.com"],
          subject: "Invoice",
          text: "It is due.",
        }),
      }),
  },
];

async function send(
  url: string,
  request: { readonly headers: Record<string, string>; readonly body: string | URLSearchParams },
): Promise<ExampleAnswer> {
  const answer = await fetch(url, { method: "POST", ...request });
  const body = (await answer.json()) as {
    id?: string;
    sid?: string;
    status?: string;
    message?: string;
    error?: { message?: string };
  };
  return {
    status: answer.status,
    callId: answer.headers.get("keybrake-call-id"),
    refusal: answer.headers.get("keybrake-refusal"),
    message: body.error?.message ?? body.message ?? `${body.id ?? body.sid ?? "?"} ${body.status ?? ""}`.trim(),
  };
}
