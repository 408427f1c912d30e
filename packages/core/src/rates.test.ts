import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CURRENCIES, minorUnitDigits } from "./currency.ts";
import { Fault } from "./invariant.ts";
import { RATE_AGE_MAX_DAYS, convertToUsd, parseEcbCsv } from "./rates.ts";
import type { Conversion } from "./rates.ts";
import { DAY_MS, instant, parseInstant } from "./time.ts";
import type { Instant } from "./time.ts";

const FILE = readFileSync(new URL("../../vendors/data/ecb-eurofxref-1y.csv", import.meta.url), "utf8");
const table = parseEcbCsv(FILE);

function time(text: string): Instant {
  const at = parseInstant(text);
  if (at === null) throw new Error(`${text} is no time`);
  return at;
}

function price(minor: bigint, currency: string, at = "2026-11-24T05:00:00Z", rates = table): Conversion {
  return convertToUsd(rates, { minor, currency }, time(at));
}

function why(conversion: Conversion): string {
  if (conversion.kind !== "unpriced") throw new Error("it was priced");
  return conversion.why;
}

function worst(conversion: Conversion): bigint {
  if (conversion.kind !== "converted") throw new Error(conversion.why);
  return conversion.worstCaseMicroUsd;
}

const small = (rows: string): string => `Date,USD,JPY,ISK,KRW\n${rows}\n`;
// One euro is 1.25 dollars, 150 yen, 140 kronur; the yen moved by a fifth the day before, then stayed.
const SMALL = parseEcbCsv(
  small("2026-01-03,1.25,150,140,N/A\n2026-01-02,1.25,150,140,1500\n2026-01-01,1.25,180,140,1500"),
);

describe("the table", () => {
  test("has a day, a source and a rate for every column and the euro", () => {
    expect(table.asOf).toBe("2026-10-30");
    expect(table.source).toMatch(/European Central Bank/);
    expect(table.rates.size).toBe(29);
    // 1 euro = 1.1172 dollars = 175.68 yen on 2026-10-30
    expect(table.rates.get("eur")).toEqual({ numerator: 11_172n, denominator: 10_000n });
    const yen = table.rates.get("jpy");
    expect((yen?.numerator ?? 0n) * 17_568n * 100n).toBe((yen?.denominator ?? 0n) * 11_172n);
    expect(table.rates.has("usd")).toBe(false);
  });

  test("the bank's own layout, with spaces, Windows lines and a trailing comma, reads the same", () => {
    const bank = FILE.trim()
      .split("\n")
      .map((line) => `${line.replaceAll(",", ", ")}, `)
      .join("\r\n");
    expect(parseEcbCsv(bank).rates).toEqual(table.rates);
  });

  test.each<[string, string]>([
    ["nothing", ""],
    ["a web page", "<!doctype html><html></html>"],
    ["no dollars", "Date,JPY\n2026-01-01,150\n"],
    ["no rows", "Date,USD\n"],
    ["a day that does not exist", "Date,USD\n2026-02-30,1.1\n"],
    ["rows in the wrong order", "Date,USD\n2026-01-01,1.1\n2026-01-02,1.1\n"],
    ["a day twice", "Date,USD\n2026-01-01,1.1\n2026-01-01,1.2\n"],
    ["a currency twice", "Date,USD,JPY,JPY\n2026-01-01,1.1,150,1\n"],
    ["a short row", "Date,USD,JPY\n2026-01-01,1.1\n"],
    ["a rate of zero", "Date,USD,JPY\n2026-01-01,1.1,0\n"],
    ["a negative rate", "Date,USD,JPY\n2026-01-01,1.1,-150\n"],
    ["a rate with an exponent", "Date,USD,JPY\n2026-01-01,1.1,1e3\n"],
    ["a thousands separator", 'Date,USD,JPY\n2026-01-01,1.1,"1,150"\n'],
  ])("with %s is a fault that says so", (_, text) => {
    expect(() => parseEcbCsv(text)).toThrow(Fault);
  });
});

/** In millionths: no rate in the file has more decimals. */
function scaled(text = ""): bigint {
  const [whole = "", fraction = ""] = text.split(".");
  return BigInt(whole + fraction.padEnd(6, "0"));
}

