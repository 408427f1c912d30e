// Who a message or a call goes to and who it comes from: numbers, short codes, names, and the channels in front of them.

import type { SenderType } from "./prices.ts";
import { isTollFree } from "./prices.ts";

type Channel = "sms" | "whatsapp" | "messenger" | "rcs";

export interface Address {
  readonly channel: Channel;
  /** E.164 for a number; otherwise as it was given. */
  readonly value: string;
  readonly isNumber: boolean;
}

/** "whatsapp:+1...", "+1...", and the national forms that Twilio takes for numbers of +1. */
export function readAddress(text: string): Address {
  const colon = /^(whatsapp|messenger|rcs):(.*)$/.exec(text);
  const channel = (colon?.[1] ?? "sms") as Channel;
  const given = colon?.[2] ?? text;
  const number = e164(given);
  return { channel, value: number ?? given, isNumber: number !== undefined };
}

export function e164(text: string): string | undefined {
  const bare = text.trim().replaceAll(/[\s().-]/g, "");
  if (/^\+[1-9]\d{6,14}$/.test(bare)) return bare;
  if (/^[2-9]\d{9}$/.test(bare)) return `+1${bare}`;
  if (/^1[2-9]\d{9}$/.test(bare)) return `+${bare}`;
  return undefined;
}

/** A number, a short code, or a name of up to eleven letters and digits. */
export function isSender(address: Address): boolean {
  return address.isNumber || /^\d{3,8}$/.test(address.value) || isName(address.value);
}

function isName(text: string): boolean {
  return /^(?=.*[A-Za-z])[A-Za-z0-9 _+&-]{1,11}$/.test(text);
}

export function senderType(from: string): SenderType {
  if (/^\d{3,8}$/.test(from)) return "shortcode";
  if (isTollFree(from)) return "toll free";
  return from.startsWith("+1") ? "local" : "mobile";
}
