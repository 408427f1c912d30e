/**
 * How Stripe is told who calls, in which forms the secret could come back, and what a secret says of itself.
 * Keeps no secret, and no sentence here ever contains one.
 */
import type { RawHeaders, SecretCheck } from "@keybrake/core";

/** Stripe's keys have about 110 characters; restricted and organisation keys a few more. */
const SECRET_CHARS_MAX = 255;
/** Of a form that we do not know. Stripe's own have never been shorter than 32. */
const UNKNOWN_SECRET_CHARS_MIN = 20;

/** The header is spelt as the official SDKs spell it, so that not even this differs. */
export function authorization(secret: string): { readonly headers: RawHeaders; readonly needles: readonly string[] } {
  return { headers: ["Authorization", `Bearer ${secret}`], needles: needlesOf(secret) };
}

/**
 * Every form in which the secret could be echoed: as it is, and as Basic authentication writes it, which Stripe takes too
 * (`curl -u sk_...:`, docs.stripe.com/api/authentication). Padding is left off, so that an echo cut there is found as well.
 * A secret has only letters, digits and underscores: percent-encoding, JSON and the URL-safe base64 leave it unchanged.
 */
function needlesOf(secret: string): readonly string[] {
  return [secret, base64(`${secret}:`), base64(secret)];
}

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(String.fromCharCode(...bytes)).replace(/=+$/, "");
}

export function checkSecret(secret: string): SecretCheck {
  if (secret === "") return wrong("The secret is empty.");
  if (!/^[\x21-\x7e]+$/.test(secret))
    return wrong("The secret has a space, a line break or a character that no key has.");
  if (secret.length > SECRET_CHARS_MAX) return wrong(`The secret has more than ${SECRET_CHARS_MAX} characters.`);
  if (secret.startsWith("pk_"))
    return wrong(
      "This is a publishable key (pk_...), which cannot create charges. Give a secret (sk_...) or restricted (rk_...) key.",
    );
  if (secret.startsWith("whsec_"))
    return wrong("This is a webhook signing secret (whsec_...). Give a secret (sk_...) or restricted (rk_...) key.");
  // Other forms may come, but none is a word, and none has an equals sign: that is a line of a settings file.
  const isOwn = /^[sr]k_/.test(secret) && !/^[sr]k_(?:(?:live|test|org)_?)*$/.test(secret);
  if (!isOwn && (secret.length < UNKNOWN_SECRET_CHARS_MIN || secret.includes("=")))
    return wrong(
      "This does not look like a Stripe key. Give a secret (sk_live_..., sk_test_...), restricted (rk_live_..., rk_test_...) " +
        "or organisation (sk_org_...) key, and nothing around it.",
    );
  if (/^[sr]k_live_/.test(secret)) return { livemode: true, problem: null };
  if (/^[sr]k_test_/.test(secret)) return { livemode: false, problem: null };
  return { livemode: null, problem: null };
}

function wrong(problem: string): SecretCheck {
  return { livemode: null, problem };
}
