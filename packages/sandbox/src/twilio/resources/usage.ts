// Usage records: what has been billed, by category and by day (UTC), with positive prices and lower-case currency, as Twilio
// writes them. Nothing stands here before it is priced.

import type { JsonObject } from "../../shared/json.ts";
import { dollars, page } from "../reply.ts";
import type { Usage } from "../truth.ts";
import type { Ask, Handler } from "../world.ts";

const DAY_MS = 86_400_000;
const TOTAL = "totalprice";

interface Row {
  /** Pages need one; nobody sees it. */
  readonly sid: string;
  readonly category: string;
  readonly usage: Usage;
  readonly start: string;
  readonly end: string;
}

type Span = { readonly start: string; readonly end: string };

const records =
  (span: (today: number) => Span | null, group: (day: string) => string | null): Handler =>
  (ask) => {
    const { params, world } = ask;
    const today = span(world.now()) ?? { start: "0000-01-01", end: "9999-12-31" };
    const start = params.text("StartDate") ?? today.start;
    const end = params.text("EndDate") ?? today.end;
    const category = params.text("Category");
    const rows = rowsOf(ask, { start, end }, group).filter(
      (row) => category === undefined || row.category === category,
    );
    return page(ask, "usage_records", rows, (row) => write(ask, row));
  };

function rowsOf({ world, account }: Ask, span: Span, group: (day: string) => string | null): Row[] {
  const groups = new Map<string, Map<string, Usage>>();
  const spans = new Map<string, Span>();
  for (const [day, categories] of [...world.truth.usageOf(account.sid)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (day < span.start || day > span.end) continue;
    const name = group(day) ?? "";
    const sums = groups.get(name) ?? new Map<string, Usage>();
    groups.set(name, sums);
    spans.set(name, { start: spans.get(name)?.start ?? day, end: day });
    for (const [category, usage] of categories) {
      sums.set(category, plus(sums.get(category), usage));
      sums.set(TOTAL, plus(sums.get(TOTAL), { ...usage, units: 0 }));
    }
  }
  const rows: Row[] = [];
  for (const [name, sums] of [...groups].reverse()) {
    const days = spans.get(name) ?? span;
    for (const [category, usage] of sums) rows.push({ sid: `${name}${category}`, category, usage, ...days });
  }
  return rows;
}

function plus(a: Usage = { count: 0, units: 0, microUsd: 0n }, b: Usage): Usage {
  return { count: a.count + b.count, units: a.units + b.units, microUsd: a.microUsd + b.microUsd };
}

function write({ account, world }: Ask, { category, usage, start, end }: Row): JsonObject {
  const total = category === TOTAL;
  return {
    account_sid: account.sid,
    api_version: "2010-04-01",
    as_of: new Date(world.now()).toISOString().replace(/\.\d+Z$/, "+00:00"),
    category,
    count: total ? null : String(usage.count),
    count_unit: "",
    description: category,
    end_date: end,
    price: dollars(usage.microUsd, 0),
    price_unit: "usd",
    start_date: start,
    subresource_uris: {},
    uri: `/2010-04-01/Accounts/${account.sid}/Usage/Records?Category=${category}&StartDate=${start}&EndDate=${end}`,
    usage: total ? dollars(usage.microUsd, 0) : String(usage.units),
    usage_unit: total ? "usd" : "",
  };
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
const everything = (): null => null;
const oneDay =
  (back: number) =>
  (now: number): Span => ({ start: dayOf(now - back * DAY_MS), end: dayOf(now - back * DAY_MS) });
const month = (now: number): Span => ({ start: `${dayOf(now).slice(0, 7)}-01`, end: dayOf(now) });
const together = (): null => null;

export const usage: Readonly<Record<string, Handler>> = {
  "GET api Usage/Records": records(everything, together),
  "GET api Usage/Records/AllTime": records(everything, together),
  "GET api Usage/Records/Today": records(oneDay(0), together),
  "GET api Usage/Records/Yesterday": records(oneDay(1), together),
  "GET api Usage/Records/ThisMonth": records(month, together),
  "GET api Usage/Records/Daily": records(everything, (day) => day),
  "GET api Usage/Records/Monthly": records(everything, (day) => day.slice(0, 7)),
};
