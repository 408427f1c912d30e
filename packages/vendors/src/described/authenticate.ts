/** How a described vendor is told who calls, in which forms the secret could come back, and what it says of itself. Keeps no secret. */
import type { Credential, RawHeaders, SecretCheck } from "@keybrake/core";
import type { Authentication, Description } from "./description.ts";
import { base64EchoesOf, echoesOf } from "./echoes.ts";

/** Longer than any key in use; some are signed tokens. */
const SECRET_CHARS_MAX = 2_048;

export function authorization(
  { authentication }: Description,
  secret: string,
  { accountId }: Pick<Credential, "accountId">,
): { readonly headers: RawHeaders; readonly needles: readonly string[] } {
  const fill = (template: string): string =>
    template.replaceAll(/\{(secret|account)\}/g, (_, word) => (word === "secret" ? secret : (accountId ?? "")));
  const headers =
    authentication.kind === "header"
      ? [authentication.name, fill(authentication.value)]
      : ["Authorization", `Basic ${base64(`${fill(authentication.user)}:${fill(authentication.password)}`)}`];
  return { headers, needles: needlesOf(authentication, secret, fill) };
}

/** Every form in which it could come back, and for Basic authentication that of what was sent. */
function needlesOf(
  authentication: Authentication,
  secret: string,
  fill: (template: string) => string,
): readonly string[] {
  const needles = new Set(echoesOf(secret));
  if (authentication.kind === "basic")
    for (const form of base64EchoesOf(`${fill(authentication.user)}:${fill(authentication.password)}`))
      needles.add(form);
  return [...needles];
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

export function checkSecret(
  { name, authentication, secret: form }: Description,
  secret: string,
  accountId: string | null,
): SecretCheck {
  // What a header can carry, and nothing that could end it.
  if (!/^[\x21-\x7e]+$/.test(secret))
    return wrong("The secret is empty, or has a space, a line break or a character that no header has.");
  if (secret.length > SECRET_CHARS_MAX) return wrong(`The secret has more than ${SECRET_CHARS_MAX} characters.`);
  const needsAccount = usesAccount(authentication);
  if (needsAccount && accountId === null) return wrong(`${name} needs an account id beside the secret.`);
  if (accountId !== null && !/^[\x21-\x7e]{1,255}$/.test(accountId))
    return wrong("The account id has a character that no header has.");
  if (form?.pattern?.test(secret) === false)
    return wrong(form.hint ?? `This does not look like a key of ${name}. Give the key alone, and nothing around it.`);
  const isLive = form?.live?.test(secret) ?? false;
  const isTest = form?.test?.test(secret) ?? false;
  const livemode = isLive === isTest ? null : isLive;
  return { livemode, problem: null, ...(needsAccount && accountId !== null ? { accountId } : {}) };
}

function usesAccount(authentication: Authentication): boolean {
  const texts =
    authentication.kind === "header" ? [authentication.value] : [authentication.user, authentication.password];
  return texts.some((text) => text.includes("{account}"));
}

function wrong(problem: string): SecretCheck {
  return { livemode: null, problem };
}
