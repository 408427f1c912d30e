import { asCredentialId, formatUsd, instant, microUsd, REFUSALS, refusal } from "@keybrake/core";
import type { Credential, Estimate, Meter, Pricing, RefusalCode, Vendor } from "@keybrake/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keyOf } from "../stripe/test-support.ts";
import { answerOf, callOf, operation, PRICE, pricingOf, requestOf, vendorOf, type Json } from "./test-support.ts";

function saidOf(estimated: Estimate): string {
  if (estimated.kind === "money") return `${estimated.direction} ${formatUsd(estimated.exposure)}`;
  return estimated.kind === "refused" ? estimated.refusal.code : estimated.kind;
}

function estimated(vendor: Vendor, line: string, body?: unknown, pricing: Pricing = pricingOf(vendor)): string {
  return saidOf(vendor.estimate(callOf(vendor, line, body), pricing, []));
}

function metered(vendor: Vendor, body: unknown, status: number, json: unknown, line = "POST /pages"): string {
  const pricing = pricingOf(vendor);
  const call = callOf(vendor, line, body);
  const { meter } = vendor.meter(call, answerOf(status, json), pricing, vendor.estimate(call, pricing, []));
  return said(meter);
}

function said(meter: Meter): string {
  return meter.kind === "spent" ? `spent ${formatUsd(meter.moved)}` : meter.kind;
}

const priced = (price: Json, more: Json = {}): Vendor =>
  vendorOf([operation({ parameters: ["n", "text", "items", "size"], price: { ...PRICE, ...price }, ...more })], {
    bodies: ["json", "form"],
    lists: ["text"],
  });

