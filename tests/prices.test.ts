/**
 * Prices and rates as operators meet them: files, a feed and their refresh through the front door, and what the command line says of
 * them. The feed is a server of the test's own.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  ADMIN_API_KEY,
  issueKey,
  startKeybrake,
  temporaryDirectory,
  type Json,
  type KeybrakeProcess,
} from "./support/keybrake.ts";

const CLI = join(import.meta.dirname, "..", "packages", "cli", "src", "main.ts");
const DAY_MS = 86_400_000;
const TODAY = new Date().toISOString().slice(0, 10);

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function keybrake(
  url: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { PATH: process.env["PATH"], KEYBRAKE_URL: url, KEYBRAKE_API_KEY: ADMIN_API_KEY, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out, err };
}

function mailsAt(usd: string, more: object = {}): string {
  const prices = { "emails.send": { email: usd } };
  return JSON.stringify({ source: "our order form", as_of: TODAY, prices, ...more });
}

const MAIL = JSON.stringify({ from: "a@example.com", to: ["b@example.com", "c@example.com"], subject: "s", text: "t" });

/** What the mail to two would be held at, or the code that refuses it. */
async function heldFor(server: KeybrakeProcess): Promise<unknown> {
  const key = await issueKey(server, { vendor: "resend" });
  const answer = await fetch(`${server.url}/resend/emails`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${key.vault_key}`,
      "content-type": "application/json",
      "keybrake-dry-run": "true",
    },
    body: MAIL,
  });
  const { estimate_usd: estimate, refusal } = (await answer.json()) as Json & { refusal: { code: string } | null };
  return refusal === null ? estimate : refusal.code;
}

/** A rates file whose newest day is so many days ago. */
async function ratesFile(directory: string, daysAgo: number): Promise<string> {
  const file = join(directory, "rates.csv");
  const rows = Array.from({ length: 90 }, (_, index) => {
    const date = new Date(Date.now() - (daysAgo + index) * DAY_MS).toISOString().slice(0, 10);
    return `${date},1.1,170`;
  });
  await writeFile(file, `Date,USD,JPY\n${rows.join("\n")}\n`);
  return file;
}

/** A server with a price file for mails, one for what Twilio's own list does not say, and rates of yesterday. */
async function withPrices(text: string, work: (server: KeybrakeProcess, file: string) => Promise<void>): Promise<void> {
  await using directory = await temporaryDirectory();
  const prices = join(directory.path, "prices");
  const file = join(prices, "resend.json");
  await mkdir(prices);
  await writeFile(file, text);
  const fees = { "messages.create": { carrier_fee_segment: { US: "0.0062" } } };
  await writeFile(join(prices, "twilio.json"), JSON.stringify({ source: "fees", as_of: TODAY, prices: fees }));
  const server = await startKeybrake({
    dataDirectory: join(directory.path, "data"),
    environment: {
      KEYBRAKE_PRICES_DIR: prices,
      KEYBRAKE_SANDBOX: "on",
      KEYBRAKE_RATES_FILE: await ratesFile(directory.path, 1),
    },
  });
  try {
    await work(server, file);
  } finally {
    await server.stop();
  }
}

describe("a price file", () => {
  test("wins over the built-in card, is read again on refresh, and a bad one changes nothing", async () => {
    await withPrices(mailsAt("0.0123"), async (server, file) => {
      expect(await heldFor(server)).toBe("0.0246");
      await writeFile(file, mailsAt("0.02"));
      expect(await heldFor(server)).toBe("0.0246");
      const { out } = await keybrake(server.url, ["prices", "refresh"]);
      expect(out).toMatch(/^price files\s+2 read$/m);
      expect(await heldFor(server)).toBe("0.04");

      await writeFile(file, mailsAt("free"));
      const bad = await keybrake(server.url, ["prices", "refresh"]);
      expect([bad.code, bad.err]).toEqual([1, expect.stringMatching(/Nothing was changed.*resend\.json: prices\[/)]);
      expect(await heldFor(server)).toBe("0.04");
    });
  });

  test("that has grown too old refuses what it priced, and no card takes its place", async () => {
    const written = mailsAt("0.0123", { as_of: "2026-01-01", valid_days: 1 });
    await withPrices(written, async (server) => {
      expect(await heldFor(server)).toBe("price_unknown");
      expect(server.stderr()).toContain("resend.json: The price is of 2026-01-01 and holds for 1 days.");
      const { body } = await server.api<{ data: Json[] }>("GET", "/vault/prices?vendor=resend");
      expect(body.data[0]).toMatchObject({ from: "file", operation: "emails.send", too_old: true });
      expect((await keybrake(server.url, ["prices", "show"])).out).toContain("2026-01-01 (too old)");
    });
  });
});

describe("keybrake prices", () => {
  test("show has every price and currency with its date and source", async () => {
    await withPrices(mailsAt("0.0123"), async (server) => {
      const { code, out } = await keybrake(server.url, ["prices", "show"]);
      expect(code).toBe(0);
      expect(out).toMatch(
        new RegExp(`^resend +emails\\.send +email +all others +\\$0\\.0123 +file +${TODAY} +our order form$`, "m"),
      );
      expect(out).toMatch(
        /^resend +emails\.send +email +all others +\$0\.0009 +card +2026-11-23 +https:\/\/resend\.com/m,
      );
      expect(out).toMatch(/^jpy +0\.00\d+ +.* 0$/m);
      expect(out).toContain("European Central Bank");
      const one = await keybrake(server.url, ["prices", "show", "--vendor", "twilio", "--json"]);
      const { data } = JSON.parse(one.out) as { data: Json[] };
      expect(new Set(data.map((each) => each["vendor"]))).toEqual(new Set(["twilio"]));
      const unknown = await keybrake(server.url, ["prices", "show", "--vendor", "resent"]);
      expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining("resend")]);
    });
  });

  test("explain says how a request would be priced and why, holds nothing and sends nothing on", async () => {
    await withPrices(mailsAt("0.0123"), async (server) => {
      const key = await issueKey(server, { vendor: "resend", total_usd_cap: 0.02 });
      const asked = ["prices", "explain", "post", "/emails", "--json", MAIL];
      const { code, out } = await keybrake(server.url, asked, { KEYBRAKE_VAULT_KEY: key.vault_key });
      expect(code).toBe(0);
      expect(out).toContain("This is emails.send of resend, able to move money.");
      expect(out).toContain("It can move at most $0.0246, billed by the vendor for usage.");
      expect(out).toContain(`2 x $0.0123, one email each (our order form, ${TODAY}).`);
      expect(out).toContain("total cap of $0.02: $0.00 settled, $0.00 held, $0.02 left; too little.");
      expect(out).toContain("It would be refused: spend_cap_exceeded: ");
      expect((await server.api<{ data: Json[] }>("GET", "/audit/calls")).body.data).toEqual([]);

      const raw = await keybrake(server.url, [...asked, "--raw", "--key", key.vault_key]);
      expect(JSON.parse(raw.out)).toMatchObject({ operation: "emails.send", estimate_usd: "0.0246" });
    });
  });

  test("explain fills in the account, keeps the plus of a number, and says which price was used", async () => {
    await withPrices(mailsAt("0.0123"), async (server) => {
      const key = await issueKey(server, { vendor: "twilio" });
      const explain = async (to: string): Promise<string> => {
        const path = "/twilio/2010-04-01/Accounts/{account_sid}/Messages.json";
        const fields = ["-d", `To=${to}`, "-d", "From=+14155550000", "-d", "Body=hello & goodbye"];
        const ran = await keybrake(server.url, ["prices", "explain", "POST", path, ...fields], {
          KEYBRAKE_VAULT_KEY: key.vault_key,
        });
        expect(ran.err).toBe("");
        return ran.out;
      };
      const priced = await explain("+14155551234");
      expect(priced).toMatch(/1 segment \(GSM-7\).*United States at \$0\.00\d+ by Twilio's price list/);
      expect(priced).toContain(`1 carrier fee at $0.0062 by the price file of ${TODAY}`);
      expect(priced).toContain("It would be forwarded.");
      expect(await explain("+8613912345678")).toMatch(/It would be refused: price_unknown: .*KEYBRAKE_PRICES_DIR/);
    });
  });

  test("explain counts other currencies at a dated rate, and refuses those that it does not know", async () => {
    await withPrices(mailsAt("0.0123"), async (server) => {
      const key = await issueKey(server);
      const explain = (currency: string): Promise<Ran> =>
        keybrake(
          server.url,
          ["prices", "explain", "POST", "/v1/payment_intents", "-d", "amount=1000", "-d", `currency=${currency}`],
          { KEYBRAKE_VAULT_KEY: key.vault_key },
        );
      expect((await explain("eur")).out).toMatch(
        /It can move at most \$11\.00, collected from customers\.[\s\S]*The request says 1000 in eur minor units[\s\S]*20\d\d-\d\d-\d\d/,
      );
      expect((await explain("xyz")).out).toContain("It would be refused: currency_unpriced: ");
    });
  });

  test("explain says what is missing or wrong", async () => {
    await withPrices(mailsAt("0.0123"), async (server) => {
      const key = await issueKey(server, { vendor: "resend" });
      const wrong = async (...args: readonly string[]): Promise<string> => {
        const { code, err } = await keybrake(server.url, ["prices", "explain", ...args]);
        expect(code).toBeGreaterThan(0);
        expect(err).not.toContain("    at ");
        return err;
      };
      expect(await wrong("POST", "/emails")).toContain("KEYBRAKE_VAULT_KEY");
      expect(await wrong("/emails", "POST", "--key", key.vault_key)).toContain("method comes first");
      expect(await wrong("GET", "/emails", "-d", "a=b", "--key", key.vault_key)).toContain("has no body");
      const stranger = await wrong("POST", "/emails", "--key", "kblivenobody");
      expect(stranger).toContain("--key or KEYBRAKE_VAULT_KEY");
      expect(stranger).not.toContain("API key came from");
    });
  });
});

describe("keybrake operations", () => {
  test("lists, filters and searches, for people and for programs", async () => {
    await withPrices(mailsAt("0.0123"), async ({ url }) => {
      const money = await keybrake(url, ["operations", "--vendor", "resend", "--class", "money"]);
      expect(money.out).toMatch(/^resend +emails\.send +money +usage +POST +\/emails /m);
      expect(money.err).toMatch(/^\d+ operations: \d+ money\.$/m);
      const found = await keybrake(url, ["operations", "--search", "payment_intents CAPTURE", "--json"]);
      expect(JSON.parse(found.out)).toMatchObject([{ vendor: "stripe", operation: "payment_intents.capture" }]);
      const none = await keybrake(url, ["operations", "--search", "there is none"]);
      expect([none.code, none.out, none.err]).toEqual([0, "", "No operations match.\n"]);
      const wrong = await keybrake(url, ["operations", "--class", "dear"]);
      expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining("class")]);
    });
  });
});

describe("the feed of exchange rates", () => {
  test("is used from the start on, survives a restart without it, and is refused when it jumps", async () => {
    const csv = await readFile(
      join(import.meta.dirname, "..", "packages", "vendors", "data", "ecb-eurofxref-1y.csv"),
      "utf8",
    );
    const [head = [], newest = []] = csv.split("\n").map((line) => line.trim().split(","));
    let factor = 1;
    const day = (): string => {
      const rates = head.slice(1).map((code, index) => {
        const rate = code === "JPY" ? Number(newest[index + 1]) * factor : newest[index + 1];
        return `<Cube currency="${code}" rate="${rate}"/>`;
      });
      return `<Cube time="${TODAY}">${rates.join("")}</Cube>`;
    };
    const feed = createServer((_request, response) => {
      response.end(`<gesmes:Envelope xmlns:gesmes="a"><Cube>${day()}</Cube></gesmes:Envelope>`);
    });
    await new Promise<void>((resolve) => feed.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(feed.address() as AddressInfo).port}/`;
    await using directory = await temporaryDirectory();
    const start = (): Promise<KeybrakeProcess> =>
      startKeybrake({ dataDirectory: directory.path, environment: { KEYBRAKE_RATES_FEED: address } });
    const rates = async (server: KeybrakeProcess): Promise<Json> =>
      (await server.api<{ rates: Json }>("GET", "/vault/prices")).body.rates;

    // Two days that have no trade between them would make the jump look like one that took two months.
    factor = 2;
    const doubtful = await start();
    const refused = await keybrake(doubtful.url, ["prices", "refresh"]);
    expect([refused.code, refused.out]).toEqual([0, expect.stringMatching(/the feed failed: jpy would have moved/)]);
    expect(doubtful.stderr()).toContain("rates_feed_failed");
    expect(await rates(doubtful)).toMatchObject({ as_of: newest[0], from: "built_in" });
    await doubtful.stop();

    factor = 1;
    const first = await start();
    await expect.poll(() => rates(first)).toMatchObject({ as_of: TODAY, from: "feed", too_old: false });
    expect((await keybrake(first.url, ["prices", "refresh"])).out).toContain("the feed has nothing newer");
    await first.stop();
    await new Promise((resolve) => feed.close(resolve));

    const second = await start();
    expect(await rates(second)).toMatchObject({ as_of: TODAY, from: "feed", fetched_at: null });
    const failed = await keybrake(second.url, ["prices", "refresh"]);
    expect([failed.code, failed.out]).toEqual([0, expect.stringMatching(/the feed failed: .*ECONNREFUSED/)]);
    await second.stop();
  });
});

