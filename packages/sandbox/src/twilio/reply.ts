// How things are written down: Twilio's two date formats, prices as text, pages in their two forms, and XML where a path of
// the api product does not end in `.json`.

import type { Json, JsonObject } from "../shared/json.ts";
import { isObject, textOf } from "../shared/json.ts";
import { invalid, notFound } from "./errors.ts";
import type { Ask, Reply } from "./world.ts";

/** "Thu, 24 Aug 2023 05:01:45 +0000", as the api product writes dates. */
export function rfc2822(at: number): string {
  return new Date(at).toUTCString().replace("GMT", "+0000");
}

/** "2015-07-30T20:00:00Z", as all others do. */
export function iso8601(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** Micro-USD as dollars with at least so many decimals: 7500 is "0.00750" with five. */
export function dollars(microUsd: bigint, decimalsMin: number): string {
  const sign = microUsd < 0n ? "-" : "";
  const digits = (microUsd < 0n ? -microUsd : microUsd).toString().padStart(7, "0");
  let decimals = digits.slice(-6);
  while (decimals.length > decimalsMin && decimals.endsWith("0")) decimals = decimals.slice(0, -1);
  return `${sign}${digits.slice(0, -6)}${decimals === "" ? "" : `.${decimals}`}`;
}

/** What was billed, as messages and calls say it: a negative amount. */
export function charged(microUsd: bigint): string {
  return microUsd === 0n ? "0" : dollars(-microUsd, 5);
}

export function found<T>(thing: T | undefined, ask: Ask): T {
  if (thing === undefined) throw notFound(ask.path);
  return thing;
}

export function created(element: string, body: JsonObject): Reply {
  return { status: 201, body, element };
}

export function ok(element: string, body: JsonObject): Reply {
  return { status: 200, body, element };
}

export const NO_CONTENT: Reply = { status: 204, body: null, element: "" };

const PAGE_SIZE_MAX = 1000;

/** One page of `things`, newest first; `key` names the list. The next page begins after the last thing of this one. */
export function page<T extends { readonly sid: string }>(
  ask: Ask,
  key: string,
  things: readonly T[],
  write: (thing: T) => JsonObject,
): Reply {
  const { params } = ask;
  const size = Math.min(params.whole("PageSize", 1, 999_999_999) ?? 50, PAGE_SIZE_MAX);
  const number = params.whole("Page", 0, 999_999_999) ?? 0;
  const start = startOf(params.text("PageToken"), things, number * size);
  const shown = things.slice(start, start + size);
  const last = shown.at(-1);
  const next = last !== undefined && start + size < things.length ? address(ask, size, number + 1, last.sid) : null;
  const beforePrevious = things[start - size - 1];
  const previous = number > 0 ? address(ask, size, number - 1, beforePrevious?.sid ?? null) : null;
  const first = address(ask, size, 0, null);
  const own = address(ask, size, number, null);
  const list = shown.map(write);
  if (ask.host !== "api") {
    const meta = {
      page: number,
      page_size: size,
      first_page_url: first,
      previous_page_url: previous,
      url: own,
      next_page_url: next,
      key,
    };
    return ok(key, { [key]: list, meta });
  }
  return ok(key, {
    first_page_uri: first,
    end: Math.max(0, start + shown.length - 1),
    previous_page_uri: previous,
    [key]: list,
    uri: own,
    page_size: size,
    start,
    next_page_uri: next,
    page: number,
  });
}

function startOf(token: string | undefined, things: readonly { readonly sid: string }[], otherwise: number): number {
  if (token === undefined) return otherwise;
  const at = things.findIndex((thing) => `PA${thing.sid}` === token);
  if (at < 0) throw invalid(20001, "PageToken is invalid");
  return at + 1;
}

/** Relative in the api product; absolute, and at Twilio's real host, in every other: whoever follows it leaves. */
function address(ask: Ask, size: number, number: number, after: string | null): string {
  const query = new URLSearchParams(ask.query);
  for (const name of ["PageSize", "Page", "PageToken"]) query.delete(name);
  query.set("PageSize", String(size));
  query.set("Page", String(number));
  if (after !== null) query.set("PageToken", `PA${after}`);
  const local = `${ask.path}?${query.toString()}`;
  return ask.host === "api" ? local : `${hostUrl(ask.host)}${local}`;
}

export function hostUrl(host: string): string {
  return `https://${host}.twilio.com`;
}

/** snake_case becomes PascalCase; a list's entries are named by its singular. */
export function toXml(element: string, body: JsonObject): string {
  return `<?xml version='1.0' encoding='UTF-8'?>\n<TwilioResponse>${xml(pascal(element), body)}</TwilioResponse>`;
}

function xml(name: string, value: Json): string {
  if (isList(value)) return value.map((entry) => xml(name.replace(/s$/, ""), entry)).join("");
  if (isObject(value)) {
    const inner = Object.entries(value).map(([field, each]) => xml(pascal(field), each));
    return `<${name}>${inner.join("")}</${name}>`;
  }
  if (value === null) return `<${name}/>`;
  const text = textOf(value);
  return `<${name}>${text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")}</${name}>`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function pascal(name: string): string {
  return name
    .split("_")
    .map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)
    .join("");
}