describe("a price", () => {
  it("for the call needs nothing of the request", () => {
    const vendor = priced({});
    expect(estimated(vendor, "POST /pages", {})).toBe("usage 0.05");
    expect(estimated(vendor, "POST /pages")).toBe("usage 0.05");
  });

  it.each<[string, Json, unknown, string]>([
    ["a number", { number: "/n" }, { n: 3 }, "usage 0.15"],
    ["a number as text", { number: "/n" }, { n: "3" }, "usage 0.15"],
    ["a number with decimals, rounded up", { number: "/n" }, { n: 1.000_001 }, "usage 0.050001"],
    ["a part of one, as one", { number: "/n" }, { n: 0.000_001 }, "usage 0.05"],
    ["a number of none, as one", { number: "/n" }, { n: 0 }, "usage 0.05"],
    ["a number of none, where none need be there", { number: "/n", otherwise: 0 }, { n: 0 }, "usage 0"],
    ["a number that is not there, where none need be", { number: "/n", otherwise: 0 }, {}, "usage 0"],
    ["a number with a minus and nothing behind it", { number: "/n" }, { n: "-0" }, "amount_unknown"],
    ["a number in each of a list", { number: "/items/*/q" }, { items: [{ q: 1 }, { q: 2 }] }, "usage 0.15"],
    ["a number that is not there", { number: "/n" }, {}, "amount_unknown"],
    ["a number that need not be there", { number: "/n", otherwise: 2 }, {}, "usage 0.1"],
    ["a number below nothing", { number: "/n" }, { n: -1 }, "amount_unknown"],
    ["a number that is a word", { number: "/n" }, { n: "many" }, "amount_unknown"],
    ["a number that is a list", { number: "/n" }, { n: [1] }, "amount_unknown"],
    ["a number too long", { number: "/n" }, { n: "9".repeat(16) }, "amount_unknown"],
    ["characters", { characters: "/text" }, { text: "a\u{1f600}\u00e9" }, "usage 0.15"],
    ["characters of a list", { characters: "/text" }, { text: ["ab", "c"] }, "usage 0.15"],
    ["no characters", { characters: "/text" }, { text: "" }, "usage 0.05"],
    ["bytes", { bytes: "/text" }, { text: "a\u00e9" }, "usage 0.15"],
    ["items", { items: "/items" }, { items: [1, { a: 1, b: 2 }, [3, 4]] }, "usage 0.15"],
    ["one item that is no list", { items: "/items" }, { items: "x" }, "usage 0.05"],
    ["no items", { items: "/items" }, { items: [] }, "usage 0.05"],
    ["items of each", { items: "/items/*/to" }, { items: [{ to: ["a", "b"] }, { to: "c" }] }, "usage 0.15"],
    ["one of a list", { number: "/items/1" }, { items: [7, 2] }, "usage 0.1"],
  ])("is counted by %s", (_, count, body, expected) => {
    expect(estimated(priced({ count }), "POST /pages", body)).toBe(expected);
  });

  it("is counted alike in a form", () => {
    expect(estimated(priced({ count: { characters: "/text" } }), "POST /pages", "text=ab&text=c")).toBe("usage 0.15");
    expect(estimated(priced({ count: { items: "/text" } }), "POST /pages", "text[]=ab&text[]=c")).toBe("usage 0.1");
  });

  it.each<[string, Json, unknown, string]>([
    ["for a thousand, to the millionth", { unit_size: 1000, count: { number: "/n" } }, { n: 1 }, "usage 0.00005"],
    [
      "for a thousand that is begun",
      { unit_size: 1000, whole_units: true, count: { number: "/n" } },
      { n: 1001 },
      "usage 0.1",
    ],
    ["for none, where none cost nothing", { at_least: 0, count: { number: "/n" } }, { n: 0 }, "usage 0"],
    ["for at least so many", { at_least: 10, count: { number: "/n" } }, { n: 1 }, "usage 0.5"],
    ["for as many as there may be", { max: 10, count: { number: "/n" } }, { n: 10 }, "usage 0.5"],
    ["for more than there may be", { max: 10, count: { number: "/n" } }, { n: 11 }, "amount_unknown"],
  ])("is one %s", (_, price, body, expected) => {
    expect(estimated(priced(price), "POST /pages", body)).toBe(expected);
  });

  it("may depend on what is asked for", () => {
    const by = { value: "/size", otherwise: "a4" };
    const vendor = priced({ by, list: { a4: "0.05", a3: "0.08" } });
    expect(estimated(vendor, "POST /pages", { size: "a3" })).toBe("usage 0.08");
    expect(estimated(vendor, "POST /pages", {})).toBe("usage 0.05");
    expect(estimated(vendor, "POST /pages", { size: "a0" })).toBe("price_unknown");
    expect(estimated(vendor, "POST /pages", { size: ["a3"] })).toBe("request_ambiguous");
    const strict = priced({ by: { value: "/size" }, list: { a4: "0.05", "*": "1" } });
    expect(estimated(strict, "POST /pages", {})).toBe("price_unknown");
    expect(estimated(strict, "POST /pages", { size: "a0" })).toBe("usage 1");
    const inPath = priced({ by: { value: "{size}" }, list: { a4: "0.05" } }, { path: "/pages/{size}" });
    expect(estimated(inPath, "POST /pages/a4", {})).toBe("usage 0.05");
    expect(estimated(inPath, "POST /pages/a3", {})).toBe("price_unknown");
  });

  it("in another currency is converted without rounding it first", () => {
    // 1 EUR is 1.25 USD, and at worst 1.3021 USD: 20 millionths are 27 millionths of a dollar.
    const vendor = priced({ currency: "eur", list: "0.00002", count: { characters: "/text" } });
    expect(vendor.rateCard).toBeNull();
    expect(estimated(vendor, "POST /pages", { text: "a" })).toBe("usage 0.000027");
    expect(metered(vendor, { text: "a".repeat(1000) }, 200, {})).toBe("spent 0.025");
    const yen = priced({ currency: "jpy", list: 150 });
    expect(metered(yen, {}, 200, {})).toBe("spent 1.25");
  });

  it("that is too old prices nothing, also in another currency", () => {
    const vendor = priced({ currency: "eur", as_of: "2024-11-01" });
    expect(estimated(vendor, "POST /pages", {})).toBe("price_unknown");
  });

  it("of the operator's own file comes first", () => {
    for (const currency of ["usd", "eur"]) {
      const vendor = priced({ currency });
      const pricing: Pricing = {
        ...pricingOf(vendor),
        price: (from, query) =>
          from === "file"
            ? { kind: "price", price: microUsd(7n), source: "ours", asOf: "2026-11-01" }
            : pricingOf(vendor).price(from, query),
      };
      expect(estimated(vendor, "POST /pages", {}, pricing)).toBe("usage 0.000007");
    }
  });

  it("adds up where a call has several, and says how", () => {
    const vendor = vendorOf([
      operation({
        parameters: ["messages", "max_tokens"],
        price: [
          { ...PRICE, unit: "input", unit_size: 1000, count: { bytes: "/messages" } },
          { ...PRICE, unit: "output", unit_size: 1000, list: "0.2", count: { number: "/max_tokens" } },
        ],
      }),
    ]);
    const call = callOf(vendor, "POST /pages", {
      messages: [{ role: "user", content: "x".repeat(996) }],
      max_tokens: 500,
    });
    const told = vendor.estimate(call, pricingOf(vendor), []);
    expect(saidOf(told)).toBe("usage 0.15");
    expect(told.kind === "money" ? told.basis : []).toEqual([
      '1000 / 1000 x $0.05 for the unit "input" (a made-up list, 2026-11-01).',
      '500 / 1000 x $0.20 for the unit "output" (a made-up list, 2026-11-01).',
    ]);
    expect(estimated(vendor, "POST /pages", { messages: [] })).toBe("amount_unknown");
  });
});

