import { convertToUsd, instant, parseEcbCsv, parseInstant, type Instant } from "@keybrake/core";
import { describe, expect, test } from "vitest";
import { implausible, isBehind, parseEcbXml, withDays, type FeedDay } from "./ecb-xml.ts";

const NOW = at("2026-11-25T12:00:00Z");

function at(text: string): Instant {
  const read = parseInstant(text);
  if (read === null) throw new Error(`no time: ${text}`);
  return read;
}

/** As the bank writes it: https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml (2024-06-28, shortened). */
const DAILY = `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
\t<gesmes:subject>Reference rates</gesmes:subject>
\t<gesmes:Sender>
\t\t<gesmes:name>European Central Bank</gesmes:name>
\t</gesmes:Sender>
\t<Cube>
\t\t<Cube time='2024-06-28'>
\t\t\t<Cube currency='USD' rate='1.0705'/>
\t\t\t<Cube currency='JPY' rate='171.94'/>
\t\t</Cube>
\t</Cube>
</gesmes:Envelope>`;

function xml(...days: readonly string[]): string {
  const envelope = '<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="x">';
  return `<?xml version="1.0" encoding="UTF-8"?>${envelope}<Cube>${days.join("")}</Cube></gesmes:Envelope>`;
}

function day(date: string, rates: string = '<Cube currency="USD" rate="1.1"/>'): string {
  return `<Cube time="${date}">${rates}</Cube>`;
}

function days(text: string): readonly FeedDay[] {
  const read = parseEcbXml(text, NOW);
  if (read.kind === "unreadable") throw new Error(read.why);
  return read.days;
}

describe("the ECB's XML", () => {
  test("of one day is read as the bank writes it", () => {
    expect(days(DAILY)).toEqual([
      {
        date: "2024-06-28",
        perEuro: new Map([
          ["USD", "1.0705"],
          ["JPY", "171.94"],
        ]),
      },
    ]);
  });

  test("of several days comes newest first; a currency whose decimals nobody here knows is left out", () => {
    const read = days(
      xml(day("2026-11-23"), day("2026-11-24", '<Cube currency="USD" rate="1.2"/><Cube currency="XTS" rate="5"/>')),
    );
    expect(read.map((each) => each.date)).toEqual(["2026-11-24", "2026-11-23"]);
    expect([...(read[0]?.perEuro.keys() ?? [])]).toEqual(["USD"]);
  });

  test.each<[string, string, RegExp]>([
    ["nothing", "", /too early/],
    ["a page of HTML", "<html><body>Sorry</body></html>", /does not belong there/],
    ["one that is cut", DAILY.slice(0, -20), /too early|does not belong/],
    ["one without days", xml(), /no day/],
    ["a day twice", xml(day("2026-11-24"), day("2026-11-24")), /twice/],
    ["a day that does not exist", xml(day("2026-02-30")), /not a day/],
    ["a day that has not come", xml(day("2026-11-27")), /not a day that has come/],
    ["a day without dollars", xml(day("2026-11-24", '<Cube currency="JPY" rate="170"/>')), /no rate for USD/],
    ["a currency twice", xml(day("2026-11-24", '<Cube currency="USD" rate="1"/>'.repeat(2))), /twice on one day/],
    ["a rate of zero", xml(day("2026-11-24", '<Cube currency="USD" rate="0.000"/>')), /zero/],
    ["a rate below zero", xml(day("2026-11-24", '<Cube currency="USD" rate="-1.1"/>')), /does not belong there/],
    ["a rate with an exponent", xml(day("2026-11-24", '<Cube currency="USD" rate="1e9"/>')), /does not belong there/],
    ["a rate with a comma", xml(day("2026-11-24", '<Cube currency="USD" rate="1,1"/>')), /does not belong there/],
    ["a document type", DAILY.replace("<gesmes:Env", '<!DOCTYPE x [<!ENTITY a "b">]><gesmes:Env'), /does not belong/],
    ["something behind its end", `${DAILY}<Cube>`, /does not belong there/],
  ])("%s is refused", (_what, text, why) => {
    expect(parseEcbXml(text, NOW)).toEqual({ kind: "unreadable", why: expect.stringMatching(why) as string });
  });
});

