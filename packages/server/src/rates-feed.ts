/**
 * Exchange rates in use: the operator's file, which nothing replaces, else the newest of the table that came along, the one kept in
 * the data directory and what the ECB publishes. Asked at the start and every six hours, in the background. A feed that fails
 * or says something unlikely changes nothing: the table in use grows older, until its age limit refuses (`currency_unpriced`).
 */
import { randomBytes } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Fault, HOUR_MS, instant, parseEcbCsv, type Instant, type RateTable } from "@keybrake/core";
import { implausible, isBehind, parseEcbXml, withDays } from "./ecb-xml.ts";

/** One question brings both the newest day and the weeks that a server has missed; some 100 KB, less than twice a working day. */
export const ECB_FEED_URL = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist-90d.xml";
export const RATES_CACHE_FILE = "rates-cache.csv";

const ASK_EVERY_MS: number = 6 * HOUR_MS;
/** For the whole answer. Shorter than what the client of a refresh waits. */
const ANSWER_MS_MAX = 20_000;
/** Ten times what the ECB sends. */
const ANSWER_BYTES_MAX = 1_000_000;
const REDIRECTS_MAX = 3;

export interface RatesSettings {
  /** Absolute path of a CSV; then no feed is asked. */
  readonly file: string | null;
  /** Null: no feed. */
  readonly feed: string | null;
  readonly dataDirectory: string;
  readonly now: () => number;
  readonly log: (event: RatesEvent) => void;
}

/** Flat, for the log. */
export interface RatesEvent {
  readonly level: "info" | "warn";
  readonly event: "rates_updated" | "rates_unchanged" | "rates_feed_failed" | "rates_cache_unusable" | "rates_not_kept";
  readonly message: string;
}

type FeedOutcome =
  | { readonly kind: "off" | "updated" | "unchanged" }
  /** Why, as a sentence. */
  | { readonly kind: "failed"; readonly why: string };

export interface Rates {
  table(): RateTable;
  readonly from: () => "file" | "feed" | "built_in";
  /** When the feed was last read, also when it had nothing newer; null: not since the start. */
  fetchedAt(): Instant | null;
  /** Asks the feed now. Never rejects; two at once are one. */
  refresh(): Promise<FeedOutcome>;
  /** From now on asks by itself. */
  start(): void;
  /** Asks no more, and gives up the question that is on its way. */
  close(): Promise<void>;
}

interface Held {
  readonly csv: string;
  readonly table: RateTable;
  readonly from: "file" | "feed" | "built_in";
}

/** Throws a `Fault` when the operator's file cannot be read: without it, somebody would believe in rates that are not used. */
export async function openRates(settings: RatesSettings): Promise<Rates> {
  const { feed, dataDirectory, now, log } = settings;
  const url = settings.file === null ? feed : null;
  let held = await firstTable(settings);
  let fetchedAt: Instant | null = null;
  let asking: Promise<FeedOutcome> | null = null;
  let timer: NodeJS.Timeout | null = null;
  const closing = new AbortController();

  async function ask(address: string): Promise<FeedOutcome> {
    try {
      const text = await fetched(address, closing.signal);
      const read = parseEcbXml(text, instant(now()));
      if (read.kind === "unreadable") return failed(`The answer is not the ECB's XML: ${read.why}.`);
      fetchedAt = instant(now());
      if ((read.days[0]?.date ?? "") <= held.table.asOf) {
        log({
          level: "info",
          event: "rates_unchanged",
          message: `${address} has nothing newer than ${held.table.asOf}.`,
        });
        return { kind: "unchanged" };
      }
      const csv = withDays(held.csv, read.days);
      const table = parseEcbCsv(csv);
      const doubt = implausible(held.table, table);
      if (doubt !== null)
        return failed(`${doubt} If that is right, download the ECB's CSV and name it in KEYBRAKE_RATES_FILE.`);
      held = { csv, table, from: "feed" };
      log({ level: "info", event: "rates_updated", message: `Exchange rates are now those of ${table.asOf}.` });
      await keep(csv);
      return { kind: "updated" };
    } catch (problem) {
      return failed(sentenceOf(problem));
    }
  }

  function failed(why: string): FeedOutcome {
    if (!closing.signal.aborted) {
      const message = `No exchange rates from the feed, those of ${held.table.asOf} stay in use. ${why}`;
      log({ level: "warn", event: "rates_feed_failed", message });
    }
    return { kind: "failed", why };
  }

  async function keep(csv: string): Promise<void> {
    try {
      await writeWhole(join(dataDirectory, RATES_CACHE_FILE), csv);
    } catch (problem) {
      const message = `${RATES_CACHE_FILE} cannot be written, so the next start asks again. ${sentenceOf(problem)}`;
      log({ level: "warn", event: "rates_not_kept", message });
    }
  }

  async function refresh(): Promise<FeedOutcome> {
    if (url === null || closing.signal.aborted) return { kind: "off" };
    asking ??= ask(url).finally(() => (asking = null));
    return asking;
  }

  const askWhenBehind = (): void => {
    if (isBehind(held.table.asOf, instant(now()))) void refresh();
  };

  return {
    table: () => held.table,
    from: () => held.from,
    fetchedAt: () => fetchedAt,
    refresh,
    start() {
      if (url === null || timer !== null) return;
      timer = setInterval(askWhenBehind, ASK_EVERY_MS).unref();
      askWhenBehind();
    },
    async close() {
      if (timer !== null) clearInterval(timer);
      closing.abort();
      await asking;
    },
  };
}

