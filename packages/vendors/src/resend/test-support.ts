/** For the tests beside this file: requests as the gateway hands them over, answers, and a price. Never imported by the product. */
import { instant, invariant, microUsd } from "@keybrake/core";
import type { Instant, LookUpAnswer, Pricing, VendorAnswer, VendorCall, VendorRequest } from "@keybrake/core";
import { operations } from "./operations.ts";
import { readParameters } from "./parameters.ts";

const NOW: Instant = instant(Date.UTC(2026, 10, 25));

/** A mail at $0.0010, which is no price of Resend's. */
export const pricing: Pricing = {
  now: NOW,
  convert: () => ({ kind: "unpriced", why: "Nothing here has a currency." }),
  price: (from, { unit }) =>
    from === "card" && unit === "email"
      ? { kind: "price", price: microUsd(1_000n), source: "a made-up list", asOf: "2026-11-25" }
      : { kind: "none", why: "It has no price." },
};

export function requestOf(line: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): VendorRequest {
  const [method = "", target = ""] = line.split(" ");
  const [path = "", query = ""] = target.split("?");
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  return {
    method,
    path,
    segments: path.slice(1).split("/").map(decodeURIComponent),
    query,
    headers: new Map(
      Object.entries({
        "user-agent": "test",
        ...(text === "" ? {} : { "content-type": "application/json" }),
        ...headers,
      }),
    ),
    body: new TextEncoder().encode(text),
  };
}

/** `callOf("POST /emails", {to: "a@b.example"})`: matched and read. */
export function callOf(line: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): VendorCall {
  const request = requestOf(line, body, headers);
  const match = operations.match(request.method, request.segments);
  const read = readParameters(request);
  invariant(match !== null, `no operation matches ${line}`);
  invariant(read.kind === "parameters", read.kind === "parameters" ? "" : read.why);
  return { request, operation: match.operation, pathParameters: match.pathParameters, parameters: read.parameters };
}

/** `json` as text goes out as it is; undefined is an answer that could not be read. */
export function answerOf(status: number, json: unknown): VendorAnswer {
  const text = typeof json === "string" ? json : JSON.stringify(json);
  return { status, headers: new Map(), body: json === undefined ? null : new TextEncoder().encode(text) };
}

export function found(json: unknown): LookUpAnswer {
  return { status: 200, json };
}

export const MAIL = { from: "Shop <shop@example.com>", to: "ada@example.com", subject: "Hello", text: "Hi" };