describe("an amount", () => {
  const vendor = (more: Json = {}, settle?: Json): Vendor =>
    vendorOf([
      operation({
        price: undefined,
        parameters: ["n", "c"],
        amount: { direction: "paid_out", value: "/n", currency: "usd", form: "minor", ...more },
        ...(settle === undefined ? {} : { settle }),
      }),
    ]);

  it.each<[string, Json, unknown, string]>([
    ["in minor units", {}, { n: 1050 }, "paid_out 10.5"],
    ["in major units", { form: "major" }, { n: "10.5" }, "paid_out 10.5"],
    ["in major units without decimals", { form: "major" }, { n: 10 }, "paid_out 10"],
    ["in major units with more noughts", { form: "major" }, { n: "10.5000" }, "paid_out 10.5"],
    ["in the currency that the request names", { currency: "/c" }, { n: 1000, c: "EUR" }, "paid_out 13.020838"],
    ["in no currency", { currency: "/c" }, { n: 1000 }, "amount_unknown"],
    ["in a currency that nobody knows", { currency: "/c" }, { n: 1, c: "xyz" }, "currency_unpriced"],
    ["in something else", { currency: "/c" }, { n: 1, c: "euro" }, "currency_unpriced"],
    ["that is not there", {}, {}, "amount_unknown"],
    ["with decimals of a minor unit", {}, { n: 1.5 }, "amount_unknown"],
    ["with more decimals than there are", { form: "major" }, { n: "10.505" }, "amount_unknown"],
    ["below nothing", {}, { n: -1 }, "amount_unknown"],
    ["in two parts", {}, { n: [1, 2] }, "amount_unknown"],
    ["in words", {}, { n: "ten" }, "amount_unknown"],
    ["of thirteen digits", {}, { n: "1000000000000" }, "amount_unknown"],
    ["at its limit", { max: 1000 }, { n: 1000 }, "paid_out 10"],
    ["above its limit", { max: 1000 }, { n: 1001 }, "amount_unknown"],
  ])("is read %s", (_, more, body, expected) => {
    expect(estimated(vendor(more), "POST /pages", body)).toBe(expected);
  });

  it("is settled by what the answer says, else by what was asked for", () => {
    const settle = { value: "/charged", currency: "usd", form: "major" };
    expect(metered(vendor({}, settle), { n: 1000 }, 200, { charged: "9.95" })).toBe("spent 9.95");
    expect(metered(vendor({}, settle), { n: 1000 }, 200, {})).toBe("spent 10");
    expect(metered(vendor({}, settle), { n: 1000 }, 200, { charged: -1 })).toBe("spent 10");
    expect(metered(vendor({ currency: "eur" }), { n: 1000 }, 200, {})).toBe("spent 12.5");
  });
});

