/** The feed of exchange rates, against a server of the test's own. What is used, what is refused, what survives a restart. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertToUsd, DAY_MS, parseInstant, type Instant } from "@keybrake/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openRates, RATES_CACHE_FILE, type Rates, type RatesEvent, type RatesSettings } from "./rates-feed.ts";

/** The table that came along: its newest day, and what a euro was then. */
const CSV = readFileSync(new URL("../../vendors/data/ecb-eurofxref-1y.csv", import.meta.url), "utf8");
const [HEAD = [], NEWEST = []] = CSV.split("\n").map((line) => line.trim().split(","));
const OWN_DAY = NEWEST[0] ?? "";
const OWN_EURO = BigInt(Math.round(Number(NEWEST[HEAD.indexOf("USD")]) * 1_000_000));
const [NEXT_DAY, TODAY, DAY_TO_COME] = [dayAfter(25), dayAfter(26), dayAfter(60)];
const NOW = momentOf(`${TODAY}T18:00:00Z`);
const LATE = momentOf(`${dayAfter(77)}T00:00:00Z`);

/** So many days after the newest of the table that came along. */
function dayAfter(days: number): string {
  return new Date(Date.parse(OWN_DAY) + days * DAY_MS).toISOString().slice(0, 10);
}

function momentOf(text: string): Instant {
  const at = parseInstant(text);
  if (at === null) throw new Error(`no time: ${text}`);
  return at;
}