test("rates that are too old refuse other currencies than dollars, and say so wherever one looks", async () => {
  await using directory = await temporaryDirectory();
  const file = await ratesFile(directory.path, 70);
  const server = await startKeybrake({
    dataDirectory: join(directory.path, "data"),
    environment: { KEYBRAKE_RATES_FILE: file, KEYBRAKE_SANDBOX: "on" },
  });
  try {
    const key = await issueKey(server);
    const explain = (currency: string): Promise<Ran> =>
      keybrake(
        server.url,
        ["prices", "explain", "POST", "/v1/payment_intents", "-d", "amount=1000", "-d", `currency=${currency}`],
        { KEYBRAKE_VAULT_KEY: key.vault_key },
      );
    expect((await explain("eur")).out).toMatch(/It would be refused: currency_unpriced: .*more than 60 days old/);
    expect((await explain("usd")).out).toContain("It would be forwarded.");
    const shown = await keybrake(server.url, ["prices", "show"]);
    expect(shown.err).toContain("too old");
    expect(shown.out).toMatch(/^eur +1\.1 +not priced +2$/m);
  } finally {
    await server.stop();
  }
});

test.each([
  ["a directory that is not there", { KEYBRAKE_PRICES_DIR: "/nowhere/prices" }, "KEYBRAKE_PRICES_DIR names /nowhere"],
  ["a feed that is none", { KEYBRAKE_RATES_FEED: "yes" }, "KEYBRAKE_RATES_FEED must be ecb, off"],
])("a start with %s is refused with a sentence", async (_what, environment, says) => {
  await using directory = await temporaryDirectory();
  const { code, err } = await keybrake("http://127.0.0.1:9", ["serve"], {
    KEYBRAKE_PORT: "0",
    KEYBRAKE_DATA_DIR: directory.path,
    KEYBRAKE_RATES_FEED: "off",
    ...environment,
  });
  expect(code).toBeGreaterThan(0);
  expect(err).toContain(says);
  expect(err).not.toContain("    at ");
});