describe("an answer", () => {
  const vendor = priced({ count: { number: "/n" }, settle: { number: "/items/*/printed" } });

  it.each<[string, number, unknown, string]>([
    ["names what it counted", 200, { items: [{ printed: 1 }, { printed: 1 }] }, "spent 0.1"],
    ["names more than was asked for", 201, { items: [{ printed: 5 }] }, "spent 0.25"],
    ["names nothing", 200, { items: [] }, "spent 0.15"],
    ["names no number", 200, { items: [{ printed: "all" }] }, "spent 0.15"],
    ["names none yet", 200, { items: [{ printed: 0 }, { printed: 0 }] }, "spent 0.15"],
    ["names a part of one", 200, { items: [{ printed: 0.5 }] }, "spent 0.05"],
    ["has a number that not every reader reads alike", 200, '{"items":[{"printed":1e0}]}', "spent 0.15"],
    ["is no JSON", 200, "OK", "spent 0.15"],
    ["is empty", 204, "", "spent 0.15"],
    ["cannot be read", 200, undefined, "unknown"],
    ["is a redirect", 302, "", "unknown"],
    ["is an own error", 400, { error: "No." }, "definite_no"],
    ["is an own error that says nothing of what was done", 409, { error: "Conflict." }, "unknown"],
    ["is a page of something in between", 400, "<html>", "unknown"],
    ["is a failure", 500, { error: "Oops." }, "unknown"],
  ])("that %s", (_, status, json, expected) => {
    expect(metered(vendor, { n: 3 }, status, json)).toBe(expected);
  });

  it("may name none where the description says that none cost nothing", () => {
    const none: Json = { items: [{ printed: 0 }] };
    const free = priced({ at_least: 0, count: { number: "/n" }, settle: { number: "/items/*/printed" } });
    expect(metered(free, { n: 3 }, 200, none)).toBe("spent 0");
    const silent = priced({ count: { number: "/n" }, settle: { number: "/printed", otherwise: 0 } });
    expect(metered(silent, { n: 3 }, 200, {})).toBe("spent 0.05");
    const least = priced({ at_least: 2, count: { number: "/n" }, settle: { number: "/items/*/printed" } });
    expect(metered(least, { n: 3 }, 200, { items: [{ printed: 1 }] })).toBe("spent 0.1");
  });

  it("is a stored one where the vendor marks it so", () => {
    const idempotency = { header: "X-Key", remembered_hours: 24, replayed: { header: "X-Replayed", value: "true" } };
    const marking = vendorOf([operation()], { idempotency });
    const call = callOf(marking, "POST /pages", {});
    const pricing = pricingOf(marking);
    const estimate = marking.estimate(call, pricing, []);
    expect(marking.meter(call, answerOf(200, {}, { "x-replayed": "True" }), pricing, estimate).replayed).toBe(true);
    expect(marking.meter(call, answerOf(200, {}), pricing, estimate).replayed).toBe(false);
    expect(marking.idempotency?.header).toBe("x-key");
    expect(marking.idempotency?.rememberedMs(call.operation)).toBe(23 * 3_600_000);
  });

  it("to what has no bound costs its ceiling, and to what is free nothing", () => {
    const mixed = vendorOf([
      operation({ price: undefined, parameters: undefined, class: "unbounded", directions: ["usage"] }),
      operation({ name: "pages.list", method: "GET", price: undefined, parameters: undefined, class: "read" }),
    ]);
    const ceiling: Estimate = {
      kind: "money",
      direction: "usage",
      amount: null,
      exposure: microUsd(9n),
      object: null,
      rateDate: null,
    };
    const call = callOf(mixed, "POST /pages", {});
    expect(said(mixed.meter(call, answerOf(200, {}), pricingOf(mixed), ceiling).meter)).toBe("spent 0.000009");
    expect(metered(mixed, undefined, 200, {}, "GET /pages")).toBe("nothing");
  });
});

