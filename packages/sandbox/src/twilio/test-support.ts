// What the fake Twilio's own tests share: the real SDK pointed at it, raw requests with its credentials, and its truth.

import twilio, { type Twilio } from "twilio";
import type { RawAnswer, RawOptions } from "../shared/test-support.ts";
import { raw } from "../shared/test-support.ts";
import type { TwilioSandbox } from "./server.ts";
import type { Bill } from "./truth.ts";

/** Every product of the client on the sandbox; no other way is open to it. */
export function clientOf(sandbox: TwilioSandbox, user?: string, password?: string, accountSid?: string): Twilio {
  const options = accountSid === undefined ? {} : { accountSid };
  const client = twilio(user ?? sandbox.accountSid, password ?? sandbox.authToken, options);
  client.api.baseUrl = sandbox.url;
  client.verify.baseUrl = `${sandbox.url}/verify`;
  client.lookups.baseUrl = `${sandbox.url}/lookups`;
  client.pricing.baseUrl = `${sandbox.url}/pricing`;
  client.messaging.baseUrl = `${sandbox.url}/messaging`;
  client.studio.baseUrl = `${sandbox.url}/studio`;
  client.conversations.baseUrl = `${sandbox.url}/conversations`;
  return client;
}

/** `null`: no Authorization at all. */
export async function ask(
  sandbox: TwilioSandbox,
  method: string,
  path: string,
  options: RawOptions & { readonly as?: string | null } = {},
): Promise<RawAnswer> {
  const { as = sandbox.secretKey, headers = {}, ...rest } = options;
  const basic = as === null ? {} : { Authorization: `Basic ${Buffer.from(as).toString("base64")}` };
  return await raw(sandbox, method, path, { ...rest, key: null, headers: { ...basic, ...headers } });
}

export const FROM = "+14155550199";
export const TO = "+14155550100";
export const SMS: string = `To=%2B14155550100&From=%2B14155550199&Body=hello`;

export function messagesPath(sandbox: TwilioSandbox): string {
  return `/2010-04-01/Accounts/${sandbox.accountSid}/Messages.json`;
}

export function bills(sandbox: TwilioSandbox, kind?: Bill["kind"]): readonly Bill[] {
  return sandbox.moneyMoved().bills.filter((bill) => kind === undefined || bill.kind === kind);
}

/** Enough for a message to be delivered and its price to be told. */
export const UNTIL_PRICED_MS: number = 6 * 60_000;
