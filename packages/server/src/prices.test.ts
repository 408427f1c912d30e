/** Price files: what is used of them, and that a bad one is told by its file and place and used in nothing. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtInPriceCard, Fault, instant, parseInstant, type Instant, type Vendor } from "@keybrake/core";
import { vendors } from "@keybrake/vendors";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openPrices, type Prices } from "./prices.ts";

const NOW: Instant = parseInstant("2026-11-25T00:00:00Z") ?? instant(0);
/** A vendor whose mails cost half a cent by the built-in card. */
const vendor: Vendor = {
  ...(vendors.find((each) => each.operations.byName("emails.send") !== null) as Vendor),
  id: "acme",
  rateCard: builtInPriceCard([
    {
      source: "the card",
      as_of: "2026-11-01",
      prices: { "emails.send": { email: { "*": "0.005" } }, "emails.batch.send": { email: "0.004" } },
    },
  ]),
};

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "keybrake-prices-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

function file(prices: unknown, asOf = "2026-11-20", more: object = {}): string {
  return JSON.stringify({ source: "our order form", as_of: asOf, prices, ...more });
}

async function write(text: string, name = "acme.json"): Promise<void> {
  await writeFile(join(directory, name), text);
}

function open(where: string | null = directory): Promise<Prices> {
  return openPrices(where, [vendor]);
}

function ask(prices: Prices, from: "file" | "card", qualifiers: readonly string[] = []): unknown {
  return prices.price(vendor, from, { operation: "emails.send", unit: "email", qualifiers }, NOW);
}

async function problemsOf(opening: Promise<unknown>): Promise<readonly string[]> {
  const problem = await opening.then(
    () => null,
    (problem: unknown) => problem,
  );
  if (!(problem instanceof Fault)) throw new Error(`no fault but ${String(problem)}`);
  expect(problem.code).toBe("price_files_invalid");
  return problem.publicMessage.split("\n");
}

describe("a price", () => {
  test("is asked of the file by itself, and of the card only where the file says nothing", async () => {
    await write(file({ "emails.send": { email: { US: "0.001", GB: null } } }));
    const prices = await open();
    expect(ask(prices, "file", ["US"])).toEqual({
      kind: "price",
      price: 1_000n,
      source: "our order form",
      asOf: "2026-11-20",
    });
    expect(ask(prices, "file", ["FR"])).toEqual({ kind: "none", why: "The price file has none." });
    expect(ask(prices, "card", ["FR"])).toMatchObject({ kind: "price", price: 5_000n, source: "the card" });
    // The operator says that there is none: the card may not say otherwise.
    expect(ask(prices, "card", ["GB"])).toMatchObject({ kind: "none" });
  });

  test("of a file that has grown too old is none, says why, and is not replaced by the card", async () => {
    await write(file({ "emails.send": { email: "0.001" } }, "2026-01-01", { valid_days: 30 }));
    const prices = await open();
    const none = { kind: "none", why: expect.stringContaining("of 2026-01-01 and holds for 30 days") as string };
    expect(ask(prices, "file")).toEqual(none);
    expect(ask(prices, "card")).toEqual(none);
    expect(prices.doubts(NOW)).toEqual([expect.stringMatching(/acme\.json: The price is of 2026-01-01/)]);
  });

  test("of a built-in card that has grown too old is none", async () => {
    const prices = await open(null);
    const late = parseInstant("2027-12-01T00:00:00Z") ?? instant(0);
    const query = { operation: "emails.send", unit: "email", qualifiers: [] };
    expect(prices.price(vendor, "card", query, NOW).kind).toBe("price");
    expect(prices.price(vendor, "card", query, late)).toEqual({
      kind: "none",
      why: expect.stringContaining("holds for 366 days") as string,
    });
  });

  test("is none where there is neither file nor card", async () => {
    const query = { operation: "emails.send", unit: "email", qualifiers: [] };
    const bare = { ...vendor, rateCard: null };
    const prices = await openPrices(null, [bare]);
    expect(prices.price(bare, "file", query, NOW)).toEqual({ kind: "none", why: "There is no price file." });
    expect(prices.price(bare, "card", query, NOW)).toEqual({ kind: "none", why: "There is no built-in price." });
    expect(prices.cards()).toEqual([]);
  });
});