describe("a request", () => {
  const vendor = vendorOf(
    [
      operation({ parameters: ["n", "text"] }),
      operation({ name: "numbers.look_up", method: "GET", path: "/numbers/{number}", parameters: ["fields"] }),
      operation({ name: "pages.list", method: "GET", price: undefined, parameters: undefined, class: "read" }),
    ],
    { bodies: ["json", "form"], lists: ["text"] },
  );
  const why = (line: string, body?: unknown, headers?: Readonly<Record<string, string>>): string | null => {
    const read = vendor.readParameters(requestOf(line, body, headers));
    return read.kind === "ambiguous" ? read.why : null;
  };

  it.each<[string, string, unknown, Readonly<Record<string, string>>, string]>([
    ["a parameter twice", "POST /pages", "n=1&n=2", {}, "twice"],
    ["a list that is none", "POST /pages", "n[]=1", {}, "no list"],
    ["a list in two ways", "POST /pages", "text[0]=a&text=b", {}, "twice"],
    ["a value that is also a list", "POST /pages", "n=1&n[a]=2", {}, "as a value and as a list"],
    ["odd brackets", "POST /pages", "n]=1", {}, "splits"],
    ["a name twice in JSON", "POST /pages", '{"n":1,"n":2}', { "content-type": "application/json" }, "twice"],
    ["a query beside a body that pays", "POST /pages?n=1", {}, {}, "query"],
    ["a body of another form", "POST /pages", "<n/>", { "content-type": "text/xml" }, "application/json or"],
    ["no content type", "POST /pages", "n=1", { "content-type": "" }, "Content-Type"],
    ["a compressed body", "POST /pages", {}, { "content-encoding": "br" }, "compressed"],
    ["a GET with a body", "GET /numbers/1", {}, {}, "GET"],
    ["another method in a form", "POST /pages", "n=1&_method=DELETE", {}, "method"],
    ["another method in a list", "POST /pages", "_method[a]=DELETE", {}, "method"],
    ["another method in JSON", "POST /pages", { n: 1, _method: "DELETE" }, {}, "method"],
    ["another method in a query", "GET /pages?_method=DELETE", undefined, {}, "method"],
    ["another method in other letters", "GET /pages?_HttpMethod=DELETE", undefined, {}, "method"],
    ["another method in a header", "POST /pages", {}, { "x-http-method": "PUT" }, "method"],
  ])("is refused with %s", (_, line, body, headers, words) => {
    expect(why(line, body, headers)).toContain(words);
  });

  it("may have only the parameters that were thought through, where it pays", () => {
    const reach = (line: string, body?: unknown): string | null =>
      vendor.checkReach(callOf(vendor, line, body), keyOf({ vendor: "printer" }))?.code ?? null;
    expect(reach("POST /pages", { n: 1, text: ["a"] })).toBeNull();
    expect(reach("POST /pages", { n: 1, duplex: true })).toBe("parameter_not_allowed");
    expect(reach("GET /numbers/1?fields=a")).toBeNull();
    expect(reach("GET /numbers/1?fields=a&carrier=1")).toBe("parameter_not_allowed");
    expect(reach("GET /pages?anything=1")).toBeNull();
    const look = vendor.operations.byName("numbers.look_up");
    expect(look === null ? null : vendor.parameterNames(look)).toEqual(["fields", "number"]);
  });

  it("never throws, whatever its body is", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), fc.webQueryParameters()), fc.boolean(), (body, isJson) => {
        const request = requestOf("POST /pages", body, {
          "content-type": isJson ? "application/json" : "application/x-www-form-urlencoded",
        });
        const match = vendor.operations.match("POST", ["pages"]);
        const read = vendor.readParameters(request);
        if (match === null || read.kind === "ambiguous") return;
        const call = { request, ...match, parameters: read.parameters };
        vendor.checkReach(call, keyOf());
        vendor.constrained(call);
        vendor.meter(call, answerOf(200, body), pricingOf(vendor), vendor.estimate(call, pricingOf(vendor), []));
      }),
    );
  });
});

