/**
 * stripe-python as it is, through Keybrake: by both of its front doors, awaited too, over each HTTP client that it can use. What
 * holds for it is what holds for every SDK (support/sdk-checks.ts); only how an act is done differs (support/sdk_session.py).
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startStripeSandbox, type StripeSandbox } from "@keybrake/sandbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pythonWithPackages } from "../tools/python.ts";
import { startCuttingLine, type CuttingLine } from "./support/cutting-line.ts";
import { issueKey, type Json } from "./support/keybrake.ts";
import {
  expectedOf,
  FINAL_CODES,
  PROVOKED,
  RENDERED_CALL_ID,
  startRefuser,
  type Refuser,
  type Said,
} from "./support/refusals.ts";
import {
  ACCOUNT,
  checkAskedAgain,
  checkBooks,
  checkLostOnTheNearSide,
  checkNeverTwice,
  checkRaisedOnce,
  checkRetriedSafely,
  checkSame,
  MISFORTUNES,
  SAME_VENDOR,
  type Caller,
  type Session,
  type Step,
} from "./support/sdk-checks.ts";
import { startWorld, type World } from "./support/vendor.ts";
import { withoutChance } from "./support/wire.ts";

const PROGRAM = join(import.meta.dirname, "support", "sdk_session.py");

interface Python extends AsyncDisposable {
  /** One order, one answer, in turn. */
  ask<Answer>(order: Json): Promise<Answer>;
}