// ----------------------------------------------------------------------------------------------------- what is at hand

async function firstTable({ file, feed, dataDirectory, log }: RatesSettings): Promise<Held> {
  if (file !== null) return { ...(await operatorsTable(file)), from: "file" };
  const csv = await readFile(ownRatesFile(), "utf8");
  const own: Held = { csv, table: parseEcbCsv(csv), from: "built_in" };
  if (feed === null) return own;
  const path = join(dataDirectory, RATES_CACHE_FILE);
  let kept: string;
  try {
    kept = await readFile(path, "utf8");
  } catch {
    return own; // the first start, or nothing fetched yet
  }
  try {
    const table = parseEcbCsv(kept);
    return table.asOf > own.table.asOf ? { csv: kept, table, from: "feed" } : own;
  } catch (problem) {
    const message = `${path} cannot be read and is not used; the feed will replace it. ${noteOf(problem)}`;
    log({ level: "warn", event: "rates_cache_unusable", message });
    return own;
  }
}

async function operatorsTable(file: string): Promise<Pick<Held, "csv" | "table">> {
  try {
    const csv = await readFile(file, "utf8");
    return { csv, table: parseEcbCsv(csv) };
  } catch (problem) {
    if (problem instanceof Fault) throw problem;
    throw new Fault("rates_unreadable", `KEYBRAKE_RATES_FILE names ${file}, which cannot be read.`, { cause: problem });
  }
}

/** Beside the bundle when packed, in the vendors package when run from the sources. */
function ownRatesFile(): URL {
  return import.meta.url.endsWith(".ts")
    ? new URL("../../vendors/data/ecb-eurofxref-1y.csv", import.meta.url)
    : new URL("./data/ecb-eurofxref-1y.csv", import.meta.url);
}

/** Whoever reads it sees the old content or the new, also after a crash. */
async function writeWhole(path: string, content: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (problem) {
    await rm(draft, { force: true }).catch(() => {}); // the first problem is the one to tell
    throw problem;
  }
}

// -------------------------------------------------------------------------------------------------------------- asking

async function fetched(address: string, closing: AbortSignal): Promise<string> {
  const signal = AbortSignal.any([closing, AbortSignal.timeout(ANSWER_MS_MAX)]);
  let url = new URL(address);
  for (let redirects = 0; ; redirects += 1) {
    const answer = await fetch(url, {
      headers: { accept: "application/xml, text/xml", "user-agent": "Keybrake" },
      redirect: "manual",
      signal,
    });
    if (answer.status === 200) return readText(answer);
    await answer.body?.cancel();
    const location = answer.headers.get("location");
    if (answer.status < 300 || answer.status > 399 || location === null)
      throw new FeedProblem(`${url.host} answers ${answer.status}.`);
    if (redirects === REDIRECTS_MAX) throw new FeedProblem(`${url.host} redirects for ever.`);
    if (!URL.canParse(location, url.href)) throw new FeedProblem(`${url.host} redirects to what is no address.`);
    url = new URL(location, url.href);
    // On the way of plain http anybody could write the rates.
    if (url.protocol !== "https:")
      throw new FeedProblem(`It redirects to ${url.protocol}//${url.host}, which is not https.`);
  }
}

async function readText(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) throw new FeedProblem(`The answer is longer than ${ANSWER_BYTES_MAX} bytes.`);
    chunks.push(chunk);
  }
  return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
}

class FeedProblem extends Error {}

function sentenceOf(problem: unknown): string {
  if (problem instanceof FeedProblem) return problem.message;
  if (problem instanceof Fault) return noteOf(problem);
  if (!(problem instanceof Error)) return String(problem);
  if (problem.name === "TimeoutError") return `No answer within ${ANSWER_MS_MAX / 1000} seconds.`;
  const code = problem.cause instanceof Error && "code" in problem.cause ? ` (${String(problem.cause.code)})` : "";
  return `${problem.message}${code}.`;
}

function noteOf(problem: unknown): string {
  return problem instanceof Fault && problem.note !== undefined ? `${problem.note}.` : String(problem);
}