let directory: string;
let answer: (response: ServerResponse, path: string) => void;
let url: string;
let asked: string[];
let events: RatesEvent[];
const closing: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "keybrake-rates-"));
  asked = [];
  events = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    answer(response, request.url ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed.xml`;
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await rm(directory, { recursive: true, force: true });
});

async function open(more: Partial<RatesSettings> = {}): Promise<Rates> {
  const rates = await openRates({
    file: null,
    feed: url,
    dataDirectory: directory,
    now: () => NOW,
    log: (event) => events.push(event),
    ...more,
  });
  closing.push(() => rates.close());
  return rates;
}

/** Every currency of the table that came along, from its newest day, with another dollar. */
function feedOf(date: string, dollars: string, change: (row: string[]) => void = () => {}): string {
  const row = [...NEWEST];
  row[HEAD.indexOf("USD")] = dollars;
  change(row);
  const rates = HEAD.slice(1).map((code, index) => `<Cube currency="${code}" rate="${row[index + 1]}"/>`);
  return (
    '<?xml version="1.0" encoding="UTF-8"?><gesmes:Envelope xmlns:gesmes="a"><gesmes:subject>Reference rates</gesmes:subject>' +
    `<Cube><Cube time="${date}">${rates.join("")}</Cube></Cube></gesmes:Envelope>`
  );
}

function answersWith(text: string, status = 200, headers: Readonly<Record<string, string>> = {}): void {
  answer = (response) => response.writeHead(status, headers).end(text);
}

function euros(rates: Rates): bigint | string {
  const euro = convertToUsd(rates.table(), { minor: 100n, currency: "eur" }, NOW);
  return euro.kind === "converted" ? euro.referenceMicroUsd : euro.why;
}

describe("the feed", () => {
  test("replaces the table that came along, keeps its history, and is kept for the next start", async () => {
    answersWith(feedOf(NEXT_DAY, "1.15"));
    const rates = await open();
    expect([rates.table().asOf, rates.from()]).toEqual([OWN_DAY, "built_in"]);
    const rowsBefore = rates.table().marginPpmByAgeDays.length;
    expect(await rates.refresh()).toEqual({ kind: "updated" });
    expect([rates.table().asOf, rates.from(), rates.fetchedAt()]).toEqual([NEXT_DAY, "feed", NOW]);
    expect(euros(rates)).toBe(1_150_000n);
    expect(rates.table().marginPpmByAgeDays).toHaveLength(rowsBefore);
    expect(events.map((each) => [each.level, each.event])).toEqual([["info", "rates_updated"]]);

    answersWith("gone", 503);
    const again = await open();
    expect([again.table().asOf, again.from(), again.fetchedAt()]).toEqual([NEXT_DAY, "feed", null]);
    expect(euros(again)).toBe(1_150_000n);
    expect(readdirSync(directory)).toEqual([RATES_CACHE_FILE]);
  });

  test("is asked at the start when the table is behind, and not when it is not", async () => {
    answersWith(feedOf(TODAY, "1.15"));
    const rates = await open();
    rates.start();
    await expect.poll(() => rates.table().asOf).toBe(TODAY);
    const again = await open();
    again.start();
    await again.close();
    expect(asked).toHaveLength(1);
  });

  test("with nothing newer changes nothing", async () => {
    answersWith(feedOf(OWN_DAY, "1.15"));
    const rates = await open();
    expect(await rates.refresh()).toEqual({ kind: "unchanged" });
    expect(euros(rates)).toBe(OWN_EURO);
    expect(existsSync(join(directory, RATES_CACHE_FILE))).toBe(false);
  });

  test("two questions at once are one", async () => {
    answersWith(feedOf(NEXT_DAY, "1.15"));
    const rates = await open();
    expect(await Promise.all([rates.refresh(), rates.refresh()])).toEqual([{ kind: "updated" }, { kind: "updated" }]);
    expect(asked).toHaveLength(1);
  });

  test("is off beside the operator's own file, and when it is off", async () => {
    answersWith(feedOf(NEXT_DAY, "1.15"));
    const file = join(directory, "own.csv");
    await writeFile(file, "Date,USD,JPY\n2026-11-20,1.2,170\n2026-11-19,1.2,170\n");
    await writeFile(join(directory, RATES_CACHE_FILE), `Date,USD\n${NEXT_DAY},1.3\n${OWN_DAY},1.3\n`);
    for (const [settings, day] of [
      [{ file }, "2026-11-20"],
      [{ feed: null }, OWN_DAY],
    ] as const) {
      const rates = await open(settings);
      rates.start();
      expect(await rates.refresh()).toEqual({ kind: "off" });
      expect(rates.table().asOf).toBe(day);
    }
    expect(asked).toEqual([]);
  });
});

describe("a feed that cannot be believed leaves the old rates in use, says so, and stops nothing:", () => {
  const cases: readonly (readonly [what: string, prepare: () => void, why: RegExp])[] = [
    ["an error", () => answersWith("no", 500), /answers 500/],
    ["a page of HTML", () => answersWith("<html></html>"), /not the ECB's XML/],
    ["what is no text", () => void (answer = (response) => response.end(Buffer.from([0xff, 0xfe, 0xff]))), /./],
    [
      "an answer without end",
      () => void (answer = (response) => response.end(" ".repeat(1_000_001))),
      /longer than 1000000 bytes/,
    ],
    ["a redirect to plain http", () => answersWith("", 302, { location: "/elsewhere" }), /not https/],
    ["a redirect to nowhere", () => answersWith("", 302, { location: "http://[" }), /no address/],
    [
      "a currency at twice its rate",
      () => answersWith(feedOf(NEXT_DAY, "1.15", (row) => (row[HEAD.indexOf("JPY")] = "87"))),
      /jpy would have moved by more than 25 %.*KEYBRAKE_RATES_FILE/,
    ],
    ["a dollar in cents", () => answersWith(feedOf(NEXT_DAY, "115")), /would have moved/],
    ["a day to come", () => answersWith(feedOf(DAY_TO_COME, "1.15")), /not a day that has come/],
    ["a connection that breaks", () => void (answer = (response) => response.destroy()), /./],
  ];

  test.each(cases)("%s", async (_what, prepare, why) => {
    prepare();
    const rates = await open();
    expect(await rates.refresh()).toEqual({ kind: "failed", why: expect.stringMatching(why) as string });
    expect([rates.table().asOf, euros(rates)]).toEqual([OWN_DAY, OWN_EURO]);
    expect(events.map((each) => [each.level, each.event])).toEqual([["warn", "rates_feed_failed"]]);
    expect(events[0]?.message).toContain(`those of ${OWN_DAY} stay in use`);
    expect(existsSync(join(directory, RATES_CACHE_FILE))).toBe(false);
  });

  test("and when it goes on failing, the rates grow too old and money in that currency is refused", async () => {
    answersWith("no", 500);
    const rates = await open();
    await rates.refresh();
    expect(convertToUsd(rates.table(), { minor: 100n, currency: "eur" }, LATE)).toEqual({
      kind: "unpriced",
      why: expect.stringContaining("more than 60 days old") as string,
    });
    expect(convertToUsd(rates.table(), { minor: 100n, currency: "usd" }, LATE).kind).toBe("converted");
  });

  test("a question that is on its way does not hold up a stop", async () => {
    const reached = new Promise<void>((resolve) => (answer = () => resolve()));
    const rates = await open();
    rates.start();
    await reached;
    await rates.close();
    expect(events).toEqual([]);
    expect(rates.table().asOf).toBe(OWN_DAY);
  });
});

describe("the rates that were kept", () => {
  test("are not used when they are damaged, and are replaced", async () => {
    await writeFile(join(directory, RATES_CACHE_FILE), `Date,USD\n${NEXT_DAY},zero\n`);
    answersWith(feedOf(NEXT_DAY, "1.15"));
    const rates = await open();
    expect(rates.table().asOf).toBe(OWN_DAY);
    expect(events).toMatchObject([{ level: "warn", event: "rates_cache_unusable" }]);
    await rates.refresh();
    expect((await open()).table().asOf).toBe(NEXT_DAY);
  });

  test("give way to a newer table that came along", async () => {
    await writeFile(join(directory, RATES_CACHE_FILE), `Date,USD\n${dayAfter(-29)},1.3\n${dayAfter(-30)},1.3\n`);
    expect((await open()).table().asOf).toBe(OWN_DAY);
  });

  test("need no place to be kept: without one the feed works all the same", async () => {
    answersWith(feedOf(NEXT_DAY, "1.15"));
    const rates = await open({ dataDirectory: join(directory, "nowhere") });
    expect(await rates.refresh()).toEqual({ kind: "updated" });
    expect(events.map((each) => each.event)).toEqual(["rates_updated", "rates_not_kept"]);
  });
});
