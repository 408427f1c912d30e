/**
 * The European Central Bank's XML of euro reference rates, read strictly, and how its days go into the history that the table is made
 * of. From values to values: asks nobody, reads no clock and no file. What is not exactly in the known form is refused with a sentence.
 *
 *   <gesmes:Envelope ...> ... <Cube><Cube time='2026-11-24'><Cube currency='USD' rate='1.1172'/> ... </Cube> ... </Cube></gesmes:Envelope>
 *
 * https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates: one day (eurofxref-daily.xml) or the last
 * 90 (eurofxref-hist-90d.xml) in one form, the one with single and the other with double quotes.
 */
import { DAY_MS, HOUR_MS, instant, minorUnitDigits, parseInstant, type Instant, type RateTable } from "@keybrake/core";

/** Units of each currency for one euro, as text, by upper-case code. */
export interface FeedDay {
  /** `2026-11-24` */
  readonly date: string;
  readonly perEuro: ReadonlyMap<string, string>;
}

export type FeedRead =
  /** Newest first. */
  | { readonly kind: "days"; readonly days: readonly FeedDay[] }
  /** `why` completes "the answer is not the ECB's XML: ". */
  | { readonly kind: "unreadable"; readonly why: string };

/** Whole history since 1999 has some 7,000; a feed is asked for the last weeks. */
const DAYS_MAX = 400;

