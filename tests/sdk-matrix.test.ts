/**
 * The official SDKs of all three vendors, in four languages and unmodified, through a running Keybrake: what a program sees of a success,
 * a list of several pages, the vendor's own errors, Keybrake's refusals, and answers that do not come; how often the SDK asked; and that
 * the vendor received what it receives without Keybrake, byte for byte, but for the documented list. Prints the matrix at the end.
 */
import { readFile } from "node:fs/promises";
import { headerOf } from "@keybrake/sandbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  DRIVEN,
  startDriver,
  type Driver,
  type DriverResult,
  type DrivenVendor,
  type Instruction,
  type Language,
} from "./support/drivers.ts";
import { CASES, casesOf, LANGUAGES, MORE, type Case } from "./support/matrix-cases.ts";
import {
  booksOf,
  carryOut,
  MATRIX_VENDORS,
  rowsOf,
  startStage,
  withoutLot,
  type Carried,
  type Issued,
  type Stage,
} from "./support/matrix.ts";

/** The first start compiles three SDKs (tools/go.ts, tools/java.ts). */
const BUILD_TIMEOUT_MS = 600_000;

// --------------------------------------------------------------------------------------------------------------- the tests

/** What the matrix shows of one cell. */
interface Shown {
  readonly vendor: DrivenVendor;
  readonly what: string;
  readonly language: Language;
  readonly text: string;
}

const shown: Shown[] = [];

describe.each(LANGUAGES)("%s", (language) => {
  let driver: Driver;
  let stage: Stage;
  beforeAll(async () => {
    driver = await startDriver(language);
    stage = await startStage();
  }, BUILD_TIMEOUT_MS);
  afterAll(async () => {
    // First what is called: a driver may wait for connections that are kept alive for it.
    await stage[Symbol.asyncDispose]();
    await driver[Symbol.asyncDispose]();
  });

  test.each(casesOf(language))("$vendor: $what", async (tried) => {
    const { vendor, scenario, rule, timeout_ms, target, slash } = tried;
    const key = await stage.issue(vendor, tried.key);
    if (tried.revoked) await stage.keybrake.api("DELETE", `/vault/keys/${key.keyId}`);
    const order: Omit<Instruction, "base_url" | "key"> = {
      vendor,
      scenario,
      ...(timeout_ms === undefined ? {} : { timeout_ms }),
      ...(target === undefined ? {} : { target: stage.targets[target] }),
    };
    const { keyId: _keyId, ...access } = key;
    const base_url = slash === true ? `${access.base_url}/` : access.base_url;
    const stopBehind = rule === undefined ? null : stage.behind[vendor].misbehave(rule);
    const stopPlain = rule === undefined ? null : stage.plain[vendor].misbehave(rule);
    stage.tap.clear();
    const through = await carryOut(driver, { ...order, ...access, base_url }, stage.behind[vendor]);
    const plain =
      tried.refusal === undefined
        ? await carryOut(driver, { ...order, ...stage.direct(vendor) }, stage.plain[vendor])
        : null;
    stopBehind?.();
    stopPlain?.();

    const attempts = tried.attempts?.[language] ?? 1;
    checkTold(tried, language, through);
    await checkRows(stage, tried, key, attempts);
    checkReceived(tried, through, plain, attempts);
    checkNothingLeaked(stage, vendor, key, through);
    expect(driver.strayed).toEqual([]);
    checkConnections(stage, tried, language);
    await checkMoney(stage, tried, key, through);
    shown.push({ vendor, what: tried.what, language, text: summary(through, attempts, plain) });
  });
});

