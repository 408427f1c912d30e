/** How Resend is told who calls, and in which forms the secret could come back. Keeps no secret. https://resend.com/docs/api-reference/introduction */
import type { RawHeaders, SecretCheck } from "@keybrake/core";

/** Resend's keys have 36 characters: `re_`, eight, an underscore, 24. Others may come, but none is a word. */
const SECRET = /^re_[A-Za-z0-9_-]{8,200}$/;

export function authorization(secret: string): { readonly headers: RawHeaders; readonly needles: readonly string[] } {
  return { headers: ["Authorization", `Bearer ${secret}`], needles: [secret, btoa(secret).replace(/=+$/, "")] };
}

/** A key does not tell whether it is for tests: every key of an account sends real mail. */
export function checkSecret(secret: string): SecretCheck {
  if (SECRET.test(secret)) return { livemode: null, problem: null };
  return {
    livemode: null,
    problem: "This does not look like a Resend key. Give one that begins with re_, and nothing around it.",
  };
}
