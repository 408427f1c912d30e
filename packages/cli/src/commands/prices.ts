/** `keybrake prices`: what a unit costs and where that is from, and how a request would be priced and why. */
import type { CurrencyRateAnswer, ListedPriceAnswer, PriceListAnswer, RefreshedPricesAnswer } from "@keybrake/client";
import type { Command } from "commander";
import { connect } from "../connection.ts";
import { EXAMPLE_EXPLAINED } from "../example-request.ts";
import { askDryRun, explanation, type ExplainOptions } from "../explain.ts";
import { again } from "../invocation.ts";
import { dollars, json, paint, remark, say, shown, table, warn, type Column } from "../terminal.ts";

interface ShowOptions {
  readonly vendor?: string;
  readonly json?: boolean;
}

const PRICE_COLUMNS: readonly Column<ListedPriceAnswer>[] = [
  { title: "VENDOR", value: (each) => each.vendor },
  { title: "OPERATION", value: (each) => each.operation, narrow: "cut" },
  { title: "UNIT", value: (each) => each.unit, narrow: "cut" },
  { title: "FOR", value: (each) => (each.qualifier === "*" ? "all others" : each.qualifier) },
  { title: "PRICE", value: (each) => (each.usd === null ? "none" : dollars(each.usd)), align: "right" },
  { title: "FROM", value: (each) => each.from },
  { title: "AS OF", value: (each) => (each.too_old ? { text: `${each.as_of} (too old)`, style: "red" } : each.as_of) },
  { title: "SOURCE", value: (each) => each.source, narrow: "left out" },
];

const RATE_COLUMNS: readonly Column<CurrencyRateAnswer>[] = [
  { title: "CURRENCY", value: (each) => each.currency },
  { title: "USD FOR ONE", value: (each) => each.usd_per_unit, align: "right" },
  {
    title: "HELD AT WORST",
    value: (each) => each.worst_case_usd_per_unit ?? { text: "not priced", style: "red" },
    align: "right",
  },
  { title: "DECIMALS", value: (each) => String(each.minor_units), align: "right", narrow: "left out" },
];

const RATES_FROM: Readonly<Record<PriceListAnswer["rates"]["from"], string>> = {
  file: "KEYBRAKE_RATES_FILE",
  feed: "the feed",
  built_in: "this version of Keybrake",
};

export function pricesCommand(program: Command): void {
  const prices = program
    .command("prices")
    .description("what a unit costs, where that is from, and what a request costs");

  prices
    .command("show")
    .description("prices from files and built-in cards, and exchange rates, with their dates and sources")
    .option("--vendor <vendor>", "only this vendor's prices")
    .option("--json", "the answer as JSON")
    .action(async (options: ShowOptions) => {
      const answer = await connect().listPrices({ vendor: options.vendor });
      if (options.json === true) return say(json(answer));
      if (answer.data.length > 0) say(table(PRICE_COLUMNS, answer.data));
      else remark("There are no prices by the unit here; see KEYBRAKE_PRICES_DIR.");
      if (options.vendor === undefined) showRates(answer);
    });

  prices
    .command("refresh")
    .description("read the price files again, forget vendors' own prices, ask the feed of exchange rates")
    .option("--json", "the answer as JSON")
    .action(async (options: { json?: boolean }) => {
      const answer = await connect().refreshPrices();
      if (options.json === true) return say(json(answer));
      say(`price files       ${answer.prices_files} read`);
      say(`vendors' prices   ${answer.live_prices_forgotten} forgotten, asked for again when a call needs them`);
      say(`exchange rates    ${shown(feedWords(answer))}`);
      if (answer.rates.too_old) warn(TOO_OLD);
    });

  prices
    .command("explain")
    .description("how a request would be priced and why, and what its budgets say; nothing is held or sent on")
    .argument("<method>", "GET, POST, ...")
    .argument("<path>", "as the vendor has it; {account_sid} stands for the key's account")
    .option("-d, --data <name=value...>", "a form parameter as it is, it is encoded for you", collect, [])
    .option("--json <text>", "a JSON body, or @file")
    .option("-H, --header <name: value...>", "a header", collect, [])
    .option("--key <vault key>", "better in KEYBRAKE_VAULT_KEY, which no list of processes shows")
    .option("--raw", "the gateway's answer as JSON")
    .addHelpText("after", `\nFor example:\n  ${again(`prices explain ${EXAMPLE_EXPLAINED}`)}`)
    .action(async (method: string, path: string, options: ExplainOptions & { readonly raw?: boolean }) => {
      const { key, answer } = await askDryRun(method, path, options);
      if (options.raw === true) return say(json(answer));
      for (const line of explanation(method, key, answer)) say(shown(line));
    });
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

const TOO_OLD =
  "The exchange rates are too old: money in other currencies than usd is refused. See KEYBRAKE_RATES_FEED and KEYBRAKE_RATES_FILE.";

function showRates({ rates }: PriceListAnswer): void {
  say();
  say(table(RATE_COLUMNS, rates.currencies));
  say();
  const asked = rates.fetched_at === null ? "" : `; the feed was last read at ${rates.fetched_at}`;
  say(
    `${paint("dim", "rates")} ${shown(`${rates.source}, of ${rates.as_of}, from ${RATES_FROM[rates.from]}${asked}`)}`,
  );
  if (rates.too_old) warn(TOO_OLD);
}

function feedWords({ rates }: RefreshedPricesAnswer): string {
  const { as_of: asOf, feed, why } = rates;
  switch (feed) {
    case "off":
      return `of ${asOf}, from ${RATES_FROM[rates.from]}; no feed is asked`;
    case "updated":
      return `now of ${asOf}`;
    case "unchanged":
      return `of ${asOf}; the feed has nothing newer`;
    case "failed":
      return `of ${asOf}; the feed failed: ${why ?? "nobody knows why"}`;
  }
}