describe("a bad file stops the start, by its name and the place in it:", () => {
  test.each<[string, string, string, RegExp]>([
    ["what is not JSON", "acme.json", "{", /acme\.json: it is not JSON: /],
    ["a file of no vendor", "amce.json", file({}), /amce\.json: Keybrake knows no vendor.*: acme\.json\.$/],
    [
      "a price that is a number",
      "acme.json",
      file({ "emails.send": { email: 1 } }),
      /: prices\["emails\.send"\]\.email: /,
    ],
    [
      "a currency sign",
      "acme.json",
      file({ "emails.send": { email: { US: "$1" } } }),
      /\.email\.US: "\$1" is not a price/,
    ],
    ["no source", "acme.json", file({ "emails.send": { email: "1" } }, "2026-11-01", { source: "" }), /: source: /],
    ["a day that does not exist", "acme.json", file({ "emails.send": { email: "1" } }, "2026-02-30"), /: as_of: /],
    [
      "an operation that does not exist",
      "acme.json",
      file({ "emails.sent": { email: "1" } }),
      /: prices\["emails\.sent"\]: .* has no operation of this name/,
    ],
  ])("%s", async (_what, name, text, says) => {
    await write(text, name);
    expect(await problemsOf(open())).toEqual([expect.stringMatching(says)]);
  });

  test("a directory that is not there", async () => {
    expect(await problemsOf(open(join(directory, "none")))).toEqual([
      expect.stringMatching(/^KEYBRAKE_PRICES_DIR names .*none, which cannot be read \(ENOENT\)\.$/),
    ]);
  });

  test("and every mistake of every file is told at once; other files are nobody's", async () => {
    await write("{", "acme.json");
    await write("{}", "other.json");
    await write("{", "README.md");
    expect(await problemsOf(open())).toHaveLength(2);
  });
});

test("files are read again on request, and a bad one changes nothing", async () => {
  await write(file({ "emails.send": { email: "0.001" } }));
  const prices = await open();
  await write(file({ "emails.send": { email: "0.002" } }));
  expect(ask(prices, "file")).toMatchObject({ price: 1_000n });
  expect(await prices.reload()).toMatchObject({ ok: true });
  expect(ask(prices, "file")).toMatchObject({ price: 2_000n });
  await write(file({ "emails.send": { email: "free" } }));
  expect(await prices.reload()).toMatchObject({ ok: false, problems: [expect.stringContaining("acme.json")] });
  expect(ask(prices, "file")).toMatchObject({ price: 2_000n });
  await rm(join(directory, "acme.json"));
  await prices.reload();
  expect(ask(prices, "file")).toMatchObject({ kind: "none" });
  expect(prices.cards().map((each) => each.from)).toEqual(["card"]);
});

test("the file that the documentation shows is one, and prices what it says", async () => {
  const docs = await readFile(new URL("../../../docs/prices.md", import.meta.url), "utf8");
  const [, name = "", example = ""] = /^`(\w+\.json)`:\n\n```json\n([\s\S]*?)^```$/m.exec(docs) ?? [];
  await write(example, name);
  const prices = await openPrices(directory, vendors);
  const [shown] = vendors.filter(({ id }) => `${id}.json` === name);
  if (shown === undefined) throw new Error(`no vendor has the file ${name}`);
  const ask = (qualifiers: readonly string[]): unknown =>
    prices.price(shown, "file", { operation: "calls.create", unit: "minute", qualifiers }, NOW);
  expect(ask(["19075551234", "US"])).toMatchObject({ price: 90_000n });
  expect(ask(["14155551234", "US"])).toMatchObject({ price: 14_000n });
  expect(ask(["443123456789", "GB"])).toMatchObject({ kind: "none" });
});

test("every unit that a built-in card prices is in the documentation", async () => {
  const docs = await readFile(new URL("../../../docs/prices.md", import.meta.url), "utf8");
  const table = docs.slice(docs.indexOf("### Units"), docs.indexOf("## Exchange rates"));
  for (const { rateCard } of vendors)
    for (const [operation, units] of rateCard?.operations ?? [])
      for (const each of [operation, ...units.keys()]) expect(table).toContain(`\`${each}\``);
});
