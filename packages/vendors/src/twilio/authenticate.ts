/**
 * How Twilio is told who calls: Basic, with the account and its auth token, or with an API key (SK...) and its secret. Keeps no
 * secret, and no sentence here ever contains one. https://www.twilio.com/docs/iam/api-keys
 */
import { invariant } from "@keybrake/core";
import type { Credential, RawHeaders, SecretCheck } from "@keybrake/core";

const ACCOUNT_SID = /^AC[0-9a-f]{32}$/i;
const API_KEY_SID = /^SK[0-9a-f]{32}$/i;
/** Twilio's tokens and secrets have 32 letters and digits. */
const TOKEN = /^[A-Za-z0-9]{16,128}$/;

interface Parts {
  /** The account or API key that signs in. */
  readonly user: string | null;
  readonly token: string;
}

function partsOf(secret: string): Parts {
  const colon = secret.indexOf(":");
  return colon === -1
    ? { user: null, token: secret }
    : { user: secret.slice(0, colon), token: secret.slice(colon + 1) };
}

export function authorization(
  secret: string,
  credential: Credential,
): { readonly headers: RawHeaders; readonly needles: readonly string[] } {
  const { user, token } = partsOf(secret);
  const name = user ?? credential.accountId;
  invariant(name !== null, "a credential of Twilio names its account");
  const basic = base64(`${name}:${token}`);
  // Letters and digits only: percent-encoding and JSON leave them unchanged. Base64 without its padding, so that a cut echo is found.
  return {
    headers: ["Authorization", `Basic ${basic}`],
    needles: [token, basic.replace(/=+$/, ""), base64(token).replace(/=+$/, "")],
  };
}

function base64(text: string): string {
  return btoa(text);
}

export function checkSecret(secret: string, accountId: string | null): SecretCheck {
  const { user, token } = partsOf(secret);
  if (accountId !== null && !ACCOUNT_SID.test(accountId))
    return wrong("account_sid is not an account of Twilio's: AC and 32 hex digits.");
  if (user !== null && !ACCOUNT_SID.test(user) && !API_KEY_SID.test(user))
    return wrong("What stands before the colon is neither an account (AC...) nor an API key (SK...).");
  if (!TOKEN.test(token))
    return wrong(
      "This is not an auth token or an API key's secret. Give the auth token with account_sid, AC...:token, or SK...:secret with account_sid.",
    );
  const named = user !== null && ACCOUNT_SID.test(user) ? user : null;
  if (named !== null && accountId !== null && named !== accountId)
    return wrong("The secret and account_sid name two accounts.");
  const account = named ?? accountId;
  if (account === null)
    return wrong(
      "Twilio needs the account beside the secret: give account_sid (AC..., --account-id on the command line), which is on the console's first page.",
    );
  // Test credentials look like live ones: https://www.twilio.com/docs/iam/test-credentials
  return { livemode: null, problem: null, accountId: account };
}

function wrong(problem: string): SecretCheck {
  return { livemode: null, problem };
}