describe("a history with more days", () => {
  const CSV = "Date,USD,JPY,\n2026-11-20,1.1,170,\n2026-11-19,1.1,171,\n";

  test("is read again with the newest day in use, and keeps a year", () => {
    const text = xml(
      day("2026-11-23", '<Cube currency="USD" rate="1.2"/><Cube currency="GBP" rate="0.8"/>'),
      day("2026-11-20", '<Cube currency="USD" rate="1.15"/><Cube currency="JPY" rate="172"/>'),
    );
    const csv = withDays(`${CSV}2025-11-01,1.1,160\n`, days(text));
    expect(csv).toBe("Date,USD,JPY,GBP\n2026-11-23,1.2,N/A,0.8\n2026-11-20,1.15,172,N/A\n2026-11-19,1.1,171,N/A\n");
    const table = parseEcbCsv(csv);
    expect(table.asOf).toBe("2026-11-23");
    // 100 / 0.8 * 1.2
    expect(convertToUsd(table, { minor: 10_000n, currency: "gbp" }, at("2026-11-23T00:00:00Z"))).toMatchObject({
      referenceMicroUsd: 150_000_000n,
    });
    // What the newest day does not have is not priced by an older one.
    expect(convertToUsd(table, { minor: 100n, currency: "jpy" }, NOW).kind).toBe("unpriced");
  });
});

describe("a new table that follows on the one in use", () => {
  const table = (rows: string): ReturnType<typeof parseEcbCsv> => parseEcbCsv(`Date,USD,JPY,GBP,CHF\n${rows}`);
  const before = table("2026-11-20,1.1,170,0.8,0.9\n2026-11-19,1.1,170,0.8,0.9\n");

  test.each<[string, string, RegExp | null]>([
    ["with small moves may", "2026-11-23,1.12,168,0.81,0.9\n2026-11-20,1.1,170,0.8,0.9\n", null],
    ["with a currency that doubles may not", "2026-11-23,1.1,85,0.8,0.9\n2026-11-20,1.1,170,0.8,0.9\n", /^jpy would/],
    ["with one that halves may not", "2026-11-23,1.1,340,0.8,0.9\n2026-11-20,1.1,170,0.8,0.9\n", /^jpy would/],
    ["in another unit may not", "2026-11-23,110,170,0.8,0.9\n2026-11-20,1.1,170,0.8,0.9\n", /would have moved/],
    ["without one currency may", "2026-11-23,1.1,170,0.8,N/A\n2026-11-20,1.1,170,0.8,0.9\n", null],
    ["without most may not", "2026-11-23,1.1,N/A,N/A,N/A\n2026-11-20,1.1,170,0.8,0.9\n", /^Only 1 of the 4/],
    ["with an older day that is off may not", "2026-11-23,1.1,170,0.8,0.9\n2026-11-20,1.1,300,0.8,0.9\n", /^Between/],
  ])("%s", (_what, rows, why) => {
    const said = implausible(before, table(rows));
    if (why === null) expect(said).toBeNull();
    else expect(said).toMatch(why);
  });
});

test.each([
  // A Wednesday: its rates come at 16:00 in Frankfurt.
  ["on the day before, in the morning, is new enough", "2026-11-24", "2026-11-25T09:00:00Z", false],
  ["on the day before, in the evening, is behind", "2026-11-24", "2026-11-25T17:00:00Z", true],
  ["of Friday, on Sunday, is new enough", "2026-11-20", "2026-11-22T23:00:00Z", false],
  ["of Friday, on Monday morning, is new enough", "2026-11-20", "2026-11-23T09:00:00Z", false],
  ["of Thursday, on Saturday, is behind", "2026-11-19", "2026-11-21T09:00:00Z", true],
  ["of last month is behind", "2026-10-30", "2026-11-25T09:00:00Z", true],
])("a table %s", (_what, asOf, now, expected) => {
  expect(isBehind(asOf, instant(at(now)))).toBe(expected);
});
