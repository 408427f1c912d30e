/** For the tests beside this file: a description with one of everything, requests, answers and prices. Never imported by the product. */
import { convertToUsd, instant, invariant, parseEcbCsv, priceOf } from "@keybrake/core";
import type { Instant, Pricing, Vendor, VendorAnswer, VendorCall, VendorRequest } from "@keybrake/core";
import { describedVendor } from "./index.ts";
import { readDescription } from "./read.ts";

const NOW: Instant = instant(Date.UTC(2026, 10, 24, 9));

/** Made-up round rates: 1 EUR = 1.25 USD = 150 JPY, with a margin of at least 4 %. */
const RATES = parseEcbCsv(
  "Date,USD,JPY\n2026-11-23,1.25,150\n2026-11-20,1.20,150\n2026-11-19,1.20,150\n2026-11-18,1.20,150\n",
);

export type Json = Readonly<Record<string, unknown>>;

export const PRICE: Json = { unit: "page", list: "0.05", source: "a made-up list", as_of: "2026-11-01" };

export function operation(more: Json = {}): Json {
  return {
    name: "pages.print",
    method: "POST",
    path: "/pages",
    class: "money",
    parameters: ["n"],
    price: PRICE,
    ...more,
  };
}

export function description(more: Json = {}): Json {
  return {
    id: "printer",
    name: "Printer",
    base_url: "https://api.printer.example",
    authentication: "bearer",
    operations: [operation()],
    ...more,
  };
}

/** A vendor with these operations. */
export function vendorOf(operations: readonly Json[], more: Json = {}): Vendor {
  const read = readDescription(description({ operations, ...more }));
  invariant(read.ok, read.ok ? "" : JSON.stringify(read.problems));
  return describedVendor(read.description);
}

export function pricingOf(vendor: Vendor): Pricing {
  return {
    now: NOW,
    convert: (amount) => convertToUsd(RATES, amount, NOW),
    price: (from, { operation: name, unit, qualifiers }) => {
      const price =
        from === "file" || vendor.rateCard === null ? null : priceOf(vendor.rateCard, name, unit, qualifiers);
      if (price === null) return { kind: "none", why: "Nothing says it." };
      return { kind: "price", price: price.each, source: price.source, asOf: price.asOf };
    },
  };
}

const FORM = "application/x-www-form-urlencoded";

/** A body that is no text goes as JSON; a text as a form. */
export function requestOf(line: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): VendorRequest {
  const [method = "", target = ""] = line.split(" ");
  const [path = "", query = ""] = target.split("?");
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  const contentType = typeof body === "string" ? FORM : "application/json";
  return {
    method,
    path,
    segments: path.slice(1).split("/"),
    query,
    headers: new Map(Object.entries({ ...(text === "" ? {} : { "content-type": contentType }), ...headers })),
    body: new TextEncoder().encode(text),
  };
}

export function callOf(vendor: Vendor, line: string, body?: unknown): VendorCall {
  const request = requestOf(line, body);
  const match = vendor.operations.match(request.method, request.segments);
  const read = vendor.readParameters(request);
  invariant(match !== null, `no operation matches ${line}`);
  invariant(read.kind === "parameters", read.kind === "parameters" ? "" : read.why);
  return { request, ...match, parameters: read.parameters };
}

export function answerOf(status: number, json: unknown, headers: Readonly<Record<string, string>> = {}): VendorAnswer {
  const text = typeof json === "string" ? json : JSON.stringify(json);
  return {
    status,
    headers: new Map(Object.entries(headers)),
    body: json === undefined ? null : new TextEncoder().encode(text),
  };
}