const ENVELOPE = /^<gesmes:Envelope(?:\s+[\w:]+=(?:"[^"<>]*"|'[^'<>]*'))*\s*>$/;
const DAY = /^<Cube\s+time=(["'])(\d{4}-\d{2}-\d{2})\1\s*>$/;
const RATE = /^<Cube\s+currency=(["'])([A-Z]{3})\1\s+rate=(["'])(\d{1,9}(?:\.\d{1,9})?)\3\s*\/>$/;
/** What stands between the envelope and the rates, and says who sends it. */
const SENDER = /^<\/?gesmes:(?:subject|Sender|name)>$/;

/** One document, or why it is not one. Days after tomorrow are refused: a date that far is a mistake of one of the two clocks. */
export function parseEcbXml(text: string, now: Instant): FeedRead {
  const pieces = text.replace(/^\uFEFF?\s*<\?xml[^<>]*\?>/, "").match(/<[^<>]*>|[^<>]+|[<>]/g) ?? [];
  const days = new Map<string, Map<string, string>>();
  let rates: Map<string, string> | null = null;
  let depth: "outside" | "envelope" | "cube" | "day" | "ended" = "outside";
  for (const piece of pieces) {
    if (piece.trim() === "") continue;
    const day = DAY.exec(piece);
    const rate = RATE.exec(piece);
    if (depth === "outside" && ENVELOPE.test(piece)) depth = "envelope";
    else if (depth === "envelope" && (SENDER.test(piece) || !piece.startsWith("<"))) continue;
    else if (depth === "envelope" && piece === "<Cube>") depth = "cube";
    else if (depth === "envelope" && piece === "</gesmes:Envelope>") depth = "ended";
    else if (depth === "cube" && piece === "</Cube>") depth = "envelope";
    else if (depth === "cube" && day !== null) {
      const date = day[2] ?? "";
      const at = parseInstant(`${date}T00:00:00Z`);
      if (at === null || at - now > DAY_MS) return unreadable(`${date} is not a day that has come`);
      if (days.has(date)) return unreadable(`it has ${date} twice`);
      if (days.size === DAYS_MAX) return unreadable(`it has more than ${DAYS_MAX} days`);
      days.set(date, (rates = new Map()));
      depth = "day";
    } else if (depth === "day" && piece === "</Cube>") depth = "cube";
    else if (depth === "day" && rate !== null && rates !== null) {
      const [, , currency = "", , value = ""] = rate;
      if (rates.has(currency)) return unreadable(`it has ${currency} twice on one day`);
      if (/^[0.]+$/.test(value)) return unreadable(`its rate for ${currency} is zero`);
      // One that nobody can count the decimals of is never priced, so it is not kept either.
      if (currency !== "EUR" && minorUnitDigits(currency.toLowerCase()) !== undefined) rates.set(currency, value);
    } else return unreadable(`${JSON.stringify(piece.slice(0, 60))} does not belong there`);
  }
  if (depth !== "ended") return unreadable("it ends too early");
  if (days.size === 0) return unreadable("there is no day in it");
  for (const [date, perEuro] of days) if (!perEuro.has("USD")) return unreadable(`${date} has no rate for USD`);
  return {
    kind: "days",
    days: [...days].map(([date, perEuro]) => ({ date, perEuro })).sort((a, b) => (a.date < b.date ? 1 : -1)),
  };
}

function unreadable(why: string): FeedRead {
  return { kind: "unreadable", why };
}

// ------------------------------------------------------------------------------------------------------------- history

/** The margins are those of one year. */
const HISTORY_DAYS = 366;

/**
 * A history with more days in it, in the form of the ECB's CSV that `parseEcbCsv` reads: newest first, at most a year. A day that is
 * in both is taken from the feed. A gap between two days stays: the move over it counts as that of one day, which errs upwards.
 */
export function withDays(csv: string, days: readonly FeedDay[]): string {
  const [head = "", ...lines] = csv.split(/\r?\n/).filter((line) => line !== "");
  const codes = cellsOf(head).slice(1);
  const rows = new Map<string, ReadonlyMap<string, string>>();
  for (const line of lines) {
    const [date = "", ...values] = cellsOf(line);
    rows.set(date, new Map(codes.map((code, index) => [code, values[index] ?? ""])));
  }
  for (const { date, perEuro } of days) rows.set(date, perEuro);
  const all = [...new Set([...codes, ...days.flatMap(({ perEuro }) => [...perEuro.keys()])])];
  const dates = [...rows.keys()].sort().reverse();
  const newest = parseInstant(`${dates[0] ?? ""}T00:00:00Z`);
  const oldest = newest === null ? "" : dayOf(instant(newest - HISTORY_DAYS * DAY_MS));
  return [
    ["Date", ...all].join(","),
    ...dates
      .filter((date) => date >= oldest)
      .map((date) => [date, ...all.map((code) => rows.get(date)?.get(code) || "N/A")].join(",")),
    "",
  ].join("\n");
}

function cellsOf(line: string): string[] {
  return line
    .replace(/,\s*$/, "")
    .split(",")
    .map((cell) => cell.trim());
}

function dayOf(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10);
}

// -------------------------------------------------------------------------------------------------------- plausibility

/** No currency of the ECB's list has moved as far between two tables; whoever it happens to hands over a file and says so. */
const MOVE_PPM_MAX = 250_000;

/** A sentence when a new table must not follow on the one in use; null when it may. */
export function implausible(before: RateTable, after: RateTable): string | null {
  const known = [...before.rates.keys()];
  const kept = known.filter((currency) => after.rates.has(currency));
  if (kept.length * 2 < known.length)
    return `Only ${kept.length} of the ${known.length} currencies of ${before.asOf} are left on ${after.asOf}.`;
  for (const currency of kept) {
    const [from, to] = [before.rates.get(currency), after.rates.get(currency)];
    if (from === undefined || to === undefined) continue;
    const was = from.numerator * to.denominator;
    const is = to.numerator * from.denominator;
    if ((was > is ? was - is : is - was) * 1_000_000n > was * BigInt(MOVE_PPM_MAX))
      return `${currency} would have moved by more than ${MOVE_PPM_MAX / 10_000} % against the dollar between ${before.asOf} and ${after.asOf}.`;
  }
  const [jumpBefore, jumpAfter] = [before, after].map(({ marginPpmByAgeDays }) => marginPpmByAgeDays[1] ?? 0);
  if ((jumpAfter ?? 0) > Math.max(MOVE_PPM_MAX, jumpBefore ?? 0))
    return `Between two of its days a currency moves by more than ${MOVE_PPM_MAX / 10_000} % against the dollar.`;
  return null;
}

// --------------------------------------------------------------------------------------------------------- punctuality

/** "Usually updated around 16:00 CET on every working day" (the page above): 15:00 UTC in winter, with an hour to be late. */
const PUBLISHED_UTC_MS: number = 16 * HOUR_MS;

/** Whether newer rates than those of `asOf` must be there by now. Bank holidays are taken for working days: one more question. */
export function isBehind(asOf: string, now: Instant): boolean {
  let day = instant(now - PUBLISHED_UTC_MS);
  while ([0, 6].includes(new Date(day).getUTCDay())) day = instant(day - DAY_MS);
  return asOf < dayOf(day);
}