async function startPython(home: string): Promise<Python> {
  const child = spawn(await pythonWithPackages(), [PROGRAM], {
    env: { PATH: process.env["PATH"], HOME: home, PYTHONUTF8: "1", PYTHONDONTWRITEBYTECODE: "1" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const waiting: { answer(line: string): void; fail(problem: Error): void }[] = [];
  createInterface({ input: child.stdout }).on("line", (text) => waiting.shift()?.answer(text));
  child.once("exit", (code) => {
    for (const each of waiting) each.fail(new Error(`Python ended with ${code}; what it said is above.`));
  });
  return {
    async ask<Answer>(order: Json) {
      const answered = new Promise<string>((answer, fail) => waiting.push({ answer, fail }));
      child.stdin.write(`${JSON.stringify(order)}\n`);
      return JSON.parse(await answered) as Answer;
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

let world: World;
let python: Python;
let refuser: Refuser;
let line: CuttingLine;
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "keybrake-sdk-python-"));
  [world, refuser, python] = await Promise.all([startWorld(SAME_VENDOR), startRefuser(), startPython(home)]);
  line = await startCuttingLine(world.keybrake.port);
});
afterAll(async () => {
  await python[Symbol.asyncDispose]();
  await line[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
  await refuser[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

describe("the same session, with and without Keybrake", () => {
  let direct: StripeSandbox;
  beforeAll(async () => {
    direct = await startStripeSandbox(SAME_VENDOR);
  });
  afterAll(async () => {
    await direct.close();
  });

  async function session(how: string, base: string, key: string, sandbox: StripeSandbox): Promise<Session> {
    sandbox.reset();
    const { steps } = await python.ask<{ steps: Step[] }>({ do: "session", how, base, key, retries: null });
    return { steps: JSON.parse(withoutChance(JSON.stringify(steps))) as Step[], received: sandbox.journal() };
  }

  test.each([
    ["module", "stripe.api_base, over requests"],
    ["module+urllib", "stripe.api_base, over urllib"],
    ["module+httpx", "stripe.api_base, over httpx"],
    ["client", "StripeClient with base_addresses, over requests"],
    ["client+httpx", "StripeClient with base_addresses, over httpx"],
    ["async", "StripeClient awaited, over httpx"],
  ])("%s: the vendor receives the same bytes and the program the same answers (%s)", async (how) => {
    const key = await issueKey(world.keybrake, { total_usd_cap: 100_000, accounts: [ACCOUNT] });
    const plain = await session(how, direct.url, direct.secretKey, direct);
    const through = await session(how, key.base_url, key.vault_key, world.sandbox);
    checkSame(plain, through);
    await checkBooks(world, key.key_id, through);

    // It was worth comparing: pages, expansions, replays and errors were in it.
    const lines = plain.received.map((request) => `${request.method} ${request.path}`);
    expect(lines.filter((each) => each.includes("starting_after")).length).toBeGreaterThanOrEqual(4);
    expect(lines.filter((each) => each.includes("page=")).length).toBeGreaterThanOrEqual(2);
    const answers = new Map(plain.steps);
    expect(answers.get("402")).toMatchObject({ error: "CardError", status: 402, code: "card_declined" });
    expect(answers.get("404")).toMatchObject({ error: "InvalidRequestError", status: 404, code: "resource_missing" });
    expect(answers.get("400")).toMatchObject({ status: 400, code: "amount_too_small" });
    expect(answers.get("the key of another call")).toMatchObject({ error: "IdempotencyError", status: 400 });
    expect(answers.get("increment")).toMatchObject({ answer: { amount: 4500, amount_capturable: 4500 } });
    expect(answers.get("and again")).toEqual(answers.get("once"));
  });
});

function callerOf(how: string, retries: number | null, on: () => Python = () => python): Caller {
  return async ({ keybrake }, key, act, { idempotencyKey, port = keybrake.port } = {}) => {
    const base = `http://127.0.0.1:${port}/stripe`;
    const order = { do: act, how, base, key, retries, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) };
    return (await on().ask<{ said: Said | null }>(order)).said;
  };
}

/**
 * How often the SDK asks again by itself; and whether all is tried that waits for retries: there is one code for them behind all of
 * its doors.
 */
const SETTINGS = [
  ["the module, with the SDK's own retries", "module", null, 2, true],
  ["the module, with max_network_retries 3", "module", 3, 3, false],
  ["StripeClient, with the SDK's own retries: none", "client+httpx", null, 0, false],
  ["StripeClient awaited, with max_network_retries 3", "async", 3, 3, true],
] as const;

describe.each(SETTINGS)("%s", (_what, how, setting, retries, thorough) => {
  const caller = callerOf(how, setting);

  test.each(PROVOKED.map((each) => [each.what, each.code, each] as const))(
    "%s is raised once, as %s",
    (_case, _code, provoked) => checkRaisedOnce(world, provoked, caller),
  );

  test.each(FINAL_CODES)("%s, as the vendor's form renders it, is asked once", async (code) => {
    const asked = refuser.says(code);
    const order = { do: "charge $10", how, base: refuser.url, key: "kbtest", retries: setting };
    const { said } = await python.ask<{ said: Said | null }>(order);
    expect(said).toMatchObject({ ...expectedOf(code), requestId: RENDERED_CALL_ID });
    expect(asked.count()).toBe(1);
  });

  if (!thorough) return;

  test.each(MISFORTUNES.map((each) => [each.what, each] as const))(
    "%s: one call never charges twice",
    (_case, misfortune) => checkNeverTwice(world, misfortune, caller),
  );

  test("an answer that got lost is learned under the same idempotency key, without paying again", () =>
    checkAskedAgain(world, caller, `asked again, ${how}, ${retries}`));

  test("an answer lost between Keybrake and the SDK is replayed to its retry, at no cost", () =>
    checkLostOnTheNearSide(world, line, caller));
});

describe("a vendor that is not there", () => {
  test.concurrent.each(SETTINGS.filter(([, , , retries, thorough]) => thorough || retries === 0))(
    "%s: each attempt is refused as safe, and the first one after it is back pays once",
    async (_what, how, setting, retries) => {
      await using own = await startPython(home);
      await using lonely = await startWorld();
      await checkRetriedSafely(
        lonely,
        callerOf(how, setting, () => own),
        retries,
      );
    },
  );
});