describe("the margin", () => {
  // The same figure by exhaustion, from the text of the file, for a few ages.
  test("is the worst move of any currency in the file over so many trading days, rounded up", () => {
    const [head = "", ...lines] = FILE.trim().split("\n");
    const codes = head.split(",").slice(1);
    const rows = lines.map((line) => line.split(",").slice(1).map(scaled));
    const moveOver = (days: number): bigint => {
      let most = 0n;
      for (let newer = 0; newer + days < rows.length; newer++) {
        const [to = [], from = []] = [rows[newer], rows[newer + days]];
        for (let column = 0; column <= codes.length; column++) {
          // dollars for one unit, of the euro in the last round
          const before = (from[0] ?? 0n) * (to[column] ?? 1n);
          const after = (to[0] ?? 0n) * (from[column] ?? 1n);
          const size = after > before ? after - before : before - after;
          const ppm = (size * 1_000_000n + before - 1n) / before;
          if (ppm > most) most = ppm;
        }
      }
      return most;
    };
    let soFar = 0n;
    for (let days = 1; days <= RATE_AGE_MAX_DAYS; days++) {
      const move = moveOver(days);
      if (move > soFar) soFar = move;
      expect([days, table.marginPpmByAgeDays[days]]).toEqual([days, Number(soFar)]);
    }
    expect(table.marginPpmByAgeDays[0]).toBe(table.marginPpmByAgeDays[1]);
  });

  test("never falls as the table ages", () => {
    expect(table.marginPpmByAgeDays).toHaveLength(RATE_AGE_MAX_DAYS + 1);
    fc.assert(
      fc.property(fc.nat(RATE_AGE_MAX_DAYS * DAY_MS), fc.nat(RATE_AGE_MAX_DAYS * DAY_MS), (a, b) => {
        const [sooner, later] = [Math.min(a, b), Math.max(a, b)];
        const asOf = time("2026-10-30T00:00:00Z");
        const at = (ms: number): bigint =>
          worst(convertToUsd(table, { minor: 12_345n, currency: "gbp" }, instant(asOf + ms)));
        expect(at(sooner) <= at(later)).toBe(true);
      }),
    );
  });

  test("of a table's own day, and of a clock before it, is that of one day", () => {
    const one = table.marginPpmByAgeDays[1];
    expect(price(100n, "eur", "2026-10-30T09:00:00Z")).toMatchObject({ marginPpm: one });
    expect(price(100n, "eur", "2020-01-01T00:00:00Z")).toMatchObject({ marginPpm: one });
    expect(price(100n, "eur", "2026-10-31T00:00:00.001Z")).toMatchObject({ marginPpm: table.marginPpmByAgeDays[2] });
  });

  test("takes a day that has begun for a whole one", () => {
    const growing = parseEcbCsv("Date,USD\n2026-01-04,1.5\n2026-01-03,1.25\n2026-01-02,1\n2026-01-01,1");
    expect(growing.marginPpmByAgeDays).toEqual([250_000, 250_000, 500_000, 500_000]);
    expect(price(100n, "eur", "2026-01-05T00:00:00Z", growing)).toMatchObject({ marginPpm: 250_000 });
    expect(price(100n, "eur", "2026-01-05T00:00:00.001Z", growing)).toMatchObject({ marginPpm: 500_000 });
  });

  test("counts a fall like a rise, across currencies", () => {
    // 180 yen for 1.25 dollars became 150: a yen rose by 20 %.
    expect(SMALL.marginPpmByAgeDays).toEqual([200_000, 200_000, 200_000]);
    const fallen = parseEcbCsv(small("2026-01-02,1.25,180,140,1\n2026-01-01,1.25,150,140,1"));
    expect(fallen.marginPpmByAgeDays).toEqual([166_667, 166_667]);
  });
});

