/** GET /vault/prices and its refresh: every price with its date and source, every currency with what is held for it. */
import { builtInPriceCard, formatInstant, instant, parseEcbCsv, type PriceCard } from "@keybrake/core";
import { describe, expect, test } from "vitest";
import type { PriceBook } from "./handler.ts";
import { World } from "./test-support.ts";

/** The yen once moved by 5 %, which is then the margin of every currency. */
const CSV =
  "Date,USD,JPY,IDR,KWD,XTS\n2026-11-23,1.2,180,20000,0.36,5\n" +
  "2026-11-20,1.2,171,20000,0.36,5\n2026-11-19,1.2,171,20000,0.36,5\n";

function card(asOf: string, usd: string | null, validDays = 366): PriceCard {
  const prices = { "emails.send": { email: usd === null ? { "*": null } : usd } };
  return builtInPriceCard([{ source: "our order form", as_of: asOf, valid_days: validDays, prices }]);
}

function book(more: Partial<PriceBook> = {}): PriceBook {
  return {
    cards: () => [{ vendor: "stripe", from: "file", card: card("2026-11-20", "0.0009") }],
    rates: () => ({ table: parseEcbCsv(CSV), from: "feed", fetchedAt: null }),
    refresh: async () => ({ kind: "refreshed", files: 1, livePricesForgotten: 2, feed: { kind: "unchanged" } }),
    ...more,
  };
}

/** A world on 2026-11-24, noon. */
function world(more: Partial<PriceBook> = {}): World {
  const made = new World({ prices: book(more) });
  made.clock.advance(Date.parse("2026-11-24T12:00:00Z") - made.clock.now());
  return made;
}

describe("GET /vault/prices", () => {
  test("has each price with its date, source and age", async () => {
    const to = world({
      cards: () => [
        { vendor: "stripe", from: "file", card: card("2026-01-01", "0.0009", 30) },
        { vendor: "stripe", from: "card", card: card("2026-11-20", null) },
      ],
    });
    const { body } = await to.send("GET", "/vault/prices?vendor=stripe");
    const shared = {
      vendor: "stripe",
      operation: "emails.send",
      unit: "email",
      qualifier: "*",
      source: "our order form",
    };
    expect(body["data"]).toEqual([
      { ...shared, usd: "0.0009", as_of: "2026-01-01", from: "file", too_old: true },
      { ...shared, usd: null, as_of: "2026-11-20", from: "card", too_old: false },
    ]);
  });

  test("has each currency with its decimals, its rate and what is held at worst; none whose decimals are unknown", async () => {
    const { body } = await world().send("GET", "/vault/prices");
    expect(body["rates"]).toMatchObject({ as_of: "2026-11-23", from: "feed", fetched_at: null, too_old: false });
    expect(body["rates"]["currencies"]).toEqual([
      { currency: "eur", usd_per_unit: "1.2", worst_case_usd_per_unit: "1.26", minor_units: 2 },
      // 1.2 / 20000, and 1.2 / 180 rounded up
      { currency: "idr", usd_per_unit: "0.00006", worst_case_usd_per_unit: "0.000063", minor_units: 2 },
      { currency: "jpy", usd_per_unit: "0.0066666667", worst_case_usd_per_unit: "0.0070000001", minor_units: 0 },
      { currency: "kwd", usd_per_unit: "3.3333333334", worst_case_usd_per_unit: "3.5000000001", minor_units: 3 },
    ]);
  });

  test("says when the rates are too old, and then holds nothing at any rate", async () => {
    const to = world();
    to.clock.advance(90 * 86_400_000);
    const { body } = await to.send("GET", "/vault/prices");
    expect(body["rates"]).toMatchObject({ too_old: true });
    const currencies = body["rates"]["currencies"] as { worst_case_usd_per_unit: unknown }[];
    expect(currencies.map((each) => each.worst_case_usd_per_unit)).toEqual([null, null, null, null]);
  });

  test("with an unknown vendor names those that there are", async () => {
    const { status, body } = await world().send("GET", "/vault/prices?vendor=strip");
    expect([status, body["error"]]).toMatchObject([400, { field: "vendor", known: ["stripe"] }]);
  });
});

describe("POST /vault/prices/refresh", () => {
  test("says what was read, forgotten and asked for", async () => {
    const at = instant(Date.parse("2026-11-24T11:00:00Z"));
    const to = world({ rates: () => ({ table: parseEcbCsv(CSV), from: "feed", fetchedAt: at }) });
    const { status, body } = await to.send("POST", "/vault/prices/refresh");
    expect([status, body]).toMatchObject([
      200,
      {
        prices_files: 1,
        live_prices_forgotten: 2,
        rates: { as_of: "2026-11-23", fetched_at: formatInstant(at), feed: "unchanged", why: null },
      },
    ]);
  });

  test("with a feed that failed is told why and is no error", async () => {
    const refresh: PriceBook["refresh"] = async () => ({
      kind: "refreshed",
      files: 0,
      livePricesForgotten: 0,
      feed: { kind: "failed", why: "It answers 500." },
    });
    const { status, body } = await world({ refresh }).send("POST", "/vault/prices/refresh");
    expect([status, body["rates"]]).toMatchObject([200, { feed: "failed", why: "It answers 500." }]);
  });

  test("with a bad file is refused with every mistake", async () => {
    const problems = ["acme.json: source: say where.", "acme.json: as_of: say when."];
    const to = world({ refresh: async () => ({ kind: "bad_files", problems }) });
    const { status, body } = await to.send("POST", "/vault/prices/refresh");
    expect([status, body["error"]]).toMatchObject([409, { code: "price_files_invalid", problems }]);
  });
});