/** The SDK's own typed error, or its success. */
function checkTold(tried: Case, language: Language, { result }: Carried): void {
  const expected = tried.told?.[language];
  if (tried.told === undefined) {
    expect(result.error).toBeUndefined();
    expect(result.ok).toBe(true);
    return;
  }
  expect(result.ok).toBe(false);
  const { class: name, code, status, inner } = result.error ?? {};
  expect({ class: name, code, status, ...(inner === undefined ? {} : { inner }) }).toEqual(expected);
  // One SDK shows nothing but the message, so it begins with the word.
  if (tried.refusal !== undefined) expect(result.error?.message).toContain(`${tried.refusal}: `);
  const showsNumbers = tried.vendor !== "resend" || language === "node";
  if (tried.refusal === "spend_cap_exceeded" && showsNumbers)
    expect(result.error?.details).toMatchObject({ limit_usd: String(tried.key?.["total_usd_cap"]), held_usd: "0" });
}

/** One row for each attempt, as what it was. */
async function checkRows(stage: Stage, tried: Case, key: Issued, attempts: number): Promise<void> {
  const rows = await rowsOf(stage, key.keyId);
  expect(rows).toHaveLength(attempts);
  for (const row of rows) {
    expect(row["verdict"]).toBe(tried.refusal === undefined ? "allowed" : "refused");
    expect(row["refusal"]).toBe(tried.refusal ?? null);
  }
}

/** What was refused never reached the vendor; everything else did once for each attempt, and as it does without Keybrake. */
function checkReceived(tried: Case, through: Carried, plain: Carried | null, attempts: number): void {
  expect(through.received).toHaveLength(plain === null ? 0 : attempts);
  if (plain === null) {
    expect(through.lookUps.filter((request) => request.method !== "GET")).toEqual([]);
    return;
  }
  // Without Keybrake an SDK asks again after a lost connection; here it is told that nobody knows.
  const without = tried.answeredHere === true ? plain.received.slice(0, attempts) : plain.received;
  expect(through.received.map(withoutLot)).toEqual(without.map(withoutLot));
  // All attempts of one call have one key, where the SDK makes one up at all.
  const posts = through.received.filter(({ method }) => method === "POST");
  expect(new Set(posts.map((request) => headerOf(request, "idempotency-key"))).size).toBeLessThanOrEqual(1);
  if (tried.answeredHere === true) return;
  const isImpatient = tried.timeout_ms !== undefined;
  expect(saidIn(through.result, isImpatient)).toEqual(saidIn(plain.result, isImpatient));
}

/**
 * What the program is told, without request ids, which run ahead behind Keybrake because look-ups are requests too. How an SDK words its
 * own impatience has its address in it, and differs from call to call.
 */
function saidIn({ ok, value, error }: DriverResult, isImpatient: boolean): unknown {
  const said = isImpatient ? { ok, value, error: { ...error, message: "(any)" } } : { ok, value, error };
  return JSON.parse(JSON.stringify(said).replaceAll(/\breq_\w{14}\b/g, "req_(any)")) as unknown;
}

/** No vault key at the vendor, no credential at the caller. */
function checkNothingLeaked(stage: Stage, vendor: DrivenVendor, key: Issued, { received, lookUps }: Carried): void {
  const secrets = vendor === "twilio" ? [stage.behind.twilio.authToken] : [stage.behind[vendor].secretKey];
  if (vendor === "twilio") secrets.push(Buffer.from(stage.behind.twilio.secretKey).toString("base64"));
  const onTheWire = stage.tap.asked() + stage.tap.answered();
  expect(onTheWire.length).toBeGreaterThan(0);
  for (const secret of secrets) expect(onTheWire.includes(secret)).toBe(false);

  const asked = [key.key, ...(key.account_sid === undefined ? [] : [key.account_sid])];
  if (key.account_sid !== undefined) asked.push(Buffer.from(`${key.account_sid}:${key.key}`).toString("base64"));
  for (const request of [...received, ...lookUps]) {
    const whole = `${request.path}\n${request.rawHeaders.join("\n")}\n${request.body.toString("latin1")}`;
    for (const name of asked) expect(whole.includes(name)).toBe(false);
  }
}