describe("authentication", () => {
  const credential = (accountId: string | null): Credential => ({
    id: asCredentialId("cred_1"),
    vendor: "printer",
    name: "main",
    livemode: true,
    sandbox: false,
    accountId,
    isDefault: true,
    createdAt: instant(0),
    rotatedAt: null,
    removedAt: null,
  });
  const of = (authentication: unknown, more: Json = {}): Vendor => vendorOf([operation()], { authentication, ...more });

  it.each<[string, unknown, readonly string[]]>([
    ["a bearer token", "bearer", ["Authorization", "Bearer s3cr/t"]],
    ["a header of its own", { header: { name: "X-Api-Key" } }, ["X-Api-Key", "s3cr/t"]],
    [
      "a scheme of its own",
      { header: { name: "Authorization", value: "Key {account}:{secret}" } },
      ["Authorization", "Key acct:s3cr/t"],
    ],
    [
      "Basic",
      { basic: { user: "{account}", password: "{secret}" } },
      ["Authorization", `Basic ${btoa("acct:s3cr/t")}`],
    ],
  ])("is %s, and every echo of the secret is known", (_, authentication, headers) => {
    const { headers: sent, needles } = of(authentication).authorization("s3cr/t", credential("acct"));
    expect(sent).toEqual(headers);
    const isFound = (text: string): boolean => needles.some((needle) => text.includes(needle));
    for (const echo of [headers.join(": "), "?key=s3cr%2Ft", `{"key":"s3cr/t"}`, btoa("s3cr/t:")])
      expect(isFound(echo), echo).toBe(true);
  });

  it("of its own header is never left to the caller", () => {
    const vendor = of({ header: { name: "X-Api-Key" } });
    const call = callOf(vendor, "POST /pages", {});
    const sent = { ...call, request: requestOf("POST /pages", {}, { "x-api-key": "mine" }) };
    expect(vendor.checkReach(call, keyOf())).toBeNull();
    expect(vendor.checkReach(sent, keyOf())?.code).toBe("request_ambiguous");
  });

  it("checks a secret by what the description says of it", () => {
    const vendor = of("bearer", {
      secret: { pattern: "(?:live|test)_[a-z]+", hint: "Give a key.", live: "^live_", test: "^test_" },
    });
    expect(vendor.checkSecret("live_abc", null)).toEqual({ livemode: true, problem: null });
    expect(vendor.checkSecret("test_abc", null)).toEqual({ livemode: false, problem: null });
    expect(vendor.checkSecret("live_abc!", null).problem).toBe("Give a key.");
    for (const secret of ["", "live_a\nb", "live a", "\u00e9"])
      expect(vendor.checkSecret(secret, null).problem).not.toBeNull();
    const withAccount = of({ basic: { user: "{account}", password: "{secret}" } });
    expect(withAccount.checkSecret("x", null).problem).toContain("account");
    expect(withAccount.checkSecret("x", "acct")).toEqual({ livemode: null, problem: null, accountId: "acct" });
  });
});

describe("refusals", () => {
  /* oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the table are the codes */
  const CODES = Object.keys(REFUSALS) as RefusalCode[];
  const body = {
    fault: { word: "{code}", text: "Sorry: {message}", status: "{status}", call: "{call_id}" },
    limit_usd: "none",
  };
  const vendor = vendorOf([operation()], {
    errors: { own: "/fault/word", refusal: { body, statuses: { spend_cap_exceeded: 402 } } },
  });

  it.each(CODES)("of %s have the shape that the description gives them", (code) => {
    const refused = refusal(code, "No.", { facts: { limit_usd: "5", asked_usd: "6" }, retryAfterSeconds: 3 });
    const { status, headers, body: text } = vendor.renderRefusal(refused, "call_1");
    const expected = code === "spend_cap_exceeded" ? 402 : REFUSALS[code].status;
    expect(status).toBe(expected);
    expect(JSON.parse(text)).toMatchObject({
      fault: { text: expect.stringMatching(/^Sorry: \w+: No\. /), status: expected, call: "call_1" },
      limit_usd: "none",
      asked_usd: "6",
    });
    expect(vendor.isOwnError(answerOf(status, text))).toBe(true);
    expect(new Map(headers).get("Retry-After")).toBe(code === "rate_limited" ? "3" : undefined);
  });

  it("are told from answers that are no errors of the vendor's", () => {
    for (const json of [{ fault: {} }, { fault: { word: null } }, { fault: "x" }, "<html>", [], undefined])
      expect(vendor.isOwnError(answerOf(500, json))).toBe(false);
  });
});

describe("hosts", () => {
  it("are chosen by the operation", () => {
    const vendor = vendorOf([operation({ host: "files" }), operation({ name: "x.y", path: "/x" })], {
      hosts: { files: "https://files.printer.example" },
    });
    const of = (name: string): string => vendor.destination("/x", vendor.operations.byName(name)).baseUrl;
    expect(of("pages.print")).toBe("https://files.printer.example");
    expect(of("x.y")).toBe("https://api.printer.example");
    expect(vendor.destination("/x", null).baseUrl).toBe("https://api.printer.example");
    expect(vendor.mainHost).toBe("api.printer.example");
  });
});
