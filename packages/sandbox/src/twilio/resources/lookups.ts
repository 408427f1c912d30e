// Lookup: GETs that bill, one fee for every package that `Fields` names. Asking about a number that is none costs nothing.

import type { Json, JsonObject } from "../../shared/json.ts";
import { isObject } from "../../shared/json.ts";
import { e164 } from "../address.ts";
import { invalid, missing, notFound } from "../errors.ts";
import { textField } from "../params.ts";
import { LOOKUP_PACKAGES, LOOKUP_V1_TYPES, countryNamed, countryOf } from "../prices.ts";
import { hostUrl, ok } from "../reply.ts";
import type { Ask, Handler } from "../world.ts";

const BATCH_MAX = 100;

const fetch: Handler = (ask, [number = ""]) => {
  const names = ask.params.all("Fields").flatMap((fields) => fields.split(","));
  return ok("PhoneNumber", look(ask, number, names, ask.params.text("CountryCode")));
};

const batch: Handler = (ask) => {
  const asked = ask.params.json?.phone_numbers;
  if (!Array.isArray(asked)) throw missing("phone_numbers");
  const entries = (asked as readonly Json[]).filter((each) => isObject(each));
  if (entries.length > BATCH_MAX) throw invalid(20001, `At most ${BATCH_MAX} phone numbers`);
  const results = entries.map((entry) => {
    const fields = entry.fields;
    const names = Array.isArray(fields) ? (fields as readonly Json[]).map(String) : [];
    return look(ask, textField(entry, "phone_number") ?? "", names, textField(entry, "country_code"));
  });
  return ok("PhoneNumbers", { phone_numbers: results });
};

/** Billed, and answered. */
function look(ask: Ask, given: string, fields: readonly string[], countryCode: string | undefined): JsonObject {
  const names = [...new Set(fields.map((name) => name.trim()).filter((name) => name !== ""))];
  for (const name of names) {
    if (!Object.hasOwn(LOOKUP_PACKAGES, name)) throw invalid(60600, `Invalid value in Fields: ${name}`);
  }
  const number = international(given, countryCode);
  if (number !== undefined) for (const name of names) bill(ask, number, name, LOOKUP_PACKAGES[name] ?? 0n);
  const country = number === undefined ? undefined : countryOf(number);
  const packages = Object.keys(LOOKUP_PACKAGES).filter((name) => name !== "validation");
  return {
    calling_country_code:
      country === undefined ? null : (country.prefixes[0] ?? "").slice(0, number?.startsWith("+1") ? 1 : 3),
    country_code: country?.iso ?? null,
    phone_number: number ?? given,
    national_format: number?.slice(2) ?? null,
    valid: number !== undefined,
    validation_errors: number === undefined ? ["INVALID_BUT_POSSIBLE"] : [],
    ...Object.fromEntries(packages.map((name) => [name, names.includes(name) ? { error_code: null } : null])),
    url: `${hostUrl("lookups")}/v2/PhoneNumbers/${number ?? given}`,
  };
}

function international(given: string, countryCode: string | undefined): string | undefined {
  const country = countryCode === undefined ? undefined : countryNamed(countryCode);
  if (country === undefined || given.startsWith("+") || country.prefixes[0]?.startsWith("1") === true)
    return e164(given);
  return e164(`+${country.prefixes[0] ?? ""}${given.replace(/^0/, "")}`);
}

function bill({ world, account, origin }: Ask, number: string, name: string, microUsd: bigint): void {
  if (microUsd === 0n) return;
  const facts = {
    kind: "lookup",
    objectId: number,
    account: account.sid,
    category: "lookups",
    what: name,
    unit: "request",
    units: 1,
    unitMicroUsd: microUsd,
  } as const;
  world.truth.billNow(facts, origin, world.now());
}

const fetchV1: Handler = (ask, [given = ""]) => {
  const types = [...new Set(ask.params.all("Type").flatMap((type) => type.split(",")))];
  for (const type of types) {
    if (!Object.hasOwn(LOOKUP_V1_TYPES, type)) throw invalid(20001, `Invalid value in Type: ${type}`);
  }
  const number = international(given, ask.params.text("CountryCode"));
  // v1 answers 404 where v2 says that a number is not valid.
  if (number === undefined) throw notFound(`/PhoneNumbers/${given}`);
  for (const type of types) bill(ask, number, type, LOOKUP_V1_TYPES[type] ?? 0n);
  const carrier = {
    mobile_country_code: null,
    mobile_network_code: null,
    name: null,
    type: "mobile",
    error_code: null,
  };
  const callerName = { caller_name: null, caller_type: null, error_code: null };
  return ok("PhoneNumber", {
    caller_name: types.includes("caller-name") ? callerName : null,
    carrier: types.includes("carrier") ? carrier : null,
    add_ons: null,
    country_code: countryOf(number)?.iso ?? null,
    national_format: number.slice(2),
    phone_number: number,
    url: `${hostUrl("lookups")}/v1/PhoneNumbers/${number}`,
  });
};

export const lookups: Readonly<Record<string, Handler>> = {
  "GET lookups v2/PhoneNumbers/*": fetch,
  "POST lookups v2/batch/query": batch,
  "GET lookups v1/PhoneNumbers/*": fetchV1,
};