/** An SDK that keeps a connection for the next page can keep it here. resend-python opens one a call, resend-node's fetch now and then. */
function checkConnections({ tap }: Stage, { vendor, scenario }: Case, language: Language): void {
  const opensMore = vendor === "resend" && (language === "python" || language === "node");
  if (scenario === "list" && !opensMore) expect(tap.connections()).toBeLessThanOrEqual(1);
}

/** What is settled or held covers what the vendor took, and is not more than it must be. */
async function checkMoney(stage: Stage, { vendor, money }: Case, key: Issued, through: Carried): Promise<void> {
  const { settled, held } = await booksOf(stage, key.keyId);
  if (money === "nothing") {
    expect({ settled, held }).toEqual({ settled: 0, held: 0 });
    return;
  }
  expect(money === "held" ? settled : held).toBe(0);
  const taken = takenBy(stage, vendor, through);
  if (money === "settled" && vendor !== "twilio") expect(settled).toBeCloseTo(taken, 6);
  else expect(settled + held).toBeGreaterThanOrEqual(taken);
  expect(settled + held).toBeGreaterThan(0);
  expect(settled + held).toBeLessThanOrEqual(AT_MOST_USD[vendor]);
}

/** More than any call of the matrix may hold or settle. */
const AT_MOST_USD: Readonly<Record<DrivenVendor, number>> = { stripe: 10, twilio: 0.1, resend: 0.0027 };
/** Of the built-in card. */
const MAIL_USD = 0.0009;

/** Dollars that these requests moved, by the fake vendor's own books. */
function takenBy({ behind }: Stage, vendor: DrivenVendor, { received }: Carried): number {
  const orders = new Set(received.map((request) => request.order));
  const sum = (amounts: readonly number[]): number => amounts.reduce((all, each) => all + each, 0);
  switch (vendor) {
    case "stripe":
      return sum(
        behind.stripe
          .moneyMoved()
          .charges.filter((charge) => orders.has(charge.order))
          .map((charge) => Number(charge.amountMinor) / 100),
      );
    case "twilio":
      return sum(
        [...orders].flatMap((order) => behind.twilio.billsOf(order)).map((bill) => Number(bill.microUsd) / 1e6),
      );
    case "resend":
      return sum([...orders].map((order) => behind.resend.mailsSentBy(order))) * MAIL_USD;
  }
}

// ---------------------------------------------------------------------------------------------------------------- the table

/** `RateLimitError 1>0`: what was raised, how often Keybrake was asked, how often the vendor; `=` where its bytes were compared. */
function summary({ result, received }: Carried, attempts: number, plain: Carried | null): string {
  return `${result.error?.class ?? "ok"} ${attempts}>${received.length}${plain === null ? "" : " ="}`;
}

/** A table of texts, its columns aligned. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function cellOf({ vendor, what }: Case, language: Language): string {
  if (!DRIVEN[language].includes(vendor)) return "(no base URL)";
  const tried = casesOf(language).some((each) => each.vendor === vendor && each.what === what);
  const found = shown.find((each) => each.vendor === vendor && each.what === what && each.language === language);
  return tried ? (found?.text ?? "FAILED") : "-";
}

function matrix(): string {
  const rows = MATRIX_VENDORS.flatMap((id) => [...CASES, ...MORE].filter(({ vendor }) => vendor === id)).map((each) => [
    each.vendor,
    each.what,
    ...LANGUAGES.map((language) => cellOf(each, language)),
  ]);
  return aligned([["", "", ...LANGUAGES], ...rows]).join("\n");
}

afterAll(() => {
  const legend =
    "what the SDK raised, attempts that reached Keybrake > the vendor, = the same bytes as without Keybrake";
  console.log(`\n${matrix()}\n\n${legend}`);
});

test("docs/sdks.md shows what has just been seen", async () => {
  const page = await readFile(new URL("../docs/sdks.md", import.meta.url), "utf8");
  const block = /^```text\n([\s\S]*?)\n```$/m.exec(page)?.[1];
  expect(block).toBe(matrix());
});