describe("converting", () => {
  test("dollars are dollars, whatever the age of the table", () => {
    expect(price(1_050n, "usd", "2099-01-01T00:00:00Z")).toEqual({
      kind: "converted",
      referenceMicroUsd: 10_500_000n,
      worstCaseMicroUsd: 10_500_000n,
      rateDate: null,
      marginPpm: 0,
    });
  });

  test.each<[string, bigint, string, bigint, bigint]>([
    ["two decimals", 1_000n, "eur", 12_500_000n, 15_000_000n],
    ["none", 1_500n, "jpy", 12_500_000n, 15_000_000n],
    ["two decimals where ISO says none", 14_000n, "isk", 1_250_000n, 1_500_000n],
    ["rounded up to the micro-dollar, twice", 1n, "jpy", 8_334n, 10_001n],
    ["nothing", 0n, "eur", 0n, 0n],
  ])("%s", (_, minor, currency, reference, worstCase) => {
    expect(price(minor, currency, "2026-01-03T12:00:00Z", SMALL)).toEqual({
      kind: "converted",
      referenceMicroUsd: reference,
      worstCaseMicroUsd: worstCase,
      rateDate: "2026-01-03",
      marginPpm: 200_000,
    });
  });

  test("of every currency in the table: one unit of it is what the rate says, whatever its minor units", () => {
    // One euro is two dollars and four of everything else, so one unit of anything is half a dollar.
    const others = CURRENCIES.filter((currency) => currency !== "eur" && currency !== "usd");
    const header = ["Date", "USD", ...others.map((currency) => currency.toUpperCase())].join(",");
    const row = (day: string): string => [day, "2", ...others.map(() => "4")].join(",");
    const flat = parseEcbCsv([header, row("2026-11-20"), row("2026-11-19")].join("\n"));
    const now = instant(Date.UTC(2026, 10, 20, 12));
    for (const currency of others) {
      const digits = minorUnitDigits(currency);
      expect(digits, currency).toBeDefined();
      const unit = { minor: 10n ** BigInt(digits ?? 0), currency };
      expect(convertToUsd(flat, unit, now), currency).toMatchObject({ kind: "converted", referenceMicroUsd: 500_000n });
    }
    expect(others).toHaveLength(CURRENCIES.length - 2);
    expect(CURRENCIES.length).toBeGreaterThan(130);
  });

  test("more money never costs less, and the worst case is never below the reference or the exact value", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...table.rates.keys()),
        fc.bigInt(0n, 10n ** 14n),
        fc.bigInt(0n, 10n ** 6n),
        (currency, minor, more) => {
          const one = price(minor, currency);
          if (one.kind !== "converted") throw new Error(one.why);
          expect(worst(price(minor + more, currency))).toBeGreaterThanOrEqual(one.worstCaseMicroUsd);
          const rate = table.rates.get(currency) ?? { numerator: 0n, denominator: 1n };
          const digits = currency === "jpy" || currency === "krw" ? 1n : 100n;
          const exact = minor * rate.numerator * 1_000_000n;
          expect(one.referenceMicroUsd * rate.denominator * digits >= exact).toBe(true);
          expect((one.referenceMicroUsd - 1n) * rate.denominator * digits < exact).toBe(true);
          expect(
            one.worstCaseMicroUsd * 1_000_000n >= one.referenceMicroUsd * (1_000_000n + BigInt(one.marginPpm)),
          ).toBe(true);
        },
      ),
    );
  });

  test("a negative amount is our mistake", () => {
    expect(() => price(-1n, "usd")).toThrow();
  });
});

describe("what has no price is refused with a sentence that says what to do:", () => {
  test("a currency nobody knows", () => {
    expect(why(price(100n, "xyz"))).toMatch(/"xyz" is not known.*usd/);
    expect(why(price(100n, "EUR"))).toMatch(/not known/);
  });

  test("a currency without a column", () => {
    expect(why(price(100n, "ugx"))).toMatch(/2026-10-30 has no rate for ugx.*usd/);
  });

  test("a currency without a rate on the newest day", () => {
    expect(why(price(100n, "krw", "2026-01-03T12:00:00Z", SMALL))).toMatch(/no rate for krw/);
  });

  test("a table that is too old, to the millisecond", () => {
    expect(price(100n, "eur", "2026-12-29T00:00:00Z").kind).toBe("converted");
    expect(why(price(100n, "eur", "2026-12-29T00:00:00.001Z"))).toMatch(/more than 60 days old.*newer one/);
  });

  test("a table older than its own history can speak for", () => {
    expect(price(100n, "eur", "2026-01-05T00:00:00Z", SMALL).kind).toBe("converted");
    expect(why(price(100n, "eur", "2026-01-06T00:00:00Z", SMALL))).toMatch(/longer history/);
    const oneDay = parseEcbCsv("Date,USD\n2026-01-01,1.1\n");
    expect(why(price(100n, "eur", "2026-01-01T00:00:00Z", oneDay))).toMatch(/longer history/);
  });

  test("an amount that no ledger can hold", () => {
    expect(why(price(10n ** 30n, "usd"))).toMatch(/larger than any amount/);
  });
});
